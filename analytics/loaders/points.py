"""In which area a point lies."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

_FINEST_FIRST = ("grid", "community", "street")

# So many points at a time: all of them at once would take more memory than the file.
_BLOCK = 1 << 16

_CELLS_PER_POLYGON = 16
_MOST_CELLS = 2000  # a side
_MARGIN = 1e-6  # of a cell
_ASK = -2


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


def area_of_points(
    lon: np.ndarray, lat: np.ndarray, shapes: gpd.GeoSeries, progress: Callable[[float], None] | None = None
) -> np.ndarray:
    """The position in ``shapes`` of the area of each point (degrees), -1 where it lies in none or is NaN; int32.

    A point on a shared edge goes to the smallest area_id (``shapes`` must be sorted): `within` would lose it.
    """
    polygons = shapes.to_numpy()
    shapely.prepare(polygons)
    cells = _Cells(polygons, len(lon))
    found = np.full(len(lon), -1, dtype=np.int32)
    for start in range(0, len(lon), _BLOCK):
        found[start : start + _BLOCK] = cells.first(lon[start : start + _BLOCK], lat[start : start + _BLOCK])
        if progress:
            progress(min(1.0, (start + _BLOCK) / len(lon)))
    return found


class _Cells:
    """A grid of cells over the polygons, each with the polygons that meet it, so that most points need no geometry.

    ``points``: how many will be asked for; more cells than these are not worth their making.
    """

    def __init__(self, polygons: np.ndarray, points: int) -> None:
        self._polygons = polygons
        self._west, self._south, east, north = shapely.total_bounds(polygons)
        self._side = max(1, min(_MOST_CELLS, int(np.sqrt(min(_CELLS_PER_POLYGON * len(polygons), points)))))
        self._width = (east - self._west) / self._side or 1.0
        self._height = (north - self._south) / self._side or 1.0
        at = np.arange(self._side)
        # A little larger than they are, so that no rounding lets a point slip between two of them.
        west, south = np.meshgrid(self._west + at * self._width, self._south + at * self._height)
        x, y = self._width * _MARGIN, self._height * _MARGIN
        boxes = shapely.box(west - x, south - y, west + self._width + x, south + self._height + y).ravel()
        tree = shapely.STRtree(boxes)
        polygon, cell = tree.query(polygons, predicate="intersects")
        inside_polygon, inside = tree.query(polygons, predicate="covers")
        order = np.lexsort((polygon, cell))
        self._meeting, cell = polygon[order].astype(np.int32), cell[order]
        self._starts = np.searchsorted(cell, np.arange(len(boxes) + 1))
        # The polygon that alone meets a cell and covers it is the answer for every point there.
        self._answer = np.full(len(boxes), _ASK, dtype=np.int32)
        counts = np.diff(self._starts)
        alone = counts[inside] == 1
        self._answer[inside[alone]] = inside_polygon[alone]
        self._answer[counts == 0] = -1

    def first(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """The smallest position of a polygon that each point lies in, else -1."""
        x, y = (lon - self._west) / self._width, (lat - self._south) / self._height
        reach = self._side * (1 + _MARGIN)
        within = (x >= -_MARGIN) & (x <= reach) & (y >= -_MARGIN) & (y <= reach)
        x, y = (np.clip(np.where(within, one, 0), 0, self._side - 1).astype(np.int64) for one in (x, y))
        cell = y * self._side + x
        found = np.where(within, self._answer[cell], -1)
        asked = np.flatnonzero(found == _ASK)
        starts = self._starts[cell[asked]]
        counts = self._starts[cell[asked] + 1] - starts
        point = np.repeat(asked, counts)
        places = np.arange(len(point)) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(starts, counts)
        polygon = self._meeting[places]
        # One polygon after the other: jumping between them costs more than the test itself.
        order = np.argsort(polygon, kind="stable")
        point, polygon = point[order], polygon[order]
        inside = shapely.intersects_xy(self._polygons[polygon], lon[point], lat[point])
        smallest = np.full(len(lon), len(self._polygons), dtype=np.int32)
        np.minimum.at(smallest, point[inside], polygon[inside])
        found[asked] = np.where(smallest[asked] < len(self._polygons), smallest[asked], -1)
        return found


def outside_of(lon: np.ndarray, lat: np.ndarray, polygons: np.ndarray) -> np.ndarray:
    """Whether each point (degrees) lies outside the polygon at its place; False where that is missing."""
    shapely.prepare(polygons)
    return ~shapely.intersects_xy(polygons, lon, lat) & ~shapely.is_missing(polygons)
