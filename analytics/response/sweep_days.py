"""What each pair of a sweep does on which day: its list worked off call by call."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from analytics.response.campaign import MOST_CALLS, Campaign, is_weekend

MINUTES_AN_HOUR = 60

CALLS = ("first", "second", "third", "further")
"""The how manieth call of a household it is. Further ones are for the evening or weekend that the rule asks for, and to
record who was met."""

HELD_COLUMNS = ("place_id", "area_id", "kind", "pair", "team", "moved_from", "opens", *CALLS, "hours")
"""What a pair holds: so many calls of a place; ``moved_from``: the pair that would hold it if no team were withdrawn,
"" where it is the same; ``opens``: not before this day, None at once."""

TASK_COLUMNS = ("day", "pair", "team", "place_id", "area_id", "kind", "call", "calls")

_EPSILON = 1e-9


def is_there(campaign: Campaign, team: str, day: date) -> bool:
    """Whether a team is not withdrawn on a day."""
    since = next(one.withdrawn_from for one in campaign.teams if one.team == team)
    return since is None or day < since


def minutes_each(campaign: Campaign, kinds: pd.Series) -> pd.Series:
    """What a call takes at places of these kinds: in a building it is one of a household."""
    each = {"building": campaign.minutes.household, "shop": campaign.minutes.shop, "venue": campaign.minutes.venue}
    return kinds.map(each).astype("float64")


def scheduled(held: pd.DataFrame, campaign: Campaign, days: Sequence[date]) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """Tasks (`TASK_COLUMNS`) of what is ``held`` (`HELD_COLUMNS`); the rows of it that do not fit into the days, with
    the calls that are left and their hours: a second call is not made on the day of the first; and how many
    households are expected to be called three times in vain and never at a weekend."""
    note: list[tuple[object, ...]] = []
    undone = [held.iloc[:0]]
    no_weekend = 0.0
    for _, rows in held.groupby("pair", sort=False):
        pair = _Pair(rows, campaign)
        worked = 0
        for at, day in enumerate(days):
            if is_there(campaign, str(rows["team"].iloc[0]), day):
                worked += 1
                ahead = any(map(is_weekend, days[at:]))
                pair.work(at, day, worked * campaign.hours_a_day * MINUTES_AN_HOUR, note, ahead=ahead)
        undone.append(pair.undone())
        no_weekend += float(pair.never_at_weekend().sum()) * campaign.not_at_home
    tasks = pd.DataFrame(note, columns=list(TASK_COLUMNS))
    tasks = tasks.sort_values(["day", "pair"], kind="stable", ignore_index=True)
    rest = [one for one in undone if len(one)]
    return tasks, pd.concat(rest) if rest else held.iloc[:0], no_weekend


class _Pair:
    """A pair that works its list day by day. Its clock runs in minutes; a call that is begun is finished."""

    def __init__(self, rows: pd.DataFrame, campaign: Campaign) -> None:
        self.rows = rows
        self.left = rows[list(CALLS)].to_numpy("int64").copy()
        self.each = minutes_each(campaign, rows["kind"]).to_numpy()
        self.told = list(rows[["pair", "team", "place_id", "area_id", "kind"]].itertuples(index=False, name=None))
        self.opens = rows["opens"].tolist()
        self.fresh = self.left[:, 0] > 0
        self.ended = np.full(self.left.shape, -1)  # the day on which the last call of a kind was made
        self.weekend = np.zeros(self.left.shape, dtype="int64")
        self.clock = 0.0

    def work(self, at: int, day: date, end: float, note: list[tuple[object, ...]], *, ahead: bool) -> None:
        """What is done on the ``at``-th day, until the clock shows ``end``. At a weekend come first those who were
        called on weekdays alone: the rule asks for it; while one is ``ahead``, their third call waits for it."""
        wanted: list[tuple[int, int]] = [(row, 0) for row in range(len(self.left))]
        again = self._again(at)
        if is_weekend(day):
            wanted = [*((row, call) for row, call in again if not self.weekend[row].any()), *wanted]
        elif ahead:
            again = [(row, call) for row, call in again if call < MOST_CALLS - 1 or self.weekend[row].any()]
        for row, call in (*wanted, *again):
            if self.opens[row] is None or self.opens[row] <= day:
                self._make(row, call, at, day, end, note)
        self.clock = max(self.clock, end)

    def undone(self) -> pd.DataFrame:
        """The rows of which calls are left, and these with their hours."""
        hours = self.left.sum(axis=1) * self.each / MINUTES_AN_HOUR
        rows = self.rows.assign(**dict(zip(CALLS, self.left.T, strict=True)), hours=hours)
        return rows[hours > 0]

    def never_at_weekend(self) -> np.ndarray:
        """(rows,): of the third calls in a building that was not begun, how many are of households that had none at a
        weekend, where those who had one are as likely as any to be called again."""
        asked = self.rows[list(CALLS)].to_numpy("float64")
        had = np.divide(self.weekend, asked, out=np.zeros_like(asked), where=asked > 0).max(axis=1)
        return asked[:, 2] * (1 - had) * (self.fresh & (self.rows["kind"] == "building").to_numpy())

    def _again(self, at: int) -> list[tuple[int, int]]:
        """What is called again: those who were called before this day, and have no earlier call to come."""

        def is_due(row: int, call: int) -> bool:
            return not self.left[row, :call].any() and int(self.ended[row, :call].max()) < at

        return [(row, call) for call in range(1, len(CALLS)) for row in range(len(self.left)) if is_due(row, call)]

    def _make(self, row: int, call: int, at: int, day: date, end: float, note: list[tuple[object, ...]]) -> None:
        possible = math.ceil((end - self.clock) / self.each[row] - _EPSILON)
        number = min(int(self.left[row, call]), possible)
        if number > 0:
            self.left[row, call] -= number
            self.clock += number * self.each[row]
            self.ended[row, call] = at
            self.weekend[row, call] += number * is_weekend(day)
            note.append((day, *self.told[row], call + 1, number))
