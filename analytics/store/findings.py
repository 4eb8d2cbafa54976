"""Checks that were done, of which some found something that has to be put right: what hazards are made of."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from analytics.loaders.findings import FOLLOW_UP
from analytics.scheme import Where
from analytics.store.answers import numbers_in
from analytics.store.business_numbers import business_numbers
from analytics.store.counts import Counts
from analytics.store.sources import Source

_DONE: Where = {"outcome": "done"}
_FINDING: Where = {"outcome": "finding"}
NO_PLACE = -1

_MOMENTS = {"told": "told_at", "fix_by": "fix_by"}
_TEXTS = {"department": "handed_to", "number": "handed_number"}


def findings(counts: Counts, *, numbered: bool) -> pd.DataFrame:
    """Checks that were done, of whatever day, a row each: ``area`` (a position), ``place`` (a number for each,
    `NO_PLACE` where a finding names none), what its ``kind`` means, ``at`` (a moment) and whether it is a ``finding``;
    of a finding: when its party was ``told`` and by when it has to be right (``fix_by``; moments, NaT for none),
    whether it names a department (``has_department``) and a number (``has_number``) with which it was handed over, and
    whether records of its load tell each of `FOLLOW_UP` at all (``tells_told_at`` and so on). No row where there never
    was a finding. ``numbered``: with the ``check`` of a finding and its ``at_place`` as the
    office numbers them, and the ``department`` and ``number``, None without one.
    """
    if not counts.by_area("checks", _FINDING).any():
        return pd.DataFrame({"area": [], "place": [], "at": pd.to_datetime([]), "finding": []})

    def ask(source: Source) -> str:
        found = source.condition([_FINDING])
        asked = [_moment(source, found, name, column) for name, column in _MOMENTS.items()]
        asked += [_whether(source, found, name, column) for name, column in _TEXTS.items()]
        asked += [f"{int(column in source.columns)} AS tells_{column}" for column in FOLLOW_UP]
        if numbered:
            asked.append(f"CASE WHEN {found} THEN check_id END AS check_id")
            asked += [_text(source, found, column) for column in _TEXTS.values()]
        return (
            f"SELECT area_id, place_id, kind, CAST(checked_at AS TIMESTAMP) AS at, "
            f"CASE WHEN {found} THEN 1 ELSE 0 END AS finding, {', '.join(asked)} FROM checks "
            f"WHERE {source.condition([_DONE])} AND checked_at IS NOT NULL AND (place_id IS NOT NULL OR {found})"
        )

    area, found = counts.asked("checks", ask)
    named = _words(found, "place_id").astype("str")
    if counts.context.ids is not None:
        # The same place may be named by its id and by its hash.
        (named,) = counts.context.ids.comparable(named)
    flags = [*(f"has_{name}" for name in _TEXTS), *(f"tells_{column}" for column in FOLLOW_UP)]
    frame = pd.DataFrame(
        {
            "area": area,
            "place": pd.factorize(named)[0],
            "kind": counts.context.vocabulary.replaced("checks", "kind", _words(found, "kind").astype(object)),
            "at": _moments(found, "at"),
            "finding": numbers_in(found, "finding").astype(bool),
            **{name: _moments(found, name) for name in _MOMENTS},
            **{name: numbers_in(found, name).astype(bool) for name in flags},
        }
    )
    if not numbered:
        return frame
    numbers = {"check": "check_id", "at_place": "place_id", **_TEXTS}
    return frame.assign(**{name: business_numbers(found.column(column)) for name, column in numbers.items()})


def _moment(source: Source, found: str, name: str, column: str) -> str:
    told = f"CASE WHEN {found} THEN {column} END" if column in source.columns else "NULL"
    return f"CAST({told} AS TIMESTAMP) AS {name}"


def _whether(source: Source, found: str, name: str, column: str) -> str:
    told = f"CASE WHEN {found} AND {column} IS NOT NULL THEN 1 ELSE 0 END" if column in source.columns else "0"
    return f"{told} AS has_{name}"


def _text(source: Source, found: str, column: str) -> str:
    told = f"CASE WHEN {found} THEN {column} END" if column in source.columns else "CAST(NULL AS VARCHAR)"
    return f"{told} AS {column}"


def _words(found: pa.Table, column: str) -> pd.Series:
    return found.column(column).cast(pa.string()).to_pandas()


def _moments(found: pa.Table, column: str) -> pd.Series:
    return found.column(column).cast(pa.timestamp("us")).to_pandas()
