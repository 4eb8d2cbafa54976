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
from tests.wording.second_stability import AT_ONCE, UNKNOWN, Forecast, Known, Published, published
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
    of the floor rule or line; ``holding`` the numbers of all floor rules that hold. ``kept``: what keeps a tier that is
    not the computed one, ``held`` by the stability rule, ``carried`` on or ``set`` by a person; nothing where it is.
    ``least`` and ``most``: between which tiers what is missing leaves it open. ``carried``: for so many days, up to
    ``carried_until``. ``change`` and ``then``: when the published tier changes if today's computed tier goes on, and to
    which. ``decided``: a person's decision is in force, ``until`` its last day. ``parts``: what each dimension adds.
    ``silences`` of feeds: the first day of each so far, and its last, None where it goes on.
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
    kept: str
    least: str
    most: str
    carried: int
    carried_until: date | None
    change: date | None
    then: str | None
    decided: bool
    until: date | None
    parts: Mapping[str, float]
    silences: frozenset[tuple[date, date | None]]


class SecondWay:
    """The tiers of a scheme's areas on every day from the first to the last record."""

    def __init__(self, records: Records, scheme: Scheme) -> None:
        _refuse_what_is_not_known(scheme)
        self.scheme = scheme
        every = records.areas
        chosen = every if every["level"].isna().all() else every[every["level"] == scheme.level]
        self.areas = list(chosen.index)
        self._made: dict[tuple[int, ...], Published] = {}
        self._plain = Tables(records, chosen)
        moments = [self._plain.frames[table]["day"] for table in DATES if table in self._plain.frames]
        self.days = pd.date_range(min(held.min() for held in moments), max(held.max() for held in moments))
        items = scheme.indicators
        heard = {item.id: self._plain.value(item, self.days) for item in items}
        silent = {item.id: self._plain.silence(item, self.days) for item in items}
        self.values = {name: held.mask(silent[name].now | silent[name].before) for name, held in heard.items()}
        self.surely = {
            item.id: heard[item.id].where(self.values[item.id].isna() & _only_grows(item)).to_numpy() for item in items
        }
        self.points = {item.id: _points(item, self.values[item.id]) for item in items}
        self.back = np.max([found.back for found in silent.values()], axis=0)
        self.limited = np.any(
            [
                self.values[name].isna() & ~(heard[name].notna() & ~found.now & found.before)
                for name, found in silent.items()
            ],
            axis=0,
        )
        self._judge()

    def _judge(self) -> None:
        scheme = self.scheme
        self.score, self.known, self.parts = _score(scheme, self.points)
        shape = self.score.shape
        self.by, self.rule = np.full(shape, "score", dtype=object), np.full(shape, -1)
        if scheme.decide:
            self.least, self.most = self._by_lines()
        else:
            surely = {
                item.id: _points(item, pd.DataFrame(self.surely[item.id])).to_numpy() for item in scheme.indicators
            }
            harmless = {name: held.fillna(pd.DataFrame(surely[name], held.index, held.columns)).fillna(0.0)
                        for name, held in self.points.items()}  # fmt: skip
            worst = {name: held.fillna(100.0) for name, held in self.points.items()}
            self.least, self.most = (_tier(scheme, _score(scheme, points)[0]) for points in (harmless, worst))
        floors = [self._holds(floor.when) for floor in scheme.floors]
        self.holding = [holds for holds, _ in floors]
        self.floor = np.full(shape, UNKNOWN)
        for number, (floor, (holds, fails)) in enumerate(zip(scheme.floors, floors, strict=True)):
            demanded = RANK[floor.at_least]
            self.floor[holds] = np.maximum(self.floor[holds], demanded)
            raised = holds & (self.least < demanded)
            self.by[raised], self.rule[raised] = "floor", number
            self.least[holds] = np.maximum(self.least[holds], demanded)
            self.most[~fails] = np.maximum(self.most[~fails], demanded)
        too_little = (self.known < scheme.missing.minimum_known_weight) & (self.floor != self.least)
        unknown = (self.least != self.most) | too_little
        self.by[unknown] = "missing"
        self.computed = np.where(unknown, UNKNOWN, self.least)

    def _by_lines(self) -> tuple[np.ndarray, np.ndarray]:
        """The least and the greatest tier of the lines that might be the first that holds."""
        shape = self.score.shape
        least, most = np.full(shape, RANK["red"]), np.full(shape, RANK["green"])
        sure = np.zeros(shape, dtype=bool)  # that some line before this one holds
        for number, line in enumerate(self.scheme.decide):
            holds, fails = self._holds(line.when) if line.when else (~sure | sure, sure & ~sure)
            might = ~sure & ~fails
            least[might] = np.minimum(least[might], RANK[line.tier])
            most[might] = np.maximum(most[might], RANK[line.tier])
            first = ~sure & holds
            self.by[first], self.rule[first] = "line", number
            sure = sure | holds
        return least, most

    def _holds(self, when: object) -> tuple[np.ndarray, np.ndarray]:
        """Where a condition surely holds, and where it surely does not; neither where its value is missing."""
        if hasattr(when, "all"):
            found = [self._holds(inner) for inner in when.all]
            return np.all([holds for holds, _ in found], axis=0), np.any([fails for _, fails in found], axis=0)
        if type(when).__name__ != "Comparing":
            raise NotReckonedError(f"a condition {when!r}")
        held = self.values[when.indicator].to_numpy()
        holds = _OPERATORS[when.op](held, when.value) & ~np.isnan(held)
        fails = ~holds & ~np.isnan(held)
        if when.op in (">=", ">"):
            holds = holds | _OPERATORS[when.op](self.surely[when.indicator], when.value)
        return holds, fails

    def _published(self, asked: tuple[int, ...]) -> Published:
        if asked not in self._made:
            known = Known(self.least, self.limited, self.back, self.scheme.missing.carried_days)
            rule = self.scheme.stability or AT_ONCE
            self._made[asked] = published(self.computed, self.floor, rule, known, asked)
        return self._made[asked]

    def most_held(self) -> date:
        """The day on which the stability rule holds most areas, the last of several."""
        held = ((self._published(()).tier != self.computed) & (self.computed != UNKNOWN)).sum(axis=1)
        return self.days[len(held) - 1 - int(np.argmax(held[::-1]))].date()

    def most_carried(self) -> date:
        """The day on which most tiers are carried on, the last of several."""
        carried = (self._published(()).carried > 0).sum(axis=1)
        return self.days[len(carried) - 1 - int(np.argmax(carried[::-1]))].date()

    def on(self, days: Sequence[date], decided: Sequence[Decided] = ()) -> Mapping[tuple[str, date], Truth]:
        """What is so of every area on each of some days."""
        at = {int(self.days.get_loc(pd.Timestamp(day))): day for day in days}
        of_days = self._published(tuple(sorted(at)))
        found = {}
        for row, day in at.items():
            for column, area in enumerate(self.areas):
                in_force = [held for held in decided if held.area_id == area and held.first <= day <= held.last]
                tier, computed = int(of_days.tier[row, column]), int(self.computed[row, column])
                carried, left = int(of_days.carried[row, column]), int(of_days.left[row, column])
                kept = "set" if in_force else "carried" if carried else "held" if tier != computed else ""
                after: Forecast | None = of_days.ahead.get((row, column))
                found[area, day] = Truth(
                    day=day,
                    shown=in_force[-1].tier if in_force else _name(tier),
                    computed=_name(computed),
                    published=_name(tier),
                    score=float(self.score[row, column]),
                    known=float(self.known[row, column]),
                    by=self.by[row, column],
                    rule=int(self.rule[row, column]),
                    holding=tuple(number for number, held in enumerate(self.holding) if held[row, column]),
                    kept=kept,
                    least=_name(int(self.least[row, column])),
                    most=_name(int(self.most[row, column])),
                    carried=carried,
                    carried_until=day + timedelta(days=left) if carried and left >= 0 else None,
                    change=day + timedelta(days=after.days) if after else None,
                    then=_name(after.tier) if after else None,
                    decided=bool(in_force),
                    until=in_force[-1].last if in_force else None,
                    parts={name: float(held[row, column]) for name, held in self.parts.items()},
                    silences=self._silences(area, row),
                )
        return found

    def _silences(self, area: str, row: int) -> frozenset[tuple[date, date | None]]:
        found = set()
        for feeds in self._plain.silent.values():
            for (column, value), lengths in feeds.items():
                if column == "area" and area not in value:
                    continue
                so_far = np.append(lengths[: row + 1], lengths[row])
                for last in np.flatnonzero((so_far[:-1] > 0) & (so_far[1:] <= so_far[:-1])):
                    since = self.days[last - lengths[last] + 1].date()
                    found.add((since, None if last == row else self.days[last].date()))
        return frozenset(found)


def _only_grows(item: object) -> bool:
    """Whether what was recorded of it is the least that it is, and more of it is harder."""
    return item.measure in ("count", "rate") and item.harder_when == "high"


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
