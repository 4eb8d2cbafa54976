"""What the public may be told of a run: communities, their tiers and figures, and nothing that tells of a few people.

Counts of people are told as `disclosure` says. Of incidents that are people (a case, a contact, a fall) nothing is
told, and no number of days since one: windows that overlap would give single ones by subtraction. Points and scores are
not told at all. A tier is told where it is the same whatever the counts that are not told may be, by the two ends that
the scheme's own rules find for what is missing; so it tells nothing of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.disclosure import SMALLEST, told_together, uniform
from analytics.errors import UserError
from analytics.scheme import Indicator, Scheme, pack_ids, scheme_named
from analytics.scheme.basics import required
from analytics.scheme.model import Level
from analytics.scheme.tables import STOCK_TABLES
from analytics.scoring.area_counts import PEOPLE, AreaCounts, day_numbers
from analytics.scoring.assess import area_counts_for, assess
from analytics.scoring.combine import combine
from analytics.scoring.decide import Holes, decided_tiers, extreme_scores, points_from
from analytics.scoring.groups import group_values, groups_of, is_total
from analytics.scoring.people import Chosen, chosen_by
from analytics.scoring.places import english_places
from analytics.store.counts import Counts
from analytics.store.tallies import NEVER, NOWHERE
from analytics.words import phrase

KINDS_OF_PEOPLE = frozenset(
    {"confirmed_case", "suspected_case", "close_contact", "fever", "fall", "elder_help", "road_casualty"}
)
"""Kinds of incident each of which is a person."""

TOLD_LEVELS: tuple[Level, ...] = ("street", "community")

Telling = Literal["figure", "people", "untold"]


@dataclass(frozen=True, eq=False)
class PublicForm:
    """``areas`` (a frame indexed by ``area_id``) on a ``day``, and what of each is told under a ``scheme``.

    ``tier`` (areas,): ranks, ``UNKNOWN_RANK`` where none is told. ``telling`` (indicators): whether an indicator is
    told as its figure, as a count of people, or not at all. ``told`` (areas, indicators): that figure or count, `FEW`
    for a count below ten, NaN where nothing is told or known. ``english``: the areas' names in English, by code.
    """

    scheme: Scheme
    day: date
    areas: pd.DataFrame
    tier: np.ndarray
    telling: tuple[Telling, ...]
    told: np.ndarray
    english: Mapping[str, str]


def telling_of(item: Indicator) -> Telling:
    """As what an indicator is told to the public."""
    if item.given and item.given.column in PEOPLE:
        return "people"
    if any(_counts_people(one) for one in chosen_by(item)):
        return "people" if item.source in STOCK_TABLES else "untold"
    if item.source != "incidents":
        return "figure"
    wheres = item.spec.conditions(item)
    listed = [set(_as_list(where["category"])) for where in wheres if "category" in where]
    made_of = item.spec.made_of
    since_one = made_of is not None and made_of.part == "quiet_days"
    return "untold" if since_one or not any(not named & KINDS_OF_PEOPLE for named in listed) else "figure"


def public_form(counts: Counts, scheme: Scheme, day: date, key: bytes) -> PublicForm:
    """The communities on a day, or the streets of a scheme for these, as the public may be told of them.

    Raises :class:`UserError` where a scheme places areas among each other, whose tiers would tell of other areas, and
    where there is no area of the level.
    """
    if scheme.is_relative() or any(item.points.method == "none" for item in scheme.indicators):
        raise UserError.because("public.relative", scheme=scheme.id)
    level: Level = scheme.level if scheme.level in TOLD_LEVELS else "community"
    if level not in set(counts.areas["level"].dropna()):
        raise UserError.because("public.no_communities", level=phrase(f"templates.word_level_{level}"))
    facts = area_counts_for(counts, scheme.model_copy(update={"level": level}))
    at = pd.DatetimeIndex([pd.Timestamp(day)])
    run = assess(area_counts_for(counts, scheme), scheme.model_copy(update={"stability": None}), at)
    values, members = run.values[0], np.ones(len(facts.areas), dtype=int)
    if level != scheme.level:
        found = group_values(facts, run, day)
        values, members = (
            found.values,
            np.bincount(found.of[found.of != NOWHERE], minlength=len(facts.areas)).astype(float),
        )
    unit = _units(facts, scheme, members)
    telling = tuple(map(telling_of, scheme.indicators))
    # Of what adds up the sum is told, and not the mean of an area's parts by which its tier goes.
    sums = np.where([is_total(item) for item in scheme.indicators], values * members[:, None], values)
    told = np.where(np.array(telling) == "figure", sums, np.nan)
    # A share of people is not told, and yet not of a few where those are told as a number.
    sure = np.zeros(values.shape, dtype=bool)
    few = _Universe(counts, scheme, day, key)
    for number, item in enumerate(scheme.indicators):
        if telling[number] == "people":
            told[:, number] = few.told(item, level)
        elif item.source != "incidents" and telling[number] == "untold":
            sure[:, number] = few.told(item, level) > 0
    hidden = ((np.array(telling) == "people") & ~(told > 0)) | ((np.array(telling) == "untold") & ~sure)
    ends = _ends(values, hidden, unit)
    names = english_places(run)
    english = {str(area): names[str(area)] for area in facts.areas.index if str(area) in names}
    return PublicForm(scheme, day, facts.areas, _tiers(scheme, *ends), telling, told, english)


class _Universe:
    """All counts of people that are ever told of a day: of the schemes that ship and of this one, at every level."""

    def __init__(self, counts: Counts, scheme: Scheme, day: date, key: bytes) -> None:
        self._day, self._key = day_numbers(pd.DatetimeIndex([day])), key
        there = set(counts.areas["level"].dropna())
        self._facts = {
            level: area_counts_for(counts, scheme.model_copy(update={"level": level}))
            for level in TOLD_LEVELS
            if level in there
        }
        items = [*scheme.indicators, *(item for name in pack_ids() for item in scheme_named(name).indicators)]
        sets = [one for item in items for one in chosen_by(item) if _counts_people(one)]
        self._sets = {one.key: one for one in sets}
        self._told: dict[tuple[str, ...], dict[Level, np.ndarray]] = {}

    def told(self, item: Indicator, level: Level) -> np.ndarray:
        """What may be told of those whom an indicator counts: (areas of the level,)."""
        facts = self._facts[level]
        if item.given:
            column = item.given.column
            held = facts.own_column(column)
            return told_together(held, self._chances(facts, level, column, ""), np.eye(len(held)))
        if not facts.has(item.source):
            return np.full(len(facts.areas), np.nan)
        chosen = chosen_by(item)[0]
        return self._of_table(chosen.table)[level][list(self._sets_of(chosen.table)).index(chosen.key)]

    def _sets_of(self, table: str) -> dict[tuple[object, ...], Chosen]:
        return {key: one for key, one in self._sets.items() if one.table == table}

    def _of_table(self, table: str) -> dict[Level, np.ndarray]:
        """All sets of a table, which may share people, of all areas that hold one another: level → (sets, areas)."""
        if (table,) not in self._told:
            sets = self._sets_of(table).values()
            counted, chances, where = [], [], []
            for level, facts in self._facts.items():
                for one in sets:
                    counted.append(facts.stock(one.table, one.where, one.of, self._day)[0])
                    chances.append(self._chances(facts, level, repr(one.key), self._newest(facts, one)))
                    where.append(self._streets(level))
            areas = np.concatenate(where)
            own = np.concatenate([np.arange(len(one)) for one in where])
            of = np.concatenate([np.full(len(one), at // len(sets)) for at, one in enumerate(where)])
            # Within one area any two sets may share people; so may areas of which one holds the other.
            overlaps = (areas[:, None] == areas) & ((of[:, None] != of) | (own[:, None] == own))
            told = told_together(np.concatenate(counted), np.concatenate(chances), overlaps.astype(float))
            parts = np.split(told, np.cumsum([len(one) for one in counted])[:-1])
            self._told[table,] = {
                level: np.stack(parts[at * len(sets) : (at + 1) * len(sets)]) for at, level in enumerate(self._facts)
            }
        return self._told[table,]

    def _streets(self, level: Level) -> np.ndarray:
        """For each area of a level the position of its street, or one of its own below that: (areas,)."""
        facts = self._facts[level]
        own = -1.0 - np.arange(len(facts.areas))
        street = self._facts.get("street")
        if street is None:
            return own
        found = groups_of(street, facts.areas.index) if level != "street" else np.arange(len(facts.areas))
        return np.where(found == NOWHERE, own, found)

    def _newest(self, facts: AreaCounts, one: Chosen) -> str:
        """The day of the newest snapshot, so that the same people have the same chance on every day of it."""
        days = facts.counts.stock_days(one.table, one.told).day
        days = days[(days != NEVER) & (days <= self._day[0])]
        return str(days.max(initial=-1))

    def _chances(self, facts: AreaCounts, level: str, what: str, snapshot: str) -> np.ndarray:
        return np.array([uniform(self._key, level, str(area), what, snapshot) for area in facts.areas.index])


def _units(facts: AreaCounts, scheme: Scheme, members: np.ndarray) -> np.ndarray:
    """What one of whatever an indicator counts adds to its value, NaN where it is no such sum: (areas, indicators)."""
    unit = np.full((len(facts.areas), len(scheme.indicators)), np.nan)
    for number, item in enumerate(scheme.indicators):
        if is_total(item):
            unit[:, number] = 1 / np.where(members > 0, members, np.nan)
        elif item.spec.sums_as and item.spec.denominator:
            base = item.spec.denominator(facts, item)
            unit[:, number] = required(item.per).scale / np.where(base > 0, base, np.nan)
    return unit


def _ends(values: np.ndarray, hidden: np.ndarray, unit: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values at the two ends of what is ``hidden``: NaN where an end is not known. A count below ten is from none to
    nine, and what else is not told is whatever it may be."""
    few = hidden & (values / unit < SMALLEST - 0.5)
    least = np.where(hidden, np.where(few, 0.0, np.nan), values)
    most = np.where(hidden, np.where(few, (SMALLEST - 1) * unit, np.nan), values)
    return least, most


def _tiers(scheme: Scheme, least: np.ndarray, most: np.ndarray) -> np.ndarray:
    """The ranks that both ends have, else ``UNKNOWN_RANK``: (areas,)."""
    ends = np.stack([least, most])
    points = points_from(ends, scheme, None)
    harder = points[1] >= points[0]
    by_harm = np.stack([np.where(harder, ends[0], ends[1]), np.where(harder, ends[1], ends[0])])
    nothing = np.full(by_harm.shape, np.nan)
    holes = Holes(nothing, np.zeros(by_harm.shape, dtype=bool))
    points = points_from(by_harm, scheme, holes)
    combined = combine(points, scheme)
    extremes = extreme_scores(points, scheme, combined, holes)
    found = decided_tiers(scheme, combined, extremes, by_harm, holes)
    same = (found.least[0] == found.most[1]) & (found.rank != tiers.UNKNOWN_RANK).all(axis=0)
    return np.where(same, found.rank[0], tiers.UNKNOWN_RANK)


def _counts_people(one: Chosen) -> bool:
    """Whether those chosen are people, or places with households among them."""
    if one.table == "residents":
        return True
    return one.table == "places" and all(
        "kind" not in where or "household" in _as_list(where["kind"]) for where in (one.where, one.of)
    )


def _as_list(wanted: object) -> list[str]:
    return [str(one) for one in wanted] if isinstance(wanted, list | tuple) else [str(wanted)]
