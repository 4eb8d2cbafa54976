"""A draft held against the scheme in use: who changes tier, why, and that the page's numbers are the engine's."""

from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics import tiers
from analytics.loaders import load_records, sample_datasets
from analytics.scheme import scheme_named
from analytics.scheme.editing import levels, recut, reweighted, with_minimum_known
from analytics.scoring import area_counts_for, assess, last_known_day, reassess
from analytics.scoring.what_if import (
    WhatIf,
    can_be_weighed,
    causes,
    cut_scale,
    floor_effect,
    same_measures,
    score_bins,
)
from analytics.store.counts import Counts
from tests.scoring.small_world import assessed, days, given, incident, indicator, records, scheme

ROOT = Path(__file__).parents[2]
AREAS = [
    {"area_id": area, "name": area, "population": 1000, "a": a, "b": b}
    for area, a, b in (("A", 90, 30), ("B", 30, 90), ("C", 50, 50), ("D", 85, 85), ("E", 10, 60))
]
EVEN = scheme([given("a"), given("b")])


def trial(draft, before=EVEN, areas=AREAS):
    run = assessed(records(areas=areas), before, days("2020-02-20"))
    return WhatIf(reassess(run, before), reassess(run, draft))


def test_under_the_same_scheme_nothing_changes():
    found = trial(EVEN)
    assert found.changed.empty
    assert np.trace(found.transitions.to_numpy()) == 5
    assert found.counts["before"].equals(found.counts["after"])


def test_areas_that_change_are_named_with_both_scores_and_the_reason():
    tried = trial(reweighted(EVEN, "d0", {"a": 75, "b": 25}))
    found = tried.changed
    assert tried.marks == ".-..."
    # A: 60 → 75, orange; B: 60 → 45, orange → yellow; C stays; D stays; E: 35 → 22.5, blue.
    assert list(found.index) == ["B"]
    assert tuple(found.loc["B", ["before", "after", "score_before", "score_after"]]) == ("orange", "yellow", 60, 45)
    assert not found.loc["B", "raised"]
    assert tuple(found.loc["B", ["cause", "lead"]]) == ("weights", "d0")


def test_the_cause_is_the_one_part_of_the_draft_that_does_it_alone():
    moved = recut(EVEN, {"orange": 61})
    assert set(trial(moved).changed["cause"]) == {"cutoffs"}
    both = reweighted(recut(EVEN, {"red": 74}), "d0", {"a": 75, "b": 25})
    found = trial(both).changed
    # A is red by its new score of 75 against the new line of 74: neither alone does it.
    assert found.loc["A", "after"] == "red"
    assert found.loc["A", "cause"] == "several"
    assert found.loc["B", "cause"] == "weights"


def test_a_floor_and_the_rule_for_missing_data_are_causes():
    floor = {
        "at_least": "orange",
        "when": {"indicator": "b", "op": ">=", "value": 60},
        "name": {"zh": "线", "en": "line"},
    }
    ruled = scheme([given("a"), given("b")], floors=[floor])
    found = trial(ruled.model_copy(update={"floors": ()}), ruled).changed
    assert found.loc["E", "before":"after"].tolist() == ["orange", "blue"]
    assert set(found["cause"]) == {"floors"}
    gaps = [*AREAS[:4], {**AREAS[4], "a": None, "b": 68}]
    known = scheme([given("a"), given("b", 9)], missing={"minimum_known_weight": 0.5})
    found = trial(with_minimum_known(known, 95), known, gaps).changed
    assert found.loc["E", "after"] == tiers.UNKNOWN
    assert pd.isna(found.loc["E", "raised"])
    assert set(found["cause"]) == {"missing"}


def by_lines(value=90, **settings):
    """Red from this value of b on, else green."""
    lines = [{"tier": "red", "when": {"indicator": "b", "op": ">=", "value": value}}, {"tier": "green"}]
    return scheme([given("a"), given("b")], tiers=None, decide=lines, **settings)


def test_lines_of_decision_come_and_go_with_the_cut_offs_and_are_a_cause_of_their_own():
    found = trial(by_lines()).changed
    assert found.loc["B", "before":"after"].tolist() == ["orange", "red"]
    assert set(found["cause"]) == {"cutoffs"}
    found = trial(EVEN, by_lines()).changed
    assert found.loc["B", "before":"after"].tolist() == ["red", "orange"]
    assert set(found["cause"]) == {"cutoffs"}
    found = trial(by_lines(80), by_lines()).changed
    assert found[["before", "after", "cause"]].to_numpy().tolist() == [["green", "red", "decide"]]
    # With other weights too, which decide nothing here, it is still the lines that do it.
    assert set(trial(reweighted(by_lines(80), "d0", {"a": 3}), by_lines()).changed["cause"]) == {"decide"}


def test_another_way_of_combining_is_told_as_another_measure():
    worst = scheme(dimensions=[{"id": "d0", "aggregate": "worst", "indicators": [given("a"), given("b")]}])
    assert set(trial(worst).changed["cause"]) == {"measures"}


STEADY = {"confirm_up_days": 3, "confirm_down_days": 3, "minimum_stay_days": 3, "one_step_down": False}


def held(before, draft):
    """Five matters in A on 8 February and six today, the 20th, by the tiers as they would be published."""
    matters = ["2020-02-08"] * 5 + ["2020-02-20"] * 6
    fevers = [incident(number, "A", day) for number, day in enumerate(matters)]
    # On a day without any record nothing would be known.
    others = [incident(100 + number, "B", f"2020-02-{number:02}", category="noise") for number in range(1, 21)]
    facts = area_counts_for(Counts.of_records(records(areas=AREAS, incidents=fevers + others)), before)
    return WhatIf(*(assess(facts, chosen, days("2020-02-20")) for chosen in (before, draft)))


def counted(weight=1, **settings):
    """Matters of a week, ten points each, and of a day with this weight."""
    return scheme([indicator("w"), indicator("d", window_days=1, weight=weight)], **settings)


def test_where_the_same_is_computed_today_it_is_another_rule_or_the_days_before():
    # Six matters are 60 points in either window, so that no weight changes what is computed today.
    found = held(counted(stability=STEADY), counted())
    assert found.changed[["before", "after", "cause"]].to_numpy().tolist() == [["green", "orange", "stability"]]
    # From 9 to 14 February the week has 50 points and the day none: 25 together, and 50 where the day weighs little.
    slow = STEADY | {"confirm_down_days": 30, "minimum_stay_days": 30}
    found = held(counted(stability=slow), counted(0.001, stability=slow))
    assert (found.before.computed == found.after.computed).all()
    assert found.changed[["before", "after", "cause"]].to_numpy().tolist() == [["blue", "yellow", "history"]]


def test_another_way_of_measuring_is_told_as_such():
    other = scheme([given("a", points={"method": "linear", "linear": {"low": 0, "high": 200}}), given("b")])
    assert not same_measures(EVEN, other)
    facts = area_counts_for(Counts.of_records(records(areas=AREAS)), EVEN)
    found = WhatIf(assess(facts, EVEN, days("2020-02-20")), assess(facts, other, days("2020-02-20")))
    assert set(causes(found)) == {"measures"}
    assert set(found.changed["lead"]) == {""}


def test_names_weights_and_rules_are_no_other_way_of_measuring():
    draft = recut(reweighted(EVEN, "d0", {"a": 3}), {"blue": 5}).model_copy(update={"version": 9})
    assert same_measures(EVEN, draft)


def test_under_a_scheme_is_what_is_assessed_by_it():
    draft = recut(reweighted(EVEN, "d0", {"a": 90, "b": 10}), {"red": 88})
    fresh = assessed(records(areas=AREAS), draft, days("2020-02-20"))
    tried = trial(draft).after
    for name in ("score", "parts", "weights", "known", "computed", "shown", "decided"):
        np.testing.assert_array_equal(getattr(tried, name), getattr(fresh, name), err_msg=name)
    assert tried.scheme is draft


def test_places_before_and_after():
    found = trial(reweighted(EVEN, "d0", {"a": 75, "b": 25})).ranks
    assert found.loc["D", ["before", "after"]].tolist() == [1, 1]
    assert found.loc["B", ["before", "after"]].tolist() == [3, 4]
    assert list(found.index) == ["D", "A", "C", "B", "E"]


def test_the_bars_hold_every_area_that_has_a_score():
    edges, table = score_bins(trial(EVEN).after)
    assert (edges[0], edges[-1]) == (0, 100)
    assert int(table.to_numpy().sum()) == 5
    # On an edge an area stands in the bar that begins there: 60 is in the bar 60–62.5.
    assert table.loc[edges[:-1] == 60.0, "orange"].item() == 2
    wide = scheme([given("a", points={"method": "none"})], tiers={"blue": -5, "yellow": 40, "orange": 60, "red": 120})
    run = assessed(records(areas=AREAS), wide, days("2020-02-20"))
    assert cut_scale(WhatIf(run, run)) == (-5, 120)


def test_the_scale_of_cut_offs_holds_those_of_both_schemes_and_all_scores():
    assert cut_scale(trial(EVEN)) == (0, 100)
    wide = recut(EVEN, {"blue": -5, "red": 120})
    assert cut_scale(trial(wide)) == cut_scale(trial(EVEN, wide)) == (-5, 120)
    assert cut_scale(trial(EVEN, by_lines())) == (0, 100)
    # Scores of 0 to 180 under the one, of 0 to 90 under the other.
    summed = scheme(dimensions=[{"id": "d0", "aggregate": "sum", "indicators": [given("a"), given("b")]}])
    halved = reweighted(summed, "d0", {"a": 0.5, "b": 0.5})
    assert cut_scale(trial(halved, summed)) == cut_scale(trial(summed, halved)) == (0, 170)


@cache
def demo_street():
    info = next(info for info in sample_datasets(ROOT / "sample_data") if info.made_up)
    files = {table: info.folder / name for table, name in info.files.items()}
    return Counts.of_records(load_records(files, date(2026, 11, 1))[0])


@pytest.mark.parametrize("name", ["epidemic", "rentals"])
def test_moves_add_up_to_the_counts(name):
    counts, chosen = demo_street(), scheme_named(name).model_copy(update={"stability": None})
    run = assess(area_counts_for(counts, chosen), chosen, pd.DatetimeIndex([last_known_day(counts)]))
    draft = recut(run.scheme, {"red": run.scheme.tiers.red - 5, "blue": run.scheme.tiers.blue + 3})
    draft = reweighted(draft, "", {draft.dimensions[0].id: 70})
    found = WhatIf(run, reassess(run, draft))
    moved = found.transitions
    assert moved.sum(axis=1).tolist() == found.counts["before"].tolist()
    assert moved.sum(axis=0).tolist() == found.counts["after"].tolist()
    assert len(found.changed) == moved.to_numpy().sum() - np.trace(moved.to_numpy())
    assert not set(found.changed["cause"]) & {"stability", "measures"}


def test_scores_beyond_a_hundred_have_bars_from_the_lowest_to_the_highest():
    summed = scheme(
        dimensions=[{"id": "d0", "aggregate": "sum", "indicators": [given("a"), given("b")]}], aggregate="sum"
    )
    run = assessed(records(areas=AREAS), summed, days("2020-02-20"))
    edges, table = score_bins(run)
    # a + b: 120, 120, 100, 170, 70.
    assert (edges[0], edges[-1]) == (70, 170)
    assert int(table.to_numpy().sum()) == 5


def test_without_any_score_the_bars_are_empty_and_on_the_usual_scale():
    run = assessed(
        records(areas=[{**area, "a": "", "b": ""} for area in AREAS[:1]] + [AREAS[1]]), EVEN, days("2020-02-20")
    )
    edges, table = score_bins(run.restricted_to(["A"]) if hasattr(run, "restricted_to") else run)
    assert (edges[0], edges[-1]) == (0, 100)
    assert int(table.to_numpy().sum()) == 1


def test_what_a_floor_would_raise_is_told_of_the_last_day_of_a_history():
    rows = [incident(1, "A", "2020-02-18"), *(incident(number, "B", "2020-02-20") for number in range(2, 10))]
    counted = scheme([indicator(window_days=1)])
    run = assessed(records(areas=AREAS, incidents=rows), counted, days("2020-02-18", "2020-02-20"))
    when = {"indicator": "fever_7d", "op": ">=", "value": 1}
    floors = [{"at_least": "red", "when": when, "name": {"zh": "线", "en": "Line"}}]
    # Eight fevers on the last day are red without the floor; the one of two days before is over.
    assert floor_effect(run, scheme([indicator()], floors=floors).floors[0]) == (1, 0)
    when["value"] = 8
    floors[0]["at_least"] = "orange"
    assert floor_effect(run, scheme([indicator()], floors=floors).floors[0]) == (1, 0)


def test_one_child_alone_has_nothing_to_weigh():
    assert [can_be_weighed(level) for level in levels(scheme([given("a"), given("b")]))] == [False, True]
