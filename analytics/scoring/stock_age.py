"""How old what is known of people and places is, by the day as of which it is, or that on which it was loaded."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analytics.scheme import Indicator, Table
from analytics.scoring.area_counts import AreaCounts
from analytics.scoring.people import chosen_by
from analytics.store.tallies import NEVER, NOWHERE


def told_by(indicator: Indicator, table: Table) -> tuple[str, ...]:
    """The columns without which a row of ``table`` tells an indicator nothing."""
    return tuple(dict.fromkeys(one for chosen in chosen_by(indicator) if chosen.table == table for one in chosen.told))


def stock_age(facts: AreaCounts, table: Table, told: Sequence[str], days: np.ndarray) -> np.ndarray:
    """For each scored area how many days old the newest rows with the columns ``told`` are on each of ``days``, those
    of the oldest of the areas in it; 0 where there are none: (days, areas)."""
    found = facts.counts.stock_days(table, told)
    known = (found.area != NOWHERE) & (found.day != NEVER)
    area, day = found.area[known], found.day[known]
    place = facts.positions()[:-1]
    age = np.zeros((len(days), len(facts.areas)), dtype=np.int64)
    for row, today in enumerate(days):
        newest = np.full(len(place), NEVER, dtype=np.int64)
        upto = day <= today
        np.maximum.at(newest, area[upto], day[upto])
        there = np.flatnonzero((newest != NEVER) & (place != NOWHERE))
        np.maximum.at(age[row], place[there], today - newest[there])
    return age
