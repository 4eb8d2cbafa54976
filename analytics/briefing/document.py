"""The bulletin as a Word document: in official layout (GB/T 9704), or in an office's own template.

Fonts are given by name, as official papers have them; a machine without them shows its own.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from io import BytesIO

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_UNDERLINE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import BaseStyle, ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from analytics import PROGRAM
from analytics.briefing.content import Briefing
from analytics.briefing.document_template import FIELDS, clean, filled, interrupted_sentence, template_fields
from analytics.briefing.report import count_rows, parts
from analytics.tiers import LOOKS
from analytics.words import Language, say

__all__ = ["FIELDS", "document", "starter_template", "template_fields"]

TITLE_FONT, BODY_FONT, HEADING_FONT, SUB_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
LATIN_FONT, PAGE_NUMBER_FONT = "Times New Roman", "宋体"
SIZE_2, SIZE_3, SIZE_4, SIZE_SMALL_4 = Pt(22), Pt(16), Pt(14), Pt(12)
"""二号, 三号, 四号, 小四."""

LINE, NOTHING = Pt(28), Pt(0)

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def document(briefing: Briefing, template: bytes | None = None) -> bytes:
    """The bulletin as a DOCX, in official layout, or as ``template`` (a DOCX with ``FIELDS``) has it.

    Raises :class:`BriefingError`, and makes nothing, for a template that is no Word document, asks for a field that
    is not in ``FIELDS``, or does more than say fields.
    """
    return _settled(_official(briefing) if template is None else filled(template, briefing))


def starter_template(lang: Language) -> bytes:
    """A small DOCX in official layout with the fields in their places, for an office to start from."""
    made = _blank(lang)
    made.add_paragraph("{{ title }}", "Title")
    made.add_paragraph("{{ finding }}")
    _loop(made, "section", "sections")
    made.add_paragraph("{{ section.heading }}", "Heading 1")
    _loop(made, "sentence", "section.sentences")
    made.add_paragraph("{{ sentence }}")
    _end_loop(made)
    _end_loop(made)
    _caption(made, say(lang, "papers.counts"))
    _table_of_fields(made, _count_head(lang), _COUNT_WIDTHS, "count", "counts", "tier meaning before now change")
    _caption(made, say(lang, "papers.moves", against="{{ against }}"))
    _table_of_fields(made, _move_head(lang), _MOVE_WIDTHS, "move", "moves", "before after number names")
    _sign(made, "{{ place }}", "{{ cut_off }}")
    made.add_paragraph(say(lang, "papers.code_line", code="{{ code }}", scheme="{{ scheme }}"), "Note")
    made.core_properties.created = made.core_properties.modified = datetime(*_ZIP_TIME, tzinfo=UTC)
    return _settled(_saved(made))


# The official layout


def _official(briefing: Briefing) -> bytes:
    lang, made = briefing.lang, _blank(briefing.lang)
    made.add_paragraph(clean(_title(briefing)), "Title")
    _under_title(made, briefing)
    held = parts(briefing)
    for at, part in enumerate(held):
        made.add_paragraph(clean(part["heading"]), "Heading 1")
        for section in part["sections"]:
            if section["heading"]:
                made.add_paragraph(clean(section["heading"]), "Heading 2")
            for sentence in section["sentences"]:
                made.add_paragraph(clean(sentence))
        if at == 1 and (firm := [area for area in briefing.focus if area.firmness]):
            told = [say(lang, "confidence.of_area", name=area.name, word=area.firmness) for area in firm]
            made.add_paragraph(clean(say(lang, "confidence.of_focus", areas=told)))
        if at == 0:
            _counts_table(made, briefing)
        elif at == 1 and briefing.moves:
            _moves_table(made, briefing)
    made.paragraphs[-1].paragraph_format.keep_with_next = True  # no page has a signature alone
    _sign(made, clean(briefing.place), briefing.cut_off)
    made.add_paragraph(
        clean(say(lang, "papers.code_line", code=briefing.code, scheme=briefing.scheme)), "Note"
    )  # fmt: skip
    about = made.core_properties
    about.title = clean(briefing.bulletin_title)
    about.created = about.modified = datetime.combine(briefing.weeks[-1].day, time(), UTC)
    return _saved(made)


def _under_title(made: Document, briefing: Briefing) -> None:
    """The notice, that it is a draft, and that data are interrupted."""
    for text in (briefing.notice, say(briefing.lang, "papers.draft") if briefing.number is None else ""):
        if text:
            made.add_paragraph(clean(text), "Caption")
    if briefing.interrupted:
        made.add_paragraph(clean(interrupted_sentence(briefing))).runs[0].bold = True


def _title(briefing: Briefing) -> str:
    """The title, with the number of the release on a line of its own where it ends with it."""
    name = briefing.bulletin_title.removesuffix(briefing.period)
    return f"{name.rstrip()}\n{briefing.period}" if name != briefing.bulletin_title else name


def _blank(lang: Language) -> Document:
    """A document without text: page, styles, page number and language."""
    made = docx.Document()
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(26)
    _languages(made, lang)
    _styles(made, lang)
    made.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)
    about = made.core_properties
    about.author = about.last_modified_by = about.comments = ""
    about.keywords, about.language = PROGRAM, _LOCALES[lang]
    return made


_LOCALES: Mapping[Language, str] = {"zh": "zh-CN", "en": "en-GB"}


def _languages(made: Document, lang: Language) -> None:
    for held in made.styles.element.iter(qn("w:lang")):
        held.set(qn("w:val"), _LOCALES[lang])
        held.set(qn("w:eastAsia"), _LOCALES["zh"])
    for held in made.settings.element.iter(qn("w:themeFontLang")):
        held.set(qn("w:val"), _LOCALES[lang])
        held.set(qn("w:eastAsia"), _LOCALES["zh"])


def _styles(made: Document, lang: Language) -> None:
    plain = lang == "en"  # without Hanzi a heading does not stand out by its font alone, and justified lines gape
    body = made.styles["Normal"]
    _lettered(body, BODY_FONT, SIZE_3)
    _spaced(body)
    body.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT if plain else WD_ALIGN_PARAGRAPH.JUSTIFY
    body.paragraph_format.widow_control = False
    _indented(body, 2)
    title = made.styles["Title"]
    _lettered(title, TITLE_FONT, SIZE_2)
    title.font.bold = plain
    _spaced(title, line=Pt(34), after=Pt(20))
    for name, font in (("Heading 1", HEADING_FONT), ("Heading 2", SUB_FONT)):
        _lettered(made.styles[name], font, SIZE_3)
        made.styles[name].font.bold = plain
        _spaced(made.styles[name], before=Pt(8))
        made.styles[name].paragraph_format.keep_with_next = True
        _indented(made.styles[name], 2)
        made.styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
    caption = made.styles["Caption"]
    _lettered(caption, HEADING_FONT, SIZE_SMALL_4)
    _spaced(caption, line=Pt(22), before=Pt(6))
    caption.paragraph_format.keep_with_next = True
    cell = made.styles.add_style("Table Text", WD_STYLE_TYPE.PARAGRAPH)
    note = made.styles.add_style("Note", WD_STYLE_TYPE.PARAGRAPH)
    footer = made.styles["Footer"]
    for style, font, size, line in (
        (cell, BODY_FONT, SIZE_SMALL_4, Pt(18)),
        (note, BODY_FONT, SIZE_SMALL_4, Pt(20)),
        (footer, PAGE_NUMBER_FONT, SIZE_4, Pt(18)),
    ):
        _lettered(style, font, size)
        _spaced(style, line=line, before=Pt(14) if style is note else Pt(0))
    for style in (title, caption, cell, note, footer):
        _indented(style, 0)
        style.paragraph_format.alignment = (
            WD_ALIGN_PARAGRAPH.CENTER if style in (title, caption) else WD_ALIGN_PARAGRAPH.LEFT
        )


def _lettered(style: BaseStyle, east_asian: str, size: Pt) -> None:
    """The style in a font for Hanzi and one for the rest, black and upright."""
    font = style.font
    font.name, font.size, font.bold, font.italic, font.color.rgb = LATIN_FONT, size, False, False, RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for part in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # a theme's font would go before a name
        fonts.attrib.pop(qn(f"w:{part}"), None)
    fonts.set(qn("w:eastAsia"), east_asian)
    fonts.set(qn("w:cs"), LATIN_FONT)
    for name in ("w:spacing", "w:kern"):
        for held in style.element.rPr.findall(qn(name)):
            style.element.rPr.remove(held)


def _spaced(style: ParagraphStyle, line: Pt = LINE, before: Pt = NOTHING, after: Pt = NOTHING) -> None:
    spacing = style.paragraph_format
    spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.EXACTLY, line
    spacing.space_before, spacing.space_after = before, after
    for held in style.element.pPr.findall(qn("w:pBdr")):
        style.element.pPr.remove(held)
    for held in style.element.pPr.findall(qn("w:contextualSpacing")):
        style.element.pPr.remove(held)


def _indented(style: ParagraphStyle, characters: int) -> None:
    """The first line indented by characters, as Word counts them, and by points for what does not."""
    style.paragraph_format.first_line_indent = style.font.size * characters
    style.element.pPr.ind.set(qn("w:firstLineChars"), str(100 * characters))


def _page_number(paragraph: Paragraph, side: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 —, one character in from the outer edge."""
    paragraph.style = "Footer"
    paragraph.alignment = side
    room = paragraph.paragraph_format
    if side == WD_ALIGN_PARAGRAPH.RIGHT:
        room.right_indent = SIZE_4
    else:
        room.left_indent = SIZE_4
    paragraph.add_run("— ")
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("1", ""), ("end", "")):
        run = paragraph.add_run(kind if kind == "1" else "")
        if text:
            held = OxmlElement("w:instrText")
            held.set(qn("xml:space"), "preserve")
            held.text = text
            run._r.append(held)
        elif kind != "1":
            held = OxmlElement("w:fldChar")
            held.set(qn("w:fldCharType"), kind)
            run._r.append(held)
    paragraph.add_run(" —")


# Tables and the signature


_COUNT_WIDTHS = (44, 43, 23, 23, 23)
"""Of columns, in millimetres: together the width of the text."""

_MOVE_WIDTHS = (38, 38, 18, 62)


def _count_head(lang: Language) -> Sequence[str]:
    columns = ("papers.tier", "papers.meaning", "papers.before", "papers.now", "papers.change")
    return [say(lang, column) for column in columns]


def _move_head(lang: Language) -> Sequence[str]:
    return [say(lang, column) for column in ("papers.from", "papers.to", "papers.number", "papers.names")]


def _counts_table(made: Document, briefing: Briefing) -> None:
    _caption(made, say(briefing.lang, "papers.table", n=1, title=say(briefing.lang, "papers.counts")))
    rows = count_rows(briefing)
    table = _table(made, _count_head(briefing.lang), _COUNT_WIDTHS, len(rows))
    for held, cells in zip(rows, _body(table), strict=True):
        _write_tier(cells[0], held["tier"], held["name"])
        for cell, text in zip(cells[1:], (held["meaning"], held["before"], held["now"], held["change"]), strict=True):
            _write(cell, text)
    # It is short, and is read as one: it goes to the next page as a whole.
    for row in list(table.rows)[:-1]:
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def _moves_table(made: Document, briefing: Briefing) -> None:
    lang = briefing.lang
    title = say(lang, "papers.moves", against=briefing.against)
    _caption(made, say(lang, "papers.table", n=2, title=title))
    names = {count.tier: count.name for count in briefing.counts}
    table = _table(made, _move_head(lang), _MOVE_WIDTHS, len(briefing.moves))
    for move, cells in zip(briefing.moves, _body(table), strict=True):
        for cell, tier, carried in zip(cells, (move.before, move.after), move.carried, strict=False):
            name = say(lang, "tiers.carried_brief", tier=names[tier]) if carried else names[tier]
            _write_tier(cell, tier, name, carried=carried)
        _write(cells[2], str(len(move.area_ids)))
        _write(cells[3], say(lang, "bulletin.names", names=list(move.names)))


def _caption(made: Document, text: str) -> None:
    made.add_paragraph(clean(text), "Caption")


def _table(made: Document, head: Sequence[str], widths: Sequence[int], rows: int) -> Table:
    """A table with its head written; the head is repeated on every page and no row is cut in two."""
    table = made.add_table(rows + 1, len(head), "Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        _write(cell, text)
        cell.paragraphs[0].runs[0].bold = True
    return table


def _body(table: Table) -> Iterator[Sequence[_Cell]]:
    return (row.cells for row in list(table.rows)[1:])


def _write(cell: _Cell, text: str) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = "Table Text"
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run(clean(text))


def _write_tier(cell: _Cell, tier: str, name: str, *, carried: bool = False) -> None:
    """A tier by its mark, its name and its colour, with a dotted line under it where it is ``carried`` on; the row of
    all areas has no tier."""
    if not tier:
        _write(cell, name)
        return
    look = LOOKS[tier]
    _write(cell, f"{look.mark} {name}")
    cell.paragraphs[0].runs[0].font.color.rgb = RGBColor.from_string(look.on_fill.lstrip("#"))
    if carried:
        cell.paragraphs[0].runs[0].font.underline = WD_UNDERLINE.DOTTED
    shade = OxmlElement("w:shd")
    for part, value in (("val", "clear"), ("color", "auto"), ("fill", look.fill.lstrip("#"))):
        shade.set(qn(f"w:{part}"), value)
    cell._tc.tcPr.find(qn("w:vAlign")).addprevious(shade)  # in the order that Word asks for


def _sign(made: Document, *lines: str) -> None:
    """Who speaks and of what day, four characters in from the right edge."""
    for at, line in enumerate(line for line in lines if line):
        paragraph = made.add_paragraph(line)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.right_indent = SIZE_3 * 4
        paragraph.paragraph_format.keep_with_next = True
        if at == 0:
            paragraph.paragraph_format.space_before = LINE


# The starter template's own tags


def _loop(made: Document, item: str, items: str) -> None:
    made.add_paragraph(f"{{%p for {item} in {items} %}}")


def _end_loop(made: Document) -> None:
    made.add_paragraph("{%p endfor %}")


def _table_of_fields(
    made: Document, head: Sequence[str], widths: Sequence[int], item: str, items: str, fields: str
) -> None:
    table = _table(made, head, widths, 3)
    start, row, end = _body(table)
    _write(start[0], f"{{%tr for {item} in {items} %}}")
    for cell, field in zip(row, fields.split(), strict=True):
        _write(cell, f"{{{{ {item}.{field} }}}}")
    _write(end[0], "{%tr endfor %}")


# The file


def _saved(made: Document) -> bytes:
    target = BytesIO()
    made.save(target)
    return target.getvalue()


def _settled(content: bytes) -> bytes:
    """The same file without the time of its making, so that a release gives the same bytes each time."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as settled:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            settled.writestr(entry, source.read(name))
    return target.getvalue()
