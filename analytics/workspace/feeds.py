"""The feeds of the office: how they report, what was agreed with whom, which are silent, and whom to remind."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import pandas as pd

from analytics.loaders import UploadedBytes
from analytics.scheme import Scheme
from analytics.scoring import last_known_day
from analytics.scoring.area_counts import AreaCounts
from analytics.scoring.comparable_weeks import WeeklyIncidents, weeks_interrupted
from analytics.scoring.feed_overview import AreaFeeds, FeedState, area_feeds, feed_states
from analytics.scoring.reporting_delay import ReportingDelay
from analytics.scoring.silence import SilentFeed, silent_feeds, silent_now
from analytics.store import Added
from analytics.wording.silence import feed_called, missing_sentences
from analytics.words import Language, say
from analytics.workspace.datasets import Dataset, own, require_own
from analytics.workspace.door import Workspace, door
from analytics.workspace.loads import Incoming, load_file
from analytics.workspace.published import newest_standing, own_verified
from analytics.workspace.runs import area_counts

FED = ("incidents", "checks", "residents", "places")
"""The tables that an agreement may be about."""

RHYTHMS = ("day", "working_day", "week", "month")

AGREEMENT_COLUMNS = ("table", "feed", "unit", "every", "by_hour", "zero_report", "post", "since")


@dataclass(frozen=True)
class MissingReport:
    """A feed that did not report as it should, up to the day ``until``."""

    feed: SilentFeed
    until: date

    @property
    def days(self) -> int:
        """For how many days nothing came."""
        return (self.until - self.feed.last).days if self.feed.last else 0


@dataclass(frozen=True)
class ReminderSheet:
    """A sheet for one ``unit`` ("" unknown): the ``name`` of its file, and its ``content`` (PDF) when it is called."""

    name: str
    unit: str
    content: Callable[[], bytes]


@door("read")
def states(ws: Workspace, data: Dataset) -> tuple[FeedState, ...]:
    """The feeds of some data as of their newest day."""
    day = last_known_day(data.counts)
    if day is None:
        return ()
    return data.results.get(("feeds", day), lambda: feed_states(_all_areas(data), day))


@door("read")
def of_areas(ws: Workspace, data: Dataset) -> tuple[AreaFeeds, ...]:
    """What each table brings from each area, as of the newest day of some data."""
    day = last_known_day(data.counts)
    return area_feeds(_all_areas(data), day) if day is not None else ()


@door("read")
def weekly(ws: Workspace, data: Dataset, counted: pd.DataFrame, delay: ReportingDelay) -> WeeklyIncidents:
    """Weekly incidents (a row a week) of some data, which are told from weeks that lack a feed."""
    facts = _all_areas(data)

    def interrupted(ends: Sequence[date]) -> bool:
        key = ("weeks_interrupted", tuple(ends), delay.day)
        return data.results.get(key, lambda: weeks_interrupted(facts, ends, delay.day))

    return WeeklyIncidents(counted, delay.of("incidents"), interrupted)


@door("read")
def missing(ws: Workspace) -> tuple[MissingReport, ...]:
    """What is missing in the office's own records: reports that were agreed, up to yesterday, and feeds that are silent
    by their own rhythm on the newest day with records."""
    data = own(ws)
    newest = last_known_day(data.counts) if data else None
    if data is None or newest is None:
        return ()
    silent = partial(silent_now, _all_areas(data))
    return data.results.get(("missing", ws.today), lambda: _missing(silent, newest, ws.today - timedelta(days=1)))


def _missing(
    silent: Callable[[date], Sequence[SilentFeed]], newest: date, yesterday: date
) -> tuple[MissingReport, ...]:
    agreed = [feed for feed in silent(yesterday) if feed.agreed and feed.until is None]
    guessed = [feed for feed in silent(min(newest, yesterday)) if not feed.agreed and feed.until is None]
    return (
        *(MissingReport(feed, yesterday) for feed in agreed),
        *(MissingReport(feed, min(newest, yesterday)) for feed in guessed),
    )


@door("read")
def missing_lines(ws: Workspace, lang: Language) -> list[str]:
    """The same, a sentence for each."""
    found = missing(ws)
    return missing_sentences(lang, [(one.feed, one.until) for one in found], area_names(ws)) if found else []


@door("read")
def unaccepted(ws: Workspace, scheme: Scheme) -> tuple[MissingReport, ...]:
    """What is missing of that on which the indicators of a scheme hang, and is not in the newest published release of
    this very scheme: it is for the leader to publish with carried tiers."""
    data = own(ws)
    newest = last_known_day(data.counts) if data else None
    if data is None or newest is None:
        return ()
    facts = area_counts(ws, data, scheme)

    def silent(day: date) -> list[SilentFeed]:
        # As the releases of the scheme say it; what is not due yet nobody owes.
        return [feed for feed in silent_feeds(facts, scheme.indicators, day) if feed.why != "waits"]

    published = newest_standing(ws, data, scheme.id)
    told = {_key(feed) for feed in own_verified(ws, published).manifest.silent} if published else set()
    found = _missing(silent, newest, ws.today - timedelta(days=1))
    return tuple(one for one in found if _key(one.feed) not in told)


@door("read")
def called(ws: Workspace, lang: Language, found: Sequence[MissingReport]) -> list[str]:
    """How the feeds are called that are missing."""
    names = area_names(ws)
    return [feed_called(lang, one.feed, names) for one in found]


@door("read")
def reminders(ws: Workspace, lang: Language, found: Sequence[MissingReport]) -> tuple[ReminderSheet, ...]:
    """A reminder sheet (PDF) for each unit that owes a report; each is typeset when it is asked for."""
    by_unit: dict[str, list[MissingReport]] = {}
    for one in found:
        by_unit.setdefault(one.feed.unit, []).append(one)
    names = area_names(ws)

    def content(number: int, unit: str) -> bytes:
        from analytics.briefing.reminder import reminder  # typesetting takes long to import

        return reminder(lang, number, unit, [(one.feed, one.until) for one in by_unit[unit]], ws.today, names)

    return tuple(
        ReminderSheet(
            say(lang, "reminder.file", day=f"{ws.today:%Y%m%d}", number=number) + ".pdf",
            unit,
            partial(content, number, unit),
        )
        for number, unit in enumerate(sorted(by_unit), 1)
    )


@door("read")
def area_names(ws: Workspace) -> dict[str, str]:
    """The names of the office's areas, by id."""
    return {str(area_id): str(name) for area_id, name in require_own(ws).counts.areas["name"].items()}


@door("load")
def save_agreements(ws: Workspace, rows: pd.DataFrame, lang: Language) -> Added:
    """Put agreements (``AGREEMENT_COLUMNS``, words as a file would have them) in the place of those before."""
    held = io.StringIO()
    rows[list(AGREEMENT_COLUMNS)].to_csv(held, index=False)
    file: UploadedBytes = (f"{say(lang, 'feeds.file')}.csv", held.getvalue().encode("utf-8-sig"))
    return load_file(ws, Incoming("agreements", file))[1]


def _all_areas(data: Dataset) -> AreaCounts:
    """The counts at the finest level that the records know."""
    areas = data.counts.areas
    finest = areas[~areas.index.isin(areas["parent_id"].dropna())]
    return data.results.get(("finest",), lambda: AreaCounts(data.counts, finest))


def _key(feed: SilentFeed) -> tuple[object, ...]:
    # A feed that came back and stopped again is another silence.
    return feed.table, feed.column, feed.code, feed.area_id, feed.since
