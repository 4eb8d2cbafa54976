"""What two releases say together, in words: how many areas changed, which, why, and how many by chance alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from analytics.releases.bulletin import Bulletin
from analytics.releases.compare import CAUSES, Comparison, TierChange
from analytics.releases.publishing import ComparisonReport
from analytics.scoring.summary import carried_areas
from analytics.wording.areas import brief_names
from analytics.words import Language, say

MOST_NAMES = 40
FLOWS = ("left", "came", "added", "removed")
"""What lies between a tier's count before and after: areas that changed to and from other tiers, and new and gone
ones."""
_LESS = ("left", "removed")


def changed_sentence(lang: Language, told: ComparisonReport) -> str:
    """How many areas changed colour between two releases."""
    ways = [change.raised for change in told.comparison.changes]
    return say(
        lang,
        "release_pages.changed_sentence" if ways else "release_pages.unchanged_sentence",
        compared=told.comparison.compared,
        changed=len(ways),
        heavier=ways.count(True),
        lighter=ways.count(False),
        unknown=ways.count(None),
    )


def changed_by_chance(lang: Language, told: ComparisonReport) -> str:
    """How many areas chance alone would have changed."""
    noise = told.noise
    if not noise:
        stopped = told.before and any(carried_areas(one.assessment).any() for one in (told.before, told.after))
        return say(lang, f"release_pages.by_chance_{'interrupted' if stopped else 'unknown'}")
    bounds = {name: getattr(noise, name) for name in ("observed", "low", "high")}
    return say(lang, "release_pages.by_chance", expected=f"{noise.expected:.0f}", **bounds)


def flow_text(flow: str, number: int) -> str:
    """A number of areas of one of the `FLOWS` with its sign: +3, −2, 0."""
    return f"{'−' if flow in _LESS else '+'}{number}" if number else "0"


def cause_name(lang: Language, cause: str) -> str:
    """One of the causes of a change, or ``all``."""
    return say(lang, f"release_pages.cause_{cause}")


def change_rows(lang: Language, told: ComparisonReport) -> list[dict[str, object]]:
    """The changes from tier to tier and by cause, with the names of the areas: heaviest moves first."""
    comparison, names = told.comparison, brief_names(told.after.assessment)
    order: dict[tuple[str, str, tuple[bool, bool]], int] = {}
    for change in comparison.changes:  # heaviest moves first
        order.setdefault((change.before, change.after, change.carried), len(order))

    def kind(change: TierChange) -> tuple[int, int, str, str]:
        return (
            order[change.before, change.after, change.carried],
            CAUSES.index(change.cause),
            change.cause,
            change.detail.text(lang),
        )

    rows = []
    for (_, _, cause, detail), group in groupby(sorted(comparison.changes, key=kind), key=kind):
        these = list(group)
        rows.append(
            {
                "before": these[0].before,
                "after": these[0].after,
                "carried": these[0].carried,
                "names": _names(lang, [names[change.area_id] for change in these]),
                "cause": cause_name(lang, cause),
                "detail": detail,
                "n": len(these),
            }
        )
    return rows


def only_in_one(lang: Language, comparison: Comparison) -> list[str]:
    """The areas that only one of the two releases has, a sentence for each of the two."""
    return [
        say(lang, key, n=len(frame), names=_names(lang, frame["name"].tolist()))
        for key, frame in (
            ("release_pages.added_names", comparison.added),
            ("release_pages.removed_names", comparison.removed),
        )
        if len(frame)
    ]


def _names(lang: Language, names: Sequence[str]) -> str:
    if len(names) <= MOST_NAMES:
        return say(lang, "release_pages.names", names=list(names))
    told, more = list(names[:MOST_NAMES]), len(names) - MOST_NAMES
    return say(lang, "release_pages.names_more", names=told, more=more)


def bulletin_sections(lang: Language, told: Bulletin) -> list[dict[str, object]]:
    """The sections of a bulletin: each with its ``id``, its ``heading`` and its ``lines``, a sentence each."""
    return [
        {
            "id": name,
            "heading": say(lang, f"bulletin.section_{name}"),
            "lines": [item.text(lang) for item in sentences],
        }
        for name, sentences in told.sections.items()
    ]
