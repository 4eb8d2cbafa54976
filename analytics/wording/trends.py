"""Incidents week by week in words: how a series is called, and the newest week against the weeks before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analytics.releases.trend import feed_name
from analytics.scoring.reporting_delay import COMPLETE_SHARE, ReportingDelay
from analytics.scoring.summary import complete_weeks
from analytics.wording.dates import short_day
from analytics.wording.numbers import NOTHING
from analytics.words import Language, keys, phrase, say

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


def latest_week(lang: Language, counts: pd.DataFrame, delay: ReportingDelay) -> list[dict[str, str]]:
    """The newest week's incidents (of ``counts``, a row a week), against the week before and the same week a year
    before ("—" against none, and where the week is not complete): each a ``label`` and a ``text``."""
    total = counts.sum(axis=1)
    compared = total if len(complete_weeks(counts, delay.complete_to)) == len(counts) else total.iloc[-1:]
    return [
        {"label": say(lang, "trends.week_to", day=short_day(lang, delay.day)), "text": f"{int(total.iloc[-1]):,}"},
        {"label": say(lang, "trends.before"), "text": _against(compared, 1)},
        {"label": say(lang, "trends.year_before"), "text": _against(compared, WEEKS_OF_A_YEAR)},
    ]


def how_complete(lang: Language, counts: pd.DataFrame, delay: ReportingDelay) -> list[str]:
    """Why the newest week is held against nothing; the newest complete one; from when on records are provisional."""
    said, complete = [], complete_weeks(counts, delay.complete_to)
    if len(complete) < len(counts):
        why = "not_over" if counts.index[-1] > pd.Timestamp(delay.day) else "not_in"
        said.append(say(lang, "trends.not_compared", why=phrase(f"bulletin.{why}")))
        if len(complete):
            total = complete.sum(axis=1)
            of = {"before": _against(total, 1), "year_before": _against(total, WEEKS_OF_A_YEAR)}
            said.append(
                say(lang, "trends.newest_complete", day=total.index[-1].date(), n=f"{int(total.iloc[-1]):,}", **of)
            )
    if not delay.feeds:
        said.append(say(lang, "trends.delay_unknown"))
    return [*said, *provisional(lang, delay)]


def provisional(lang: Language, delay: ReportingDelay) -> list[str]:
    """From which day on records are provisional, and because of which feed; nothing where none are."""
    slowest = delay.slowest
    if slowest is None:
        return []
    days = phrase("bulletin.days_one" if slowest.days == 1 else "bulletin.days_many", n=slowest.days)
    of = {"feed": feed_name(slowest.feed), "days": days, "share": round(COMPLETE_SHARE * 100)}
    return [say(lang, "bulletin.provisional", first=delay.provisional_from, **of)]


def _against(total: pd.Series, weeks: int) -> str:
    now, then = int(total.iloc[-1]), int(total.iloc[-1 - weeks]) if len(total) > weeks else 0
    return f"{(now - then) / then:+.1%}" if then else NOTHING
