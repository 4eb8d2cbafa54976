"""Tiers: from the score by cut-offs, or from conditions; then floors. Conditions know true, false and not known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analytics import tiers
from analytics.scheme import CutOffs, Scheme, ShareCutOffs
from analytics.scheme.conditions import AllOf, AnyOf, BeingKnown, Comparing, ComparingDimension, Not
from analytics.scheme.model import AnyCutOffs
from analytics.scoring.combine import Ends, Scores, ends_among, scores
from analytics.scoring.points import beside
from analytics.scoring.points import points as points_of
from analytics.store.conditions import compare

BY_SCORE, BY_MISSING, BY_DECISION = -1, -2, -3
"""What decided a tier, beside the number of a floor rule; a line of ``decide`` is ``BY_DECISION`` minus its number."""

_UNKNOWN = np.int8(tiers.UNKNOWN_RANK)
_LEAST, _MOST = np.int8(0), np.int8(len(tiers.RANKED) - 1)
_AT_LEAST = (">=", ">")
_EQUALITY = ("==", "!=")


def tier_by_cutoffs(score: np.ndarray, cuts: CutOffs | ShareCutOffs) -> np.ndarray:
    """Ranks (int8) of scores (…, areas), -1 where NaN. A score on a cut-off has the tier that begins there.

    By shares, areas of equal score share the tier of the first of them, so that the order of areas changes nothing.
    Where data of some areas are interrupted, see :func:`_ends`.

    >>> cuts = CutOffs(blue=9, yellow=16, orange=35, red=55)
    >>> tiers.names(tier_by_cutoffs(np.array([8.99, 9, 54.9, 55, np.nan]), cuts)).tolist()
    ['green', 'blue', 'orange', 'red', 'unknown']

    By shares, the hardest fifth of the areas is red here, and the next two fifths are orange:

    >>> shares = ShareCutOffs(by="share", red=0.2, orange=0.4)
    >>> tiers.names(tier_by_cutoffs(np.array([10.0, 20.0, 30.0, 40.0, 50.0]), shares)).tolist()
    ['green', 'green', 'orange', 'orange', 'red']
    """
    if isinstance(cuts, CutOffs):
        # Green begins at -inf, which a score that is not known does not reach either: none reached is one below green.
        begins = np.array([-np.inf, *cuts.ascending()]).reshape(-1, *[1] * score.ndim)
        # Counting what is reached is quicker than looking for a place among four.
        return np.add.reduce((score >= begins).view(np.int8), axis=0, dtype=np.int8, initial=tiers.UNKNOWN_RANK)
    return _by_shares(score, score, cuts)


def _by_shares(score: np.ndarray, others: np.ndarray, cuts: ShareCutOffs) -> np.ndarray:
    """Ranks (int8) of scores (…, areas), each held against the other areas at the scores ``others``."""
    known = ~np.isnan(score)
    number = np.maximum(known.sum(axis=-1, keepdims=True), 1)
    harder, _ = beside(-score, -others)
    begins = np.cumsum([getattr(cuts, tier) for tier in reversed(tiers.RANKED[1:])])
    # An area is in the hardest tenth when it and the harder ones are no more than a tenth of the areas.
    rank = ((harder[..., None] + 1) / number[..., None] <= begins + 1e-12).sum(axis=-1, dtype=np.int8)
    return np.where(known, rank, _UNKNOWN)


class Holes(NamedTuple):
    """What is known of missing values, (days, areas, indicators): ``at_least``, how much they surely are, NaN where
    that is not known either; and ``interrupted``, whether they are missing since data stopped that there were before.
    Those areas are still among the ones that the others are compared with."""

    at_least: np.ndarray
    interrupted: np.ndarray

    def each(self, change: Callable[[np.ndarray], np.ndarray]) -> Holes:
        """The same after each array was changed in shape: some of its areas, say."""
        return Holes(*map(change, self))


def points_from(values: np.ndarray, scheme: Scheme, holes: Holes | None) -> np.ndarray:
    """Points of values (days, areas, indicators), the same shape."""
    each = enumerate(scheme.indicators)
    if holes is None:
        return np.stack([points_of(values[..., at], item) for at, item in each], axis=-1)
    return np.stack([points_of(values[..., at], item, holes.interrupted[..., at]) for at, item in each], axis=-1)


class ConditionEvaluator:
    """Conditions on one run: ``values`` (days, areas, indicators), and of each dimension the least and the greatest
    value that it may have.

    A condition that asks for no more than a missing value surely is (``holes``) holds, whatever the rest may be. What
    asks for an indicator that the scheme leaves out fails.
    """

    def __init__(
        self,
        scheme: Scheme,
        values: np.ndarray,
        dimensions: Mapping[str, tuple[np.ndarray, np.ndarray]],
        holes: Holes | None,
    ) -> None:
        self._values = {item.id: values[..., number] for number, item in enumerate(scheme.indicators)}
        self._at_least = (
            {} if holes is None else {item.id: holes.at_least[..., at] for at, item in enumerate(scheme.indicators)}
        )
        self._dimensions = dimensions
        self._left_out = frozenset(scheme.missing.left_out)

    def of(self, when: object) -> tuple[np.ndarray, np.ndarray]:
        """Where the condition surely holds, and where it surely does not; neither where that is not known."""
        match when:
            case Comparing():
                held = self._values[when.indicator]
                holds = compare(held, when.op, when.value)
                fails = ~holds & ~np.isnan(held)
                if when.indicator in self._left_out:
                    return np.zeros_like(holds), np.ones_like(holds)
                if when.op in _AT_LEAST and when.indicator in self._at_least:
                    holds = holds | compare(self._at_least[when.indicator], when.op, when.value)
                return holds, fails
            case ComparingDimension():
                return _held_by_span(*self._dimensions[when.dimension], when)
            case BeingKnown():
                missing = np.isnan(self._values[when.indicator])
                return (missing, ~missing) if when.state == "missing" else (~missing, missing)
            case Not():
                holds, fails = self.of(when.inner)
                return fails, holds
            case AllOf():
                found = [self.of(inner) for inner in when.all]
                return np.all([holds for holds, _ in found], axis=0), np.any([fails for _, fails in found], axis=0)
            case AnyOf():
                found = [self.of(inner) for inner in when.any]
                return np.any([holds for holds, _ in found], axis=0), np.all([fails for _, fails in found], axis=0)
        raise TypeError(when)


def _held_by_span(least: np.ndarray, most: np.ndarray, when: ComparingDimension) -> tuple[np.ndarray, np.ndarray]:
    """Where a condition surely holds, and surely fails, of a value that lies somewhere from ``least`` to ``most``; NaN
    where all of a dimension is left out, of which no condition holds."""
    one, other = (compare(end, when.op, when.value) for end in (least, most))
    holds, fails = one & other, ~one & ~other
    if when.op in _EQUALITY:
        beside = (least > when.value) | (most < when.value) | np.isnan(least)
        on_it = (least == when.value) & (most == when.value)
        holds, fails = (on_it, beside) if when.op == "==" else (beside & ~np.isnan(least), on_it | np.isnan(least))
    return holds, fails


@dataclass(frozen=True, eq=False)
class TierDecision:
    """Computed ranks (int8) and what decided them (int16), (days, areas), and which floors hold, (days, areas, floors).
    ``floor`` (int8, days × areas) is the highest rank that a floor demands, -1 where none holds.

    ``least`` and ``most`` (int8) are the ends of the span: the tier if all that is missing were harmless, and if it
    were as hard as can be. Where they are one tier it is the computed one; else that is unknown.
    ``by`` is the number of a floor rule, ``BY_SCORE``, ``BY_MISSING``, or ``BY_DECISION`` minus the number of the line.
    """

    rank: np.ndarray
    by: np.ndarray
    holding: np.ndarray
    floor: np.ndarray
    least: np.ndarray
    most: np.ndarray


@dataclass(frozen=True, eq=False)
class Extremes:
    """Scores (days, areas) at the ends of what missing indicators could do: all harmless, and all at their hardest; the
    score itself where nothing is missing, and -inf and inf where points have no ends. ``holed``: where one is missing.
    ``dimensions``: the same two ends of every dimension that a rule of the scheme asks for. ``among``: the ends as the
    other areas are held against them, where an area's tier is one of a share of all.
    """

    least: np.ndarray
    most: np.ndarray
    holed: np.ndarray
    dimensions: Mapping[str, tuple[np.ndarray, np.ndarray]]
    among: tuple[np.ndarray, np.ndarray]


def tiers_from(points: np.ndarray, scheme: Scheme, values: np.ndarray, holes: Holes | None) -> TierDecision:
    """The tiers of ``points`` and the ``values`` that gave them, both (days, areas, indicators), for those who need no
    parts: a whole history, a changed weight, values that someone supposes. ``holes``: None where nothing is known of
    what is missing."""
    found = scores(points, scheme)
    return decided_tiers(scheme, found, extreme_scores(points, scheme, found, holes), values, holes)


def extreme_scores(points: np.ndarray, scheme: Scheme, found: Scores, holes: Holes | None) -> Extremes:
    """The scores between which the missing indicators leave open what it is.

    ``found`` are the scores of ``points``. Values that missing ones surely reach give the harmless end their points.
    """
    missing = np.isnan(points) & ~left_out_mask(scheme)
    holed = missing.any(axis=-1)
    if not holed.any():
        whole = {name: (held, held) for name, held in found.dimensions.items()}
        return Extremes(found.score, found.score, holed, whole, among=(found.score, found.score))
    if scheme.is_relative() or any(item.points.method == "none" for item in scheme.indicators):
        return _extremes_among(points, scheme, found, holed, None if holes is None else holes.interrupted & missing)
    sure = np.zeros((int(holed.sum()), points.shape[-1]))
    if holes is not None:
        reached = holes.at_least[holed]
        sure = np.stack([points_of(reached[:, at], item) for at, item in enumerate(scheme.indicators)], axis=-1)
    supposed = [
        scores(np.where(missing[holed], instead, points[holed]), scheme) for instead in (np.nan_to_num(sure), 100.0)
    ]

    def ends(held: np.ndarray, *there: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        least, most = held.copy(), held.copy()
        least[holed], most[holed] = there
        return least, most

    dimensions = {
        name: ends(held, *(end.dimensions[name] for end in supposed))
        for name, held in found.dimensions.items()
        if name in supposed[0].dimensions
    }
    among = (found.score, found.score)
    return Extremes(*ends(found.score, *(end.score for end in supposed)), holed, dimensions, among)


def _extremes_among(
    points: np.ndarray, scheme: Scheme, found: Scores, holed: np.ndarray, interrupted: np.ndarray | None
) -> Extremes:
    """The same where points have no ends: of an area that lacks something nothing is told, and of the others only what
    is so wherever those that are ``interrupted`` would be among them."""
    score = Ends(found.score, found.score, np.zeros_like(holed))
    dimensions = {name: Ends(held, held, np.zeros_like(holed)) for name, held in found.dimensions.items()}
    among = (found.score, found.score)
    if interrupted is not None and scheme.is_relative() and interrupted.any():
        days = np.asarray(interrupted.any(axis=(-1, -2)))
        score_then, dimensions_then = ends_among(points[days], scheme, interrupted[days])
        score = _on(days, score, score_then)
        dimensions = {name: _on(days, held, dimensions_then[name]) for name, held in dimensions.items()}
        among = _spread(score, score.untold)
    whole = {name: _spread(held, held.untold | holed) for name, held in dimensions.items()}
    return Extremes(*_spread(score, score.untold | holed), holed, whole, among)


def _on(days: np.ndarray, held: Ends, then: Ends) -> Ends:
    """``held`` with what there is ``then``, on some days."""
    there = Ends(*(one.copy() for one in held))
    for one, other in zip(there, then, strict=True):
        one[days] = other
    return there


def _spread(held: Ends, untold: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.where(untold, -np.inf, held.least), np.where(untold, np.inf, held.most)


def left_out_mask(scheme: Scheme) -> np.ndarray:
    """Which indicators (indicators,) the scheme leaves out."""
    return np.array([item.id in scheme.missing.left_out for item in scheme.indicators])


def decided_tiers(
    scheme: Scheme, combined: Scores, extremes: Extremes, values: np.ndarray, holes: Holes | None
) -> TierDecision:
    """The tier of every day and area, floors applied.

    What is missing leaves a span of tiers, by ``extremes`` or by the lines of ``decide`` that might hold, and by the
    floors that do or might. Where the span is one tier, and enough weight is known or a floor that holds gives it, that
    is the tier; else the tier is unknown, so that missing never makes an area milder (law 3).
    """
    truth = ConditionEvaluator(scheme, values, extremes.dimensions, holes)
    if scheme.decide:
        least, most, by = _by_conditions(scheme, truth, combined.score.shape)
    else:
        least, most = _ends(extremes, _cutoffs(scheme))
        by = np.full(least.shape, BY_SCORE, dtype=np.int16)
    nothing = least == _UNKNOWN
    holding = np.zeros((*least.shape, len(scheme.floors)), dtype=bool)
    floor = np.full(least.shape, _UNKNOWN)
    for number, rule in enumerate(scheme.floors):
        lowest = np.int8(tiers.RANK[rule.at_least])
        holds, fails = truth.of(rule.when)
        holding[..., number] = holds
        floor = np.where(holds, np.maximum(floor, lowest), floor)
        by[holds & (least < lowest)] = number
        least = np.where(holds, np.maximum(least, lowest), least)
        most = np.where(fails, most, np.maximum(most, lowest))
    too_little = (combined.known < scheme.missing.minimum_known_weight) & (floor != least)
    unknown = (least != most) | too_little | (nothing & (floor < _MOST))
    rank = np.where(unknown, _UNKNOWN, least)
    by = np.where(unknown, np.int16(BY_MISSING), by)
    return TierDecision(rank, by, holding, floor, np.maximum(least, _LEAST), most)


def _cutoffs(scheme: Scheme) -> AnyCutOffs:
    """Of a scheme without ``decide``, which always has them."""
    found: AnyCutOffs | None = scheme.tiers
    assert found is not None
    return found


def _ends(extremes: Extremes, cuts: AnyCutOffs) -> tuple[np.ndarray, np.ndarray]:
    """The least and the greatest rank that scores leave open.

    By shares, an area whose data are interrupted is still one of all: the least rank of another area is what it would
    have with those all harder, and the greatest one that with all of them easier.
    """
    if isinstance(cuts, CutOffs):
        least = tier_by_cutoffs(extremes.least, cuts)
        return least, tier_by_cutoffs(extremes.most, cuts) if extremes.holed.any() else least
    # By shares a supposed score would move the other areas.
    low, high = extremes.among
    least = _by_shares(low, high, cuts)
    most = least if low is high else _by_shares(high, low, cuts)
    return np.where(extremes.holed, _LEAST, least), np.where(extremes.holed, _MOST, most)


def _by_conditions(
    scheme: Scheme, truth: ConditionEvaluator, shape: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The least and the greatest tier of the lines that might be the first that holds, and the code of the one that
    does."""
    least, most = np.full(shape, _MOST), np.full(shape, _LEAST)
    by = np.full(shape, BY_MISSING, dtype=np.int16)
    still_open = np.ones(shape, dtype=bool)
    for number, line in enumerate(scheme.decide):
        holds, fails = truth.of(line.when) if line.when else (np.ones(shape, bool), np.zeros(shape, bool))
        possible, rank = still_open & ~fails, np.int8(tiers.RANK[line.tier])
        least = np.where(possible, np.minimum(least, rank), least)
        most = np.where(possible, np.maximum(most, rank), most)
        by = np.where(still_open & holds, np.int16(BY_DECISION - number), by)
        still_open &= ~holds
    return least, most, by
