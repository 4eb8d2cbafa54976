"""The report (专报): the weekly paper of two A4 pages for whoever leads a meeting.

On the first what was agreed last week, what was due and done, and what falls due; on the second map, counts, priority
areas, changes, and what is to be decided, with lines to write on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from analytics import tiers
from analytics.briefing.appearance import Appearance
from analytics.briefing.content import Briefing
from analytics.briefing.map import map_of, mark_files
from analytics.briefing.meeting import DueTable, Meeting
from analytics.briefing.paper import area_cells, breakable, count_rows, frame, map_part, table_title
from analytics.briefing.typesetting import typeset
from analytics.wording.tiers import tier_in_sentence
from analytics.words import Language, say

MAP_WIDTH, MAP_HEIGHT = 560, 400
"""Of the map, in pixels: across two thirds of the text of a page its smallest letter (11 pixels) is 6 points, and
counts and priority areas have room beside it."""

MOST_ROWS = 40
"""Of changes that are tried on the second page; no page has room for more."""
MOST_TASKS = 16
"""Of assignments on the first likewise: a page has more to say."""
MOST_OVERDUE = 60
"""Of incidents in two columns."""
BLANKS = 2
"""Lines for what the meeting decides besides, where there is room."""


def report(briefing: Briefing, meeting: Meeting) -> bytes:
    """The report as a PDF of exactly two pages, with text to select. Where a list does not fit, it says how many are
    left out and where they are told.

    Raises :class:`BriefingError`, and makes nothing, where the font lacks a sign, where what the office prints over
    and under its papers leaves no room for the text, or where the typesetter does not finish.
    """
    lang, office, appearance = briefing.lang, briefing.office, Appearance()
    pictures, unmarked = dict(mark_files(appearance)), 0
    if briefing.shapes is not None:
        drawing = map_of(briefing, MAP_WIDTH, MAP_HEIGHT, appearance)
        pictures["map.svg"], unmarked = drawing.svg.encode(), drawing.unmarked
    with_tasks, with_due = bool(briefing.tasks and briefing.tasks.rows), meeting.due is not None
    (first, last), tables = meeting.days, _Tables(lang, with_tasks, with_due)
    data = {
        **frame(briefing),
        "internal": _internal(briefing, meeting),
        "letterhead": office.letterhead(lang) or say(lang, "papers.letterhead"),
        "issuer": briefing.place,
        "issued": briefing.issued,
        "tasks": _tasks(briefing, tables),
        "week": {
            "heading": _heading(lang, 2, "meeting.week", first=first, last=last),
            "done": list(meeting.week[:1]),
            "behind": list(meeting.behind),
            "besides": list(meeting.week[1:]),
        },
        "due": {"heading": _heading(lang, 3, "meeting.due"), **_due(lang, meeting.due, tables)},
        "map": {
            "heading": _heading(lang, 4, "papers.report_map"),
            "sentences": list(briefing.provisos),
            **map_part(briefing, 1, unmarked),
        },
        "counts": _counts(briefing),
        "focus": _focus(briefing),
        "changes": _changes(briefing, tables),
        "points": _points(lang, meeting),
        "more": say(lang, "papers.more", n="{n}"),  # how many are left out is known when the page is laid out
        "more_sentences": say(lang, "papers.more_sentences", n="{n}"),
        "more_tasks": say(lang, "tasks.paper_more", n="{n}"),
        "more_overdue": say(lang, "meeting.each_more", n="{n}"),
        "more_behind": say(lang, "meeting.behind_more", n="{n}"),
        "more_points": say(lang, "meeting.more", n="{n}"),
        # What has numbers of incidents stays in the office: it is reported to nobody.
        "receivers": [] if meeting.numbered else _receivers(briefing),
        "notes": {
            "label": say(lang, "papers.notes"),
            "sentences": [
                briefing.scheme, briefing.cuts, briefing.order, *filter(None, (briefing.source, briefing.notice)),
                *([briefing.tasks.as_of] if briefing.tasks else []), meeting.as_of, *briefing.small_print,
            ],
        },
        "place_of_text": say(lang, "briefing.kind_report"),
    }  # fmt: skip
    return typeset("report", data, "pdf", pictures=pictures)


def _internal(briefing: Briefing, meeting: Meeting) -> str:
    if not meeting.numbered:
        return briefing.heading
    return say(briefing.lang, "meeting.numbered", heading=briefing.heading)


def _heading(lang: Language, number: int, title: str, **said: object) -> str:
    numeral = say(lang, f"papers.numeral_{number}")
    return say(lang, "papers.report_heading", n=numeral, title=say(lang, title, **said))


@dataclass(frozen=True)
class _Tables:
    """The numbers of the tables that are there, in their order."""

    lang: Language
    with_tasks: bool
    with_due: bool

    @property
    def due(self) -> int:
        """Of what falls due."""
        return 1 + self.with_tasks

    @property
    def changes(self) -> int:
        """Of the changes of tiers."""
        return 1 + self.with_tasks + self.with_due


def _tasks(briefing: Briefing, tables: _Tables) -> Mapping[str, object]:
    """The list of the last meeting and what is new since, which says so."""
    lang, listed = briefing.lang, briefing.tasks
    rows = listed.rows if listed else ()
    columns = ("tasks.number", "tasks.content", "tasks.post", "tasks.due", "tasks.state", "tasks.progress")
    return {
        "heading": _heading(lang, 1, "tasks.title"),
        "summary": listed.summary if listed else say(lang, "meeting.no_tasks"),
        "caption": table_title(briefing, 1, "tasks.paper_caption") if tables.with_tasks else "",
        "head": [say(lang, column) for column in columns],
        "total": len(rows),
        "left": sum(not row.closed for row in rows),
        "new": say(lang, "tasks.paper_new_row"),
        "rows": [asdict(row) for row in rows[:MOST_TASKS]],
    }


def _due(lang: Language, due: DueTable | None, tables: _Tables) -> Mapping[str, object]:
    """What falls due by post, and each incident that is overdue where numbers may be told."""
    if due is None:
        return {"none": say(lang, "meeting.no_incidents"), "each": [], "overdue": 0}
    if due.each is None:
        said = say(lang, "meeting.each_withheld") if due.overdue else ""
    else:
        said = "" if due.each else say(lang, "meeting.each_none")
    columns = ("number", "area", "kind", "days")
    return {
        "none": "",
        "caption": say(lang, "papers.table", n=tables.due, title=due.title),
        "head": list(due.head),
        "rows": [list(row) for row in due.rows],
        "attention": due.attention,
        "overdue": due.overdue,
        "said": said,
        "each_caption": say(lang, "meeting.each_caption"),
        "each_head": [say(lang, f"meeting.col_{name}") for name in columns],
        "each": [asdict(row) for row in (due.each or ())[:MOST_OVERDUE]],
    }


def _counts(briefing: Briefing) -> Mapping[str, object]:
    """The counts beside the map, which are its legend too: each tier with what it means, zeros too, and all of them."""
    columns = ("before", "now", "change")
    return {
        "head": [say(briefing.lang, f"meeting.counts_{name}") for name in columns],
        "rows": [{**row, "cells": [row[name] for name in columns]} for row in count_rows(briefing)],
    }


def _focus(briefing: Briefing) -> Mapping[str, object]:
    """The priority areas with their first reason and what is to be done, and how many are red or orange in all: those
    that are not listed are not forgotten."""
    lang, elevated = briefing.lang, [area for area in briefing.areas if area.tier in tiers.ELEVATED]
    counted = {tier: sum(area.tier == tier for area in elevated) for tier in tiers.ELEVATED}
    parts = [say(lang, "papers.elevated", tier=tier_in_sentence(lang, tier), n=n) for tier, n in counted.items() if n]
    none = next((section.sentences for section in briefing.sections if section.id == "focus"), ())[:1]
    return {
        "title": say(lang, "meeting.focus", parts=parts) if parts else say(lang, "papers.report_focus"),
        "said": "" if parts else "".join(none),
        "total": max(len(elevated), len(briefing.focus)),
        "rows": [
            area_cells(area, area.brief) | {"reason": area.why[0] if area.why else area.reason, "measure": area.measure}
            for area in briefing.focus
        ],
    }


def _changes(briefing: Briefing, tables: _Tables) -> Mapping[str, object]:
    """Who changed tier and why: a row for each area, heaviest first, and what the bulletin says of them in all."""
    lang = briefing.lang
    areas = {area.area_id: area for area in briefing.areas}
    changed = [
        (areas[area_id], move.before, move.after, move.carried, cause)
        for move in briefing.moves
        for area_id, cause in zip(move.area_ids, move.causes, strict=True)
    ]
    columns = ("papers.area", "papers.from_to", "papers.why_changed")
    summary = next((section.sentences for section in briefing.sections if section.id == "moves"), ())[:1]
    return {
        "heading": _heading(lang, 5, "papers.report_changes"),
        "sentences": [*summary, *briefing.came_and_went],
        "caption": table_title(briefing, tables.changes, "papers.moves", against=briefing.against),
        "head": [say(lang, column) for column in columns],
        "total": len(changed),
        "rows": [
            {
                "area": breakable(area.name),
                "before": before,
                "after": after,
                "carried": carried,
                "marks": list(area.marks),
                "why": area.reasons.moved() or cause or "—",
            }
            for area, before, after, carried, cause in changed[:MOST_ROWS]
        ],
    }


def _points(lang: Language, meeting: Meeting) -> Mapping[str, object]:
    """What is to be decided, numbered, with room for the decision; and lines for what else is."""
    return {
        "heading": _heading(lang, 6, "meeting.decide"),
        "none": "" if meeting.points else say(lang, "meeting.none"),
        "untold": meeting.untold,
        "head": [say(lang, f"meeting.{name}") for name in ("point", "decision")],
        "rows": [asdict(point) for point in meeting.points],
        "blank": say(lang, "meeting.blank"),
        "blanks": BLANKS,
    }


def _receivers(briefing: Briefing) -> Sequence[str]:
    """To whom the paper is reported, and who gets a copy; nothing where the office has not said it."""
    told = (("papers.report_to", briefing.office.report_to), ("papers.copy_to", briefing.office.copy_to))
    return [say(briefing.lang, key, names=names(briefing.lang)) for key, names in told if names(briefing.lang)]
