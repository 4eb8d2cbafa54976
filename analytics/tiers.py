"""The five tiers and 'unknown': their order, codes, marks and colours. The ground floor of the house.

The order is by the work that an area needs: red > orange > yellow > blue > green. Arrays hold a tier as its rank, an
``int8``: 0 is green, 4 is red, and -1 is unknown, so that "worse" is simply "greater" and unknown is never green.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

Tier = Literal["red", "orange", "yellow", "blue", "green"]

RANKED: tuple[Tier, ...] = ("green", "blue", "yellow", "orange", "red")
"""Tiers from the least work to the most: the position is the rank."""

UNKNOWN = "unknown"
UNKNOWN_RANK = -1

SHOWN = (*reversed(RANKED), UNKNOWN)
"""The order of legends, counts and tables: hardest first, unknown last."""

ELEVATED: tuple[Tier, ...] = ("red", "orange")
"""The tiers that a meeting asks about first: most work and much work."""

ABOVE_ROUTINE: tuple[Tier, ...] = (*ELEVATED, "yellow")
"""The tiers that call for more than the usual rounds."""

RANK: Mapping[str, int] = {tier: rank for rank, tier in enumerate(RANKED)} | {UNKNOWN: UNKNOWN_RANK}

_BY_RANK = np.array([*RANKED, UNKNOWN], dtype=object)  # index -1 is 'unknown'


def names(ranks: np.ndarray) -> np.ndarray:
    """Tier names for an array of ranks, same shape.

    >>> names(np.array([4, 0, -1])).tolist()
    ['red', 'green', 'unknown']
    """
    return _BY_RANK[ranks]


@dataclass(frozen=True)
class Look:
    """How one tier looks on a light or a dark ground; colours as ``#RRGGBB``.

    ``fill`` is never used for text and ``text`` is the tier's own colour when written on the ground; ``on_fill`` is
    what is legible on the fill. Chosen so that the five stay apart in deutan and protan vision (CIEDE2000 of at least
    20).
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

DARK_GROUND = "#0F1B2D"

DARK_LOOKS: Mapping[str, Look] = {
    "red": Look("r", "▲", "#D23050", "#FFFFFF", "#FF8A9C"),
    "orange": Look("o", "◆", "#F5831F", "#14202B", "#FFA65C"),
    "yellow": Look("y", "■", "#FFF59A", "#14202B", "#FFF59A"),
    "blue": Look("b", "●", "#4480DE", "#FFFFFF", "#8DB4F5"),
    "green": Look("g", "✔", "#70C6A8", "#14202B", "#70C6A8"),
    "unknown": Look("u", "▨", "#3A4658", "#FFFFFF", "#A9B5C4"),
}
"""The same tiers on ``DARK_GROUND``, for a wall screen."""
