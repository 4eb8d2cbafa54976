"""From files to clean records, with a report of every row that was repaired or refused and why."""

from analytics.loaders.columns import column_label, columns_of, missing_columns, needed_columns
from analytics.loaders.datasets import DatasetInfo, sample_datasets
from analytics.loaders.datums import DATUMS, Datum
from analytics.loaders.files import UploadedBytes
from analytics.loaders.guessing import Guess, guess
from analytics.loaders.ids import IdHash
from analytics.loaders.load import TABLES, Known, Loaded, Records, load_records, load_table
from analytics.loaders.preview import PreviewColumn, preview_columns
from analytics.loaders.private import MASK
from analytics.loaders.report import Feed, LoadReport, PointsFound, RowNote, UnknownWord, Unmatched
from analytics.loaders.rows import Reading

__all__ = [
    "DATUMS",
    "MASK",
    "TABLES",
    "DatasetInfo",
    "Datum",
    "Feed",
    "Guess",
    "IdHash",
    "Known",
    "LoadReport",
    "Loaded",
    "PointsFound",
    "PreviewColumn",
    "Reading",
    "Records",
    "RowNote",
    "UnknownWord",
    "Unmatched",
    "UploadedBytes",
    "column_label",
    "columns_of",
    "guess",
    "load_records",
    "load_table",
    "missing_columns",
    "needed_columns",
    "preview_columns",
    "sample_datasets",
]
