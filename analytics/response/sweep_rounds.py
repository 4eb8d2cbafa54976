"""Rounds of a building sweep as counts, as a platform exports them: several exports in one, and who waits after how
many calls.

What an office loads is nearly always the whole sweep so far, and sometimes only what is new or one grid. Rounds are
corrected on the platform in between: another time, another team, another number, or the round is struck out. So a file
is the platform's word on every place that it names, for its days: from the first to the last day that it has rows of
(:func:`merged`). What it does not reach stays: rounds before and after its days, and places that it does not name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from analytics.response.campaign import MOST_CALLS, is_weekend
from analytics.scheme.tables import PART_OF

CALL_COLUMNS = (
    "place_id",
    "checked_at",
    "team_id",
    "call",
    "called",
    "met",
    "recorded",
    "not_agreed",
    "vacant",
    "persons",
)
"""Of the frame of calls, a row a building and round (and call: the n-th of these households). ``met`` and ``recorded``
count those of which it is so for the first time; ``persons`` how many persons were recorded, NaN where nobody says."""

NUMBERS = ("called", "met", "recorded", "not_agreed", "vacant")
WAITING = ("waiting_1", "waiting_2", "waiting_more")
"""Households that wait, by how often they were called: once, twice, oftener and not yet as the rule asks."""


@dataclass(frozen=True)
class Before:
    """What becomes of the rows that were there when another file comes: so many are in it as they were (``same``); it
    puts others in the place of ``replaced``, for ``gone`` of which it has no row of their place and call at all;
    ``beside`` are of its days, at ``places`` places that it does not name, and stay."""

    same: int
    replaced: int
    gone: int
    beside: int
    places: int


def no_calls() -> pd.DataFrame:
    """A frame of calls without any."""
    kinds = dict.fromkeys(CALL_COLUMNS, "int64") | {"place_id": "str", "team_id": "str", "persons": "float64"}
    kinds["checked_at"] = "datetime64[us]"
    return pd.DataFrame({column: pd.Series(dtype=kind) for column, kind in kinds.items()})


def no_checks() -> pd.DataFrame:
    """A frame of checks without any."""
    kinds = {"place_id": "str", "checked_at": "datetime64[us]", "outcome": "str", "team_id": "str"}
    return pd.DataFrame({column: pd.Series(dtype=kind) for column, kind in kinds.items()})


def merged(several: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The rows of several files, the oldest first: each puts its rows in the place of all that were there of its
    places and days. A row without any number says that nothing was done there on that day, and is not kept."""
    kept = no_calls()
    for new in several:
        kept = pd.concat([one for one in (kept[~_reached(kept, new)], new) if len(one)] or [no_calls()])
    kept = kept[kept[list(NUMBERS)].to_numpy().any(axis=1)]
    return kept.sort_values(["checked_at", "place_id"], kind="stable", ignore_index=True)


def what_becomes_of(kept: pd.DataFrame, new: pd.DataFrame) -> Before:
    """What becomes of the ``kept`` rows when a file with the rows ``new`` comes."""
    reached = _reached(kept, new)
    same = _in(kept, new, CALL_COLUMNS)
    other = kept[reached & ~same]
    beside = kept[_on_days(kept, new) & ~kept["place_id"].isin(new["place_id"])]
    gone = ~_in(other, new, ("place_id", "call"))
    return Before(int(same.sum()), len(other), int(gone.sum()), len(beside), beside["place_id"].nunique())


def told_twice(kept: pd.DataFrame, new: pd.DataFrame) -> dict[str, date]:
    """Places for which a file tells a round that is there on a day that the file does not reach, alike in everything
    but its time: and that day, by ``place_id``. It may be that round with its day corrected, or another one."""
    rest = kept[~_reached(kept, new)]
    alike = rest[_in(rest, new, [column for column in CALL_COLUMNS if column != "checked_at"])]
    return {str(row.place_id): row.checked_at.date() for row in alike.itertuples()}


def _on_days(kept: pd.DataFrame, new: pd.DataFrame) -> np.ndarray:
    days = kept["checked_at"].dt.normalize()
    return days.between(new["checked_at"].min().normalize(), new["checked_at"].max().normalize()).to_numpy(bool)


def _reached(kept: pd.DataFrame, new: pd.DataFrame) -> np.ndarray:
    """Which rows a file with the rows ``new`` speaks of."""
    if kept.empty or new.empty:
        return np.zeros(len(kept), dtype=bool)
    return _on_days(kept, new) & kept["place_id"].isin(new["place_id"]).to_numpy(bool)


def _in(rows: pd.DataFrame, others: pd.DataFrame, columns: Sequence[str]) -> np.ndarray:
    """Which rows are alike in these columns to one of ``others``; unknown is alike to unknown."""
    both = pd.concat([others[list(columns)].drop_duplicates(), rows[list(columns)]], keys=(0, 1))
    return both.duplicated().loc[1].to_numpy(bool) if len(rows) else np.zeros(0, dtype=bool)


def calls_of_checks(checks: pd.DataFrame) -> pd.DataFrame:
    """Checks of shops and venues (place_id, checked_at, outcome, team_id) as calls of one unit each; what changes
    nothing (a revisit after it was recorded) is left out, and who agrees later has agreed. A check with a finding was
    done (`PART_OF`)."""
    rows = []
    checks = checks.assign(outcome=checks["outcome"].replace(PART_OF["outcome"]))
    for place_id, several in checks.sort_values("checked_at", kind="stable").groupby("place_id", sort=False):
        seen, met, recorded, closed = 0, False, False, False
        for one in several.itertuples():
            counts = dict.fromkeys(NUMBERS, 0)
            if recorded:
                break
            counts["called"] = int(not (met or closed))
            counts["met"] = int(not met and one.outcome in ("done", "partly"))
            counts["recorded"] = int(one.outcome == "done")
            counts["not_agreed"] = int(one.outcome == "refused" and not (met or closed))
            counts["vacant"] = int(one.outcome == "not_applicable" and not (met or closed))
            if not any(counts.values()):
                continue
            seen += counts["called"]
            met, recorded = met or bool(counts["met"]), bool(counts["recorded"])
            closed = closed or bool(counts["not_agreed"] or counts["vacant"])
            team = one.team_id if isinstance(one.team_id, str) else ""
            rows.append((place_id, one.checked_at, team, max(seen, 1), *counts.values(), np.nan))
    return pd.DataFrame(rows, columns=list(CALL_COLUMNS)).astype(no_calls().dtypes)


class Wrong(NamedTuple):
    """A row of a ``call`` that so many were called for, of which more were met, did not agree or are vacant
    (``settled``)."""

    call: int
    settled: int
    called: int


class Rounds:
    """Calls by building (rows, as ``ids``) and call (columns, from the first): (places, calls) each."""

    def __init__(self, calls: pd.DataFrame) -> None:
        at, self.ids = pd.factorize(calls["place_id"], sort=True)
        level = calls["call"].to_numpy("int64") - 1
        self.shape = (len(self.ids), max(MOST_CALLS, int(level.max(initial=0)) + 1))
        number = {name: calls[name].to_numpy("int64") for name in NUMBERS}
        settled = number["met"] + number["not_agreed"] + number["vacant"]
        self._at, self._level = at, level
        self._vain = np.maximum(number["called"] - settled, 0)
        self._day = calls["checked_at"].dt.normalize().to_numpy()
        self.called, self.vain = self._summed(number["called"]), self._summed(self._vain)
        self.totals = {name: self._summed(values).sum(axis=1) for name, values in number.items()}
        self._net(number, settled, calls["checked_at"].to_numpy())

    def _net(self, number: Mapping[str, np.ndarray], settled: np.ndarray, moments: np.ndarray) -> None:
        """Take who is met later without being called anew out of those that did not agree or were vacant in the rows
        before it (``back``, by place). ``wrong``: by place the first row, as a `Wrong`, that settles more than it
        called and has nobody there to take them from, or says itself who did not: that nets nothing, or a refusal
        would go without anybody having met its household."""
        surplus = np.maximum(settled - number["called"], 0)
        order = np.lexsort((surplus > 0, moments))
        rank = np.argsort(order)
        self.back = {name: np.zeros(self.shape[0], dtype="int64") for name in ("not_agreed", "vacant")}
        self.wrong: dict[int, Wrong] = {}
        for row in order[surplus[order] > 0]:
            place, rest = self._at[row], int(surplus[row])
            before = (self._at == place) & (rank < rank[row])
            taken = {}
            for name, back in self.back.items():
                taken[name] = min(rest, int(number[name][before].sum() - back[place]))
                rest -= taken[name]
            itself = number["called"][row] > 0 and number["not_agreed"][row] + number["vacant"][row] > 0
            if rest or itself:
                wrong = Wrong(int(self._level[row]) + 1, int(settled[row]), int(number["called"][row]))
                self.wrong.setdefault(int(place), wrong)
                continue
            for name, n in taken.items():
                self.back[name][place] += n

    def _summed(self, values: np.ndarray) -> np.ndarray:
        found = np.zeros(self.shape, dtype="int64")
        np.add.at(found, (self._at, self._level), values)
        return found

    def without(self, had: np.ndarray) -> np.ndarray:
        """(places, calls): of those that were called so often, how many at most had no call of a kind, of which each
        row says whether it was one (``had``). None of them can be outside the rows that were not, at any of its
        calls."""
        return np.minimum.accumulate(self._summed(self._vain * ~had), axis=1)

    def on_few_days(self) -> np.ndarray:
        """(places, calls): of those that were called so often, how many at most were not called on `MOST_CALLS` days.
        A call and the next are of one day for no more than had both in vain on it, and of ``n`` calls ``n - 2`` have to
        be so for fewer than three days: as many as these can be dealt out to, no call twice to the same."""
        again = np.zeros((self.shape[0], self.shape[1] - 1), dtype="int64")
        for day in np.unique(self._day):
            vain = self._summed(self._vain * (self._day == day))
            again += np.minimum(vain[:, :-1], vain[:, 1:])
        found = np.zeros(self.shape, dtype="int64")
        for at in range(MOST_CALLS - 1, self.shape[1]):
            pairs = again[:, :at]
            most, fewer = None, pairs.sum(axis=1)
            while most is None or (fewer < most).any():
                most, fewer = fewer, np.minimum(pairs, fewer[:, None]).sum(axis=1) // (at - 1)
            found[:, at] = most
        return found


def counted(calls: pd.DataFrame, evening_from: int) -> pd.DataFrame:
    """By ``place_id``: what was counted, and how many wait after how many calls.

    A household is called in vain for good after calls on three days, one of them in an evening and one at a weekend:
    who rings three times within an hour has been there once. Who of a building had which is not known one by one; so
    many are surely so as are left when all that may lack a day, all that may lack an evening, and all that may lack a
    weekend are taken away. The others stay open.
    """
    rounds = Rounds(calls)
    moments = pd.DatetimeIndex(calls["checked_at"])
    evening = np.asarray(moments.hour >= evening_from)
    weekend = np.array([is_weekend(moment) for moment in moments], dtype=bool)
    waits = rounds.vain - np.concatenate([rounds.called[:, 1:], np.zeros((rounds.shape[0], 1), dtype="int64")], axis=1)
    may_lack = (rounds.without(evening), rounds.without(weekend), rounds.on_few_days())
    surely = np.maximum(waits - sum(np.minimum(one, waits) for one in may_lack), 0)
    surely[:, : MOST_CALLS - 1] = 0
    open_ = waits - surely
    total = rounds.totals
    return pd.DataFrame(
        {
            "found": rounds.called[:, 0],
            "met": total["met"],
            "recorded": total["recorded"],
            "not_agreed": total["not_agreed"] - rounds.back["not_agreed"],
            "vacant": total["vacant"] - rounds.back["vacant"],
            **{f"waiting_{level}": open_[:, level - 1] for level in range(1, MOST_CALLS)},
            "waiting_more": open_[:, MOST_CALLS - 1 :].sum(axis=1),
            "in_vain": surely.sum(axis=1),
            "persons": _persons_by_place(calls, rounds.ids),
        },
        index=pd.Index(rounds.ids, name="place_id"),
    )


def _persons_by_place(calls: pd.DataFrame, ids: pd.Index) -> np.ndarray:
    """Persons recorded, NaN where a round recorded households and does not say how many persons."""
    persons = calls["persons"].to_numpy("float64")
    told = pd.Series(np.where(np.isnan(persons) & (calls["recorded"].to_numpy("int64") == 0), 0.0, persons))
    return told.groupby(calls["place_id"].to_numpy()).sum(min_count=1, skipna=False).reindex(ids).to_numpy()
