"""Was the map right? Past tiers, as they stood then, against the incidents that followed, and against simpler orders.

The hit rate, and the prediction accuracy index PAI = hit rate / share of the areas: S. Chainey, L. Tompson & S. Uhlig,
The utility of hotspot mapping for predicting spatial patterns of crime, Security Journal 21 (2008), with the number of
areas in the place of their surface. The prediction efficiency index PEI = incidents caught / the most that as many
areas could have caught: J. Hunt, Do crime hot spots move?, American University (2016).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.errors import UserError
from analytics.scheme import Indicator, Scheme, Where
from analytics.scoring import AreaCounts, Assessment, assess, first_days, first_full_day
from analytics.scoring.area_counts import day_numbers
from analytics.scoring.silence import SilentFeed, silent_days
from analytics.store.counts import DATE_COLUMN, Counts, Only

MOST_MOMENTS = 52
WEEK_DAYS = 7
FLAGGED = tiers.RANK["orange"]
"""From this rank on an area is one of those that the map points to."""

SHUFFLES = 200
SEED = 2008
DECIMALS = 9
CHANCE = (0.05, 0.95)
SPREADS = 1.645
"""Nine in ten of a normal spread lie within so many standard deviations."""

Verdict = Literal["more", "less", "level"]


class BacktestError(UserError):
    """No map can be held to account on these records."""


class LeftOut(NamedTuple):
    """Moments that are left out, since in the weeks before or after them one of ``feeds`` was silent, which says not
    that nothing followed; and the areas that were silent ``within`` those weeks of others, by themselves, and stay as
    they are. ``since`` and ``until`` of a feed are its first and last silent day. ``names``: of areas by id."""

    days: pd.DatetimeIndex
    feeds: tuple[SilentFeed, ...]
    within: tuple[SilentFeed, ...]
    names: Mapping[str, str]


NOTHING_LEFT_OUT = LeftOut(pd.DatetimeIndex([]), (), (), {})


@dataclass(frozen=True, eq=False)
class TierHistory:
    """What a map showed at several moments: ``days`` (moments,), ``areas`` (areas,), and by moment and area the
    ``rank`` of the tier (int8) and the ``score`` (NaN where there is none)."""

    days: pd.DatetimeIndex
    areas: pd.Index
    rank: np.ndarray
    score: np.ndarray

    def on(self, days: pd.DatetimeIndex) -> TierHistory:
        """The same at those of its moments that are among ``days``."""
        at = np.flatnonzero(self.days.isin(days))
        return TierHistory(self.days[at], self.areas, self.rank[at], self.score[at])

    @property
    def flagged(self) -> np.ndarray:
        """How many areas were red or orange at each moment."""
        return (self.rank >= FLAGGED).sum(axis=1)


@dataclass(frozen=True, eq=False)
class CaptureStats:
    """How much of what followed lay in the areas that an order puts first, as many as the map flagged.

    ``moments``: one row a moment; columns ``hit_rate``, ``share_of_areas``, ``share_of_population`` (0–1; what is not
    known of the population counts for nothing), ``pai``, ``pei``; NaN where nothing followed, was flagged or is known.
    ``pooled``: the same over all moments. Every share in it is weighted by the incidents that followed, so that
    ``share_of_areas`` is what chance would have caught, and a map drawn by chance has a PAI of 1.
    ``curve`` (areas + 1,): the share of all incidents in the first 0, 1, 2 … areas of the order. ``by_area`` (areas,):
    the incidents caught in each area, over all moments.
    """

    moments: pd.DataFrame
    pooled: pd.Series
    curve: np.ndarray
    by_area: np.ndarray


@dataclass(frozen=True, eq=False)
class Backtest:
    """The map beside the last period's counts, the population (None where it is not known), and chance.

    By moment, ``incidents``: how many followed; ``flagged``: how many areas were red or orange. ``shuffled`` (draws,):
    the pooled PAI with the tiers dealt out anew among the areas. ``left_out``: moments that are not counted.
    """

    days: pd.DatetimeIndex
    incidents: np.ndarray
    flagged: np.ndarray
    map: CaptureStats
    last_counts: CaptureStats
    population: CaptureStats | None
    shuffled: np.ndarray
    left_out: LeftOut = field(default=NOTHING_LEFT_OUT)

    @property
    def chance(self) -> tuple[float, float]:
        """Between these lies the PAI of nine in ten shuffled maps."""
        low, high = np.quantile(self.shuffled, CHANCE)
        return float(low), float(high)

    @property
    def against_chance(self) -> Verdict:
        """Whether the map's PAI lies above what chance gives, below it, or within."""
        low, high = self.chance
        return "more" if self.map.pooled["pai"] > high else "less" if self.map.pooled["pai"] < low else "level"


@dataclass(frozen=True, eq=False)
class BacktestComparison:
    """Another map beside a first: what its ``own`` red and orange areas caught, and what ``as_many`` areas as the first
    map flags caught, taken in its order."""

    own: CaptureStats
    as_many: CaptureStats


class _UpTo(Counts):
    """The same counts, to which nothing after ``day`` (a day number) has happened yet, where it is asked whether
    anything ever did. All else that scoring asks for has its day."""

    def __init__(self, counts: Counts, day: int) -> None:
        vars(self).update(vars(counts))
        self._day = day

    def by_area(self, table: str, *wheres: Where, only: Only | None = None) -> np.ndarray:
        if table in DATE_COLUMN:
            found = self.daily(table, DATE_COLUMN[table], *wheres, only=only)
        else:
            found = self.stock(table, wheres, ())
        kept = found.day <= self._day
        counted = np.zeros(len(self.areas) + 1, dtype="int64")
        np.add.at(counted, found.area[kept], found.n[kept])
        return counted


def assess_point_in_time(facts: AreaCounts, scheme: Scheme, days: pd.DatetimeIndex) -> Assessment:
    """The assessment of ``days``, each from the records up to that day alone.

    A measure looks at no later day, but for one question: whether a kind of record was ever seen, since a feed that
    never was is missing and not zero. That is asked as of each day here. What has no date in the records (the areas,
    their population, places) is taken as it is now; that a record came in late cannot be told.
    """
    firsts = np.unique([first for item in scheme.indicators for first in _first_seen(facts, item)])
    seen = np.searchsorted(firsts, day_numbers(days), "right")
    parts = []
    for number in np.unique(seen):
        own = days[seen == number]
        then = (
            facts if number == len(firsts) else AreaCounts(_UpTo(facts.counts, int(day_numbers(own)[-1])), facts.areas)
        )
        parts.append(assess(then, scheme, own))
    arrays = {
        name: np.concatenate([vars(part)[name] for part in parts])
        for name, held in vars(parts[0]).items()
        if isinstance(held, np.ndarray)
    }
    told = {
        "unplaced": facts.unplaced(),
        "former_areas": facts.former_areas(),
        "unscored": facts.unscored(),
        "silent": parts[-1].silent,
    }
    return replace(parts[0], days=days, **told, **arrays)


def _first_seen(facts: AreaCounts, item: Indicator) -> Iterable[int]:
    """The days on which a kind of record that the indicator asks for was first seen."""
    counts = facts.counts
    if not counts.has(item.source) or item.source == "areas":
        return
    asked: list[tuple[tuple[Where, ...], Only | None]] = []
    if item.never_seen == "missing":
        asked.append((item.spec.conditions(item), None))
    if item.spec.needs_due_dates:
        asked.append(((), "due"))
    for wheres, only in asked:
        if item.source in DATE_COLUMN:
            found = counts.daily(item.source, DATE_COLUMN[item.source], *wheres, only=only)
        else:
            found = counts.stock(item.source, wheres, ())
        if (found.n > 0).any():
            yield int(found.day[found.n > 0].min())


def week_ends(facts: AreaCounts, schemes: Iterable[Scheme], weeks: int, day: date) -> pd.DatetimeIndex:
    """The :func:`last_moment` and the same weekday of the weeks before it, at most ``MOST_MOMENTS``, none before the
    windows of all ``schemes`` are full."""
    last = last_moment(facts, weeks, day)
    if last is None:
        return pd.DatetimeIndex([])
    firsts = [first_days(facts.counts)["incidents"], *(first_full_day(facts.counts, scheme) for scheme in schemes)]
    every = pd.date_range(end=last, periods=MOST_MOMENTS, freq=f"{WEEK_DAYS}D")
    return every[every >= pd.Timestamp(max(filter(None, firsts)))]


def last_moment(facts: AreaCounts, weeks: int, day: date) -> date | None:
    """The last day whose following ``weeks`` are wholly recorded by ``day``; None where no incident is recorded."""
    recorded = facts.recorded_days("incidents") if facts.has("incidents") else np.empty(0)
    if not len(recorded):
        return None
    return min(day, _date(recorded[-1])) - timedelta(days=WEEK_DAYS * weeks)


def interrupted(facts: AreaCounts, scheme: Scheme, moments: pd.DatetimeIndex, weeks: int, day: date) -> LeftOut:
    """Which of ``moments`` (ascending) have a silent feed, of those that bring incidents of the scheme, on some day of
    the ``weeks`` before or after them, by what is known on ``day``. One that is silent on all these days is silent at
    all moments alike, and leaves none out; nor does an area that is silent by itself, of which that is told."""
    width = WEEK_DAYS * weeks
    first, last = moments[0].date() - timedelta(days=width - 1), moments[-1].date() + timedelta(days=width)
    known_to = max(last, min(day, _date(facts.recorded_days("incidents")[-1])))
    feeds, silent = silent_days(facts, "incidents", first, known_to)
    if not silent.any():
        return NOTHING_LEFT_OUT
    counted = [
        not column or facts.occurs("incidents", _counted(scheme), {column: (code,)}) for column, code, _ in feeds
    ]
    silent = silent[: (last - first).days + 1]
    silent = silent & np.array(counted) & ~silent.all(axis=0)
    starts = [(moment.date() - first).days - width + 1 for moment in moments]
    touched = np.array([silent[start : start + 2 * width].any(axis=0) for start in starts])
    whole = np.array([not area for *_, area in feeds])
    left = touched[:, whole].any(axis=1)

    def told(columns: np.ndarray) -> tuple[SilentFeed, ...]:
        found = []
        for at in np.flatnonzero(columns):
            ends = np.flatnonzero(silent[:, at])[[0, -1]].tolist()
            since, until = (first + timedelta(days=end) for end in ends)
            found.append(SilentFeed("incidents", *feeds[at], since - timedelta(days=1), until, agreed=False))
        return tuple(found)

    names = {str(area_id): str(name) for area_id, name in facts.counts.areas["name"].items()}
    return LeftOut(moments[left], told(touched.any(axis=0) & whole), told(touched[~left].any(axis=0) & ~whole), names)


def _counted(scheme: Scheme) -> Where:
    """Which incidents are the scheme's own; all, where it names none."""
    return {"category": scheme.categories()} if scheme.categories() else {}


def _date(day: int) -> date:
    return date(1970, 1, 1) + timedelta(days=int(day))


def shown_in(assessment: Assessment) -> TierHistory:
    """What a run shows on each of its days."""
    return TierHistory(assessment.days, assessment.areas.index, assessment.shown, assessment.score)


def shown_by(releases: Sequence[Assessment], areas: pd.Index) -> TierHistory:
    """What releases showed on their last days (ascending), for these ``areas``; one that a release does not have is
    unknown in it."""
    rank = np.full((len(releases), len(areas)), tiers.UNKNOWN_RANK, dtype=np.int8)
    score = np.full(rank.shape, np.nan)
    for number, held in enumerate(releases):
        at = held.areas.index.get_indexer(areas)
        rank[number, at >= 0] = held.shown[-1][at[at >= 0]]
        score[number, at >= 0] = held.score[-1][at[at >= 0]]
    return TierHistory(pd.DatetimeIndex([held.days[-1] for held in releases]), areas, rank, score)


def following(facts: AreaCounts, scheme: Scheme, days: pd.DatetimeIndex, weeks: int) -> np.ndarray:
    """The scheme's own incidents (all, where it names none) in the ``weeks`` that begin the day after each of ``days``:
    (days, areas)."""
    return incidents_to(facts, scheme, days + pd.Timedelta(weeks, "W"), WEEK_DAYS * weeks)


def incidents_to(facts: AreaCounts, scheme: Scheme, days: pd.DatetimeIndex, window_days: int) -> np.ndarray:
    """The same in the ``window_days`` that end with each of ``days``, that day included."""
    return facts.in_window("incidents", [_counted(scheme)], window_days, day_numbers(days))


def backtest(facts: AreaCounts, scheme: Scheme, moments: TierHistory, weeks: int) -> Backtest:
    """What ``moments`` caught of the matters of ``scheme`` in the ``weeks`` after them, against those before them."""
    after = following(facts, scheme, moments.days, weeks)
    before = incidents_to(facts, scheme, moments.days, WEEK_DAYS * weeks)
    return backtest_of(moments, after, before, facts.rate_denominator("population"))


def compare_backtests(
    facts: AreaCounts, scheme: Scheme, moments: TierHistory, weeks: int, flagged: np.ndarray
) -> BacktestComparison:
    """What another map, shown at the same ``moments``, caught of the same incidents; ``flagged`` (moments,) areas are
    those of the first."""
    after, people = following(facts, scheme, moments.days, weeks), facts.rate_denominator("population")
    place = map_order(moments)
    own, as_many = (capture(moments.days, place, after, number, people) for number in (moments.flagged, flagged))
    return BacktestComparison(own, as_many)


def verdict(one: CaptureStats, other: CaptureStats) -> Verdict:
    """Whether ``one`` caught more than ``other`` of the same incidents in as many areas, less, or about as much.

    Were both equally good, the difference in each area could as well have the other sign (R. A. Fisher, The design of
    experiments, 1935), and nine in ten of its sums would lie within ``SPREADS`` roots of the sum of its squares. It is
    areas that change sign and not moments, since windows overlap and an area stays as it is from week to week.
    """
    by = one.by_area - other.by_area
    if abs(by.sum()) <= SPREADS * np.sqrt((by**2).sum()):
        return "level"
    return "more" if by.sum() > 0 else "less"


def backtest_of(moments: TierHistory, after: np.ndarray, before: np.ndarray, population: np.ndarray) -> Backtest:
    """Hold ``moments`` against the incidents ``after`` them, (moments, areas), and against the orders by the incidents
    ``before`` them, (moments, areas), and by ``population`` (areas,), NaN where it is not known.

    The map's order is by tier, then score; unknown comes last. Areas that an order leaves level are taken as the mean
    over all ways to put them, so that nothing hangs on their codes.
    """
    flagged = moments.flagged
    people = np.broadcast_to(population, after.shape)

    def of(place: np.ndarray) -> CaptureStats:
        return capture(moments.days, place, after, flagged, population)

    return Backtest(
        days=moments.days,
        incidents=after.sum(axis=1),
        flagged=flagged,
        map=of(map_order(moments)),
        last_counts=of(order(before)),
        population=None if np.isnan(population).all() else of(order(np.where(np.isnan(people), -1.0, people))),
        shuffled=_shuffled(moments, after),
    )


def map_order(moments: TierHistory) -> np.ndarray:
    """Places by tier, then score, as :func:`order` gives them; the unknown are level."""
    known = (moments.rank != tiers.UNKNOWN_RANK) & ~np.isnan(moments.score)
    return order(moments.rank, np.where(known, moments.score, 0.0))


def order(*keys: np.ndarray) -> np.ndarray:
    """Places (moments, areas) by the first of ``keys`` (moments, areas), then the next: 0 for the least, equal for
    equals, the hardest has the greatest."""
    at = np.lexsort(keys[::-1], axis=-1)
    ordered = np.stack([np.take_along_axis(key, at, axis=-1) for key in keys])
    steps = np.zeros(at.shape, dtype="int64")
    steps[:, 1:] = (ordered[..., 1:] != ordered[..., :-1]).any(axis=0)
    place = np.empty_like(steps)
    np.put_along_axis(place, at, steps.cumsum(axis=-1), axis=-1)
    return place


def capture(
    days: pd.DatetimeIndex, place: np.ndarray, after: np.ndarray, flagged: np.ndarray, population: np.ndarray
) -> CaptureStats:
    """What the first ``flagged`` (moments,) areas of an :func:`order` caught of the incidents ``after``."""
    moments, areas = after.shape
    at = np.arange(moments), flagged
    curves, best = _curves(place, after), _curves(order(after), after)
    people = _curves(place, np.broadcast_to(np.nan_to_num(population), after.shape))
    followed = after.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        everybody = np.nansum(population) or np.nan
        table = _rates(
            curves[at], flagged / areas * followed, best[at], people[at] / everybody * followed, followed.astype(float)
        )
        pooled = _rates(
            curves[at].sum(),
            (flagged / areas * followed).sum(),
            best[at].sum(),
            (people[at] / everybody * followed).sum(),
            np.float64(followed.sum()),
        )
        curve = curves.sum(axis=0) / np.float64(followed.sum())
    # Of what followed a quiet moment nothing could be caught, but how much was flagged is still known.
    table |= {"share_of_areas": flagged / areas, "share_of_population": people[at] / everybody}
    by_area = (_taken(place, flagged) * after).sum(axis=0).round(DECIMALS)
    return CaptureStats(pd.DataFrame(table, index=days), pd.Series(pooled), curve.round(DECIMALS), by_area)


def _taken(place: np.ndarray, flagged: np.ndarray) -> np.ndarray:
    """The part of each area (0–1) that is among the first ``flagged`` of its order, (moments, areas); equals share."""
    taken = np.empty(place.shape)
    for row, (own, most) in enumerate(zip(place, flagged, strict=True)):
        size = np.bincount(own)
        before = len(own) - size.cumsum()
        taken[row] = ((most - before) / size).clip(0, 1)[own]
    return taken


def _rates(
    hits: np.ndarray, by_chance: np.ndarray, best: np.ndarray, by_people: np.ndarray, followed: np.ndarray
) -> dict[str, np.ndarray]:
    return {
        "hit_rate": (hits / followed).round(DECIMALS),
        "share_of_areas": by_chance / followed,
        "share_of_population": by_people / followed,
        "pai": (hits / by_chance).round(DECIMALS),
        "pei": (hits / best).round(DECIMALS),
    }


def _curves(place: np.ndarray, amount: np.ndarray) -> np.ndarray:
    """The amounts in the first 0, 1, 2 … areas of each moment's order, (moments, areas + 1); equals share theirs."""
    curves = np.zeros((len(place), place.shape[1] + 1))
    for row, (own, held) in enumerate(zip(place, amount, strict=True)):
        size = np.bincount(own)
        mean = np.bincount(own, weights=held) / size
        curves[row, 1:] = np.repeat(mean[::-1], size[::-1]).cumsum()
    return curves


def _shuffled(moments: TierHistory, after: np.ndarray) -> np.ndarray:
    """The pooled PAI of maps whose tiers are dealt out anew, seeded: (draws,), NaN where nothing was flagged.

    In each draw the areas change places once for all moments: a map that stays as it is from week to week is held
    against others that do, else chance would look narrower than it is.
    """
    # By code, so that the order of areas changes nothing.
    by_code = np.argsort(moments.areas.to_numpy("str"))
    flagged, after = moments.rank[:, by_code] >= FLAGGED, after[:, by_code]
    by_chance = (flagged.mean(axis=1) * after.sum(axis=1)).sum() or np.nan
    random = np.random.default_rng(SEED)
    moment, area = np.nonzero(flagged)
    hits = [after[moment, random.permutation(len(by_code))[area]].sum() for _ in range(SHUFFLES)]
    return np.array(hits) / by_chance
