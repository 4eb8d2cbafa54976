"""The report: an A4 paper of four parts and an annex of all areas, in the order of official papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from analytics import PROGRAM, tiers
from analytics.briefing.appearance import Appearance
from analytics.briefing.content import Area, Briefing, TierCount
from analytics.briefing.map import map_of
from analytics.briefing.typesetting import typeset
from analytics.tiers import LOOKS
from analytics.wording.dates import short_day
from analytics.words import say

PARTS: Sequence[Sequence[str]] = (("overall",), ("focus", "moves"), ("trend",), ("advice", "notes"))
"""The sections of the bulletin that each part of a paper holds."""

MAP_WIDTH, MAP_HEIGHT = 800, 600
"""Of the map, in pixels: across the text of a page its smallest letter (11 pixels) is 6 points."""

WEEKS_IN_CHART, WEEKS_IN_TABLE = 12, 8
_LONGEST_WORD = 16  # of a name, in Latin letters, that a column of the annex holds in one line
_ZERO_WIDTH_SPACE = "\u200b"


def report(briefing: Briefing) -> bytes:
    """The report as a PDF, with text to select.

    Raises :class:`BriefingError`, and makes nothing, where the font lacks a sign or the typesetter does not finish.
    """
    lang = briefing.lang
    data = {
        "lang": lang,
        "title": briefing.title,
        "program": PROGRAM,
        "place": briefing.place,
        "period": briefing.period,
        "draft": say(lang, "papers.draft") if briefing.number is None else "",
        "cut_off": briefing.cut_off,
        "finding_label": briefing.finding_label,
        "finding": briefing.finding,
        "interrupted": briefing.interrupted,
        "carried": {
            "names": {count.tier: say(lang, "tiers.carried_brief", tier=count.name) for count in briefing.counts},
            "means": say(lang, "tiers.carried_means") if briefing.carried else "",
        },
        "scheme": briefing.scheme,
        "code": say(lang, "papers.code", code=briefing.code),
        "notice": briefing.notice,
        "tiers": {count.tier: {**asdict(LOOKS[count.tier]), "name": count.name} for count in briefing.counts},
        "parts": parts(briefing),
        "counts": _counts(briefing),
        "map": _map(briefing),
        "trend": _trend(briefing),
        "focus": _focus(briefing),
        "moves": _moves(briefing),
        "matters": _incidents(briefing),
        "cuts": briefing.cuts,
        "annex": _annex(briefing),
    }
    pictures = (
        {} if briefing.shapes is None else {"map.svg": map_of(briefing, MAP_WIDTH, MAP_HEIGHT, Appearance()).encode()}
    )
    return typeset("report", data, "pdf", pictures=pictures)


def parts(briefing: Briefing) -> Sequence[Mapping[str, object]]:
    """The four parts of a paper: a heading, and the bulletin's sections in it with their sentences.

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


def count_rows(briefing: Briefing) -> Sequence[Mapping[str, str]]:
    """The table of counts: a row for each tier, zeros too, and one for all; ``tier`` is empty in the last. How many are
    carried on stands behind what the tier means."""

    def row(tier: str, name: str, meaning: str, counts: Sequence[TierCount]) -> Mapping[str, str]:
        carried = sum(count.carried for count in counts)
        if carried:
            kept = say(briefing.lang, "tiers.carried_count", n=carried)
            meaning = say(briefing.lang, "reason.separator").join(filter(None, (meaning, kept)))
        now, before = sum(count.count for count in counts), [count.before for count in counts]
        known = None not in before
        return {
            "tier": tier,
            "name": name,
            "meaning": meaning,
            "before": f"{sum(before)}" if known else "—",
            "now": f"{now}",
            "change": _signed(now - sum(before)) if known else "—",
        }

    rows = [row(count.tier, count.name, count.meaning, [count]) for count in briefing.counts]
    return [*rows, row("", say(briefing.lang, "papers.all_areas"), "", briefing.counts)]


def measure_of(briefing: Briefing, area: Area) -> str:
    """What is to be done and how often; a dash for an area whose tier has no measure."""
    if not area.measure:
        return "—"
    return say(briefing.lang, "papers.measure_cadence", measure=area.measure, cadence=area.cadence)


def _signed(by: int) -> str:
    return f"{by:+d}" if by else "0"


def _table(briefing: Briefing, number: int, title: str, **blanks: object) -> str:
    return say(briefing.lang, "papers.table", n=number, title=say(briefing.lang, title, **blanks))


def _figure(briefing: Briefing, number: int, title: str, **blanks: object) -> str:
    return say(briefing.lang, "papers.figure", n=number, title=say(briefing.lang, title, **blanks))


def _counts(briefing: Briefing) -> Mapping[str, object]:
    columns = ("papers.tier", "papers.meaning", "papers.before", "papers.now", "papers.change")
    return {
        "caption": _table(briefing, 1, "papers.counts"),
        "head": [say(briefing.lang, column) for column in columns],
        "rows": list(count_rows(briefing)),
    }


def _map(briefing: Briefing) -> Mapping[str, object]:
    lang = briefing.lang
    if briefing.shapes is None:
        return {"none": say(lang, "papers.no_map")}
    undrawn = int((briefing.shapes.geometry.isna() | briefing.shapes.geometry.is_empty).sum())
    return {
        "none": "",
        "caption": _figure(briefing, 2, "papers.map", base_map=briefing.base_map),
        "undrawn": say(lang, "papers.undrawn", n=undrawn) if undrawn else "",
        "keys": {"pin": say(lang, "papers.key_pin")}
        | (
            {"heavier": say(lang, "papers.key_heavier"), "lighter": say(lang, "papers.key_lighter")}
            if briefing.moves
            else {}
        ),
    }


def _trend(briefing: Briefing) -> Mapping[str, object]:
    return {
        "caption": _figure(briefing, 1, "papers.trend", n=len(briefing.weeks)),
        "weeks": [
            {"label": week.label, "counts": dict(week.counts), "raised": week.raised} for week in briefing.weeks
        ],
    }  # fmt: skip


def _focus(briefing: Briefing) -> Mapping[str, object]:
    columns = ("papers.rank", "papers.area", "papers.tier", "papers.score", "papers.reasons", "papers.measure")
    return {
        "caption": _table(briefing, 2, "papers.focus"),
        "head": [say(briefing.lang, column) for column in columns],
        "rows": [
            {
                "rank": str(area.rank),
                "area": _breakable(area.name),
                "tier": area.tier,
                "carried": area.carried,
                "score": area.score,
                "change": area.change,
                "firmness": area.firmness,
                "reasons": list(area.why) or [area.reason],
                "measure": measure_of(briefing, area),
            }
            for area in briefing.focus
        ],
    }


def _moves(briefing: Briefing) -> Mapping[str, object]:
    columns = ("papers.from", "papers.to", "papers.number", "papers.names")
    return {
        "caption": _table(briefing, 3 if briefing.focus else 2, "papers.moves", against=briefing.against),
        "head": [say(briefing.lang, column) for column in columns],
        "rows": [
            {
                "before": move.before,
                "after": move.after,
                "carried": move.carried,
                "number": str(len(move.area_ids)),
                "names": say(briefing.lang, "bulletin.names", names=[_breakable(name) for name in move.names]),
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
            "caption": _figure(briefing, figures, "papers.matters", n=len(charted)),
            "weeks": [
                {"label": label, "total": int(total)}
                for label, total in zip(labels, charted.sum(axis=1), strict=True)
            ],
        },
        "table": {
            "caption": _table(briefing, tables, "papers.matters_by_kind", n=len(listed)),
            "head": [say(lang, "papers.kind"), *labels[-len(listed) :]],
            "rows": [[str(kind), *(f"{value:,}" for value in listed[kind])] for kind in listed.columns],
            "total": [say(lang, "papers.all_kinds"), *(f"{value:,}" for value in listed.sum(axis=1))],
        },
    }  # fmt: skip


def _annex(briefing: Briefing) -> Mapping[str, object]:
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
                "rank": str(area.rank),
                "area": _breakable(area.name),
                "tier": area.tier,
                "carried": area.carried,
                "before": area.before if area.before in tiers.SHOWN else "",
                "score": area.score,
                "change": area.change or "—",
                "reason": area.why[0] if area.why else area.reason,
                "measure": area.measure or "—",
            }
            for area in briefing.areas
        ],
    }


def _breakable(name: str) -> str:
    """The name, with places to break it where a word of it is longer than a column is wide."""
    return " ".join(
        _ZERO_WIDTH_SPACE.join(word) if len(word) > _LONGEST_WORD else word for word in name.split(" ")
    )  # fmt: skip
