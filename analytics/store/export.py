"""The records as plain files that this product, and any other, can read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

import geopandas as gpd
import pandas as pd

from analytics.store.disk import partial_of, sync_folder, write_new

_MOMENT = "%Y-%m-%d %H:%M:%S"
_DAY = "%Y-%m-%d"
_DAYS = ("as_of", "fix_by", "day", "from_day", "to_day", "since")
_MADE_AT_LOADING = ("value_id",)
_OPENINGS = {
    "areas.geojson": b'{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"area_id": "',
    "areas.csv": "area_id,name,level,parent_id,".encode("utf-8-sig"),
    "residents.csv": "area_id,count,age_band,lives_alone,".encode("utf-8-sig"),
    "incidents.csv": "area_id,incident_id,occurred_at,".encode("utf-8-sig"),
    "places.csv": "area_id,place_id,kind,".encode("utf-8-sig"),
    "checks.csv": "area_id,check_id,place_id,".encode("utf-8-sig"),
    "teams.csv": "team_id,name,department,members,".encode("utf-8-sig"),
    "agreements.csv": "table,column,feed,unit,every_days,".encode("utf-8-sig"),
    "reports.csv": "table,column,feed,area_id,from_day,".encode("utf-8-sig"),
    "orders.csv": "order_id,at_least,area_id,".encode("utf-8-sig"),
    "holidays.csv": "day,working,name".encode("utf-8-sig"),
    "given_values.csv": "area_id,day,".encode("utf-8-sig"),
}
"""How each file that can be written begins: a file of such a name that begins otherwise is somebody else's."""


@dataclass(frozen=True)
class Exported:
    """``files`` that were written, in the order of the tables, and ``removed`` ones, of an earlier export."""

    files: tuple[Path, ...]
    removed: tuple[Path, ...]


def export(tables: Mapping[str, pd.DataFrame], folder: Path) -> Exported:
    """Write each of ``tables`` (as in `Records`) into ``folder``, under the names of the canonical columns and codes.

    ``areas.geojson`` (EPSG:4326), or ``areas.csv`` where no area has a shape; the others as CSV in UTF-8 with a byte
    order mark, as Excel wants it; days as 2026-10-04, times as 2026-10-04 00:00:00, whole numbers without a point.
    When all new files are complete they replace those of an earlier export, of which none stays behind.
    Raises ``OSError`` where the disk refuses.
    """
    folder.mkdir(parents=True, exist_ok=True)
    contents = {folder / _name(table, frame): _content(frame) for table, frame in tables.items()}
    partials = {file: partial_of(file) for file in contents}
    try:
        for file, content in contents.items():
            write_new(partials[file], partial(_put, content))
        for file, unfinished in partials.items():
            unfinished.replace(file)
    finally:
        for unfinished in partials.values():
            unfinished.unlink(missing_ok=True)
    former = tuple(file for file in map(folder.joinpath, _OPENINGS) if file not in contents and _is_own(file))
    for file in former:
        file.unlink()
    sync_folder(folder)
    return Exported(tuple(contents), former)


def _put(content: bytes, out: BinaryIO) -> None:
    out.write(content)


def _is_own(file: Path) -> bool:
    if not file.is_file():
        return False
    opening = _OPENINGS[file.name]
    with file.open("rb") as there:
        return there.read(len(opening)) == opening


def _name(table: str, frame: pd.DataFrame) -> str:
    return f"{table}.geojson" if isinstance(frame, gpd.GeoDataFrame) else f"{table}.csv"


def _content(frame: pd.DataFrame) -> bytes:
    if isinstance(frame, gpd.GeoDataFrame):
        floats = frame.select_dtypes("float")
        whole = {column: "Int64" for column in floats if (floats[column].dropna() % 1 == 0).all()}
        return frame.astype(whole).reset_index().to_json(drop_id=True, ensure_ascii=False).encode()
    named = (frame.reset_index() if frame.index.name else frame).drop(columns=_MADE_AT_LOADING, errors="ignore")
    flags = named.select_dtypes("boolean")
    words = flags.astype("str").apply(lambda column: column.str.lower()).where(flags.notna())
    numbers = named.select_dtypes("float").apply(lambda column: column.map(_number, na_action="ignore").astype("str"))
    moments = named.select_dtypes("datetime")
    days = {column: moments[column].dt.strftime(_DAY) for column in _DAYS if column in moments}
    plain = named.assign(**words, **numbers, **days)
    return plain.to_csv(index=False, lineterminator="\n", date_format=_MOMENT).encode("utf-8-sig")


def _number(value: float) -> str:
    return f"{value:.0f}" if value.is_integer() else repr(value)
