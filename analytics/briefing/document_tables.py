"""The tables of the bulletin as a Word document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_UNDERLINE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, RGBColor
from docx.table import Table, _Cell

from analytics.briefing.content import Briefing
from analytics.briefing.document_template import clean
from analytics.briefing.paper import count_rows, names_with_causes
from analytics.marks import FORMS
from analytics.tiers import LOOKS
from analytics.words import Language, say

COUNT_WIDTHS = (44, 43, 23, 23, 23)
"""Of columns, in millimetres: together the width of the text."""

TEXT, SMALL = "TableText", "TableSmall"
"""Names and ids of the styles of a table's cells."""

MOVE_WIDTHS = (38, 38, 18, 62)

_ANNEX_WIDTHS: Mapping[Language, Sequence[int]] = {
    "zh": (9, 28, 19, 19, 11, 11, 46, 31),
    "en": (10, 32, 20, 16, 11, 16, 41, 28),
}
"""With so little beside its texts that a heading and a short reason stand in one line."""

_ANNEX_SIDE = Mm(1)
_ANNEX_TEXTS = ("score", "change", "reason", "measure")


def count_head(lang: Language) -> Sequence[str]:
    columns = ("papers.tier", "papers.meaning", "papers.before", "papers.now", "papers.change")
    return [say(lang, column) for column in columns]


def move_head(lang: Language) -> Sequence[str]:
    return [say(lang, column) for column in ("papers.from", "papers.to", "papers.number", "papers.names")]


def counts_table(made: Document, briefing: Briefing) -> None:
    caption(made, say(briefing.lang, "papers.table", n=1, title=say(briefing.lang, "papers.counts")))
    rows = count_rows(briefing)
    table = table_of(made, count_head(briefing.lang), COUNT_WIDTHS, len(rows))
    for held, cells in zip(rows, body_of(table), strict=True):
        _write_tier(cells[0], held["tier"], held["name"])
        for cell, text in zip(cells[1:], (held["meaning"], held["before"], held["now"], held["change"]), strict=True):
            write(cell, text)
    # It is short, and is read as one: it goes to the next page as a whole.
    for row in list(table.rows)[:-1]:
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def moves_table(made: Document, briefing: Briefing) -> None:
    lang = briefing.lang
    title = say(lang, "papers.moves", against=briefing.against)
    caption(made, say(lang, "papers.table", n=2, title=title))
    names = {count.tier: count.name for count in briefing.counts}
    table = table_of(made, move_head(lang), MOVE_WIDTHS, len(briefing.moves))
    for move, cells in zip(briefing.moves, body_of(table), strict=True):
        for cell, tier, carried in zip(cells, (move.before, move.after), move.carried, strict=False):
            name = say(lang, "tiers.carried_brief", tier=names[tier]) if carried else names[tier]
            _write_tier(cell, tier, name, carried=carried)
        write(cells[2], str(len(move.area_ids)))
        write(cells[3], say(lang, "bulletin.names", names=names_with_causes(briefing, move)))


def annex_table(made: Document, briefing: Briefing, told: Mapping[str, object]) -> None:
    """All areas, as ``bulletin_paper.annex`` tells them."""
    lang = briefing.lang
    names = {count.tier: count.name for count in briefing.counts}
    table = table_of(made, told["head"], _ANNEX_WIDTHS[lang], len(told["rows"]), style=SMALL)
    _sides(table)
    for row, cells in zip(told["rows"], body_of(table), strict=True):
        name = say(lang, "tiers.carried_brief", tier=names[row["tier"]]) if row["carried"] else names[row["tier"]]
        signs = [FORMS[mark].sign for mark in row["marks"]]
        write(cells[0], row["rank"], SMALL)
        write(cells[1], row["area"], SMALL)
        _write_tier(cells[2], row["tier"], name, carried=row["carried"], signs=signs, style=SMALL)
        before = f"{LOOKS[row['before']].mark} {names[row['before']]}" if row["before"] else "—"
        for cell, text in zip(cells[3:], (before, *(row[part] for part in _ANNEX_TEXTS)), strict=True):
            write(cell, text, SMALL)


def caption(made: Document, text: str) -> None:
    made.add_paragraph(clean(text), "Caption")


def table_of(made: Document, head: Sequence[str], widths: Sequence[int], rows: int, style: str = TEXT) -> Table:
    """A table with its head written; the head is repeated on every page and no row is cut in two."""
    table = made.add_table(rows + 1, len(head), "Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        write(cell, text, style)
        cell.paragraphs[0].runs[0].bold = True
    return table


def _sides(table: Table) -> None:
    """Less room than usual between the lines of the table and its texts."""
    sides = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        held = OxmlElement(f"w:{side}")
        held.set(qn("w:w"), str(_ANNEX_SIDE.twips))
        held.set(qn("w:type"), "dxa")
        sides.append(held)
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(sides)  # in the order that Word asks for


def body_of(table: Table) -> Iterator[Sequence[_Cell]]:
    return (row.cells for row in list(table.rows)[1:])


def write(cell: _Cell, text: str, style: str = TEXT) -> None:
    paragraph = cell.paragraphs[0]
    paragraph._p.style = style  # by its id: to look one up by its name takes longer than the rest of a cell
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run(clean(text))


def _write_tier(
    cell: _Cell, tier: str, name: str, *, carried: bool = False, signs: Sequence[str] = (), style: str = TEXT
) -> None:
    """A tier by its mark, its name, its colour and the ``signs`` of its area, with a dotted line under it where it is
    ``carried`` on; the row of all areas has no tier."""
    if not tier:
        write(cell, name, style)
        return
    look = LOOKS[tier]
    write(cell, " ".join((look.mark, name, *signs)), style)
    cell.paragraphs[0].runs[0].font.color.rgb = RGBColor.from_string(look.on_fill.lstrip("#"))
    if carried:
        cell.paragraphs[0].runs[0].font.underline = WD_UNDERLINE.DOTTED
    shade = OxmlElement("w:shd")
    for part, value in (("val", "clear"), ("color", "auto"), ("fill", look.fill.lstrip("#"))):
        shade.set(qn(f"w:{part}"), value)
    cell._tc.tcPr.find(qn("w:vAlign")).addprevious(shade)  # in the order that Word asks for
