"""The areas: every other table is joined to them by area_id."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import pandas as pd

from analytics.loaders import values
from analytics.loaders.cells import code, quantity
from analytics.loaders.files import Sheet
from analytics.loaders.report import LoadReport
from analytics.loaders.rows import Rows

_MEASURES = ("population", "households", "buildings", "shops")


def load_areas(sheet: Sheet, today: date) -> tuple[pd.DataFrame, LoadReport]:
    """One row an area, indexed by area_id; a GeoDataFrame (EPSG:4326) if any area has a shape.

    Beside the canonical columns every further column whose values are all numbers is kept, as float64.
    Raises ``LoadError`` if there is no area code, or no row is accepted.
    """
    rows = Rows("areas", sheet, today)
    rows.require("area_id")
    rows.refuse_blank("area_id")
    area_id = rows.cells("area_id")
    columns = {
        "name": rows.written("name"),
        "level": code(rows, "level"),
        "parent_id": rows.cells("parent_id"),
        **{measure: quantity(rows, measure) for measure in _MEASURES},
        "official_code": rows.cells("official_code"),
    }
    rows.refuse_repeated(area_id, "area_id", "loading.area_repeated", code=area_id)
    given = _given(rows, taken={"area_id", "geometry", *columns})
    accepted = rows.accepted(pd.DataFrame({"area_id": area_id, **columns, **given}))
    _note_gaps(rows, accepted)
    named = accepted.assign(name=accepted["name"].fillna(accepted["area_id"]))
    return _with_shapes(rows, named).set_index("area_id"), rows.report()


def _given(rows: Rows, taken: set[str]) -> dict[str, pd.Series]:
    """Header -> numbers, of the further columns that hold nothing else."""
    found: dict[str, pd.Series] = {}
    for position, cells in rows.others().items():
        header = rows.sheet.headers[position]
        numbers = values.numbers(cells)
        unread = cells.notna() & numbers.isna()
        if header not in taken | found.keys() and numbers[rows.good].notna().any() and not unread[rows.good].any():
            found[header] = numbers
            rows.keep(position)
        elif header not in taken and 0 < unread[rows.good].sum() < numbers[rows.good].notna().sum():
            line = unread[rows.good].idxmax()
            rows.note("loading.column_of_numbers", header=header, line=line)
    return found


def _note_gaps(rows: Rows, accepted: pd.DataFrame) -> None:
    if not rows.has("name"):
        rows.note("loading.names_missing")
    orphans = accepted["parent_id"].notna() & ~accepted["parent_id"].isin(accepted["area_id"])
    if orphans.any():
        rows.note("loading.parents_missing", n=int(orphans.sum()))


def _with_shapes(rows: Rows, accepted: pd.DataFrame) -> pd.DataFrame:
    if rows.sheet.shapes is None:
        rows.note("loading.no_shapes")
        return accepted
    shapes = rows.sheet.shapes.reindex(accepted.index)
    without = int(shapes.isna().sum())
    if without == len(shapes):
        rows.note("loading.no_shapes")
        return accepted
    if without:
        rows.note("loading.shapes_missing", n=without)
    return gpd.GeoDataFrame(accepted, geometry=gpd.GeoSeries(shapes, crs="EPSG:4326"))
