"""Samples of what a scheme assumes: weights, cut-offs, the points method and the length of the windows.

Each is drawn around what the scheme says, by a seeded generator of its own: which of the others vary, and how many
draws are made, changes no draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from analytics import tiers
from analytics.scheme import BandsPoints, CutOffs, Dimension, Indicator, LinearPoints, Scheme, ShareCutOffs
from analytics.scheme.editing import TOP, Level, levels
from analytics.scoring.points import points as points_of
from analytics.scoring.points import relative

GROUPS = ("weights", "cutoffs", "points", "window")
"""What is assumed, in the order in which it is told."""

WINDOWS = (0.75, 1.0, 1.25)
"""How long the windows of a draw are, times what the scheme says; all three are equally likely."""

AS_WRITTEN = WINDOWS.index(1.0)

SWEEPS_A_WEIGHT = 8
"""Each sweep moves weight within pairs. Two weights are drawn exactly by the first; the number grows with the level,
and at this one the moments of levels of 3 to 12 weights no longer differ from those of draws by rejection."""

STEPS = 5
_SIBLINGS = {"percent_rank": "min_max", "min_max": "percent_rank"}


@dataclass(frozen=True)
class UncertaintyRanges:
    """How much is uncertain. ``weights`` and ``cutoffs``: up to this share above and below what the scheme says, 0 or
    more and less than 1. ``points``: the method of points may be its sibling. ``window``: windows may be shorter or
    longer by a quarter."""

    weights: float = 0.25
    cutoffs: float = 0.05
    points: bool = True
    window: bool = True


@dataclass(frozen=True, eq=False)
class Samples:
    """Drawn assumptions, one a row.

    ``weights``: for each level of the tree (see `editing`) an array (draws, children) that sums to what the level sums
    to in the scheme; ``cutoffs`` (draws, 4) from blue to red, None where tiers come from no cut-offs; ``points`` (bool)
    whether the sibling method gives the points; ``window`` the position in :data:`WINDOWS`.
    """

    weights: Mapping[str, np.ndarray]
    cutoffs: np.ndarray | None
    points: np.ndarray
    window: np.ndarray

    def __len__(self) -> int:
        return len(self.points)

    def at(self, rows: np.ndarray | slice) -> Samples:
        """Some of the draws, in this order."""
        return Samples(
            {level: held[rows] for level, held in self.weights.items()},
            None if self.cutoffs is None else self.cutoffs[rows],
            self.points[rows],
            self.window[rows],
        )

    def with_group(self, group: str, other: Samples) -> Samples:
        """These draws, but for one of :data:`GROUPS`, which is taken from ``other``."""
        return replace(self, **{group: getattr(other, group)})


def varying_groups(scheme: Scheme, assumed: UncertaintyRanges) -> tuple[str, ...]:
    """Those of :data:`GROUPS` that can differ from draw to draw under this scheme."""
    can = {
        "weights": assumed.weights > 0 and any(len(level.children) > 1 for level in levels(scheme)),
        "cutoffs": assumed.cutoffs > 0 and scheme.tiers is not None,
        "points": assumed.points and any(_has_sibling(item) for item in scheme.indicators),
        "window": assumed.window
        and any(windowed(item, times) != item for item in scheme.indicators for times in WINDOWS),
    }
    return tuple(group for group in GROUPS if can[group])


def sample(scheme: Scheme, assumed: UncertaintyRanges, number: int, seed: tuple[int, ...]) -> Samples:
    """``number`` draws; the same for the same ``seed``. What does not vary is what the scheme says, exactly."""
    vary = varying_groups(scheme, assumed)
    random = {group: np.random.default_rng((*seed, place)) for place, group in enumerate(GROUPS)}
    weights = {
        level.id: _weights(level, assumed.weights if "weights" in vary else 0.0, number, random["weights"])
        for level in levels(scheme)
    }
    return Samples(
        weights,
        _cutoffs(scheme, assumed.cutoffs if "cutoffs" in vary else 0.0, number, random["cutoffs"]),
        random["points"].random(number) < 0.5 if "points" in vary else np.zeros(number, dtype=bool),
        random["window"].integers(len(WINDOWS), size=number) if "window" in vary else np.full(number, AS_WRITTEN),
    )


def in_box(shares: np.ndarray, around: float, number: int, random: np.random.Generator) -> np.ndarray:
    """``number`` points (number, n), uniform among those that sum to 1 and lie within ±``around`` (a share of each) of
    ``shares`` (n,), which sum to 1: a flat Dirichlet distribution cut to a box.

    Gibbs sampling by exchange between pairs: what two weights hold together is split anew, uniformly over the splits
    that keep both within the box, which is what the uniform distribution says of two given the others. Pairs that do
    not overlap move at once, all draws at once, and each draw is a chain of its own that starts at ``shares``.
    Hit-and-run along the edges of the simplex: R. L. Smith, Efficient Monte Carlo procedures for generating points
    uniformly distributed over bounded regions, Operations Research 32 (1984).
    """
    low, high = shares * (1 - around), shares * (1 + around)
    found = np.tile(shares, (number, 1))
    half = len(shares) // 2
    for _ in range(SWEEPS_A_WEIGHT * len(shares) if half else 0):
        order = random.permutation(len(shares))
        one, other = order[:half], order[half : 2 * half]
        both = found[:, one] + found[:, other]
        least = np.maximum(low[one], both - high[other])
        most = np.minimum(high[one], both - low[other])
        found[:, one] = least + (most - least) * random.random(both.shape)
        found[:, other] = both - found[:, one]
    return found


def _weights(level: Level, around: float, number: int, random: np.random.Generator) -> np.ndarray:
    weights = np.array([child.weight for child in level.children], dtype=float)
    if around == 0 or len(weights) == 1:
        return np.tile(weights, (number, 1))
    return in_box(weights / weights.sum(), around, number, random) * weights.sum()


def _cutoffs(scheme: Scheme, around: float, number: int, random: np.random.Generator) -> np.ndarray | None:
    if scheme.tiers is None:
        return None
    cuts = np.tile([getattr(scheme.tiers, tier) for tier in tiers.RANKED[1:]], (number, 1)).astype(float)
    if around == 0:
        return cuts
    cuts *= 1 + random.uniform(-around, around, cuts.shape)
    if isinstance(scheme.tiers, ShareCutOffs):
        return cuts / np.maximum(cuts.sum(axis=1, keepdims=True), 1.0)
    return np.sort(cuts, axis=1)


def scheme_at(scheme: Scheme, draws: Samples, row: int) -> Scheme:
    """The scheme with the weights and cut-offs of one draw; points and windows are seen to where values are."""
    changed: dict[str, object] = {"dimensions": _weighed(scheme.dimensions, draws.weights[TOP][row], draws, row)}
    if draws.cutoffs is not None:
        # Built without the check that they rise: two that were drawn alike leave a tier empty, which is no fault here.
        cuts = dict(zip(tiers.RANKED[1:], draws.cutoffs[row].tolist(), strict=True))
        kept = {} if isinstance(scheme.tiers, CutOffs) else {"by": "share"}
        changed["tiers"] = type(scheme.tiers).model_construct(**kept, **cuts)
    return scheme.model_copy(update=changed)


def _weighed(dimensions: tuple[Dimension, ...], weights: np.ndarray, draws: Samples, row: int) -> tuple[Dimension, ...]:
    found = []
    for dimension, weight in zip(dimensions, weights.tolist(), strict=True):
        inside = draws.weights[dimension.id][row]
        first = len(dimension.indicators)
        indicators = tuple(
            item.model_copy(update={"weight": own})
            for item, own in zip(dimension.indicators, inside[:first].tolist(), strict=True)
        )
        inner = _weighed(dimension.dimensions, inside[first:], draws, row)
        found.append(dimension.model_copy(update={"weight": weight, "indicators": indicators, "dimensions": inner}))
    return tuple(found)


def windowed(indicator: Indicator, times: float) -> Indicator:
    """The indicator over a window ``times`` as long, in whole days and at least one; itself where it has none."""
    if indicator.window_days is None:
        return indicator
    return indicator.model_copy(update={"window_days": max(1, int(indicator.window_days * times + 0.5))})


def sibling_points(values: np.ndarray, indicator: Indicator, interrupted: np.ndarray | None = None) -> np.ndarray:
    """Points of ``values`` (…, areas) by the sibling of the indicator's own method. ``interrupted``: as `relative`.

    ``bands``: the straight lines from step to step. ``linear``: the nearest of five even steps between the same
    goalposts, 0, 25, 50, 75 and 100 points. ``percent_rank`` and ``min_max``: each other. All others have none
    and stay as they are.
    """
    rule, low_is_hard = indicator.points, indicator.harder_when == "low"
    match rule:
        case BandsPoints():
            begins, given = np.array(rule.bands).T
            raw = np.interp(values, begins, given, left=0.0)
            return 100 - raw if low_is_hard else raw
        case LinearPoints():
            low, width = rule.linear.low, rule.linear.high - rule.linear.low
            # Each value goes to the nearest step, so that the steps are neither easier nor harder than the line.
            bands = tuple((low + width * (step - 0.5) / (STEPS - 1), 100 * step / (STEPS - 1)) for step in range(STEPS))
            steps = BandsPoints.model_construct(method="bands", bands=bands)
            return points_of(values, indicator.model_copy(update={"points": steps}))
        case _ if rule.method in _SIBLINGS:
            return relative(_SIBLINGS[rule.method], -values if low_is_hard else values, interrupted)
    return points_of(values, indicator, interrupted)


def _has_sibling(indicator: Indicator) -> bool:
    return isinstance(indicator.points, BandsPoints | LinearPoints) or indicator.points.method in _SIBLINGS
