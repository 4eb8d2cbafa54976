"""Incidents week by week in words: how a series is called, and the newest week against the weeks before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analytics.releases.trend import feed_name
from analytics.scoring.comparable_weeks import WeeklyIncidents
from analytics.scoring.reporting_delay import COMPLETE_SHARE, ReportingDelay
from analytics.wording.dates import short_day
from analytics.wording.numbers import NOTHING
from analytics.words import Language, keys, phrase, say, signed

COMPARED: Mapping[str, int] = {"before": 1, "year_before": 52}
"""How many weeks before the newest is it held against."""


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


def latest_week(lang: Language, weekly: WeeklyIncidents) -> list[dict[str, str]]:
    """The newest week's incidents, against the week before and the same week a year before ("—" against none, and where
    the week is not complete): each a ``label`` and a ``text``."""
    whole = len(weekly.complete) == len(weekly.counts)
    newest = int(weekly.counts.iloc[-1].sum())
    return [
        {"label": say(lang, "trends.week_to", day=short_day(lang, weekly.delay.day)), "text": f"{newest:,}"},
        *(
            {"label": say(lang, f"trends.{name}"), "text": _against(weekly, weeks) if whole else NOTHING}
            for name, weeks in COMPARED.items()
        ),
    ]


def how_complete(lang: Language, weekly: WeeklyIncidents) -> list[str]:
    """Why the newest week is held against nothing; the newest complete one, and whether it is like those before; from
    when on records are provisional."""
    said, counts, complete, delay = [], weekly.counts, weekly.complete, weekly.delay
    if len(complete) < len(counts):
        why = "not_over" if counts.index[-1] > pd.Timestamp(delay.day) else "not_in"
        said.append(say(lang, "trends.not_compared", why=phrase(f"bulletin.{why}")))
        if len(complete):
            of = {name: _against(weekly, weeks) for name, weeks in COMPARED.items()}
            n = f"{int(complete.iloc[-1].sum()):,}"
            said.append(say(lang, "trends.newest_complete", day=complete.index[-1].date(), n=n, **of))
    ends = [end.date() for end in complete.index[-2:]]
    if len(ends) > 1 and weekly.interrupted(ends):
        said.append(say(lang, "trends.interrupted"))
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


def _against(weekly: WeeklyIncidents, weeks: int) -> str:
    found = weekly.against(weeks)
    return NOTHING if found is None else f"{signed(found * 100, 1)}%"
