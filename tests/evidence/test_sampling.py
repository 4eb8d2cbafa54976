"""Samples of what a scheme assumes: uniform where they should be, within their ranges, and the same for the same
seed."""

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from analytics.evidence.sampling import (
    AS_WRITTEN,
    GROUPS,
    WINDOWS,
    UncertaintyRanges,
    in_box,
    sample,
    scheme_at,
    sibling_points,
    varying_groups,
    windowed,
)
from analytics.scheme.editing import levels
from analytics.scoring.points import points
from tests.scoring.small_world import given, indicator, scheme

NOTHING = UncertaintyRanges(0.0, 0.0, False, False)


def tree():
    """Two dimensions, one with a dimension in it, weights that are no percent."""
    inner = {"id": "inner", "weight": 3, "aggregate": "sum", "indicators": [given("e", 0.3), given("f", 0.7)]}
    first = {"id": "d0", "weight": 2, "indicators": [indicator("a", weight=1), indicator("b", weight=5)]}
    second = {"id": "d1", "weight": 1, "indicators": [given("c", 2), given("d", 7)], "dimensions": [inner]}
    return scheme(dimensions=[first, second])


@for_all(st.lists(st.floats(0.01, 1), min_size=1, max_size=9), st.floats(0, 0.9), st.integers(0, 99))
@settings(max_examples=60)
def test_drawn_weights_stay_in_the_box_and_keep_their_sum(amounts, around, seed):
    shares = np.array(amounts) / sum(amounts)
    found = in_box(shares, around, 50, np.random.default_rng(seed))
    assert np.allclose(found.sum(axis=1), 1)
    assert (np.abs(found - shares) <= shares * around + 1e-12).all()


@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.6, 0.3, 0.1), (0.4, 0.3, 0.15, 0.1, 0.05)])
def test_drawn_weights_are_uniform_as_draws_by_rejection_are(shares):
    shares, around, random = np.array(shares), 0.5, np.random.default_rng(7)
    # All weights but the largest from the box, the largest what is left: kept where that lies in the box too.
    tried = shares[1:] * (1 + random.uniform(-around, around, (400_000, len(shares) - 1)))
    largest = 1 - tried.sum(axis=1)
    kept = np.abs(largest - shares[0]) <= shares[0] * around
    exact = np.column_stack([largest[kept], tried[kept]])
    found = in_box(shares, around, 20_000, random)
    for at in (0.05, 0.25, 0.5, 0.75, 0.95):
        edges = np.quantile(exact, at, axis=0)
        assert np.abs((found < edges).mean(axis=0) - at).max() < 0.015
    assert np.abs(np.corrcoef(found, rowvar=False) - np.corrcoef(exact, rowvar=False)).max() < 0.03


def test_the_same_seed_gives_the_same_draws_and_another_gives_others():
    one, again, other = (sample(tree(), UncertaintyRanges(), 40, (seed,)) for seed in (1, 1, 2))
    assert all((one.weights[level] == again.weights[level]).all() for level in one.weights)
    assert (one.cutoffs == again.cutoffs).all()
    assert (one.cutoffs != other.cutoffs).any()


def test_what_is_held_changes_no_draw_of_the_others():
    every, fewer = (
        sample(tree(), UncertaintyRanges(), 40, (1,)),
        sample(tree(), UncertaintyRanges(0.25, 0.0, False, True), 40, (1,)),
    )
    assert (every.weights["d0"] == fewer.weights["d0"]).all()
    assert (every.window == fewer.window).all()
    assert not fewer.points.any()


def test_without_ranges_a_draw_is_the_scheme_itself():
    chosen = tree()
    held = sample(chosen, NOTHING, 3, (1,))
    assert scheme_at(chosen, held, 2) == chosen
    assert set(held.window) == {AS_WRITTEN}
    assert varying_groups(chosen, NOTHING) == ()
    assert varying_groups(chosen, UncertaintyRanges()) == GROUPS


def test_levels_of_one_and_schemes_without_windows_have_nothing_to_vary():
    one = scheme([given("a", points={"method": "z_score"})])
    assert varying_groups(one, UncertaintyRanges()) == ("cutoffs",)


def test_every_level_keeps_the_sum_that_the_scheme_gives_it():
    held = sample(tree(), UncertaintyRanges(0.5), 30, (3,))
    for level in levels(tree()):
        sums = held.weights[level.id].sum(axis=1)
        assert np.allclose(sums, sum(child.weight for child in level.children))


def test_cut_offs_that_cross_are_put_in_order():
    close = scheme([given("a")], tiers={"blue": 40, "yellow": 41, "orange": 42, "red": 43})
    cuts = sample(close, UncertaintyRanges(0, 0.2), 500, (1,)).cutoffs
    assert (np.diff(cuts, axis=1) >= 0).all()
    assert cuts.min() >= 32
    assert cuts.max() <= 43 * 1.2


def test_shares_as_cut_offs_never_exceed_all_areas():
    by_share = scheme([given("a")], tiers={"by": "share", "red": 0.4, "orange": 0.3, "yellow": 0.2, "blue": 0.1})
    cuts = sample(by_share, UncertaintyRanges(0, 0.2), 500, (1,)).cutoffs
    assert cuts.sum(axis=1).max() <= 1 + 1e-9
    assert cuts.sum(axis=1).min() < 0.95


@pytest.mark.parametrize(("days", "lengths"), [(14, [11, 14, 18]), (1, [1, 1, 1]), (7, [5, 7, 9])])
def test_windows_are_whole_days_and_at_least_one(days, lengths):
    [item] = scheme([indicator(window_days=days)]).indicators
    assert [windowed(item, times).window_days for times in WINDOWS] == lengths


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"method": "bands", "bands": [[1, 10], [3, 50], [5, 100]]}, [0, 10, 30, 50, 100, 100]),
        ({"method": "linear", "linear": {"low": 0, "high": 5}}, [0, 25, 50, 50, 100, 100]),
        ({"method": "none"}, [0, 1, 2, 3, 5, 6]),
    ],
)
def test_the_sibling_of_a_method(rule, expected):
    [item] = scheme([given("a", points=rule)]).indicators
    values = np.array([0.0, 1, 2, 3, 5, 6, np.nan])
    found = sibling_points(values, item)
    assert found[:-1].tolist() == expected
    assert np.isnan(found[-1])


def test_relative_siblings_are_each_other_and_low_is_turned_round():
    values = np.array([3.0, 1.0, 9.0])
    [ranked] = scheme([given("a", points={"method": "percent_rank"}, harder_when="low")]).indicators
    [spread] = scheme([given("a", points={"method": "min_max"}, harder_when="low")]).indicators
    assert sibling_points(values, ranked).tolist() == points(values, spread).tolist()
    assert sibling_points(values, spread).tolist() == points(values, ranked).tolist()
    [stepped] = scheme(
        [given("a", points={"method": "bands", "bands": [[0, 0], [4, 80]]}, harder_when="low")]
    ).indicators
    assert sibling_points(np.array([0.0, 2.0, 8.0]), stepped).tolist() == [100, 60, 20]
