"""Records as Parquet files: the same frame always gives the same bytes, and comes back with the same types."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from hashlib import file_digest
from pathlib import Path
from typing import BinaryIO

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analytics.errors import StoreError
from analytics.store.commits import Load, StoredFile, Void
from analytics.store.counts import DATE_COLUMN
from analytics.store.parts import Part

KEY: Mapping[str, str] = {
    "areas": "area_id",
    "incidents": "incident_id",
    "places": "place_id",
    "checks": "check_id",
    "teams": "team_id",
    "holidays": "day",
    "given_values": "value_id",
    "orders": "order_id",
}
"""The column that tells the rows of a table apart; people have none."""

# Small enough that a question about a few days of a sorted file reads little of it.
_PARQUET = {"compression": "zstd", "row_group_size": 131_072, "write_page_checksum": True}

_ADDED: Mapping[str, Mapping[str, str]] = {"incidents": {"reported_at": "datetime64[us]"}}
"""Columns, and their types, that loads of older programs do not have."""

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


def read_loads(table: str, parts: Iterable[Part], left: Mapping[int, Collection[str]] | None = None) -> pd.DataFrame:
    """The rows of all ``parts``, the oldest first, of which the newest of an id counts; with all columns that any has.

    What the newest row of an area, or of its values of a day, leaves open is taken from the row before: a table of new
    populations takes no area its shape or its name. ``left``: position of a part that is a list of areas → those of
    parts before it that it ends. A GeoDataFrame if one of the files has shapes.
    """
    if table != "areas":
        return _newest_rows(table, parts)
    frames = [read_frame(part.file) for part in parts]
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


def _newest_rows(table: str, parts: Iterable[Part]) -> pd.DataFrame:
    """The rows of several parts of a table without shapes, put together before pandas makes anything of them."""
    tables = [_counting(table, part) for part in parts]
    frame = pa.concat_tables(tables, promote_options="permissive").to_pandas()
    missing = {column: kind for column, kind in _ADDED.get(table, {}).items() if column not in frame}
    frame = frame.assign(**{column: pd.Series(pd.NaT, frame.index, kind) for column, kind in missing.items()})
    if table == "given_values":
        # Another file may hold other indicators of the same areas and days.
        frame = frame.assign(**frame.groupby("value_id", sort=False).ffill())
    if table in KEY:
        again = frame[KEY[table]].duplicated(keep="last")
        frame = frame[~again].reset_index(drop=True) if again.any() else frame
    return frame


def _counting(table: str, part: Part) -> pa.Table:
    """The rows of a part that no later load has taken over and nobody has voided: an older home may know a record by
    the hash of its id, so that the newest row is not told by its id alone. Of the values of a day a newer row may say
    other indicators."""
    rows = _table(part.file)
    for file in part.without if table != "given_values" else ():
        taken = _table(file)[KEY[table]].combine_chunks()
        rows = rows.filter(pc.invert(pc.is_in(rows[KEY[table]], taken)))
    return rows


def _table(file: Path) -> pa.Table:
    # Through an open file no part of the path is taken for a partition or an address.
    with file.open("rb") as opened:
        return pq.read_table(opened, use_threads=False)


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()
