"""What would lower an area's tier, in words: each way with the score it gives, its effort, and what holds then."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from analytics import tiers
from analytics.scheme import Indicator, Scheme
from analytics.scoring import Assessment, Gap
from analytics.scoring.changes import KeptChanges, SmallestChange, Step
from analytics.scoring.counterfactual import LONGEST_WAIT, smallest_changes
from analytics.wording.dates import day_near
from analytics.wording.indicators import value_text
from analytics.wording.numbers import score_text
from analytics.wording.tiers import marked
from analytics.words import Language, say

MOVED_TOLD = 2


@dataclass(frozen=True)
class ChangeRow:
    """One way, as a card or a table shows it: what is done (``text``), which values that moves (``beside``), its
    ``effort``, the ``score`` and the ``tier`` (its id) that it gives, whether that is ``enough``, and when the
    published tier follows (``held``, nothing where at once)."""

    text: str
    beside: str
    effort: str
    score: str
    tier: str
    enough: bool
    held: str


def change_rows(lang: Language, assessment: Assessment, area_id: str) -> tuple[ChangeRow, ...]:
    """The smallest ways for an area on the last day, those with the least effort first."""
    scheme, day = assessment.scheme, assessment.days[-1].date()
    return tuple(
        ChangeRow(
            text=_steps(lang, assessment, change),
            beside=_moved(lang, scheme, change),
            effort=_effort(lang, change),
            score=score_text(change.score, scheme, change.tier),
            tier=change.tier,
            enough=change.enough,
            held=say(lang, "smallest.held_brief", day=day_near(lang, change.published_on, day))
            if change.published_on
            else "",
        )
        for change in smallest_changes(assessment, area_id)
    )


def nothing_told(lang: Language, assessment: Assessment, area_id: str) -> str:
    """Why there is no way to tell; nothing where there is one."""
    if smallest_changes(assessment, area_id):
        return ""
    rank = int(assessment.computed[-1, assessment.areas.index.get_loc(area_id)])
    if rank == tiers.UNKNOWN_RANK:
        return say(lang, "smallest.none_unknown")
    if rank == tiers.RANK["green"]:
        kept = int(assessment.shown[-1, assessment.areas.index.get_loc(area_id)]) != rank
        return say(lang, "smallest.none_kept" if kept else "smallest.none_green")
    if assessment.scheme.is_relative():
        return say(lang, "smallest.none_relative")
    behind = assessment.behind
    if behind is None or (isinstance(behind, KeptChanges) and behind.day != assessment.days[-1].date()):
        return say(lang, "smallest.none_not_kept")
    return say(lang, "smallest.none_found", days=LONGEST_WAIT)


def remaining_lines(lang: Language, assessment: Assessment, area_id: str) -> list[dict[str, str]]:
    """What still holds once the first of the ways that are enough has come about, each with its ``label``: floor rules,
    and until when the stability rule holds the published tier."""
    scheme, day = assessment.scheme, assessment.days[-1].date()
    change = next((one for one in smallest_changes(assessment, area_id) if one.enough), None)
    if change is None:
        return []
    lines = []
    for left in change.floors:
        rule = scheme.floors[left.floor]
        words = {"name": rule.name.text(lang), "tier": marked(lang, rule.at_least)}
        said = (
            say(lang, "smallest.floor_until", day=day_near(lang, left.until, day), **words)
            if left.until
            else say(lang, "smallest.floor_stays", **words)
        )
        lines.append({"label": say(lang, "smallest.floor"), "text": said})
    if change.published_on and change.published:
        was = str(tiers.names(assessment.published[-1, assessment.areas.index.get_loc(area_id)]))
        said = say(
            lang,
            "smallest.held",
            tier=marked(lang, change.tier),
            was=marked(lang, was),
            published=marked(lang, change.published),
            day=day_near(lang, change.published_on, day),
        )
        lines.append({"label": say(lang, "smallest.stability"), "text": said})
    return lines


def smallest_of(lang: Language, assessment: Assessment, area_id: str) -> str:
    """The way with the least effort, what it gives, and when the published tier follows, as a clause; nothing where
    none is enough."""
    change = next((one for one in smallest_changes(assessment, area_id) if one.enough), None)
    if change is None:
        return ""
    given, today = _given(lang, assessment, change), assessment.days[-1].date()
    if not change.published_on or change.published_on <= today:
        return given
    return say(lang, "smallest.held_after", change=given, day=day_near(lang, change.published_on, today))


def _given(lang: Language, assessment: Assessment, change: SmallestChange) -> str:
    scheme = assessment.scheme
    words = {
        "steps": _steps(lang, assessment, change),
        "score": score_text(change.score, scheme),
        "tier": marked(lang, change.tier),
    }
    if not scheme.cutoffs:
        return say(lang, "smallest.gives_tier", **words)
    by_floor = tiers.RANKED[bisect_right(scheme.cutoffs, change.score)] != change.tier
    return say(lang, "smallest.gives_floor" if by_floor else "smallest.gives", **words)


def _steps(lang: Language, assessment: Assessment, change: SmallestChange) -> str:
    told = [_step(lang, assessment, change, step) for step in change.steps]
    return told[0] if len(told) == 1 else say(lang, "smallest.both", one=told[0], other=told[1])


def _step(lang: Language, assessment: Assessment, change: SmallestChange, step: Step) -> str:
    words = {"n": step.amount, "before": step.before, "after": step.after}
    if step.kind == "wait":
        day = assessment.days[-1].date()
        return say(lang, "smallest.wait", n=step.amount, day=day_near(lang, change.ready, day))
    if step.kind == "visit":
        if step.of is not None:
            return say(lang, "smallest.visit", of=step.of, **words)
        return say(lang, "smallest.visit_more" if step.before else "smallest.visit_first", **words)
    name = _indicator(assessment.scheme, step.moved[0].indicator).name.text(lang)
    return say(lang, f"smallest.{step.kind}", name=name, **words)


def _moved(lang: Language, scheme: Scheme, change: SmallestChange) -> str:
    """The values that move, with today's and what they would be."""
    told = []
    for moved in [one for step in change.steps for one in step.moved][:MOVED_TOLD]:
        item = _indicator(scheme, moved.indicator)
        values = {
            name: value_text(lang, item, value, Gap.NONE, small=False)
            for name, value in (("before", moved.before), ("after", moved.after))
        }
        told.append(say(lang, "smallest.moves", name=item.name.text(lang), **values))
    return say(lang, "reason.separator").join(told)


def _effort(lang: Language, change: SmallestChange) -> str:
    if change.minutes is None:
        effort = say(lang, "smallest.effort_unknown")
    elif change.minutes:
        effort = say(lang, "smallest.effort_minutes", n=f"{change.minutes:,g}")
    else:
        effort = say(lang, "smallest.effort_wait")
    return say(lang, "smallest.effort_tied", effort=effort) if change.tied else effort


def _indicator(scheme: Scheme, indicator_id: str) -> Indicator:
    return next(item for item in scheme.indicators if item.id == indicator_id)
