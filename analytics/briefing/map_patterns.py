"""Lines over the fill of a tier, for those who see no colours: of the map and of every other place with its fills."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analytics import tiers
from analytics.briefing.appearance import Appearance
from analytics.marks import Slant

TILE = 12
"""Side of a pattern's tile."""


@dataclass(frozen=True)
class Pattern:
    """Lines over a tier's fill, in a tile of ``TILE``: (x, y, x, y) each."""

    lines: tuple[tuple[float, float, float, float], ...]
    colour: str
    width: float
    opacity: float


def pattern(tier: str, appearance: Appearance) -> Pattern | None:
    """The lines over a tier's fill; None where the fill is plain. Areas without a tier have lines in any appearance."""
    if appearance.hatched:
        weight = 2 if tier == "red" else 1.3
        return Pattern(_LINES[tier], appearance.looks[tier].on_fill, weight, 0.62)
    return Pattern(_RISING, appearance.colours["hatch"], 1.2, 1) if tier == tiers.UNKNOWN else None


def slanted(tier: str, way: Slant, appearance: Appearance) -> Pattern:
    """The lines over an area that say something besides its tier, as of what was done."""
    return Pattern(_RISING if way == "rising" else _FALLING, appearance.looks[tier].on_fill, 1.8, 1)


_END, _HALF, _QUARTER = TILE, TILE / 2, TILE / 4
# A slanted line is drawn over the corners as well, so that tiles join without a gap.
_RISING = (
    (-_QUARTER, _QUARTER, _QUARTER, -_QUARTER),
    (-_QUARTER, _END + _QUARTER, _END + _QUARTER, -_QUARTER),
    (_END - _QUARTER, _END + _QUARTER, _END + _QUARTER, _END - _QUARTER),
)
_FALLING = tuple((_END - x, y, _END - u, v) for x, y, u, v in _RISING)
_LINES: Mapping[str, tuple[tuple[float, float, float, float], ...]] = {
    "red": _RISING,
    "orange": (*_RISING, *_FALLING),
    "yellow": ((1, _QUARTER, _HALF - 1, _QUARTER), (_HALF + 1, _END - _QUARTER, _END - 1, _END - _QUARTER)),
    "blue": ((0, _QUARTER, _END, _QUARTER), (0, _END - _QUARTER, _END, _END - _QUARTER)),
    "green": ((_HALF, 0, _HALF, _END),),
    "unknown": _FALLING,
}
