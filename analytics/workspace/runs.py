"""Runs: these data under a scheme, as it stands or as somebody tries it; made once and kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from analytics.releases.publishing import decided_by_people, weeks_to, with_decisions
from analytics.response.duty_load import DutyChange, change_of, looked_up, minutes_by_tier, untold_holidays
from analytics.response.fit_to_capacity import CapacityCutoffs, fit
from analytics.response.workload import InspectionLoad, TeamCapacity, WorkloadChange, crew_of, price, rounds
from analytics.scheme import Scheme
from analytics.scoring import AreaCounts, Assessment, area_counts_for, assess, reassess
from analytics.scoring.area_counts import day_number, day_numbers
from analytics.scoring.area_history import TierDays, tier_days
from analytics.scoring.goal_seek import GoalSeek, as_shown, find_tier_changes
from analytics.scoring.history import DAYS_AT_ONCE, MeasuredDays, history_span, measured_history
from analytics.scoring.reporting_delay import ReportingDelay, reporting_delay
from analytics.scoring.what_if import WhatIf, same_points
from analytics.wording.areas import in_language
from analytics.words import Language, Phrase, phrase
from analytics.workspace.datasets import Dataset
from analytics.workspace.door import Workspace, door
from analytics.workspace.ledgers import ledger

MOST_MEASURED = 16_000_000
"""Values by day, area and indicator that are kept for drafts, 25 bytes each, where they differ from the day before."""
MEASURED_AT_ONCE = 400_000
TIER_DAYS_AT_ONCE = 28


@door("read")
def area_counts(ws: Workspace, data: Dataset, scheme: Scheme) -> AreaCounts:
    """The data's counts at the level of area that the scheme scores."""
    return data.results.get(("counts", scheme.level), lambda: area_counts_for(data.counts, scheme))


@door("read")
def assessed(ws: Workspace, data: Dataset, scheme: Scheme, days: Sequence[date]) -> Assessment:
    """The assessment of these days, with people's decisions."""
    counts, wanted = area_counts(ws, data, scheme), tuple(sorted(set(days)))
    run = data.results.get(
        ("assessed", scheme.digest(), wanted), lambda: assess(counts, scheme, pd.DatetimeIndex(wanted))
    )
    return as_called(ws.lang, data, with_decisions(run, decided_by_people(ledger(ws, data), scheme.id)))


@door("read")
def tiers_by_day(ws: Workspace, data: Dataset, scheme: Scheme, days: pd.DatetimeIndex) -> TierDays:
    """The tiers of all areas on every one of some days in a row; made once for each set of people's decisions."""
    counts, decided = area_counts(ws, data, scheme), decided_by_people(ledger(ws, data), scheme.id)

    def pieces() -> Iterator[Assessment]:
        for start in range(0, len(days), TIER_DAYS_AT_ONCE):
            yield with_decisions(assess(counts, scheme, days[start : start + TIER_DAYS_AT_ONCE]), decided)

    key = ("tier_days", scheme.digest(), days[0], days[-1], decided)
    return data.results.get(key, lambda: tier_days(pieces()))


def as_called(lang: Language, data: Dataset, run: Assessment) -> Assessment:
    """The run with its areas called as in a language."""
    if lang != "en":
        return run
    # Frames are kept, so that their shapes need not be drawn anew; each has its own names.
    _, called = data.results.get(("called", id(run.areas)), lambda: (run.areas, in_language(lang, run)))
    return replace(run, areas=called.areas, parents=called.parents)


@door("read")
def delay(ws: Workspace, data: Dataset, day: date) -> ReportingDelay:
    """How long records take to come in, and which of the days up to ``day`` are provisional."""
    return data.results.get(("delay", day), lambda: reporting_delay(data.counts, day))


@door("read")
def assess_draft(ws: Workspace, data: Dataset, scheme: Scheme, day: date) -> Assessment:
    """A scheme that nobody adopted, on one day, as it would be published had it been in use from the first day on."""
    # What was looked up for it is not kept.
    counts = area_counts(ws, data, scheme).uncached_copy()
    found = data.tried.get(
        ("assessed", scheme.digest(), day),
        lambda: replace(assess(counts, scheme, pd.DatetimeIndex([day])), behind=area_counts(ws, data, scheme)),
    )
    return as_called(ws.lang, data, found)


@door("read")
def what_if(ws: Workspace, data: Dataset, scheme: Scheme, draft: Scheme, day: date, *, published: bool) -> WhatIf:
    """The scheme in use beside a draft on a day. ``published``: by the tiers that all pages show, held steady and with
    people's decisions, as they come about when the draft is adopted; else by what is computed of that day alone."""
    run = assessed(ws, data, scheme, [day])
    if not published:
        return WhatIf(reassess(run, scheme), _computed(ws, data, run, draft))
    return WhatIf(run, run if draft.digest() == scheme.digest() else _adopted(ws, data, run, draft))


@door("read")
def compare_versions(
    ws: Workspace, data: Dataset, scheme: Scheme, versions: tuple[Scheme, Scheme], day: date
) -> WhatIf:
    """Two versions of a scheme beside each other on a day, neither of which need be the ``scheme`` in use, by the tiers
    that all pages would show."""
    one, other = (what_if(ws, data, scheme, version, day, published=True).after for version in versions)
    return WhatIf(one, other)


def _computed(ws: Workspace, data: Dataset, run: Assessment, draft: Scheme) -> Assessment:
    found = run if same_points(run.scheme, draft) else assess_draft(ws, data, draft, run.days[-1].date())
    return reassess(found, draft)


def _adopted(ws: Workspace, data: Dataset, run: Assessment, draft: Scheme) -> Assessment:
    """What :func:`assessed` gives of the run's one day once a draft is adopted."""
    day = run.days[-1].date()
    if same_points(run.scheme, draft) and (history := _history(ws, data, run)):
        found = data.tried.get(("assessed", draft.digest(), day), lambda: reassess(run, draft, history))
    else:
        found = assess_draft(ws, data, draft, day)
    return with_decisions(found, decided_by_people(ledger(ws, data), draft.id))


def _history(ws: Workspace, data: Dataset, run: Assessment) -> tuple[MeasuredDays, ...]:
    """What is measured on every day up to the run's one, which drafts that measure the same share; nothing where that
    is too much to keep."""
    counts, scheme = area_counts(ws, data, run.scheme), run.scheme
    wanted = day_numbers(run.days)
    first, last = history_span(counts, scheme, wanted)[0], int(wanted[-1])
    at_once = max(DAYS_AT_ONCE, MEASURED_AT_ONCE // (len(run.areas) * len(scheme.indicators)))
    return data.measured.get(
        (scheme.digest(), first, last), lambda: _kept(measured_history(counts, scheme, first, last, at_once))
    )


def _kept(days: Iterable[MeasuredDays]) -> tuple[MeasuredDays, ...]:
    kept, size = [], 0
    for found in days:
        kept.append(found)
        size += found.points.size
        if size > MOST_MEASURED:
            return ()
    return tuple(kept)


@door("read")
def inspection_load(ws: Workspace, data: Dataset, scheme: Scheme, day: date) -> InspectionLoad:
    """How many checks one round of each area takes on a day."""
    counts = area_counts(ws, data, scheme)
    return data.results.get(("rounds", scheme.digest(), day), lambda: rounds(counts, scheme, day))


def team_capacity(data: Dataset) -> TeamCapacity:
    """The teams there are."""
    return crew_of(data.teams)


@door("read")
def workload_change(ws: Workspace, data: Dataset, tried: WhatIf, scheme: Scheme, day: date) -> WorkloadChange:
    """What a draft costs beside the scheme in use."""
    return price(tried.before, tried.after, inspection_load(ws, data, scheme, day), team_capacity(data))


@door("read")
def duty_change(ws: Workspace, data: Dataset, tried: WhatIf, scheme: Scheme, day: date) -> DutyChange:
    """What the duties of a draft ask beside those of the scheme in use, by the tiers of either."""
    before = _minutes(ws, data, scheme, day)
    draft = tried.after.scheme
    alike = same_points(scheme, draft) and (scheme.duties, scheme.measures) == (draft.duties, draft.measures)
    after = before if alike else _minutes(ws, data, draft, day)
    lacks = [untold_holidays(area_counts(ws, data, one), one, day_number(day)) for one in (scheme, draft)]
    minutes = looked_up(before, tried.before.shown[-1]), looked_up(after, tried.after.shown[-1])
    return change_of(*minutes, next(filter(None, lacks), None))


def _minutes(ws: Workspace, data: Dataset, scheme: Scheme, day: date) -> pd.DataFrame:
    # What was looked up for it is not kept, as of a draft that is assessed.
    facts = area_counts(ws, data, scheme).uncached_copy()
    key = ("minutes_by_tier", scheme.digest(), day)
    return data.tried.get(key, lambda: minutes_by_tier(facts, scheme, day_number(day)))


@door("read")
def cutoffs_by_capacity(
    ws: Workspace, data: Dataset, scheme: Scheme, run: Assessment, team_days: float, *, published: bool = True
) -> CapacityCutoffs:
    """Cut-offs of the run's scheme that cost no more than so many team-days a week, by the basis of :func:`what_if`;
    ``scheme`` is the one in use. Raises ``ScoringError`` for a scheme without any."""
    day = run.days[-1].date()
    load = inspection_load(ws, data, scheme, day)

    def under(other: Scheme) -> Assessment:
        return what_if(ws, data, scheme, other, day, published=True).after

    return fit(run, load, team_capacity(data), team_days, under if published else None)


@door("read")
def goal_seek(
    ws: Workspace, data: Dataset, scheme: Scheme, run: Assessment, area_id: str, locked: frozenset[str] = frozenset(),
    *, published: bool = True,
) -> GoalSeek:  # fmt: skip
    """The smallest changes of the run's scheme that take an area into an easier computed tier; and what tier is shown
    for it and for others then, by the basis of :func:`what_if`. ``scheme`` is the one in use."""
    found, day = find_tier_changes(run, area_id, locked), run.days[-1].date()
    return as_shown(found, run, area_id, lambda other: what_if(ws, data, scheme, other, day, published=published).after)


def day_for(data: Dataset, scheme: Scheme, wanted: str | None) -> tuple[date, Phrase | None]:
    """The wanted day (ISO 8601), moved into the data where it lies outside, and what to say of that."""
    first, newest = data.days(scheme)
    try:
        asked = date.fromisoformat(wanted or "")
    except ValueError:
        return newest, None
    used = min(max(asked, first), newest)
    return used, None if used == asked else phrase("page.day_out_of_range", wanted=asked, used=used)


def weeks_around(day: date, weeks: int, first: date, newest: date) -> list[date]:
    """The newest ``weeks`` week ends and the one before them, or, for an older ``day``, those around it."""
    if day < newest - timedelta(weeks=weeks):
        newest = min(newest, day + timedelta(weeks=weeks // 2))
    return weeks_to(newest, weeks, first)
