"""The map of a slide: one native shape for each area, with its name and marks where they have room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from pptx.slide import Slide

from analytics import tiers
from analytics.briefing.appearance import Appearance
from analytics.briefing.content import Area, Briefing
from analytics.briefing.map import inside_edge
from analytics.briefing.slides_canvas import Canvas, Fill, Run
from analytics.briefing.slides_text import SMALLEST, width_of
from analytics.briefing.slides_theme import ACCENT
from analytics.drawing.ground import LABEL_ASPECT, Ground
from analytics.marks import FORMS
from analytics.wording.tiers import mark_name, tier_name
from analytics.words import say

_COARSE = 0.25  # points: a corner that moves by less is not seen on a slide
_INSET = 2.2  # of the dotted line of a tier that is carried on
_LARGEST = 13
_LARGEST_SIGN = 11
_SMALLEST_SIGN = 7  # a mark or a badge alone is told by its form at less than the size of a text
_NAMES_FROM = 0.25  # a few names on a map of hundreds would say that these areas matter more

_PATTERNS = {"red": "dkDnDiag", "orange": "wdUpDiag", "yellow": "pct20", "blue": "narHorz", "green": "ltVert"}


def fill_of(tier: str, appearance: Appearance) -> Fill:
    """The look of an area of this tier: the theme's accent, hatched where asked for, and always without a tier."""
    if tier == tiers.UNKNOWN:
        return Fill(appearance.looks[tier].fill, "ltUpDiag", appearance.colours["hatch"])
    if appearance.hatched:
        return Fill(ACCENT[tier], _PATTERNS[tier])
    return Fill(ACCENT[tier])


def draw_map(
    canvas: Canvas,
    briefing: Briefing,
    ground: Ground,
    at: tuple[float, float],
    appearance: Appearance,
    leads: Callable[[str], Slide],
) -> None:
    """Draw all areas that have a shape, with water and roads behind, names and marks on them."""
    _draw_context(canvas, briefing, ground, at, appearance)
    told = {area.area_id: area for area in briefing.areas}
    order = [str(area_id) for area_id in briefing.shapes.index]
    shapes = _coarser(ground.areas)
    pins = {area.area_id: area.rank for area in briefing.focus}
    weight = 1.25 if len(order) <= 150 else 0.5
    if _share_named(briefing, ground) < _NAMES_FROM:
        told = {area_id: replace(area, brief="") for area_id, area in told.items()}
    signs = []
    for area_id, shape, middle, room in zip(order, shapes, ground.labels, ground.rooms, strict=True):
        if shapely.is_empty(shape):
            continue
        area = told[area_id]
        slot = _Slot(*shapely.get_coordinates(middle)[0], room) if room > 0 else None
        tokens = _arranged(area, slot, appearance, pin=pins.get(area_id)) if slot else ()
        label = None
        for token in tokens:
            if token.kind == "name":
                bold = area.tier in tiers.ABOVE_ROUTINE
                run = Run(token.text, token.size, bold=bold, colour=appearance.looks[area.tier].on_fill)
                label = ((run,), (token.x - token.width / 2, token.y - token.size, token.width, 2 * token.size))
            else:
                signs.append((area, token))
        canvas.freeform(
            area.name,
            shape,
            at=at,
            fill=fill_of(area.tier, appearance),
            outline="bg1",
            weight=weight,
            about=alt_text(briefing, area),
            label=label,
            leads=leads(area_id),
        )
        if area.carried:
            _draw_carried(canvas, briefing, area, shape, at, appearance)
    # Pins come last, so that no neighbour covers one; the first rank lies on top.
    for area, token in sorted(signs, key=lambda pair: -pair[0].rank):
        _draw_sign(canvas, briefing, area, token, at, appearance, leads(area.area_id))


def draw_locator(
    canvas: Canvas, briefing: Briefing, ground: Ground, at: tuple[float, float], appearance: Appearance, area: Area
) -> bool:
    """Draw where one area lies in the whole; False, and nothing, where it has no shape."""
    shape = ground.areas[[str(area_id) for area_id in briefing.shapes.index].index(area.area_id)]
    if shapely.is_empty(shape):
        return False
    whole = shapely.simplify(ground.whole, 2 * _COARSE)
    canvas.freeform(
        say(briefing.lang, "slides.whole"), whole, at=at, fill=Fill("bg2"), outline=appearance.colours["line"]
    )
    canvas.freeform(
        area.name,
        shapely.simplify(shape, _COARSE),
        at=at,
        fill=fill_of(area.tier, appearance),
        outline="tx1",
        weight=0.75,
        about=alt_text(briefing, area),
    )
    return True


def _draw_carried(
    canvas: Canvas, briefing: Briefing, area: Area, shape: shapely.Geometry, at: tuple[float, float],
    appearance: Appearance,
) -> None:  # fmt: skip
    """A dotted line inside the edge of an area whose tier is carried on."""
    dotted = inside_edge(shape, _INSET)
    if not shapely.is_empty(dotted):
        said = say(briefing.lang, "tiers.carried", tier=area.name)
        canvas.freeform(said, dotted, at=at, outline=appearance.looks[area.tier].on_fill, weight=1, dotted=True)


def _share_named(briefing: Briefing, ground: Ground) -> float:
    """Of how many areas the name has room at the smallest size."""
    briefs = {area.area_id: area.brief for area in briefing.areas}
    fit = [
        _placed([[("name", briefs[str(area_id)])]], SMALLEST, _Slot(0, 0, room), bold=False) is not None
        for area_id, room in zip(briefing.shapes.index, ground.rooms, strict=True)
        if room > 0
    ]
    return sum(fit) / max(1, len(fit))


def alt_text(briefing: Briefing, area: Area) -> str:
    """An area's name, tier and score, for who cannot see the map; no count of people."""
    if area.tier == tiers.UNKNOWN:
        return say(briefing.lang, "slides.alt_unknown", name=area.name)
    tier = tier_name(briefing.lang, area.tier, carried=area.carried)
    return say(briefing.lang, "slides.alt", name=area.name, tier=tier, score=area.score_beside)


@dataclass(frozen=True)
class _Slot:
    """The middle of the room for a label and half its height; it is an ellipse of twice that width."""

    x: float
    y: float
    room: float


@dataclass(frozen=True)
class _Token:
    """A part of a label: the name with its mark, a pin with a rank, or a badge of a change; its middle and size."""

    kind: str
    text: str
    size: float
    width: float
    x: float
    y: float


def _arranged(area: Area, slot: _Slot, appearance: Appearance, *, pin: int | None) -> Sequence[_Token]:
    """The fullest label that fits: all in a row, stacked, or signs alone; a pin is there whether it fits or not."""
    marked = area.tier in tiers.ABOVE_ROUTINE or appearance.hatched
    mark = appearance.looks[area.tier].mark
    pinned = [("pin", f"{pin}")] if pin is not None else []
    moved = [("badge", one) for one in area.marks]
    signs = pinned + moved or ([("name", mark)] if marked else [])
    # The figure of a pin has to be read; a mark is known by its form.
    least = SMALLEST if pinned else _SMALLEST_SIGN
    ways = [(_LARGEST_SIGN, least, [signs]), (_LARGEST_SIGN, least, [signs[:1]])]
    if area.brief:
        named = ("name", f"{mark} {area.brief}" if marked and pin is None else area.brief)
        full = [[[*pinned, named, *moved]], [[*pinned, *moved], [named]], [[*pinned, named], moved]]
        ways = [*((_LARGEST, SMALLEST, rows) for rows in full), *ways]
    for largest, smallest, rows in ways:
        there = [row for row in rows if row]
        for size in range(largest, smallest - 1, -1) if there else ():
            placed = _placed(there, size, slot, bold=area.tier in tiers.ABOVE_ROUTINE)
            if placed is not None:
                return placed
    if pinned:
        return _placed([pinned], SMALLEST, _Slot(slot.x, slot.y, 1e6), bold=True)
    return ()


def _placed(rows: list[list[tuple[str, str]]], size: float, slot: _Slot, *, bold: bool) -> Sequence[_Token] | None:
    """The parts of a label at a size, row under row, or None where a row's corner leaves the ellipse."""
    high, gap = 1.35 * size, 0.3 * size
    made = []
    for number, row in enumerate(rows):
        middle = (number - (len(rows) - 1) / 2) * high
        widths = [_width(kind, text, size, bold=bold) for kind, text in row]
        across = sum(widths) + gap * (len(row) - 1)
        tall = abs(middle) + 0.45 * size
        if (across / 2 / (LABEL_ASPECT * slot.room)) ** 2 + (tall / slot.room) ** 2 > 1:
            return None
        left = slot.x - across / 2
        for (kind, text), width in zip(row, widths, strict=True):
            made.append(_Token(kind, text, size, width, left + width / 2, slot.y + middle))
            left += width + gap
    return made


def _width(kind: str, text: str, size: float, *, bold: bool) -> float:
    return {"pin": 1.5 * size, "badge": 1.2 * size}.get(kind) or width_of(text, size, bold=bold)


def _draw_sign(
    canvas: Canvas,
    briefing: Briefing,
    area: Area,
    token: _Token,
    at: tuple[float, float],
    appearance: Appearance,
    leads: Slide,
) -> None:
    colours = appearance.colours
    place = (at[0] + token.x - token.width / 2, at[1] + token.y - token.width / 2, token.width, token.width)
    if token.kind == "pin":
        line = (Run(token.text, token.size, bold=True, colour=colours["on_pin"]),)
        name = say(briefing.lang, "slides.pin", rank=area.rank, name=area.name)
        fill, outline = Fill(colours["pin"]), colours["on_pin"]
    else:
        line = (Run(FORMS[token.text].sign, 0.75 * token.size, bold=True, colour=colours["pin"]),)
        name = say(briefing.lang, "slides.badge", name=area.name, mark=mark_name(briefing.lang, token.text))
        fill, outline = Fill(colours["on_pin"]), colours["pin"]
    canvas.box(name, place, (line,), fill=fill, outline=outline, form="ellipse", align="ctr", anchor="ctr", leads=leads)


def _draw_context(
    canvas: Canvas, briefing: Briefing, ground: Ground, at: tuple[float, float], appearance: Appearance
) -> None:
    """Water and roads, as far as they come near the areas, each kind as one shape."""
    west, south, east, north = ground.whole.bounds
    near = shapely.box(west - 6, south - 6, east + 6, north + 6)
    for kind, parts, name in (("water", ground.water, "slides.water"), ("road", ground.roads, "slides.road")):
        if not len(parts):
            continue
        shape = shapely.simplify(shapely.intersection(shapely.union_all(parts), near), _COARSE)
        if shapely.is_empty(shape):
            continue
        colour, said = appearance.colours[kind], say(briefing.lang, name)
        if kind == "water":
            canvas.freeform(said, shape, at=at, fill=Fill(colour))
        else:
            canvas.freeform(said, shape, at=at, outline=colour, weight=1.5)


def _coarser(shapes: np.ndarray) -> np.ndarray:
    """The shapes with only the corners that can be seen; one that would vanish keeps all of its own."""
    slim = shapely.coverage_simplify(shapes, _COARSE)
    return np.where(shapely.is_empty(slim) | ~shapely.is_valid(slim), shapes, slim)
