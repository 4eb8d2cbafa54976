"""Tier changes in a leader's terms: which indicator or rule moved an area, and what its tier waits for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import groupby, takewhile

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.scoring import Assessment, Gap
from analytics.scoring.assess import NO_OVERRIDE
from analytics.scoring.reasons import ShownTier
from analytics.scoring.summary import carried_areas, taken_back
from analytics.wording.dates import short_day
from analytics.wording.indicators import value_text
from analytics.words import Language, say

SMALLEST_PART = 0.05
"""Points of score below which an indicator is not said to have moved anything."""
NAMES_IN_HEADLINE = 6
_PLACE = "\0"
"""Stands where names go that are links: no word holds it."""


def changed_parts(
    lang: Language, changed: pd.DataFrame, names: Mapping[str, str] | pd.Series, decided: Collection[str]
) -> list[dict[str, str]]:
    """Which areas changed tier and to what, and how many where these are more than a headline holds: parts of ``text``,
    those that are names with their ``area_id``. ``changed`` is as of ``changes``; those that persons ``decided`` on
    stand first and are called so, then the hardest."""
    parts: list[dict[str, str]] = []
    last = ""
    by_persons = changed.index.isin(list(decided))
    told = pd.concat([changed[by_persons], changed[~by_persons]]).head(NAMES_IN_HEADLINE)
    for (key, before_tier, after, by_person), group in groupby(
        told.itertuples(), key=lambda row: (*_clause(row, by_person=row.Index in decided), row.Index in decided)
    ):
        if last:
            same = key.partition("_")[0] == last
            parts.append({"area_id": "", "text": say(lang, f"overview.clause_{'same' if same else 'other'}")})
        last = key.partition("_")[0]
        words = {"before": say(lang, f"bulletin.tier_{before_tier}"), "tier": say(lang, f"bulletin.tier_{after}")}
        head, _, tail = say(lang, f"overview.{key}", names=_PLACE, **words).partition(_PLACE)
        parts.append({"area_id": "", "text": head})
        for number, row in enumerate(group):
            if number:
                parts.append({"area_id": "", "text": say(lang, "overview.name_separator")})
            parts.append({"area_id": str(row.Index), "text": names[row.Index]})
        parts.append({"area_id": "", "text": tail + (say(lang, "overview.by_person") if by_person else "")})
    if len(changed) > NAMES_IN_HEADLINE:
        parts.append({"area_id": "", "text": say(lang, "overview.all_changes", n=len(changed))})
    return parts


def _clause(row: object, *, by_person: bool) -> tuple[str, str, str]:
    """Under which words a change stands; its tier before is named where it went more than one step."""
    if pd.isna(row.raised):
        if row.after == tiers.UNKNOWN:
            return "became_unknown", row.after, row.after
        if row.before == tiers.UNKNOWN:
            return "decided_unrated" if by_person else "known_again", row.after, row.after
        return "restated", row.before, row.after
    way = "raised" if row.raised else "lowered"
    if abs(tiers.RANK[row.after] - tiers.RANK[row.before]) > 1:
        return f"{way}_from_to", row.before, row.after
    return f"{way}_to", row.after, row.after


def what_moved(lang: Language, pair: Assessment, area_id: str) -> str:
    """What made the tier that is shown another one between the first and the last day of ``pair``: a person, data that
    stopped or came again, a floor rule, the one indicator whose part of the score went that way most, or the stability
    rule whose waiting came to an end; nothing where none of these can be told."""
    at = pair.areas.index.get_loc(area_id)
    decided = pair.override_left[[0, -1], at] != NO_OVERRIDE
    if decided.any():
        return say(lang, "overview.moved_decided" if decided[1] else "overview.moved_decision_over")
    was, now = (int(pair.shown[day, at]) for day in (0, -1))
    if now == tiers.UNKNOWN_RANK:
        return say(lang, "overview.moved_unknown")
    if was == tiers.UNKNOWN_RANK:
        return say(lang, "overview.moved_known_again")
    if bool(taken_back(pair, pair, 0).iloc[at]) or carried_areas(pair, 0)[at] or carried_areas(pair)[at]:
        return say(lang, "overview.moved_interrupted")
    way = 1 if now > was else -1
    then, computed = (int(pair.computed[day, at]) for day in (0, -1))
    if (computed - then) * way <= 0:
        # Nothing new was computed that way: it had been so before, and the waiting is over.
        waited = say(lang, "overview.moved_waited_up" if way > 0 else "overview.moved_waited_down")
        gone = (pair.score[-1, at] - pair.score[0, at]) * way > 0
        by = _by_indicator(lang, pair, at, way) if gone else ""
        return say(lang, "overview.moved_and_waited", by=by, waited=waited) if by else waited
    return _by_floor(lang, pair, at, way) or _by_indicator(lang, pair, at, way)


def _by_floor(lang: Language, pair: Assessment, at: int, way: int) -> str:
    """The floor rule that began to decide, or ceased to."""
    rules = [int(pair.decided[day, at]) for day in (0, -1)]
    if rules[0] == rules[1]:
        return ""
    rule = rules[1] if way > 0 else rules[0]
    if rule < 0:
        return ""
    name = pair.scheme.floors[rule].name.text(lang)
    return say(lang, "overview.moved_floor" if way > 0 else "overview.moved_floor_gone", name=name)


def _by_indicator(lang: Language, pair: Assessment, at: int, way: int) -> str:
    """The indicator that adds most of what the score went up, or down: its value then and now."""
    by = (pair.parts[-1, at] - pair.parts[0, at]) * way
    if np.isnan(by).all() or np.nanmax(by) < SMALLEST_PART:
        return say(lang, "overview.moved_beside") if pair.scheme.is_relative() else ""
    number = int(np.nanargmax(by))
    indicator = pair.scheme.indicators[number]
    before, after = (
        value_text(
            lang,
            indicator,
            float(pair.values[day, at, number]),
            Gap(pair.gaps[day, at, number]),
            small=bool(pair.small[day, at, number]),
        )
        for day in (0, -1)
    )
    return say(lang, "overview.moved_by", name=indicator.name.text(lang), values=from_to(before, after))


def from_to(before: str, after: str) -> str:
    """Two values with their unit once: what follows the number in both, in one or in several.

    >>> from_to("21天", "28天以上"), from_to("3.2（每千人）", "8.7（每千人）"), from_to("0 cases", "1 case")
    ('21天→28天以上', '3.2→8.7（每千人）', '0→1 case')
    """
    was, now = (text.lstrip("0123456789.,") for text in (before, after))
    if was.removesuffix("s") == now.removesuffix("s"):
        return f"{before.removesuffix(was)}→{after}"
    pairs = zip(reversed(before), reversed(after), strict=False)
    same = sum(1 for _ in takewhile(lambda both: both[0] == both[1], pairs))
    unit = before[len(before) - same :].lstrip("0123456789.,")
    return f"{before.removesuffix(unit)}→{after}"


def wait_text(lang: Language, shown: ShownTier) -> str:
    """What keeps a tier that the day's records do not give, and for how long yet: 保持：测算为绿，16天后可降; nothing
    where nothing does."""
    if shown.why == "override":
        until = short_day(lang, shown.override_until) if shown.override_until else ""
        return say(lang, "overview.wait_override_until" if until else "overview.wait_override", until=until)
    if shown.why == "carried":
        return say(lang, "overview.wait_carried", n=shown.carried)
    if shown.why != "held":
        return ""
    computed, following = (say(lang, f"tiers.{tier}") for tier in (shown.computed, shown.waiting_for))
    if shown.next_change is None:
        return say(lang, "overview.wait_held", computed=computed)
    days = (shown.next_change - shown.day).days
    return say(lang, f"overview.wait_{shown.way}", computed=computed, n=days, next=following)
