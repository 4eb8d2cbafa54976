"""Provenance: what made a tier, as one value. Whoever asks why two results differ compares its fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from typing import Literal, Self, get_args

from analytics.store.ledger_tables import canonical

METHOD_VERSION = 3
"""The version of the method: it goes up by hand with every change of the code that gives some records another score or
tier. A test holds the scores of the sample fast, and fails when they change and this number does not."""


@dataclass(frozen=True)
class FigureSettings:
    """The settings of an installation that change figures. ``smallest_count``: fewer people or households than this are
    scored as the number that stands for all small ones: 1 since method 3, which scores on true counts, and 10 before,
    unless the office said otherwise; None where it was not recorded."""

    smallest_count: int | None

    @classmethod
    def current(cls) -> Self:
        """The settings in force now."""
        return cls(1)


Field = Literal["records", "scheme", "method", "settings", "day"]
_FIELDS: tuple[Field, ...] = get_args(Field)


@dataclass(frozen=True)
class Provenance:
    """``records``: digest of the records. ``scheme``: digest of the scheme. ``method``: version of the method.
    ``settings``: those that change figures. ``day``: the day that the tiers are of.

    None stands for what was not recorded, as by programs without a version number.
    """

    records: str | None
    scheme: str
    method: int | None
    settings: FigureSettings
    day: date

    def differing(self, other: Provenance) -> frozenset[Field]:
        """The fields that differ between two, those left out that one of them does not have on record.

        >>> published = Provenance("a" * 64, "2:" + "b" * 64, 1, FigureSettings(10), date(2026, 10, 31))
        >>> week_before = Provenance("c" * 64, "2:" + "b" * 64, None, FigureSettings(10), date(2026, 10, 24))
        >>> sorted(published.differing(week_before)), sorted(published.unrecorded(week_before))
        (['day', 'records'], ['method'])
        """
        return frozenset(
            name for name, one, another in self._beside(other) if one != another and None not in (one, another)
        )

    def unrecorded(self, other: Provenance) -> frozenset[Field]:
        """The fields that one of two does not have on record."""
        return frozenset(name for name, one, another in self._beside(other) if None in (one, another))

    def digest(self) -> str:
        """The SHA-256 (hex) of it."""
        return sha256(canonical(asdict(self)).encode()).hexdigest()

    def _beside(self, other: Provenance) -> Iterator[tuple[Field, object, object]]:
        for field in _FIELDS:
            one, another = (_recorded(getattr(held, field)) for held in (self, other))
            yield field, one, another


def _recorded(value: object) -> object:
    return value.smallest_count if isinstance(value, FigureSettings) else value
