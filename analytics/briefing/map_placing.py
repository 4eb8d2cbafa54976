"""Where names, pins and marks stand on a map of a picture.

A name stands whole inside its own area and over nothing else, or it is left out: its room is measured with the widths
of the font that writes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
import shapely

from analytics import tiers
from analytics.briefing.font import require_signs, widths
from analytics.drawing.ground import Ground
from analytics.marks import Mark

SMALLEST = 11
"""Of a name, in pixels of a picture 1920 wide: the least that is read on a wall."""

_SIZES = (20, 19, 18, 17, 16, 15, 14, 13, 12, SMALLEST)
_BOLD_SIZES = (22, 21, *_SIZES)
_MARK = 0.8  # of the size of the name that follows it
_GAP = 0.3  # of that size, between what stands in one row
_LINE = 1.12  # height of a line
_PIN, _SMALL_PIN = 28, 22
_BADGE, _SMALL_BADGE = 19, 14
_LEAST = 5  # less wide than this nothing can be written
_EDGE, _WIDE_EDGE = 2.5, 5  # kept free between a name and the border of its area: at least, and where it can be had
_WIDE_FROM = 15  # below this size the room is worth more than the edge
_SPOTS_ACROSS = 15
_REACHES = range(0, 240, 5)  # how far a mark moves from an area that is too small for it

MOST_BESIDE = 40
"""So many marks may stand beside their areas with a line to them; more of them would hide the map."""

Kind = Literal["name", "mark", "pin", "badge"]


class Piece(NamedTuple):
    """What stands on the area at a position: its box, from the top left; the ``text`` of a badge is its mark; ``at``:
    for a pin or a badge that had no room on its own ground, the point of that ground to which a line leads."""

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
        return self._replace(x=self.x + dx, y=self.y + dy)


class _Marked(NamedTuple):
    """An area and what is written on it beside its name: the mark of its tier, its pin's number, and its marks."""

    area: int
    tier: str
    hatched: bool
    pin: int | None
    marks: Sequence[Mark]


def placed(
    fitted: Ground,
    names: Sequence[str],
    shown: Sequence[str],
    *,
    hatched: bool,
    pins: Mapping[int, int],
    marks: Mapping[int, Sequence[Mark]],
) -> list[Piece]:
    """Where names, marks of tiers, pins and ``marks`` stand on a ground in the units of a page.

    No two of them cover each other. A pin is always there, and so are the marks of an area: where it is too small for
    them they stand beside it, with a line to it; unless more than ``MOST_BESIDE`` had to: then those are left out.
    """
    require_signs(names)
    placing = _Placing(fitted, names, shown, hatched, pins, marks)
    there = ~shapely.is_empty(fitted.areas)
    marked = sorted({*pins, *marks}, key=lambda area: (pins.get(area, np.inf), area))
    inside = {area: placing.settled(area, _NOWHERE) for area in marked if there[area]}
    found = [piece for pieces in inside.values() for piece in pieces]
    homeless = {area: None for area, pieces in inside.items() if not pieces}
    few = len(homeless) <= MOST_BESIDE
    outside: list[Piece] = []
    for area in homeless:
        plain = _Marked(area, "", hatched=False, pin=pins.get(area), marks=marks.get(area, ()) if few else ())
        if signs := _leads(plain, SMALLEST) + _badges(plain, _SMALL_BADGE):
            outside += _beside(signs, fitted.labels_of(np.array([area]))[0], _boxes(found + outside))
    taken, done = _boxes(outside), {*pins, *marks} - set(() if few else homeless)
    plainly = replace(placing, marks={})
    for area in np.flatnonzero(there).tolist():
        if area not in done and area not in pins:
            found += plainly.settled(area, taken)
    return found + outside


@dataclass(frozen=True)
class _Placing:
    """What is to be placed on a ground, as :func:`placed` says."""

    fitted: Ground
    names: Sequence[str]
    shown: Sequence[str]
    hatched: bool
    pins: Mapping[int, int]
    marks: Mapping[int, Sequence[Mark]]

    @cached_property
    def _rooms(self) -> tuple[_Rooms, _Rooms]:
        """With a wide edge and with a narrow one."""
        wide, narrow = (_Rooms.of(self._inside(edge)) for edge in (_WIDE_EDGE, _EDGE))
        return wide, narrow

    def _inside(self, edge: float) -> np.ndarray:
        """The areas without their edge; nothing of those that are too small: of thousands most are."""
        bounds = shapely.bounds(self.fitted.areas)
        enough = bounds[:, 2] - bounds[:, 0] >= _LEAST + 2 * edge
        inside = np.full(len(enough), shapely.Polygon(), dtype=object)
        inside[enough] = shapely.buffer(self.fitted.areas[enough], -edge)
        return inside

    @cached_property
    def _middles(self) -> Mapping[int, np.ndarray]:
        """The middle of the label of each area that can be written on: of thousands of areas few can."""
        written = np.flatnonzero(self._rooms[-1].across >= _LEAST)
        middles = shapely.get_coordinates(self.fitted.labels_of(written))
        return dict(zip(written.tolist(), middles, strict=True))

    def settled(self, area: int, others: np.ndarray) -> list[Piece]:
        """What stands on the ground of an area itself, over none of the boxes ``others``; nothing where it has no room
        for its pin and its marks."""
        narrow = self._rooms[-1]
        if not narrow.across[area] >= _LEAST:
            return []
        whole = _Marked(area, self.shown[area], self.hatched, self.pins.get(area), self.marks.get(area, ()))
        middle = self._middles[area]
        for room, smallest in zip(self._rooms, (_WIDE_FROM, SMALLEST), strict=True):
            named = _named(self.names[area], smallest, room.across[area], whole)
            if pieces := _settled(room, area, middle, named, others):
                return pieces
        return self._apart(whole, others) or _settled(narrow, area, middle, _nameless(whole), others)

    def _apart(self, whole: _Marked, others: np.ndarray) -> list[Piece]:
        """The name where it has room, and the marks where they have some."""
        if not whole.marks:
            return []
        area, narrow, middle = whole.area, self._rooms[-1], self._middles[whole.area]
        still = whole._replace(marks=())
        named = _settled(narrow, area, middle, _named(self.names[area], SMALLEST, narrow.across[area], still), others)
        if not named:
            return []
        badges = _badges(whole, _SMALL_BADGE)
        ways = iter([_stacked([badges], _EDGE), _stacked([[badge] for badge in badges], _EDGE)])
        found = _settled(narrow, area, middle, ways, np.vstack([others, _boxes(named)]))
        return [*named, *found] if found else []


def text_width(text: str, size: float, *, bold: bool) -> float:
    """How wide the font writes a text."""
    advances = widths(bold=bold)
    return size * sum(advances.get(ord(sign), 0) for sign in text)


def _named(name: str, smallest: float, across: float, whole: _Marked) -> Iterator[list[Piece]]:
    """What may stand on an area that is so wide, around (0, 0): all of it, in the largest letters first."""
    bold = whole.tier in tiers.ABOVE_ROUTINE
    share = text_width(name, 1, bold=bold)
    if not name or not share * smallest <= across:  # of what has no room at all the width is no number
        return
    for size in _BOLD_SIZES if bold else _SIZES:
        if size < smallest:
            return
        if share * size > across:
            continue
        written = Piece("name", whole.area, name, size, 0, 0, share * size, size * _LINE)
        leads = _leads(whole, size)
        badges = _badges(whole, _BADGE if size >= _WIDE_FROM else _SMALL_BADGE)
        gap = size * _GAP
        yield _stacked([[*leads, written, *badges]], gap)
        if badges:
            yield _stacked([[*leads, written], badges], gap)
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
    return [Piece("badge", whole.area, mark, across, 0, 0, across, across) for mark in whole.marks]


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


@dataclass(frozen=True)
class _Rooms:
    """The ground of each area that may be written on; ``bounds`` (areas, 4) and ``across``, its width, are not a number
    where there is none."""

    shapes: np.ndarray
    bounds: np.ndarray
    across: np.ndarray
    found: dict[int, np.ndarray] = field(default_factory=dict)  # the spots of areas that were asked for

    @classmethod
    def of(cls, shapes: np.ndarray) -> _Rooms:
        bounds = shapely.bounds(shapes)
        return cls(shapes, bounds, bounds[:, 2] - bounds[:, 0])

    def spots(self, area: int, middle: np.ndarray) -> np.ndarray:
        """Points (n, 2) in a room, the middle first and the nearest to it next."""
        if area not in self.found:
            room, corner = self.shapes[area], self.bounds[area, :2]
            shapely.prepare(room)
            grid = corner + _GRID * (self.bounds[area, 2:] - corner)
            grid = grid[shapely.contains_xy(room, grid)]
            away = np.square(grid - middle).sum(axis=1)
            self.found[area] = np.vstack([middle, grid[np.argsort(away, kind="stable")]])
        return self.found[area]


_NOWHERE = np.empty((0, 4))
_SHARES = (np.arange(_SPOTS_ACROSS) + 0.5) / _SPOTS_ACROSS
_GRID = np.column_stack([axis.ravel() for axis in np.meshgrid(_SHARES, _SHARES)])
"""Spots spread evenly over a square of 1 by 1."""


def _boxes(pieces: Sequence[Piece]) -> np.ndarray:
    """The boxes of pieces: left, top, right, bottom; (pieces, 4)."""
    boxes = [(piece.x, piece.y, piece.x + piece.width, piece.y + piece.height) for piece in pieces]
    return np.array(boxes, dtype=float).reshape(-1, 4)


def _settled(
    rooms: _Rooms, area: int, middle: np.ndarray, arrangements: Iterator[list[Piece]], others: np.ndarray
) -> list[Piece]:
    """The first arrangement that lies in the room of ``area`` and over none of the boxes ``others``, as near to the
    middle as it can; nothing where none does."""
    spots = near = room = None
    west, south, east, north = rooms.bounds[area].tolist()
    for pieces in arrangements:
        left, top = min(piece.x for piece in pieces), min(piece.y for piece in pieces)
        right = max(piece.x + piece.width for piece in pieces)
        bottom = max(piece.y + piece.height for piece in pieces)
        if not (right - left <= east - west and bottom - top <= north - south):
            continue
        if spots is None:
            room, spots = rooms.shapes[area], rooms.spots(area, middle)
            near = others[_over(others, rooms.bounds[area])]
        # The box around all of it first: a spot from which that leaves the room's bounds need not be tried.
        x, y = spots.T
        within = (x >= west - left) & (x <= east - right) & (y >= south - top) & (y <= north - bottom)
        fitting = spots[within]
        for box in _boxes(pieces):
            if not len(fitting):
                break
            here = np.hstack([fitting, fitting]) + box
            fits = shapely.contains(room, shapely.box(*here.T))
            for other in near:
                fits &= ~_over(here, other)
            fitting = fitting[fits]
        if len(fitting):
            dx, dy = fitting[0].tolist()
            return [piece.moved(dx, dy) for piece in pieces]
    return []


def _over(boxes: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Which of ``boxes`` (any number, 4) cover some of another one."""
    left, top, right, bottom = boxes.T
    return (left < other[2]) & (right > other[0]) & (top < other[3]) & (bottom > other[1])


def _beside(signs: Sequence[Piece], middle: shapely.Point, others: np.ndarray) -> list[Piece]:
    """``signs`` over or beside an area that has no room for them, as near as they cover none of ``others``, boxes."""
    row = _stacked([signs], _EDGE)
    boxes = _boxes(row)
    for reach in _REACHES:
        for turn in np.arange(8) * np.pi / 4 - np.pi / 2:
            x, y = middle.x + reach * np.cos(turn), middle.y + reach * np.sin(turn)
            if not any(_over(others, box).any() for box in boxes + np.array([x, y, x, y])):
                here = [piece.moved(x, y) for piece in row]
                return [piece._replace(at=(middle.x, middle.y)) if reach else piece for piece in here]
    return [piece.moved(middle.x, middle.y) for piece in row]
