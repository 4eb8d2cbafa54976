"""What is measured on every day of a history, before weights, cut-offs and rules make tiers of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from analytics.scheme import Scheme
from analytics.scheme.measures import Gap
from analytics.scheme.tables import EVENT_TABLES
from analytics.scoring.area_counts import AreaCounts, dated_days
from analytics.scoring.decide import Holes, left_out_mask, points_from, tiers_from
from analytics.scoring.measures import Measurement, measured
from analytics.scoring.scope import dated_columns_used
from analytics.scoring.stability import Carrying

DAYS_AT_ONCE = 64


def measured_points(facts: AreaCounts, scheme: Scheme, days: np.ndarray) -> tuple[Measurement, np.ndarray]:
    """What is measured, stacked to (days, areas, indicators), and its points, the same shape.

    Where a place among the areas tells nothing, since all are equal, the value is missing for that reason. Where it
    cannot be told, since data of other areas are interrupted, there are no points, but the value is known.
    """
    each = [measured(facts, indicator, days) for indicator in scheme.indicators]
    found = Measurement(*(np.stack(part, axis=-1) for part in zip(*each, strict=True)))
    points = points_from(found.values, scheme, found.holes)
    left_out = left_out_mask(scheme)
    found.values[..., left_out], found.gaps[..., left_out], points[..., left_out] = np.nan, Gap.LEFT_OUT, np.nan
    found.interrupted[..., left_out] = False
    equal = np.isnan(points) & (found.gaps == Gap.NONE)
    beside = equal & found.interrupted.any(axis=1, keepdims=True)
    found.gaps[beside] = Gap.OTHERS_INTERRUPTED
    equal &= ~beside
    found.values[equal], found.gaps[equal] = np.nan, Gap.ALL_EQUAL
    return found, points


def history_span(facts: AreaCounts, scheme: Scheme, wanted: np.ndarray) -> tuple[int, int]:
    """The first and the last day number that what is published on the ``wanted`` ones is made of."""
    recorded = [facts.recorded_days(table) for table in EVENT_TABLES if facts.has(table)]
    recorded += [dated_days(facts.counts, column) for column in dated_columns_used(facts.counts, scheme)]
    everything = np.concatenate([wanted, *(found[[0, -1]] for found in recorded if len(found))])
    return int(everything.min()), int(everything.max())


@dataclass(frozen=True, eq=False)
class MeasuredDays:
    """What is measured on some days in a row, of which weights, cut-offs and rules make a tier.

    ``points`` and ``values`` (rows, indicators), and the ``holes`` in them: what an area has on a day, and on those
    after it as long as all of it stays the same; ``at`` (days, areas) is the row. ``silent`` and ``back``
    (days, areas): where a feed is silent, and for how many days; ``stopped`` and ``stopped_back`` (days, 1): the same
    of any area whose data were interrupted, for schemes that hold the areas against each other.
    """

    points: np.ndarray
    values: np.ndarray
    holes: Holes
    at: np.ndarray
    silent: np.ndarray
    back: np.ndarray
    stopped: np.ndarray
    stopped_back: np.ndarray

    def decided(self, scheme: Scheme) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Computed ranks, those that floors demand, and the least ones, each (days, areas)."""
        # Where areas are held against each other, the same row is not the same tier on every day.
        rows = self.at if scheme.is_relative() else np.arange(len(self.points))[None]
        found = tiers_from(self.points[rows], scheme, self.values[rows], self.holes.each(lambda held: held[rows]))
        each = found.rank, found.floor, found.least
        return each if scheme.is_relative() else (each[0][0, self.at], each[1][0, self.at], each[2][0, self.at])


def measured_history(
    facts: AreaCounts, scheme: Scheme, first: int, last: int, at_once: int = DAYS_AT_ONCE
) -> Iterator[MeasuredDays]:
    """Every day from ``first`` to ``last``, so many ``at_once``. No weight, cut-off, floor or stability rule of the
    scheme has a part in it."""
    for start in range(first, last + 1, at_once):
        found, points = measured_points(facts, scheme, np.arange(start, min(start + at_once, last + 1)))
        missing = ~np.isin(found.gaps, (Gap.NONE, Gap.LEFT_OUT, Gap.OTHERS_INTERRUPTED))
        silent = missing & ~found.reporting_again
        stopped = found.interrupted & silent
        new = _unlike_the_day_before(points, found.values, found.at_least, found.interrupted).T
        told = partial(_each_once, new)
        yield MeasuredDays(
            told(points),
            told(found.values),
            found.holes.each(told),
            at=np.cumsum(new).reshape(new.shape).T - 1,
            silent=silent.any(axis=-1),
            back=found.back.max(axis=-1),
            stopped=stopped.any(axis=(1, 2))[:, None],
            stopped_back=np.where(stopped, found.back, 0).max(axis=(1, 2), initial=0)[:, None],
        )


def _each_once(new: np.ndarray, held: np.ndarray) -> np.ndarray:
    """What is ``new`` (areas, days) of an array (days, areas, indicators), one area's days after the other's."""
    return held.swapaxes(0, 1)[new]


def _unlike_the_day_before(*held: np.ndarray) -> np.ndarray:
    """Where any of the arrays (days, areas, indicators) is not what it was, (days, areas); everywhere on the first day.
    What is not known is the same as what was not."""
    bits = [np.ascontiguousarray(array).view(f"i{array.itemsize}") for array in held]
    new = np.ones(held[0].shape[:2], dtype=bool)
    new[1:] = np.logical_or.reduce([(one[1:] != one[:-1]).any(axis=-1) for one in bits])
    return new


def decided_history(days: Iterable[MeasuredDays], scheme: Scheme) -> tuple[np.ndarray, np.ndarray, Carrying]:
    """Of every measured day what :func:`publish` takes: computed ranks, those that floors demand, and what is known
    where there is no computed one."""
    ranks: list[np.ndarray] = []
    floors: list[np.ndarray] = []
    least: list[np.ndarray] = []
    limited, back = [], []
    # Where areas are held against each other, what stops in one leaves open what the others are, and for as long.
    relative = scheme.is_relative()
    # In pieces, since only a few small numbers of each day and area are kept.
    for found in days:
        for kept, piece in zip((ranks, floors, least), found.decided(scheme), strict=True):
            kept.append(piece)
        limited.append(found.silent | found.stopped if relative else found.silent)
        back.append(np.maximum(found.back, found.stopped_back) if relative else found.back)
    carrying = Carrying(
        np.concatenate(least), np.concatenate(limited), np.concatenate(back), days=scheme.missing.carried_days
    )
    return np.concatenate(ranks), np.concatenate(floors), carrying


def computed_history(
    facts: AreaCounts, scheme: Scheme, first: int, last: int
) -> tuple[np.ndarray, np.ndarray, Carrying]:
    """:func:`decided_history` of every day from ``first`` to ``last``."""
    return decided_history(measured_history(facts, scheme, first, last), scheme)
