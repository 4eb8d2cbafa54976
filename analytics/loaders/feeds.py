"""How well each feed covers its days, and how far it lags behind today."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from analytics.loaders.report import Feed
from analytics.loaders.values import arrow_of

_BITS = 32  # of a number of a day
_EARLIEST = -(2**31)


def feeds_of(days: pd.Series, channel: pd.Series | None, today: date) -> tuple[Feed, ...]:
    """One feed a channel, the one with the most rows first; without channels the whole table is one.

    ``days``: the rows' main date (datetime64), rows without one do not count. ``channel``: codes in their order.
    """
    dated = days.notna().to_numpy()
    codes, names = np.zeros(len(days), dtype=np.int32), [""]
    if channel is not None and channel.notna().any():
        coded = arrow_of(channel).dictionary_encode()
        codes, names = pc.fill_null(coded.indices, -1).to_numpy(), coded.dictionary.to_pylist()
    kept = dated & (codes >= 0)
    keys = days.to_numpy()[kept].astype("datetime64[D]").astype(np.int64) - _EARLIEST
    keys += codes[kept].astype(np.int64) << _BITS
    # One sort of whole numbers finds the days of all feeds.
    keys, rows = np.unique(keys, return_counts=True)
    found = []
    for code, name in enumerate(names):
        begin, end = np.searchsorted(keys, [code << _BITS, (code + 1) << _BITS])
        if begin == end:
            continue
        with_records = (keys[begin:end] - (code << _BITS) + _EARLIEST).astype("datetime64[D]")
        first, last = with_records[0].item(), with_records[-1].item()
        found.append(
            Feed(
                feed=name,
                rows=int(rows[begin:end].sum()),
                first_day=first,
                last_day=last,
                days_with_records=len(with_records),
                days=(last - first).days + 1,
                lag_days=(today - last).days,
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.rows, one.feed)))
