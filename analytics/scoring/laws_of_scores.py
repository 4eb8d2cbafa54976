"""The laws of single days, tried on supposed values: 1 (worse), 3 (missing), 4 (parts) and 5 (cut-offs)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np

from analytics import tiers
from analytics.scheme import BandsPoints, CutOffs, Indicator, LinearPoints, Scheme
from analytics.scoring.combine import combine, scores
from analytics.scoring.decide import TierDecision, points_from, tiers_from
from analytics.scoring.law_world import (
    ALONE,
    ROUNDS,
    TOLERANCE,
    UNKNOWN,
    Broken,
    Found,
    World,
    name_phrase,
    number_text,
    pieces,
    tier_changed,
    tier_named,
)
from analytics.scoring.points import points as points_of
from analytics.words import phrase

COLUMNS_TO_PUBLISH = 4_000
"""Areas, in all cases together, whose changed day is also put behind their whole past."""

JUST_BELOW = 1e-6


def law_worse(world: World) -> Found:
    """Law 1: with one indicator or all of them worse, no known tier is lower, neither computed nor published.

    Where something is missing a worse value may leave it open what the tier is, but not whether it is a lower one.
    """
    before = world.ranks[-1]
    tried: list[tuple[np.ndarray, ...]] = []
    checked = 0
    for values, changed in pieces(world, _worsened(world, world.random(1))):
        after = world.decided(values)
        counted = changed.any(axis=-1) & (before != UNKNOWN)
        checked += int(counted.sum())
        fallen = (np.where(after.rank == UNKNOWN, after.least, after.rank) < before) & counted
        for case, at in np.argwhere(fallen)[:1]:
            ranks = before[at], after.rank[case, at]
            return checked, tier_changed(world, at, changed[case, at], ranks, "selfcheck.worse_lowers")
        tried.append(_to_publish(after, counted, changed))
    if not checked:
        return checked, None
    at, changed, after_ranks = _some(world.random(1), tried)
    before_published = world.published(len(world.ranks))[-1][at]
    published = world.published_if(at, *after_ranks)
    for one in np.flatnonzero((published < before_published) & (published != UNKNOWN))[:1]:
        ranks = before_published[one], published[one]
        broken = tier_changed(world, at[one], changed[one], ranks, "selfcheck.worse_lowers_published")
        return checked + len(at), broken
    return checked + len(at), None


def _to_publish(after: TierDecision, counted: np.ndarray, changed: np.ndarray) -> tuple[np.ndarray, ...]:
    """Of the cases that count: the areas, what was changed in them, and their ranks, as `World.published_if` takes
    them."""
    case, at = np.nonzero(counted)
    return at, changed[case, at], after.rank[case, at], after.floor[case, at], after.least[case, at]


def _some(
    random: np.random.Generator, tried: list[tuple[np.ndarray, ...]]
) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """So many of the cases as are put behind their whole past."""
    every = [np.concatenate(part) for part in zip(*tried, strict=True)]
    chosen = np.sort(random.permutation(len(every[0]))[:COLUMNS_TO_PUBLISH])
    at, changed, *ranks = (part[chosen] for part in every)
    return at, changed, ranks


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
    """Law 3: with some of its values gone, or of those that it is compared with, no area has a milder tier than it had,
    nor than it surely has where it had none. Where that leaves none, what was published on the day before is carried
    on, or nothing is published."""
    surely = world.run.least[0]
    tried: list[tuple[np.ndarray, ...]] = []
    checked = 0
    for values, gone in pieces(world, _holed(world, world.random(3))):
        after = world.decided(values, gone)
        counted = np.asarray(gone.any(axis=-1))
        if world.scheme.is_relative():
            counted = np.broadcast_to(counted.any(axis=-1, keepdims=True), counted.shape)
            gone = np.broadcast_to(gone.any(axis=1, keepdims=True), gone.shape)
        checked += int(counted.sum())
        milder = counted & (after.rank != UNKNOWN) & (after.rank < surely)
        for case, at in np.argwhere(milder)[:1]:
            ranks = surely[at], after.rank[case, at]
            return checked, tier_changed(world, at, gone[case, at], ranks, "selfcheck.missing_lowers")
        tried.append(_to_publish(after, counted, gone))
    if not checked:
        return checked, None
    at, gone, after_ranks = _some(world.random(3), tried)
    past = world.published(len(world.ranks))[-2:, at]
    before = np.where(after_ranks[0] == UNKNOWN, past[0] if len(past) > 1 else UNKNOWN, past[-1])
    published = world.published_if(at, *after_ranks)
    for one in np.flatnonzero((published < before) & (published != UNKNOWN))[:1]:
        ranks = before[one], published[one]
        broken = tier_changed(world, at[one], gone[one], ranks, "selfcheck.missing_lowers_published")
        return checked + len(at), broken
    return checked + len(at), None


def _holed(world: World, random: np.random.Generator) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Values with some of them gone, and which; of every other case one area's alone where that moves the others'
    places."""
    known = ~np.isnan(world.values)
    relative = world.scheme.is_relative()
    for case in range(ALONE if relative else ROUNDS * len(world.scheme.indicators)):
        gone = known & (random.random(known.shape) < random.choice([0.1, 0.3, 0.6]))
        if relative and case % 2 and len(known):
            gone[np.arange(len(known)) != random.integers(len(known))] = False
        yield np.where(gone, np.nan, world.values), gone


def law_parts(world: World) -> Found:
    """Law 4: what the indicators add sums to the score, on the day as it is and with some values gone."""
    holed = [values for values, _ in islice(_holed(world, world.random(4)), ROUNDS)]
    found = combine(points_from(np.stack(holed), world.scheme, None), world.scheme)
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
            found = tiers_from(points, scheme, points, None).rank[0, 0]
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
