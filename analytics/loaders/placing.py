"""To which area a row belongs: by its area code, by its place, or by its point."""

from __future__ import annotations

import pandas as pd

from analytics.loaders import values
from analytics.loaders.points import area_of_points, finest_shapes
from analytics.loaders.rows import Rows


def area_ids(rows: Rows, areas: pd.DataFrame, places: pd.DataFrame | None = None) -> pd.Series:
    """The area_id of each row; rows that belong to no area of ``areas`` are refused.

    Raises ``LoadError`` if the file has no column that could tell.
    """
    by_place = rows.table == "checks" and rows.has("place_id")
    if not rows.has("lon", "lat") and not by_place:
        rows.require("area_id")
    area_id = rows.cells("area_id")
    refuse_unknown(rows, area_id, "area_id", areas)
    if by_place:
        area_id = area_id.fillna(_area_of_places(rows, area_id.isna(), places))
    if rows.has("lon", "lat"):
        area_id = area_id.fillna(_area_of_points(rows, area_id.isna(), areas))
    rows.refuse(area_id.isna(), "area_id", "loading.no_area")
    return area_id


def refuse_unknown(rows: Rows, area_id: pd.Series, column: str, areas: pd.DataFrame) -> None:
    """Refuse rows whose area is not in ``areas``."""
    rows.refuse(area_id.notna() & ~area_id.isin(areas.index), column, "loading.area_unknown", code=area_id)


def _area_of_places(rows: Rows, wanted: pd.Series, places: pd.DataFrame | None) -> pd.Series:
    place_id = rows.cells("place_id")
    asked = wanted & place_id.notna()
    if places is None:
        rows.refuse(asked, "place_id", "loading.places_needed")
        return pd.Series(None, index=place_id.index, dtype="str")
    found = place_id.map(places.set_index("place_id")["area_id"]).astype("str")
    rows.refuse(asked & found.isna(), "place_id", "loading.place_unknown", code=place_id)
    return found


def _area_of_points(rows: Rows, wanted: pd.Series, areas: pd.DataFrame) -> pd.Series:
    written = rows.cells("lon").notna() & rows.cells("lat").notna()
    lon, lat = (values.numbers(rows.cells(column)) for column in ("lon", "lat"))
    asked = wanted & written
    # Its coordinates would point at a home or an event: no sentence about a point quotes them.
    rows.refuse(asked & ~(lon.between(-180, 180) & lat.between(-90, 90)), "lon", "loading.not_a_position")
    shapes = finest_shapes(areas)
    if shapes.empty:
        rows.refuse(asked, "lon", "loading.areas_without_shapes")
    asked &= rows.good
    found = area_of_points(lon[asked], lat[asked], shapes).reindex(lon.index)
    rows.refuse(asked & found.isna(), "lon", "loading.point_outside")
    return found
