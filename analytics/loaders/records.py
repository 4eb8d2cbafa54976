"""The tables of records, each joined to the areas. What is not in their columns does not leave this room."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from analytics.errors import LoadError
from analytics.loaders import values
from analytics.loaders.cells import age_band, code, flag, moment, quantity, word
from analytics.loaders.columns import codes_of, column_label
from analytics.loaders.files import Sheet
from analytics.loaders.placing import area_ids, refuse_unknown
from analytics.loaders.points import finest
from analytics.loaders.report import LoadReport
from analytics.loaders.rows import Rows

# More than all people alive would not fit; it also keeps every sum of counts exact.
_LARGEST_COUNT = 2**31 - 1

# A file with none of these is another kind of file: every row of it would count as a resident.
_TELLING = ("count", "age_band", "birth_year", "lives_alone", "tenure", "origin")


def load_residents(sheet: Sheet, areas: pd.DataFrame, today: date) -> tuple[pd.DataFrame, LoadReport]:
    """One row a person or a household, without identity."""
    rows = Rows("residents", sheet, today)
    if not any(rows.has(column) for column in _TELLING):
        columns = [column_label(column) for column in _TELLING]
        raise LoadError.because("loading.not_residents", file=sheet.file, columns=columns)
    area_id = area_ids(rows, areas)
    as_of = moment(rows, "as_of").dt.normalize()
    frame = pd.DataFrame(
        {
            "area_id": area_id,
            "count": _count(rows),
            "age_band": age_band(rows).fillna(_band_by_birth_year(rows, as_of)),
            "lives_alone": flag(rows, "lives_alone"),
            "tenure": code(rows, "tenure"),
            "origin": code(rows, "origin"),
            "as_of": as_of,
        }
    )
    accepted = _accepted(rows, frame).astype({"count": "int64"})
    _note_empty_areas(rows, accepted, areas)
    return accepted, rows.report(accepted["as_of"])


def load_incidents(sheet: Sheet, areas: pd.DataFrame, today: date) -> tuple[pd.DataFrame, LoadReport]:
    """One row a matter; the incident_id only serves to notice a repeated row."""
    rows = Rows("incidents", sheet, today)
    rows.require("incident_id", "occurred_at", "category")
    rows.refuse_blank("incident_id", "occurred_at", "category")
    area_id = area_ids(rows, areas)
    occurred_at, closed_at = moment(rows, "occurred_at"), moment(rows, "closed_at")
    closed_early = closed_at.dt.normalize() < occurred_at.dt.normalize()
    rows.refuse(closed_early, "closed_at", "loading.closed_early", closed=closed_at, occurred=occurred_at)
    frame = pd.DataFrame(
        {
            "area_id": area_id,
            "occurred_at": occurred_at,
            "category": word(rows, "category"),
            "channel": word(rows, "channel"),
            "severity": word(rows, "severity"),
            "status": word(rows, "status"),
            "due_at": moment(rows, "due_at", may_lie_ahead=True),
            "closed_at": closed_at,
            "satisfied": flag(rows, "satisfied"),
        }
    )
    rows.refuse_repeated(rows.cells("incident_id"), "incident_id", "loading.record_repeated")
    accepted = _accepted(rows, frame)
    undated = (accepted["status"] == "closed") & accepted["closed_at"].isna()
    if undated.any():
        rows.note("loading.closed_undated", n=int(undated.sum()))
    return accepted, rows.report(accepted["occurred_at"])


def load_places(sheet: Sheet, areas: pd.DataFrame, today: date) -> tuple[pd.DataFrame, LoadReport]:
    """One row a building, household, shop, rental or venue."""
    rows = Rows("places", sheet, today)
    rows.require("place_id", "kind")
    rows.refuse_blank("place_id", "kind")
    frame = pd.DataFrame(
        {
            "area_id": area_ids(rows, areas),
            "place_id": rows.cells("place_id"),
            "kind": word(rows, "kind"),
            "capacity": quantity(rows, "capacity"),
            "use": rows.written("use"),
        }
    )
    rows.refuse_repeated(frame["place_id"], "place_id", "loading.record_repeated")
    return _accepted(rows, frame), rows.report()


def load_checks(
    sheet: Sheet, areas: pd.DataFrame, today: date, places: pd.DataFrame | None
) -> tuple[pd.DataFrame, LoadReport]:
    """One row a visit, patrol, inspection or sweep call; a check of a place lies in the area of that place."""
    rows = Rows("checks", sheet, today)
    rows.require("check_id", "kind", "checked_at", "outcome")
    rows.refuse_blank("check_id", "kind", "checked_at", "outcome")
    area_id = area_ids(rows, areas, places)
    outcome = values.closed_codes(rows.cells("outcome"), "outcome")
    allowed = list(dict.fromkeys(codes_of("outcome").values()))
    rows.refuse(outcome.isna(), "outcome", "loading.outcome_unknown", value=rows.cells("outcome"), allowed=allowed)
    frame = pd.DataFrame(
        {
            "area_id": area_id,
            "place_id": rows.cells("place_id"),
            "kind": word(rows, "kind"),
            "checked_at": moment(rows, "checked_at"),
            "outcome": outcome,
            "team_id": rows.cells("team_id"),
        }
    )
    rows.refuse_repeated(rows.cells("check_id"), "check_id", "loading.record_repeated")
    accepted = _accepted(rows, frame)
    return accepted, rows.report(accepted["checked_at"])


def load_teams(sheet: Sheet, areas: pd.DataFrame, today: date) -> tuple[pd.DataFrame, LoadReport]:
    """One row a team."""
    rows = Rows("teams", sheet, today)
    rows.require("team_id", "name", "members")
    rows.refuse_blank("team_id", "name", "members")
    home = rows.cells("home_area_id")
    refuse_unknown(rows, home, "home_area_id", areas)
    frame = pd.DataFrame(
        {
            "team_id": rows.cells("team_id"),
            "name": rows.written("name"),
            "department": rows.written("department"),
            "members": quantity(rows, "members"),
            "home_area_id": home,
            "skills": rows.written("skills"),
            "hours_per_day": quantity(rows, "hours_per_day"),
        }
    )
    rows.refuse_repeated(frame["team_id"], "team_id", "loading.record_repeated")
    return _accepted(rows, frame), rows.report()


def _accepted(rows: Rows, frame: pd.DataFrame) -> pd.DataFrame:
    return rows.accepted(frame).reset_index(drop=True)


def _count(rows: Rows) -> pd.Series:
    """How many people or households a row stands for: one, unless the file says so."""
    count = quantity(rows, "count")
    odd = (count % 1 != 0) | (count > _LARGEST_COUNT)
    label = column_label("count")
    rows.refuse(count.notna() & odd, "count", "loading.not_whole", column=label, value=rows.cells("count"))
    return count.fillna(1)


def _band_by_birth_year(rows: Rows, as_of: pd.Series) -> pd.Series:
    """Age bands from the year of birth, as of the row's own date, else today."""
    cells = rows.cells("birth_year")
    year = values.numbers(cells)
    bands = values.band_of_age(as_of.dt.year.fillna(rows.today.year) - np.floor(year))
    rows.refuse(cells.notna() & bands.isna(), "birth_year", "loading.not_a_birth_year")
    return bands


def _note_empty_areas(rows: Rows, residents: pd.DataFrame, areas: pd.DataFrame) -> None:
    # A community's people are counted in its grids.
    empty = int((~finest(areas).index.isin(residents["area_id"])).sum())
    if empty:
        rows.note("loading.areas_without_residents", n=empty)
