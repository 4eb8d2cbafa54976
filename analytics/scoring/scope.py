"""What can be scored: whether records and a scheme fit, the areas of its level, and the days that have full records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analytics.errors import ScoringError
from analytics.scheme import Scheme
from analytics.scheme.tables import EVENT_TABLES
from analytics.scoring.area_counts import dated_columns, dated_days, reported_everywhere
from analytics.scoring.combine import combine
from analytics.store.counts import Counts
from analytics.words import Phrase, phrase

LONGEST_HISTORY = 3660


def dated_columns_used(counts: Counts, scheme: Scheme) -> list[str]:
    """The columns of values by day that a scheme uses."""
    there = dated_columns(counts)
    return [item.given.column for item in scheme.indicators if item.given and item.given.column in there]


def scored_areas(counts: Counts, scheme: Scheme) -> pd.DataFrame:
    """The areas of the scheme's level; all of them when the file names no levels."""
    every = counts.areas
    if every["level"].isna().all():
        return every
    chosen = every[every["level"] == scheme.level]
    if chosen.empty:
        level, *there = (
            phrase(f"templates.word_level_{one}") for one in (scheme.level, *sorted(every["level"].dropna().unique()))
        )
        raise ScoringError.because("scoring.no_area_of_level", level=level, there=there)
    return chosen


def first_full_day(counts: Counts, scheme: Scheme) -> date | None:
    """The first day on which every window of the scheme lies within the records; None where nothing is dated."""
    begins = first_days(counts)
    ready = [_date(dated_days(counts, column)[0]) for column in dated_columns_used(counts, scheme)]
    ready += [
        begins[item.source] + timedelta(days=(item.window_days or (item.days_since.cap if item.days_since else 1)) - 1)
        for item in scheme.indicators
        if item.source in begins
    ]
    return max(ready, default=None)


def require_tables(counts: Counts, scheme: Scheme) -> None:
    """Raise :class:`ScoringError` when so many tables are not loaded that no area could be given a tier."""
    found = combine(np.array([[[0.0 if counts.has(item.source) else np.nan for item in scheme.indicators]]]), scheme)
    if found.known[0, 0] < scheme.missing.minimum_known_weight:
        lacking = sorted({item.source for item in scheme.indicators if not counts.has(item.source)})
        raise ScoringError.because(
            "scoring.tables_missing",
            scheme=scheme.id,
            tables=[phrase(f"tables.{table}") for table in lacking],
            known=f"{found.known[0, 0]:.0%}",
            least=f"{scheme.missing.minimum_known_weight:.0%}",
        )


def misfit(counts: Counts, scheme: Scheme) -> Phrase | None:
    """Why a scheme cannot be used on records: they lack areas of its level, columns that its ``given`` indicators name,
    or too many of its tables; None for one that can."""
    try:
        require_tables(counts, scheme)
        areas = scored_areas(counts, scheme)
    except ScoringError as error:
        return error.problems[0]
    there = {*areas.select_dtypes("number"), *dated_columns(counts)}
    lacking = [item.given.column for item in scheme.indicators if item.given and item.given.column not in there]
    return phrase("scoring.columns_missing", scheme=scheme.id, columns=lacking) if lacking else None


def fits(counts: Counts, scheme: Scheme) -> bool:
    """Whether a scheme can be used on records."""
    return misfit(counts, scheme) is None


def days_between(first: date, last: date) -> pd.DatetimeIndex:
    """Every day from ``first`` to ``last``, both included; raises :class:`ScoringError` for a span that is none."""
    if last < first:
        raise ScoringError.because("scoring.days_backwards", first=first, last=last)
    if last - first >= timedelta(days=LONGEST_HISTORY):
        raise ScoringError.because("scoring.too_many_days", limit=LONGEST_HISTORY)
    return pd.date_range(first, last, freq="D")


def last_known_day(counts: Counts) -> date | None:
    """The newest day of which anything is known: a record, a value, or a report that nothing happened in the whole
    office; None where nothing is dated. No later day can be scored for a release."""
    newest = [counts.days(table)[-1] for table in EVENT_TABLES if counts.has(table) and len(counts.days(table))]
    newest += [dated_days(counts, column)[-1] for column in dated_columns(counts)]
    newest += [
        found[-1] for table in EVENT_TABLES if counts.has(table) and len(found := reported_everywhere(counts, table))
    ]
    return _date(max(newest)) if newest else None


def first_days(counts: Counts) -> Mapping[str, date]:
    """For each table of events, the day of its first record."""
    tables = [table for table in EVENT_TABLES if counts.has(table) and len(counts.days(table))]
    return {table: _date(counts.days(table)[0]) for table in tables}


def _date(day_number: int) -> date:
    return date(1970, 1, 1) + timedelta(days=int(day_number))
