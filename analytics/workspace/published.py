"""Releases of some data: made, listed, read, compared, withdrawn, and found again by their check codes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import geopandas as gpd
import pandas as pd

from analytics.errors import ReleaseError, UserError
from analytics.releases import Intent, Release, keep_view, verify, verify_folder
from analytics.releases import status as code_status
from analytics.releases.compare import ReleaseContent
from analytics.releases.planned import PlannedRelease, planned_release
from analytics.releases.publishing import (
    WORKING,
    ComparisonReport,
    ReleaseInput,
    entry_of,
    newest,
    predecessor,
    publish_draft,
    release,
    report,
)
from analytics.releases.verify import CodeLookup
from analytics.scheme import Scheme
from analytics.scoring import Assessment, require_tables
from analytics.scoring.comparable_weeks import WeeklyIncidents
from analytics.scoring.reporting_delay import FeedDelay, ReportingDelay
from analytics.store.ledger_entries import ReleaseEntry
from analytics.words import Phrase
from analytics.workspace.datasets import Dataset, require_own, unknown_in_link
from analytics.workspace.door import Workspace, door
from analytics.workspace.ledgers import ledger, own_ledger
from analytics.workspace.own_areas import as_it_is
from analytics.workspace.runs import area_counts, as_called, assessed
from analytics.workspace.schemes import usual

__all__ = ["WORKING"]


@door("read", as_it_is)
def releases(ws: Workspace, data: Dataset, scheme_id: str | None = None) -> tuple[ReleaseEntry, ...]:
    """Published releases, the newest first, and before them the drafts that wait; of one scheme or of all."""
    return ledger(ws, data).releases(scheme_id)


@door("read", as_it_is)
def newest_standing(ws: Workspace, data: Dataset, scheme_id: str) -> ReleaseEntry | None:
    """The newest published release of a scheme that was not withdrawn."""
    return newest(ledger(ws, data), scheme_id)


@door("read", as_it_is)
def before(ws: Workspace, data: Dataset, entry: ReleaseEntry) -> ReleaseEntry | None:
    """The release that another is held against."""
    return predecessor(ledger(ws, data), entry)


@door("read", as_it_is)
def release_for(
    ws: Workspace, data: Dataset, scheme: Scheme, wanted: str | None, *, live: bool
) -> tuple[ReleaseEntry | None, Phrase | None]:
    """The release to show, None for the working run; and what to say where the one that was asked for is not there.

    Without a wish it is the newest that stands, unless figures of a date alone are meant (``live``).
    """
    if wanted == WORKING or (wanted is None and live):
        return None, None
    found = next((entry for entry in releases(ws, data, scheme.id) if entry.name == wanted), None)
    if found or wanted is None:
        return found or newest_standing(ws, data, scheme.id), None
    return newest_standing(ws, data, scheme.id), unknown_in_link(wanted)


@door("read", as_it_is)
def newest_release(ws: Workspace, data: Dataset, scheme: Scheme) -> ReleaseEntry | None:
    """The newest release of the scheme that stands, else its newest draft."""
    entries = [entry for entry in releases(ws, data, scheme.id) if entry.number is None]
    return newest_standing(ws, data, scheme.id) or next(iter(entries), None)


@door("read", as_it_is)
def frozen(ws: Workspace, data: Dataset, entry: ReleaseEntry) -> Release:
    """A release, once it was found as it was written."""
    book = ledger(ws, data)
    return data.results.get(("release", entry), lambda: verify(data.home, book, entry.name))


@door("read")
def carried(ws: Workspace, data: Dataset, entries: Iterable[ReleaseEntry]) -> Mapping[str, int]:
    """How many tiers were carried on, by the names of releases in which some were. What cannot be read says so where
    it is opened."""
    found = {}
    for entry in entries:
        with suppress(ReleaseError):
            number = data.results.get(("carried", entry.name, entry.digest), frozen(ws, data, entry).carried)
            if number:
                found[entry.name] = number
    return found


@door("read")
def run_of(ws: Workspace, data: Dataset, entry: ReleaseEntry) -> tuple[Assessment, gpd.GeoDataFrame | None]:
    """What a release shows, and the water and roads under its map."""
    held = frozen(ws, data, entry)
    run, context = data.results.get(("run", entry.name, entry.digest), lambda: (held.assessment(), held.context()))
    return as_called(ws.lang, data, run), context


@door("read")
def weekly_of(ws: Workspace, data: Dataset, entry: ReleaseEntry) -> WeeklyIncidents | None:
    """The weekly incidents by category that a release holds; None where it holds none."""
    held = frozen(ws, data, entry)
    counts, complete = held.incidents(), held.manifest.complete.value()
    if counts is None:
        return None
    known_to = complete.day + timedelta(days=complete.delay)
    feeds = (FeedDelay("incidents", complete.feed, complete.delay, 0, known_to, "reported"),) if complete.delay else ()
    return WeeklyIncidents(counts, ReportingDelay(entry.day, feeds), lambda _: complete.interrupted)


@door("read", as_it_is)
def week_of(ws: Workspace, data: Dataset, entry: ReleaseEntry, wanted: str) -> tuple[date | None, Phrase | None]:
    """One of the earlier weeks that a release holds (ISO 8601), and what to say where it holds no such one."""
    earlier = {f"{moment.date()}": moment.date() for moment in run_of(ws, data, entry)[0].days[:-1]}
    if wanted in earlier:
        return earlier[wanted], None
    return None, None if wanted == f"{entry.day}" else unknown_in_link(wanted)


def week_shown(history: Assessment, day: date) -> date:
    """The end of the week that ``day`` is, where a release holds it, else its last."""
    return day if pd.Timestamp(day) in history.days else history.days[-1].date()


@door("read")
def comparison_report(
    ws: Workspace, data: Dataset, earlier: ReleaseEntry | None, later: ReleaseEntry
) -> ComparisonReport:
    """What two releases say together: kept, since releases do not change."""
    book = ledger(ws, data)
    key = ("report", earlier and earlier.digest, later.digest)
    told = data.results.get(key, lambda: report(data.home, book, earlier, later))

    def called(held: ReleaseContent) -> ReleaseContent:
        return replace(held, assessment=as_called(ws.lang, data, held.assessment))

    return replace(told, before=told.before and called(told.before), after=called(told.after))


@door("read")
def material(ws: Workspace, data: Dataset, scheme: Scheme, day: date) -> ReleaseInput:
    """What a release of the working run would be made of."""
    return ReleaseInput(
        area_counts(ws, data, scheme), scheme, data.days(scheme)[0], day, data.context, data.notice, data.source
    )


@door("read")
def planned(ws: Workspace, data: Dataset, scheme: Scheme, day: date, *, publish: bool) -> PlannedRelease:
    """What a draft, or the next release, would hold. Raises ``ReleaseError`` where it cannot be published, and
    ``LedgerError`` where two people publish, which begins with a draft."""
    if publish:
        ledger(ws, data).require_publishable(None)
    return planned_release(data.home, ledger(ws, data), assessed(ws, data, scheme, [day]), publish=publish)


@door("read")
def planned_of_draft(ws: Workspace, data: Dataset, draft: ReleaseEntry) -> PlannedRelease:
    """What a draft would be published as; raises as `planned` does, and where it was published in the meantime, or
    something is missing before two people have published it."""
    if draft not in releases(ws, data, draft.scheme_id):
        raise ReleaseError.because("ledger.no_draft", draft=draft.name)
    ledger(ws, data).require_publishable(draft)
    return planned_release(data.home, ledger(ws, data), run_of(ws, data, draft)[0], publish=True)


@door("read")
def newest_but(ws: Workspace, data: Dataset, entry: ReleaseEntry) -> ReleaseEntry | None:
    """The newest release of the scheme that stands once another one is withdrawn; raises ``ReleaseError`` where that
    was done already."""
    standing = [other for other in releases(ws, data, entry.scheme_id) if other.stands]
    if entry not in standing:
        raise ReleaseError.because("ledger.no_release", number=entry.number)
    return next((other for other in standing if other != entry), None)


@door("draft")
def keep_draft(
    ws: Workspace, data: Dataset, scheme: Scheme, day: date, reason: str, confirmed: Collection[str] = ()
) -> ReleaseEntry:
    """Freeze the working run as a draft."""
    intent = Intent(reason, publish=False, confirmed=confirmed)
    made = release(data.home, ledger(ws, data), ws.actor, material(ws, data, scheme, day), intent)
    return entry_of(ledger(ws, data), made.manifest.name)


@door("release")
def publish(
    ws: Workspace, data: Dataset, scheme: Scheme, day: date, reason: str, confirmed: Collection[str] = ()
) -> ReleaseEntry:
    """Freeze the working run as the next release."""
    intent = Intent(reason, publish=True, confirmed=confirmed)
    made = release(data.home, ledger(ws, data), ws.actor, material(ws, data, scheme, day), intent)
    return entry_of(ledger(ws, data), made.manifest.name)


@door("release")
def publish_kept(ws: Workspace, data: Dataset, draft: ReleaseEntry, confirmed: Collection[str] = ()) -> ReleaseEntry:
    """Turn a draft into the next release."""
    intent = Intent(draft.reason, publish=True, confirmed=confirmed)
    made = publish_draft(data.home, ledger(ws, data), ws.actor, draft, intent)
    return entry_of(ledger(ws, data), made.manifest.name)


@door("release")
def withdraw(ws: Workspace, data: Dataset, number: int, reason: str, confirmed: Collection[str] = ()) -> None:
    """Take a published release back: it stays readable and marked, and nothing is held against it any more."""
    ledger(ws, data).withdraw_release(ws.actor, number, reason, confirmed)


@door("read", as_it_is)
def code_of_view(ws: Workspace, data: Dataset, entry: ReleaseEntry, view: dict[str, str]) -> str:
    """The check code of what is on the screen, which opens it again from now on."""
    return keep_view(ledger(ws, data), ws.actor, frozen(ws, data, entry), view)


@door("read", as_it_is)
def look_up(ws: Workspace, data: Dataset, code: str) -> CodeLookup:
    """What a check code leads to, after the release was found unchanged."""
    return code_status(data.home, ledger(ws, data), code)


# The office's own, by number and without a scheme: a shell speaks of releases though no area may be loaded any more.


@door("read")
def own_releases(ws: Workspace) -> tuple[ReleaseEntry, ...]:
    """All releases and drafts of the office, the newest first."""
    return own_ledger(ws).releases()


@door("read")
def own_entry(ws: Workspace, number: int | str) -> ReleaseEntry:
    """One of them (12, or "D3"); raises ``ReleaseError`` where there is none."""
    return entry_of(own_ledger(ws), number)


@door("read")
def own_report(ws: Workspace, earlier: ReleaseEntry | None, later: ReleaseEntry) -> ComparisonReport:
    """What two of them say together; ``earlier`` is by default the one that the other is held against."""
    book = own_ledger(ws)
    return report(ws.home, book, earlier or predecessor(book, later), later)


@door("read")
def own_verified(ws: Workspace, entry: ReleaseEntry) -> Release:
    """One of them, once it was found as it was written and as the ledger knows it."""
    return verify(ws.home, own_ledger(ws), entry.name)


@door("read")
def own_look_up(ws: Workspace, code: str) -> CodeLookup:
    """What a check code of the office leads to."""
    return code_status(ws.home, own_ledger(ws), code)


@door("read")
def folder_verified(ws: Workspace, folder: Path) -> Release:
    """The release in a folder from anywhere, found as it was written."""
    return verify_folder(folder)


@door("release")
def withdraw_own(ws: Workspace, number: int, reason: str, confirmed: Collection[str] = ()) -> ReleaseEntry:
    """Take one of the office's releases back, and return it as it is now."""
    own_ledger(ws).withdraw_release(ws.actor, number, reason, confirmed)
    return own_entry(ws, number)


@door("read")
def first_that_fits(ws: Workspace) -> str:
    """The id of the scheme that the office opens first, of those that fit its own records; raises ``UserError`` where
    none does."""
    data = require_own(ws)
    if not data.schemes:
        raise UserError.because("cli.no_scheme_fits", home=ws.home.name)
    return usual(ws, data)


@door("read")
def own_release(ws: Workspace, scheme: Scheme, day: date | None, intent: Intent) -> ReleaseEntry:
    """Freeze the office's own records by a scheme as a draft, or as the next release; on the newest day, unless one is
    named.

    Raises ``AccessError`` for an actor who may not, and ``UserError`` for a day without full records.
    """
    ws.actor.require("release" if intent.publish else "draft")
    data = require_own(ws)
    require_tables(data.counts, scheme)
    first, last = data.days(scheme)
    if day and not first <= day <= last:
        raise UserError.because("cli.day_outside", day=day, first=first, newest=last)
    made = release(data.home, own_ledger(ws), ws.actor, material(ws, data, scheme, day or last), intent)
    return entry_of(own_ledger(ws), made.manifest.name)
