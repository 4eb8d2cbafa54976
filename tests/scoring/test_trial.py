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
from analytics.scheme.editing import recut, refloored, reweighted, with_minimum_known
from analytics.scoring import assess, facts_for, last_day, under
from analytics.scoring.trial import Trial, causes, cut_scale, same_measures, score_bins
from analytics.store.counts import Counts
from tests.scoring.small_world import assessed, days, given, records, scheme

ROOT = Path(__file__).parents[2]
AREAS = [
    {"area_id": area, "name": area, "population": 1000, "a": a, "b": b}
    for area, a, b in (("A", 90, 30), ("B", 30, 90), ("C", 50, 50), ("D", 85, 85), ("E", 10, 60))
]
EVEN = scheme([given("a"), given("b")])


def trial(draft, before=EVEN, areas=AREAS):
    run = assessed(records(areas=areas), before, days("2020-02-20"))
    return Trial(under(run, before), under(run, draft))


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
    assert not found.loc["B", "heavier"]
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
    found = trial(refloored(ruled, ruled, "线", False, None, "orange"), ruled).changed
    assert found.loc["E", "before":"after"].tolist() == ["orange", "blue"]
    assert set(found["cause"]) == {"floors"}
    gaps = [*AREAS[:4], {**AREAS[4], "a": None}]
    known = scheme([given("a"), given("b")], missing={"minimum_known_weight": 0.5})
    found = trial(with_minimum_known(known, 80), known, gaps).changed
    assert found.loc["E", "after"] == tiers.UNKNOWN
    assert pd.isna(found.loc["E", "heavier"])
    assert set(found["cause"]) == {"missing"}


def test_another_way_of_measuring_is_told_as_such():
    other = scheme([given("a", points={"method": "linear", "linear": {"low": 0, "high": 200}}), given("b")])
    assert not same_measures(EVEN, other)
    facts = facts_for(Counts.of_records(records(areas=AREAS)), EVEN)
    found = Trial(assess(facts, EVEN, days("2020-02-20")), assess(facts, other, days("2020-02-20")))
    assert set(causes(found)) == {"measures"}
    assert set(found.changed["lead"]) == {""}


def test_names_weights_and_rules_are_no_other_way_of_measuring():
    draft = recut(reweighted(EVEN, "d0", {"a": 3}), {"blue": 5}).model_copy(update={"version": 9})
    assert same_measures(EVEN, draft)


def test_under_a_scheme_is_what_is_assessed_by_it():
    draft = recut(reweighted(EVEN, "d0", {"a": 90, "b": 10}), {"red": 88})
    fresh = assessed(records(areas=AREAS), draft, days("2020-02-20"))
    tried = trial(draft).after
    for name in ("score", "parts", "weights", "known", "computed", "overridden", "decided"):
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
    assert cut_scale(wide, run) == (-5, 120)


@cache
def demo_street():
    info = next(info for info in sample_datasets(ROOT / "sample_data") if info.made_up)
    files = {table: info.folder / name for table, name in info.files.items()}
    return Counts.of_records(load_records(files, date(2026, 11, 1))[0])


@pytest.mark.parametrize("name", ["epidemic", "rentals"])
def test_moves_add_up_to_the_counts(name):
    counts, chosen = demo_street(), scheme_named(name).model_copy(update={"stability": None})
    run = assess(facts_for(counts, chosen), chosen, pd.DatetimeIndex([last_day(counts)]))
    draft = recut(run.scheme, {"red": run.scheme.tiers.red - 5, "blue": run.scheme.tiers.blue + 3})
    draft = reweighted(draft, "", {draft.dimensions[0].id: 70})
    found = Trial(run, under(run, draft))
    moved = found.transitions
    assert moved.sum(axis=1).tolist() == found.counts["before"].tolist()
    assert moved.sum(axis=0).tolist() == found.counts["after"].tolist()
    assert len(found.changed) == moved.to_numpy().sum() - np.trace(moved.to_numpy())
    assert not set(found.changed["cause"]) & {"stability", "measures"}
