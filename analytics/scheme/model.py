"""What a scheme is: one frozen value that says how an area's records become a tier.

Every model refuses unknown keys and is frozen. A rule that is broken raises a ``PydanticCustomError`` whose type is an
entry of ``words/scheme.yaml``; `reading` turns it into a sentence with file, line and remedy.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from analytics import tiers

Measure = Literal["count", "rate", "share", "open", "stock_rate", "days_since", "given"]
Table = Literal["areas", "residents", "incidents", "places", "checks"]
Base = Literal["population", "households", "buildings", "shops"]
Level = Literal["street", "community", "grid"]
Comparison = Literal[">=", ">", "<=", "<", "==", "!="]
Identifier = Annotated[str, Field(pattern=r"^\w+$", max_length=64)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Points = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]

EVENT_TABLES = ("incidents", "checks")
STOCK_TABLES = ("residents", "places")

WHERE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "incidents": ("category", "channel", "severity", "satisfied"),
    "checks": ("kind", "outcome", "team_id"),
    "residents": ("age_band", "lives_alone", "tenure", "origin"),
    "places": ("kind", "use", "capacity"),
    "areas": (),
}
"""Columns that a ``where`` may name. A matter's status is not among them: it is true only on the day of the export."""

_TABLES_OF: Mapping[str, tuple[str, ...]] = {
    "count": EVENT_TABLES,
    "rate": EVENT_TABLES,
    "share": EVENT_TABLES + STOCK_TABLES,
    "open": ("incidents",),
    "stock_rate": STOCK_TABLES,
    "days_since": EVENT_TABLES,
    "given": ("areas",),
}

_SETTINGS_OF: Mapping[str, tuple[str, ...]] = {
    "count": ("window_days",),
    "rate": ("window_days", "per"),
    "share": ("where",),
    "open": (),
    "stock_rate": ("per",),
    "days_since": ("days_since",),
    "given": ("given",),
}
"""Settings that a measure cannot do without."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(_Strict):
    """One text in both languages."""

    zh: str = Field(min_length=1, max_length=400)
    en: str = Field(min_length=1, max_length=400)


class _Named(_Strict):
    """Something with an id, and a name that is the id where none is given."""

    id: Identifier
    name: Bilingual

    @model_validator(mode="before")
    @classmethod
    def _name_is_id(cls, data: object) -> object:
        if isinstance(data, dict) and "name" not in data and isinstance(data.get("id"), str):
            return data | {"name": {"zh": data["id"], "en": data["id"]}}
        return data


class Compared(_Strict):
    """A number held against another: ``{op: ">=", value: 3}``."""

    op: Comparison
    value: Finite


Scalar = bool | int | float | str
Scalars = tuple[Scalar, ...]


def _kind_of_condition(value: object) -> str:
    if isinstance(value, dict | Compared):
        return "compared"
    return "several" if isinstance(value, list | tuple) else "one"


Condition = Annotated[
    Annotated[Scalar, Tag("one")] | Annotated[Scalars, Tag("several")] | Annotated[Compared, Tag("compared")],
    Discriminator(_kind_of_condition),
]
Where = Mapping[str, Condition]


class Per(_Strict):
    """What a count is divided by: a column of the areas table, and the scale ("per 10,000 residents")."""

    base: Base
    scale: Positive = 1


class Given(_Strict):
    """The column of the areas table that holds an indicator computed elsewhere."""

    column: str = Field(min_length=1, max_length=100)


class DaysSince(_Strict):
    """Quiet days are counted up to ``cap`` days."""

    cap: int = Field(ge=1, le=3660)


class BandsPoints(_Strict):
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


class Goalposts(_Strict):
    """0 points at ``low`` and under, 100 at ``high`` and over."""

    low: Finite
    high: Finite

    @model_validator(mode="after")
    def _apart(self) -> Goalposts:
        if self.high <= self.low:
            raise PydanticCustomError("goalposts_order", "", {"key": "high", "low": self.low, "high": self.high})
        return self


class LinearPoints(_Strict):
    """A straight line between two goalposts, clipped to 0–100."""

    method: Literal["linear"]
    linear: Goalposts


class Indicator(_Named):
    """One measured thing and the points it gives."""

    source: Table = Field(alias="from")
    where: Where = {}
    measure: Measure
    window_days: int | None = Field(default=None, ge=1, le=3660)
    per: Per | None = None
    given: Given | None = None
    days_since: DaysSince | None = None
    never_seen: Literal["missing", "zero"] = "missing"
    harder_when: Literal["high", "low"] = "high"
    points: Annotated[BandsPoints | LinearPoints, Field(discriminator="method")]
    weight: Positive
    actionable: bool = False

    @model_validator(mode="after")
    def _measure_fits(self) -> Indicator:
        allowed = _TABLES_OF[self.measure]
        if self.source not in allowed:
            raise PydanticCustomError(
                "measure_table", "", {"key": "from", "measure": self.measure, "table": self.source, "allowed": allowed}
            )
        needed = _SETTINGS_OF[self.measure]
        if self.measure == "share" and self.source in EVENT_TABLES:
            needed = (*needed, "window_days")
        for setting in needed:
            if not getattr(self, setting):
                raise PydanticCustomError("measure_needs", "", {"measure": self.measure, "setting": setting})
        for setting in ("window_days", "per", "given", "days_since"):
            if getattr(self, setting) is not None and setting not in needed:
                raise PydanticCustomError(
                    "measure_without", "", {"key": setting, "measure": self.measure, "setting": setting}
                )
        for column in self.where:
            if column not in WHERE_COLUMNS[self.source]:
                raise PydanticCustomError(
                    "where_column",
                    "",
                    {"key": "where", "column": column, "table": self.source, "allowed": WHERE_COLUMNS[self.source]},
                )
        return self


class Dimension(_Named):
    """A group of indicators that are averaged before the groups are."""

    weight: Positive
    aggregate: Literal["arithmetic"] = "arithmetic"
    indicators: tuple[Indicator, ...] = Field(min_length=1, max_length=50)


class CutOffs(_Strict):
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
        """Where blue, yellow, orange and red begin."""
        return self.blue, self.yellow, self.orange, self.red


class FloorCondition(_Strict):
    """Holds for an area whose indicator's value compares so; never for a missing value."""

    indicator: Identifier
    op: Comparison
    value: Finite


class FloorRule(_Strict):
    """A red line: while the condition holds, the tier is at least this one."""

    at_least: Literal["red", "orange", "yellow", "blue"]
    when: FloorCondition
    name: Bilingual


class MissingRule(_Strict):
    """Below this share of known weight an area is unknown."""

    minimum_known_weight: float = Field(default=0.6, gt=0, le=1)


class StabilityRule(_Strict):
    """How computed tiers become published ones, in days of evidence; ``minimum_stay_days`` counts from the entry."""

    confirm_up_days: int = Field(ge=1, le=366)
    at_once_when_tiers_up: int | None = Field(default=None, ge=1, le=4)
    confirm_down_days: int = Field(ge=1, le=366)
    minimum_stay_days: int = Field(ge=1, le=366)
    one_step_down: bool = True


class TierMeasure(_Strict):
    """What is done for the areas of a tier, and how often."""

    cadence_days: Positive
    minutes_per_check: Positive
    text: Bilingual


class Scheme(_Named):
    """A whole scheme. Weights are any positive numbers; each level is made to sum to 1 where it is used."""

    version: int = Field(ge=1)
    level: Level
    note: Bilingual | None = None
    dimensions: tuple[Dimension, ...] = Field(min_length=1, max_length=20)
    tiers: CutOffs
    floors: tuple[FloorRule, ...] = ()
    missing: MissingRule = MissingRule()
    measures: Mapping[Literal["red", "orange", "yellow", "blue", "green"], TierMeasure] = {}

    @model_validator(mode="after")
    def _refers_to_what_exists(self) -> Scheme:
        seen: set[str] = set()
        for at, dimension in enumerate(self.dimensions):
            places = [
                ("dimensions", at),
                *(("dimensions", at, "indicators", n) for n in range(len(dimension.indicators))),
            ]
            for place, item in zip(places, (dimension, *dimension.indicators), strict=True):
                if item.id in seen:
                    raise PydanticCustomError("id_twice", "", {"key": (*place, "id"), "id": item.id})
                seen.add(item.id)
        known = {indicator.id for indicator in self.indicators}
        for number, floor in enumerate(self.floors):
            if floor.when.indicator not in known:
                raise PydanticCustomError(
                    "floor_indicator",
                    "",
                    {"key": ("floors", number, "when"), "id": floor.when.indicator, "allowed": sorted(known)},
                )
        return self

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """All indicators, in the file's order."""
        return tuple(indicator for dimension in self.dimensions for indicator in dimension.indicators)

    def digest(self) -> str:
        """A fingerprint: equal for equal rules, whatever the file's layout."""
        return sha256(self.model_dump_json(by_alias=True).encode()).hexdigest()
