"""What was due, what was done of it and who answers, in words: each figure with its base, and unlike things apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, cast

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.office import WEEK_DAYS
from analytics.response.due import TRIED, DutyWeek, every_of
from analytics.scheme import Scheme
from analytics.scheme.duties import Duty
from analytics.scoring import Assessment, ranking
from analytics.wording.areas import brief_names, parent_beside
from analytics.wording.briefing import cadence
from analytics.wording.dates import brief_day, short_day
from analytics.wording.numbers import NOTHING
from analytics.words import Language, day, say

COLUMNS = ("due", "on_time", "late", "overdue")
NAMES_TOLD = 6


@dataclass(frozen=True, eq=False)
class Told:
    """The last day of a ``run`` and its ``duties``; by area the ``states`` (see `on_target`); the red and orange areas
    that are ``unanswered``; how many hazards were found more than 30 days ago and are open, None where no check ever
    found any; and by area the names of the ``teams`` that are tied to its community, None where no team is known."""

    run: Assessment
    duties: Sequence[DutyWeek]
    states: pd.Series
    unanswered: Sequence[str]
    old_hazards: int | None = None
    teams: Mapping[str, Sequence[str]] | None = None

    @cached_property
    def names(self) -> pd.Series:
        """As of :func:`brief_names`."""
        return brief_names(self.run)

    @cached_property
    def tier(self) -> pd.Series:
        """The tier of each area."""
        return pd.Series(tiers.names(self.run.shown[-1]), index=self.run.areas.index)

    @cached_property
    def order(self) -> list[str]:
        """The areas, most work first."""
        return ranking(self.run).index.tolist()

    @cached_property
    def behind(self) -> list[str]:
        """The red and orange areas with something overdue, most work first."""
        return [area for area in self.order if self.tier[area] in tiers.ELEVATED and self.states[area] == "behind"]

    def of(self, duty_id: str | None) -> DutyWeek:
        """The duty of that id, else the first."""
        return next((one for one in self.duties if one.duty.id == duty_id), self.duties[0])


def share_done(done: float, due: float) -> str:
    """The share of what was due that was done, in percent: 100% only of all, 0% only of nothing; a dash where nothing
    was due.

    >>> share_done(996, 1000), share_done(5, 5), share_done(0, 3), share_done(0, 0)
    ('99.6%', '100%', '0%', '—')
    """
    if not due or due != due or done != done:
        return NOTHING
    if done in (0, due):
        return f"{done / due:.0%}"
    told = round(100 * done / due)
    return f"{told}%" if 1 <= told <= 99 and 100 * done / due < 99 else f"{min(max(100 * done / due, 0.1), 99.9):.1f}%"


@dataclass(frozen=True)
class Sums:
    """Of some areas: what was ``due``, done ``on_time``, ``late`` and ``overdue``; of how many of them that is not
    known, which are left out (``untold``); and how many there are."""

    due: int
    on_time: int
    late: int
    overdue: int
    untold: int
    areas: int

    @property
    def known(self) -> bool:
        """Whether the sums say anything: not where it is known of some areas alone, and these had nothing due."""
        return self.untold < self.areas and not (self.untold and not self.due)

    @property
    def done(self) -> int:
        """All that was done, late or not."""
        return self.on_time + self.late


def sums(week: pd.DataFrame) -> Sums:
    """The sums of some areas, those left out of which anything is not known."""
    known = week[list(COLUMNS)].notna().all(axis=1)
    total = week.loc[known, list(COLUMNS)].sum().astype(int)
    return Sums(*(int(total[name]) for name in COLUMNS), int((~known).sum()), len(week))


# ---------------------------------------------------------------- the headline


def headline(lang: Language, told: Told) -> list[dict[str, str]]:
    """What was due and done of each duty, and which red and orange areas are not on target: parts of ``text``, those
    that are names with their ``area_id``."""
    if not told.duties:
        key = "response.nothing_due" if not told.run.scheme.duties else "response.other_areas"
        return [_plain(say(lang, key, scheme=told.run.scheme.title(told.run.days[-1].date()).text(lang)))]
    clauses = [_sum_of(lang, told, one) for one in told.duties]
    said = say(lang, "response.separator").join(clauses) + say(lang, "response.sentence_end")
    return [_plain(said), *_elevated(lang, told)]


def _plain(text: str) -> dict[str, str]:
    return {"area_id": "", "text": text}


def _sum_of(lang: Language, told: Told, one: DutyWeek) -> str:
    name, found = one.duty.name.text(lang), sums(one.week)
    if (told.tier == tiers.UNKNOWN).all() and not found.due:
        return say(lang, "response.sum_unrated", duty=name)
    if one.duty.before_holidays_days and one.next.max() < 0 and not found.known:
        return say(lang, "response.no_holidays", duty=name)
    if one.week["due"].fillna(0).eq(0).all() and one.week["due"].isna().any():
        return say(lang, "response.sum_none", duty=name)
    if not found.known:
        return say(lang, "response.sum_untold", duty=name, due=int(one.week["due"].sum()))
    if not found.due:
        return say(lang, "response.sum_nothing", duty=name)
    told_of = _sum_told(lang, name, found)
    return say(lang, "response.sum_partly", sum=told_of, n=found.untold) if found.untold else told_of


def _sum_told(lang: Language, name: str, found: Sums) -> str:
    return say(
        lang, "response.sum_duty", duty=name, due=f"{found.due:,}", done=f"{found.done:,}",
        share=share_done(found.done, found.due), on_time=f"{found.on_time:,}", overdue=f"{found.overdue:,}",
    )  # fmt: skip


def _elevated(lang: Language, told: Told) -> list[dict[str, str]]:
    elevated = [area for area in told.order if told.tier[area] in tiers.ELEVATED]
    untold = [area for area in elevated if told.states[area] == "untold"]
    parts = []
    if not elevated and not (told.tier == tiers.UNKNOWN).all():
        parts.append(_plain(say(lang, "response.no_elevated")))
    if told.behind:
        parts.append(_plain(say(lang, "response.elevated_behind", n=len(elevated), behind=len(told.behind))))
        for at, area in enumerate(told.behind[:NAMES_TOLD]):
            parts += [_plain(say(lang, "overview.name_separator"))] * bool(at)
            parts.append({"area_id": area, "text": told.names[area]})
        more = say(lang, "response.and_more", n=len(told.behind)) if len(told.behind) > NAMES_TOLD else ""
        parts.append(_plain(more + say(lang, "response.sentence_end")))
    if untold:
        parts.append(_plain(say(lang, "response.elevated_untold", n=len(elevated), untold=len(untold))))
    if elevated and not told.behind and not untold:
        parts.append(_plain(say(lang, "response.elevated_none_behind", n=len(elevated))))
    if unrated := unrated_behind(told):
        parts.append(_plain(say(lang, "response.unrated_behind", n=len(unrated))))
    return parts


def unrated_behind(told: Told) -> list[str]:
    """Areas without enough data in which something is overdue of what was asked while they had a tier."""
    overdue = pd.Series(0.0, index=told.tier.index)
    for one in told.duties:
        overdue += one.week["overdue"].fillna(0)
    return overdue.index[(overdue > 0) & (told.tier == tiers.UNKNOWN)].tolist()


def asides(lang: Language, told: Told) -> list[str]:
    """How the share that was done of the first duty changed since the week before, by the records of now and over the
    areas of which it is known in both, and how many red and orange areas nobody answers for, none too."""
    found = []
    if told.duties:
        weeks = (told.duties[0].week, told.duties[0].before)
        known = pd.Series(True, index=told.tier.index)
        for frame in weeks:
            known &= frame[list(COLUMNS)].notna().all(axis=1)
        now, then = (sums(frame[known]) for frame in weeks)
        if now.due and then.due:
            points = round(100 * now.done / now.due - 100 * then.done / then.due, 1)
            way = "more" if points > 0 else "fewer" if points < 0 else "same"
            one = told.duties[0].duty.name.text(lang)
            name = say(lang, "response.against_duty", duty=one) if len(told.duties) > 1 else ""
            found.append(say(lang, f"response.against_{way}", duty=name, points=f"{abs(points):.1f}"))
    return [*found, unanswered(lang, told.unanswered)]


def unanswered(lang: Language, areas: Sequence[str]) -> str:
    """How many red and orange areas have no post or no date, none too."""
    return say(lang, "response.unanswered", n=len(areas))


# ---------------------------------------------------------------- tables


def tier_rows(lang: Language, told: Told, one: DutyWeek) -> list[dict[str, object]]:
    """What was due and done of a duty in each tier, hardest first, and at last in all. Areas without enough data have
    no tier that could ask for anything: they are a row only where something was due that was asked while they had one.
    """
    rows = []
    for tier in (*reversed(tiers.RANKED), tiers.UNKNOWN):
        inside = one.week[(told.tier == tier).to_numpy()]
        if tier == tiers.UNKNOWN and not inside["due"].gt(0).any():
            continue
        rows.append(
            _row(lang, inside) | {"tier": tier, "every": _every(lang, told.run.scheme, one.duty, tier, len(inside))}
        )
    return [*rows, _row(lang, one.week) | {"tier": "", "every": ""}]


def by_team_rows(lang: Language, told: Told, one: DutyWeek) -> list[dict[str, object]]:
    """What was due and done of a duty in the areas of each team (of several, where a community has them), most
    overdue first, and at last in those that have none. No row where no team is known."""
    if told.teams is None:
        return []
    held: dict[tuple[str, ...], list[str]] = {}
    for area in told.tier.index[((told.tier != tiers.UNKNOWN) | one.week["due"].gt(0)).to_numpy()]:
        held.setdefault(tuple(told.teams.get(area, ())), []).append(area)
    rows = {teams: one.week.loc[areas] for teams, areas in held.items()}
    return [
        _row(lang, rows[teams])
        | {
            "team": say(lang, "overview.names", names=list(teams)) if teams else say(lang, "response.no_team"),
            "areas": say(lang, "response.areas_of_team", n=len(rows[teams])),
        }
        for teams in sorted(rows, key=lambda teams: (not teams, -rows[teams]["overdue"].sum(), teams))
    ]


def _row(lang: Language, inside: pd.DataFrame) -> dict[str, object]:
    found = sums(inside)
    known = found.known
    # Where nobody knows what was done of it, what is due is known nevertheless, in some areas or in all.
    due = found.due if known else inside["due"].sum(min_count=1)
    return {
        "due": NOTHING if np.isnan(due) else f"{int(due)}",
        "on_time": f"{found.on_time}" if known else NOTHING,
        "late": f"{found.late}" if known else NOTHING,
        "overdue": f"{found.overdue}" if known else NOTHING,
        "share": share_done(found.done, found.due) if known else NOTHING,
        "parts": parts_of(found),
        "untold": say(lang, "response.untold_areas", n=found.untold) if found.untold else "",
    }


def parts_of(found: Sums) -> list[tuple[str, float]]:
    """The lengths of a bar in percent of what was due: on time, late, overdue."""
    shares = [("on_time", found.on_time), ("late", found.late), ("overdue", found.overdue)]
    return [(name, 100 * n / found.due) for name, n in shares if n and found.due]


def _every(lang: Language, scheme: Scheme, duty: Duty, tier: tiers.Tier, areas: int) -> str:
    if tier == tiers.UNKNOWN:
        return say(lang, "response.areas_unrated", n=areas)
    if duty.before_holidays_days:
        return say(lang, "response.areas_before_holidays", n=areas, days=duty.before_holidays_days)
    days = every_of(scheme, duty, tier)
    if not days:
        return say(lang, "response.areas_no_duty", n=areas)
    return say(lang, "response.areas_every", n=areas, every=cadence(lang, days))


def rows_of_all(lang: Language, told: Told) -> list[dict[str, Any]]:
    """Every area, most work first, with what was due of each duty, since when something is overdue and what is due
    next, and the post that answers."""
    return [area_row(lang, told, area) for area in told.order]


def area_row(lang: Language, told: Told, area: str) -> dict[str, Any]:
    """One of :func:`rows_of_all`; its ``teams`` are None where no team is known."""
    post = post_of(lang, told.run.scheme, told.tier[area])
    teams = None if told.teams is None else told.teams.get(area, ())
    return {
        "area_id": area,
        "name": told.names[area],
        "parent": parent_beside(told.run, area, told.names[area]),
        "tier": told.tier[area],
        "state": told.states[area],
        "duties": [_duty_of(lang, told, one, area) for one in told.duties],
        "post": post or say(lang, "response.no_post"),
        "posted": bool(post),
        "teams": None
        if teams is None
        else say(lang, "overview.names", names=list(teams)) or say(lang, "response.no_team"),
        "teamed": bool(teams),
    }


def _duty_of(lang: Language, told: Told, one: DutyWeek, area: str) -> dict[str, Any]:
    row = one.week.loc[area]
    found = sums(one.week.loc[[area]])
    # Else nothing says how often it is to be visited; what was asked while it had a tier stays due.
    rated = told.tier[area] != tiers.UNKNOWN or row["due"] > 0
    known = rated and not found.untold
    return {
        "name": one.duty.name.text(lang),
        "due": f"{int(row['due'])}" if rated and not np.isnan(row["due"]) else NOTHING,
        "done": f"{found.done}" if known else NOTHING,
        "overdue": f"{found.overdue}" if known else NOTHING,
        "n_overdue": found.overdue,
        "share": share_done(found.done, found.due) if known else NOTHING,
        "parts": parts_of(found),
        "since": _since(lang, row, found),
        "next": _day(lang, int(one.next[area])),
        "tried": tried_text(lang, told, one, area),
        **{name: f"{one.tried[name][area]}" if known and one.tried is not None else NOTHING for name in TRIED},
    }


def month_text(lang: Language, told: Told, one: DutyWeek) -> str:
    """What was due of a duty in the month up to the day and done of it; of people the visiting rate (探访率), visits
    made of those to be made. Nothing where that is not known or nothing was due."""
    found = sums(one.month) if one.month is not None else None
    if found is None or not found.known or not found.due:
        return ""
    key = "response.month_visits" if one.duty.source == "residents" else "response.month"
    left = say(lang, "response.untold_areas", n=found.untold) if found.untold else ""
    return say(
        lang, key, day=short_day(lang, told.run.days[-1].date()), due=f"{found.due:,}", done=f"{found.done:,}",
        share=share_done(found.done, found.due), overdue=f"{found.overdue:,}", untold=left,
    )  # fmt: skip


def tried_text(lang: Language, told: Told, one: DutyWeek, area: str | None = None) -> str:
    """How many checks of the week met nobody, were not agreed to or were done in part, of an area or of all: numbers
    alone, which tell why something is open and are held against nobody. Areas of which it may not be told, or is not
    known, how many objects they have are left out. Nothing where there was none."""
    if one.tried is None:
        return ""
    held = one.tried[_known(told, one)]
    sums = held.sum() if area is None else held.reindex([area], fill_value=0).loc[area]
    parts = [say(lang, f"response.tried_{name}", n=int(sums[name])) for name in TRIED if sums[name]]
    return say(lang, "response.tried", parts=say(lang, "overview.names", names=parts)) if parts else ""


def _known(told: Told, one: DutyWeek) -> pd.Series:
    """Whether it is known of each area what was due and done of a duty; not of one without a tier, of which nothing was
    due."""
    asked = (told.tier != tiers.UNKNOWN) | one.week["due"].gt(0)
    return one.week[list(COLUMNS)].notna().all(axis=1) & asked.to_numpy()


def _since(lang: Language, row: pd.Series, found: Sums) -> str:
    """Since when something is overdue: of the week, else of the newest cycle before it."""
    if found.overdue:
        return _day(lang, int(row["oldest"]))
    if row["last_overdue"] > 0:
        return say(lang, "response.since_before", day=_day(lang, int(row["last_day"])), n=int(row["last_overdue"]))
    return ""


def _day(lang: Language, number: int) -> str:
    return NOTHING if number < 0 else short_day(lang, date(1970, 1, 1) + timedelta(days=number))


def brief_of(lang: Language, told: Told, area: str) -> dict[str, Any] | None:
    """What was due of the first duty in an area and done of it, in short, with its bar; None where that is not known to
    be anything."""
    if not told.duties:
        return None
    row = _duty_of(lang, told, told.duties[0], area)
    if row["due"] == NOTHING:
        return None
    if row["done"] == NOTHING:
        said = say(lang, "response.week_untold", due=row["due"])
    elif row["due"] == "0":
        said = say(lang, "response.week_nothing")
    else:
        said = say(lang, "response.week_due", due=row["due"], done=row["done"], overdue=row["overdue"])
    return {"text": said, "parts": row["parts"], "behind": told.states[area] == "behind"}


def post_of(lang: Language, scheme: Scheme, tier: str) -> str:
    """The post that answers for the areas of a tier; nothing where none is named."""
    action = scheme.measures.get(cast("tiers.Tier", tier))
    return action.post.text(lang) if action and action.post else ""


def to_page(lang: Language, told: Told) -> str:
    """How many red and orange areas are not on target and for how many nobody answers, and how many hazards are old,
    none too: it leads to the page."""
    elevated = told.tier.isin(tiers.ELEVATED)
    behind, untold = (int((elevated & (told.states == state)).sum()) for state in ("behind", "untold"))
    hazards = NOTHING if told.old_hazards is None else f"{told.old_hazards}"
    parts = [say(lang, "response.link_n_behind", n=behind)] if behind or not untold else []
    parts += [say(lang, "response.link_untold", n=untold)] if untold else []
    said = say(lang, "overview.name_separator").join(parts)
    return say(lang, "response.link_behind", behind=said, unanswered=len(told.unanswered), hazards=hazards)


def seven_days(lang: Language, told: Told, area: str) -> list[dict[str, Any]]:
    """For each duty what fell due in an area on each of the seven days, and what was done of it."""
    return [
        {
            "name": one.duty.name.text(lang),
            "cells": [_cell_of_day(frame.loc[area]) for frame in one.days],
            **(brief or {"text": NOTHING}),
        }
        for one in told.duties
        for brief in [brief_of(lang, replace(told, duties=[one]), area)]
    ]


def _cell_of_day(row: pd.Series) -> dict[str, str]:
    """Empty where nothing was due; else done of due, and how."""
    if not row["due"] > 0:
        return {"way": "", "text": "" if row["due"] == 0 else NOTHING}
    if np.isnan(row["overdue"]):
        return {"way": "", "text": f"{NOTHING}/{int(row['due'])}"}
    way = "overdue" if row["overdue"] else "late" if row["late"] else "on_time"
    return {"way": way, "text": f"{int(row['on_time'] + row['late'])}/{int(row['due'])}"}


def days_of_week(lang: Language, last: date) -> list[str]:
    """The seven days, in short."""
    return [brief_day(lang, last - timedelta(days=back)) for back in reversed(range(WEEK_DAYS))]


def title(lang: Language, last: date, *, live: bool) -> str:
    """Of which week."""
    return say(lang, "response.headline") if live else say(lang, "response.headline_day", day=day(lang, last))
