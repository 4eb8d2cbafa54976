"""People: which residents, households and places the indicators count, as sets: a part, and the whole that it is of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from analytics.scheme import Indicator, Table, Where
from analytics.scheme.tables import MAY_BE_UNTOLD


def columns_told(*wheres: Iterable[str]) -> tuple[str, ...]:
    """The columns that must be filled in for a row to be part of its area's snapshot: all that are named, but for those
    without which it is in doubt whether a row counts."""
    return tuple(dict.fromkeys(column for where in wheres for column in where if column not in MAY_BE_UNTOLD))


@dataclass(frozen=True, eq=False)
class Chosen:
    """The people who meet ``where`` and ``of``, among those who meet ``of``: a part and its whole.

    ``told``: the columns that must be filled in for a row to be part of its area's snapshot.
    """

    table: Table
    where: Where
    of: Where
    told: tuple[str, ...]

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for equal choices."""
        return self.table, *(tuple(sorted(where.items(), key=repr)) for where in (self.where, self.of)), self.told

    @property
    def whole(self) -> Chosen:
        """All of those of whom it is a part."""
        return Chosen(self.table, {}, self.of, self.told)

    @classmethod
    def by(cls, table: Table, where: Where, of: Where) -> Self:
        """A choice that needs the columns that it names."""
        return cls(table, where, of, columns_told(where, of))


def chosen_by(indicator: Indicator) -> tuple[Chosen, ...]:
    """The sets of people or places that an indicator's values count; a whole that is everybody is not among them."""
    groups = indicator.spec.groups
    parts = [Chosen.by(*group) for group in groups(indicator)] if groups else []
    return tuple(one for part in parts for one in ((part, part.whole) if part.where and part.of else (part,)))
