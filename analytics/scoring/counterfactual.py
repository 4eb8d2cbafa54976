"""What would take an area into a milder tier, in units that can be done: visits, incidents, days; whole numbers alone.

Each way that is named was tried: its numbers were put in the place of today's, and the scheme was asked again. Where it
is left open which of several incidents is closed or does not happen, those are taken that weigh least.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.scheme import Indicator, Scheme
from analytics.scoring.amounts import Amounts, AreaAmounts, whole_numbers
from analytics.scoring.area_counts import AreaCounts, day_number
from analytics.scoring.assess import Assessment, decided_again
from analytics.scoring.changes import KeptChanges, Moved, RemainingFloor, SmallestChange, Step
from analytics.scoring.decide import TierDecision
from analytics.scoring.held_after import TierPath, published_after
from analytics.scoring.levers import Lever, LeverFinder

LONGEST_WAIT = 90
"""Days within which waiting is looked at: what takes longer than a quarter is no small change."""

MOST_WAYS = 3
MOST_IN_PAIR = 40
"""Of two steps together, so many of each are tried."""

LEAST_GAIN = 0.05
"""Points of score: a way that is not enough and gains less would print as no gain at all."""


def smallest_changes(assessment: Assessment, area_id: str) -> tuple[SmallestChange, ...]:
    """The smallest ways to take an area's computed tier down on the last day, those with the least effort first; after
    them, where there is room, one that is not enough. Nothing where the area is green or has no computed tier, where
    places among the areas count, since one change moves them all, and where it is not known (:func:`are_known`).
    """
    behind = assessment.behind
    if behind is None or not are_known(assessment):
        return ()
    if isinstance(behind, KeptChanges):
        return behind.by_area.get(area_id, ())
    at, day = assessment.areas.index.get_loc(area_id), assessment.days[-1]
    # A sentence and a card, in either language, ask for the same.
    held = tuple(int(array[-1, at]) for array in (assessment.computed, assessment.published, assessment.shown))
    return behind.memoize(
        ("changes", assessment.scheme.digest(), day, area_id, held),
        lambda: _Seeker(assessment).of_areas([area_id])[area_id],
    )


def all_smallest_changes(assessment: Assessment) -> KeptChanges:
    """:func:`smallest_changes` of every area, to be kept with a release."""
    found: dict[str, tuple[SmallestChange, ...]] = {}
    if are_known(assessment):
        found = _Seeker(assessment).of_areas([str(area_id) for area_id in assessment.areas.index])
    return KeptChanges(assessment.days[-1].date(), {area_id: ways for area_id, ways in found.items() if ways})


def are_known(assessment: Assessment) -> bool:
    """Whether it can be told what would change a tier: not where places among the areas count, nor of a release that
    was frozen before that was kept, nor of another day than its last."""
    behind = assessment.behind
    if behind is None or assessment.scheme.is_relative():
        return False
    return isinstance(behind, AreaCounts) or behind.day == assessment.days[-1].date()


@dataclass(frozen=True, eq=False)
class _Found:
    """What was made of some rows of amounts: ``score`` and ``decided`` of each, and their ``values``."""

    values: np.ndarray
    score: np.ndarray
    decided: TierDecision

    def milder(self, rank: int) -> np.ndarray:
        """The rows with a tier that is milder than ``rank``."""
        found = self.decided.rank[0]
        return np.flatnonzero((found < rank) & (found != tiers.UNKNOWN_RANK))


@dataclass(frozen=True, eq=False)
class _Way:
    """A change, and what would be computed with it from now on where the published tier has to follow."""

    change: SmallestChange
    path: TierPath | None


class _Seeker:
    """Looks for ways in the areas of one run, on its last day."""

    def __init__(self, assessment: Assessment) -> None:
        facts = assessment.behind
        assert isinstance(facts, AreaCounts)
        self.run = assessment
        self.scheme: Scheme = assessment.scheme
        self.facts = facts
        self.day: date = assessment.days[-1].date()
        self.amounts = AreaAmounts(self.facts, self.scheme, day_number(self.day))
        ahead = min(LONGEST_WAIT, max((_reach(item) for item in self.scheme.indicators), default=0))
        self.later = self.amounts.later(ahead)

    def of_areas(self, area_ids: Sequence[str]) -> dict[str, tuple[SmallestChange, ...]]:
        """The ways of some areas; how long each would be held by the stability rule is asked for all at once."""
        every = [(area_id, way) for area_id in area_ids for way in self._ways(area_id)]
        paths = [way.path for _, way in every if way.path is not None]
        day = day_number(self.day)
        held = iter(published_after(self.facts, self.scheme, day, paths))
        found: dict[str, list[SmallestChange]] = {area_id: [] for area_id in area_ids}
        for area_id, way in every:
            falls = next(held) if way.path is not None else None
            change = way.change
            if falls is not None:
                on = self.day + timedelta(days=falls[0])
                change = replace(change, published_on=on, published=str(tiers.names(np.array(falls[1]))))
            found[area_id].append(change)
        return {area_id: tuple(ways) for area_id, ways in found.items()}

    def _ways(self, area_id: str) -> Sequence[_Way]:
        at = self.run.areas.index.get_loc(area_id)
        assert isinstance(at, int)  # no two areas have one id
        rank = int(self.run.computed[-1, at])
        return _AreaSeeker(self, area_id, at, rank).ways() if rank > tiers.RANK["green"] else ()


class _AreaSeeker:
    def __init__(self, every: _Seeker, area_id: str, at: int, rank: int) -> None:
        self.every, self.at, self.rank = every, at, rank
        self.scheme = every.run.scheme
        self.place = every.facts.areas.index.get_indexer(pd.Index([area_id]))[0]
        self.known: np.ndarray = every.run.values[-1, at]
        self.parts: np.ndarray = every.run.parts[-1, at]
        self.tier = str(tiers.names(every.run.shown[-1, at]))
        self.later = every.later.of_area(self.place)
        self.now = Amounts(self.later.part[0], self.later.whole[0])
        self.holes = every.run.holes.each(lambda held: held[-1:, at : at + 1])
        # Of a count too small to be told, no change can be told either.
        told = ~np.isnan(self.known) & ~every.run.small[-1, at]
        self.levers = LeverFinder(self.scheme, every.amounts, self.place, self.now).levers(told)
        # What becomes of the area day by day: when floors end, and what a wait gives.
        self.waited = self._tried(self.later)

    def ways(self) -> Sequence[_Way]:
        """All of it, ranked."""
        wait = self.waited.milder(self.rank)
        found = [self._way([], int(wait[0]))] if len(wait) else []
        short: list[_Way] = []
        for lever in self.levers:
            tried = self._tried(self._with(lever))
            enough = tried.milder(self.rank)
            way = self._way([(lever, int(enough[0]) + 1 if len(enough) else lever.most)], 0)
            (found if len(enough) else short).append(way)
        if not any(way.change.enough and not way.change.days for way in found):
            found += self._pairs(waiting=not len(wait))
        ranked = self._ranked(found)[:MOST_WAYS]
        score = float(self.every.run.score[-1, self.at])
        # What leaves nothing to rate by, or gains nothing, is not told.
        short = [way for way in short if way.change.tier != tiers.UNKNOWN and way.change.score <= score - LEAST_GAIN]
        return [*ranked, *sorted(short, key=lambda way: way.change.score)[:1]][:MOST_WAYS]

    def _pairs(self, *, waiting: bool) -> Iterator[_Way]:
        """For each two things to do, or one and a wait, the smallest numbers of both that are enough."""
        for one, other in combinations(self.levers, 2):
            if not one.excludes(other):
                yield from self._smallest_pair(one, other)
        for lever in self.levers if waiting else ():
            if lever.kind == "visit":
                yield from self._smallest_pair_with_wait(lever)

    def _smallest_pair(self, one: Lever, other: Lever) -> Iterator[_Way]:
        first, second = (np.arange(1, min(lever.most, MOST_IN_PAIR) + 1) for lever in (one, other))
        a, b = (grid.ravel() for grid in np.meshgrid(first, second, indexing="ij"))
        tried = self._tried(
            Amounts(
                np.maximum(self.now.part + one.part[a - 1] + other.part[b - 1], 0),
                self.now.whole + one.whole[a - 1] + other.whole[b - 1],
            )
        )
        enough = tried.milder(self.rank)
        if len(enough):
            effort = [self._effort([(one, int(a[row])), (other, int(b[row]))], 0) for row in enough]
            row = enough[min(range(len(enough)), key=effort.__getitem__)]
            yield self._way([(one, int(a[row])), (other, int(b[row]))], 0)

    def _smallest_pair_with_wait(self, lever: Lever) -> Iterator[_Way]:
        """The fewest days with which visits are enough, and the fewest visits on that day."""
        most = min(lever.most, MOST_IN_PAIR)
        for days in range(1, len(self.later.part)):
            tried = self._tried(self._with(lever, days, most))
            enough = tried.milder(self.rank)
            if len(enough):
                yield self._way([(lever, int(enough[0]) + 1)], days)
                return

    def _with(self, lever: Lever, days: int = 0, most: int | None = None) -> Amounts:
        """The amounts with 1, 2, … of something, some days from now."""
        rows = slice(most)
        part = np.maximum(self.later.part[days] + lever.part[rows], 0)
        return Amounts(part, self.later.whole[days] + lever.whole[rows])

    def _tried(self, amounts: Amounts) -> _Found:
        values = amounts.values(self.scheme, self.known)
        holes = self.holes.each(lambda held: np.repeat(held, len(values), axis=1))
        score, decided = decided_again(self.scheme, values[None], holes)
        return _Found(values, score[0], decided)

    def _way(self, steps: Sequence[tuple[Lever, int]], days: int) -> _Way:
        """A way as it is told: tried as a whole once more."""
        part, whole = self.later.part[days].copy(), self.later.whole[days].copy()
        for lever, amount in steps:
            part += lever.part[amount - 1]
            whole += lever.whole[amount - 1]
        tried = self._tried(Amounts(np.maximum(part, 0)[None], whole[None]))
        rank = int(tried.decided.rank[0, 0])
        tier = str(tiers.names(tried.decided.rank[0, 0]))
        told = [self._wait(days)] if days else []
        told += [self._step(lever, amount, tried) for lever, amount in steps]
        enough = tiers.UNKNOWN_RANK < rank < self.rank
        minutes = self._minutes(steps)
        change = SmallestChange(
            steps=tuple(told),
            tier=tier,
            score=float(tried.score[0]),
            enough=enough,
            minutes=minutes,
            days=days,
            ready=self.every.day + timedelta(days=days),
            tied=False,
            floors=tuple(self._floors(tried.decided.holding[0, 0], days)),
            published_on=None,
            published=None,
        )
        return _Way(change, self._path(tried.decided, days) if enough else None)

    def _step(self, lever: Lever, amount: int, tried: _Found) -> Step:
        number = lever.number
        item = self.scheme.indicators[number]
        made_of = whole_numbers(item)
        assert made_of is not None
        before = int(self.now.part[number])
        if lever.kind == "visit" and made_of.part != "covered_places":
            before = int(self.now.whole[number]) if made_of.whole == "checks" else 0
        return Step(
            kind=lever.kind,
            amount=amount,
            before=before,
            after=before + amount if lever.kind == "visit" else before - amount,
            of=int(self.now.whole[number]) if made_of.part == "covered_places" else None,
            moved=(Moved(item.id, float(self.known[number]), float(tried.values[0, number])),),
        )

    def _wait(self, days: int) -> Step:
        """Which values change by waiting, those first that take most of the score with them."""
        points = self.every.run.points[-1, self.at]
        values = self.waited.values
        moved = [
            (-float(self.parts[number]), Moved(item.id, float(self.known[number]), float(values[days, number])))
            for number, item in enumerate(self.scheme.indicators)
            if points[number] > 0
            and values[days, number] != self.known[number]
            and (values[days, number] > self.known[number]) == (item.harder_when == "low")
        ]
        moved.sort(key=lambda one: one[0])
        return Step("wait", days, 0, days, None, tuple(one for _, one in moved))

    def _minutes(self, steps: Sequence[tuple[Lever, int]]) -> float | None:
        """The work of a team: visits by the minutes of the area's tier; None where something has none."""
        action = next((one for tier, one in self.scheme.measures.items() if tier == self.tier), None)
        if not steps:
            return 0.0
        if action is None or any(lever.kind != "visit" for lever, _ in steps):
            return None
        return float(sum(amount for _, amount in steps) * action.minutes_per_check)

    def _effort(self, steps: Sequence[tuple[Lever, int]], days: int) -> tuple[float, ...]:
        minutes = self._minutes(steps)
        return (minutes is None, minutes or 0.0, 0 if minutes is not None else sum(n for _, n in steps), days)

    @staticmethod
    def _ranked(found: Sequence[_Way]) -> list[_Way]:
        """By effort: that which is known first, and by it; then by how many incidents and visits, then by days."""

        def effort(way: _Way) -> tuple[float, ...]:
            change = way.change
            known = change.minutes is not None
            return (not known, change.minutes or 0.0, 0 if known else change.units, change.days)

        ranked = sorted(found, key=lambda way: (effort(way), way.change.score))
        efforts = [effort(way) for way in ranked]
        return [
            replace(way, change=replace(way.change, tied=efforts.count(own) > 1))
            for way, own in zip(ranked, efforts, strict=True)
        ]

    def _floors(self, holding: np.ndarray, days: int) -> Iterator[RemainingFloor]:
        for number in np.flatnonzero(holding):
            ended = np.flatnonzero(~self.waited.decided.holding[0, days:, number])
            until = self.every.day + timedelta(days=days + int(ended[0])) if len(ended) else None
            yield RemainingFloor(int(number), until)

    def _path(self, decided: TierDecision, days: int) -> TierPath | None:
        """What would be computed from now on; None where the published tier is no harder than that."""
        was = int(self.every.run.published[-1, self.at])
        if was <= int(decided.rank[0, 0]):
            return None
        # A wait passes the days between; what is done is taken to be done today.
        waited = self.waited.decided
        ranks = np.append(waited.rank[0, 1:days], decided.rank[0, 0])
        floors = np.append(waited.floor[0, 1:days], decided.floor[0, 0])
        return TierPath(self.place, was, ranks, floors, from_today=not days)


def _reach(item: Indicator) -> int:
    """After how many days without an incident a value is as good as it gets by waiting."""
    if item.source != "incidents" or whole_numbers(item) is None:
        return 0
    return item.window_days or (item.days_since.cap if item.days_since else 1)
