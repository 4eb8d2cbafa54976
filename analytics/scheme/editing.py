"""Changing a scheme: weights in whole percent, level by level, cut-offs and rules. Each change is a copy.

A level is the dimensions side by side at the top (id ``""``), or what is side by side in one dimension (its id): its
indicators, then the dimensions in it. The weights of a level count against each other alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from analytics.scheme.basics import Bilingual, required
from analytics.scheme.conditions import Comparing, ComparingDimension
from analytics.scheme.model import CutOffs, Dimension, FloorRule, Indicator, MissingRule, Scheme, StabilityRule

Item = TypeVar("Item", Dimension, Indicator)

TOP = ""
LEAST = 1
"""Percent. A weight is positive: what should count for nothing is taken out of the file."""


@dataclass(frozen=True)
class Level:
    """What is weighed against each other: ``dimension`` holds ``children``, or none does at the top."""

    dimension: Dimension | None
    children: tuple[Dimension | Indicator, ...]

    @property
    def id(self) -> str:
        """The dimension's id; ``TOP`` at the top."""
        return self.dimension.id if self.dimension else TOP


def levels(scheme: Scheme) -> tuple[Level, ...]:
    """The top, then every dimension in the file's order; those with a single child as well, where nothing can move."""
    every = [inner for dimension in scheme.dimensions for inner in dimension.every_dimension()]
    return Level(None, scheme.dimensions), *(Level(item, (*item.indicators, *item.dimensions)) for item in every)


def percentages(level: Level) -> dict[str, int]:
    """The weights of a level by id, in whole percent that sum to 100, each at least ``LEAST``."""
    return whole_percent({child.id: child.weight for child in level.children})


def whole_percent(weights: Mapping[str, float]) -> dict[str, int]:
    """``weights`` (0 or more, any sum above 0) as whole percent that sum to 100, each at least ``LEAST``.

    What is left by rounding down goes to the largest remainders, the first of equal ones (Hamilton's method).

    >>> whole_percent({"a": 1, "b": 1, "c": 1})
    {'a': 34, 'b': 33, 'c': 33}
    """
    given = np.array(list(weights.values()), dtype=float)
    share = given / given.sum() * (100 - LEAST * len(given)) + LEAST if len(given) > 1 else np.array([100.0])
    # Weights that are whole percent already stay what they are, the least included.
    exact = (given / given.sum() * 100).round(9)  # 1 % of a sum may come out as 0.9999999999999999
    share = exact if (exact >= LEAST).all() else share.round(9)
    whole = np.floor(share).astype(int)
    for place in np.argsort(-(share - whole), kind="stable")[: 100 - whole.sum()]:
        whole[place] += 1
    return dict(zip(weights, whole.tolist(), strict=True))


def rebalanced(percents: Mapping[str, int], changed: str, wanted: int, locked: Collection[str]) -> dict[str, int]:
    """The level after ``changed`` was set to ``wanted``: what is not locked gives or takes in proportion, the sum stays
    100. Where the others cannot give so much, ``changed`` stops there; a locked one, and one alone, stays as it is.

    >>> rebalanced({"a": 50, "b": 30, "c": 20}, "a", 60, locked=())
    {'a': 60, 'b': 24, 'c': 16}
    >>> rebalanced({"a": 50, "b": 30, "c": 20}, "a", 60, locked={"b"})
    {'a': 60, 'b': 30, 'c': 10}
    """
    free = [name for name in percents if name != changed and name not in locked]
    if changed in locked or not free:
        return dict(percents)
    fixed = sum(percents[name] for name in percents if name != changed and name not in free)
    value = int(np.clip(wanted, LEAST, 100 - fixed - LEAST * len(free)))
    left = 100 - fixed - value
    # Above the least, each keeps its part of what is left.
    over = np.array([percents[name] - LEAST for name in free], dtype=float)
    over = over if over.sum() else np.ones(len(free))
    share = over / over.sum() * (left - LEAST * len(free))
    whole = np.floor(share.round(9)).astype(int)
    for place in np.argsort(-(share - whole), kind="stable")[: left - LEAST * len(free) - whole.sum()]:
        whole[place] += 1
    moved = dict(zip(free, (whole + LEAST).tolist(), strict=True)) | {changed: value}
    return {name: moved.get(name, percent) for name, percent in percents.items()}


def begin(begun: Mapping[str, int], now: Mapping[str, int], changed: str, locked: Collection[str]) -> dict[str, int]:
    """From where the next step of a slider is reckoned: from where the level was ``begun``, as long as what is ``now``
    comes from there by moving ``changed`` alone; else from now.

    So many small steps lose nothing by rounding, and a slider that comes back brings the others back.
    """
    goes_on = begun.keys() == now.keys() and rebalanced(begun, changed, now[changed], locked) == now
    return dict(begun if goes_on else now)


def equal_percent(percents: Mapping[str, int], locked: Collection[str]) -> dict[str, int]:
    """The level with what is not locked made equal; the sum stays 100."""
    free = [name for name in percents if name not in locked]
    left = sum(percents[name] for name in free)
    shared = {name: left // len(free) + (at < left % len(free)) for at, name in enumerate(free)}
    return {name: shared.get(name, percent) for name, percent in percents.items()}


def reweighted(scheme: Scheme, level_id: str, weights: Mapping[str, float]) -> Scheme:
    """The scheme with these weights (positive, by id) at one level; an id that is not named keeps its own."""
    if level_id == TOP:
        return scheme.model_copy(update={"dimensions": _weighed(scheme.dimensions, weights)})
    return scheme.model_copy(
        update={"dimensions": tuple(_inside(item, level_id, weights) for item in scheme.dimensions)}
    )


def set_percent(scheme: Scheme, level_id: str, percents: Mapping[str, int]) -> Scheme:
    """The scheme with a level in percent (all of its ids). Where it sums points times weights as they stand, they keep
    their sum, which is part of the scale."""
    level = next(level for level in levels(scheme) if level.id == level_id)
    if (level.dimension or scheme).aggregate != "sum":
        return reweighted(scheme, level_id, percents)
    total = sum(child.weight for child in level.children)
    return reweighted(scheme, level_id, {name: percent * total / 100 for name, percent in percents.items()})


def with_weights_of(scheme: Scheme, other: Scheme) -> Scheme:
    """The scheme with the weights of another in whole percent, and all else as it is; the other one where the two do
    not weigh the same things."""
    if {level.id: [child.id for child in level.children] for level in levels(scheme)} != {
        level.id: [child.id for child in level.children] for level in levels(other)
    }:
        return other
    for level in levels(other):
        scheme = set_percent(scheme, level.id, percentages(level))
    return scheme


def same_weights(one: Scheme, other: Scheme) -> bool:
    """Whether all weights are the same whole percent."""
    first, second = ({level.id: percentages(level) for level in levels(scheme)} for scheme in (one, other))
    return first == second


def recut(scheme: Scheme, cutoffs: Mapping[str, float]) -> Scheme:
    """The scheme with other cut-offs, by tier. Raises pydantic's ``ValidationError`` where they do not rise."""
    return scheme.model_copy(update={"tiers": CutOffs(**(required(scheme.tiers).model_dump() | dict(cutoffs)))})


def _weighed(items: tuple[Item, ...], weights: Mapping[str, float]) -> tuple[Item, ...]:
    return tuple(
        item.model_copy(update={"weight": float(weights[item.id])}) if item.id in weights else item for item in items
    )


def _inside(dimension: Dimension, level_id: str, weights: Mapping[str, float]) -> Dimension:
    if dimension.id == level_id:
        changed = {
            "indicators": _weighed(dimension.indicators, weights),
            "dimensions": _weighed(dimension.dimensions, weights),
        }
    else:
        changed = {"dimensions": tuple(_inside(inner, level_id, weights) for inner in dimension.dimensions)}
    return dimension.model_copy(update=changed)


def threshold(floor: FloorRule) -> float | None:
    """The number that a floor compares with; None where its condition is made of several."""
    return floor.when.value if isinstance(floor.when, Comparing | ComparingDimension) else None


def compared(floor: FloorRule, value: float, name: Bilingual) -> FloorRule:
    """The floor with another number to compare with, and a name that says it."""
    return floor.model_copy(update={"when": floor.when.model_copy(update={"value": value}), "name": name})


def with_floor(scheme: Scheme, floor: FloorRule, at: int | None = None) -> Scheme:
    """The scheme with one more floor rule, at a place or after the others."""
    at = len(scheme.floors) if at is None else at
    return scheme.model_copy(update={"floors": (*scheme.floors[:at], floor, *scheme.floors[at:])})


def without_floor(scheme: Scheme, at: int) -> Scheme:
    """The scheme without the floor rule at a place."""
    return scheme.model_copy(update={"floors": (*scheme.floors[:at], *scheme.floors[at + 1 :])})


def with_minimum_known(scheme: Scheme, percent: int) -> Scheme:
    """The scheme with another share of weight, in percent, below which an area is unknown."""
    return scheme.model_copy(
        update={"missing": MissingRule(**{**scheme.missing.model_dump(), "minimum_known_weight": percent / 100})}
    )


def leaving_out(scheme: Scheme, ids: Collection[str]) -> Scheme:
    """The scheme with these indicators, and no others, named as ones for which the office keeps no records."""
    named = tuple(item.id for item in scheme.indicators if item.id in ids)
    return scheme.model_copy(update={"missing": MissingRule(**{**scheme.missing.model_dump(), "left_out": named})})


PLAIN_STABILITY = StabilityRule(confirm_up_days=14, confirm_down_days=14, minimum_stay_days=21)
"""What a rule begins with where a scheme had none: that of the schemes that ship."""


def restabilised(
    scheme: Scheme, in_use: StabilityRule | None, *, holds: bool, settings: Mapping[str, int | bool | None]
) -> Scheme:
    """The scheme without a rule that holds colours steady, or with one of these ``settings`` (days by the rule's own
    names; ``at_once`` tiers, 0 for never; ``one_step``); None stands for what the rule says so far."""
    if not holds:
        return scheme.model_copy(update={"stability": None})
    rule = scheme.stability or in_use or PLAIN_STABILITY
    told = {name: value for name, value in settings.items() if value is not None}
    changed: dict[str, int | bool | None] = {name: value for name, value in told.items() if name.endswith("_days")}
    if "at_once" in told:
        changed["at_once_when_tiers_up"] = told["at_once"] or None
    if "one_step" in told:
        changed["one_step_down"] = bool(told["one_step"])
    return scheme.model_copy(update={"stability": rule.model_copy(update=changed)})
