"""When records became known: by their own word (``reported_at``), else by the load that brought each of them first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.errors import StoreError
from analytics.store.engine import Engine
from analytics.store.parts import Part
from analytics.store.sources import Source

MOST_LOADS = 60
"""As many of the newest loads of a table are asked what each of them brought."""

LOOKED_BACK_DAYS = 365
"""Older records say nothing of how late those of today are."""

FEED: Mapping[str, str] = {"incidents": "channel"}
"""The column that tells the feeds of a table apart; other tables are one feed each."""

REPORTED: Mapping[str, str] = {"incidents": "reported_at"}
"""The column that says when a record became known."""


@dataclass(frozen=True, eq=False)
class Arrivals:
    """How many records of a table there are, by feed, by the day of the record and by the day it became known.

    Frames with the columns ``feed`` (a channel, or "" for a table without), ``day``, ``known`` (days since 1970-01-01)
    and ``n``: ``reported`` of all records, ``known`` being NaN where they do not say it; ``brought``, asked for only
    where it is needed, of those of the last year that the newest loads brought. ``loaded``: the day of the newest load,
    None for records that were not loaded into a store.
    """

    reported: pd.DataFrame
    brought: Callable[[], pd.DataFrame]
    loaded: int | None


def arrivals_of(table: str, date_column: str, sources: Sequence[Source], loads: Sequence[Part]) -> Arrivals:
    """:class:`Arrivals` of the records in ``sources``; ``loads`` are the newest loads of the table, replaced ones
    included, the oldest first."""
    days = [int(np.datetime64(part.loaded, "D").astype("int64")) for part in loads if part.loaded]
    return Arrivals(
        reported=_together([_reported(table, date_column, source) for source in sources]),
        brought=cache(lambda: _brought(table, date_column, loads) if len(loads) > 1 else _together([])),
        loaded=max(days, default=None),
    )


def _reported(table: str, date_column: str, source: Source) -> pa.Table:
    feed, day = _feed(table), f"CAST({date_column} AS DATE)"
    own = REPORTED.get(table)
    known = f"CAST({own} AS DATE)" if own and own in source.columns else "CAST(NULL AS DATE)"
    return source.answer(
        f"SELECT {feed} AS feed, {day} AS day, {known} AS known, COUNT(*) AS n FROM {table} "
        f"GROUP BY {feed}, {day}, {known}"
    )


def _brought(table: str, date_column: str, loads: Sequence[Part]) -> pd.DataFrame:
    """By the first of the loads that held the record: what came with the oldest may be any age."""
    feed, key = _feed(table), loads[0].key
    since = max(part.loaded for part in loads if part.loaded) - timedelta(days=LOOKED_BACK_DAYS)
    each = " UNION ALL ".join(
        f"SELECT {key} AS id, {feed} AS feed, CAST({date_column} AS DATE) AS day, "
        f"CAST('{part.loaded}' AS DATE) AS known FROM load_{number} "
        f"WHERE CAST({date_column} AS DATE) > CAST('{since}' AS DATE)"
        for number, part in enumerate(loads)
    )
    first = f"SELECT id, MIN(feed) AS feed, MIN(day) AS day, MIN(known) AS known FROM ({each}) AS every GROUP BY id"
    sql = f"SELECT feed, day, known, COUNT(*) AS n FROM ({first}) AS record GROUP BY feed, day, known"
    try:
        return _together([Engine({f"load_{number}": (part,) for number, part in enumerate(loads)}).query(sql)])
    except StoreError:
        # A load that was replaced counts nowhere: without it less is known of the delay, and nothing else.
        return _together([])


def _feed(table: str) -> str:
    return f"COALESCE({FEED[table]}, '')" if table in FEED else "''"


def _together(answers: Sequence[pa.Table]) -> pd.DataFrame:
    columns: dict[str, list[np.ndarray]] = {"feed": [], "day": [], "known": [], "n": []}
    for found in answers:
        columns["feed"].append(found.column("feed").cast(pa.string()).to_numpy(zero_copy_only=False))
        for name in ("day", "known"):
            days = found.column(name).cast(pa.int32()).cast(pa.float64())
            columns[name].append(days.to_numpy(zero_copy_only=False))
        columns["n"].append(found.column("n").cast(pa.int64()).to_numpy())
    joined = {name: np.concatenate(held) if held else np.empty(0) for name, held in columns.items()}
    frame = pd.DataFrame(joined).dropna(subset=["day"]).astype({"day": "int64", "n": "int64", "feed": "str"})
    return frame.groupby(["feed", "day", "known"], dropna=False, sort=True)["n"].sum().reset_index()
