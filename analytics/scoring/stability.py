"""Stability: computed tiers → published tiers, a pure function of (history, rule).

An area of 800 residents has about 12 incidents a month, so its computed tier jumps with nothing really changing. The
published tier waits for evidence, and every wait can be shown: towards which tier, for how many days of how many.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics import tiers
from analytics.scheme.model import StabilityRule

AS_COMPUTED = StabilityRule(confirm_up_days=1, confirm_down_days=1, minimum_stay_days=1, one_step_down=False)
"""No stability: what is computed is published."""

LONG_AGO = 400
"""Days at which the clocks below stop counting: beyond the longest wait that a rule can ask for (366 days)."""

NO_CHANGE = -1

_RANKS = np.arange(len(tiers.RANKED) + 1, dtype=np.int8)[:, np.newaxis]  # one more than red: "harder than red" is never


@dataclass(frozen=True, eq=False)
class PublishedTiers:
    """What is published and what is waited for. Arrays are (days, areas).

    - ``tier``: the published rank (int8, see `tiers`);
    - ``carried``: for how many days, this one included, there has been nothing to compute a tier from while one is
      carried on; 0 where there is a computed one, or where nothing is carried;
    - ``carry_left``: for how many days more it is carried if nothing comes; ``NO_CHANGE`` where that is not limited;
    - ``waiting_for``: the rank that comes next if today's computed tier goes on; the published one where none does;
    - ``days_held`` of ``days_needed``: days of evidence so far, today included, and those that the change takes,
      the rest of the stay included; both 0 where nothing is waited for;
    - ``next_change``: days until that change, ``days_needed - days_held``; ``NO_CHANGE`` where there is none.
    """

    tier: np.ndarray
    carried: np.ndarray
    carry_left: np.ndarray
    waiting_for: np.ndarray
    days_held: np.ndarray
    days_needed: np.ndarray
    next_change: np.ndarray


@dataclass(frozen=True, eq=False)
class Carrying:
    """What is known of days without a computed tier, each (days, areas): ``least``, the rank that an area has at the
    least (int8); ``limited``, whether the day counts towards the ``days`` for which a tier is carried on; and ``back``
    (int16), for how many days, this one included, there has been nothing, 0 where that is not known."""

    least: np.ndarray
    limited: np.ndarray
    back: np.ndarray
    days: int


def publish(
    computed: np.ndarray,
    floors: np.ndarray,
    rule: StabilityRule,
    carrying: Carrying | None = None,
    last: int | None = None,
) -> PublishedTiers:
    """The published tiers of a daily history without holes; of its ``last`` days alone where that is given.

    ``computed`` (days, areas) are ranks with floors applied; ``floors`` (days, areas) is the least rank that the floor
    rules demand on that day, whether or not the score alone reaches it, and -1 where none holds. (Were it only "a floor
    decided", an area whose score worsens up to the floor would lose its rise at once, against law 1.)

    The tier of day *d*, with U, D and S the days to confirm up, to confirm down and to stay, W = max(S, D), is the
    greatest of

    - ``max e[d-S+1 … d]``, where ``e[d] = max(min computed[d-U+1 … d], floors[d])``, or all of ``computed[d]`` where it
      is ``at_once_when_tiers_up`` above the tier of the day before: what was entered in the last S days stays;
    - ``min(tier[d-1], max computed[d-D+1 … d])``: no fall without D days below;
    - ``max tier[d-W … d-1] - 1`` when ``one_step_down``: each step waits for its own confirmation and stay.

    Days before the first are as the first, whose tier is the computed one. On a day without a computed tier the last
    published one is carried on: the day counts as one with that tier, or with the area's ``least`` one where that is
    harder, so that it may rise and never falls. Where it turns out that there has been nothing for some days ``back``,
    what fell since then is taken back: the hardest tier of those days is carried on. After more ``limited`` days than
    ``carrying`` allows, or without an earlier tier, the area is unknown, and what comes then begins anew. Without
    ``carrying`` nothing is carried on.

    Every term only grows with ``computed`` and ``floors``. So, without ``at_once_when_tiers_up``, a history that is
    worse on any days is published no lower on any day; with it, the same past and a worse today are. For this a stay
    counts from evidence for a tier and not from a fall into it, unless falls are one step at a time: were it otherwise,
    an area that falls late and far would pass below one that fell early and half-way.

    An area whose computed tier is yellow (2) on two days of nine, else green (0). It rises on the second of them, stays
    for three days from its entry, and comes down one step at a time, each with three days of its own:

    >>> computed = np.array([[0], [2], [2], [0], [0], [0], [0], [0], [0]])
    >>> rule = StabilityRule(confirm_up_days=2, confirm_down_days=3, minimum_stay_days=3)
    >>> published = publish(computed, np.full_like(computed, -1), rule)
    >>> published.tier[:, 0].tolist()
    [0, 0, 2, 2, 2, 1, 1, 1, 0]
    >>> published.next_change[:, 0].tolist()
    [-1, 1, -1, 2, 1, 3, 2, 1, -1]
    """
    clocks = _Clocks(computed.shape[1])
    if carrying is None:
        carrying = Carrying(computed, np.ones(computed.shape, dtype=bool), np.zeros(computed.shape, np.int16), 0)
    begin = 0 if last is None else len(computed) - last
    shape = (len(computed) - begin, computed.shape[1])
    held = PublishedTiers(
        tier=np.empty(shape, np.int8),
        carried=np.empty(shape, np.int16),
        carry_left=np.empty(shape, np.int16),
        waiting_for=np.empty(shape, np.int8),
        days_held=np.empty(shape, np.int16),
        days_needed=np.empty(shape, np.int16),
        next_change=np.empty(shape, np.int16),
    )
    for day, (today, floor) in enumerate(zip(computed.astype(np.int8), floors.astype(np.int8), strict=True)):
        today = clocks.carried_on(today, carrying, day)
        tier, at = clocks.pass_day(today, floor, rule), day - begin
        if at < 0:
            continue
        held.tier[at] = tier
        held.carried[at] = clocks.carried
        held.carry_left[at] = np.where(
            (clocks.carried > 0) & carrying.limited[day], carrying.days - clocks.gap, NO_CHANGE
        )
        held.waiting_for[at], held.days_held[at], held.next_change[at] = clocks.outlook(today, rule)
    held.days_needed[:] = np.where(held.next_change == NO_CHANGE, 0, held.days_held + held.next_change)
    return held


class _Clocks:
    """Running windows, kept as days counted for each rank and area: (ranks, areas), so that a window's length costs
    nothing. ``min of the last n ≥ rank`` is ``above >= n``; ``max of the last n ≥ rank`` is ``since < n``."""

    def __init__(self, areas: int) -> None:
        # "For long" both above every rank and below it: the first day then takes the computed tier as settled.
        shape = (len(_RANKS), areas)
        self.above = np.full(shape, LONG_AGO, np.int16)  # days in a row of computed ≥ rank
        self.since_computed = np.full(shape, LONG_AGO, np.int16)  # days since computed ≥ rank, 0 is today
        self.since_entry = np.full(shape, LONG_AGO, np.int16)  # days since there was evidence to enter rank
        self.since_tier = np.full(shape, LONG_AGO, np.int16)  # days since the published tier was ≥ rank
        self.tier = np.full(areas, tiers.UNKNOWN_RANK, np.int8)  # the last known one
        self.gap = np.zeros(areas, np.int16)  # days without a computed tier that count towards being carried on
        self.carried = np.zeros(areas, np.int16)  # days in a row on which the tier is carried on

    def carried_on(self, computed: np.ndarray, carrying: Carrying, day: int) -> np.ndarray:
        """The computed ranks of the day, (areas,), and what stands for them where there is none."""
        known, limited = computed != tiers.UNKNOWN_RANK, carrying.limited[day]
        back = np.where(known, 0, np.minimum(carrying.back[day], LONG_AGO - 1)).astype(np.int16)
        anew = known & (self.gap > carrying.days)
        gap = np.maximum(self.gap + limited, back * limited)
        self.gap = np.where(known, 0, np.minimum(gap, LONG_AGO)).astype(np.int16)
        # Once unknown, an area stays so until there is a computed tier.
        expired = ~known & (self.gap > carrying.days)
        self.tier = np.where(anew | expired, np.int8(tiers.UNKNOWN_RANK), self.tier)
        if anew.any():
            for clock in (self.above, self.since_computed, self.since_entry, self.since_tier):
                clock[:, anew] = LONG_AGO
        carried = ~known & (self.tier != tiers.UNKNOWN_RANK)
        before = np.count_nonzero(self.since_tier < back, axis=0) - 1
        risen = carried & (before > self.tier)
        if risen.any():
            self.tier = np.where(risen, before, self.tier).astype(np.int8)
            again = risen & (self.tier >= _RANKS)
            self.since_tier, self.since_entry = (
                np.where(again, 0, held) for held in (self.since_tier, self.since_entry)
            )
        lasts = np.minimum(np.maximum(self.carried + 1, back), LONG_AGO)
        self.carried = np.where(carried, lasts, 0).astype(np.int16)
        return np.where(carried, np.maximum(self.tier, carrying.least[day]), computed).astype(np.int8)

    def pass_day(self, computed: np.ndarray, floor: np.ndarray, rule: StabilityRule) -> np.ndarray:
        """Go on by one day and return its published ranks, (areas,)."""
        known = computed != tiers.UNKNOWN_RANK
        reached = computed >= _RANKS
        above = np.minimum(self.above + 1, LONG_AGO) * reached
        since_computed = _since(self.since_computed, reached)
        at_once = floor
        if rule.at_once_when_tiers_up is not None:
            far = computed - self.tier >= rule.at_once_when_tiers_up
            at_once = np.where(far, computed, floor)
        since_entry = _since(self.since_entry, (above >= rule.confirm_up_days) | (at_once >= _RANKS))
        stands = (since_computed < rule.confirm_down_days) & (self.tier >= _RANKS)
        stands |= since_entry < rule.minimum_stay_days
        if rule.one_step_down:
            stands[:-1] |= self.since_tier[1:] < _step_days(rule)
        tier = (np.count_nonzero(stands, axis=0) - 1).astype(np.int8)

        self.since_tier = np.where(known, _since(self.since_tier, tier >= _RANKS), self.since_tier)
        self.above = np.where(known, above, self.above)
        self.since_computed = np.where(known, since_computed, self.since_computed)
        self.since_entry = np.where(known, since_entry, self.since_entry)
        self.tier = np.where(known, tier, self.tier)
        return np.where(known, tier, tiers.UNKNOWN_RANK)

    def outlook(self, computed: np.ndarray, rule: StabilityRule) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What follows if ``computed`` goes on: rank waited for, days of evidence held, days to go; each (areas,)."""
        known = computed != tiers.UNKNOWN_RANK
        waiting_for = np.where(known, self.tier, tiers.UNKNOWN_RANK)
        days_held = np.zeros(len(computed), np.int16)
        to_go = np.full(len(computed), NO_CHANGE, np.int16)

        up = np.flatnonzero(known & (computed > self.tier))
        above = self.above[:, up]
        days_held[up] = at_next = above[self.tier[up] + 1, np.arange(len(up))]
        to_go[up] = rule.confirm_up_days - at_next
        waiting_for[up] = np.count_nonzero(above >= at_next, axis=0) - 1

        down = np.flatnonzero(known & (computed < self.tier))
        tier = self.tier[down]
        below, since_entry = self.since_computed[tier, down], self.since_entry[tier, down]
        left = np.maximum(rule.confirm_down_days - below, rule.minimum_stay_days - since_entry)
        if rule.one_step_down:
            since_step = self.since_tier[tier + 1, down] - 1
            left = np.maximum(left, _step_days(rule) - since_step)
            days_held[down] = np.minimum(below, since_step)
            waiting_for[down] = tier - 1
        else:
            days_held[down] = below
            stands = computed[down] >= _RANKS
            stands |= self.since_computed[:, down] + left < rule.confirm_down_days
            stands |= self.since_entry[:, down] + left < rule.minimum_stay_days
            waiting_for[down] = np.count_nonzero(stands, axis=0) - 1
        to_go[down] = left
        return waiting_for, days_held, to_go


def _since(yesterday: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Days since a thing was so, given yesterday's count and whether it is so today."""
    return np.minimum(yesterday + 1, LONG_AGO) * ~now


def _step_days(rule: StabilityRule) -> int:
    """Days between two steps down: the new tier's own stay and its own confirmation run side by side."""
    return max(rule.minimum_stay_days, rule.confirm_down_days)
