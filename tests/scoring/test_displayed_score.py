"""A printed score is on its own side of every cut-off, near the score, and in the order of the scores."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.scoring.displayed_score import displayed_score

SCORES = st.one_of(
    st.floats(0, 100),
    st.integers(0, 10_000).map(lambda hundredths: hundredths / 100),
    st.integers(0, 100_000).map(lambda thousandths: thousandths / 1000),
)
CUTS = st.lists(SCORES, min_size=4, max_size=4, unique=True).map(sorted)
ULP = 1e-9
"""More than what adding and rounding can lose of a number up to 100."""


def beside(cut: float, steps: int) -> float:
    """The number that is so many steps of the machine above a cut-off, or below it."""
    for _ in range(abs(steps)):
        cut = math.nextafter(cut, math.inf if steps > 0 else -math.inf)
    return cut


@st.composite
def scores_and_cuts(draw: st.DrawFn) -> tuple[float, list[float]]:
    """A score and four cut-offs; the score often on one, a few steps of the machine beside it, or less than one
    rounding away."""
    cuts = draw(CUTS)
    cut = draw(st.sampled_from(cuts))
    near = st.one_of(
        st.integers(-3, 3).map(lambda steps: beside(cut, steps)),
        st.floats(-0.06, 0.06).map(lambda by: cut + by),
    )
    return min(100.0, max(0.0, draw(st.one_of(SCORES, near)))), cuts


def decimals_of(value: float) -> int:
    """How many decimals it takes to write a number."""
    return next(decimals for decimals in range(400) if float(f"{value:.{decimals}f}") == value)


def side(value: float, cuts: list[float]) -> list[bool]:
    """Which cut-offs are reached."""
    return [value >= cut for cut in cuts]


@settings(max_examples=1500)
@given(scores_and_cuts())
def test_a_printed_score_reaches_the_cut_offs_that_the_score_reaches(made):
    score, cuts = made
    assert side(displayed_score(score, cuts), cuts) == side(score, cuts)


@settings(max_examples=1500)
@given(scores_and_cuts())
def test_a_printed_score_is_near_and_has_two_decimals_where_any_two_decimals_can_say_it(made):
    score, cuts = made
    told = displayed_score(score, cuts)
    if decimals_of(told) <= 1:
        assert abs(told - score) <= 0.05 + ULP
    elif decimals_of(told) == 2:
        assert abs(told - score) <= 0.01 + ULP
        assert side(float(f"{score:.1f}"), cuts) != side(score, cuts)
    else:
        # The two nearest of two decimals are both on another side: then it is the score itself.
        assert told == score
        hundredths = [math.floor(score * 100) / 100, math.ceil(score * 100) / 100]
        assert all(side(near, cuts) != side(score, cuts) for near in hundredths)


@settings(max_examples=1500)
@given(scores_and_cuts(), st.floats(-0.2, 0.2), st.integers(-3, 3))
def test_printed_scores_never_stand_in_another_order_than_the_scores_of_different_tiers(made, by, steps):
    """Of scores that a cut-off parts the printed ones are parted too. Within a tier two scores less than a rounding
    apart may change places, as 15.96 and 15.99 beside a cut-off of 16 (15.96 and 15.99) and 15.94 (15.9) do not; by no
    more than 0.05, which is what one decimal rounds away."""
    score, cuts = made
    other = min(100.0, max(0.0, beside(score + by, steps)))
    low, high = sorted((score, other))
    told_low, told_high = displayed_score(low, cuts), displayed_score(high, cuts)
    if side(low, cuts) != side(high, cuts):
        assert told_low < told_high
    assert told_low <= told_high + 0.05 + ULP


@given(CUTS)
def test_a_score_that_is_not_there_stays_so(cuts):
    assert math.isnan(displayed_score(math.nan, cuts))


@given(SCORES)
def test_without_cut_offs_a_score_has_one_decimal(score):
    assert displayed_score(score, []) == float(f"{score:.1f}")
