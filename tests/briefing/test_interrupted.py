"""What a briefing says of tiers that are carried on: first, with its mark, and never as something better."""

import io
import zipfile
from dataclasses import replace

import docx
import pytest

from analytics.briefing import briefing_of
from analytics.briefing.appearance import Appearance
from analytics.briefing.bulletin_paper import bulletin_paper
from analytics.briefing.document import document
from analytics.briefing.map import map_of
from analytics.briefing.paper import count_rows
from analytics.briefing.report import report
from analytics.briefing.sheet import sheet
from analytics.briefing.show import show
from analytics.briefing.slides import slides
from analytics.releases import verify
from analytics.releases.compare import compare
from analytics.releases.publishing import entry_of, predecessor
from analytics.releases.publishing import report as report_of
from analytics.wording.tiers import mark_count
from analytics.words import LANGUAGES, say
from tests.briefing.meetings import bare
from tests.interrupted import interrupted


def made(office, lang, lower=0):
    """The second release, had a feed stopped a week before it."""
    entry = entry_of(office.ledger, 2)
    told = report_of(office.home, office.ledger, predecessor(office.ledger, entry), entry)
    after = replace(told.after, assessment=interrupted(told.after.assessment, lower=lower))
    told = replace(told, after=after, comparison=compare(told.before, after), noise=None)
    return briefing_of(verify(office.home, office.ledger, entry.name), told, lang, entry)


@pytest.fixture(scope="module")
def stopped(office):
    return {lang: made(office, lang) for lang in LANGUAGES}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_briefing_knows_what_is_carried(stopped, lang):
    briefing = stopped[lang]
    assert briefing.carried == sum(area.carried for area in briefing.areas) > 0
    assert {count.tier: count.carried for count in briefing.counts if count.carried} == {
        tier: n
        for tier in {area.tier for area in briefing.areas}
        if (n := sum(area.carried for area in briefing.areas if area.tier == tier))
    }
    assert briefing.interrupted[0] == say(lang, "silence.label_silent")
    assert all(not area.change and area.score == "—" for area in briefing.areas if area.carried)


def test_without_interruption_nothing_is_said_of_it(second):
    assert second["zh"].interrupted is None
    assert second["zh"].carried == 0
    assert 'class="carried"' not in map_of(second["zh"], 800, 600, Appearance()).svg


def test_fewer_red_areas_are_not_called_better_and_no_carried_area_is_lighter(office):
    briefing = made(office, "zh", lower=2)
    carried = {area.area_id for area in briefing.areas if area.carried}
    assert all(card.good is not True for card in (briefing.cards[0], briefing.cards[2]))
    for move in briefing.moves:
        assert move.raised is not False or carried.isdisjoint(move.area_ids)
    assert any(move.raised is None and not carried.isdisjoint(move.area_ids) for move in briefing.moves)
    assert "不计为好转" in briefing.finding
    assert sheet(briefing, "svg")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_map_has_the_mark_in_each_carried_area_that_is_drawn(stopped, lang, theme):
    drawn = map_of(stopped[lang], 1000, 700, Appearance(theme, hatched=theme == "light")).svg
    assert drawn.count('class="carried"') == stopped[lang].carried


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("size", ["1080p", "a4"])
def test_the_sheet_is_made(stopped, lang, size):
    assert sheet(stopped[lang], "pdf", size=size)[:4] == b"%PDF"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_slide_says_it_and_each_carried_area_has_a_native_dotted_line(stopped, lang):
    briefing = stopped[lang]
    with zipfile.ZipFile(io.BytesIO(slides(briefing))) as deck:
        first = deck.read("ppt/slides/slide1.xml").decode()
    assert briefing.interrupted[1] in first
    assert first.count('<a:prstDash val="sysDot"/>') == briefing.carried
    assert mark_count(lang, "carried", briefing.carried) in first
    assert say(lang, "tiers.carried", tier=say(lang, "tiers.green")) in first


@pytest.mark.parametrize("lang", LANGUAGES)
def test_report_document_and_presentation_say_it_first(stopped, lang):
    briefing = stopped[lang]
    assert report(briefing, bare(lang))[:4] == bulletin_paper(briefing)[:4] == b"%PDF"
    assert sum(say(lang, "tiers.carried_count", n=count.carried) in row["meaning"]
               for count, row in zip(briefing.counts, count_rows(briefing), strict=False) if count.carried) == sum(
        bool(count.carried) for count in briefing.counts
    )  # fmt: skip
    texts = [paragraph.text for paragraph in docx.Document(io.BytesIO(document(briefing))).paragraphs]
    said = next(number for number, text in enumerate(texts) if briefing.interrupted[1] in text)
    assert said < next(number for number, text in enumerate(texts) if text == briefing.sections[0].sentences[0])
    page = show(briefing)
    assert page.index("banner stopped") < page.index(briefing.finding)
    assert page.count('class="chip') > page.count('carried"><span') >= sum(area.carried for area in briefing.focus)
