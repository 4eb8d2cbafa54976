import numpy as np
import pandas as pd
import pytest

from analytics import tiers
from analytics.response.workload import TeamCapacity, crew_of, price, rounds, team_days
from analytics.scheme.editing import recut, with_minimum_known
from analytics.scoring import area_counts_for, reassess
from analytics.store import Counts
from tests.scoring.small_world import assessed, days, given, records, scheme, three_areas

DAY = days("2020-02-15")
NAMES = {"zh": "m", "en": "m"}
MEASURES = {
    "red": {"cadence_days": 1, "minutes_per_check": 20, "text": NAMES},
    "orange": {"cadence_days": 3.5, "minutes_per_check": 30, "text": NAMES},
    "green": {"cadence_days": 14, "minutes_per_check": 60, "text": NAMES},
}
COVERAGE = {
    "id": "seen",
    "from": "checks",
    "measure": "coverage",
    "of": {"kind": ["building", "rental"]},
    "window_days": 30,
    "harder_when": "low",
    "points": {"method": "linear", "linear": {"low": 0, "high": 1}},
    "weight": 0.001,
}
TEN_HOURS = TeamCapacity(teams=2, hours_a_day=10, assumed=False, team_days=10)


def places(**held):
    """Places by area and kind, as in A="building rental"."""
    return [
        {"place_id": f"{area}{at}", "area_id": area, "kind": kind}
        for area, kinds in held.items()
        for at, kind in enumerate(kinds.split())
    ]


def made(*indicators, x=(90, 70, 10), **tables):
    chosen = scheme([given("x"), *indicators], measures=MEASURES)
    return records(areas=three_areas(x=x), **tables), chosen


def round_of(world, chosen):
    return rounds(area_counts_for(Counts.of_records(world), chosen), chosen, DAY[0].date())


def test_a_round_visits_each_place_that_the_coverage_aims_at():
    found = round_of(*made(COVERAGE, places=places(A="building rental shop", B="building shop", C="shop")))
    assert (found.checks.to_dict(), found.what, found.estimated) == ({"A": 2, "B": 1, "C": 0}, "places", 0)


def test_an_area_without_a_count_stands_at_the_mean_of_the_others_and_is_told():
    found = round_of(*made(COVERAGE, places=places(A="building building building", B="rental")))
    assert (found.checks.to_dict(), found.estimated) == ({"A": 3, "B": 1, "C": 2}, 1)


@pytest.mark.parametrize(
    ("indicators", "tables"),
    [([], {"places": places(A="building")}), ([COVERAGE], {}), ([COVERAGE], {"places": places(A="shop", B="venue")})],
)
def test_where_nothing_says_what_is_visited_a_round_is_one_check_of_the_area(indicators, tables):
    found = round_of(*made(*indicators, **tables))
    assert (found.checks.to_dict(), found.what, found.estimated) == ({"A": 1, "B": 1, "C": 1}, "area", 0)


def test_households_are_counted_as_they_are():
    chosen = scheme([given("x"), COVERAGE | {"of": {"kind": "household"}}], measures=MEASURES)
    world = records(areas=three_areas(x=[1, 1, 1]), places=places(A="household " * 3, B="household " * 12, C="shop"))
    assert round_of(world, chosen).checks.to_dict() == {"A": 3, "B": 12, "C": 0}


def teams(*hours):
    return pd.DataFrame({"team_id": [f"t{at}" for at in range(len(hours))], "hours_per_day": np.array(hours, float)})


def test_a_crew_works_five_days_of_the_hours_that_are_known():
    assert crew_of(teams(6, 8, np.nan)) == TeamCapacity(3, 7.0, assumed=False, team_days=15)
    assert crew_of(teams(0, 6)) == TeamCapacity(2, 6.0, assumed=False, team_days=10)
    assert crew_of(teams(np.nan)) == TeamCapacity(1, 8.0, assumed=True, team_days=5)
    assert crew_of(None) == crew_of(teams()) == TeamCapacity(0, 8.0, assumed=True, team_days=None)


def test_team_days_by_hand():
    world, chosen = made(COVERAGE, places=places(A="building building building", B="rental", C="building building"))
    run = assessed(world, chosen, DAY)
    # A is red: 7 rounds × 3 checks × 20 minutes = 7 hours. B is orange: 2 × 1 × 30 = 1 hour. C is green: 0.5 × 2 × 60.
    asked = team_days(run, round_of(world, chosen), TEN_HOURS)
    assert list(asked.index) == list(tiers.SHOWN)
    assert asked.dropna().round(9).to_dict() == {"red": 0.7, "orange": 0.1, "green": 0.1}


def test_the_price_of_a_map_says_what_each_tier_gains_and_costs():
    world, chosen = made(x=(90, 70, 10))
    run = assessed(world, chosen, DAY)
    found = price(run, reassess(run, recut(chosen, {"red": 65, "orange": 62})), round_of(world, chosen), TEN_HOURS)
    assert found.tiers["areas"].to_dict() == {"red": 1, "orange": -1, "yellow": 0, "blue": 0, "green": 0, "unknown": 0}
    # A check of an area each day takes 140 minutes a week, one of orange 60, one of green 30.
    assert found.tiers.loc["red", ["before", "after", "change"]].tolist() == pytest.approx([14 / 60, 28 / 60, 14 / 60])
    assert found.tiers.loc["orange", "change"] == pytest.approx(-0.1)
    assert (found.before, found.after) == pytest.approx((23 / 60, 31 / 60))
    assert (found.capacity, found.lacking) == (10, ())


def test_what_has_no_measure_is_named_and_not_counted_as_nothing():
    world, chosen = made(x=(50, 70, None))
    run = assessed(world, chosen, DAY)
    found = price(run, reassess(run, recut(chosen, {"yellow": 51})), round_of(world, chosen), crew_of(None))
    assert found.lacking == ("yellow", "blue", "unknown")
    assert found.tiers.loc[["yellow", "blue", "unknown"], ["before", "after", "change"]].isna().all(axis=None)
    assert found.tiers.loc["unknown", "areas_after"] == 1
    assert found.before == found.after == pytest.approx(60 / 60 / 8)
    assert found.capacity is None
    without = reassess(run, chosen.model_copy(update={"measures": {}}))
    assert np.isnan([price(without, without, round_of(world, chosen), TEN_HOURS).after]).all()


def test_areas_that_become_unknown_are_counted_since_their_work_no_longer_is():
    chosen = scheme([given("x", 90), given("y", 10)], measures=MEASURES)
    # A is green, since with y at its hardest it would be at 10; B is blue, which has no measure; C is red.
    world = records(areas=three_areas(x=(0, 25, 95), y=(None, None, 95)))
    run = assessed(world, chosen, DAY)
    assert tiers.names(run.computed[-1]).tolist() == ["green", "blue", "red"]
    around = round_of(world, chosen)
    strict = reassess(run, with_minimum_known(run.scheme, 95))
    found = price(run, strict, around, TEN_HOURS)
    assert (found.tiers.loc["unknown", "areas"], found.withheld) == (2, 1)
    assert found.before - found.after == pytest.approx(30 / 60 / 10)
    assert price(strict, run, around, TEN_HOURS).withheld == price(strict, strict, around, TEN_HOURS).withheld == 0


def test_what_is_shown_is_priced_and_only_that_of_the_last_day():
    world, chosen = made(x=(90, 70, 10))
    steady = chosen.model_copy(update={"stability": None})
    two_days = assessed(world, steady, days("2020-02-14", "2020-02-15"))
    one = two_days.on(DAY[0])
    found = round_of(world, chosen)
    assert team_days(two_days, found, TEN_HOURS).equals(team_days(one, found, TEN_HOURS))
    # Of some areas only theirs.
    assert team_days(one.of_areas(pd.Index(["B"])), found, TEN_HOURS).sum() == pytest.approx(0.1)
