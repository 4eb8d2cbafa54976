"""A part: what one load put into one table, as it lies in the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class Part:
    """The rows of one load of one table.

    ``file`` is their Parquet file and ``digest`` its sha256. ``key`` is the column that tells rows apart, None where
    the table has none; ``without`` are one-column Parquet files of keys whose rows a later load has taken over.
    ``loaded``: the day of the load by the office's clock.
    """

    file: Path
    digest: str
    key: str | None = None
    without: tuple[Path, ...] = ()
    loaded: date | None = None
