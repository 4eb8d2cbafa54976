"""Combining: points of indicators → dimensions, nested as deep as the scheme says → one score, and its parts.

A node of the tree is a value with what is behind it. The weight of a missing child goes to the known ones beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.scheme import Dimension, Scheme
from analytics.scoring.points import relative

DECIMALS = 9
"""Scores are rounded here, so that a score that is on a cut-off by its arithmetic is on it in the machine too."""


@dataclass(frozen=True, eq=False)
class Combined:
    """What a scheme makes of points, each (days, areas) unless said otherwise.

    ``score``: NaN when nothing is known. ``known``: share of weight that is known, 0–1. ``parts``: (days, areas,
    indicators), what each indicator adds; they sum to the score. ``weights``: likewise, the weight that each indicator
    really had. ``dimensions``: the value of every dimension, by id.
    """

    score: np.ndarray
    known: np.ndarray
    parts: np.ndarray
    weights: np.ndarray
    dimensions: Mapping[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class _Node:
    value: np.ndarray
    known: np.ndarray
    parts: np.ndarray
    weights: np.ndarray


def combine(points: np.ndarray, scheme: Scheme) -> Combined:
    """Combine ``points`` (days, areas, indicators), NaN where missing, as the scheme says."""
    leaves = {indicator.id: _leaf(points, number) for number, indicator in enumerate(scheme.indicators)}
    found: dict[str, np.ndarray] = {}
    nodes = [_dimension(dimension, leaves, found) for dimension in scheme.dimensions]
    top = _joined(nodes, [dimension.weight for dimension in scheme.dimensions], scheme.aggregate)
    top = _placed(top, scheme.then)
    return Combined(top.value.round(DECIMALS), top.known.round(DECIMALS), top.parts, top.weights, found)


def _leaf(points: np.ndarray, number: int) -> _Node:
    value = points[..., number]
    known = ~np.isnan(value)
    parts, weights = np.zeros_like(points), np.zeros_like(points)
    parts[..., number] = np.where(known, value, 0.0)
    weights[..., number] = known
    return _Node(value, known.astype(float), parts, weights)


def _dimension(dimension: Dimension, leaves: Mapping[str, _Node], found: dict[str, np.ndarray]) -> _Node:
    children = [leaves[indicator.id] for indicator in dimension.indicators]
    weights = [indicator.weight for indicator in dimension.indicators]
    for inner in dimension.dimensions:
        children.append(_dimension(inner, leaves, found))
        weights.append(inner.weight)
    node = _placed(_joined(children, weights, dimension.aggregate), dimension.then)
    found[dimension.id] = node.value.round(DECIMALS)
    return node


def _joined(children: Sequence[_Node], weights: Sequence[float], how: str) -> _Node:
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
    parts = sum(used[number][..., None] * child.parts for number, child in enumerate(children))
    weights_used = sum(used[number][..., None] * child.weights for number, child in enumerate(children))
    known = sum(share[number] * child.known for number, child in enumerate(children))
    node = _Node(np.where(some, joined, np.nan), known, parts, weights_used)
    # A mean of powers is no sum of its parts: they are scaled, so that those shown sum to the value shown.
    return _rescaled(node, (used * filled).sum(axis=0)) if how == "geometric" else node


def _placed(node: _Node, method: str | None) -> _Node:
    if method is None:
        return node
    return _rescaled(_Node(relative(method, node.value), node.known, node.parts, node.weights), node.value)


def _rescaled(node: _Node, before: np.ndarray) -> _Node:
    """Parts that summed to ``before``, made to sum to the value; by weight where they summed to nothing."""
    usable = np.abs(before) > 1e-12
    factor = np.where(usable, node.value / np.where(usable, before, 1.0), 0.0)
    weight = node.weights / np.maximum(node.weights.sum(axis=-1, keepdims=True), 1e-12)
    parts = np.where(usable[..., None], node.parts * factor[..., None], weight * node.value[..., None])
    return _Node(node.value, node.known, np.where(np.isnan(parts), 0.0, parts), node.weights)
