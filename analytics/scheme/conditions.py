"""Conditions: what a ``where`` asks of a record, and what a floor or a line of ``decide`` asks of an area."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from analytics.scheme.basics import Finite, Identifier, Operator, Strict
from analytics.scheme.tables import CODES, WHERE_COLUMNS, Table


class Compared(Strict):
    """A number held against another: ``{op: ">=", value: 3}``."""

    op: Operator
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


def columns_exist(key: str, where: Where, table: Table) -> None:
    """Refuse a column that a ``where`` of the table may not name, and a value that is none of its codes."""
    for column in where:
        if column not in WHERE_COLUMNS[table]:
            raise PydanticCustomError(
                "where_column",
                "",
                {"key": key, "column": column, "table": table, "allowed": WHERE_COLUMNS[table]},
            )
        wanted = where[column]
        values = wanted if isinstance(wanted, tuple) else (wanted,)
        for value in () if isinstance(wanted, Compared) else values:
            codes = CODES.get(column)
            if codes and not any(value is code or (value == code and isinstance(value, str)) for code in codes):
                allowed = [str(code).lower() for code in codes]
                raise PydanticCustomError(
                    "where_value", "", {"key": key, "column": column, "wanted": value, "allowed": allowed}
                )


class Comparing(Strict):
    """An indicator's value held against a number; neither true nor false while the value is missing."""

    indicator: Identifier
    op: Operator
    value: Finite


class ComparingDimension(Strict):
    """A dimension's value, as combined, held against a number."""

    dimension: Identifier
    op: Operator
    value: Finite


class BeingKnown(Strict):
    """Whether an indicator's value is missing or known."""

    indicator: Identifier
    state: Literal["missing", "known"] = Field(alias="is")


class AllOf(Strict):
    """Every one of several conditions."""

    all: tuple[When, ...] = Field(min_length=1, max_length=20)


class AnyOf(Strict):
    """At least one of several conditions."""

    any: tuple[When, ...] = Field(min_length=1, max_length=20)


class Not(Strict):
    """The opposite of a condition."""

    inner: When = Field(alias="not")


def _kind_of_when(value: object) -> str:
    if not isinstance(value, dict):
        return type(value).__name__
    for key, kind in (("all", "AllOf"), ("any", "AnyOf"), ("not", "Not"), ("is", "BeingKnown")):
        if key in value:
            return kind
    return "ComparingDimension" if "dimension" in value else "Comparing"


When = Annotated[
    Annotated[Comparing, Tag("Comparing")]
    | Annotated[ComparingDimension, Tag("ComparingDimension")]
    | Annotated[BeingKnown, Tag("BeingKnown")]
    | Annotated[AllOf, Tag("AllOf")]
    | Annotated[AnyOf, Tag("AnyOf")]
    | Annotated[Not, Tag("Not")],
    Discriminator(_kind_of_when),
]


def named_in(when: object) -> Iterator[tuple[str, str]]:
    """The indicators and dimensions that a condition names, as (kind, id).

    >>> list(named_in(Not.model_validate({"not": {"indicator": "new_cases_14d", "is": "missing"}})))
    [('indicator', 'new_cases_14d')]
    """
    match when:
        case Comparing() | BeingKnown():
            yield "indicator", when.indicator
        case ComparingDimension():
            yield "dimension", when.dimension
        case AllOf():
            yield from (found for inner in when.all for found in named_in(inner))
        case AnyOf():
            yield from (found for inner in when.any for found in named_in(inner))
        case Not():
            yield from named_in(when.inner)
