"""The whole numbers of which the values of a day are made: incidents, visits, places, days; now and in days to come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analytics.scheme import Indicator, Scheme, Where
from analytics.scheme.basics import required
from analytics.scheme.measures.spec import WholeNumbers
from analytics.scheme.tables import EVENT_TABLES
from analytics.scoring.area_counts import AreaCounts
from analytics.scoring.measures import DECIMALS, LARGEST_ROUNDED


def whole_numbers(indicator: Indicator) -> WholeNumbers | None:
    """What an indicator of events is made of; None for one of what there is, or that is given."""
    return indicator.spec.made_of if indicator.source in EVENT_TABLES else None


@dataclass(frozen=True, eq=False)
class Amounts:
    """Of each area and indicator what is counted, and by what it is divided: each (…, areas, indicators), NaN for
    indicators that are not made of :class:`WholeNumbers`."""

    part: np.ndarray
    whole: np.ndarray

    def of_area(self, at: int) -> Amounts:
        """Those of one area: (…, indicators)."""
        return Amounts(self.part[..., at, :], self.whole[..., at, :])

    def values(self, scheme: Scheme, known: np.ndarray) -> np.ndarray:
        """The values of the amounts of one area, (rows, indicators): ``known`` (indicators,) are today's, which stand
        where an indicator is not made of whole numbers, and are missing where they are missing today."""
        found = np.broadcast_to(known, self.part.shape).copy()
        for number, item in enumerate(scheme.indicators):
            made_of = whole_numbers(item)
            if made_of is not None and not np.isnan(known[number]):
                # Rounded as what is measured is, so that what is on a step by its arithmetic is on it here too.
                value = made_of.value(item, self.part[:, number], self.whole[:, number])
                plain = np.abs(value) < LARGEST_ROUNDED
                found[:, number] = np.where(plain, value.round(DECIMALS), value)
        return found


class AreaAmounts:
    """What the values of one ``day`` (whole days since 1970-01-01) are made of, in all areas of ``facts``."""

    def __init__(self, facts: AreaCounts, scheme: Scheme, day: int) -> None:
        self._facts = facts
        self._scheme = scheme
        self._day = day
        self._days = np.array([day])
        self._overlaps: dict[tuple[object, ...], np.ndarray] = {}

    @cached_property
    def now(self) -> Amounts:
        """At the end of the day: (areas, indicators)."""
        return self._stacked(self._part, self._whole)

    def later(self, ahead: int) -> Amounts:
        """On the day and each of the ``ahead`` days after it, when no new incident comes and visits go on as before:
        (ahead + 1, areas, indicators).

        Incidents leave their windows and days without one add up; what is open stays open, and is overdue from the day
        after the one on which it is due. Visits that leave a window are taken to be made again.
        """
        shape = (ahead + 1, len(self._facts.areas))

        def part(item: Indicator) -> np.ndarray:
            return np.broadcast_to(self._later_part(item, ahead), shape)

        def whole(item: Indicator) -> np.ndarray:
            if item.source == "incidents" and required(whole_numbers(item)).whole == "records":
                return self._leaving(item, [item.of], ahead)
            return np.broadcast_to(self._whole(item), shape)

        return self._stacked(part, whole, shape)

    def _stacked(
        self,
        part: Callable[[Indicator], np.ndarray],
        whole: Callable[[Indicator], np.ndarray],
        shape: tuple[int, ...] | None = None,
    ) -> Amounts:
        nothing = np.full(shape or (len(self._facts.areas),), np.nan)
        asked = [
            item if whole_numbers(item) is not None and self._facts.has(item.source) else None
            for item in self._scheme.indicators
        ]
        return Amounts(
            *(np.stack([nothing if item is None else find(item) for item in asked], axis=-1) for find in (part, whole))
        )

    def _part(self, item: Indicator) -> np.ndarray:
        facts, days = self._facts, self._days
        match required(whole_numbers(item)).part:
            case "records":
                conditions = item.spec.conditions(item)
                return facts.in_window(item.source, conditions, required(item.window_days), days)[0].astype(float)
            case "open_incidents":
                return facts.balance(item.where, days)[0].astype(float)
            case "overdue_incidents":
                return facts.overdue(item.where, days)[0].astype(float)
            case "quiet_days":
                cap = required(item.days_since).cap
                return facts.quiet_days(item.source, item.where, cap, days)[0].astype(float)
            case "covered_places":
                return facts.covered(item.where, item.of, required(item.window_days), days)[0].astype(float)

    def _whole(self, item: Indicator) -> np.ndarray:
        facts, days = self._facts, self._days
        match required(whole_numbers(item)).whole:
            case "nothing":
                return np.ones(len(facts.areas))
            case "denominator":
                return required(item.spec.denominator)(facts, item)
            case "records":
                return facts.in_window(item.source, [item.of], required(item.window_days), days)[0].astype(float)
            case "checks":
                if not facts.has("checks"):
                    return np.full(len(facts.areas), np.nan)
                return facts.in_window("checks", [item.of], required(item.window_days), days)[0].astype(float)
            case "places":
                if not facts.has("places"):
                    return np.full(len(facts.areas), np.nan)
                return facts.stock("places", {}, item.of, days)[0]

    def _later_part(self, item: Indicator, ahead: int) -> np.ndarray:
        now = self._part(item)[None, :]
        if item.source != "incidents":
            return now
        match required(whole_numbers(item)).part:
            case "records":
                return self._leaving(item, item.spec.conditions(item), ahead)
            case "quiet_days":
                return np.minimum(now + np.arange(ahead + 1)[:, None], required(item.days_since).cap)
            case "overdue_incidents":
                late = np.zeros((ahead + 1, now.shape[1]))
                late[1:] = self._facts.falling_due(item.where, self._day, ahead).cumsum(axis=0) if ahead else 0
                return now + late
            case _:
                return now

    def _leaving(self, item: Indicator, wheres: Sequence[Where], ahead: int) -> np.ndarray:
        """How many of the records of a window are in it still, day by day."""
        window = required(item.window_days)
        days = np.arange(self._day - window + 1, self._day + 1)
        daily = self._facts.in_window(item.source, wheres, 1, days)
        # Newest first: after n days those of the window's first n days have left it.
        kept = np.vstack([np.zeros((1, daily.shape[1])), daily[::-1].cumsum(axis=0)])
        return kept[np.clip(window - np.arange(ahead + 1), 0, window)].astype(float)

    def overlap(self, one: Indicator, other: Indicator, *, whole: bool = False) -> np.ndarray:
        """How many incidents that ``one`` counts ``other`` counts too, or (``whole``) divides by: (areas,)."""
        key = (one.id, other.id, whole)
        if key not in self._overlaps:
            self._overlaps[key] = self._looked_up_overlap(one, other, [other.of] if whole else None)
        return self._overlaps[key]

    def _looked_up_overlap(self, one: Indicator, other: Indicator, wheres: Sequence[Where] | None) -> np.ndarray:
        parts = [required(whole_numbers(item)).part for item in (one, other)]
        both = [*one.spec.conditions(one), *(wheres or other.spec.conditions(other))]
        match parts:
            case ["records", "records"]:
                window = min(required(one.window_days), required(other.window_days))
                return self._facts.in_window("incidents", both, window, self._days)[0].astype(float)
            case ["records", ("open_incidents" | "overdue_incidents") as held]:
                since = self._day - required(one.window_days) + 1
                return self._facts.open_on(both, self._day, since, overdue=held == "overdue_incidents").astype(float)
            case ["open_incidents" | "overdue_incidents", "open_incidents" | "overdue_incidents"]:
                return self._facts.open_on(both, self._day, overdue="overdue_incidents" in parts).astype(float)
        return np.zeros(len(self._facts.areas))

    def quiet_without(self, one: Indicator, other: Indicator) -> np.ndarray:
        """The quiet days that ``other`` would count if there were none of the records that ``one`` counts: (areas,)."""
        cap, window = required(other.days_since).cap, required(one.window_days)
        days = np.arange(self._day - cap, self._day + 1)
        left = self._facts.in_window("incidents", [other.where], 1, days)
        gone = self._facts.in_window("incidents", [other.where, *one.spec.conditions(one)], 1, days)
        left = left - gone * (days > self._day - window)[:, None]
        last = np.where(left > 0, days[:, None], self._day - cap).max(axis=0)
        return (self._day - last).astype(float)
