"""Which feeds are silent, a second time: the rule of `silence_rule.guessed`, feed by feed and day by day."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

COLUMNS = {"incidents": ("channel", "category"), "checks": ("kind",)}
KINDS = ("category", "kind")
YEAR = 366


@dataclass(frozen=True, eq=False)
class Silence:
    """Each (days, areas): where a feed is silent ``now``, where none is but one was ``before`` in the window, and for
    how many days a silence of now goes ``back``."""

    now: np.ndarray
    before: np.ndarray
    back: np.ndarray


def silent_feeds(
    rows: pd.DataFrame, chosen: pd.DataFrame, days: pd.DatetimeIndex
) -> Mapping[tuple[str, object], np.ndarray]:
    """By feed, for how many days it has been silent on each day, 0 where it is not. A feed is ("", "") for the whole
    table, a column and one of its values, or ("area", the areas)."""
    columns = COLUMNS["checks" if "checked_at" in rows else "incidents"]
    parts: dict[tuple[str, object], pd.DataFrame] = {("", ""): rows}
    parts |= {(name, value): part for name in columns for value, part in rows.groupby(name, observed=True)}
    groups = [(area,) for area in chosen.index]
    above = chosen["parent_id"].dropna()
    for _, inside in above.groupby(above):
        if 1 < len(inside) < len(chosen):
            groups.append(tuple(inside.index))
    parts |= {("area", group): rows[rows["area"].isin(group)] for group in groups}
    first = rows["day"].min()
    span = days[days >= first]
    found = {}
    for (column, value), part in parts.items():
        counts = part.groupby("day").size().reindex(span, fill_value=0).tolist()
        weekday = None if column == "area" else first.weekday()
        silent = silent_days(counts, weekday, len(parts), is_kind=column in KINDS)
        found[column, value] = np.array([0] * (len(days) - len(span)) + silent)
    return found


def silent_days(counts: Sequence[int], first_weekday: int | None, feeds: int, *, is_kind: bool) -> list[int]:
    """For how many days a feed has been silent on each day, 0 where it is not."""
    rare = math.log(feeds * 365 / 0.2)
    begun = next((day for day, n in enumerate(counts) if n), len(counts))
    found: list[int] = []
    rhythm = {}  # the longest run that was no silence, by the block of a year in which it ended
    heard, run, expected, told = begun, 0, 0.0, False
    for day, n in enumerate(counts):
        if n or day < begun:
            if run and not told:
                rhythm[day // YEAR] = max(rhythm.get(day // YEAR, 0), run)
            heard, run, expected, told = day, 0, 0.0, False
            found.append(0)
            continue
        if run == 0:
            usual, spread, steady = _usual(counts[: heard + 1], begun, first_weekday)
        run += 1
        expected += usual[(first_weekday + day) % 7 if first_weekday is not None else 0] * (0.3 if run <= 8 else 1)
        longest = max(rhythm.get(day // YEAR, 0), rhythm.get(day // YEAR - 1, 0))
        unlikely = expected * math.log(spread) / (spread - 1) >= rare
        abrupt = steady and run <= 21 if is_kind else True
        told = told or (unlikely and abrupt and run > longest and day - begun + 1 - run >= 28)
        found.append(run if told else 0)
    return found


def _usual(past: Sequence[int], begun: int, first_weekday: int | None) -> tuple[Sequence[float], float, bool]:
    """What a feed brings on each day of the week, its variance as a multiple of its mean from week to week, and whether
    it came in each of the last five weeks; ``past`` ends with the day on which it was last heard."""
    age = len(past) - begun
    means = [sum(past[-span:]) / min(age, span) for span in (28, 56, 112)]
    if first_weekday is None:
        usual = [min(means)]
    else:
        usual = [0.0] * 7
        for back, n in enumerate(reversed(past[-56:])):
            usual[(first_weekday + len(past) - 1 - back) % 7] += n
        usual = [n / max(min(age, 56) / 7, 1) * min(means) / means[1] for n in usual]
    weeks = [sum(past[max(0, end - 7) : end]) for end in range(len(past), max(len(past) - 112, 0), -1)]
    number = min(age, 112)
    mean = sum(weeks) / number
    variance = max(sum(n * n for n in weeks) / number - mean * mean, 0)
    last = [sum(past[max(0, len(past) - 7 * ago - 7) : max(0, len(past) - 7 * ago)]) for ago in range(5)]
    return usual, max(variance / mean if mean else 2.0, 2.0), min(last) > 0
