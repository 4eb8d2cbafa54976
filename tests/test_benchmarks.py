"""The bench: its ways agree with one another, and a small run says what was measured. Nothing is held to a time."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import words
from analytics.benchmarks import scoring as bench
from analytics.scoring.combine import combine, scores
from analytics.scoring.decide import tier_by_cutoffs, tiers_from
from tests.scoring.small_world import given as given_indicator
from tests.scoring.small_world import scheme

CELL = st.one_of(st.just(np.nan), st.floats(0, 100), st.integers(0, 100).map(float))
FLOOR = [{"at_least": "red", "when": {"dimension": "d1", "op": ">=", "value": 50}, "name": {"zh": "x", "en": "x"}}]


@st.composite
def schemes(draw):
    """Trees of any kind over six indicators: two dimensions, one of them with a dimension in it."""
    how = st.sampled_from(["arithmetic", "arithmetic", "arithmetic", "sum", "geometric", "worst"])
    weight = st.floats(0.01, 50)
    parts = [given_indicator(f"x{number}", draw(weight)) for number in range(6)]
    inner = {"id": "inner", "weight": draw(weight), "aggregate": draw(how), "indicators": parts[4:]}
    dimensions = [
        {"id": "d0", "weight": draw(weight), "aggregate": draw(how), "indicators": parts[:2]},
        {"id": "d1", "weight": draw(weight), "aggregate": draw(how), "indicators": parts[2:4], "dimensions": [inner]},
    ]
    if draw(st.booleans()):
        dimensions[0]["then"] = "percent_rank"
    return scheme(dimensions=dimensions, aggregate=draw(how), floors=FLOOR if draw(st.booleans()) else [])


@given(schemes(), st.lists(st.lists(CELL, min_size=6, max_size=6), min_size=1, max_size=9))
@settings(max_examples=300)
def test_the_fast_scores_are_those_of_the_tree_to_the_last_digit(chosen, cells):
    points = np.array(cells)[None]
    fast, whole = scores(points, chosen), combine(points, chosen)
    np.testing.assert_array_equal(fast.score, whole.score)
    np.testing.assert_array_equal(fast.known, whole.known)
    for name, value in fast.dimensions.items():
        np.testing.assert_array_equal(value, whole.dimensions[name])


def test_a_score_that_is_on_a_cut_off_is_on_it_by_the_product_too():
    for weights in bench.drawn_weights(50):
        points = np.full((1, 1, len(weights)), 60.0)
        assert scores(points, bench.scheme_of(weights)).score[0, 0] == 60.0


def test_the_ways_that_are_timed_give_the_same_scores_and_tiers():
    chosen = bench.scheme_of(bench.drawn_weights(1)[0])
    points = bench.drawn_points(1, 200)
    by_rows = bench.rescored_by_rows(pd.DataFrame(points[0]), chosen)
    found = scores(points, chosen).score
    np.testing.assert_allclose(found[0], by_rows["score"], atol=1e-8)
    np.testing.assert_allclose(found, points @ bench.overall_weights(chosen), atol=1e-8)
    np.testing.assert_array_equal(tier_by_cutoffs(found, chosen.tiers)[0], by_rows["rank"])
    np.testing.assert_array_equal(tiers_from(points, chosen, points).rank[0], by_rows["rank"])


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_a_small_run_tells_every_time(lang, monkeypatch):
    for name, small in {"AREAS": 30, "DAYS": 9, "TURNS": 2, "TIMES_A_TURN": 1, "HISTORY_TURNS": 1}.items():
        monkeypatch.setattr(bench, name, small)
    report = bench.bench_scoring(lang)
    assert len(report.splitlines()) == 1 + 3 + 2 + 1 + 1 + 3
    for size in ("30", "60", "9", "18"):
        assert size in report
