"""The slide of one area: its tier then and now, why, and what is to be done."""

from __future__ import annotations

import shapely
from pptx.slide import Slide

from analytics.briefing import slides_parts as parts
from analytics.briefing.content import Area
from analytics.briefing.paper import measure_of
from analytics.briefing.slides_canvas import Canvas, Fill, Run
from analytics.briefing.slides_layout import ACROSS, GAP, TOP, Layout
from analytics.briefing.slides_map import draw_locator
from analytics.briefing.slides_parts import PAD, Column, Row
from analytics.briefing.slides_text import LEADING, SMALLEST, lines_of, size_for, width_of
from analytics.briefing.slides_theme import ACCENT, MARGIN, TITLE_HEIGHT, TITLE_TOP, WIDTH
from analytics.drawing.ground import Ground
from analytics.errors import BriefingError
from analytics.words import say

_FEWEST_PARTS, _REASON_BESIDE = 2, 14
"""Rows of a table of parts that is worth its place, and the size of the reason over it."""

_TIER_HEIGHT = 2 * PAD + 74 + 68  # of the card that names an area's tier, without the map below


def area(layout: Layout, slide: Slide, told: Area, ground: Ground | None, overview: Slide) -> None:
    """One area: its tier then and now, why, what is to be done; a button leads back to the map."""
    briefing, appearance, lang = layout.briefing, layout.appearance, layout.briefing.lang
    back = say(lang, "slides.back" if ground is not None else "slides.back_first")
    button = width_of(f"← {back}", 12) + 2 * PAD
    aside = " · ".join(filter(None, (told.parent, say(lang, "slides.rank_of", rank=told.rank, n=len(briefing.areas)))))
    canvas = layout.begin(
        slide, told.name, aside=aside, width=ACROSS - button - GAP, notes=told.reason, mapped=ground is not None
    )
    canvas.box(
        back,
        (WIDTH - MARGIN - button, TITLE_TOP + (TITLE_HEIGHT - 26) / 2, button, 26),
        ((Run(f"← {back}", 12),),),
        fill=Fill("bg1"),
        outline=appearance.colours["line"],
        form="roundRect",
        align="ctr",
        anchor="ctr",
        leads=overview,
    )
    height = layout.bottom - TOP
    left = (MARGIN, TOP, 330, height if ground is not None else _TIER_HEIGHT)
    _area_tier(canvas, layout, left, told, ground)
    _area_why(canvas, layout, (MARGIN + 330 + GAP, TOP, ACROSS - 330 - GAP, height), told)


def _area_tier(
    canvas: Canvas, layout: Layout, place: tuple[float, float, float, float], told: Area, ground: Ground | None
) -> None:
    briefing, appearance, lang = layout.briefing, layout.appearance, layout.briefing.lang
    left, top, width, height = place
    where = say(lang, "slides.place_area")
    look = appearance.looks[told.tier]
    parts.card(canvas, appearance, place, told.name)
    inner = width - 2 * PAD
    tier = parts.area_tier(briefing, appearance, told)
    meaning = say(lang, "tiers.carried_means" if told.carried else f"tiers.meaning_{told.tier}")
    said = size_for(meaning, inner - 2 * PAD, 13, where, lines=2)
    lines = lines_of(meaning, said, inner - 2 * PAD)
    size = size_for(tier, inner - 2 * PAD, 30 if lines == 1 else 22, where, bold=True)
    canvas.box(
        tier,
        (left + PAD, top + PAD, inner, 66),
        (
            (Run(tier, size, bold=True, colour=look.on_fill),),
            (Run(meaning, said, colour=look.on_fill),),
        ),
        fill=Fill(ACCENT.get(told.tier, look.fill)),
        form="roundRect",
        align="ctr",
        anchor="ctr",
    )
    if told.carried:
        edge = shapely.boundary(shapely.box(4, 4, inner - 4, 62))
        canvas.freeform(meaning, edge, at=(left + PAD, top + PAD), outline=look.on_fill, weight=1.25, dotted=True)
    before = say(lang, "slides.new_area") if told.before is None else parts.tier_text(briefing, appearance, told.before)
    if told.before is None and all(count.before is None for count in briefing.counts):
        before = "—"
    facts = [
        ("slides.score", told.score, told.change),
        ("slides.tier_then", before, ""),
    ]
    rows = []
    for entry, value, more in facts:
        runs = [Run(value, 20 if entry == "slides.score" else 15, bold=True)]
        if more:
            runs.append(Run(f"  {more}", 13, colour="tx2"))
        rows.append(
            (
                34,
                (
                    parts.text_cell(appearance, ((Run(say(lang, entry), 13, colour="tx2"),),)),
                    parts.text_cell(appearance, (runs,), "r"),
                ),
            )
        )
    canvas.table(
        say(lang, "slides.score"), (left + PAD, top + PAD + 74), (inner * 0.4, inner * 0.6), rows, header=False
    )
    under = top + _TIER_HEIGHT
    if ground is not None:
        fitted = ground.fitted(inner, top + height - PAD - under)
        draw_locator(canvas, briefing, fitted, (left + PAD, under), appearance, told)


def _area_why(canvas: Canvas, layout: Layout, place: tuple[float, float, float, float], told: Area) -> None:
    """Why, measure and cadence, and the whole reason, one under the other; the reason takes the size that is left."""
    appearance, lang = layout.appearance, layout.briefing.lang
    left, top, width, height = place
    inner, at = width - 2 * PAD, top + PAD
    parts.card(canvas, appearance, place, say(lang, "slides.why"))
    why = told.why or (say(lang, "slides.no_why"),)
    done = [measure_of(layout.briefing, told) if told.measure else say(lang, "slides.no_measure")]
    blocks = [("slides.why", why, 20, True), ("slides.measure", done, 20, True)]
    if moved := told.reasons.moved():
        blocks.insert(1, ("slides.moved", [moved], 18, False))
    for entry, texts, largest, bold in blocks:
        size = min(_size_of(text, inner, largest, lang, bold=bold) for text in texts)
        tall = sum(LEADING * size * lines_of(text, size, inner, bold=bold) for text in texts)
        heading = say(lang, entry)
        lines = [(Run(heading, 13, colour="tx2"),), *((Run(text, size, bold=bold),) for text in texts)]
        canvas.box(heading, (left + PAD, at, inner, tall + 22), lines, gap=2)
        at += tall + 22 + 10
    canvas.box(say(lang, "slides.reason"), (left + PAD, at, inner, 0.75), fill=Fill(appearance.colours["line"]))
    at += 10
    heading = say(lang, "slides.reason")
    room = top + height - PAD - at - 22
    least = LEADING * _REASON_BESIDE * lines_of(told.reason, _REASON_BESIDE, inner)
    columns, rows = _parts_of(layout, told, inner, room - least - 18)
    tall = sum(row.height for row in rows)
    room -= tall + 18 if rows else 0
    for size in range(18, SMALLEST - 1, -1):
        if LEADING * size * lines_of(told.reason, size, inner) <= room:
            break
    else:
        raise BriefingError.because("briefing.too_long", text=told.reason, place=say(lang, "slides.place_area"))
    canvas.box(
        heading,
        (left + PAD, at, inner, room + 22),
        ((Run(heading, 13, colour="tx2"),), (Run(told.reason, size),)),
        gap=4,
    )
    if rows:
        parts.table(canvas, say(lang, "slides.parts"), (left + PAD, top + height - PAD - tall), columns, rows)


def _parts_of(layout: Layout, told: Area, width: float, room: float) -> tuple[list[Column], list[Row]]:
    """The indicators of an area with their values and what they add, as many as there is room for; no rows where that
    are too few."""
    appearance, lang = layout.appearance, layout.briefing.lang
    value, adds = 200, 90
    columns = [
        Column(say(lang, "slides.col_indicator"), width - value - adds),
        Column(say(lang, "slides.col_value"), value, "r"),
        Column(say(lang, "slides.col_adds"), adds, "r"),
    ]
    rows = []
    for part in told.reasons.parts():
        texts = zip((part.name, part.value, part.adds), ("l", "r", "r"), strict=True)
        cells = tuple(
            parts.text_cell(appearance, ((Run(text, 13, bold=part.share > 0 and align == "r"),),), align)
            for text, align in texts
        )
        rows.append(Row(cells, max(23, parts.row_height(columns, cells))))
    rows = [parts.heading_row(columns), *rows]
    while rows and sum(row.height for row in rows) > room:
        rows.pop()
    return columns, rows if len(rows) > _FEWEST_PARTS else []


def _size_of(text: str, width: float, largest: float, lang, *, bold: bool) -> float:
    """The size for one line while that is large, else for two."""
    for size in range(int(largest), 17, -1):
        if lines_of(text, size, width, bold=bold) == 1:
            return size
    return size_for(text, width, 17, say(lang, "slides.place_area"), lines=2, bold=bold)
