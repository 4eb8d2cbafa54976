"""Judges: the analytic hierarchy process for several, who judge alone and are heard together. They have no names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np
import pandas as pd

from analytics.scoring.combine import DECIMALS
from analytics.scoring.weights import Weighting, ahp

SCALE: tuple[Fraction, ...] = (*(Fraction(1, times) for times in range(9, 1, -1)), *map(Fraction, range(1, 10)))
"""Saaty's: 1/9, 1/8 … 1/2, 1, 2 … 9 times as important; their text is what stands on a slider."""

Pair = tuple[str, str]
Judgements = Mapping[Pair, Fraction | float]
"""By (row, column): how many times as important the row is as the column. Each pair once, either way round."""


@dataclass(frozen=True)
class Judge:
    """One judge's own ``weighting``; the ``unjudged`` pairs, which count as equal; and how far it is ``apart`` from the
    group: the factor, 1 or more, by which its judgements differ from the group's in the geometric mean over pairs."""

    weighting: Weighting
    unjudged: tuple[Pair, ...]
    apart: float


@dataclass(frozen=True)
class Dispute:
    """What the judges say of one pair, each the ratio row to column: ``least``, ``group`` (geometric mean), ``most``.

    ``spread`` is the geometric standard deviation of the judgements, a factor: 1 where all say the same.
    """

    row: str
    column: str
    least: float
    group: float
    most: float
    spread: float


@dataclass(frozen=True)
class Panel:
    """``judges`` in their order, the ``group``'s weighting, and all pairs as ``disputes``, the most disputed first."""

    judges: tuple[Judge, ...]
    group: Weighting
    disputes: tuple[Dispute, ...]


def judged(names: Sequence[str], judgements: Sequence[Judgements]) -> Panel:
    """What one judge or more say of ``names``, alone and together.

    The group's judgement of a pair is the geometric mean of theirs, the only mean that is reciprocal when they are:
    J. Aczél & T. L. Saaty, Procedures for synthesizing ratio judgements, Journal of Mathematical Psychology 27 (1983).
    Its consistency ratio is that of the means, and says nothing of whether the judges agree; ``disputes`` does. Raises
    :class:`WeightsError` as `ahp` does (more than 15 names, say), ``KeyError`` for a judgement of what is not named.
    """
    matrices = np.stack([_matrix(names, given) for given in judgements])
    logs = np.log(matrices)
    group = logs.mean(axis=0)
    rows, columns = np.triu_indices(len(names), 1)
    judges = tuple(
        Judge(_weighting(names, matrix), _unjudged(names, given), _factor(np.log(matrix) - group))
        for matrix, given in zip(matrices, judgements, strict=True)
    )
    disputes = [
        Dispute(
            names[int(row)],
            names[int(column)],
            least=float(matrices[:, row, column].min()),
            group=float(np.exp(group[row, column])),
            most=float(matrices[:, row, column].max()),
            # Rounded, so that pairs of equal spread stay in their order.
            spread=round(float(np.exp(logs[:, row, column].std())), DECIMALS),
        )
        for row, column in zip(rows, columns, strict=True)
    ]
    return Panel(judges, _weighting(names, np.exp(group)), tuple(sorted(disputes, key=lambda pair: -pair.spread)))


def _matrix(names: Sequence[str], given: Judgements) -> np.ndarray:
    """The reciprocal matrix, (names, names), 1 where nothing was judged."""
    place = {name: number for number, name in enumerate(names)}
    matrix = np.ones((len(names), len(names)))
    for (row, column), ratio in given.items():
        matrix[place[row], place[column]] = ratio
        matrix[place[column], place[row]] = 1 / ratio
    return matrix


def _weighting(names: Sequence[str], matrix: np.ndarray) -> Weighting:
    return ahp(pd.DataFrame(matrix, index=pd.Index(names), columns=pd.Index(names)))


def _unjudged(names: Sequence[str], given: Judgements) -> tuple[Pair, ...]:
    return tuple(pair for pair in combinations(names, 2) if pair not in given and pair[::-1] not in given)


def _factor(apart: np.ndarray) -> float:
    """The geometric mean over pairs of how far logarithms of two reciprocal matrices are apart."""
    above = np.abs(apart[np.triu_indices(len(apart), 1)])
    return float(np.exp(above.mean())) if len(above) else 1.0
