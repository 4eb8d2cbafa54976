"""Why an area has its tier, in words: one clause, one sentence for a list or a paper, and the lines of its card."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from analytics import tiers
from analytics.evidence.confidence import Confidence
from analytics.evidence.detection_bias import UNVISITED_DAYS
from analytics.scheme import Decision, Scheme
from analytics.scoring import Assessment, Reason, reason_for
from analytics.scoring.reasons import ShownTier
from analytics.scoring.summary import interrupted_others, leading_indicators
from analytics.wording.confidence import firmness_of_tier
from analytics.wording.dates import day_near, short_day
from analytics.wording.indicators import LEADS_TOLD, leading_values
from analytics.wording.numbers import NOTHING, score_text, short_of_text
from analytics.wording.silence import silence_of_area
from analytics.wording.smallest import smallest_of
from analytics.wording.tiers import marked_in_sentence, tier_in_sentence
from analytics.words import Language, day, say

_KEPT = ("carried", "held", "override", "order")

SMALLEST_DISTANCE = 0.05
"""Points of score below which a distance would print as none."""


def sentence(lang: Language, assessment: Assessment, area_id: str) -> str:
    """Why an area has its tier on the last day, in one sentence whose first clause says which tier is shown and why it
    is that: by today's score, a floor rule, a rule that holds it, a person, or because too little is known."""
    last, scheme = _last_day(assessment), assessment.scheme
    reason = reason_for(last, area_id)
    score = score_text(reason.score, scheme, reason.shown.computed)
    parts = [what_decided(lang, scheme, reason)]
    if reason.shown.why in _KEPT:
        parts.insert(0, kept_by(lang, reason.shown))
    if score != NOTHING and not _by_score(reason):
        parts.insert(1, say(lang, "reason.score_of_day", score=score))
    leads = leading_values(lang, last, area_id, leading_indicators(last, area_id))
    if leads and not reason.lacks_data:
        parts.append(say(lang, "reason.led_by", leads=leads))
    parts += filter(None, [order_over(lang, reason.shown)])
    if change := smallest_of(lang, last, area_id):
        parts.append(say(lang, "smallest.would", change=change))
    forms = {"computed": "sentence_rule", "missing": "sentence_missing"}
    form = "sentence" if _by_score(reason) else forms.get(reason.shown.why, "sentence_shown")
    return say(
        lang,
        f"reason.{form}",
        name=assessment.areas["name"][area_id],
        tier=tier_in_sentence(lang, reason.shown.tier),
        score=score,
        parts=say(lang, "reason.separator").join(parts),
    )


def _last_day(assessment: Assessment) -> Assessment:
    """The run on its last day; as it is where that is its only one, since a copy of all areas for each costs much."""
    return assessment if len(assessment.days) == 1 else assessment.on(assessment.days[-1])


def kept_by(lang: Language, shown: ShownTier) -> str:
    """What keeps a shown tier other than the one that is computed: that nothing can be computed, and until when; the
    stability rule, and until when; a person; or an order."""
    words = {name: say(lang, f"bulletin.tier_{getattr(shown, name)}") for name in ("tier", "computed", "published")}
    if shown.why == "order":
        without = say(lang, f"bulletin.tier_{shown.without}")
        by_order = "" if shown.without == shown.computed else say(lang, "reason.without_order", without=without)
        until = day_near(lang, shown.order.last, shown.day)
        return say(lang, "reason.ordered", basis=shown.order.basis, until=until, by_rule=by_order, **words)
    if shown.why == "override":
        until = ""
        if shown.override_until:
            until = (day if shown.override_is_far else short_day)(lang, shown.override_until)
        by_rule = "" if shown.published == shown.computed else say(lang, "reason.published_is", **words)
        return say(lang, "reason.set_until" if until else "reason.set", until=until, by_rule=by_rule, **words)
    if shown.why == "carried":
        until = short_day(lang, shown.carried_until) if shown.carried_until else ""
        return say(lang, "reason.carried_until" if until else "reason.carried", n=shown.carried, until=until, **words)
    return say(
        lang,
        f"reason.held_{shown.way}",
        day=short_day(lang, shown.next_change) if shown.next_change else NOTHING,
        next=say(lang, f"bulletin.tier_{shown.waiting_for}"),
        **words,
    )


def order_over(lang: Language, shown: ShownTier) -> str:
    """That an order which demanded more came to its end of late: a milder tier is no news of the area then; nothing
    where none did."""
    order = shown.ended
    if order is None:
        return ""
    tier, until = say(lang, f"bulletin.tier_{order.at_least}"), day_near(lang, order.last, shown.day)
    return say(lang, "reason.order_over", basis=order.basis, tier=tier, until=until)


def _kept_in_brief(lang: Language, shown: ShownTier) -> str:
    """:func:`kept_by` for a cell of a table, in which the tier stands already."""
    if shown.why != "carried":
        return kept_by(lang, shown)
    until = short_day(lang, shown.carried_until) if shown.carried_until else ""
    return say(lang, "reason.carried_brief_until" if until else "reason.carried_brief", n=shown.carried, until=until)


def what_decided(lang: Language, scheme: Scheme, reason: Reason) -> str:
    """What gave the area the tier that is computed: a floor rule, missing data, a line of the scheme, or the largest
    part of the score."""
    if reason.floor is not None:
        return say(
            lang,
            "reason.by_floor",
            name=reason.floor.name.text(lang),
            tier=marked_in_sentence(lang, reason.floor.at_least),
        )
    if reason.lacks_data:
        ends = {name: say(lang, f"bulletin.tier_{getattr(reason.shown, name)}") for name in ("least", "most")}
        if _hangs_on_others(reason):
            return say(lang, "reason.by_span_beside", **ends)
        if reason.shown.least != reason.shown.most:
            return say(lang, "reason.by_span", known=short_of_text(reason.known, 1)[0], **ends)
        known, required = short_of_text(reason.known, scheme.missing.minimum_known_weight)
        return say(lang, "reason.by_missing", known=known, least=required)
    if reason.line is not None:
        return _line(lang, scheme, reason.line)
    if reason.score == 0:
        return say(lang, "reason.by_nothing")
    parts = reason.parts.groupby("dimension", sort=False)["contribution"].sum()
    name = next(dimension.name.text(lang) for dimension in scheme.dimensions if dimension.id == parts.idxmax())
    said = [say(lang, "reason.by_score", name=name, share=f"{parts.max() / reason.score:.0%}")]
    if reason.holding:
        said.append(say(lang, "reason.floors_hold", names=[floor.name.text(lang) for floor in reason.holding]))
    return say(lang, "reason.separator").join(said)


def _line(lang: Language, scheme: Scheme, line: Decision) -> str:
    """A line of ``decide``: its name, or where it stands; the last one without a condition is the rest."""
    if line.name is not None:
        return line.name.text(lang)
    if line.when is None:
        return say(lang, "reason.by_line")
    return say(lang, "reason.by_line_numbered", n=scheme.decide.index(line) + 1)


def ground_lines(
    lang: Language, assessment: Assessment, area_id: str, *, unlooked: bool = False, firm: Confidence | None = None
) -> list[dict[str, str]]:
    """What stands beside an area's reasons on its page on the last day, each line with its ``label``: what decided,
    which feeds are silent, how firm it is, and that nobody looked.

    ``unlooked``: it is green, and nobody has looked lately. ``firm``: what draws of that day said, if any.
    """
    last = _last_day(assessment)
    reason = reason_for(last, area_id)
    decided = _joined(lang, _decided(lang, assessment.scheme, reason))
    lines = [("reason.decided", decided), *_interrupted(lang, last, reason)]
    if firm is not None and firm.words.get(area_id):
        lines.append(("reason.confidence", firmness_of_tier(lang, firm, area_id, reason.shown.tier)))
    if unlooked:
        lines.append(("evidence.looked", say(lang, "evidence.nobody_looked", days=UNVISITED_DAYS)))
    return [{"label": say(lang, key), "text": text} for key, text in lines]


def distance_line(lang: Language, assessment: Assessment, area_id: str) -> str:
    """How far the next tiers are from the shown one on the last day; nothing where the score does not decide."""
    return say(lang, "reason.separator").join(distances(lang, reason_for(assessment, area_id)))


def _decided(lang: Language, scheme: Scheme, reason: Reason) -> list[str]:
    """What keeps the shown tier, where it is not the computed one, and what gave that; of a carried one that too little
    is known is told by its span; and that an order ended."""
    kept = [kept_by(lang, reason.shown)] if reason.shown.why in _KEPT else []
    if reason.shown.why == "carried" and reason.lacks_data:
        return kept
    over = order_over(lang, reason.shown)
    return [*kept, what_decided(lang, scheme, reason), *([over] if over else [])]


def _interrupted(lang: Language, last: Assessment, reason: Reason) -> list[tuple[str, str]]:
    """Which feeds of an area are silent and since when, and between which tiers a carried one may be."""
    lines = []
    if silent := silence_of_area(lang, last, reason.area_id):
        lines.append(("reason.interrupted", _joined(lang, silent)))
    others = interrupted_others(last, reason.area_id)
    if others and reason.lacks_data:
        lines.append(("reason.interrupted", _begun(say(lang, "reason.interrupted_beside", n=others))))
    if reason.shown.why == "carried":
        lines.append(("reason.span", _span(lang, last, reason.area_id, reason)))
    return lines


def leading_reasons(lang: Language, assessment: Assessment, area_id: str, leads: Sequence[str]) -> list[str]:
    """The first reasons of an area's tier on the last day, for a cell of a table: the indicators that weigh most; of a
    tier that the day's score does not give, first what does. A floor rule is named even where another reason comes
    first, for the score beside does not say the tier that it computed. Of an area without a tier, why it has none.
    """
    reason = reason_for(assessment, area_id)
    if reason.shown.why == "missing":
        return [_begun(what_decided(lang, assessment.scheme, reason))]
    values = leading_values(lang, assessment, area_id, leads)
    told = [_kept_in_brief(lang, reason.shown)] if reason.shown.why in _KEPT else []
    if reason.floor is not None:
        told.append(what_decided(lang, assessment.scheme, reason))
    return [_begun(first) for first in told] + values[: LEADS_TOLD - len(told)]


def score_beside(lang: Language, scheme: Scheme, row: object) -> str:
    """The score of a row of :func:`analytics.scoring.ranking` where it stands alone beside the tier that is shown: what
    is computed, or that a floor rule did it, is added where the score by itself would say another tier.
    """
    score = score_text(row.score, scheme, row.computed)
    beside = []
    if tiers.UNKNOWN not in (row.tier, row.computed) and row.tier != row.computed:
        beside.append(say(lang, "reason.computed_beside", tier=say(lang, f"bulletin.tier_{row.computed}")))
    if row.floor and _read_off(scheme, row.score) != row.computed:
        beside.append(say(lang, "reason.floor_beside"))
    if not beside:
        return score
    return say(lang, "reason.score_beside", score=score, beside=say(lang, "reason.separator").join(beside))


def score_label(lang: Language, reason: Reason) -> str:
    """What the score is called: of an area that lacks data it is that of the known part."""
    return say(lang, "reason.score_known" if reason.lacks_data else "reason.score")


def _by_score(reason: Reason) -> bool:
    return reason.shown.why == "computed" and reason.floor is None and reason.line is None


def _read_off(scheme: Scheme, score: float) -> str:
    """The tier that the legend gives for a score."""
    return tiers.RANKED[bisect_right(scheme.cutoffs, score)]


def _joined(lang: Language, parts: Sequence[str]) -> str:
    return _begun(say(lang, "reason.separator").join(parts))


def _begun(text: str) -> str:
    """With a capital at the beginning, where there are any."""
    return text[:1].upper() + text[1:]


def _span(lang: Language, last: Assessment, area_id: str, reason: Reason) -> str:
    """Both ends of what a carried area may be, and by which records it is at least the lower one."""
    least, most = (marked_in_sentence(lang, getattr(reason.shown, name)) for name in ("least", "most"))
    if _hangs_on_others(reason):
        return say(lang, "reason.span_beside", least=least, most=most)
    known, _ = short_of_text(reason.known, 1)
    said = [say(lang, "reason.span_is", least=least, most=most, known=known)]
    leads = leading_values(lang, last, area_id, leading_indicators(last, area_id))
    if tiers.RANK[reason.shown.least] > 0 and leads:
        said.append(say(lang, "reason.span_at_least", least=least, leads=leads))
    return say(lang, "reason.separator").join(said)


def _hangs_on_others(reason: Reason) -> bool:
    """Whether an area's tier is open though nothing of its own is missing: its place hangs on areas that are
    interrupted."""
    return reason.lacks_data and reason.known == 1 and reason.shown.least != reason.shown.most


def distances(lang: Language, reason: Reason) -> list[str]:
    """How many points of score lie between the area and the cut-offs around the tier that is shown: beyond them where
    another tier is computed."""
    said = []
    if reason.to_harder is not None:
        harder = tiers.RANKED[tiers.RANK[reason.shown.tier] + 1]
        way = "to_harder" if reason.to_harder > 0 else "above_cut"
        said.append((way, reason.to_harder, harder))
    if reason.to_easier is not None:
        said.append(("above_cut" if reason.to_easier >= 0 else "below_cut", reason.to_easier, reason.shown.tier))
    return [
        say(lang, f"reason.{way}", points=_points_text(points), tier=marked_in_sentence(lang, tier))
        for way, points, tier in said
    ]


def _points_text(points: float) -> str:
    return f"{abs(points):.1f}" if points == 0 or abs(points) >= SMALLEST_DISTANCE else "<0.1"
