"""From files to clean records, with a report of every row that was refused and why."""

from analytics.loaders.datasets import DatasetInfo, sample_datasets
from analytics.loaders.files import UploadedBytes
from analytics.loaders.load import TABLES, Records, load_records
from analytics.loaders.report import LoadReport, RefusedRow

__all__ = [
    "TABLES",
    "DatasetInfo",
    "LoadReport",
    "Records",
    "RefusedRow",
    "UploadedBytes",
    "load_records",
    "sample_datasets",
]
