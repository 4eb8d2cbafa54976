"""The first page in words: how many areas need most work, which come first, which changed, and how the weeks went."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analytics import tiers
from analytics.scoring import Assessment, ranking, transitions
from analytics.scoring.summary import carried_areas, changes
from analytics.store.ledger import ReleaseEntry
from analytics.wording.areas import brief_names, names_text, parent_name
from analytics.wording.dates import short_day
from analytics.wording.numbers import score_text
from analytics.wording.reasons import leading_reasons
from analytics.wording.releases import release_name
from analytics.words import Language, say

NAMES_PER_MOVE = 8


def headline(lang: Language, assessment: Assessment, before: ReleaseEntry | None) -> str:
    """How many areas need most work, and how many changed colour since the assessment's first day, which is that of the
    release ``before`` where there is one."""
    first, last = assessment.counts().iloc[0], assessment.counts().iloc[-1]
    now, then = (int(counts[list(tiers.ELEVATED)].sum()) for counts in (last, first))
    since = assessment.days[0]
    trend = "more" if now > then else "fewer" if now < then else "same"
    changed = changes(assessment)
    stopped = 0
    if carried_areas(assessment, 0).any() or carried_areas(assessment).any():
        stopped = int(changed["raised"].isna().sum())
    return say(
        lang,
        f"overview.sentence_{trend}",
        beside=say(lang, "reason.separator") + say(lang, "silence.not_better", n=stopped) if stopped else "",
        heavy=now,
        by=abs(now - then),
        since=say(lang, "overview.since_release", release=release_name(lang, before))
        if before
        else say(lang, "overview.since_day", day=short_day(lang, since)),
        changed=len(changed),
        areas=len(assessment.areas),
    )


def ranking_rows(lang: Language, assessment: Assessment, selected: str | None, most: int) -> list[dict[str, object]]:
    """The first ``most`` areas by work on the last day that have a tier, with what weighs most and the measure of their
    tier; the ``selected`` one is ``chosen``."""
    scheme, last = assessment.scheme, assessment.on(assessment.days[-1])
    table, names = ranking(last), brief_names(last)
    return [
        {
            "name": names[area_id],
            "parent": parent_name(assessment, area_id),
            "tier": row.tier,
            "carried": row.carried,
            "score": score_text(row.score, scheme, row.computed),
            "why": leading_reasons(lang, last, area_id, row.leads),
            "measure": scheme.measures[row.tier].text.text(lang) if row.tier in scheme.measures else "",
            "chosen": area_id == selected,
        }
        for area_id, row in table[table["tier"] != tiers.UNKNOWN].head(most).iterrows()
    ]


def move_groups(lang: Language, assessment: Assessment) -> list[dict[str, object]]:
    """The areas that changed colour between the first and the last day: those that became heavier, lighter, and those
    whose data stopped or came again, each with its ``moves`` from → to by name; a group that nobody is in is left
    out."""
    table, names = transitions(changes(assessment)), brief_names(assessment)
    carried = [set(assessment.areas.index[carried_areas(assessment, day)]) for day in (0, -1)]
    groups = []
    for key, chosen in (
        ("heavier", table["raised"].eq(other=True)),
        ("lighter", table["raised"].eq(other=False)),
        ("unknown", table["raised"].isna()),
    ):
        rows = table[chosen.fillna(value=False)]
        if rows.empty:
            continue
        groups.append(
            {
                "title": say(lang, f"overview.moves_{key}", n=int(rows["areas"].str.len().sum())),
                "moves": [
                    {
                        "before": row.before,
                        "after": row.after,
                        "carried": [here.issuperset(row.areas) for here in carried],
                        "names": names_text(lang, names[row.areas], NAMES_PER_MOVE),
                        "count": number_of_areas(lang, len(row.areas)),
                    }
                    for row in rows.itertuples()
                ],
            }
        )
    return groups


def number_of_areas(lang: Language, number: int) -> str:
    """So many areas."""
    return say(lang, "overview.n_areas", n=number)


def span(lang: Language, assessment: Assessment) -> str:
    """From the first to the last day."""
    first, last = (short_day(lang, assessment.days[end]) for end in (0, -1))
    return say(lang, "overview.span", first=first, last=last)


def elevated_count(lang: Language, counts: pd.Series) -> str:
    """How many areas of one day's ``counts`` (index: tiers) are red or orange, in short."""
    return say(lang, "overview.heavy_short", n=int(counts[list(tiers.ELEVATED)].sum()))


def counts_text(lang: Language, counts: pd.Series, shown: Sequence[str], carried: int = 0) -> str:
    """One day's ``counts`` (index: tiers) of the tiers that are ``shown``, in a row, and how many of all are carried
    on."""
    told = say(lang, "overview.names", names=[f"{say(lang, f'tiers.{tier}')} {int(counts[tier])}" for tier in shown])
    return say(lang, "overview.carried_week", counts=told, n=carried) if carried else told
