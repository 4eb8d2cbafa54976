"""The independent check of a sweep: a random sample of what was recorded is looked at again, by others."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.response.sweep import SweepState
from analytics.response.sweep_days import is_there

SAMPLE_COLUMNS = ("place_id", "area_id", "number", "team_id")
RESULT_COLUMNS = ("place_id", "number", "team_id", "confirmed")

Z = 1.959963984540054
"""Standard normal deviate of a two-sided interval of 95 %."""

LEAST = 2
"""Of a stratum as long as it has so many: one alone says nothing of how its households differ."""


@dataclass(frozen=True)
class Confirmed:
    """What the check found: of ``sampled`` households ``checked`` were looked at and ``confirmed`` are as they were
    recorded. ``share`` (0–1) estimates it for all that were recorded, with an interval of 95 % (``low``, ``high``);
    ``reported`` is the share recorded of what is to do."""

    sampled: int
    checked: int
    confirmed: int
    share: float
    low: float
    high: float
    reported: float

    def of_all(self) -> tuple[float, float, float]:
        """The share of what is to do that was truly recorded, and its interval: reported times confirmed."""
        return self.share * self.reported, self.low * self.reported, self.high * self.reported


def allocated(recorded: np.ndarray, size: int) -> np.ndarray:
    """How many to draw from each stratum, given how many each has: in proportion, by largest remainders (Hamilton's
    way; Cochran, Sampling Techniques, 3rd ed. 1977, 5.5), `LEAST` from each that has as many, never more than it has.

    >>> allocated(np.array([100, 50, 50, 1]), 10).tolist()
    [5, 3, 2, 1]
    """
    size = min(size, int(recorded.sum()))
    if size == 0:
        return np.zeros(len(recorded), dtype="int64")
    exact = recorded / recorded.sum() * size
    given = np.floor(exact).astype("int64")
    order = np.argsort(-(exact - given), kind="stable")
    given[order[: size - given.sum()]] += 1
    return np.minimum(np.maximum(given, LEAST), recorded)


def draw(state: SweepState, size: int, seed: int) -> pd.DataFrame:
    """A stratified sample (strata: areas) of the households that were recorded (`SAMPLE_COLUMNS`), the same for the
    same state, size and seed. A household is told by its building and its ``number`` there, in the order of the
    team's own sheet. ``team_id``: who checks it, no team that called in the building or is withdrawn; "" where there
    is none.
    """
    random = np.random.default_rng(seed)
    buildings = state.places[state.places["kind"] == "building"]
    teams = [one.team for one in state.campaign.teams if is_there(state.campaign, one.team, state.day)]
    counts = buildings.groupby("area_id")["recorded"].sum().reindex(list(state.campaign.areas), fill_value=0)
    rows = []
    for area, number in zip(counts.index, allocated(counts.to_numpy("int64"), size), strict=True):
        of = buildings[buildings["area_id"] == area]["recorded"]
        drawn = np.sort(random.choice(int(counts[area]), int(number), replace=False))
        ends = of.cumsum().to_numpy()
        at = np.searchsorted(ends, drawn, side="right")
        for place, household in zip(at, drawn, strict=True):
            place_id = str(of.index[place])
            before = int(ends[place - 1]) if place else 0
            able = [team for team in teams if team not in state.callers.get(place_id, frozenset())]
            team = able[len(rows) % len(able)] if able else ""
            rows.append((place_id, str(area), int(household) - before + 1, team))
    return pd.DataFrame(rows, columns=list(SAMPLE_COLUMNS))


def confirmed(state: SweepState, sample: pd.DataFrame, results: pd.DataFrame) -> Confirmed | None:
    """What the ``results`` (`RESULT_COLUMNS`) say of a ``sample``; None before each area with records has some.

    The estimator is the stratified one, Σ (Nₕ/N) pₕ (Cochran 1977, 5.3). The interval is Wilson's (1927) with the
    effective size (Σw)²/Σw² of Kish (Survey Sampling, 1965, 11.7) for the unequal weights, over the part of the finite
    population that was not drawn.
    """
    found = sample.merge(results[["place_id", "number", "confirmed"]], on=["place_id", "number"])
    buildings = state.places[state.places["kind"] == "building"]
    held = buildings.groupby("area_id")["recorded"].sum()
    held = held[held > 0]
    by_area = found.groupby("area_id")["confirmed"].agg(["sum", "count"]).reindex(held.index, fill_value=0)
    if held.empty or (by_area["count"] == 0).any():
        return None
    share, low, high = stratified(held.to_numpy(), by_area["count"].to_numpy(), by_area["sum"].to_numpy())
    line = next(one for one in state.lines() if one.line == "household")
    checked, good = int(by_area["count"].sum()), int(by_area["sum"].sum())
    return Confirmed(len(sample), checked, good, share, low, high, line.share(line.recorded))


def stratified(held: np.ndarray, drawn: np.ndarray, good: np.ndarray) -> tuple[float, float, float]:
    """The share of good ones in all strata, and its interval of 95 %: each stratum holds ``held``, of which so many
    were ``drawn`` and so many of these ``good``; see :func:`confirmed`.

    >>> tuple(round(one, 3) for one in stratified(np.array([1000, 790]), np.array([33, 27]), np.array([32, 25])))
    (0.95, 0.865, 0.983)
    """
    whole = held.sum()
    share = float((held / whole * good / drawn).sum())
    weights = held / drawn
    effective = float((weights * drawn).sum() ** 2 / (weights**2 * drawn).sum())
    rest = float((whole - drawn.sum()) / max(whole - 1, 1))
    if rest <= 0:
        return share, share, share
    size = effective / rest
    middle = (share + Z**2 / (2 * size)) / (1 + Z**2 / size)
    half = Z / (1 + Z**2 / size) * math.sqrt(share * (1 - share) / size + Z**2 / (4 * size**2))
    return share, max(middle - half, 0.0), min(middle + half, 1.0)


def called_themselves(state: SweepState, results: pd.DataFrame) -> Mapping[str, str]:
    """Buildings that a team checked although it had called there, and that team: who checks is not who called."""
    return {
        str(row.place_id): str(row.team_id)
        for row in results.itertuples()
        if row.team_id in state.callers.get(row.place_id, frozenset())
    }
