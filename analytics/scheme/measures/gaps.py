"""Why a value is missing, and the ways in which several measures find that out.

``counts``, ``indicator`` and ``days`` are as a :class:`MeasureSpec` passes them; gaps are arrays of :class:`Gap`.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

import numpy as np

from analytics.scheme.conditions import Where
from analytics.scheme.measures.spec import CountsView, IndicatorView

MINIMUM_BASE = 30
"""A rate on fewer people, households or places than this is neither shown nor scored."""


class Gap(IntEnum):
    """Why a value is missing. ``NONE`` where it is known. It is there too, but without points, where those are a place
    among areas whose data are interrupted (``OTHERS_INTERRUPTED``)."""

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
    UNKNOWN_WORD = 10
    GROUP_STRADDLES = 11
    ALL_EQUAL = 12
    OUT_OF_DATE = 13
    NOT_RECORDED_YET = 14
    LEFT_OUT = 15
    NO_VALUE_YET = 16
    OTHERS_INTERRUPTED = 17
    COUNT_UNKNOWN = 18


def feed_gaps(
    counts: CountsView, indicator: IndicatorView, wheres: Sequence[Where], window_days: int, days: np.ndarray
) -> np.ndarray:
    """(days, 1): silent where the whole table has no record in the window; never seen where no record ever matched."""
    recorded = counts.recorded_days(indicator.source)
    heard = np.searchsorted(recorded, days, "right") - np.searchsorted(recorded, days - window_days + 1, "left")
    return or_never_seen(counts, indicator, wheres, np.where(heard > 0, Gap.NONE, Gap.FEED_SILENT))[:, None]


def begun_gaps(counts: CountsView, indicator: IndicatorView, days: np.ndarray) -> np.ndarray:
    """(days, 1): silent before the first record of all; never seen where no record ever matched."""
    begun = np.searchsorted(counts.recorded_days(indicator.source), days, "right") > 0
    gaps = np.where(begun, Gap.NONE, Gap.FEED_SILENT)
    return or_never_seen(counts, indicator, [indicator.where], gaps)[:, None]


def or_never_seen(
    counts: CountsView, indicator: IndicatorView, wheres: Sequence[Where], gaps: np.ndarray
) -> np.ndarray:
    """The gaps, never seen in the place of none where no record of the table ever met all ``wheres``, unless the scheme
    says that this means zero."""
    never_seen = indicator.never_seen == "missing" and not counts.occurs(indicator.source, *wheres)
    return np.where(never_seen & (gaps == Gap.NONE), Gap.NEVER_SEEN, gaps)
