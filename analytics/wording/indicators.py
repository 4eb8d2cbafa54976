"""Indicators in words: a value with its unit or why it is missing, which weigh most, and an area's whole list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from analytics.disclosure import few_text
from analytics.scheme import Indicator, Scheme
from analytics.scoring import Assessment, Gap, reason_for
from analytics.scoring.rate_support import FEW_EVENTS, RateSupport
from analytics.wording.numbers import NOTHING, decimal_text
from analytics.words import Language, phrase, say

LEADS_TOLD = 2


WORDS_TOLD = 5


def value_text(
    lang: Language, indicator: Indicator, value: float, gap: Gap, *, small: bool, doubtful: Sequence[str] = ()
) -> str:
    """A value as people read it: ``3``, ``8.2（每千人）``, ``≥28天``; a missing one says why.

    ``small``: it is told as made of fewer people than ten, and says no more than that. ``doubtful``: the
    words on which it hangs where they are why it is missing.
    """
    if gap in (Gap.UNKNOWN_WORD, Gap.GROUP_STRADDLES):
        return say(lang, f"figures.gap_{gap.name.lower()}", words=_words_told(lang, doubtful))
    if gap is not Gap.NONE:
        return say(lang, f"figures.gap_{gap.name.lower()}")
    if small:
        fewer = few_text(lang)
        return fewer if indicator.spec.unit.is_the_count else say(lang, "figures.few_in_all", fewer=fewer)
    return indicator.spec.unit.write(indicator, value).text(lang)


def doubtful_text(lang: Language, scheme: Scheme, indicator: Indicator, words: Sequence[str]) -> str:
    """That an indicator cannot be told where one of some words, or groups, stands in its table."""
    return say(
        lang,
        "figures.doubtful",
        scheme=scheme.name.text(lang),
        indicator=indicator.name.text(lang),
        table=phrase(f"tables.{indicator.source}"),
        words=_words_told(lang, words),
    )


def missing_texts(lang: Language, assessment: Assessment) -> Iterator[str]:
    """For each indicator in how many areas it is missing on the last day, and why; words that nobody knows are said by
    :func:`doubtful_text`, and what a scheme leaves out is no news."""
    for at, indicator in enumerate(assessment.scheme.indicators):
        gaps, areas = np.unique(assessment.gaps[-1, :, at], return_counts=True)
        for gap, n in zip(map(Gap, gaps), areas, strict=True):
            if gap not in (Gap.NONE, Gap.LEFT_OUT, Gap.UNKNOWN_WORD, Gap.GROUP_STRADDLES):
                why = say(lang, f"figures.gap_{gap.name.lower()}")
                yield say(lang, "figures.missing_in", indicator=indicator.name.text(lang), n=int(n), why=why)


def _words_told(lang: Language, words: Sequence[str]) -> str:
    told = [say(lang, "figures.word", word=word) for word in words[:WORDS_TOLD]]
    if len(words) > WORDS_TOLD:
        told.append(say(lang, "data.unknown_words_more", n=len(words) - WORDS_TOLD))
    return say(lang, "data.unknown_separator").join(told)


def leading_values(lang: Language, assessment: Assessment, area_id: str, leads: Sequence[str]) -> list[str]:
    """The first of the indicators ``leads`` with their values on the last day: 近14天新增病例 3."""
    at = assessment.areas.index.get_loc(area_id)
    told = []
    for number, indicator in enumerate(assessment.scheme.indicators):
        if indicator.id in leads[:LEADS_TOLD]:
            small = bool(assessment.small[-1, at, number])
            value = value_text(lang, indicator, assessment.values[-1, at, number], Gap.NONE, small=small)
            told.append(
                (leads.index(indicator.id), say(lang, "reason.named", name=indicator.name.text(lang), value=value))
            )
    return [text for _, text in sorted(told)]


def indicator_rows(
    lang: Language, assessment: Assessment, area_id: str, behind: Mapping[str, RateSupport]
) -> list[dict[str, object]]:
    """Each indicator of an area on the last day: its value (``missing``: the words for why there is none), what stands
    ``beside`` it, its points, its weight and what it adds."""
    parts, at = reason_for(assessment.on(assessment.days[-1]), area_id).parts, assessment.areas.index.get_loc(area_id)
    return [
        {
            "name": indicator.name.text(lang),
            "value": value_text(
                lang,
                indicator,
                part.value,
                part.gap,
                small=part.small,
                doubtful=assessment.doubtful.get(indicator.id, ()),
            ),
            "missing": part.gap is not Gap.NONE,
            "beside": _age(lang, int(assessment.ages[-1, at, number]))
            or _beside(lang, indicator, part.gap, behind, at),
            "points": decimal_text(part.points, 1),
            "weight": f"{part.weight:.0%}",
            "adds": f"{part.contribution:.1f}" if part.gap is Gap.NONE else NOTHING,
        }
        for number, (indicator, part) in enumerate(zip(assessment.scheme.indicators, parts.itertuples(), strict=True))
    ]


def _age(lang: Language, days: int) -> str:
    """How old a value is that has a day of its own; nothing for one of the very day."""
    return say(lang, "figures.value_age_one" if days == 1 else "figures.value_age", n=days) if days > 0 else ""


def _beside(lang: Language, indicator: Indicator, gap: Gap, behind: Mapping[str, RateSupport], at: int) -> str:
    """What stands beside a rate: the one that borrows from the other areas, and whether it rests on few incidents."""
    if gap is not Gap.NONE or indicator.id not in behind:
        return ""
    events, smoothed = int(behind[indicator.id].events[at]), behind[indicator.id].smoothed[at]
    said = say(lang, "reason.smoothed", value=f"{smoothed:,.1f}")
    if events >= FEW_EVENTS:
        return said
    return say(lang, "reason.separator").join([say(lang, "reason.few_events", n=events), said])
