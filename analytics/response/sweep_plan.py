"""What a sweep still takes and what hands there are; which pair goes where on which day; and what moves without a
team."""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analytics.errors import UserError
from analytics.response.campaign import Campaign
from analytics.response.sweep import SweepState, tally
from analytics.response.sweep_days import CALLS, HELD_COLUMNS, MINUTES_AN_HOUR, is_there, minutes_each, scheduled
from analytics.response.sweep_rounds import WAITING

SLACK = 0.05
"""By how much of its hours a pair may have more or less than its part, so that a place need not be shared. Ours."""

_EPSILON = 1e-9


@dataclass(frozen=True)
class Need:
    """``calls`` of households that are still to be made, by the how manieth (`CALLS`); ``premises``: of shops and
    venues, one each. The ``hours`` of a pair that each takes, and those that there are (``there``)."""

    calls: tuple[int, ...]
    premises: int
    household_hours: float
    premises_hours: float
    there: float

    @property
    def hours(self) -> float:
        """Pair-hours for all of it."""
        return self.household_hours + self.premises_hours

    @property
    def spare(self) -> float:
        """Pair-hours left over; below zero so many are missing."""
        return self.there - self.hours


@dataclass(frozen=True, eq=False)
class SweepPlan:
    """``need``, and who does it. ``held`` (`HELD_COLUMNS`): the calls that each pair is to make of a place, which two
    pairs may share; ``moved_from`` is the pair that would hold it if no team were withdrawn, "" where it is the same.
    ``tasks`` (`TASK_COLUMNS`): how many calls a pair makes on a day. ``without`` (place_id, area_id, kind, hours):
    what no pair has the time for. ``unknown``: buildings whose households nobody knows, which are not in it.
    ``no_weekend``: how many households would, as expected, be called three times in vain and never at a weekend."""

    need: Need
    held: pd.DataFrame
    tasks: pd.DataFrame
    without: pd.DataFrame
    unknown: tuple[str, ...]
    no_weekend: int


def pairs_of(campaign: Campaign, teams: pd.DataFrame | None) -> dict[str, int]:
    """Pairs by team: as the campaign says, else the members of the team in twos. Raises ``UserError`` for a team of
    which neither says anything, and for one without two members."""
    members = {} if teams is None else teams.set_index("team_id")["members"].to_dict()
    found = {}
    for one in campaign.teams:
        held = members.get(one.team, math.nan)
        if one.pairs is None and not held >= 2:
            raise UserError.because("sweep.team_without_pairs", team=one.team)
        found[one.team] = int(held // 2) if one.pairs is None else one.pairs
    return found


def days_left(state: SweepState) -> tuple[date, ...]:
    """The campaign's days after that of the state."""
    return tuple(day for day in state.campaign.days() if day > state.day)


def need_of(state: SweepState, pairs: Mapping[str, int]) -> Need:
    """What is left after the state's day, if at each call so many are not at home as the campaign expects."""
    campaign, calls = state.campaign, expected_calls(state)
    kind = state.places["kind"]
    of_households = calls[kind == "building"].sum()
    premises = {line: int(calls.loc[kind == line, "first"].sum()) for line in ("shop", "venue")}
    minutes = premises["shop"] * campaign.minutes.shop + premises["venue"] * campaign.minutes.venue
    there = sum(
        pairs[one.team] for one in campaign.teams for day in days_left(state) if is_there(campaign, one.team, day)
    )
    return Need(
        calls=tuple(int(number) for number in of_households),
        premises=sum(premises.values()),
        household_hours=float(of_households.sum()) * campaign.minutes.household / MINUTES_AN_HOUR,
        premises_hours=minutes / MINUTES_AN_HOUR,
        there=there * campaign.hours_a_day,
    )


def expected_calls(state: SweepState) -> pd.DataFrame:
    """Calls still to be made by place (rows) and the how manieth (`CALLS`), whole numbers that add up to the share of
    all. A shop or a venue that is still open takes one; it is open in the daytime, and its call is not repeated here.
    """
    places, away = state.places, state.campaign.not_at_home
    homes = (places["kind"] == "building").to_numpy()
    first = places["not_called"].fillna(0).to_numpy("int64")
    waiting = [places[column].to_numpy("int64") for column in WAITING]
    further = waiting[2] + (places["met"] - places["recorded"]).to_numpy("int64")
    still = (first + waiting[0] + waiting[1] + further > 0).astype("int64")
    second = np.where(homes, waiting[0] + _share_of(np.where(homes, first, 0), away), 0)
    third = np.where(homes, waiting[1] + _share_of(second, away), 0)
    made = (np.where(homes, first, still), second, third, np.where(homes, further, 0))
    return pd.DataFrame(dict(zip(CALLS, made, strict=True)), index=places.index)


def plan(state: SweepState, pairs: Mapping[str, int]) -> SweepPlan:
    """Who does what is left. The places lie in a row, area by area, and each pair takes the next ones, as the register
    was at the beginning: so who holds what stays the same from day to day. A pair that cannot do its part in its days
    hands on the end of it; of a team that is withdrawn that moves, and nothing else."""
    campaign, days = state.campaign, days_left(state)
    names = {f"{team}-{at}": team for team, number in pairs.items() for at in range(1, number + 1)}
    begin = tally(campaign, state.register, None, None, campaign.first - timedelta(days=1))
    whole = dict.fromkeys(names, len(campaign.days()) * campaign.hours_a_day)
    calls, places = expected_calls(state), state.places
    about = pd.DataFrame({"place_id": places.index, "area_id": places["area_id"], "kind": places["kind"]}, places.index)
    every_day = dict.fromkeys(names, len(days) * campaign.hours_a_day)
    parts = _handed_on(_cut(_hours(begin), whole), _hours(state), about["area_id"], every_day)
    first = _whole(parts, calls, about, campaign)
    there = {
        pair: sum(is_there(campaign, team, day) for day in days) * campaign.hours_a_day for pair, team in names.items()
    }
    held = first[first["pair"] != ""].reset_index(drop=True)
    gone = {pair for pair in names if there[pair] < every_day[pair]}
    parts = [_Part(at, 1.0, pair) for at, pair in held["pair"].items()]
    moved = _whole(_handed_on(parts, held["hours"], held["area_id"], there, gone), held[list(CALLS)], held, campaign)
    nobody = pd.concat([first[first["pair"] == ""], moved[moved["pair"] == ""]])
    held = moved[moved["pair"] != ""].reset_index(drop=True)
    tasks, undone, no_weekend = scheduled(held, campaign, days)
    ends = {one.team: one.withdrawn_from for one in campaign.teams if one.withdrawn_from is not None}
    late = undone[undone["team"].isin(list(ends))]
    if len(late):
        held = _taken_over(held, late, there, ends)
        tasks, undone, no_weekend = scheduled(held, campaign, days)
    lacking = pd.concat([nobody, undone])
    without = lacking.groupby(["place_id", "area_id", "kind"], sort=False)["hours"].sum().reset_index()
    buildings = (state.places["kind"] == "building") & ~state.places["left_out"]
    unknown = tuple(map(str, state.places.index[buildings & state.places["units"].isna()]))
    return SweepPlan(need_of(state, pairs), held, tasks, without, unknown, round(no_weekend))


@dataclass(frozen=True)
class _Part:
    """A ``share`` (0–1) of what is to be done at a place (by its key in the tables at hand), and the ``pair`` that does
    it, "" none; ``before``: as in ``moved_from``."""

    place: Hashable
    share: float
    pair: str
    before: str = ""


def _share_of(numbers: np.ndarray, share: float) -> np.ndarray:
    """A share of each number as whole numbers, whose sum is the share of the sum, rounded."""
    ends = np.floor(np.cumsum(numbers) * share + 0.5 + _EPSILON).astype("int64")
    return np.diff(ends, prepend=0)


def _hours(state: SweepState) -> pd.Series:
    """Pair-hours by place, in the order of the register."""
    return expected_calls(state).sum(axis=1) * minutes_each(state.campaign, state.places["kind"]) / MINUTES_AN_HOUR


def _cut(hours: pd.Series, there: Mapping[str, float]) -> list[_Part]:
    """The row of places cut into pairs: each takes as much of its hours as all do, whole places where that leaves room
    for the rest, and what no pair has room for is nobody's."""
    todo = [(str(place), float(taken)) for place, taken in hours.items() if taken > 0]
    parts: list[_Part] = []
    rest, room = sum(taken for _, taken in todo), sum(there.values())
    begun = 0.0  # the share of the first place that another pair has taken
    for pair, own in there.items():
        target, load = min(own, own * rest / room) if room > 0 else 0.0, 0.0
        room -= own
        while todo and load < target - _EPSILON:
            place, whole = todo[0]
            ahead = whole * (1 - begun)
            take = _taken(ahead, target - load, own - load, own * SLACK, rest <= room)
            if take <= _EPSILON:
                break
            parts.append(_Part(place, take / whole, pair))
            load, rest = load + take, rest - take
            begun += take / whole
            if begun > 1 - _EPSILON:
                todo.pop(0)
                begun = 0.0
    if begun:
        parts.append(_Part(todo[0][0], 1 - begun, ""))
        todo = todo[1:]
    return parts + [_Part(place, 1.0, "") for place, _ in todo]


def _taken(ahead: float, wanted: float, own: float, slack: float, fits_later: bool) -> float:  # noqa: FBT001
    """How much of the next place, which takes ``ahead`` hours, a pair takes that wants so much more and has its ``own``
    room: all or nothing of it where that is within ``slack`` of what it wants, else that share of it."""
    if ahead <= min(wanted + slack, own) + _EPSILON:
        return ahead
    return 0.0 if wanted <= slack and fits_later else wanted


def _handed_on(
    parts: list[_Part],
    hours: pd.Series,
    areas: pd.Series,
    there: Mapping[str, float],
    only: Collection[str] | None = None,
) -> list[_Part]:
    """The parts, those for which their pair has no time handed on to the pairs that have: first to those that are in
    the area already, then to those with most room; where nobody has, they are nobody's. ``only``: the pairs that hand
    on, and take nothing; for None all do, and who had it before is not kept."""
    kept: list[_Part] = []
    loose: list[tuple[_Part, float]] = []
    room = dict(there)
    for part in parts:
        takes = part.share * float(hours[part.place])
        fits = takes if only is not None and part.pair not in only else min(takes, max(room.get(part.pair, 0.0), 0.0))
        if takes <= _EPSILON:
            continue
        room[part.pair] = room.get(part.pair, 0.0) - fits
        if fits > _EPSILON:
            kept.append(replace(part, share=part.share * fits / takes))
        if takes - fits > _EPSILON:
            loose.append((replace(part, pair="", before="" if only is None else part.pair), takes - fits))

    near: dict[str, set[str]] = {}
    for part in kept:
        near.setdefault(areas[part.place], set()).add(part.pair)
    for part, takes in loose:
        rest = takes
        while rest > _EPSILON:
            takers = [pair for pair in there if pair not in (only or ())]
            # A pair that is full to the last minute has no day left for a third call: only where no other has time.
            ample = {pair: room[pair] - SLACK * there[pair] for pair in takers}
            able = {pair: left for pair, left in ample.items() if left > _EPSILON}
            able = able or {pair: room[pair] for pair in takers if room[pair] > _EPSILON}
            here = near.setdefault(areas[part.place], set())
            pair = max(able, key=lambda one, here=here, able=able: (one in here, able[one])) if able else ""
            here.add(pair)
            fits = min(rest, able[pair]) if able else rest
            kept.append(replace(part, share=fits / float(hours[part.place]), pair=pair))
            room[pair] = room.get(pair, 0.0) - fits
            rest -= fits
    shares: dict[_Part, float] = {}
    for part in kept:
        who = replace(part, share=0.0)
        shares[who] = shares.get(who, 0.0) + part.share
    return [replace(who, share=share) for who, share in shares.items()]


def _whole(parts: list[_Part], calls: pd.DataFrame, about: pd.DataFrame, campaign: Campaign) -> pd.DataFrame:
    """Whole calls for each part (`HELD_COLUMNS`): of a place that is shared they add up to its own. ``calls`` and
    ``about`` (place_id, area_id, kind) have the places by their keys."""
    rows = []
    done = dict.fromkeys(calls.index, 0.0)
    each = minutes_each(campaign, about["kind"])
    for part in sorted(parts, key=lambda one: calls.index.get_loc(one.place)):
        asked = calls.loc[part.place].to_numpy()
        before, after = done[part.place], done[part.place] + part.share
        done[part.place] = after
        own = np.floor(asked * after + 0.5 + _EPSILON) - np.floor(asked * before + 0.5 + _EPSILON)
        hours = float(own.sum()) * float(each[part.place]) / MINUTES_AN_HOUR
        place = about.loc[part.place, ["place_id", "area_id", "kind"]]
        team = part.pair.rpartition("-")[0]
        rows.append((*place, part.pair, team, part.before, None, *own.astype("int64").tolist(), hours))
    kinds = dict.fromkeys(CALLS, "int64") | {"opens": "object", "hours": "float64"}
    made = pd.DataFrame(rows, columns=list(HELD_COLUMNS)).astype(kinds)
    return made[made["hours"] > 0].reset_index(drop=True)


def _taken_over(
    held: pd.DataFrame, late: pd.DataFrame, there: Mapping[str, float], ends: Mapping[str, date]
) -> pd.DataFrame:
    """The same, the calls that a withdrawn team does not come to (``late``, rows of ``held``) with other pairs from the
    day on which it is gone: with one that is in the area already, else with the one that has most time. Where none has,
    they stay where they are, and are not made."""
    held, loads = held.copy(), held.groupby("pair")["hours"].sum()
    room = {
        pair: time - float(loads.get(pair, 0.0)) for pair, time in there.items() if pair.rpartition("-")[0] not in ends
    }
    rows = []
    for at, row in late.iterrows():
        able = [pair for pair, time in room.items() if time >= row["hours"]]
        if not able:
            continue
        near = set(held.loc[held["area_id"] == row["area_id"], "pair"])
        pair = max(able, key=lambda one: (one in near, room[one]))
        room[pair] -= row["hours"]
        held.loc[at, [*CALLS, "hours"]] = held.loc[at, [*CALLS, "hours"]] - row[[*CALLS, "hours"]]
        moved = {"pair": pair, "team": pair.rpartition("-")[0], "moved_from": row["pair"], "opens": ends[row["team"]]}
        rows.append({**row.to_dict(), **moved})
    if not rows:
        return held
    more = pd.DataFrame(rows, columns=list(HELD_COLUMNS)).astype(held.dtypes)
    held = pd.concat([held, more], ignore_index=True)
    return held[held[list(CALLS)].sum(axis=1) > 0].reset_index(drop=True)
