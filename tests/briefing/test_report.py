"""The report says what the briefing says, in four parts and an annex of every area."""

import dataclasses

import pytest

from analytics.briefing import report as reporting
from analytics.briefing.report import PARTS, count_rows, parts, report
from analytics.errors import BriefingError
from analytics.releases.bulletin import SECTIONS
from analytics.tiers import SHOWN
from analytics.words import LANGUAGES


@pytest.fixture
def sent(monkeypatch):
    """What the typesetter was asked for last."""
    asked = {}
    real = reporting.typeset

    def kept(template, data, form, *arguments, **settings):
        asked.update(data)
        return real(template, data, form, *arguments, **settings)

    monkeypatch.setattr(reporting, "typeset", kept)
    return asked


def test_the_parts_hold_every_section_of_the_bulletin_once_and_in_order(second):
    assert tuple(name for part in PARTS for name in part) == SECTIONS
    for lang in LANGUAGES:
        told = [text for part in parts(second[lang]) for section in part["sections"] for text in section["sentences"]]
        assert told == [text for section in second[lang].sections for text in section.sentences]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_counts_then_and_now_are_those_of_the_briefing_and_add_up(second, lang):
    rows = count_rows(second[lang])
    assert [row["tier"] for row in rows] == [*SHOWN, ""]
    for row, count in zip(rows[:-1], second[lang].counts, strict=True):
        assert (row["now"], row["before"]) == (str(count.count), str(count.before))
    assert int(rows[-1]["now"]) == len(second[lang].areas) == sum(int(row["now"]) for row in rows[:-1])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_a_pdf_whose_annex_has_a_row_for_every_area(second, sent, lang):
    made = report(second[lang])
    assert made.startswith(b"%PDF")
    assert b"/FontFile" in made
    rows = sent["annex"]["rows"]
    assert len(rows) == len(second[lang].areas)
    assert str(len(rows)) in str({name: held for name, held in sent["annex"].items() if name != "rows"})
    assert made == report(second[lang])


def test_it_is_made_for_a_first_release_without_shapes_and_without_matters(first, second, sent):
    assert report(first["zh"]).startswith(b"%PDF")
    bare = dataclasses.replace(second["en"], shapes=None, weekly=None, moves=())
    assert report(bare).startswith(b"%PDF")
    assert sent["matters"] is None


def test_a_draft_is_marked(office, sent):
    report(office.briefing("D1", "zh"))
    assert "草稿" in sent["draft"]


def test_a_name_with_a_sign_that_the_font_lacks_stops_it(second):
    areas = (dataclasses.replace(second["zh"].areas[0], name="𰻝网格"), *second["zh"].areas[1:])
    with pytest.raises(BriefingError, match="𰻝"):
        report(dataclasses.replace(second["zh"], areas=areas))
