"""The bulletin as a Word document: the official layout, and templates from elsewhere."""

import dataclasses
import io
import zipfile

import docx
import pytest
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from analytics import PROGRAM
from analytics.briefing.document import FIELDS, document, starter_template, template_fields
from analytics.briefing.document_template import MOST_BYTES, MOST_BYTES_UNPACKED
from analytics.errors import BriefingError
from analytics.tiers import LOOKS
from analytics.words import LANGUAGES, keys


def opened(content):
    return docx.Document(io.BytesIO(content))


def template(*lines):
    made = docx.Document()
    for line in lines:
        made.add_paragraph(line)
    return bytes_of(made)


def bytes_of(made):
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def repacked(content, replaced):
    """The file with some of its parts replaced or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in [*source.namelist(), *(name for name in replaced if name not in source.namelist())]:
            made.writestr(name, replaced[name] if name in replaced else source.read(name))
    return target.getvalue()


def texts(made):
    return [paragraph.text for paragraph in made.paragraphs]


def cells(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def near(length, wanted):
    return abs(length - wanted) < Mm(0.1)


# The official layout


def test_page_and_margins_are_official(second):
    section = opened(document(second["zh"])).sections[0]
    assert near(section.page_width, Mm(210))
    assert near(section.page_height, Mm(297))
    for margin, wanted in (("top", 37), ("bottom", 35), ("left", 28), ("right", 26)):
        assert near(getattr(section, f"{margin}_margin"), Mm(wanted))


@pytest.mark.parametrize(
    ("style", "font", "size"),
    [
        ("Title", "方正小标宋简体", 22),
        ("Normal", "仿宋_GB2312", 16),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_fonts_are_set_for_hanzi_and_for_the_rest(second, lang, style, font, size):
    held = opened(document(second[lang])).styles[style]
    fonts = held.element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == font
    assert fonts.get(qn("w:ascii")) == fonts.get(qn("w:hAnsi")) == "Times New Roman"
    assert not [name for name in fonts.attrib if name.endswith("Theme")]
    assert held.font.size == Pt(size)


def test_the_body_has_official_lines_and_indents(second):
    body = opened(document(second["zh"])).styles["Normal"]
    assert body.paragraph_format.line_spacing_rule == WD_LINE_SPACING.EXACTLY
    assert Pt(28) <= body.paragraph_format.line_spacing <= Pt(30)
    assert body.element.pPr.ind.get(qn("w:firstLineChars")) == "200"
    assert body.paragraph_format.first_line_indent == Pt(32)


def test_headings_come_in_the_official_order(second):
    made = opened(document(second["zh"]))
    by_style = {name: [p.text for p in made.paragraphs if p.style.name == name] for name in ("Heading 1", "Heading 2")}
    assert [text[:2] for text in by_style["Heading 1"]] == ["一、", "二、", "三、", "四、", "附件", "附件"]
    assert by_style["Heading 2"] == ["（一）重点区域", "（二）等级变动"]
    assert "".join(texts(made)[0].split()) == "".join(second["zh"].bulletin_title.split())


def test_a_title_too_long_for_a_line_breaks_between_whose_it_is_and_what_it_is_of(second):
    told = dataclasses.replace(
        second["zh"], bulletin_title=f"示例区示例街道办事处关于疫情防控五色评级情况的通报 {second['zh'].period}"
    )
    lines = texts(opened(document(told)))[0].splitlines()
    assert lines == ["示例区示例街道办事处", "关于疫情防控五色评级情况的通报", told.period]
    short = dataclasses.replace(told, bulletin_title=f"甲关于防控的通报 {told.period}")
    assert texts(opened(document(short)))[0].splitlines() == ["甲关于防控的通报", told.period]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_of_the_bulletin_is_there_in_its_order(second, first, lang):
    for told in (second[lang], first[lang]):
        made = texts(opened(document(told)))
        sentences = [text for section in told.sections for text in section.sentences]
        assert [text for text in made if text in set(sentences)] == sentences
        assert any(told.code in text and told.scheme in text for text in made)
        assert set(told.signed) <= set(made)
        assert told.signed == (told.place, told.issued)  # of an office that has not said who signs
        # Seeds and digests are notes: they stand behind the signature.
        assert min(made.index(text) for text in told.small_print) > made.index(told.signed[-1])


def test_the_map_is_in_it_with_what_its_marks_mean(second):
    made = opened(document(second["zh"]))
    assert len(made.inline_shapes) == 1
    (said,) = (text for text in texts(made) if "▲ 上调" in text)
    assert "‖ 保持" in said
    assert any(text.startswith("图1") for text in texts(made))
    assert not opened(document(dataclasses.replace(second["zh"], shapes=None))).inline_shapes


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_tables_say_the_figures_of_the_briefing(second, lang):
    told = second[lang]
    counts, moves, annex = opened(document(told)).tables
    assert [row[3] for row in cells(counts)[1:]] == [*(str(c.count) for c in told.counts), str(len(told.areas))]
    assert [row[2] for row in cells(counts)[1:-1]] == [str(c.before) for c in told.counts]
    assert [row[0] for row in cells(counts)[1:-1]] == [f"{LOOKS[c.tier].mark} {c.name}" for c in told.counts]
    assert [int(row[2]) for row in cells(moves)[1:]] == [len(move.area_ids) for move in told.moves]
    for row, move in zip(cells(moves)[1:], told.moves, strict=True):
        assert all(name in row[3] for name in move.names)
        assert (row[0][0], row[1][0]) == (LOOKS[move.before].mark, LOOKS[move.after].mark)
    for row, area in zip(cells(annex)[1:], told.areas, strict=True):
        rank = "—" if area.tier == "unknown" else str(area.rank)  # what has no tier has no place in an order of work
        assert (row[0], row[1], row[4]) == (rank, area.name, area.score)
        assert row[2].startswith(LOOKS[area.tier].mark)
    for table in (counts, moves, annex):
        for column in table.columns:
            assert {cell.width for cell in column.cells} == {column.width}


def test_a_first_release_has_no_table_of_changes(first):
    counts, annex = opened(document(first["zh"])).tables
    assert len(annex.rows) == len(first["zh"].areas) + 1
    assert {(row[2], row[4]) for row in cells(counts)[1:]} == {("—", "—")}


def test_a_draft_says_so(office, second):
    assert any("草稿" in text for text in texts(opened(document(office.briefing("D1", "zh"))))[:3])
    assert not any("草稿" in text for text in texts(opened(document(second["zh"]))))


def test_pages_are_numbered_on_both_sides(second):
    made = opened(document(second["zh"]))
    assert made.settings.odd_and_even_pages_header_footer
    for footer in (made.sections[0].footer, made.sections[0].even_page_footer):
        (paragraph,) = footer.paragraphs
        assert [held.text.strip() for held in paragraph._p.iter(qn("w:instrText"))] == ["PAGE"]
        assert paragraph.text.startswith("— ")
        assert paragraph.text.endswith(" —")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_figures_are_not_cut_in_two_and_it_says_nothing_of_this_machine(second, lang):
    made = opened(document(second[lang]))
    (held,) = made.styles.element.iter(qn("w:lang"))
    # By Chinese rules a line may end within a number.
    assert (held.get(qn("w:val")), held.get(qn("w:eastAsia"))) == ("en-GB", "zh-CN")
    about = made.core_properties
    assert (about.author, about.last_modified_by, about.comments) == ("", "", "")
    assert (about.title, about.keywords) == (second[lang].bulletin_title, PROGRAM)
    assert about.created.date() == second[lang].weeks[-1].day


def test_a_release_makes_the_same_bytes_each_time(second):
    made = document(second["zh"])
    assert made == document(second["zh"])
    with zipfile.ZipFile(io.BytesIO(made)) as held:
        assert {file.date_time for file in held.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_signs_that_xml_cannot_hold_do_not_break_the_file(second):
    told = dataclasses.replace(
        second["zh"],
        place="示例\x00街\x0b道\ufffe",
        moves=(
            dataclasses.replace(second["zh"].moves[0], names=("甲\x1f<乙>&",), causes=("",)),
            *second["zh"].moves[1:],
        ),
    )
    for made in (document(told), document(told, starter_template("zh"))):
        assert "示例街道" in texts(opened(made))
        assert any("甲<乙>&" in cell for table in opened(made).tables for row in cells(table) for cell in row)


# Templates from elsewhere


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_starter_template_comes_back_filled(second, lang):
    told = second[lang]
    made = opened(document(told, starter_template(lang)))
    said = texts(made)
    sentences = [text for section in told.sections for text in section.sentences]
    assert [text for text in said if text in set(sentences)] == sentences
    assert [text for text in said if text in {s.heading for s in told.sections}] == [s.heading for s in told.sections]
    assert told.bulletin_title in said
    assert any(told.code in text for text in said)
    counts, moves = made.tables
    assert [row[3] for row in cells(counts)[1:]] == [*(str(c.count) for c in told.counts), str(len(told.areas))]
    assert len(moves.rows) == 1 + len(told.moves)
    assert "{" not in "".join(said)
    assert document(told, starter_template(lang)) == document(told, starter_template(lang))


def test_every_field_can_be_said_and_has_its_words(second):
    lists = {name.split(".")[0] for name in FIELDS if "." in name} | {"focus"}
    lines = [f"{name}={{{{ {name} }}}}" for name in FIELDS if "." not in name and name not in lists]
    for name in sorted(lists):
        own = "areas" if name == "focus" else name
        fields = [field.split(".")[1] for field in FIELDS if field.startswith(f"{own}.")]
        said = " ".join(f"{{{{ item.{field} }}}}" for field in fields)
        lines.append(f"{name}={{% for item in {name} %}}{said};{{% endfor %}}")
    said = "\n".join(texts(opened(document(second["zh"], template(*lines)))))
    for tier in second["zh"].counts:
        assert f"{tier.tier}={tier.count}\n" in said
    assert f"total={len(second['zh'].areas)}\n" in said
    assert all(area.name in said and area.score in said for area in second["zh"].areas)
    assert {f"papers.field_{name.replace('.', '_')}" for name in FIELDS} <= keys()
    for lang in LANGUAGES:
        assert [name for name, _ in template_fields(lang)] == list(FIELDS)


def test_the_list_of_fields_cannot_be_changed():
    with pytest.raises(TypeError):
        FIELDS["more"] = "papers.field_title"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("{{ titel }}", "titel"),
        ("{% for area in areas %}{{ area.phone }}{% endfor %}", "area.phone"),
        ("{% for move in moves %}{% if false %}{{ move['nmaes'] }}{% endif %}{% endfor %}", "move.nmaes"),
        ("{{ title.__class__ }}", "title.__class__"),
        ("{{ title['__class__'] }}", "title.__class__"),
        ("{{ self.__init__ }}", "self"),
    ],
)
def test_an_unknown_field_is_named_and_the_known_ones_listed(first, line, name):
    # The first release has no moves: a wrong field of theirs is told all the same.
    with pytest.raises(BriefingError) as refused:
        document(first["zh"], template("{{ title }}", line))
    for lang in LANGUAGES:
        assert name in refused.value.text(lang)
        assert "cut_off" in refused.value.text(lang)
        assert len(refused.value.text(lang).splitlines()) == 1


@pytest.mark.parametrize(
    "line",
    [
        "{{ title.upper() }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ title * 1000000000 }}",
        "{{ title ~ title }}",
        "{{ title|attr('__class__') }}",
        "{{ title|center(1000000000) }}",
        "{% include 'word/document.xml' %}",
        "{% macro m() %}{% endmacro %}",
        "{% set x = 1 %}",
        "{% for a in areas %}{% for b in areas %}{{ b.name }}{% endfor %}{% endfor %}",
        "{{ title",
        "{% for area in areas %}{{ area.name }}",
        "{{ title[0:2] }}",
        "{{ cycler.__init__.__globals__ }}",
    ],
)
def test_a_template_that_does_more_than_say_fields_is_refused(second, line):
    with pytest.raises(BriefingError):
        document(second["zh"], template(line))


def test_a_field_in_the_properties_and_in_the_footer_is_held_to_the_same_list(second):
    made = docx.Document()
    made.sections[0].footer.paragraphs[0].text = "{{ nobody }}"
    with pytest.raises(BriefingError, match="nobody"):
        document(second["zh"], bytes_of(made))
    made = docx.Document()
    made.core_properties.title = "{{ title.__class__ }}"
    with pytest.raises(BriefingError, match="__class__"):
        document(second["zh"], bytes_of(made))


def test_what_is_said_is_text_and_never_a_part_of_the_document(second):
    told = dataclasses.replace(second["zh"], finding="<w:br/>{{ 1 }} & <")
    assert "<w:br/>{{ 1 }} & <" in texts(opened(document(told, template("{{ finding }}"))))


def test_loops_that_tear_a_paragraph_apart_are_refused(second):
    made = docx.Document()
    made.add_paragraph("{%p for area in areas %} {{ area.name }}")
    paragraph = made.add_paragraph("{{ title }}")
    paragraph.add_run("{%r endfor %}")
    with pytest.raises(BriefingError):
        document(second["zh"], bytes_of(made))


@pytest.mark.parametrize("content", [b"", b"no document", b"PK\x03\x04" + bytes(range(256)) * 20])
def test_a_file_that_is_no_document_is_refused(second, content):
    with pytest.raises(BriefingError) as refused:
        document(second["zh"], content)
    assert ".docx" in refused.value.text("zh")


def test_a_broken_or_a_foreign_zip_is_refused(second):
    good = template("{{ title }}")
    foreign = io.BytesIO()
    with zipfile.ZipFile(foreign, "w") as made:
        made.writestr("a.txt", "a")
    broken_parts = [
        {"word/document.xml": b"<w:document"},
        {"word/_rels/document.xml.rels": b"<x/>"},
        {"[Content_Types].xml": b"<Types/>"},
        {"word/document.xml": b"<x/>"},
    ]
    cases = [foreign.getvalue(), good[: len(good) // 2], good[:200] + bytes(200) + good[400:]]
    for content in (*cases, *(repacked(good, parts) for parts in broken_parts)):
        with pytest.raises(BriefingError):
            document(second["zh"], content)


def test_macros_and_declarations_are_refused(second):
    good = template("{{ title }}")
    with zipfile.ZipFile(io.BytesIO(good)) as held:
        body = held.read("word/document.xml").decode().split("?>", 1)[1]
    for encoding in ("utf-8", "utf-16"):
        evil = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b "c">]>{body}'.encode(encoding)
        with pytest.raises(BriefingError):
            document(second["zh"], repacked(good, {"word/document.xml": evil}))
    with pytest.raises(BriefingError):
        document(second["zh"], repacked(good, {"word/vbaProject.bin": b"x"}))


def test_a_huge_file_and_a_zip_bomb_are_refused_before_they_are_unpacked(second):
    bomb = repacked(template("{{ title }}"), {"word/media/a.png": bytes(MOST_BYTES_UNPACKED)})
    assert len(bomb) < MOST_BYTES
    for content in (bomb, bytes(MOST_BYTES + 1)):
        with pytest.raises(BriefingError) as refused:
            document(second["zh"], content)
        assert "5" in refused.value.text("en")


@pytest.mark.parametrize(
    "line",
    [
        "{%" * 100_000,
        "{{ title" + " " * 300 + "}}",
        "{{ title }}" * 2_000,
        "{% if title %}" * 150 + "{% endif %}" * 150,
        "{{ " + "(" * 90 + "title" + ")" * 90 + " }}" + "{% if title %}" * 400 + "{% endif %}" * 400,
    ],
)
def test_tags_that_would_hold_the_program_up_are_refused(second, line):
    with pytest.raises(BriefingError):
        document(second["zh"], template(line))


def test_a_list_that_repeats_pages_without_end_is_refused(second):
    line = "{% for area in areas %}" + "x" * 1_000_000 + "{% endfor %}"
    with pytest.raises(BriefingError):
        document(second["zh"], template(line))
