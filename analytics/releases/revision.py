"""Revisions: what a day that was released is rated from the records as they are now, where that is another tier.

Records come late, a word is mapped, a feed comes back: a released paper stays as it is, and the next one carries the
correction, apart from what changed since.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from analytics import tiers
from analytics.scheme import Scheme
from analytics.scheme.tables import EVENT_TABLES
from analytics.scoring import AreaCounts, Assessment, assess
from analytics.scoring.area_counts import day_number


@dataclass(frozen=True)
class Revision:
    """Of the release ``before`` (its number) and its ``day``: by area id, the tier that was published and the one that
    the records of now give for that day, where they differ (tier names). ``late``: how many records of days up to that
    one came, or went, since; None where they were not counted then.
    """

    before: int
    day: date
    tiers: Mapping[str, tuple[str, str]]
    late: int | None


def revision_of(
    number: int, released: Assessment, recorded: Mapping[str, int] | None, facts: AreaCounts, scheme: Scheme
) -> Revision | None:
    """What the records of now say of the last day of a release; None where nothing but its records could differ, or
    nothing does."""
    made_by = released.provenance
    again = assess(facts, scheme, released.days[-1:])
    now = again.provenance
    if made_by.records == now.records or made_by.differing(now) - {"records"} or made_by.unrecorded(now):
        return None
    shared = released.areas.index.intersection(again.areas.index)
    then = released.published[-1, released.areas.index.get_indexer(shared)]
    is_now = again.published[-1, again.areas.index.get_indexer(shared)]
    changed = np.flatnonzero(then != is_now)
    names = tiers.names(then), tiers.names(is_now)
    found = {str(shared[at]): (str(names[0][at]), str(names[1][at])) for at in changed}
    day = released.days[-1].date()
    late = None if recorded is None else sum(records_to(facts, day).values()) - sum(recorded.values())
    return Revision(number, day, found, late) if found or late else None


def records_to(facts: AreaCounts, day: date) -> dict[str, int]:
    """How many records each table of events has of the days up to ``day``."""
    counted = {}
    for table in EVENT_TABLES:
        if facts.has(table):
            daily = facts.counts.daily(table, {"incidents": "occurred_at", "checks": "checked_at"}[table])
            counted[str(table)] = int(daily.n[daily.day <= day_number(day)].sum())
    return counted


def revision_text(revision: Revision) -> str:
    """The file of a revision."""
    return json.dumps({**vars(revision), "day": revision.day.isoformat()}, ensure_ascii=False, sort_keys=True, indent=1)


def revision_from(text: bytes) -> Revision:
    """What such a file says."""
    held = json.loads(text)
    pairs = {area: (was, now) for area, (was, now) in held["tiers"].items()}
    return Revision(held["before"], date.fromisoformat(held["day"]), pairs, held["late"])
