"""Incidents by what became of them: how many came in, fell due, were closed, and how long open ones have been open.

The SQL is as plain as that of `sources`: sums of cases, and days as literals made here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd
import pyarrow as pa

from analytics.loaders.records import FLAGS
from analytics.store.answers import numbers_in
from analytics.store.counts import Counts
from analytics.store.sources import Source

NOT_CLOSED_KINDS = frozenset({"confirmed_case", "suspected_case", "close_contact", "fever"})
"""Kinds that tell of an illness."""

NOT_CLOSED_CHANNELS = frozenset({"clinic"})
"""Channels that tell of patients."""

OPEN_DAYS = (3, 7, 15, 30)
"""The last day of each band of days open; what is open for longer is in one more."""

AGES: tuple[str, ...] = tuple(f"age_{at}" for at in range(len(OPEN_DAYS) + 1))
COUNTED: tuple[str, ...] = (
    *("received", "dated", "closed", "rated", "satisfied", "due", "on_time", "overdue"),
    *AGES,
    *(name for flag in FLAGS for name in (flag, f"{flag}_told")),
)


def closings(counts: Counts, first: date, last: date) -> pd.DataFrame:
    """Incidents as their dates tell them at the end of ``last``, a row for each ``area``, ``channel`` and ``category``
    (what these mean; None where nobody says):

    ``received`` from ``first`` to ``last``: on the day of their ``reported_at``, else of their ``occurred_at``; of them
    ``dated``, which are not called closed without a date; of these ``closed``, by the end of ``last``; of these
    ``rated``, and of these ``satisfied``. ``due`` on a day from ``first`` to ``last``, and of these ``on_time``, closed
    no later than that day. Open at the end of ``last``, by how many days ago they were received (``AGES``, see
    ``OPEN_DAYS``), and those that were due by then (``overdue``). Of those received: how many are ``repeated``
    or ``returned``, and of how many that is told (``repeated_told``).

    A status and a rating are those of the newest records. Void incidents are none.
    """
    area, found = counts.asked("incidents", lambda source: _question(source, first, last))
    names = {column: _meant(counts, column, found.column(column)) for column in ("channel", "category")}
    return pd.DataFrame({"area": area, **names, **{name: numbers_in(found, name) for name in COUNTED}})


def closing_channels(counts: Counts) -> frozenset[str | None]:
    """The channels of which any incident, of whatever day, was closed on a day that is told."""

    def make() -> frozenset[str | None]:
        _, found = counts.asked("incidents", _channels_question)
        return frozenset(_meant(counts, "channel", found.column("channel")))

    return counts.once(("closing channels",), make)


def _meant(counts: Counts, column: str, words: pa.ChunkedArray) -> pd.Series:
    told = words.cast(pa.string()).to_pandas().astype(object)
    meant = counts.context.vocabulary.replaced("incidents", column, told)
    return meant.where(meant.notna(), None)


_HOUR_TOLD = "CAST({0} AS TIMESTAMP) <> CAST(CAST({0} AS DATE) AS TIMESTAMP)"
_IN_TIME = (
    "CAST(closed_at AS DATE) < CAST(due_at AS DATE) OR (CAST(closed_at AS DATE) = CAST(due_at AS DATE) AND NOT "
    f"({_HOUR_TOLD.format('due_at')} AND CAST(closed_at AS TIMESTAMP) > CAST(due_at AS TIMESTAMP)))"
)
"""Closed by the moment it was due, or by the end of its day where no hour of it is told. A closing of which no hour is
told is at midnight, and so in time."""


def _channels_question(source: Source) -> str:
    return (
        f"SELECT area_id, channel FROM incidents WHERE {source.condition(())} AND closed_at IS NOT NULL "
        "GROUP BY area_id, channel"
    )


def _question(source: Source, first: date, last: date) -> str:
    came = "CAST(occurred_at AS DATE)"
    if "reported_at" in source.columns:
        came = "CAST(COALESCE(reported_at, occurred_at) AS DATE)"
    dated = f"({source.condition((), 'dated')})"
    closed = f"closed_at IS NOT NULL AND CAST(closed_at AS DATE) <= {_literal(last)}"
    still = f"(closed_at IS NULL OR CAST(closed_at AS DATE) > {_literal(last)})"
    cases = {
        "received": f"{came} >= {_literal(first)}",
        "due": f"{dated} AND due_at IS NOT NULL AND CAST(due_at AS DATE) >= {_literal(first)} "
        f"AND CAST(due_at AS DATE) <= {_literal(last)}",
        "open": f"{dated} AND {still}",
    }
    known = f"({source.condition(())}) AND {came} <= {_literal(last)}"
    any_of = " OR ".join(f"({case})" for case in cases.values())
    cases["dated"] = f"{cases['received']} AND {dated}"
    cases["closed"] = f"{cases['dated']} AND {closed}"
    cases["rated"] = f"{cases['closed']} AND satisfied IS NOT NULL"
    cases["satisfied"] = f"{cases['rated']} AND satisfied = TRUE"
    cases["on_time"] = f"{cases['due']} AND {closed} AND ({_IN_TIME})"
    cases["overdue"] = f"{cases['open']} AND due_at IS NOT NULL AND CAST(due_at AS DATE) <= {_literal(last)}"
    cases |= _ages(cases["open"], came, last)
    for flag in FLAGS:
        there = flag in source.columns
        cases[f"{flag}_told"] = f"{cases['received']} AND {flag} IS NOT NULL" if there else "1 = 0"
        cases[flag] = f"{cases['received']} AND {flag} = TRUE" if there else "1 = 0"
    sums = ", ".join(f"SUM(CASE WHEN {cases[name]} THEN 1 ELSE 0 END) AS {name}" for name in COUNTED)
    return (
        f"SELECT area_id, channel, category, {sums} FROM incidents WHERE {known} AND ({any_of}) "
        "GROUP BY area_id, channel, category"
    )


def _ages(held: str, came: str, last: date) -> Mapping[str, str]:
    """Open incidents by how many days before ``last`` they came."""
    edges = [_literal(last - timedelta(days=days)) for days in OPEN_DAYS]
    oldest = [*(f" AND {came} >= {edge}" for edge in edges), ""]
    newest = ["", *(f" AND {came} < {edge}" for edge in edges)]
    return {name: held + old + new for name, old, new in zip(AGES, oldest, newest, strict=True)}


def _literal(day: date) -> str:
    return f"CAST('{day.isoformat()}' AS DATE)"
