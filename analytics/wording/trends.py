"""Incidents week by week in words: how a series is called, and the newest week against the weeks before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from analytics.wording.dates import short_day
from analytics.wording.numbers import NOTHING
from analytics.words import Language, keys, say

WEEKS_OF_A_YEAR = 52


def series_name(lang: Language, by: str, value: str, names: Mapping[str, str]) -> str:
    """How a category or a community is called on a chart; a word that the tables do not have stays as it is."""
    entry = f"categories.{value}"
    if by == "category" and entry in keys():
        return say(lang, entry)
    return names.get(value, value)


def leading_columns(lang: Language, counts: pd.DataFrame, first: Sequence[str], most: int) -> pd.DataFrame:
    """The columns of ``counts`` with those of ``first`` in front, at most ``most``: the rest is added up as others."""
    ordered = [name for name in first if name in counts] + [name for name in counts if name not in first]
    if len(ordered) <= most:
        return counts[ordered]
    rest = counts[ordered[most - 1 :]].sum(axis=1).rename(say(lang, "trends.other"))
    return pd.concat([counts[ordered[: most - 1]], rest], axis=1)


def latest_week(lang: Language, counts: pd.DataFrame, last: date) -> list[dict[str, str]]:
    """The newest week's incidents (of ``counts``, a row a week), against the week before and the same week a year
    before ("—" against none): each a ``label`` and a ``text``."""
    total = counts.sum(axis=1)
    now = int(total.iloc[-1])
    return [
        {"label": say(lang, "trends.week_to", day=short_day(lang, last)), "text": f"{now:,}"},
        {"label": say(lang, "trends.before"), "text": _against(total, now, 1)},
        {"label": say(lang, "trends.year_before"), "text": _against(total, now, WEEKS_OF_A_YEAR)},
    ]


def _against(total: pd.Series, now: int, weeks: int) -> str:
    then = int(total.iloc[-1 - weeks]) if len(total) > weeks else 0
    return f"{(now - then) / then:+.1%}" if then else NOTHING
