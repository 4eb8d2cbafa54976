"""What `counts` gives: how many records of a kind there are, by area and day.

Areas are given as positions in ``Counts.areas`` (int64, ``NOWHERE`` for an area that is not in it), days as whole days
since 1970-01-01 (int32, ``NEVER`` where the date is missing), and numbers are int64. The same area and day may occur
more than once: what is counted adds up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

NOWHERE = -1
NEVER = -(2**31)


@dataclass(frozen=True, eq=False)
class Tally:
    """How many records, each (rows,), sorted by ``day``: ``area``, ``day``, and the number ``n`` of records."""

    area: np.ndarray
    day: np.ndarray
    n: np.ndarray


@dataclass(frozen=True, eq=False)
class StockSnapshots:
    """What was held as of a day, each (rows,): ``area``, ``day``; ``n`` people or places that meet the conditions, of
    the rows in which the columns asked for are filled in; ``told`` such rows."""

    area: np.ndarray
    day: np.ndarray
    n: np.ndarray
    told: np.ndarray


@dataclass(frozen=True, eq=False)
class StockDays:
    """As of which ``day`` something is known of an ``area``, each (rows,); ``NEVER`` where nobody says."""

    area: np.ndarray
    day: np.ndarray


@dataclass(frozen=True, eq=False)
class Visits:
    """Days on which a place was checked, each (rows,), sorted by ``place`` and ``day``: the ``area`` of the check, the
    ``home`` of the place by the list of places, ``day``, ``place``, a number for each place, and how many checks of it
    there were on that day (``n``)."""

    area: np.ndarray
    home: np.ndarray
    day: np.ndarray
    place: np.ndarray
    n: np.ndarray


def homes_of(place: pd.Series, area: np.ndarray, order: np.ndarray) -> pd.Series:
    """The area of each place (index: its id), of several the last by ``order``, the rank of each area."""
    ranked = np.argsort(order[area], kind="stable")
    homes = pd.Series(area[ranked], index=place.to_numpy()[ranked])
    return homes[~homes.index.duplicated(keep="last")]
