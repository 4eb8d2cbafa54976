"""The ground of a map: the shapes of its areas, cleaned and cut to dry land, water, roads, and where names have room.

Every map is drawn from it: the one of the pages, which is sent as a file, and those of pictures and slides.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

DECIMALS = 6
"""Of a degree: about 0.1 m."""

LABEL_ASPECT = 2.0
"""A label of a mark and two Hanzi is about twice as wide as high."""

_POINTS_PER_AREA = 20  # with about 10 bytes a point, 5,000 areas stay near 1 MB
_POINTS_ALWAYS_KEPT = 40_000
_DRY_ENOUGH = 0.2  # the share of dry ground from which an area is drawn and labelled on that ground alone


@dataclass(frozen=True, eq=False)
class Ground:
    """What a map is drawn from, in degrees, or in the units of a page (y downwards) once it is `fitted`.

    ``areas``: a polygon for each area, in their order, empty where it has none; ``narrow``: how long a degree of
    longitude is there for one of latitude (1 on a page). ``whole``: all areas together. ``communities``: the lines
    between areas of different parents. ``water`` (polygons) and ``roads`` (lines) near them.
    """

    areas: np.ndarray
    narrow: float
    whole: shapely.Geometry
    communities: shapely.Geometry
    water: np.ndarray
    roads: np.ndarray

    def fitted(self, width: float, height: float, margin: float = 0) -> Ground:
        """The same ground in the middle of a box, as large as it gets, north up and as wide as it truly is.

        ``width``, ``height`` and the ``margin`` kept free on each side in any unit; the corner at the top left is
        (0, 0).
        """
        west, south, east, north = self.whole.bounds
        narrow = self.narrow
        scale = min((width - 2 * margin) / ((east - west) * narrow), (height - 2 * margin) / (north - south))
        left = (width - (east - west) * narrow * scale) / 2
        top = (height - (north - south) * scale) / 2

        def moved(xy: np.ndarray) -> np.ndarray:
            return np.column_stack([left + (xy[:, 0] - west) * narrow * scale, top + (north - xy[:, 1]) * scale])

        parts = ("areas", "whole", "communities", "water", "roads")
        placed = {part: shapely.transform(getattr(self, part), moved) for part in parts}
        return replace(self, **placed, narrow=1.0)

    @cached_property
    def labels(self) -> np.ndarray:
        """For each area the middle of the largest ellipse in it that is ``LABEL_ASPECT`` times as wide as high."""
        return self._label_places[0]

    @cached_property
    def rooms(self) -> np.ndarray:
        """For each area half the height of that ellipse; 0 where there is none."""
        return self._label_places[1]

    @cached_property
    def _label_places(self) -> tuple[np.ndarray, np.ndarray]:
        return _label_places(self.areas, self.narrow)

    def labels_of(self, positions: np.ndarray) -> np.ndarray:
        """:attr:`labels` of the areas at some positions alone."""
        return _label_places(self.areas[positions], self.narrow)[0]


def ground_of(areas: gpd.GeoDataFrame, context: gpd.GeoDataFrame | None = None) -> Ground:
    """The ground under ``areas`` (indexed by ``area_id``, with ``parent_id`` and a polygon or nothing as geometry).

    ``context``: polygons of ``kind`` ``water`` and lines of ``kind`` ``road``. Large sets are simplified along shared
    edges together, so that no gap opens between areas.
    """
    shapes = _simplified(_polygons(_geographic(areas)))
    water, roads = _context(context, shapes)
    parents = pd.factorize(areas["parent_id"])[0]
    # Where none covers another, and edges that meet are the same, they are joined and told apart much faster.
    if shapely.coverage_is_valid(shapes):
        whole, communities = shapely.coverage_union_all(shapes), _edges_between(shapes, parents)
    else:
        whole = shapely.union_all(shapes)
        communities = _borders_between(shapes, parents, whole)
    dry, water = _parted(shapes, water)
    south, north = whole.bounds[1::2]
    return Ground(dry, math.cos(math.radians((south + north) / 2)), whole, communities, water, roads)


def _geographic(areas: gpd.GeoDataFrame) -> np.ndarray:
    if areas.crs is not None and not areas.crs.is_geographic:
        areas = areas.to_crs(4326)
    flat = shapely.force_2d(areas.geometry.to_numpy())
    return shapely.transform(flat, lambda xy: np.round(xy, DECIMALS))  # corners that should meet do meet


def _polygons(shapes: np.ndarray) -> np.ndarray:
    """The shapes with nothing but polygons in them, shells against the clock; an area without one is empty."""
    shapes = np.where(shapely.is_missing(shapes), shapely.MultiPolygon(), shapes)
    broken = ~shapely.is_valid(shapes)
    if broken.any():
        shapes[broken] = shapely.make_valid(shapes[broken])
    mixed = ~np.isin(shapely.get_type_id(shapes), (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    for position in np.flatnonzero(mixed):
        parts = shapely.get_parts(shapes[position])
        flat = shapely.get_parts(parts[shapely.get_dimensions(parts) == 2])
        shapes[position] = shapely.union_all(flat) if len(flat) else shapely.MultiPolygon()
    return shapely.orient_polygons(shapes)


def _simplified(shapes: np.ndarray) -> np.ndarray:
    """The shapes with few enough points to be sent, neighbours still sharing their edges."""
    budget = max(_POINTS_ALWAYS_KEPT, _POINTS_PER_AREA * len(shapes))
    if shapely.get_num_coordinates(shapes).sum() <= budget:
        return shapes
    west, south, east, north = shapely.total_bounds(shapes)
    # Begun near where it ends, for each pass takes long: of small areas, corners nearer to each other are not seen.
    size = math.sqrt((east - west) * (north - south) / len(shapes))
    tolerance = max(max(east - west, north - south) / 20_000, size / 50)
    slim = shapes
    for _ in range(10):
        slim = shapely.coverage_simplify(shapes, tolerance)
        if shapely.get_num_coordinates(slim).sum() <= budget:
            break
        tolerance *= 1.6
    return np.where(shapely.is_empty(slim), shapes, slim)


def _borders_between(shapes: np.ndarray, parents: np.ndarray, whole: shapely.Geometry) -> shapely.Geometry:
    """The lines between areas of different parents, -1 for none."""
    if len(np.unique(parents)) == 1:
        return shapely.MultiLineString()
    grounds = [shapely.union_all(shapes[parents == parent]) for parent in np.unique(parents[parents >= 0])]
    borders = shapely.union_all(shapely.boundary(grounds))
    return shapely.line_merge(shapely.difference(borders, shapely.boundary(whole)))


def _edges_between(shapes: np.ndarray, parents: np.ndarray) -> shapely.Geometry:
    """:func:`_borders_between` where edges that meet are the same: those that two areas of different parents share."""
    parts, shape_of = shapely.get_parts(shapes, return_index=True)
    rings, part_of = shapely.get_rings(parts, return_index=True)
    xy, ring_of = shapely.get_coordinates(rings, return_index=True)
    within = ring_of[1:] == ring_of[:-1]
    edges = np.stack([xy[:-1][within], xy[1:][within]], axis=1)
    turned = (edges[:, 0, 0] > edges[:, 1, 0]) | (
        (edges[:, 0, 0] == edges[:, 1, 0]) & (edges[:, 0, 1] > edges[:, 1, 1])
    )
    edges[turned] = edges[turned, ::-1]
    order = np.lexsort(edges.reshape(-1, 4).T)
    edges, parent = edges[order], parents[shape_of[part_of[ring_of[:-1][within][order]]]]
    shared = (edges[1:] == edges[:-1]).all(axis=(1, 2)) & (parent[1:] != parent[:-1])
    return shapely.line_merge(shapely.multilinestrings(shapely.linestrings(edges[1:][shared])))


def _context(context: gpd.GeoDataFrame | None, shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Water and roads in the neighbourhood of the shapes."""
    if context is None or context.empty or not len(shapes) or shapely.is_empty(shapes).all():
        return np.array([], dtype=object), np.array([], dtype=object)
    west, south, east, north = shapely.total_bounds(shapes)
    margin = max(east - west, north - south) / 20
    near = shapely.clip_by_rect(_geographic(context), west - margin, south - margin, east + margin, north + margin)
    kind = context["kind"].to_numpy()
    there = ~(shapely.is_missing(near) | shapely.is_empty(near))
    water = near[there & (kind == "water") & (shapely.get_dimensions(near) == 2)]
    roads = near[there & (kind == "road") & (shapely.get_dimensions(near) == 1)]
    return water, roads


def _parted(shapes: np.ndarray, water: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shapes and water without each other: a name stands, and a click means an area, where there is dry ground.

    An area with next to no dry ground keeps all of its own and the water yields: no area may be missing from a map.
    """
    if not len(water):
        return shapes, water
    dry = shapes.copy()
    sea = shapely.union_all(shapely.make_valid(water))
    wet = np.flatnonzero(shapely.intersects(shapes, sea))
    cut = shapely.difference(shapes[wet], sea)
    enough = shapely.area(cut) >= _DRY_ENOUGH * shapely.area(shapes[wet])
    dry[wet[enough]] = _polygons(cut[enough])
    islands = shapely.union_all(shapes[wet[~enough]])
    return dry, _polygons(np.array([shapely.difference(sea, islands)]))


def _label_places(shapes: np.ndarray, narrow: float) -> tuple[np.ndarray, np.ndarray]:
    """For each shape the middle of the largest ellipse in it that is as wide for its height as a label, and half the
    ellipse's height."""
    if not len(shapes):
        return shapes, np.zeros(0)
    stretch = np.array([narrow / LABEL_ASPECT, 1.0])
    narrowed = shapely.transform(shapes, lambda xy: xy * stretch)
    points, rooms = np.full(len(shapes), shapely.Point(), dtype=object), np.zeros(len(shapes))
    there = np.flatnonzero(shapely.area(narrowed) > 0)
    tolerance = np.sqrt(shapely.area(narrowed[there])) / 40
    radii = shapely.maximum_inscribed_circle(narrowed[there], tolerance)
    points[there] = shapely.transform(shapely.get_point(radii, 0), lambda xy: xy / stretch)
    rooms[there] = shapely.length(radii)
    return points, rooms
