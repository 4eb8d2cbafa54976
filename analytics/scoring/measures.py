"""The closed list of measures: an indicator of the scheme → its value for each day and area, or why there is none."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

import numpy as np

from analytics.errors import ScoringError
from analytics.scheme import Indicator
from analytics.scheme.model import EVENT_TABLES
from analytics.scoring.facts import NEVER, Facts

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


def measured(facts: Facts, indicator: Indicator, days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values (float, NaN where missing) and gaps (int8, :class:`Gap`), each (days, areas).

    Event measures look at the ``window_days`` days that end with the date. A table that holds no record of any area in
    the window has stopped reporting: its values are missing, not zero.
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


Measured = tuple[np.ndarray, np.ndarray]


def _count(facts: Facts, indicator: Indicator, days: np.ndarray) -> Measured:
    rows = facts.rows_where(indicator.source, indicator.where)
    counted = facts.in_window(indicator.source, rows, indicator.window_days, days)
    return counted, _feed_gaps(facts, indicator, rows, indicator.window_days, days)


def _rate(facts: Facts, indicator: Indicator, days: np.ndarray) -> Measured:
    return _per_base(facts, indicator, *_count(facts, indicator, days))


def _share(facts: Facts, indicator: Indicator, days: np.ndarray) -> Measured:
    everything = facts.rows_where(indicator.source, indicator.of)
    rows = np.intersect1d(facts.rows_where(indicator.source, indicator.where), everything, assume_unique=True)
    if indicator.source in EVENT_TABLES:
        part, whole = (
            facts.in_window(indicator.source, some, indicator.window_days, days) for some in (rows, everything)
        )
        gaps = _feed_gaps(facts, indicator, rows, indicator.window_days, days)
        least = 1
    else:
        told = facts.rows_told(indicator.source, {**indicator.where, **indicator.of})
        everything = np.intersect1d(everything, told, assume_unique=True)
        part, whole = (facts.stock(indicator.source, some, days, told) for some in (rows, everything))
        gaps = _or_never_seen(indicator, rows, np.where(np.isnan(whole), Gap.AREA_NOT_IN_TABLE, Gap.NONE))
        least = MINIMUM_BASE
    gaps = np.where((gaps == Gap.NONE) & (whole == 0), Gap.NOTHING_TO_SHARE, gaps)
    gaps = np.where((gaps == Gap.NONE) & (whole < least), Gap.BASE_TOO_SMALL, gaps)
    return part / np.where(gaps == Gap.NONE, whole, np.nan), gaps


def _open(facts: Facts, indicator: Indicator, days: np.ndarray) -> Measured:
    rows = facts.rows_where("incidents", indicator.where)
    # A matter that is called closed without a date cannot be placed in time: the load report counts such rows.
    table = facts.table("incidents").iloc[rows]
    undated = (table["status"] == "closed").to_numpy(bool, na_value=False) & table["closed_at"].isna().to_numpy()
    balance = facts.balance("incidents", rows[~undated], "occurred_at", "closed_at", days)
    begun = days >= facts.recorded_days("incidents").min(initial=-NEVER)
    gaps = np.where(begun, Gap.NONE, Gap.FEED_SILENT)
    return balance, _or_never_seen(indicator, rows, gaps)[:, None]


def _overdue(facts: Facts, indicator: Indicator, days: np.ndarray) -> Measured:
    rows = facts.rows_where("incidents", indicator.where)
    if facts.table("incidents")["due_at"].isna().all():
        return np.zeros((1, 1)), np.full((1, 1), Gap.NO_DUE_DATES)
    begun = days >= facts.recorded_days("incidents").min(initial=-NEVER)
    gaps = np.where(begun, Gap.NONE, Gap.FEED_SILENT)
    return facts.overdue(rows, days), _or_never_seen(indicator, rows, gaps)[:, None]


def _per_check(facts: Facts, indicator: Indicator, days: np.ndarray) -> Measured:
    found, gaps = _count(facts, indicator, days)
    if not facts.has("checks"):
        return found, np.full((1, 1), Gap.TABLE_NOT_LOADED)
    checks = facts.in_window("checks", facts.rows_where("checks", indicator.of), indicator.window_days, days)
    gaps = np.where((gaps == Gap.NONE) & (checks == 0), Gap.NOTHING_TO_SHARE, gaps)
    return found * 100 / np.where(checks > 0, checks, 1), gaps


def _coverage(facts: Facts, indicator: Indicator, days: np.ndarray) -> Measured:
    if not facts.has("places"):
        return np.zeros((1, 1)), np.full((1, 1), Gap.TABLE_NOT_LOADED)
    checks, places = facts.rows_where("checks", indicator.where), facts.rows_where("places", indicator.of)
    target = facts.stock("places", places, days, facts.rows_told("places", indicator.of))
    done = facts.covered(checks, places, indicator.window_days, days)
    gaps = np.broadcast_to(_feed_gaps(facts, indicator, checks, indicator.window_days, days), target.shape)
    gaps = np.where((gaps == Gap.NONE) & np.isnan(target), Gap.AREA_NOT_IN_TABLE, gaps)
    gaps = np.where((gaps == Gap.NONE) & (target == 0), Gap.NOTHING_TO_SHARE, gaps)
    return done / np.where(target > 0, target, 1), gaps


def _stock(facts: Facts, indicator: Indicator, days: np.ndarray) -> Measured:
    rows = facts.rows_where(indicator.source, indicator.where)
    held = facts.stock(indicator.source, rows, days, facts.rows_told(indicator.source, indicator.where))
    return held, _or_never_seen(indicator, rows, np.where(np.isnan(held), Gap.AREA_NOT_IN_TABLE, Gap.NONE))


def _stock_rate(facts: Facts, indicator: Indicator, days: np.ndarray) -> Measured:
    return _per_base(facts, indicator, *_stock(facts, indicator, days))


def _days_since(facts: Facts, indicator: Indicator, days: np.ndarray) -> Measured:
    rows = facts.rows_where(indicator.source, indicator.where)
    cap = indicator.days_since.cap
    quiet = facts.quiet_days(indicator.source, rows, cap, days)
    return quiet, _feed_gaps(facts, indicator, rows, cap, days)


def _given(facts: Facts, indicator: Indicator, days: np.ndarray) -> Measured:  # noqa: ARG001 - true on every day
    column = indicator.given.column
    numeric = facts.areas.select_dtypes("number")
    if column not in numeric:
        raise ScoringError.because(
            "scoring.no_column", indicator=indicator.id, column=column, there=list(numeric.columns)
        )
    values = numeric[column].to_numpy("float64")[None, :]
    return values, np.where(np.isfinite(values), Gap.NONE, Gap.EMPTY_CELL)


_MEASURES: dict[str, Callable[[Facts, Indicator, np.ndarray], Measured]] = {
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


def _feed_gaps(facts: Facts, indicator: Indicator, rows: np.ndarray, window_days: int, days: np.ndarray) -> np.ndarray:
    """(days, 1): silent where the whole table has no record in the window; never seen where no row ever matched."""
    recorded = facts.recorded_days(indicator.source)
    heard = np.searchsorted(recorded, days, "right") - np.searchsorted(recorded, days - window_days + 1, "left")
    return _or_never_seen(indicator, rows, np.where(heard > 0, Gap.NONE, Gap.FEED_SILENT))[:, None]


def _or_never_seen(indicator: Indicator, rows: np.ndarray, gaps: np.ndarray) -> np.ndarray:
    never_seen = not len(rows) and indicator.never_seen == "missing"
    return np.where(never_seen & (gaps == Gap.NONE), Gap.NEVER_SEEN, gaps)


def _per_base(facts: Facts, indicator: Indicator, amount: np.ndarray, gaps: np.ndarray) -> Measured:
    base = facts.base(indicator.per.base)[None, :]
    gaps = np.where((gaps == Gap.NONE) & np.isnan(base), Gap.BASE_MISSING, gaps)
    gaps = np.where((gaps == Gap.NONE) & (base < MINIMUM_BASE), Gap.BASE_TOO_SMALL, gaps)
    return amount * indicator.per.scale / np.where(base >= MINIMUM_BASE, base, np.nan), gaps
