"""The bulletin on paper: it is a whole PDF, and what it is set from is what the briefing says."""

import dataclasses
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from analytics import tiers
from analytics.briefing import bulletin_paper as module
from analytics.briefing.bulletin_paper import PARTS, bulletin_paper, notes, parts
from analytics.briefing.looking import pages_of
from analytics.briefing.paper import count_rows
from analytics.errors import BriefingError
from analytics.releases.bulletin import SECTIONS
from analytics.words import LANGUAGES, signed

INK = 128
"""Grey below which something is written."""


@pytest.fixture
def handed(monkeypatch):
    """What the bulletin hands to the typesetter, which is not run."""
    taken = {}

    def take(template, data, form, pictures=None):
        taken.update(template=template, data=data, form=form, pictures=pictures or {})
        return b""

    monkeypatch.setattr(module, "typeset", take)

    def of(briefing):
        bulletin_paper(briefing)
        return taken

    return of


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_a_whole_pdf_and_the_same_each_time(second, lang):
    made = bulletin_paper(second[lang])
    assert made.startswith(b"%PDF-")
    assert made.rstrip().endswith(b"%%EOF")
    assert made == bulletin_paper(second[lang])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_first_release_without_shapes_and_matters_is_a_bulletin_too(first, lang):
    assert bulletin_paper(first[lang]).startswith(b"%PDF-")
    assert bulletin_paper(dataclasses.replace(first[lang], shapes=None, context=None, weekly=None)).startswith(b"%PDF-")


def test_a_draft_is_marked_in_the_bulletin_paper(office, handed):
    draft = office.briefing("D1", "zh")
    assert "草稿" in handed(draft)["data"]["draft"]
    assert handed(office.briefing(2, "zh"))["data"]["draft"] == ""


def test_all_sections_of_the_bulletin_are_in_it_once_and_in_their_order(second):
    assert (*(name for part in PARTS for name in part), "notes") == SECTIONS
    told = second["zh"]
    said = [text for part in parts(told) for section in part["sections"] for text in section["sentences"]]
    all_said = [text for section in told.sections for text in section.sentences]
    assert [*said, *notes(told)[: len(all_said) - len(said)]] == all_said
    assert tuple(notes(told)[-len(told.small_print) :]) == told.small_print
    assert not any(text in said for text in told.small_print)
    assert [part["heading"][:2] for part in parts(second["zh"])] == ["一、", "二、", "三、", "四、"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_annex_has_a_row_for_every_area_and_says_how_many(second, handed, lang):
    told = second[lang]
    annex = handed(told)["data"]["annex"]
    assert [(row["rank"], row["area"], row["tier"], row["before"], row["score"]) for row in annex["rows"]] == [
        ("—" if area.tier == "unknown" else str(area.rank), area.name, area.tier, area.before, area.score)
        for area in told.areas
    ]
    assert annex["note"].count(str(len(told.areas))) == {"zh": 2, "en": 1}[lang]
    # That a tier is carried on, and its marks, stand in its chip or beside it.
    assert all(len(annex["head"]) == len(row.keys() - {"carried", "marks"}) for row in annex["rows"])


def test_the_counts_are_the_briefing_s_zeros_too(second):
    rows = count_rows(second["zh"])
    assert [row["tier"] for row in rows] == [*tiers.SHOWN, ""]
    for row, count in zip(rows, second["zh"].counts, strict=False):
        assert (row["now"], row["before"]) == (str(count.count), str(count.before))
        assert row["change"] == signed(count.count - count.before)
    assert rows[-1]["now"] == str(len(second["zh"].areas))
    none_red = dataclasses.replace(
        second["zh"], counts=(dataclasses.replace(second["zh"].counts[0], count=0), *second["zh"].counts[1:])
    )
    assert count_rows(none_red)[0]["now"] == "0"


def test_a_first_release_has_a_dash_where_there_is_nothing_to_compare(first):
    assert {(row["before"], row["change"]) for row in count_rows(first["zh"])} == {("—", "—")}


def test_figures_and_tables_are_numbered_without_a_gap(second, first, handed):
    for briefing in (
        *(second["en"], first["en"], dataclasses.replace(second["en"], shapes=None)),
        dataclasses.replace(second["en"], moves=()),
    ):
        data = handed(briefing)["data"]
        captions = [data["trend"]["caption"], data["counts"]["caption"], data["focus"]["caption"]]
        captions += [data["map"]["caption"]] if briefing.shapes is not None else []
        captions += [data["moves"]["caption"]] if briefing.moves else []
        if data["matters"]:
            captions += [data["matters"]["chart"]["caption"], data["matters"]["table"]["caption"]]
        for kind in ("Figure", "Table"):
            numbers = sorted(int(text.split()[1].rstrip(".")) for text in captions if text.startswith(kind))
            assert numbers == list(range(1, len(numbers) + 1))


def test_without_shapes_a_sentence_stands_for_the_map(second, handed):
    taken = handed(dataclasses.replace(second["zh"], shapes=None))
    assert "map.svg" not in taken["pictures"]
    assert taken["data"]["map"]["none"]
    assert "map.svg" in handed(second["zh"])["pictures"]


def test_the_weeks_of_matters_are_those_of_the_release(second, handed):
    told = second["zh"]
    table = handed(told)["data"]["matters"]["table"]
    assert [row[0] for row in table["rows"]] == list(told.weekly.columns)
    assert [int(row[-1].replace(",", "")) for row in table["rows"]] == told.weekly.iloc[-1].tolist()
    assert int(table["total"][-1].replace(",", "")) == int(told.weekly.iloc[-1].sum())


def test_a_name_that_the_font_lacks_is_refused_by_its_character(second):
    told = second["zh"]
    odd = dataclasses.replace(told.areas[-1], name="𰻝𰻝网格")
    with pytest.raises(BriefingError, match="𰻝"):
        bulletin_paper(dataclasses.replace(told, areas=(*told.areas[:-1], odd)))


def test_a_long_word_may_break_and_a_name_keeps_its_letters(second, handed):
    told = second["en"]
    long = dataclasses.replace(told.areas[0], name="A" * 40)
    rows = handed(dataclasses.replace(told, areas=(long, *told.areas[1:])))["data"]["annex"]["rows"]
    assert rows[0]["area"] != "A" * 40
    assert rows[0]["area"].replace("\u200b", "") == "A" * 40


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_page_is_nearly_empty(second, first, lang):
    """Between head and foot every page but the last is written on below its first third."""
    for told in (second[lang], first[lang]):
        found = pages_of(bulletin_paper(told))
        assert found.shown == found.pages
        picture = np.asarray(Image.open(BytesIO(found.picture)).convert("L"))
        height = picture.shape[0] // found.pages
        lowest = []
        for page in range(found.pages - 1):
            body = picture[page * height :][int(0.12 * height) : int(0.88 * height)]
            lowest.append(np.flatnonzero((body < INK).any(axis=1)).max() / len(body))
        assert min(lowest) > 1 / 3, (lang, lowest)
