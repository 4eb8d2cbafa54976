"""How a file looks before it is taken along: drawn from the file itself, and nothing of it is left out in silence."""

from io import BytesIO

import docx
import pytest
from PIL import Image

from analytics.briefing.appearance import Appearance
from analytics.briefing.document import document
from analytics.briefing.looking import MOST_PAGES, document_html, pages_of
from analytics.briefing.rendering import ExportOptions, file_name
from analytics.briefing.report import report
from analytics.file_kinds import FORMATS, SIZES, THEMES, ending_of
from analytics.words import say
from tests.briefing.meetings import bare


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_of_the_report_is_drawn_below_the_one_before(office, lang):
    found = pages_of(report(office.briefing(2, lang), bare(lang)))
    assert 1 < found.shown == min(found.pages, MOST_PAGES)
    width, height = Image.open(BytesIO(found.picture)).size
    assert height / width == pytest.approx(found.shown * 297 / 210, rel=0.05)


def test_the_text_and_the_tables_of_a_document_are_all_there(office):
    content = document(office.briefing(2, "zh"))
    told = document_html(content)
    held = docx.Document(BytesIO(content))
    for paragraph in held.paragraphs:
        assert paragraph.text.strip().replace("&", "&amp;") in told
    assert told.count("<table>") == len(held.tables)


def test_what_stands_in_a_document_stays_text():
    made = docx.Document()
    made.add_paragraph("<script>alert(1)</script>")
    made.add_table(1, 1).cell(0, 0).text = "<b>甲</b>"
    out = BytesIO()
    made.save(out)
    told = document_html(out.getvalue())
    assert "<script>" not in told
    assert "&lt;b&gt;甲&lt;/b&gt;" in told


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_two_choices_have_the_same_name_and_each_says_its_kind(office, lang):
    briefing = office.briefing(2, lang)
    names = {
        (form, theme, size): file_name(briefing, ExportOptions(form, Appearance(theme), size))
        for form in FORMATS
        for theme in (THEMES if form in ("png", "pdf", "pptx") else THEMES[:1])
        for size in (SIZES if form in ("png", "pdf") else SIZES[:1])
    }
    assert len(set(names.values())) == len(names)
    for (form, theme, _), name in names.items():
        assert name.endswith(f".{ending_of(form)}")
        assert (say(lang, f"briefing.theme_{theme}") in name) == (form in ("png", "pdf", "pptx"))
