"""What a load says about itself: every row is either accepted or refused with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from analytics.words import Phrase


@dataclass(frozen=True)
class RefusedRow:
    """One row that was not accepted.

    ``line``: its line in the file, 1-based as a text editor shows it; for GeoJSON the number of the feature, 1-based.
    ``column``: the header as written in the file, or None where no single column is at fault.
    ``reason``: what is wrong and what to do; it never quotes a person's data.
    """

    line: int
    column: str | None
    reason: Phrase


@dataclass(frozen=True)
class LoadReport:
    """What became of one file; ``read == accepted + len(refused)``, always.

    ``source``: the file's name without its folder. ``recognised``: canonical column -> header in the file.
    ``dropped_private``: headers on the refuse list; ``unused``: other headers that were not kept.
    ``first_day``, ``last_day``: of the accepted rows' main date (occurred_at, checked_at, as_of), None without one.
    """

    table: str
    source: str
    read: int
    accepted: int
    refused: tuple[RefusedRow, ...]
    recognised: Mapping[str, str]
    dropped_private: tuple[str, ...]
    unused: tuple[str, ...]
    notes: tuple[Phrase, ...]
    first_day: date | None = None
    last_day: date | None = None

    def __post_init__(self) -> None:
        assert self.read == self.accepted + len(self.refused)
