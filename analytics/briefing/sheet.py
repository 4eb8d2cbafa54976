"""The sheet: a whole release on one page, for a screen or for paper, as a picture or as a PDF with text to select."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import shapely

from analytics import PROGRAM, tiers
from analytics.briefing.appearance import Appearance
from analytics.briefing.content import MOST_FOCUS, Area, Briefing, TierCount
from analytics.briefing.map import map_of, mark_files
from analytics.briefing.map_patterns import TILE, pattern
from analytics.briefing.paper import measure_of
from analytics.briefing.typesetting import Form, typeset
from analytics.errors import BriefingError
from analytics.file_kinds import Size
from analytics.marks import KEEPING
from analytics.wording.briefing import with_cause
from analytics.wording.tiers import mark_count
from analytics.words import say

_POINTS_AN_INCH = 72
_MARGIN, _GAP = 36, 14
_LEFT_SHARE = 0.565
_MAP_HEAD, _MAP_FOOT, _CARD_PADDING = 74, 40, 22
_NOTICE, _CARRIED = 46, 18
"""Height of a line over the finding, that data are interrupted or an order is in force, and of how many in a tier are
carried on; each only where it is so."""
_HEIGHTS_OF_CHANGES = (172, 172, 204, 232)
"""By the rows of moves; without a release before there is one bar and no row."""
_HEIGHT_OF_FIRST = 124
_ROWS_OF_MOVES: Mapping[str, bool | None] = {"heavier": True, "lighter": False, "unclear": None}


@dataclass(frozen=True)
class _Page:
    """``width`` and ``height`` in units, of which a letter of 11 is the smallest to be read; ``unit`` in points."""

    width: float
    height: float
    unit: float
    pixels_an_inch: float


# A screen's unit is a pixel of 1920; on paper it is a little larger, since paper is read from nearby but is small.
_PAGES: Mapping[Size, _Page] = {
    "1080p": _Page(1920, 1080, 0.5, 2 * _POINTS_AN_INCH),
    "4k": _Page(1920, 1080, 0.5, 4 * _POINTS_AN_INCH),
    "a4": _Page(1680, 1680 * 210 / 297, 297 / 25.4 * _POINTS_AN_INCH / 1680, 300),
}


def sheet(briefing: Briefing, form: Form, *, appearance: Appearance | None = None, size: Size = "1080p") -> bytes:
    """The sheet as a PNG (1920×1080, 3840×2160, or A4 across at 300 pixels an inch), a PDF or an SVG.

    Raises :class:`BriefingError`, and makes nothing, where the release has no shapes, the font lacks a sign, or a text
    does not fit its place even in the smallest letters.
    """
    if briefing.shapes is None:
        raise BriefingError.because("briefing.no_shapes")
    appearance, page = appearance or Appearance(), _PAGES[size]
    changes = _change_texts(briefing)
    parts = _layout(page, _height_of(changes), briefing)
    box = parts["drawing"]
    drawing = map_of(briefing, box["width"], box["height"], appearance)
    data = {
        **_look(appearance),
        **_texts(briefing, changes, drawing.unmarked),
        "page": asdict(page),
        "parts": parts,
        "places": _places(briefing),
    }
    return typeset(
        "sheet", data, form, page.pixels_an_inch, {"map.svg": drawing.svg.encode(), **mark_files(appearance)}
    )


def _height_of(changes: Mapping[str, object]) -> float:
    """Of the panel of changes: what it does not need is left to the focus areas."""
    return _HEIGHT_OF_FIRST if changes["first"] else _HEIGHTS_OF_CHANGES[len(changes["rows"])]


def _layout(page: _Page, moves: float, briefing: Briefing) -> Mapping[str, Mapping[str, float]]:
    """The box of each part, in units; ``moves`` is the height of the panel of changes."""
    inner = page.width - 2 * _MARGIN
    left = round(inner * _LEFT_SHARE)
    right, column = inner - left - _GAP, _MARGIN + left + _GAP
    more = _NOTICE * len(briefing.notices)
    top, foot = 148 + more, page.height - 60
    head = _MAP_HEAD + (_CARRIED if briefing.carried else 0)
    bottom = foot - 10
    trend, cards = 202, 140
    map_bottom = bottom - trend - _GAP
    moves_top = top + cards + _GAP
    focus_top = moves_top + moves + _GAP

    def box(x: float, y: float, width: float, height: float) -> Mapping[str, float]:
        return {"x": x, "y": y, "width": width, "height": height}

    return {
        "title": box(_MARGIN, 18, inner, 56),
        "finding": box(_MARGIN, 82, inner, 54 + more),
        "map": box(_MARGIN, top, left, map_bottom - top),
        "drawing": box(
            _MARGIN + _CARD_PADDING,
            top + head,
            left - 2 * _CARD_PADDING,
            map_bottom - top - head - _MAP_FOOT,
        ),
        "trend": box(_MARGIN, bottom - trend, left, trend),
        "cards": box(column, top, right, cards),
        "changes": box(column, moves_top, right, moves),
        "focus": box(column, focus_top, right, bottom - focus_top),
        "foot": box(_MARGIN, foot, inner, 44),
    }


def _look(appearance: Appearance) -> Mapping[str, object]:
    looks = {}
    for tier in tiers.SHOWN:
        lines = pattern(tier, appearance)
        looks[tier] = {**asdict(appearance.looks[tier]), "pattern": asdict(lines) if lines else None}
    return {"theme": appearance.theme, "colours": dict(appearance.colours), "tiers": looks, "tile": TILE}


def _texts(briefing: Briefing, changes: Mapping[str, object], unmarked: int) -> Mapping[str, object]:
    """All that is written on the sheet, the names on the map aside; so many areas are ``unmarked`` on that."""
    lang = briefing.lang
    return {
        "lang": lang,
        "title": briefing.title,
        "program": PROGRAM,
        "place": briefing.place,
        "period": briefing.period,
        "draft": briefing.number is None,
        "cut_off": briefing.cut_off,
        "finding_label": briefing.finding_label,
        "finding": briefing.finding,
        "notices": briefing.notices,
        "carried": say(lang, "tiers.carried_short"),
        "counts": [asdict(count) | {"kept": _kept(briefing, count)} for count in briefing.counts],
        "map": _map_texts(briefing, unmarked),
        "cards": [asdict(card) for card in briefing.cards],
        "changes": changes,
        "trend": {
            "heading": say(lang, "sheet.trend", n=len(briefing.weeks)),
            "weeks": [
                {"label": week.label, "counts": dict(week.counts), "raised": week.raised} for week in briefing.weeks
            ],
        },
        "focus": _focus_texts(briefing),
        "foot": _foot(briefing),
    }


def _map_texts(briefing: Briefing, unmarked: int) -> Mapping[str, object]:
    lang, shapes = briefing.lang, briefing.shapes
    levels = set(shapes["level"].dropna())
    level = levels.pop() if len(levels) == 1 else "mixed"
    undrawn = int((shapely.is_missing(shapes.geometry) | shapely.is_empty(shapes.geometry)).sum())
    keys = {"pin": say(lang, "sheet.key_pin")} if briefing.focus else {}
    keys |= {mark: mark_count(lang, mark, n) for mark, n in briefing.marks.items()}
    notes = [say(lang, "sheet.undrawn", n=undrawn)] if undrawn else []
    if unmarked:
        notes.append(say(lang, "sheet.unmarked", n=unmarked))
    return {
        "heading": say(lang, "sheet.map"),
        "level": say(lang, f"sheet.level_{level}", n=len(shapes)),
        "keys": keys,
        "notes": [*notes, briefing.base_map],
    }


def _kept(briefing: Briefing, count: TierCount) -> str:
    """How many areas of a tier are carried on; nothing where none is."""
    return say(briefing.lang, "tiers.carried_count", n=count.carried) if count.carried else ""


def _change_texts(briefing: Briefing) -> Mapping[str, object]:
    lang = briefing.lang
    rows = []
    for row, heavier in _ROWS_OF_MOVES.items():
        items = [
            {
                "before": move.before,
                "after": move.after,
                "carried": move.carried,
                "name": name,
                "cause": cause,
                "said": with_cause(lang, name, cause),
            }
            for move in briefing.moves
            if move.raised is heavier
            for name, cause in zip(move.names, move.causes, strict=True)
        ]
        if items:
            rows.append({"row": row, "label": say(lang, f"sheet.row_{row}"), "items": items})
    return {
        "heading": say(lang, "sheet.changes"),
        "against": briefing.against,
        "last": say(lang, "sheet.last"),
        "this": say(lang, "sheet.this"),
        "first": all(count.before is None for count in briefing.counts),
        "rows": rows,
        "none": say(lang, "sheet.no_moves"),
        "more": say(lang, "sheet.more", n="{n}"),  # how many are left out is known when the row is laid out
    }


def _focus_texts(briefing: Briefing) -> Mapping[str, object]:
    lang, rated = briefing.lang, len(briefing.focus)
    if not rated:
        few = say(lang, "sheet.focus_none")
    else:
        few = say(lang, "sheet.focus_few", n=rated) if rated < MOST_FOCUS else ""
    return {
        "heading": say(lang, "sheet.focus"),
        "rows": MOST_FOCUS,
        "note": say(lang, "sheet.focus_note"),
        "few": few,
        "more": say(lang, "sheet.more_reasons", n="{n}"),
        "areas": [_focus_area(briefing, area) for area in briefing.focus],
    }


def _focus_area(briefing: Briefing, area: Area) -> Mapping[str, object]:
    lang = briefing.lang
    return {
        "rank": area.rank,
        "name": area.brief,
        "whole": area.name if area.name != area.brief else area.parent,
        "tier": area.tier,
        "tier_name": say(lang, f"tiers.{area.tier}"),
        "carried": area.carried,
        "marks": [mark for mark in area.marks if mark in KEEPING],
        "score": say(lang, "tiers.carried_short") if area.carried else area.score,
        "change": area.change,
        "firmness": area.firmness,
        "why": list(area.why),
        "measure": say(lang, "sheet.measure", measure=measure_of(briefing, area)) if area.measure else "",
    }


def _foot(briefing: Briefing) -> Mapping[str, object]:
    return {
        "left": [
            [briefing.scheme, briefing.cuts, briefing.order],
            [text for text in (briefing.source,) if text],
        ],
        "right": [
            [briefing.period, say(briefing.lang, "sheet.code", code=briefing.code)],
            [text for text in (briefing.heading, briefing.notice) if text],
        ],
    }


def _places(briefing: Briefing) -> Mapping[str, str]:
    """What a part of the sheet is called where a text does not fit it."""
    parts = ("title", "finding", "map", "cards", "changes", "trend", "focus", "foot")
    return {part: say(briefing.lang, f"sheet.part_{part}") for part in parts}
