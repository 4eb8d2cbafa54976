"""Rates: a number divided by a column of the areas."""

from __future__ import annotations

import numpy as np

from analytics.scheme.basics import required
from analytics.scheme.measures.gaps import MINIMUM_BASE, Gap
from analytics.scheme.measures.spec import CountsView, IndicatorView, Measured


def denominator(counts: CountsView, indicator: IndicatorView) -> np.ndarray:
    """(areas,) the column of the areas that ``per`` names, NaN where there is none."""
    return counts.rate_denominator(required(indicator.per).base)


def over_denominator(counts: CountsView, indicator: IndicatorView, amount: np.ndarray, gaps: np.ndarray) -> Measured:
    """``amount`` (days, areas) per ``per.scale`` of the denominator: a gap where that is missing or too small."""
    base = denominator(counts, indicator)[None, :]
    gaps = np.where((gaps == Gap.NONE) & np.isnan(base), Gap.BASE_MISSING, gaps)
    gaps = np.where((gaps == Gap.NONE) & (base < MINIMUM_BASE), Gap.BASE_TOO_SMALL, gaps)
    return per_scale(indicator, amount, np.where(base >= MINIMUM_BASE, base, np.nan)), gaps


def per_scale(indicator: IndicatorView, part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """``part`` per ``per.scale`` of ``whole``."""
    return part * required(indicator.per).scale / whole
