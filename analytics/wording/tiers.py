"""How tiers are called."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analytics import tiers
from analytics.marks import MARKS, Mark
from analytics.words import Language, say


def tier_name(lang: Language, tier: str, *, carried: bool = False) -> str:
    """What a tier is called; one that is ``carried`` on is never told without that: 绿（沿用，未核实）."""
    name = say(lang, f"tiers.{tier}")
    return say(lang, "tiers.carried", tier=name) if carried else name


def marked(lang: Language, tier: str, *, carried: bool = False) -> str:
    """A tier with its mark: ▲红."""
    return f"{tiers.LOOKS[tier].mark}{tier_name(lang, tier, carried=carried)}"


def tier_in_sentence(lang: Language, tier: str) -> str:
    """What a tier is called within a sentence: 红色, red."""
    return say(lang, f"bulletin.tier_{tier}")


def marked_in_sentence(lang: Language, tier: str, *, carried: bool = False) -> str:
    """A tier with its mark within a sentence: ▲红色, ▲red."""
    name = tier_in_sentence(lang, tier)
    return f"{tiers.LOOKS[tier].mark}{say(lang, 'tiers.carried', tier=name) if carried else name}"


def tier_options(lang: Language) -> Mapping[str, str]:
    """The five tiers that a person can decide on, hardest first, with their marks."""
    return {tier: marked(lang, tier) for tier in reversed(tiers.RANKED)}


def tier_labels(lang: Language) -> list[str]:
    """All tiers with their marks, hardest first, unknown last: the rows or columns of a table of counts."""
    return [marked(lang, tier) for tier in tiers.SHOWN]


def mark_name(lang: Language, mark: Mark) -> str:
    """What a mark beside a tier means, in one word."""
    return say(lang, f"tiers.mark_{mark}")


def mark_count(lang: Language, mark: Mark, n: int) -> str:
    """A mark in a legend, with how many areas have it: 保持14."""
    return say(lang, "tiers.mark_count", name=mark_name(lang, mark), n=n)


def mark_rows(lang: Language, marks: pd.Series) -> list[dict[str, str]]:
    """The marks of one area (a row of `area_marks`), in their order: the ``name`` of each and what it ``means``."""
    return [{"name": mark, "means": mark_name(lang, mark)} for mark in MARKS if marks[mark]]
