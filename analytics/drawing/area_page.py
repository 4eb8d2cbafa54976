"""The cards of the area page: first line, table with its waterfall, sketch of the neighbours, ribbon, what is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd

from analytics import tiers
from analytics.drawing.area_sketch import INSET_HEIGHT, INSET_WIDTH, Sketch, around, whole
from analytics.drawing.html import image_address, render
from analytics.evidence.confidence import Confidence
from analytics.scheme import CutOffs, Scheme
from analytics.scoring import Assessment, reason_for
from analytics.scoring.area_history import Spell, TierDays
from analytics.scoring.behind import Behind
from analytics.scoring.groups import GroupValues
from analytics.scoring.open_incidents import OpenKind
from analytics.store.ledger_entries import OverrideEntry
from analytics.wording import area_list, reasons, response
from analytics.wording import area_page as wording
from analytics.wording.area_page import Past
from analytics.wording.areas import brief_names, short_name
from analytics.wording.dates import short_day
from analytics.wording.numbers import NOTHING, score_text
from analytics.wording.smallest import change_rows, nothing_told, remaining_lines
from analytics.words import Language, say

SPARK_WIDTH, SPARK_HEIGHT = 115.0, 18.0
NEIGHBOURS_TOLD = 5
SHARE_FOR_A_WORD = 0.012
"""Of the ribbon's width that one character of a spell takes."""
PIN_CHARACTERS = 0.0085
"""Of its width that one character of a pin takes."""
PIN_ROWS = 2
TICKS = 13


def crumbs(lang: Language, above: Sequence[tuple[str, str]]) -> str:
    """Where an area lies: the areas ``above`` it (id and name), the widest first."""
    return render(lang, "area_crumbs.html", above=above)


def steps(lang: Language, run: Assessment, area_id: str, inside: Sequence[str]) -> str:
    """The areas before and after one among those ``inside`` the same community, and its place by work among them."""
    names, at = brief_names(run), list(inside).index(area_id)
    beside = [inside[at - 1], inside[(at + 1) % len(inside)]] if len(inside) > 1 else []
    return render(
        lang,
        "area_steps.html",
        beside=[(one, names[one]) for one in beside],
        place=wording.place_in(lang, run, area_id, inside),
    )


def first_line(lang: Language, run: Assessment, area_id: str, past: Past, said: str) -> str:
    """Why this colour, to be read alone."""
    return render(lang, "area_first.html", line=wording.first_line(lang, run, area_id, past, said))


def table(
    lang: Language, run: Assessment, weekly: Assessment, area_id: str, groups: Sequence[GroupValues], *,
    later: bool, opened: tuple[str, Sequence[Behind]] | None = None,
) -> str:  # fmt: skip
    """What the score is made of: a row an indicator with its value, its own weeks, the values of the groups it lies in,
    and its part of the score as a waterfall. ``opened``: the row that shows the counts behind it, and these."""
    reason = reason_for(run, area_id)
    at = run.areas.index.get_loc(area_id)
    shown_groups = [held for held in groups if held.position_of(at) is not None]
    rows = wording.table_rows(lang, run, area_id, shown_groups)
    ends = np.cumsum([row["part"] for row in rows])
    low, high = _scale(run.scheme, ends, reason.score)
    for number, (row, end) in enumerate(zip(rows, ends, strict=True)):
        begin = end - row["part"]
        row["start"] = _percent(min(begin, end), low, high)
        row["width"] = _percent(max(begin, end), low, high) - row["start"]
        row["spark"] = spark(lang, weekly.values[:, 0, number])
        row["opened"] = opened is not None and row["id"] == opened[0]
        row["behind"] = wording.behind_rows(lang, run.scheme, *opened) if opened and row["opened"] else []
    known = reason.score == reason.score and not reason.lacks_data
    return render(
        lang,
        "area_table.html",
        name=brief_names(run)[area_id],
        weeks=len(weekly.days) - 1,
        groups=[short_name(held.groups["name"].iloc[held.position_of(at) or 0]) for held in shown_groups],
        places=[_place(lang, run, area_id, held) for held in shown_groups],
        rows=rows,
        cuts=[
            {"tier": tier, "at": _percent(cut, low, high), "text": f"{cut:g}", "own": tier == reason.shown.tier}
            for tier, cut in _cuts(run.scheme)
        ],
        total={
            "label": reasons.score_label(lang, reason),
            "text": score_text(reason.score, run.scheme, reason.shown.computed) if known else NOTHING,
            "before": _score_before(lang, weekly),
            "spark": spark(lang, weekly.score[:, 0]),
            "tier": reason.shown.computed,
            "start": _percent(min(0.0, reason.score), low, high) if known else 0.0,
            "width": _percent(max(0.0, reason.score), low, high) - _percent(min(0.0, reason.score), low, high)
            if known
            else 0.0,
        },
        later=later and bool(shown_groups),
    )


def _cuts(scheme: Scheme) -> list[tuple[str, float]]:
    if not isinstance(scheme.tiers, CutOffs):
        return []
    return list(zip(tiers.RANKED[1:], scheme.tiers.ascending(), strict=True))


def _scale(scheme: Scheme, ends: np.ndarray, score: float) -> tuple[float, float]:
    """From where to where the waterfall reaches."""
    seen = [0.0, *ends.tolist(), *(cut for _, cut in _cuts(scheme)), *([score] if score == score else [])]
    low, high = min(seen), max(seen)
    return low, low + max((high - low) * 1.08, 1.0)


def _percent(value: float, low: float, high: float) -> float:
    return round(100 * (value - low) / (high - low), 2)


def _place(lang: Language, run: Assessment, area_id: str, held: GroupValues) -> str:
    group = held.position_of(run.areas.index.get_loc(area_id))
    return wording.place_text(lang, run, area_id, run.areas.index[held.of == group].tolist())


def _score_before(lang: Language, weekly: Assessment) -> str:
    if len(weekly.days) < 2:
        return ""
    tier = tiers.names(weekly.computed[-2])[0]
    return say(lang, "area.score_week_ago", score=score_text(weekly.score[-2, 0], weekly.scheme, tier))


def spark(lang: Language, values: np.ndarray) -> str:
    """A line through ``values`` from the left to the right of its box, with gaps where they are missing and a point at
    the last one, as the address of an image; nothing where there are fewer than two."""
    known = ~np.isnan(values)
    if known.sum() < 2:
        return ""
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    span = high - low
    x = np.linspace(2, SPARK_WIDTH - 3, len(values))
    y = np.where(span > 0, SPARK_HEIGHT - 3 - (values - low) / (span or 1) * (SPARK_HEIGHT - 6), SPARK_HEIGHT / 2)
    path, pen_down = [], False
    for at in range(len(values)):
        if known[at]:
            path.append(f"{'L' if pen_down else 'M'}{x[at]:.1f},{y[at]:.1f}")
        pen_down = bool(known[at])
    last = np.flatnonzero(known)[-1]
    drawn = render(
        lang, "area_spark.svg", path="".join(path), x=f"{x[last]:.1f}", y=f"{y[last]:.1f}", width=SPARK_WIDTH,
        height=SPARK_HEIGHT,
    )  # fmt: skip
    return image_address(drawn)


def _lines(lang: Language, sketch: Sketch | None) -> str:
    """The lines of a sketch as the address of an image."""
    if sketch is None:
        return ""
    return image_address(render(lang, "area_sketch.svg", sketch=sketch, inset=(INSET_WIDTH, INSET_HEIGHT)))


def location(
    lang: Language, run: Assessment, context: gpd.GeoDataFrame | None, area_id: str, near: Sequence[str]
) -> str:
    """The area and its neighbours, large, with an inset of where it lies; and the list of neighbours."""
    sketch = None
    names = brief_names(run)
    if isinstance(run.areas, gpd.GeoDataFrame):
        told = dict(zip(run.areas.index, _told(run, names), strict=True))
        sketch = around(run.areas, context, area_id, near, told)
    rows = wording.neighbour_rows(lang, run, near)
    return render(
        lang,
        "area_map.html",
        name=names[area_id],
        sketch=sketch,
        lines=_lines(lang, sketch),
        rows=rows[:NEIGHBOURS_TOLD],
        more=max(len(rows) - NEIGHBOURS_TOLD, 0),
    )


def _told(run: Assessment, names: pd.Series) -> list[dict[str, object]]:
    return [
        {"id": area_id, "name": name, "tier": tier, "link": "area?area="}
        for area_id, name, tier in zip(run.areas.index, names, tiers.names(run.shown[-1]), strict=True)
    ]


def ribbon(
    lang: Language, area_id: str, past: Past, weeks: int, choices: Sequence[int], decisions: Sequence[OverrideEntry],
    adopted: Sequence[tuple[date, int]],
) -> str:  # fmt: skip
    """The tiers of every day, final above and computed below, with pins, days and a sentence; in a release that of the
    weeks it holds."""
    held = past.tiers
    total = len(held.days)
    told = wording.pins(lang, held, area_id, past.turn, decisions, adopted)
    return render(
        lang,
        "area_ribbon.html",
        daily=past.daily,
        weeks=weeks,
        choices=choices,
        final=_spells(lang, past, held.spells(area_id), computed=False),
        computed=_spells(lang, past, held.spells(area_id, computed=True), computed=True),
        pins=_pins(held, told),
        cells=[f"{one:%Y-%m-%d}" for one in held.days] if past.daily else [],
        days=[short_day(lang, one) for one in held.days],
        ticks=[
            {"at": round(100 * (at + 0.5) / total, 2), "text": short_day(lang, held.days[at])}
            for at in sorted({int(one) for one in np.linspace(total - 1, 0, min(TICKS, total))})
        ],
        sentence=wording.past_sentence(lang, held, area_id, weeks),
    )


def _spells(lang: Language, past: Past, spells: Sequence[Spell], *, computed: bool) -> list[dict[str, object]]:
    total, found = len(past.tiers.days), []
    for spell in spells:
        text = wording.spell_text(lang, spell, daily=past.daily)
        share, short = spell.length / total, say(lang, f"tiers.{spell.tier}")
        fits = [one for one in (text, short) if share >= SHARE_FOR_A_WORD * (_width(one) + 1.6)]
        found.append(
            {
                "tier": spell.tier,
                "carried": spell.carried,
                "override": spell.override,
                "width": spell.length,
                "text": fits[0] if fits else "",
                "title": wording.spell_title(lang, past.tiers, spell, computed=computed),
            }
        )
    return found


def _width(text: str) -> float:
    """In Chinese characters."""
    return sum(1.0 if ord(one) > 0x2E7F else 0.55 for one in text)


def _pins(held: TierDays, told: Sequence[tuple[date, str]]) -> list[dict[str, object]]:
    """Where each pin stands, and on which of the rows its words have room; those that have none are told by the
    pointer alone."""
    ends, found = [0.0] * PIN_ROWS, []
    for day, text in told:
        at = int(np.clip(held.days.searchsorted(pd.Timestamp(day)), 0, len(held.days) - 1)) / len(held.days)
        width = PIN_CHARACTERS * _width(text)
        back = at + width > 1
        left = at - width if back else at
        row = next((row for row, end in enumerate(ends) if left >= end), None)
        if row is not None:
            ends[row] = left + width + 0.01
        found.append({"at": round(100 * at, 2), "back": back, "row": row, "text": text})
    return found


def grounds(lang: Language, run: Assessment, area_id: str, *, unlooked: bool, firm: Confidence | None) -> str:
    """What decided, how firm it is, how far the next tiers are; the smallest ways into a milder tier, each with what it
    gives, and what holds even then."""
    return render(
        lang,
        "area_grounds.html",
        lines=reasons.ground_lines(lang, run, area_id, unlooked=unlooked, firm=firm),
        distance=reasons.distance_line(lang, run, area_id),
        ways=change_rows(lang, run, area_id),
        nothing=nothing_told(lang, run, area_id),
        left=remaining_lines(lang, run, area_id),
    )


def week(lang: Language, run: Assessment, area_id: str, told: response.Told, *, now: bool) -> str:
    """What fell due of each duty on seven days and what was done of it, the action of the tier, and who answers.
    ``now``: it is counted from the records of now beside a release."""
    tier = reason_for(run, area_id).shown.tier
    action = run.scheme.measures.get(tier)
    return render(
        lang,
        "area_week.html",
        days=response.days_of_week(lang, run.days[-1].date()),
        duties=response.seven_days(lang, told, area_id),
        area_id=area_id,
        action=action.text.text(lang) if action else NOTHING,
        post=response.post_of(lang, run.scheme, tier) or say(lang, "response.no_post"),
        feedback=action.feedback.text(lang) if action and action.feedback else "",
        now=now,
    )


def incidents(lang: Language, kinds: Sequence[OpenKind] | None, *, now: bool) -> str:
    """Open and overdue incidents by kind."""
    rows = None if kinds is None else wording.open_rows(lang, kinds)
    apart = wording.open_apart(lang, kinds or ())
    return render(lang, "area_open.html", rows=rows, apart=apart, now=now and bool(rows))


def communities(lang: Language, run: Assessment, context: gpd.GeoDataFrame | None, held: GroupValues) -> str:
    """The groups of areas: how many areas are in each tier and which has most work, and what indicators give."""
    rows = area_list.community_rows(lang, run, held)
    sketch = None
    if isinstance(held.groups, gpd.GeoDataFrame):
        told: Mapping[str, Mapping[str, object]] = {
            row["area_id"]: {
                "id": row["area_id"], "name": short_name(row["name"]), "tier": row["tier"], "link": "?within=",
            }
            for row in rows
        }  # fmt: skip
        sketch = whole(held.groups, context, told)
    level = say(lang, f"templates.word_level_{run.scheme.level}")
    heads = area_list.community_heads(lang, run, held)
    return render(
        lang, "area_groups.html", rows=rows, heads=heads, sketch=sketch, lines=_lines(lang, sketch), level=level
    )
