"""What routine checks found that had to be put right, and what became of it: told, given a deadline, found again,
handed over to a department, or put right.

It knows no tiers, and has random numbers of its own, so that every other draw stays as it is: a check that was done is
done as before, and only says that something was found.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

FOUND: Mapping[str, float] = {"inspection": 0.06, "building_round": 0.03}
"""The share of the inspections of premises, and of the rounds of rented homes, that found something."""

FOUND_AGAIN = 0.3
"""The share of those that come after a finding, while it is not put right, that find it again."""

TOLD, TOLD_WITHIN = 0.9, 3
"""The share of findings whose party was told, and the days that this takes."""

DEADLINES = (7, 15, 30)
"""Days from being told to the deadline."""

HANDED_OVER = 0.15
"""The share of findings that were handed over."""

_DEPARTMENTS = ("消防救援大队", "市场监管所", "综合行政执法中队", "住房和城乡建设局")


def with_findings(
    checks: pd.DataFrame, places: pd.DataFrame, last: np.datetime64, rng: np.random.Generator
) -> pd.DataFrame:
    """The checks, some of which found something; with ``told_at``, ``fix_by``, ``handed_to`` and ``handed_number``,
    as text, empty but for findings. What happens after the ``last`` day is on no record."""
    lets = checks["place_id"].isin(places.loc[places["kind"] == "rental", "place_id"])
    routine = (checks["kind"] == "inspection") | ((checks["kind"] == "building_round") & lets)
    able = checks[routine & (checks["outcome"] == "done")].sort_values(
        ["place_id", "kind", "checked_at"], kind="stable"
    )
    drawn, again, told, days, handed = rng.random((5, len(able)))
    found, before, key = np.zeros(len(able), dtype=bool), False, None
    for at, (place, kind) in enumerate(zip(able["place_id"], able["kind"], strict=True)):
        before = before and key == (place, kind)
        found[at] = before = again[at] < FOUND_AGAIN if before else drawn[at] < FOUND[kind]
        key = (place, kind)
    day = able["checked_at"].to_numpy("datetime64[D]")
    told_on = day + np.floor(days * TOLD_WITHIN).astype("timedelta64[D]")
    is_told = found & (told < TOLD) & (told_on <= last)
    due = told_on + np.array(DEADLINES)[(again * len(DEADLINES)).astype(int)].astype("timedelta64[D]")
    over = found & (handed < HANDED_OVER)
    number = [f"街移〔2026〕{at}号" for at in np.cumsum(over)]
    said = {
        "told_at": np.where(is_told, told_on.astype(str), ""),
        "fix_by": np.where(is_told, due.astype(str), ""),
        "handed_to": np.where(over, np.array(_DEPARTMENTS)[(days * len(_DEPARTMENTS)).astype(int)], ""),
        "handed_number": np.where(over, number, ""),
    }
    told_of = pd.DataFrame(said, index=able.index).reindex(checks.index, fill_value="")
    outcome = checks["outcome"].mask(pd.Series(found, able.index).reindex(checks.index, fill_value=False), "finding")
    return checks.assign(outcome=outcome, **told_of)
