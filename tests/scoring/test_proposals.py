"""Proposals: weights from other places, for one level, and the areas that would change."""

from itertools import pairwise

import hypothesis
import numpy as np
import pandas as pd
import pytest
from hypothesis import strategies as st

from analytics.scheme.editing import LEAST, TOP, levels, percentages, set_percent, whole_percent
from analytics.scoring import reassess
from analytics.scoring.judges import judged
from analytics.scoring.proposals import proposal, proposed
from analytics.scoring.weights import Weighting, WeightsError, critic, entropy
from analytics.words import LANGUAGES
from tests.scoring.small_world import assessed, days, given, records, scheme

BY_DIFFERENCES = pytest.mark.parametrize(("method", "weigh"), [("entropy", entropy), ("critic", critic)])
NAMES = ("i0", "i1", "i2", "i3")
RANDOM = np.random.default_rng(5)
POINTS = RANDOM.integers(0, 101, (12, 4)).astype(float)


def run(points, *dimensions, **settings):
    rows = [
        {"area_id": f"a{at:02}", "name": f"a{at:02}", "population": 100}
        | {name: None if np.isnan(value) else value for name, value in zip(NAMES, row, strict=True)}
        for at, row in enumerate(np.asarray(points, dtype=float))
    ]
    return assessed(records(areas=rows), scheme(*dimensions, **settings), days("2020-02-19", "2020-02-20"))


def two(points=POINTS, **settings):
    return run(points, [given("i0", 70), given("i1", 20), given("i2", 10)], [given("i3")], **settings)


@BY_DIFFERENCES
def test_of_indicators_their_points_are_weighed(method, weigh):
    found = proposal(two(), "d0", method)
    table = pd.DataFrame(POINTS[:, :3], columns=NAMES[:3])
    assert found.weighting.method == method
    assert found.weighting.weights == pytest.approx(weigh(table, []).weights)
    assert sum(found.percents.values()) == 100
    assert all(abs(found.percents[name] - 100 * found.weighting.weights[name]) < 1 for name in NAMES[:3])
    assert (found.level, found.areas_used, found.areas_left_out, found.unvarying) == ("d0", 12, 0, ())


@BY_DIFFERENCES
def test_of_dimensions_their_values_are_weighed(method, weigh):
    found = proposal(two(), TOP, method)
    table = pd.DataFrame({"d0": POINTS[:, :3] @ [0.7, 0.2, 0.1], "d1": POINTS[:, 3]})
    assert found.weighting.weights == pytest.approx(weigh(table, []).weights)


def test_a_level_may_hold_indicators_and_dimensions():
    inner = {"id": "inner", "weight": 2, "indicators": [given("i1"), given("i2", 3)]}
    whole = run(POINTS, dimensions=[{"id": "d", "indicators": [given("i0")], "dimensions": [inner]},
                                    {"id": "e", "indicators": [given("i3")]}])  # fmt: skip
    found = proposal(whole, "d", "entropy")
    table = pd.DataFrame({"i0": POINTS[:, 0], "inner": POINTS[:, 1:3] @ [0.25, 0.75]})
    assert found.weighting.weights == pytest.approx(entropy(table, []).weights)
    assert {level.id: percentages(level) for level in levels(found.scheme)} == {
        "": {"d": 50, "e": 50}, "d": dict(found.percents), "inner": {"i1": 25, "i2": 75}, "e": {"i3": 100},
    }  # fmt: skip


def test_equal_weights_need_no_areas_and_sum_to_a_hundred():
    points = np.full((2, 4), np.nan)
    points[0] = 50
    found = proposal(two(points), "d0", "equal")
    assert dict(found.percents) == {"i0": 34, "i1": 33, "i2": 33}
    assert (found.areas_used, found.areas_left_out, found.unvarying) == (0, 0, ())


@BY_DIFFERENCES
def test_an_area_that_lacks_something_of_the_level_is_left_out_and_counted(method, weigh):
    points = POINTS.copy()
    points[2, 1] = points[5, 0] = points[7, 3] = np.nan
    found = proposal(two(points), "d0", method)
    # What is missing on another level is no matter here.
    table = pd.DataFrame(np.delete(points, [2, 5], axis=0)[:, :3], columns=NAMES[:3])
    assert found.weighting.weights == pytest.approx(weigh(table, []).weights)
    assert (found.areas_used, found.areas_left_out) == (10, 2)
    # A dimension has a value as long as anything in it is known.
    assert proposal(two(points), TOP, method).areas_left_out == 1


@pytest.mark.parametrize("method", ["entropy", "critic"])
def test_what_does_not_vary_keeps_the_least_weight_and_is_named(method):
    points = POINTS.copy()
    # The last bit of a sum is no difference.
    points[:, 1] = np.where(np.arange(12) % 2, 0.1 + 0.2, 0.3)
    found = proposal(two(points), "d0", method)
    assert found.unvarying == ("i1",)
    assert found.weighting.weights["i1"] == 0
    assert found.percents["i1"] == 1
    assert sum(found.percents.values()) == 100


def test_the_changes_are_those_of_the_scheme_with_the_percents_and_nothing_is_applied():
    present = two()
    scheme_before, computed_before = present.scheme, present.computed.copy()
    found = proposal(present, "d0", "equal")
    assert found.scheme == set_percent(present.scheme, "d0", found.percents)
    after = reassess(present, found.scheme)
    changed = present.computed[-1] != after.computed[-1]
    assert found.changes.index.tolist() == present.areas.index[changed].tolist()
    assert 0 < len(found.changes) < 12
    # By hand, from the score and the cut-offs at 20, 40, 60 and 80.
    names = np.array(["green", "blue", "yellow", "orange", "red"])
    before, later = (
        names[np.searchsorted([20, 40, 60, 80], (POINTS[:, :3] @ weights + POINTS[:, 3]) / 2, side="right")]
        for weights in ([0.7, 0.2, 0.1], [0.34, 0.33, 0.33])
    )
    differs = before != later
    assert found.changes["before"].tolist() == before[differs].tolist()
    assert found.changes["after"].tolist() == later[differs].tolist()
    assert present.scheme is scheme_before
    assert (present.computed == computed_before).all()


def test_the_judges_weights_are_a_proposal_like_any_other():
    group = judged(("i0", "i1", "i2"), [{("i0", "i1"): 2, ("i0", "i2"): 4, ("i1", "i2"): 2}]).group
    found = proposed(two(), "d0", group)
    assert dict(found.percents) == {"i0": 57, "i1": 29, "i2": 14}
    assert found.weighting is group
    assert {child.id: child.weight for child in levels(found.scheme)[1].children} == {"i0": 57, "i1": 29, "i2": 14}


def test_what_is_locked_stays_and_the_others_share_what_it_leaves():
    found = proposal(two(), "d0", "equal", {"i0"})
    assert dict(found.percents) == {"i0": 70, "i1": 15, "i2": 15}
    assert found.scheme == set_percent(two().scheme, "d0", found.percents)
    assert dict(proposal(two(), "d0", "equal", {"i2"}).percents) == {"i0": 45, "i1": 45, "i2": 10}
    group = judged(("i0", "i1", "i2"), [{("i0", "i1"): 2, ("i0", "i2"): 4, ("i1", "i2"): 2}]).group
    # Of 80 % two thirds and one third.
    assert dict(proposed(two(), "d0", group, {"i1"}).percents) == {"i0": 64, "i1": 20, "i2": 16}
    # A lock on another level is no matter here.
    assert dict(proposal(two(), "d0", "equal", {"d0", "i3"}).percents) == {"i0": 34, "i1": 33, "i2": 33}


@pytest.mark.parametrize("locked", [{"i0", "i1"}, {"i0", "i1", "i2"}])
def test_where_no_two_may_move_the_weights_are_the_present_ones(locked):
    # Also those that are no whole percent.
    present = run(POINTS, [given("i0", 1), given("i1", 1), given("i2", 1)], [given("i3")])
    found = proposal(present, "d0", "critic", locked)
    assert dict(found.percents) == percentages(levels(present.scheme)[1])
    assert found.scheme == present.scheme
    assert found.changes.empty


@pytest.mark.parametrize("method", ["entropy", "critic"])
def test_others_that_are_told_apart_by_nothing_keep_what_they_have(method):
    points = POINTS.copy()
    points[:, 1:3] = 30
    assert dict(proposal(two(points), "d0", method, {"i0"}).percents) == {"i0": 70, "i1": 20, "i2": 10}


FOUR = run(POINTS, [given(name) for name in NAMES])
share = st.one_of(st.just(0.0), st.floats(1e-6, 1))


@hypothesis.given(
    st.lists(st.integers(1, 60), min_size=4, max_size=4),
    st.lists(share, min_size=4, max_size=4),
    st.sets(st.sampled_from(NAMES)),
)
@hypothesis.settings(max_examples=60)
def test_whatever_is_locked_whole_percent_sum_to_a_hundred_and_none_is_lost(weights, wanted, locked):
    hypothesis.assume(sum(wanted) > 0)
    present = whole_percent(dict(zip(NAMES, weights, strict=True)))
    chosen = set_percent(FOUR.scheme, "d0", present)
    weighting = Weighting("entropy", dict(zip(NAMES, wanted, strict=True)))
    found = proposed(reassess(FOUR, chosen), "d0", weighting, locked).percents
    assert sum(found.values()) == 100
    assert min(found.values()) >= LEAST
    free = [name for name in NAMES if name not in locked]
    assert all(found[name] == present[name] for name in locked)
    # Who is wanted heavier is not lighter, but for the rounding of equal ones.
    if len(free) > 1 and any(weighting.weights[name] for name in free):
        ordered = sorted(free, key=weighting.weights.get)
        assert all(found[one] <= found[other] + 1 for one, other in pairwise(ordered))


def test_weights_as_they_are_change_nothing():
    found = proposed(two(), TOP, proposal(two(), TOP, "equal").weighting)
    assert found.changes.empty


@pytest.mark.parametrize("method", ["entropy", "critic"])
def test_too_few_areas_or_no_difference_is_told_in_both_languages(method):
    points = POINTS.copy()
    points[1:, 0] = np.nan
    with pytest.raises(WeightsError, match="and there are 1") as refused:
        proposal(two(points), "d0", method)
    assert all(refused.value.text(lang).strip() for lang in LANGUAGES)
    with pytest.raises(WeightsError, match="the same in every criterion"):
        proposal(two(np.full((12, 4), 30.0)), "d0", method)
