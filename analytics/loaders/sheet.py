"""What every kind of file becomes: a sheet of text cells that know where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import pandas as pd

from analytics.loaders.report import RowNote
from analytics.personal_text import MASK, kinds_in
from analytics.words import Phrase, phrase

UploadedBytes: TypeAlias = tuple[str, bytes]
"""A file that came through the browser: its name and its content."""

SHEET_STEP = 10**10
"""Between the row numbers of one worksheet and those of the next; no worksheet is so long."""

_SHOWN_CHARACTERS = 40
_SHOWN_HEADERS = 30


@dataclass(frozen=True)
class Wanted:
    """What the user has said of where a table stands in its file: ``columns`` (canonical column -> header), which tell
    a header row and a worksheet by names of their own, and the ``sheet``, a worksheet or layer by its name."""

    columns: Mapping[str, str | None] = field(default_factory=dict)
    sheet: str | None = None


NOTHING_WANTED = Wanted()


@dataclass(frozen=True, eq=False)
class Sheet:
    """The rows of one file as text.

    ``file``: its name without its folder. ``headers``: as written, stripped; the two rows of a merged header joined.
    ``cells``: text, shape (rows, headers), columns are positions; the index is int64, unique and rising: the number of
    the worksheet times ``SHEET_STEP`` plus the line as the user sees it, 1-based. ``unit``: what a line is: of a text
    file, a row of a worksheet, layer or Parquet file, a feature of GeoJSON. ``sheets``: names of the worksheets or
    layers by their number, ("",) where the file has one nameless sheet. ``refused``: rows that have no cells.
    ``shapes``: one plane polygon or None for each row of ``cells``, valid; degrees of WGS-84 where the file names its
    reference system, else as written. ``repaired_shapes``: rows (of the index) whose shape had to be made valid, and
    ``cut_shapes``: whose lines and points beside the polygons were left out; ``unusable_shapes``: rows of areas
    that have none, and the word key of what is wrong with it. ``polygons``: most shapes of the file are
    polygons, whatever it was read as. ``looked_at``: name and headers of each worksheet or layer, where there are
    several to choose from; the headers are none where the first row is a record. ``origin``: by the index, the row of
    the file that a row was made of, where one row became several.
    """

    file: str
    headers: tuple[str, ...]
    cells: pd.DataFrame
    unit: Literal["line", "row", "feature"]
    sheets: tuple[str, ...]
    refused: tuple[RowNote, ...]
    notes: tuple[Phrase, ...]
    shapes: pd.Series | None = None
    repaired_shapes: frozenset[int] = frozenset()
    cut_shapes: frozenset[int] = frozenset()
    unusable_shapes: Mapping[int, str] = field(default_factory=dict)
    polygons: bool = False
    looked_at: tuple[tuple[str, tuple[str, ...]], ...] = ()
    origin: pd.Series | None = None

    def at(self, row: int) -> tuple[str | None, int]:
        """(name of the worksheet or None, line) of a row of the index."""
        number, line = divmod(int(row) if self.origin is None else int(self.origin[row]), SHEET_STEP)
        return self.sheets[number] or None, line


def shown(text: str) -> str:
    """``text`` as a sentence may quote it: printable and at most 40 characters; masked where it holds something of a
    person other than a door."""
    if set(kinds_in(text)) - {"door"}:
        return MASK
    printable = "".join(character for character in text if character.isprintable())
    return printable if len(printable) <= _SHOWN_CHARACTERS else printable[: _SHOWN_CHARACTERS - 1] + "…"


def shown_headers(headers: tuple[str, ...]) -> list[str]:
    """The headers as a sentence may list them: at most 30."""
    named = [shown(header) for header in headers if header]
    return named if len(named) <= _SHOWN_HEADERS else [*named[:_SHOWN_HEADERS], "…"]


def sheet_line(title: str, headers: tuple[str, ...]) -> Phrase:
    """A worksheet or layer with its headers as a sentence lists it; without them where they may be a record."""
    if not headers:
        return phrase("files.sheet_without_headers", sheet=shown(title))
    return phrase("files.sheet_with_headers", sheet=shown(title), headers=shown_headers(headers))
