"""An indicator of the scheme → its value for each day and area, or why there is none, by its measure."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analytics.scheme import Indicator
from analytics.scheme.measures import Gap
from analytics.scheme.tables import EVENT_TABLES
from analytics.scoring.area_counts import AreaCounts
from analytics.scoring.decide import Holes
from analytics.scoring.doubt import doubted
from analytics.scoring.silence import indicator_silence

DECIMALS = 9
LARGEST_ROUNDED = 1e6
NO_AGE = -1


class Measurement(NamedTuple):
    """What is measured, each (days, areas): ``values`` (float, NaN where missing) and ``gaps`` (int8, :class:`Gap`).

    ``at_least``: how much a value surely is of which a part of the days or of the people is told, NaN where that is not
    known.
    ``reporting_again``: where a value is missing for a silence that is over but lies in its window still. ``back``
    (int16): for how many days a silence that goes on has lasted, 0 where none does. ``interrupted``: where a value is
    missing since its data stopped, or are out of date, that there were before: not where there never were any.
    """

    values: np.ndarray
    gaps: np.ndarray
    at_least: np.ndarray
    reporting_again: np.ndarray
    back: np.ndarray
    interrupted: np.ndarray

    @property
    def holes(self) -> Holes:
        """What is known of missing values."""
        return Holes(self.at_least, self.interrupted)


def measured(facts: AreaCounts, indicator: Indicator, days: np.ndarray) -> Measurement:
    """The indicator on each of ``days``.

    Event measures look at the ``window_days`` days that end with the date. Where a
    feed that the indicator hangs on was silent on any of them, the value is missing, not what is left of it; and so is
    one that hangs on a word that nobody knows (`doubt`), or on days before an area could be told.
    """
    shape = (len(days), len(facts.areas))
    nothing, nowhere, never = np.full(shape, np.nan), np.zeros(shape, dtype=bool), np.zeros(shape, dtype=np.int16)
    if not facts.has(indicator.source):
        return Measurement(
            nothing, np.full(shape, Gap.TABLE_NOT_LOADED, dtype=np.int8), nothing, nowhere, never, nowhere
        )
    values, gaps = indicator.spec.value(facts, indicator, days)
    gaps = doubted(facts, indicator, days, np.broadcast_to(gaps, shape)).astype(np.int8)
    unsized = (gaps == Gap.COUNT_UNKNOWN) | (gaps == Gap.EMPTY_CELL)
    found = np.where((gaps == Gap.NONE) | unsized, np.broadcast_to(values, shape), np.nan)
    # Rounded, so that a value that is on a step by its arithmetic is on it in the machine too: 29 of 100 is 29 %. A
    # number too large to have such decimals stays as it is.
    plain = np.abs(found) < LARGEST_ROUNDED
    found[plain] = found[plain].round(DECIMALS)
    untold = _before_told(facts, indicator, days) & (gaps == Gap.NONE)
    gaps[untold] = Gap.NOT_RECORDED_YET
    silence = indicator_silence(facts, indicator, days)
    told_in_part, again, back, interrupted = nowhere, nowhere, never, nowhere
    if silence is not None:
        told_in_part = (silence.now | silence.within) & (gaps == Gap.NONE)
        gaps[told_in_part] = silence.gap
        again, back = told_in_part & ~silence.now, silence.back
        interrupted = told_in_part & ~_never_heard(facts, indicator, days, back)
    # What was recorded is a part of what there was: of a count that is hard when it is high, it is the least.
    hard_when_high = indicator.harder_when == "high"
    counts_up = indicator.spec.events is not None and hard_when_high
    at_least = np.where(told_in_part | untold, found, np.nan) if counts_up else nothing
    if indicator.spec.sums_as is not None and hard_when_high:
        # Of people, those of the groups that have a number; of places, those that say so.
        at_least = np.where(unsized, found, at_least)
    return Measurement(np.where(gaps == Gap.NONE, found, np.nan), gaps, at_least, again, back, interrupted)


def _never_heard(facts: AreaCounts, indicator: Indicator, days: np.ndarray, back: np.ndarray) -> np.ndarray:
    """Where a silence reaches back to before the first record of all: bool, (days, areas)."""
    recorded = facts.recorded_days(indicator.source) if indicator.source in EVENT_TABLES else np.empty(0)
    return back > days[:, None] - recorded[0] if len(recorded) else np.zeros(back.shape, dtype=bool)


def _before_told(facts: AreaCounts, indicator: Indicator, days: np.ndarray) -> np.ndarray:
    """Where an indicator looks back to days of which an area's records say nothing: it is new in the list of areas, or
    got a part of another one; bool, (days, areas)."""
    if indicator.source not in EVENT_TABLES:
        return np.zeros((len(days), len(facts.areas)), dtype=bool)
    window = indicator.window_days or (indicator.days_since.cap if indicator.days_since else 1)
    return days[:, None] - window + 1 < facts.known_from()[None, :]


def value_ages(facts: AreaCounts, indicator: Indicator, days: np.ndarray) -> np.ndarray:
    """How many days old each value is: int16, (days, areas); ``NO_AGE`` where it has no day of its own."""
    found = indicator.spec.ages(facts, indicator, days) if indicator.spec.ages and facts.has(indicator.source) else None
    if found is None:
        return np.full((len(days), len(facts.areas)), NO_AGE, dtype=np.int16)
    oldest = np.iinfo(np.int16).max
    return np.where(np.isnan(found), NO_AGE, np.clip(np.nan_to_num(found), 0, oldest)).astype(np.int16)
