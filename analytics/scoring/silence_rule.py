"""The rule by which a feed is taken to be silent: what it has agreed to, or its past rhythm.

Both judge each day from that day and those before it alone.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import numpy as np

FALSE_ALARMS = 0.2
"""False alarms that an office has in a year at the most, over all feeds together, if the rule's assumptions hold."""

LEAST_VARIANCE = 2.0
"""Counts are taken to vary at least so much, as a multiple of their mean. Hotlines show 1.3 to 1.9."""

STEADY_WEEKS, ABRUPT_DAYS = 5, 21
"""When a kind is taken to have been steady, and within how many days its breaking off must tell."""

SHORT, USUAL, LONG = 28, 56, 112
"""Windows, in days, whose least mean is what a feed usually brings. A feed is judged from ``SHORT`` days on."""

HOLIDAY_SHARE, HOLIDAY_DAYS = 0.3, 8
"""What a public holiday may leave of the usual, and how long it may last, where the office's table of holidays does not
say which days are meant."""

LONGEST_REMEMBERED = 366

WEEKEND_DAYS = 2
"""So many days in a row on which no report is due bring nothing; on more, what they bring is waited for."""

NEVER_ENDED = NOT_DUE = -(10**6)


class Judged(NamedTuple):
    """What is known of some feeds on some days, each (days, feeds): whether a feed is silent ``now``; for how many days
    that reaches ``back``; the last day of its latest silence that is ``over``, far in the past where none is; and
    whether it is silent only as it ``waits`` for its next report, which is not due yet."""

    now: np.ndarray
    back: np.ndarray
    over: np.ndarray
    waits: np.ndarray


def guessed(
    n: np.ndarray,
    first_weekday: int | None,
    resting: np.ndarray,
    heard: np.ndarray,
    feeds: int,
    kinds: np.ndarray | None = None,
) -> Judged:
    """Silence by the past rhythm: ``n`` (days, feeds) records; ``kinds`` (feeds,) which are kinds of incident or check;
    ``resting`` (days,) days of the office's holidays, or empty where it has no such table; ``heard`` (days, feeds): a
    zero report says that nothing happened.

    On each day a feed has usually brought what is the least of its means over the last 28, 56 and 112 days (with a
    ``first_weekday``, 0 for Monday, shared out to the days of the week as in the last eight weeks). A run of days
    without records is silence when it is longer than any run of the past year that was not silence, and when so many
    missing records have a chance of at most α: counts have a variance of φ times their mean, φ as it was from week to
    week but at least 2,
    so that a mean of m gives none with the chance φ^(−m/(φ−1)) (negative binomial). α is shared out so that all
    ``feeds`` together give ``FALSE_ALARMS`` a year. Of what is usual a holiday may leave 30 %: that much is expected on
    the office's holidays, or, where it has not said which these are, on the first 8 days of a run.

    A kind ends by itself: its season is over, or an outbreak. So it is judged only where it came in each of the last
    ``STEADY_WEEKS`` weeks and broke off: what would have told within ``ABRUPT_DAYS`` days.
    """
    days, width = n.shape
    limit = np.log(max(feeds, 1) * 365 / FALSE_ALARMS)
    known_rests = len(resting) > 0
    now, back = np.zeros((days, width), dtype=bool), np.zeros((days, width), dtype=np.int16)
    over = np.full((days, width), NEVER_ENDED, dtype=np.int32)
    kinds = np.zeros(width, dtype=bool) if kinds is None else kinds
    steady = np.ones(width, dtype=bool)
    sums = {span: np.zeros(width) for span in (SHORT, USUAL, LONG)}
    week, weekly, weekly_squares = np.zeros(width), np.zeros(width), np.zeros(width)
    weeks: deque[np.ndarray] = deque([np.zeros(width)] * LONG, LONG)
    profile = np.zeros((1 if first_weekday is None else 7, width))
    usual = np.zeros_like(profile)
    begun = np.full(width, days)
    run, expected, ended = np.zeros(width, np.int32), np.zeros(width), np.full(width, NEVER_ENDED, np.int32)
    runs = np.zeros((2, width), np.int32)  # the longest run that was no silence, of this year and the one before
    spread = np.full(width, LEAST_VARIANCE)
    was = np.zeros(width, dtype=bool)
    for day in range(days):
        today, weekday = n[day].astype(float), 0 if first_weekday is None else (first_weekday + day) % 7
        here = (n[day] > 0) | heard[day]
        if day and day % LONGEST_REMEMBERED == 0:
            runs[1], runs[0] = runs[0], 0
        first = here & (begun == days)
        begun = np.where(first, day, begun)
        for span, held in sums.items():
            held += today - (n[day - span] if day >= span else 0)
        profile[weekday] += today - (n[day - USUAL] if day >= USUAL else 0)
        week += today - (n[day - 7] if day >= 7 else 0)
        weekly += week - weeks[0]
        weekly_squares += week**2 - weeks[0] ** 2
        weeks.append(week.copy())
        # What ended: a run that was no silence is a rhythm to remember.
        ends = here & (run > 0)
        runs[0] = np.where(ends & ~was, np.maximum(runs[0], run), runs[0])
        ended = np.where(ends & was, day - 1, ended)
        run, expected = np.where(here, 0, run + 1).astype(np.int32), np.where(here, 0.0, expected)
        age = day - begun + 1
        # What is usual is what was so when the feed was last heard.
        if here.any():
            means = [held / np.clip(age, 1, span) for span, held in sums.items()]
            least = np.min([means[0], means[1], means[2]], axis=0)
            seen = np.clip(age, 1, USUAL)
            per_day = profile / (seen if first_weekday is None else np.maximum(seen / 7, 1))
            scaled = per_day * np.where(means[1] > 0, least / np.where(means[1] > 0, means[1], 1), 0)
            usual = np.where(here, scaled, usual)
            counted = np.clip(age, 1, LONG)
            mean = weekly / counted
            variance = np.maximum(weekly_squares / counted - mean**2, 0)
            found = np.where(mean > 0, variance / np.where(mean > 0, mean, 1), LEAST_VARIANCE)
            spread = np.where(here, np.maximum(found, LEAST_VARIANCE), spread)
            in_each = np.min([weeks[-1 - 7 * ago] for ago in range(STEADY_WEEKS)], axis=0) > 0
            steady = np.where(here & kinds, in_each, steady)
        rests = resting[day] if known_rests else run <= HOLIDAY_DAYS
        expected = np.where(here, 0.0, expected + usual[weekday] * np.where(rests, HOLIDAY_SHARE, 1.0))
        unlikely = expected * np.log(spread) / (spread - 1) >= limit
        told = unlikely & (run > runs.max(axis=0)) & (age - run >= SHORT) & steady & (~kinds | (run <= ABRUPT_DAYS))
        was = ~here & (was | told)
        now[day], back[day], over[day] = was, np.where(was, np.minimum(run, 30_000), 0), ended
    return Judged(now, back, over, np.zeros_like(now))


def by_agreement(
    here: np.ndarray, due: np.ndarray, start: int, silent_for: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Silence by agreement, as in :class:`Judged` but (days,): from the day of a missing report until one comes. Days
    that only the next report will cover are waited for: until then they are no zero either.

    ``here`` (days,): a record or report; ``due`` (days,): the first day that the report due on this day may cover,
    ``NOT_DUE`` where none is due. ``start``: the position of the day from which on the agreement holds; ``silent_for``:
    for how many days the feed had been silent then.
    """
    silent, waits = np.zeros((2, len(here)), dtype=bool)
    back = np.zeros(len(here), dtype=np.int16)
    over = np.full(len(here), NEVER_ENDED, dtype=np.int32)
    last, ended, was = start - 1 - silent_for, NEVER_ENDED, silent_for > 0
    for day in range(max(start, 0), len(here)):
        if here[day]:
            ended, last, was = (day - 1 if was else ended), day, False
        elif last < due[day]:
            was = True
        elif not was:
            waits[day] = due[day] != NOT_DUE or day - last > WEEKEND_DAYS
        silent[day], over[day] = was or waits[day], ended
        back[day] = day - last if silent[day] else 0
    return silent, back, over, waits
