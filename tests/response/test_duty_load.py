"""Load of duty: objects × checks a week × minutes × people, by the tier of each area."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from analytics import tiers
from analytics.loaders import load_records, sample_datasets
from analytics.response.due import duty_done, week_of
from analytics.response.duty_load import (
    change_of,
    looked_up,
    minutes_by_tier,
    overdue_minutes,
    untold_holidays,
    weekly_minutes,
)
from analytics.response.team_hours import team_hours
from analytics.scheme import scheme_named
from analytics.scoring import area_counts_for
from analytics.scoring.area_counts import day_number
from analytics.store import Counts
from analytics.wording.team_hours import holiday_lines, load_lines
from analytics.wording.workbench import duties
from tests.office import LAST, SAMPLES
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


def checks_made(*rows):
    return [
        {"check_id": at, "place_id": place, "area_id": area, "kind": kind, "checked_at": "2020-02-04",
         "outcome": "done", "team_id": team}
        for at, (area, place, kind, team) in enumerate(rows)
    ]  # fmt: skip


def team_hours_of(duties, checks, names, measures=MEASURES):
    teams = [{"team_id": team, "name": team, "members": 3, "hours_per_day": 6} for team in ("T1", "T2")]
    world = records(areas=three_areas(x=[1, 1, 1]), places=BUILDINGS, checks=checks, teams=teams)
    chosen = scheme([given("x")], measures=measures, duties=duties)
    facts = area_counts_for(Counts.of_records(world), chosen)
    return team_hours(facts, chosen, world.teams, ranks(*names), day_number(MONDAY), day_number(MONDAY) + 6)


def test_a_check_that_several_duties_count_is_one_check_and_takes_the_longest_of_their_times():
    again = PAIRS | {"id": "again", "minutes_per_check": 45, "people_per_check": 1}
    any_visit = WALK | {"id": "any", "where": {"kind": ["visit", "round"]}, "minutes_per_check": 5}
    made = checks_made((None, "A1", "visit", "T1"), (None, "B1", "visit", "T1"), ("A", None, "round", "T2"))
    found = team_hours_of([PAIRS, again, any_visit, WALK], made, ("red", "blue", "blue"))
    assert found["checks"].tolist() == [2, 1]
    assert found["used"].tolist() == pytest.approx([2 * 45 / 60, 30 / 60])


def test_checks_where_the_tier_is_not_known_take_what_all_tiers_take_and_else_nobody_knows():
    made = checks_made((None, "A1", "visit", "T1"), (None, "B1", "visit", "T1"), (None, "A2", "visit", "T2"))
    found = team_hours_of([PAIRS], made, ("red", "unknown", "blue"))
    assert found["used"].tolist() == pytest.approx([2 * 20 * 2 / 60, 20 * 2 / 60])
    longer = MEASURES | {"red": MEASURES["red"] | {"minutes_per_check": 30}}
    found = team_hours_of([PAIRS], made, ("red", "unknown", "blue"), longer)
    assert found["checks"].tolist() == [2, 1]
    assert np.isnan(found.loc["T1", "used"])
    assert found.loc["T2", "used"] == pytest.approx(30 * 2 / 60)


def test_in_the_sample_each_check_of_a_venue_is_counted_once_though_two_duties_ask_for_it():
    (info,) = (found for found in sample_datasets(SAMPLES) if found.id == "demo_street")
    world, _ = load_records({table: info.folder / file for table, file in info.files.items()}, LAST)
    chosen = scheme_named("venues")
    facts = area_counts_for(Counts.of_records(world), chosen)
    unknown = np.full(len(facts.areas), tiers.UNKNOWN_RANK)
    found = team_hours(facts, chosen, world.teams, unknown, day_number(LAST) - 6, day_number(LAST))
    rows, kinds = (pd.read_csv(info.folder / file, dtype=str) for file in ("checks.csv", "places.csv"))
    asked = kinds.loc[kinds["kind"].isin(["venue", "shop"]), "place_id"]
    week = rows[
        rows["checked_at"].str[:10].between("2026-10-25", "2026-10-31")
        & rows["kind"].isin(["patrol", "inspection", "record_check"])
        & rows["outcome"].isin(["done", "finding"])
        & rows["place_id"].isin(asked)
    ]
    counted = week.groupby("team_id").size().reindex(found.index, fill_value=0)
    assert found["checks"].tolist() == counted.tolist()
    # All tiers take 15 minutes by two people, and so do areas of which the tier is not known.
    assert found["used"].tolist() == pytest.approx((counted * 15 * 2 / 60).tolist())
    assert found.loc[["T01", "T03", "T06", "T08"], "checks"].tolist() == [69, 81, 49, 48]


def test_what_is_overdue_takes_its_minutes_too_and_what_is_not_known_of_it_is_told():
    done = [{"check_id": "1", "place_id": "A1", "kind": "visit", "checked_at": "2020-01-20", "outcome": "nobody_home"}]
    done += [{"check_id": "2", "place_id": "A1", "kind": "visit", "checked_at": "2020-02-06", "outcome": "done"}]
    facts, chosen = facts_of([PAIRS, WALK], places=BUILDINGS, checks=done)
    names = ranks("yellow", "blue", "red")
    days = pd.date_range("2020-01-20", "2020-02-09", freq="D")
    last = day_number(MONDAY) + 6
    weeks = []
    for duty in chosen.duties:
        found = duty_done(facts, chosen, duty, np.tile(names, (len(days), 1)), days)
        weeks.append(week_of(facts, duty, found, last))
    told = overdue_minutes(chosen, weeks, names, facts.areas.index)
    left = weeks[0].week["last_overdue"]
    assert left["B"] > 0
    assert told["minutes"].tolist() == pytest.approx((left.fillna(0) * 20 * 2).tolist())
    # Nobody has ever made a round: whether those of the red area are overdue is not known, and others have none.
    assert told["untold"].tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("table", "until", "zh"),
    [
        (None, None, "节假日安排未导入，节前任务未计入。"),
        (["2020-05-01"], date(2020, 5, 1), "2020年5月1日以后的节假日安排未导入，此后的节前任务未计入。"),
        (["2020-10-01"], "enough", None),
    ],
)
def test_it_is_told_where_holidays_that_are_not_known_would_ask_for_more(table, until, zh):
    before = PAIRS | {"id": "before", "before_holidays_days": 14}
    holidays = {"holidays": [{"day": day, "working": False} for day in table]} if table else {}
    facts, chosen = facts_of([PAIRS, before], places=BUILDINGS, **holidays)
    found = untold_holidays(facts, chosen, day_number(MONDAY))
    load = pd.DataFrame({"now": [60.0], "before": [60.0]})
    if until == "enough":
        assert found is None
        assert len(load_lines("zh", load, None, found)) == 1
    else:
        assert found.until == until
        assert load_lines("zh", load, None, found)[-1] == zh
        assert (
            "not imported" in load_lines("en", load, None, found)[-1] or "No holidays" in holiday_lines("en", found)[0]
        )
        same = pd.Series([60.0])
        assert duties("zh", chosen, change_of(same, same, found)).endswith(f"，与现行相同。{zh}")
    without = facts_of([PAIRS], places=BUILDINGS, **holidays)
    assert untold_holidays(*without, day_number(MONDAY)) is None
