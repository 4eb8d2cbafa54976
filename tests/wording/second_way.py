"""A second way from records to tiers: slow, plain, and with no code of the first one (`analytics.scoring`).

It is written from the method alone, on frames as the loaders make them, and knows only what the schemes that ship need
of the two samples. Whatever else a scheme asks for fails the test, so that nothing passes unchecked or against a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analytics.loaders import Records
from analytics.scheme import Scheme
from tests.wording.second_stability import UNKNOWN, Forecast, published
from tests.wording.second_tables import DATES, NotReckonedError, Tables

ORDER = ("green", "blue", "yellow", "orange", "red")
RANK = {tier: rank for rank, tier in enumerate(ORDER)} | {"unknown": UNKNOWN}
_OPERATORS: Mapping[str, Callable[[object, float], object]] = {
    ">=": lambda held, wanted: held >= wanted,
    ">": lambda held, wanted: held > wanted,
    "<=": lambda held, wanted: held <= wanted,
    "<": lambda held, wanted: held < wanted,
    "==": lambda held, wanted: held == wanted,
    "!=": lambda held, wanted: held != wanted,
}


@dataclass(frozen=True)
class Decided:
    """A tier that a person decided on for an area, from ``first`` to ``last``."""

    area_id: str
    tier: str
    first: date
    last: date


@dataclass(frozen=True)
class Truth:
    """What is so of one area on one day. ``by``: ``score``, ``missing``, ``floor`` or ``line``, and ``rule`` the number
    of the floor rule or line; ``holding`` the numbers of all floor rules that hold. ``held``: by the stability rule.
    ``change`` and ``then``: when the published tier changes if today's computed tier goes on, and to which.
    ``decided``: a person's decision is in force, and ``until`` its last day. ``parts``: what each dimension adds.
    """

    day: date
    shown: str
    computed: str
    published: str
    score: float
    known: float
    by: str
    rule: int
    holding: tuple[int, ...]
    held: bool
    change: date | None
    then: str | None
    decided: bool
    until: date | None
    parts: Mapping[str, float]


class SecondWay:
    """The tiers of a scheme's areas on every day from the first to the last record."""

    def __init__(self, records: Records, scheme: Scheme) -> None:
        _refuse_what_is_not_known(scheme)
        self.scheme = scheme
        every = records.areas
        chosen = every if every["level"].isna().all() else every[every["level"] == scheme.level]
        self.areas = list(chosen.index)
        self._made: dict[tuple[int, ...], tuple[np.ndarray, Mapping[tuple[int, int], Forecast]]] = {}
        self._plain = Tables(records, chosen)
        moments = [self._plain.frames[table]["day"] for table in DATES if table in self._plain.frames]
        self.days = pd.date_range(min(held.min() for held in moments), max(held.max() for held in moments))
        items = scheme.indicators
        self.values = {item.id: self._plain.value(item, self.days) for item in items}
        self.points = {item.id: _points(item, self.values[item.id]) for item in items}
        self._judge()

    def _judge(self) -> None:
        scheme = self.scheme
        self.score, self.known, self.parts = _score(scheme, self.points)
        worst = _score(scheme, {name: held.fillna(100.0) for name, held in self.points.items()})[0]
        shape = self.score.shape
        self.by, self.rule = np.full(shape, "score", dtype=object), np.full(shape, -1)
        holes = np.any([held.isna().to_numpy() for held in self.values.values()], axis=0)
        lacking = self.known < scheme.missing.minimum_known_weight
        if scheme.decide:
            rank = self._by_lines()
        else:
            rank = _tier(scheme, self.score)
            lacking |= (rank == 0) & holes & (_tier(scheme, worst) > 0)
        floors = [self._holds(floor.when) for floor in scheme.floors]
        self.holding = [holds for holds, _ in floors]
        for holds, fails in floors:
            lacking |= (rank == 0) & ~holds & ~fails
        rank[lacking | (rank == UNKNOWN)] = UNKNOWN
        self.by[rank == UNKNOWN] = "missing"
        self.floor = np.full(shape, UNKNOWN)
        for number, (floor, (holds, _)) in enumerate(zip(scheme.floors, floors, strict=True)):
            least = RANK[floor.at_least]
            self.floor[holds] = np.maximum(self.floor[holds], least)
            raised = holds & (rank < least)
            rank[raised], self.by[raised], self.rule[raised] = least, "floor", number
        self.computed = rank

    def _by_lines(self) -> np.ndarray:
        """The tier of the first line that holds; unknown where another one before it, of another tier, might hold."""
        rank = np.full(self.score.shape, UNKNOWN)
        everywhere = np.ones(rank.shape, dtype=bool)
        for number, line in reversed(list(enumerate(self.scheme.decide))):
            holds, fails = self._holds(line.when) if line.when else (everywhere, ~everywhere)
            rank[holds], self.by[holds], self.rule[holds] = RANK[line.tier], "line", number
            rank[~holds & ~fails & (rank != RANK[line.tier])] = UNKNOWN
        return rank

    def _holds(self, when: object) -> tuple[np.ndarray, np.ndarray]:
        """Where a condition holds, and where it does not; neither where its value is missing."""
        if hasattr(when, "all"):
            found = [self._holds(inner) for inner in when.all]
            return np.all([holds for holds, _ in found], axis=0), np.any([fails for _, fails in found], axis=0)
        if type(when).__name__ != "Comparing":
            raise NotReckonedError(f"a condition {when!r}")
        held = self.values[when.indicator].to_numpy()
        holds = _OPERATORS[when.op](held, when.value) & ~np.isnan(held)
        return holds, ~holds & ~np.isnan(held)

    def _published(self, asked: tuple[int, ...]) -> tuple[np.ndarray, Mapping[tuple[int, int], Forecast]]:
        if asked not in self._made:
            self._made[asked] = published(self.computed, self.floor, self.scheme.stability, asked)
        return self._made[asked]

    def most_held(self) -> date:
        """The day on which the stability rule holds most areas, the last of several."""
        if self.scheme.stability is None:
            return self.days[-1].date()
        tiers, _ = self._published(())
        held = (tiers != self.computed).sum(axis=1)
        return self.days[len(held) - 1 - int(np.argmax(held[::-1]))].date()

    def on(self, days: Sequence[date], decided: Sequence[Decided] = ()) -> Mapping[tuple[str, date], Truth]:
        """What is so of every area on each of some days."""
        at = {int(self.days.get_loc(pd.Timestamp(day))): day for day in days}
        if self.scheme.stability is None:
            tiers, ahead = self.computed, {}
        else:
            tiers, ahead = self._published(tuple(sorted(at)))
        found = {}
        for row, day in at.items():
            for column, area in enumerate(self.areas):
                in_force = [held for held in decided if held.area_id == area and held.first <= day <= held.last]
                tier = int(tiers[row, column])
                after: Forecast | None = ahead.get((row, column))
                found[area, day] = Truth(
                    day=day,
                    shown=in_force[-1].tier if in_force else _name(tier),
                    computed=_name(int(self.computed[row, column])),
                    published=_name(tier),
                    score=float(self.score[row, column]),
                    known=float(self.known[row, column]),
                    by=self.by[row, column],
                    rule=int(self.rule[row, column]),
                    holding=tuple(number for number, held in enumerate(self.holding) if held[row, column]),
                    held=not in_force and tier != self.computed[row, column],
                    change=day + timedelta(days=after.days) if after else None,
                    then=_name(after.tier) if after else None,
                    decided=bool(in_force),
                    until=in_force[-1].last if in_force else None,
                    parts={name: float(held[row, column]) for name, held in self.parts.items()},
                )
        return found


def _name(rank: int) -> str:
    return "unknown" if rank == UNKNOWN else ORDER[rank]


def _refuse_what_is_not_known(scheme: Scheme) -> None:
    plain = (scheme.aggregate, scheme.then) == ("arithmetic", None)
    for dimension in scheme.dimensions:
        plain &= (dimension.aggregate, dimension.then, dimension.dimensions) == ("arithmetic", None, ())
    cuts = scheme.decide or not hasattr(scheme.tiers, "by")
    if not plain or not cuts:
        raise NotReckonedError("more than weighted means of indicators against fixed cut-offs")


def _tier(scheme: Scheme, score: np.ndarray) -> np.ndarray:
    cuts = [scheme.tiers.blue, scheme.tiers.yellow, scheme.tiers.orange, scheme.tiers.red]
    reached = sum((score >= cut).astype(int) for cut in cuts)
    return np.where(np.isnan(score), UNKNOWN, reached)


def _points(item: object, values: pd.DataFrame) -> pd.DataFrame:
    rule = item.points
    if rule.method == "none":
        return values
    if rule.method == "bands":
        gained = values * 0.0
        for begins, points in rule.bands:
            gained = gained.mask(values >= begins, points)
    elif rule.method == "linear":
        low, high = rule.linear.low, rule.linear.high
        gained = ((values - low) / (high - low)).clip(0, 1) * 100
    else:
        raise NotReckonedError(f"points by {rule.method}")
    return 100 - gained if item.harder_when == "low" else gained


def _score(
    scheme: Scheme, points: Mapping[str, pd.DataFrame]
) -> tuple[np.ndarray, np.ndarray, Mapping[str, np.ndarray]]:
    """The score, the share of weight that is known, and what each dimension adds: at each level a mean over what is
    known there."""
    means, known = {}, {}
    for dimension in scheme.dimensions:
        held = {item.id: (points[item.id].to_numpy(), item.weight) for item in dimension.indicators}
        means[dimension.id], known[dimension.id] = _mean(held.values())
    weight = {dimension.id: dimension.weight for dimension in scheme.dimensions}
    whole, _ = _mean([(means[name], weight[name]) for name in weight])
    total = sum(weight.values())
    share = sum(known[name] * weight[name] for name in weight) / total
    heard = sum(np.where(np.isnan(means[name]), 0.0, weight[name]) for name in weight)
    parts = {name: np.nan_to_num(means[name]) * weight[name] / np.where(heard > 0, heard, 1) for name in weight}
    return whole.round(9), share.round(9), parts


def _mean(held: object) -> tuple[np.ndarray, np.ndarray]:
    """A weighted mean over what is known, NaN where nothing is, and the share of weight that is known."""
    pairs = list(held)
    heard = sum(np.where(np.isnan(value), 0.0, weight) for value, weight in pairs)
    summed = sum(np.nan_to_num(value) * weight for value, weight in pairs)
    return np.where(heard > 0, summed / np.where(heard > 0, heard, 1), np.nan), heard / sum(w for _, w in pairs)
