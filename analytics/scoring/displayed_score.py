"""The score as it is printed: never on another side of a cut-off than the score itself."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence


def displayed_score(score: float, cutoffs: Sequence[float]) -> float:
    """A score as it is printed beside the legend of the ``cutoffs``: with one decimal; with two where one would put it
    on another side of a cut-off; and where two would, cut off towards its own side. NaN stays NaN.

    >>> displayed_score(15.9, [16]), displayed_score(15.99, [16]), displayed_score(15.9999, [16])
    (15.9, 15.99, 15.99)
    >>> displayed_score(16, [16])
    16.0
    """
    if score != score:
        return score
    # Python prints as it rounds: numpy would round 0.15 otherwise than it is shown.
    return next(value for value in _candidates(score) if all((value >= cut) == (score >= cut) for cut in cutoffs))


def _candidates(score: float) -> Iterator[float]:
    yield float(f"{score:.1f}")
    yield float(f"{score:.2f}")
    yield math.floor(score * 100) / 100
    yield math.ceil(score * 100) / 100
    yield score
