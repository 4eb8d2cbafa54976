"""The office's working days: its table of holidays, and weekends where that says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from analytics.office import SATURDAY
from analytics.store.counts import Counts


def working_days(counts: Counts, days: pd.DatetimeIndex) -> np.ndarray:
    """Whether each of ``days`` (at midnight) is worked: (days,) bool."""
    worked = np.asarray(days.day_of_week < SATURDAY)
    held = counts.small.get("holidays")
    if held is None or held.empty:
        return worked
    at = pd.Index(held["day"]).get_indexer(days.strftime("%Y-%m-%d"))
    return np.where(at >= 0, held["working"].to_numpy(bool)[at], worked)


def told_days(counts: Counts) -> Mapping[date, bool]:
    """The days of the office's table of holidays, and whether each is worked."""
    held = counts.small.get("holidays")
    if held is None:
        return {}
    return {date.fromisoformat(day): bool(worked) for day, worked in zip(held["day"], held["working"], strict=True)}
