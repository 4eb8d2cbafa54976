"""What a briefing says: one frozen value in one language, which every picture, slide and paper lays out.

All of it comes from a release that was found as it was written, and from the bulletin whose figures were recomputed; a
layout adds no figure of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd

from analytics import tiers
from analytics.drawing import cards
from analytics.drawing.figures import score_text
from analytics.errors import BriefingError
from analytics.evidence.confidence import Confidence
from analytics.releases import Release
from analytics.releases.compare import TierChange, side_by_side
from analytics.releases.publishing import ComparisonReport
from analytics.releases.trend import category_name
from analytics.scheme import CutOffs, Scheme
from analytics.scoring import Assessment, ranking
from analytics.scoring.summary import changes
from analytics.words import Language, Phrase, pick, say

WEEKS_SHOWN = 12
MOST_FOCUS = 5
NAMES_IN_FINDING = 4


@dataclass(frozen=True)
class TierCount:
    """How many areas are shown in a tier, and how many were in the release before; None for a first release."""

    tier: str
    name: str
    meaning: str
    count: int
    before: int | None


@dataclass(frozen=True)
class Card:
    """One large figure. ``change`` is its sign against the release before (None where there is none to hold it
    against), ``said`` the words for it, and ``good`` whether such a change is one for the better (None: neither)."""

    label: str
    value: str
    unit: str
    change: int | None
    said: str
    good: bool | None


@dataclass(frozen=True)
class Move:
    """The areas that went from one tier to another, by the names that the map writes; heaviest moves come first.

    ``raised`` is None where either tier is unknown.
    """

    before: str
    after: str
    raised: bool | None
    area_ids: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Week:
    """How many areas were shown in each tier of ``tiers.SHOWN`` on the last day of a week; the newest comes last."""

    day: date
    label: str
    counts: Mapping[str, int]

    @property
    def raised(self) -> int:
        """Red, orange and yellow: those that call for more than usual."""
        return sum(self.counts[tier] for tier in tiers.ABOVE_ROUTINE)


@dataclass(frozen=True)
class Area:
    """One area on the release's day, most work first, those without a tier last.

    ``rank`` from 1; ``brief`` is the name as a map writes it; ``before`` the tier in the release before (None where it
    is not there); ``score`` "68.5" or "—"; ``change`` of the score, "+1.0", or nothing; ``why`` the one or two
    indicators that weigh most, with their values; ``reason`` a whole sentence; ``measure`` and ``cadence`` of its tier;
    ``firmness`` how firm the tier is, where draws were made of it and it is the one that was computed, else nothing.
    """

    rank: int
    area_id: str
    name: str
    brief: str
    parent: str
    tier: str
    before: str | None
    score: str
    change: str
    why: tuple[str, ...]
    reason: str
    measure: str
    cadence: str
    firmness: str


@dataclass(frozen=True)
class Section:
    """One section of the bulletin: its heading and its sentences."""

    id: str
    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Briefing:
    """All that a briefing says, in one language.

    ``shapes`` (index ``area_id``, in the order of the release, EPSG:4326) is None where the release has no shapes;
    ``context`` is water and roads (column ``kind``). ``weekly`` are incidents by week (index: last day of the week) and
    kind (columns are the words for it); None where none are loaded. ``number`` is None for a draft, whose ``code`` is
    "—": a draft can be looked at and is marked, but proves nothing.
    """

    lang: Language
    number: int | None
    title: str
    place: str
    period: str
    cut_off: str
    finding_label: str
    finding: str
    against: str
    counts: tuple[TierCount, ...]
    cards: tuple[Card, ...]
    moves: tuple[Move, ...]
    weeks: tuple[Week, ...]
    areas: tuple[Area, ...]
    bulletin_title: str
    sections: tuple[Section, ...]
    scheme: str
    cuts: str
    order: str
    code: str
    digest: str
    source: str
    notice: str
    base_map: str
    shapes: gpd.GeoDataFrame | None
    context: gpd.GeoDataFrame | None
    weekly: pd.DataFrame | None

    @property
    def focus(self) -> tuple[Area, ...]:
        """The five areas with most work; fewer where fewer have a tier."""
        return tuple(area for area in self.areas if area.tier != tiers.UNKNOWN)[:MOST_FOCUS]


def briefing_of(
    frozen: Release, told: ComparisonReport, lang: Language, code: str, firm: Confidence | None = None
) -> Briefing:
    """The briefing of a release whose report is ``told``; ``code`` is the release's check code, "—" for a draft, and
    ``firm`` what draws said of its scheme, data and day.

    Raises :class:`BriefingError` for a release in which no area is scored: there is nothing to show.
    """
    last = told.after.assessment
    if last.areas.empty:
        raise BriefingError.because("briefing.no_areas")
    now = last.on(last.days[-1])
    before = told.before.assessment if told.before else None
    pair = side_by_side(before, last) if before is not None else None
    moves = _moves(pair, told) if pair is not None else ()
    source = pick(lang, told.after.source) if told.after.source else ""
    held = frozen.manifest
    return Briefing(
        lang=lang,
        number=held.number,
        title=say(lang, "briefing.title", scheme=told.after.scheme.name.text(lang)),
        place=_place(last),
        period=_period(lang, frozen),
        cut_off=cards.cut_off(lang, told.after.day),
        finding_label=say(lang, "briefing.finding_label"),
        finding=_finding(lang, now, pair, moves),
        against=_against(lang, told),
        counts=_counts(lang, now, before),
        cards=_cards(lang, told, now, moves),
        moves=moves,
        weeks=tuple(_week(lang, moment.date(), row) for moment, row in last.counts().iloc[-WEEKS_SHOWN:].iterrows()),
        areas=tuple(_areas(lang, now, pair, before.areas.index if before is not None else pd.Index([]), firm)),
        bulletin_title=told.bulletin.title.text(lang),
        sections=tuple(
            Section(name, say(lang, f"bulletin.section_{name}"), tuple(item.text(lang) for item in sentences))
            for name, sentences in told.bulletin.sections.items()
        ),
        scheme=say(
            lang, "page.scheme_version", name=told.after.scheme.name.text(lang), version=told.after.scheme.version
        ),
        cuts=_cuts(lang, told.after.scheme),
        order=say(lang, "briefing.order"),
        code=code,
        digest=frozen.digest,
        source=say(lang, "page.source", source=source) if source else "",
        notice=pick(lang, held.notice) if held.notice else "",
        base_map=say(lang, "briefing.base_map"),
        shapes=_shapes(last),
        context=frozen.context(),
        weekly=_weekly(lang, told.after.incidents),
    )


def _place(assessment: Assessment) -> str:
    """The name of the area that all scored ones lie in; nothing where there is no such one.

    A release keeps the names of all areas above, but of the way up only the first step: where the first steps are
    several, the whole is the one area that is no step and is not scored itself.
    """
    steps = set(assessment.areas["parent_id"].dropna())
    above = steps if len(steps) == 1 else set(assessment.parents) - set(assessment.areas.index) - steps
    return assessment.parents.get(next(iter(above)), "") if len(above) == 1 else ""


def _period(lang: Language, frozen: Release) -> str:
    held = frozen.manifest
    if held.number is None:
        return say(lang, "page.draft", number=held.draft, day=cards.short_day(lang, held.day))
    return say(lang, "page.release_number", year=held.year, of_year=held.number_of_year, number=held.number)


def _against(lang: Language, told: ComparisonReport) -> str:
    """What changes are held against, as the words of a heading."""
    if told.before is None:
        return say(lang, "briefing.against_none")
    return say(
        lang,
        "briefing.against",
        release=say(lang, "briefing.release_short", number=told.before.number_of_year),
        day=cards.short_day(lang, told.before.day),
    )


def _finding(lang: Language, now: Assessment, pair: Assessment | None, moves: Sequence[Move]) -> str:
    """One sentence: how many areas are red or orange, whether that is more, and who became so."""
    heavy = int(now.counts()[list(tiers.ELEVATED)].iloc[-1].sum())
    if pair is None:
        return say(lang, "briefing.finding_first", heavy=heavy, areas=len(now.areas))
    by = heavy - int(pair.counts()[list(tiers.ELEVATED)].iloc[0].sum())
    trend = "more" if by > 0 else "fewer" if by < 0 else "same"
    told = say(lang, f"briefing.finding_{trend}", heavy=heavy, by=abs(by), changed=len(changes(pair)))
    risen = [
        (name, move.after) for move in moves if move.raised and move.after in tiers.ELEVATED for name in move.names
    ]  # moves come heaviest first
    if not risen:
        return told + say(lang, "briefing.finding_end")
    named = [say(lang, "briefing.became", name=name, tier=say(lang, f"tiers.{tier}")) for name, tier in risen]
    entry = "briefing.finding_named" if len(named) <= NAMES_IN_FINDING else "briefing.finding_some"
    return told + say(lang, entry, names=named[:NAMES_IN_FINDING], n=len(named))


def _counts(lang: Language, now: Assessment, before: Assessment | None) -> tuple[TierCount, ...]:
    held = now.counts().iloc[-1]
    then = before.counts().iloc[-1] if before is not None else None
    return tuple(
        TierCount(
            tier,
            say(lang, f"tiers.{tier}"),
            say(lang, f"tiers.meaning_{tier}"),
            int(held[tier]),
            int(then[tier]) if then is not None else None,
        )
        for tier in tiers.SHOWN
    )


def _cards(lang: Language, told: ComparisonReport, now: Assessment, moves: Sequence[Move]) -> tuple[Card, ...]:
    counts = now.counts().iloc[-1]
    then = told.before.assessment.counts().iloc[-1] if told.before else None
    return (
        _heavy_card(lang, counts, then),
        _moves_card(lang, told, moves),
        _light_card(lang, counts, then),
        _incidents_card(lang, told.after.incidents) or _unknown_card(lang, counts, then),
    )


def _changed(lang: Language, label: str, value: str, unit: str, by: float | None, up_is_good: bool, size: str) -> Card:
    """A figure with its change ``by``, told as ``size``."""
    if by is None:
        return Card(say(lang, label), value, unit, None, say(lang, "briefing.first"), None)
    if by == 0:
        return Card(say(lang, label), value, unit, 0, say(lang, "briefing.level"), None)
    said = say(lang, "briefing.since", by=size)
    return Card(say(lang, label), value, unit, 1 if by > 0 else -1, said, (by > 0) == up_is_good)


def _heavy_card(lang: Language, counts: pd.Series, then: pd.Series | None) -> Card:
    heavy = int(counts[list(tiers.ELEVATED)].sum())
    by = None if then is None else heavy - int(then[list(tiers.ELEVATED)].sum())
    return _changed(
        lang, "briefing.card_heavy", f"{heavy}", say(lang, "briefing.unit_areas"), by, False, f"{abs(by or 0)}"
    )


def _moves_card(lang: Language, told: ComparisonReport, moves: Sequence[Move]) -> Card:
    label = say(lang, "briefing.card_moves")
    if told.comparison is None:
        return Card(label, "—", "", None, say(lang, "briefing.first"), None)
    heavier, lighter = (sum(len(move.names) for move in moves if move.raised is way) for way in (True, False))
    net = heavier - lighter
    entry = "briefing.net_heavier" if net > 0 else "briefing.net_lighter" if net < 0 else "briefing.net_none"
    return Card(label, f"{heavier}/{lighter}", "", None, say(lang, entry, n=abs(net)), net < 0 if net else None)


def _light_card(lang: Language, counts: pd.Series, then: pd.Series | None) -> Card:
    """Blue and green among the areas that have a tier; a dash where none has."""

    def share(held: pd.Series) -> float | None:
        rated = int(held[list(tiers.RANKED)].sum())
        return round(100 * int(held[["blue", "green"]].sum()) / rated, 1) if rated else None

    now, before = share(counts), share(then) if then is not None else None
    if now is None:
        return Card(say(lang, "briefing.card_light"), "—", "", None, say(lang, "briefing.none_rated"), None)
    by = None if before is None else round(now - before, 1)
    size = say(lang, "briefing.percent_points", n=f"{abs(by or 0):.1f}")
    return _changed(lang, "briefing.card_light", f"{now:.1f}", "%", by, True, size)


def _incidents_card(lang: Language, weekly: pd.DataFrame | None) -> Card | None:
    if weekly is None or weekly.empty:
        return None
    total = weekly.sum(axis=1).astype(int)
    label, value, unit = say(lang, "briefing.card_matters"), f"{total.iloc[-1]:,}", say(lang, "briefing.unit_matters")
    if len(total) == 1:
        return Card(label, value, unit, None, say(lang, "briefing.first_week"), None)
    by = int(total.iloc[-1] - total.iloc[-2])
    if by == 0:
        return Card(label, value, unit, 0, say(lang, "briefing.level_week"), None)
    # More incidents on record may be more trouble or better reporting: neither good nor bad.
    return Card(label, value, unit, 1 if by > 0 else -1, say(lang, "briefing.since_week", by=f"{abs(by):,}"), None)


def _unknown_card(lang: Language, counts: pd.Series, then: pd.Series | None) -> Card:
    unknown = int(counts[tiers.UNKNOWN])
    by = None if then is None else unknown - int(then[tiers.UNKNOWN])
    return _changed(
        lang, "briefing.card_unknown", f"{unknown}", say(lang, "briefing.unit_areas"), by, False, f"{abs(by or 0)}"
    )


def _moves(pair: Assessment, told: ComparisonReport) -> tuple[Move, ...]:
    names = cards.brief_names(pair)
    some: dict[tuple[str, str], list[TierChange]] = {}
    for change in told.comparison.changes:
        some.setdefault((change.before, change.after), []).append(change)
    return tuple(
        Move(
            *way,
            held[0].raised,
            tuple(change.area_id for change in held),
            tuple(str(names[change.area_id]) for change in held),
        )
        for way, held in some.items()
    )


def _week(lang: Language, day: date, row: pd.Series) -> Week:
    return Week(day, cards.short_day(lang, day), {tier: int(row[tier]) for tier in tiers.SHOWN})


def _areas(
    lang: Language, now: Assessment, pair: Assessment | None, then: pd.Index, firm: Confidence | None
) -> Iterator[Area]:
    """``then``: the areas that the release before has."""
    scheme, names = now.scheme, cards.brief_names(now)
    for area_id, row in ranking(now).iterrows():
        at = now.areas.index.get_loc(area_id)
        before = str(tiers.names(pair.shown[0, at])) if area_id in then else None
        rated = before not in (None, tiers.UNKNOWN) and row.tier != tiers.UNKNOWN
        by = float(now.score[-1, at] - pair.score[0, at]) if rated else np.nan
        measure = scheme.measures.get(row.tier)
        yield Area(
            rank=int(row["rank"]),
            area_id=str(area_id),
            name=str(row["name"]),
            brief=str(names[area_id]),
            parent=cards.parent_name(now, area_id),
            tier=row.tier,
            before=before,
            score=score_text(row.score, row.tier),
            change="" if by != by else f"{by:+.1f}" if round(by, 1) else say(lang, "briefing.level_score"),
            why=tuple(cards.leading_values(lang, now, area_id, row.leads)),
            reason=cards.sentence(lang, now, area_id),
            measure=measure.text.text(lang) if measure else "",
            cadence=_cadence(lang, measure.cadence_days) if measure else "",
            firmness=_firmness(lang, area_id, row.tier, firm) if firm is not None else "",
        )


def _firmness(lang: Language, area_id: str, tier: str, firm: Confidence) -> str:
    """Nothing where another tier is shown than the one that was drawn: of that one the draws say nothing."""
    word = firm.words.get(area_id) if firm.present.get(area_id) == tier else None
    return say(lang, f"confidence.tier_{word}") if word else ""


def _cadence(lang: Language, days: float) -> str:
    if days == 1:
        return say(lang, "briefing.every_day")
    if days < 1:
        return say(lang, "briefing.times_a_day", n=f"{1 / days:.3g}")
    return say(lang, "briefing.every_days", n=f"{days:g}")


def _cuts(lang: Language, scheme: Scheme) -> str:
    """The cut-offs of the score in words; what the scheme says where it has none."""
    if not isinstance(scheme.tiers, CutOffs):
        return say(lang, "briefing.cuts_none")
    bounds = [f"{cut:g}" for cut in scheme.tiers.ascending()]
    parts = [
        Phrase("briefing.cut_green", {"tier": say(lang, "tiers.green"), "high": bounds[0]}),
        *(
            Phrase("briefing.cut_between", {"tier": say(lang, f"tiers.{tier}"), "low": low, "high": high})
            for tier, low, high in zip(("blue", "yellow", "orange"), bounds, bounds[1:], strict=False)
        ),
        Phrase("briefing.cut_red", {"tier": say(lang, "tiers.red"), "low": bounds[-1]}),
    ]
    return say(lang, "briefing.cuts", parts=[part.text(lang) for part in reversed(parts)])


def _shapes(assessment: Assessment) -> gpd.GeoDataFrame | None:
    areas = assessment.areas
    if not isinstance(areas, gpd.GeoDataFrame) or areas.geometry.isna().all():
        return None
    return areas


def _weekly(lang: Language, incidents: pd.DataFrame | None) -> pd.DataFrame | None:
    if incidents is None or incidents.empty:
        return None

    def named(category: str) -> str:
        name = category_name(category)
        return name.text(lang) if isinstance(name, Phrase) else name

    return incidents.rename(columns=named)
