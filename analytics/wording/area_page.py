"""The page of one area in words: why this colour, what it is made of, its past, what is open; and the list of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from analytics import tiers
from analytics.marks import KEEPING, Mark
from analytics.scheme import Indicator, Scheme
from analytics.scheme.conditions import named_in
from analytics.scheme.measures import Gap
from analytics.scoring import Assessment, Reason, ranking, reason_for
from analytics.scoring.area_history import Spell, TierDays, Turn, earliest_fall
from analytics.scoring.behind import Behind
from analytics.scoring.groups import GroupValues
from analytics.scoring.open_incidents import OpenKind
from analytics.scoring.reasons import ShownTier, shown_tier
from analytics.scoring.summary import area_marks
from analytics.store.ledger_entries import OverrideEntry
from analytics.wording.areas import brief_names, parent_name, short_name
from analytics.wording.dates import short_day
from analytics.wording.indicators import value_text
from analytics.wording.numbers import NOTHING, decimal_text, score_text
from analytics.wording.reasons import kept_by, order_over, what_decided
from analytics.wording.tier_changes import wait_text, what_moved
from analytics.wording.tiers import mark_name, mark_rows, marked
from analytics.wording.trends import series_name
from analytics.words import Language, phrase, say

KINDS_TOLD = 5
LARGE_ENOUGH = 0.5
"""The largest parts of a score that make up so much of it together are those that decide."""


@dataclass(frozen=True, eq=False)
class Past:
    """What the first line needs of an area's past: its ``tiers``, what ``turn`` it took last, and the run ``turned`` on
    the two days of that turn. ``daily``: every day is known, not the ends of weeks alone."""

    tiers: TierDays
    turn: Turn | None
    turned: Assessment | None
    daily: bool


def first_line(lang: Language, run: Assessment, area_id: str, past: Past, said: str = "") -> dict[str, object]:
    """Why an area has its colour, to be read alone: final and computed tier, since when and why, until when the rule
    holds, and what a person decided and ``said`` for it. ``mark`` is that of who holds another tier than the computed
    one, "" for none."""
    reason, scheme = reason_for(run, area_id), run.scheme
    shown = reason.shown
    name = brief_names(run)[area_id]
    return {
        "name": run.areas["name"][area_id] if name == area_id else name,
        "whole": run.areas["name"][area_id],
        "parent": parent_name(run, area_id),
        "tier": shown.tier,
        "carried": shown.why == "carried",
        "since": _since(lang, area_id, past),
        "equal": shown.tier == shown.computed,
        "mark": _kept(lang, shown),
        "computed": shown.computed,
        "score": score_text(reason.score, scheme, shown.computed),
        "distance": _beyond_cut(lang, scheme, reason),
        "cause": _cause(lang, run, reason, past),
        "rule": _rule(lang, scheme, shown, area_id, past),
        "decision": _decision(lang, reason, said),
    }


def _kept(lang: Language, shown: ShownTier) -> dict[str, str] | None:
    """The mark of who keeps another tier than the computed one, and what it means."""
    mark: Mark | None = next((one for one in KEEPING if one == shown.why), None)
    return {"name": mark, "means": mark_name(lang, mark)} if mark else None


def _decision(lang: Language, reason: Reason, said: str) -> str:
    """What a person decided, the reason that was given, and which floor rules demand a harder tier than that; or the
    order in force and what it asks for, or that it ended of late."""
    shown = reason.shown
    if shown.why == "order":
        measure = say(lang, "area.order_measure", measure=shown.order.measure) if shown.order.measure else ""
        return say(lang, "reason.separator").join(part for part in (kept_by(lang, shown), measure) if part)
    if shown.why != "override":
        return order_over(lang, shown) or say(lang, "area.no_decision")
    milder = [rule for rule in reason.holding if tiers.RANK[rule.at_least] > tiers.RANK[shown.tier]]
    below = [
        say(lang, "area.below_rule", rule=rule.name.text(lang), tier=marked(lang, rule.at_least)) for rule in milder
    ]
    return say(lang, "reason.separator").join(part for part in (kept_by(lang, shown), said, *below) if part)


def _since(lang: Language, area_id: str, past: Past) -> str:
    start, days = past.tiers.final_since(area_id), past.tiers.days
    if not start:
        return say(lang, "area.since_before", day=short_day(lang, days[0]))
    n = (days[-1] - days[start]).days + 1
    return say(lang, "area.since" if past.daily else "area.since_week", day=short_day(lang, days[start]), n=n)


def _beyond_cut(lang: Language, scheme: Scheme, reason: Reason) -> str:
    """How far the score lies above the cut-off of the computed tier; nothing where that did not decide."""
    rank = tiers.RANK[reason.shown.computed]
    if reason.floor or reason.line or reason.lacks_data or rank <= 0 or not scheme.cutoffs:
        return ""
    return say(lang, "area.beyond", points=f"{reason.score - scheme.cutoffs[rank - 1]:.1f}")


def _cause(lang: Language, run: Assessment, reason: Reason, past: Past) -> str:
    """What turned the final tier: the indicator that moved most, the rule or the person, and from which tier to which;
    of one that did not change, what gave it."""
    turn = past.turn
    if turn is None or past.turned is None:
        return say(lang, "area.unchanged", said=what_decided(lang, run.scheme, reason))
    parts = [what_moved(lang, past.turned, reason.area_id), turn_text(lang, turn, reason.shown.tier)]
    return say(lang, "reason.separator").join(part for part in parts if part)


def turn_text(lang: Language, turn: Turn, tier: str) -> str:
    """From which tier to which: 由绿上调为橙."""
    words = {"before": say(lang, f"bulletin.tier_{turn.before}"), "after": say(lang, f"bulletin.tier_{tier}")}
    if tiers.UNKNOWN in (turn.before, tier):
        return say(lang, "area.turned", **words)
    by = tiers.RANK[tier] - tiers.RANK[turn.before]
    return say(lang, "area.raised" if by > 0 else "area.lowered", n=abs(by), **words)


def _rule(lang: Language, scheme: Scheme, shown: ShownTier, area_id: str, past: Past) -> str:
    """Until when the stability rule holds the tier."""
    if shown.why == "carried":
        return kept_by(lang, shown)
    if scheme.stability is None:
        return say(lang, "area.no_rule")
    if shown.published == tiers.UNKNOWN:
        return NOTHING
    if shown.next_change:
        rises = tiers.RANK[shown.computed] > tiers.RANK[shown.published]
        return say(
            lang,
            "area.waits_up" if rises else "area.waits_down",
            day=short_day(lang, shown.next_change),
            n=(shown.next_change - shown.day).days,
            tier=say(lang, f"bulletin.tier_{shown.waiting_for}"),
            held=shown.days_held,
            needed=shown.days_needed,
        )
    if tiers.RANK[shown.published] == 0:
        return say(lang, "area.nothing_waits")
    if shown.why != "computed":
        return NOTHING
    start, rose = past.tiers.final_since(area_id), False
    since = None
    if start and past.daily and past.turn is not None:
        since = past.tiers.days[start].date()
        rose = tiers.RANK[past.turn.before] < tiers.RANK[shown.tier]
    falls = earliest_fall(scheme.stability, shown.day, since, rose=rose)
    return say(lang, "area.falls_from", day=short_day(lang, falls))


def place_text(lang: Language, run: Assessment, area_id: str, within: Sequence[str]) -> str:
    """The place of an area by work among those ``within``, which have a tier; a dash where it has none."""
    ranked = ranking(run)
    ranked = ranked[_rated(ranked) & ranked.index.isin(list(within))]
    if area_id not in ranked.index:
        return NOTHING
    return say(lang, "area.place", at=ranked.index.get_loc(area_id) + 1, of=len(ranked))


def _rated(ranked: pd.DataFrame) -> pd.Series:
    """Those with a tier and a score: an area that a person gave a tier without data has no place by work."""
    return (ranked["tier"] != tiers.UNKNOWN) & (ranked["computed"] != tiers.UNKNOWN)


def place_in(lang: Language, run: Assessment, area_id: str, inside: Sequence[str]) -> str:
    """The place of an area among those in what it lies in, in words; nothing where it has no tier."""
    ranked = ranking(run)
    ranked = ranked[_rated(ranked) & ranked.index.isin(list(inside))]
    if area_id not in ranked.index:
        return ""
    at, parent = ranked.index.get_loc(area_id) + 1, parent_name(run, area_id)
    if not parent:
        return say(lang, "area.in_all", of=len(ranked), at=at)
    return say(lang, "area.in_community", parent=parent, of=len(ranked), at=at)


def deciding(run: Assessment, area_id: str) -> frozenset[str]:
    """The indicators that decide the computed tier: those that the floor rule or line names which did; else the largest
    parts of the score that make up half of it together. None where there is no tier."""
    reason = reason_for(run, area_id)
    if reason.lacks_data:
        return frozenset()
    rule = reason.floor or reason.line
    if rule is not None:
        named = set(named_in(rule.when)) if rule.when is not None else set()
        inside = {
            item.id for dimension in run.scheme.dimensions if ("dimension", dimension.id) in named
            for item in dimension.every_indicator()
        }  # fmt: skip
        return frozenset({name for kind, name in named if kind == "indicator"} | inside)
    parts = reason.parts["contribution"].fillna(0).sort_values(ascending=False, kind="stable")
    parts = parts[parts > 0]
    before = parts.cumsum() - parts
    return frozenset(parts.index[before < LARGE_ENOUGH * parts.sum()])


def unit_text(lang: Language, indicator: Indicator) -> str:
    """The unit of a rate, to stand beside its name: （每千人）; nothing for what needs none."""
    written = indicator.spec.unit.write(indicator, 0.0)
    if not written.key.startswith("figures.rate"):
        return ""
    return phrase(written.key, **{**written.params, "value": ""}).text(lang).strip()


def brief_value(
    lang: Language, indicator: Indicator, value: float, gap: Gap, *, small: bool = False, total: bool = False
) -> str:
    """A value without the unit that stands beside the indicator's name; a dash for a missing one. ``total``: it is the
    mean of a sum, with a decimal."""
    if gap is not Gap.NONE or value != value:
        return NOTHING
    if small:
        return value_text(lang, indicator, value, gap, small=True)
    if total:
        return decimal_text(value, 1)
    written = indicator.spec.unit.write(indicator, value)
    return f"{written.params['value']}" if written.key.startswith("figures.rate") else written.text(lang)


def table_rows(lang: Language, run: Assessment, area_id: str, groups: Sequence[GroupValues]) -> list[dict[str, object]]:
    """A row an indicator, in the order of the scheme: the ``dimension`` at its first row, its ``name`` and ``unit``,
    the ``value`` (``missing``: the words for why there is none), those of the ``groups`` it lies in, its ``part`` of
    the score, and whether it ``decides``."""
    at, scheme = run.areas.index.get_loc(area_id), run.scheme
    chief, rows = deciding(run, area_id), []
    number = 0
    for dimension in scheme.dimensions:
        for first, item in enumerate(dimension.every_indicator()):
            gap, small = Gap(run.gaps[-1, at, number]), bool(run.small[-1, at, number])
            missing = gap is not Gap.NONE
            value = run.values[-1, at, number]
            told = value_text(
                lang, item, value, gap, small=small, doubtful=run.doubtful.get(item.id, ())
            ) if missing else brief_value(lang, item, value, gap, small=small)  # fmt: skip
            part = run.parts[-1, at, number]
            rows.append(
                {
                    "id": item.id,
                    "dimension": "" if first else dimension.name.text(lang),
                    "name": item.name.text(lang),
                    "unit": unit_text(lang, item),
                    "value": told,
                    "missing": missing,
                    "groups": [_group_value(lang, item, held, at, number) for held in groups],
                    "part": 0.0 if missing or part != part else float(part),
                    "adds": NOTHING if missing or part != part else _signed_part(part),
                    "decides": item.id in chief,
                }
            )
            number += 1
    return rows


def _group_value(lang: Language, item: Indicator, held: GroupValues, at: int, number: int) -> str:
    group = held.position_of(at)
    if group is None:
        return NOTHING
    return brief_value(
        lang, item, held.values[group, number], Gap(held.gaps[group, number]),
        total=bool(held.total[number]),
    )  # fmt: skip


def _signed_part(part: float) -> str:
    return "0" if abs(part) < 0.05 else f"{part:+.1f}".replace("-", "−")


def behind_rows(lang: Language, scheme: Scheme, indicator: str, found: Sequence[Behind]) -> list[tuple[str, str]]:
    """The counts behind an indicator, each with what it counts."""
    item = next(one for one in scheme.indicators if one.id == indicator)
    rows = []
    for one in found:
        table = say(lang, f"tables.{item.source}")
        if one.what == "among" and item.spec.of == "checks":
            table = say(lang, "tables.checks")
        own = "own_" if one.what == "own_base" else ""
        base = say(lang, f"area.{own}base_{item.per.base}") if item.per else ""
        label = say(lang, f"area.behind_{one.what}", n=one.days, table=table, base=base)
        rows.append((label, NOTHING if one.value is None else f"{one.value:,.0f}"))
    return rows


def spell_text(lang: Language, spell: Spell, *, daily: bool) -> str:
    """A spell on the ribbon: 绿176天."""
    return say(
        lang, "area.spell_days" if daily else "area.spell_weeks", tier=say(lang, f"tiers.{spell.tier}"), n=spell.length
    )


def spell_title(lang: Language, held: TierDays, spell: Spell, *, computed: bool) -> str:
    """The same in full, for the pointer: from when to when, and who held it."""
    first, last = held.days[spell.start], held.days[spell.start + spell.length - 1]
    which = say(lang, "area.computed" if computed else "area.final")
    by = next((name for name in ("order", "override", "carried") if getattr(spell, name)), "")
    told = say(
        lang, "area.spell_title", which=which, tier=marked(lang, spell.tier), first=short_day(lang, first),
        last=short_day(lang, last),
    )  # fmt: skip
    return f"{told} {say(lang, f'tiers.mark_{by}')}" if by else told


def past_sentence(lang: Language, held: TierDays, area_id: str, weeks: int) -> str:
    """How often an area's final and computed tier changed, beside the mean of all areas."""
    changes = held.changes()
    computed = [spell for spell in held.spells(area_id, computed=True) if spell.tier != tiers.UNKNOWN]
    return say(
        lang,
        "area.past",
        weeks=weeks,
        own=int(changes[area_id]),
        computed=max(len(computed) - 1, 0),
        mean=f"{changes.mean():.1f}",
    )


def pins(
    lang: Language, held: TierDays, area_id: str, turn: Turn | None,
    decisions: Sequence[OverrideEntry], adopted: Sequence[tuple[date, int]],
) -> list[tuple[date, str]]:  # fmt: skip
    """What is pinned to the ribbon, the oldest first: versions of the scheme that were adopted, decisions of persons,
    the change that made the tier of now, and where data were interrupted."""
    found = [(day, say(lang, "area.pin_version", version=version)) for day, version in adopted]
    found += [
        (one.starts, say(lang, "area.pin_override", tier=say(lang, f"bulletin.tier_{one.tier}"))) for one in decisions
    ]
    spells = held.spells(area_id)
    found += [
        (held.days[spell.start].date(), say(lang, "area.pin_carried"))
        for before, spell in zip([None, *spells], spells, strict=False)
        if spell.carried and not (before and before.carried)
    ]
    if turn is not None and not any(day == turn.day for day, _ in found):
        tier = str(tiers.names(held.final[-1, held.areas.get_loc(area_id)]))
        found.append((turn.day, turn_text(lang, turn, tier)))
    return sorted((day, say(lang, "area.pin", day=short_day(lang, day), said=said)) for day, said in found)


def neighbour_rows(lang: Language, run: Assessment, ids: Sequence[str]) -> list[dict[str, object]]:
    """The neighbours, most work first: tier, name, what they lie in, score, and what they wait for."""
    names, marks, ranked = brief_names(run), area_marks(run), ranking(run)
    return [
        {
            "area_id": area_id,
            "name": names[area_id],
            "within": short_name(parent_name(run, area_id)),
            "tier": row.tier,
            "carried": row.carried,
            "score": score_text(row.score, run.scheme, row.computed),
            "wait": wait_text(lang, shown_tier(run, area_id)),
            "marks": mark_rows(lang, marks.loc[area_id]),
        }
        for area_id, row in ranked[ranked.index.isin(list(ids))].iterrows()
    ]


def open_rows(lang: Language, kinds: Sequence[OpenKind], most: int = KINDS_TOLD) -> list[dict[str, object]]:
    """Open incidents by kind, what is late first; beyond the first ``most`` the rest is added up."""
    rows = [
        {
            "kind": series_name(lang, "category", one.kind, {}),
            "open": one.open if one.closes else NOTHING,
            "overdue": one.overdue if one.closes else NOTHING,
            "new": one.new,
            "before": one.before,
            "due": _due(lang, one),
            "heavy": one.open > 0,
            "late": one.overdue > 0,
        }
        for one in kinds[:most]
    ]
    if rest := kinds[most:]:
        sums = {name: sum(getattr(one, name) for one in rest) for name in ("open", "overdue", "new", "before")}
        rows.append(
            {
                "kind": say(lang, "area.other_kinds", n=len(rest)),
                **sums,
                "due": "",
                "heavy": sums["open"] > 0,
                "late": sums["overdue"] > 0,
            }
        )
    return rows


def open_apart(lang: Language, kinds: Sequence[OpenKind]) -> str:
    """How many are left out of what is open, for they are no incidents to be closed; empty for none."""
    apart = sum(one.apart for one in kinds)
    return say(lang, "area.open_apart", n=apart) if apart else ""


def _due(lang: Language, one: OpenKind) -> str:
    if one.late_days:
        return say(lang, "area.late_by", n=one.late_days)
    return say(lang, "area.due", day=short_day(lang, one.due)) if one.due else ""
