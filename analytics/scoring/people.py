"""People: what may be told of how many residents and households of each kind the areas have, at each snapshot.

A count of people is protected here, before anything is made of it, so that no value, point, colour or sentence hangs on
a small one. What one scheme shows is protected together with what the shipped ones would show of the same people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Self

import numpy as np

from analytics.disclosure import protect, protect_sets
from analytics.scheme import Indicator, Table, Where, pack_ids, scheme_named
from analytics.scheme.tables import MAY_BE_UNTOLD
from analytics.store.counts import Counts
from analytics.store.tallies import NOWHERE

OF_PEOPLE: Mapping[str, Where] = {"residents": {}, "places": {"kind": "household"}}
"""Tables whose rows count people or households, and which of the rows do."""


def columns_told(*wheres: Iterable[str]) -> tuple[str, ...]:
    """The columns that must be filled in for a row to be part of its area's snapshot: all that are named, but for those
    without which it is in doubt whether a row counts."""
    return tuple(dict.fromkeys(column for where in wheres for column in where if column not in MAY_BE_UNTOLD))


@dataclass(frozen=True, eq=False)
class Chosen:
    """The people who meet ``where`` and ``of``, among those who meet ``of``: a part and its whole.

    ``told``: the columns that must be filled in for a row to be part of its area's snapshot.
    """

    table: Table
    where: Where
    of: Where
    told: tuple[str, ...]

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for equal choices."""
        return self.table, *(tuple(sorted(where.items(), key=repr)) for where in (self.where, self.of)), self.told

    @property
    def whole(self) -> Chosen:
        """All of those of whom it is a part."""
        return Chosen(self.table, {}, self.of, self.told)

    @classmethod
    def by(cls, table: Table, where: Where, of: Where) -> Self:
        """A choice that needs the columns that it names."""
        return cls(table, where, of, columns_told(where, of))


def chosen_by(indicator: Indicator) -> tuple[Chosen, ...]:
    """The sets of people or places that an indicator's values count; a whole that is everybody is not among them."""
    groups = indicator.spec.groups
    parts = [Chosen.by(*group) for group in groups(indicator)] if groups else []
    return tuple(one for part in parts for one in ((part, part.whole) if part.where and part.of else (part,)))


@cache
def shipped() -> tuple[Indicator, ...]:
    """The indicators of all shipped schemes that count people, households or places."""
    return tuple(item for name in pack_ids() for item in scheme_named(name).indicators if chosen_by(item))


class People:
    """Protected counts of the people of one table, for every area of the file.

    ``indicators`` are all that are shown beside one another, ``parent`` (areas,) is as `disclosure` takes it, and
    ``smallest`` the smallest count that is shown as it is.
    """

    def __init__(
        self, counts: Counts, table: Table, indicators: Iterable[Indicator], parent: np.ndarray, smallest: int
    ) -> None:
        self._kinds = counts.kinds(table, OF_PEOPLE[table])
        self._counts = counts
        self._parent = parent
        self._smallest = smallest
        every = [found for item in indicators for found in chosen_by(item) if found.table == table]
        # Everybody is no set of its own: as a whole it holds every set, and is a sum of others' rests.
        wanted = {found.key: found for found in every if found.where or found.of}
        self._sets = tuple(wanted.values())
        self._number = {key: at for at, key in enumerate(wanted)}
        # Kinds that no choice tells apart are one group. The first choice, of everybody, is there without any other.
        wanted |= {one.whole.key: one.whole for one in self._sets}
        masks = [np.ones(len(self._kinds.named), dtype=bool), *map(self._meets, wanted.values())]
        told_apart, self._group = np.unique(np.array(masks), axis=1, return_inverse=True)
        self._group = self._group.reshape(-1)
        self._masks = dict(zip(wanted, told_apart[1:], strict=True))
        self._groups = told_apart.shape[1]
        self._made: dict[tuple[str, ...], tuple[np.ndarray, np.ndarray]] = {}

    @property
    def anybody(self) -> bool:
        """Whether the table counts any people."""
        return len(self._kinds.n) > 0

    def shown(self, chosen: Chosen, days: np.ndarray) -> np.ndarray:
        """How many there are, as may be told, by the newest snapshots not after each day: (days, areas of the file).

        NaN where neither the area nor one below it has a snapshot, and where the count may not be told at all.
        """
        if not self.anybody:
            return np.full((len(days), len(self._parent)), np.nan)
        snapshots, made = self._of_told(chosen)
        at = np.searchsorted(snapshots, days, side="right") - 1
        return np.vstack([made, np.full((1, made.shape[1]), np.nan)])[at]

    def off_by(self, chosen: Chosen, days: np.ndarray) -> np.ndarray:
        """By how much at most what is shown of an area with others below it differs from the true count, as in `shown`:
        half the smallest count for each group of kinds and area with others below, and all of it for what is withheld.
        """
        above = np.isin(np.arange(len(self._parent)), self._parent)
        withheld = np.isnan(self.shown(chosen, days)) & ~np.isnan(
            self.shown(Chosen(chosen.table, {}, {}, chosen.told), days)
        )
        # Everybody is protected as one group.
        groups = self._masks[chosen.key].sum() if chosen.where else 1
        pieces = np.where(above, groups * self._smallest / 2, 0.0) + np.where(withheld, self._smallest, 0.0)
        return protect(pieces, self._parent, 1)

    def _of_told(self, chosen: Chosen) -> tuple[np.ndarray, np.ndarray]:
        """The days of the snapshots, and what is shown as of each (snapshots, areas)."""
        if chosen.told not in self._made:
            days, held = self._held(chosen.told)
            unheard = np.isnan(held[0])

            def among(mask: np.ndarray) -> np.ndarray:
                return np.where(unheard, np.nan, held[mask].sum(axis=0))

            members = np.array([self._masks[one.key] for one in self._sets]).reshape(-1, len(held))
            wholes = [among(self._masks[one.whole.key]) for one in self._sets]
            shown = [protect(among(np.ones(len(held), dtype=bool)), self._parent, self._smallest)]
            if self._sets:
                shown.extend(protect_sets(held, members, self._parent, self._smallest, np.stack(wholes)))
            self._made[chosen.told] = days, np.stack(shown)
        days, made = self._made[chosen.told]
        return days, made[0 if not chosen.where and not chosen.of else 1 + self._number[chosen.key]]

    def _held(self, told: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
        """The days of the snapshots, and how many each group of kinds has as of them (groups, snapshots, areas)."""
        kinds, areas = self._kinds, len(self._parent)
        heard = kinds.named[list(told)].notna().all(axis=1).to_numpy()[kinds.kind] & (kinds.area != NOWHERE)
        area, group, n = kinds.area[heard], self._group[kinds.kind[heard]], kinds.n[heard]
        days, at = np.unique(kinds.day[heard], return_inverse=True)
        held = np.zeros((self._groups, len(days), areas))
        np.add.at(held, (group, at, area), n)
        there = np.zeros((len(days), areas), dtype=bool)
        there[at, area] = True
        newest = np.maximum.accumulate(np.where(there, np.arange(len(days))[:, None], -1), axis=0)
        held = np.take_along_axis(held, np.maximum(newest, 0)[None], axis=1)
        held[:, newest < 0] = np.nan
        return days, held

    def _meets(self, chosen: Chosen) -> np.ndarray:
        """Which kinds are chosen."""
        named, judged = self._kinds.named, self._counts.context.vocabulary.judged
        conditions = [
            judged(chosen.table, column, named[column], wanted)[0]
            for where in self._counts.settled(chosen.table, (chosen.where, chosen.of))
            for column, wanted in where.items()
        ]
        return np.all([np.ones(len(named), dtype=bool), *conditions], axis=0)
