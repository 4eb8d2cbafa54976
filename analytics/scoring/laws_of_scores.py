"""The laws of single days, tried on supposed values: 1 (worse), 3 (missing), 4 (parts) and 5 (cut-offs)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np

from analytics import tiers
from analytics.scheme import BandsPoints, CutOffs, Indicator, LinearPoints, Scheme
from analytics.scheme.basics import required
from analytics.scoring.combine import combine, scores
from analytics.scoring.decide import tiers_from
from analytics.scoring.law_world import (
    ALONE,
    GREEN,
    ROUNDS,
    TOLERANCE,
    UNKNOWN,
    Broken,
    Found,
    World,
    decided,
    name_phrase,
    number_text,
    pieces,
    points_from,
    tier_changed,
    tier_named,
)
from analytics.scoring.points import points as points_of
from analytics.scoring.stability import publish
from analytics.words import phrase

COLUMNS_TO_PUBLISH = 4_000
"""Areas, in all cases together, whose changed day is also put behind their whole past."""

JUST_BELOW = 1e-6


def law_worse(world: World) -> Found:
    """Law 1: with one indicator or all of them worse, no known tier is lower, neither computed nor published."""
    before = world.ranks[-1]
    tried: list[tuple[np.ndarray, ...]] = []
    checked = 0
    for values, changed in pieces(world, _worsened(world, world.random(1))):
        after = decided(values, world.scheme)
        counted = changed.any(axis=-1) & (before != UNKNOWN)
        checked += int(counted.sum())
        fallen = np.where(after.rank == UNKNOWN, before > GREEN, after.rank < before) & counted
        for case, at in np.argwhere(fallen)[:1]:
            ranks = before[at], after.rank[case, at]
            return checked, tier_changed(world, at, changed[case, at], ranks, "selfcheck.worse_lowers")
        case, at = np.nonzero(counted)
        tried.append((at, after.rank[case, at], after.floor[case, at], changed[case, at]))
    if world.scheme.stability is None or not checked:
        return checked, None
    published, broken = _worse_published(world, *(np.concatenate(part) for part in zip(*tried, strict=True)))
    return checked + published, broken


def _worse_published(world: World, at: np.ndarray, rank: np.ndarray, floor: np.ndarray, changed: np.ndarray) -> Found:
    """The same past with a worse last day: ``rank`` and ``floor`` of areas ``at``, one column each."""
    chosen = np.sort(world.random(1).permutation(len(at))[:COLUMNS_TO_PUBLISH])
    at, changed = at[chosen], changed[chosen]
    ranks, floors = world.ranks[:, at], world.floors[:, at]
    ranks[-1], floors[-1] = rank[chosen], floor[chosen]
    rule = required(world.scheme.stability)
    before = publish(world.ranks, world.floors, rule).tier[-1][at]
    after = publish(ranks, floors, rule).tier[-1]
    for one in np.flatnonzero((after < before) & (after != UNKNOWN))[:1]:
        key = "selfcheck.worse_lowers_published"
        return len(at), tier_changed(world, at[one], changed[one], (before[one], after[one]), key)
    return len(at), None


def _worsened(world: World, random: np.random.Generator) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Values (areas, indicators) in which something is worse, and where: each indicator in turn, then all at random."""
    indicators = world.scheme.indicators
    known = ~np.isnan(world.values)
    spans = [_span(item, world.values[:, at]) for at, item in enumerate(indicators)]
    for wanted in _turns(world, len(indicators), known, random):
        worse = world.values.copy()
        for at, item in enumerate(indicators):
            # From hardly worse to far beyond the scale, so that every step of points and every floor is passed.
            step = spans[at] * random.choice([0.001, 0.1, 0.5, 1.0, 3.0], size=len(worse)) * random.random(len(worse))
            if smallest := item.spec.smallest_change:
                step = np.ceil(step / smallest) * smallest
            moved = worse[:, at] + step if item.harder_when == "high" else worse[:, at] - step
            # No measure goes below zero of itself.
            worse[:, at] = np.where(wanted[:, at], np.maximum(moved, np.minimum(worse[:, at], 0.0)), worse[:, at])
        yield worse, known & (worse != world.values)


def _turns(world: World, indicators: int, known: np.ndarray, random: np.random.Generator) -> Iterator[np.ndarray]:
    """Which cells (areas, indicators) change in each case; one cell where an area's change moves the others' places."""
    if world.scheme.is_relative():
        cells = np.argwhere(known)
        for area, at in random.permutation(cells)[:ALONE]:
            wanted = np.zeros(known.shape, dtype=bool)
            wanted[area, at] = True
            yield wanted
        return
    for _ in range(ROUNDS):
        for at in range(indicators):
            wanted = np.zeros(known.shape, dtype=bool)
            wanted[:, at] = True
            yield wanted
        yield random.random(known.shape) < random.random()


def _span(indicator: Indicator, values: np.ndarray) -> float:
    """How far the indicator's scale reaches, in its own unit: by its points, else by what there is of it."""
    rule = indicator.points
    if isinstance(rule, BandsPoints) and len(rule.bands) > 1:
        return rule.bands[-1][0] - rule.bands[0][0]
    if isinstance(rule, LinearPoints):
        return rule.linear.high - rule.linear.low
    known = values[~np.isnan(values)]
    return float(np.ptp(known)) if len(known) and np.ptp(known) > 0 else 1.0


def law_missing(world: World) -> Found:
    """Law 3: an area that is not green is not green either when some of its values are gone."""
    checked = 0
    before = world.ranks[-1]
    for values, gone in pieces(world, _holed(world, world.random(3))):
        after = decided(values, world.scheme).rank
        counted = gone.any(axis=-1) & (before != GREEN)
        checked += int(counted.sum())
        for case, at in np.argwhere(counted & (after == GREEN))[:1]:
            ranks = before[at], after[case, at]
            return checked, tier_changed(world, at, gone[case, at], ranks, "selfcheck.missing_greens")
    return checked, None


def _holed(world: World, random: np.random.Generator) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Values with some of them gone, and which; one area's only where that moves the others' places."""
    known = ~np.isnan(world.values)
    alone = world.scheme.is_relative()
    for _ in range(ALONE if alone else ROUNDS * len(world.scheme.indicators)):
        gone = known & (random.random(known.shape) < random.choice([0.1, 0.3, 0.6]))
        if alone and len(known):
            gone[np.arange(len(known)) != random.integers(len(known))] = False
        yield np.where(gone, np.nan, world.values), gone


def law_parts(world: World) -> Found:
    """Law 4: what the indicators add sums to the score, on the day as it is and with some values gone."""
    holed = [values for values, _ in islice(_holed(world, world.random(4)), ROUNDS)]
    found = combine(points_from(np.stack(holed), world.scheme), world.scheme)
    parts = np.concatenate([world.run.parts, found.parts])
    score = np.concatenate([world.run.score, found.score])
    known, sums = ~np.isnan(score), parts.sum(axis=-1)
    apart = known & ~np.isclose(sums, score, rtol=TOLERANCE, atol=TOLERANCE)
    for case, at in np.argwhere(apart)[:1]:
        said = phrase("selfcheck.parts_apart", sum=number_text(sums[case, at]), score=number_text(score[case, at]))
        return int(known.sum()), Broken(world.area(at), said)
    return int(known.sum()), None


def law_cut_offs(world: World) -> Found:
    """Law 5: a score on a cut-off has the tier that begins there, one just below has not; steps of points likewise."""
    checked = 0
    for indicator in world.scheme.indicators:
        for value, wanted in _steps(indicator):
            found = float(points_of(np.array([[value]]), indicator)[0, 0])
            checked += 1
            if found != wanted:
                said = {"value": number_text(value), "wanted": number_text(wanted), "found": number_text(found)}
                return checked, Broken(None, phrase("selfcheck.step_missed", name=name_phrase(indicator.name), **said))
    cuts, scheme = world.scheme.tiers, world.scheme.model_copy(update={"floors": ()})
    if not isinstance(cuts, CutOffs) or scheme.is_relative():
        return checked, None
    for tier in tiers.RANKED[1:]:
        for score, reached in ((getattr(cuts, tier), True), (getattr(cuts, tier) - JUST_BELOW, False)):
            if score < 0 and _has_geometric(scheme):  # a mean of powers is never below zero
                continue
            points = _points_that_score(score, scheme)
            found = tiers_from(points, scheme, points).rank[0, 0]
            checked += 1
            if (found == tiers.RANK[tier]) != reached:
                key = "selfcheck.cut_off_missed" if reached else "selfcheck.cut_off_early"
                named = {"tier": tier_named(tiers.RANK[tier]), "found": tier_named(found)}
                return checked, Broken(None, phrase(key, score=number_text(score), **named))
    return checked, None


def _steps(indicator: Indicator) -> list[tuple[float, float]]:
    """Values that are exactly on a step of the indicator's points, and the points that the scheme's file says."""
    rule = indicator.points
    steps = rule.bands if isinstance(rule, BandsPoints) else ()
    if isinstance(rule, LinearPoints):
        steps = ((rule.linear.low, 0.0), (rule.linear.high, 100.0))
    return [(value, 100 - gained if indicator.harder_when == "low" else gained) for value, gained in steps]


def _has_geometric(scheme: Scheme) -> bool:
    every = [item for dimension in scheme.dimensions for item in dimension.every_dimension()]
    return "geometric" in (scheme.aggregate, *(dimension.aggregate for dimension in every))


def _points_that_score(score: float, scheme: Scheme) -> np.ndarray:
    """The same points for every indicator (1, 1, indicators) with which an area has this score.

    Every way of combining gives twice the score for twice the points. The unit is large, since scores are rounded.
    """
    unit = 1e6
    points = np.full((1, 1, len(scheme.indicators)), unit)
    return points * (score / scores(points, scheme).score[0, 0])
