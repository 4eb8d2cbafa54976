"""How many cases a test draws: few in the suite, as many times more as a long run asks for, and from its seed."""

from __future__ import annotations

import os

TIMES, SEED = "FIVE_COLOUR_TESTS_TIMES", "FIVE_COLOUR_TESTS_SEED"
"""Settings: how many times the size that a test has in the suite, and where its seeds begin."""


def times() -> float:
    """How many times the size of the suite is asked for."""
    return float(os.environ.get(TIMES, "1"))


def many(usual: int) -> int:
    """So many cases as asked for; ``usual`` of them in the suite."""
    return max(1, round(usual * times()))


def seeds(usual: int) -> range:
    """The seeds of a test that takes one a case."""
    first = int(os.environ.get(SEED, "0"))
    return range(first, first + many(usual))


def whole() -> bool:
    """Whether there are enough cases for what shows only in many of them: that each kind has come up, say."""
    return times() >= 1
