"""Doubt: where a value hangs on words that nobody knows, on groups that are cut elsewhere than it asks for, or on
groups whose number is not known.

A measure is asked a second time, of counts that notice: whatever it looks up is looked up once without the rows of
which it is in doubt whether they count, and once with them. Where the two differ the value is missing, not zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.loaders.rows import quotable
from analytics.scheme import Indicator, Table, Where
from analytics.scheme.measures import Gap
from analytics.store.words import Doubt, DoubtfulWord

if TYPE_CHECKING:
    from analytics.scoring.area_counts import AreaCounts
    from analytics.store import Counts

_GAP_OF = {
    "band": Gap.GROUP_STRADDLES,
    "word": Gap.UNKNOWN_WORD,
    "status": Gap.UNKNOWN_WORD,
    "size": Gap.COUNT_UNKNOWN,
    "untold": Gap.EMPTY_CELL,
}


def doubtful_words(counts: Counts, indicator: Indicator) -> tuple[DoubtfulWord, ...]:
    """The words in the records on which some value of an indicator may hang."""
    spec = indicator.spec
    if indicator.source == "areas":
        return ()
    asked = spec.needs_status or _fewer_is_harder(indicator)
    found = counts.doubtful(indicator.source, *spec.conditions(indicator), status=asked)
    other = spec.of_table(indicator.source)
    if other is not None and other != indicator.source:
        found += counts.doubtful(other, indicator.of)
    return found


def words_in_doubt(counts: Counts, indicator: Indicator) -> tuple[str, ...]:
    """The same as a sentence may quote them, each once."""
    # A group without its number, or a place that does not say, leaves its own area in doubt, and none of the others.
    words = [found.word for found in doubtful_words(counts, indicator) if found.doubt not in ("size", "untold")]
    return tuple(dict.fromkeys(map(quotable, words)))


def doubted(facts: AreaCounts, indicator: Indicator, days: np.ndarray, gaps: np.ndarray) -> np.ndarray:
    """The ``gaps`` (days, areas) of an indicator, with those where its value is in doubt."""
    reasons = {word.doubt for word in doubtful_words(facts.counts, indicator)}
    if indicator.spec.needs_status and "status" in reasons:
        # A status that nobody knows leaves an incident that is not closed on any day in doubt, and no other.
        reasons = (reasons - {"status"}) | {"word"}
    # A group without its number is told by itself before it may also lie on both sides of an edge.
    for reason in sorted(reasons, key=lambda one: (one == "size", one), reverse=True):
        noticing = _NoticingCounts(facts, reason, gaps.shape)
        indicator.spec.value(noticing, indicator, days)
        open_to_doubt = (gaps == Gap.NONE) | (gaps == Gap.NEVER_SEEN)
        gaps = np.where(noticing.differs & open_to_doubt, _GAP_OF[reason], gaps)
    return gaps


def _fewer_is_harder(indicator: Indicator) -> bool:
    """Whether an incident that turns out to be void may make a value harder."""
    moves = indicator.spec.more_records
    return moves == "either" or (moves == "lower") == (indicator.harder_when == "high")


class _NoticingCounts:
    """Counts as a measure sees them, which notice where one differs once rows in doubt are let in."""

    def __init__(self, facts: AreaCounts, reason: Doubt, shape: tuple[int, ...]) -> None:
        self._facts = facts
        self._with = facts.letting_in(reason)
        self.differs = np.zeros(shape, dtype=bool)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._facts, name)

    def in_window(self, table: Table, wheres: Iterable[Where], window_days: int, days: np.ndarray) -> np.ndarray:
        wheres = tuple(wheres)
        return self._noticed("in_window", table, wheres, window_days, days)

    def balance(self, where: Where, days: np.ndarray) -> np.ndarray:
        return self._noticed("balance", where, days)

    def overdue(self, where: Where, days: np.ndarray) -> np.ndarray:
        return self._noticed("overdue", where, days)

    def covered(self, checks: Where, places: Where, window_days: int, days: np.ndarray) -> np.ndarray:
        return self._noticed("covered", checks, places, window_days, days)

    def quiet_days(self, table: Table, where: Where, cap: int, days: np.ndarray) -> np.ndarray:
        return self._noticed("quiet_days", table, where, cap, days)

    def stock(self, table: Table, where: Where, of: Where, days: np.ndarray) -> np.ndarray:
        self._noticed("stock_exactly", table, [where, of], [where, of], days)
        return self._facts.stock(table, where, of, days)

    def denominator(self, table: Table, where: Where, of: Where, days: np.ndarray) -> np.ndarray:
        self._noticed("stock_exactly", table, [of], [where, of], days)
        return self._facts.denominator(table, where, of, days)

    def _noticed(self, primitive: str, *asked: object) -> np.ndarray:
        found = getattr(self._facts, primitive)(*asked)
        other = getattr(self._with, primitive)(*asked)
        self.differs |= (found != other) & ~(np.isnan(found) & np.isnan(other))
        return found
