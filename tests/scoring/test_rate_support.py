import numpy as np
import pytest

from analytics.scoring.rate_support import empirical_bayes, rate_support
from analytics.store.counts import Counts
from tests.scoring.small_world import area_counts_for, days, incident, indicator, records, scheme, three_areas

DAY = days("2020-02-15")


def test_empirical_bayes_draws_small_areas_to_the_mean_and_keeps_the_whole():
    events, base = np.array([0, 4, 40, 400]), np.array([100.0, 100, 10_000, 100_000])
    smoothed = empirical_bayes(events, base)
    mean = 444 / 110_200
    own = events / base
    assert mean > smoothed[0] > own[0]
    assert own[1] > smoothed[1] > mean
    assert abs(smoothed[3] - own[3]) < abs(smoothed[0] - own[0])
    assert np.isnan(empirical_bayes(events, np.full(4, 29.0))).all()
    assert empirical_bayes(np.zeros(4), base).tolist() == [0, 0, 0, 0]


def test_what_is_behind_a_rate_is_told_for_rates_alone():
    world = records(areas=three_areas(), incidents=[incident(1, "A", "2020-02-15")])
    chosen = scheme([indicator(measure="rate", per={"base": "population", "scale": 1000}), indicator("other")])
    behind = rate_support(area_counts_for(Counts.of_records(world), chosen), chosen, DAY[0])
    assert list(behind) == ["fever_7d"]
    assert behind["fever_7d"].events.tolist() == [1, 0, 0]
    assert 0 < behind["fever_7d"].smoothed[0] <= 1


def test_a_base_of_exactly_the_minimum_has_a_rate():
    rates = empirical_bayes(np.array([3.0, 3.0]), np.array([30.0, 29.0]))
    assert rates[0] == pytest.approx(0.1)
    assert np.isnan(rates[1])
