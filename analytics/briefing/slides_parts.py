"""What the slides are put together from: cards, chips of a tier, tables that break over slides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pptx.slide import Slide

from analytics import tiers
from analytics.briefing.appearance import Appearance
from analytics.briefing.content import Area, Briefing
from analytics.briefing.slides_canvas import CELL_SIDE, Canvas, Cell, Fill, Line, Run
from analytics.briefing.slides_layout import ACROSS
from analytics.briefing.slides_map import fill_of
from analytics.briefing.slides_text import LEADING, SMALLEST, lines_of
from analytics.briefing.slides_theme import ACCENT
from analytics.errors import BriefingError
from analytics.marks import FORMS, Mark
from analytics.words import say

PAD = 12
"""Points between the side of a card and what is in it."""

INNER = ACROSS - 2 * PAD
"""Width in points of what is in a card that goes across the slide."""

HEADING = 14
CELL_SIZE = 12

_CELL_PAD = 3.0


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, its width, and how its texts stand in it."""

    heading: str
    width: float
    align: str = "l"


@dataclass(frozen=True)
class Row:
    """A row of a table and the height that its texts take."""

    cells: tuple[Cell, ...]
    height: float


def card(canvas: Canvas, appearance: Appearance, place: tuple[float, float, float, float], name: str) -> None:
    """The white sheet that things lie on."""
    canvas.box(name, place, fill=Fill("bg1"), outline=appearance.colours["line"], form="roundRect", corner=7)


def tier_text(
    briefing: Briefing, appearance: Appearance, tier: str, *, carried: bool = False, marks: Sequence[Mark] = ()
) -> str:
    """Mark and name of a tier, that it is ``carried`` on, and the signs of the ``marks`` beside it."""
    name = say(briefing.lang, f"tiers.{tier}")
    if carried:
        name = say(briefing.lang, "tiers.carried_brief", tier=name)
    return " ".join([appearance.looks[tier].mark, name, *(FORMS[mark].sign for mark in marks)])


def area_tier(briefing: Briefing, appearance: Appearance, area: Area) -> str:
    """:func:`tier_text` of an area."""
    return tier_text(briefing, appearance, area.tier, carried=area.carried, marks=area.marks)


def tier_cell(
    briefing: Briefing,
    appearance: Appearance,
    tier: str,
    size: float,
    *,
    carried: bool = False,
    marks: Sequence[Mark] = (),
) -> Cell:
    """A cell in the colour of a tier; a rule as wide as a gap parts it from the one below."""
    run = Run(
        tier_text(briefing, appearance, tier, carried=carried, marks=marks),
        size,
        bold=True,
        colour=appearance.looks[tier].on_fill,
    )
    plain = Fill(appearance.looks[tier].fill) if tier == tiers.UNKNOWN else Fill(ACCENT[tier])
    return Cell(((run,),), "ctr", fill_of(tier, appearance) if appearance.hatched else plain, rule=("bg1", 3))


def text_cell(appearance: Appearance, lines: Sequence[Line], align: str = "l") -> Cell:
    """A cell of plain text with a hair line under it."""
    return Cell(lines, align, rule=(appearance.colours["line"], 0.75))


def heading_row(columns: Sequence[Column]) -> Row:
    """The names of the columns, said again on every slide."""
    cells = tuple(
        Cell(((Run(column.heading, CELL_SIZE, bold=True, colour="tx2"),),), column.align, rule=("tx2", 1))
        for column in columns
    )
    return Row(cells, row_height(columns, cells))


def row_height(columns: Sequence[Column], cells: Sequence[Cell]) -> float:
    """What the highest cell of a row takes."""
    return (
        max(
            sum(_line_height(line, column.width - 2 * CELL_SIDE) for line in cell.lines)
            for column, cell in zip(columns, cells, strict=True)
        )
        + 2 * _CELL_PAD
    )


def _line_height(line: Line, width: float) -> float:
    size = max((run.size for run in line), default=0)
    bold = any(run.bold for run in line)
    return LEADING * size * lines_of("".join(run.text for run in line), size, width, bold=bold)


def in_pages(rows: Sequence[Row], room: float, header: Row, place: str) -> list[list[Row]]:
    """The rows in as many parts as slides they need, in their order.

    Raises :class:`BriefingError`, which names the ``place``, for a row that alone is higher than a slide.
    """
    for row in rows:
        if header.height + row.height > room:
            text = " ".join(run.text for cell in row.cells for line in cell.lines for run in line)
            raise BriefingError.because("briefing.too_long", text=text, place=place)
    pages = _filled(rows, room - header.height)
    # As many on each slide, not a last one with a row or two.
    even = sum(row.height for row in rows) / len(pages)
    for share in (1.0, 1.02, 1.05, 1.1, 1.2):
        evened = _filled(rows, min(room - header.height, share * even))
        if len(evened) == len(pages):
            return evened
    return pages


def _filled(rows: Sequence[Row], room: float) -> list[list[Row]]:
    pages: list[list[Row]] = [[]]
    used = 0.0
    for row in rows:
        if used + row.height > room and pages[-1]:
            pages.append([])
            used = 0.0
        pages[-1].append(row)
        used += row.height
    return pages


def table(canvas: Canvas, name: str, at: tuple[float, float], columns: Sequence[Column], rows: Sequence[Row]) -> None:
    """A native table whose first row is its header."""
    canvas.table(name, at, [column.width for column in columns], [(row.height, row.cells) for row in rows])


def numbered(briefing: Briefing, title: str, page: int, pages: int) -> str:
    """The title, with "1/2" where an incident takes several slides."""
    return say(briefing.lang, "slides.part", title=title, page=page, pages=pages) if pages > 1 else title


def linked(text: str, size: float, leads: Slide | None, *, bold: bool = False) -> Run:
    """A text that leads to a slide, where there is one."""
    return Run(text, size, bold=bold, colour="tx1", leads=leads)


def paragraphs_in_pages(
    texts: Sequence[str], width: float, room: float, gap: float
) -> Iterator[tuple[float, list[str]]]:
    """Paragraphs with the size to write them at, in as many parts as slides they need.

    One slide where they fit at 14 points or more, else several at 14; a longer one alone is written smaller.
    """

    def height(some: Sequence[str], size: float) -> float:
        return sum(LEADING * size * lines_of(text, size, width) for text in some) + gap * max(0, len(some) - 1)

    for size in (20, 18, 16, 14):
        if height(texts, size) <= room:
            yield size, list(texts)
            return
    page: list[str] = []
    for text in texts:
        if page and height([*page, text], 14) > room:
            yield 14, page
            page = []
        if height([text], 14) > room:
            small = next((size for size in range(13, SMALLEST - 1, -1) if height([text], size) <= room), None)
            if small is None:
                raise BriefingError.because("briefing.too_long", text=text, place=texts[0])
            yield small, [text]
        else:
            page.append(text)
    if page:
        yield 14, page


def place_of_table(briefing: Briefing) -> str:
    """What a table is called where a text does not fit into it."""
    return say(briefing.lang, "slides.place_table")


def section_sentences(briefing: Briefing, section: str) -> tuple[str, ...]:
    """The sentences of a section of the bulletin; none where it has no such section."""
    return next((held.sentences for held in briefing.sections if held.id == section), ())


def section_text(briefing: Briefing, section: str) -> str:
    """A section of the bulletin for the notes; the finding where the bulletin has no such section."""
    return "\n".join(section_sentences(briefing, section)) or briefing.finding
