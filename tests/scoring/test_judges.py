"""Judges: several of them heard together, and where they differ."""

import math
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.scoring.judges import SCALE, judged
from analytics.scoring.weights import WeightsError

# T. L. Saaty, How to make a decision, European Journal of Operational Research 48 (1990): buying a house.
ORDER = ("size", "transport", "neighbourhood", "age", "yard", "modern", "condition", "finance")
UPPER = "5 3 7 6 6 1/3 1/4 1/3 5 3 3 1/5 1/7 6 3 4 6 1/5 1/3 1/4 1/7 1/8 1/2 1/5 1/6 1/5 1/6 1/2"
HOUSE = dict(zip(combinations(ORDER, 2), map(Fraction, UPPER.split()), strict=True))
PUBLISHED = [0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333]
ABC = ("a", "b", "c")


def listed(weighting):
    return list(weighting.weights.values())


def test_the_scale_has_saatys_seventeen_steps_and_says_them_as_fractions():
    assert " ".join(map(str, SCALE)) == "1/9 1/8 1/7 1/6 1/5 1/4 1/3 1/2 1 2 3 4 5 6 7 8 9"
    assert sorted(SCALE) == list(SCALE)
    assert [1 / step for step in reversed(SCALE)] == list(SCALE)


def test_one_judge_of_saatys_house_has_the_published_weights_and_no_dispute():
    found = judged(ORDER, [HOUSE])
    assert listed(found.group) == pytest.approx(PUBLISHED, abs=0.0005)
    assert found.group.lambda_max == pytest.approx(9.669, abs=0.0005)
    assert found.group.consistency_ratio == pytest.approx(0.169, abs=0.0005)
    (own,) = found.judges
    assert own.weighting.weights == pytest.approx(found.group.weights)
    assert (own.weighting.reconsider.row, own.weighting.reconsider.column) == ("neighbourhood", "condition")
    assert own.weighting.reconsider.judged == 6
    assert (own.unjudged, own.apart) == ((), 1)
    assert {pair.spread for pair in found.disputes} == {1}
    assert all(pair.least == pair.most == pytest.approx(pair.group) for pair in found.disputes)


def test_judges_who_err_by_the_same_factor_to_both_sides_are_together_saatys_house():
    times = [Fraction(step) for step in (1, 2, 3, 1, 5, 2, 1) * 4]
    over = {pair: ratio * factor for (pair, ratio), factor in zip(HOUSE.items(), times, strict=True)}
    under = {pair: ratio / factor for (pair, ratio), factor in zip(HOUSE.items(), times, strict=True)}
    found = judged(ORDER, [over, under])
    assert listed(found.group) == pytest.approx(PUBLISHED, abs=0.0005)
    assert found.group.consistency_ratio == pytest.approx(0.169, abs=0.0005)
    # Two judges f above and f below the mean have a geometric standard deviation of f, and are f apart from it.
    for pair, factor in zip(HOUSE, times, strict=True):
        dispute = next(item for item in found.disputes if (item.row, item.column) == pair)
        assert dispute.spread == pytest.approx(float(factor))
        assert (dispute.least, dispute.most) == pytest.approx((float(under[pair]), float(over[pair])))
        assert dispute.group == pytest.approx(float(HOUSE[pair]))
    assert [round(item.spread) for item in found.disputes] == sorted(map(int, times), reverse=True)
    apart = math.prod(times) ** (1 / len(times))
    assert [judge.apart for judge in found.judges] == pytest.approx([apart, apart])


def test_two_judges_by_hand():
    # a to b: 2 and 8, together 4. a to c: 4 and 4. b to c: 2 and 1/2, together 1. So 4 : 1 : 1.
    first = {("a", "b"): 2, ("a", "c"): 4, ("b", "c"): 2}
    second = {("a", "b"): 8, ("a", "c"): 4, ("b", "c"): Fraction(1, 2)}
    found = judged(ABC, [first, second])
    assert found.group.weights == pytest.approx({"a": 4 / 6, "b": 1 / 6, "c": 1 / 6})
    assert [judge.weighting.weights for judge in found.judges] == [
        pytest.approx({"a": 4 / 7, "b": 2 / 7, "c": 1 / 7}),
        pytest.approx({"a": 8 / 11, "b": 1 / 11, "c": 2 / 11}),
    ]
    assert all(judge.weighting.consistency_ratio == 0 for judge in found.judges)
    assert [(pair.row, pair.column) for pair in found.disputes] == [("a", "b"), ("b", "c"), ("a", "c")]
    assert [pair.spread for pair in found.disputes] == pytest.approx([2, 2, 1])
    assert (found.disputes[0].least, found.disputes[0].most) == (2, 8)
    # Off by 2, 1 and 2: the cube root of 4.
    assert [judge.apart for judge in found.judges] == pytest.approx([4 ** (1 / 3)] * 2)


def test_a_pair_that_was_not_judged_counts_as_equal_and_is_named():
    found = judged(ABC, [{("a", "b"): 3}, {}])
    assert found.judges[0].unjudged == (("a", "c"), ("b", "c"))
    assert found.judges[1].unjudged == (("a", "b"), ("a", "c"), ("b", "c"))
    assert listed(found.judges[1].weighting) == pytest.approx([1 / 3] * 3)
    assert found.disputes[0].group == pytest.approx(math.sqrt(3))


def test_a_pair_may_be_judged_either_way_round():
    there, back = {("a", "b"): 5, ("a", "c"): 3}, {("b", "a"): Fraction(1, 5), ("c", "a"): Fraction(1, 3)}
    assert judged(ABC, [back]).group.weights == pytest.approx(judged(ABC, [there]).group.weights)
    assert judged(ABC, [back]).judges[0].unjudged == (("b", "c"),)


def test_one_name_alone_has_all_the_weight_and_nothing_to_dispute():
    found = judged(("a",), [{}, {}])
    assert (found.group.weights, found.disputes) == ({"a": 1}, ())
    assert [judge.apart for judge in found.judges] == [1, 1]


def test_what_nobody_named_cannot_be_judged_nor_more_than_fifteen():
    with pytest.raises(KeyError):
        judged(ABC, [{("a", "z"): 3}])
    with pytest.raises(WeightsError, match="15 criteria at most, and there are 16"):
        judged([f"n{number}" for number in range(16)], [{}])


@st.composite
def panels(draw):
    names = tuple(f"n{number}" for number in range(draw(st.integers(2, 6))))
    pairs = list(combinations(names, 2))
    one = st.lists(st.sampled_from(SCALE), min_size=len(pairs), max_size=len(pairs))
    return names, [dict(zip(pairs, ratios, strict=True)) for ratios in draw(st.lists(one, min_size=1, max_size=5))]


@given(panels(), st.integers(1, 4))
@settings(max_examples=25)
def test_judges_who_agree_are_one_judge(panel, times):
    names, (one, *_) = panel
    alone, together = judged(names, [one]), judged(names, [one] * times)
    assert together.group.weights == pytest.approx(alone.group.weights)
    assert together.group.consistency_ratio == pytest.approx(alone.group.consistency_ratio, abs=1e-8)
    assert [pair.spread for pair in together.disputes] == pytest.approx([1] * len(together.disputes))
    assert [judge.apart for judge in together.judges] == pytest.approx([1] * times)


@given(panels(), st.randoms())
@settings(max_examples=25)
def test_the_order_of_judges_changes_nothing(panel, random):
    names, judgements = panel
    order = random.sample(range(len(judgements)), len(judgements))
    found, again = judged(names, judgements), judged(names, [judgements[place] for place in order])
    assert again.group.weights == pytest.approx(found.group.weights)
    assert [judge.apart for judge in again.judges] == pytest.approx([found.judges[place].apart for place in order])
    spreads = {(pair.row, pair.column): pair.spread for pair in found.disputes}
    assert {(pair.row, pair.column): pair.spread for pair in again.disputes} == pytest.approx(spreads)


@given(panels())
@settings(max_examples=25)
def test_the_groups_judgement_the_other_way_round_is_its_reciprocal_and_lies_between_the_judges(panel):
    names, judgements = panel
    back = {(pair.column, pair.row): pair for pair in judged(names[::-1], judgements).disputes}
    for pair in judged(names, judgements).disputes:
        assert back[pair.row, pair.column].group == pytest.approx(1 / pair.group)
        assert back[pair.row, pair.column].spread == pytest.approx(pair.spread)
        assert pair.least <= pair.group * (1 + 1e-12)
        assert pair.group <= pair.most * (1 + 1e-12)
        assert pair.spread >= 1


@given(panels())
@settings(max_examples=25)
def test_the_most_disputed_pair_comes_first(panel):
    spreads = [pair.spread for pair in judged(*panel).disputes]
    assert spreads == sorted(spreads, reverse=True)
    assert len(spreads) == math.comb(len(panel[0]), 2)


@given(st.lists(st.floats(0.1, 10), min_size=2, max_size=6), st.integers(1, 4), st.integers(0, 2**32 - 1))
@settings(max_examples=25)
def test_consistent_judges_have_together_the_geometric_means_of_their_weights(weights, judges, seed):
    random = np.random.default_rng(seed)
    names = [f"n{number}" for number in range(len(weights))]
    own = [np.array(weights) * random.uniform(0.5, 2, len(weights)) for _ in range(judges)]
    ratios = [
        {(names[row], names[column]): one[row] / one[column] for row, column in combinations(range(len(one)), 2)}
        for one in own
    ]
    mean = np.exp(np.log(own).mean(axis=0))
    assert listed(judged(names, ratios).group) == pytest.approx(mean / mean.sum(), rel=1e-6)
