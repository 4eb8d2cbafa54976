"""What the workbench answers when it is asked for another tier of an area, in words."""

from __future__ import annotations

import pandas as pd

from analytics import tiers
from analytics.scheme.editing import levels
from analytics.scoring import Assessment
from analytics.scoring.goal_seek import GoalSeek, TierChangePlan
from analytics.wording.areas import brief_names, names_text
from analytics.wording.numbers import score_text
from analytics.wording.schemes import cut_off_move, level_name, names_of
from analytics.wording.tiers import marked
from analytics.words import Language, say

MOVES_TOLD = 6


def goal(lang: Language, assessment: Assessment, area_id: str, found: GoalSeek) -> str:
    """What is sought for the area, or why nothing can be found."""
    name, at = assessment.areas["name"][area_id], assessment.areas.index.get_loc(area_id)
    tier = str(tiers.names(assessment.computed[-1, at]))
    score = score_text(assessment.score[-1, at], assessment.scheme, tier)
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
        moves = [cut_off_move(lang, one.id, one.before, one.after) for one in found.changes]
    score = score_text(found.score, found.scheme)
    key = "workbench.way_lands" if found.shown == found.tier else "workbench.way_held"
    lands = say(lang, key, score=score, tier=marked(lang, found.tier), shown=marked(lang, found.shown))
    return {"title": title, "moves": moves, "lands": lands, "others": others(lang, assessment, found.others)}


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
