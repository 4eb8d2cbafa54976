"""The cards of the first page and what all pages share: the headline, counts, ranking, one area, moves, weeks, foot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from analytics import tiers
from analytics.drawing.html import card_head, figures, render
from analytics.evidence.confidence import Confidence
from analytics.releases.noise_floor import NoiseFloor
from analytics.scheme import CutOffs, Scheme
from analytics.scoring import Assessment, Reason, reason_for
from analytics.scoring.comparable_weeks import WeeklyIncidents
from analytics.scoring.summary import carried_areas, carried_counts
from analytics.store.ledger import ReleaseEntry
from analytics.store.office_settings import UNSAID, OfficeSettings
from analytics.wording import overview, provenance, reasons, response, trends
from analytics.wording.dates import brief_day, short_day
from analytics.wording.numbers import NOTHING, arrowed, score_text
from analytics.wording.orders import order_parts
from analytics.wording.overview import Glance, HeldAgainst
from analytics.wording.response import Told
from analytics.wording.silence import interruption_parts
from analytics.wording.tiers import mark_rows
from analytics.words import Language


@dataclass(frozen=True, eq=False)
class ShownLists:
    """What the lists beside the map speak of: the day shown and what it is held ``against``; the ``selected`` area;
    by area, what people gave as ``reasons`` of their overrides; where it is ``told``, what was due and done; and the
    address of the area ``page`` ("" stands for this one)."""

    glance: Glance
    selected: str
    against: HeldAgainst
    reasons: Mapping[str, str]
    told: Told | None
    page: str


def headline(lang: Language, shown: ShownLists, noise: NoiseFloor | None, title: str) -> str:
    """Who changed tier between the first and the last day, and at the end how many, beside what chance would change
    (``noise``), under a ``title``. The :func:`notices` stand over it."""
    return render(
        lang,
        "headline.html",
        title=title,
        parts=overview.headline(lang, shown.glance, shown.against),
        asides=overview.changed_counts(lang, shown.glance, noise),
        notices=notices(lang, shown.glance.pair),
        page=shown.page,
    )


def interruption(lang: Language, assessment: Assessment) -> str:
    """The :func:`notices`, alone; nothing where there are none."""
    told = notices(lang, assessment)
    return render(lang, "interruption.html", notices=told) if told else ""


def notices(lang: Language, assessment: Assessment) -> list[dict[str, object]]:
    """That data are interrupted (``stopped``), and which orders are in force or ended of late: each with its ``label``
    and the ``text`` behind it."""
    told = ((interruption_parts(lang, assessment), True), (order_parts(lang, assessment), False))
    return [{"label": one[0], "text": one[1], "stopped": stopped} for one, stopped in told if one]


def counts(lang: Language, assessment: Assessment, chosen: str | None = None, *, pressed: bool = False) -> str:
    """The five counts and unknown on the last day, each with its change since the first, and how many of it are carried
    on. ``pressed``: each can be, and then outlines its areas on the map, as the ``chosen`` one does."""
    table, carried = assessment.counts(), carried_counts(assessment)
    items = [
        {
            "tier": tier,
            "count": int(table[tier].iloc[-1]),
            "delta": arrowed(lang, int(table[tier].iloc[-1] - table[tier].iloc[0])) if len(table) > 1 else "",
            "worse": bool(tier in tiers.ELEVATED and table[tier].iloc[-1] > table[tier].iloc[0]),
            "carried": int(carried[tier]),
            "chosen": tier == chosen,
        }
        for tier in tiers.SHOWN
    ]
    return render(lang, "counts.html", items=items, pressed=pressed)


def side(parts: Sequence[str]) -> str:
    """The cards beside the map, one over the other."""
    return "".join(("<div class='fc side'>", *parts, "</div>"))


def changes_card(lang: Language, shown: ShownLists, chosen: str) -> str:
    """The areas whose tier changed, from → to, what moved them and what they wait for; the kinds that can be chosen."""
    return render(
        lang,
        "changes.html",
        rows=overview.change_rows(lang, shown.glance, chosen, shown.selected, shown.reasons),
        filters=overview.change_filters(lang, shown.glance, chosen),
        span=overview.span(lang, shown.glance.pair),
        page=shown.page,
    )


def priority_card(lang: Language, shown: ShownLists, most: int = 5) -> str:
    """The areas with most work to do: score, measure, and what stands behind it."""
    rows = overview.priority_rows(lang, shown.glance, shown.selected, most, shown.told, shown.against.short(lang))
    leads_to = response.to_page(lang, shown.told) if shown.told and shown.told.duties else None
    return render(lang, "priority.html", rows=rows, response=leads_to, page=shown.page)


def score_scale(scheme: Scheme, score: float) -> float:
    """Where a bar of the score ends: all of the scale is not needed where the score and the cut-offs are low."""
    highest = max([score if score == score else 0.0, *scheme.cutoffs, 1.0])
    return min(100.0, highest * 1.12)


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


def preview(
    lang: Language, shown: ShownLists, *, unlooked: bool = False, firm: Confidence | None = None, close: bool = False
) -> str:
    """The selected area in brief: its score as a bar of its dimensions, what its tier waits for, and its neighbours.

    ``unlooked``: it is green, and nobody has looked lately. ``firm``: what draws of that day said, if any. ``close``:
    it was chosen, and can be let go of.
    """
    glance, area_id = shown.glance, shown.selected
    last, name = glance.last, glance.names[area_id]
    reason = reason_for(last, area_id)
    scale = score_scale(last.scheme, reason.score)
    return render(
        lang,
        "area_preview.html",
        area_id=area_id,
        name=name,
        parent=overview.parent_in_brief(lang, last, area_id, name),
        marks=mark_rows(lang, glance.marks.loc[area_id]),
        tier=reason.shown.tier,
        carried=reason.shown.why == "carried",
        final="" if reason.lacks_data else overview.final_and_computed(lang, reason.shown),
        score=score_text(reason.score, last.scheme, reason.shown.computed),
        lines=[*overview.preview_lines(lang, glance, reason, unlooked=unlooked, firm=firm)],
        falls=[]
        if reason.lacks_data
        else [
            fall | {"at": fall["start"] / scale * 100, "wide": fall["width"] / scale * 100}
            for fall in _falls(lang, last.scheme, reason)
        ],
        cuts=[cut | {"at": cut["at"] / scale * 100} for cut in _cuts(last.scheme)],
        neighbours=overview.neighbour_rows(glance, area_id),
        page=shown.page,
        close=close,
    )


def weeks(lang: Language, assessment: Assessment, chosen: date, baseline: date, press: str) -> str:
    """Counts of every day of the assessment as small stacked bars that lead to ``press`` and their day, the chosen one
    outlined, that of the ``baseline`` dotted."""
    items = []
    last = assessment.days[-1].date()
    for at, (moment, row) in enumerate(assessment.counts().iterrows()):
        there = [tier for tier in tiers.SHOWN if row[tier]]
        day = moment.date()
        counted = overview.counts_text(lang, row, there, int(carried_areas(assessment, at).sum()))
        items.append(
            {
                "parts": [{"tier": tier, "count": int(row[tier]), "text": f"{row[tier]}"} for tier in there],
                "link": f"?{press}=" + ("" if press == "week" and day == last else day.isoformat()),
                "day": short_day(lang, moment),
                "brief": brief_day(lang, moment),
                "heavy": overview.elevated_count(lang, row),
                "words": overview.week_label(lang, moment, counted),
                "chosen": day == chosen,
                "baseline": day == baseline,
            }
        )
    return render(lang, "weeks.html", weeks=items, baseline=any(item["baseline"] for item in items))


def map_title(
    lang: Language, glance: Glance, chosen: str | None = None, *, pressed: bool = False, again: bool = False
) -> str:
    """The head of the map's card, with what its marks mean and how many areas have each. ``pressed``: areas can be,
    and ``again`` for their page; those of the tier ``chosen`` are outlined."""
    outlined = int(glance.last.counts()[chosen].iloc[-1]) if chosen else 0
    return render(
        lang,
        "map_title.html",
        legend=overview.legend(lang, glance),
        chosen=chosen,
        outlined=outlined,
        pressed=pressed,
        again=again,
    )


def latest_week(lang: Language, weekly: WeeklyIncidents) -> str:
    """The newest week's incidents, against the week before and the same week a year before."""
    return figures(lang, trends.latest_week(lang, weekly))


def embed_head(lang: Language, scheme: Scheme, day: date, entry: ReleaseEntry | None) -> str:
    """What a frame in another system says of itself: scheme, cut-off and release."""
    return card_head(lang, scheme.title(day).text(lang), provenance.cut_off_and_release(lang, day, entry))


def footer(
    lang: Language, scheme: Scheme, day: date, notice: str, source: str, office: OfficeSettings = UNSAID,
    entry: ReleaseEntry | None = None,
) -> str:  # fmt: skip
    """What every page carries: whose it is, what the data is, what the order means, what the map is worth, and by which
    scheme it was made, of which ``day``, in which release."""
    return render(
        lang,
        "footer.html",
        office=office.office(lang),
        base_map=office.base_map(lang),
        notice=notice,
        source=provenance.source_line(lang, source),
        scheme=provenance.scheme_version(lang, scheme, day),
        release=provenance.release_and_hands(lang, entry) if entry else "",
        note=scheme.note.text(lang) if scheme.note else "",
    )
