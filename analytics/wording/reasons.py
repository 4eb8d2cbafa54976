"""Why an area has its tier, in words: one sentence for a list or a paper, and the lines of its card."""

from __future__ import annotations

from analytics import tiers
from analytics.evidence.confidence import Confidence
from analytics.evidence.detection_bias import UNVISITED_DAYS
from analytics.scheme import Scheme
from analytics.scoring import Assessment, Gap, Reason, ranking, reason_for
from analytics.scoring.counterfactual import SmallestImprovement, smallest_improvement
from analytics.wording.confidence import firmness_of_tier
from analytics.wording.dates import short_day
from analytics.wording.indicators import leading_values, value_text
from analytics.wording.numbers import score_text
from analytics.wording.tiers import marked
from analytics.words import Language, say


def sentence(lang: Language, assessment: Assessment, area_id: str) -> str:
    """Why an area has its colour on the last day, in one sentence made of the same parts as its card."""
    last = assessment.on(assessment.days[-1])
    reason = reason_for(last, area_id)
    parts = [what_decided(lang, assessment.scheme, reason)]
    leads = leading_values(lang, last, area_id, tuple(ranking(last)["leads"][area_id]))
    if leads and not reason.lacks_data:
        parts.append(say(lang, "reason.led_by", leads=leads))
    if easing := smallest_improvement(last, area_id):
        parts.append(say(lang, "reason.easing_would", easing=_improvement(lang, easing)))
    return say(
        lang,
        "reason.sentence",
        name=assessment.areas["name"][area_id],
        tier=say(lang, f"tiers.{reason.tier}"),
        score=score_text(reason.score, reason.tier),
        parts=say(lang, "reason.separator").join(parts),
    )


def what_decided(lang: Language, scheme: Scheme, reason: Reason) -> str:
    """What gave the area its tier: a floor rule, missing data, a line of the scheme, or the largest part of the
    score."""
    if reason.floor is not None:
        return say(lang, "reason.by_floor", name=reason.floor.name.text(lang), tier=marked(lang, reason.floor.at_least))
    if reason.lacks_data:
        least = scheme.missing.minimum_known_weight
        entry = "reason.by_missing" if reason.known < least else "reason.by_missing_green"
        return say(lang, entry, known=f"{reason.known:.0%}", least=f"{least:.0%}")
    if reason.line is not None:
        return reason.line.name.text(lang) if reason.line.name else say(lang, "reason.by_line")
    if reason.score == 0:
        return say(lang, "reason.by_nothing")
    parts = reason.parts.groupby("dimension", sort=False)["contribution"].sum()
    name = next(dimension.name.text(lang) for dimension in scheme.dimensions if dimension.id == parts.idxmax())
    said = [say(lang, "reason.by_score", name=name, share=f"{parts.max() / reason.score:.0%}")]
    if reason.holding:
        said.append(say(lang, "reason.floors_hold", names=[floor.name.text(lang) for floor in reason.holding]))
    return say(lang, "reason.separator").join(said)


def reason_lines(
    lang: Language, assessment: Assessment, area_id: str, *, unlooked: bool = False, firm: Confidence | None = None
) -> list[dict[str, str]]:
    """The lines of an area's card on the last day, each with its ``label``: what decided, how firm it is, how far the
    next tiers are, what would ease it, and what its tier asks for.

    ``unlooked``: it is green, and nobody has looked lately. ``firm``: what draws of that day said, if any.
    """
    last, scheme = assessment.on(assessment.days[-1]), assessment.scheme
    reason = reason_for(last, area_id)
    lines = [("reason.decided", what_decided(lang, scheme, reason))]
    if scheme.stability or reason.tier != reason.computed:
        lines.append(("reason.three_tiers", _three_tiers(lang, reason)))
    if firm is not None and firm.words.get(area_id):
        lines.append(("reason.confidence", firmness_of_tier(lang, firm, area_id, reason.tier)))
    if distances := _distances(lang, reason):
        lines.append(("reason.distance", say(lang, "reason.separator").join(distances)))
    if easing := smallest_improvement(last, area_id):
        lines.append(("reason.easing", _improvement(lang, easing)))
    if reason.tier in scheme.measures:
        lines.append(("reason.measure", scheme.measures[reason.tier].text.text(lang)))
    if unlooked:
        lines.append(("evidence.looked", say(lang, "evidence.nobody_looked", days=UNVISITED_DAYS)))
    return [{"label": say(lang, key), "text": text} for key, text in lines]


def tier_before(lang: Language, assessment: Assessment, area_id: str) -> str:
    """Score and tier of an area on the assessment's first day."""
    first = assessment.days[0]
    before = reason_for(assessment.on(first), area_id)
    score, tier = score_text(before.score, before.tier), marked(lang, before.tier)
    return say(lang, "reason.before", since=short_day(lang, first), score=score, tier=tier)


def score_label(lang: Language, reason: Reason) -> str:
    """What the score is called: of an area that lacks data it is that of the known part."""
    return say(lang, "reason.score_known" if reason.lacks_data else "reason.score")


def _three_tiers(lang: Language, reason: Reason) -> str:
    """The computed, the published and the shown tier, and what a change waits for."""
    said = [
        say(
            lang,
            "reason.tiers_are",
            computed=marked(lang, reason.computed),
            published=marked(lang, reason.published),
            shown=marked(lang, reason.tier),
        )
    ]
    if reason.next_change:
        said.append(
            say(
                lang,
                "reason.waiting",
                tier=marked(lang, reason.waiting_for),
                held=reason.days_held,
                needed=reason.days_needed,
                day=short_day(lang, reason.next_change),
            )
        )
    return say(lang, "reason.separator").join(said)


def _distances(lang: Language, reason: Reason) -> list[str]:
    """How many points of the score lie between the area and the cut-offs around it."""
    said = []
    if reason.to_harder is not None:
        harder = tiers.RANKED[tiers.RANK[reason.by_score] + 1]
        said.append(say(lang, "reason.to_harder", points=f"{reason.to_harder:.1f}", tier=marked(lang, harder)))
    if reason.to_easier is not None:
        said.append(say(lang, "reason.above_cut", points=f"{reason.to_easier:.1f}", tier=marked(lang, reason.by_score)))
    return said


def _improvement(lang: Language, easing: SmallestImprovement) -> str:
    """The smallest improvement of one indicator that would give an easier tier."""
    before, after = (
        value_text(lang, easing.indicator, value, Gap.NONE, small=False) for value in (easing.before, easing.after)
    )
    return say(
        lang,
        "reason.easing_is",
        name=easing.indicator.name.text(lang),
        before=before,
        after=after,
        score=score_text(easing.score),
        tier=marked(lang, easing.tier),
    )
