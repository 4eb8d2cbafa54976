"""The checks that teams make: patrols, visits and sweeps."""

from __future__ import annotations

import numpy as np
import pandas as pd

from making.incidents import NEW_GRID_REPORTS_FOR_DAYS, Outbreak, written
from making.people import DWELLINGS, PREMISES, Grids


def checks(
    grids: Grids,
    places: pd.DataFrame,
    teams: pd.DataFrame,
    first_day: np.datetime64,
    days: int,
    waves: list[Outbreak],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Patrols, visits and sweeps: two or three a grid and week, more sweeps in an outbreak."""
    at_grid, on_day, kind = _check_calls(grids, first_day, days, waves, rng)
    minutes = np.clip(np.round(rng.normal(14.2, 2.6, len(kind)) * 60), 8 * 60 + 30, 20 * 60 + 30)
    when = (first_day + on_day).astype("datetime64[m]") + minutes.astype("timedelta64[m]")
    rows = pd.DataFrame({"grid": at_grid, "kind": kind, "when": when})
    rows = rows.sort_values(["when", "grid", "kind"], kind="stable", ignore_index=True)
    return pd.DataFrame(
        {
            "check_id": [f"ZC{n:0{max(5, len(str(len(rows))))}d}" for n in range(1, len(rows) + 1)],
            "place_id": _visited(rows, grids, places, rng),
            "kind": rows["kind"],
            "checked_at": written(rows["when"]),
            "outcome": _outcomes(rows["kind"].to_numpy(), rng),
            "team_id": _sent(rows, grids, teams, rng),
        }
    )


_CHECK_KINDS = ("patrol", "visit", "sweep")
_OUTCOMES = ("done", "partly", "nobody_home", "refused", "not_applicable")
_OUTCOME_CHANCES = {
    "patrol": (0.90, 0.07, 0.0, 0.01, 0.02),
    "visit": (0.74, 0.05, 0.15, 0.03, 0.03),
    "sweep": (0.66, 0.09, 0.19, 0.04, 0.02),
}


def _check_calls(
    grids: Grids, first_day: np.datetime64, days: int, waves: list[Outbreak], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The grid, the day and the kind of each check."""
    weekend = ((first_day + np.arange(days)).astype(int) + 3) % 7 >= 5
    weekly = 2.4 * grids.frame["busy"].to_numpy() ** 0.25 * rng.lognormal(0, 0.15, len(grids.frame))
    counts = rng.poisson(np.outer(weekly / 7, np.where(weekend, 0.55, 1.18)))
    at_grid, on_day = np.nonzero(counts)
    at_grid, on_day = (np.repeat(a, counts[counts > 0]) for a in (at_grid, on_day))
    kind = rng.choice(np.array(_CHECK_KINDS, dtype=object), len(at_grid), p=(0.5, 0.4, 0.1))
    more_grids, more_days = [at_grid], [on_day]
    for wave in waves:
        swept = rng.integers(wave.first_case + 2, wave.last_case + 3, 18 * len(wave.core))
        more_grids.append(np.repeat(wave.core, 18))
        more_days.append(np.minimum(swept, days - 1))
    all_grids, all_days = np.concatenate(more_grids), np.concatenate(more_days)
    kinds = np.concatenate([kind, np.full(len(all_grids) - len(kind), "sweep", dtype=object)])
    held = all_days >= 0
    new = grids.frame["new"].to_numpy()[all_grids]
    held &= ~new | (all_days >= days - NEW_GRID_REPORTS_FOR_DAYS)
    return all_grids[held], all_days[held], kinds[held]


def _visited(rows: pd.DataFrame, grids: Grids, places: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """A place of the grid that suits the kind of check: patrols see premises, the others dwellings."""
    place_id = np.empty(len(rows), dtype=object)
    for kinds, is_patrol in ((PREMISES, True), (DWELLINGS, False)):
        suitable = places[places["kind"].isin(kinds)]  # in the order of the grids
        number = suitable.groupby("area_id").size().reindex(grids.frame.index).to_numpy()
        first = np.cumsum(number) - number
        at = np.flatnonzero((rows["kind"].to_numpy() == "patrol") == is_patrol)
        grid = rows["grid"].to_numpy()[at]
        place_id[at] = suitable["place_id"].to_numpy()[first[grid] + rng.integers(0, number[grid])]
    return place_id


def _outcomes(kinds: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    outcome = np.empty(len(kinds), dtype=object)
    for kind, chances in _OUTCOME_CHANCES.items():
        at = np.flatnonzero(kinds == kind)
        outcome[at] = rng.choice(np.array(_OUTCOMES, dtype=object), len(at), p=chances)
    return outcome


def _sent(rows: pd.DataFrame, grids: Grids, teams: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """A team of the same street that has the skill."""
    street = grids.frame["parent_id"].str.rsplit("-", n=1).str[0].to_numpy()[rows["grid"]]
    team_street = teams["home_area_id"].str.rsplit("-", n=1).str[0]
    team_id = np.empty(len(rows), dtype=object)
    for kind in _CHECK_KINDS:
        able = teams[teams["skills"].str.split(";").map(lambda skills, kind=kind: kind in skills)]
        by_street = {name: group["team_id"].to_numpy() for name, group in able.groupby(team_street)}
        at = np.flatnonzero(rows["kind"].to_numpy() == kind)
        draw = rng.random(len(at))
        team_id[at] = [by_street[s][int(d * len(by_street[s]))] for s, d in zip(street[at], draw, strict=True)]
    return team_id
