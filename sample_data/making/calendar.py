"""The days that are not what their weekday says, as the General Office of the State Council announced them for 2025 and
2026 in its notices on the arrangement of some public holidays."""

from __future__ import annotations

import numpy as np
import pandas as pd

_OFF = (
    ("2025-10-01", "2025-10-08", "国庆节、中秋节"),
    ("2026-01-01", "2026-01-03", "元旦"),
    ("2026-02-15", "2026-02-23", "春节"),
    ("2026-04-04", "2026-04-06", "清明节"),
    ("2026-05-01", "2026-05-05", "劳动节"),
    ("2026-06-19", "2026-06-21", "端午节"),
    ("2026-09-25", "2026-09-27", "中秋节"),
    ("2026-10-01", "2026-10-07", "国庆节"),
)
_WORKED = (
    *("2025-09-28", "2025-10-11", "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"),
)


def holidays(first: np.datetime64, last: np.datetime64) -> pd.DataFrame:
    """A row a day from ``first`` to ``last`` that is off, or a weekend that is worked: ``day``, ``working`` (0 or 1)
    and ``name``."""
    off = [
        (str(day), 0, name)
        for begin, end, name in _OFF
        for day in np.arange(begin, f"{np.datetime64(end) + 1}", dtype="datetime64[D]")
    ]
    rows = sorted([*off, *((day, 1, "调休上班") for day in _WORKED)])
    table = pd.DataFrame(rows, columns=["day", "working", "name"])
    return table[table["day"].between(str(first), str(last))]
