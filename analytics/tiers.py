"""The five tiers and 'unknown': their order, codes, marks and colours. The ground floor of the house.

The order is by the work that an area needs: red > orange > yellow > blue > green. Arrays hold a tier as its rank, an
``int8``: 0 is green, 4 is red, and -1 is unknown, so that "worse" is simply "greater" and unknown is never green.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

RANKED = ("green", "blue", "yellow", "orange", "red")
"""Tiers from the least work to the most: the position is the rank."""

UNKNOWN = "unknown"
UNKNOWN_RANK = -1

SHOWN = (*reversed(RANKED), UNKNOWN)
"""The order of legends, counts and tables: hardest first, unknown last."""

RANK: Mapping[str, int] = {tier: rank for rank, tier in enumerate(RANKED)} | {UNKNOWN: UNKNOWN_RANK}

_BY_RANK = np.array([*RANKED, UNKNOWN], dtype=object)  # index -1 is 'unknown'


def names(ranks: np.ndarray) -> np.ndarray:
    """Tier names for an array of ranks, same shape."""
    return _BY_RANK[ranks]


@dataclass(frozen=True)
class Look:
    """How one tier looks on a light ground; colours as ``#RRGGBB``.

    ``fill`` is never used for text and ``text`` is the tier's own colour when written on white; ``on_fill`` is what is
    legible on the fill. Chosen so that the five stay apart in deutan and protan vision (CIEDE2000 of at least 20).
    """

    code: str
    mark: str
    fill: str
    on_fill: str
    text: str


LOOKS: Mapping[str, Look] = {
    "red": Look("r", "▲", "#BA0E2B", "#FFFFFF", "#BA0E2B"),
    "orange": Look("o", "◆", "#E07A1C", "#14202B", "#A5520A"),
    "yellow": Look("y", "■", "#FFEE3A", "#14202B", "#776500"),
    "blue": Look("b", "●", "#1470D2", "#FFFFFF", "#1263BC"),
    "green": Look("g", "✔", "#79D3B1", "#14202B", "#1B785B"),
    "unknown": Look("u", "▨", "#D9DEE5", "#14202B", "#5B6675"),
}
