"""In which area a point lies."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

_FINEST_FIRST = ("grid", "community", "street")


def finest(areas: pd.DataFrame) -> pd.DataFrame:
    """The areas of the finest level that occurs; all of them where no level is given."""
    level = next((level for level in _FINEST_FIRST if (areas["level"] == level).any()), None)
    return areas if level is None else areas[areas["level"] == level]


def finest_shapes(areas: pd.DataFrame) -> gpd.GeoSeries:
    """The polygons that points are placed in, sorted by area_id; empty if no area has a shape.

    A community's polygon covers its grids, so only the finest level that has shapes counts.
    """
    if not isinstance(areas, gpd.GeoDataFrame):
        return gpd.GeoSeries(index=areas.index[:0], crs="EPSG:4326")
    return finest(areas[areas.geometry.notna()]).geometry.sort_index()


def area_of_points(lon: pd.Series, lat: pd.Series, shapes: gpd.GeoSeries) -> pd.Series:
    """The area_id of each point (degrees), missing where it lies in none; index of ``lon``.

    A point on a shared edge goes to the smallest area_id (``shapes`` must be sorted): `within` would lose it.
    """
    # The tree holds the points, so that shapely prepares each polygon once for all the points that it meets.
    tree = shapely.STRtree(shapely.points(lon.to_numpy(), lat.to_numpy()))
    polygon, point = tree.query(shapes.to_numpy(), predicate="intersects")
    nowhere = len(shapes)
    smallest = np.full(len(lon), nowhere)
    np.minimum.at(smallest, point, polygon)
    names = np.append(shapes.index.to_numpy(dtype=object), None)
    return pd.Series(names[smallest], index=lon.index, dtype="str")
