"""How tiers are called."""

from __future__ import annotations

from collections.abc import Mapping

from analytics import tiers
from analytics.words import Language, say


def tier_name(lang: Language, tier: str, *, carried: bool = False) -> str:
    """What a tier is called; one that is ``carried`` on is never told without that: 绿（沿用，未核实）."""
    name = say(lang, f"tiers.{tier}")
    return say(lang, "tiers.carried", tier=name) if carried else name


def marked(lang: Language, tier: str, *, carried: bool = False) -> str:
    """A tier with its mark: ▲红."""
    return f"{tiers.LOOKS[tier].mark}{tier_name(lang, tier, carried=carried)}"


def tier_options(lang: Language) -> Mapping[str, str]:
    """The five tiers that a person can decide on, hardest first, with their marks."""
    return {tier: marked(lang, tier) for tier in reversed(tiers.RANKED)}


def tier_labels(lang: Language) -> list[str]:
    """All tiers with their marks, hardest first, unknown last: the rows or columns of a table of counts."""
    return [marked(lang, tier) for tier in tiers.SHOWN]
