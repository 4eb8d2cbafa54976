"""How numbers are written: scores, shares, and differences with their sign."""

from __future__ import annotations

from analytics import tiers
from analytics.scheme import Scheme
from analytics.scoring.displayed_score import displayed_score
from analytics.words import Language, say, signed

NOTHING = "—"
"""Stands where there is nothing to say: an empty cell would leave open whether something was lost."""

FINEST = 7
"""Decimals of a percentage: shares of weight have no more."""

SMALLEST_SHOWN_DIFFERENCE = 0.05
"""Of two scores with one decimal: what would print as +0.0 is none."""


def score_text(score: float, scheme: Scheme, tier: str | None = None) -> str:
    """A score as :func:`displayed_score` beside the cut-offs of its ``scheme``; a dash where there is none, or where
    ``tier`` says that it is too little to go by."""
    if score != score or tier == tiers.UNKNOWN:
        return NOTHING
    told = displayed_score(score, scheme.cutoffs)
    return f"{told:.1f}" if told == round(told, 1) else f"{told:.2f}" if told == round(told, 2) else f"{told}"


def percent_text(share: float, decimals: int = 1) -> str:
    """A share (0–1) in percent; a dash for NaN."""
    return NOTHING if share != share else f"{share:.{decimals}%}".replace("-", "−")


def short_of_text(share: float, limit: float) -> tuple[str, str]:
    """A share (0–1) that is short of a ``limit``, and the limit, in percent: with as many decimals as it takes for the
    one to be told as less than the other."""
    least = f"{round(limit * 100, FINEST):g}"
    texts = (f"{share * 100:.{decimals}f}" for decimals in range(FINEST))
    told = next((text for text in texts if float(text) < float(least)), f"{share * 100:.{FINEST}f}")
    return f"{told}%", f"{least}%"


def decimal_text(value: float, decimals: int) -> str:
    """A number with so many decimals; a dash for NaN."""
    return NOTHING if value != value else f"{value:.{decimals}f}"


def share_text(share: float) -> str:
    """A share of draws in whole percent; 0% and 100% are said of none and of all alone."""
    if 0 < share < 0.01:
        return "<1%"
    return ">99%" if 0.99 < share < 1 else f"{share:.0%}"


def kept_text(share: float) -> str:
    """A share of draws on which a word hangs, with a decimal, so that 59.6% is not called 60%."""
    if share == 1:
        return "100%"
    return ">99.9%" if share > 0.999 else f"{share:.1%}"


def arrowed(lang: Language, difference: int) -> str:
    """A change of a count: ↑ 2, ↓ 1, or that it stayed."""
    if difference == 0:
        return say(lang, "overview.level")
    return f"{'↑' if difference > 0 else '↓'} {abs(difference)}"


def signed_points(difference: float) -> str:
    """A difference of two scores: +1.2, −0.4; a dash where there is none to see, or none at all."""
    if difference != difference or abs(difference) < SMALLEST_SHOWN_DIFFERENCE:
        return NOTHING
    return signed(difference, 1)
