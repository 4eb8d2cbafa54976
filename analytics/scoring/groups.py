"""What the indicators of a scheme give for a community or a street: from its records, never averaged from its areas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.scheme import Indicator, Scheme
from analytics.scheme.measures import Gap
from analytics.scoring.area_counts import LEVELS, AreaCounts, day_numbers
from analytics.scoring.assess import Assessment
from analytics.scoring.measures import measured
from analytics.scoring.summary import ranking
from analytics.store.tallies import NOWHERE


@dataclass(frozen=True, eq=False)
class GroupValues:
    """Values of the areas above the scored ones: ``groups`` (a frame indexed by ``area_id``), and each (groups,
    indicators): ``values`` in the indicator's unit, NaN where missing; ``gaps`` says why.

    A ``total`` (indicators,) adds up over areas: what stands there is divided by the number of scored areas in the
    group that have a value, and so is a mean for each of them, of the records of them all. ``of`` (areas,): the
    position of the group that each scored area lies in, ``NOWHERE`` for none.
    """

    groups: pd.DataFrame
    values: np.ndarray
    gaps: np.ndarray
    total: np.ndarray
    of: np.ndarray

    def position_of(self, at: int) -> int | None:
        """The position of the group of the scored area at a position; None where it lies in none."""
        return None if self.of[at] == NOWHERE else int(self.of[at])

    def tier_counts(self, run: Assessment) -> pd.DataFrame:
        """How many areas of each group are shown in each tier on the last day of the ``run``: index as ``groups``,
        columns as `tiers.SHOWN`; zeros are there."""
        counted = np.zeros((len(self.groups), len(tiers.SHOWN)), dtype=int)
        order = {tiers.RANK[tier]: at for at, tier in enumerate(tiers.SHOWN)}
        inside = self.of != NOWHERE
        np.add.at(counted, (self.of[inside], [order[int(rank)] for rank in run.shown[-1][inside]]), 1)
        return pd.DataFrame(counted, index=self.groups.index, columns=list(tiers.SHOWN))

    def worst(self, run: Assessment) -> pd.Series:
        """The area of each group with most work on the last day (index as ``groups``), NA for a group without any that
        has a tier."""
        ranked = ranking(run)
        ranked = ranked[ranked["tier"] != tiers.UNKNOWN]
        of = pd.Series(self.of, index=run.areas.index).loc[ranked.index]
        first = of[of != NOWHERE].drop_duplicates()
        found = pd.Series(pd.NA, index=self.groups.index, dtype=object)
        found.iloc[first.to_numpy()] = first.index.to_numpy()
        return found


def is_total(indicator: Indicator) -> bool:
    """Whether the values of areas add up to that of all of them, which then cannot be held against that of one."""
    return indicator.spec.sums_as == indicator.spec.id and indicator.spec.denominator is None


def group_values(facts: AreaCounts, run: Assessment, day: date) -> GroupValues:
    """The values of the groups of ``facts`` (counts at a wider level) on a day, beside those of a ``run`` of it."""
    scheme, days = run.scheme, day_numbers(pd.DatetimeIndex([day]))
    found = [measured(facts, item, days) for item in scheme.indicators]
    values = np.stack([one.values[0] for one in found], axis=-1).astype(float)
    gaps = np.stack([one.gaps[0] for one in found], axis=-1)
    total = np.array([is_total(item) for item in scheme.indicators])
    groups = groups_of(facts, run.areas.index)
    known = (run.gaps[-1] == Gap.NONE).astype(int)
    members = np.zeros(values.shape)
    inside = groups != NOWHERE
    np.add.at(members, groups[inside], known[inside])
    means = values / np.where(members > 0, members, np.nan)
    return GroupValues(facts.areas, np.where(total, means, values), gaps, total, groups)


def groups_of(facts: AreaCounts, areas: pd.Index) -> np.ndarray:
    """For each of ``areas`` the position of the group of ``facts`` that it lies in, ``NOWHERE`` for none: (areas,)."""
    places = facts.counts.areas.index.get_indexer(areas)
    return np.where(places >= 0, facts.positions()[places], NOWHERE)


def wider_levels(every: pd.DataFrame, scheme: Scheme) -> list[str]:
    """The levels above the scored one of which a file has areas, the narrowest first."""
    there = set(every["level"].dropna())
    above = LEVELS[: LEVELS.index(scheme.level)]
    return [level for level in reversed(above) if level in there]
