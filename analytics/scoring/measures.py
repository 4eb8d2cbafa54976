"""The closed list of measures: an indicator of the scheme → its value for each day and area, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum

import numpy as np

from analytics.disclosure import TOP, protect, smallest_count
from analytics.errors import ScoringError
from analytics.scheme import Indicator, Where
from analytics.scheme.model import EVENT_TABLES, STOCK_TABLES
from analytics.scoring.area_counts import PEOPLE, AreaCounts

DECIMALS = 9
LARGEST_ROUNDED = 1e6
MINIMUM_BASE = 30
"""A rate on fewer people, households or places than this is neither shown nor scored."""


class Gap(IntEnum):
    """Why a value is missing. ``NONE`` where it is known."""

    NONE = 0
    TABLE_NOT_LOADED = 1
    FEED_SILENT = 2
    NEVER_SEEN = 3
    AREA_NOT_IN_TABLE = 4
    BASE_MISSING = 5
    BASE_TOO_SMALL = 6
    EMPTY_CELL = 7
    NOTHING_TO_SHARE = 8
    NO_DUE_DATES = 9


def measured(facts: AreaCounts, indicator: Indicator, days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values (float, NaN where missing) and gaps (int8, :class:`Gap`), each (days, areas).

    Counts of people and households are protected (:meth:`AreaCounts.stock`): what hangs on a small one is made of the
    number that stands for all small ones, and :func:`small_count_mask` says where. A part that a whole of a few people
    would give away is a base too small. Event measures look at the ``window_days`` days that end with the date. A table
    that holds no record of any area in the window has stopped reporting: its values are missing, not zero.
    """
    shape = (len(days), len(facts.areas))
    if not facts.has(indicator.source):
        return np.full(shape, np.nan), np.full(shape, Gap.TABLE_NOT_LOADED, dtype=np.int8)
    values, gaps = _MEASURES[indicator.measure](facts, indicator, days)
    gaps = np.broadcast_to(gaps, shape).astype(np.int8)
    found = np.where(gaps == Gap.NONE, np.broadcast_to(values, shape), np.nan)
    # Rounded, so that a value that is on a step by its arithmetic is on it in the machine too: 29 of 100 is 29 %. A
    # number too large to have such decimals stays as it is.
    plain = np.abs(found) < LARGEST_ROUNDED
    found[plain] = found[plain].round(DECIMALS)
    return found, gaps


def small_count_mask(facts: AreaCounts, indicator: Indicator, days: np.ndarray) -> np.ndarray:
    """Where the people or households that an indicator counts are fewer than may be told: bool, (days, areas)."""
    if indicator.measure == "given" and indicator.given.column in PEOPLE:
        own = facts.areas[indicator.given.column].to_numpy("float64")
        return np.broadcast_to((own > 0) & (own < smallest_count()), (len(days), len(own)))
    if indicator.source not in STOCK_TABLES or not facts.has(indicator.source):
        return np.zeros((len(days), len(facts.areas)), dtype=bool)
    return facts.stock(indicator.source, indicator.where, indicator.of, days)[1]


Measured = tuple[np.ndarray, np.ndarray]


def _count(facts: AreaCounts, indicator: Indicator, days: np.ndarray) -> Measured:
    counted = facts.in_window(indicator.source, [indicator.where], indicator.window_days, days)
    return counted, _feed_gaps(facts, indicator, [indicator.where], indicator.window_days, days)


def _rate(facts: AreaCounts, indicator: Indicator, days: np.ndarray) -> Measured:
    return _per_base(facts, indicator, *_count(facts, indicator, days))


def _share(facts: AreaCounts, indicator: Indicator, days: np.ndarray) -> Measured:
    both = (indicator.where, indicator.of)
    if indicator.source in EVENT_TABLES:
        part, whole = (
            facts.in_window(indicator.source, wheres, indicator.window_days, days) for wheres in (both, both[1:])
        )
        gaps = _feed_gaps(facts, indicator, both, indicator.window_days, days)
        least = 1
    else:
        part, _ = facts.stock(indicator.source, *both, days)
        whole = facts.denominator(indicator.source, *both, days)
        gaps = _or_never_seen(facts, indicator, both, np.where(np.isnan(whole), Gap.AREA_NOT_IN_TABLE, Gap.NONE))
        gaps = np.where((gaps == Gap.NONE) & np.isnan(part), Gap.BASE_TOO_SMALL, gaps)
        least = MINIMUM_BASE
    gaps = np.where((gaps == Gap.NONE) & (whole == 0), Gap.NOTHING_TO_SHARE, gaps)
    gaps = np.where((gaps == Gap.NONE) & (whole < least), Gap.BASE_TOO_SMALL, gaps)
    return part / np.where(gaps == Gap.NONE, whole, np.nan), gaps


def _open(facts: AreaCounts, indicator: Indicator, days: np.ndarray) -> Measured:
    return facts.balance(indicator.where, days), _begun_gaps(facts, indicator, days)


def _overdue(facts: AreaCounts, indicator: Indicator, days: np.ndarray) -> Measured:
    if not facts.counts.by_area("incidents", only="due").any():
        return np.zeros((1, 1)), np.full((1, 1), Gap.NO_DUE_DATES)
    return facts.overdue(indicator.where, days), _begun_gaps(facts, indicator, days)


def _per_check(facts: AreaCounts, indicator: Indicator, days: np.ndarray) -> Measured:
    found, gaps = _count(facts, indicator, days)
    if not facts.has("checks"):
        return found, np.full((1, 1), Gap.TABLE_NOT_LOADED)
    checks = facts.in_window("checks", [indicator.of], indicator.window_days, days)
    gaps = np.where((gaps == Gap.NONE) & (checks == 0), Gap.NOTHING_TO_SHARE, gaps)
    return found * 100 / np.where(checks > 0, checks, 1), gaps


def _coverage(facts: AreaCounts, indicator: Indicator, days: np.ndarray) -> Measured:
    """Where places are households, fewer of them than the smallest count are a base too small: the share of so few that
    was reached would tell how many there are."""
    if not facts.has("places"):
        return np.zeros((1, 1)), np.full((1, 1), Gap.TABLE_NOT_LOADED)
    target, small = facts.stock("places", {}, indicator.of, days)
    done = facts.covered(indicator.where, indicator.of, indicator.window_days, days)
    silent = _feed_gaps(facts, indicator, [indicator.where], indicator.window_days, days)
    gaps = np.broadcast_to(silent, target.shape)
    gaps = np.where((gaps == Gap.NONE) & np.isnan(target), Gap.AREA_NOT_IN_TABLE, gaps)
    gaps = np.where((gaps == Gap.NONE) & (target == 0), Gap.NOTHING_TO_SHARE, gaps)
    gaps = np.where((gaps == Gap.NONE) & small, Gap.BASE_TOO_SMALL, gaps)
    # A protected total can be less than all that were reached.
    return np.minimum(done / np.where(target > 0, target, 1), 1.0), gaps


def _stock(facts: AreaCounts, indicator: Indicator, days: np.ndarray) -> Measured:
    held, _ = facts.stock(indicator.source, indicator.where, {}, days)
    whole = facts.denominator(indicator.source, indicator.where, {}, days)
    gaps = np.where(np.isnan(held), np.where(np.isnan(whole), Gap.AREA_NOT_IN_TABLE, Gap.BASE_TOO_SMALL), Gap.NONE)
    return held, _or_never_seen(facts, indicator, [indicator.where], gaps)


def _stock_rate(facts: AreaCounts, indicator: Indicator, days: np.ndarray) -> Measured:
    return _per_base(facts, indicator, *_stock(facts, indicator, days))


def _days_since(facts: AreaCounts, indicator: Indicator, days: np.ndarray) -> Measured:
    cap = indicator.days_since.cap
    quiet = facts.quiet_days(indicator.source, indicator.where, cap, days)
    return quiet, _feed_gaps(facts, indicator, [indicator.where], cap, days)


def _given(facts: AreaCounts, indicator: Indicator, days: np.ndarray) -> Measured:  # noqa: ARG001 - true on every day
    column = indicator.given.column
    numeric = facts.areas.select_dtypes("number")
    if column not in numeric:
        raise ScoringError.because(
            "scoring.no_column", indicator=indicator.id, column=column, there=list(numeric.columns)
        )
    values = numeric[column].to_numpy("float64")[None, :]
    if column in PEOPLE:
        values = protect(values, np.full(values.shape[1], TOP), smallest_count())
    return values, np.where(np.isfinite(values), Gap.NONE, Gap.EMPTY_CELL)


_MEASURES: dict[str, Callable[[AreaCounts, Indicator, np.ndarray], Measured]] = {
    "count": _count,
    "rate": _rate,
    "share": _share,
    "open": _open,
    "overdue": _overdue,
    "stock": _stock,
    "stock_rate": _stock_rate,
    "per_check": _per_check,
    "coverage": _coverage,
    "days_since": _days_since,
    "given": _given,
}


def _feed_gaps(
    facts: AreaCounts, indicator: Indicator, wheres: Sequence[Where], window_days: int, days: np.ndarray
) -> np.ndarray:
    """(days, 1): silent where the whole table has no record in the window; never seen where no record ever matched."""
    recorded = facts.recorded_days(indicator.source)
    heard = np.searchsorted(recorded, days, "right") - np.searchsorted(recorded, days - window_days + 1, "left")
    return _or_never_seen(facts, indicator, wheres, np.where(heard > 0, Gap.NONE, Gap.FEED_SILENT))[:, None]


def _begun_gaps(facts: AreaCounts, indicator: Indicator, days: np.ndarray) -> np.ndarray:
    """(days, 1): silent before the first record of all; never seen where no record ever matched."""
    begun = np.searchsorted(facts.recorded_days(indicator.source), days, "right") > 0
    gaps = np.where(begun, Gap.NONE, Gap.FEED_SILENT)
    return _or_never_seen(facts, indicator, [indicator.where], gaps)[:, None]


def _or_never_seen(facts: AreaCounts, indicator: Indicator, wheres: Sequence[Where], gaps: np.ndarray) -> np.ndarray:
    never_seen = indicator.never_seen == "missing" and not facts.occurs(indicator.source, *wheres)
    return np.where(never_seen & (gaps == Gap.NONE), Gap.NEVER_SEEN, gaps)


def _per_base(facts: AreaCounts, indicator: Indicator, amount: np.ndarray, gaps: np.ndarray) -> Measured:
    base = facts.rate_denominator(indicator.per.base)[None, :]
    gaps = np.where((gaps == Gap.NONE) & np.isnan(base), Gap.BASE_MISSING, gaps)
    gaps = np.where((gaps == Gap.NONE) & (base < MINIMUM_BASE), Gap.BASE_TOO_SMALL, gaps)
    return amount * indicator.per.scale / np.where(base >= MINIMUM_BASE, base, np.nan), gaps
