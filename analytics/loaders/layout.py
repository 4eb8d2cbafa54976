"""Where a table begins and which of its rows are no records: titles, explanations, totals. The words: layout.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from itertools import pairwise, zip_longest
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import yaml

from analytics.errors import LoadError
from analytics.loaders.columns import match_key, needed_columns, normalised, recognise
from analytics.loaders.sheet import NOTHING_WANTED, Wanted, shown
from analytics.loaders.unit_rows import is_unit_row, with_unit_of_title, with_units
from analytics.words import Phrase, phrase

LOOKED_AT = 12
"""Rows in which a header is looked for."""

RECORD_TABLES = frozenset(
    {
        *("areas", "residents", "incidents", "places", "checks", "teams"),
        *("holidays", "given_values", "agreements", "reports", "orders"),
    }
)
"""The tables whose headers are known; in a file of anything else it is the first row, or the one that has those that
are wanted."""

_EXPLANATION_ROWS = 2  # at most, under a header
_NAMED_ROWS = 10  # in one note

# Arrow's patterns do not count the wide space of Chinese, and the one that does not break, among the spaces.
_SPACE = "[\\s\u3000\u00a0]*"

Row = tuple[int, Sequence[str]]
"""The line of a row, 1-based, and its cells as written."""


@dataclass(frozen=True)
class Head:
    """What stands before the first record.

    ``headers``: stripped, one a column; two rows are joined by a stroke. ``raw``: the header's rows as written,
    stripped. ``last_line``: of the header and the explanations under it. ``fit``: how many headers are known to the
    table. ``skipped``: lines by the word key that tells what they are.
    """

    headers: tuple[str, ...]
    raw: tuple[tuple[str, ...], ...]
    last_line: int
    fit: int
    skipped: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def find_head(table: str, rows: Sequence[Row], wanted: Wanted = NOTHING_WANTED) -> Head:
    """The header among the first rows that are not blank: the row, or pair of rows, that ``table`` knows best.

    ``rows`` has at least one; the first counts where no other is known better. Headers that the user named are known.
    """
    rows = [(line, tuple(cell.strip() for cell in cells)) for line, cells in rows[: LOOKED_AT + _EXPLANATION_ROWS + 1]]
    first, last, headers, fit = 0, 0, rows[0][1], 0
    if table in RECORD_TABLES or wanted.columns:
        first, last, headers, fit = _best(table, rows, wanted)
    end = last + 1
    units = []
    if fit and end < len(rows) and is_unit_row(rows[end][1]):
        units, headers, end = [rows[end][0]], with_units(headers, rows[end][1]), end + 1
    if fit and first:
        headers = with_unit_of_title(table, headers, [cells for _, cells in rows[:first]])
    under = end
    while fit and end < len(rows) and end < under + _EXPLANATION_ROWS and _is_explanation(rows[end][1]):
        end += 1
    skipped = {
        "files.above_header": [line for line, _ in rows[:first]],
        "files.header_of_two_rows": [line for line, _ in rows[first : last + 1]] if last > first else [],
        "files.units": units,
        "files.explanations": [line for line, _ in rows[under:end]],
    }
    raw = tuple(cells for _, cells in rows[first : last + 1])
    found = {key: tuple(lines) for key, lines in skipped.items() if lines}
    return Head(headers, raw, rows[end - 1][0], fit, found)


def without_other_rows(head: Head, cells: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, tuple[int, ...]]]:
    """``cells`` (text by line) without rows that are no records, and the lines of these by word key."""
    totals, closings, blank = _totals_and_blank(cells)
    repeated = _repeated(head, cells)
    other = totals.union(closings).union(blank).union(repeated)
    if other.empty:
        return cells, {}
    kept = cells.drop(index=other)
    # Blank rows at the end of a table are nobody's concern.
    last = kept.index[-1] if len(kept) else 0
    skipped = {
        "files.totals": totals,
        "files.closing_lines": closings,
        "files.repeated_headers": repeated,
        "files.blank_rows": blank[blank < last],
    }
    return kept, {key: tuple(lines.tolist()) for key, lines in skipped.items() if len(lines)}


def is_total(cells: Iterable[str]) -> bool:
    """Whether a row is one of sums, or a closing line: its first cell with anything in it says so."""
    first = next((cell for cell in cells if cell.strip()), "")
    return bool(_total_pattern().fullmatch(first) or _closing_pattern().fullmatch(first))


def are_totals(cells: pd.Series) -> np.ndarray:
    """Which cells (text as written) hold a word for a sum, and nothing else."""
    return _matches(cells, _total_pattern().pattern)


def notes_of(skipped: Iterable[tuple[str | None, Mapping[str, Sequence[int]]]]) -> tuple[Phrase, ...]:
    """What was skipped, by the name of the worksheet (None for a nameless one), as sentences."""
    where: dict[str, list[Phrase]] = {}
    for sheet, by_key in skipped:
        for key, lines in by_key.items():
            named: list[object] = [*lines[:_NAMED_ROWS]]
            if len(lines) > _NAMED_ROWS:
                named.append(phrase("files.and_more", n=len(lines)))
            where.setdefault(key, []).append(
                phrase("files.in_rows", lines=named)
                if sheet is None
                else phrase("files.in_rows_of_sheet", sheet=sheet, lines=named)
            )
    return tuple(phrase(key, where=places) for key, places in where.items())


def fit_of(table: str, headers: Sequence[str], wanted: Wanted = NOTHING_WANTED) -> int:
    """How many of the ``headers`` are known to ``table``, wanted or refused."""
    if table not in RECORD_TABLES:
        named = {match_key(header) for header in wanted.columns.values() if header}
        return sum(match_key(header) in named for header in headers)
    known = recognise(table, headers, wanted.columns)
    return len(known.columns) + len(known.private)


def rank(table: str, headers: Sequence[str], wanted: Wanted = NOTHING_WANTED) -> tuple[int, int]:
    """How well the headers of a worksheet or layer fit ``table``: the needed columns among them, then all known."""
    if table not in RECORD_TABLES:
        return 0, fit_of(table, headers, wanted)
    there = recognise(table, headers, wanted.columns).columns
    met = sum(any(column in there for column in group) for group in needed_columns(table))
    return met, fit_of(table, headers, wanted)


def chosen_sheet(file: str, names: Sequence[str], wanted: Wanted) -> str | None:
    """The name in ``names`` of the worksheet or layer that the user named; None where none was named.

    Raises ``LoadError`` for one that the file does not have.
    """
    if wanted.sheet is None or wanted.sheet in names:
        return wanted.sheet
    known = [shown(name) for name in names]
    raise LoadError.because("files.sheet_unknown", file=file, sheet=shown(wanted.sheet), names=known)


def _best(table: str, rows: Sequence[Row], wanted: Wanted) -> tuple[int, int, tuple[str, ...], int]:
    """First and last place of the header in ``rows``, the headers, and how many of them are known."""
    best = (0, 0, rows[0][1], fit_of(table, rows[0][1], wanted))
    needed = 1 if sum(map(bool, rows[0][1])) == 1 else 2
    for place, (_, cells) in enumerate(rows[:LOOKED_AT]):
        fit = fit_of(table, cells, wanted)
        if fit > best[3] and fit >= needed and not _is_record_under(rows[best[0]][1], best[3], cells):
            best = (place, place, cells, fit)
    for place, ((_, upper), (_, lower)) in enumerate(pairwise(rows[: LOOKED_AT + 1])):
        joined = _joined(upper, lower)
        fit = fit_of(table, joined, wanted)
        if fit > max(best[3], 1):
            best = (place, place + 1, joined, fit)
    return best


def _is_record_under(upper: Sequence[str], fit: int, cells: Sequence[str]) -> bool:
    """Whether ``cells`` that seem to be headers are a record under the header ``upper``, some words of which are known:
    as many cells are filled, and under a word stands a number, a date or a code."""
    if not fit or sum(map(bool, cells)) > sum(map(bool, upper)):
        return False
    return any(
        above and below[:1].isdigit() and not any(map(str.isdigit, above))
        for above, below in zip(upper, cells, strict=False)
    )


def _joined(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...]:
    """The headers that two rows make together; none if they cannot be the two rows of one header."""
    pairs = list(zip_longest(upper, lower, fillvalue=""))
    # A merged cell leaves blanks to its right or below it.
    if not any(bool(above) != bool(below) for above, below in pairs):
        return ()
    headers, over = [], ""
    for above, below in pairs:
        over = above if above or not below else over
        headers.append("/".join(filter(None, (over, below))))
    return tuple(headers)


def _is_explanation(cells: Sequence[str]) -> bool:
    filled = [normalised(cell).casefold() for cell in cells if cell]
    explaining = sum(any(fnmatchcase(cell, pattern) for pattern in _explanations()) for cell in filled)
    return explaining > 0 and 2 * explaining >= len(filled)


def _totals_and_blank(cells: pd.DataFrame) -> tuple[pd.Index, pd.Index, pd.Index]:
    totals, closings, left = cells.index[:0], cells.index[:0], cells
    total, closing = _total_pattern().pattern, _closing_pattern().pattern
    for position in cells.columns:
        # One sweep for all: few rows are any.
        left = left[_matches(left[position], f"{total}|{closing}|{_SPACE}")]
        totals = totals.union(left.index[_matches(left[position], total)])
        closings = closings.union(left.index[_matches(left[position], closing)])
        left = left[_matches(left[position], _SPACE)]
        if left.empty:
            break
    return totals, closings, left.index


def _repeated(head: Head, cells: pd.DataFrame) -> pd.Index:
    found = cells.index[:0]
    for row in head.raw:
        left = cells
        for position, text in enumerate(row[: cells.shape[1]]):
            left = left[pc.match_substring(_arrow(left[position]), text).to_numpy()]
            left = left[pc.equal(pc.utf8_trim_whitespace(_arrow(left[position])), text).to_numpy()]
            if left.empty:
                break
        found = found.union(left.index)
    return found


def _matches(column: pd.Series, pattern: str) -> np.ndarray:
    # pandas would match object by object, which takes ten times as long.
    return pc.match_substring_regex(_arrow(column), f"^(?:{pattern})$").to_numpy()


def _arrow(column: pd.Series) -> pa.ChunkedArray:
    return column.array.__arrow_array__()


@cache
def _words() -> dict[str, list[str]]:
    return yaml.safe_load(Path(__file__).with_name("layout.yaml").read_text(encoding="utf-8"))


@cache
def _explanations() -> tuple[str, ...]:
    return tuple(normalised(pattern).casefold() for pattern in _words()["explanations"])


@cache
def _total_pattern() -> re.Pattern[str]:
    spaced = (_SPACE.join(map(re.escape, word.replace(" ", ""))) for word in _words()["totals"])
    return re.compile(f"(?i){_SPACE}(?:{'|'.join(spaced)}){_SPACE}(?:[(（][^)）]*[)）])?{_SPACE}[:：]?{_SPACE}")


@cache
def _closing_pattern() -> re.Pattern[str]:
    spaced = (_SPACE.join(map(re.escape, word.replace(" ", ""))) for word in _words()["closings"])
    return re.compile(f"(?i){_SPACE}(?:{'|'.join(spaced)}){_SPACE}[:：](?s:.*)")
