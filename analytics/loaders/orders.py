"""Orders: what raises all or some areas to at least a tier, by whose authority, from one day to another."""

from __future__ import annotations

import pandas as pd

from analytics.loaders.cells import moment, plain_word
from analytics.loaders.coded import known_codes
from analytics.loaders.placing import known_areas
from analytics.loaders.records import Answer
from analytics.loaders.rows import Rows


def load_orders(rows: Rows, areas: pd.DataFrame) -> Answer:
    """One row an order of one area, or of all: an order of several areas has a row, and a number, for each."""
    rows.require("order_id", "at_least", "basis", "from_day", "to_day")
    rows.refuse_blank("order_id", "at_least", "basis", "from_day", "to_day")
    at_least = known_codes(rows.cells("at_least"), "tier")
    rows.refuse(at_least.isna(), "at_least", "loading.order_tier_unknown", value=rows.cells("at_least"))
    first, last = (moment(rows, column, may_lie_ahead=True).dt.normalize() for column in ("from_day", "to_day"))
    rows.refuse(last < first, "to_day", "loading.report_ends_early", first=first, last=last)
    frame = pd.DataFrame(
        {
            "order_id": plain_word(rows, "order_id", needed=True),
            "at_least": at_least,
            "area_id": known_areas(rows, "area_id", areas),
            "basis": plain_word(rows, "basis", needed=True),
            "from_day": first,
            "to_day": last,
            "measure": plain_word(rows, "measure"),
            "scheme": plain_word(rows, "scheme"),
        }
    )
    rows.refuse_repeated(frame["order_id"], "order_id", "loading.order_repeated")
    accepted = rows.accepted(frame).reset_index(drop=True)
    if named := sorted(accepted["scheme"].dropna().unique()):
        # Which schemes there are, own ones among them, is not known where files are read.
        rows.note("loading.order_schemes", names=named)
    return accepted, rows.report()
