"""What the papers have in common: the frame of a page, the counts of tiers, and how areas are told in a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from analytics import PROGRAM
from analytics.briefing.content import Area, Briefing, Move, TierCount
from analytics.tiers import LOOKS
from analytics.wording.briefing import with_cause
from analytics.wording.tiers import mark_count
from analytics.words import say, signed

_LONGEST_WORD = 16  # of a name, in Latin letters, that a column of the annex holds in one line
_ZERO_WIDTH_SPACE = "\u200b"


def frame(briefing: Briefing) -> Mapping[str, object]:
    """What every paper prints of its release, by the names of ``templates/paper_parts.typ``."""
    lang = briefing.lang
    return {
        "lang": lang,
        "title": briefing.title,
        "program": PROGRAM,
        "period": briefing.period,
        "draft": say(lang, "papers.draft") if briefing.number is None else "",
        "cut_off": briefing.cut_off,
        "finding_label": briefing.finding_label,
        "finding": briefing.finding,
        "notices": briefing.notices,
        "carried": {
            "names": {count.tier: say(lang, "tiers.carried_brief", tier=count.name) for count in briefing.counts},
            "means": say(lang, "tiers.carried_means") if briefing.carried else "",
        },
        "heading": briefing.heading,
        "scheme": briefing.scheme,
        "code": say(lang, "papers.code", code=briefing.code),
        "notice": briefing.notice,
        "tiers": {count.tier: {**asdict(LOOKS[count.tier]), "name": count.name} for count in briefing.counts},
        "cuts": briefing.cuts,
        "signed": list(briefing.signed),
        "small_print": list(briefing.small_print),
    }


def map_part(briefing: Briefing, figure: int, unmarked: int) -> Mapping[str, object]:
    """What is written under the map, which is figure so and so; ``unmarked``: areas too small for their marks."""
    lang = briefing.lang
    if briefing.shapes is None:
        return {"none": say(lang, "papers.no_map")}
    undrawn = int((briefing.shapes.geometry.isna() | briefing.shapes.geometry.is_empty).sum())
    return {
        "none": "",
        "caption": figure_title(briefing, figure, "papers.map", base_map=briefing.base_map),
        "notes": [
            *([say(lang, "papers.undrawn", n=undrawn)] if undrawn else []),
            *([say(lang, "sheet.unmarked", n=unmarked)] if unmarked else []),
        ],
        "pin": say(lang, "papers.key_pin") if briefing.focus else "",
        "marks": [{"mark": mark, "said": mark_count(lang, mark, n)} for mark, n in briefing.marks.items()],
    }


def focus_part(briefing: Briefing, caption: str) -> Mapping[str, object]:
    """The table of priority areas."""
    columns = ("papers.rank", "papers.area", "papers.tier", "papers.score", "papers.reasons", "papers.measure")
    return {
        "caption": caption,
        "head": [say(briefing.lang, column) for column in columns],
        "rows": [
            area_cells(area, area.name)
            | {"reasons": list(area.why) or [area.reason], "measure": measure_of(briefing, area)}
            for area in briefing.focus
        ],
    }


def area_cells(area: Area, name: str) -> dict[str, object]:
    """What a row of priority areas says of one beside its reasons and measure, under a ``name``."""
    return {
        "rank": str(area.rank),
        "area": breakable(name),
        "tier": area.tier,
        "carried": area.carried,
        "marks": list(area.marks),
        "score": area.score,
        "change": area.change,
        "firmness": area.firmness,
    }


def table_title(briefing: Briefing, number: int, title: str, **blanks: object) -> str:
    """Table so and so, and what it shows."""
    return say(briefing.lang, "papers.table", n=number, title=say(briefing.lang, title, **blanks))


def figure_title(briefing: Briefing, number: int, title: str, **blanks: object) -> str:
    """Figure so and so, and what it shows."""
    return say(briefing.lang, "papers.figure", n=number, title=say(briefing.lang, title, **blanks))


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
            "change": signed(now - sum(before)) if known else "—",
        }

    rows = [row(count.tier, count.name, count.meaning, [count]) for count in briefing.counts]
    return [*rows, row("", say(briefing.lang, "papers.all_areas"), "", briefing.counts)]


def measure_of(briefing: Briefing, area: Area) -> str:
    """What is to be done and how often; a dash for an area whose tier has no measure."""
    if not area.measure or not area.cadence:
        return area.measure or "—"
    return say(briefing.lang, "papers.measure_cadence", measure=area.measure, cadence=area.cadence)


def names_with_causes(briefing: Briefing, move: Move) -> list[str]:
    """The names of areas that moved, each with what moved it where that were not the records."""
    named = zip(move.names, move.causes, strict=True)
    return [with_cause(briefing.lang, name, cause) for name, cause in named]


def breakable(name: str) -> str:
    """The name, with places to break it where a word of it is longer than a column is wide."""
    return " ".join(
        _ZERO_WIDTH_SPACE.join(word) if len(word) > _LONGEST_WORD else word for word in name.split(" ")
    )  # fmt: skip
