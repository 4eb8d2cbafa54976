"""Slides of what changed: which areas went from which tier to which, and the tiers week by week."""

from __future__ import annotations

from collections.abc import Sequence

from pptx.slide import Slide

from analytics import tiers
from analytics.briefing import slides_parts as parts
from analytics.briefing.content import Briefing, Move
from analytics.briefing.paper import names_with_causes
from analytics.briefing.slides_canvas import CELL_SIDE, Canvas, Run
from analytics.briefing.slides_charts import bars_of_counts, columns_of_weeks
from analytics.briefing.slides_layout import ACROSS, GAP, TOP, Layout
from analytics.briefing.slides_parts import PAD, Column, Row
from analytics.briefing.slides_text import lines_of, width_of
from analytics.briefing.slides_theme import MARGIN
from analytics.words import say

_LEAST_CHART, _MOST_CHART = 170, 240
_NAME_LINES = 3


def move_pages(layout: Layout) -> list[list[Row]]:
    """The rows of the tier changes, slide by slide; one slide without any where nothing changed."""
    columns = _move_columns(layout)
    rows = [row for move in layout.briefing.moves for row in _move_rows(layout, columns, move)]
    room = layout.bottom - TOP - _LEAST_CHART - GAP - 2 * PAD
    return parts.in_pages(rows, room, parts.heading_row(columns), parts.place_of_table(layout.briefing))


def moves(layout: Layout, slides: Sequence[Slide]) -> None:
    """Counts then and now, and which areas went from which tier to which."""
    briefing, appearance = layout.briefing, layout.appearance
    title = say(briefing.lang, "slides.moves")
    columns = _move_columns(layout)
    header = parts.heading_row(columns)
    first = all(count.before is None for count in briefing.counts)
    total = sum(len(move.area_ids) for move in briefing.moves)
    told = say(briefing.lang, "slides.moves_total", against=briefing.against, n=total)
    pages = move_pages(layout)
    longest = max(sum(row.height for row in rows) for rows in pages) + header.height + 2 * PAD
    chart = min(_MOST_CHART, layout.bottom - TOP - GAP - longest)
    for page, (slide, rows) in enumerate(zip(slides, pages, strict=True), start=1):
        canvas = layout.begin(
            slide,
            parts.numbered(briefing, title, page, len(slides)),
            aside=briefing.against if first else told,
            notes=parts.section_text(briefing, "moves"),
        )
        parts.card(canvas, appearance, (MARGIN, TOP, ACROSS, chart), say(briefing.lang, "slides.moves_chart"))
        _counts_chart(canvas, layout, (MARGIN + PAD, TOP + 6, parts.INNER, chart - 12))
        top = TOP + chart + GAP
        parts.card(canvas, appearance, (MARGIN, top, ACROSS, layout.bottom - top), title)
        if rows:
            parts.table(canvas, title, (MARGIN + PAD, top + PAD), columns, [header, *rows])
            continue
        said = say(briefing.lang, "slides.moves_first" if first else "slides.moves_none")
        canvas.box(
            said,
            (MARGIN + PAD, top + PAD, parts.INNER, layout.bottom - top - 2 * PAD),
            ((Run(said, 20, colour="tx2"),),),
            align="ctr",
            anchor="ctr",
        )


def _counts_chart(canvas: Canvas, layout: Layout, place: tuple[float, float, float, float]) -> None:
    briefing = layout.briefing
    bars = [(say(briefing.lang, "slides.now"), [count.count for count in briefing.counts])]
    before = [count.before for count in briefing.counts]
    if None not in before:
        bars.insert(0, (say(briefing.lang, "slides.then"), before))
    told = [say(briefing.lang, "slides.count_of", tier=count.name, n=count.count) for count in briefing.counts]
    bars_of_counts(
        canvas,
        say(briefing.lang, "slides.moves_chart"),
        say(briefing.lang, "slides.moves_alt", counts=told),
        place,
        bars,
        [parts.tier_text(briefing, layout.appearance, count.tier) for count in briefing.counts],
        layout.appearance,
        briefing.weeks[-1].day,
    )


def _move_columns(layout: Layout) -> list[Column]:
    lang = layout.briefing.lang
    return [
        Column(say(lang, "slides.col_way"), 90),
        Column(say(lang, "slides.col_before"), 160, "ctr"),
        Column("", 34, "ctr"),
        Column(say(lang, "slides.col_after"), 160, "ctr"),
        Column(say(lang, "slides.col_number"), 70, "r"),
        Column(say(lang, "slides.col_names"), parts.INNER - 514),
    ]


def _move_rows(layout: Layout, columns: Sequence[Column], move: Move) -> list[Row]:
    """One row, or several where the names are many."""
    briefing, appearance = layout.briefing, layout.appearance
    way = {True: "slides.way_heavier", False: "slides.way_lighter", None: "slides.way_unknown"}[move.raised]
    colour = "tx1" if move.raised else "tx2"
    rows = []
    for names in _in_rows(briefing, names_with_causes(briefing, move), columns[-1].width - 2 * CELL_SIDE):
        number = f"{len(move.names)}" if not rows else ""
        text = names if not rows else say(briefing.lang, "slides.names_on", names=names)
        cells = (
            parts.text_cell(appearance, ((Run(say(briefing.lang, way), 14, bold=True, colour=colour),),)),
            parts.tier_cell(briefing, appearance, move.before, 13, carried=move.carried[0]),
            parts.text_cell(appearance, ((Run("→", 14, colour="tx2"),),), "ctr"),
            parts.tier_cell(briefing, appearance, move.after, 13, carried=move.carried[1]),
            parts.text_cell(appearance, ((Run(number, 16, bold=True),),), "r"),
            parts.text_cell(appearance, ((Run(text, 14),),)),
        )
        rows.append(Row(cells, max(30, parts.row_height(columns, cells))))
    return rows


def _in_rows(briefing: Briefing, names: Sequence[str], width: float) -> list[str]:
    """The names as lists of a few lines each."""
    lists: list[list[str]] = [[]]
    for name in names:
        longer = say(briefing.lang, "slides.names_on", names=[*lists[-1], name])
        if lists[-1] and lines_of(longer, 14, width) > _NAME_LINES:
            lists.append([])
        lists[-1].append(name)
    return [say(briefing.lang, "overview.names", names=some) for some in lists]


def trend(layout: Layout, slide: Slide) -> None:
    """Raised areas week by week as columns, and under them how many areas each tier had."""
    briefing, appearance = layout.briefing, layout.appearance
    weeks = briefing.weeks
    title = say(briefing.lang, "slides.trend", n=len(weeks))
    canvas = layout.begin(slide, title, notes=parts.section_text(briefing, "trend"))
    parts.card(canvas, appearance, (MARGIN, TOP, ACROSS, layout.bottom - TOP), title)
    chips = {tier: parts.tier_text(briefing, appearance, tier) for tier in tiers.SHOWN}
    raised = say(briefing.lang, "slides.trend_raised")
    first = max(width_of(text, 12, bold=True) for text in (raised, *chips.values())) + 2 * CELL_SIDE
    each = min(90, (parts.INNER - first) / len(weeks))
    columns = [Column("", first), *(Column(week.label, each, "ctr") for week in weeks)]
    rows = [
        Row(
            (
                parts.tier_cell(briefing, appearance, tier, 12),
                *(
                    parts.text_cell(appearance, ((Run(f"{week.counts[tier]}", 12, bold=week is weeks[-1]),),), "ctr")
                    for week in weeks
                ),
            ),
            22,
        )
        for tier in tiers.SHOWN
    ]
    total = (
        parts.text_cell(appearance, ((Run(raised, 12, bold=True),),), "ctr"),
        *(parts.text_cell(appearance, ((Run(f"{week.raised}", 13, bold=True),),), "ctr") for week in weeks),
    )
    rows.insert(0, Row(total, 24))
    tall = sum(row.height for row in rows)
    top = layout.bottom - PAD - tall
    shown = tiers.ABOVE_ROUTINE
    columns_of_weeks(
        canvas,
        title,
        say(briefing.lang, "slides.trend_alt", n=weeks[-1].raised),
        (MARGIN + PAD, TOP + PAD, first + each * len(weeks), top - TOP - PAD - 4),
        [(week.label, [week.counts[tier] for tier in shown]) for week in weeks],
        shown,
        [chips[tier] for tier in shown],
        appearance,
        weeks[-1].day,
        first,
    )
    # The weeks stand under the columns of the chart, so that the table needs no header of its own.
    canvas.table(
        title,
        (MARGIN + PAD, top),
        [column.width for column in columns],
        [(row.height, row.cells) for row in rows],
        header=False,
    )
