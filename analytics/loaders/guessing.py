"""What a file is taken for before anybody has said: which table, and which header means which column."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analytics.errors import LoadError
from analytics.loaders import values
from analytics.loaders.columns import alias_words, match_key, needed_columns, recognise, words_of
from analytics.loaders.files import UploadedBytes, read_sheet
from analytics.loaders.load import TABLES
from analytics.loaders.private import MASK, looks_personal
from analytics.loaders.sheet import Sheet

# The header and some rows of a text are enough; other kinds of files cannot be cut.
_HEAD_BYTES = 1 << 18
_NO_TEXT = (b"PK", b"\xd0\xcf\x11\xe0", b"PAR1", b"SQLite format 3", b"\x1f\x8b", b"{", b"[", b"\xff\xfe", b"\xfe\xff")

# What a file of areas says of them beside their code.
_OF_AN_AREA = {"name", "level", "parent_id", "population", "households"}

# Two of three words of an alias are enough for a guess.
_LEAST_SHARE_OF_WORDS = 0.6


@dataclass(frozen=True)
class Guess:
    """What one file is taken for.

    ``sure``: every needed column has a header that means it, and no other table fits as well. ``headers``: as written.
    ``columns``: canonical column -> header. ``unsure``: columns whose header only resembles one that is known; until
    the user confirms them, by naming them in a :class:`Reading`, those of ``only_similar`` are not read. ``needed``:
    columns that the table cannot do without and no header means. ``private``: headers that are never kept.
    ``source_key``: the same for all files with these headers. ``has_positions``: whether a datum has to be asked for.
    """

    table: str
    sure: bool
    headers: tuple[str, ...]
    columns: Mapping[str, str]
    unsure: tuple[str, ...]
    only_similar: tuple[str, ...]
    needed: tuple[str, ...]
    private: tuple[str, ...]
    source_key: str
    has_positions: bool


def guess(file: Path | UploadedBytes, table: str | None = None) -> Guess:
    """What ``file`` is taken for; with ``table``, only its columns are guessed.

    Raises ``LoadError`` if it cannot be read at all.
    """
    if table is not None:
        return _of(table, _head(table, file))
    first = _head("incidents", file)
    fits = {one: _fit(_of(one, first)) for one in TABLES}
    if not _has_own_numbers(first):
        fits["given_values"] = (0.0, 0, 0)
    best = max(TABLES, key=lambda one: fits[one])
    tied = sum(fit == fits[best] for fit in fits.values()) > 1
    found = _of(best, first if best == "incidents" else _head(best, file))
    return found if not tied else Guess(**{**vars(found), "sure": False})


def source_key(table: str, headers: Sequence[str]) -> str:
    """The same for all files of ``table`` from one system: SHA-256 (hex) of the table and its headers in any order."""
    return hashlib.sha256("\n".join([table, *sorted(map(match_key, headers))]).encode()).hexdigest()


def _of(table: str, sheet: Sheet) -> Guess:
    known = recognise(table, sheet.headers)
    columns = {column: sheet.headers[position] for column, position in known.columns.items()}
    similar = _similar(table, [sheet.headers[position] for position in known.others], columns)
    columns |= similar
    unsure = (*known.guessed, *similar)
    needed = tuple(group[0] for group in needed_columns(table) if not any(one in columns for one in group))
    shown = tuple(MASK if looks_personal(header) else header for header in sheet.headers)
    return Guess(
        table=table,
        sure=not needed and not unsure,
        headers=shown,
        columns=columns,
        unsure=unsure,
        only_similar=tuple(similar),
        needed=needed,
        private=tuple(shown[position] for position in known.private),
        source_key=source_key(table, sheet.headers),
        has_positions={"lon", "lat"} <= columns.keys() or (table == "areas" and sheet.shapes is not None),
    )


def _fit(found: Guess) -> tuple[float, int, int]:
    groups = needed_columns(found.table)
    certain = found.columns.keys() - set(found.unsure)
    met = sum(any(column in certain for column in group) for group in groups)
    shapes = found.table == "areas" and found.has_positions
    # Every file of records names areas: one that says nothing else of them is not the file of areas.
    describes = found.table != "areas" or shapes or bool(certain & _OF_AN_AREA)
    return (met + shapes) / len(groups) * (1.0 if describes else 0.5), len(certain), len(found.columns)


def _has_own_numbers(sheet: Sheet) -> bool:
    """Whether a file has beside areas and days nothing but numbers, under headers that no other table knows."""
    known = recognise("given_values", sheet.headers)
    left, others = known.others, [table for table in TABLES if table != "given_values"]
    if not (left or "value" in known.columns) or any(
        recognise(table, [sheet.headers[place]]).columns for table in others for place in left
    ):
        return False
    cells = [values.cleaned(sheet.cells[place]) for place in left]
    return all(one.notna().any() and values.numbers(one)[one.notna()].notna().all() for one in cells)


def _similar(table: str, headers: Sequence[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Column -> header, for columns that no header means: the header that shares most of its words with an alias."""
    found: dict[str, tuple[float, str]] = {}
    taken: set[str] = set()
    for column, aliases in alias_words(table).items():
        if column in columns:
            continue
        scored = [
            (max(len(words & alias) / len(words | alias) for alias in aliases), header)
            for header in headers
            if header not in taken and (words := words_of(header))
        ]
        best = max(scored, default=(0.0, ""))
        if best[0] >= _LEAST_SHARE_OF_WORDS:
            found[column] = best
            taken.add(best[1])
    return {column: header for column, (_, header) in found.items()}


def _head(table: str, file: Path | UploadedBytes) -> Sheet:
    if isinstance(file, tuple):
        name, head, size = file[0], file[1][:_HEAD_BYTES], len(file[1])
    else:
        try:
            with file.open("rb") as content:
                name, head, size = file.name, content.read(_HEAD_BYTES), file.stat().st_size
        except OSError:
            return read_sheet(table, file)
    if size <= len(head) or head.lstrip().startswith(_NO_TEXT):
        return read_sheet(table, file)
    try:
        return read_sheet(table, (name, head[: head.rfind(b"\n") + 1]))
    except LoadError:
        # A cut may lie within a quoted cell.
        return read_sheet(table, file)
