"""Incidents of one area that are not closed, by kind: how many, how many of them late, when due, and how many came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from analytics.scoring.area_counts import AreaCounts, day_number
from analytics.store.closings import NOT_CLOSED_CHANNELS, NOT_CLOSED_KINDS
from analytics.store.tallies import NEVER

NEW_DAYS = 28
"""The days of what is new, and of what came before it."""


@dataclass(frozen=True)
class OpenKind:
    """One kind of incidents in an area at the end of a day: how many are ``open``, how many of these ``overdue``; how
    many are ``new`` in `NEW_DAYS` days, and how many came in as many ``before``. ``apart``: how many are no incidents
    to be closed, though their records name no closing: neither open nor overdue.

    ``due``: the nearest day on which an open one that is not overdue is due, None where none has one. ``late_days``: by
    how many days the longest overdue is late, 0 where none is.
    """

    kind: str
    open: int
    overdue: int
    new: int
    before: int
    due: date | None
    late_days: int
    apart: int = 0

    @property
    def closes(self) -> bool:
        """Whether incidents of the kind are closed at all, as cases and contacts are not."""
        return self.kind not in NOT_CLOSED_KINDS


def open_kinds(facts: AreaCounts, area_id: str, day: date) -> list[OpenKind]:
    """The kinds of incidents that an area has open or had in the days of ``new`` and ``before``: what is overdue first,
    then what is open, then what is new; None where no incidents are loaded is told by the caller."""
    number, at = day_number(day), facts.areas.index.get_loc(area_id)
    inside = np.flatnonzero(facts.positions() == at)
    held, came = facts.counts.open_on(day), facts.counts.daily_by("incidents", "category")
    held, came = held[held["area"].isin(inside)], came[came["area"].isin(inside)]
    since = number - came["day"]
    found = []
    for kind in sorted({*held["kind"].dropna(), *came["kind"][since.between(0, 2 * NEW_DAYS - 1)].dropna()}):
        own = held[held["kind"] == kind]
        apart = own["kind"].isin(NOT_CLOSED_KINDS) | own["channel"].isin(NOT_CLOSED_CHANNELS)
        rows, new = own[~apart], came["n"].where(came["kind"] == kind, 0)
        dated = rows[rows["day"] != NEVER]
        late, ahead = dated[dated["day"] < number], dated[dated["day"] >= number]
        found.append(
            OpenKind(
                kind=str(kind),
                open=int(rows["n"].sum()),
                overdue=int(late["n"].sum()),
                new=int(new[since.between(0, NEW_DAYS - 1)].sum()),
                before=int(new[since.between(NEW_DAYS, 2 * NEW_DAYS - 1)].sum()),
                due=date(1970, 1, 1) + timedelta(days=int(ahead["day"].min())) if len(ahead) else None,
                late_days=int(number - late["day"].min()) if len(late) else 0,
                apart=int(own["n"][apart].sum()),
            )
        )
    return sorted(found, key=lambda one: (-one.overdue, -one.open, -one.new, -one.before, one.kind))
