"""The routine of the teams in the last weeks: rounds of buildings and of grids, and calls of older people living alone.

It knows nothing of tiers. Teams go where they always go, oftener in and around an outbreak, as its cases become known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from making.incidents import Outbreak, written
from making.people import DWELLINGS, PREMISES, Grids

ROUTINE_DAYS = 42
"""Of so many days the routine is on record."""

LAPSED, LAPSED_FOR_DAYS, LEFT_BY_THE_LAPSE = 6, 27, 0.5
"""Planted: in the community of this number half of the building rounds of the last days were not made."""

RENAMED = 2
"""Planted too, and without any effect: in the community of this number the rounds were given a new timetable on the
same day, which changed nothing."""

_AROUND_AN_OUTBREAK = {"core": 1.15, "around": 2.1}
"""Days from one round of a building to the next, once cases are known there."""

_OUTCOMES = ("done", "partly", "nobody_home", "refused")
_OUTCOME_CHANCES = {
    "building_round": (0.94, 0.03, 0.02, 0.01),
    "round": (0.98, 0.02, 0.0, 0.0),
    "call": (0.90, 0.0, 0.09, 0.01),
    "inspection": (0.93, 0.05, 0.01, 0.01),
}
_HOURS = {"building_round": (14.6, 2.4), "round": (9.6, 1.6), "call": (10.4, 1.8), "inspection": (15.0, 2.0)}


@dataclass(frozen=True, eq=False)
class There:
    """What there is in the street: its ``places``, its residents as they were ``counted``, and the ``teams``."""

    places: pd.DataFrame
    counted: pd.DataFrame
    teams: pd.DataFrame


def rounds(
    grids: Grids, there: There, last_day: np.datetime64, days: int, waves: list[Outbreak], rng: np.random.Generator
) -> pd.DataFrame:
    """Checks of the last `ROUTINE_DAYS`: of every building and let home about once a week, of every grid about four
    times a week, of every shop and venue about every eleven days, and a call of every older person living alone about
    every nine."""
    places, counted, teams = there.places, there.counted, there.teams
    span = min(ROUTINE_DAYS, days)
    number = pd.Series(np.arange(len(grids.frame)), index=grids.frame.index)
    new = grids.frame["new"].to_numpy()
    homes = places[places["kind"].isin(DWELLINGS)]
    at_home = number[homes["area_id"]].to_numpy()
    habit = rng.lognormal(0, 0.16, len(grids.frame))
    gap = np.tile(6.1 * habit[at_home], (span, 1))
    for wave in waves:
        known = max(0, span - (days - wave.first_case) + 2)
        for kind, grids_of in (("around", wave.around), ("core", wave.core)):
            gap[known:, np.isin(at_home, grids_of)] = _AROUND_AN_OUTBREAK[kind]
    day, row = _made(gap, 0.93, rng)
    community = pd.factorize(grids.frame["parent_id"])[0]
    lapsed = (community[at_home[row]] == LAPSED) & (day >= span - LAPSED_FOR_DAYS)
    kept = ~lapsed | (rng.random(len(row)) >= LEFT_BY_THE_LAPSE)
    parts = [_part("building_round", at_home[row[kept]], day[kept], homes["place_id"].to_numpy()[row[kept]])]

    gap = np.tile(1.75 * rng.lognormal(0, 0.2, len(grids.frame)), (span, 1))
    day, row = _made(gap, 0.95, rng)
    parts.append(_part("round", row, day, None))

    alone = counted[(counted["lives_alone"] == 1) & counted["age_band"].isin(["70-79", "80+", "66+"])]
    people = np.repeat(number[alone["area_id"]].to_numpy(), alone["count"].to_numpy())
    gap = np.tile(9.0 * rng.lognormal(0, 0.25, len(grids.frame))[people], (span, 1))
    day, row = _made(gap, 0.9, rng)
    parts.append(_part("call", people[row], day, None))

    premises = places[places["kind"].isin(PREMISES)]
    at_premises = number[premises["area_id"]].to_numpy()
    gap = np.tile(11.0 * rng.lognormal(0, 0.2, len(grids.frame))[at_premises], (span, 1))
    day, row = _made(gap, 0.93, rng)
    parts.append(_part("inspection", at_premises[row], day, premises["place_id"].to_numpy()[row]))

    rows = pd.concat(parts, ignore_index=True)
    rows = rows[~new[rows["grid"]]]
    return _with_the_rest(rows, grids, teams, last_day - (span - 1), rng)


def _made(gap: np.ndarray, kept: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """When each of the objects is seen, ``gap`` (days, objects) days after it was last: the day and the object of each
    time. Not quite all are made (``kept``)."""
    wait = rng.random(gap.shape[1]) * gap[0]
    found = []
    for day in range(len(gap)):
        due = np.flatnonzero(wait < 1)
        found.append((np.full(len(due), day), due))
        wait -= 1
        wait[due] += gap[day, due] * rng.uniform(0.75, 1.25, len(due))
        # Who was seen every week is seen sooner once there is cause.
        wait = np.minimum(wait, gap[day] * 1.25)
    day, row = (np.concatenate(part) for part in zip(*found, strict=True))
    stays = rng.random(len(row)) < kept
    return day[stays], row[stays]


def _part(kind: str, grid: np.ndarray, day: np.ndarray, place: np.ndarray | None) -> pd.DataFrame:
    return pd.DataFrame({"kind": kind, "grid": grid, "day": day, "place_id": "" if place is None else place})


def _with_the_rest(
    rows: pd.DataFrame, grids: Grids, teams: pd.DataFrame, first_day: np.datetime64, rng: np.random.Generator
) -> pd.DataFrame:
    kind = rows["kind"].to_numpy()
    middle, spread = (np.array([_HOURS[one][part] for one in kind]) for part in (0, 1))
    minute = np.clip(np.round((middle + spread * rng.standard_normal(len(rows))) * 60), 8 * 60, 20 * 60)
    when = (first_day + rows["day"].to_numpy()).astype("datetime64[m]") + minute.astype("timedelta64[m]")
    outcome = np.empty(len(rows), dtype=object)
    for one, chances in _OUTCOME_CHANCES.items():
        at = np.flatnonzero(kind == one)
        outcome[at] = rng.choice(np.array(_OUTCOMES, dtype=object), len(at), p=chances)
    rows = rows.assign(when=when, outcome=outcome, team_id=_sent(rows, grids, teams))
    rows = rows.sort_values(["when", "grid", "kind", "place_id"], kind="stable", ignore_index=True)
    width = max(5, len(str(len(rows))))
    return pd.DataFrame(
        {
            "check_id": [f"ZX{n:0{width}d}" for n in range(1, len(rows) + 1)],
            "area_id": np.where(rows["place_id"] == "", grids.frame.index.to_numpy()[rows["grid"]], ""),
            "place_id": rows["place_id"],
            "kind": rows["kind"],
            "checked_at": written(rows["when"]),
            "outcome": rows["outcome"],
            "team_id": rows["team_id"],
        }
    )


def _sent(rows: pd.DataFrame, grids: Grids, teams: pd.DataFrame) -> np.ndarray:
    """The teams of the street take its communities in turn: those that visit the homes, those that patrol the grids."""
    community = pd.factorize(grids.frame["parent_id"])[0][rows["grid"]]
    street = grids.frame["parent_id"].str.rsplit("-", n=1).str[0].to_numpy()[rows["grid"]]
    home_street = teams["home_area_id"].str.rsplit("-", n=1).str[0]
    sent = np.empty(len(rows), dtype=object)
    for kind, skill in (("building_round", "visit"), ("round", "patrol"), ("call", "visit"), ("inspection", "patrol")):
        able = teams[teams["skills"].str.split(";").map(lambda skills, skill=skill: skill in skills)]
        by_street = {name: group["team_id"].to_numpy() for name, group in able.groupby(home_street)}
        at = np.flatnonzero(rows["kind"].to_numpy() == kind)
        sent[at] = [by_street[s][c % len(by_street[s])] for s, c in zip(street[at], community[at], strict=True)]
    return sent
