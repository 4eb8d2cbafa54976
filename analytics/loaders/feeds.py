"""How well each feed covers its days, and how far it lags behind today."""

from __future__ import annotations

from datetime import date

import pandas as pd

from analytics.loaders.report import Feed


def feeds_of(days: pd.Series, channel: pd.Series | None, today: date) -> tuple[Feed, ...]:
    """One feed a channel, the one with the most rows first; without channels the whole table is one.

    ``days``: the rows' main date (datetime64), rows without one do not count. ``channel``: codes in their order.
    """
    if channel is None or channel.isna().all():
        channel = pd.Series("", index=days.index, dtype="str")
    frame = pd.DataFrame({"feed": channel.astype("category"), "day": days.astype("datetime64[s]").dt.floor("D")})
    per_day = frame.groupby(["feed", "day"], observed=True).size()
    if per_day.empty:
        return ()
    found = []
    for feed, rows in per_day.groupby("feed", observed=True):
        with_records = rows.index.get_level_values("day")
        first, last = with_records.min().date(), with_records.max().date()
        found.append(
            Feed(
                feed=str(feed),
                rows=int(rows.sum()),
                first_day=first,
                last_day=last,
                days_with_records=len(with_records),
                days=(last - first).days + 1,
                lag_days=(today - last).days,
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.rows, one.feed)))
