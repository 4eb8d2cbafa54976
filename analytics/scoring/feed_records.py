"""What each feed brought on each day, and on which days it is judged to be silent, from the records up to it.

A feed is a table of events, or those of its records with one channel or kind, or those of one area: one of the smallest
areas, or one above them; or those of one channel in one of the smallest areas. It does not hang on a scheme which feeds
there are and how they are judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.scheme import Table
from analytics.scheme.tables import EVENT_TABLES
from analytics.scoring.area_counts import LEVELS, AreaCounts, day_number, reported_everywhere
from analytics.scoring.reporting import (
    agreements_of,
    due_days,
    reported_days,
    resting_days,
    zero_reports,
)
from analytics.scoring.silence_rule import (
    FALSE_ALARMS,
    LEAST_VARIANCE,
    NEVER_ENDED,
    Judged,
    by_agreement,
    guessed,
)
from analytics.store.tallies import NEVER, NOWHERE

FEED_COLUMNS: dict[Table, tuple[str, ...]] = {"incidents": ("channel", "category"), "checks": ("kind",)}
"""The columns by which the records of a table come from different feeds."""

OWN_FEEDS: dict[Table, tuple[str, ...]] = {"incidents": ("channel",), "checks": ()}
"""Those by which they come from different feeds in each area too: each community may have a clinic of its own."""

OWN_FEED_DAYS, OWN_FEED_LEAST = 28, 28
"""Such a feed of one area is judged where it brought so many records in as many days at some time."""


@dataclass(frozen=True, eq=False)
class FeedAreas:
    """The areas whose records are feeds of their own, by their positions in the list of areas: the ``smallest``, and
    those ``above`` that hold several of them, but not all; ``within``: of each of these all areas in it, itself too."""

    smallest: np.ndarray
    above: np.ndarray
    within: tuple[np.ndarray, ...]

    @property
    def all(self) -> np.ndarray:
        """The smallest first."""
        return np.concatenate([self.smallest, self.above])


@dataclass(frozen=True, eq=False)
class FeedRecords:
    """What the feeds of a table brought on each day from its ``first`` (a day number): ``n`` (days, feeds) of those
    that are ``named`` (column, code), the whole table first; ``by_area`` (days, areas) of each of ``areas``; and
    ``of_own`` (days, own feeds) of what is one channel in one area: ``own`` (a place in ``named``, one in the list of
    areas)."""

    first: int
    named: tuple[tuple[str, str], ...]
    n: np.ndarray
    by_area: np.ndarray
    areas: FeedAreas
    own: tuple[tuple[int, int], ...]
    of_own: np.ndarray

    @property
    def number(self) -> int:
        """How many feeds are judged."""
        return self.n.shape[1] + self.by_area.shape[1] + self.of_own.shape[1]

    @property
    def weekday(self) -> int:
        """Of the first day, 0 for Monday."""
        return (self.first + 3) % 7  # 1970-01-01 was a Thursday

    @property
    def kinds(self) -> np.ndarray:
        """Which of the named feeds are kinds of incident or check: bool, (feeds,)."""
        return np.array([column in ("category", "kind") for column, _ in self.named])


@dataclass(frozen=True, eq=False)
class JudgedFeeds:
    """The feeds of one table and what is known of them from the day number ``first`` on."""

    first: int
    named: tuple[tuple[str, str], ...]
    judged: Judged
    areas: FeedAreas
    judged_areas: Judged
    own: tuple[tuple[int, int], ...]
    judged_own: Judged

    def place(self, area: int) -> int:
        """Where one of the smallest areas stands among the areas that are judged."""
        return int(np.searchsorted(self.areas.smallest, area))

    def members(self, facts: AreaCounts) -> tuple[np.ndarray, ...]:
        """Of each of the areas the positions of the scored areas that it is, is in, or has in it."""
        return facts.memoize(("members of feeds",), lambda: self._members(facts))

    def _members(self, facts: AreaCounts) -> tuple[np.ndarray, ...]:
        scored = facts.positions()
        own = [np.array([at]) if at != NOWHERE else np.empty(0, dtype=np.int64) for at in scored[self.areas.smallest]]
        above = [np.unique(found[found != NOWHERE]) for found in (scored[within] for within in self.areas.within)]
        return (*own, *above)


def feed_areas(areas: pd.DataFrame) -> FeedAreas:
    """Of a list of areas."""
    parent = areas.index.get_indexer(pd.Index(areas["parent_id"]))
    smallest = np.flatnonzero(~areas.index.isin(areas["parent_id"].dropna()))
    chain, up = [np.arange(len(areas))], np.append(parent, NOWHERE)
    for _ in LEVELS[1:]:  # as many steps up as there are levels
        chain.append(up[chain[-1]])
    found = [
        (at, np.flatnonzero(np.any([step == at for step in chain], axis=0))) for at in np.unique(parent[parent >= 0])
    ]
    found = [(at, within) for at, within in found if 1 < np.isin(within, smallest).sum() < len(smallest)]
    return FeedAreas(smallest, np.array([at for at, _ in found], dtype=np.int64), tuple(within for _, within in found))


def feed_records(facts: AreaCounts, table: Table, last: int) -> FeedRecords | None:
    """What the feeds of a table brought, from its first record to the day number ``last``; None of none."""
    recorded = facts.recorded_days(table)
    if not len(recorded) or recorded[0] > last:
        return None
    first = int(recorded[0])
    named, n = _named(facts, table, first, last - first + 1)
    every = AreaCounts(facts.counts, facts.counts.areas)
    own = every.in_window(table, [{}], 1, np.arange(first, last + 1))
    areas = feed_areas(facts.counts.areas)
    above = [own[:, within].sum(axis=1, keepdims=True) for within in areas.within]
    by_area = np.concatenate([own[:, areas.smallest], *above], axis=1)
    return FeedRecords(first, tuple(named), n, by_area, areas, *_own_feeds(facts, table, first, named, n, own, areas))


def judged_feeds(facts: AreaCounts, table: Table, last: int) -> JudgedFeeds | None:
    """The feeds of a table, judged from its first record to the day number ``last``, or to the last record of all if
    that is later; None of none."""
    newest = max(
        (int(found[-1]) for one in EVENT_TABLES if facts.has(one) and len(found := facts.recorded_days(one))),
        default=last,
    )
    until = max(last, newest)
    return facts.counts.once(("feeds", table, until), lambda: _judged(facts, table, until, newest))


def _judged(facts: AreaCounts, table: Table, last: int, newest: int) -> JudgedFeeds | None:
    sent = feed_records(facts, table, last)
    if sent is None:
        return None
    first, named, n, areas, number = sent.first, sent.named, sent.n, sent.by_area, sent.number
    dates = np.arange(first, last + 1)
    resting = resting_days(facts.counts, dates)
    heard = reported_days(facts.counts, table, named, dates)
    heard_areas = _reported_areas(facts, table, dates, sent.areas) | heard[:, [0]]
    judged = guessed(n, sent.weekday, resting, heard, number, sent.kinds)
    judged_areas = guessed(areas, None, resting, heard_areas, number)
    for one in agreements_of(facts.counts):
        place = next((at for at, key in enumerate(named) if one.means(table, *key)), None)
        start = day_number(one.since) - first
        if place is not None and one.zero_report and start < len(dates):
            # It reports even when nothing happens: nothing has to be guessed.
            due, before = due_days(one, dates, facts.counts), max(start, 0) - 1
            # A silence that goes on does not end because something was agreed.
            silent_for = int(judged.back[before, place]) if before >= 0 and judged.now[before, place] else 0
            agreed = by_agreement((n[:, place] > 0) | heard[:, place], due, start, silent_for)
            for held, found in zip(judged, agreed, strict=True):
                held[max(start, 0) :, place] = found[max(start, 0) :]
    judged_areas = _never_heard(judged_areas, areas, heard_areas, number)
    judged_own = guessed(sent.of_own, None, resting, _reported_own(facts, table, dates, sent, heard), number)
    # Beyond the last record of all, and the last report, nothing is known of any feed.
    beyond = dates > max(newest, _last_reported(facts))
    if beyond.any():
        since = np.cumsum(beyond).astype(np.int16)
        judged.now[beyond, 0] = True
        judged.back[beyond, 0] = np.maximum(judged.back[beyond, 0], since[beyond])
    return JudgedFeeds(first, named, judged, sent.areas, judged_areas, sent.own, judged_own)


def _named(facts: AreaCounts, table: Table, first: int, days: int) -> tuple[list[tuple[str, str]], np.ndarray]:
    """The feeds of a table, the whole of it first, and their records by day from ``first`` on: (days, feeds)."""
    named: list[tuple[str, str]] = [("", "")]
    columns: list[np.ndarray] = []
    for column in FEED_COLUMNS[table]:
        daily = facts.counts.daily_by(table, column)
        daily = daily[(daily["day"] >= first) & (daily["day"] < first + days)]
        if not columns:
            columns.append(np.bincount(daily["day"] - first, weights=daily["n"], minlength=days))
        for code, rows in daily.dropna(subset=["kind"]).groupby("kind", sort=True):
            named.append((column, str(code)))
            columns.append(np.bincount(rows["day"] - first, weights=rows["n"], minlength=days))
    for one in agreements_of(facts.counts):
        key = (one.column, one.code)
        if one.table == table and one.zero_report and key not in named:
            # A feed that has agreed to report and never did is silent all the more.
            named.append(key)
            columns.append(np.zeros(days))
    return named, np.stack(columns, axis=1)


def _own_feeds(
    facts: AreaCounts, table: Table, first: int, named: Sequence[tuple[str, str]], n: np.ndarray, by_area: np.ndarray,
    areas: FeedAreas,
) -> tuple[tuple[tuple[int, int], ...], np.ndarray]:  # fmt: skip
    """The feeds that are one of the ``named`` (records: ``n``) in one of the smallest areas (records: ``by_area``), and
    not all of either; with their records (days, own feeds)."""
    found: list[tuple[int, int]] = []
    columns: list[np.ndarray] = []
    for column in OWN_FEEDS[table]:
        daily = facts.counts.daily_by(table, column)
        daily = daily[(daily["day"] >= first) & (daily["day"] < first + len(n)) & daily["area"].isin(areas.smallest)]
        for (code, _), rows in daily.dropna(subset=["kind"]).groupby(["kind", "area"], sort=True):
            if rows["n"].sum() < OWN_FEED_LEAST:
                continue
            one = np.bincount(rows["day"] - first, weights=rows["n"], minlength=len(n))
            at, area = named.index((column, str(code))), int(rows["area"].iloc[0])
            until = np.append(np.zeros(OWN_FEED_DAYS), one.cumsum())
            most = (until[OWN_FEED_DAYS:] - until[:-OWN_FEED_DAYS]).max()
            if most >= OWN_FEED_LEAST and one.sum() < min(n[:, at].sum(), by_area[:, area].sum()):
                found.append((at, area))
                columns.append(one)
    return tuple(found), np.stack(columns, axis=1) if columns else np.zeros((len(n), 0))


def _reported_own(
    facts: AreaCounts, table: Table, dates: np.ndarray, sent: FeedRecords, heard: np.ndarray
) -> np.ndarray:
    """Where a zero report covers one channel in one area: bool, (days, own feeds)."""
    found = np.zeros(sent.of_own.shape, dtype=bool)
    place = {area: number for number, area in enumerate(sent.areas.all.tolist())}
    codes = {
        code: _reported_areas(facts, table, dates, sent.areas, code)
        for code in {sent.named[at][1] for at, _ in sent.own}
    }
    for number, (at, area) in enumerate(sent.own):
        found[:, number] = heard[:, at] | codes[sent.named[at][1]][:, place[area]]
    return found


def _reported_areas(facts: AreaCounts, table: Table, dates: np.ndarray, areas: FeedAreas, code: str = "") -> np.ndarray:
    """Where a zero report of an area, or of one above it, covers the whole table, or the feed of a ``code``: bool,
    (days, areas)."""
    every = facts.counts.areas
    found = np.zeros((len(dates), len(every)), dtype=bool)
    rows = zero_reports(facts.counts, table)
    days = dates.astype("datetime64[D]")
    within = dict(zip(areas.above.tolist(), areas.within, strict=True))
    rows = rows[rows["area_id"].notna() & (rows["feed"].isna() | (rows["feed"] == code))]
    for row in rows.to_dict("records"):
        if row["area_id"] in every.index:
            at = every.index.get_loc(row["area_id"])
            inside = (days >= np.datetime64(row["from_day"], "D")) & (days <= np.datetime64(row["to_day"], "D"))
            found[np.ix_(inside, within.get(at, np.array([at])))] = True
    return found[:, areas.all]


def _last_reported(facts: AreaCounts) -> int:
    """The last day of which zero reports speak for a whole table and office."""
    return max(
        (int(days[-1]) for table in EVENT_TABLES if len(days := reported_everywhere(facts.counts, table))),
        default=NEVER,
    )


def _never_heard(judged: Judged, n: np.ndarray, heard: np.ndarray, feeds: int) -> Judged:
    """An area without a single record, where each other area has so many that none is no chance, has never reported:
    it is silent on each day on which no zero report speaks for it (``heard``)."""
    total = n.sum(axis=0)
    some = total[total > 0]
    if not len(some) or len(some) == len(total):
        return judged
    never = total == 0
    if not tells_of_none(some, feeds):
        return judged
    days, spoken_for = np.arange(len(n))[:, None], heard[:, never]
    since = days - np.maximum.accumulate(np.where(spoken_for, days, -1), axis=0)
    judged.now[:, never] = ~spoken_for
    judged.back[:, never] = np.minimum(since, 30_000)
    ended = np.full(spoken_for.shape, NEVER_ENDED)
    ended[1:] = np.where(spoken_for[1:] & ~spoken_for[:-1], days[:-1], NEVER_ENDED)
    judged.over[:, never] = np.maximum.accumulate(ended, axis=0)
    return judged


def tells_of_none(total: np.ndarray, feeds: int) -> bool:
    """Whether areas that have these numbers of records leave no doubt that one without any has never reported."""
    if not len(total):
        return False
    return bool(total.min() * np.log(LEAST_VARIANCE) / (LEAST_VARIANCE - 1) >= np.log(feeds * 365 / FALSE_ALARMS))
