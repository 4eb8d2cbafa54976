"""Checks that were done, of which some found something that has to be put right: what hazards are made of."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from analytics.scheme import Where
from analytics.store.answers import numbers_in
from analytics.store.business_numbers import business_numbers
from analytics.store.counts import Counts
from analytics.store.sources import Source

_DONE: Where = {"outcome": "done"}
_FINDING: Where = {"outcome": "finding"}
NO_PLACE = -1


def findings(counts: Counts, *, numbered: bool) -> pd.DataFrame:
    """Checks that were done, of whatever day, a row each: ``area`` (a position), ``place`` (a number for each,
    `NO_PLACE` where a finding names none), ``at`` (a moment) and whether it is a ``finding``. No row where there never
    was a finding. ``numbered``: with the ``check`` of a finding and its ``at_place`` as the office numbers them, None
    without one.
    """
    if not counts.by_area("checks", _FINDING).any():
        return pd.DataFrame({"area": [], "place": [], "at": pd.to_datetime([]), "finding": []})

    def ask(source: Source) -> str:
        found = source.condition([_FINDING])
        number = f", CASE WHEN {found} THEN check_id END AS check_id" if numbered else ""
        return (
            f"SELECT area_id, place_id, CAST(checked_at AS TIMESTAMP) AS at, "
            f"CASE WHEN {found} THEN 1 ELSE 0 END AS finding{number} FROM checks "
            f"WHERE {source.condition([_DONE])} AND checked_at IS NOT NULL AND (place_id IS NOT NULL OR {found})"
        )

    area, found = counts.asked("checks", ask)
    named = found.column("place_id").cast(pa.string()).to_pandas().astype("str")
    if counts.context.ids is not None:
        # The same place may be named by its id and by its hash.
        (named,) = counts.context.ids.comparable(named)
    frame = pd.DataFrame(
        {
            "area": area,
            "place": pd.factorize(named)[0],
            "at": found.column("at").cast(pa.timestamp("us")).to_pandas(),
            "finding": numbers_in(found, "finding").astype(bool),
        }
    )
    if not numbered:
        return frame
    numbers = {"check": "check_id", "at_place": "place_id"}
    return frame.assign(**{name: business_numbers(found.column(column)) for name, column in numbers.items()})
