"""Tables of days: which are worked, and values of the areas that somebody else has computed for a day."""

from __future__ import annotations

from datetime import date

import pandas as pd

from analytics.errors import LoadError
from analytics.loaders import values
from analytics.loaders.areas import given_columns, without_missing_codes
from analytics.loaders.cells import moment, plain_word
from analytics.loaders.coded import known_codes
from analytics.loaders.columns import column_label, recognise
from analytics.loaders.placing import area_ids
from analytics.loaders.report import LoadReport
from analytics.loaders.rows import Rows
from analytics.office import SATURDAY, holidays_known_until

DAY = "%Y-%m-%d"

LONGEST_BREAK = 15
"""Days in a row without work that a table of holidays may have and nothing is said: the Spring Festival has nine."""

_SEVERAL = r"[0-9日号] *(?:[至到~～—–]| - | to ).*[0-9]|[日号] *-.*[0-9]"
"""From one day to another: 2026-10-03至2026-10-07, 10月1日-7日."""

_PEOPLE = {"population", "households", "on_site"}
"""Counts of people that belong into the table of areas."""


def load_holidays(rows: Rows) -> tuple[pd.DataFrame, LoadReport]:
    """One row a day that is not what its weekday says: a holiday, or a weekend that is worked."""
    rows.require("day")
    if not rows.has("day_off"):
        rows.require("working")
    rows.refuse_blank("day")
    written = rows.cells("day")
    rows.refuse(written.notna() & values.matches(written, _SEVERAL), "day", "loading.days_in_one_cell", value=written)
    day = moment(rows, "day", may_lie_ahead=True).dt.normalize()
    working = _working(rows)
    column = "working" if rows.has("working") else "day_off"
    rows.refuse(working.isna(), column, "loading.working_unknown", value=rows.cells(column))
    text = day.dt.strftime(DAY).astype("str")
    rows.refuse_repeated(text, "day", "loading.day_repeated", day=day)
    frame = rows.accepted(pd.DataFrame({"day": text, "working": working, "name": plain_word(rows, "name")}))
    for first, last in _long_breaks(frame):
        rows.note("loading.long_break", first=first, last=last, days=(last - first).days + 1)
    told = dict(zip(map(date.fromisoformat, frame["day"]), map(bool, frame["working"]), strict=True))
    if until := holidays_known_until(told):
        rows.note("loading.holidays_until", until=until)
    return frame.reset_index(drop=True), rows.report(day[rows.good])


def _long_breaks(frame: pd.DataFrame) -> list[tuple[date, date]]:
    """The first and last days of runs without work that are longer than a year knows: what falls due in one moves to
    its end, so that a table with a wrong column would call nothing overdue."""
    free = pd.DatetimeIndex(frame.loc[~frame["working"].to_numpy(bool), "day"])
    if free.empty:
        return []
    weekend = pd.Timedelta(days=2)  # before and after
    days = pd.date_range(free.min() - weekend, free.max() + weekend, freq="D")
    weekdays = pd.Series(days.day_of_week < SATURDAY, days.strftime(DAY), dtype="boolean")
    worked = frame.set_index("day")["working"].astype("boolean").reindex(weekdays.index).fillna(weekdays)
    off = pd.Series(~worked.to_numpy(bool), days)
    runs = off[off].groupby((~off).cumsum())
    return [(one.index[0].date(), one.index[-1].date()) for _, one in runs if len(one) > LONGEST_BREAK]


def _working(rows: Rows) -> pd.Series:
    """Whether a day is worked (nullable boolean), by the one column or by the opposite of the other."""
    said = known_codes(rows.cells("working"), "working")
    off = rows.cells("day_off")
    free = values.flags(off).map({True: "off", False: "work"}).astype("str")
    free = free.where(free.notna(), known_codes(off, "working"))
    return said.where(said.notna(), free).map({"work": True, "off": False}).astype("boolean")


def load_given_values(rows: Rows, areas: pd.DataFrame) -> tuple[pd.DataFrame, LoadReport]:
    """One row an area and day, with every further column whose values are all numbers."""
    rows.require("day")
    rows.refuse_blank("day")
    area_id = area_ids(rows, areas)
    day = moment(rows, "day").dt.normalize()
    numbers = _numbers(rows)
    value_id = area_id.str.cat(day.dt.strftime(DAY), sep=" ").astype("str")
    rows.refuse_repeated(value_id, "day", "loading.value_repeated", area=area_id, day=day)
    frame = pd.DataFrame({"area_id": area_id, "day": day, "value_id": value_id, **numbers})
    accepted = rows.accepted(frame).reset_index(drop=True)
    return accepted, rows.report(accepted["day"])


def _numbers(rows: Rows) -> dict[str, pd.Series]:
    """By its name, each column of numbers. Raises ``LoadError`` where the file has none."""
    counted = [
        header
        for header in rows.sheet.headers
        if _PEOPLE & recognise("areas", [header]).columns.keys() and rows.header("value") != header
    ]
    for header in counted:
        rows.note("loading.people_not_given", header=header)
    found = {}
    if rows.has("value"):
        cells = rows.cells("value")
        numbers = values.numbers(cells)
        rows.repair(cells.notna() & numbers.isna(), "value", "loading.value_blank")
        label = column_label("value")
        found["value"] = without_missing_codes(rows, rows.header("value"), label, cells, numbers)
    found |= given_columns(rows, taken={"area_id", "day", "value", "value_id", *counted})
    if not found:
        raise LoadError.because("loading.no_given_columns", file=rows.sheet.file)
    return found
