"""What the workbench answers when it is asked for an area's tier or for cut-offs by capacity, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from analytics import tiers
from analytics.response.fit_to_capacity import FittedWeights
from analytics.scheme import Scheme
from analytics.scheme.editing import levels, recut
from analytics.scheme.model import Bilingual
from analytics.scoring import Assessment
from analytics.scoring.goal_seek import GoalSeek, TierChangePlan
from analytics.wording.areas import brief_names, names_text
from analytics.wording.numbers import score_text
from analytics.wording.schemes import level_name, names_of
from analytics.wording.tiers import marked
from analytics.words import LANGUAGES, Language, say

MOVES_TOLD = 6
NAMES_TOLD = 12
LONGEST_NOTE = 400
"""Characters that a scheme's note may have."""


def goal(lang: Language, assessment: Assessment, area_id: str, found: GoalSeek) -> str:
    """What is sought for the area, or why nothing can be found."""
    name, at = assessment.areas["name"][area_id], assessment.areas.index.get_loc(area_id)
    tier = str(tiers.names(assessment.computed[-1, at]))
    score = score_text(assessment.score[-1, at], tier)
    key = f"workbench.goal_{found.because}" if found.because else "workbench.goal_found"
    return say(lang, key, name=name, tier=marked(lang, tier), score=score)


def plan(lang: Language, assessment: Assessment, found: TierChangePlan) -> dict[str, object]:
    """One way to get there: how much is changed in all (``title``), what (``moves``), where the area ``lands``, and
    which ``others`` change with it."""
    names = names_of(lang, assessment.scheme)
    if found.kind == "weights":
        level = next(level for level in levels(assessment.scheme) if level.id == found.level)
        title = say(lang, "workbench.way_weights", level=level_name(lang, level), size=f"{found.size:g}")
        moves = [
            say(lang, "workbench.way_weight", name=names[one.id], before=f"{one.before:g}", after=f"{one.after:g}")
            for one in found.changes
        ]
    else:
        title = say(lang, "workbench.way_cutoffs", size=f"{found.size:g}")
        moves = [_cut_move(lang, one.id, one.before, one.after) for one in found.changes]
    lands = say(lang, "workbench.way_lands", score=score_text(found.score), tier=marked(lang, found.tier))
    return {"title": title, "moves": moves, "lands": lands, "others": others(lang, assessment, found.others)}


def _cut_move(lang: Language, tier: str, before: float, after: float) -> str:
    return say(lang, "workbench.way_cut", tier=marked(lang, tier), before=f"{before:g}", after=f"{after:g}")


def others(lang: Language, assessment: Assessment, changed: pd.DataFrame, key: str = "workbench.others") -> str:
    """Which areas change tier, from → to, in the sentence of ``key``; another one where none does."""
    if changed.empty:
        return say(lang, "workbench.would_change_none" if key == "workbench.would_change" else "workbench.others_none")
    names = brief_names(assessment)
    told = [
        say(
            lang, "workbench.other", name=names[area_id], before=marked(lang, row.before), after=marked(lang, row.after)
        )
        for area_id, row in changed.iterrows()
    ]
    return say(lang, key, n=len(changed), names=names_text(lang, told, MOVES_TOLD))


def capacity_answer(lang: Language, found: FittedWeights, stated: float) -> str:
    """What the cut-offs cost that fit a ``stated`` capacity (team-days a week), or that none do."""
    return say(
        lang,
        "workbench.fit_cannot" if found.cannot else "workbench.fit_costs",
        days=f"{found.team_days:.1f}",
        stated=f"{stated:g}",
    )


def capacity_cuts(lang: Language, scheme: Scheme, found: FittedWeights) -> list[str]:
    """The cut-offs of ``scheme`` and those that fit, from → to; none where nothing is moved."""
    if not found.raised or found.cannot:
        return []
    return [
        _cut_move(lang, tier, before, found.cutoffs[tier])
        for tier, before in zip(tiers.RANKED[1:], scheme.tiers.ascending(), strict=True)
    ]


def capacity_left_out(lang: Language, assessment: Assessment, found: FittedWeights) -> list[str]:
    """The first areas below the line where the hands run out, tier by tier, and those of unknown tier."""
    names = brief_names(assessment)
    out = [
        say(
            lang,
            "workbench.fit_left_out",
            tier=marked(lang, tier),
            n=len(ids),
            names=names_text(lang, list(names[list(ids)]), NAMES_TOLD),
        )
        for tier, ids in found.left_out.items()
    ]
    if not found.raised and not found.cannot:
        out.append(say(lang, "workbench.fit_all_in"))
    if found.unknown:
        unknown = names_text(lang, list(names[list(found.unknown)]), NAMES_TOLD)
        out.append(say(lang, "workbench.fit_unknown", names=unknown))
    return out


def drawn_by_capacity(scheme: Scheme, cutoffs: Mapping[str, float], stated: float) -> Scheme:
    """The scheme with cut-offs that fit a capacity. Its note says so from then on, wherever the scheme is shown."""
    plain = without_capacity(scheme)
    marks = {lang: say(lang, "workbench.by_capacity_note", stated=f"{stated:g}") for lang in LANGUAGES}
    notes = {
        lang: f"{mark} {plain.note.text(lang)[: LONGEST_NOTE - len(mark) - 1]}" if plain.note else mark
        for lang, mark in marks.items()
    }
    return recut(plain, cutoffs).model_copy(update={"note": Bilingual(**notes)})


def without_capacity(scheme: Scheme) -> Scheme:
    """The scheme without that mark: cut-offs that are moved by hand are no longer those of a capacity."""
    if scheme.note is None:
        return scheme
    notes = {lang: _mark(lang).sub("", scheme.note.text(lang)).strip() for lang in LANGUAGES}
    return scheme.model_copy(update={"note": Bilingual(**notes) if all(notes.values()) else None})


def _mark(lang: Language) -> re.Pattern[str]:
    """How the sentence `workbench.by_capacity_note` is found again in a note, whatever number it names."""
    before, after = map(re.escape, say(lang, "workbench.by_capacity_note", stated="\0").split("\0"))
    return re.compile(rf"{before}[\d.e+]*{after}")
