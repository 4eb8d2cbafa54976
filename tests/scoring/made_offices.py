"""Offices whose records are made up and of which nothing is lost: what a rule must not take for silence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.scoring.feed_records import OWN_FEED_DAYS, OWN_FEED_LEAST

BEFORE = 140
"""Days of records before the year that is looked at."""

YEAR = 365


@dataclass(frozen=True, eq=False)
class Office:
    """Records by day: ``named`` (days, feeds), the first of the whole table, then ``channels`` and after them kinds;
    ``areas`` (days, areas), the first ``grids`` of them the smallest, then those above; ``own`` (days, own feeds): one
    channel in one of the smallest areas, where it brings enough to be judged."""

    named: np.ndarray
    channels: int
    areas: np.ndarray
    grids: int
    own: np.ndarray

    @property
    def feeds(self) -> int:
        return self.named.shape[1] + self.areas.shape[1] + self.own.shape[1]

    @property
    def kinds(self) -> np.ndarray:
        """Which of the named feeds are kinds: bool, (feeds,)."""
        return np.arange(self.named.shape[1]) > self.channels


def made_office(random: np.random.Generator, variance: float) -> Office:
    """An office of 3 to 60 records a day, by channels that rest at weekends or do not, of kinds that have their season
    or come in outbreaks, in areas of every size, with three holidays; ``variance`` as a multiple of the mean."""
    days = BEFORE + YEAR
    channels, kinds, grids = random.integers(3, 7), random.integers(6, 16), random.integers(20, 120)
    of_kind = np.stack([_course(random, days) for _ in range(kinds)], axis=1) * random.dirichlet(np.ones(kinds))
    of_channel = np.stack([_week(random)[np.arange(days) % 7] for _ in range(channels)], axis=1)
    of_channel = of_channel * random.dirichlet(np.full(channels, 1.2))
    usual = random.uniform(3, 60) * _holidays(random, days)
    mean = usual[:, None, None] * of_channel[:, :, None] * of_kind[:, None, :]
    if variance > 1:
        mean = random.gamma(np.maximum(mean / (variance - 1), 1e-12), variance - 1)
    n = random.poisson(mean)
    # Some channels are everywhere, and some have most of their records in a few areas.
    shares = [random.dirichlet(np.full(grids, random.choice([0.1, 3.0]))) for _ in range(channels)]
    by_both = np.stack([random.multinomial(n[:, at].sum(axis=1), share) for at, share in enumerate(shares)], axis=1)
    by_grid = by_both.sum(axis=1)
    above = random.integers(0, max(2, grids // 7), grids)
    by_above = np.stack([by_grid[:, above == one].sum(axis=1) for one in np.unique(above)], axis=1)
    named = np.concatenate([n.sum(axis=(1, 2))[:, None], n.sum(axis=2), n.sum(axis=1)], axis=1)
    areas = np.concatenate([by_grid, by_above], axis=1)
    return Office(named, int(channels), areas, int(grids), _own(by_both))


def _own(by_both: np.ndarray) -> np.ndarray:
    """Of records (days, channels, grids) the feeds of one channel in one grid that are judged: (days, own feeds)."""
    until = np.concatenate([np.zeros((OWN_FEED_DAYS, *by_both.shape[1:])), by_both.cumsum(axis=0)])
    enough = (until[OWN_FEED_DAYS:] - until[:-OWN_FEED_DAYS]).max(axis=0) >= OWN_FEED_LEAST
    total = by_both.sum(axis=0)
    part = (total < total.sum(axis=0, keepdims=True)) & (total < total.sum(axis=1, keepdims=True))
    return by_both[:, enough & part]


def _week(random: np.random.Generator) -> np.ndarray:
    """How much of the usual comes on each day of the week."""
    weekend = random.choice([0.0, 0.15, random.uniform(0.4, 1), 1.0], p=[0.15, 0.15, 0.4, 0.3])
    return np.array([1.0] * 5 + [weekend] * 2)


def _holidays(random: np.random.Generator, days: int) -> np.ndarray:
    """How much of the usual is left: less in a week of spring, of early summer and of autumn."""
    left = np.ones(days)
    for early, late, length, share in ((140, 200, 8, 0.3), (230, 260, 5, 0.4), (330, 480, 8, 0.3)):
        first = random.integers(early, late)
        left[first : first + length] = share
    return left


def _course(random: np.random.Generator, days: int) -> np.ndarray:
    """How a kind goes up and down: with the season, in outbreaks, or hardly."""
    sort = random.choice(["season", "outbreaks", "even"], p=[0.35, 0.1, 0.55])
    day = np.arange(days)
    if sort == "season":
        swing, peak = random.uniform(0.6, 1.6), random.integers(YEAR)
        return np.maximum(0, 1 + swing * np.cos(2 * np.pi * (day - peak) / YEAR))
    if sort == "even":
        return np.ones(days)
    course = np.full(days, 0.02)
    for _ in range(random.integers(2, 5)):
        first = random.integers(days)
        course[first : first + random.integers(10, 40)] = random.uniform(3, 8)
    return course
