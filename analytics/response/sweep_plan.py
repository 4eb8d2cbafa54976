"""What a sweep still takes and what hands there are; which pair goes where on which day; and what moves without a
team."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analytics.errors import UserError
from analytics.response.campaign import Campaign, is_weekend
from analytics.response.sweep import WAITING, SweepState, tally

MINUTES_AN_HOUR = 60
CALLS = ("first", "second", "third", "further")
"""The how manieth call of a household it is. Further ones are for the evening or weekend that the rule asks for, and to
record who was met."""

HELD_COLUMNS = ("place_id", "area_id", "kind", "pair", "team", "moved_from", *CALLS, "hours")
TASK_COLUMNS = ("day", "pair", "team", "place_id", "area_id", "kind", "call", "calls")

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
        pairs[one.team] for one in campaign.teams for day in days_left(state) if _is_there(campaign, one.team, day)
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
    shares = _cut(_hours(begin), whole)
    hours = _hours(state)
    areas = state.places["area_id"]
    every_day = dict.fromkeys(names, len(days) * campaign.hours_a_day)
    shares, left = _handed_on(shares, hours, areas, every_day)
    there = {
        pair: sum(_is_there(campaign, team, day) for day in days) * campaign.hours_a_day for pair, team in names.items()
    }
    moved, more = _handed_on(
        shares, hours, areas, there, only={pair for pair in names if there[pair] < every_day[pair]}
    )
    held = _held(moved, expected_calls(state), state, names)
    tasks, undone, no_weekend = _scheduled(held, state, days)
    without = pd.concat([_without(left + more, hours, state), undone], ignore_index=True)
    buildings = state.places["kind"] == "building"
    unknown = tuple(map(str, state.places.index[buildings & state.places["units"].isna()]))
    return SweepPlan(need_of(state, pairs), held, tasks, without, unknown, no_weekend)


@dataclass(frozen=True)
class _Part:
    """A ``share`` (0–1) of what is to be done at a place, and the ``pair`` that does it, "" none; ``before``: as in
    ``moved_from``."""

    place: str
    share: float
    pair: str
    before: str = ""


def _share_of(numbers: np.ndarray, share: float) -> np.ndarray:
    """A share of each number as whole numbers, whose sum is the share of the sum, rounded."""
    ends = np.floor(np.cumsum(numbers) * share + 0.5 + _EPSILON).astype("int64")
    return np.diff(ends, prepend=0)


def _is_there(campaign: Campaign, team: str, day: date) -> bool:
    since = next(one.withdrawn_from for one in campaign.teams if one.team == team)
    return since is None or day < since


def _hours(state: SweepState) -> pd.Series:
    """Pair-hours by place, in the order of the register."""
    minutes = state.places["kind"].map({"building": "household"}).fillna(state.places["kind"])
    each = minutes.map(state.campaign.minutes_of)
    return expected_calls(state).sum(axis=1) * each / MINUTES_AN_HOUR


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
    parts: list[_Part], hours: pd.Series, areas: pd.Series, there: Mapping[str, float], only: set[str] | None = None
) -> tuple[list[_Part], list[_Part]]:
    """The parts, those for which a pair (of ``only`` some) has no time handed on to the pairs that have, first to those
    that are in the area already, then to those with most room; and the parts for which nobody has."""
    kept: list[_Part] = []
    loose: list[_Part] = []
    room = dict(there)
    for part in parts:
        takes = part.share * float(hours[part.place])
        fits = takes if only is not None and part.pair not in only else min(takes, max(room.get(part.pair, 0.0), 0.0))
        if takes <= _EPSILON:
            continue
        room[part.pair] = room.get(part.pair, 0.0) - fits
        share = part.share * fits / takes
        if share > _EPSILON:
            kept.append(_Part(part.place, share, part.pair, part.before))
        if part.share - share > _EPSILON:
            loose.append(_Part(part.place, part.share - share, "", part.pair if only is not None else ""))
    left = []
    for part in loose:
        rest = part.share * float(hours[part.place])
        while rest > _EPSILON:
            near = {one.pair for one in kept if areas[one.place] == areas[part.place]}
            able = [pair for pair in there if room[pair] > _EPSILON and pair not in (only or ())]
            if not able:
                left.append(_Part(part.place, rest / float(hours[part.place]), "", part.before))
                break
            pair = max(able, key=lambda one: (one in near, room[one]))
            fits = min(rest, room[pair])
            kept.append(_Part(part.place, fits / float(hours[part.place]), pair, part.before))
            room[pair] -= fits
            rest -= fits
    return kept, left


def _held(parts: list[_Part], calls: pd.DataFrame, state: SweepState, names: Mapping[str, str]) -> pd.DataFrame:
    """Whole calls for each part: of a place that is shared they add up to its own."""
    rows = []
    done = dict.fromkeys(calls.index, 0.0)
    minutes = {
        kind: state.campaign.minutes_of("household" if kind == "building" else kind) for kind in state.places["kind"]
    }
    for part in sorted(parts, key=lambda one: calls.index.get_loc(one.place)):
        asked = calls.loc[part.place].to_numpy()
        before, after = done[part.place], done[part.place] + part.share
        done[part.place] = after
        own = np.floor(asked * after + 0.5 + _EPSILON) - np.floor(asked * before + 0.5 + _EPSILON)
        if own.sum() == 0:
            continue
        place = state.places.loc[part.place]
        hours = float(own.sum()) * minutes[place["kind"]] / MINUTES_AN_HOUR
        rows.append(
            (
                part.place,
                place["area_id"],
                place["kind"],
                part.pair,
                names[part.pair],
                part.before,
                *own.astype(int),
                hours,
            )
        )
    return pd.DataFrame(rows, columns=list(HELD_COLUMNS))


def _without(parts: list[_Part], hours: pd.Series, state: SweepState) -> pd.DataFrame:
    lacking = pd.Series([part.share * float(hours[part.place]) for part in parts], index=[part.place for part in parts])
    summed = lacking.groupby(level=0, sort=False).sum().astype("float64")
    places = state.places.loc[summed.index]
    return pd.DataFrame(
        {
            "place_id": summed.index,
            "area_id": places["area_id"].to_numpy(),
            "kind": places["kind"].to_numpy(),
            "hours": summed.to_numpy(),
        }
    )


class _Pair:
    """A pair that works its list day by day. Its clock runs in minutes; a call that is begun is finished."""

    def __init__(self, rows: pd.DataFrame, minutes: Mapping[str, float]) -> None:
        self.rows = rows.reset_index(drop=True)
        self.left = self.rows[list(CALLS)].to_numpy("int64").copy()
        self.each = self.rows["kind"].map(minutes).to_numpy("float64")
        self.fresh = self.left[:, 0] > 0
        self.ended = np.full(self.left.shape, -1)  # the day on which the last call of a kind was made
        self.weekend = np.zeros(self.left.shape, dtype="int64")
        self.clock = 0.0

    def work(self, at: int, day: date, end: float, note: list[tuple[object, ...]]) -> None:
        """What is done on the ``at``-th day, until the clock shows ``end``. At a weekend come first those who were
        called on weekdays alone: the rule asks for it, and second calls wait for it."""
        wanted: list[tuple[int, int]] = [(row, 0) for row in range(len(self.rows))]
        again = self._again(at)
        if is_weekend(day):
            wanted = [*((row, call) for row, call in again if not self.weekend[row].any()), *wanted]
        self._make([*wanted, *again], at, day, end, note)
        self.clock = max(self.clock, end)

    def never_at_weekend(self) -> np.ndarray:
        """(rows,): of the third calls in a building that was not begun, how many are of households that had none at a
        weekend, where those who had one are as likely as any to be called again."""
        asked = self.rows[list(CALLS)].to_numpy("float64")
        had = np.divide(self.weekend, asked, out=np.zeros_like(asked), where=asked > 0).max(axis=1)
        return asked[:, 2] * (1 - had) * (self.fresh & (self.rows["kind"] == "building").to_numpy())

    def _again(self, at: int) -> list[tuple[int, int]]:
        def is_due(row: int, call: int) -> bool:
            return not self.left[row, :call].any() and int(self.ended[row, :call].max()) < at

        return [(row, call) for call in range(1, len(CALLS)) for row in range(len(self.rows)) if is_due(row, call)]

    def _make(
        self, wanted: list[tuple[int, int]], at: int, day: date, end: float, note: list[tuple[object, ...]]
    ) -> None:
        for row, call in wanted:
            possible = math.ceil((end - self.clock) / self.each[row] - _EPSILON)
            number = min(int(self.left[row, call]), possible)
            if number <= 0:
                continue
            self.left[row, call] -= number
            self.clock += number * self.each[row]
            self.ended[row, call] = at
            self.weekend[row, call] += number * is_weekend(day)
            place = self.rows.loc[row]
            note.append(
                (
                    day,
                    place["pair"],
                    place["team"],
                    place["place_id"],
                    place["area_id"],
                    place["kind"],
                    call + 1,
                    number,
                )
            )


def _scheduled(held: pd.DataFrame, state: SweepState, days: tuple[date, ...]) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """The tasks; the hours of what does not fit into the days though there is time, since a second call is not made on
    the day of the first; and as `SweepPlan.no_weekend`."""
    campaign = state.campaign
    minutes = {"building": campaign.minutes.household, "shop": campaign.minutes.shop, "venue": campaign.minutes.venue}
    note: list[tuple[object, ...]] = []
    undone, no_weekend = [], 0.0
    for _, rows in held.groupby("pair", sort=False):
        pair = _Pair(rows, minutes)
        worked = 0
        for at, day in enumerate(days):
            if _is_there(campaign, str(pair.rows["team"][0]), day):
                worked += 1
                pair.work(at, day, worked * campaign.hours_a_day * MINUTES_AN_HOUR, note)
        lacking = pair.left.sum(axis=1) * pair.each / MINUTES_AN_HOUR
        undone.append(pair.rows[["place_id", "area_id", "kind"]].assign(hours=lacking)[lacking > 0])
        no_weekend += pair.never_at_weekend().sum() * campaign.not_at_home
    tasks = pd.DataFrame(note, columns=list(TASK_COLUMNS)).sort_values(
        ["day", "pair"], kind="stable", ignore_index=True
    )
    rest = [one for one in undone if len(one)]
    lacking = (
        pd.concat(rest, ignore_index=True) if rest else pd.DataFrame(columns=["place_id", "area_id", "kind", "hours"])
    )
    return tasks, lacking, round(no_weekend)
