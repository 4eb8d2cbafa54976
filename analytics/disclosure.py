"""What the public may be told of counts of people and households.

Inside the office every count is told as it is. What leaves for the public is made here:

- A count from 0 to 9 is told as "<10"; zero is not told apart, since a zero that becomes a few tells how few.
- Any other count is rounded at random to a multiple of three, up or down by the chances that keep it right on average,
  and never below 12. The chance is one keyed number a cell that hangs on what is counted and not on how many there are:
  asked again the answer is the same, without the key nobody can tell it, and more people never give a smaller number.
  This is fixed random rounding to base 3 (RR3): Statistics New Zealand, Microdata Output Guide, 4th edition (2020);
  L. Willenborg and T. de Waal, Elements of Statistical Disclosure Control (2001), chapter 9. That the chance is a
  keyed one of the cell is the cell key method's idea: B. Fraser and J. Wooton, A proposed method for confidentialising
  tabular output to protect against differencing, Australian Bureau of Statistics (2005).
- Rounding alone does not hold against differences: of a total and its other parts, each off by no more than two, the
  part that is not told follows in about one of four cases. So a count that shares people with one that is told as
  "<10" is not told at all. What is left tells of other people than those.

Each level is counted from its own records and rounded by itself: totals need not add up.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence

import numpy as np

from analytics.words import Language, say

SMALLEST = 10
"""The smallest count of people that is told to the public; below it stands `few_text`."""
BASE = 3
"""Counts from there on are rounded to multiples of it."""
LEAST_TOLD = 12
"""The smallest multiple of the base that is not below `SMALLEST`."""
FEW = -1.0
"""Stands in what may be told for a count from 0 to below `SMALLEST`."""


def few_text(lang: Language) -> str:
    """What stands where a count is below `SMALLEST`: ``<10``."""
    return say(lang, "disclosure.fewer", smallest=SMALLEST)


def uniform(key: bytes, *cell: str) -> float:
    """The chance of a cell, from 0 to below 1: the first 53 bits of the HMAC-SHA-256 of what names it: its level, area,
    what is counted, and the day or window.

    >>> 0 <= uniform(b"key", "community", "A", "elders", "2026-10-01") < 1
    True
    """
    named = "\0".join(part.replace("\0", "") for part in cell)
    return (int.from_bytes(hmac.digest(key, named.encode(), "sha256")[:8], "big") >> 11) / 2**53


def rounded(counts: np.ndarray, chances: np.ndarray) -> np.ndarray:
    """Counts (any shape) as they may be told by themselves: `FEW`, or a multiple of `BASE`; NaN stays.

    A rest r of the division by the base is rounded up with probability r / 3, which is where the cell's chance lies
    below that.

    >>> rounded(np.array([0, 9, 10, 31, 32, 33]), np.array([0.5] * 6)).tolist()
    [-1.0, -1.0, 12.0, 30.0, 33.0, 33.0]
    """
    rest = counts % BASE
    up = chances < rest / BASE
    told = np.maximum(counts - rest + np.where(up, BASE, 0), LEAST_TOLD)
    return np.where(np.isnan(counts), np.nan, np.where(counts < SMALLEST, FEW, told))


def told_together(counts: np.ndarray, chances: np.ndarray, overlaps: np.ndarray) -> np.ndarray:
    """Counts (…, cells) as they may be told side by side: as :func:`rounded`, and NaN where a count is not told.

    ``overlaps`` (cells, cells): whether two cells may count the same people, of all that are ever told of these people:
    of every scheme and of every level. A count from `SMALLEST` on that overlaps one below it is not told.
    """
    few = (counts < SMALLEST).astype(float)
    told = rounded(counts, chances)
    return np.where((told != FEW) & (few @ overlaps > 0), np.nan, told)


def overlapping(members: Sequence[frozenset[object]]) -> np.ndarray:
    """Which of some sets of people have any in common: (sets, sets) bool; an empty one has none with any."""
    return np.array([[bool(one & other) for other in members] for one in members]).reshape(len(members), -1)
