"""The measure ``per_check``: findings for each hundred checks."""

from __future__ import annotations

import numpy as np

from analytics.scheme.basics import required
from analytics.scheme.measures import count
from analytics.scheme.measures.gaps import Gap
from analytics.scheme.measures.spec import CountsView, Documentation, IndicatorView, Measured, MeasureSpec, WholeNumbers
from analytics.scheme.measures.units import PER_100_CHECKS


def value(counts: CountsView, indicator: IndicatorView, days: np.ndarray) -> Measured:
    """Incidents of the window per 100 checks that meet ``of``; missing where there were no checks."""
    found, gaps = count.value(counts, indicator, days)
    if not counts.has("checks"):
        return found, np.full((1, 1), Gap.TABLE_NOT_LOADED)
    checks = counts.in_window("checks", [indicator.of], required(indicator.window_days), days)
    gaps = np.where((gaps == Gap.NONE) & (checks == 0), Gap.NOTHING_TO_SHARE, gaps)
    return per_100(indicator, found, checks), gaps


def per_100(indicator: IndicatorView, part: np.ndarray, whole: np.ndarray) -> np.ndarray:  # noqa: ARG001 - the same for all
    """Findings per 100 checks."""
    return part * 100 / np.where(whole > 0, whole, np.nan)


MEASURE = MeasureSpec(
    id="per_check",
    sources={"incidents": ("window_days",)},
    value=value,
    events=None,
    denominator=None,
    sums_as=None,
    smallest_change=None,
    groups=None,
    made_of=WholeNumbers("records", "checks", per_100),
    unit=PER_100_CHECKS,
    of="checks",
    documentation=Documentation(
        formula="count / checks that meet of in the same window × 100",
        unit="incidents per 100 checks",
        source="Incidents are found where somebody looks: K. Lum & W. Isaac, To predict and serve?, Significance 13 "
        "(2016). The measure is ours.",
    ),
)
