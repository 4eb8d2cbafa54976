"""What the workbench answers when it is asked: goal seek, cut-offs by capacity, proposals of weights, judges."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

import pandas as pd

from analytics import tiers
from analytics.drawing.cards import brief_names, marked, render
from analytics.drawing.figures import score_text
from analytics.drawing.workbench import level_name, names_of, some_names
from analytics.response.fit_to_capacity import CapacityCutoffs
from analytics.scheme import Scheme
from analytics.scheme.basics import Bilingual
from analytics.scheme.editing import levels, recut
from analytics.scoring import Assessment
from analytics.scoring.goal_seek import GoalSeek, TierChangePlan
from analytics.scoring.judges import SCALE, Panel
from analytics.scoring.proposals import Proposal
from analytics.scoring.weights import Weighting
from analytics.words import LANGUAGES, Language, say

MOVES_TOLD = 6
LONGEST_NOTE = 400
"""Characters that a scheme's note may have."""


def goal(lang: Language, assessment: Assessment, area_id: str, found: GoalSeek) -> str:
    """What is sought for the area, or why nothing can be found."""
    name, at = assessment.areas["name"][area_id], assessment.areas.index.get_loc(area_id)
    tier = str(tiers.names(assessment.computed[-1, at]))
    score = score_text(assessment.score[-1, at], tier)
    key = f"workbench.goal_{found.because}" if found.because else "workbench.goal_found"
    said = say(lang, key, name=name, tier=marked(lang, tier), score=score)
    return render(lang, "workbench_said.html", said=said)


def way(lang: Language, assessment: Assessment, found: TierChangePlan) -> str:
    """One way: what is changed, how much in all, where the area lands, and which others change with it."""
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
        moves = [
            say(lang, "workbench.way_cut", tier=marked(lang, one.id), before=f"{one.before:g}", after=f"{one.after:g}")
            for one in found.changes
        ]
    lands = say(lang, "workbench.way_lands", score=score_text(found.score), tier=marked(lang, found.tier))
    return render(
        lang, "workbench_way.html", title=title, moves=moves, lands=lands, others=others(lang, assessment, found.others)
    )


def others(lang: Language, assessment: Assessment, changed: pd.DataFrame, key: str = "workbench.others") -> str:
    """Which areas change tier, from → to, in the sentence of ``key``; another one where none does."""
    if changed.empty:
        return say(lang, "workbench.would_change_none" if key == "workbench.would_change" else "workbench.others_none")
    names = brief_names(assessment)
    told = [
        say(
            lang, "workbench.other", name=names[area_id], before=marked(lang, row.before), after=marked(lang, row.after)
        )
        for area_id, row in changed.head(MOVES_TOLD).iterrows()
    ]
    more = len(changed) - len(told)
    listed = (
        say(lang, "overview.names_more", names=told, more=more) if more else say(lang, "overview.names", names=told)
    )
    return say(lang, key, n=len(changed), names=listed)


def fitted(lang: Language, assessment: Assessment, found: CapacityCutoffs, stated: float) -> str:
    """The line where the hands run out: the cut-offs, what they cost, and the first areas below them by name."""
    names = brief_names(assessment)
    said = say(
        lang,
        "workbench.fit_cannot" if found.cannot else "workbench.fit_costs",
        days=f"{found.team_days:.1f}",
        stated=f"{stated:g}",
    )
    cuts = [
        say(lang, "workbench.way_cut", tier=marked(lang, tier), before=f"{before:g}", after=f"{found.cutoffs[tier]:g}")
        for tier, before in zip(tiers.RANKED[1:], assessment.scheme.tiers.ascending(), strict=True)
    ]
    out = [
        say(
            lang,
            "workbench.fit_left_out",
            tier=marked(lang, tier),
            n=len(ids),
            names=some_names(lang, list(names[list(ids)])),
        )
        for tier, ids in found.left_out.items()
    ]
    if not found.raised and not found.cannot:
        out.append(say(lang, "workbench.fit_all_in"))
    if found.unknown:
        out.append(say(lang, "workbench.fit_unknown", names=some_names(lang, list(names[list(found.unknown)]))))
    return render(
        lang, "workbench_fit.html", said=said, cuts=cuts if found.raised and not found.cannot else [], out=out
    )


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


def proposed(
    lang: Language, scheme: Scheme, present: Mapping[str, int], wanted: Mapping[str, int], told: Sequence[str]
) -> str:
    """A proposal of weights beside the present ones of a level, and what is to be known of it."""
    names = names_of(lang, scheme)
    rows = [
        {"name": names[child], "present": now, "wanted": wanted[child], "by": wanted[child] - now}
        for child, now in present.items()
    ]
    return render(lang, "workbench_proposal.html", rows=rows, told=told)


def scale_text(lang: Language, step: str, pair: Sequence[str]) -> str:
    """A step of a judge's slider: which of the ``pair`` incidents more, and how many times; 1 is equal."""
    ratio = Fraction(step)
    if ratio == 1:
        return say(lang, "workbench.as_important")
    return say(lang, "workbench.times", name=pair[ratio < 1], times=max(ratio, 1 / ratio))


def told_of(lang: Language, assessment: Assessment, method: str, found: Proposal, panel: Panel | None) -> Sequence[str]:
    """What is to be known of a proposal: how it came about, how sound it is, and what it would change."""
    names = names_of(lang, assessment.scheme)
    told = [say(lang, f"workbench.method_is_{method}")]
    if panel and panel.group.reconsider:
        told.append(say(lang, "workbench.contradictory"))
    if panel:
        told += _of_judges(lang, names, panel)
    if found.areas_used:
        told.append(say(lang, "workbench.areas_used", n=found.areas_used, left=found.areas_left_out))
    if found.unvarying:
        told.append(say(lang, "workbench.unvarying", names=[names[child] for child in found.unvarying]))
    return [*told, others(lang, assessment, found.changes, "workbench.would_change")]


def _of_judges(lang: Language, names: Mapping[str, str], panel: Panel) -> Sequence[str]:
    told = []
    for number, judge in enumerate(panel.judges, 1):
        ratio = judge.weighting.consistency_ratio
        key = "workbench.judge_sound" if judge.weighting.reconsider is None else "workbench.judge_contradicts"
        told.append(say(lang, key, n=number, ratio=f"{ratio:.2f}", **_reconsider(lang, names, judge.weighting)))
    if len(panel.judges) > 1:
        told.append(say(lang, "workbench.group_ratio", ratio=f"{panel.group.consistency_ratio:.2f}"))
        most = panel.disputes[0]
        if most.spread > 1.005:  # what would print as 1.00
            said = [
                scale_text(lang, str(_nearest(value)), (names[most.row], names[most.column]))
                for value in (most.least, most.most)
            ]
            told.append(say(lang, "workbench.disputed", one=names[most.row], other=names[most.column], least=said[0],
                            most=said[1], spread=f"{most.spread:.1f}"))  # fmt: skip
        else:
            told.append(say(lang, "workbench.agreed"))
    return told


def _reconsider(lang: Language, names: Mapping[str, str], weighting: Weighting) -> Mapping[str, str]:
    worst = weighting.reconsider
    if worst is None:
        return {}
    pair = names[worst.row], names[worst.column]
    return {
        "judged": scale_text(lang, str(_nearest(worst.judged)), pair),
        "implied": _times(lang, worst.implied, pair),
        "one": pair[0],
        "other": pair[1],
    }  # fmt: skip


def _times(lang: Language, ratio: float, pair: Sequence[str]) -> str:
    times = f"{max(ratio, 1 / ratio):.1f}"
    if times == "1.0":
        return say(lang, "workbench.as_important")
    return say(lang, "workbench.times", name=pair[ratio < 1], times=times)


def _nearest(ratio: float) -> Fraction:
    """The step of the judges' scale that a ratio is, whatever the last bit says."""
    return min(SCALE, key=lambda step: abs(float(step) - ratio))
