"""The noise floor: how many areas would change tier if nothing had really changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from analytics import tiers
from analytics.releases.compare import ReleaseContent
from analytics.scheme import Indicator
from analytics.scheme.measures import MINIMUM_BASE
from analytics.scoring.assess import rescored
from analytics.scoring.measures import DECIMALS
from analytics.scoring.rate_support import empirical_bayes

DRAWS = 200
DRAWS_AT_ONCE = 25


@dataclass(frozen=True)
class NoiseFloor:
    """``observed`` areas have another computed tier than before; by chance alone ``expected`` would, nine times in ten
    between ``low`` and ``high``, over ``draws`` draws from ``seed``."""

    observed: int
    expected: float
    low: int
    high: int
    draws: int
    seed: int


def noise_floor(
    before: ReleaseContent,
    after: ReleaseContent,
    events: Mapping[str, np.ndarray],
    base: Mapping[str, np.ndarray],
    seed: int,
    draws: int = DRAWS,
) -> NoiseFloor | None:
    """How many computed tiers chance would have changed between two releases, by parametric bootstrap of the counts.

    ``events``: for each indicator whose values are made of events alone (others are left out), (2, areas) events in its
    window on the day of ``before`` and of ``after``, the areas being those of ``after``; NaN where not known. ``base``:
    for each of them that has a denominator, (areas,) what it is divided by. None when there is nothing to draw.

    An area's expected count is the mean of its two, drawn towards all areas by the empirical Bayes rate; for both days
    a Poisson count is drawn from it, the days that both windows hold being drawn once. Everything else stands on both
    days as it was observed on the later one, and both are judged by the scheme of ``after``. Measures that are not
    counts of a window (quiet days, open incidents, shares) are chance too in part: the floor is on the low side.
    B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap (1993), chapter 6.
    """
    new, old = after.assessment, before.assessment
    drawn = [(at, item) for at, item in enumerate(after.scheme.indicators) if item.spec.events]
    drawn = [(at, item) for at, item in drawn if item.id in events]
    order = np.argsort(new.areas.index.to_numpy().astype(str), kind="stable")  # so that no order changes the draws
    there = old.areas.index.get_indexer(new.areas.index[order])
    was, now = np.where(there < 0, tiers.UNKNOWN_RANK, old.computed[-1, there]), new.computed[-1, order]
    # That a tier could not be computed on either day is no chance.
    both = (was != tiers.UNKNOWN_RANK) & (now != tiers.UNKNOWN_RANK)
    if not drawn or not both.any():
        return None
    observed = (was != now)[both]
    values, holes = new.values[-1, order], new.holes.each(lambda held: held[-1, order])
    known = [~np.isnan(values[:, at]) & (np.isfinite(events[item.id][:, order]).all(axis=0)) for at, item in drawn]
    expected = [_expected(events[item.id][:, order], _base(base, item, order)) for _, item in drawn]
    random = np.random.default_rng(seed)
    gap = (after.day - before.day).days
    changed = []
    for start in range(0, draws, DRAWS_AT_ONCE):
        number = min(DRAWS_AT_ONCE, draws - start)
        supposed = np.broadcast_to(values, (number, 2, *values.shape)).copy()
        for (at, item), told, mean in zip(drawn, known, expected, strict=True):
            shared = max(0.0, 1 - abs(gap) / item.window_days)
            counts = random.poisson(mean * shared, (number, 1, len(mean))) + random.poisson(
                mean * (1 - shared), (number, 2, len(mean))
            )
            unit = item.per.scale / _base(base, item, order) if item.spec.denominator else 1.0
            supposed[..., at] = np.where(told, np.round(counts * unit, DECIMALS), supposed[..., at])
        cases = supposed.reshape(-1, *values.shape)
        known_of = holes.each(partial(np.broadcast_to, shape=cases.shape))
        ranks = rescored(after.scheme, cases, known_of)[1].reshape(number, 2, -1)
        changed.append((ranks[:, 0] != ranks[:, 1])[:, both].sum(axis=1))
    found = np.concatenate(changed)
    low, high = np.quantile(found, [0.05, 0.95], method="nearest")
    return NoiseFloor(int(observed.sum()), float(found.mean()), int(low), int(high), draws, seed)


def _base(base: Mapping[str, np.ndarray], item: Indicator, order: np.ndarray) -> np.ndarray:
    """What events are divided by, NaN where it is too small for a rate; a plain count has the same in every area."""
    if not item.spec.denominator:
        return np.full(len(order), float(MINIMUM_BASE))
    found = base[item.id][order]
    return np.where(found >= MINIMUM_BASE, found, np.nan)


def _expected(events: np.ndarray, base: np.ndarray) -> np.ndarray:
    """(areas,) expected events; the area's own mean where it has no rate, 0 where its events are not known."""
    mean = np.nan_to_num(events.mean(axis=0))
    smoothed = empirical_bayes(mean, base) * base
    return np.where(np.isfinite(smoothed), smoothed, mean)
