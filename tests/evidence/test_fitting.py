"""Weights fitted to past outcomes: planted ones are found, none is negative, and what tests them was never learned."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as sample
from hypothesis import strategies as st

from analytics.evidence.backtest import assess_point_in_time
from analytics.evidence.fitting import FEWEST_MOMENTS, FittingError, fit, fit_to_past, fitted_weights, split
from analytics.scoring import area_counts_for, reassess
from analytics.store.counts import Counts
from tests.scoring.small_world import assessed, given, incident, indicator, records, scheme, three_areas

PLANTED = np.array([0.5, 0.3, 0.2, 0.0])


def _world(seed=1, moments=24, areas=60, slope=0.2):
    random = np.random.default_rng(seed)
    points = random.uniform(0, 100, (moments, areas, len(PLANTED)))
    # Busy weeks lift every area: that must not be taken for the work of an indicator.
    busy = random.uniform(1, 9, (moments, 1))
    return points, (busy + slope * points @ PLANTED) ** 2, random


def test_planted_weights_are_found():
    points, mean, _ = _world()
    np.testing.assert_allclose(fitted_weights(points, mean), PLANTED, atol=1e-9)


def test_planted_weights_are_found_through_the_noise_of_counts_and_gaps():
    points, mean, random = _world()
    points[random.uniform(size=points.shape) < 0.1] = np.nan
    np.testing.assert_allclose(fitted_weights(points, random.poisson(mean)), PLANTED, atol=0.05)


@sample(st.integers(0, 2**32 - 1))
def test_weights_are_never_negative_and_sum_to_one_or_are_none(seed):
    random = np.random.default_rng(seed)
    points = random.uniform(0, 100, (3, 8, 3))
    found = fitted_weights(points, random.poisson(2, (3, 8)))
    assert (found >= 0).all()
    assert found.sum() == pytest.approx(1) or not found.any()


def test_an_indicator_that_falls_where_more_followed_gets_nothing():
    points, mean, _ = _world()
    turned = points.copy()
    turned[..., 0] = 100 - turned[..., 0]
    assert fitted_weights(turned, mean)[0] == 0
    alone = turned[..., :1]
    assert not fitted_weights(alone, mean).any()


@sample(st.integers(FEWEST_MOMENTS, 60), st.sampled_from([1, 2, 4]))
def test_no_outcome_that_was_learned_from_reaches_into_the_test(moments, weeks):
    when = pd.date_range("2020-01-05", periods=moments, freq="7D")
    train, test = split(when, weeks)
    assert len(train) > 0
    assert len(test) == moments - int(np.ceil(moments * 2 / 3)) > 0
    assert (when[train][-1] + pd.Timedelta(7 * weeks, "D")) <= when[test][0]
    # Not one more could have been learned from.
    assert len(train) + weeks - 1 == test[0]


def _run(moments=FEWEST_MOMENTS, **settings):
    areas = [
        {"area_id": f"N{n:02}", "name": f"N{n:02}", "x": n % 5 * 25, "y": n % 7 * 15, "z": (n * 3) % 11 * 10}
        for n in range(35)
    ]
    chosen = scheme([given("x", weight=1), given("y", weight=3)], [given("z")], **settings)
    when = pd.date_range("2020-01-05", periods=moments, freq="7D")
    run = assessed(records(areas=areas), chosen, when)
    frame = pd.DataFrame(areas)
    after = np.tile(((frame["x"] * 0.6 + frame["y"] * 0.4).to_numpy() / 10) ** 2, (moments, 1))
    return run, after


def test_the_proposal_carries_the_weights_level_by_level_and_the_scheme_stays_as_it_was():
    run, after = _run()
    found = fit(run, after, np.zeros_like(after), 1)
    assert found.weights == pytest.approx({"x": 0.6, "y": 0.4, "z": 0})
    assert found.present == pytest.approx({"x": 0.125, "y": 0.375, "z": 0.5})
    proposed = {item.id: item.weight for item in found.scheme.dimensions}
    # What counts for nothing keeps the least percent of its level; z, alone in its own, keeps its weight there.
    assert proposed == {"d0": 99, "d1": 1}
    assert [item.weight for item in found.scheme.dimensions[0].indicators] == [60, 40]
    assert run.scheme.dimensions[0].weight == 1
    assert reassess(run, found.scheme).score.shape == run.score.shape


def test_out_of_time_the_better_weights_catch_more():
    run, after = _run(tiers={"blue": 20, "yellow": 30, "orange": 55, "red": 90})
    found = fit(run, after, np.zeros_like(after), 1)
    assert len(found.train) == 6
    assert len(found.test) == 2
    fitted, present, last = (found.fared[name] for name in ("fitted", "present", "last_counts"))
    assert fitted.caught.pooled["pei"] > 0.99 > present.caught.pooled["pei"]
    assert found.verdict == "more"
    # The other way round it is the proposal that loses; against itself it is level.
    assert replace(found, fared={**found.fared, "fitted": present, "present": fitted}).verdict == "less"
    assert replace(found, fared={**found.fared, "fitted": present}).verdict == "level"
    # Without matters before, any area is as good as another.
    assert last.caught.pooled["pai"] == pytest.approx(1)
    assert last.top_fifth == pytest.approx(0.2)
    assert fitted.top_fifth > present.top_fifth > last.top_fifth
    top = np.sort(after[0])[::-1][:7].sum() / after[0].sum()
    assert fitted.top_fifth == pytest.approx(top)


@pytest.mark.parametrize(
    ("settings", "moments", "factor", "key"),
    [
        ({}, FEWEST_MOMENTS - 1, 1, "evidence.too_few_moments"),
        ({}, FEWEST_MOMENTS, 0, "evidence.no_matters"),
        ({"aggregate": "geometric"}, FEWEST_MOMENTS, 1, "evidence.not_a_mean"),
    ],
)
def test_where_nothing_can_be_fitted_it_says_why(settings, moments, factor, key):
    run, after = _run(moments, **settings)
    with pytest.raises(FittingError) as error:
        fit(run, after * factor, after, 1)
    assert [problem.key for problem in error.value.problems] == [key]


def test_where_no_indicator_rises_with_what_followed_there_is_no_proposal():
    run, after = _run()
    falling = (100 - run.points[..., :2].sum(axis=-1) / 2 - run.points[..., 2]).clip(0)
    with pytest.raises(FittingError) as error:
        fit(run, falling, after, 1)
    assert [problem.key for problem in error.value.problems] == ["evidence.nothing_fits"]


def test_the_records_themselves_are_fitted_to():
    rows = [
        incident(100 * week + number, "A", f"{day:%Y-%m-%d}")
        for week, day in enumerate(pd.date_range("2019-10-02", periods=20, freq="7D"))
        for number in range(3)
    ]
    chosen = scheme([indicator(), given("age")])
    reports = [{"table": "incidents", "area_id": area, "from": "2019-10-02", "to": "2020-03-01"} for area in "ABC"]
    made = records(areas=three_areas(age=[0, 50, 100]), incidents=rows, reports=reports)
    facts = area_counts_for(Counts.of_records(made), chosen)
    run = assess_point_in_time(facts, chosen, pd.date_range("2019-10-13", periods=12, freq="7D"))
    found = fit_to_past(facts, run, 1)
    assert found.weights == pytest.approx({"fever_7d": 1, "age": 0})
    assert found.fared["last_counts"].caught.curve[1] == 1
