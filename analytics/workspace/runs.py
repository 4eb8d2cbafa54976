"""Runs: these data under a scheme, as it stands or as somebody tries it; made once and kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd

from analytics.releases.publishing import decided_by_people, weeks_to, with_decisions
from analytics.response.fit_to_capacity import CapacityCutoffs, fit
from analytics.response.workload import InspectionLoad, TeamCapacity, WorkloadChange, crew_of, price, rounds
from analytics.scheme import Scheme
from analytics.scoring import AreaCounts, Assessment, area_counts_for, assess, reassess
from analytics.scoring.goal_seek import GoalSeek, find_tier_changes
from analytics.scoring.reporting_delay import ReportingDelay, reporting_delay
from analytics.scoring.what_if import WhatIf, same_measures
from analytics.words import Phrase, phrase
from analytics.workspace.datasets import Dataset
from analytics.workspace.door import Workspace, door
from analytics.workspace.ledgers import ledger


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
    return with_decisions(run, decided_by_people(ledger(ws, data), scheme.id))


@door("read")
def delay(ws: Workspace, data: Dataset, day: date) -> ReportingDelay:
    """How long records take to come in, and which of the days up to ``day`` are provisional."""
    return data.results.get(("delay", day), lambda: reporting_delay(data.counts, day))


@door("read")
def assess_draft(ws: Workspace, data: Dataset, scheme: Scheme, day: date) -> Assessment:
    """A scheme that nobody adopted, on one day, as it would be published had it been in use from the first day on."""
    # What was looked up for it is not kept.
    counts = area_counts(ws, data, scheme).uncached_copy()
    return data.tried.get(("assessed", scheme.digest(), day), lambda: assess(counts, scheme, pd.DatetimeIndex([day])))


@door("read")
def what_if(ws: Workspace, data: Dataset, scheme: Scheme, draft: Scheme, day: date, *, published: bool) -> WhatIf:
    """The scheme in use beside a draft on a day, by the tiers as computed, or as they would be ``published``."""
    run = assessed(ws, data, scheme, [day])

    def tried(chosen: Scheme) -> Assessment:
        if not published and same_measures(run.scheme, chosen):
            return reassess(run, chosen)
        found = assess_draft(ws, data, chosen, day)
        return found if published else reassess(found, chosen)

    return WhatIf(tried(scheme), tried(draft))


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
def cutoffs_by_capacity(
    ws: Workspace, data: Dataset, run: Assessment, team_days: float, load: InspectionLoad
) -> CapacityCutoffs:
    """Cut-offs that cost no more than so many team-days a week; raises ``ScoringError`` for a scheme without any."""
    return fit(run, load, team_capacity(data), team_days)


@door("read")
def goal_seek(ws: Workspace, run: Assessment, area_id: str, locked: frozenset[str] = frozenset()) -> GoalSeek:
    """The smallest changes of a scheme that take an area into an easier tier, and what else they change."""
    return find_tier_changes(run, area_id, locked)


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
