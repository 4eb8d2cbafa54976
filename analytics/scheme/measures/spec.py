"""What a measure is: one `MeasureSpec`, which answers whatever the rest of the product has to know of it.

Nothing outside this package asks which measure an indicator has. It asks what it wants to know: whether its events can
be drawn again by chance, which people it counts, how its value is written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

import numpy as np

from analytics.scheme.basics import Bilingual
from analytics.scheme.conditions import Where
from analytics.scheme.tables import Table
from analytics.words import Phrase

if TYPE_CHECKING:
    import pandas as pd

    from analytics.scheme.model import DaysSince, Given, Per

Measured = tuple[np.ndarray, np.ndarray]
"""Values (float, in the measure's unit) and gaps (:class:`Gap`), each (days, areas) or of a shape that spreads to it.
What a value is where its gap is not ``NONE`` does not matter."""

Setting = Literal["where", "window_days", "per", "given", "days_since"]
"""Settings of an indicator that a measure may not be able to do without."""

FORGOTTEN: Any = object()
"""Stands in a part of a `MeasureSpec` that nobody gave; registration names it, and the measure."""


class IndicatorView(Protocol):
    """What a measure sees of an indicator of the scheme (`model.Indicator`). Settings may be None that the measure does
    not ask for; what it does ask for in ``sources`` is :func:`required`."""

    @property
    def id(self) -> str: ...
    @property
    def source(self) -> Table: ...
    @property
    def where(self) -> Where: ...
    @property
    def of(self) -> Where: ...
    @property
    def window_days(self) -> int | None: ...
    @property
    def per(self) -> Per | None: ...
    @property
    def given(self) -> Given | None: ...
    @property
    def days_since(self) -> DaysSince | None: ...
    @property
    def never_seen(self) -> Literal["missing", "zero"]: ...
    @property
    def unit(self) -> Bilingual | None: ...


class CountsView(Protocol):
    """What a measure sees of the records: counts of the scored areas, on days as whole days since 1970-01-01 (sorted).

    Scoring has it (`scoring.area_counts.AreaCounts`), and says there what each of these gives.
    """

    areas: pd.DataFrame

    def has(self, table: Table) -> bool:
        """Whether the table was loaded."""

    def occurs(self, table: Table, *wheres: Where, only: Literal["due"] | None = None) -> bool:
        """Whether there is any such record, of whatever area and day."""

    def recorded_days(self, table: Table) -> np.ndarray:
        """The days on which the table has a record."""

    def in_window(self, table: Table, wheres: Iterable[Where], window_days: int, days: np.ndarray) -> np.ndarray:
        """Records in the window that ends with each day: (days, areas)."""

    def balance(self, where: Where, days: np.ndarray) -> np.ndarray:
        """Incidents that had occurred and were not closed at the end of each day: (days, areas)."""

    def overdue(self, where: Where, days: np.ndarray) -> np.ndarray:
        """Incidents past their due day and not closed at the end of each day: (days, areas)."""

    def covered(self, checks: Where, places: Where, window_days: int, days: np.ndarray) -> np.ndarray:
        """Places with a check in the window that ends with each day: (days, areas)."""

    def quiet_days(self, table: Table, where: Where, cap: int, days: np.ndarray) -> np.ndarray:
        """Days since the last record, at most ``cap``: (days, areas)."""

    def stock(self, table: Table, where: Where, of: Where, days: np.ndarray) -> np.ndarray:
        """What there is as of each day, NaN where nobody said: (days, areas)."""

    def denominator(self, table: Table, where: Where, of: Where, days: np.ndarray) -> np.ndarray:
        """Of how many ``stock`` is a part: (days, areas)."""

    def listed(self, table: Table, where: Where, days: np.ndarray) -> np.ndarray:
        """Where anybody stands in the snapshots of which ``stock`` takes those who meet ``where``: (days, areas)."""

    def rate_denominator(self, column: str) -> np.ndarray:
        """The areas' column that rates are divided by: (areas,)."""

    def dated_columns(self) -> Collection[str]:
        """The columns of which there are values by day."""

    def dated(self, column: str, days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The newest value not after each day, and how many days old it is, NaN where there is none: (days, areas)."""

    def own_column(self, column: str) -> np.ndarray:
        """The areas' own column: (areas,)."""


class Group(NamedTuple):
    """The people or places of ``table`` that meet ``where``, among those who meet ``of``."""

    table: Table
    where: Where
    of: Where


@dataclass(frozen=True)
class Unit:
    """How a value is written.

    ``write`` makes the phrase; ``words`` are all entries of the word tables that it may use. ``is_the_count``: the
    value is the very number that is counted, so that of a small one it is said that it is small, and of any other value
    that it is made of a small one.
    """

    words: tuple[str, ...]
    write: Callable[[IndicatorView, float], Phrase]
    is_the_count: bool


@dataclass(frozen=True)
class WholeNumbers:
    """Of which whole numbers a value is made, so that it can be asked what it would be with others.

    ``part``: ``records`` of the window that meet all `MeasureSpec.conditions`; ``open_incidents`` or
    ``overdue_incidents``; ``quiet_days`` since the last record; or ``covered_places``. ``whole``, by which it is
    divided: ``nothing``, the ``denominator``, ``records`` of the window that meet ``of``, ``checks`` of the window that
    do, or the ``places`` that are to be visited. ``value``: (indicator, part, whole) → value, arrays of one shape; NaN
    where the whole is zero.
    """

    part: Literal["records", "open_incidents", "overdue_incidents", "quiet_days", "covered_places"]
    whole: Literal["nothing", "denominator", "records", "checks", "places"]
    value: Callable[[IndicatorView, np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Documentation:
    """What a measure is, for who reads on: its ``formula``, its ``unit``, and the ``source`` of its definition."""

    formula: str = ""
    unit: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class MeasureSpec:
    """A measure. Every part without a default has to be given, be it as None; `registry` says what is wrong with one.

    ``id``: its name in a scheme file, and the name of its module.
    ``sources``: the tables that it may be ``from``, each with the settings that it cannot do without there.
    ``value``: (counts, indicator, days) → :data:`Measured`. It is asked for tables that are loaded.
    ``events``: (counts, indicator, days) → (days, areas), the numbers of events in the indicator's window of which the
    value is made, where nothing else moves it: those can be drawn again to see what chance does. None for all others.
    ``denominator``: (counts, indicator) → (areas,), what a number is divided by, before ``per.scale``, where it is a
    column of the areas. None where a value is divided by nothing or by records.
    ``sums_as``: the measure whose values add up over areas to what the records of them all give, before any division by
    the denominator: its own id, or another's. None where a value of a group is no sum.
    ``smallest_change``: the step by which a value can change, in its unit. None where it is as small as you like.
    ``made_of``: its :class:`WholeNumbers`; None where it is made of others, or is itself given.
    ``groups``: indicator → the people and places that its values count. None where it counts none.
    ``unit``: how a value is written. ``documentation``: what it is.
    ``of``: the table that the indicator's ``of`` selects from, ``source`` being the indicator's own. None: it has no
    use for an ``of``.
    ``ages``: (counts, indicator, days) → (days, areas), how many days old each value is, NaN where there is none; None
    where a value has no day of its own.
    ``more_records``: whether one more record of its table can only raise its value, only lower it, or either.
    ``needs_status``: it asks which incidents are closed.
    ``needs_due_dates``: there is no value before any record has a due day. ``is_place_coverage``: it is the part of the
    places that ``of`` selects, which checks are to reach: those are the places that a team has to visit.
    """

    id: str = FORGOTTEN
    sources: Mapping[str, tuple[Setting, ...]] = FORGOTTEN
    value: Callable[[CountsView, IndicatorView, np.ndarray], Measured] = FORGOTTEN
    events: Callable[[CountsView, IndicatorView, np.ndarray], np.ndarray] | None = FORGOTTEN
    denominator: Callable[[CountsView, IndicatorView], np.ndarray] | None = FORGOTTEN
    sums_as: str | None = FORGOTTEN
    smallest_change: float | None = FORGOTTEN
    made_of: WholeNumbers | None = FORGOTTEN
    groups: Callable[[IndicatorView], tuple[Group, ...]] | None = FORGOTTEN
    unit: Unit = FORGOTTEN
    documentation: Documentation = FORGOTTEN
    of: Table | Literal["source"] | None = None
    ages: Callable[[CountsView, IndicatorView, np.ndarray], np.ndarray | None] | None = None
    more_records: Literal["raise", "lower", "either"] = "raise"
    needs_status: bool = False
    needs_due_dates: bool = False
    is_place_coverage: bool = False

    @property
    def words(self) -> str:
        """The entry of the word tables that says in a few words what is counted."""
        return f"method.measure_{self.id}"

    def of_table(self, source: Table) -> Table | None:
        """The table that ``of`` selects from, for an indicator from ``source``; None where there is no ``of``.

        >>> from analytics.scheme.measures import MEASURES
        >>> [MEASURES[name].of_table("checks") for name in ("share", "coverage", "count")]
        ['checks', 'places', None]
        """
        return source if self.of == "source" else self.of

    def conditions(self, indicator: IndicatorView) -> tuple[Where, ...]:
        """All conditions that a record of the indicator's own table has to meet to be counted."""
        return (indicator.where, indicator.of) if self.of == "source" else (indicator.where,)
