"""The office's working days: its table of holidays, and weekends where that says nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.store.counts import Counts

_SATURDAY = 5


def working_days(counts: Counts, days: pd.DatetimeIndex) -> np.ndarray:
    """Whether each of ``days`` (at midnight) is worked: (days,) bool."""
    worked = np.asarray(days.day_of_week < _SATURDAY)
    held = counts.small.get("holidays")
    if held is None or held.empty:
        return worked
    at = pd.Index(held["day"]).get_indexer(days.strftime("%Y-%m-%d"))
    return np.where(at >= 0, held["working"].to_numpy(bool)[at], worked)
