"""The tables that an indicator may be taken ``from``, the columns that it may ask for, and their codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Table = Literal["areas", "residents", "incidents", "places", "checks"]

EVENT_TABLES: tuple[Table, ...] = ("incidents", "checks")
"""Their records each happened on a day."""

STOCK_TABLES: tuple[Table, ...] = ("residents", "places")
"""Their rows are what there is at a date."""

WHERE_COLUMNS: Mapping[Table, tuple[str, ...]] = {
    "incidents": ("category", "channel", "severity", "satisfied"),
    "checks": ("kind", "outcome", "team_id"),
    "residents": ("age_band", "lives_alone", "tenure", "origin"),
    "places": ("kind", "use", "capacity", "registered", "beds"),
    "areas": (),
}
"""Columns that a ``where`` may name. An incident's status is not among them: it is true only on the day of the
export."""

MAY_BE_UNTOLD = ("registered", "beds")
"""Columns of which a record, or a whole file, may say nothing. Whether such a record meets a condition on one of them
is not known: a value that hangs on it is missing. (A resident without, say, a tenure is left out of what is counted by
tenure instead: those are groups of one headcount, and these are places one by one.)"""

CODES: Mapping[str, tuple[str | bool, ...]] = {
    "lives_alone": (True, False),
    "satisfied": (True, False),
    "registered": (True, False),
    "tenure": ("own", "rent", "lodge"),
    "origin": ("local", "elsewhere"),
    "outcome": ("done", "finding", "partly", "nobody_home", "refused", "not_applicable"),
}
"""Columns with a closed list of values, as the loaders write them. A value outside it would match no record, ever."""

PART_OF: Mapping[str, Mapping[str, str]] = {"outcome": {"finding": "done"}}
"""Codes that are one kind of another code, and meet whatever asks for that one: a check with a finding was done."""
