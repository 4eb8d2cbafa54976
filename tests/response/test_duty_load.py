"""Load of duty: objects × checks a week × minutes × people, by the tier of each area."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from analytics import tiers
from analytics.response.duty_load import change_of, looked_up, minutes_by_tier, weekly_minutes
from analytics.response.team_hours import team_hours
from analytics.scoring import area_counts_for
from analytics.scoring.area_counts import day_number
from analytics.store import Counts
from tests.response.test_due import BUILDINGS, MEASURES, MONDAY, SEEN
from tests.scoring.small_world import given, records, scheme, three_areas

WALK = {"id": "walk", "from": "areas", "where": {"kind": "round"}, "every_days": {"red": 0.5}, "minutes_per_check": 30}
PAIRS = SEEN | {"people_per_check": 2}


def facts_of(duties, **tables):
    chosen = scheme([given("x")], measures=MEASURES, duties=duties)
    return area_counts_for(Counts.of_records(records(areas=three_areas(x=[1, 1, 1]), **tables)), chosen), chosen


def ranks(*names):
    return np.array([tiers.RANK[name] for name in names], dtype="int8")


def test_every_duty_adds_its_minutes_and_what_is_not_known_is_no_zero():
    facts, chosen = facts_of([PAIRS, WALK], places=BUILDINGS)
    asked = weekly_minutes(facts, chosen, ranks("red", "blue", "unknown"), day_number(MONDAY))
    # On five days two buildings by pairs at 20 minutes, and two rounds at 30; two buildings once a week.
    assert asked["A"] == pytest.approx(2 * 5 * 20 * 2 + 10 * 30)
    assert asked["B"] == pytest.approx(2 * 1 * 20 * 2)
    assert np.isnan(asked["C"])


def test_an_area_whose_objects_nobody_knows_has_no_load():
    facts, chosen = facts_of([SEEN])
    assert weekly_minutes(facts, chosen, ranks("red", "red", "red"), day_number(MONDAY)).isna().all()


@pytest.fixture(scope="module")
def by_tier():
    facts, chosen = facts_of([PAIRS, WALK], places=BUILDINGS)
    return facts, chosen, minutes_by_tier(facts, chosen, day_number(MONDAY))


@drawn(st.lists(st.sampled_from([*tiers.RANKED, tiers.UNKNOWN]), min_size=3, max_size=3))
def test_what_is_looked_up_by_tier_is_what_is_reckoned(by_tier, names):
    facts, chosen, table = by_tier
    reckoned = weekly_minutes(facts, chosen, ranks(*names), day_number(MONDAY))
    pd.testing.assert_series_equal(looked_up(table, ranks(*names)).set_axis(reckoned.index), reckoned)


@drawn(*[st.lists(st.one_of(st.just(np.nan), st.floats(0, 1e4)), min_size=4, max_size=4)] * 2)
def test_a_change_is_over_the_areas_of_which_both_are_known(before, after):
    found = change_of(pd.Series(before), pd.Series(after))
    known = [(was, now) for was, now in zip(before, after, strict=True) if was == was and now == now]
    assert found.untold == 4 - len(known)
    if not known:
        assert np.isnan(found.before)
        assert np.isnan(found.after)
    else:
        assert (found.before, found.after) == tuple(pytest.approx(sum(column)) for column in zip(*known, strict=True))


def test_a_team_has_the_checks_that_it_completed_and_the_hours_of_its_members():
    made = [
        {"check_id": at, "place_id": place, "kind": "visit", "checked_at": day, "outcome": outcome, "team_id": team}
        for at, (place, day, outcome, team) in enumerate([
            ("A1", "2020-02-03", "done", "T1"), ("A2", "2020-02-04", "finding", "T1"),
            ("B1", "2020-02-04", "done", "T2"), ("B2", "2020-02-05", "nobody_home", "T2"),
            ("A1", "2020-01-03", "done", "T1"),
        ])
    ]  # fmt: skip
    teams = [
        {"team_id": "T1", "name": "一组", "members": 3, "hours_per_day": 6},
        {"team_id": "T2", "name": "二组", "members": 2, "hours_per_day": None},
    ]
    world = records(areas=three_areas(x=[1, 1, 1]), places=BUILDINGS, checks=made, teams=teams)
    chosen = scheme([given("x")], measures=MEASURES, duties=[PAIRS])
    facts = area_counts_for(Counts.of_records(world), chosen)
    first = day_number(MONDAY)
    found = team_hours(facts, chosen, world.teams, ranks("red", "blue", "blue"), first, first + 6)
    assert found.loc["T1", ["checks", "used", "hours"]].tolist() == [2, pytest.approx(2 * 20 * 2 / 60), 90]
    assert found.loc["T2", "checks"] == 1
    assert np.isnan(found.loc["T2", "hours"])
    assert team_hours(facts, chosen, None, ranks("red", "blue", "blue"), first, first + 6) is None
