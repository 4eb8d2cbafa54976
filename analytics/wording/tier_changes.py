"""Tier changes in a leader's terms: which indicator or rule moved an area, and what its tier waits for."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby, takewhile
from typing import Literal

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.scoring import Assessment, Gap
from analytics.scoring.assess import NO_OVERRIDE
from analytics.scoring.orders import in_force
from analytics.scoring.reasons import ShownTier
from analytics.scoring.summary import carried_areas, ordered_areas, taken_back
from analytics.wording.dates import day_near, short_day
from analytics.wording.indicators import value_text
from analytics.words import Language, say

SMALLEST_PART = 0.05
"""Points of score below which an indicator is not said to have moved anything."""
NAMES_IN_HEADLINE = 6
_PLACE = "\0"
"""Stands where names go that are links: no word holds it."""

Beside = Literal["person", "order_raised", "order_ended"]
"""What made a tier another one that no evidence did: a person, an order, or the end of one."""


def changed_parts(
    lang: Language, changed: pd.DataFrame, names: Mapping[str, str] | pd.Series, beside: Mapping[str, Beside]
) -> list[dict[str, str]]:
    """Which areas changed tier and to what, and how many where these are more than a headline holds: parts of ``text``,
    those that are names with their ``area_id``. ``changed`` is as of ``changes``. What no evidence did stands
    ``beside`` its area; those that persons decided on come first, then the hardest."""
    parts: list[dict[str, str]] = []
    last = ""
    by_persons = changed.index.isin([area for area, by in beside.items() if by == "person"])
    told = pd.concat([changed[by_persons], changed[~by_persons]]).head(NAMES_IN_HEADLINE)
    for (key, before_tier, after, by), group in groupby(
        told.itertuples(), key=lambda row: (*_clause(row, beside.get(str(row.Index))), beside.get(str(row.Index)))
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
        parts.append({"area_id": "", "text": tail + (say(lang, f"overview.by_{by}") if by else "")})
    if len(changed) > NAMES_IN_HEADLINE:
        parts.append({"area_id": "", "text": say(lang, "overview.all_changes", n=len(changed))})
    return parts


def _clause(row: object, by: Beside | None) -> tuple[str, str, str]:
    """Under which words a change stands; its tier before is named where it went more than one step."""
    if pd.isna(row.raised):
        if row.after == tiers.UNKNOWN:
            return "became_unknown", row.after, row.after
        if row.before == tiers.UNKNOWN:
            return "decided_unrated" if by else "known_again", row.after, row.after
        return "restated", row.before, row.after
    way = "raised" if row.raised else "lowered"
    if abs(tiers.RANK[row.after] - tiers.RANK[row.before]) > 1:
        return f"{way}_from_to", row.before, row.after
    return f"{way}_to", row.after, row.after


def what_moved(lang: Language, pair: Assessment, area_id: str) -> str:
    """What made the tier that is shown another one between the first and the last day of ``pair``: an order, a person,
    data that stopped or came again, a floor rule, the one indicator whose part of the score went that way most, or the
    stability rule whose waiting came to an end; nothing where none of these can be told."""
    at = pair.areas.index.get_loc(area_id)
    if by_order := _by_order(lang, pair, area_id):
        return by_order
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


def what_no_evidence_did(pair: Assessment) -> dict[str, Beside]:
    """By area, what made its tier another one between the first and the last day of ``pair``, or what it is now, and is
    no evidence. What an order does to a tier that goes the other way is not told."""
    rises = pair.shown[-1].astype(int) - pair.shown[0]
    raised, ended = ordered_areas(pair) & (rises > 0), ordered_areas(pair, 0) & (rises < 0)
    decided = pair.override_left[-1] != NO_OVERRIDE
    found: dict[str, Beside] = {}
    for area_id, *by in zip(pair.areas.index, raised, ended, decided, strict=True):
        kinds: tuple[Beside, ...] = ("order_raised", "order_ended", "person")
        if kind := next((kind for kind, has in zip(kinds, by, strict=True) if has), None):
            found[str(area_id)] = kind
    return found


def _by_order(lang: Language, pair: Assessment, area_id: str) -> str:
    """The order that raised a tier, or that ended and left a milder one; nothing where none did."""
    at = pair.areas.index.get_loc(area_id)
    was, now = (int(pair.shown[day, at]) for day in (0, -1))
    if not (ordered_areas(pair)[at] if now > was else ordered_areas(pair, 0)[at]):
        return ""
    way, day = ("raised", -1) if now > was else ("ended", 0)
    order = in_force(pair.orders, area_id, pair.days[day].date())
    until = day_near(lang, order.last, pair.days[-1].date())
    return say(lang, f"overview.moved_order_{way}", basis=order.basis, until=until)


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
    if shown.why == "order":
        return say(lang, "overview.wait_order", until=day_near(lang, shown.order.last, shown.day))
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
