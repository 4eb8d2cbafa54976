"""Revisions: what a day that was released is rated from the records as they are now, where that is another tier.

Records come late, a word is mapped, a feed comes back: a released paper stays as it is, and the next one carries the
correction, apart from what changed since.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.scheme import Scheme
from analytics.scheme.tables import EVENT_TABLES
from analytics.scoring import AreaCounts, assess
from analytics.scoring.area_counts import day_number

if TYPE_CHECKING:
    from analytics.releases.compare import ReleaseContent

DAYS_RATED_AGAIN = 31
"""Of the days that were released or drafted before, so many: a release may be held against any of them, the newest of
which may have been withdrawn, or published later."""


@dataclass(frozen=True)
class RatedAgain:
    """What the records of a release say of a day that was released before: the published tiers (ranks, in the order of
    its areas), and how many records of days up to that one there are."""

    tiers: tuple[int, ...]
    recorded: int


@dataclass(frozen=True)
class Revision:
    """By area id, the tier that was published on a day and the one that the records of now give for it, where they
    differ (tier names). ``late``: how many records of days up to that one came, or went, since; None where they were
    not counted then.
    """

    tiers: Mapping[str, tuple[str, str]]
    late: int | None


def rated_again(facts: AreaCounts, scheme: Scheme, days: Iterable[date]) -> Mapping[date, RatedAgain]:
    """What the records of now say of the newest of these days."""
    chosen = sorted(set(days))[-DAYS_RATED_AGAIN:]
    if not chosen:
        return {}
    found = assess(facts, scheme, pd.DatetimeIndex(chosen)).published.tolist()
    return {
        day: RatedAgain(tuple(ranks), sum(records_to(facts, day).values()))
        for day, ranks in zip(chosen, found, strict=True)
    }


def revision_of(before: ReleaseContent, after: ReleaseContent) -> Revision | None:
    """What the records of ``after`` say of the day of ``before``; None where more than its records would differ, or
    nothing does, and where ``before`` is the newer one."""
    again = after.again.get(before.day)
    if again is None or (before.number and after.number and before.number > after.number):
        return None
    made_by, now = before.provenance, replace(after.provenance, day=before.day)
    if made_by.records == now.records or made_by.differing(now) - {"records"} or made_by.unrecorded(now):
        return None
    released, areas = before.assessment, after.assessment.areas
    shared = released.areas.index.intersection(areas.index)
    then = released.published[-1, released.areas.index.get_indexer(shared)]
    is_now = np.array(again.tiers, dtype=np.int8)[areas.index.get_indexer(shared)]
    names = tiers.names(then), tiers.names(is_now)
    changed = np.flatnonzero(then != is_now)
    found = {str(shared[at]): (str(names[0][at]), str(names[1][at])) for at in changed}
    late = None if before.recorded is None else again.recorded - sum(before.recorded.values())
    return Revision(found, late) if found or late else None


def records_to(facts: AreaCounts, day: date) -> dict[str, int]:
    """How many records each table of events has of the days up to ``day``."""
    counted = {}
    for table in EVENT_TABLES:
        if facts.has(table):
            daily = facts.counts.daily(table, {"incidents": "occurred_at", "checks": "checked_at"}[table])
            counted[str(table)] = int(daily.n[daily.day <= day_number(day)].sum())
    return counted


def again_text(again: Mapping[date, RatedAgain]) -> str:
    """The file of what days that were released before are rated now."""
    return json.dumps({day.isoformat(): asdict(one) for day, one in again.items()}, sort_keys=True)


def again_from(text: bytes) -> Mapping[date, RatedAgain]:
    """What such a file says."""
    return {
        date.fromisoformat(day): RatedAgain(tuple(one["tiers"]), one["recorded"])
        for day, one in json.loads(text).items()
    }
