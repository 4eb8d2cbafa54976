"""The cards of the first page and what all pages share: the headline, counts, ranking, one area, moves, weeks, foot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from analytics import tiers
from analytics.drawing.html import card_head, figures, render
from analytics.evidence.confidence import Confidence
from analytics.scheme import CutOffs, Scheme
from analytics.scoring import Assessment, Reason, reason_for
from analytics.scoring.comparable_weeks import WeeklyIncidents
from analytics.scoring.rate_support import RateSupport
from analytics.scoring.summary import carried_areas, carried_counts, changes
from analytics.store.ledger import ReleaseEntry
from analytics.wording import overview, provenance, reasons, trends
from analytics.wording.areas import parent_beside
from analytics.wording.dates import short_day
from analytics.wording.indicators import indicator_rows
from analytics.wording.numbers import NOTHING, score_text, signed
from analytics.wording.silence import interruption_parts
from analytics.words import Language

ROOM_FOR_A_DIGIT = 0.07  # of a bar


def headline(lang: Language, assessment: Assessment, before: ReleaseEntry | None, aside: str) -> str:
    """How many areas need most work and how many changed, against the release ``before`` where there is one; at the end
    the ``aside``. That data are interrupted stands over it."""
    sentence = overview.headline(lang, assessment, before)
    interrupted = interruption_parts(lang, assessment)
    return render(lang, "headline.html", sentence=sentence, aside=aside, interrupted=interrupted)


def interruption(lang: Language, assessment: Assessment) -> str:
    """That data are interrupted, alone; nothing where they are not."""
    interrupted = interruption_parts(lang, assessment)
    return render(lang, "interruption.html", interrupted=interrupted) if interrupted else ""


def counts(lang: Language, assessment: Assessment) -> str:
    """The five counts and unknown on the last day, each with its change since the first, and how many of it are carried
    on."""
    table, carried = assessment.counts(), carried_counts(assessment)
    items = [
        {
            "tier": tier,
            "count": int(table[tier].iloc[-1]),
            "delta": signed(lang, int(table[tier].iloc[-1] - table[tier].iloc[0])),
            "carried": int(carried[tier]),
        }
        for tier in tiers.SHOWN
    ]
    return render(lang, "counts.html", items=items)


def ranking_card(lang: Language, assessment: Assessment, selected: str | None, most: int = 5) -> str:
    """The areas with most work to do, with what weighs most and the measure of their tier."""
    return render(lang, "ranking.html", rows=overview.ranking_rows(lang, assessment, selected, most))


def area_card(
    lang: Language, assessment: Assessment, area_id: str, behind: Mapping[str, RateSupport], *, unlooked: bool = False,
    firm: Confidence | None = None,
) -> str:  # fmt: skip
    """The card of one area: why this colour on the last day of the assessment; ``behind`` its rates stand counts.
    ``unlooked``: it is green, and nobody has looked lately. ``firm``: what draws of that day said, if any.
    """
    reason = reason_for(assessment.on(assessment.days[-1]), area_id)
    name = assessment.areas["name"][area_id]
    return render(
        lang,
        "reason.html",
        name=name,
        parent=parent_beside(assessment, area_id, name),
        tier=reason.shown.tier,
        carried=reason.shown.why == "carried",
        score=score_text(reason.score, assessment.scheme, reason.shown.computed),
        before=reasons.tier_before(lang, assessment, area_id),
        cuts=_cuts(assessment.scheme),
        falls=_falls(lang, assessment.scheme, reason),
        rows=indicator_rows(lang, assessment, area_id, behind),
        lines=reasons.reason_lines(lang, assessment, area_id, unlooked=unlooked, firm=firm),
        sentence=reasons.sentence(lang, assessment, area_id),
    )


def _cuts(scheme: Scheme) -> list[dict[str, object]]:
    """Where the cut-offs stand on the scale of scores (0–100)."""
    if not isinstance(scheme.tiers, CutOffs):
        return []
    return [
        {"tier": tier, "at": max(0.0, min(100.0, cut)), "text": f"{cut:g}"}
        for tier, cut in zip(tiers.RANKED[1:], scheme.tiers.ascending(), strict=True)
    ]


def _falls(lang: Language, scheme: Scheme, reason: Reason) -> list[dict[str, object]]:
    """The score as a waterfall of its dimensions, largest first, and the whole; empty when there is no score."""
    if reason.score != reason.score:
        return []
    parts = (
        reason.parts.groupby("dimension", sort=False)["contribution"].sum().sort_values(ascending=False, kind="stable")
    )
    known = reason.parts["points"].notna().groupby(reason.parts["dimension"]).any()
    names = {dimension.id: dimension.name.text(lang) for dimension in scheme.dimensions}
    starts = parts.cumsum() - parts
    falls = [
        {
            "label": names[key],
            "start": starts[key],
            "width": parts[key],
            "text": f"+{parts[key]:.1f}" if known[key] else NOTHING,
            "tier": "",
            "total": False,
        }
        for key in parts.index
    ]
    whole = {"label": reasons.score_label(lang, reason), "start": 0, "width": reason.score}
    return [*falls, whole | {"text": score_text(reason.score, scheme), "tier": reason.shown.computed, "total": True}]


def moves(lang: Language, assessment: Assessment) -> str:
    """The areas that changed colour between the first and the last day, from → to, by name."""
    groups = overview.move_groups(lang, assessment)
    total = overview.number_of_areas(lang, len(changes(assessment)))
    return render(lang, "changes.html", groups=groups, span=overview.span(lang, assessment), total=total)


def weeks(lang: Language, assessment: Assessment, chosen: date) -> str:
    """Counts of every day of the assessment as small stacked bars, the chosen one outlined."""
    items = []
    for at, (moment, row) in enumerate(assessment.counts().iterrows()):
        there, total = [tier for tier in tiers.SHOWN if row[tier]], int(row.sum())
        items.append(
            {
                "parts": [
                    {
                        "tier": tier,
                        "count": int(row[tier]),
                        "text": f"{row[tier]}" if row[tier] >= ROOM_FOR_A_DIGIT * len(f"{row[tier]}") * total else "",
                    }
                    for tier in there
                ],
                "day": short_day(lang, moment),
                "heavy": overview.elevated_count(lang, row),
                "words": overview.counts_text(lang, row, there, int(carried_areas(assessment, at).sum())),
                "chosen": moment.date() == chosen,
            }
        )
    return render(lang, "weeks.html", weeks=items)


def map_title(lang: Language, assessment: Assessment) -> str:
    """The head of the map's card, with what its marks mean; that of a carried tier where there is one."""
    return render(lang, "map_title.html", carried=int(carried_areas(assessment).sum()))


def latest_week(lang: Language, weekly: WeeklyIncidents) -> str:
    """The newest week's incidents, against the week before and the same week a year before."""
    return figures(lang, trends.latest_week(lang, weekly))


def embed_head(lang: Language, scheme: Scheme, day: date, entry: ReleaseEntry | None) -> str:
    """What a frame in another system says of itself: scheme, cut-off and release."""
    return card_head(lang, scheme.name.text(lang), provenance.cut_off_and_release(lang, day, entry))


def footer(lang: Language, scheme: Scheme, notice: str, source: str) -> str:
    """What every page carries: what the data is, what the order means, and that the map settles no boundary."""
    return render(
        lang,
        "footer.html",
        notice=notice,
        source=provenance.source_line(lang, source),
        scheme=provenance.scheme_version(lang, scheme),
        note=scheme.note.text(lang) if scheme.note else "",
    )
