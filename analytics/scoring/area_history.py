"""The past of areas: the tiers of every day, how long each lasted, how often they changed, and when last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.scheme.model import StabilityRule
from analytics.scoring.assess import NO_OVERRIDE, Assessment
from analytics.scoring.summary import carried_areas, ordered_areas


@dataclass(frozen=True)
class Spell:
    """So many entries in a row (days, or the ends of weeks) with one ``tier``, from the one with the number ``start``;
    whether it was ``carried`` on, decided by a person, or raised by an order."""

    start: int
    length: int
    tier: str
    carried: bool = False
    override: bool = False
    order: bool = False


@dataclass(frozen=True, eq=False)
class TierDays:
    """Tiers of ``days`` (sorted), of every area of ``areas``, each (days, areas): ``computed`` and ``final`` as ranks
    (int8, see `tiers`), and whether the final one was ``carried`` on, an
    ``override`` or raised by an ``order``."""

    days: pd.DatetimeIndex
    areas: pd.Index
    computed: np.ndarray
    final: np.ndarray
    carried: np.ndarray
    override: np.ndarray
    order: np.ndarray

    def spells(self, area_id: str, *, computed: bool = False) -> list[Spell]:
        """The final tiers of an area (or those ``computed``) as spells, the oldest first."""
        at = self.areas.get_loc(area_id)
        plain = np.zeros(len(self.days), dtype=bool)
        told = (
            (self.computed[:, at], plain, plain, plain)
            if computed
            else (self.final[:, at], self.carried[:, at], self.override[:, at], self.order[:, at])
        )
        new = np.ones(len(self.days), dtype=bool)
        new[1:] = np.logical_or.reduce([one[1:] != one[:-1] for one in told])
        starts = np.flatnonzero(new)
        lengths = np.diff(starts, append=len(self.days))
        return [
            Spell(start, length, str(tiers.names(told[0][start])), *(bool(one[start]) for one in told[1:]))
            for start, length in zip(starts.tolist(), lengths.tolist(), strict=True)
        ]

    def changes(self) -> pd.Series:
        """How often the final tier of every area changed from one entry to the next (index: areas). To or from not
        enough data is no change of tier."""
        known = (self.final != tiers.UNKNOWN_RANK)[1:] & (self.final != tiers.UNKNOWN_RANK)[:-1]
        return pd.Series(((self.final[1:] != self.final[:-1]) & known).sum(axis=0), index=self.areas)

    def final_since(self, area_id: str) -> int:
        """The number of the entry from which on the final tier of an area is that of the last one: 0 where it was that
        all the time, and perhaps before."""
        final = self.final[:, self.areas.get_loc(area_id)]
        other = np.flatnonzero(final != final[-1])
        return int(other[-1]) + 1 if len(other) else 0


def tier_days(runs: Iterable[Assessment]) -> TierDays:
    """The tiers of some runs of the same areas, one after the other; of a long time they come in pieces, since only
    these few small numbers of each day are kept."""
    days, found = [], []
    areas = pd.Index([])
    for run in runs:
        areas = run.areas.index
        days.append(run.days)
        carried = np.stack([carried_areas(run, day) for day in range(len(run.days))])
        ordered = np.stack([ordered_areas(run, day) for day in range(len(run.days))])
        decided = (run.override_left != NO_OVERRIDE) & ~ordered
        found.append((run.computed, run.shown, carried, decided, ordered))
    every = pd.DatetimeIndex(np.concatenate([one.to_numpy() for one in days]))
    return TierDays(every, areas, *(np.concatenate(part) for part in zip(*found, strict=True)))


@dataclass(frozen=True)
class Turn:
    """The last change of an area's final tier: ``day`` is the first entry with the tier of now, ``eve`` the one before
    it, with the tier ``before``."""

    eve: date
    day: date
    before: str


def turn_of(held: TierDays, area_id: str) -> Turn | None:
    """What an area's final tier changed from last, and when; None where it is the same in all of ``held``."""
    start = held.final_since(area_id)
    if not start:
        return None
    before = str(tiers.names(held.final[start - 1, held.areas.get_loc(area_id)]))
    return Turn(held.days[start - 1].date(), held.days[start].date(), before)


def earliest_fall(rule: StabilityRule, day: date, since: date | None, *, rose: bool) -> date:
    """The first day on which the rule may let a published tier fall that is also the computed one on ``day``, however
    mild the days after it are. ``since``: the first day on which the tier was published, None where it is not known;
    ``rose``: it came from a milder one. What happens until then may only make it later."""
    falls = day + timedelta(days=rule.confirm_down_days)
    if since is None:
        return falls
    stay = rule.minimum_stay_days
    if not rose:
        stay = max(stay, rule.confirm_down_days) - 1 if rule.one_step_down else 0
    return max(falls, since + timedelta(days=stay))
