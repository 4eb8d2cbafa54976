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


def published(
    computed: np.ndarray, floors: np.ndarray, rule: StabilityRule, asked: Sequence[int]
) -> tuple[np.ndarray, Mapping[tuple[int, int], Forecast]]:
    """The published ranks (days, areas), and by (day, area), for the days that are asked for, what comes next, where
    anything does.

    Areas without a computed tier on the same days are judged together: for them those days do not count, and after more
    of them in a row than it takes to confirm a fall, all begins anew.
    """
    found = np.full(computed.shape, UNKNOWN)
    ahead: dict[tuple[int, int], Forecast] = {}
    patterns: dict[bytes, list[int]] = {}
    for column, known in enumerate((computed != UNKNOWN).T):
        patterns.setdefault(known.tobytes(), []).append(column)
    for columns in patterns.values():
        history, silent = _History(rule), 0
        for day in range(len(computed)):
            if computed[day, columns[0]] == UNKNOWN:
                silent += 1
                continue
            if silent > rule.confirm_down_days:
                history = _History(rule)
            silent = 0
            found[day, columns] = history.pass_day(computed[day, columns], floors[day, columns])
            if day in asked:
                for place, forecast in history.forecasts().items():
                    ahead[day, columns[place]] = forecast
    return found, ahead


class _History:
    """Days that were judged, the newest last: computed ranks, floors, what there was evidence to enter, and tiers."""

    def __init__(self, rule: StabilityRule) -> None:
        self._rule = rule
        self._computed: list[np.ndarray] = []
        self._floors: list[np.ndarray] = []
        self._entered: list[np.ndarray] = []
        self._tiers: list[np.ndarray] = []

    def pass_day(self, computed: np.ndarray, floor: np.ndarray) -> np.ndarray:
        """The tiers of the next day."""
        rule = self._rule
        up, down, stay = rule.confirm_up_days, rule.confirm_down_days, rule.minimum_stay_days
        wait = max(stay, down)
        if not self._tiers:  # days before the first are as the first
            for held in (self._computed, self._entered, self._tiers):
                held.extend([computed] * max(up, wait))
        before = self._tiers[-1]
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
        self._tiers.append(tier)
        self._floors.append(floor)
        return tier

    def forecasts(self) -> Mapping[int, Forecast]:
        """By area, when its tier changes and to which, if the day that was last goes on: by letting it go on."""
        rule = self._rule
        farthest = 1 + max(rule.confirm_up_days, rule.confirm_down_days, rule.minimum_stay_days)
        ahead = _History(rule)
        ahead._computed, ahead._entered, ahead._tiers = (
            held[-farthest:] for held in (self._computed, self._entered, self._tiers)
        )
        today, found = self._tiers[-1], {}
        for days in range(1, farthest + 1):
            tier = ahead.pass_day(self._computed[-1], self._floors[-1])
            for place in np.flatnonzero(tier != today):
                found.setdefault(int(place), Forecast(days, int(tier[place])))
        return found
