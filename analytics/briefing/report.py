"""The report (专报): the weekly paper of two A4 pages for whoever leads. Head, finding, counts and changes on the
first; map, priority areas, signature and notes on the second."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
from analytics.wording.tiers import tier_in_sentence
from analytics.words import say

MAP_WIDTH, MAP_HEIGHT = 800, 440
"""Of the map, in pixels: across the text of a page its smallest letter (11 pixels) is 6 points, and the priority areas
have room below it."""

MOST_ROWS = 40
"""Of changes that are tried on the first page; no page has room for more."""


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
    data = {
        **frame(briefing),
        "internal": say(lang, "papers.internal"),
        "letterhead": office.letterhead(lang) or say(lang, "papers.letterhead"),
        "issuer": briefing.place,
        "issued": briefing.issued,
        "overall": {
            "heading": say(lang, "papers.report_overall"),
            "sentences": list(_sentences(briefing, "overall")),
            "counts": _counts(briefing),
        },
        "changes": _changes(briefing),
        "map": {"heading": say(lang, "papers.report_map"), **map_part(briefing, 1, unmarked)},
        "focus": _focus(briefing),
        "more": say(lang, "papers.more", n="{n}"),  # how many are left out is known when the page is laid out
        "more_sentences": say(lang, "papers.more_sentences", n="{n}"),
        "receivers": _receivers(briefing),
        "notes": {
            "label": say(lang, "papers.notes"),
            "sentences": [
                briefing.scheme, briefing.cuts, briefing.order, *filter(None, (briefing.source, briefing.notice)),
                *briefing.small_print,
            ],
        },
        "place_of_text": say(lang, "briefing.kind_report"),
    }  # fmt: skip
    return typeset("report", data, "pdf", pictures=pictures)


def _sentences(briefing: Briefing, name: str) -> Sequence[str]:
    return next((section.sentences for section in briefing.sections if section.id == name), ())


def _counts(briefing: Briefing) -> Mapping[str, object]:
    """The counts with a column for each tier: short, and the order of the tiers from left to right."""
    lang, rows = briefing.lang, count_rows(briefing)
    lines = ("meaning", "before", "now", "change")
    return {
        "caption": table_title(briefing, 1, "papers.counts"),
        "head": [{"tier": row["tier"], "name": row["name"]} for row in rows],
        "rows": [
            {"line": line, "label": say(lang, f"papers.{line}"), "cells": [row[line] for row in rows]} for line in lines
        ],
    }


def _changes(briefing: Briefing) -> Mapping[str, object]:
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
        "heading": say(lang, "papers.report_changes"),
        "sentences": [*_sentences(briefing, "moves")[:1], *briefing.came_and_went],
        "caption": table_title(briefing, 2, "papers.moves", against=briefing.against),
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


def _focus(briefing: Briefing) -> Mapping[str, object]:
    """The priority areas, and how many are red or orange in all: those that are not in the table are not forgotten."""
    lang = briefing.lang
    number = 2 + bool(briefing.moves)
    elevated = [area for area in briefing.areas if area.tier in tiers.ELEVATED]
    told = focus_part(briefing, table_title(briefing, number, "papers.focus"))
    return {
        "heading": say(lang, "papers.report_focus"),
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
