"""The plan of a sweep: nothing is lost, nobody works longer than there is, only what a withdrawn team held moves."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import UserError
from analytics.response.campaign import SweepTeam
from analytics.response.sweep import tally
from analytics.response.sweep_days import CALLS
from analytics.response.sweep_plan import days_left, expected_calls, need_of, pairs_of, plan
from tests.long.sizes import many
from tests.response.sweep_world import FIRST, calls, campaign, played, register, row

BEFORE = FIRST - timedelta(days=1)


def begun(held=None, rows=None, day=BEFORE, **changes):
    return tally(campaign(**changes), held or register(), rows, None, day)


def test_calls_that_are_expected_add_up_to_the_share_of_all():
    held = register(buildings=[(f"P{at}", "A", 7) for at in range(40)] + [("P9X", "B", 3)])
    found = expected_calls(begun(held))
    homes = found[held.places["kind"] == "building"].sum()
    assert homes.tolist() == [283, round(0.35 * 283), round(0.35 * round(0.35 * 283)), 0]
    assert found.loc[["S1", "V1"]].to_numpy().tolist() == [[1, 0, 0, 0], [1, 0, 0, 0]]


def test_who_waits_is_called_for_the_next_time():
    rows = calls(
        row("P1", "2026-10-20 12:00", 1, called=10, met=2, recorded=1),
        row("P1", "2026-10-21 12:00", 2, called=5),
        row("P1", "2026-10-22 12:00", 3, called=4),
    )
    found = expected_calls(begun(rows=rows, day=date(2026, 10, 22))).loc["P1"]
    # 3 wait after one call, 1 after two, 4 after three in the daytime, and 1 was met and not recorded.
    assert found["second"] == 3
    assert found["third"] == 2
    assert found["further"] == 5


def test_need_against_what_there_is():
    need = need_of(begun(), {"T1": 2, "T2": 1})
    assert need.calls == (45, 16, 6, 0)
    assert need.premises == 2
    assert need.hours == pytest.approx((45 + 16 + 6) * 8 / 60 + 0.5)
    assert need.there == 3 * 3 * 10
    assert need_of(begun(day=date(2026, 10, 29)), {"T1": 2, "T2": 1}).there == 0


def test_pairs_are_the_members_in_twos_unless_the_campaign_says_more():
    teams = pd.DataFrame({"team_id": ["T1", "T2", "T3"], "members": [5, 11, 1]})
    sweeping = tuple(SweepTeam(team=one) for one in ("T1", "T2"))
    assert pairs_of(campaign(teams=sweeping), teams) == {"T1": 2, "T2": 5}
    assert pairs_of(campaign(teams=(SweepTeam(team="T3", pairs=4),)), teams) == {"T3": 4}
    for team in ("T3", "T9"):
        with pytest.raises(UserError, match=f"how many pairs team “{team}” has"):
            pairs_of(campaign(teams=(SweepTeam(team=team),)), teams)


def made(seed, withdrawn=None):
    """A plan of some day of a sweep that was drawn."""
    rng = np.random.default_rng(seed)
    buildings = [(f"P{at}", "AB"[at % 2], int(rng.integers(1, 40))) for at in range(int(rng.integers(2, 9)))]
    held = register(buildings=buildings)
    day = BEFORE + timedelta(days=int(rng.integers(0, 10)))
    rows, _ = played(rng, buildings, days=max((day - BEFORE).days - 1, 1))
    teams = [SweepTeam(team="T1", pairs=int(rng.integers(1, 4))), SweepTeam(team="T2", pairs=int(rng.integers(1, 4)))]
    if withdrawn is not None:
        teams[0] = teams[0].model_copy(update={"withdrawn_from": day + timedelta(days=withdrawn)})
    state = begun(held, rows, day, teams=tuple(teams), hours_a_day=float(rng.choice([0.5, 1, 3])))
    return state, plan(state, {one.team: one.pairs for one in teams})


@settings(max_examples=many(25))
@given(st.integers(0, 2**32), st.none() | st.integers(1, 4))
def test_every_call_is_held_once_or_told_to_be_without_a_pair(seed, withdrawn):
    state, found = made(seed, withdrawn)
    hours = expected_calls(state).sum(axis=1).mul(state.places["kind"].map({"building": 8}).fillna(15)) / 60
    done = found.tasks["calls"].mul(found.tasks["kind"].map({"building": 8}).fillna(15)).sum() / 60
    assert done + found.without["hours"].sum() == pytest.approx(hours.sum())
    assert (found.held[[*CALLS, "hours"]] >= 0).all().all()


@settings(max_examples=many(25))
@given(st.integers(0, 2**32), st.none() | st.integers(1, 4))
def test_nobody_works_longer_than_there_is_nor_when_withdrawn(seed, withdrawn):
    state, found = made(seed, withdrawn)
    gone = {one.team: one.withdrawn_from for one in state.campaign.teams}
    minutes = found.tasks["calls"] * found.tasks["kind"].map({"building": 8}).fillna(15)
    for (pair, team), several in found.tasks.assign(minutes=minutes).groupby(["pair", "team"]):
        assert set(several["day"]) <= set(days_left(state)), pair
        by_day = several.groupby("day")["minutes"].sum()
        # A call that was begun is finished: the evening may run over by one.
        assert (by_day <= state.campaign.hours_a_day * 60 + 15).all()
        assert gone[team] is None or max(several["day"]) < gone[team]


@settings(max_examples=many(25))
@given(st.integers(0, 2**32))
def test_a_second_call_is_on_a_later_day_than_the_first(seed):
    _, found = made(seed)
    for _, several in found.tasks.groupby(["pair", "place_id"]):
        days = several.groupby("call")["day"].agg(["min", "max"]).sort_index()
        for (_, before), (_, after) in zip(days.iloc[:-1].iterrows(), days.iloc[1:].iterrows(), strict=True):
            assert before["max"] < after["min"]


@settings(max_examples=many(25))
@given(st.integers(0, 2**32))
def test_who_holds_what_does_not_hang_on_who_is_withdrawn_elsewhere(seed):
    """Only what the withdrawn team held moves: every other pair keeps all that it had, and gets more."""
    state, found = made(seed, withdrawn=1)
    teams = tuple(one.model_copy(update={"withdrawn_from": None}) for one in state.campaign.teams)
    before = plan(
        replace(state, campaign=state.campaign.model_copy(update={"teams": teams})),
        {one.team: one.pairs for one in teams},
    )
    kept = found.held[found.held["moved_from"] == ""].groupby(["pair", "place_id"])[list(CALLS)].sum()
    was = before.held[before.held["team"] != "T1"].groupby(["pair", "place_id"])[list(CALLS)].sum()
    pd.testing.assert_frame_equal(kept[kept.index.isin(was.index)], was.loc[kept.index.intersection(was.index)])
    assert set(kept.index) == set(was.index)
    moved = found.held[found.held["moved_from"] != ""]
    assert all(one.startswith("T1-") for one in moved["moved_from"])
    assert set(moved["place_id"]) <= set(before.held.loc[before.held["team"] == "T1", "place_id"])


def test_a_building_whose_households_nobody_knows_is_named_and_not_planned():
    held = register(buildings=(("P1", "A", 10), ("P2", "A", np.nan), ("P3", "B", 15)))
    found = plan(begun(held), {"T1": 2, "T2": 1})
    assert found.unknown == ("P2",)
    assert "P2" not in set(found.held["place_id"])


def test_a_third_call_waits_for_a_weekend_that_is_ahead():
    found = plan(begun(register(buildings=(("P1", "A", 40), ("P3", "B", 40)))), {"T1": 1, "T2": 1})
    homes = found.tasks[found.tasks["kind"] == "building"]
    for _, several in homes.groupby("place_id"):
        assert any(day.weekday() >= 5 for day in several["day"])
        assert several.loc[several["call"] == 3, "day"].min() >= date(2026, 10, 24)
    assert found.no_weekend == 0
    assert found.without.empty


def test_without_a_weekend_the_plan_says_who_would_never_be_called_at_one():
    week = {"first": date(2026, 10, 19), "last": date(2026, 10, 23)}
    state = begun(register(buildings=(("P1", "A", 40), ("P3", "B", 40))), day=date(2026, 10, 18), **week)
    found = plan(state, {"T1": 1, "T2": 1})
    assert found.no_weekend == round(0.35 * 10)
