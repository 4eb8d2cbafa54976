"""The bulletin as a Word document: in official layout (GB/T 9704), or in an office's own template.

Fonts are given by name, as official papers have them; a machine without them shows its own.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from io import BytesIO

import docx
from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import BaseStyle, ParagraphStyle
from docx.text.paragraph import Paragraph

from analytics import PROGRAM
from analytics.briefing.appearance import Appearance
from analytics.briefing.bulletin_paper import (
    MAP_HEIGHT,
    MAP_WIDTH,
    annex,
    annexed,
    bulletin_name,
    notes,
    parts,
    title_parts,
)
from analytics.briefing.content import Briefing
from analytics.briefing.document_tables import (
    COUNT_WIDTHS,
    MOVE_WIDTHS,
    SMALL,
    TEXT,
    annex_table,
    body_of,
    caption,
    count_head,
    counts_table,
    move_head,
    moves_table,
    table_of,
    write,
)
from analytics.briefing.document_template import FIELDS, clean, filled, notice_sentences, template_fields
from analytics.briefing.map import map_of
from analytics.briefing.slides_text import width_of
from analytics.briefing.typesetting import typeset
from analytics.marks import FORMS
from analytics.wording.tiers import mark_count
from analytics.words import Language, say

__all__ = ["FIELDS", "document", "starter_template", "template_fields"]

TITLE_FONT, BODY_FONT, HEADING_FONT, SUB_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
LATIN_FONT, PAGE_NUMBER_FONT = "Times New Roman", "宋体"
SIZE_2, SIZE_3, SIZE_4, SIZE_SMALL_4, SIZE_SMALL_5 = Pt(22), Pt(16), Pt(14), Pt(12), Pt(9)
"""二号, 三号, 四号, 小四, 小五."""

LINE, NOTHING = Pt(28), Pt(0)

_MAP_ACROSS, _MAP_PIXELS_AN_INCH = 140, 144
"""Of the map, in millimetres, and its pixels an inch."""

_TEXT_ACROSS = Mm(210 - 28 - 26)
"""Of the lines of a page, without its margins."""

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
    caption(made, say(lang, "papers.counts"))
    _table_of_fields(made, count_head(lang), COUNT_WIDTHS, "count", "counts", "tier meaning before now change")
    caption(made, say(lang, "papers.moves", against="{{ against }}"))
    _table_of_fields(made, move_head(lang), MOVE_WIDTHS, "move", "moves", "before after number names")
    _sign(made, "{{ place }}", "{{ cut_off }}")
    made.add_paragraph(say(lang, "papers.code_line", code="{{ code }}", scheme="{{ scheme }}"), "Note")
    made.core_properties.created = made.core_properties.modified = datetime(*_ZIP_TIME, tzinfo=UTC)
    return _settled(_saved(made))


# The official layout


def _official(briefing: Briefing) -> bytes:
    lang, made = briefing.lang, _blank(briefing.lang)
    name = bulletin_name(briefing)
    lines = [*_title_lines(name), *([] if name == briefing.bulletin_title else [briefing.period])]
    made.add_paragraph(clean("\n".join(lines)), "Title")
    _under_title(made, briefing)
    for at, part in enumerate(parts(briefing)):
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
            counts_table(made, briefing)
            _map_figure(made, briefing)
        elif at == 1 and briefing.moves:
            moves_table(made, briefing)
    made.paragraphs[-1].paragraph_format.keep_with_next = True  # no page has a signature alone
    for at, line in enumerate(annexed(briefing)):
        held = made.add_paragraph(line)
        held.paragraph_format.keep_with_next = True
        held.paragraph_format.space_before = LINE if at == 0 else NOTHING
    _sign(made, *map(clean, briefing.signed))
    _annexes(made, briefing)
    about = made.core_properties
    about.title = clean(briefing.bulletin_title)
    about.created = about.modified = datetime.combine(briefing.weeks[-1].day, time(), UTC)
    return _saved(made)


def _title_lines(title: str) -> Sequence[str]:
    """The title in one line, where it surely fits, else broken between whose it is and what it is of."""
    return [title] if width_of(title, SIZE_2.pt) <= _TEXT_ACROSS.pt else title_parts(title)


def _annexes(made: Document, briefing: Briefing) -> None:
    """All areas and the notes on method, on pages of their own with narrower margins, since the table is wide."""
    lang, told = briefing.lang, annex(briefing)
    section = made.add_section(WD_SECTION.NEW_PAGE)
    section.left_margin = section.right_margin = Mm(18)
    made.add_paragraph(told["heading"], "Heading 1")
    made.add_paragraph(told["note"], "Caption").alignment = WD_ALIGN_PARAGRAPH.LEFT
    annex_table(made, briefing, told)
    made.add_paragraph(say(lang, "papers.annex_notes"), "Heading 1")
    code = say(lang, "papers.code_line", code=briefing.code, scheme=briefing.scheme)
    for sentence in (*notes(briefing), code):
        made.add_paragraph(clean(sentence), "Note")


def _under_title(made: Document, briefing: Briefing) -> None:
    """That it is internal, the notice, that it is a draft, and what stands over the finding."""
    draft = say(briefing.lang, "papers.draft") if briefing.number is None else ""
    for text in (briefing.heading, briefing.notice, draft):
        if text:
            made.add_paragraph(clean(text), "Caption")
    for told in notice_sentences(briefing):
        made.add_paragraph(clean(told)).runs[0].bold = True


def _blank(lang: Language) -> Document:
    """A document without text: page, styles, page number and language."""
    made = docx.Document()
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(26)
    _languages(made)
    _styles(made, lang)
    made.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)
    about = made.core_properties
    about.author = about.last_modified_by = about.comments = ""
    about.keywords, about.language = PROGRAM, _LOCALES[lang]
    return made


_LOCALES: Mapping[Language, str] = {"zh": "zh-CN", "en": "en-GB"}


def _languages(made: Document) -> None:
    """Latin letters and figures are English in both: by Chinese rules a number may be cut in two at a line's end."""
    for held in made.styles.element.iter(qn("w:lang")):
        held.set(qn("w:val"), _LOCALES["en"])
        held.set(qn("w:eastAsia"), _LOCALES["zh"])
    for held in made.settings.element.iter(qn("w:themeFontLang")):
        held.set(qn("w:val"), _LOCALES["en"])
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
    under = made.styles["Caption"]
    _lettered(under, HEADING_FONT, SIZE_SMALL_4)
    _spaced(under, line=Pt(22), before=Pt(6))
    under.paragraph_format.keep_with_next = True
    cell = made.styles.add_style(TEXT, WD_STYLE_TYPE.PARAGRAPH)
    small = made.styles.add_style(SMALL, WD_STYLE_TYPE.PARAGRAPH)
    note = made.styles.add_style("Note", WD_STYLE_TYPE.PARAGRAPH)
    footer = made.styles["Footer"]
    for style, font, size, line in (
        (cell, BODY_FONT, SIZE_SMALL_4, Pt(18)),
        (small, BODY_FONT, SIZE_SMALL_5, Pt(12)),
        (note, BODY_FONT, SIZE_SMALL_4, Pt(20)),
        (footer, PAGE_NUMBER_FONT, SIZE_4, Pt(18)),
    ):
        _lettered(style, font, size)
        _spaced(style, line=line)
    for style in (title, under, cell, small, note, footer):
        _indented(style, 0)
        style.paragraph_format.alignment = (
            WD_ALIGN_PARAGRAPH.CENTER if style in (title, under) else WD_ALIGN_PARAGRAPH.LEFT
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


# The map and the signature


def _map_figure(made: Document, briefing: Briefing) -> None:
    """The map with what its marks mean, and its caption below."""
    if briefing.shapes is None:
        return
    lang = briefing.lang
    drawing = map_of(briefing, MAP_WIDTH, MAP_HEIGHT, Appearance())
    picture = typeset("map", {"lang": lang}, "png", _MAP_PIXELS_AN_INCH, {"map.svg": drawing.svg.encode()})
    held = made.add_paragraph(style="Caption")
    held.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE  # of a fixed height it would be cut off
    held.add_run().add_picture(BytesIO(picture), width=Mm(_MAP_ACROSS))
    marks = [f"{FORMS[mark].sign} {mark_count(lang, mark, n)}" for mark, n in briefing.marks.items()]
    if drawing.unmarked:
        marks.append(say(lang, "sheet.unmarked", n=drawing.unmarked))
    if marks:
        caption(made, "　".join(marks))
    title = say(lang, "papers.map", base_map=briefing.base_map)
    caption(made, say(lang, "papers.figure", n=1, title=title))
    made.paragraphs[-1].paragraph_format.keep_with_next = False


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
    table = table_of(made, head, widths, 3)
    start, row, end = body_of(table)
    write(start[0], f"{{%tr for {item} in {items} %}}")
    for cell, field in zip(row, fields.split(), strict=True):
        write(cell, f"{{{{ {item}.{field} }}}}")
    write(end[0], "{%tr endfor %}")


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
