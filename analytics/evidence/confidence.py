"""How firm the colours of a day are: how often each area keeps its tier when what a scheme assumes is drawn anew.

What is asked is the computed tier of the one day. Rules that hold colours steady and decisions by people are left out:
they say when a colour is shown, not how firmly it follows from the records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal, get_args

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.evidence.sampling import (
    AS_WRITTEN,
    WINDOWS,
    Samples,
    UncertaintyRanges,
    sample,
    scheme_at,
    sibling_points,
    varying_groups,
    windowed,
)
from analytics.scheme import CutOffs, Dimension, Indicator, Scheme
from analytics.scheme.conditions import named_in
from analytics.scheme.editing import TOP
from analytics.scoring.area_counts import AreaCounts, day_numbers
from analytics.scoring.combine import DECIMALS
from analytics.scoring.decide import ConditionEvaluator, Holes, left_out_mask, tiers_from
from analytics.scoring.measures import measured
from analytics.scoring.points import points as points_of

Word = Literal["firm", "leaning", "borderline"]
WORDS: tuple[Word, ...] = get_args(Word)
FIRM, LEANING = 0.9, 0.6
"""From this share of the draws in the present tier on an area is firm, or leans to its tier; below it is borderline."""

DRAWS = 1000
SEED = 2020
TWO_SIDED_95 = 1.96  # standard errors, within which 19 of 20 estimates lie
DRAWS_AT_ONCE = 1000
NUMBERS_AT_ONCE = 32_768
"""Scores of one block, so that they stay in the second cache of a core while they are compared."""
_ONE_BYTE = 255  # as many ones a byte can count

_UNKNOWN = np.int8(tiers.UNKNOWN_RANK)
_MOST = np.int8(len(tiers.RANKED) - 1)


@dataclass(frozen=True, eq=False)
class Confidence:
    """What the draws say of one day.

    ``shares`` (index ``area_id``, columns ``tiers.SHOWN``): the share of the draws in which an area has each tier, 0–1,
    rows sum to 1. ``present``: its computed tier under the scheme as it is. ``varied``: those of ``draws.GROUPS`` that
    could differ. ``first_order``: for each of these the share, 0–1, of all that moves colours which it moves by itself;
    what is missing to 1 is :attr:`together`. None where no colour ever moves. ``error``: how far off, 0–1, the least
    certain of them may be, 1.96 standard errors; None as they are. ``assumed``, ``number`` of draws and ``seed`` are
    what makes the same again.
    """

    shares: pd.DataFrame
    present: pd.Series
    varied: tuple[str, ...]
    first_order: Mapping[str, float] | None
    error: float | None
    assumed: UncertaintyRanges
    number: int
    seed: int

    @cached_property
    def kept(self) -> pd.Series:
        """The share of the draws in which each area has its present tier."""
        at = self.shares.columns.get_indexer(self.present)
        return pd.Series(self.shares.to_numpy()[np.arange(len(at)), at], index=self.shares.index)

    @cached_property
    def words(self) -> pd.Series:
        """The word for each area; None where its tier is unknown: of nothing nothing is firm."""
        # Shares are counts over the number of draws: 0.9 is meant where that is what was counted.
        share = self.kept.round(DECIMALS).to_numpy()
        said = np.select([share >= FIRM, share >= LEANING], WORDS[:2], WORDS[2]).astype(object)
        said[(self.present == tiers.UNKNOWN).to_numpy()] = None
        return pd.Series(said, index=self.shares.index, dtype=object)

    @cached_property
    def likelier(self) -> pd.Series:
        """The tier that an area has in more of the draws than its present one; None where there is none such, and
        where its present tier is unknown."""
        most = self.shares.idxmax(axis=1)
        rarer = (self.kept < self.shares.max(axis=1)) & (self.present != tiers.UNKNOWN)
        return most.astype(object).where(rarer, None)

    @property
    def is_usual(self) -> bool:
        """Whether it is by the usual ranges and of draws enough to be told elsewhere than on its own page."""
        return self.assumed == UncertaintyRanges() and self.number >= DRAWS

    @property
    def together(self) -> float | None:
        """The share of what moves colours that comes of several assumptions changing at once."""
        return None if self.first_order is None else max(0.0, 1 - sum(self.first_order.values()))


@dataclass(frozen=True, eq=False)
class CaseMeasures:
    """What the records show for one points method and length of windows: ``values`` in the indicators' own units and
    ``points``, both (areas, indicators), NaN where missing; ``holes``, of the same shape, what is known of those."""

    values: np.ndarray
    points: np.ndarray
    holes: Holes | None = None


Case = tuple[bool, int]
"""Whether the sibling methods give the points, and the position in ``draws.WINDOWS``."""


def confidence(
    facts: AreaCounts,
    scheme: Scheme,
    day: date,
    assumed: UncertaintyRanges,
    draws: int = DRAWS,
    seed: int = SEED,
    on_progress: Callable[[float], object] = lambda _: None,
) -> Confidence:
    """How firm the computed tiers of ``day`` are under what is ``assumed``; ``on_progress`` hears how much of it is
    done, 0–1.

    Every rule of the scheme holds in every draw: what is missing, floors, what cannot be known. Raises
    :class:`ScoringError` as an assessment does.
    """
    cases = {(bool(sibling), int(window)) for sibling, window in _cases(varying_groups(scheme, assumed))}
    seen = {case: _seen(facts, scheme, day, case) for case in cases}
    return simulated(scheme, facts.areas.index, seen, assumed, draws, seed, on_progress)


def simulated(
    scheme: Scheme,
    areas: pd.Index,
    seen: Mapping[Case, CaseMeasures],
    assumed: UncertaintyRanges,
    draws: int,
    seed: int,
    on_progress: Callable[[float], object] = lambda _: None,
) -> Confidence:
    """The same from what was ``seen`` in each case that can be drawn.

    First-order shares by pick and freeze: a first set of draws A, a second B, and for each assumption a third that has
    this one of B and all others of A. An area's tier is compared between B and the third, which have that assumption
    in common; how much rarer they differ than A and B, which have nothing in common, is what the assumption moves by
    itself: S = 1 − Σ P(tier of B ≠ tier of the third) / Σ P(tier of A ≠ tier of B), summed over the areas. That is the
    estimator of Jansen, Computer Physics Communications 117 (1999), recommended by Saltelli et al., ibid. 181 (2010),
    with whole groups as factors, for a tier as five zeros and a one, and summed as Gamboa, Janon, Klein & Lagnoux do
    for several outputs, Electronic Journal of Statistics 8 (2014). It is an estimate: it is cut to 0–1. Its error is
    that of a ratio of two sums over independent draws (Cochran, Sampling Techniques, 3rd ed., 1977, section 6.4).
    """
    varied = varying_groups(scheme, assumed)
    first, second = (sample(scheme, assumed, draws, (seed, number)) for number in range(2))
    ways = (_WeightedSums if is_weighted_sum(scheme) and not _hangs_together(scheme, seen) else _OneByOne)(scheme, seen)
    counts = np.zeros((len(tiers.RANKED), len(areas)), dtype=np.int64)
    apart, apart_with = np.zeros(draws), {group: np.zeros(draws) for group in varied}
    pieces = [slice(start, start + DRAWS_AT_ONCE) for start in range(0, draws, DRAWS_AT_ONCE)]
    for number, piece in enumerate(pieces):
        one, other = first.at(piece), second.at(piece)
        of_one, of_other = ways.ranks(one), ways.ranks(other)
        counts += np.stack([_times(of_one == rank) for rank in range(len(tiers.RANKED))])
        apart[piece] = _areas(of_one != of_other)
        for done, group in enumerate(varied, start=2):
            on_progress((number + done / (2 + len(varied))) / len(pieces))
            apart_with[group][piece] = _areas(of_other != ways.ranks(one.with_group(group, other)))
        on_progress((number + 1) / len(pieces))
    counts = counts[:, np.argsort(ways.order)]
    unknown = draws - counts.sum(axis=0)
    present = tiers_from(*_as_days(seen[False, AS_WRITTEN], scheme)).rank[0]
    moves = apart.any()
    left = {group: with_it.sum() / apart.sum() for group, with_it in apart_with.items()} if moves else {}
    return Confidence(
        shares=pd.DataFrame(np.stack([*counts[::-1], unknown], axis=1) / draws, index=areas, columns=list(tiers.SHOWN)),
        present=pd.Series(tiers.names(present), index=areas, dtype=object),
        varied=varied,
        first_order={group: float(np.clip(1 - share, 0, 1)) for group, share in left.items()} if moves else None,
        error=max(_error(apart_with[group] - share * apart, apart) for group, share in left.items()) if moves else None,
        assumed=assumed,
        number=draws,
        seed=seed,
    )


def _hangs_together(scheme: Scheme, seen: Mapping[Case, CaseMeasures]) -> bool:
    """Whether what is interrupted in some areas leaves open what the others are."""
    return scheme.is_relative() and any(
        held.holes is not None and held.holes.interrupted.any() for held in seen.values()
    )


def _cases(varied: tuple[str, ...]) -> Iterator[Case]:
    for sibling in (False, True) if "points" in varied else (False,):
        for window in range(len(WINDOWS)) if "window" in varied else (AS_WRITTEN,):
            yield sibling, window


def _seen(facts: AreaCounts, scheme: Scheme, day: date, case: Case) -> CaseMeasures:
    sibling, window = case
    at = day_numbers(pd.DatetimeIndex([day]))
    items = [windowed(item, WINDOWS[window]) for item in scheme.indicators]
    each = [measured(facts, item, at) for item in items]
    give = sibling_points if sibling else points_of
    rated = [give(one.values[0], item, one.interrupted[0]) for one, item in zip(each, items, strict=True)]
    points = np.stack(rated, axis=-1)
    points[..., left_out_mask(scheme)] = np.nan
    values = np.stack([one.values[0] for one in each], axis=-1)
    holes = Holes(
        *(np.stack([held[0] for held in part], axis=-1) for part in zip(*(one.holes for one in each), strict=True))
    )
    # Where a place among the areas cannot be told the value can.
    missing = np.isnan(points) & (left_out_mask(scheme) | ~holes.interrupted.any(axis=0))
    return CaseMeasures(np.where(missing, np.nan, values), points, holes)


def _as_days(seen: CaseMeasures, scheme: Scheme) -> tuple[np.ndarray, Scheme, np.ndarray, Holes | None]:
    """Points, scheme, values and holes as the scoring takes them, for one day."""
    holes = seen.holes and seen.holes.each(lambda held: held[None])
    return seen.points[None], scheme, seen.values[None], holes


def _times(held: np.ndarray) -> np.ndarray:
    """How many rows of ``held`` (draws, areas) are true, for each area; int64."""
    flags = held.view(np.uint8)
    # Added as single bytes, many at a time, as long as those cannot overflow.
    return sum(
        np.add.reduce(flags[start : start + _ONE_BYTE], axis=0, dtype=np.uint8).astype(np.int64)
        for start in range(0, len(flags), _ONE_BYTE)
    )


def _areas(held: np.ndarray) -> list[int]:
    """How many areas of ``held`` (draws, areas) are true, for each draw."""
    # One draw after another: numpy counts the bits of a whole row at once, but not along an axis.
    return [np.count_nonzero(row) for row in held]


def _error(residuals: np.ndarray, below: np.ndarray) -> float:
    """1.96 standard errors of the ratio of two sums over draws, from its ``residuals`` and what is ``below`` the line,
    both (draws,)."""
    return float(TWO_SIDED_95 * np.sqrt(np.square(residuals).sum()) / below.sum())


def _rows_of(draws: Samples, case: Case) -> np.ndarray:
    sibling, window = case
    return np.flatnonzero((draws.points == sibling) & (draws.window == window))


def is_weighted_sum(scheme: Scheme) -> bool:
    """Whether the tier comes from a weighted sum by cut-offs, and no floor asks for the value of a dimension."""
    dimensions = [inner for dimension in scheme.dimensions for inner in dimension.every_dimension()]
    return (
        isinstance(scheme.tiers, CutOffs)
        and all(part.aggregate in ("arithmetic", "sum") and part.then is None for part in (scheme, *dimensions))
        and all(kind == "indicator" for floor in scheme.floors for kind, _ in named_in(floor.when))
    )


class _OneByOne:
    """Any scheme: each draw is a scheme of its own, and goes the way that every scheme goes. ``order`` is that of the
    areas in what it returns."""

    def __init__(self, scheme: Scheme, seen: Mapping[Case, CaseMeasures]) -> None:
        self._scheme, self._seen = scheme, seen
        self.order = np.arange(len(next(iter(seen.values())).points))

    def ranks(self, draws: Samples) -> np.ndarray:
        """Computed ranks (draws, areas), int8."""
        found = np.empty((len(draws), len(self.order)), dtype=np.int8)
        for case, seen in self._seen.items():
            for row in _rows_of(draws, case):
                found[row] = tiers_from(*_as_days(seen, scheme_at(self._scheme, draws, row))).rank[0]
        return found


@dataclass(frozen=True, eq=False)
class _Pattern:
    """Areas that know the same indicators in one case, ``areas`` being their place in the order by patterns.

    ``points`` and ``hardest`` (indicators, areas) have for what is missing what is sure of it, mostly 0, or 100;
    ``hardest`` is None where nothing is. ``floor`` is the highest rank that a floor rule demands, ``hanging`` that of
    the rules that hang on a missing value; None where no rule does.
    """

    areas: slice
    known: np.ndarray
    points: np.ndarray
    hardest: np.ndarray | None
    floor: np.ndarray | None
    hanging: np.ndarray | None


class _WeightedSums:
    """Schemes whose score is a weighted sum: all draws at once, as products of weights and points.

    Which indicators an area knows says how its weights are shared out, so areas that know the same, in every case, lie
    side by side in ``order`` and share their weights.
    """

    def __init__(self, scheme: Scheme, seen: Mapping[Case, CaseMeasures]) -> None:
        self._scheme = scheme
        self._kept = ~left_out_mask(scheme)
        bits = np.packbits(np.concatenate([np.isnan(held.points) for held in seen.values()], axis=1), axis=1)
        _, of_area = np.unique(bits.view(f"S{bits.shape[1]}").ravel(), return_inverse=True)
        self.order = np.argsort(of_area, kind="stable")
        ends = np.bincount(of_area).cumsum()
        together = [slice(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True)]
        self._patterns = {case: [self._pattern(held, areas) for areas in together] for case, held in seen.items()}
        # Points that have no hardest leave open what the missing ones could do.
        self._has_hardest = not scheme.is_relative() and all(item.points.method != "none" for item in scheme.indicators)

    def _pattern(self, seen: CaseMeasures, areas: slice) -> _Pattern:
        values, points = seen.values[self.order[areas]], seen.points[self.order[areas]]
        missing = np.isnan(points) & self._kept
        holes = seen.holes and seen.holes.each(lambda held: held[self.order[areas]])
        truth = ConditionEvaluator(self._scheme, values, {}, holes)
        floor = np.full(len(values), _UNKNOWN)
        hanging = np.full(len(values), _UNKNOWN)
        for rule in self._scheme.floors:
            holds, fails = truth.of(rule.when)
            least = np.int8(tiers.RANK[rule.at_least])
            floor = np.where(holds, np.maximum(floor, least), floor)
            hanging = np.where(fails, hanging, np.maximum(hanging, least))
        sure = np.nan_to_num(points)
        if holes is not None:
            reached = [points_of(holes.at_least[:, at], item) for at, item in enumerate(self._scheme.indicators)]
            sure = np.where(missing, np.nan_to_num(np.stack(reached, axis=-1)), sure)
        return _Pattern(
            areas,
            ~np.isnan(points[0]),
            sure.T.copy(),
            np.nan_to_num(np.where(missing, 100.0, points)).T.copy() if missing.any() else None,
            floor if (floor != _UNKNOWN).any() else None,
            hanging if (hanging != _UNKNOWN).any() else None,
        )

    def ranks(self, draws: Samples) -> np.ndarray:
        """Computed ranks (draws, areas), int8."""
        found = np.empty((len(draws), len(self.order)), dtype=np.int8)
        begins = _reached_from(draws.cutoffs)
        shared_out: dict[bytes, tuple[np.ndarray, np.ndarray]] = {}

        def weights_where(known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            if known.tobytes() not in shared_out:
                shared_out[known.tobytes()] = overall_weights(self._scheme, draws, known)
            return shared_out[known.tobytes()]

        whole, kept = weights_where(self._kept)
        for case, patterns in self._patterns.items():
            rows = _rows_of(draws, case)
            of_case = np.empty((len(rows), len(self.order)), dtype=np.int8)
            for pattern in patterns if len(rows) else ():
                weights, known = weights_where(pattern.known)
                share = (known[rows] / kept[rows]).round(DECIMALS)
                too_little = share < self._scheme.missing.minimum_known_weight
                of_pattern = of_case[:, pattern.areas]
                self._fill(of_pattern, pattern, weights[rows], whole[rows], begins[rows], too_little)
            found[rows] = of_case
        return found

    def _fill(
        self, found: np.ndarray, pattern: _Pattern, weights: np.ndarray, whole: np.ndarray, begins: np.ndarray,
        too_little: np.ndarray,
    ) -> None:  # fmt: skip
        """The ranks of the areas of one pattern, block by block."""
        width = max(1, NUMBERS_AT_ONCE // len(weights))
        for start in range(0, found.shape[1], width):
            block = slice(start, start + width)
            least = most = _ranks(weights @ pattern.points[:, block], begins)
            if pattern.hardest is not None:
                # What is missing leaves a span, from harmless to as hard as can be.
                least = _ranks(whole @ pattern.points[:, block], begins) if self._has_hardest else least * 0
                most = _ranks(whole @ pattern.hardest[:, block], begins) if self._has_hardest else least + _MOST
            enough = ~too_little[:, None]
            if pattern.floor is not None:
                least, most = np.maximum(least, pattern.floor[block]), np.maximum(most, pattern.floor[block])
                enough = enough | (least == pattern.floor[block])
            if pattern.hanging is not None:
                most = np.maximum(most, pattern.hanging[block])
            found[:, block] = np.where((least == most) & enough, least, _UNKNOWN)


def _ranks(score: np.ndarray, begins: np.ndarray) -> np.ndarray:
    """Ranks (draws, areas), int8, of scores, by the scores from which each tier begins, (draws, 4)."""
    # Counting what is reached is quicker than looking for a place among four.
    rank = (score >= begins[:, :1]).view(np.int8)
    for number in range(1, begins.shape[1]):
        rank += (score >= begins[:, number : number + 1]).view(np.int8)
    return rank


def _reached_from(cutoffs: np.ndarray) -> np.ndarray:
    """From which unrounded score on a rounded one has reached a cut-off: half a unit of the last decimal below it."""
    unit = 10.0**-DECIMALS
    return np.ceil((cutoffs / unit).round(3)) * unit - unit / 2


def overall_weights(scheme: Scheme, draws: Samples, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What each indicator weighs in the score of a weighted sum, (draws, indicators), where ``known`` (indicators,)
    says which are known; and the share of weight that is, (draws,). The weight of missing ones goes to the known ones
    beside them, level by level, as in `combine`."""
    places = {item.id: place for place, item in enumerate(scheme.indicators)}
    found = np.zeros((len(draws), len(places)))
    share_known = np.zeros(len(draws))

    def some_known(child: Dimension | Indicator) -> bool:
        leaves = child.every_indicator() if isinstance(child, Dimension) else (child,)
        return any(known[places[item.id]] for item in leaves)

    def share_out(level: str, children: tuple, how: str, weight: np.ndarray, share: np.ndarray) -> None:
        own = draws.weights[level]
        here = np.array([some_known(child) for child in children])
        if not here.any():
            return
        total = own.sum(axis=1)
        used = own[:, here] / own[:, here].sum(axis=1, keepdims=True) * weight[:, None]
        if how == "sum":
            used *= total[:, None]
        of_known = (child for child, knows in zip(children, here, strict=True) if knows)
        for place, (at, child) in enumerate(zip(np.flatnonzero(here), of_known, strict=True)):
            inner_share = share * own[:, at] / total
            if isinstance(child, Dimension):
                inside = (*child.indicators, *child.dimensions)
                share_out(child.id, inside, child.aggregate, used[:, place], inner_share)
            else:
                found[:, places[child.id]] = used[:, place]
                share_known[:] += inner_share

    share_out(TOP, scheme.dimensions, scheme.aggregate, np.ones(len(draws)), np.ones(len(draws)))
    return found, share_known
