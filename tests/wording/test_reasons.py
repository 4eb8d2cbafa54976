"""No sentence on why an area has its colour is at odds with its tier, its score and the legend.

Everything that says so is printed, for every scheme that ships and fits a sample, and for made-up areas that have what
the samples lack; then tier words, numbers and dates are read out of the texts again, and compared with what a second
way makes of the records (`second_way`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.exhibits.overview import areas_table
from analytics.loaders import Records, load_records, sample_datasets
from analytics.releases.bulletin import bulletin
from analytics.releases.checker import check as check_bulletin
from analytics.releases.compare import ReleaseContent
from analytics.scheme import Scheme, pack_ids, scheme_named
from analytics.scheme.reading import reference_ids
from analytics.scoring import Assessment, area_counts_for, assess, ranking
from analytics.scoring.assess import END_NOT_RECORDED, NO_OVERRIDE
from analytics.scoring.counterfactual import smallest_changes
from analytics.scoring.overrides import Override, with_overrides
from analytics.scoring.reporting_delay import CompleteTo
from analytics.scoring.scope import fits
from analytics.store.counts import Counts
from analytics.wording import reasons, smallest
from analytics.wording.areas import area_options, in_language
from analytics.wording.overview import Glance, priority_rows
from analytics.words import LANGUAGES
from tests.wording import made_worlds
from tests.wording.against_truth import Checker
from tests.wording.printed import is_carried, tier_in
from tests.wording.second_way import ORDER, Decided, SecondWay, Truth

SAMPLES = Path(__file__).parents[2] / "sample_data"
SCHEMES = (*pack_ids(), *reference_ids())
SINCE = "2023-01-01"
EVERY = 8
"""Of Trafford, which has 731 areas and records since 2019, every so-manieth area, and the records from that day on."""

HEAVY_AT_ONCE = 5
"""So many areas a bulletin explains one by one."""

FORMS: Counter[str] = Counter()
"""How many clauses, sentences and cells of each form were checked, over all tests of this module."""


WANTED = {
    "computed", "held_fall", "held_fall_to", "held_rise", "held_rise_to", "floor", "name", "numbered",
    "rest", "missing", "span", "carried", "carried_until", "set_until", "set_without_end", "set_by_rule", "nothing",
    "share", "holding", "score", "leads", "easing", "change_enough", "change_short", "to_harder", "above_cut",
    "below_cut", "beside", "beside_computed", "beside_floor",
    "beside_computed_floor", "cell_plain", "cell_held", "cell_carried", "cell_set", "cell_floor", "bulletin_held",
    "bulletin_carried", "bulletin_set", "bulletin_score", "bulletin_floor", "bulletin_line", "bulletin_differs",
}  # fmt: skip
"""The forms that have to occur."""

Truths = Mapping[tuple[str, date], Truth]


@cache
def sample(name: str) -> tuple[Records, Counts]:
    """A sample's records, and their counts."""
    (info,) = (found for found in sample_datasets(SAMPLES) if found.id == name)
    files = {table: info.folder / file for table, file in info.files.items()}
    records, _ = load_records(files, info.default_date)
    if name == "trafford":
        areas = records.areas.iloc[::EVERY]
        incidents, residents = (
            held[held["area_id"].isin(areas.index)] for held in (records.incidents, records.residents)
        )
        incidents = incidents[incidents["occurred_at"] >= SINCE]
        records = replace(records, areas=areas, incidents=incidents, residents=residents)
    return records, Counts.of_records(records)


CASES = [
    (data, name)
    for data in ("demo_street", "trafford")
    for name in SCHEMES
    if fits(sample(data)[1], scheme_named(name))
]

WANDERING = tuple(made_worlds.rules())
BESIDE = tuple(made_worlds.rules_of_scores())


@pytest.fixture(autouse=True)
def _what_takes_long_is_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same changes are asked for in either language, by sentences and by cards."""
    found: dict[tuple[object, ...], object] = {}

    def once(find: Callable[..., object]) -> Callable[..., object]:
        def known(run: Assessment, *of: str) -> object:
            key = (find, run.days[-1], run.shown[-1].tobytes(), *run.areas.index[[0, -1]], *of)
            if key not in found:
                found[key] = find(run, *of)
            return found[key]

        return known

    monkeypatch.setattr(smallest, smallest_changes.__name__, once(smallest_changes))


def decisions(truths: Truths, day: date) -> list[Decided]:
    """What people might decide on a day: for an area of each kind a harder and a milder tier, the computed and the
    published one, for some until today, for others for days and for more than a year."""
    kinds: dict[tuple[object, ...], str] = {}
    for (area, at), truth in truths.items():
        if at == day:
            kinds.setdefault((truth.published, truth.computed, truth.by), area)
    ends = [day, day + timedelta(days=5), day + timedelta(days=75), day + timedelta(days=400)]
    found = []
    for number, ((published, computed, _), area) in enumerate(kinds.items()):
        wished = [ORDER[-1 - number % 2], ORDER[number % 2], computed, published]
        tiers = [tier for tier in wished if tier != "unknown"]
        found.append(Decided(area, tiers[number % len(tiers)], day - timedelta(days=3), ends[number % len(ends)]))
    heavy = [area for (area, at), truth in truths.items() if at == day and truth.shown != truth.computed][-2:]
    return found + [Decided(area, "red", day, day + timedelta(days=1)) for area in heavy]


def applied(run: Assessment, decided: Sequence[Decided]) -> Assessment:
    return with_overrides(
        run, [Override(d.area_id, d.tier, "seen on site", "grid head", d.first, d.last) for d in decided]
    )


def without_ends(run: Assessment, truths: Truths) -> tuple[Assessment, Truths]:
    """The same as they are told of a run that was frozen before the ends of decisions were on record."""
    left = np.where(run.override_left == NO_OVERRIDE, run.override_left, END_NOT_RECORDED)
    return replace(run, override_left=left), {at: replace(truth, until=None) for at, truth in truths.items()}


def printed(run: Assessment, truths: Truths, areas: Sequence[str], scheme: Scheme) -> None:
    """All that is printed of some areas on the last day of a run is so."""
    day = run.days[-1].date()
    last = run.on(run.days[-1])
    ranked = ranking(last)
    for lang in LANGUAGES:
        check = Checker(lang, scheme, FORMS)
        some = last.of_areas(pd.Index(areas))
        table = {row[0]: (row[3], *row[5:7]) for row in areas_table(lang, some).to_numpy()}
        options = area_options(lang, scheme, ranked, areas[0], len(ranked))
        for area in areas:
            truth = truths[area, day]
            check.sentence(reasons.sentence(lang, run, area), run.areas["name"][area], truth)
            check.lines([line["text"] for line in reasons.ground_lines(lang, run, area)], truth)
            check.distance(reasons.distance_line(lang, run, area), truth)
            for row in smallest.change_rows(lang, run, area):
                check.change(row, truth)
            *_, shown, beside = options[area].split("  ")
            check.score_beside(beside, tier_in(shown), truth)
            told, (tier, score, why) = reasons.leading_reasons(lang, last, area, ranked["leads"][area]), table[area]
            assert is_carried(tier) == (truth.kept == "carried")
            check.cell(told, score, tier, truth)
            between = "、" if lang == "zh" else "; " if any("," in one for one in told) else ", "
            assert why == (between.join(told) or "—")
        graded = [area for area in ranked.index if area in set(areas) and ranked["tier"][area] != "unknown"]
        for area, row in zip(graded, priority_rows(lang, Glance(some), None, len(areas), None, ""), strict=True):
            check.cell(row["why"], row["score"], row["tier"], truths[area, day])
        bulletins(lang, some, truths, check)


def bulletins(lang: str, last: Assessment, truths: Truths, check: Checker) -> None:
    """What a bulletin says of each red and orange area, and of how many the tier as shown is another than computed."""
    day = last.days[-1].date()
    of_day = {area: truths[area, day] for area in last.areas.index}
    heavy = [area for area, truth in of_day.items() if truth.shown in ("red", "orange")]
    content = ReleaseContent(None, day.year, None, last, None, CompleteTo(day, None, 0), None)
    for start in range(0, len(heavy), HEAVY_AT_ONCE):
        some = heavy[start : start + HEAVY_AT_ONCE]
        told = bulletin(None, replace(content, assessment=last.of_areas(pd.Index(some))), None).sections["focus"]
        names = in_language(lang, last).areas["name"]
        by_name = {names[area]: of_day[area] for area in some}
        said = [item for item in told if item.phrase.key.startswith("bulletin.why_")]
        assert len(said) == len(some)
        for item in said:
            check.in_bulletin(item.text(lang), by_name)
    whole = bulletin(None, content, None)
    check_bulletin(whole, None, content)
    said = [item.text(lang) for item in whole.sections["notes"] if item.phrase.key == "bulletin.notes_differs"]
    check.differs(said, of_day.values())


def days_of(way: SecondWay) -> Iterator[date]:
    """The third day, those on which most are held and carried on, and the newest."""
    yield from sorted({way.days[:3][-1].date(), way.most_held(), way.most_carried(), way.days[-1].date()})


def compared(records: Records, counts: Counts, scheme: Scheme) -> None:
    """All that is printed of the areas on a few days, with and without people's decisions."""
    way, facts = SecondWay(records, scheme), area_counts_for(counts, scheme)
    for day in days_of(way):
        first = max(day - timedelta(days=7), way.days[0].date())
        truths = way.on([first, day])
        run = assess(facts, scheme, pd.DatetimeIndex(sorted({first, day})))
        # Where there are many, of the early day some are enough: hardly any is held yet.
        printed(run, truths, way.areas[::3] if day == way.days[:3][-1].date() else way.areas, scheme)
        decided = decisions(truths, day)
        decided_areas = list(dict.fromkeys(held.area_id for held in decided))
        run, truths = applied(run, decided), way.on([first, day], decided)
        printed(run, truths, decided_areas, scheme)
        printed(*without_ends(run, truths), decided_areas[:3], scheme)


def checks() -> Mapping[str, Callable[[], None]]:
    """Everything that is compared, by name: each sample under each scheme, and made areas under rules of their own."""

    def made(make: Callable[[], Records], scheme: Scheme) -> None:
        records = make()
        compared(records, Counts.of_records(records), scheme)

    found = {f"{data} {name}": partial(lambda data, name: compared(*sample(data), scheme_named(name)), data, name)
             for data, name in CASES}  # fmt: skip
    found |= {f"wanders {number}": partial(made, made_worlds.walks, scheme) for number, scheme in enumerate(WANDERING)}
    found |= {f"scores {number}": partial(made, made_worlds.scores, scheme) for number, scheme in enumerate(BESIDE)}
    return found | {"climbs": partial(made, made_worlds.climb, WANDERING[1])}


CHECKS = checks()
CHECKED: set[str] = set()


def check_once(name: str) -> None:
    if name not in CHECKED:
        CHECKS[name]()
        CHECKED.add(name)


@pytest.mark.parametrize("name", CHECKS)
def test_what_is_printed_is_what_a_second_way_finds(name: str) -> None:
    check_once(name)


def test_every_form_of_sentence_was_checked() -> None:
    for name in CHECKS:  # those that were not tried in this process: the forms are counted over all of them
        check_once(name)
    lacking = {form for form in WANTED if not FORMS[form]}
    assert not lacking, f"never printed: {sorted(lacking)}"
