"""The tables that an indicator may be taken ``from``."""

from __future__ import annotations

from typing import Literal

Table = Literal["areas", "residents", "incidents", "places", "checks"]

EVENT_TABLES = ("incidents", "checks")
"""Their records each happened on a day."""

STOCK_TABLES = ("residents", "places")
"""Their rows are what there is at a date."""
