"""What a meeting is asked to decide, and what its paper says beside the release, in words: short, with figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from analytics import tiers
from analytics.office import WEEK_DAYS
from analytics.response.deployment import Deployment
from analytics.response.due_list import MARKS, REPEAT_DAYS, DueList
from analytics.response.hazards import OLD_DAYS, Hazards
from analytics.response.tasks import Assignment, MeetingList
from analytics.scoring import Assessment, ranking
from analytics.scoring.reasons import shown_tier
from analytics.scoring.summary import area_marks
from analytics.wording.areas import brief_names
from analytics.wording.closing import key_name
from analytics.wording.dates import day_near
from analytics.wording.deployment import plan_sentence
from analytics.wording.due_list import Told as DueTold
from analytics.wording.due_list import hazards_row, number_text
from analytics.wording.numbers import NOTHING
from analytics.wording.response import Told, area_row, headline
from analytics.wording.tiers import tier_in_sentence
from analytics.words import Language, say

NAMES_TOLD = 8
"""Of the areas of one point: a leader has to hear whom it is about, and a point is two or three lines."""


@dataclass(frozen=True)
class Point:
    """Something to decide: how it ``stands``, and what is ``asked``."""

    stands: str
    asked: str


# ---------------------------------------------------------------- what was due, and what falls due


def week_lines(lang: Language, told: Told, hazards: Hazards | None, load: Sequence[str]) -> list[str]:
    """What was due and done in the week, the hours that are asked for, for how many red and orange areas nobody
    answers, and the hazards that are old; what is not known is said."""
    done = "".join(part["text"] for part in headline(lang, told)).strip()
    if told.duties or not told.run.scheme.duties:
        nobody = say(lang, "meeting.unanswered", n=len(told.unanswered))
    else:  # the areas are others by now: what they have to do is not known, nor by when
        nobody = say(lang, "meeting.unanswered_untold")
    row = hazards_row(lang, hazards)
    key = "hazards_untold" if row["value"] == NOTHING else "hazards"
    old = say(lang, f"meeting.{key}", name=row["name"], n=row["value"], of=row["of"])
    between = say(lang, "meeting.between")
    return [done, *([between.join(load)] if load else []), between.join((nobody, old))]


def behind_lines(lang: Language, told: Told) -> list[str]:
    """A sentence for each red and orange area that is not on target, most work first."""
    return [_behind_line(lang, told, area) for area in told.behind]


def _behind_line(lang: Language, told: Told, area: str) -> str:
    """A red or orange area that is not on target: what was due and done of each duty with something overdue, since
    when, and who answers."""
    row = area_row(lang, told, area)
    parts = [
        say(lang, "meeting.behind_duty" if duty["n_overdue"] else "meeting.behind_before", duty=duty["name"],
            due=duty["due"], done=duty["done"], overdue=duty["overdue"], since=duty["since"])
        for duty in row["duties"] if duty["since"]
    ]  # fmt: skip
    teams = say(lang, "meeting.behind_team", team=row["teams"]) if row["teamed"] else ""
    return say(
        lang, "meeting.behind_area", name=row["name"], tier=tier_in_sentence(lang, row["tier"]),
        parts=say(lang, "response.separator").join(parts),
        post=row["post"], teams=teams,
    )  # fmt: skip


def attention(lang: Language, found: DueList) -> str:
    """Of what is open how much came again, was sent back or was opened again, and of what was rated how much left
    somebody dissatisfied."""
    sums = found.sums()
    told = {
        "repeated": True, "returned": found.returned_told, "reopened": found.reopened_told,
        "extended": found.extended_told,
    }  # fmt: skip
    parts = [
        say(lang, "meeting.attention_part" if told[mark] else "meeting.attention_untold", n=sums[mark],
            name=say(lang, f"due_list.{mark}"))
        for mark in MARKS
    ]  # fmt: skip
    key = "meeting.attention_rated" if found.rated else "meeting.attention_unrated"
    bad = int(found.dissatisfied["n"].sum())
    return say(lang, key, parts=parts, days=REPEAT_DAYS, rated=found.rated, n=bad)


def overdue_rows(lang: Language, told: DueTold) -> list[dict[str, object]]:
    """Each incident that is overdue, the oldest first, with ``n`` of them where several without a number are alike.
    Nothing where numbers may not be told."""
    if not told.found.numbered:
        return []
    today, held = told.found.moment.date(), told.found.open
    return [
        {
            "number": number if row["n"] == 1 else say(lang, "meeting.several", number=number, n=row["n"]),
            "area": told.area(lang, row["area_id"] if isinstance(row["area_id"], str) else None),
            "kind": key_name(lang, "kind", row["kind"] if isinstance(row["kind"], str) else None, {}),
            "days": f"{(today - row['due'].date()).days}",
            "n": int(row["n"]),
        }
        for row in held[held["overdue"].to_numpy(bool)].to_dict("records")
        for number in [number_text(lang, row["number"])]
    ]


# ---------------------------------------------------------------- what is to be decided


def points(
    lang: Language, told: Told | None, hazards: Hazards | None, plan: Deployment | None, listed: MeetingList | None,
    run: Assessment,
) -> list[Point]:  # fmt: skip
    """What a meeting is asked to decide, in the order in which it presses. ``run``: the last day of what was released;
    ``told``, ``hazards`` and ``plan`` are of the records, None where these do not tell, ``listed`` is of the ledger."""
    names = brief_names(run)
    return [
        *(_of_work(lang, told, names) if told else ()),
        *_of_hours(lang, plan),
        *_of_hazards(lang, hazards, names),
        *_of_tiers(lang, run, names),
        *(_of_assignments(lang, listed) if listed else ()),
    ]


def _point(lang: Language, key: str, names: Sequence[str], **said: object) -> Point:
    return Point(
        say(lang, f"meeting.{key}", n=len(names), names=_names(lang, names), **said), say(lang, f"meeting.{key}_ask")
    )


def _names(lang: Language, names: Sequence[str]) -> str:
    form = "names" if len(names) <= NAMES_TOLD else "names_more"
    return say(lang, f"meeting.{form}", names=list(names[:NAMES_TOLD]), n=len(names))


def _of_work(lang: Language, told: Told, names: pd.Series) -> Iterator[Point]:
    if not told.duties:
        return
    elevated = [area for area in told.order if told.tier[area] in tiers.ELEVATED]
    if behind := [names[area] for area in elevated if told.states[area] == "behind"]:
        yield _point(lang, "behind", behind)
    nobody = set(told.unanswered)
    if unposted := [names[area] for area in elevated if area in nobody]:
        yield _point(lang, "unposted", unposted)


def _of_hours(lang: Language, plan: Deployment | None) -> Iterator[Point]:
    if plan is not None and not plan.short.empty:
        yield Point(plan_sentence(lang, plan), say(lang, "meeting.uncovered_ask"))


def _of_hazards(lang: Language, hazards: Hazards | None, names: pd.Series) -> Iterator[Point]:
    """Hazards that are old, those that are past their deadline, and those that lack half of being handed over."""
    if hazards is None:
        return
    held = hazards.open
    told = {
        "old": (held["days"] > OLD_DAYS, held["days"]),
        "late": (held["late_days"] > 0, held["late_days"]),
        "half": (held["half"], held["days"]),
    }
    for key, (rows, days) in told.items():
        if rows.any():
            where = [
                say(lang, "closing.no_area") if area is None else str(names.get(area, area))
                for area in held["area_id"][rows].drop_duplicates()
            ]
            stands = say(
                lang, f"meeting.hazards_{key}", days=OLD_DAYS, n=int(rows.sum()), oldest=int(days[rows].max()),
                names=_names(lang, where),
            )  # fmt: skip
            yield Point(stands, say(lang, f"meeting.hazards_{key}_ask"))


def _of_tiers(lang: Language, run: Assessment, names: pd.Series) -> Iterator[Point]:
    """Areas that are computed red or orange and kept milder by the stability rule, tiers that are carried on or
    missing, and overrides that end before the next meeting."""
    marks, order = area_marks(run), ranking(run).index
    computed = pd.Series(run.computed[-1], index=run.areas.index)
    raised = computed.gt(run.published[-1]) & computed.isin([tiers.RANK[tier] for tier in tiers.ELEVATED])
    missing = pd.Series(run.shown[-1] == tiers.UNKNOWN_RANK, index=run.areas.index)

    def those(where: pd.Series) -> list[str]:
        return order[where.loc[order].to_numpy(bool)].tolist()

    rising = [
        say(lang, "meeting.rising_name", name=names[area], tier=tier_in_sentence(lang, shown_tier(run, area).computed))
        for area in those(marks["held"] & raised)
    ]
    ending = [
        say(lang, "meeting.ending_name", name=names[area], tier=tier_in_sentence(lang, one.tier),
            day=day_near(lang, one.override_until, one.day))
        for area in those(marks["override"])
        for one in [shown_tier(run, area)]
        if one.override_until is not None and (one.override_until - one.day).days <= WEEK_DAYS
    ]  # fmt: skip
    carried = [names[area] for area in those(marks["carried"])]
    unknown = [names[area] for area in those(missing)]
    told = {"rising": rising, "carried": carried, "ending": ending, "unknown": unknown}
    yield from (_point(lang, key, held) for key, held in told.items() if held)


def _of_assignments(lang: Language, listed: MeetingList) -> Iterator[Point]:
    going_on = (*listed.left, *listed.new)
    told = {
        "extensions": [one for one in going_on if one.state == "extension"],
        "late": [one for one in going_on if one.overdue and one.state != "extension"],
    }
    for key, held in told.items():
        if held:
            yield _point(lang, key, [_task(lang, one) for one in held])


def _task(lang: Language, one: Assignment) -> str:
    return say(lang, "meeting.task", number=one.entry.number, post=one.entry.post)
