"""All schemes of both samples, every paper, both languages: no sentence is at odds with tier, score and legend."""

import io
import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import timedelta

import docx
import pytest
from pptx import Presentation

from analytics import tiers
from analytics.access import Actor
from analytics.briefing import Briefing, briefing_of, bulletin_paper, report, sheet
from analytics.briefing.document import document
from analytics.briefing.looking import pages_of
from analytics.briefing.show import show
from analytics.briefing.slides import slides
from analytics.exhibits import overview
from analytics.loaders import load_records, sample_datasets
from analytics.marks import FORMS, KEEPING
from analytics.releases import Intent, verify
from analytics.releases.publishing import ReleaseInput, entry_of, predecessor, release
from analytics.releases.publishing import report as told_of
from analytics.scheme import scheme_named
from analytics.scoring import Assessment, area_counts_for, first_full_day
from analytics.scoring.decide import BY_SCORE
from analytics.scoring.reasons import shown_tier
from analytics.store import Counts
from analytics.store.ledger import Ledger
from analytics.store.ledger_entries import OverrideEntry
from analytics.wording.numbers import NOTHING
from analytics.wording.tiers import mark_count
from analytics.words import LANGUAGES, Language, say
from analytics.words.place_names import CHINESE
from tests.briefing.meetings import bare, full
from tests.office import SAMPLES

SCHEMES = [(info.id, scheme) for info in sample_datasets(SAMPLES) for scheme in info.schemes]

WORDS = {
    "zh": re.compile(r"(?:红(?!线)|橙|黄|蓝|绿)(?=色?)"),
    "en": re.compile(r"\b(?:red|orange|yellow|blue|green)\b", re.IGNORECASE),
}
COMPUTED = {
    "zh": re.compile(r"测算(?:等级)?为(?:[▲◆■●✔])?(红|橙|黄|蓝|绿)"),
    "en": re.compile(r"computed(?: tier)?(?: is)?:? (red|orange|yellow|blue|green)\b", re.IGNORECASE),
}


@dataclass(frozen=True)
class World:
    """A scheme of a sample: two releases a week apart, the second with a decision on one area."""

    now: Assessment
    told: dict[Language, Briefing]

    def tier_of(self, lang, word):
        return next(tier for tier in tiers.RANKED if say(lang, f"tiers.{tier}").lower() == word.lower())


@pytest.fixture(scope="module")
def counted():
    """The daily counts of each sample, read once."""
    held = {}
    for info in sample_datasets(SAMPLES):
        files = {table: info.folder / file for table, file in info.files.items()}
        held[info.id] = info, Counts.of_records(load_records(files, info.default_date)[0], "6" * 64)
    return held


@pytest.fixture(scope="module", params=SCHEMES, ids=lambda pair: "-".join(pair))
def world(request, counted, tmp_path_factory):
    (sample, scheme_id), me = request.param, Actor("me", "local")
    (info, counts), scheme = counted[sample], scheme_named(scheme_id)
    home = tmp_path_factory.mktemp("no_contradiction")
    ledger, facts = Ledger.open(None, home), area_counts_for(counts, scheme)
    last = info.default_date
    decided = OverrideEntry(0, scheme_id, str(facts.areas.index[7]), "yellow", "联合检查决定", "", "",
                            last, last + timedelta(days=7), "", None)  # fmt: skip
    for day in (last - timedelta(weeks=1), last):
        material = ReleaseInput(facts, scheme, first_full_day(counts, scheme), day, None, info.notice, info.source)
        release(home, ledger, me, material, Intent("例会", publish=True))
        if day < last:
            ledger.override(me, decided)
    entry = entry_of(ledger, 2)
    told, frozen = told_of(home, ledger, predecessor(ledger, entry), entry), verify(home, ledger, entry.name)
    now = told.after.assessment
    return World(now.on(now.days[-1]), {lang: briefing_of(frozen, told, lang, entry) for lang in LANGUAGES})


@pytest.fixture
def handed(monkeypatch):
    """What a paper hands to the typesetter, which is not run."""
    taken = {}

    def take(template, data, *_, **__):
        taken[template] = data
        return b""

    for module in (sheet, report, bulletin_paper):
        monkeypatch.setattr(module, "typeset", take)
    return taken


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_printed_score_lies_on_its_tier_s_side(world, lang):
    now, cutoffs = world.now, world.now.scheme.cutoffs
    for area in world.told[lang].areas:
        at = now.areas.index.get_loc(area.area_id)
        assert area.tier == str(tiers.names(now.shown[-1, at]))
        if area.score == NOTHING or not cutoffs:
            continue
        by_score = tiers.RANKED[bisect_right(cutoffs, float(now.score[-1, at]))]
        printed = tiers.RANKED[bisect_right(cutoffs, float(area.score))]
        if now.decided[-1, at] == BY_SCORE:
            assert printed == by_score == str(tiers.names(now.computed[-1, at])), area
        if printed != area.tier:  # else what the score would say is told beside it
            assert area.score_beside != area.score, area


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_tier_in_a_sentence_is_the_shown_one_or_called_computed(world, lang):
    for area in world.told[lang].areas:
        shown = shown_tier(world.now, area.area_id)
        for text in (area.reason, area.score_beside, *area.why):
            for word in COMPUTED[lang].findall(text):
                assert world.tier_of(lang, word) == shown.computed, text
        first = WORDS[lang].search(area.reason.replace(area.name, ""))
        if shown.why != "missing":
            assert world.tier_of(lang, first.group()) == shown.tier, area.reason
        if shown.why in KEEPING:
            assert shown.why in area.marks
            assert area.why[0] != ""
            told_beside = shown.tier == shown.computed or tiers.UNKNOWN in (shown.tier, shown.computed)
            assert told_beside or area.score_beside != area.score, area


def _rows(briefing):
    return [(area.name, area.tier, area.score) for area in briefing.areas]


def _legend(briefing):
    return [mark_count(briefing.lang, mark, n) for mark, n in briefing.marks.items()]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_counts_are_those_of_the_areas_and_of_the_bulletin(world, lang):
    briefing = world.told[lang]
    shown = [area.tier for area in briefing.areas]
    assert {count.tier: count.count for count in briefing.counts} == {tier: shown.count(tier) for tier in tiers.SHOWN}
    assert dict(briefing.weeks[-1].counts) == {tier: shown.count(tier) for tier in tiers.SHOWN}
    first = briefing.sections[0].sentences[0]
    if len(set(shown)) > 1:
        numbers = [int(number) for number in re.findall(r"\d+", first)]
        assert set(numbers) >= {shown.count(tier) for tier in tiers.SHOWN} | {len(shown)}
    for mark, way in (("raised", True), ("lowered", False)):
        moved = {area_id for move in briefing.moves if move.raised is way for area_id in move.area_ids}
        assert moved == {area.area_id for area in briefing.areas if mark in area.marks}
    ways = {area.area_id: (area.before, area.tier) for area in briefing.areas}
    for move in briefing.moves:
        assert all(ways[area_id][1] == move.after for area_id in move.area_ids)
        for area_id, cause in zip(move.area_ids, move.causes, strict=True):
            by_person = "override" in next(area for area in briefing.areas if area.area_id == area_id).marks
            assert not by_person or cause == say(lang, "release_pages.cause_decision")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sheet_and_the_papers_say_the_same(world, handed, lang):
    briefing = world.told[lang]
    sheet.sheet(briefing, "png")
    report.report(briefing, bare(lang))
    bulletin_paper.bulletin_paper(briefing)
    on_sheet, in_report, in_bulletin = handed["sheet"], handed["report"], handed["bulletin"]
    counts = [(count.tier, count.count) for count in briefing.counts]
    assert [(count["tier"], count["count"]) for count in on_sheet["counts"]] == counts
    assert [(row["tier"], int(row["now"])) for row in in_bulletin["counts"]["rows"][:-1]] == counts
    assert [(row["tier"], int(row["cells"][1])) for row in in_report["counts"]["rows"]][:-1] == counts
    assert [row["meaning"] for row in in_report["counts"]["rows"]] == [
        row["meaning"] for row in in_bulletin["counts"]["rows"]
    ]
    assert [(row["tier"], row["score"], tuple(row["marks"])) for row in in_report["focus"]["rows"]] == [
        (area.tier, area.score, area.marks) for area in briefing.focus
    ]
    assert [said for mark, said in on_sheet["map"]["keys"].items() if mark != "pin"] == _legend(briefing)
    for paper in (in_report, in_bulletin):
        assert [one["said"] for one in paper["map"]["marks"]] == _legend(briefing)
    changed = [(row["before"], row["after"]) for row in in_report["changes"]["rows"]]
    assert changed == [(move.before, move.after) for move in briefing.moves for _ in move.area_ids]
    for row, area in zip(on_sheet["focus"]["areas"], briefing.focus, strict=True):
        assert (row["tier"], row["marks"]) == (area.tier, [mark for mark in area.marks if mark in KEEPING])
        assert row["score"] == (say(lang, "tiers.carried_short") if area.carried else area.score)
    for row, area in zip(in_bulletin["annex"]["rows"], briefing.areas, strict=True):
        assert (row["tier"], row["score"], tuple(row["marks"])) == (area.tier, area.score, area.marks)


def test_an_english_bulletin_has_no_chinese_in_it(world):
    briefing = world.told["en"]
    for text in (
        briefing.bulletin_title,
        briefing.finding,
        *(line for part in briefing.sections for line in part.sentences),
    ):
        assert not CHINESE.search(text), text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_report_has_two_pages_whatever_it_says(world, lang):
    for meeting in (bare(lang), full(lang)):
        assert pages_of(report.report(world.told[lang], meeting)).pages == 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_slides_say_the_same(world, lang):
    briefing = world.told[lang]
    deck = Presentation(io.BytesIO(slides(briefing)))
    first = {shape.text_frame.text for shape in deck.slides[0].shapes if shape.has_text_frame}
    assert set(_legend(briefing)) <= first
    listed = {}
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_table and len(shape.table.columns) >= 6:
                for row in list(shape.table.rows)[1:]:
                    texts = [cell.text for cell in row.cells]
                    listed.setdefault(texts[1], texts)
    for area in briefing.areas:
        said = say(lang, f"tiers.{area.tier}")
        name = say(lang, "tiers.carried_brief", tier=said) if area.carried else said
        signs = [FORMS[mark].sign for mark in area.marks]
        chip = " ".join([tiers.LOOKS[area.tier].mark, name, *signs])
        names = area.name, area.name.removesuffix(f", {area.parent}")  # its community may have a column of its own
        texts = next(texts for key, texts in listed.items() if key.split("\n")[0] in names)
        assert chip in texts, (chip, texts)
        assert any(text.split("\n")[0] == area.score for text in texts), texts


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_document_the_presentation_and_the_saved_tables_say_the_same(world, lang):
    briefing = world.told[lang]
    table = docx.Document(io.BytesIO(document(briefing))).tables[0]
    assert [int(row.cells[3].text) for row in list(table.rows)[1:7]] == [count.count for count in briefing.counts]
    page = show(briefing)
    assert all(f"{count.name} {count.count}</span>" in page for count in briefing.counts)
    content = overview.map_content(world.now, None, {})
    assert list(content.tiers) == [str(tier) for tier in tiers.names(world.now.shown[-1])]
    kept = {area.area_id: tuple(mark for mark in area.marks if mark in KEEPING) for area in briefing.areas}
    assert content.marks == {area_id: marks for area_id, marks in kept.items() if marks}
    rows = overview.areas_table(lang, world.now).astype(str).to_numpy().tolist()
    for row, area in zip(rows, briefing.areas, strict=True):
        assert any(text.startswith(tiers.LOOKS[area.tier].mark) for text in row), row
        assert area.score == NOTHING or any(text.startswith(area.score) for text in row), row
