"""Open incidents with their due moments, and those that were closed and rated: what the due list of a day is made of.

The SQL is as plain as that of `sources`. Numbers of incidents are read only where they are asked for.
"""

from __future__ import annotations

from datetime import date

import pandas as pd
import pyarrow as pa

from analytics.loaders.records import FLAGS
from analytics.store.answers import cells_in, numbers_in
from analytics.store.business_numbers import business_numbers
from analytics.store.counts import Counts
from analytics.store.sources import OpenOn, Source

_NAMES = ("channel", "category")


def open_incidents(counts: Counts, day: date, *, numbered: bool) -> pd.DataFrame:
    """Incidents that were open at the end of ``day``, of whatever kind: ``area`` (a position), what ``channel`` and
    ``category`` mean, ``due`` (a moment; NaT where none is told), ``n`` of them that are alike, and of these as the
    newest records tell it (missing where they do not): ``repeated``, ``returned``, and ``rated``, whether somebody was
    satisfied with one that is open to this day. ``numbered``: one a row, with its ``number``, None where it has none.
    """

    def ask(source: Source) -> str:
        flags = [flag if flag in source.columns else f"CAST(NULL AS BOOLEAN) AS {flag}" for flag in FLAGS]
        rated = "CASE WHEN closed_at IS NULL THEN satisfied END"
        grouped = ["area_id", *_NAMES, "due_at", rated, *(flag for flag in FLAGS if flag in source.columns)]
        asked = ["area_id", *_NAMES, "CAST(due_at AS TIMESTAMP) AS due", f"{rated} AS rated", *flags]
        return _grouped(asked, grouped, source.condition((), OpenOn(day)), numbered=numbered)

    area, found = counts.asked("incidents", ask)
    told = {name: cells_in(found.column(name)) for name in (*FLAGS, "rated")}
    due = found.column("due").cast(pa.timestamp("us")).to_pandas()
    return _frame(counts, area, found, {"due": due, **told}, numbered=numbered)


def rated_incidents(counts: Counts, first: date, last: date, *, numbered: bool) -> pd.DataFrame:
    """Incidents that were closed from ``first`` to ``last`` and rated, with ``satisfied``; else as of
    :func:`open_incidents`."""

    def ask(source: Source) -> str:
        closed = "CAST(closed_at AS DATE)"
        meets = (
            f"{source.condition(())} AND satisfied IS NOT NULL AND {closed} >= CAST('{first}' AS DATE) "
            f"AND {closed} <= CAST('{last}' AS DATE)"
        )
        columns = ["area_id", *_NAMES, "satisfied"]
        return _grouped(columns, columns, meets, numbered=numbered)

    area, found = counts.asked("incidents", ask)
    return _frame(counts, area, found, {"satisfied": cells_in(found.column("satisfied"))}, numbered=numbered)


def _grouped(asked: list[str], grouped: list[str], meets: str, *, numbered: bool) -> str:
    more = ["incident_id"] if numbered else []
    return (
        f"SELECT {', '.join([*asked, *more])}, COUNT(*) AS n FROM incidents WHERE {meets} "
        f"GROUP BY {', '.join([*grouped, *more])}"
    )


def _frame(
    counts: Counts, area: object, found: pa.Table, columns: dict[str, pd.Series], *, numbered: bool
) -> pd.DataFrame:
    names = {}
    for name in _NAMES:
        words = found.column(name).cast(pa.string()).to_pandas().astype(object)
        names[name] = counts.context.vocabulary.replaced("incidents", name, words)
    number = {"number": business_numbers(found.column("incident_id"))} if numbered else {}
    return pd.DataFrame({"area": area, **names, **columns, "n": numbers_in(found, "n"), **number})
