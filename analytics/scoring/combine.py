"""Combining: points of indicators → dimensions, nested as deep as the scheme says → one score, and its parts.

A node of the tree is a value with what is behind it. The weight of a missing child goes to the known ones beside it.
Where the score is a weighted sum, as with means of means, an area with nothing missing needs no tree: its score is one
product with the overall weights, which is what makes a whole history or a changed weight cheap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from analytics.scheme import Dimension, Scheme
from analytics.scheme.basics import required
from analytics.scheme.conditions import named_in
from analytics.scheme.model import Aggregate, Relative, RelativePoints
from analytics.scoring.points import place_ends, relative

DECIMALS = 9
"""Scores are rounded here, so that a score that is on a cut-off by its arithmetic is on it in the machine too."""

_LINEAR = ("arithmetic", "sum")


@dataclass(frozen=True, eq=False)
class Scores:
    """What decides of points, each (days, areas).

    ``score``: NaN when nothing is known. ``known``: share of weight that is known, 0–1, of what is not left out.
    ``dimensions``: the value of every dimension, by id; empty where no rule of the scheme asks for one.
    """

    score: np.ndarray
    known: np.ndarray
    dimensions: Mapping[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class Combined(Scores):
    """Scores with what is behind them, (days, areas, indicators); every dimension has its value.

    ``parts``: what each indicator adds; they sum to the score. ``weights``: the weight that each really had.
    """

    parts: np.ndarray
    weights: np.ndarray


@dataclass(frozen=True, eq=False)
class _Node:
    value: np.ndarray
    known: np.ndarray
    parts: np.ndarray | None  # these two only where they were asked for
    weights: np.ndarray | None
    untold: np.ndarray | None = None  # of ends alone: areas of which nothing is told


def combine(points: np.ndarray, scheme: Scheme) -> Combined:
    """Combine ``points`` (days, areas, indicators), NaN where missing, as the scheme says."""
    points = _without_left_out(points, scheme)
    top, dimensions = _tree(points, scheme, whole=True)
    weights = _overall_weights(scheme)
    score = top.value if weights is None else _from_product(points @ weights, top)
    known = (top.known / _kept_weight(scheme)).round(DECIMALS)
    return Combined(score.round(DECIMALS), known, _values(dimensions), required(top.parts), required(top.weights))


def scores(points: np.ndarray, scheme: Scheme) -> Scores:
    """The very scores of :func:`combine`, at a small part of its cost, for those who need no parts."""
    points = _without_left_out(points, scheme)
    weights = _overall_weights(scheme)
    if weights is None or _asks_for_a_dimension(scheme):
        top, dimensions = _tree(points, scheme, whole=False)
        score = top.value if weights is None else _from_product(points @ weights, top)
        known = (top.known / _kept_weight(scheme)).round(DECIMALS)
        return Scores(score.round(DECIMALS), known, _values(dimensions))
    score = points @ weights
    known = np.ones(score.shape)
    missing = np.isnan(score)
    if missing.any():
        # Without places among the areas, no area's score depends on another's: the tree is for these alone.
        top, _ = _tree(points[missing], scheme, whole=False)
        score[missing], known[missing] = top.value, (top.known / _kept_weight(scheme)).round(DECIMALS)
    return Scores(score.round(DECIMALS), known, {})


class Ends(NamedTuple):
    """Between which values something lies, each (days, areas), and where nothing is told of it."""

    least: np.ndarray
    most: np.ndarray
    untold: np.ndarray


def ends_among(points: np.ndarray, scheme: Scheme, interrupted: np.ndarray) -> tuple[Ends, Mapping[str, Ends]]:
    """The score, and every dimension, of each area where the values of some are ``interrupted`` (days, areas,
    indicators) and places among the areas count: see :func:`place_ends`. It is asked for areas that lack nothing: of
    those that are interrupted nothing is told."""
    points = _without_left_out(points, scheme)
    leaves = {}
    for number, indicator in enumerate(scheme.indicators):
        own, rule = points[..., number], indicator.points
        method = rule.method if isinstance(rule, RelativePoints) else "none"
        # The places of the points are those of the values.
        *ends, untold = place_ends(method, own, own, interrupted[..., number])
        value = np.stack(ends)
        leaves[indicator.id] = _Node(value, (~np.isnan(value)).astype(float), None, None, untold)
    top, dimensions = _grown(leaves, scheme)
    weights = _overall_weights(scheme)
    if weights is not None:
        leaf_values = np.stack([leaves[indicator.id].value for indicator in scheme.indicators], axis=-1)
        top = replace(top, value=_from_product(leaf_values @ weights, top))
    return _ends(top), {name: _ends(node) for name, node in dimensions.items()}


def _ends(node: _Node) -> Ends:
    value = node.value.round(DECIMALS)
    return Ends(value[0], value[1], required(node.untold))


def _values(nodes: Mapping[str, _Node]) -> dict[str, np.ndarray]:
    return {name: node.value.round(DECIMALS) for name, node in nodes.items()}


def _without_left_out(points: np.ndarray, scheme: Scheme) -> np.ndarray:
    """Points of what the scheme leaves out count for nothing, even where there are some."""
    if not scheme.missing.left_out:
        return points
    return np.where([item.id in scheme.missing.left_out for item in scheme.indicators], np.nan, points)


def _kept_weight(scheme: Scheme) -> float:
    """The share of weight of the indicators that the scheme does not leave out, of which the known share is one."""
    left_out = set(scheme.missing.left_out)
    if not left_out:
        return 1.0
    kept = np.array([[[np.nan if item.id in left_out else 0.0 for item in scheme.indicators]]])
    return float(_tree(kept, scheme, whole=False)[0].known[0, 0]) or 1.0


def _from_product(product: np.ndarray, top: _Node) -> np.ndarray:
    """The same score whichever way it was asked for: a tree adds in another order, which shows in the last bit."""
    return np.where(np.isnan(product), top.value, product)


def _asks_for_a_dimension(scheme: Scheme) -> bool:
    return any(kind == "dimension" for when in scheme.conditions() for kind, _ in named_in(when))


def _overall_weights(scheme: Scheme) -> np.ndarray | None:
    """The weight of each indicator in a score of which nothing is missing; None where that is no weighted sum."""
    if scheme.then or scheme.aggregate not in _LINEAR:
        return None
    found: list[float] = []
    total = 1.0 if scheme.aggregate == "sum" else sum([dimension.weight for dimension in scheme.dimensions])
    for dimension in scheme.dimensions:
        if not _spread(dimension, dimension.weight / total, found):
            return None
    return np.array(found)


def _spread(dimension: Dimension, weight: float, found: list[float]) -> bool:
    """Share the dimension's overall weight out, in the order of the indicators; False where it is no weighted sum."""
    if dimension.then or dimension.aggregate not in _LINEAR:
        return False
    inside = [indicator.weight for indicator in dimension.indicators]
    inner = dimension.dimensions
    if dimension.aggregate == "arithmetic":
        weight /= sum(inside) + sum([child.weight for child in inner])
    found += [weight * own for own in inside]
    return all(_spread(child, weight * child.weight, found) for child in inner)


def _tree(points: np.ndarray, scheme: Scheme, *, whole: bool) -> tuple[_Node, dict[str, _Node]]:
    """The top and every dimension; parts and weights only of a ``whole`` tree, since they cost most."""
    leaves = {indicator.id: _leaf(points, number, whole=whole) for number, indicator in enumerate(scheme.indicators)}
    return _grown(leaves, scheme)


def _grown(leaves: Mapping[str, _Node], scheme: Scheme) -> tuple[_Node, dict[str, _Node]]:
    found: dict[str, _Node] = {}
    nodes = [_dimension(dimension, leaves, found) for dimension in scheme.dimensions]
    top = _joined(nodes, [dimension.weight for dimension in scheme.dimensions], scheme.aggregate)
    return _placed(top, scheme.then), found


def _leaf(points: np.ndarray, number: int, *, whole: bool) -> _Node:
    value = points[..., number]
    known = ~np.isnan(value)
    if not whole:
        return _Node(value, known.astype(float), None, None)
    parts, weights = np.zeros_like(points), np.zeros_like(points)
    parts[..., number] = np.where(known, value, 0.0)
    weights[..., number] = known
    return _Node(value, known.astype(float), parts, weights)


def _dimension(dimension: Dimension, leaves: Mapping[str, _Node], found: dict[str, _Node]) -> _Node:
    children = [leaves[indicator.id] for indicator in dimension.indicators]
    weights = [indicator.weight for indicator in dimension.indicators]
    for inner in dimension.dimensions:
        children.append(_dimension(inner, leaves, found))
        weights.append(inner.weight)
    node = _placed(_joined(children, weights, dimension.aggregate), dimension.then)
    found[dimension.id] = node
    return node


def _joined(children: Sequence[_Node], weights: Sequence[float], how: Aggregate) -> _Node:
    weight = np.array(weights, dtype=float)
    share = weight / weight.sum()
    value = np.stack([child.value for child in children])
    here = ~np.isnan(value)
    filled = np.where(here, value, 0.0)
    column = (slice(None), *([None] * (value.ndim - 1)))
    shared = here * share[column]
    total = shared.sum(axis=0)
    some = total > 0
    used = shared / np.where(some, total, 1.0)
    match how:
        case "sum":
            used = used * weight.sum()
            joined = (used * filled).sum(axis=0)
        case "worst":
            hardest = np.argmax(np.where(here, value, -np.inf), axis=0)
            used = (np.arange(len(children))[column] == hardest[None]) & here
            joined = (used * filled).sum(axis=0)
        case "geometric":
            with np.errstate(divide="ignore"):
                joined = np.exp((used * np.where(here, np.log(np.maximum(filled, 0.0)), 0.0)).sum(axis=0))
        case _:
            joined = (used * filled).sum(axis=0)
    known = sum(share[number] * child.known for number, child in enumerate(children))
    parts, weights_used = None, None
    if children[0].parts is not None:
        parts = sum(used[number][..., None] * child.parts for number, child in enumerate(children))
        weights_used = sum(used[number][..., None] * child.weights for number, child in enumerate(children))
    told = [child.untold for child in children if child.untold is not None]
    untold = np.any(told, axis=0) if told else None
    node = _Node(np.where(some, joined, np.nan), known, parts, weights_used, untold)
    # A mean of powers is no sum of its parts: they are scaled, so that those shown sum to the value shown.
    return _rescaled(node, (used * filled).sum(axis=0)) if how == "geometric" else node


def _placed(node: _Node, method: Relative | None) -> _Node:
    if method is None:
        return node
    if node.untold is not None:
        *ends, untold = place_ends(method, node.value[0], node.value[1], node.untold)
        return replace(node, value=np.stack(ends), untold=untold)
    return _rescaled(_Node(relative(method, node.value), node.known, node.parts, node.weights), node.value)


def _rescaled(node: _Node, before: np.ndarray) -> _Node:
    """Parts that summed to ``before``, made to sum to the value; by weight where they summed to nothing."""
    if node.parts is None or node.weights is None:
        return node
    usable = np.abs(before) > 1e-12
    factor = np.where(usable, node.value / np.where(usable, before, 1.0), 0.0)
    weight = node.weights / np.maximum(node.weights.sum(axis=-1, keepdims=True), 1e-12)
    parts = np.where(usable[..., None], node.parts * factor[..., None], weight * node.value[..., None])
    return _Node(node.value, node.known, np.where(np.isnan(parts), 0.0, parts), node.weights)
