"""How far a building sweep (清楼) has come: to do → called → met → recorded, each line by itself and never added up.

Households have no numbers of their own here. An export of the platform counts them by building and round: of so many
that were called for the n-th time so many were met, recorded, did not agree, or were found vacant; the others had
nobody home. Who was called n times is known from that as a number, never as a household. Shops and venues have
business numbers, and come from the checks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from analytics.errors import UserError
from analytics.response.campaign import LINES, MOST_CALLS, Campaign, Line, is_weekend

CALL_COLUMNS = (
    "place_id",
    "checked_at",
    "team_id",
    "call",
    "called",
    "met",
    "recorded",
    "not_agreed",
    "vacant",
    "persons",
)
"""Of the frame of calls, a row a building and round (and call: the n-th of these households). ``met`` and ``recorded``
count those of which it is so for the first time; ``persons`` how many persons were recorded, NaN where nobody says."""

CALL_KEY = ("place_id", "checked_at", "team_id", "call")
"""What tells one row from another: a later file with the same takes its place."""

REASONS = ("not_called", "waiting", "in_vain", "not_agreed", "not_recorded")
"""Why something is left, each part by itself: they add up to what is left."""

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
        return LineCount(self.line, self.registered, 0, 0, self.registered, None, None, None)

    def share(self, done: int | None) -> float:
        """``done`` of what is to do (0–1), NaN where either is not known or nothing is to do."""
        return done / self.to_do if self.to_do and done is not None else float("nan")


@dataclass(frozen=True, eq=False)
class SweepState:
    """A sweep at the end of ``day``. ``places``: index ``place_id``, columns ``area_id``, ``kind``, ``units``, and as
    whole numbers of units ``found`` (called at all), ``met``, ``recorded``, ``not_agreed``, ``vacant``,
    ``not_called``, ``waiting_1``, ``waiting_2`` and ``waiting_more`` (called once, twice, oftener, and not yet as the
    rule asks), ``in_vain``; ``persons`` (NaN unknown), ``visited``, ``left_out`` (a building that is not applicable),
    ``uncounted`` (checked, and no household of it was counted). ``callers``: by ``place_id``, the teams that called.
    ``counted``: the lines of which anything could be known: where nothing was imported nothing is zero."""

    campaign: Campaign
    register: Register
    day: date
    places: pd.DataFrame
    callers: Mapping[str, frozenset[str]]
    counted: frozenset[Line]

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


def calls_of_checks(checks: pd.DataFrame) -> pd.DataFrame:
    """Checks of shops and venues (place_id, checked_at, outcome, team_id) as calls of one unit each; what changes
    nothing (a revisit after it was recorded) is left out, and who agrees later has agreed."""
    rows = []
    for place_id, several in checks.sort_values("checked_at", kind="stable").groupby("place_id", sort=False):
        seen, met, recorded, closed = 0, False, False, False
        for one in several.itertuples():
            counts = dict.fromkeys(("called", "met", "recorded", "not_agreed", "vacant"), 0)
            if recorded:
                break
            counts["called"] = int(not (met or closed))
            counts["met"] = int(not met and one.outcome in ("done", "partly"))
            counts["recorded"] = int(one.outcome == "done")
            counts["not_agreed"] = int(one.outcome == "refused" and not (met or closed))
            counts["vacant"] = int(one.outcome == "not_applicable" and not (met or closed))
            if not any(counts.values()):
                continue
            seen += counts["called"]
            met, recorded = met or bool(counts["met"]), bool(counts["recorded"])
            closed = closed or bool(counts["not_agreed"] or counts["vacant"])
            team = one.team_id if isinstance(one.team_id, str) else ""
            rows.append((place_id, one.checked_at, team, max(seen, 1), *counts.values(), np.nan))
    return pd.DataFrame(rows, columns=list(CALL_COLUMNS)).astype(no_calls().dtypes)


def no_calls() -> pd.DataFrame:
    """A frame of calls without any."""
    kinds = dict.fromkeys(CALL_COLUMNS, "int64") | {"place_id": "str", "team_id": "str", "persons": "float64"}
    kinds["checked_at"] = "datetime64[us]"
    return pd.DataFrame({column: pd.Series(dtype=kind) for column, kind in kinds.items()})


def no_checks() -> pd.DataFrame:
    """A frame of checks without any."""
    kinds = {"place_id": "str", "checked_at": "datetime64[us]", "outcome": "str", "team_id": "str"}
    return pd.DataFrame({column: pd.Series(dtype=kind) for column, kind in kinds.items()})


def merged(several: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The rows of several files, the oldest first, each once: a later one with the same key takes its place."""
    if not several:
        return no_calls()
    every = pd.concat(several, ignore_index=True)
    return every.drop_duplicates(list(CALL_KEY), keep="last").sort_values(["checked_at", "place_id"], ignore_index=True)


def faults(register: Register, calls: pd.DataFrame) -> dict[str, tuple[int, int, int]]:
    """Places whose rounds do not add up, by ``place_id``: the call, how many were called for it, and how many of them
    can have been (one of a shop, any number of households at first: more may be found than are on the register); as
    call 0, how many were met or recorded beyond those that were called or met."""
    rounds = _Rounds(calls)
    found: dict[str, tuple[int, int, int]] = {}
    single = register.places["kind"].reindex(rounds.ids).isin(["shop", "venue"]).to_numpy()
    for place, now in zip(rounds.ids[single], rounds.called[single, 0], strict=True):
        if now > 1:
            found[str(place)] = (1, int(now), 1)
    for at, place in enumerate(rounds.ids):
        for call in range(1, rounds.called.shape[1]):
            before, now = int(rounds.vain[at, call - 1]), int(rounds.called[at, call])
            if now > before:
                found.setdefault(str(place), (call + 1, now, before))
        total = rounds.totals
        if total["surplus"][at] > total["not_agreed"][at] + total["vacant"][at]:
            found.setdefault(str(place), (0, int(total["met"][at]), int(rounds.called[at, 0])))
        if total["recorded"][at] > total["met"][at]:
            found.setdefault(str(place), (0, int(total["recorded"][at]), int(total["met"][at])))
    return found


def tally(
    campaign: Campaign, register: Register, calls: pd.DataFrame | None, checks: pd.DataFrame | None, day: date
) -> SweepState:
    """The state at the end of ``day``. ``calls``: as `CALL_COLUMNS`, and adding up (:func:`faults`); None where none
    were ever imported. ``checks``: place_id, checked_at, outcome, team_id of sweeps, of which those in the campaign's
    days count, and of shops and venues those that are not among the calls; None where no checks are imported."""
    begun = day >= campaign.first
    counted = frozenset(
        line
        for line in LINES
        if not begun or calls is not None or (checks is not None and line in ("building", *_SINGLE))
    )
    end = pd.Timestamp(day) + pd.Timedelta(days=1)
    calls = no_calls() if calls is None else calls
    calls = calls[(calls["checked_at"] < end) & calls["place_id"].isin(register.places.index)]
    checks = no_checks() if checks is None else checks
    checks = checks[(checks["checked_at"] >= pd.Timestamp(campaign.first)) & (checks["checked_at"] < end)]
    checks = checks[checks["place_id"].isin(register.places.index) & ~checks["place_id"].isin(calls["place_id"])]
    of_building = checks["place_id"].map(register.places["kind"]) == "building"
    several = [one for one in (calls, calls_of_checks(checks[~of_building])) if len(one)]
    every = pd.concat(several, ignore_index=True) if several else no_calls()
    numbers = [*_COUNTS, *WAITING, "in_vain"]
    places = register.places.join(_counted(every, campaign.evening_from))
    places[numbers] = places[numbers].fillna(0).astype("int64")
    base = places["units"].where(places["units"] >= places["found"], places["found"]).where(places["units"].notna())
    places["not_called"] = base - places["found"]
    places["visited"] = places.index.isin([*every["place_id"], *checks["place_id"]])
    newest = checks[of_building].sort_values("checked_at", kind="stable").groupby("place_id")["outcome"].last()
    outcome = newest.reindex(places.index)
    places["left_out"] = (outcome == "not_applicable").to_numpy(bool)
    places["uncounted"] = (outcome.notna() & (outcome != "not_applicable")).to_numpy(bool)
    both = pd.concat([every[["place_id", "team_id"]], checks[["place_id", "team_id"]]]).dropna()
    callers = {str(place): frozenset(teams) - {""} for place, teams in both.groupby("place_id")["team_id"]}
    return SweepState(campaign, register, day, places, callers, counted)


_COUNTS = ("found", "met", "recorded", "not_agreed", "vacant")
WAITING = ("waiting_1", "waiting_2", "waiting_more")
"""Households that wait, by how often they were called: once, twice, oftener and not yet as the rule asks."""


class _Rounds:
    """Calls by building (rows, as ``ids``) and call (columns, from the first): (places, calls) each."""

    def __init__(self, calls: pd.DataFrame) -> None:
        at, self.ids = pd.factorize(calls["place_id"], sort=True)
        level = calls["call"].to_numpy("int64") - 1
        self.shape = (len(self.ids), max(MOST_CALLS, int(level.max(initial=0)) + 1))
        number = {name: calls[name].to_numpy("int64") for name in ("called", "met", "recorded", "not_agreed", "vacant")}
        settled = number["met"] + number["not_agreed"] + number["vacant"]
        self._at, self._level = at, level
        self._vain = np.maximum(number["called"] - settled, 0)
        self.called, self.vain = self._summed(number["called"]), self._summed(self._vain)
        self.totals = {name: self._summed(values).sum(axis=1) for name, values in number.items()}
        self.totals["surplus"] = self._summed(np.maximum(settled - number["called"], 0)).sum(axis=1)

    def _summed(self, values: np.ndarray) -> np.ndarray:
        found = np.zeros(self.shape, dtype="int64")
        np.add.at(found, (self._at, self._level), values)
        return found

    def without(self, had: np.ndarray) -> np.ndarray:
        """(places, calls): of those that were called so often, how many at most had no call of a kind, of which each
        row says whether it was one (``had``). None of them can be outside the rows that were not, at any of its
        calls."""
        return np.minimum.accumulate(self._summed(self._vain * ~had), axis=1)


def _counted(calls: pd.DataFrame, evening_from: int) -> pd.DataFrame:
    """By ``place_id``: what was counted, and how many wait after how many calls.

    A household is called in vain for good after three calls, one in an evening and one at a weekend. Who of a building
    had which is not known one by one; so many are surely so as are left when all that may lack an evening, and all that
    may lack a weekend, are taken away. The others stay open.
    """
    rounds = _Rounds(calls)
    moments = pd.DatetimeIndex(calls["checked_at"])
    evening = np.asarray(moments.hour >= evening_from)
    weekend = np.array([is_weekend(moment) for moment in moments], dtype=bool)
    waits = rounds.vain - np.concatenate([rounds.called[:, 1:], np.zeros((rounds.shape[0], 1), dtype="int64")], axis=1)
    lacking = np.minimum(rounds.without(evening), waits) + np.minimum(rounds.without(weekend), waits)
    surely = np.maximum(waits - lacking, 0)
    surely[:, : MOST_CALLS - 1] = 0
    open_ = waits - surely
    total = rounds.totals
    back = np.minimum(total["surplus"], total["not_agreed"])
    return pd.DataFrame(
        {
            "found": rounds.called[:, 0],
            "met": total["met"],
            "recorded": total["recorded"],
            "not_agreed": total["not_agreed"] - back,
            "vacant": total["vacant"] - (total["surplus"] - back),
            **{f"waiting_{level}": open_[:, level - 1] for level in range(1, MOST_CALLS)},
            "waiting_more": open_[:, MOST_CALLS - 1 :].sum(axis=1),
            "in_vain": surely.sum(axis=1),
            "persons": _persons_by_place(calls, rounds.ids),
        },
        index=pd.Index(rounds.ids, name="place_id"),
    )


def _persons_by_place(calls: pd.DataFrame, ids: pd.Index) -> np.ndarray:
    """Persons recorded, NaN where a round recorded households and does not say how many persons."""
    persons = calls["persons"].to_numpy("float64")
    told = pd.Series(np.where(np.isnan(persons) & (calls["recorded"].to_numpy("int64") == 0), 0.0, persons))
    return told.groupby(calls["place_id"].to_numpy()).sum(min_count=1, skipna=False).reindex(ids).to_numpy()


def _units(line: Line, places: pd.DataFrame) -> LineCount:
    of = places[places["kind"] == ("building" if line == "household" else line)]
    known = bool(of["units"].notna().all())
    registered = int(of["units"].sum()) if known else None
    more = int((of["found"] - of["units"]).clip(lower=0).sum())
    vacant, found = int(of["vacant"].sum()), int(of["found"].sum())
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
    to_do = None if registered is None else registered + more - vacant
    return LineCount(line, registered, more, vacant, to_do, found - vacant, met, recorded, reasons)


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
    """Persons are counted when their household is recorded; nobody counts whom a call was for."""
    registered = None if persons.isna().any() else int(persons.sum())
    held = places[places["kind"] == "building"]
    counted = held["persons"].where(held["persons"].notna() | (held["recorded"] > 0), 0.0)
    by_area = counted.groupby(held["area_id"]).sum(min_count=1, skipna=False).reindex(persons.index)
    recorded = None if by_area.isna().any() or not (held["recorded"] > 0).any() else int(by_area.sum())
    more = 0 if recorded is None or registered is None else int((by_area - persons).clip(lower=0).sum())
    to_do = None if registered is None else registered + more
    return LineCount("person", registered, more, 0, to_do, None, None, recorded)
