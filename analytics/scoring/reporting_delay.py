"""How long records take to become known, feed by feed, and which of the last days are therefore *provisional*.

The delay of a record is the days from the day it occurred to the day it became known. Of the last days only the quick
reports are there, so that a plain share would call every feed quick; the share that is in after so many days is
reckoned as for right-truncated data, from the longest delay down: the chain ladder of insurers, and J. D. Kalbfleisch
and J. F. Lawless, Regression models for right truncated data with applications to AIDS incubation times and reporting
lags (Statistica Sinica 1, 1991).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import pandas as pd

from analytics.scheme import Table
from analytics.scheme.tables import EVENT_TABLES
from analytics.store.arrivals import LOOKED_BACK_DAYS
from analytics.store.counts import Counts

COMPLETE_SHARE = 0.95
"""Of the records of a day so many have to be in for it to be complete."""

LONGEST_DELAY = 90
LEAST_RECORDS = 30
"""Of fewer, nothing is said of one feed alone: small feeds of a table are measured together."""

LEAST_REPORTED = 0.5
"""Where fewer of a feed's records say when they became known, the loads that brought them are asked."""

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class FeedDelay:
    """The delay of one feed: within ``days`` days, 95 % of its records are in.

    ``feed``: the code of a channel, "" for a whole table, None for the small feeds of a table together. ``records``
    were measured, ``by`` their own word or the loads that brought them; ``known_to`` is the last day of which it is
    known what had been reported by its end.
    """

    table: Table
    feed: str | None
    days: int
    records: int
    known_to: date
    by: Literal["reported", "loads"]

    @property
    def complete_to(self) -> date:
        """The last day that is complete."""
        return self.known_to - timedelta(days=self.days)


@dataclass(frozen=True)
class CompleteTo:
    """How far records are in, and why no further: ``day`` is the last complete one; of the days after it too little is
    there, since ``feed`` (as in :class:`FeedDelay`) takes ``delay`` days. A ``delay`` of 0: no later day is waited for.
    ``interrupted``: the last two complete weeks are not held against each other, since a feed was silent in them.
    """

    day: date
    feed: str | None
    delay: int
    interrupted: bool = False


@dataclass(frozen=True)
class ReportingDelay:
    """What is still to come of the days up to ``day``. ``feeds``: the slowest first; none where no delay could be
    measured, since no record says when it became known and there was only one load."""

    day: date
    feeds: tuple[FeedDelay, ...]

    @property
    def complete_to(self) -> date:
        """The last day up to ``day`` of which every feed has sent its 95 %."""
        return min([self.day, *(feed.complete_to for feed in self.feeds)])

    @property
    def provisional_days(self) -> int:
        """How many of the last days, ``day`` among them, are provisional."""
        return (self.day - self.complete_to).days

    @property
    def provisional_from(self) -> date | None:
        """The first provisional day; None where there is none."""
        return self.complete_to + timedelta(days=1) if self.provisional_days else None

    @property
    def slowest(self) -> FeedDelay | None:
        """The feed because of which the most days are provisional; None where none are."""
        return self.feeds[0] if self.provisional_days else None

    def of(self, table: Table) -> ReportingDelay:
        """The same for one table alone."""
        return ReportingDelay(self.day, tuple(feed for feed in self.feeds if feed.table == table))

    @property
    def complete(self) -> CompleteTo:
        """The same in short."""
        slowest = self.slowest
        return CompleteTo(self.complete_to, slowest.feed if slowest else None, slowest.days if slowest else 0)


def reporting_delay(counts: Counts, day: date) -> ReportingDelay:
    """The delay of every feed, and what of the days up to ``day`` is provisional because of it."""
    measured = [feed for table in EVENT_TABLES if counts.has(table) for feed in _feeds(counts, table)]
    return ReportingDelay(day, tuple(sorted(measured, key=lambda one: (one.complete_to, one.table, one.feed or ""))))


def _feeds(counts: Counts, table: Table) -> Iterator[FeedDelay]:
    arrivals = counts.arrivals(table)
    reported = arrivals.reported
    said = reported.dropna(subset=["known"])
    share = said.groupby("feed")["n"].sum() / reported.groupby("feed")["n"].sum()
    own = set(share.index[share >= LEAST_REPORTED])
    said = said[said["feed"].isin(own)]
    if len(said):
        # A load of the very day was made before the day was over.
        newest = (
            int(said["known"].max()) if arrivals.loaded is None else min(int(said["known"].max()), arrivals.loaded - 1)
        )
        yield from _measured(table, said, newest, "reported")
    if own != set(reported["feed"]) and arrivals.loaded is not None:
        brought = arrivals.brought()
        brought = brought[~brought["feed"].isin(own)]
        # What a feed's first load brought may be any age: only of the days since then it is known when each came.
        begun = brought.groupby("feed")["known"].transform("min")
        yield from _measured(table, brought[brought["day"] >= begun], arrivals.loaded, "loads")


def _measured(table: Table, found: pd.DataFrame, newest: int, by: Literal["reported", "loads"]) -> Iterator[FeedDelay]:
    recent = found[(found["day"] > newest - LOOKED_BACK_DAYS) & (found["known"] <= newest)]
    enough = recent.groupby("feed")["n"].transform("sum") >= LEAST_RECORDS
    parts: list[tuple[str | None, pd.DataFrame]] = [(str(feed), rows) for feed, rows in recent[enough].groupby("feed")]
    if recent["n"][~enough].sum() >= LEAST_RECORDS:
        parts.append((None, recent[~enough]))
    for feed, rows in parts:
        day, n = rows["day"].to_numpy(), rows["n"].to_numpy()
        days = delay_days(day, rows["known"].to_numpy() - day, n, newest)
        yield FeedDelay(table, feed, days, int(n.sum()), _EPOCH + timedelta(days=newest), by)


def delay_days(day: np.ndarray, delay: np.ndarray, n: np.ndarray, newest: int) -> int:
    """The days after which :data:`COMPLETE_SHARE` of the records of a day are in.

    Each (rows,): ``n`` records of ``day``, known ``delay`` days later. ``newest``: the last day on which anything could
    become known.

    >>> day, late = np.repeat(np.arange(100), 3), np.tile([0, 1, 4], 100)  # of each day's ten, six, three and one
    >>> delay_days(day, late, np.tile([6, 3, 1], 100), newest=110)
    4
    """
    late = np.clip(delay, 0, LONGEST_DELAY).astype("int64")
    share = 1.0
    for days in range(LONGEST_DELAY, 0, -1):
        seen = (newest - day >= days) & (late <= days)
        inside = n[seen].sum()
        before = share * (1 - n[seen & (late == days)].sum() / inside) if inside else share
        if before < COMPLETE_SHARE - 1e-12:
            return days
        share = before
    return 0
