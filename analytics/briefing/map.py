"""The map of a picture: an SVG that stands alone, with names where they fit, pins and marks of change.

A name stands whole inside its own area and over nothing else, or it is left out: its room is measured with the widths
of the font that writes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely

from analytics import tiers
from analytics.briefing.appearance import Appearance
from analytics.briefing.content import Briefing
from analytics.briefing.font import FAMILY, require_signs, widths
from analytics.drawing.ground import Ground, ground_of

SMALLEST = 11
"""Of a name, in pixels of a picture 1920 wide: the least that is read on a wall."""

TILE = 12
"""Side of a pattern's tile."""

_SIZES = (20, 19, 18, 17, 16, 15, 14, 13, 12, SMALLEST)
_BOLD_SIZES = (22, 21, *_SIZES)
_MARK = 0.8  # of the size of the name that follows it
_GAP = 0.3  # of that size, between what stands in one row
_LINE = 1.12  # height of a line
_BASELINE = 0.93  # of the size, from the top of a line
_PIN, _SMALL_PIN = 28, 22
_BADGE, _SMALL_BADGE = 19, 14
_EDGE, _WIDE_EDGE = 2.5, 5  # kept free between a name and the border of its area: at least, and where it can be had
_WIDE_FROM = 15  # below this size the room is worth more than the edge
_MARGIN = 10  # kept free around the ground: a pin may reach over its area
_SPOTS_ACROSS = 15
_REACHES = range(0, 240, 5)  # how far a mark moves from an area that is too small for it

Kind = Literal["name", "mark", "pin", "badge"]


@dataclass(frozen=True)
class Piece:
    """What stands on the area at a position: its box, from the top left; ``at``: for a pin or a badge that had no room
    on its own ground, the point of that ground to which a line leads."""

    kind: Kind
    area: int
    text: str
    size: float
    x: float
    y: float
    width: float
    height: float
    at: tuple[float, float] | None = None

    @property
    def box(self) -> shapely.Geometry:
        """The ground that it covers."""
        return shapely.box(self.x, self.y, self.x + self.width, self.y + self.height)

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of its box."""
        return self.x + self.width / 2, self.y + self.height / 2

    def moved(self, dx: float, dy: float) -> Piece:
        """The same piece elsewhere."""
        return replace(self, x=self.x + dx, y=self.y + dy)


@dataclass(frozen=True)
class Pattern:
    """Lines over a tier's fill, in a tile of ``TILE``: (x, y, x, y) each."""

    lines: tuple[tuple[float, float, float, float], ...]
    colour: str
    width: float
    opacity: float


def pattern(tier: str, appearance: Appearance) -> Pattern | None:
    """The lines over a tier's fill; None where the fill is plain. Areas without a tier have lines in any appearance."""
    if appearance.hatched:
        weight = 2 if tier == "red" else 1.3
        return Pattern(_LINES[tier], appearance.looks[tier].on_fill, weight, 0.62)
    return Pattern(_RISING, appearance.colours["hatch"], 1.2, 1) if tier == tiers.UNKNOWN else None


_END, _HALF, _QUARTER = TILE, TILE / 2, TILE / 4
# A slanted line is drawn over the corners as well, so that tiles join without a gap.
_RISING = (
    (-_QUARTER, _QUARTER, _QUARTER, -_QUARTER),
    (-_QUARTER, _END + _QUARTER, _END + _QUARTER, -_QUARTER),
    (_END - _QUARTER, _END + _QUARTER, _END + _QUARTER, _END - _QUARTER),
)
_FALLING = tuple((_END - x, y, _END - u, v) for x, y, u, v in _RISING)
_LINES: Mapping[str, tuple[tuple[float, float, float, float], ...]] = {
    "red": _RISING,
    "orange": (*_RISING, *_FALLING),
    "yellow": ((1, _QUARTER, _HALF - 1, _QUARTER), (_HALF + 1, _END - _QUARTER, _END - 1, _END - _QUARTER)),
    "blue": ((0, _QUARTER, _END, _QUARTER), (0, _END - _QUARTER, _END, _END - _QUARTER)),
    "green": ((_HALF, 0, _HALF, _END),),
    "unknown": _FALLING,
}


def map_svg(
    ground: Ground,
    names: Sequence[str],
    shown: Sequence[str],
    *,
    width: float,
    height: float,
    appearance: Appearance | None = None,
    pins: Mapping[int, int] | None = None,
    changes: Mapping[int, int] | None = None,
) -> str:
    """The map as an SVG of ``width`` by ``height`` pixels of a picture 1920 wide.

    ``names`` and ``shown`` (tiers) are those of the ground's areas, in its order; an empty name is not written.
    ``pins``: the number at a position; ``changes``: +1 at a position that became heavier, -1 lighter.
    Raises :class:`BriefingError` for a name with a sign that the font lacks.
    """
    appearance = appearance or Appearance()
    fitted = fitted_with_margin(ground, width, height)
    pieces = placed(fitted, names, shown, appearance.hatched, pins or {}, changes or {})
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" font-family="{FAMILY}, sans-serif">',
        *_definitions(appearance),
        *_ground(fitted, names, shown, appearance),
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
    )


def fitted_with_margin(ground: Ground, width: float, height: float) -> Ground:
    """The ground in the middle of a picture, with a little room around it."""
    fitted = ground.fitted(width - 2 * _MARGIN, height - 2 * _MARGIN)

    def moved(xy: np.ndarray) -> np.ndarray:
        return xy + _MARGIN

    parts = ("areas", "labels", "whole", "communities", "water", "roads")
    return replace(fitted, **{part: shapely.transform(getattr(fitted, part), moved) for part in parts})


def placed(
    fitted: Ground,
    names: Sequence[str],
    shown: Sequence[str],
    hatched: bool,
    pins: Mapping[int, int],
    changes: Mapping[int, int],
) -> list[Piece]:
    """Where names, marks, pins and marks of change stand on a ground in the units of a page.

    No two of them cover each other. A pin and a mark of change are always there: where their area is too small they
    stand beside it, with a line to it.
    """
    require_signs(names)
    marked = sorted({*pins, *changes}, key=lambda area: (pins.get(area, np.inf), area))
    marked = [area for area in marked if not shapely.is_empty(fitted.areas[area])]
    wide, narrow = (shapely.buffer(fitted.areas, -edge) for edge in (_WIDE_EDGE, _EDGE))

    def settled(area: int, others: Sequence[Piece]) -> list[Piece]:
        whole = (area, shown[area], hatched, pins.get(area), changes.get(area))
        middle = fitted.labels[area]
        for room, smallest in ((wide[area], _WIDE_FROM), (narrow[area], SMALLEST)):
            across = np.ptp(room.bounds[::2])
            if pieces := _settled(room, middle, _named(names[area], smallest, across, *whole), others):
                return pieces
        return apart(area, others) or _settled(narrow[area], middle, _nameless(*whole), others)

    def apart(area: int, others: Sequence[Piece]) -> list[Piece]:
        """The name where it has room, and the mark of change where that has some."""
        if area not in changes:
            return []
        room, middle = narrow[area], fitted.labels[area]
        still = (area, shown[area], hatched, pins.get(area), None)
        named = _settled(room, middle, _named(names[area], SMALLEST, np.ptp(room.bounds[::2]), *still), others)
        alone = _stacked([_badges(area, changes[area], _SMALL_BADGE)], 0)
        mark = _settled(room, middle, iter([alone]), [*others, *named])
        return [*named, *mark] if named and mark else []

    found: list[Piece] = []
    homeless = []
    for area in marked:
        if pieces := settled(area, []):
            found += pieces
        else:
            homeless.append(area)
    outside: list[Piece] = []
    for area in homeless:
        marks = _leads(area, "", False, pins.get(area), SMALLEST) + _badges(area, changes.get(area), _SMALL_BADGE)
        outside += _beside(marks, fitted.labels[area], found + outside)
    for area in np.flatnonzero(~shapely.is_empty(narrow)).tolist():
        if area not in pins and area not in changes:
            found += settled(area, outside)
    return found + outside


def text_width(text: str, size: float, bold: bool) -> float:
    """How wide the font writes a text."""
    advances = widths(bold)
    return size * sum(advances.get(ord(sign), 0) for sign in text)


def _named(
    name: str,
    smallest: float,
    across: float,
    area: int,
    tier: str,
    hatched: bool,
    pin: int | None,
    change: int | None,
) -> Iterator[list[Piece]]:
    """What may stand on an area that is so wide, around (0, 0): all of it, in the largest letters first."""
    bold = tier in tiers.ABOVE_ROUTINE
    share = text_width(name, 1, bold)
    for size in _BOLD_SIZES if bold else _SIZES:
        if not name or size < smallest:
            return
        if share * size > across:
            continue
        written = Piece("name", area, name, size, 0, 0, share * size, size * _LINE)
        leads = _leads(area, tier, hatched, pin, size)
        badges = _badges(area, change, _BADGE if size >= _WIDE_FROM else _SMALL_BADGE)
        gap = size * _GAP
        yield _stacked([[*leads, written, *badges]], gap)
        if pin is not None or badges:
            yield _stacked([[*leads, *badges], [written]], gap)
        if leads and badges:
            yield _stacked([badges, [*leads, written]], gap)
            yield _stacked([leads, badges, [written]], gap)


def _nameless(area: int, tier: str, hatched: bool, pin: int | None, change: int | None) -> Iterator[list[Piece]]:
    """What may stand on an area that has no room for its name."""
    for size, badge in ((16, _BADGE), (13, _SMALL_BADGE), (10, _SMALL_BADGE)):
        pieces = [*_leads(area, tier, hatched, pin, size), *_badges(area, change, badge)]
        if pieces:
            yield _stacked([pieces], size * _GAP)
        if len(pieces) > 1:
            yield _stacked([[piece] for piece in pieces], size * _GAP)


def _leads(area: int, tier: str, hatched: bool, pin: int | None, size: float) -> list[Piece]:
    """The number of an area, or the mark of its tier where that tier is marked."""
    if pin is not None:
        across = _PIN if size >= _WIDE_FROM else _SMALL_PIN
        return [Piece("pin", area, str(pin), across * 0.66, 0, 0, across, across)]
    if tier in tiers.ABOVE_ROUTINE or hatched:
        small, mark = size * _MARK, tiers.LOOKS[tier].mark
        return [
            Piece("mark", area, mark, small, 0, 0, text_width(mark, small, tier in tiers.ABOVE_ROUTINE), small * _LINE)
        ]
    return []


def _badges(area: int, change: int | None, across: float) -> list[Piece]:
    return [Piece("badge", area, "", across, 0, 0, across, across)] if change else []


def _stacked(rows: Sequence[Sequence[Piece]], gap: float) -> list[Piece]:
    """Rows of pieces, each row and all of them together centred on (0, 0)."""
    heights = [max(piece.height for piece in row) for row in rows]
    space = gap * 0.4
    top = -(sum(heights) + space * (len(rows) - 1)) / 2
    pieces = []
    for row, height in zip(rows, heights, strict=True):
        left = -(sum(piece.width for piece in row) + gap * (len(row) - 1)) / 2
        for piece in row:
            pieces.append(piece.moved(left, top + (height - piece.height) / 2))
            left += piece.width + gap
        top += height + space
    return pieces


def _settled(
    room: shapely.Geometry, middle: shapely.Point, arrangements: Iterator[list[Piece]], others: Sequence[Piece]
) -> list[Piece]:
    """The first arrangement that lies in ``room`` and over none of ``others``, as near to the middle as it can; nothing
    where none does."""
    if shapely.is_empty(room):
        return []
    shapely.prepare(room)
    west, south, east, north = room.bounds
    near = [piece.box for piece in others if piece.box.intersects(room)]
    spots = None
    for pieces in arrangements:
        boxes = np.array([(piece.x, piece.y, piece.x + piece.width, piece.y + piece.height) for piece in pieces])
        if np.ptp(boxes[:, ::2]) > east - west or np.ptp(boxes[:, 1::2]) > north - south:
            continue
        spots = _spots(room, middle) if spots is None else spots
        fits = np.ones(len(spots), dtype=bool)
        for box in boxes:
            here = shapely.box(*(spots + box[:2]).T, *(spots + box[2:]).T)
            fits &= shapely.contains(room, here)
            for other in near:
                fits &= ~shapely.intersects(other, here)
        if fits.any():
            dx, dy = spots[np.argmax(fits)]
            return [piece.moved(dx, dy) for piece in pieces]
    return []


def _spots(room: shapely.Geometry, middle: shapely.Point) -> np.ndarray:
    """Points in a room, the middle first and the nearest to it next."""
    west, south, east, north = room.bounds
    shares = (np.arange(_SPOTS_ACROSS) + 0.5) / _SPOTS_ACROSS
    x, y = np.meshgrid(west + shares * (east - west), south + shares * (north - south))
    grid = np.column_stack([x.ravel(), y.ravel()])
    grid = grid[shapely.contains_xy(room, grid)]
    first = np.array([[middle.x, middle.y]])
    return np.vstack([first, grid[np.argsort(np.hypot(*(grid - first).T), kind="stable")]])


def _beside(marks: Sequence[Piece], middle: shapely.Point, others: Sequence[Piece]) -> list[Piece]:
    """``marks`` over or beside an area that has no room for them, as near as they cover none of ``others``."""
    row = _stacked([marks], _EDGE)
    taken = shapely.union_all([piece.box for piece in others])
    for reach in _REACHES:
        for turn in np.arange(8) * np.pi / 4 - np.pi / 2:
            here = [piece.moved(middle.x + reach * np.cos(turn), middle.y + reach * np.sin(turn)) for piece in row]
            if not any(piece.box.intersects(taken) for piece in here):
                return [replace(piece, at=(middle.x, middle.y)) if reach else piece for piece in here]
    return [piece.moved(middle.x, middle.y) for piece in row]


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


def _ground(fitted: Ground, names: Sequence[str], shown: Sequence[str], appearance: Appearance) -> Iterator[str]:
    """Water, areas, borders and roads, from below to above."""
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
    borders = "".join(_path(shape) for shape in fitted.areas if not shapely.is_empty(shape))
    yield _line("borders", borders, colours["border"], gap)
    yield _line("communities", _path(fitted.communities), colours["border"], gap * 2.1)
    for shape in shapely.intersection(fitted.roads, fitted.whole):
        yield _line("road", _path(shape), colours["road"], gap * 1.4)


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
        left = x - text_width(piece.text, piece.size, True) / 2
        yield _text("pin-number", piece.text, left, y + piece.size * 0.36, piece.size, True, colours["on_pin"])
    elif piece.kind == "badge":
        yield _badge(piece, changes[piece.area] > 0, colours["pin"], colours["on_pin"])
    else:
        tier = shown[piece.area]
        base = piece.y + piece.size * _BASELINE
        colour = appearance.looks[tier].on_fill
        yield _text(piece.kind, piece.text, piece.x, base, piece.size, tier in tiers.ABOVE_ROUTINE, colour)


def _text(kind: str, text: str, x: float, y: float, size: float, bold: bool, colour: str) -> str:
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" font-size="{size:g}"{weight} fill="{colour}">'
        f"{escape(text)}</text>"
    )


def _badge(piece: Piece, heavier: bool, ink: str, ground: str) -> str:
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
