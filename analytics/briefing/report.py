"""The report (专报): the weekly paper of two A4 pages for whoever leads. Head, finding, assignments, counts and changes
on the first; map, priority areas, signature and notes on the second."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from analytics import tiers
from analytics.briefing.appearance import Appearance
from analytics.briefing.content import Area, Briefing
from analytics.briefing.map import map_of, mark_files
from analytics.briefing.paper import (
    breakable,
    count_rows,
    focus_part,
    frame,
    map_part,
    table_title,
)
from analytics.briefing.typesetting import typeset
from analytics.scheme.basics import required
from analytics.wording.tiers import tier_in_sentence
from analytics.words import Language, say

MAP_WIDTH, MAP_HEIGHT = 800, 440
"""Of the map, in pixels: across the text of a page its smallest letter (11 pixels) is 6 points, and the priority areas
have room below it."""

MOST_ROWS = 40
"""Of changes that are tried on the first page; no page has room for more."""
MOST_TASKS = 16
"""Of assignments likewise: a page has more to say."""


def report(briefing: Briefing) -> bytes:
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
    numbered = _Headings(lang, bool(briefing.tasks), bool(briefing.tasks and briefing.tasks.rows))
    data = {
        **frame(briefing),
        "internal": say(lang, "papers.internal"),
        "letterhead": office.letterhead(lang) or say(lang, "papers.letterhead"),
        "issuer": briefing.place,
        "issued": briefing.issued,
        "tasks": _tasks(briefing, numbered) if briefing.tasks else None,
        "overall": {
            "heading": numbered.heading("papers.report_overall"),
            "sentences": list(_sentences(briefing, "overall")),
            "counts": _counts(briefing, numbered),
        },
        "changes": _changes(briefing, numbered),
        "map": {"heading": numbered.heading("papers.report_map"), **map_part(briefing, 1, unmarked)},
        "focus": _focus(briefing, numbered),
        "more": say(lang, "papers.more", n="{n}"),  # how many are left out is known when the page is laid out
        "more_sentences": say(lang, "papers.more_sentences", n="{n}"),
        "more_tasks": say(lang, "tasks.paper_more", n="{n}"),
        "receivers": _receivers(briefing),
        "notes": {
            "label": say(lang, "papers.notes"),
            "sentences": [
                briefing.scheme, briefing.cuts, briefing.order, *filter(None, (briefing.source, briefing.notice)),
                *([briefing.tasks.as_of] if briefing.tasks else []), *briefing.small_print,
            ],
        },
        "place_of_text": say(lang, "briefing.kind_report"),
    }  # fmt: skip
    return typeset("report", data, "pdf", pictures=pictures)


@dataclass(frozen=True)
class _Headings:
    """The headings in their order: the assignments are the first where there are any, and have a table where some are
    listed."""

    lang: Language
    with_tasks: bool
    with_table: bool

    def heading(self, key: str) -> str:
        """A heading with its number."""
        order = (
            "tasks.title",
            "papers.report_overall",
            "papers.report_changes",
            "papers.report_map",
            "papers.report_focus",
        )
        number = order.index(key) + self.with_tasks
        return say(
            self.lang, "papers.report_heading", n=say(self.lang, f"papers.numeral_{number}"), title=say(self.lang, key)
        )

    def table(self, number: int) -> int:
        """The number of a table that is so many-th without the assignments."""
        return number + self.with_table


def _tasks(briefing: Briefing, numbered: _Headings) -> Mapping[str, object]:
    """The list of the last meeting and what is new since, which says so."""
    lang, listed = briefing.lang, required(briefing.tasks)
    columns = ("tasks.number", "tasks.content", "tasks.post", "tasks.due", "tasks.state", "tasks.progress")
    return {
        "heading": numbered.heading("tasks.title"),
        "summary": listed.summary,
        "caption": table_title(briefing, 1, "tasks.paper_caption"),
        "head": [say(lang, column) for column in columns],
        "total": len(listed.rows),
        "left": sum(not row.closed for row in listed.rows),
        "new": say(lang, "tasks.paper_new_row"),
        "rows": [asdict(row) for row in listed.rows[:MOST_TASKS]],
    }


def _sentences(briefing: Briefing, name: str) -> Sequence[str]:
    return next((section.sentences for section in briefing.sections if section.id == name), ())


def _counts(briefing: Briefing, numbered: _Headings) -> Mapping[str, object]:
    """The counts with a column for each tier: short, and the order of the tiers from left to right."""
    lang, rows = briefing.lang, count_rows(briefing)
    lines = ("meaning", "before", "now", "change")
    return {
        "caption": table_title(briefing, numbered.table(1), "papers.counts"),
        "head": [{"tier": row["tier"], "name": row["name"]} for row in rows],
        "rows": [
            {"line": line, "label": say(lang, f"papers.{line}"), "cells": [row[line] for row in rows]} for line in lines
        ],
    }


def _changes(briefing: Briefing, numbered: _Headings) -> Mapping[str, object]:
    """Who changed tier and why: a row for each area, heaviest first, and what the bulletin says of them in all."""
    lang = briefing.lang
    areas = {area.area_id: area for area in briefing.areas}
    changed = [
        (areas[area_id], move.before, move.after, move.carried, cause)
        for move in briefing.moves
        for area_id, cause in zip(move.area_ids, move.causes, strict=True)
    ]
    columns = ("papers.area", "papers.from_to", "papers.why_changed")
    return {
        "heading": numbered.heading("papers.report_changes"),
        "sentences": [*_sentences(briefing, "moves")[:1], *briefing.came_and_went],
        "caption": table_title(briefing, numbered.table(2), "papers.moves", against=briefing.against),
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


def _focus(briefing: Briefing, numbered: _Headings) -> Mapping[str, object]:
    """The priority areas, and how many are red or orange in all: those that are not in the table are not forgotten."""
    number = numbered.table(2 + bool(briefing.moves))
    elevated = [area for area in briefing.areas if area.tier in tiers.ELEVATED]
    told = focus_part(briefing, table_title(briefing, number, "papers.focus"))
    return {
        "heading": numbered.heading("papers.report_focus"),
        **told,
        "sentences": _elevated(briefing, elevated),
        "total": max(len(elevated), len(briefing.focus)),
    }


def _elevated(briefing: Briefing, elevated: Sequence[Area]) -> Sequence[str]:
    """How many areas are red, and how many orange; that none is."""
    lang = briefing.lang
    if not elevated:
        return _sentences(briefing, "focus")[:1]
    counted = {tier: sum(area.tier == tier for area in elevated) for tier in tiers.ELEVATED}
    parts = [say(lang, "papers.elevated", tier=tier_in_sentence(lang, tier), n=n) for tier, n in counted.items() if n]
    return [say(lang, "papers.elevated_all", parts=parts, n=len(elevated))]


def _receivers(briefing: Briefing) -> Sequence[str]:
    """To whom the paper is reported, and who gets a copy; nothing where the office has not said it."""
    told = (("papers.report_to", briefing.office.report_to), ("papers.copy_to", briefing.office.copy_to))
    return [say(briefing.lang, key, names=names(briefing.lang)) for key, names in told if names(briefing.lang)]
