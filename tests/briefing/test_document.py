"""The bulletin in Word: the official layout by the letter, and an office's own template that may say fields alone."""

import dataclasses
import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from analytics.briefing.document import FIELDS, document, starter_template, template_fields
from analytics.errors import BriefingError
from analytics.words import LANGUAGES


def opened(content):
    return docx.Document(io.BytesIO(content))


def with_text(*texts):
    """A template of a few paragraphs."""
    made, target = docx.Document(), io.BytesIO()
    for text in texts:
        made.add_paragraph(text)
    made.save(target)
    return target.getvalue()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_margins_fonts_and_sizes_are_those_of_an_official_paper(second, lang):
    made = opened(document(second[lang]))
    page = made.sections[0]
    for held, wanted in (
        (page.page_width, 210), (page.page_height, 297), (page.top_margin, 37), (page.bottom_margin, 35),
        (page.left_margin, 28), (page.right_margin, 26),
    ):  # fmt: skip
        assert abs(held - Mm(wanted)) < Mm(0.1)
    for name, font, size in (
        ("Title", "方正小标宋简体", 22), ("Normal", "仿宋_GB2312", 16), ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
    ):  # fmt: skip
        style = made.styles[name]
        assert style.element.rPr.rFonts.get(qn("w:eastAsia")) == font
        assert style.font.size == Pt(size)
        assert style.font.name == "Times New Roman"
    assert made.styles["Normal"].paragraph_format.line_spacing == Pt(28)
    for footer in (page.footer, page.even_page_footer):
        text = "".join(run.text for run in footer.paragraphs[0].runs)
        assert text.startswith("— ")
        assert text.endswith(" —")
        assert "PAGE" in footer.paragraphs[0]._p.xml


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_of_the_bulletin_stands_in_it_in_order(second, lang):
    told = [paragraph.text for paragraph in opened(document(second[lang])).paragraphs]
    wanted = [sentence for section in second[lang].sections for sentence in section.sentences]
    assert [text for text in told if text in set(wanted)] == wanted
    assert second[lang].code in told[-1]
    if lang == "zh":
        assert [text[:2] for text in told if text[:2] in ("一、", "二、", "三、", "四、")] == [
            "一、",
            "二、",
            "三、",
            "四、",
        ]


def test_the_tables_hold_the_counts_and_the_moves_with_widths_on_every_cell(second):
    counts, moves = opened(document(second["zh"])).tables
    rows = [[cell.text for cell in row.cells] for row in counts.rows]
    assert [int(row[3]) for row in rows[1:-1]] == [count.count for count in second["zh"].counts]
    assert [int(row.cells[2].text) for row in moves.rows[1:]] == [len(move.area_ids) for move in second["zh"].moves]
    for table in (counts, moves):
        assert all(cell.width for row in table.rows for cell in row.cells)


def test_the_same_release_gives_the_same_bytes_and_nothing_of_the_machine(second):
    made = document(second["zh"])
    assert made == document(second["zh"])
    assert opened(made).core_properties.author == ""
    with zipfile.ZipFile(io.BytesIO(made)) as held:
        assert {entry.date_time[0] for entry in held.infolist()} == {1980}


def test_signs_that_xml_cannot_hold_are_left_out(second):
    told = dataclasses.replace(second["zh"], place="街\x00道\x1f")
    assert "街道" in [paragraph.text for paragraph in opened(document(told)).paragraphs]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_starter_template_is_filled(second, lang):
    made = opened(document(second[lang], starter_template(lang)))
    told = "\n".join(paragraph.text for paragraph in made.paragraphs)
    assert "{{" not in told
    assert second[lang].finding in told
    assert all(sentence in told for section in second[lang].sections for sentence in section.sentences)
    assert [int(row.cells[3].text) for row in made.tables[0].rows[1:7]] == [c.count for c in second[lang].counts]


def test_every_field_that_is_told_can_be_said(second):
    assert [name for name, _ in template_fields("zh")] == list(FIELDS)
    plain = [f"{{{{ {name} }}}}" for name in FIELDS if "." not in name]
    told = "\n".join(p.text for p in opened(document(second["zh"], with_text(*plain))).paragraphs)
    for text in (second["zh"].place, second["zh"].code, second["zh"].base_map, second["zh"].cut_off):
        assert text in told


@pytest.mark.parametrize(
    "text", ["{{ nobody }}", "{{ counts.nobody }}", "{% for x in areas %}{{ x.phone }}{% endfor %}"]
)
def test_an_unknown_field_is_named(second, text):
    with pytest.raises(BriefingError) as raised:
        document(second["zh"], with_text(text))
    said = raised.value.text("zh")
    assert "nobody" in said or "phone" in said
    assert "cut_off" in said


@pytest.mark.parametrize(
    "text",
    [
        "{{ title.__class__ }}",
        "{{ title.__class__.__mro__[1].__subclasses__() }}",
        "{{ ''.__class__ }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ range(100000000) }}",
        "{{ 'a' * 100000000 }}",
        "{% for a in areas %}{% for b in areas %}{{ b.name }}{% endfor %}{% endfor %}",
        "{% include 'x' %}",
        "{% set x = 1 %}{{ x }}",
        "{{ title | attr('__class__') }}",
        "{{ title.format(1) }}",
    ],
)
def test_a_template_that_does_more_than_say_fields_is_refused(second, text):
    with pytest.raises(BriefingError) as raised:
        document(second["zh"], with_text(text))
    assert "Traceback" not in raised.value.text("en")


def _bomb():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as held:
        held.writestr("[Content_Types].xml", "<Types/>")
        held.writestr("word/document.xml", b"0" * 60_000_000)
    return target.getvalue()


def _declared():
    source, target = io.BytesIO(with_text("x")), io.BytesIO()
    with zipfile.ZipFile(source) as held, zipfile.ZipFile(target, "w") as made:
        for name in held.namelist():
            content = held.read(name)
            if name == "word/document.xml":
                content = content.replace(b"<w:document", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><w:document', 1)
            made.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    "template",
    [b"", b"no zip", b"PK\x03\x04 cut", _bomb(), _declared(), with_text("{{ title"), with_text("{% for x in areas %}")],
    ids=["empty", "no-zip", "cut", "bomb", "declared", "open-field", "open-loop"],
)
def test_what_is_no_template_is_refused_with_a_sentence(second, template):
    with pytest.raises(BriefingError):
        document(second["zh"], template)


def test_names_with_marks_of_markup_stay_text(second):
    areas = (dataclasses.replace(second["zh"].areas[0], name="<w:p/>&{{ x }}"), *second["zh"].areas[1:])
    told = dataclasses.replace(second["zh"], areas=areas)
    made = opened(document(told, with_text("{% for area in areas %}{{ area.name }} {% endfor %}")))
    assert "<w:p/>&{{ x }}" in made.paragraphs[0].text
