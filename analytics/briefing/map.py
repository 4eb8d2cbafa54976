"""The map of a picture: an SVG that stands alone, with names where they fit, pins and marks of change."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely

from analytics import tiers
from analytics.briefing.appearance import Appearance
from analytics.briefing.content import Briefing
from analytics.briefing.font import FAMILY
from analytics.briefing.map_patterns import TILE, pattern
from analytics.briefing.map_placing import Piece, placed, text_width
from analytics.drawing.ground import Ground, ground_of

_BASELINE = 0.93  # of the size, from the top of a line
INSET, DOT, DOT_EVERY = 2.6, 1.9, 5.0
"""Of the dotted line of a tier that is carried on: how far from the white border, how large, and how far apart."""
_MARGIN = 10  # kept free around the ground: a pin may reach over its area


def map_svg(  # noqa: PLR0913 - all but the first three by name
    ground: Ground,
    names: Sequence[str],
    shown: Sequence[str],
    *,
    width: float,
    height: float,
    appearance: Appearance | None = None,
    pins: Mapping[int, int] | None = None,
    changes: Mapping[int, int] | None = None,
    carried: Collection[int] = (),
) -> str:
    """The map as an SVG of ``width`` by ``height`` pixels of a picture 1920 wide.

    ``names`` and ``shown`` (tiers) are those of the ground's areas, in its order; an empty name is not written.
    ``pins``: the number at a position; ``changes``: +1 at a position that became heavier, -1 lighter.
    ``carried``: positions whose tier is carried on, which have a dotted line inside their edge.
    Raises :class:`BriefingError` for a name with a sign that the font lacks.
    """
    appearance = appearance or Appearance()
    fitted = fitted_with_margin(ground, width, height)
    pieces = placed(fitted, names, shown, hatched=appearance.hatched, pins=pins or {}, changes=changes or {})
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" font-family="{FAMILY}, sans-serif">',
        *_definitions(appearance),
        *_ground(fitted, names, shown, appearance, carried),
        *_plates(pieces, shown, appearance),
        *(line for piece in pieces for line in _drawn(piece, shown, appearance, changes or {})),
        "</svg>",
    ]
    return "\n".join(drawn)


def map_of(briefing: Briefing, width: float, height: float, appearance: Appearance) -> str:
    """The map of a release that has shapes, as an SVG, with ranks of focus areas and marks of change."""
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
        changes={
            at[area_id]: 1 if move.raised else -1
            for move in briefing.moves
            if move.raised is not None
            for area_id in move.area_ids
            if area_id in at
        },
        carried=[position for position, area in enumerate(shown) if area.carried],
    )


def fitted_with_margin(ground: Ground, width: float, height: float) -> Ground:
    """The ground in the middle of a picture, with a little room around it."""
    fitted = ground.fitted(width - 2 * _MARGIN, height - 2 * _MARGIN)

    def moved(xy: np.ndarray) -> np.ndarray:
        return xy + _MARGIN

    parts = ("areas", "labels", "whole", "communities", "water", "roads")
    return replace(fitted, **{part: shapely.transform(getattr(fitted, part), moved) for part in parts})


def _definitions(appearance: Appearance) -> Iterator[str]:
    yield "<defs>"
    for tier in tiers.SHOWN:
        if lines := pattern(tier, appearance):
            path = " ".join(f"M{x:g},{y:g} {u:g},{v:g}" for x, y, u, v in lines.lines)
            yield (
                f'<pattern id="pattern-{tier}" width="{TILE}" height="{TILE}" patternUnits="userSpaceOnUse">'
                f'<path d="{path}" fill="none" stroke="{lines.colour}" stroke-width="{lines.width}" '
                f'stroke-opacity="{lines.opacity}"/></pattern>'
            )
    yield "</defs>"


def _ground(
    fitted: Ground, names: Sequence[str], shown: Sequence[str], appearance: Appearance, carried: Collection[int]
) -> Iterator[str]:
    """Water, areas, the marks of those that are carried on, borders and roads, from below to above."""
    colours = appearance.colours
    sizes = np.sqrt(shapely.area(fitted.areas[~shapely.is_empty(fitted.areas)]))
    gap = float(np.clip(np.median(sizes) / 28, 0.4, 3.4))
    for shape in fitted.water:
        yield f'<path class="water" d="{_path(shape)}" fill="{colours["water"]}" fill-rule="evenodd"/>'
    for shape, name, tier in zip(fitted.areas, names, shown, strict=True):
        if shapely.is_empty(shape):
            continue
        path = _path(shape)
        yield (
            f'<path class="area" data-name={quoteattr(name)} data-tier="{tier}" d="{path}" '
            f'fill="{appearance.looks[tier].fill}" fill-rule="evenodd"/>'
        )
        if pattern(tier, appearance):
            yield f'<path d="{path}" fill="url(#pattern-{tier})" fill-rule="evenodd"/>'
    for position in carried:
        if dotted := _path(inside_edge(fitted.areas[position], INSET + gap / 2)):
            yield (
                f'<path class="carried" d="{dotted}" fill="none" stroke="{appearance.looks[shown[position]].on_fill}" '
                f'stroke-width="{DOT:g}" stroke-dasharray="0.01 {DOT_EVERY:g}" stroke-linecap="round"/>'
            )
    borders = "".join(_path(shape) for shape in fitted.areas if not shapely.is_empty(shape))
    yield _line("borders", borders, colours["border"], gap)
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
            points = shapely.get_coordinates(line)
            parts.append("M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in points) + ("Z" if is_area else ""))
    return "".join(parts)


def _plates(pieces: Sequence[Piece], shown: Sequence[str], appearance: Appearance) -> Iterator[str]:
    """Plain fill under what is written on lines, so that it can be read."""
    for piece in pieces:
        tier = shown[piece.area]
        if piece.kind in ("name", "mark") and pattern(tier, appearance):
            yield (
                f'<rect x="{piece.x - 2:.1f}" y="{piece.y:.1f}" width="{piece.width + 4:.1f}" '
                f'height="{piece.height:.1f}" rx="3" fill="{appearance.looks[tier].fill}"/>'
            )


def _drawn(piece: Piece, shown: Sequence[str], appearance: Appearance, changes: Mapping[int, int]) -> Iterator[str]:
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
        yield _badge(piece, heavier=changes[piece.area] > 0, ink=colours["pin"], ground=colours["on_pin"])
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


def _badge(piece: Piece, *, heavier: bool, ink: str, ground: str) -> str:
    """A circle with a full triangle that points up, or an empty one that points down."""
    x, y = piece.centre
    radius = piece.width / 2
    arm, up = radius * 0.52, -1 if heavier else 1
    tip, foot = y + up * radius * 0.5, y - up * radius * 0.38
    triangle = f"M{x - arm:.1f},{foot:.1f} {x + arm:.1f},{foot:.1f} {x:.1f},{tip:.1f}Z"
    kind = "heavier" if heavier else "lighter"
    return (
        f'<g class="{kind}"><circle cx="{x:.1f}" cy="{y:.1f}" r="{radius - 0.7:.1f}" fill="{ground}" stroke="{ink}" '
        f'stroke-width="1.4"/><path d="{triangle}" fill="{ink if heavier else ground}" stroke="{ink}" '
        'stroke-width="1.2" stroke-linejoin="round"/></g>'
    )
