"""In which area a point lies."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

_FINEST_FIRST = ("grid", "community", "street")

# So many points at a time: all of them at once would take more memory than the file.
_BLOCK = 1 << 16
_AT_ONCE = 2  # blocks; numpy and GEOS leave the interpreter to others while they count

_CELLS_PER_POLYGON = 36
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
    blocks = [slice(start, start + _BLOCK) for start in range(0, len(lon), _BLOCK)]
    with ThreadPoolExecutor(_AT_ONCE) as workers:
        answers = workers.map(lambda block: cells.first(lon[block], lat[block]), blocks)
        for done, (block, answer) in enumerate(zip(blocks, answers, strict=True), start=1):
            found[block] = answer
            if progress:
                progress(done / len(blocks))
    return found


class _Cells:
    """A grid of cells over the polygons: where no edge runs through a cell, one answer holds for every point in it.

    ``points``: how many will be asked for; more cells than a third of these are not worth their making.
    """

    def __init__(self, polygons: np.ndarray, points: int) -> None:
        self._polygons = polygons
        self._west, self._south, east, north = shapely.total_bounds(polygons)
        self._side = max(1, min(_MOST_CELLS, int(np.sqrt(min(_CELLS_PER_POLYGON * len(polygons), points // 3)))))
        self._width = (east - self._west) / self._side or 1.0
        self._height = (north - self._south) / self._side or 1.0
        polygon, cell = self._pairs(shapely.bounds(polygons))
        crossed = np.zeros(self._side**2, dtype=bool)
        crossed[self._pairs(self._edges())[1]] = True
        # No edge comes near these cells, so their middle stands for all of them.
        whole = np.flatnonzero(~crossed[cell])
        x = self._west + (cell[whole] % self._side + 0.5) * self._width
        y = self._south + (cell[whole] // self._side + 0.5) * self._height
        inside = whole[shapely.intersects_xy(polygons[polygon[whole]], x, y)]
        self._answer = np.where(crossed, _ASK, -1).astype(np.int32)
        # The last one that is written stays: the smallest.
        self._answer[cell[inside[::-1]]] = polygon[inside[::-1]]
        asked = np.flatnonzero(crossed[cell])
        asked = asked[np.argsort(cell[asked], kind="stable")]
        self._meeting = polygon[asked].astype(np.int32)
        self._starts = np.searchsorted(cell[asked], np.arange(self._side**2 + 1))

    def _edges(self) -> np.ndarray:
        """West, south, east and north of each piece of an edge, none longer than a cell."""
        pieces = shapely.segmentize(shapely.boundary(self._polygons), min(self._width, self._height))
        corners, line = shapely.get_coordinates(shapely.get_parts(pieces), return_index=True)
        along = line[1:] == line[:-1]
        one, other = corners[:-1][along], corners[1:][along]
        return np.hstack([np.minimum(one, other), np.maximum(one, other)])

    def _pairs(self, bounds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Each of the ``bounds`` (by position) with each cell that it meets or all but meets."""
        corner = np.array([self._west, self._south] * 2)
        places = (bounds - corner) / np.array([self._width, self._height] * 2)
        # A little larger than they are, so that no rounding lets a point slip between two cells.
        places += np.array([-_MARGIN, -_MARGIN, _MARGIN, _MARGIN])
        west, south, east, north = np.clip(np.floor(places), 0, self._side - 1).astype(np.int64).T
        across = east - west + 1
        counts = across * (north - south + 1)
        number = np.repeat(np.arange(len(bounds)), counts)
        nth = np.arange(len(number)) - np.repeat(np.cumsum(counts) - counts, counts)
        up, right = np.divmod(nth, across[number])
        return number, (south[number] + up) * self._side + west[number] + right

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
