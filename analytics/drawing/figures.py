"""How things are written: a value with its unit or why it is missing, a score, an area's short name."""

from __future__ import annotations

from analytics import tiers
from analytics.disclosure import SuppressionMark, mark_text
from analytics.scheme import Indicator
from analytics.scoring import Gap
from analytics.words import Language, say

_KINDS_OF_AREA = ("网格", "社区", "街道")


def short_name(name: str, parent_name: str = "") -> str:
    """The name as the map writes it: without the parent's name before it and the kind of area after it.

    >>> short_name("花径一村社区第四网格", "花径一村社区")
    '第四'
    >>> short_name("东湖社区")
    '东湖'
    """
    short = name.strip()
    parent = parent_name.strip()
    if parent and short.startswith(parent) and short != parent:
        short = short.removeprefix(parent).lstrip()
    for suffix in _KINDS_OF_AREA:
        stem = short.removesuffix(suffix)
        if stem != short and len(stem) >= 2:
            return stem
    return short


def value_text(lang: Language, indicator: Indicator, value: float, gap: Gap, *, small: bool) -> str:
    """A value as people read it: ``3``, ``8.2（每千人）``, ``≥28天``; a missing one says why.

    ``small``: it counts fewer people or households than may be told, and says no more than that.
    """
    if gap is not Gap.NONE:
        return say(lang, f"figures.gap_{gap.name.lower()}")
    if small:
        fewer = mark_text(SuppressionMark.SMALL).text(lang)
        return fewer if indicator.spec.unit.is_the_count else say(lang, "figures.few_in_all", fewer=fewer)
    return indicator.spec.unit.write(indicator, value).text(lang)


def score_text(score: float, tier: str | None = None) -> str:
    """A score with one decimal; a dash where there is none, or where ``tier`` says that it is too little to go by."""
    return "—" if score != score or tier == tiers.UNKNOWN else f"{score:.1f}"
