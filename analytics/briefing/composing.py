"""From a release to all that a briefing says of it.

All of it comes from a release that was found as it was written, and from the bulletin whose figures were recomputed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date, datetime
from functools import partial

import geopandas as gpd
import numpy as np
import pandas as pd

from analytics import tiers
from analytics.briefing.content import Area, Briefing, Move, Part, Reasons, Section, TaskList, TaskRow, TierCount, Week
from analytics.briefing.figure_cards import figure_cards
from analytics.errors import BriefingError
from analytics.evidence.confidence import Confidence
from analytics.marks import MARKS, Mark
from analytics.office import local_time
from analytics.releases import Release
from analytics.releases.alike import alike
from analytics.releases.bulletin import SMALL_PRINT
from analytics.releases.compare import TierChange, side_by_side
from analytics.releases.publishing import ComparisonReport
from analytics.releases.sentences import Sentence
from analytics.releases.trend import category_name
from analytics.response.tasks import MeetingList
from analytics.scoring import Assessment, ranking, reason_for
from analytics.scoring.reasons import shown_tier
from analytics.scoring.summary import area_marks, carried_areas, carried_counts, changes
from analytics.store.ledger_entries import ReleaseEntry
from analytics.store.office_settings import UNSAID, OfficeSettings
from analytics.wording import briefing as wording
from analytics.wording.areas import brief_names, in_language, pinyin_note
from analytics.wording.comparison import bulletin_sections
from analytics.wording.dates import cut_off, day_near, short_day
from analytics.wording.indicators import indicator_rows
from analytics.wording.numbers import score_text
from analytics.wording.orders import order_parts
from analytics.wording.provenance import by_two_hands, scheme_version, source_line
from analytics.wording.reasons import leading_reasons, score_beside, sentence
from analytics.wording.releases import code_of, release_name
from analytics.wording.silence import interruption_parts
from analytics.wording.tasks import as_of_ledger, meeting_summary, progress_on_paper, task_rows
from analytics.wording.tier_changes import what_moved
from analytics.words import Language, Phrase, day, pick, say

WEEKS_SHOWN = 12

CAME_AND_WENT = ("bulletin.moves_added", "bulletin.moves_removed")
"""Sentences of the bulletin on areas that only one of two releases has."""

PROVISOS = (
    "bulletin.silent_never", "bulletin.silent_since", "bulletin.silent_waits", "bulletin.silent_out_of_date",
    "bulletin.silent_over", "bulletin.carried", "bulletin.carried_lowered", "bulletin.revision_late",
    "bulletin.revision_gone", "bulletin.revision_tier",
)  # fmt: skip
"""Sentences of the bulletin that say with what reserve its counts are to be read."""

BY_RECORDS = ("data", "day")
"""Causes of a change that need no word beside a name: what was recorded, and that time went on."""


def briefing_of(
    frozen: Release, told: ComparisonReport, lang: Language, entry: ReleaseEntry, firm: Confidence | None = None,
    office: OfficeSettings = UNSAID, tasks: MeetingList | None = None,
) -> Briefing:  # fmt: skip
    """The briefing of a release whose report is ``told``; ``entry`` is what the ledger knows of it, ``firm`` what draws
    said of its scheme, data and day, ``office`` what the office says of itself, ``tasks`` the list of its meeting.

    Raises :class:`BriefingError` for a release in which no area is scored: there is nothing to show.
    """
    last = in_language(lang, told.after.assessment)
    if last.areas.empty:
        raise BriefingError.because("briefing.no_areas")
    now = last.on(last.days[-1])
    before = in_language(lang, told.before.assessment) if told.before else None
    pair = side_by_side(before, last) if before is not None else None
    moves = _moves(lang, pair, told) if pair is not None else ()
    source = pick(lang, told.after.source) if told.after.source else ""
    held = frozen.manifest
    line, names = source_line(lang, source) if source else "", pinyin_note(lang, told.after.assessment)
    title = told.bulletin.title.text(lang)
    if office.office(lang):
        title = say(lang, "briefing.title_of_office", office=office.office(lang), title=title)
    return Briefing(
        lang=lang,
        number=held.number,
        title=say(lang, "briefing.title", scheme=told.after.scheme.title(told.after.day).text(lang)),
        place=office.office(lang) or _place(last),
        period=release_name(lang, entry),
        cut_off=cut_off(lang, told.after.day),
        finding_label=say(lang, "briefing.finding_label"),
        finding=_finding(lang, now, pair, moves, told),
        against=wording.against(lang, told.before),
        counts=_counts(lang, now, before),
        cards=figure_cards(lang, told, now, moves),
        moves=moves,
        weeks=tuple(_week(lang, moment.date(), row) for moment, row in last.counts().iloc[-WEEKS_SHOWN:].iterrows()),
        areas=tuple(_areas(lang, now, pair, before.areas.index if before is not None else pd.Index([]), moves, firm)),
        bulletin_title=say(lang, "page.release_withdrawn", release=title) if entry.withdrawn else title,
        sections=tuple(_sections(lang, told)),
        small_print=_by_two(lang, entry) + tuple(item.text(lang) for item in _small_print(told)),
        issued="" if held.number is None else day(lang, local_time(datetime.fromisoformat(entry.at)).date()),
        heading=say(lang, "papers.internal"),
        scheme=scheme_version(lang, told.after.scheme, told.after.day),
        cuts=wording.cut_offs(lang, told.after.scheme),
        order=say(lang, "briefing.order"),
        code=code_of(entry),
        digest=frozen.digest,
        source=say(lang, "briefing.source_and_names", source=line.rstrip("。."), names=names)
        if line and names
        else line or names,
        notice=pick(lang, held.notice) if held.notice else "",
        base_map=office.base_map(lang),
        office=office,
        shapes=_shapes(last),
        context=frozen.context(),
        weekly=_weekly(lang, told.after.incidents),
        complete_to=told.after.complete.day,
        interrupted=interruption_parts(lang, now),
        ordered=order_parts(lang, now),
        tasks=_tasks(lang, last, tasks) if tasks else None,
        came_and_went=tuple(
            item.text(lang) for item in told.bulletin.sections["moves"] if item.phrase.key in CAME_AND_WENT
        ),
        provisos=tuple(item.text(lang) for item in told.bulletin.sections["overall"] if item.phrase.key in PROVISOS),
    )


def _by_two(lang: Language, entry: ReleaseEntry) -> tuple[str, ...]:
    """Who drafted and who approved, by their roles, where two people published."""
    by_two = by_two_hands(lang, entry)
    return (say(lang, "two_hands.on_paper", by_two=by_two),) if by_two else ()


def _tasks(lang: Language, run: Assessment, listed: MeetingList) -> TaskList:
    names = {**{str(area_id): str(name) for area_id, name in run.areas["name"].items()}, **run.parents}
    found = (*listed.left, *listed.new, *listed.closed)
    rows = task_rows(lang, found, names)
    told = [
        {
            **row,
            "progress": progress_on_paper(lang, one),
            "new": one in listed.new,
            "closed": one.state == "signed_off",
        }
        for row, one in zip(rows, found, strict=True)
    ]
    return TaskList(
        meeting_summary(lang, listed),
        as_of_ledger(lang, listed),
        tuple(TaskRow(**{field.name: row[field.name] for field in fields(TaskRow)}) for row in told),
    )


def _small_print(told: ComparisonReport) -> list[Sentence]:
    return [item for item in told.bulletin.sections["notes"] if item.phrase.key in SMALL_PRINT]


def _sections(lang: Language, told: ComparisonReport) -> Iterator[Section]:
    """The sections of the bulletin without what is printed small."""
    small = {item.text(lang) for item in _small_print(told)}
    for section in bulletin_sections(lang, told.bulletin):
        lines = tuple(line for line in section["lines"] if line not in small)
        yield Section(section["id"], section["heading"], lines)


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
    decided = sum(change.cause == "decision" for change in told.comparison.changes) if told.comparison else 0
    interrupted = int(changed["raised"].isna().sum()) if _interrupted(pair) else 0
    return wording.finding(lang, elevated, by, len(changed), risen, interrupted, decided)


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


def _moves(lang: Language, pair: Assessment, told: ComparisonReport) -> tuple[Move, ...]:
    names = brief_names(pair)
    some: dict[tuple[str, str, bool | None], list[TierChange]] = {}
    for change in told.comparison.changes:
        some.setdefault((change.held_against, change.after, change.raised), []).append(change)
    return tuple(
        Move(
            *way,
            tuple(change.area_id for change in held),
            tuple(str(names[change.area_id]) for change in held),
            tuple(_cause(lang, change) for change in held),
            (all(change.carried[0] for change in held), all(change.carried[1] for change in held)),
        )
        for way, held in some.items()
    )


def _cause(lang: Language, change: TierChange) -> str:
    return "" if change.cause in BY_RECORDS else say(lang, f"release_pages.cause_{change.cause}")


def _week(lang: Language, day: date, row: pd.Series) -> Week:
    return Week(day, short_day(lang, day), {tier: int(row[tier]) for tier in tiers.SHOWN})


def _areas(
    lang: Language,
    now: Assessment,
    pair: Assessment | None,
    then: pd.Index,
    moves: Sequence[Move],
    firm: Confidence | None,
) -> Iterator[Area]:
    """``then``: the areas that the release before has."""
    scheme, names = now.scheme, brief_names(now).to_list()
    parents = now.areas["parent_id"].map(now.parents).fillna("").to_list()
    marks = area_marks(now)
    for way, raised in (("raised", True), ("lowered", False)):
        marks[way] = marks.index.isin([area for move in moves if move.raised is raised for area in move.area_ids])
    marked = {str(area): _told(held) for area, held in zip(marks.index, marks.to_numpy(), strict=True)}
    places = {area_id: at for at, area_id in enumerate(now.areas.index)}
    known = set(then)
    measures = {
        tier: (measure.text.text(lang), wording.cadence_beside(lang, measure.text.text(lang), measure.cadence_days))
        for tier, measure in scheme.measures.items()
    }
    for row in ranking(now).itertuples():
        area_id, at = row.Index, places[row.Index]
        before = str(tiers.names(pair.shown[0, at])) if area_id in known else None
        # Where nothing could be computed the score is that of what is known, and held against nothing.
        rated = before is not None and tiers.UNKNOWN_RANK not in (pair.computed[0, at], pair.computed[-1, at])
        by = float(now.score[-1, at] - pair.score[0, at]) if rated else np.nan
        measure, cadence = measures.get(row.tier, ("", ""))
        yield Area(
            rank=int(row.rank),
            area_id=str(area_id),
            name=str(row.name),
            brief=str(names[at]),
            parent=str(parents[at]),
            tier=row.tier,
            before=before,
            score=score_text(row.score, scheme, row.computed),
            score_beside=score_beside(lang, scheme, row),
            change=wording.change_of_score(lang, by),
            reasons=Reasons(
                partial(leading_reasons, lang, now, area_id, row.leads),
                partial(sentence, lang, now, area_id),
                partial(_moved, lang, pair, area_id),
                partial(_parts, lang, now, area_id),
            ),
            measure=measure,
            cadence=cadence,
            firmness=wording.firmness(lang, area_id, row.tier, firm) if firm is not None else "",
            marks=marked[str(area_id)],
        )


def _moved(lang: Language, pair: Assessment | None, area_id: str) -> str:
    if pair is None or area_id not in changes(pair).index:
        return ""
    told, shown = what_moved(lang, pair, area_id), shown_tier(pair, area_id)
    if shown.override_until is None:
        return told
    until = day_near(lang, shown.override_until, shown.day)
    return say(lang, "papers.decided_until", cause=told, day=until)


def _parts(lang: Language, now: Assessment, area_id: str) -> list[Part]:
    added = reason_for(now, area_id).parts["contribution"].to_numpy()
    shares = np.nan_to_num(added / np.nansum(added)) if np.nansum(added) > 0 else np.zeros(len(added))
    told = [
        Part(str(row["name"]), str(row["value"]), str(row["adds"]), float(share))
        for row, share in zip(indicator_rows(lang, now, area_id, {}), shares, strict=True)
    ]
    return sorted(told, key=lambda part: -part.share)


def _told(held: np.ndarray) -> tuple[Mark, ...]:
    return tuple(mark for mark, has in zip(MARKS, held, strict=True) if has)


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
