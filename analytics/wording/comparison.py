"""What two releases say together, in words: how many areas changed, which, why, and how many by chance alone."""

from __future__ import annotations

import pandas as pd

from analytics import tiers
from analytics.releases.bulletin import Bulletin
from analytics.releases.compare import Cause, Comparison, TierChange, side_by_side
from analytics.releases.publishing import ComparisonReport
from analytics.scoring import Assessment
from analytics.scoring.summary import carried_areas
from analytics.wording.areas import brief_names, names_text
from analytics.wording.tier_changes import Beside, changed_parts, what_moved
from analytics.words import Language, say

MOST_NAMES = 40
FLOWS = ("left", "came", "added", "removed")
"""What lies between a tier's count before and after: areas that changed to and from other tiers, and new and gone
ones."""
_LESS = ("left", "removed")
_BY_RECORDS: tuple[Cause, ...] = ("data", "day", "stability", "decision", "order")
"""Causes under which the values of the two days say what moved an area."""


def headline(lang: Language, told: ComparisonReport) -> list[dict[str, str]]:
    """Who changed tier between two releases and to what, and how many: parts of ``text``, those that are names with
    their ``area_id``."""
    found = told.comparison.changes
    rows = {one.area_id: {"before": one.before, "after": one.after, "raised": one.raised} for one in found}
    changed = pd.DataFrame.from_dict(rows, orient="index", columns=["before", "after", "raised"])
    beside: dict[str, Beside] = {one.area_id: "person" for one in found if one.cause == "decision"}
    for one in found:
        if one.cause == "order":
            rises = tiers.RANK[one.after] > tiers.RANK[one.before]
            beside[one.area_id] = "order_raised" if rises else "order_ended"
    parts = changed_parts(lang, changed, brief_names(told.after.assessment), beside)
    if parts:
        parts.append({"area_id": "", "text": say(lang, "overview.sentence_end")})
    return [*parts, {"area_id": "", "text": _counted(lang, told)}]


def _counted(lang: Language, told: ComparisonReport) -> str:
    ways = [change.raised for change in told.comparison.changes]
    unknown = ways.count(None)
    return say(
        lang,
        "release_pages.changed_sentence" if ways else "release_pages.unchanged_sentence",
        compared=told.comparison.compared,
        changed=len(ways),
        heavier=ways.count(True),
        lighter=ways.count(False),
        others=say(lang, "release_pages.changed_others", n=unknown) if unknown else "",
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
    """The changes, an area each, heaviest first: from which tier to which, what ``moved`` it in a leader's terms, and
    which ``cause`` it is counted under."""
    names, pair = brief_names(told.after.assessment), side_by_side(told.before.assessment, told.after.assessment)
    return [
        {
            "area_id": change.area_id,
            "name": names[change.area_id],
            "before": change.before,
            "after": change.after,
            "carried": change.carried,
            "moved": _moved(lang, told, pair, change),
            "cause": cause_name(lang, change.cause),
        }
        for change in told.comparison.changes
    ]


def _moved(lang: Language, told: ComparisonReport, pair: Assessment, change: TierChange) -> str:
    """The indicator or rule that moved an area, where one scheme made both tiers from what was recorded; else what made
    them two."""
    if change.cause in _BY_RECORDS and told.before.scheme.digest() == told.after.scheme.digest():
        moved = what_moved(lang, pair, change.area_id)
        if moved:
            return moved
    return change.detail.text(lang)


def only_in_one(lang: Language, comparison: Comparison) -> list[str]:
    """The areas that only one of the two releases has, a sentence for each of the two."""
    return [
        say(lang, key, n=len(frame), names=names_text(lang, frame["name"].tolist(), MOST_NAMES))
        for key, frame in (
            ("release_pages.added_names", comparison.added),
            ("release_pages.removed_names", comparison.removed),
        )
        if len(frame)
    ]


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
