"""The feeds of an office: how they usually report, what was agreed, and how soon their silence would tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from analytics.scheme import Table
from analytics.scheme.tables import EVENT_TABLES
from analytics.scoring.area_counts import AreaCounts, day_number
from analytics.scoring.feed_records import FeedRecords, feed_records, tells_of_none
from analytics.scoring.reporting import agreements_of, resting_days
from analytics.scoring.silence import SilentFeed, silent_now
from analytics.scoring.silence_rule import USUAL, guessed

LOOKED_AHEAD = 90
"""Days without records that are supposed, to see when the rule would tell."""

_MOSTLY, _HARDLY = 0.9, 0.2


@dataclass(frozen=True)
class FeedState:
    """One feed of the whole office on a day (``code`` of ``column`` in ``table``, both "" for all of it).

    ``rows`` so far; ``last``: its newest record; ``usual``: records a day in its last 56 days. ``every``: how many days
    it reports, 0 for every working day, None where no rhythm shows; ``agreed`` (from the day ``since``) or guessed from
    the past. ``told_after``: if it stopped now, after how many days that would tell; None: not within 90. ``silent``:
    if it is.
    """

    table: Table
    column: str
    code: str
    rows: int
    last: date | None
    usual: float
    every: int | None
    agreed: bool
    zero_report: bool
    by_hour: str
    unit: str
    post: str
    since: date | None
    told_after: int | None
    silent: SilentFeed | None


@dataclass(frozen=True)
class AreaFeeds:
    """What one table brings from each area. ``told_after``: area id -> after how many days without records its silence
    would tell, None: not within 90. ``never_told``: whether an area that never sent anything is told of."""

    table: Table
    told_after: Mapping[str, int | None]
    never_told: bool


def feed_states(facts: AreaCounts, day: date) -> tuple[FeedState, ...]:
    """The feeds of the whole office as of a day, table by table, the whole table first."""
    silent = {(feed.table, feed.column, feed.code): feed for feed in silent_now(facts, day) if not feed.area_id}
    return tuple(state for table in EVENT_TABLES if facts.has(table) for state in _of_table(facts, table, day, silent))


def area_feeds(facts: AreaCounts, day: date) -> tuple[AreaFeeds, ...]:
    """What each table brings from each of the smallest areas, as of a day."""
    found = []
    for table in EVENT_TABLES:
        if facts.has(table) and (sent := feed_records(facts, table, day_number(day))):
            told = _told_after(facts, sent, sent.by_area, None, None)
            there = [int(days) or None for days in told[: len(sent.areas.smallest)]]
            by_area = dict(zip(map(str, facts.counts.areas.index[sent.areas.smallest]), there, strict=True))
            total = sent.by_area.sum(axis=0)
            found.append(AreaFeeds(table, by_area, tells_of_none(total[total > 0], sent.number)))
    return tuple(found)


def _of_table(
    facts: AreaCounts, table: Table, day: date, silent: Mapping[tuple[Table, str, str], SilentFeed]
) -> list[FeedState]:
    sent = feed_records(facts, table, day_number(day))
    if sent is None:
        return []
    told = _told_after(facts, sent, sent.n, sent.weekday, sent.kinds)
    agreed = {(one.column, one.code): one for one in agreements_of(facts.counts) if one.table == table}
    found = []
    for at, key in enumerate(sent.named):
        own, one = sent.n[:, at], agreed.get(key)
        ever = np.flatnonzero(own)
        last = int(ever[-1]) if len(ever) else -1  # it agreed to report and never did
        found.append(
            FeedState(
                table=table,
                column=key[0],
                code=key[1],
                rows=int(own.sum()),
                last=date(1970, 1, 1) + timedelta(days=sent.first + last) if len(ever) else None,
                usual=float(own[max(0, last - USUAL + 1) : last + 1].mean()) if len(ever) else 0.0,
                every=one.every if one else _rhythm(own[: last + 1], sent.weekday),
                agreed=one is not None,
                zero_report=bool(one and one.zero_report),
                by_hour=one.by_hour if one else "",
                unit=one.unit if one else "",
                post=one.post if one else "",
                since=one.since if one else None,
                told_after=int(told[at]) or None,
                silent=silent.get((table, *key)),
            )
        )
    return found


def _told_after(
    facts: AreaCounts, sent: FeedRecords, n: np.ndarray, weekday: int | None, kinds: np.ndarray | None
) -> np.ndarray:
    """For each feed (feeds,) after how many days without records the rule tells of it; 0 where it does not."""
    supposed = np.concatenate([n, np.zeros((LOOKED_AHEAD, n.shape[1]))])
    dates = np.arange(sent.first, sent.first + len(supposed))
    nothing = np.zeros(supposed.shape, dtype=bool)
    judged = guessed(supposed, weekday, resting_days(facts.counts, dates), nothing, sent.number, kinds)
    ahead = judged.now[len(n) :]
    return np.where(ahead.any(axis=0), judged.back[len(n) :][ahead.argmax(axis=0), np.arange(n.shape[1])], 0)


def _rhythm(n: np.ndarray, weekday: int) -> int | None:
    """How many days a feed reports, by its last eight weeks; None where no rhythm shows."""
    recent = n[-USUAL:] > 0
    if len(recent) < USUAL:
        return None
    days = (weekday + np.arange(len(n))[-USUAL:]) % 7
    if recent.mean() >= _MOSTLY:
        return 1
    if recent[days < 5].mean() >= _MOSTLY and recent[days >= 5].mean() <= _HARDLY:
        return 0
    return 7 if recent.reshape(-1, 7).any(axis=1).mean() >= _MOSTLY else None
