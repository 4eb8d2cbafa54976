"""What two releases say together, as parts of a page: counts, moves and their causes, and the bulletin."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby

import pandas as pd

from analytics import tiers
from analytics.drawing.cards import brief_names, cut_off, release_name, render
from analytics.releases.bulletin import Bulletin, as_text
from analytics.releases.compare import CAUSES, Comparison, TierChange
from analytics.releases.publishing import ComparisonReport
from analytics.scoring import Assessment
from analytics.store.ledger import ReleaseEntry
from analytics.words import Language, say

NAMES_PER_MOVE = 40
_FLOWS = ("left", "came", "added", "removed")
_LESS = ("left", "removed")


def changed(lang: Language, told: ComparisonReport) -> str:
    """How many areas changed colour between two releases, and how many chance alone would have changed."""
    comparison, noise = told.comparison, told.noise
    ways = [change.raised for change in comparison.changes]
    key = "release_pages.changed_sentence" if ways else "release_pages.unchanged_sentence"
    sentence = say(
        lang,
        key,
        compared=comparison.compared,
        changed=len(ways),
        heavier=ways.count(True),
        lighter=ways.count(False),
        unknown=ways.count(None),
    )
    aside = say(lang, "release_pages.by_chance_unknown")
    if noise:
        bounds = {name: getattr(noise, name) for name in ("observed", "low", "high")}
        aside = say(lang, "release_pages.by_chance", expected=f"{noise.expected:.0f}", **bounds)
    return render(lang, "compare_head.html", sentence=sentence, aside=aside)


def maps_title(lang: Language) -> str:
    """The head of the card of the two maps."""
    return render(lang, "compare_maps.html")


def side_title(lang: Language, entry: ReleaseEntry) -> str:
    """What stands over one of the two maps."""
    return render(lang, "compare_side.html", name=release_name(lang, entry), day=cut_off(lang, entry.day))


def counts_then_now(lang: Language, comparison: Comparison) -> str:
    """Each tier's count before and after with what lies between: areas that left, came, were added or removed."""
    table = comparison.counts
    total = table.sum()
    rows = [
        {
            "tier": tier,
            "before": int(row["before"]),
            "after": int(row["after"]),
            "flows": [(name, int(row[name]), _signed(name, int(row[name]))) for name in _FLOWS],
        }
        for tier, row in [*table.iterrows(), ("", total)]
    ]
    return render(lang, "compare_counts.html", rows=rows, flows=_FLOWS)


def _signed(flow: str, number: int) -> str:
    return f"{'−' if flow in _LESS else '+'}{number}" if number else "0"


def matrix(lang: Language, transitions: pd.DataFrame, hint: str) -> str:
    """How many areas go from which tier (rows) to which (columns); ``hint`` is the key of what is said beside it."""
    rows = [
        {"tier": before, "cells": [(after, int(row[after])) for after in tiers.SHOWN]}
        for before, row in transitions.iterrows()
    ]
    return render(lang, "compare_matrix.html", rows=rows, shown=tiers.SHOWN, hint=say(lang, hint))


def causes(lang: Language, comparison: Comparison) -> str:
    """How many changes each cause has; they add up to all of them."""
    parts = [
        {"cause": cause, "label": say(lang, f"release_pages.cause_{cause}"), "n": n}
        for cause, n in comparison.by_cause.items()
    ]
    return render(lang, "compare_sum.html", parts=parts, total=len(comparison.changes))


def moves(lang: Language, told: ComparisonReport) -> str:
    """The changes by name, from tier to tier and by cause, and the areas that only one of the two releases has."""
    comparison = told.comparison
    names = brief_names(told.after.assessment)

    def kind(change: TierChange) -> tuple[int, int, str, str]:
        return order[change.before, change.after], CAUSES.index(change.cause), change.cause, change.detail.text(lang)

    order: dict[tuple[str, str], int] = {}
    for change in comparison.changes:  # heaviest moves first
        order.setdefault((change.before, change.after), len(order))
    rows = []
    for (_, _, cause, detail), group in groupby(sorted(comparison.changes, key=kind), key=kind):
        these = list(group)
        rows.append(
            {
                "before": these[0].before,
                "after": these[0].after,
                "names": _some(lang, [names[change.area_id] for change in these]),
                "cause": say(lang, f"release_pages.cause_{cause}"),
                "detail": detail,
                "n": len(these),
            }
        )
    others = [
        say(lang, key, n=len(frame), names=_some(lang, frame["name"].tolist()))
        for key, frame in (
            ("release_pages.added_names", comparison.added),
            ("release_pages.removed_names", comparison.removed),
        )
        if len(frame)
    ]
    return render(lang, "compare_causes.html", total=len(comparison.changes), rows=rows, others=others)


def _some(lang: Language, names: Sequence[str]) -> str:
    if len(names) <= NAMES_PER_MOVE:
        return say(lang, "release_pages.names", names=list(names))
    told, more = list(names[:NAMES_PER_MOVE]), len(names) - NAMES_PER_MOVE
    return say(lang, "release_pages.names_more", names=told, more=more)


def change_marks(changes: Collection[TierChange], assessment: Assessment) -> str:
    """A character for each area of ``assessment``, as the map takes it: + heavier, - lighter, . neither."""
    marks = {change.area_id: {True: "+", False: "-", None: "."}[change.raised] for change in changes}
    return "".join(marks.get(area_id, ".") for area_id in assessment.areas.index)


def bulletin_file(lang: Language, told: Bulletin) -> bytes:
    """The bulletin as a text file; its byte order mark lets every editor know that it is UTF-8."""
    return as_text(told, lang).encode("utf-8-sig")


def bulletin_card(lang: Language, told: Bulletin) -> str:
    """The bulletin as it is read and copied: its title, then each heading and its sentences, one a line."""
    sections = [
        {"heading": say(lang, f"bulletin.section_{name}"), "lines": [item.text(lang) for item in sentences]}
        for name, sentences in told.sections.items()
    ]
    return render(lang, "bulletin.html", title=told.title.text(lang), sections=sections)
