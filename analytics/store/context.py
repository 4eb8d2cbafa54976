"""What stands beside the records that are counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from analytics.loaders import IdHash
from analytics.scheme import Table
from analytics.store.area_history import AreaHistory
from analytics.store.parts import Part
from analytics.store.words import PLAIN, Vocabulary

COLUMNS: Mapping[Table, tuple[str, ...]] = {
    "residents": ("area_id", "count", "age_band", "lives_alone", "tenure", "origin", "as_of"),
    "incidents": (
        *("area_id", "occurred_at", "reported_at", "category", "channel", "severity", "status", "due_at", "closed_at"),
        *("satisfied", "repeated", "returned", "extended", "signed_for", "incident_id"),
    ),
    "places": ("area_id", "place_id", "kind", "capacity", "use", "registered", "beds"),
    "checks": (
        *("area_id", "place_id", "kind", "checked_at", "outcome", "team_id", "check_id"),
        *("told_at", "fix_by", "handed_to", "handed_number"),
    ),
}
"""What is counted, and by what; and the numbers of incidents and checks, for lists of those who may see records."""

AS_THEY_ARE = ("holidays", "given_values", "agreements", "reports", "orders")
"""Tables that are not counted: scoring sees their rows."""

_ALWAYS = AreaHistory()
"""Of areas of which nothing is said."""


@dataclass(frozen=True, eq=False)
class Context:
    """What stands beside the records that are counted: the ``small`` tables as they are (``AS_THEY_ARE``); the newest
    ``loads`` of each table, replaced ones included (:meth:`Counts.arrivals`); the ``ids`` of the store, with which a
    check finds its place though one of them was loaded when all ids were hashed; what the words mean; where the
    records of areas that are no more count, and since when each area can be told (``history``)."""

    loads: Mapping[str, Sequence[Part]] = field(default_factory=dict)
    small: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    ids: IdHash | None = None
    vocabulary: Vocabulary = PLAIN
    history: AreaHistory = _ALWAYS
