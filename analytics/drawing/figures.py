"""How a value of an indicator is written: with its unit, or with the reason why it is missing."""

from __future__ import annotations

from analytics.scheme import Indicator
from analytics.scoring import Gap
from analytics.words import Language, say


def value_text(lang: Language, indicator: Indicator, value: float, gap: Gap) -> str:
    """A value as people read it: ``3``, ``8.2（每千人）``, ``≥28天``; a missing one says why."""
    if gap is not Gap.NONE:
        return say(lang, f"figures.gap_{gap.name.lower()}")
    match indicator.measure:
        case "count" | "open":
            return say(lang, "figures.number", value=f"{value:,.0f}")
        case "share":
            return say(lang, "figures.number", value=f"{value:.0%}")
        case "days_since":
            capped = value >= indicator.days_since.cap
            return say(lang, "figures.days_capped" if capped else "figures.days", value=f"{value:.0f}")
        case "rate" | "stock_rate":
            per = indicator.per
            scale = int(per.scale) if per.scale == int(per.scale) else per.scale
            base = say(lang, f"figures.per_{per.base}")
            entry = f"figures.rate_{scale}" if scale in (1, 100, 1000, 10000) else "figures.rate"
            return say(lang, entry, value=f"{value:,.1f}", base=base, scale=f"{scale:,}")
    return say(lang, "figures.number", value=f"{value:,.4g}")


def score_text(score: float) -> str:
    """A score with one decimal, or a dash."""
    return "—" if score != score else f"{score:.1f}"
