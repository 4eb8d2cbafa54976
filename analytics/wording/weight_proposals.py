"""Proposals of weights in words: the steps of a judge's scale, and what is to be known of what was proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from analytics.scoring import Assessment
from analytics.scoring.judges import SCALE, Panel
from analytics.scoring.proposals import Proposal
from analytics.scoring.weights import Weighting
from analytics.wording.goal_seek import others
from analytics.wording.schemes import names_of
from analytics.words import Language, say

LEAST_SPREAD_TOLD = 1.005
"""What lies below would print as 1.00."""


def scale_text(lang: Language, step: str, pair: Sequence[str]) -> str:
    """A step of a judge's slider: which of the ``pair`` counts more, and how many times; 1 is equal."""
    ratio = Fraction(step)
    if ratio == 1:
        return say(lang, "workbench.as_important")
    return say(lang, "workbench.times", name=pair[ratio < 1], times=max(ratio, 1 / ratio))


def proposal_notes(
    lang: Language, assessment: Assessment, method: str, found: Proposal, panel: Panel | None
) -> list[str]:
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


def _of_judges(lang: Language, names: Mapping[str, str], panel: Panel) -> list[str]:
    told = []
    for number, judge in enumerate(panel.judges, 1):
        ratio = judge.weighting.consistency_ratio
        key = "workbench.judge_sound" if judge.weighting.reconsider is None else "workbench.judge_contradicts"
        told.append(say(lang, key, n=number, ratio=f"{ratio:.2f}", **_reconsider(lang, names, judge.weighting)))
    if len(panel.judges) > 1:
        told.append(say(lang, "workbench.group_ratio", ratio=f"{panel.group.consistency_ratio:.2f}"))
        most = panel.disputes[0]
        if most.spread > LEAST_SPREAD_TOLD:
            pair = names[most.row], names[most.column]
            least, largest = (scale_text(lang, str(_nearest(value)), pair) for value in (most.least, most.most))
            told.append(say(lang, "workbench.disputed", one=pair[0], other=pair[1], least=least, most=largest,
                            spread=f"{most.spread:.1f}"))  # fmt: skip
        else:
            told.append(say(lang, "workbench.agreed"))
    return told


def _reconsider(lang: Language, names: Mapping[str, str], weighting: Weighting) -> Mapping[str, str]:
    """The words for the pair that contradicts a judge's other judgements most; none where none does."""
    worst = weighting.reconsider
    if worst is None:
        return {}
    pair = names[worst.row], names[worst.column]
    return {
        "judged": scale_text(lang, str(_nearest(worst.judged)), pair),
        "implied": _times(lang, worst.implied, pair),
        "one": pair[0],
        "other": pair[1],
    }


def _times(lang: Language, ratio: float, pair: Sequence[str]) -> str:
    times = f"{max(ratio, 1 / ratio):.1f}"
    if times == "1.0":
        return say(lang, "workbench.as_important")
    return say(lang, "workbench.times", name=pair[ratio < 1], times=times)


def _nearest(ratio: float) -> Fraction:
    """The step of the judges' scale that a ratio is, whatever the last bit says."""
    return min(SCALE, key=lambda step: abs(float(step) - ratio))
