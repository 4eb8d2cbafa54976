"""The bulletin on paper (通报): an A4 document of four parts, with annexes of all areas and of the method, in the order
of official papers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from analytics import tiers
from analytics.briefing.appearance import Appearance
from analytics.briefing.content import Briefing
from analytics.briefing.map import map_of, mark_files
from analytics.briefing.paper import (
    breakable,
    count_rows,
    figure_title,
    focus_part,
    frame,
    map_part,
    names_with_causes,
    table_title,
)
from analytics.briefing.typesetting import typeset
from analytics.wording.dates import short_day
from analytics.wording.numbers import NOTHING
from analytics.words import say

PARTS: Sequence[Sequence[str]] = (("overall",), ("focus", "moves"), ("trend",), ("advice",))
"""The sections of the bulletin that each part of its body holds; the notes on method are an annex."""

MAP_WIDTH, MAP_HEIGHT = 800, 600
"""Of the map, in pixels: across the text of a page its smallest letter (11 pixels) is 6 points."""

WEEKS_IN_CHART, WEEKS_IN_TABLE = 12, 8


def bulletin_paper(briefing: Briefing) -> bytes:
    """The bulletin as a PDF, with text to select.

    Raises :class:`BriefingError`, and makes nothing, where the font lacks a sign or the typesetter does not finish.
    """
    appearance, title = Appearance(), bulletin_name(briefing)
    pictures, unmarked = dict(mark_files(appearance)), 0
    if briefing.shapes is not None:
        drawing = map_of(briefing, MAP_WIDTH, MAP_HEIGHT, appearance)
        pictures["map.svg"], unmarked = drawing.svg.encode(), drawing.unmarked
    data = {
        **frame(briefing),
        "title": title,
        "title_parts": title_parts(title),
        "place": briefing.place,
        "parts": parts(briefing),
        "counts": _counts(briefing),
        "map": map_part(briefing, 2, unmarked),
        "trend": _trend(briefing),
        "focus": focus_part(briefing, table_title(briefing, 2, "papers.focus")),
        "moves": _moves(briefing),
        "matters": _incidents(briefing),
        "annexed": annexed(briefing),
        "annex": annex(briefing),
        "notes": {"heading": say(briefing.lang, "papers.annex_notes"), "sentences": notes(briefing)},
    }
    return typeset("bulletin", data, "pdf", pictures=pictures)


def bulletin_name(briefing: Briefing) -> str:
    """The title of the bulletin without the number of the release, which stands on a line of its own."""
    return briefing.bulletin_title.removesuffix(briefing.period).rstrip(" .")


def title_parts(title: str) -> Sequence[str]:
    """Between which a title of two lines breaks: whose it is, and what it is of."""
    return re.split(r"(?<=.)(?=关于)|(?<=\.) ", title)


def annexed(briefing: Briefing) -> Sequence[str]:
    """What is annexed, a line each."""
    names = ("papers.annexed_areas", "papers.annexed_notes")
    return [say(briefing.lang, name) for name in names]


def notes(briefing: Briefing) -> Sequence[str]:
    """The notes on method, and what nobody reads who does not recompute a release, last."""
    (section,) = (section for section in briefing.sections if section.id == "notes")
    return [*section.sentences, briefing.cuts, *briefing.small_print]


def parts(briefing: Briefing) -> Sequence[Mapping[str, object]]:
    """The four parts of its body: a heading, and the bulletin's sections in it with their sentences.

    A section alone in its part has no heading of its own.
    """
    lang, sections = briefing.lang, {section.id: section for section in briefing.sections}
    return [
        {
            "heading": say(lang, f"papers.part_{number}"),
            "sections": [
                {
                    "heading": say(lang, f"papers.sub_{at}", heading=sections[name].heading) if len(held) > 1 else "",
                    "sentences": list(sections[name].sentences),
                }
                for at, name in enumerate(held, start=1)
            ],
        }
        for number, held in enumerate(PARTS, start=1)
    ]


def _counts(briefing: Briefing) -> Mapping[str, object]:
    columns = ("papers.tier", "papers.meaning", "papers.before", "papers.now", "papers.change")
    return {
        "caption": table_title(briefing, 1, "papers.counts"),
        "head": [say(briefing.lang, column) for column in columns],
        "rows": list(count_rows(briefing)),
    }


def _trend(briefing: Briefing) -> Mapping[str, object]:
    return {
        "caption": figure_title(briefing, 1, "papers.trend", n=len(briefing.weeks)),
        "weeks": [
            {"label": week.label, "counts": dict(week.counts), "raised": week.raised} for week in briefing.weeks
        ],
    }  # fmt: skip


def _moves(briefing: Briefing) -> Mapping[str, object]:
    columns = ("papers.from", "papers.to", "papers.number", "papers.names")
    return {
        "caption": table_title(briefing, 3 if briefing.focus else 2, "papers.moves", against=briefing.against),
        "head": [say(briefing.lang, column) for column in columns],
        "rows": [
            {
                "before": move.before,
                "after": move.after,
                "carried": move.carried,
                "number": str(len(move.area_ids)),
                "names": say(
                    briefing.lang,
                    "bulletin.names",
                    names=[breakable(name) for name in names_with_causes(briefing, move)],
                ),
            }
            for move in briefing.moves
        ],
    }


def _incidents(briefing: Briefing) -> Mapping[str, object] | None:
    """The weekly incidents; None where none are loaded."""
    if briefing.weekly is None:
        return None
    lang = briefing.lang
    charted, listed = briefing.weekly.iloc[-WEEKS_IN_CHART:], briefing.weekly.iloc[-WEEKS_IN_TABLE:]
    tables = 2 + bool(briefing.focus) + bool(briefing.moves)
    figures = 2 + (briefing.shapes is not None)
    labels = [
        say(lang, f"papers.{'week_not_in' if end > briefing.complete_to else 'week'}", day=short_day(lang, end))
        for end in charted.index.date
    ]
    return {
        "chart": {
            "caption": figure_title(briefing, figures, "papers.matters", n=len(charted)),
            "weeks": [
                {"label": label, "total": int(total)}
                for label, total in zip(labels, charted.sum(axis=1), strict=True)
            ],
        },
        "table": {
            "caption": table_title(briefing, tables, "papers.matters_by_kind", n=len(listed)),
            "head": [say(lang, "papers.kind"), *labels[-len(listed) :]],
            "rows": [[str(kind), *(f"{value:,}" for value in listed[kind])] for kind in listed.columns],
            "total": [say(lang, "papers.all_kinds"), *(f"{value:,}" for value in listed.sum(axis=1))],
        },
    }  # fmt: skip


def annex(briefing: Briefing) -> Mapping[str, object]:
    """The table of all areas: a row for each, whatever its tier."""
    lang = briefing.lang
    columns = (
        "papers.rank", "papers.area", "papers.tier", "papers.before", "papers.score", "papers.change", "papers.reason",
        "papers.measure",
    )  # fmt: skip
    return {
        "heading": say(lang, "papers.annex"),
        "note": say(lang, "papers.annex_note", n=len(briefing.areas)),
        "head": [say(lang, column) for column in columns],
        "rows": [
            {
                "rank": NOTHING if area.tier == tiers.UNKNOWN else str(area.rank),
                "area": breakable(area.name),
                "tier": area.tier,
                "carried": area.carried,
                "marks": list(area.marks),
                "before": area.before if area.before in tiers.SHOWN else "",
                "score": area.score,
                "change": area.change or "—",
                "reason": area.why[0] if area.why else area.reason,
                "measure": area.measure or "—",
            }
            for area in briefing.areas
        ],
    }
