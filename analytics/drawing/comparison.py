"""What two releases say together, as parts of a page: counts, moves and their causes, and the bulletin."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from analytics import tiers
from analytics.drawing.html import render
from analytics.releases.bulletin import Bulletin
from analytics.releases.compare import Comparison, TierChange
from analytics.releases.publishing import ComparisonReport
from analytics.scoring import Assessment
from analytics.scoring.summary import area_marks, carried_areas, carried_counts
from analytics.store.ledger import ReleaseEntry
from analytics.wording import comparison as wording
from analytics.wording.dates import cut_off
from analytics.wording.releases import release_name
from analytics.wording.tiers import mark_name
from analytics.words import Language


def changed(lang: Language, told: ComparisonReport) -> str:
    """Who changed tier between two releases, how many, and which tiers these are."""
    return render(lang, "compare_head.html", parts=wording.headline(lang, told))


def maps_title(lang: Language, told: ComparisonReport) -> str:
    """The head of the card of the two maps, with what their marks mean; those of carried, held and overridden tiers
    where there are any."""
    runs = [one.assessment for one in (told.before, told.after)]
    carried = any(carried_areas(run).any() for run in runs)
    kept = [mark for mark in ("held", "override", "order") if any(area_marks(run)[mark].any() for run in runs)]
    marks = [{"name": mark, "means": mark_name(lang, mark)} for mark in kept]
    return render(lang, "compare_maps.html", carried=carried, marks=marks)


def side_title(lang: Language, entry: ReleaseEntry, assessment: Assessment) -> str:
    """What stands over one of the two maps: the release, and how many of its tiers are carried on."""
    carried = int(carried_areas(assessment).sum())
    name, day = release_name(lang, entry), cut_off(lang, entry.day)
    return render(lang, "compare_side.html", name=name, day=day, carried=carried)


def counts_then_now(lang: Language, comparison: Comparison, after: Assessment) -> str:
    """Each tier's count before and after with what lies between: areas that left, came, were added or removed; and how
    many of it are carried on in the run ``after``, where any are."""
    table, carried = comparison.counts, carried_counts(after)
    rows = [
        {
            "tier": tier,
            "before": int(row["before"]),
            "after": int(row["after"]),
            "carried": int(carried[tier] if tier else carried.sum()),
            "flows": [(flow, int(row[flow]), wording.flow_text(flow, int(row[flow]))) for flow in wording.FLOWS],
        }
        for tier, row in [*table.iterrows(), ("", table.sum())]
    ]
    return render(lang, "compare_counts.html", rows=rows, flows=wording.FLOWS, carried=bool(carried.any()))


def matrix(lang: Language, transitions: pd.DataFrame, hint: str) -> str:
    """How many areas go from which tier (rows) to which (columns); ``hint`` is the key of what is said beside it."""
    rows = [
        {"tier": before, "cells": [(after, int(row[after])) for after in tiers.SHOWN]}
        for before, row in transitions.iterrows()
    ]
    return render(lang, "compare_matrix.html", rows=rows, shown=tiers.SHOWN, hint=hint)


def causes(lang: Language, told: ComparisonReport) -> str:
    """How many changes each cause has that has any; they add up to all of them. Below them, with its own basis, how
    many computed tiers changed, and how many of these chance alone would have changed."""
    parts = [
        {"cause": cause, "label": wording.cause_name(lang, cause), "n": n}
        for cause, n in told.comparison.by_cause.items()
        if n
    ]
    chance = wording.changed_by_chance(lang, told)
    return render(lang, "compare_sum.html", parts=parts, total=len(told.comparison.changes), chance=chance)


def moves(lang: Language, told: ComparisonReport) -> str:
    """The changes by name, from tier to tier and by cause, and the areas that only one of the two releases has."""
    return render(
        lang,
        "compare_causes.html",
        total=len(told.comparison.changes),
        rows=wording.change_rows(lang, told),
        others=wording.only_in_one(lang, told.comparison),
    )


def change_marks(changes: Collection[TierChange], assessment: Assessment) -> str:
    """A character for each area of ``assessment``, as the map takes it: + heavier, - lighter, . neither."""
    marks = {change.area_id: {True: "+", False: "-", None: "."}[change.raised] for change in changes}
    return "".join(marks.get(area_id, ".") for area_id in assessment.areas.index)


def bulletin_card(lang: Language, told: Bulletin) -> str:
    """The bulletin as it is read and copied: its title, then each heading and its sentences, one a line."""
    sections = wording.bulletin_sections(lang, told)
    return render(lang, "bulletin.html", title=told.title.text(lang), sections=sections)
