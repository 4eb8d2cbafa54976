"""What a scheme is: one frozen value that says how an area's records become a tier.

Every model refuses unknown keys and is frozen. A rule that is broken raises a ``PydanticCustomError`` whose type is an
entry of ``words/scheme.yaml``; `reading` turns it into a sentence with file, line and remedy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from analytics import tiers
from analytics.scheme.basics import Bilingual, Finite, Named, Points, Positive, Strict
from analytics.scheme.conditions import When, Where, columns_exist, named_in
from analytics.scheme.digest import scheme_digest
from analytics.scheme.duties import Action, Duty
from analytics.scheme.measures import MEASURES, MeasureSpec
from analytics.scheme.measures.spec import Setting
from analytics.scheme.tables import Table
from analytics.tiers import Tier
from analytics.words import LANGUAGES, say

if TYPE_CHECKING:
    Measure = str
else:
    # Made of the registry, so that the JSON schema and the faults of a file list what is registered.
    Measure = Literal[tuple(MEASURES)]
Relative = Literal["percent_rank", "min_max", "z_score", "rank", "rank_exponential"]
Aggregate = Literal["arithmetic", "geometric", "sum", "worst"]
Base = Literal["population", "households", "buildings", "shops"]
Level = Literal["street", "community", "grid"]

Place = tuple[str | int, ...]
"""The way to a part of a scheme: keys, and numbers in lists."""

_SETTINGS_OF_SOME = tuple(setting for setting in get_args(Setting) if setting != "where")
"""Settings for which only the measures that need them have a use."""


class Per(Strict):
    """What a count is divided by: a column of the areas table, and the scale ("per 10,000 residents")."""

    base: Base
    scale: Positive = 1


class Given(Strict):
    """The column of the areas table that holds an indicator computed elsewhere."""

    column: str = Field(min_length=1, max_length=100)


class DaysSince(Strict):
    """Quiet days are counted up to ``cap`` days."""

    cap: int = Field(ge=1, le=3660)


class BandsPoints(Strict):
    """Steps: a value gets the points of the last ``from`` that is not above it, and 0 below the first."""

    method: Literal["bands"]
    bands: tuple[tuple[Finite, Points], ...] = Field(min_length=1, max_length=50)

    @model_validator(mode="after")
    def _rising(self) -> BandsPoints:
        for (low, fewer), (high, more) in pairwise(self.bands):
            if high <= low:
                raise PydanticCustomError("bands_order", "", {"key": "bands", "low": low, "high": high})
            if more < fewer:
                raise PydanticCustomError("bands_fall", "", {"key": "bands", "value": high})
        return self


class Goalposts(Strict):
    """0 points at ``low`` and under, 100 at ``high`` and over."""

    low: Finite
    high: Finite

    @model_validator(mode="after")
    def _apart(self) -> Goalposts:
        if self.high <= self.low:
            raise PydanticCustomError("goalposts_order", "", {"key": "high", "low": self.low, "high": self.high})
        return self


class LinearPoints(Strict):
    """A straight line between two goalposts, clipped to 0–100."""

    method: Literal["linear"]
    linear: Goalposts


class RelativePoints(Strict):
    """Points by an area's place among the areas of the day, or the value itself (``none``); always labelled so."""

    method: Literal["none", "percent_rank", "min_max", "z_score", "rank", "rank_exponential"]


class Indicator(Named):
    """One measured thing and the points it gives.

    ``of`` selects what a ``share`` is taken of, the checks that a ``per_check`` is divided by, the places that a
    ``coverage`` aims at, or the people of a ``visit_rate``; all of them where it is left out. ``unit`` is what a number
    is a number of (例, case/cases in English); left out, it is what its table holds.
    """

    source: Table = Field(alias="from")
    where: Where = Field(default={})
    of: Where = Field(default={})
    measure: Measure
    window_days: int | None = Field(default=None, ge=1, le=3660)
    per: Per | None = None
    given: Given | None = None
    days_since: DaysSince | None = None
    never_seen: Literal["missing", "zero"] = "missing"
    harder_when: Literal["high", "low"] = "high"
    points: Annotated[BandsPoints | LinearPoints | RelativePoints, Field(discriminator="method")]
    weight: Positive
    actionable: bool = False
    unit: Bilingual | None = None

    @property
    def spec(self) -> MeasureSpec:
        """What there is to know of its measure."""
        return MEASURES[self.measure]

    @model_validator(mode="after")
    def _measure_fits(self) -> Indicator:
        sources = self.spec.sources
        if self.source not in sources:
            allowed = tuple(sources)
            raise PydanticCustomError(
                "measure_table", "", {"key": "from", "measure": self.measure, "table": self.source, "allowed": allowed}
            )
        needed = sources[self.source]
        for setting in needed:
            if not getattr(self, setting):
                raise PydanticCustomError("measure_needs", "", {"measure": self.measure, "setting": setting})
        for setting in _SETTINGS_OF_SOME:
            if getattr(self, setting) is not None and setting not in needed:
                raise PydanticCustomError(
                    "measure_without", "", {"key": setting, "measure": self.measure, "setting": setting}
                )
        of_table = self.spec.of_table(self.source)
        if self.of and of_table is None:
            raise PydanticCustomError("measure_without", "", {"key": "of", "measure": self.measure, "setting": "of"})
        columns_exist("where", self.where, self.source)
        if of_table is not None:
            columns_exist("of", self.of, of_table)
        return self


class Dimension(Named):
    """Indicators, and further dimensions, that are combined into one value before it is combined with others.

    ``aggregate``: ``arithmetic`` and ``geometric`` means and ``worst`` (the hardest of them) use weights that sum to 1;
    ``sum`` adds points times weights as they stand. ``then`` turns the result into a place among the areas of the day.
    """

    weight: Positive = 1
    aggregate: Aggregate = "arithmetic"
    then: Relative | None = None
    indicators: tuple[Indicator, ...] = Field(default=(), max_length=50)
    dimensions: tuple[Dimension, ...] = Field(default=(), max_length=20)

    @model_validator(mode="after")
    def _holds_something(self) -> Dimension:
        if not self.indicators and not self.dimensions:
            raise PydanticCustomError("dimension_empty", "", {"id": self.id})
        return self

    def every_indicator(self) -> tuple[Indicator, ...]:
        """Its indicators and those of the dimensions in it, in the file's order."""
        return (*self.indicators, *(item for inner in self.dimensions for item in inner.every_indicator()))

    def every_dimension(self) -> tuple[Dimension, ...]:
        """Itself and the dimensions in it, in the file's order."""
        return (self, *(item for inner in self.dimensions for item in inner.every_dimension()))


class CutOffs(Strict):
    """The score from which a tier begins, that score included; below ``blue`` is green."""

    blue: Finite
    yellow: Finite
    orange: Finite
    red: Finite

    @model_validator(mode="after")
    def _rising(self) -> CutOffs:
        for lower, higher in pairwise(tiers.RANKED[1:]):
            if getattr(self, higher) <= getattr(self, lower):
                raise PydanticCustomError("cutoffs_order", "", {"key": higher, "lower": lower, "higher": higher})
        return self

    def ascending(self) -> tuple[float, float, float, float]:
        """Where blue, yellow, orange and red begin.

        >>> CutOffs(blue=9, yellow=16, orange=35, red=55).ascending()
        (9.0, 16.0, 35.0, 55.0)
        """
        return self.blue, self.yellow, self.orange, self.red


class ShareCutOffs(Strict):
    """Relative cut-offs: ``red: 0.1`` makes the hardest tenth of the areas of the day red; the rest is green."""

    by: Literal["share"]
    red: float = Field(default=0, ge=0, le=1)
    orange: float = Field(default=0, ge=0, le=1)
    yellow: float = Field(default=0, ge=0, le=1)
    blue: float = Field(default=0, ge=0, le=1)

    @model_validator(mode="after")
    def _no_more_than_all(self) -> ShareCutOffs:
        if self.red + self.orange + self.yellow + self.blue > 1 + 1e-9:
            raise PydanticCustomError("shares_over_one", "", {})
        return self


def _kind_of_cutoffs(value: object) -> str:
    by_share = "by" in value if isinstance(value, dict) else isinstance(value, ShareCutOffs)
    return "ShareCutOffs" if by_share else "CutOffs"


AnyCutOffs = Annotated[
    Annotated[CutOffs, Tag("CutOffs")] | Annotated[ShareCutOffs, Tag("ShareCutOffs")],
    Discriminator(_kind_of_cutoffs),
]


class FloorRule(Strict):
    """A red line: while the condition holds, the tier is at least this one."""

    at_least: Literal["red", "orange", "yellow", "blue"]
    when: When
    name: Bilingual


class Decision(Strict):
    """One line of ``decide``: the tier of an area for which the condition holds and none before it did."""

    tier: Tier
    when: When | None = None
    name: Bilingual | None = None


class MissingRule(Strict):
    """Below the least share of known weight no tier is computed. Where none is, the last published tier is carried on
    for ``carried_days``. Indicators that are ``left_out`` are ones for which this office keeps no records: they count
    nowhere, and their weight goes to the others."""

    minimum_known_weight: float = Field(default=0.6, gt=0, le=1)
    carried_days: int = Field(default=14, ge=0, le=366)
    left_out: tuple[str, ...] = ()


class StabilityRule(Strict):
    """How computed tiers become published ones, in days of evidence; ``minimum_stay_days`` counts from the entry."""

    confirm_up_days: int = Field(ge=1, le=366)
    at_once_when_tiers_up: int | None = Field(default=None, ge=1, le=4)
    confirm_down_days: int = Field(ge=1, le=366)
    minimum_stay_days: int = Field(ge=1, le=366)
    one_step_down: bool = True


class Basis(Strict):
    """By which ``document`` (文号) a scheme is in force, and ``from`` which day ``to`` which, both included."""

    document: str = Field(min_length=1, max_length=100)
    first: date = Field(alias="from")
    last: date = Field(alias="to")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Basis:
        if self.last < self.first:
            raise PydanticCustomError("basis_ends_early", "", {"key": "to", "first": self.first, "last": self.last})
        return self


class Scheme(Named):
    """A whole scheme. Weights are any positive numbers; each level is made to sum to 1 where it is used.

    The tier comes from the score by ``tiers``, or, for rules that are no weighted sum, from ``decide``. One that
    ``needs_basis`` may be used without a ``basis``, and on days outside it, as a drill alone.
    """

    version: int = Field(ge=1)
    level: Level
    note: Bilingual | None = None
    needs_basis: bool = False
    basis: Basis | None = None
    dimensions: tuple[Dimension, ...] = Field(min_length=1, max_length=20)
    aggregate: Aggregate = "arithmetic"
    then: Relative | None = None
    tiers: AnyCutOffs | None = None
    decide: tuple[Decision, ...] = Field(default=(), max_length=50)
    floors: tuple[FloorRule, ...] = ()
    missing: MissingRule = MissingRule()
    stability: StabilityRule | None = None
    measures: Mapping[Tier, Action] = {}
    duties: tuple[Duty, ...] = Field(default=(), max_length=10)

    @model_validator(mode="after")
    def _refers_to_what_exists(self) -> Scheme:
        if bool(self.decide) == bool(self.tiers):
            raise PydanticCustomError("tiers_or_decide", "", {"key": "tiers"})
        for number, decision in enumerate(self.decide):
            if (decision.when is None) != (number == len(self.decide) - 1):
                raise PydanticCustomError("decide_rest", "", {"key": ("decide", number)})
        seen: set[str] = set()
        for place, item in self._items(("dimensions",), self.dimensions):
            if item.id in seen:
                raise PydanticCustomError("id_twice", "", {"key": (*place, "id"), "id": item.id})
            seen.add(item.id)
        for at, duty in enumerate(self.duties):
            if duty.id in seen:
                raise PydanticCustomError("id_twice", "", {"key": ("duties", at, "id"), "id": duty.id})
            seen.add(duty.id)
        indicators = {indicator.id for indicator in self.indicators}
        dimensions = {item.id for dimension in self.dimensions for item in dimension.every_dimension()}
        known = {"indicator": indicators, "dimension": dimensions}
        for place, kind, name in self._names_used():
            if name not in known[kind]:
                allowed = sorted(known[kind])
                raise PydanticCustomError("rule_names", "", {"key": place, "id": name, "allowed": allowed})
        return self

    def _names_used(self) -> Iterator[tuple[Place, str, str]]:
        """Where floors, lines of ``decide`` and what is left out name something: the place, which kind, and its id."""
        rules = [(("floors", number, "when"), floor.when) for number, floor in enumerate(self.floors)]
        rules += [(("decide", number, "when"), line.when) for number, line in enumerate(self.decide) if line.when]
        for place, when in rules:
            yield from ((place, kind, name) for kind, name in named_in(when))
        for number, name in enumerate(self.missing.left_out):
            yield ("missing", "left_out", number), "indicator", name

    @staticmethod
    def _items(place: Place, dimensions: tuple[Dimension, ...]) -> Iterator[tuple[Place, Named]]:
        for at, dimension in enumerate(dimensions):
            here = (*place, at)
            yield here, dimension
            yield from (((*here, "indicators", number), item) for number, item in enumerate(dimension.indicators))
            yield from Scheme._items((*here, "dimensions"), dimension.dimensions)

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """All indicators, in the file's order."""
        return tuple(indicator for dimension in self.dimensions for indicator in dimension.every_indicator())

    @property
    def cutoffs(self) -> tuple[float, ...]:
        """The cut-offs of the score, from that of blue to that of red; none where tiers come about otherwise."""
        return self.tiers.ascending() if isinstance(self.tiers, CutOffs) else ()

    def is_drill(self, day: date) -> bool:
        """Whether what it says of a day is a drill: it needs a basis and has none, or has one that is not in force."""
        return self.needs_basis if self.basis is None else not self.basis.first <= day <= self.basis.last

    def title(self, day: date) -> Bilingual:
        """Its name as everything that is of a day bears it: a drill says that it is one."""
        if not self.is_drill(day):
            return self.name
        return Bilingual(**{lang: say(lang, "scheme.drill", scheme=self.name.text(lang)) for lang in LANGUAGES})

    def conditions(self) -> tuple[When, ...]:
        """What floors and lines of ``decide`` ask, in the file's order."""
        asked = [*(floor.when for floor in self.floors), *(line.when for line in self.decide)]
        return tuple(when for when in asked if when)

    def categories(self) -> tuple[str, ...]:
        """The kinds of incident that the indicators count, in the file's order."""
        wanted = [item.where.get("category", ()) for item in self.indicators if item.source == "incidents"]
        listed = [kind for kinds in wanted for kind in (kinds if isinstance(kinds, tuple) else (kinds,))]
        return tuple(dict.fromkeys(kind for kind in listed if isinstance(kind, str)))

    def is_relative(self) -> bool:
        """Whether an area's tier depends on the other areas of the day."""
        dimensions = [item for dimension in self.dimensions for item in dimension.every_dimension()]
        return (
            self.then is not None
            or isinstance(self.tiers, ShareCutOffs)
            or any(dimension.then for dimension in dimensions)
            or any(isinstance(item.points, RelativePoints) and item.points.method != "none" for item in self.indicators)
        )

    def digest(self) -> str:
        """Equal for equal rules, whatever the file's layout; see `digest`."""
        return scheme_digest(self)
