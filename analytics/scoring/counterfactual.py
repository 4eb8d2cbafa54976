"""The smallest single change of an actionable indicator that takes an area one tier down."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from analytics import tiers
from analytics.scheme import BandsPoints, Indicator, LinearPoints
from analytics.scoring.assess import Assessment, rescored

STEPS = 400


@dataclass(frozen=True)
class SmallestImprovement:
    """``indicator`` going from ``before`` to ``after`` (its own unit) gives the computed ``tier`` and ``score``."""

    indicator: Indicator
    before: float
    after: float
    tier: str
    score: float


def smallest_improvement(assessment: Assessment, area_id: str) -> SmallestImprovement | None:
    """The change that is smallest in points of score, on the last day; None where no single indicator can do it.

    Only for schemes that judge an area by itself: where places among the areas count, one change moves them all.
    """
    scheme = assessment.scheme
    at = assessment.areas.index.get_loc(area_id)
    assert isinstance(at, int)  # no two areas have one id
    rank = int(assessment.computed[-1, at])
    if scheme.is_relative() or rank <= tiers.RANK["green"]:
        return None
    last = assessment.holes.each(lambda held: held[-1:, at : at + 1])
    found: list[tuple[float, SmallestImprovement]] = []
    for number, indicator in enumerate(scheme.indicators):
        value = assessment.values[-1, at, number]
        # Of a count too small to be told, no change can be told either.
        if not indicator.actionable or np.isnan(value) or assessment.small[-1, at, number]:
            continue
        candidates = _easier_values(indicator, float(value))
        if not len(candidates):
            continue
        again = len(candidates)
        tried = np.repeat(assessment.values[-1:, at : at + 1], again, axis=1)
        holes = last.each(partial(np.repeat, repeats=again, axis=1))
        tried[0, :, number] = candidates
        scores, ranks = rescored(scheme, tried, holes)
        enough = np.flatnonzero((ranks[0] < rank) & (ranks[0] != tiers.UNKNOWN_RANK))
        if len(enough):
            first = enough[0]
            after, score = float(candidates[first]), float(scores[0, first])
            easing = SmallestImprovement(indicator, float(value), after, str(tiers.names(ranks[0, first])), score)
            found.append((float(assessment.score[-1, at]) - score, easing))
    return min(found, key=lambda pair: (pair[0], pair[1].indicator.id))[1] if found else None


def _easier_values(indicator: Indicator, value: float) -> np.ndarray:
    """Values on the way to the easy end, nearest first."""
    low_is_hard = indicator.harder_when == "low"
    rule = indicator.points
    if isinstance(rule, BandsPoints):
        begins = np.array([start for start, _ in rule.bands])
        easy = begins[-1] if low_is_hard else min(begins[0], 0.0)
    elif isinstance(rule, LinearPoints):
        easy = rule.linear.high if low_is_hard else rule.linear.low
    else:  # the value itself, which knows no easy end
        return np.array([])
    if (easy <= value) == low_is_hard or easy == value:
        return np.array([])
    if smallest := indicator.spec.smallest_change:
        step = smallest if low_is_hard else -smallest
        return np.arange(value + step, easy + step, step, dtype=float)
    return np.linspace(value, easy, STEPS + 1)[1:]
