import numpy as np
import pytest

from analytics.scoring.counterfactual import smallest_improvement
from analytics.scoring.rate_support import empirical_bayes, rate_support
from analytics.store.counts import Counts
from tests.scoring.small_world import (
    area_counts_for,
    assessed,
    days,
    given,
    incident,
    indicator,
    records,
    scheme,
    three_areas,
)

DAY = days("2020-02-15")


def test_the_smallest_change_of_one_actionable_indicator_that_takes_an_area_a_tier_down():
    rows = [incident(number, "A", "2020-02-14") for number in range(9)]
    chosen = scheme([indicator(actionable=True), given("x")])
    found = assessed(records(areas=three_areas(x=[30, 30, 30]), incidents=rows), chosen, DAY)
    easing = smallest_improvement(found, "A")
    assert (easing.before, easing.after, easing.tier, easing.score) == (9, 8, "yellow", 55)
    assert smallest_improvement(found, "B") is None


def test_nothing_is_proposed_that_nobody_can_change():
    chosen = scheme([given("x")])
    found = assessed(records(areas=three_areas(x=[90, 90, 90])), chosen, DAY)
    assert smallest_improvement(found, "A") is None


def test_bands_are_left_by_their_threshold_and_low_values_are_raised():
    bands = {"method": "bands", "bands": [[0, 0], [50, 60], [80, 100]]}
    chosen = scheme([given("x", points=bands, actionable=True, harder_when="low")])
    found = assessed(records(areas=three_areas(x=[10, 60, 90])), chosen, DAY)
    assert found.table()["computed_tier"].tolist() == ["red", "yellow", "green"]
    easing = smallest_improvement(found, "A")
    assert easing.tier == "yellow"
    assert easing.after == pytest.approx(50, abs=0.5)


def test_a_value_that_is_its_own_points_has_no_easy_end_to_go_to():
    chosen = scheme([given("x", points={"method": "none"}, actionable=True)])
    found = assessed(records(areas=three_areas(x=[90, 50, 0])), chosen, DAY)
    assert found.table()["computed_tier"].tolist()[0] == "red"
    assert smallest_improvement(found, "A") is None


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


def test_the_smallest_change_is_that_of_the_last_day_of_a_history():
    rows = [incident(number, "A", "2020-02-14") for number in range(9)]
    rows += [incident(number, "A", "2020-02-15") for number in range(9, 14)]
    one_day = scheme([indicator(actionable=True, window_days=1)])
    found = assessed(records(areas=three_areas(), incidents=rows), one_day, days("2020-02-14", "2020-02-15"))
    easing = smallest_improvement(found, "A")
    assert (easing.before, easing.after, easing.tier) == (5, 3, "blue")
    both = scheme([indicator("still", window_days=1), indicator(actionable=True, window_days=14)])
    rows = [incident(number, "B", "2020-02-14") for number in range(8)] + [incident(9, "B", "2020-02-15")]
    found = assessed(records(areas=three_areas(), incidents=rows), both, days("2020-02-14", "2020-02-15"))
    # (10 + 90) / 2 = 50; with 6 fevers in a fortnight it would be 35.
    assert smallest_improvement(found, "B").after == 6


def test_a_base_of_exactly_the_minimum_has_a_rate():
    rates = empirical_bayes(np.array([3.0, 3.0]), np.array([30.0, 29.0]))
    assert rates[0] == pytest.approx(0.1)
    assert np.isnan(rates[1])
