"""The area map: shapes sent once as a file, a frame that stays, and one character per area for the colours.

Three pieces, each made for the way that ``st_folium`` works:

- :func:`shapes_file` is the geometry as bytes. The caller puts it into a folder that the server hands out under an
  unguessable name; the map's frame fetches it once and keeps it.
- :func:`base_map` is the frame. Its script depends on the data set and the language alone, so that a slider never
  tears it down.
- :func:`recolour` is what changes: a feature group whose whole script is ``fiveColour.recolour("rroybgu…", …)``.

The painting itself is in ``area_map.js``. Nothing is requested from anywhere but the server that sent the page.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files

import folium
import geopandas as gpd
import numpy as np
import shapely
from folium.template import Template

from analytics.drawing.figures import short_name
from analytics.tiers import LOOKS, UNKNOWN

LEAFLET_URL = "../analytics.session.leaflet"
"""The packaged Leaflet as the map's frame sees it: a component folder beside the frame's own."""

FONTS_URL = "../../app/static/fonts"
"""The web fonts as the map's frame sees them."""

STRONG = ("red", "orange", "yellow")
"""Tiers whose areas are written in bold, their mark as tall as the name."""

HATCH_GROUND, HATCH_LINE = "#F3F5F8", "#B9C2CD"

_DECIMALS = 6  # of a degree: about 0.1 m
_SCALE = 10**_DECIMALS
_LABEL_ASPECT = 2.0  # a label of a mark and two Hanzi is about twice as wide as high
_POINTS_PER_AREA = 14  # with about 10 bytes a point, 5,000 areas stay near 1 MB
_POINTS_ALWAYS_KEPT = 40_000
_DRY_ENOUGH = 0.2  # the share of dry ground from which an area is drawn and labelled on that ground alone


@dataclass(frozen=True)
class FrameWords:
    """What the frame says by itself, and in which language (``zh``, ``en``)."""

    lang: str
    label: str
    """What the picture shows, for those who hear it."""
    zoom_in: str
    zoom_out: str
    missing: str
    """Said in place of the map when the shapes cannot be fetched."""


def shapes_file(areas: gpd.GeoDataFrame, context: gpd.GeoDataFrame | None = None) -> bytes:
    """The geometry of a map as compact JSON; the order of its areas is that of the tiers in :func:`recolour`.

    Parameters
    ----------
    areas
        Indexed by ``area_id``, with ``name``, ``parent_id`` and a polygon (or nothing) as geometry; ``parent_name``,
        where there is one, is cut from the front of the names on the map.
    context
        Polygons of ``kind`` ``water`` and lines of ``kind`` ``road``, for finding one's way.

    Notes
    -----
    A ring is one list of whole numbers: the first point in millionths of a degree from ``origin``, each further one
    from the point before. Large sets are simplified along shared edges together, so that no gap opens between areas.
    """
    shapes = _simplified(_polygons(_geographic(areas)))
    water, roads = _context(context, shapes)
    whole = _joined(shapes)
    dry, water = _parted(shapes, water)
    labels = _label_points(dry)
    origin = _origin(shapes)
    encode = _Encoder(origin)
    names = areas["name"].astype(str)
    parents = areas["parent_name"].fillna("") if "parent_name" in areas else [""] * len(areas)
    rows = [
        [area_id, name, "" if short == name else short, encode.point(label), encode.rings(shape)]
        for area_id, name, short, label, shape in zip(
            areas.index.astype(str), names, map(short_name, names, parents), labels, dry, strict=True
        )
    ]
    content = {
        "scale": _SCALE,
        "origin": origin,
        "areas": rows,
        "outer": encode.rings(whole),
        "communities": encode.lines(_borders_between(shapes, areas["parent_id"].to_numpy(), whole)),
        "water": [ring for shape in water for ring in encode.rings(shape)],
        "roads": [line for shape in roads for line in encode.lines(shape)],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def base_map(
    shapes_url: str, words: FrameWords, *, leaflet_url: str = LEAFLET_URL, fonts_url: str = FONTS_URL
) -> folium.Map:
    """The frame of a map: the same script each time for the same shapes and words.

    Give ``st_folium`` a ``key`` that holds the fingerprint of the data: it forgets parts of the script when it decides
    whether a map is still the same one.
    """
    return _AreaMap(shapes_url, words, leaflet_url, fonts_url)


def recolour(
    tiers: Sequence[str], selected: str | None, changes: str | None, words: Mapping[str, str]
) -> folium.FeatureGroup:
    """The colours of the areas, for ``feature_group_to_add``.

    Parameters
    ----------
    tiers
        Tier names in the order of the shapes.
    selected
        The ``area_id`` that is outlined.
    changes
        A character an area: ``+`` carries the mark for heavier, ``-`` for lighter, ``.`` neither.
    words
        What the card at the pointer says of each tier, by tier name; under ``+`` and ``-`` of the changes.
    """
    codes = "".join(LOOKS[tier].code for tier in tiers)
    if changes is not None and len(changes) != len(codes):
        raise ValueError(f"changes has {len(changes)} characters, but there are {len(codes)} areas.")
    said = {LOOKS[key].code if key in LOOKS else key: text for key, text in words.items()}
    options = {"selected": selected, "changes": changes if changes and set(changes) != {"."} else "", "words": said}
    return _Recolour(codes, options)


# ---------------------------------------------------------------- geometry


def _geographic(areas: gpd.GeoDataFrame) -> np.ndarray:
    if areas.crs is not None and not areas.crs.is_geographic:
        areas = areas.to_crs(4326)
    flat = shapely.force_2d(areas.geometry.to_numpy())
    return shapely.transform(flat, lambda xy: np.round(xy, _DECIMALS))  # corners that should meet do meet


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
    tolerance = max(east - west, north - south) / 20_000
    slim = shapes
    for _ in range(10):
        slim = shapely.coverage_simplify(shapes, tolerance)
        if shapely.get_num_coordinates(slim).sum() <= budget:
            break
        tolerance *= 1.6
    return np.where(shapely.is_empty(slim), shapes, slim)


def _joined(shapes: np.ndarray) -> shapely.Geometry:
    """The ground that the shapes cover together."""
    return shapely.coverage_union_all(shapes) if shapely.coverage_is_valid(shapes) else shapely.union_all(shapes)


def _borders_between(shapes: np.ndarray, parents: np.ndarray, whole: shapely.Geometry) -> shapely.Geometry:
    """The lines between areas of different parents."""
    known = np.array([parent is not None and parent == parent for parent in parents], dtype=bool)
    groups = {parent: _joined(shapes[known & (parents == parent)]) for parent in dict.fromkeys(parents[known])}
    if len(groups) < 2:
        return shapely.MultiLineString()
    borders = shapely.union_all(shapely.boundary(list(groups.values())))
    return shapely.line_merge(shapely.difference(borders, shapely.boundary(whole)))


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


def _label_points(shapes: np.ndarray) -> np.ndarray:
    """For each shape the middle of the largest ellipse in it that is as wide for its height as a label."""
    if not len(shapes):
        return shapes
    latitude = np.nanmean(shapely.bounds(shapes)[:, [1, 3]])
    stretch = np.array([math.cos(math.radians(latitude)) / _LABEL_ASPECT, 1.0])
    narrowed = shapely.transform(shapes, lambda xy: xy * stretch)
    points = np.full(len(shapes), shapely.Point(), dtype=object)
    there = np.flatnonzero(shapely.area(narrowed) > 0)
    tolerance = np.sqrt(shapely.area(narrowed[there])) / 100
    radii = shapely.maximum_inscribed_circle(narrowed[there], tolerance)
    middles = shapely.get_point(radii, 0)
    points[there] = shapely.transform(middles, lambda xy: xy / stretch)
    return points


def _origin(shapes: np.ndarray) -> list[int]:
    if not len(shapes) or shapely.is_empty(shapes).all():
        return [0, 0]
    west, south, *_ = shapely.total_bounds(shapes)
    return [round(west * _SCALE), round(south * _SCALE)]


class _Encoder:
    """Geometry to lists of whole numbers, relative to one origin."""

    def __init__(self, origin: Sequence[int]) -> None:
        self._origin = np.asarray(origin, dtype=np.int64)

    def _whole(self, shape: shapely.Geometry) -> np.ndarray:
        return np.rint(shapely.get_coordinates(shape) * _SCALE).astype(np.int64) - self._origin

    def point(self, point: shapely.Point) -> list[int] | None:
        return None if point.is_empty else self._whole(point)[0].tolist()

    def rings(self, shape: shapely.Geometry) -> list[list[int]]:
        """Every ring of a polygon or of several, without the closing point; one that has no area left is dropped."""
        polygons = shapely.get_parts(shape)
        found = (_moved(self._whole(ring)) for ring in shapely.get_rings(polygons))
        return [_steps(points[:-1]) for points in found if len(points) > 3]

    def lines(self, shape: shapely.Geometry) -> list[list[int]]:
        """Every line of one or of several."""
        found = (_moved(self._whole(line)) for line in _lines(shape))
        return [_steps(points) for points in found if len(points) > 1]


def _lines(shape: shapely.Geometry) -> Iterator[shapely.Geometry]:
    for part in shapely.get_parts(shape):
        if part.geom_type == "LineString":
            yield part


def _moved(points: np.ndarray) -> np.ndarray:
    """The points without those that repeat the one before."""
    return points[np.r_[True, (np.diff(points, axis=0) != 0).any(axis=1)]] if len(points) else points


def _steps(points: np.ndarray) -> list[int]:
    return np.diff(points, axis=0, prepend=0).ravel().tolist()


# ---------------------------------------------------------------- scripts


def _script_value(value: object) -> str:
    """``value`` as a literal that survives a script element, an ``eval``, and those who read scripts as templates.

    branca renders every script as a Jinja template, in which a name like ``{{ … }}`` would be *run on the server*;
    st_folium replaces ``{{'name'}}`` itself. In JSON these pairs of characters stand inside strings only.
    """
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    text = text.replace("<", "\\u003c").replace("'", "\\u0027")
    return re.sub(r"\{(?=[{%#])", r"\\u007b", text)


@cache
def _frame_script() -> str:
    """The frame's script without comments and margins: it travels with every rerun."""
    source = files(__package__).joinpath("area_map.js").read_text(encoding="utf-8")
    return re.sub(r"^[ \t]*(//[^\n]*)?\n?", "", source, flags=re.MULTILINE).strip()


def _looks() -> dict[str, dict[str, object]]:
    return {
        look.code: {"mark": look.mark, "fill": look.fill, "on_fill": look.on_fill, "strong": tier in STRONG}
        for tier, look in LOOKS.items()
    }


class _ForStFolium:
    """For elements whose script st_folium takes from the template: folium's own page, which nobody sees, stays empty.

    It would be compiled as a template at each rerun, which takes longer than all the rest.
    """

    def render(self, **kwargs: object) -> None:
        pass


class _AreaMap(_ForStFolium, folium.Map):
    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = {{ this.code }}({{ this.get_name()|tojson }}, {{ this.settings }});
        {% endmacro %}
        """
    )

    def __init__(self, shapes_url: str, words: FrameWords, leaflet_url: str, fonts_url: str) -> None:
        super().__init__(tiles=None)
        self.default_js = [("leaflet", f"{leaflet_url}/leaflet.js")]
        self.default_css = [("leaflet_css", f"{leaflet_url}/leaflet.css")]
        self.code = _frame_script()
        self.settings = _script_value(
            {
                "shapes": shapes_url,
                "fonts": fonts_url,
                "words": asdict(words),
                "looks": _looks(),
                "unknown": LOOKS[UNKNOWN].code,
                "hatch": {"ground": HATCH_GROUND, "line": HATCH_LINE},
            }
        )


class _Recolour(_ForStFolium, folium.FeatureGroup):
    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = fiveColour.recolour("{{ this.codes }}", {{ this.settings }});
        {% endmacro %}
        """
    )

    def __init__(self, codes: str, options: Mapping[str, object]) -> None:
        super().__init__(control=False, show=False)  # 'show' would add the layer a second time
        self.codes = codes
        self.settings = _script_value(options)
