"""Which areas lie beside one, by their shapes."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

REACH_DEGREES = 1e-5
"""About a metre: edges drawn twice by hand lie that far apart."""

EDGE_DEGREES = 2e-4
"""About twenty metres: of two areas that share less than that only a corner meets."""


def neighbours(areas: pd.DataFrame, area_id: str) -> list[str]:
    """The areas that share an edge with one, in the order of ``areas``; none where there are no shapes."""
    if not isinstance(areas, gpd.GeoDataFrame):
        return []
    if areas.crs is not None and not areas.crs.is_geographic:
        areas = areas.to_crs(4326)
    shapes = areas.geometry.to_numpy()
    at = areas.index.get_loc(area_id)
    if shapes[at] is None or shapely.is_empty(shapes[at]):
        return []
    near = np.flatnonzero(shapely.dwithin(shapes, shapes[at], REACH_DEGREES))
    near = near[near != at]
    strip = shapely.buffer(shapely.boundary(shapes[at]), REACH_DEGREES)
    shared = shapely.length(shapely.intersection(shapely.boundary(shapes[near]), strip))
    return areas.index[near[shared >= EDGE_DEGREES]].tolist()
