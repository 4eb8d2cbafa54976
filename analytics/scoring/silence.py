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
from typing import Literal, NamedTuple

import numpy as np

from analytics.scheme import Indicator, Table, Where
from analytics.scheme.basics import required
from analytics.scheme.measures import Gap
from analytics.scheme.tables import EVENT_TABLES
from analytics.scoring.area_counts import AreaCounts, day_number
from analytics.scoring.feed_records import JudgedFeeds, judged_feeds
from analytics.scoring.reporting import AGREED_TABLES, agreements_of, valid_days
from analytics.scoring.silence_rule import NEVER_ENDED, Judged
from analytics.scoring.stock_age import stock_age, told_by
from analytics.store.tallies import NOWHERE

BALANCE_DAYS = 28
"""For so long after a silence what was opened in it may be open still."""

Why = Literal["silent", "waits", "out_of_date"]


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
    ``unit``: who reports; ``post``: whom to ask, "" unknown. ``why``: it is silent, or only waits for its next report,
    which is not due yet, or (of people and places) what is known is as of ``last`` and out of date. ``in_area``: the
    scored area that a smaller one lies in.
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
    why: Why = "silent"
    in_area: str = ""

    @property
    def since(self) -> date | None:
        """The first day without records; None where there never were any."""
        return self.last + timedelta(days=1) if self.last else None


def indicator_silence(facts: AreaCounts, indicator: Indicator, days: np.ndarray) -> IndicatorSilence | None:
    """Where and when the feeds of the indicator are silent on ``days``; None where none ever is."""
    found: IndicatorSilence | None = None
    for table, wheres in _asked_of(indicator).items():
        if table not in EVENT_TABLES:
            own = _out_of_date(facts, indicator, table, days)
        elif facts.has(table):
            own = _of_events(facts, table, wheres, _looks_back(indicator), days)
        else:
            own = None
        if own is not None:
            found = own if found is None else _both(found, own)
    return found


def _asked_of(indicator: Indicator) -> dict[Table, tuple[Where, ...]]:
    """The tables of which an indicator counts records, and what these have to meet."""
    other = indicator.spec.of_table(indicator.source)
    beside: dict[Table, tuple[Where, ...]] = {other: (indicator.of,)} if other else {}
    return beside | {indicator.source: indicator.spec.conditions(indicator)}


def _both(one: IndicatorSilence, other: IndicatorSilence) -> IndicatorSilence:
    return IndicatorSilence(one.now | other.now, one.within | other.within, np.maximum(one.back, other.back), one.gap)


def _of_events(
    facts: AreaCounts, table: Table, wheres: Sequence[Where], window: int, days: np.ndarray
) -> IndicatorSilence | None:
    feeds = judged_feeds(facts, table, int(days[-1]))
    if feeds is None:
        return None
    before = days < feeds.first
    rows = np.maximum(days - feeds.first, 0)
    shape = (len(days), len(facts.areas))
    now, back = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=np.int16)
    over = np.full(shape, NEVER_ENDED, dtype=np.int32)
    found = False
    for judged, at, members in _ever_silent(facts, table, wheres, feeds):
        found = True
        now[:, members] |= judged.now[rows, at][:, None]
        back[:, members] = np.maximum(back[:, members], judged.back[rows, at][:, None])
        over[:, members] = np.maximum(over[:, members], judged.over[rows, at][:, None])
    if not found:
        return None
    now[before] = False
    within = ~now & (over > (rows[:, None] - window)) & ~before[:, None]
    return IndicatorSilence(now, within, np.where(now, back, 0).astype(np.int16), Gap.FEED_SILENT)


def _ever_silent(
    facts: AreaCounts, table: Table, wheres: Sequence[Where], feeds: JudgedFeeds
) -> Iterator[tuple[Judged, int, np.ndarray]]:
    """The feeds that are silent at any time and bring what meets the conditions: how they are judged, which one of them
    it is, and the positions of the scored areas that lack what it brings."""
    every = np.arange(len(facts.areas))
    for at in _at_any_time(feeds.judged):
        if _brings(facts, table, wheres, *feeds.named[at]):
            yield feeds.judged, at, every
    members = feeds.members(facts)
    for at in _at_any_time(feeds.judged_areas):
        if len(members[at]):
            yield feeds.judged_areas, at, members[at]
    for at in _at_any_time(feeds.judged_own):
        named, area = feeds.own[at]
        here = members[feeds.place(area)]
        if len(here) and _brings(facts, table, wheres, *feeds.named[named]):
            yield feeds.judged_own, at, here


def _at_any_time(judged: Judged) -> list[int]:
    return np.flatnonzero(judged.now.any(axis=0) | (judged.over[-1] != NEVER_ENDED)).tolist()


def _looks_back(indicator: Indicator) -> int:
    """Over how many days the silence of a feed still tells on an indicator of events."""
    return indicator.window_days or (indicator.days_since.cap if indicator.days_since else BALANCE_DAYS)


def _out_of_date(facts: AreaCounts, indicator: Indicator, table: Table, days: np.ndarray) -> IndicatorSilence | None:
    """Where what there is of people or places is older than the office allows."""
    valid = valid_days(facts.counts, table)
    if valid is None or not facts.has(table):
        return None
    age = stock_age(facts, table, told_by(indicator, table), days)
    now = age > valid
    back = np.where(now, np.minimum(age - valid, 30_000), 0).astype(np.int16)
    return IndicatorSilence(now, np.zeros_like(now), back, Gap.OUT_OF_DATE)


def silent_feeds(facts: AreaCounts, indicators: Sequence[Indicator], day: date) -> tuple[SilentFeed, ...]:
    """The feeds on which the indicators hang that are silent on a day, or were so on a day of their windows, those of
    the whole office first, then those of areas; and the people or places of which what is known is out of date."""
    found: list[SilentFeed] = []
    for table in (*EVENT_TABLES, *AGREED_TABLES):
        using = [item for item in indicators if table in _asked_of(item)]
        if not using:
            continue
        if table in AGREED_TABLES:
            stale = (feed for item in using for feed in _stale(facts, table, told_by(item, table), day))
            found += sorted(stale, key=lambda feed: required(feed.last))[:1]
            continue
        window = max(map(_looks_back, using))
        found += [feed for feed in _silent_of(facts, table, window, day) if _concerns(facts, using, feed)]
    return tuple(found)


def silent_now(facts: AreaCounts, day: date) -> tuple[SilentFeed, ...]:
    """All feeds that should have reported by a day and did not, whatever they are needed for."""
    return tuple(
        feed
        for table in (*EVENT_TABLES, *AGREED_TABLES)
        for feed in (_stale(facts, table, (), day) if table in AGREED_TABLES else _silent_of(facts, table, 0, day))
        if feed.why != "waits"
    )


def silent_days(
    facts: AreaCounts, table: Table, first: date, last: date
) -> tuple[tuple[tuple[str, str, str], ...], np.ndarray]:
    """The feeds of a table (column, code, area id), the whole of it first, and on which days from ``first`` to ``last``
    (the last one known) each brought nothing for longer than it would, those before that was noticed included: bool,
    (days, feeds)."""
    feeds = judged_feeds(facts, table, day_number(last)) if facts.has(table) else None
    days = np.arange(day_number(first), day_number(last) + 1)
    if feeds is None or feeds.first > day_number(last):
        return (), np.zeros((len(days), 0), dtype=bool)
    to = day_number(last) - feeds.first + 1
    every = (feeds.judged, feeds.judged_areas, feeds.judged_own)
    now = np.concatenate([judged.now[:to] for judged in every], axis=1)
    back = np.concatenate([judged.back[:to] for judged in every], axis=1)
    # A day is silent where a later one is that looks back over it.
    began = np.where(now, np.arange(len(now))[:, None] - back + 1, len(now))
    began = np.minimum.accumulate(began[::-1], axis=0)[::-1]
    found = began <= np.arange(len(now))[:, None]
    inside = days - feeds.first
    ids = facts.counts.areas.index
    names = (
        *((*named, "") for named in feeds.named),
        *(("", "", str(ids[area])) for area in feeds.areas.all),
        *((*feeds.named[named], str(ids[area])) for named, area in feeds.own),
    )
    return names, found[np.maximum(inside, 0)] & (inside >= 0)[:, None]


def _concerns(facts: AreaCounts, using: Sequence[Indicator], feed: SilentFeed) -> bool:
    """Whether any record of the feed was ever counted by one of the indicators, see :func:`_brings`."""
    return any(_brings(facts, feed.table, _asked_of(item)[feed.table], feed.column, feed.code) for item in using)


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
    feeds = judged_feeds(facts, table, day_number(day)) if facts.has(table) else None
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
        if said := _said(feeds.first, feeds.judged, at, row, window, -math.inf if zero else 0):
            why: Why = "waits" if feeds.judged.waits[row, at] else "silent"
            yield SilentFeed(table, column, code, "", *said, zero, unit, post, why)
    if not whole:
        yield from _silent_areas(facts, table, feeds, window, row)


def _silent_areas(facts: AreaCounts, table: Table, feeds: JudgedFeeds, window: int, row: int) -> Iterator[SilentFeed]:
    """The areas that are silent, and channels that are in one area; not what lies in a silent area or is silent
    everywhere."""
    ids, members, silent = facts.counts.areas.index, feeds.members(facts), feeds.judged_areas.now[row]
    silent_above = silent[len(feeds.areas.smallest) :]
    above = [within for within, here in zip(feeds.areas.within, silent_above, strict=True) if here]
    told_above = set(np.concatenate([np.empty(0, int), *above]).tolist()) - set(feeds.areas.above.tolist())

    def told(column: str, code: str, area: int, judged: Judged, at: int) -> Iterator[SilentFeed]:
        here = members[feeds.place(area)] if area in feeds.areas.smallest else members[at]
        if area in told_above or not len(here):
            return
        if said := _said(feeds.first, judged, at, row, window, 0):
            scored = facts.positions()[area]
            over = "" if scored == NOWHERE or ids[area] == facts.areas.index[scored] else str(facts.areas.index[scored])
            yield SilentFeed(table, column, code, str(ids[area]), *said, agreed=False, in_area=over)

    for at, area in enumerate(feeds.areas.all.tolist()):
        yield from told("", "", area, feeds.judged_areas, at)
    for at, (named, area) in enumerate(feeds.own):
        if not (silent[feeds.place(area)] or feeds.judged.now[row, named]):
            yield from told(*feeds.named[named], area, feeds.judged_own, at)


def _said(
    begun: int, judged: Judged, at: int, row: int, window: int, first: float
) -> tuple[date | None, date | None] | None:
    """The last day that was heard, None where that is before the ``first``, and the end of the silence, None while it
    goes on; None where there is no silence. An agreement may have begun before the first record."""

    def day(of: int) -> date:
        return date(1970, 1, 1) + timedelta(days=begun + of)

    if judged.now[row, at]:
        last = row - int(judged.back[row, at])
        return (day(last) if last >= first else None), None
    over = int(judged.over[row, at])
    if over > row - window and over >= 0:
        began = over - int(judged.back[over, at])
        return (day(began) if began >= first else None), day(over)
    return None


def _stale(facts: AreaCounts, table: Table, told: Sequence[str], day: date) -> Iterator[SilentFeed]:
    """What is known of people or places where that is older than was agreed."""
    agreed = next((one for one in reversed(agreements_of(facts.counts)) if one.table == table), None)
    if agreed is None or not facts.has(table):
        return
    age = int(stock_age(facts, table, told, np.array([day_number(day)])).max(initial=0))
    if age > agreed.every:
        last = day - timedelta(days=age)
        yield SilentFeed(table, "", "", "", last, None, True, agreed.unit, agreed.post, "out_of_date")  # noqa: FBT003
