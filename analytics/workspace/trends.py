"""What the page on trends draws: the weeks of a release as it holds them, or those of the live run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import cast

import pandas as pd

from analytics.releases.publishing import weeks_to
from analytics.scheme import Scheme
from analytics.scoring import Assessment, community_of, weekly_incidents
from analytics.scoring.comparable_weeks import WeeklyIncidents
from analytics.scoring.reporting_delay import ReportingDelay
from analytics.store.ledger_entries import ReleaseEntry
from analytics.workspace import feeds
from analytics.workspace.datasets import Dataset
from analytics.workspace.door import Workspace, door
from analytics.workspace.published import run_of, weekly_of
from analytics.workspace.runs import assessed, delay

WEEKS_OF_A_YEAR = 52


@door("read")
def tier_history(
    ws: Workspace, data: Dataset, scheme: Scheme, entry: ReleaseEntry | None, day: date, weeks: int
) -> Assessment:
    """The ends of up to ``weeks`` weeks, the last of them ``day``: as a release holds them, else as they are now."""
    if entry:
        held = run_of(ws, data, entry)[0]
        return held.on(*held.days[-weeks:])
    return assessed(ws, data, scheme, weeks_to(day, weeks - 1, data.days(scheme)[0]))


@door("read")
def communities(
    ws: Workspace, data: Dataset, history: Assessment, entry: ReleaseEntry | None
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """For each area that lies in a community, or is one, that community; and the names of these: as a release holds
    them, else as they are now."""
    if entry is None:
        of = community_of(data.counts).reindex(history.areas.index).dropna()
        names = data.counts.areas["name"].reindex(of.unique())
    elif history.scheme.level == "community":
        of, names = pd.Series(history.areas.index, index=history.areas.index), history.areas["name"]
    else:
        above, names = history.areas["parent_id"], pd.Series(history.parents)
        of = above[above.isin(names.index)]
    # In the reader's language, as the run calls them.
    called = {one: history.parents.get(one, name) for one, name in cast("dict[str, str]", names.to_dict()).items()}
    return cast("dict[str, str]", of.to_dict()), called


@door("read")
def delay_for(ws: Workspace, data: Dataset, entry: ReleaseEntry | None, day: date) -> ReportingDelay:
    """Which of the days up to the last are provisional: as a release has it, of its incidents, else as it is now."""
    if entry is None:
        return delay(ws, data, day)
    held = weekly_of(ws, data, entry)
    return held.delay if held else ReportingDelay(entry.day, ())


@door("read")
def weekly(
    ws: Workspace, data: Dataset, entry: ReleaseEntry | None, day: date, by: str, areas: Collection[str] | None
) -> WeeklyIncidents | None:
    """A year of weekly incidents by ``category`` or ``community``, of all areas or some; of a release those by category
    of all areas, for it holds no others. None where no incidents are known."""
    if entry:
        return weekly_of(ws, data, entry)
    if not data.counts.has("incidents"):
        return None
    counted: pd.DataFrame = weekly_incidents(data.counts, day, WEEKS_OF_A_YEAR + 1, by, areas)
    return feeds.weekly(ws, data, counted, delay(ws, data, day))
