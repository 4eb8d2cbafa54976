"""From a release to all that a briefing says of it.

All of it comes from a release that was found as it was written, and from the bulletin whose figures were recomputed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd

from analytics import tiers
from analytics.briefing.content import Area, Briefing, Move, Section, TierCount, Week
from analytics.briefing.figure_cards import figure_cards
from analytics.errors import BriefingError
from analytics.evidence.confidence import Confidence
from analytics.releases import Release
from analytics.releases.alike import alike
from analytics.releases.compare import TierChange, side_by_side
from analytics.releases.publishing import ComparisonReport
from analytics.releases.trend import category_name
from analytics.scoring import Assessment, ranking
from analytics.scoring.summary import carried_areas, carried_counts, changes
from analytics.store.ledger_entries import ReleaseEntry
from analytics.wording import briefing as wording
from analytics.wording.areas import brief_names, parent_name
from analytics.wording.comparison import bulletin_sections
from analytics.wording.dates import cut_off, short_day
from analytics.wording.numbers import score_text
from analytics.wording.provenance import scheme_version, source_line
from analytics.wording.reasons import leading_reasons, score_beside, sentence
from analytics.wording.releases import code_of, release_name
from analytics.wording.silence import interruption_parts
from analytics.words import Language, Phrase, pick, say

WEEKS_SHOWN = 12


def briefing_of(
    frozen: Release, told: ComparisonReport, lang: Language, entry: ReleaseEntry, firm: Confidence | None = None
) -> Briefing:
    """The briefing of a release whose report is ``told``; ``entry`` is what the ledger knows of it, ``firm`` what draws
    said of its scheme, data and day.

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
    title = told.bulletin.title.text(lang)
    return Briefing(
        lang=lang,
        number=held.number,
        title=say(lang, "briefing.title", scheme=told.after.scheme.name.text(lang)),
        place=_place(last),
        period=release_name(lang, entry),
        cut_off=cut_off(lang, told.after.day),
        finding_label=say(lang, "briefing.finding_label"),
        finding=_finding(lang, now, pair, moves, told),
        against=wording.against(lang, told.before),
        counts=_counts(lang, now, before),
        cards=figure_cards(lang, told, now, moves),
        moves=moves,
        weeks=tuple(_week(lang, moment.date(), row) for moment, row in last.counts().iloc[-WEEKS_SHOWN:].iterrows()),
        areas=tuple(_areas(lang, now, pair, before.areas.index if before is not None else pd.Index([]), firm)),
        bulletin_title=say(lang, "page.release_withdrawn", release=title) if entry.withdrawn else title,
        sections=tuple(
            Section(section["id"], section["heading"], tuple(section["lines"]))
            for section in bulletin_sections(lang, told.bulletin)
        ),
        scheme=scheme_version(lang, told.after.scheme),
        cuts=wording.cut_offs(lang, told.after.scheme),
        order=say(lang, "briefing.order"),
        code=code_of(entry),
        digest=frozen.digest,
        source=source_line(lang, source) if source else "",
        notice=pick(lang, held.notice) if held.notice else "",
        base_map=say(lang, "briefing.base_map"),
        shapes=_shapes(last),
        context=frozen.context(),
        weekly=_weekly(lang, told.after.incidents),
        complete_to=told.after.complete.day,
        interrupted=interruption_parts(lang, now),
    )


def _place(assessment: Assessment) -> str:
    """The name of the area that all scored ones lie in; nothing where there is no such one.

    A release keeps the names of all areas above, but of the way up only the first step: where the first steps are
    several, the whole is the one area that is no step and is not scored itself.
    """
    steps = set(assessment.areas["parent_id"].dropna())
    above = steps if len(steps) == 1 else set(assessment.parents) - set(assessment.areas.index) - steps
    return assessment.parents.get(next(iter(above)), "") if len(above) == 1 else ""


def _finding(
    lang: Language, now: Assessment, pair: Assessment | None, moves: Sequence[Move], told: ComparisonReport
) -> str:
    """How many areas are red or orange, whether that is more, and who became so."""
    elevated = int(now.counts()[list(tiers.ELEVATED)].iloc[-1].sum())
    if pair is None or told.before is None:
        return wording.first_finding(lang, elevated, len(now.areas))
    by = elevated - int(pair.counts()[list(tiers.ELEVATED)].iloc[0].sum()) if alike(told.before, told.after) else None
    risen = [
        (name, move.after) for move in moves if move.raised and move.after in tiers.ELEVATED for name in move.names
    ]
    changed = changes(pair)
    interrupted = int(changed["raised"].isna().sum()) if _interrupted(pair) else 0
    return wording.finding(lang, elevated, by, len(changed), risen, interrupted)


def _interrupted(pair: Assessment) -> bool:
    """Whether any tier is carried on, before or now."""
    return bool(carried_areas(pair, 0).any() or carried_areas(pair).any())


def _counts(lang: Language, now: Assessment, before: Assessment | None) -> tuple[TierCount, ...]:
    held = now.counts().iloc[-1]
    then = before.counts().iloc[-1] if before is not None else None
    carried = carried_counts(now)
    return tuple(
        TierCount(
            tier,
            say(lang, f"tiers.{tier}"),
            say(lang, f"tiers.meaning_{tier}"),
            int(held[tier]),
            int(then[tier]) if then is not None else None,
            int(carried[tier]),
        )
        for tier in tiers.SHOWN
    )


def _moves(pair: Assessment, told: ComparisonReport) -> tuple[Move, ...]:
    names = brief_names(pair)
    some: dict[tuple[str, str, bool | None], list[TierChange]] = {}
    for change in told.comparison.changes:
        some.setdefault((change.held_against, change.after, change.raised), []).append(change)
    return tuple(
        Move(
            *way,
            tuple(change.area_id for change in held),
            tuple(str(names[change.area_id]) for change in held),
            (all(change.carried[0] for change in held), all(change.carried[1] for change in held)),
        )
        for way, held in some.items()
    )


def _week(lang: Language, day: date, row: pd.Series) -> Week:
    return Week(day, short_day(lang, day), {tier: int(row[tier]) for tier in tiers.SHOWN})


def _areas(
    lang: Language, now: Assessment, pair: Assessment | None, then: pd.Index, firm: Confidence | None
) -> Iterator[Area]:
    """``then``: the areas that the release before has."""
    scheme, names = now.scheme, brief_names(now)
    for area_id, row in ranking(now).iterrows():
        at = now.areas.index.get_loc(area_id)
        before = str(tiers.names(pair.shown[0, at])) if area_id in then else None
        # Where nothing could be computed the score is that of what is known, and held against nothing.
        rated = before is not None and tiers.UNKNOWN_RANK not in (pair.computed[0, at], pair.computed[-1, at])
        by = float(now.score[-1, at] - pair.score[0, at]) if rated else np.nan
        measure = scheme.measures.get(row.tier)
        yield Area(
            rank=int(row["rank"]),
            area_id=str(area_id),
            name=str(row["name"]),
            brief=str(names[area_id]),
            parent=parent_name(now, area_id),
            tier=row.tier,
            before=before,
            score=score_text(row.score, scheme, row.computed),
            score_beside=score_beside(lang, scheme, row),
            change=wording.change_of_score(lang, by),
            why=tuple(leading_reasons(lang, now, area_id, row.leads)),
            reason=sentence(lang, now, area_id),
            measure=measure.text.text(lang) if measure else "",
            cadence=wording.cadence(lang, measure.cadence_days) if measure else "",
            firmness=wording.firmness(lang, area_id, row.tier, firm) if firm is not None else "",
            carried=bool(row.carried),
        )


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
