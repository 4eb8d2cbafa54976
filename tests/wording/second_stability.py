"""The rule that holds tiers steady, a second time: the formula in the docstring of `publish`, term by term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.scheme.model import StabilityRule

UNKNOWN = -1


@dataclass(frozen=True)
class Forecast:
    """The published tier changes to ``tier`` after so many ``days``, if the computed tier of the day goes on."""

    days: int
    tier: int


AT_ONCE = StabilityRule(confirm_up_days=1, confirm_down_days=1, minimum_stay_days=1, one_step_down=False)


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of days without a computed tier (days, areas), as `stability.Carrying` says it."""

    least: np.ndarray
    limited: np.ndarray
    back: np.ndarray
    days: int


@dataclass(frozen=True, eq=False)
class Published:
    """Each (days, areas): the published ranks, for how many days they are carried on and for how many more, UNKNOWN
    where that has no end; and by (day, area), for the days that are asked for, what comes next, where anything does."""

    tier: np.ndarray
    carried: np.ndarray
    left: np.ndarray
    ahead: Mapping[tuple[int, int], Forecast]


def published(
    computed: np.ndarray, floors: np.ndarray, rule: StabilityRule, known: Known, asked: Sequence[int]
) -> Published:
    """What is published of some days."""
    found, left = np.full(computed.shape, UNKNOWN), np.full(computed.shape, UNKNOWN)
    carried = np.zeros(computed.shape, dtype=int)
    ahead: dict[tuple[int, int], Forecast] = {}
    history = _History(rule, computed.shape[1])
    waited = np.zeros(computed.shape[1], dtype=int)
    for day, (today, floor) in enumerate(zip(computed, floors, strict=True)):
        there, back = today != UNKNOWN, known.back[day]
        waited = np.where(there, 0, np.maximum(waited + known.limited[day], back * known.limited[day]))
        history.end(~there & (waited > known.days))
        history.begin(there & (history.tier == UNKNOWN), today)
        going_on = ~there & (history.tier != UNKNOWN)
        for area in np.flatnonzero(going_on & (back > 0)):
            history.take_back(area, int(back[area]))
        stands_for = np.where(going_on, np.maximum(history.tier, known.least[day]), today)
        found[day] = history.pass_day(stands_for, floor)
        before = carried[day - 1] if day else 0
        carried[day] = np.where(going_on, np.maximum(before + 1, back), 0)
        left[day] = np.where(going_on & known.limited[day], known.days - waited, UNKNOWN)
        if day in asked:
            for area, forecast in history.forecasts().items():
                ahead[day, area] = forecast
    return Published(found, carried, left, ahead)


class _History:
    """Days that were judged, the newest last: computed ranks, floors, what there was evidence to enter, and tiers; of
    an area that has no tier, unknown."""

    def __init__(self, rule: StabilityRule, areas: int) -> None:
        self._rule = rule
        self.tier = np.full(areas, UNKNOWN)
        self._longest = 1 + max(rule.confirm_up_days, rule.confirm_down_days, rule.minimum_stay_days)
        self._computed, self._entered, self._tiers = (
            [np.full(areas, UNKNOWN) for _ in range(self._longest)] for _ in range(3)
        )
        self._floor = self.tier

    def end(self, ends: np.ndarray) -> None:
        """These areas have no tier any more."""
        if not (ends & (self.tier != UNKNOWN)).any():
            return
        self.tier = np.where(ends, UNKNOWN, self.tier)
        for held in (self._computed, self._entered, self._tiers):
            held[:] = [np.where(ends, UNKNOWN, day) for day in held]

    def begin(self, begins: np.ndarray, today: np.ndarray) -> None:
        """For these areas the days before are as this one."""
        self.tier = np.where(begins, today, self.tier)
        for held in (self._computed, self._entered, self._tiers):
            held[-self._longest :] = [np.where(begins, today, day) for day in held[-self._longest :]]

    def take_back(self, area: int, days: int) -> None:
        """The hardest tier of some days was entered on the last of them."""
        hardest = max(int(day[area]) for day in self._tiers[-days:])
        if hardest > self.tier[area]:
            self.tier = self.tier.copy()
            for held in (self.tier, self._tiers[-1]):
                held[area] = hardest
            self._entered[-1][area] = max(int(self._entered[-1][area]), hardest)

    def pass_day(self, computed: np.ndarray, floor: np.ndarray) -> np.ndarray:
        """The tiers of the next day."""
        rule = self._rule
        up, down, stay = rule.confirm_up_days, rule.confirm_down_days, rule.minimum_stay_days
        wait = max(stay, down)
        before, there = self.tier, computed != UNKNOWN
        self._computed.append(computed)
        entered = np.maximum(np.min(self._computed[-up:], axis=0), floor)
        if rule.at_once_when_tiers_up is not None:
            far = computed - before >= rule.at_once_when_tiers_up
            entered = np.where(far, np.maximum(entered, computed), entered)
        self._entered.append(entered)
        tier = np.maximum(
            np.max(self._entered[-stay:], axis=0), np.minimum(before, np.max(self._computed[-down:], axis=0))
        )
        if rule.one_step_down:
            tier = np.maximum(tier, np.max(self._tiers[-wait:], axis=0) - 1)
        self.tier = np.where(there, tier, UNKNOWN)
        self._tiers.append(self.tier.copy())
        self._floor = floor
        return self.tier.copy()

    def forecasts(self) -> Mapping[int, Forecast]:
        """By area, when its tier changes and to which, if the day that was last goes on: by letting it go on."""
        ahead = _History(self._rule, len(self.tier))
        ahead.tier = self.tier
        ahead._computed, ahead._entered, ahead._tiers = (
            held[-self._longest :] for held in (self._computed, self._entered, self._tiers)
        )
        today, found = self.tier, {}
        for days in range(1, self._longest + 1):
            tier = ahead.pass_day(self._computed[-1], self._floor)
            for place in np.flatnonzero(tier != today):
                found.setdefault(int(place), Forecast(days, int(tier[place])))
        return found
