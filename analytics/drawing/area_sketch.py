"""Small maps inside a card: one area with its neighbours large, and communities. No frame, no script, no network.

An area is an element cut to its outline, so that it can be pressed and has the colours of its tier from the style; the
lines over it are one image.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import shapely

from analytics.drawing.ground import Ground, ground_of

WIDTH, HEIGHT, WHOLE_HEIGHT = 640.0, 280.0, 400.0
INSET_WIDTH, INSET_HEIGHT = 150.0, 104.0
ROOM = 1.15
"""How much more than an area and its neighbours is shown around them."""

LARGEST_TEXT, SMALLEST_TEXT = 21.0, 11.0
MOST_OUTLINED = 600
"""Of more areas than that the inset shows the ground they cover together, and not each."""


@dataclass(frozen=True)
class SketchArea:
    """One area of a sketch: its outline as an SVG ``path``, and as a ``polygon`` of a style, in per cent of the whole;
    where its name stands (``x``, ``y`` in per cent; ``size`` of the text in per cent of the width, 0 where there is no
    room), whether it is the ``chosen`` one, and what the page says of it (``told``)."""

    path: str
    polygon: str
    x: float
    y: float
    size: float
    chosen: bool
    told: Mapping[str, object]


@dataclass(frozen=True)
class Sketch:
    """``areas`` of a picture ``width`` by ``height``, ``water`` as paths, and where all of it lies: ``inset`` as one
    path of all areas and one of the chosen."""

    width: float
    height: float
    areas: tuple[SketchArea, ...]
    water: tuple[str, ...]
    inset: tuple[str, str] | None = None


def around(
    areas: gpd.GeoDataFrame, context: gpd.GeoDataFrame | None, area_id: str, near: Sequence[str],
    told: Mapping[str, Mapping[str, object]],
) -> Sketch | None:  # fmt: skip
    """An area with its neighbours ``near`` and what else lies around, and where it is among all; None where it has no
    shape. ``told``: what the page says of each area."""
    shapes = areas.geometry.to_numpy()
    at = areas.index.get_loc(area_id)
    if shapes[at] is None or shapely.is_empty(shapes[at]):
        return None
    chosen = areas.index.get_indexer([area_id, *near])
    west, south, east, north = shapely.total_bounds(shapes[chosen])
    middle, half = ((west + east) / 2, (south + north) / 2), ((east - west) / 2 * ROOM, (north - south) / 2 * ROOM)
    # Wide enough to fill the picture: as degrees of longitude are narrower than those of latitude.
    narrow = np.cos(np.radians(middle[1])) if areas.crs is None or areas.crs.is_geographic else 1.0
    tall = max(half[1], half[0] * narrow * HEIGHT / WIDTH)
    wide = tall * WIDTH / HEIGHT / narrow
    window = shapely.box(middle[0] - wide, middle[1] - tall, middle[0] + wide, middle[1] + tall)
    seen = areas[shapely.intersects(np.where(shapely.is_missing(shapes), shapely.Point(), shapes), window)]
    clipped = seen.set_geometry(
        shapely.intersection(shapely.make_valid(seen.geometry.to_numpy()), window), crs=seen.crs
    )
    ground = _fitted(ground_of(clipped, context), window, areas, WIDTH, HEIGHT)
    found = _drawn(ground, list(seen.index), area_id, told, HEIGHT)
    water = tuple(_path(one) for one in ground.water)
    return Sketch(WIDTH, HEIGHT, found, water, _inset(areas, at))


def whole(
    areas: gpd.GeoDataFrame, context: gpd.GeoDataFrame | None, told: Mapping[str, Mapping[str, object]]
) -> Sketch | None:
    """All of some areas; None where they have no shapes."""
    if areas.geometry.isna().all():
        return None
    ground = ground_of(areas, context).fitted(WIDTH, WHOLE_HEIGHT)
    found = _drawn(ground, list(areas.index), None, told, WHOLE_HEIGHT)
    return Sketch(WIDTH, WHOLE_HEIGHT, found, tuple(_path(one) for one in ground.water))


def _fitted(ground: Ground, window: shapely.Geometry, areas: gpd.GeoDataFrame, width: float, height: float) -> Ground:
    """The ground so that the window fills the picture."""
    if areas.crs is not None and not areas.crs.is_geographic:
        window = gpd.GeoSeries([window], crs=areas.crs).to_crs(4326).iloc[0]
    return replace(ground, whole=window).fitted(width, height)


def _drawn(
    ground: Ground, ids: Sequence[str], chosen: str | None, told: Mapping[str, Mapping[str, object]], height: float
) -> tuple[SketchArea, ...]:
    found = []
    for area_id, shape, label, room in zip(ids, ground.areas, ground.labels, ground.rooms, strict=True):
        if shapely.is_empty(shape):
            continue
        x, y = (0.0, 0.0) if shapely.is_empty(label) else (label.x, label.y)
        letters = max(len(f"{told[area_id]['name']}"), 2) + 1
        size = min(LARGEST_TEXT, room * 0.9, room * 4 / letters)
        inside = 0 < x < WIDTH and 0 < y < height
        if chosen is not None and x > WIDTH - INSET_WIDTH - 60 and y > height - INSET_HEIGHT - 30:
            inside = False  # the inset lies there
        found.append(
            SketchArea(
                path=_path(shape),
                polygon=_polygon(shape, height),
                x=round(100 * x / WIDTH, 2),
                y=round(100 * y / height, 2),
                size=round(100 * size / WIDTH, 2) if inside and size >= SMALLEST_TEXT else 0.0,
                chosen=area_id == chosen,
                told=told[area_id],
            )
        )
    return tuple(found)


def _inset(areas: gpd.GeoDataFrame, at: int) -> tuple[str, str] | None:
    plain = areas if areas.crs is None or areas.crs.is_geographic else areas.to_crs(4326)
    shapes = plain.geometry.to_numpy()
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    every = shapes[there]
    west, south, east, north = shapely.total_bounds(every)
    narrow = np.cos(np.radians((south + north) / 2))
    scale = min(INSET_WIDTH / ((east - west) * narrow or 1), INSET_HEIGHT / ((north - south) or 1))
    if len(every) > MOST_OUTLINED:
        every = np.array([shapely.box(west, south, east, north)])

    def moved(xy: np.ndarray) -> np.ndarray:
        return np.column_stack([(xy[:, 0] - west) * narrow * scale, (north - xy[:, 1]) * scale])

    drawn = shapely.simplify(shapely.transform(every, moved), 0.4)
    return " ".join(map(_path, drawn)), _path(shapely.transform(shapes[at], moved))


def _rings(shape: shapely.Geometry) -> list[np.ndarray]:
    return [
        shapely.get_coordinates(ring)
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon"
        for ring in shapely.get_rings(part)
    ]


def _path(shape: shapely.Geometry) -> str:
    """The polygons of a shape as an SVG path."""
    return "".join("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in ring[:-1]) + "Z" for ring in _rings(shape))


def _polygon(shape: shapely.Geometry, height: float) -> str:
    """The same as the polygon of a style: one line through all rings, which goes back to where it began after each."""
    rings = _rings(shape)
    points = [point for ring in rings for point in ring] + [ring[0] for ring in reversed(rings[:-1])]
    return ",".join(f"{100 * x / WIDTH:.2f}% {100 * y / height:.2f}%" for x, y in points)
