"""Records as Parquet files: the same frame always gives the same bytes, and comes back with the same types."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from hashlib import file_digest
from pathlib import Path
from typing import BinaryIO

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analytics.errors import StoreError
from analytics.store.commits import Load, StoredFile, Void
from analytics.store.counts import DATE_COLUMN

KEY: Mapping[str, str] = {
    "areas": "area_id",
    "incidents": "incident_id",
    "places": "place_id",
    "checks": "check_id",
    "teams": "team_id",
}
"""The column that tells the rows of a table apart; people have none."""

# Small enough that a question about a few days of a sorted file reads little of it.
_PARQUET = {"compression": "zstd", "row_group_size": 131_072, "write_page_checksum": True}

_verified: dict[Path, tuple[int, int, str]] = {}


def write_frame(table: str, frame: pd.DataFrame, out: BinaryIO) -> None:
    """The rows of ``frame`` (as in `Records`), sorted by their main date, people by all they say, so that the same rows
    are the same file; shapes as in GeoParquet."""
    if table == "areas":
        frame = frame.reset_index()
    if table in DATE_COLUMN:
        frame = frame.sort_values(DATE_COLUMN[table], kind="stable")
    elif table not in KEY:
        frame = frame.sort_values(list(frame.columns), kind="stable")
    if isinstance(frame, gpd.GeoDataFrame):
        frame.to_parquet(out, index=False, **_PARQUET)
    else:
        pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), out, **_PARQUET)


def write_ids(column: str, ids: pd.Index, out: BinaryIO) -> None:
    """One column of ids."""
    pq.write_table(pa.table({column: pa.array(ids.sort_values(), pa.large_string())}), out, **_PARQUET)


def held(file: Path, rows: int) -> StoredFile:
    """A file as a commit describes it."""
    return StoredFile(file=file.name, rows=rows, size=file.stat().st_size, sha256=_sha256(file))


def verified(folder: Path, load: Load | Void, described: StoredFile) -> Path:
    """The file, once it was found to be as it was written.

    Raises :class:`StoreError` that names it, and the load to undo, where it is damaged or lost.
    """
    source = load.source if isinstance(load, Load) else load.record
    file = folder / load.table / described.file
    try:
        state = file.stat()
        seen = (state.st_mtime_ns, state.st_size, described.sha256)
        if _verified.get(file) != seen:
            if state.st_size != described.size or _sha256(file) != described.sha256:
                raise StoreError.because("store.load_damaged", file=file.name, number=load.number, source=source)
            _verified[file] = seen
    except FileNotFoundError as error:
        raise StoreError.because("store.load_damaged", file=file.name, number=load.number, source=source) from error
    return file


def read_frame(file: Path, columns: list[str] | None = None) -> pd.DataFrame:
    """The rows of one file, or some columns of them. A GeoDataFrame (EPSG:4326) if shapes are among them."""
    # Through an open file no part of the path is taken for a partition or an address.
    with file.open("rb") as opened:
        if columns is None and b"geo" in (pq.read_schema(opened).metadata or {}):
            opened.seek(0)
            return gpd.read_parquet(opened)
        opened.seek(0)
        return pd.read_parquet(opened, columns=columns)


def read_loads(
    table: str, files: Iterable[Path], left: Mapping[int, Collection[str]] | None = None, *, apart: bool = False
) -> pd.DataFrame:
    """The rows of all ``files``, the oldest first, of which the newest of an id counts; with all columns that any has.

    What the newest row of an area leaves open is taken from the row before: a table of new populations takes no area
    its shape or its name. ``left``: position of a file that is a list of areas → those of files before it that it ends.
    ``apart``: no id is in two of them. A GeoDataFrame if one of the files has shapes.
    """
    files = [*files]
    if table != "areas" and len(files) > 1:
        return _newest_rows(table, files, apart=apart)
    frames = [read_frame(file) for file in files]
    if len(frames) == 1:
        return frames[0]
    for position, gone in (left or {}).items():
        frames[:position] = [one[~one["area_id"].isin(gone)] for one in frames[:position]]
    shaped = any(isinstance(one, gpd.GeoDataFrame) for one in frames)
    frame = pd.concat([pd.DataFrame(one).astype({"geometry": object} if "geometry" in one else {}) for one in frames])
    frame = frame.reset_index(drop=True)
    # An area without a name was given its code as one.
    said = frame.assign(name=frame["name"].mask(frame["name"] == frame["area_id"]))
    frame = frame.assign(**said.groupby("area_id", sort=False).ffill())
    frame["name"] = frame["name"].fillna(frame["area_id"])
    frame = frame.drop_duplicates("area_id", keep="last").reset_index(drop=True)
    return gpd.GeoDataFrame(frame, geometry="geometry", crs="EPSG:4326") if shaped else frame


def _newest_rows(table: str, files: Iterable[Path], *, apart: bool) -> pd.DataFrame:
    """The rows of several files of a table without shapes, put together before pandas makes anything of them."""
    tables = []
    for file in files:
        with file.open("rb") as opened:
            tables.append(pq.read_table(opened, use_threads=False))
    frame = pa.concat_tables(tables, promote_options="permissive").to_pandas()
    if table in KEY and not apart:
        again = frame[KEY[table]].duplicated(keep="last")
        frame = frame[~again].reset_index(drop=True) if again.any() else frame
    return frame


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()
