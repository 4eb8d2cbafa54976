"""What the office says about its own feeds: agreements to report, and reports that nothing happened."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from analytics.loaders import values
from analytics.loaders.cells import flag, moment, plain_word
from analytics.loaders.coded import code_of, known_codes
from analytics.loaders.columns import is_count
from analytics.loaders.placing import known_areas
from analytics.loaders.records import Answer
from analytics.loaders.rows import Rows
from analytics.loaders.sheet import shown

EVERY_DAYS = {"day": 1, "working_day": 0, "week": 7, "month": 31}
"""How often a feed reports, as days; 0 stands for every working day."""

WORKING_DAY_EVERY = 1.4
"""Every how many days a working day comes."""

_MOST_DAYS = 3660
_OF_INCIDENTS, _OF_CHECKS = ("channel", "category"), ("kind",)
_HOUR = re.compile(r"([01]?[0-9]|2[0-4])(?:[:时點点]([0-5][0-9])?分?)?")
_DAYS = re.compile(r"([0-9]{1,4})(?:天|日|days?)?")


def load_agreements(rows: Rows) -> Answer:
    """One row a feed: how often it reports, by what hour, whether it says so when nothing happened, and whom to ask."""
    rows.require("every")
    rows.refuse_blank("every")
    every = values.by_value(rows.cells("every"), _every_days).astype("float64")
    rows.refuse(every.isna(), "every", "loading.every_unread", value=rows.cells("every"))
    table, feed, column = _feed(rows)
    frame = pd.DataFrame(
        {
            "table": table,
            "column": column,
            "feed": feed,
            "unit": plain_word(rows, "unit"),
            "every_days": every.fillna(1),
            "by_hour": values.texts_by_value(rows.cells("by_hour"), _hour),
            "zero_report": flag(rows, "zero_report").fillna(value=False),
            "post": plain_word(rows, "post"),
            # What was agreed today says nothing of the days before.
            "since": moment(rows, "since", may_lie_ahead=True).dt.normalize().fillna(pd.Timestamp(rows.today)),
        }
    )
    accepted = rows.accepted(frame).reset_index(drop=True).astype({"every_days": "int64"})
    return accepted, rows.report()


def load_reports(rows: Rows, areas: pd.DataFrame) -> Answer:
    """One row a report that nothing happened: of a feed, in an area or everywhere, from one day to another."""
    rows.require("from_day")
    rows.refuse_blank("from_day")
    table, feed, column = _feed(rows)
    first = moment(rows, "from_day").dt.normalize()
    last = moment(rows, "to_day").dt.normalize().fillna(first)
    rows.refuse(last < first, "to_day", "loading.report_ends_early", first=first, last=last)
    for position, cells in rows.others().items():
        header = rows.sheet.headers[position]
        if is_count(header):
            happened = values.numbers(cells) > 0
            rows.refuse(happened, "from_day", "loading.report_counts", header=shown(header))
    frame = pd.DataFrame(
        {
            "table": table,
            "column": column,
            "feed": feed,
            "area_id": known_areas(rows, "area_id", areas),
            "from_day": first,
            "to_day": last,
        }
    )
    accepted = rows.accepted(frame).reset_index(drop=True)
    return accepted, rows.report(accepted["from_day"])


def _feed(rows: Rows) -> tuple[pd.Series, pd.Series, pd.Series]:
    """The table, the code and the column of each row's feed; a blank feed is the whole table.

    Of checks it is a kind. Of incidents a word that is a channel's is one, else that of a kind of incident is that
    kind, and any other is a channel's name. Where the table is blank the word says which it is.
    """
    cells = rows.cells("table")
    table = known_codes(cells, "feed_table")
    rows.refuse(cells.notna() & table.isna(), "table", "loading.feed_table_unknown", value=cells)
    written = plain_word(rows, "feed")
    column, _ = _meant_by(written, (*_OF_INCIDENTS, *_OF_CHECKS))
    table = table.fillna(pd.Series(np.where(column == "kind", "checks", "incidents"), index=table.index, dtype="str"))
    of_incidents, of_checks = _meant_by(written, _OF_INCIDENTS), _meant_by(written, _OF_CHECKS)
    column, named = (one.mask(table == "checks", other) for one, other in zip(of_incidents, of_checks, strict=True))
    whole = table.isin(["residents", "places"])
    return table, named.mask(whole), column.mask(whole)


def _meant_by(written: pd.Series, columns: tuple[str, ...]) -> tuple[pd.Series, pd.Series]:
    """The column of which each word is a value, and its code; the first of them where it is of none."""

    def meant(text: str) -> tuple[str, str]:
        for column in columns:
            if code := code_of(column, text):
                return column, code
        return columns[0], text

    return (
        values.texts_by_value(written, lambda text: meant(text)[0]),
        values.texts_by_value(written, lambda text: meant(text)[1]),
    )


def _every_days(text: str) -> int | None:
    if code := code_of("every", text):
        return EVERY_DAYS[code]
    match = _DAYS.fullmatch("".join(text.split()).casefold())
    days = int(match[1]) if match else 0
    return days if match and days <= _MOST_DAYS else None


def _hour(text: str) -> str | None:
    match = _HOUR.fullmatch("".join(text.split()))
    return f"{int(match[1]):02}:{match[2] or '00'}" if match else None
