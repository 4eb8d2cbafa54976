"""What the workbench answers when it is asked, as parts of a page: goal seek, cut-offs by capacity, proposals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analytics.drawing.html import render, sentence
from analytics.response.fit_to_capacity import CapacityCutoffs
from analytics.scheme import Scheme
from analytics.scoring import Assessment
from analytics.scoring.goal_seek import GoalSeek, TierChangePlan
from analytics.wording import capacity, goal_seek
from analytics.wording.schemes import names_of
from analytics.words import Language


def goal(lang: Language, assessment: Assessment, area_id: str, found: GoalSeek) -> str:
    """What is sought for the area, or why nothing can be found."""
    return sentence(lang, goal_seek.goal(lang, assessment, area_id, found))


def way(lang: Language, assessment: Assessment, found: TierChangePlan) -> str:
    """One way: what is changed, how much in all, where the area lands, and which others change with it."""
    return render(lang, "workbench_way.html", **goal_seek.plan(lang, assessment, found))


def fitted(lang: Language, assessment: Assessment, found: CapacityCutoffs, stated: float) -> str:
    """The line where the hands run out: the cut-offs, what they cost, and the first areas below them by name."""
    return render(
        lang,
        "workbench_fit.html",
        said=capacity.answer(lang, found, stated),
        cuts=capacity.cuts(lang, assessment.scheme, found),
        out=capacity.left_out(lang, assessment, found),
    )


def proposed(
    lang: Language, scheme: Scheme, present: Mapping[str, int], wanted: Mapping[str, int], told: Sequence[str]
) -> str:
    """A proposal of weights (percent) beside the present ones of a level, and what is to be known of it."""
    names = names_of(lang, scheme)
    rows = [
        {"name": names[child], "present": now, "wanted": wanted[child], "by": wanted[child] - now}
        for child, now in present.items()
    ]
    return render(lang, "workbench_proposal.html", rows=rows, told=told)
