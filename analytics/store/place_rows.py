"""Places and the checks of them as rows: what a sweep goes through one by one, where all else asks for numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import pandas as pd

from analytics.scheme import Table, Where
from analytics.store.answers import cells_in
from analytics.store.counts import Counts
from analytics.store.sources import Source

_PLACES = ("place_id", "kind", "capacity")
_CHECKS = ("check_id", "place_id", "checked_at", "outcome", "team_id")


def places_and_checks(
    counts: Counts, places: Where, checks: Where, first: date, last: date
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Places (area_id, place_id, kind, capacity) that meet ``places``, and checks of a place (area_id, check_id,
    place_id, checked_at, outcome, team_id) from ``first`` to ``last`` that meet ``checks``; words as what
    they mean, and the same place by the same id in both. A table that was not loaded has no rows."""

    def ask_places(source: Source) -> str:
        return f"SELECT area_id, place_id, kind, capacity FROM places WHERE {source.condition([places])}"

    def make() -> tuple[pd.DataFrame, pd.DataFrame]:
        held = _rows(counts, "places", ask_places, _PLACES, coded="kind")
        called = _rows(counts, "checks", _ask_checks(checks, first, last, of_places=True), _CHECKS, coded="outcome")
        if counts.context.ids is not None:
            held["place_id"], called["place_id"] = counts.context.ids.comparable(held["place_id"], called["place_id"])
        return held, called

    return counts.once(("places_and_checks", repr(places), repr(checks), first, last), make)


def checks_between(counts: Counts, checks: Where, first: date, last: date) -> pd.DataFrame:
    """Checks, whether or not of a place, from ``first`` to ``last`` that meet ``checks``, as of
    :func:`places_and_checks`."""

    def make() -> pd.DataFrame:
        return _rows(counts, "checks", _ask_checks(checks, first, last, of_places=False), _CHECKS, coded="outcome")

    return counts.once(("checks_between", repr(checks), first, last), make)


def _ask_checks(checks: Where, first: date, last: date, *, of_places: bool) -> Callable[[Source], str]:
    def ask(source: Source) -> str:
        day, kept = "CAST(checked_at AS DATE)", " AND place_id IS NOT NULL" if of_places else ""
        return (
            f"SELECT area_id, {', '.join(_CHECKS)} FROM checks WHERE {source.condition([checks])}{kept} "
            f"AND {day} >= CAST('{first.isoformat()}' AS DATE) AND {day} <= CAST('{last.isoformat()}' AS DATE)"
        )

    return ask


def _rows(
    counts: Counts, table: Table, ask: Callable[[Source], str], columns: Sequence[str], coded: str
) -> pd.DataFrame:
    kinds = {"checked_at": "datetime64[us]", "capacity": "float64"}
    if not counts.has(table):
        return pd.DataFrame({one: pd.Series(dtype=kinds.get(one, "str")) for one in ("area_id", *columns)})
    area, found = counts.asked(table, ask)
    ids = np.array([*counts.areas.index, None], dtype=object)
    made = pd.DataFrame({"area_id": pd.Series(ids[area], dtype="str")})
    for column in columns:
        values = found.column(column)
        made[column] = values.to_pandas() if column == "checked_at" else cells_in(values)
    made = made.astype({column: kind for column, kind in kinds.items() if column in columns})
    made[coded] = pd.Series(counts.context.vocabulary.replaced(table, coded, made[coded].astype(object))).astype("str")
    return made
