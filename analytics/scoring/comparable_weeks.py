"""Weeks of incidents, and whether they can be held against each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analytics.office import WEEK_DAYS
from analytics.scoring.area_counts import AreaCounts
from analytics.scoring.reporting_delay import ReportingDelay
from analytics.scoring.silence import silent_days
from analytics.scoring.summary import complete_weeks


def weeks_interrupted(facts: AreaCounts, ends: Sequence[date], known_to: date) -> bool:
    """Whether a feed of incidents, used by a scheme or not, was silent on some days of the weeks that end on ``ends``,
    judged by what was known at the end of ``known_to``, not before the last of them.

    A week that lacks what a feed brings is neither more nor less than one that does not. Where one feed of several
    brought nothing on any day of any of these weeks, they are alike again.
    """
    first = min(ends) - timedelta(days=WEEK_DAYS - 1)
    _, silent = silent_days(facts, "incidents", first, known_to)
    starts = [(end - first).days - WEEK_DAYS + 1 for end in ends]
    days = np.array([silent[start : start + WEEK_DAYS].sum(axis=0) for start in starts])
    throughout = (days == WEEK_DAYS).all(axis=0)
    throughout[:1] = False  # the whole table: there is nothing to hold against anything
    return bool((days.any(axis=0) & ~throughout).any())


@dataclass(frozen=True)
class WeeklyIncidents:
    """What is known of the incidents of each week (``counts``, a row a week): how late they come, and whether a feed
    was ``interrupted`` in the weeks that end on two days."""

    counts: pd.DataFrame
    delay: ReportingDelay
    interrupted: Callable[[Sequence[date]], bool]

    @property
    def complete(self) -> pd.DataFrame:
        """The weeks of which every day is there."""
        return complete_weeks(self.counts, self.delay.complete_to)

    def against(self, weeks: int) -> float | None:
        """By what share the newest complete week is above that so many weeks before; None where there is none such or
        none with incidents, and where the two are not alike."""
        total = self.complete.sum(axis=1)
        if len(total) <= weeks or not total.iloc[-1 - weeks]:
            return None
        if self.interrupted([total.index[at].date() for at in (-1 - weeks, -1)]):
            return None
        return float(total.iloc[-1] / total.iloc[-1 - weeks] - 1)
