"""Where names, pins and marks stand on a map of a picture.

A name stands whole inside its own area and over nothing else, or it is left out: its room is measured with the widths
of the font that writes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
import shapely

from analytics import tiers
from analytics.briefing.font import require_signs, widths
from analytics.drawing.ground import Ground

SMALLEST = 11
"""Of a name, in pixels of a picture 1920 wide: the least that is read on a wall."""

_SIZES = (20, 19, 18, 17, 16, 15, 14, 13, 12, SMALLEST)
_BOLD_SIZES = (22, 21, *_SIZES)
_MARK = 0.8  # of the size of the name that follows it
_GAP = 0.3  # of that size, between what stands in one row
_LINE = 1.12  # height of a line
_PIN, _SMALL_PIN = 28, 22
_BADGE, _SMALL_BADGE = 19, 14
_EDGE, _WIDE_EDGE = 2.5, 5  # kept free between a name and the border of its area: at least, and where it can be had
_WIDE_FROM = 15  # below this size the room is worth more than the edge
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


class _Marked(NamedTuple):
    """An area and what is written on it beside its name: the mark of its tier, its pin's number, whether it changed."""

    area: int
    tier: str
    hatched: bool
    pin: int | None
    change: int | None


def placed(
    fitted: Ground,
    names: Sequence[str],
    shown: Sequence[str],
    *,
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
        whole = _Marked(area, shown[area], hatched, pins.get(area), changes.get(area))
        middle = fitted.labels[area]
        for room, smallest in ((wide[area], _WIDE_FROM), (narrow[area], SMALLEST)):
            across = np.ptp(room.bounds[::2])
            if pieces := _settled(room, middle, _named(names[area], smallest, across, whole), others):
                return pieces
        return apart(area, others) or _settled(narrow[area], middle, _nameless(whole), others)

    def apart(area: int, others: Sequence[Piece]) -> list[Piece]:
        """The name where it has room, and the mark of change where that has some."""
        if area not in changes:
            return []
        room, middle = narrow[area], fitted.labels[area]
        still = _Marked(area, shown[area], hatched, pins.get(area), None)
        named = _settled(room, middle, _named(names[area], SMALLEST, np.ptp(room.bounds[::2]), still), others)
        alone = _stacked([_badges(still._replace(change=changes[area]), _SMALL_BADGE)], 0)
        mark = _settled(room, middle, iter([alone]), [*others, *named])
        return [*named, *mark] if named and mark else []

    inside = {area: settled(area, []) for area in marked}
    found = [piece for pieces in inside.values() for piece in pieces]
    outside: list[Piece] = []
    for area in (area for area, pieces in inside.items() if not pieces):
        plain = _Marked(area, "", hatched=False, pin=pins.get(area), change=changes.get(area))
        marks = _leads(plain, SMALLEST) + _badges(plain, _SMALL_BADGE)
        outside += _beside(marks, fitted.labels[area], found + outside)
    for area in np.flatnonzero(~shapely.is_empty(narrow)).tolist():
        if area not in pins and area not in changes:
            found += settled(area, outside)
    return found + outside


def text_width(text: str, size: float, *, bold: bool) -> float:
    """How wide the font writes a text."""
    advances = widths(bold=bold)
    return size * sum(advances.get(ord(sign), 0) for sign in text)


def _named(name: str, smallest: float, across: float, whole: _Marked) -> Iterator[list[Piece]]:
    """What may stand on an area that is so wide, around (0, 0): all of it, in the largest letters first."""
    bold = whole.tier in tiers.ABOVE_ROUTINE
    share = text_width(name, 1, bold=bold)
    for size in _BOLD_SIZES if bold else _SIZES:
        if not name or size < smallest:
            return
        if share * size > across:
            continue
        written = Piece("name", whole.area, name, size, 0, 0, share * size, size * _LINE)
        leads = _leads(whole, size)
        badges = _badges(whole, _BADGE if size >= _WIDE_FROM else _SMALL_BADGE)
        gap = size * _GAP
        yield _stacked([[*leads, written, *badges]], gap)
        if whole.pin is not None or badges:
            yield _stacked([[*leads, *badges], [written]], gap)
        if leads and badges:
            yield _stacked([badges, [*leads, written]], gap)
            yield _stacked([leads, badges, [written]], gap)


def _nameless(whole: _Marked) -> Iterator[list[Piece]]:
    """What may stand on an area that has no room for its name."""
    for size, badge in ((16, _BADGE), (13, _SMALL_BADGE), (10, _SMALL_BADGE)):
        pieces = [*_leads(whole, size), *_badges(whole, badge)]
        if pieces:
            yield _stacked([pieces], size * _GAP)
        if len(pieces) > 1:
            yield _stacked([[piece] for piece in pieces], size * _GAP)


def _leads(whole: _Marked, size: float) -> list[Piece]:
    """The number of an area, or the mark of its tier where that tier is marked."""
    if whole.pin is not None:
        across = _PIN if size >= _WIDE_FROM else _SMALL_PIN
        return [Piece("pin", whole.area, str(whole.pin), across * 0.66, 0, 0, across, across)]
    bold = whole.tier in tiers.ABOVE_ROUTINE
    if bold or whole.hatched:
        small, mark = size * _MARK, tiers.LOOKS[whole.tier].mark
        return [Piece("mark", whole.area, mark, small, 0, 0, text_width(mark, small, bold=bold), small * _LINE)]
    return []


def _badges(whole: _Marked, across: float) -> list[Piece]:
    return [Piece("badge", whole.area, "", across, 0, 0, across, across)] if whole.change else []


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
