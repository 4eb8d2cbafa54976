"""The map of a picture: an SVG that stands alone, with names where they fit, pins and marks of change."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely

from analytics import tiers
from analytics.briefing.appearance import Appearance
from analytics.briefing.content import Briefing
from analytics.briefing.font import FAMILY, narrow
from analytics.briefing.map_patterns import TILE, pattern, slanted
from analytics.briefing.map_placing import Piece, placed, text_width
from analytics.drawing.ground import Ground, ground_of
from analytics.marks import BOX, FORMS, MARKS, Mark, Slant

_BASELINE = 0.93  # of the size, from the top of a line
INSET, DOT, DOT_EVERY = 2.6, 1.9, 5.0
"""Of the dotted line of a tier that is carried on: how far from the white border, how large, and how far apart."""
_POINTS_KEPT, _UNSEEN = 20_000, 0.3
"""From so many corners on, those that move an edge by less than that many pixels are left out."""
MARGIN = 10
"""Kept free around the ground, in pixels: a pin may reach over its area."""


@dataclass(frozen=True)
class MapPicture:
    """A map as an SVG that stands alone; ``unmarked``: how many of its areas have marks that had no room."""

    svg: str
    unmarked: int


def map_svg(  # noqa: PLR0913 - all but the first three by name
    ground: Ground,
    names: Sequence[str],
    shown: Sequence[str],
    *,
    width: float,
    height: float,
    appearance: Appearance | None = None,
    pins: Mapping[int, int] | None = None,
    marks: Mapping[int, Sequence[Mark]] | None = None,
    lines: Mapping[int, Slant] | None = None,
) -> MapPicture:
    """The map as an SVG of ``width`` by ``height`` pixels of a picture 1920 wide.

    ``names`` and ``shown`` (tiers) are those of the ground's areas, in its order; an empty name is not written.
    ``pins``: the number at a position; ``marks``: those of the area at a position. One whose tier is carried on has a
    dotted line inside its edge too. ``lines``: which way they run over the area at a position; one without a tier has
    lines already.
    Raises :class:`BriefingError` for a name with a sign that the font lacks.
    """
    appearance = appearance or Appearance()
    fitted = _coarser(ground.fitted(width, height, margin=MARGIN))
    pieces = placed(
        fitted, [narrow(name) for name in names], shown, hatched=appearance.hatched, pins=pins or {}, marks=marks or {}
    )
    slants = {position: way for position, way in (lines or {}).items() if shown[position] != tiers.UNKNOWN}
    carried = [position for position, signs in (marks or {}).items() if "carried" in signs]
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" font-family="{FAMILY}, sans-serif">',
        *_definitions(appearance, {(shown[position], way) for position, way in slants.items()}),
        *_ground(fitted, names, shown, appearance, carried, slants),
        *_plates(pieces, shown, appearance, slants),
        *(line for piece in pieces for line in _drawn(piece, shown, appearance)),
        "</svg>",
    ]
    there = {area for area in marks or {} if not shapely.is_empty(fitted.areas[area])}
    return MapPicture("\n".join(drawn), len(there - {piece.area for piece in pieces if piece.kind == "badge"}))


def map_of(briefing: Briefing, width: float, height: float, appearance: Appearance) -> MapPicture:
    """The map of a release that has shapes, with ranks of focus areas and the marks beside tiers."""
    at = {area_id: position for position, area_id in enumerate(briefing.shapes.index)}
    by_id = {area.area_id: area for area in briefing.areas}
    shown = [by_id[area_id] for area_id in at]
    return map_svg(
        ground_of(briefing.shapes, briefing.context),
        [area.brief for area in shown],
        [area.tier for area in shown],
        width=width,
        height=height,
        appearance=appearance,
        pins={at[area.area_id]: area.rank for area in briefing.focus},
        marks={position: area.marks for position, area in enumerate(shown) if area.marks},
    )


def _coarser(fitted: Ground) -> Ground:
    """The ground without corners that cannot be seen: of thousands of areas they are most of the picture's bytes."""
    if shapely.get_num_coordinates(fitted.areas).sum() <= _POINTS_KEPT:
        return fitted
    slim = shapely.simplify(fitted.areas, _UNSEEN)
    return replace(fitted, areas=np.where(shapely.is_empty(slim), fitted.areas, slim))


def _definitions(appearance: Appearance, slants: Collection[tuple[str, Slant]]) -> Iterator[str]:
    yield "<defs>"
    named = {f"pattern-{tier}": pattern(tier, appearance) for tier in tiers.SHOWN}
    named |= {f"lines-{tier}-{way}": slanted(tier, way, appearance) for tier, way in sorted(slants)}
    for name, lines in named.items():
        if lines:
            path = " ".join(f"M{x:g},{y:g} {u:g},{v:g}" for x, y, u, v in lines.lines)
            yield (
                f'<pattern id="{name}" width="{TILE}" height="{TILE}" patternUnits="userSpaceOnUse">'
                f'<path d="{path}" fill="none" stroke="{lines.colour}" stroke-width="{lines.width}" '
                f'stroke-opacity="{lines.opacity}"/></pattern>'
            )
    yield "</defs>"


def _ground(
    fitted: Ground,
    names: Sequence[str],
    shown: Sequence[str],
    appearance: Appearance,
    carried: Collection[int],
    slants: Mapping[int, Slant],
) -> Iterator[str]:
    """Water, areas, the marks of those that are carried on, borders and roads, from below to above."""
    colours = appearance.colours
    sizes = np.sqrt(shapely.area(fitted.areas[~shapely.is_empty(fitted.areas)]))
    gap = float(np.clip(np.median(sizes) / 28, 0.4, 3.4))
    for shape in fitted.water:
        yield f'<path class="water" d="{_path(shape)}" fill="{colours["water"]}" fill-rule="evenodd"/>'
    paths = _paths(fitted.areas)
    for position, (path, name, tier) in enumerate(zip(paths, names, shown, strict=True)):
        if not path:
            continue
        yield (
            f'<path class="area" data-name={quoteattr(name)} data-tier="{tier}" d="{path}" '
            f'fill="{appearance.looks[tier].fill}" fill-rule="evenodd"/>'
        )
        if pattern(tier, appearance):
            yield f'<path d="{path}" fill="url(#pattern-{tier})" fill-rule="evenodd"/>'
        if position in slants:
            yield f'<path class="lines" d="{path}" fill="url(#lines-{tier}-{slants[position]})" fill-rule="evenodd"/>'
    for position in carried:
        if dotted := _path(inside_edge(fitted.areas[position], INSET + gap / 2)):
            yield (
                f'<path class="carried" d="{dotted}" fill="none" stroke="{appearance.looks[shown[position]].on_fill}" '
                f'stroke-width="{DOT:g}" stroke-dasharray="0.01 {DOT_EVERY:g}" stroke-linecap="round"/>'
            )
    yield _line("borders", "".join(paths), colours["border"], gap)
    yield _line("communities", _path(fitted.communities), colours["border"], gap * 2.1)
    for shape in shapely.intersection(fitted.roads, fitted.whole):
        yield _line("road", _path(shape), colours["road"], gap * 1.4)


def inside_edge(shape: shapely.Geometry, inset: float) -> shapely.Geometry:
    """Lines that run inside the edge of an area; less far where it is narrow, and nothing where there is no room."""
    for share in (1, 0.6, 0.35):
        inner = shapely.buffer(shape, -inset * share, join_style="mitre")
        if not shapely.is_empty(inner):
            return shapely.boundary(inner)
    return shapely.LineString()


def _line(kind: str, path: str, colour: str, width: float) -> str:
    return (
        f'<path class="{kind}" d="{path}" fill="none" stroke="{colour}" stroke-width="{width:.2f}" '
        'stroke-linejoin="round" stroke-linecap="round"/>'
    )


def _path(shape: shapely.Geometry) -> str:
    """A polygon's rings or a line's parts as an SVG path."""
    parts = []
    for part in shapely.get_parts(shape):
        is_area = shapely.get_dimensions(part) == 2
        for line in shapely.get_rings(part) if is_area else [part]:
            points = shapely.get_coordinates(line).round(1).tolist()
            parts.append("M" + " ".join(f"{x},{y}" for x, y in points) + ("Z" if is_area else ""))
    return "".join(parts)


def _paths(shapes: np.ndarray) -> list[str]:
    """:func:`_path` of many polygons at once: an empty text for an empty one."""
    parts, shape_of = shapely.get_parts(shapes, return_index=True)
    rings, part_of = shapely.get_rings(parts, return_index=True)
    xy, ring_of = shapely.get_coordinates(rings, return_index=True)
    points = [f"{x},{y}" for x, y in xy.round(1).tolist()]
    ends = np.searchsorted(ring_of, np.arange(len(rings) + 1)).tolist()
    paths = [""] * len(shapes)
    for shape, (begun, ended) in zip(shape_of[part_of].tolist(), pairwise(ends), strict=True):
        paths[shape] += "M" + " ".join(points[begun:ended]) + "Z"
    return paths


def _plates(
    pieces: Sequence[Piece], shown: Sequence[str], appearance: Appearance, slants: Collection[int]
) -> Iterator[str]:
    """Plain fill under what is written on lines, so that it can be read."""
    for piece in pieces:
        tier = shown[piece.area]
        if piece.kind in ("name", "mark") and (pattern(tier, appearance) or piece.area in slants):
            yield (
                f'<rect x="{piece.x - 2:.1f}" y="{piece.y:.1f}" width="{piece.width + 4:.1f}" '
                f'height="{piece.height:.1f}" rx="3" fill="{appearance.looks[tier].fill}"/>'
            )


def _drawn(piece: Piece, shown: Sequence[str], appearance: Appearance) -> Iterator[str]:
    colours = appearance.colours
    x, y = piece.centre
    if piece.at:
        yield (
            f'<path class="leader" d="M{piece.at[0]:.1f},{piece.at[1]:.1f} {x:.1f},{y:.1f}" '
            f'stroke="{colours["pin"]}" stroke-width="1.5"/>'
        )
    if piece.kind == "pin":
        yield (
            f'<circle class="pin" cx="{x:.1f}" cy="{y:.1f}" r="{piece.width / 2 - 1:.1f}" fill="{colours["pin"]}" '
            f'stroke="{colours["on_pin"]}" stroke-width="2"/>'
        )
        left = x - text_width(piece.text, piece.size, bold=True) / 2
        yield _text(
            "pin-number", piece.text, left, y + piece.size * 0.36, piece.size, bold=True, colour=colours["on_pin"]
        )
    elif piece.kind == "badge":
        yield mark_svg(piece.text, x, y, piece.width, ink=colours["pin"], ground=colours["on_pin"])
    else:
        tier = shown[piece.area]
        base = piece.y + piece.size * _BASELINE
        colour = appearance.looks[tier].on_fill
        yield _text(piece.kind, piece.text, piece.x, base, piece.size, bold=tier in tiers.ABOVE_ROUTINE, colour=colour)


def _text(kind: str, text: str, x: float, y: float, size: float, *, bold: bool, colour: str) -> str:
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" font-size="{size:g}"{weight} fill="{colour}">'
        f"{escape(text)}</text>"
    )


def mark_svg(mark: str, x: float, y: float, across: float, *, ink: str, ground: str) -> str:
    """A mark in its circle, so many units ``across``, with its middle at a point."""
    form, scale = FORMS[mark], across / BOX
    edge = 1.4 / scale
    return (
        f'<g class="badge {mark}" transform="translate({x - across / 2:.2f} {y - across / 2:.2f}) scale({scale:.4g})">'
        f'<circle cx="{BOX / 2:g}" cy="{BOX / 2:g}" r="{(BOX - edge) / 2:.2f}" fill="{ground}" stroke="{ink}" '
        f'stroke-width="{edge:.2f}"/><path d="{form.path}" fill="{ink if form.filled else "none"}" stroke="{ink}" '
        f'stroke-width="{form.stroke:g}" stroke-linejoin="round" stroke-linecap="round"/></g>'
    )


def mark_files(appearance: Appearance) -> Mapping[str, bytes]:
    """Each mark as a picture that the typesetter places in a legend or a table, by the name of its file."""
    ink, ground, middle = appearance.colours["pin"], appearance.colours["on_pin"], BOX / 2
    return {
        f"mark-{mark}.svg": (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{BOX:g}" height="{BOX:g}" viewBox="0 0 {BOX:g} {BOX:g}">'
            f"{mark_svg(mark, middle, middle, BOX, ink=ink, ground=ground)}</svg>"
        ).encode()
        for mark in MARKS
    }
