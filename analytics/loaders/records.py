"""The tables of records, each joined to the areas. What is not in their columns does not leave this room."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pandas as pd

from analytics.errors import LoadError
from analytics.loaders import values
from analytics.loaders.cells import age_band, figures, flag, moment, plain_word, post_or_department, quantity, word
from analytics.loaders.columns import column_label
from analytics.loaders.feeds import feeds_of
from analytics.loaders.findings import follow_up
from analytics.loaders.ids import IdHash
from analytics.loaders.own_ids import OwnIds, references
from analytics.loaders.placing import PlacesNamed, area_ids, known_areas
from analytics.loaders.points import finest
from analytics.loaders.report import LoadReport
from analytics.loaders.rows import Rows

# More than all people alive would not fit; it also keeps every sum of counts exact.
_LARGEST_COUNT = 2**31 - 1

_HOURS_OF_A_DAY = 24

FLAGS = ("repeated", "returned", "extended", "signed_for")
"""Of incidents: whether the same was reported before, whether it was sent back, whether its due day was put off (延期),
and whether the department signed for it (签收). Kept where a file has them."""

LATER_OF_PLACES = {"registered": flag, "beds": quantity}
"""Of places: whether the authority that registers such a place, a rented home say, has it on record; and the beds that
are in it. Kept where a file has them: a file without them is stored as it always was."""

# A file with none of these is another kind of file: every row of it would count as a resident.
_TELLING = ("count", "age_band", "birth_year", "lives_alone", "tenure", "origin")

Answer = tuple[pd.DataFrame, LoadReport]


def load_residents(rows: Rows, areas: pd.DataFrame) -> Answer:
    """One row a person or a household, without identity."""
    if not any(rows.has(column) for column in _TELLING):
        columns = [column_label(column) for column in _TELLING]
        raise LoadError.because("loading.not_residents", file=rows.sheet.file, columns=columns)
    if "count" in rows.unfit:
        # Without it every row would count as one.
        rows.require("count")
    area_id = area_ids(rows, areas)
    as_of = moment(rows, "as_of", or_blank=True, or_month=True).dt.normalize()
    frame = pd.DataFrame(
        {
            "area_id": area_id,
            "count": _count(rows),
            "age_band": age_band(rows).fillna(_band_by_birth_year(rows, as_of)),
            "lives_alone": flag(rows, "lives_alone"),
            "tenure": word(rows, "tenure"),
            "origin": word(rows, "origin"),
            "as_of": as_of,
        }
    )
    accepted = _accepted(rows, frame)
    whole = "Int64" if accepted["count"].isna().any() else "int64"
    accepted = accepted.astype({"count": whole})
    _note_empty_areas(rows, accepted, areas)
    return accepted, rows.report(accepted["as_of"], feeds_of(accepted["as_of"], None, rows.today))


def load_incidents(rows: Rows, areas: pd.DataFrame, ids: IdHash) -> Answer:
    """One row an incident."""
    rows.require("occurred_at", "category")
    rows.refuse_blank("occurred_at", "category")
    own = OwnIds(rows, "incident_id", ids)
    with ThreadPoolExecutor(1) as aside:
        # Looking at all ids and placing take the most time, and neither waits for the other.
        looking = aside.submit(own.kept)
        area_id = area_ids(rows, areas)
        incident_id = looking.result()
    rows.release("incident_id")
    occurred_at, status = moment(rows, "occurred_at"), word(rows, "status")
    closed_at = _closed(rows, occurred_at, status)
    reported_at = _reported(rows, occurred_at)
    frame = pd.DataFrame(
        {
            "area_id": area_id,
            "incident_id": incident_id,
            "occurred_at": occurred_at,
            "reported_at": reported_at,
            "category": word(rows, "category", needed=True),
            "channel": word(rows, "channel"),
            "severity": word(rows, "severity"),
            "status": status,
            "due_at": moment(rows, "due_at", may_lie_ahead=True, or_blank=True),
            "closed_at": closed_at,
            "satisfied": flag(rows, "satisfied"),
        },
        copy=False,
    )
    frame = frame.assign(**{name: flag(rows, name) for name in FLAGS if rows.has(name)})
    del occurred_at, reported_at, closed_at, status
    rows.progress(0.9)
    rows.release()
    rows.refuse_repeated(incident_id, "incident_id", "loading.record_repeated")
    accepted = own.completed(_accepted(rows, frame))
    undated = (accepted["status"] == "closed") & accepted["closed_at"].isna()
    if undated.any():
        rows.note("loading.closed_undated", n=int(undated.sum()))
    if void := int((accepted["status"] == "void").sum()):
        rows.note("loading.void", n=void)
    days = accepted["occurred_at"]
    return accepted, rows.report(days, feeds_of(days, accepted["channel"], rows.today))


def load_places(rows: Rows, areas: pd.DataFrame, ids: IdHash) -> Answer:
    """One row a building, household, shop, rental or venue."""
    rows.require("kind")
    rows.refuse_blank("kind")
    own = OwnIds(rows, "place_id", ids)
    frame = pd.DataFrame(
        {
            "area_id": area_ids(rows, areas),
            "place_id": own.kept(),
            "kind": word(rows, "kind", needed=True),
            "capacity": quantity(rows, "capacity"),
            "use": plain_word(rows, "use"),
        }
    )
    frame = frame.assign(**{name: read(rows, name) for name, read in LATER_OF_PLACES.items() if rows.has(name)})
    rows.refuse_repeated(frame["place_id"], "place_id", "loading.record_repeated")
    accepted = own.completed(_accepted(rows, frame))
    return accepted, rows.report()


def load_checks(rows: Rows, areas: pd.DataFrame, ids: IdHash, places: pd.Series | None) -> Answer:
    """One row a visit, patrol, inspection or sweep call; a check of a place lies in the area of that place.

    ``places``: place_id -> area_id, None where no places are known.
    """
    rows.require("kind", "checked_at", "outcome")
    rows.refuse_blank("kind", "checked_at", "outcome")
    own = OwnIds(rows, "check_id", ids)
    place_id = references(rows, "place_id", ids)
    area_id = area_ids(rows, areas, PlacesNamed(place_id, places, ids))
    frame = pd.DataFrame(
        {
            "area_id": area_id,
            "check_id": own.kept(),
            "place_id": place_id,
            "kind": word(rows, "kind", needed=True),
            "checked_at": moment(rows, "checked_at"),
            "outcome": word(rows, "outcome", needed=True),
            "team_id": references(rows, "team_id", ids),
        }
    )
    frame = frame.assign(**follow_up(rows, frame["checked_at"]))
    rows.refuse_repeated(frame["check_id"], "check_id", "loading.record_repeated")
    accepted = own.completed(_accepted(rows, frame))
    days = accepted["checked_at"]
    return accepted, rows.report(days, feeds_of(days, None, rows.today))


def load_teams(rows: Rows, areas: pd.DataFrame, ids: IdHash) -> Answer:
    """One row a team: to which community it is tied, its departments, and the post that leads it."""
    rows.require("name", "members")
    rows.refuse_blank("name", "members")
    own = OwnIds(rows, "team_id", ids)
    frame = pd.DataFrame(
        {
            "team_id": own.kept(),
            "name": plain_word(rows, "name", needed=True),
            "department": plain_word(rows, "department"),
            "members": quantity(rows, "members", needed=True),
            "home_area_id": known_areas(rows, "home_area_id", areas),
            "skills": plain_word(rows, "skills"),
            "hours_per_day": _hours(rows),
            # Kept where a file has it: one without it is stored as it always was.
            **({"lead_post": post_or_department(rows, "lead_post")} if rows.has("lead_post") else {}),
        }
    )
    rows.refuse_repeated(frame["team_id"], "team_id", "loading.record_repeated")
    accepted = own.completed(_accepted(rows, frame))
    return accepted, rows.report()


def _hours(rows: Rows) -> pd.Series:
    """Hours of work a day, of which no day has more than 24; none at all is left blank too: such a team could never be
    sent."""
    hours = quantity(rows, "hours_per_day")
    odd = (hours <= 0) | (hours > _HOURS_OF_A_DAY)
    rows.repair(odd, "hours_per_day", "loading.hours_of_no_day", value=rows.cells("hours_per_day"))
    return hours.mask(odd)


def _accepted(rows: Rows, frame: pd.DataFrame) -> pd.DataFrame:
    return rows.accepted(frame).reset_index(drop=True)


def _closed(rows: Rows, occurred_at: pd.Series, status: pd.Series) -> pd.Series:
    """When each incident was closed; blank where that would be before the day on which it occurred, and where its
    status says that it is open: one that was reopened keeps the date of its earlier closing, which closes it no more.
    """
    closed_at = moment(rows, "closed_at", or_blank=True)
    # Midnight of a day is no later than any time of it.
    early = (closed_at < occurred_at) & (closed_at.dt.normalize() < occurred_at.dt.normalize())
    rows.repair(early, "closed_at", "loading.closed_early", closed=closed_at, occurred=occurred_at)
    closed_at = closed_at.mask(early)
    still = (status == "open") & closed_at.notna()
    rows.repair(still, "closed_at", "loading.closed_yet_open", closed=closed_at, status=rows.cells("status"))
    return closed_at.mask(still)


def _reported(rows: Rows, occurred_at: pd.Series) -> pd.Series:
    """When each incident became known; blank where that would be before the day on which it occurred."""
    reported_at = moment(rows, "reported_at", or_blank=True)
    early = (reported_at < occurred_at) & (reported_at.dt.normalize() < occurred_at.dt.normalize())
    rows.repair(early, "reported_at", "loading.reported_early_blank", reported=reported_at, occurred=occurred_at)
    return reported_at.mask(early)


def _count(rows: Rows) -> pd.Series:
    """How many people or households a row stands for: one in a file that counts none; missing where another row has a
    number and this one does not. Such a group is there: it is neither one person nor nobody."""
    written = values.filled(rows.raw("count"))
    if not written.any():
        return pd.Series(1.0, index=rows.good.index)
    label, cells = column_label("count"), rows.cells("count")
    count = figures(rows, rows.raw("count"), cells, rows.header("count"), label)
    odd = (count % 1 != 0) | (count > _LARGEST_COUNT) | (count < 0)
    rows.repair(cells.notna() & odd, "count", "loading.count_unread", column=label, value=cells)
    rows.repair(~written, "count", "loading.count_blank", column=label)
    return count.mask(odd)


def _band_by_birth_year(rows: Rows, as_of: pd.Series) -> pd.Series:
    """Age bands from the year of birth, as of the row's own date, else today."""
    cells = rows.cells("birth_year")
    year = values.birth_years(cells)
    bands = values.band_of_age(as_of.dt.year.fillna(rows.today.year) - year)
    if (cells.notna() & year.notna() & ~values.numbers(cells).between(year, year + 1)).any():
        rows.note("loading.birth_year_alone", header=rows.header("birth_year"))
    rows.repair(cells.notna() & bands.isna(), "birth_year", "loading.not_a_birth_year")
    return bands


def _note_empty_areas(rows: Rows, residents: pd.DataFrame, areas: pd.DataFrame) -> None:
    # A community's people are counted in its grids.
    empty = int((~finest(areas).index.isin(residents["area_id"])).sum())
    if empty:
        rows.note("loading.areas_without_residents", n=empty)
