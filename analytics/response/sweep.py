"""How far a building sweep (清楼) has come: to do → called → met → recorded, each line by itself and never added up.

Households have no numbers of their own here. An export of the platform counts them by building and round: of so many
that were called for the n-th time so many were met, recorded, did not agree, or were found vacant; the others had
nobody home. Who was called n times is known from that as a number, never as a household. Shops and venues have
business numbers, and come from the checks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from analytics.errors import UserError
from analytics.response.campaign import LINES, Campaign, Line
from analytics.response.sweep_rounds import NUMBERS, WAITING, Rounds, calls_of_checks, counted, no_calls, no_checks

REASONS = ("not_called", "waiting", "in_vain", "not_agreed", "not_recorded")
"""Why something is left, each part by itself: they add up to what is left."""

MORE_FOUND = 20
"""More households than are registered are found, and are added. So many more, and over twice as many, are a wrong
number or a wrong building: such a round is refused until the register is put right. Ours."""

_SINGLE: tuple[Line, ...] = ("shop", "venue")
_UNITS = ("building", *_SINGLE)


@dataclass(frozen=True, eq=False)
class Register:
    """What is to be swept. ``places``: index ``place_id`` (unique), columns ``area_id``, ``kind`` (building, shop,
    venue) and ``units``, the households of a building (NaN unknown), 1 of the others. ``persons``: by ``area_id``,
    NaN unknown. ``lets``: how many rented homes there are among the households. ``stated``: by ``area_id``, the
    households that the list of areas has, NaN where it says nothing."""

    places: pd.DataFrame
    persons: pd.Series
    lets: int
    stated: pd.Series

    def number_of(self, kind: str) -> int:
        """How many places of a kind."""
        return int((self.places["kind"] == kind).sum())


@dataclass(frozen=True)
class LineCount:
    """One line: ``registered``, and ``more_found`` than that; less what was ``written_off`` it is ``to_do``. None where
    that is not known: a line whose register has a hole has no share. ``left`` splits by reason."""

    line: Line
    registered: int | None
    more_found: int
    written_off: int
    to_do: int | None
    called: int | None
    met: int | None
    recorded: int | None
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def left(self) -> int | None:
        """What is not done: a call that met nobody has done nothing."""
        return None if self.to_do is None or self.recorded is None else self.to_do - self.recorded

    def unknown(self) -> LineCount:
        """The same where nothing is known of what was done."""
        return replace(self, called=None, met=None, recorded=None, reasons={})

    def share(self, done: int | None) -> float:
        """``done`` of what is to do (0–1), NaN where either is not known or nothing is to do."""
        return done / self.to_do if self.to_do and done is not None else float("nan")


@dataclass(frozen=True, eq=False)
class SweepState:
    """A sweep at the end of ``day``. ``places``: index ``place_id``, columns ``area_id``, ``kind``, ``units``, and as
    whole numbers of units ``found`` (called at all), ``met``, ``recorded``, ``not_agreed``, ``vacant``, ``written_off``
    (the vacant ones, and all of a building that is left out), ``not_called``, ``waiting_1``, ``waiting_2`` and
    ``waiting_more`` (called once, twice, oftener, and not yet as the rule asks), ``in_vain``; ``persons`` (NaN
    unknown), ``visited``, ``left_out`` (a building that is not applicable: torn down), ``uncounted`` (checked, and no
    household of it was counted). ``callers``: by ``place_id``, the teams that called. ``counted``: the lines of which
    anything could be known: where nothing was imported nothing is zero. ``aside``: rows of calls that do not count, for
    their place or day is none of the sweep's any more."""

    campaign: Campaign
    register: Register
    day: date
    places: pd.DataFrame
    callers: Mapping[str, frozenset[str]]
    counted: frozenset[Line]
    aside: int = 0

    @property
    def begun(self) -> bool:
        """Whether a day of it is over: before that there is nothing but the plan."""
        return self.day >= self.campaign.first

    def lines(self, area_id: str | None = None) -> tuple[LineCount, ...]:
        """The lines of all areas, or of one; one of which the register has nothing is left out."""
        places = self.places if area_id is None else self.places[self.places["area_id"] == area_id]
        areas = list(self.campaign.areas) if area_id is None else [area_id]
        made = {
            "building": _buildings(places),
            "shop": _units("shop", places),
            "venue": _units("venue", places),
            "household": _units("household", places),
            "person": _persons(places, self.register.persons.reindex(areas)),
        }
        shown = (made[line] for line in LINES if made[line].registered != 0)
        return tuple(one if one.line in self.counted else one.unknown() for one in shown)


def register_of(campaign: Campaign, areas: pd.DataFrame, places: pd.DataFrame) -> Register:
    """What the campaign's areas have. ``areas``: as in `Records`; ``places``: area_id, place_id, kind, capacity, of
    which a building's is its households. Raises ``UserError`` for an area that nobody knows, or that has no place."""
    unknown = [area for area in campaign.areas if area not in areas.index]
    if unknown:
        raise UserError.because("sweep.areas_unknown", areas=unknown)
    held = places[places["area_id"].isin(campaign.areas)]
    swept = held[held["kind"].isin(_UNITS)].drop_duplicates("place_id").set_index("place_id")
    empty = [str(areas["name"][area]) for area in campaign.areas if area not in set(swept["area_id"])]
    if empty:
        raise UserError.because("sweep.areas_without_places", areas=empty)
    units = swept["capacity"].where(swept["kind"] == "building", 1.0).astype("float64")
    order = swept.assign(units=units, at=swept["area_id"].map(list(campaign.areas).index))
    order = order.sort_values("at", kind="stable")
    return Register(
        places=order[["area_id", "kind", "units"]],
        persons=areas["population"].reindex(list(campaign.areas)).astype("float64"),
        lets=int((held["kind"] == "rental").sum()),
        stated=areas["households"].reindex(list(campaign.areas)).astype("float64"),
    )


def unlike_area_list(register: Register) -> dict[str, tuple[int, int]]:
    """Areas whose buildings have other households than the list of areas says: both numbers, by ``area_id``."""
    buildings = register.places[register.places["kind"] == "building"]
    counted = buildings.groupby("area_id")["units"].sum(min_count=1)
    both = pd.DataFrame({"counted": counted, "stated": register.stated}).dropna()
    unlike = both[both["counted"] != both["stated"]]
    return {
        str(area): (int(row.counted), int(row.stated))
        for area, row in zip(unlike.index, unlike.itertuples(), strict=True)
    }


class Fault(NamedTuple):
    """Why the rounds of a place cannot be: of its ``call`` so many were called (``now``) that there are not (``before``
    had nobody home, ``rounds``; it is one shop, ``single``; or has far fewer households, ``many``); or more were met,
    did not agree or are vacant than a row called (``settled``), or more recorded than met (``beyond``)."""

    kind: Literal["rounds", "single", "many", "settled", "beyond"]
    call: int
    now: int
    before: int


def faults(register: Register, calls: pd.DataFrame) -> dict[str, Fault]:
    """Places whose rounds do not add up, by ``place_id``, each with the first that is wrong."""
    rounds = Rounds(calls)
    found: dict[str, Fault] = {}
    places = register.places.reindex(rounds.ids)
    first = rounds.called[:, 0]
    single = places["kind"].isin(_SINGLE).to_numpy()
    for at in np.flatnonzero(single & (first > 1)):
        found[str(rounds.ids[at])] = Fault("single", 1, int(first[at]), 1)
    for at in np.flatnonzero(~single & too_many(first, places["units"].to_numpy("float64"))):
        found[str(rounds.ids[at])] = Fault("many", 1, int(first[at]), int(places["units"].iloc[at]))
    for at, place in enumerate(rounds.ids):
        for call in range(1, rounds.called.shape[1]):
            before, now = int(rounds.vain[at, call - 1]), int(rounds.called[at, call])
            if now > before:
                found.setdefault(str(place), Fault("rounds", call + 1, now, before))
        total = rounds.totals
        if at in rounds.wrong:
            wrong = rounds.wrong[at]
            found.setdefault(str(place), Fault("settled", wrong.call, wrong.settled, wrong.called))
        if total["recorded"][at] > total["met"][at]:
            found.setdefault(str(place), Fault("beyond", 0, int(total["recorded"][at]), int(total["met"][at])))
    return found


def too_many(found: np.ndarray, units: np.ndarray) -> np.ndarray:
    """Whether so many households cannot have been found in buildings with so many (`MORE_FOUND`)."""
    return (found > 2 * units) & (found > units + MORE_FOUND)


def tally(
    campaign: Campaign, register: Register, calls: pd.DataFrame | None, checks: pd.DataFrame | None, day: date
) -> SweepState:
    """The state at the end of ``day``. ``calls``: as `CALL_COLUMNS`, and adding up (:func:`faults`); None where none
    were ever imported. ``checks``: place_id, checked_at, outcome, team_id of sweeps, of which those in the campaign's
    days count, and of shops and venues those that are not among the calls; None where no checks are imported."""
    begun = day >= campaign.first
    known = frozenset(
        line
        for line in LINES
        if not begun or calls is not None or (checks is not None and line in ("building", *_SINGLE))
    )
    end = pd.Timestamp(day) + pd.Timedelta(days=1)
    calls = no_calls() if calls is None else calls
    days = calls["checked_at"].dt.normalize().between(pd.Timestamp(campaign.first), pd.Timestamp(campaign.last))
    ours = days & calls["place_id"].isin(register.places.index)
    aside = int((~ours).sum())
    calls = calls[ours & (calls["checked_at"] < end)]
    checks = no_checks() if checks is None else checks
    checks = checks[(checks["checked_at"] >= pd.Timestamp(campaign.first)) & (checks["checked_at"] < end)]
    checks = checks[checks["place_id"].isin(register.places.index) & ~checks["place_id"].isin(calls["place_id"])]
    of_building = checks["place_id"].map(register.places["kind"]) == "building"
    several = [one for one in (calls, calls_of_checks(checks[~of_building])) if len(one)]
    every = pd.concat(several, ignore_index=True) if several else no_calls()
    numbers = ["found", *NUMBERS[1:], *WAITING, "in_vain"]
    places = register.places.join(counted(every, campaign.evening_from))
    places[numbers] = places[numbers].fillna(0).astype("int64")
    base = places["units"].where(places["units"] >= places["found"], places["found"]).where(places["units"].notna())
    places["visited"] = places.index.isin([*every["place_id"], *checks["place_id"]])
    newest = checks[of_building].sort_values("checked_at", kind="stable").groupby("place_id")["outcome"].last()
    outcome = newest.reindex(places.index)
    places["left_out"] = (outcome == "not_applicable").to_numpy(bool)
    places["uncounted"] = (outcome.notna() & (outcome != "not_applicable")).to_numpy(bool)
    places["not_called"] = (base - places["found"]).mask(places["left_out"], 0.0)
    gone = places["units"].where(places["left_out"], 0.0).fillna(0.0).astype("int64")
    places["written_off"] = places["vacant"] + gone
    both = pd.concat([every[["place_id", "team_id"]], checks[["place_id", "team_id"]]]).dropna()
    callers = {str(place): frozenset(teams) - {""} for place, teams in both.groupby("place_id")["team_id"]}
    return SweepState(campaign, register, day, places, callers, known, aside)


def _units(line: Line, places: pd.DataFrame) -> LineCount:
    """A building that is left out has its households written off; where nobody knows how many, they are in neither."""
    of = places[places["kind"] == ("building" if line == "household" else line)]
    known = bool((of["units"].notna() | of["left_out"]).all())
    registered = int(of["units"].sum()) if known else None
    more = int((of["found"] - of["units"]).clip(lower=0).sum())
    written_off, found = int(of["written_off"].sum()), int(of["found"].sum())
    waiting = int(of[list(WAITING)].to_numpy().sum())
    met, recorded = int(of["met"].sum()), int(of["recorded"].sum())
    reasons = {
        "waiting": waiting,
        "in_vain": int(of["in_vain"].sum()),
        "not_agreed": int(of["not_agreed"].sum()),
        "not_recorded": met - recorded,
    }
    if known:
        reasons = {"not_called": int(of["not_called"].sum())} | reasons
    to_do = None if registered is None else registered + more - written_off
    called = found - int(of["vacant"].sum())
    return LineCount(line, registered, more, written_off, to_do, called, met, recorded, reasons)


def _buildings(places: pd.DataFrame) -> LineCount:
    """A building is met once each of its households was called, and done once none of them is to be called or recorded;
    one of which households are not counted goes by its check."""
    of = places[places["kind"] == "building"]
    there = of[~of["left_out"]]
    walked = (there["not_called"] == 0) & there["visited"] & ~there["uncounted"]
    open_ = there[list(WAITING)].sum(axis=1) + there["met"] - there["recorded"]
    settled = walked & (open_ == 0)
    called, met, done = int(there["visited"].sum()), int(walked.sum()), int(settled.sum())
    reasons = {"not_called": len(there) - called, "waiting": called - done}
    return LineCount("building", len(of), 0, len(of) - len(there), len(there), called, met, done, reasons)


def _persons(places: pd.DataFrame, persons: pd.Series) -> LineCount:
    """Persons are counted when their household is recorded; nobody counts whom a call was for. Once as many are
    recorded as are registered while households are left, the register is short of nobody knows how many: what is to do
    is not known then, and nothing is whole."""
    registered = None if persons.isna().any() else int(persons.sum())
    held = places[places["kind"] == "building"]
    told = held["persons"].where(held["persons"].notna() | (held["recorded"] > 0), 0.0)
    by_area = told.groupby(held["area_id"]).sum(min_count=1, skipna=False).reindex(persons.index)
    recorded = None if by_area.isna().any() or not (held["recorded"] > 0).any() else int(by_area.sum())
    more = 0 if recorded is None or registered is None else int((by_area - persons).clip(lower=0).sum())
    to_do = None if registered is None else registered + more
    if to_do is not None and recorded == to_do and _units("household", places).left != 0:
        to_do = None
    return LineCount("person", registered, more, 0, to_do, None, None, recorded)
