"""The live self-check: sound schemes pass, and for every law an engine or a scheme that breaks it is caught."""

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from analytics import tiers, words
from analytics.loaders import load_records, sample_datasets
from analytics.scheme import model, pack_ids, scheme_named
from analytics.scheme.measures import MEASURES
from analytics.scoring import Assessment, area_counts_for, assess
from analytics.scoring import combine as combining  # the module: nothing else has this name in the package
from analytics.scoring import decide as deciding
from analytics.scoring.laws_of_scores import _span
from analytics.scoring.selfcheck import selfcheck, selfcheck_report
from analytics.store.counts import Counts
from tests.scoring.small_world import given as given_indicator
from tests.scoring.small_world import incident, indicator, records, scheme, three_areas
from tests.scoring.test_laws import worlds

DAY = date(2020, 2, 20)
LAWS = ("analytics.scoring.law_world", "analytics.scoring.laws_of_scores", "analytics.scoring.laws_of_runs")
ENGINE = ("analytics.scoring.assess", "analytics.scoring.decide", *LAWS)
STABILITY = {"confirm_up_days": 3, "at_once_when_tiers_up": 2, "confirm_down_days": 3, "minimum_stay_days": 5}


def street():
    """Two communities of three grids each, 50 days of matters, some of them open and overdue, and residents."""
    random = np.random.default_rng(7)
    grids = [(f"{community}{number}", community) for community in "KL" for number in range(3)]
    areas = [{"area_id": name, "name": name, "level": "community", "parent_id": "", "population": ""} for name in "KL"]
    areas += [
        {"area_id": grid, "name": grid, "level": "grid", "parent_id": above, "population": 200 + 90 * number}
        for number, (grid, above) in enumerate(grids)
    ]
    matters = [
        incident(
            number,
            grids[random.integers(6)][0],
            f"2020-{1 + day // 28:02d}-{1 + day % 28:02d}",
            ["fever", "noise"][random.integers(2)],
            due_at=f"2020-{1 + day // 28:02d}-{1 + day % 28:02d}",
            closed_at="" if random.random() < 0.5 else "2020-02-28",
        )
        for number, day in enumerate(np.sort(random.integers(0, 50, 160)))
    ]
    people = [
        {"area_id": grid, "count": 40 + 30 * at, "age_band": band}
        for at, (grid, _) in enumerate(grids)
        for band in ("19-35", "80+")
    ]
    return records(areas=areas, incidents=matters, residents=people)


STREET = street()
SOUND = scheme(
    [
        indicator("fever", points={"method": "bands", "bands": [[0, 0], [1, 20], [2, 50], [3, 70], [5, 100]]}),
        indicator("fever_rate", measure="rate", per={"base": "population", "scale": 1000}, weight=2),
    ],
    [
        indicator("open", measure="open", window_days=None),
        indicator("overdue", measure="overdue", window_days=None),
        indicator("quiet", measure="days_since", window_days=None, days_since={"cap": 10}, harder_when="low"),
        indicator("elders", **{"from": "residents"}, where={"age_band": ["80+"]}, measure="stock_rate",
                  window_days=None, per={"base": "population", "scale": 100}, points={
                      "method": "linear", "linear": {"low": 0, "high": 60}}),
    ],
    stability=STABILITY,
)  # fmt: skip


def checked(chosen=SOUND, world=STREET):
    return selfcheck(area_counts_for(Counts.of_records(world), chosen), chosen, DAY)


def broken(results):
    return [result.law for result in results if not result.holds]


def break_everywhere(monkeypatch, name, make):
    """Put ``make(the real one)`` in the place of an engine's function, in every module that uses it."""
    for module in map(sys.modules.__getitem__, ENGINE):
        if hasattr(module, name):
            monkeypatch.setattr(module, name, make(getattr(module, name)))


def test_a_sound_scheme_keeps_every_law_and_every_law_is_tried():
    results = checked()
    assert [result.law for result in results] == list(range(1, 9))
    assert broken(results) == []
    assert all(result.checked > 0 and result.area_id is None and result.detail is None for result in results)


def test_the_same_seed_tries_the_same_cases():
    assert checked() == checked()
    assert selfcheck(area_counts_for(Counts.of_records(STREET), SOUND), SOUND, DAY, seed=3) != checked()


@pytest.mark.parametrize("name", pack_ids())
def test_the_schemes_that_ship_keep_every_law_on_the_demo_street(name, demo_street):
    loaded, day = demo_street
    chosen = scheme_named(name)
    results = selfcheck(area_counts_for(Counts.of_records(loaded), chosen), chosen, day)
    assert broken(results) == []
    assert all(result.checked for result in results)


@pytest.fixture(scope="module")
def demo_street():
    info = next(info for info in sample_datasets(Path(__file__).parents[2] / "sample_data") if info.id == "demo_street")
    files = {table: info.folder / name for table, name in info.files.items()}
    return load_records(files, info.default_date)[0], info.default_date


@given(worlds())
@settings(max_examples=25)
def test_random_schemes_on_random_values_keep_every_law(world):
    table, chosen = world
    filled = {name: ["" if value is None else value for value in column] for name, column in table.items()}
    rows = [*three_areas(**filled), {"area_id": "Z", "name": "Z", **dict.fromkeys(table, 0)}]
    assert broken(checked(chosen, records(areas=rows))) == []


RELATIVE = {"method": "percent_rank"}


@pytest.mark.parametrize(
    "chosen",
    [
        scheme([indicator(points=RELATIVE), indicator("other", where={"category": ["noise"]}, points=RELATIVE)]),
        scheme([indicator()], [indicator("other", where={"category": ["noise"]})], aggregate="geometric"),
        scheme([indicator()], [indicator("other", where={"category": ["noise"]})], aggregate="worst"),
        scheme([indicator(weight=3), indicator("other", where={"category": ["noise"]})], aggregate="sum"),
        scheme([indicator()], tiers={"by": "share", "red": 0.2, "blue": 0.4}),
        scheme([indicator()], tiers=None, decide=[
            {"tier": "red", "when": {"indicator": "fever_7d", "op": ">=", "value": 3}}, {"tier": "green"}]),
    ],
    ids=["percent_rank", "geometric", "worst", "sum", "shares", "decide"],
)  # fmt: skip
def test_other_ways_of_scoring_keep_every_law(chosen):
    assert broken(checked(chosen)) == []


def test_a_law_that_says_nothing_of_the_scheme_holds_with_no_case():
    by_conditions = scheme(
        [indicator(points={"method": "none"})],
        tiers=None,
        decide=[{"tier": "red", "when": {"indicator": "fever_7d", "op": ">=", "value": 3}}, {"tier": "green"}],
        level="community",
    )
    results = {result.law: result for result in checked(by_conditions)}
    assert (results[5].holds, results[5].checked) == (True, 0)
    assert (results[7].holds, results[7].checked) == (True, 0)
    for lang in words.LANGUAGES:
        assert sum(line.startswith("–") for line in selfcheck_report(tuple(results.values()), lang).splitlines()) == 2


def test_law_1_a_floor_that_lets_go_when_things_get_worse():
    floor = {"at_least": "red", "when": {"indicator": "fever_7d", "op": "<=", "value": 3},
             "name": {"zh": "反", "en": "Wrong way"}}  # fmt: skip
    result = checked(scheme([indicator()], floors=[floor]))[0]
    assert not result.holds
    assert result.area_id in STREET.areas.index
    assert "fever_7d" in result.detail.text("en")
    assert "Red" in result.detail.text("en")
    assert "红" in result.detail.text("zh")


def test_law_1_an_engine_that_turns_tiers_round(monkeypatch):
    monkeypatch.setattr(deciding, "tier_by_cutoffs", reversed_tiers(deciding.tier_by_cutoffs))
    assert 1 in broken(checked())


def reversed_tiers(real):
    def turned(score, cuts):
        rank = real(score, cuts)
        return np.where(rank == tiers.UNKNOWN_RANK, rank, tiers.RANK["red"] - rank).astype(np.int8)

    return turned


def test_law_1_an_engine_that_loses_an_area_when_it_gets_worse(monkeypatch):
    def losing(real):
        def found(score, cuts):
            rank = real(score, cuts)
            return np.where(score > 70, tiers.UNKNOWN_RANK, rank).astype(np.int8)

        return found

    monkeypatch.setattr(deciding, "tier_by_cutoffs", losing(deciding.tier_by_cutoffs))
    assert 1 in broken(checked())


def test_law_1_a_stability_that_falls_when_the_last_day_is_worse(monkeypatch):
    def falling(real):
        def published(computed, floors, rule, carrying, last=None):
            held = real(computed, floors, rule, carrying, last)
            return replace(held, tier=np.where(computed[-len(held.tier) :] > held.tier, 0, held.tier).astype(np.int8))

        return published

    break_everywhere(monkeypatch, "publish", falling)
    result = checked()[0]
    assert not result.holds
    assert result.detail.key == "selfcheck.worse_lowers_published"


def test_law_2_an_engine_in_which_the_first_dimension_counts_for_more(monkeypatch):
    real = combining._joined
    monkeypatch.setattr(
        combining, "_joined", lambda children, weights, how: real(children, [3 * weights[0], *weights[1:]], how)
    )
    monkeypatch.setattr(combining, "_overall_weights", lambda _: None)
    result = checked()[1]
    assert not result.holds
    assert result.area_id in STREET.areas.index


def test_law_3_an_engine_that_shares_weights_out_and_asks_no_more(monkeypatch):
    hard_by_one = records(areas=three_areas(x=[100, 100, 0], y=[0, 0, 0]))
    chosen = scheme([given_indicator("x", 3), given_indicator("y", 7)])
    assert broken(checked(chosen, hard_by_one)) == []

    def sharing(real):
        def without_ends(points, chosen, found, holes):
            ends = real(points, chosen, found, holes)
            return replace(ends, least=found.score, most=found.score)

        return without_ends

    break_everywhere(monkeypatch, "extreme_scores", sharing)
    result = checked(chosen, hard_by_one)[2]
    assert not result.holds
    assert result.detail.key == "selfcheck.missing_lowers"
    assert "Green" in result.detail.text("en")


def test_law_3_an_engine_that_looks_only_at_the_harmless_end(monkeypatch):
    def harmless(real):
        def one_end(*args):
            ends = real(*args)
            return replace(ends, most=ends.least)

        return one_end

    break_everywhere(monkeypatch, "extreme_scores", harmless)
    assert 3 in broken(checked())


@pytest.mark.parametrize("stability", [STABILITY, None])
def test_law_3_a_stability_that_lets_go_where_nothing_is_computed(stability, monkeypatch):
    def letting_go(real):
        def published(computed, floors, rule, carrying, last=None):
            held = real(computed, floors, rule, carrying, last)
            open_ = (computed[-len(held.tier) :] < 0) & (held.tier > 0)
            return replace(held, tier=np.where(open_, held.tier - 1, held.tier))

        return published

    break_everywhere(monkeypatch, "publish", letting_go)
    result = checked(SOUND.model_copy(update={"stability": SOUND.stability if stability else None}))[2]
    assert not result.holds
    assert result.detail.key == "selfcheck.missing_lowers_published"


def test_law_3_a_condition_that_is_green_when_nothing_is_known():
    chosen = scheme(
        [indicator()],
        tiers=None,
        decide=[
            {"tier": "green", "when": {"indicator": "fever_7d", "is": "missing"}},
            {"tier": "red"},
        ],
        missing={"minimum_known_weight": 0.6},
    )
    # Nothing known is too little to say anything, whatever the conditions say: the engine withholds green.
    assert broken(checked(chosen)) == []
    two = scheme([indicator(), indicator("other", weight=9)], tiers=None, decide=[
        {"tier": "green", "when": {"indicator": "fever_7d", "is": "missing"}}, {"tier": "red"}])  # fmt: skip
    assert broken(checked(two)) == [3]


def test_law_4_parts_that_do_not_add_up(monkeypatch):
    def inflated(real):
        def combined(points, chosen):
            found = real(points, chosen)
            return replace(found, parts=found.parts * 1.01)

        return combined

    break_everywhere(monkeypatch, "combine", inflated)
    result = checked()[3]
    assert not result.holds
    assert result.area_id in STREET.areas.index


def test_law_5_a_cut_off_that_belongs_to_the_tier_below(monkeypatch):
    def below(score, cuts):
        rank = np.searchsorted(np.array(cuts.ascending()), score, side="left")
        return np.where(np.isnan(score), tiers.UNKNOWN_RANK, rank).astype(np.int8)

    monkeypatch.setattr(deciding, "tier_by_cutoffs", below)
    assert broken(checked()) == [5]


def test_law_5_a_tier_that_begins_early(monkeypatch):
    real = deciding.tier_by_cutoffs
    monkeypatch.setattr(deciding, "tier_by_cutoffs", lambda score, cuts: real(score + 0.5, cuts))
    result = checked()[4]
    assert result.detail.key == "selfcheck.cut_off_early"


def test_law_5_a_step_of_points_that_is_missed(monkeypatch):
    break_everywhere(monkeypatch, "points_of", lambda real: lambda values, *more: real(values - 1e-6, *more))
    assert checked()[4].detail.key == "selfcheck.step_missed"


def test_law_6_a_legend_that_counts_otherwise(monkeypatch):
    real = Assessment.counts
    monkeypatch.setattr(Assessment, "counts", lambda self: real(self).assign(green=lambda counts: counts["green"] + 1))
    assert broken(checked()) == [6]


def test_law_6_an_area_that_is_in_neither(monkeypatch):
    counts, table = Assessment.counts, Assessment.table
    monkeypatch.setattr(Assessment, "counts", lambda self: counts(self.of_areas(self.areas.index[1:])))
    monkeypatch.setattr(Assessment, "table", lambda self: table(self.of_areas(self.areas.index[1:])))
    assert checked()[5].detail.key == "selfcheck.counts_short"


@pytest.mark.parametrize("measure", ["count", "rate", "open", "overdue", "stock_rate"])
def test_law_7_a_group_that_is_the_average_of_its_parts(measure, monkeypatch):
    real = MEASURES[measure]

    def averaged(facts, item, days):
        values, gaps = real.value(facts, item, days)
        return (values / 3 if set(facts.areas["level"]) == {"community"} else values), gaps

    monkeypatch.setattr(model, "MEASURES", MEASURES | {measure: replace(real, value=averaged)})
    result = checked()[6]
    assert not result.holds
    assert result.area_id in ("K", "L")


def test_law_7_looks_at_every_group():
    """Two communities by five of the six indicators: quiet days do not add up."""
    assert checked()[6].checked == 2 * 5


def test_law_7_looks_only_at_records_that_have_a_place_below():
    of_the_community = STREET.incidents.iloc[:20].assign(area_id="K")
    above = replace(STREET, incidents=pd.concat([STREET.incidents, of_the_community], ignore_index=True))
    assert checked(world=above)[6].holds


def test_law_8_a_stability_that_looks_ahead(monkeypatch):
    def foreseeing(real):
        def published(computed, floors, rule, carrying, last=None):
            held = real(computed, floors, rule, carrying, last)
            ahead = np.maximum.accumulate(computed[::-1])[::-1]
            return replace(held, tier=ahead[-len(held.tier) :])

        return published

    break_everywhere(monkeypatch, "publish", foreseeing)
    result = checked()[7]
    assert not result.holds
    assert result.area_id in STREET.areas.index


def test_law_8_a_measure_that_hangs_on_the_days_that_are_asked_for(monkeypatch):
    real = MEASURES["count"]

    def from_first_day(facts, item, days):
        values, gaps = real.value(facts, item, days)
        return values - values[0], gaps

    monkeypatch.setattr(model, "MEASURES", MEASURES | {"count": replace(real, value=from_first_day)})
    result = checked(scheme([indicator()]))[7]
    assert not result.holds
    assert "2020" in result.detail.text("zh")


@pytest.mark.parametrize("field", ["published", "computed", "score"])
def test_law_8_a_day_that_is_another_when_it_is_asked_for_alone(field, monkeypatch):
    """Each of them by itself, while the two others are as they should be."""

    def otherwise_alone(facts, chosen, days):
        found = assess(facts, chosen, days)
        return found if len(days) > 1 else replace(found, **{field: getattr(found, field) + 1})

    monkeypatch.setattr("analytics.scoring.laws_of_runs.assess", otherwise_alone)
    assert not checked()[7].holds


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_the_report_names_the_law_the_area_and_what_happened(lang, monkeypatch):
    sound = selfcheck_report(checked(), lang)
    assert [line[0] for line in sound.splitlines()[:-1]] == ["✔"] * 8
    monkeypatch.setattr(deciding, "tier_by_cutoffs", reversed_tiers(deciding.tier_by_cutoffs))
    results = checked()
    report = selfcheck_report(results, lang)
    first = report.splitlines()[0]
    assert first.startswith("✘ 1. ")
    assert results[0].area_id in report.splitlines()[1]
    assert all("{" not in line for line in report.splitlines())


def test_no_area_and_one_area_and_values_that_are_all_missing():
    parts = [given_indicator("x"), given_indicator("y")]
    rows = [{"area_id": "A", "name": "A", "x": 20, "y": 80}]
    assert broken(checked(scheme(parts), records(areas=rows))) == []
    missing = replace(records(areas=rows), areas=records(areas=rows).areas.assign(x=np.nan, y=np.nan))
    assert broken(checked(scheme(parts), missing)) == []
    nobody = replace(missing, areas=missing.areas.iloc[:0])
    assert broken(checked(scheme(parts), nobody)) == []


def test_the_reach_of_bands_goes_from_the_first_to_the_last():
    bands = {"method": "bands", "bands": [[1, 0], [5, 60], [9, 100]]}
    (item,) = scheme([given_indicator("x", points=bands)]).indicators
    assert _span(item, np.array([0.0, 100.0])) == 8


def test_the_reach_of_points_by_place_is_that_of_the_known_values():
    (item,) = scheme([given_indicator("x", points={"method": "percent_rank"})]).indicators
    assert _span(item, np.array([1.0, np.nan, 4.0])) == 3
    assert _span(item, np.array([2.0, 2.0])) == _span(item, np.array([np.nan])) == 1
