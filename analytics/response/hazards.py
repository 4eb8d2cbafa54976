"""Hazards of places: from the check that found something to a later one, of the same place, that was done and found
nothing.

Where the hour of a finding is not told it is the end of its day, so that a check of that day closes it only where it is
known to be later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analytics.response.due_list import scored_ids
from analytics.scoring import AreaCounts
from analytics.store.findings import NO_PLACE, findings

OLD_DAYS = 30
"""Days after which an open hazard is counted, whatever the scheme; and in which those that were closed are told."""


@dataclass(frozen=True, eq=False)
class Hazards:
    """As of the end of ``day``. ``open``: a row each, oldest first: ``area_id`` (None: in no scored area), the day on
    which it was ``found``, how many ``days`` ago; with ``check`` and ``place``, their numbers, where they may be told.
    ``closed``: how many were in `OLD_DAYS` days. ``placeless``: findings that name no place, which cannot be followed.
    """

    day: date
    open: pd.DataFrame
    closed: int
    placeless: int

    @property
    def old(self) -> int:
        """How many have been open for more than `OLD_DAYS` days."""
        return int((self.open["days"] > OLD_DAYS).sum())


def hazards(facts: AreaCounts, day: date, *, numbered: bool) -> Hazards | None:
    """The hazards at the end of ``day``; None where no check by then ever had a finding: then nobody tells of hazards.
    ``numbered``: with the numbers of checks and places."""
    if not facts.has("checks"):
        return None
    known = findings(facts.counts, numbered=numbered)
    known = known[known["at"].to_numpy("datetime64[D]") <= np.datetime64(day)]
    if not known["finding"].any():
        return None
    found = episodes(known[known["place"] != NO_PLACE])
    days = (np.datetime64(day) - found["found"].to_numpy("datetime64[D]")).astype("int64")
    since = (np.datetime64(day) - found["closed"].to_numpy("datetime64[D]")).astype("int64")
    still = found["closed"].isna().to_numpy()
    columns = {"area_id": scored_ids(facts, found["area"]), "found": found["found"], "days": days}
    if numbered:
        columns |= {"check": found["check"], "place": found["at_place"]}
    opened = pd.DataFrame(columns)[still].sort_values("days", ascending=False, kind="stable", ignore_index=True)
    placeless = int((known["finding"] & (known["place"] == NO_PLACE)).sum())
    return Hazards(day, opened, int((~still & (since < OLD_DAYS)).sum()), placeless)


def episodes(checks: pd.DataFrame) -> pd.DataFrame:
    """Hazards among ``checks`` that were done (``place``, ``at``, ``finding`` and whatever else), a row each: the row
    of the first finding, the day on which it was ``found`` and the moment at which it was ``closed``, NaT where it is
    open. A finding while a hazard is open belongs to it."""
    at = checks["at"].to_numpy("datetime64[us]")
    of_day = at.astype("datetime64[D]")
    finding = checks["finding"].to_numpy(bool)
    dayless = finding & (at == of_day)
    moment = np.where(dayless, (of_day + 1).astype("datetime64[us]") - np.timedelta64(1, "us"), at)
    # A check at the moment of a finding is no later one: it comes before it.
    order = np.lexsort((finding, moment, checks["place"].to_numpy()))
    rows = checks.iloc[order].assign(found=of_day[order].astype("datetime64[s]"), moment=moment[order])
    fine = ~rows["finding"].to_numpy(bool)
    # Each check that found nothing ends what was found at its place before it, back to the one before.
    ended = pd.Series(fine, index=rows.index).groupby(rows["place"].to_numpy()).cumsum().to_numpy() - fine
    held = rows.assign(ended=ended)
    closing = held[fine].set_index(["place", "ended"])["moment"]
    first = held[~fine].drop_duplicates(["place", "ended"])
    closed = closing.reindex(pd.MultiIndex.from_frame(first[["place", "ended"]])).to_numpy()
    return first.drop(columns=["moment", "ended"]).assign(closed=closed)
