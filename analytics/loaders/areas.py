"""The areas: every other table is joined to them by area_id."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analytics.errors import LoadError
from analytics.loaders import values
from analytics.loaders.boundaries import boundary_notes, overlaps_and_gaps
from analytics.loaders.cells import code_or_id, level, plain_word, quantity
from analytics.loaders.datums import shapes_to_wgs84
from analytics.loaders.placing import area_key
from analytics.loaders.report import LoadReport
from analytics.loaders.rows import Rows

_MEASURES = ("population", "households", "buildings", "shops")


def load_areas(rows: Rows) -> tuple[pd.DataFrame, LoadReport]:
    """One row an area, indexed by area_id; a GeoDataFrame (EPSG:4326) if any area has a shape.

    Beside the canonical columns every further column whose values are all numbers is kept, as float64.
    Raises ``LoadError`` if there is no area code, no row is accepted, or the shapes are not in degrees and their
    datum does not say how to read metres.
    """
    rows.require("area_id")
    rows.refuse_blank("area_id")
    area_id = code_or_id(rows, "area_id")
    columns = {
        "name": plain_word(rows, "name"),
        "level": level(rows),
        "parent_id": _parents(code_or_id(rows, "parent_id"), area_id),
        **{measure: quantity(rows, measure) for measure in _MEASURES},
        "official_code": code_or_id(rows, "official_code"),
    }
    shapes = _shapes(rows)
    rows.refuse_repeated(area_id, "area_id", "loading.area_repeated", code=area_id)
    given = _given(rows, taken={"area_id", "geometry", *columns})
    accepted = rows.accepted(pd.DataFrame({"area_id": area_id, **columns, **given}))
    _note_gaps(rows, accepted)
    named = accepted.assign(name=accepted["name"].fillna(accepted["area_id"]))
    return _with_shapes(rows, named, shapes).set_index("area_id"), rows.report()


def _parents(parent_id: pd.Series, area_id: pd.Series) -> pd.Series:
    """The codes of the parents, written as the parents themselves write them."""
    keys = {area_key(code): code for code in area_id.dropna()}
    return values.texts_by_value(parent_id, lambda text: keys.get(area_key(text), text))


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
            rows.note("loading.column_of_numbers", header=header, place=rows.place(unread[rows.good].idxmax()))
    return found


def _note_gaps(rows: Rows, accepted: pd.DataFrame) -> None:
    if not rows.has("name"):
        rows.note("loading.names_missing")
    orphans = accepted["parent_id"].notna() & ~accepted["parent_id"].isin(accepted["area_id"])
    if orphans.any():
        rows.note("loading.parents_missing", n=int(orphans.sum()))


def _shapes(rows: Rows) -> pd.Series | None:
    """The shapes in degrees of WGS-84, by row; a row whose shape cannot be placed is refused."""
    written = rows.sheet.shapes
    if written is None or written.isna().all():
        return None
    west, south, east, north = shapely.total_bounds(written.to_numpy())
    if rows.reading.datum != "CGCS2000" and (west < -180 or east > 180 or south < -90 or north > 90):
        raise LoadError.because("loading.not_degrees", file=rows.sheet.file)
    shapes = shapes_to_wgs84(written, rows.reading.datum)
    rows.refuse(shapes.isna() & written.notna(), None, "loading.shape_not_placed")
    # What was valid on one datum may touch itself by a rounding on another.
    broken = shapes.notna() & ~shapely.is_valid(shapes.to_numpy())
    if broken.any():
        shapes[broken] = shapely.make_valid(shapes[broken].to_numpy(), method="structure", keep_collapsed=False)
    mended = pd.Series(np.isin(shapes.index, list(rows.sheet.repaired_shapes)), index=shapes.index)
    rows.repair(mended & shapes.notna(), None, "loading.shape_repaired")
    return shapes


def _with_shapes(rows: Rows, accepted: pd.DataFrame, shapes: pd.Series | None) -> pd.DataFrame:
    if shapes is None or shapes.reindex(accepted.index).isna().all():
        rows.note("loading.no_shapes")
        return accepted
    shapes = shapes.reindex(accepted.index)
    if shapes.isna().any():
        rows.note("loading.shapes_missing", n=int(shapes.isna().sum()))
    found = gpd.GeoDataFrame(accepted, geometry=gpd.GeoSeries(shapes, crs="EPSG:4326"))
    for _, of_level in found.groupby("level", dropna=False):
        rows.say(*boundary_notes(overlaps_and_gaps(of_level.set_index("area_id").geometry)))
    return found
