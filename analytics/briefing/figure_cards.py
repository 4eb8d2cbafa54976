"""The four large figures of a briefing, each with its change against the release before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from analytics import tiers
from analytics.briefing.content import Card, Move
from analytics.releases.alike import alike
from analytics.releases.compare import ReleaseContent
from analytics.releases.publishing import ComparisonReport
from analytics.scoring import Assessment
from analytics.scoring.summary import carried_areas
from analytics.wording.numbers import NOTHING
from analytics.words import Language, say


def figure_cards(lang: Language, told: ComparisonReport, now: Assessment, moves: Sequence[Move]) -> tuple[Card, ...]:
    """Red and orange areas, moves, blue and green areas, and incidents of the week, or areas without a tier where no
    incidents are loaded. While tiers are carried on, or just were, fewer red areas are not called better."""
    counts = now.counts().iloc[-1]
    then = told.before.assessment.counts().iloc[-1] if told.before else None
    carried = carried_areas(now).any() or (told.before is not None and carried_areas(told.before.assessment).any())
    heavy, light = _heavy_card(lang, counts, then), _light_card(lang, counts, then)
    if told.before is not None and not alike(told.before, told.after):
        apart = {"change": None, "said": say(lang, "briefing.not_alike"), "good": None}
        heavy, light = replace(heavy, **apart), replace(light, **apart)
    return (
        replace(heavy, good=None) if carried and heavy.good else heavy,
        _moves_card(lang, told, moves),
        replace(light, good=None) if carried and light.good else light,
        _incidents_card(lang, told.after) or _unknown_card(lang, counts, then),
    )


def _changed(
    lang: Language, label: str, value: str, unit: str, by: float | None, *, up_is_good: bool, size: str
) -> Card:
    """A figure with its change ``by``, told as ``size``."""
    if by is None:
        return Card(say(lang, label), value, unit, None, say(lang, "briefing.first"), None)
    if by == 0:
        return Card(say(lang, label), value, unit, 0, say(lang, "briefing.level"), None)
    said = say(lang, "briefing.since", by=size)
    return Card(say(lang, label), value, unit, 1 if by > 0 else -1, said, (by > 0) == up_is_good)


def _heavy_card(lang: Language, counts: pd.Series, then: pd.Series | None) -> Card:
    heavy = int(counts[list(tiers.ELEVATED)].sum())
    by = None if then is None else heavy - int(then[list(tiers.ELEVATED)].sum())
    return _changed(
        lang,
        "briefing.card_heavy",
        f"{heavy}",
        say(lang, "briefing.unit_areas"),
        by,
        up_is_good=False,
        size=f"{abs(by or 0)}",
    )


def _moves_card(lang: Language, told: ComparisonReport, moves: Sequence[Move]) -> Card:
    label = say(lang, "briefing.card_moves")
    if told.comparison is None:
        return Card(label, NOTHING, "", None, say(lang, "briefing.first"), None)
    heavier, lighter = (sum(len(move.names) for move in moves if move.raised is way) for way in (True, False))
    net = heavier - lighter
    entry = "briefing.net_heavier" if net > 0 else "briefing.net_lighter" if net < 0 else "briefing.net_none"
    return Card(label, f"↑{heavier} ↓{lighter}", "", None, say(lang, entry, n=abs(net)), net < 0 if net else None)


def _light_card(lang: Language, counts: pd.Series, then: pd.Series | None) -> Card:
    """Blue and green among the areas that have a tier; a dash where none has."""

    def share(held: pd.Series) -> float | None:
        rated = int(held[list(tiers.RANKED)].sum())
        return round(100 * int(held[["blue", "green"]].sum()) / rated, 1) if rated else None

    now, before = share(counts), share(then) if then is not None else None
    if now is None:
        return Card(say(lang, "briefing.card_light"), NOTHING, "", None, say(lang, "briefing.none_rated"), None)
    by = None if before is None else round(now - before, 1)
    size = say(lang, "briefing.percent_points", n=f"{abs(by or 0):.1f}")
    return _changed(lang, "briefing.card_light", f"{now:.1f}", "%", by, up_is_good=True, size=size)


def _incidents_card(lang: Language, after: ReleaseContent) -> Card | None:
    """The week so far; held against the week before only where all of both is there."""
    weekly = after.incidents
    if weekly is None or weekly.empty:
        return None
    total = weekly.sum(axis=1).astype(int)
    label, value, unit = say(lang, "briefing.card_matters"), f"{total.iloc[-1]:,}", say(lang, "briefing.unit_matters")
    if weekly.index[-1] > pd.Timestamp(after.complete.day):
        why = "not_over" if weekly.index[-1] > pd.Timestamp(after.day) else "not_in"
        return Card(label, value, unit, None, say(lang, f"briefing.week_{why}"), None)
    if len(total) == 1:
        return Card(label, value, unit, None, say(lang, "briefing.first_week"), None)
    if after.complete.interrupted:
        return Card(label, value, unit, None, say(lang, "briefing.week_interrupted"), None)
    by = int(total.iloc[-1] - total.iloc[-2])
    if by == 0:
        return Card(label, value, unit, 0, say(lang, "briefing.level_week"), None)
    # More incidents on record may be more trouble or better reporting: neither good nor bad.
    return Card(label, value, unit, 1 if by > 0 else -1, say(lang, "briefing.since_week", by=f"{abs(by):,}"), None)


def _unknown_card(lang: Language, counts: pd.Series, then: pd.Series | None) -> Card:
    unknown = int(counts[tiers.UNKNOWN])
    by = None if then is None else unknown - int(then[tiers.UNKNOWN])
    return _changed(
        lang,
        "briefing.card_unknown",
        f"{unknown}",
        say(lang, "briefing.unit_areas"),
        by,
        up_is_good=False,
        size=f"{abs(by or 0)}",
    )
