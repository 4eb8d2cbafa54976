"""Silence: which feeds have stopped, on which days, judged on each day from the records up to it.

A feed is a table of events, or those of its records with one channel or kind, or those of one area. What is silent is
missing, never zero. Where the office has agreed that a feed reports even when nothing happened, a day without records
and without a zero report is silence on that day. Everywhere else it is guessed, by the rule in :func:`guessed`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from analytics.scheme import Indicator, Table, Where
from analytics.scheme.measures import Gap
from analytics.scheme.tables import EVENT_TABLES
from analytics.scoring.area_counts import AreaCounts, day_number, reported_everywhere
from analytics.scoring.reporting import (
    AGREED_TABLES,
    agreements_of,
    due_days,
    reported_days,
    resting_days,
    valid_days,
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


class IndicatorSilence(NamedTuple):
    """Where the feeds of one indicator are silent, each (days, areas): ``now``, since ``back`` days; and ``within``,
    not now, but on a day of its window. ``gap`` is why its value is missing there."""

    now: np.ndarray
    within: np.ndarray
    back: np.ndarray
    gap: Gap


@dataclass(frozen=True)
class SilentFeed:
    """A feed that is silent: ``code`` of ``column`` in ``table``, both "" for all of it, in ``area_id``, "" for all.

    ``last``: the day of its last record or report, or the one before its agreement began, None where there is none.
    ``until``: the last day of a silence that is over, None where it goes on. ``agreed``: by an agreement, not guessed.
    ``unit``: who reports; ``post``: whom to ask, "" unknown.
    """

    table: Table
    column: str
    code: str
    area_id: str
    last: date | None
    until: date | None
    agreed: bool
    unit: str = ""
    post: str = ""

    @property
    def since(self) -> date | None:
        """The first day without records; None where there never were any."""
        return self.last + timedelta(days=1) if self.last else None


@dataclass(frozen=True, eq=False)
class _Feeds:
    """The feeds of one table and what is known of them: ``first`` is the day number of the first row."""

    first: int
    named: tuple[tuple[str, str], ...]  # (column, code); the first is the whole table
    judged: Judged
    groups: tuple[str, ...]  # area ids: scored areas first, then the areas above
    members: tuple[np.ndarray, ...]  # of each group above: positions of its scored areas
    judged_areas: Judged


def indicator_silence(facts: AreaCounts, indicator: Indicator, days: np.ndarray) -> IndicatorSilence | None:
    """Where and when the feeds of the indicator are silent on ``days``; None where none ever is."""
    tables: list[tuple[Table, tuple[Where, ...]]] = [(indicator.source, indicator.spec.conditions(indicator))]
    other = indicator.spec.of_table(indicator.source)
    if other is not None and other != indicator.source:
        tables.append((other, (indicator.of,)))
    window = indicator.window_days or (indicator.days_since.cap if indicator.days_since else 0)
    found: IndicatorSilence | None = None
    for table, wheres in tables:
        if table not in EVENT_TABLES:
            own = _out_of_date(facts, table, days)
        elif facts.has(table):
            own = _of_events(facts, table, wheres, window, days)
        else:
            own = None
        if own is not None:
            found = own if found is None else _both(found, own)
    return found


def _both(one: IndicatorSilence, other: IndicatorSilence) -> IndicatorSilence:
    return IndicatorSilence(one.now | other.now, one.within | other.within, np.maximum(one.back, other.back), one.gap)


def _of_events(
    facts: AreaCounts, table: Table, wheres: Sequence[Where], window: int, days: np.ndarray
) -> IndicatorSilence | None:
    feeds = _feeds(facts, table, int(days[-1]))
    if feeds is None:
        return None
    rows = days - feeds.first
    before = rows < 0
    rows = np.maximum(rows, 0)
    chosen = [
        at
        for at, (column, code) in enumerate(feeds.named)
        if (feeds.judged.now[:, at].any() or (feeds.judged.over[-1, at] != NEVER_ENDED))
        and _brings(facts, table, wheres, column, code)
    ]
    areas = feeds.judged_areas
    if not chosen and not areas.now.any() and (areas.over[-1] == NEVER_ENDED).all():
        return None
    shape = (len(days), len(facts.areas))
    now, back = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=np.int16)
    over = np.full(shape, NEVER_ENDED, dtype=np.int32)
    for at in chosen:
        now |= feeds.judged.now[rows, at][:, None]
        back = np.maximum(back, feeds.judged.back[rows, at][:, None])
        over = np.maximum(over, feeds.judged.over[rows, at][:, None])
    width = len(facts.areas)
    now |= areas.now[rows, :width]
    back = np.maximum(back, areas.back[rows, :width])
    over = np.maximum(over, areas.over[rows, :width])
    for number, members in enumerate(feeds.members):
        at = width + number
        now[:, members] |= areas.now[rows, at][:, None]
        back[:, members] = np.maximum(back[:, members], areas.back[rows, at][:, None])
        over[:, members] = np.maximum(over[:, members], areas.over[rows, at][:, None])
    now[before] = False
    within = ~now & (over > (rows[:, None] - window)) & ~before[:, None]
    return IndicatorSilence(now, within, np.where(now, back, 0).astype(np.int16), Gap.FEED_SILENT)


def _feeds(facts: AreaCounts, table: Table, last: int) -> _Feeds | None:
    """The feeds of a table, judged from its first record to ``last``, or to the last record of all if that is later."""
    newest = max(
        (int(found[-1]) for one in EVENT_TABLES if facts.has(one) and len(found := facts.recorded_days(one))),
        default=last,
    )
    until = max(last, newest)
    key = ("feeds", table, until, tuple(facts.areas.index))
    return facts.counts.once(key, lambda: _judged_feeds(facts, table, until, newest))


@dataclass(frozen=True, eq=False)
class FeedRecords:
    """What the feeds of a table brought on each day from its ``first`` (a day number): ``n`` (days, feeds) of those
    that are ``named`` (column, code), the whole table first; ``by_area`` (days, areas + groups) of each scored area,
    and of each of the ``groups`` above that has several of them, whose positions are its ``members``."""

    first: int
    named: tuple[tuple[str, str], ...]
    n: np.ndarray
    by_area: np.ndarray
    groups: tuple[str, ...]
    members: tuple[np.ndarray, ...]

    @property
    def number(self) -> int:
        """How many feeds are judged."""
        return self.n.shape[1] + self.by_area.shape[1]

    @property
    def weekday(self) -> int:
        """Of the first day, 0 for Monday."""
        return (self.first + 3) % 7  # 1970-01-01 was a Thursday

    @property
    def kinds(self) -> np.ndarray:
        """Which of the named feeds are kinds of incident or check: bool, (feeds,)."""
        return np.array([column in ("category", "kind") for column, _ in self.named])


def feed_records(facts: AreaCounts, table: Table, last: int) -> FeedRecords | None:
    """What the feeds of a table brought, from its first record to the day number ``last``; None of none."""
    recorded = facts.recorded_days(table)
    if not len(recorded) or recorded[0] > last:
        return None
    first = int(recorded[0])
    days = last - first + 1
    named, n = _named(facts, table, first, days)
    by_area = facts.in_window(table, [{}], 1, np.arange(first, last + 1))
    members, groups = _groups(facts)
    areas = np.concatenate([by_area, *(by_area[:, one].sum(axis=1, keepdims=True) for one in members)], axis=1)
    return FeedRecords(first, tuple(named), n, areas, groups, members)


def _judged_feeds(facts: AreaCounts, table: Table, last: int, newest: int) -> _Feeds | None:
    sent = feed_records(facts, table, last)
    if sent is None:
        return None
    first, named, n, areas, number = sent.first, sent.named, sent.n, sent.by_area, sent.number
    members, groups = sent.members, sent.groups
    dates = np.arange(first, last + 1)
    resting = resting_days(facts.counts, dates)
    heard = reported_days(facts.counts, table, named, dates)
    heard_areas = _reported_areas(facts, table, dates, groups, members) | heard[:, [0]]
    judged = guessed(n, sent.weekday, resting, heard, number, sent.kinds)
    judged_areas = guessed(areas, None, resting, heard_areas, number)
    for one in agreements_of(facts.counts):
        place = next((at for at, key in enumerate(named) if one.means(table, *key)), None)
        if place is not None and one.zero_report:
            # It reports even when nothing happens: nothing has to be guessed.
            due, start = due_days(one, dates, facts.counts), day_number(one.since) - first
            agreed = by_agreement((n[:, place] > 0) | heard[:, place], due, start)
            for held, found in zip(judged, agreed, strict=True):
                held[max(start, 0) :, place] = found[max(start, 0) :]
    judged_areas = _never_heard(judged_areas, areas, heard_areas, number)
    # Beyond the last record of all, and the last report, nothing is known of any feed.
    beyond = dates > max(newest, _last_reported(facts))
    if beyond.any():
        since = np.cumsum(beyond).astype(np.int16)
        judged.now[beyond, 0] = True
        judged.back[beyond, 0] = np.maximum(judged.back[beyond, 0], since[beyond])
    return _Feeds(first, named, judged, (*map(str, facts.areas.index), *groups), members, judged_areas)


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


def _reported_areas(
    facts: AreaCounts, table: Table, dates: np.ndarray, groups: Sequence[str], members: Sequence[np.ndarray]
) -> np.ndarray:
    """Where a zero report of an area, or of the one above it, covers the whole table: bool, (days, areas + groups)."""
    found = np.zeros((len(dates), len(facts.areas) + len(groups)), dtype=bool)
    rows = zero_reports(facts.counts, table)
    days = dates.astype("datetime64[D]")
    above = {group: number for number, group in enumerate(groups)}
    own = {str(area_id): number for number, area_id in enumerate(facts.areas.index)}
    for row in rows[rows["area_id"].notna() & rows["feed"].isna()].to_dict("records"):
        inside = (days >= np.datetime64(row["from_day"], "D")) & (days <= np.datetime64(row["to_day"], "D"))
        if row["area_id"] in own:
            found[inside, own[row["area_id"]]] = True
        elif row["area_id"] in above:
            number = above[row["area_id"]]
            found[np.ix_(inside, np.append(members[number], len(facts.areas) + number))] = True
    return found


def _last_reported(facts: AreaCounts) -> int:
    """The last day of which zero reports speak for a whole table and office."""
    return max(
        (int(days[-1]) for table in EVENT_TABLES if len(days := reported_everywhere(facts.counts, table))),
        default=NEVER,
    )


def _groups(facts: AreaCounts) -> tuple[tuple[np.ndarray, ...], tuple[str, ...]]:
    """The scored areas of each area above that has several, and the ids of these above."""
    parents = facts.areas["parent_id"]
    found = [(str(parent), np.flatnonzero(parents == parent)) for parent in sorted(parents.dropna().unique())]
    found = [(parent, rows) for parent, rows in found if 1 < len(rows) < len(parents)]
    return tuple(rows for _, rows in found), tuple(parent for parent, _ in found)


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


def _out_of_date(facts: AreaCounts, table: Table, days: np.ndarray) -> IndicatorSilence | None:
    """Where what there is of people or places is older than the office allows: by the day as of which it is, or, of
    what says none, by the day on which it was loaded."""
    valid = valid_days(facts.counts, table) if table in AGREED_TABLES else None
    if valid is None or not facts.has(table):
        return None
    found = facts.counts.stock(table, (), ())
    dated = found.day != NEVER
    place = facts.positions()[found.area]
    kept = dated & (place != NOWHERE)
    age = np.zeros((len(days), len(facts.areas)), dtype=np.int64)
    if kept.any():
        for row, day in enumerate(days):
            upto = kept & (found.day <= day)
            newest = np.full(len(facts.areas), NEVER, dtype=np.int64)
            np.maximum.at(newest, place[upto], found.day[upto])
            age[row] = np.where(newest == NEVER, 0, day - newest)
    elif loaded := facts.counts.context.loaded.get(table):
        age[:] = np.maximum(days - day_number(loaded), 0)[:, None]
    now = age > valid
    return IndicatorSilence(
        now, np.zeros_like(now), np.where(now, np.minimum(age - valid, 30_000), 0).astype(np.int16), Gap.OUT_OF_DATE
    )


def silent_feeds(facts: AreaCounts, indicators: Sequence[Indicator], day: date) -> tuple[SilentFeed, ...]:
    """The feeds on which the indicators hang that are silent on a day, or were so on a day of their windows; those of
    the whole office first, then those of areas."""
    found: list[SilentFeed] = []
    for table in EVENT_TABLES:
        using = [item for item in indicators if table in (item.source, item.spec.of_table(item.source))]
        if using:
            window = max(item.window_days or (item.days_since.cap if item.days_since else 0) for item in using)
            own = [item for item in using if item.source == table]
            found += [feed for feed in _silent_of(facts, table, window, day) if _concerns(facts, own, feed)]
    return tuple(found)


def silent_now(facts: AreaCounts, day: date) -> tuple[SilentFeed, ...]:
    """All feeds that are silent on a day, whatever they are needed for."""
    return tuple(feed for table in EVENT_TABLES for feed in _silent_of(facts, table, 0, day))


def silent_days(facts: AreaCounts, table: Table, first: date, last: date) -> np.ndarray:
    """On which days from ``first`` to ``last``, the last one known, each feed brought nothing for longer than it would,
    those before that was noticed included: bool, (days, feeds), the whole table first."""
    feeds = _feeds(facts, table, day_number(last)) if facts.has(table) else None
    days = np.arange(day_number(first), day_number(last) + 1)
    if feeds is None or feeds.first > day_number(last):
        return np.zeros((len(days), 0), dtype=bool)
    to = day_number(last) - feeds.first + 1
    now = np.concatenate([feeds.judged.now[:to], feeds.judged_areas.now[:to]], axis=1)
    back = np.concatenate([feeds.judged.back[:to], feeds.judged_areas.back[:to]], axis=1)
    # A day is silent where a later one is that looks back over it.
    began = np.where(now, np.arange(len(now))[:, None] - back + 1, len(now))
    began = np.minimum.accumulate(began[::-1], axis=0)[::-1]
    found = began <= np.arange(len(now))[:, None]
    inside = days - feeds.first
    return found[np.maximum(inside, 0)] & (inside >= 0)[:, None]


def _concerns(facts: AreaCounts, using: Sequence[Indicator], feed: SilentFeed) -> bool:
    """Whether any record of the feed was ever counted by one of the indicators, see :func:`_brings`."""
    return any(_brings(facts, feed.table, item.spec.conditions(item), feed.column, feed.code) for item in using)


def _brings(facts: AreaCounts, table: Table, wheres: Sequence[Where], column: str, code: str) -> bool:
    """Whether a feed has ever brought a record that meets the conditions; the whole table always does. Of a feed that
    never brought any, what it would bring is not known: it does, unless a condition on its own column leaves it out."""
    if not column or facts.occurs(table, *wheres, {column: (code,)}):
        return True
    if facts.occurs(table, {column: (code,)}):
        return False
    asked = [where[column] for where in wheres if column in where]
    return all(code in (one if isinstance(one, tuple) else (one,)) for one in asked)


def _silent_of(facts: AreaCounts, table: Table, window: int, day: date) -> Iterator[SilentFeed]:
    feeds = _feeds(facts, table, day_number(day)) if facts.has(table) else None
    if feeds is None or (row := day_number(day) - feeds.first) < 0:
        return
    agreed = {(one.column, one.code): one for one in agreements_of(facts.counts) if one.table == table}
    whole = bool(feeds.judged.now[row, 0])
    for at, (column, code) in enumerate(feeds.named):
        one = agreed.get((column, code))
        # Where the whole table is silent, its parts say nothing but that somebody broke an agreement.
        if at and whole and not (one and one.zero_report):
            continue
        zero, unit, post = (one.zero_report, one.unit, one.post) if one else (False, "", "")
        if said := _said(feeds, feeds.judged, at, row, window, -math.inf if zero else 0):
            yield SilentFeed(table, column, code, "", *said, zero, unit, post)
    if whole:
        return
    width = len(facts.areas)
    silent_above = [members for at, members in enumerate(feeds.members) if feeds.judged_areas.now[row, width + at]]
    above = set(np.concatenate([np.empty(0, int), *silent_above]).astype(int).tolist())
    for at, area_id in enumerate(feeds.groups):
        if at not in above and (said := _said(feeds, feeds.judged_areas, at, row, window, 0)):
            yield SilentFeed(table, "", "", area_id, *said, agreed=False)


def _said(
    feeds: _Feeds, judged: Judged, at: int, row: int, window: int, first: float
) -> tuple[date | None, date | None] | None:
    """The last day that was heard, None where that is before the ``first``, and the end of the silence, None while it
    goes on; None where there is no silence. An agreement may have begun before the first record."""

    def day(of: int) -> date:
        return date(1970, 1, 1) + timedelta(days=feeds.first + of)

    if judged.now[row, at]:
        last = row - int(judged.back[row, at])
        return (day(last) if last >= first else None), None
    over = int(judged.over[row, at])
    if over > row - window and over >= 0:
        began = over - int(judged.back[over, at])
        return (day(began) if began >= first else None), day(over)
    return None
