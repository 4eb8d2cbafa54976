"""What "what changed" is held against: the last release, last week, or any release; and the two days side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import pandas as pd

from analytics.releases.compare import side_by_side
from analytics.scheme import Scheme
from analytics.scoring import Assessment
from analytics.store.ledger_entries import ReleaseEntry
from analytics.words import Phrase
from analytics.workspace.datasets import Dataset, unknown_in_link
from analytics.workspace.door import Workspace, door
from analytics.workspace.own_areas import as_it_is
from analytics.workspace.published import before, releases, run_of
from analytics.workspace.runs import assessed

Way = Literal["previous", "week", "release"]


@dataclass(frozen=True)
class Baseline:
    """What a view is held against, in one of three ways: the ``previous`` release, the ``week`` before of the same
    records, or a ``release`` that was chosen. ``day`` is the day of it (None: there is none yet), and ``entry`` the
    release, None where it is a week before."""

    way: Way
    day: date | None
    entry: ReleaseEntry | None = None


@door("read", as_it_is)
def baseline_for(
    ws: Workspace, data: Dataset, scheme: Scheme, entry: ReleaseEntry | None, day: date, wanted: str | None
) -> tuple[Baseline, Phrase | None]:
    """The baseline of a release, or of the live run on a day (``entry`` None), where ``previous``, ``week`` or the name
    of a release is ``wanted``; and what to say where that release is not there. Unless something is wanted, a release
    is held against the one before it, and the live run against its own week before."""
    known = {other.name: other for other in baseline_choices(ws, data, scheme, entry, day)}
    if wanted in known:
        return Baseline("release", known[wanted].day, known[wanted]), None
    gone = unknown_in_link(wanted) if wanted not in (None, "previous", "week") else None
    last = before(ws, data, entry) if entry else next(iter(known.values()), None)
    if last and (wanted == "previous" or (entry and wanted != "week")):
        return Baseline("previous", last.day, last), gone
    return Baseline("week", _week_before(ws, data, entry, day)), gone


@door("read", as_it_is)
def baseline_choices(
    ws: Workspace, data: Dataset, scheme: Scheme, entry: ReleaseEntry | None, day: date
) -> tuple[ReleaseEntry, ...]:
    """The releases that a view can be held against, the newest first: those of the scheme that stand and are of no
    later day; of those of one day, none that came after ``entry``."""
    return tuple(
        other
        for other in releases(ws, data, scheme.id)
        if other.stands and other.day <= (entry.day if entry else day) and other != entry
        if entry is None or entry.number is None or (other.number or 0) < entry.number
    )


@door("read")
def pair_against(
    ws: Workspace, data: Dataset, scheme: Scheme, entry: ReleaseEntry | None, day: date, baseline: Baseline
) -> Assessment:
    """Two days: that of the ``baseline`` first, and last that of a release, or of the live run. Where there is nothing
    to be held against, the one day alone."""
    now = run_of(ws, data, entry)[0] if entry else assessed(ws, data, scheme, [day])
    if baseline.entry:
        return side_by_side(run_of(ws, data, baseline.entry)[0], now)
    if baseline.day is None:
        return now.on(now.days[-1])
    if entry:
        return now.on(baseline.day, entry.day)
    # Which feeds are silent is known of the last day of a run alone.
    return replace(assessed(ws, data, scheme, [baseline.day, day]), silent=now.silent)


def _week_before(ws: Workspace, data: Dataset, entry: ReleaseEntry | None, day: date) -> date | None:
    """A week before; of a release the last of the weeks before its day that it holds."""
    if entry is None:
        return day - timedelta(weeks=1)
    held = run_of(ws, data, entry)[0].days
    held = held[held < pd.Timestamp(entry.day)]
    return held[-1].date() if len(held) else None
