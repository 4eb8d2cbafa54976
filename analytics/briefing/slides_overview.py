"""The first slide: finding, map, counts and key figures, as on the sheet; without shapes a table instead of the map."""

from __future__ import annotations

from collections.abc import Callable

import shapely
from pptx.slide import Slide

from analytics import tiers
from analytics.briefing import slides_parts as parts
from analytics.briefing.content import Card, TierCount
from analytics.briefing.slides_canvas import CELL_SIDE, Canvas, Cell, Fill, Run
from analytics.briefing.slides_layout import ACROSS, GAP, TOP, Layout
from analytics.briefing.slides_map import draw_map
from analytics.briefing.slides_parts import HEADING, PAD, Column, Row
from analytics.briefing.slides_text import LEADING, SMALLEST, lines_of, size_for, width_of
from analytics.briefing.slides_theme import MARGIN, TITLE_HEIGHT, TITLE_TOP, WIDTH
from analytics.drawing.ground import Ground
from analytics.marks import FORMS
from analytics.wording.tiers import mark_count
from analytics.words import Language, say

_SIDE = 392  # width of the column of figures
_CARD_HEIGHT = 74
_LEGEND = 20  # height of the map's legend


def overview(layout: Layout, slide: Slide, ground: Ground | None, leads: Callable[[str], Slide]) -> None:
    """Lay out the first slide; ``ground`` in degrees; ``leads``: the slide that a click on an area leads to."""
    briefing = layout.briefing
    # Some programs put a little space between Hanzi and digits, of which a date is full.
    moment = 1.25 * max(width_of(briefing.cut_off, 15, bold=True), width_of(briefing.period, 12))
    notes = "\n".join(line for section in briefing.sections for line in (section.heading, *section.sentences, ""))
    canvas = layout.begin(
        slide,
        briefing.title,
        aside=briefing.place,
        width=ACROSS - moment - GAP,
        notes=f"{briefing.finding}\n\n{notes}".rstrip(),
        mapped=ground is not None,
    )
    canvas.box(
        briefing.cut_off,
        (WIDTH - MARGIN - moment, TITLE_TOP, moment, TITLE_HEIGHT),
        ((Run(briefing.cut_off, 15, bold=True),), (Run(briefing.period, 12, colour="tx2"),)),
        align="r",
        anchor="ctr",
    )
    top = _banner(canvas, layout)
    left = (MARGIN, top, ACROSS - _SIDE - GAP, layout.bottom - top)
    if ground is None:
        _list(canvas, layout, left, leads)
    else:
        _map(canvas, layout, left, ground, leads)
    column = WIDTH - MARGIN - _SIDE
    wide = (_SIDE - GAP) / 2
    for number, card in enumerate(briefing.cards):
        line, place = divmod(number, 2)
        at = (column + place * (wide + GAP), top + line * (_CARD_HEIGHT + GAP), wide, _CARD_HEIGHT)
        _card(canvas, layout, at, card)
    under = top + (len(briefing.cards) + 1) // 2 * (_CARD_HEIGHT + GAP)
    _counts(canvas, layout, (column, under, _SIDE, layout.bottom - under))


def _banner(canvas: Canvas, layout: Layout) -> float:
    """What stands over the finding, and the finding, each in one or two lines; returns where the content begins."""
    top = TOP
    for label, said in layout.briefing.notices:
        top = _strip(canvas, layout, top, label, said, bold=True) - GAP / 2
    return _strip(canvas, layout, top, layout.briefing.finding_label, layout.briefing.finding)


def _strip(canvas: Canvas, layout: Layout, top: float, label: str, said: str, *, bold: bool = False) -> float:
    briefing, colours = layout.briefing, layout.appearance.colours
    text = f"{label}  {said}"
    # Many feeds may be silent at once: that is said whole, be it in three lines.
    most = 2 if lines_of(text, SMALLEST, ACROSS - 2 * PAD, bold=bold) <= 2 else 3
    size = size_for(text, ACROSS - 2 * PAD, 17, say(briefing.lang, "slides.place_finding"), lines=most, bold=bold)
    for larger in (17, 16, 15, 14):  # one line is calmer than two in a larger size
        if lines_of(text, larger, ACROSS - 2 * PAD, bold=bold) == 1:
            size = larger
            break
    height = LEADING * size * lines_of(text, size, ACROSS - 2 * PAD, bold=bold) + 10
    canvas.box(
        label,
        (MARGIN, top, ACROSS, height),
        (
            (
                Run(f"{label}  ", size, bold=True, colour=colours["banner_label"]),
                Run(said, size, bold=bold, colour=colours["on_banner"]),
            ),
        ),
        fill=Fill("accent6"),
        form="roundRect",
        anchor="ctr",
        inset=PAD,
    )
    return top + height + GAP


def _map(canvas: Canvas, layout: Layout, place: tuple[float, float, float, float], ground: Ground, leads) -> None:
    briefing, colours = layout.briefing, layout.appearance.colours
    left, top, width, height = place
    head = say(briefing.lang, "slides.map")
    parts.card(canvas, layout.appearance, place, head)
    canvas.box(head, (left + PAD, top + 8, width / 2, 22), ((Run(head, HEADING, bold=True),),), anchor="ctr")
    hint = say(briefing.lang, "slides.map_hint")
    canvas.box(
        hint,
        (left + width / 2, top + 8, width / 2 - PAD, 22),
        ((Run(hint, 11, colour="tx2"),),),
        align="r",
        anchor="ctr",
    )
    room = (width - 2 * PAD - 12, height - 34 - _LEGEND - 20)
    draw_map(canvas, briefing, ground.fitted(*room), (left + PAD + 6, top + 38), layout.appearance, leads)
    foot = top + height - _LEGEND - 6
    entries = [("1", say(briefing.lang, "slides.legend_pin"))] if briefing.focus else []
    entries += [(FORMS[mark].sign, mark_count(briefing.lang, mark, n)) for mark, n in briefing.marks.items()]
    at = left + PAD
    for sign, said in entries:
        fill, ink = (colours["pin"], colours["on_pin"]) if sign == "1" else (colours["on_pin"], colours["pin"])
        run = Run(sign, 10 if sign == "1" else 8, bold=True, colour=ink)
        canvas.box(
            said,
            (at, foot + (_LEGEND - 15) / 2, 15, 15),
            ((run,),),
            fill=Fill(fill),
            outline=ink,
            form="ellipse",
            align="ctr",
            anchor="ctr",
        )
        wide = width_of(said, 11) + 4
        canvas.box(said, (at + 19, foot, wide, _LEGEND), ((Run(said, 11, colour="tx2"),),), anchor="ctr")
        at += wide + 30
    if unshaped := int(shapely.is_empty(ground.areas).sum()):
        said = say(briefing.lang, "slides.unshaped", n=unshaped)
        canvas.box(
            said,
            (at, foot, left + width - PAD - at, _LEGEND),
            ((Run(said, 11, colour="tx2"),),),
            align="r",
            anchor="ctr",
        )


def _list(canvas: Canvas, layout: Layout, place: tuple[float, float, float, float], leads) -> None:
    """The areas with most work, as many as there is room for, where there is no map to draw."""
    briefing, appearance = layout.briefing, layout.appearance
    left, top, width, height = place
    inner = width - 2 * PAD
    said = say(briefing.lang, "slides.no_map")
    parts.card(canvas, appearance, place, say(briefing.lang, "slides.areas"))
    tall = LEADING * 13 * lines_of(said, 13, inner)
    canvas.box(said, (left + PAD, top + PAD, inner, tall), ((Run(said, 13, colour="tx2"),),))
    score = max(70, *(width_of(area.score_beside, 14, bold=True) + 2 * CELL_SIDE for area in briefing.areas))
    columns = [
        Column(say(briefing.lang, "slides.col_rank"), 50, "ctr"),
        Column(say(briefing.lang, "slides.col_area"), inner - 50 - 150 - score),
        Column(say(briefing.lang, "slides.col_tier"), 150, "ctr"),
        Column(say(briefing.lang, "slides.col_score"), score, "r"),
    ]
    header = parts.heading_row(columns)
    rows, room = [header], height - tall - 3 * PAD - header.height
    for area in briefing.areas:
        cells = (
            parts.text_cell(appearance, ((Run(f"{area.rank}", 14, bold=True),),), "ctr"),
            parts.text_cell(appearance, ((parts.linked(area.name, 14, leads(area.area_id)),),)),
            parts.tier_cell(briefing, appearance, area.tier, 13, carried=area.carried, marks=area.marks),
            parts.text_cell(appearance, ((Run(area.score_beside, 14, bold=True),),), "r"),
        )
        row = Row(cells, max(30, parts.row_height(columns, cells)))
        room -= row.height
        if room < 0:
            break
        rows.append(row)
    parts.table(canvas, say(briefing.lang, "slides.areas"), (left + PAD, top + tall + 2 * PAD), columns, rows)


def _card(canvas: Canvas, layout: Layout, place: tuple[float, float, float, float], card: Card) -> None:
    """One key figure with its change."""
    briefing, colours = layout.briefing, layout.appearance.colours
    inner, where = place[2] - 2 * PAD, say(briefing.lang, "slides.place_card")
    colour = "tx1" if card.good is False else "tx2"  # a colour means a tier
    arrow = {1: "▲ ", -1: "▼ "}.get(card.change, "")
    value = size_for(f"{card.value} {card.unit}", inner, 28, where, bold=True)
    canvas.box(
        card.label,
        place,
        (
            (Run(card.label, size_for(card.label, inner, 12, where), colour="tx2"),),
            (Run(card.value, value, bold=True), Run(f" {card.unit}", 12, colour="tx2")),
            (Run(f"{arrow}{card.said}", size_for(f"{arrow}{card.said}", inner, 12, where), colour=colour),),
        ),
        fill=Fill("bg1"),
        outline=colours["line"],
        form="roundRect",
        corner=7,
        anchor="ctr",
        inset=PAD,
    )


def _counts(canvas: Canvas, layout: Layout, place: tuple[float, float, float, float]) -> None:
    """How many areas each tier has, with what it means: the legend of the map as well."""
    briefing, appearance = layout.briefing, layout.appearance
    left, top, width, height = place
    head = say(briefing.lang, "slides.counts", n=len(briefing.areas))
    where = say(briefing.lang, "slides.place_counts")
    parts.card(canvas, appearance, place, head)
    canvas.box(head, (left + PAD, top + 8, width - 2 * PAD, 22), ((Run(head, HEADING, bold=True),),), anchor="ctr")
    inner = width - 2 * PAD
    chip = (
        max(width_of(parts.tier_text(briefing, appearance, tier), 12, bold=True) for tier in tiers.SHOWN)
        + 2 * CELL_SIDE
    )
    columns = [
        Column(say(briefing.lang, "slides.col_tier"), chip, "ctr"),
        Column("", inner - chip - 98),
        Column(say(briefing.lang, "slides.now"), 46, "r"),
        Column(say(briefing.lang, "slides.then_brief"), 52, "r"),
    ]
    header = parts.heading_row(columns)
    tall = (height - 34 - PAD / 2 - header.height) / len(briefing.counts)
    figure = min(17, (tall - 3) / LEADING)
    rows = [header]
    for count in briefing.counts:
        said = _meaning(briefing.lang, count, columns[1].width - 2 * CELL_SIDE)
        meaning = size_for(said, columns[1].width - 2 * CELL_SIDE, 12, where)
        before = "—" if count.before is None else f"{count.before}"
        cells: tuple[Cell, ...] = (
            parts.tier_cell(briefing, appearance, count.tier, 12),
            parts.text_cell(appearance, ((Run(said, meaning, colour="tx2"),),)),
            parts.text_cell(appearance, ((Run(f"{count.count}", figure, bold=True),),), "r"),
            parts.text_cell(appearance, ((Run(before, 12, colour="tx2"),),), "r"),
        )
        rows.append(Row(cells, tall))
    parts.table(canvas, head, (left + PAD, top + 32), columns, rows)


def _meaning(lang: Language, count: TierCount, room: float) -> str:
    """What a tier means and how many areas of it are carried on; where there is no room for both, the latter: a tier
    that is not verified means less than its words."""
    if not count.carried:
        return count.meaning
    kept = say(lang, "tiers.carried_count", n=count.carried)
    both = say(lang, "reason.separator").join((count.meaning, kept))
    return both if width_of(both, SMALLEST) <= room else kept
