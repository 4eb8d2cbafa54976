"""What a load says about itself: every row is taken as it stands, repaired or refused, and the account adds up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from analytics.words import Phrase

if TYPE_CHECKING:
    from analytics.loaders.datums import Datum


@dataclass(frozen=True, slots=True)
class RowNote:
    """A row that was repaired or refused.

    ``sheet``: name of the worksheet or layer, None where there is one nameless sheet. ``line``: 1-based, as the user
    sees it. ``column``: the header as written in the file, or None where no single column is at fault.
    ``reason``: what was wrong and what to do, or what was done; it never quotes a person's data.
    """

    sheet: str | None
    line: int
    column: str | None
    reason: Phrase


@dataclass(frozen=True)
class Unmatched:
    """An area code or name, as written, that is not among the areas; the ``rows`` that name it were refused.

    ``suggestions``: at most three areas as "code name" that may be meant, the likeliest first.
    """

    written: str
    rows: int
    suggestions: tuple[str, ...]


@dataclass(frozen=True)
class PointsFound:
    """Where the positions of one file lie; all numbers count rows.

    ``placed``: positions in one of the areas. ``outside_all``: positions in none of them. ``outside_named``: not in the
    area that the same row names. ``looks_like``, ``offset_m``: the datum that the positions seem to be in, and
    their median shift in metres. ``swapped``: with longitude and latitude exchanged, which was put right.
    """

    placed: int
    outside_all: int
    outside_named: int
    looks_like: Datum | None
    offset_m: float | None
    swapped: int


@dataclass(frozen=True)
class Feed:
    """How well one feed covers the days between its first record and its last.

    ``feed``: the code of a channel, or "" for the whole table. ``days``: from ``first_day`` to ``last_day``, both
    counted. ``lag_days``: from ``last_day`` to today.
    """

    feed: str
    rows: int
    first_day: date
    last_day: date
    days_with_records: int
    days: int
    lag_days: int


@dataclass(frozen=True)
class UnknownWord:
    """A word of a coded ``column`` that nobody knows, as written, how many ``rows`` say it, and the code that it may
    mean, if one is like it."""

    column: str
    word: str
    rows: int
    guess: str | None


@dataclass(frozen=True, eq=False)
class LoadReport:
    """What became of one file; ``read == accepted + repaired_rows + len(refused)``, always.

    ``source``: the file's name without its folder. ``sheets``: names of its worksheets or layers, ("",) for one
    nameless sheet. ``accepted``: rows taken as they stood. ``repaired``: one or more notes for each of the
    ``repaired_rows``, a row that became part of another row's area among them. ``refused``: one note a row.
    ``recognised``: canonical column -> header in the file.
    ``dropped_private``: headers on the refuse list, or with cells that look like a person's numbers; ``unused``: other
    headers that were not kept. ``points``: None for a file without positions.
    ``marked``: cells of the repaired and refused rows that may be shown; index as ``Sheet.cells``, columns are headers.
    ``first_day``, ``last_day``: of the kept rows' main date (occurred_at, checked_at, as_of), None without one.
    ``unknown``: words of coded columns that nobody knows, of the kept rows.
    """

    table: str
    source: str
    read: int
    accepted: int
    refused: tuple[RowNote, ...]
    recognised: Mapping[str, str]
    dropped_private: tuple[str, ...]
    unused: tuple[str, ...]
    notes: tuple[Phrase, ...]
    first_day: date | None = None
    last_day: date | None = None
    sheets: tuple[str, ...] = ("",)
    repaired: tuple[RowNote, ...] = ()
    repaired_rows: int = 0
    unmatched: tuple[Unmatched, ...] = ()
    points: PointsFound | None = None
    feeds: tuple[Feed, ...] = ()
    unknown: tuple[UnknownWord, ...] = ()
    marked: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)

    def __post_init__(self) -> None:
        assert self.read == self.accepted + self.repaired_rows + len(self.refused)
