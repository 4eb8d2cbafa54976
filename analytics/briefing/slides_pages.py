"""The slides after the first: tier changes, trend, most work, all areas, one area, advice, method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pptx.slide import Slide

from analytics import tiers
from analytics.briefing import slides_parts as parts
from analytics.briefing.content import Area, Briefing, Move
from analytics.briefing.slides_canvas import CELL_SIDE, Canvas, Cell, Fill, Run
from analytics.briefing.slides_charts import bars_of_counts, columns_of_weeks
from analytics.briefing.slides_layout import ACROSS, GAP, TOP, Layout
from analytics.briefing.slides_map import draw_locator
from analytics.briefing.slides_parts import PAD, Column, Row
from analytics.briefing.slides_text import LEADING, SMALLEST, lines_of, size_for, width_of
from analytics.briefing.slides_theme import ACCENT, MARGIN, TITLE_HEIGHT, TITLE_TOP, WIDTH
from analytics.drawing.ground import Ground
from analytics.errors import BriefingError
from analytics.words import say

_INNER = ACROSS - 2 * PAD
_LEAST_CHART, _MOST_CHART = 170, 240
_SMALL = 11  # size of the long table
_SMALL_PAD = 4
_TIER_HEIGHT = 2 * PAD + 74 + 68  # of the card that names an area's tier, without the map below
_NAME_LINES = 3
_LARGEST_CELL = 15  # of the table of most work


def move_pages(layout: Layout) -> list[list[Row]]:
    """The rows of the tier changes, slide by slide; one slide without any where nothing changed."""
    columns = _move_columns(layout)
    rows = [row for move in layout.briefing.moves for row in _move_rows(layout, columns, move)]
    room = layout.bottom - TOP - _LEAST_CHART - GAP - 2 * PAD
    return parts.in_pages(rows, room, parts.heading_row(columns), _table(layout))


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
            notes=_section(briefing, "moves"),
        )
        parts.card(canvas, appearance, (MARGIN, TOP, ACROSS, chart), say(briefing.lang, "slides.moves_chart"))
        _counts_chart(canvas, layout, (MARGIN + PAD, TOP + 6, _INNER, chart - 12))
        top = TOP + chart + GAP
        parts.card(canvas, appearance, (MARGIN, top, ACROSS, layout.bottom - top), title)
        if rows:
            parts.table(canvas, title, (MARGIN + PAD, top + PAD), columns, [header, *rows])
            continue
        said = say(briefing.lang, "slides.moves_first" if first else "slides.moves_none")
        canvas.box(
            said,
            (MARGIN + PAD, top + PAD, _INNER, layout.bottom - top - 2 * PAD),
            ((Run(said, 20, False, "tx2"),),),
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
        Column(say(lang, "slides.col_names"), _INNER - 514),
    ]


def _move_rows(layout: Layout, columns: Sequence[Column], move: Move) -> list[Row]:
    """One row, or several where the names are many."""
    briefing, appearance = layout.briefing, layout.appearance
    way = {True: "slides.way_heavier", False: "slides.way_lighter", None: "slides.way_unknown"}[move.raised]
    colour = {True: appearance.colours["worse"], False: appearance.colours["better"], None: "tx2"}[move.raised]
    rows = []
    for names in _in_rows(briefing, move.names, columns[-1].width - 2 * CELL_SIDE):
        number = f"{len(move.names)}" if not rows else ""
        text = names if not rows else say(briefing.lang, "slides.names_on", names=names)
        cells = (
            parts.text_cell(appearance, ((Run(say(briefing.lang, way), 14, True, colour),),)),
            parts.tier_cell(briefing, appearance, move.before, 13),
            parts.text_cell(appearance, ((Run("→", 14, False, "tx2"),),), "ctr"),
            parts.tier_cell(briefing, appearance, move.after, 13),
            parts.text_cell(appearance, ((Run(number, 16, True),),), "r"),
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
    canvas = layout.begin(slide, title, notes=_section(briefing, "trend"))
    parts.card(canvas, appearance, (MARGIN, TOP, ACROSS, layout.bottom - TOP), title)
    chips = {tier: parts.tier_text(briefing, appearance, tier) for tier in tiers.SHOWN}
    raised = say(briefing.lang, "slides.trend_raised")
    first = max(width_of(text, 12, True) for text in (raised, *chips.values())) + 2 * CELL_SIDE
    each = min(90, (_INNER - first) / len(weeks))
    columns = [Column("", first), *(Column(week.label, each, "ctr") for week in weeks)]
    rows = [
        Row(
            (
                parts.tier_cell(briefing, appearance, tier, 12),
                *(
                    parts.text_cell(appearance, ((Run(f"{week.counts[tier]}", 12, week is weeks[-1]),),), "ctr")
                    for week in weeks
                ),
            ),
            22,
        )
        for tier in tiers.SHOWN
    ]
    total = (
        parts.text_cell(appearance, ((Run(raised, 12, True),),), "ctr"),
        *(parts.text_cell(appearance, ((Run(f"{week.raised}", 13, True),),), "ctr") for week in weeks),
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


def focus(layout: Layout, slide: Slide, own: Mapping[str, Slide]) -> None:
    """The areas with most work: why, and what is to be done."""
    briefing, appearance, lang = layout.briefing, layout.appearance, layout.briefing.lang
    most = briefing.focus
    title = say(lang, "slides.focus", n=len(most)) if most else say(lang, "slides.focus_none")
    canvas = layout.begin(slide, title, notes="\n\n".join(area.reason for area in most) or title)
    parts.card(canvas, appearance, (MARGIN, TOP, ACROSS, layout.bottom - TOP), title)
    if not most:
        said = say(lang, "slides.none_rated")
        place = (MARGIN + PAD, TOP + PAD, _INNER, layout.bottom - TOP - 2 * PAD)
        canvas.box(said, place, ((Run(said, 20, False, "tx2"),),), align="ctr", anchor="ctr")
        return
    tier = max(width_of(parts.tier_text(briefing, appearance, area.tier), 15, True) for area in most) + 2 * CELL_SIDE
    score = max(width_of(say(lang, "slides.col_change"), 12, True) + 2 * CELL_SIDE, 70)
    name = max(width_of(text, 16, True) for area in most for text in (area.name, area.parent)) + 2 * CELL_SIDE
    told = max(width_of(area.firmness, _SMALL) for area in most) + 2 * CELL_SIDE
    widths = (50, min(220, max(110, name)), max(tier, 80), max(told, 74), score)
    rest = _INNER - sum(widths)
    columns = [
        Column(say(lang, "slides.col_rank"), widths[0], "ctr"),
        Column(say(lang, "slides.col_area"), widths[1]),
        Column(say(lang, "slides.col_tier"), widths[2], "ctr"),
        Column(say(lang, "slides.col_score"), widths[3], "r"),
        Column(say(lang, "slides.col_change"), widths[4], "r"),
        Column(say(lang, "slides.col_why"), rest * 0.55),
        Column(say(lang, "slides.col_measure"), rest * 0.45),
    ]
    header = parts.heading_row(columns)
    room = layout.bottom - TOP - 2 * PAD
    for size in range(_LARGEST_CELL, SMALLEST - 1, -1):
        rows = [_focus_row(layout, columns, area, own, size) for area in most]
        if header.height + sum(row.height for row in rows) <= room:
            break
    else:
        longest = max(most, key=lambda area: len(area.name) + sum(map(len, area.why)))
        raise BriefingError.because("briefing.too_long", text=longest.name, place=title)
    spare = min(84 * len(rows), room - header.height) - sum(row.height for row in rows)
    rows = [Row(row.cells, row.height + max(0, spare) / len(rows)) for row in rows]
    parts.table(canvas, title, (MARGIN + PAD, TOP + PAD), columns, [header, *rows])


def _focus_row(layout: Layout, columns: Sequence[Column], area: Area, own: Mapping[str, Slide], size: float) -> Row:
    briefing, appearance = layout.briefing, layout.appearance
    name = [(parts.linked(area.name, size + 1, own.get(area.area_id), True),)]
    if area.parent:
        name.append((Run(area.parent, size - 2 if size > 12 else size, False, "tx2"),))
    score = [(Run(area.score, 18, True),)]
    if area.firmness:
        score.append((Run(area.firmness, _SMALL, False, "tx2"),))
    done = [(Run(area.measure, size),)]
    if area.cadence:
        done.append((Run(area.cadence, size, False, "tx2"),))
    cells = (
        parts.text_cell(appearance, ((Run(f"{area.rank}", 20, True),),), "ctr"),
        parts.text_cell(appearance, name),
        parts.tier_cell(briefing, appearance, area.tier, 15),
        parts.text_cell(appearance, score, "r"),
        parts.text_cell(appearance, ((Run(area.change, 13, False, "tx2"),),), "r"),
        parts.text_cell(appearance, [(Run(why, size),) for why in area.why]),
        parts.text_cell(appearance, done),
    )
    return Row(cells, parts.row_height(columns, cells))


def area_pages(layout: Layout, own: Mapping[str, Slide]) -> list[tuple[list[Area], list[Row]]]:
    """All areas with their rows, slide by slide."""
    columns = _area_columns(layout)
    rows = [_area_row(layout, columns, area, own.get(area.area_id)) for area in layout.briefing.areas]
    room = layout.bottom - TOP - 2 * GAP
    pages, begun = [], 0
    for page in parts.in_pages(rows, room, parts.heading_row(columns), _table(layout)):
        pages.append((list(layout.briefing.areas[begun : begun + len(page)]), page))
        begun += len(page)
    return pages


def all_areas(layout: Layout, slides: Sequence[Slide], own: Mapping[str, Slide]) -> None:
    """Every area in a table, over as many slides as it takes."""
    briefing, appearance = layout.briefing, layout.appearance
    columns = _area_columns(layout)
    header = parts.heading_row(columns)
    title = say(briefing.lang, "slides.areas")
    pages = area_pages(layout, own)
    room = layout.bottom - TOP - 2 * GAP - header.height
    more = min(6, *((room - sum(row.height for row in rows)) / len(rows) for _, rows in pages))
    for page, (slide, (areas, rows)) in enumerate(zip(slides, pages, strict=True), start=1):
        canvas = layout.begin(
            slide,
            parts.numbered(briefing, title, page, len(slides)),
            aside=say(briefing.lang, "slides.areas_shown", n=len(briefing.areas), rows=len(rows)),
            notes="\n".join(area.reason for area in areas),
        )
        parts.card(canvas, appearance, (MARGIN, TOP, ACROSS, layout.bottom - TOP), title)
        spacious = [Row(row.cells, row.height + more) for row in rows]
        parts.table(canvas, title, (MARGIN + PAD, TOP + GAP), columns, [header, *spacious])


def _area_columns(layout: Layout) -> list[Column]:
    briefing, lang = layout.briefing, layout.briefing.lang
    chip = max(width_of(parts.tier_text(briefing, layout.appearance, tier), _SMALL, True) for tier in tiers.SHOWN)
    headings = [say(lang, "slides.col_rank"), say(lang, "slides.col_score"), say(lang, "slides.col_change")]
    rank, score, change = (max(44, width_of(heading, 12, True) + 2 * CELL_SIDE) for heading in headings)
    names = max(width_of(area.name, _SMALL) for area in briefing.areas) + 2 * CELL_SIDE
    name = min(220, max(90, names))
    parents = max(width_of(area.parent, _SMALL) for area in briefing.areas)
    parent = min(110, parents + 2 * CELL_SIDE) if parents else 0
    chip += 2 * CELL_SIDE
    then = max(width_of(_before(layout, area), _SMALL, True) for area in briefing.areas) + 2 * CELL_SIDE
    columns = [
        Column(headings[0], rank, "ctr"),
        Column(say(lang, "slides.col_area"), name),
        Column(say(lang, "slides.tier_now"), max(chip, width_of(say(lang, "slides.tier_now"), 12, True) + 10), "ctr"),
        Column(say(lang, "slides.then"), max(then, 50), "ctr"),
        Column(headings[1], score, "r"),
        Column(headings[2], change, "r"),
    ]
    if parent:
        columns.insert(2, Column(say(lang, "slides.col_parent"), max(parent, 60)))
    rest = _INNER - sum(column.width for column in columns)
    return [*columns, Column(say(lang, "slides.col_why"), rest)]


def _area_row(layout: Layout, columns: Sequence[Column], area: Area, slide: Slide | None) -> Row:
    appearance = layout.appearance

    def plain(text: str, align: str = "l", colour: str = "tx1", bold: bool = False) -> Cell:
        return parts.text_cell(appearance, ((Run(text, _SMALL, bold, colour),),), align)

    moved = area.before not in (None, area.tier)
    cells = [
        plain(f"{area.rank}", "ctr"),
        parts.text_cell(appearance, ((parts.linked(area.name, _SMALL, slide),),)),
        parts.tier_cell(layout.briefing, appearance, area.tier, _SMALL),
        plain(_before(layout, area), "ctr", "tx1" if moved else "tx2", moved),
        plain(area.score, "r", bold=True),
        plain(area.change, "r", "tx2"),
        plain(area.why[0] if area.why else ""),
    ]
    if len(columns) > len(cells):
        cells.insert(2, plain(area.parent, colour="tx2"))
    return Row(tuple(cells), parts.row_height(columns, cells) - 6 + _SMALL_PAD)


def _before(layout: Layout, area: Area) -> str:
    """The tier in the release before: its mark, with its name where it was another one."""
    if area.before is None:
        return "—"
    if area.before == area.tier:
        return layout.appearance.looks[area.tier].mark
    return parts.tier_text(layout.briefing, layout.appearance, area.before)


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
    tier = parts.tier_text(briefing, appearance, told.tier)
    meaning = say(lang, f"tiers.meaning_{told.tier}")
    size = size_for(tier, inner - 2 * PAD, 30, where, bold=True)
    canvas.box(
        tier,
        (left + PAD, top + PAD, inner, 66),
        ((Run(tier, size, True, look.on_fill),), (Run(meaning, 13, False, look.on_fill),)),
        fill=Fill(ACCENT.get(told.tier, look.fill)),
        form="roundRect",
        align="ctr",
        anchor="ctr",
    )
    before = say(lang, "slides.new_area") if told.before is None else parts.tier_text(briefing, appearance, told.before)
    if told.before is None and all(count.before is None for count in briefing.counts):
        before = "—"
    facts = [
        ("slides.score", told.score, told.change),
        ("slides.tier_then", before, ""),
    ]
    rows = []
    for entry, value, more in facts:
        runs = [Run(value, 20 if entry == "slides.score" else 15, True)]
        if more:
            runs.append(Run(f"  {more}", 13, False, "tx2"))
        rows.append(
            (
                34,
                (
                    parts.text_cell(appearance, ((Run(say(lang, entry), 13, False, "tx2"),),)),
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
    done = [told.measure or say(lang, "slides.no_measure")]
    blocks = [("slides.why", why, 24, True), ("slides.measure", done, 24, True)]
    if told.cadence:
        blocks.append(("slides.cadence", [told.cadence], 20, False))
    for entry, texts, largest, bold in blocks:
        size = min(_size_of(text, inner, largest, lang, bold) for text in texts)
        tall = sum(LEADING * size * lines_of(text, size, inner, bold) for text in texts)
        heading = say(lang, entry)
        lines = [(Run(heading, 13, False, "tx2"),), *((Run(text, size, bold),) for text in texts)]
        canvas.box(heading, (left + PAD, at, inner, tall + 22), lines, gap=2)
        at += tall + 22 + 18
    canvas.box(say(lang, "slides.reason"), (left + PAD, at, inner, 0.75), fill=Fill(appearance.colours["line"]))
    at += 18
    heading = say(lang, "slides.reason")
    room = top + height - PAD - at - 22
    for size in range(18, SMALLEST - 1, -1):
        if LEADING * size * lines_of(told.reason, size, inner) <= room:
            break
    else:
        raise BriefingError.because("briefing.too_long", text=told.reason, place=say(lang, "slides.place_area"))
    canvas.box(
        heading,
        (left + PAD, at, inner, room + 22),
        ((Run(heading, 13, False, "tx2"),), (Run(told.reason, size),)),
        gap=4,
    )


def _size_of(text: str, width: float, largest: float, lang, bold: bool) -> float:
    """The size for one line while that is large, else for two."""
    for size in range(int(largest), 17, -1):
        if lines_of(text, size, width, bold) == 1:
            return size
    return size_for(text, width, 17, say(lang, "slides.place_area"), lines=2, bold=bold)


def advice_pages(layout: Layout) -> list[tuple[float, list[str]]]:
    """The sentences of advice with their size, slide by slide."""
    room = layout.bottom - TOP - 4 * PAD
    return list(parts.paragraphs_in_pages(_sentences(layout.briefing, "advice"), _INNER - 2 * PAD, room, 10))


def advice(layout: Layout, slides: Sequence[Slide]) -> None:
    """The bulletin's advice."""
    briefing = layout.briefing
    for page, (slide, (size, texts)) in enumerate(zip(slides, advice_pages(layout), strict=True), start=1):
        heading = say(briefing.lang, "bulletin.section_advice")
        title = parts.numbered(briefing, heading, page, len(slides))
        canvas = layout.begin(slide, title, aside=briefing.bulletin_title, notes="\n".join(texts) or heading)
        parts.card(canvas, layout.appearance, (MARGIN, TOP, ACROSS, layout.bottom - TOP), heading)
        room = layout.bottom - TOP - 4 * PAD
        spare = room - sum(LEADING * size * lines_of(text, size, _INNER - 2 * PAD) for text in texts)
        gap = min(24, spare / max(1, len(texts) - 1))
        canvas.box(
            heading,
            (MARGIN + 2 * PAD, TOP + 2 * PAD, _INNER - 2 * PAD, layout.bottom - TOP - 4 * PAD),
            [(Run(text, size),) for text in texts],
            gap=gap,
        )


def method(layout: Layout, slide: Slide) -> None:
    """By what the tiers were given, and how the release can be checked."""
    briefing, appearance, lang = layout.briefing, layout.appearance, layout.briefing.lang
    title = say(lang, "slides.method")
    canvas = layout.begin(slide, title, notes=_section(briefing, "notes"), mapped=briefing.shapes is not None)
    facts = [
        ("slides.row_scheme", briefing.scheme),
        ("slides.row_cuts", briefing.cuts),
        ("slides.row_order", briefing.order),
        ("slides.row_release", briefing.period),
        ("slides.row_cut_off", briefing.cut_off),
        ("slides.row_code", briefing.code),
        ("slides.row_digest", briefing.digest),
        ("slides.row_source", briefing.source),
        ("slides.row_map", briefing.base_map if briefing.shapes is not None else ""),
        ("slides.row_notice", briefing.notice),
    ]
    columns = [Column("", 130), Column("", _INNER - 130)]
    rows = []
    for entry, text in facts:
        if not text:
            continue
        cells = (
            parts.text_cell(appearance, ((Run(say(lang, entry), 14, False, "tx2"),),)),
            parts.text_cell(appearance, ((Run(text, 14),),)),
        )
        rows.append((parts.row_height(columns, cells) + 10, cells))
    room = layout.bottom - TOP - 2 * PAD
    if sum(height for height, _ in rows) > room:
        raise BriefingError.because("briefing.too_long", text=briefing.source, place=title)
    parts.card(canvas, appearance, (MARGIN, TOP, ACROSS, layout.bottom - TOP), title)
    canvas.table(title, (MARGIN + PAD, TOP + PAD), [column.width for column in columns], rows, header=False)


def _table(layout: Layout) -> str:
    return say(layout.briefing.lang, "slides.place_table")


def _sentences(briefing: Briefing, section: str) -> tuple[str, ...]:
    return next((held.sentences for held in briefing.sections if held.id == section), ())


def _section(briefing: Briefing, section: str) -> str:
    """A section of the bulletin for the notes; the finding where the bulletin has no such section."""
    return "\n".join(_sentences(briefing, section)) or briefing.finding
