"""Slides of many areas: those with most work, and all of them in a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

from pptx.slide import Slide

from analytics import tiers
from analytics.briefing import slides_parts as parts
from analytics.briefing.content import Area
from analytics.briefing.slides_canvas import CELL_SIDE, Cell, Run
from analytics.briefing.slides_layout import ACROSS, GAP, TOP, Layout
from analytics.briefing.slides_parts import PAD, Column, Row
from analytics.briefing.slides_text import SMALLEST, width_of
from analytics.briefing.slides_theme import MARGIN
from analytics.errors import BriefingError
from analytics.words import say
from analytics.words.place_names import brief_english

_SMALL = 11  # size of the long table
_SMALL_PAD = 4
_LARGEST_CELL = 15  # of the table of most work
_NAME_WIDTHS = (210, 150)  # of a name in it, in points: the most, and where the other columns need the room


def focus(layout: Layout, slide: Slide, own: Mapping[str, Slide]) -> None:
    """The areas with most work: why, and what is to be done."""
    briefing, appearance, lang = layout.briefing, layout.appearance, layout.briefing.lang
    most = briefing.focus
    title = say(lang, "slides.focus", n=len(most)) if most else say(lang, "slides.focus_none")
    order = say(lang, "sheet.focus_note") if most else ""
    canvas = layout.begin(slide, title, aside=order, notes="\n\n".join(area.reason for area in most) or title)
    parts.card(canvas, appearance, (MARGIN, TOP, ACROSS, layout.bottom - TOP), title)
    if not most:
        said = say(lang, "slides.none_rated")
        place = (MARGIN + PAD, TOP + PAD, parts.INNER, layout.bottom - TOP - 2 * PAD)
        canvas.box(said, place, ((Run(said, 20, colour="tx2"),),), align="ctr", anchor="ctr")
        return
    room = layout.bottom - TOP - 2 * PAD
    # A name that leads to a slide is broken anywhere by some programs: it stands in one line where the rest has room.
    for widest, size in product(_NAME_WIDTHS, range(_LARGEST_CELL, SMALLEST - 1, -1)):
        columns = _focus_columns(layout, most, widest)
        header = parts.heading_row(columns)
        rows = [_focus_row(layout, columns, area, own, size) for area in most]
        if header.height + sum(row.height for row in rows) <= room:
            break
    else:
        longest = max(most, key=lambda area: len(area.name) + sum(map(len, area.why)))
        raise BriefingError.because("briefing.too_long", text=longest.name, place=title)
    spare = min(84 * len(rows), room - header.height) - sum(row.height for row in rows)
    rows = [Row(row.cells, row.height + max(0, spare) / len(rows)) for row in rows]
    parts.table(canvas, title, (MARGIN + PAD, TOP + PAD), columns, [header, *rows])


def _focus_columns(layout: Layout, most: Sequence[Area], widest: float) -> list[Column]:
    """The columns of that table; the name of an area is no wider than ``widest``."""
    briefing, appearance, lang = layout.briefing, layout.appearance, layout.briefing.lang
    tier = max(width_of(parts.area_tier(briefing, appearance, area), 15, bold=True) for area in most) + 2 * CELL_SIDE
    score = max(width_of(say(lang, "slides.col_change"), 12, bold=True) + 2 * CELL_SIDE, 70)
    names = [width_of(_own_name(area), _LARGEST_CELL + 1, bold=True) for area in most]
    name = max(*names, *(width_of(area.parent, _LARGEST_CELL - 2) for area in most)) + 2 * CELL_SIDE
    told = max(width_of(area.firmness, _SMALL) for area in most) + 2 * CELL_SIDE
    widths = (50, min(widest, max(110, name)), max(tier, 80), max(told, 74), score)
    rest = parts.INNER - sum(widths)
    return [
        Column(say(lang, "slides.col_rank"), widths[0], "ctr"),
        Column(say(lang, "slides.col_area"), widths[1]),
        Column(say(lang, "slides.col_tier"), widths[2], "ctr"),
        Column(say(lang, "slides.col_score"), widths[3], "r"),
        Column(say(lang, "slides.col_change"), widths[4], "r"),
        Column(say(lang, "slides.col_why"), rest * 0.55),
        Column(say(lang, "slides.col_measure"), rest * 0.45),
    ]


def _focus_row(layout: Layout, columns: Sequence[Column], area: Area, own: Mapping[str, Slide], size: float) -> Row:
    briefing, appearance = layout.briefing, layout.appearance
    name = [(parts.linked(_own_name(area), size + 1, own.get(area.area_id), bold=True),)]
    if area.parent:
        name.append((Run(area.parent, size - 2 if size > 12 else size, colour="tx2"),))
    score = [(Run(area.score, 18, bold=True),)]
    if area.firmness:
        score.append((Run(area.firmness, _SMALL, colour="tx2"),))
    done = [(Run(area.measure, size),)]
    if area.cadence:
        done.append((Run(area.cadence, size, colour="tx2"),))
    cells = (
        parts.text_cell(appearance, ((Run(f"{area.rank}", 20, bold=True),),), "ctr"),
        parts.text_cell(appearance, name),
        parts.tier_cell(briefing, appearance, area.tier, 15, carried=area.carried, marks=area.marks),
        parts.text_cell(appearance, score, "r"),
        parts.text_cell(appearance, ((Run(area.change, 13, colour="tx2"),),), "r"),
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
    for page in parts.in_pages(rows, room, parts.heading_row(columns), parts.place_of_table(layout.briefing)):
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
    chip = max(
        *(width_of(parts.tier_text(briefing, layout.appearance, tier), _SMALL, bold=True) for tier in tiers.SHOWN),
        *(
            width_of(
                parts.area_tier(briefing, layout.appearance, area),
                _SMALL,
                bold=True,
            )
            for area in briefing.areas
        ),
    )
    headings = [say(lang, "slides.col_rank"), say(lang, "slides.col_score"), say(lang, "slides.col_change")]
    rank, score, change = (max(44, width_of(heading, 12, bold=True) + 2 * CELL_SIDE) for heading in headings)
    score = max(score, *(width_of(area.score, _SMALL, bold=True) + 2 * CELL_SIDE for area in briefing.areas))
    names = max(width_of(_own_name(area), _SMALL) for area in briefing.areas) + 2 * CELL_SIDE
    name = min(240, max(90, names))
    parents = max(width_of(_parent(area), _SMALL) for area in briefing.areas)
    parent = min(110, parents + 2 * CELL_SIDE) if parents else 0
    chip += 2 * CELL_SIDE
    then = max(width_of(_before(layout, area), _SMALL, bold=True) for area in briefing.areas) + 2 * CELL_SIDE
    columns = [
        Column(headings[0], rank, "ctr"),
        Column(say(lang, "slides.col_area"), name),
        Column(
            say(lang, "slides.tier_now"), max(chip, width_of(say(lang, "slides.tier_now"), 12, bold=True) + 10), "ctr"
        ),
        Column(say(lang, "slides.then"), max(then, 50), "ctr"),
        Column(headings[1], score, "r"),
        Column(headings[2], change, "r"),
    ]
    if parent:
        columns.insert(2, Column(say(lang, "slides.col_parent"), max(parent, 60)))
    rest = parts.INNER - sum(column.width for column in columns)
    return [*columns, Column(say(lang, "slides.col_why"), rest)]


def _area_row(layout: Layout, columns: Sequence[Column], area: Area, slide: Slide | None) -> Row:
    appearance = layout.appearance

    def plain(text: str, align: str = "l", colour: str = "tx1", *, bold: bool = False) -> Cell:
        return parts.text_cell(appearance, ((Run(text, _SMALL, bold=bold, colour=colour),),), align)

    moved = area.before not in (None, area.tier)
    cells = [
        plain(f"{area.rank}", "ctr"),
        parts.text_cell(appearance, ((parts.linked(_own_name(area), _SMALL, slide),),)),
        parts.tier_cell(layout.briefing, appearance, area.tier, _SMALL, carried=area.carried, marks=area.marks),
        plain(_before(layout, area), "ctr", "tx1" if moved else "tx2", bold=moved),
        plain(area.score, "r", bold=True),
        plain(area.change, "r", "tx2"),
        plain(area.why[0] if area.why else ""),
    ]
    if len(columns) > len(cells):
        cells.insert(2, plain(_parent(area), colour="tx2"))
    return Row(tuple(cells), parts.row_height(columns, cells) - 6 + _SMALL_PAD)


def _own_name(area: Area) -> str:
    """The name without the one of its community, with which an English name ends: that has a column of its own."""
    return area.name.removesuffix(f", {area.parent}")


def _parent(area: Area) -> str:
    """What that column says: in English, where each name would end with the same word, without that word."""
    return area.parent if _own_name(area) == area.name else brief_english(area.parent)


def _before(layout: Layout, area: Area) -> str:
    """The tier in the release before: its mark, with its name where it was another one."""
    if area.before is None:
        return "—"
    if area.before == area.tier:
        return layout.appearance.looks[area.tier].mark
    return parts.tier_text(layout.briefing, layout.appearance, area.before)
