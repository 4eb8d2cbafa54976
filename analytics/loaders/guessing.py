"""What a file is taken for before anybody has said: which table, and which header means which column."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from analytics.errors import LoadError
from analytics.loaders import values
from analytics.loaders.coded import guessed_code, known_codes
from analytics.loaders.columns import (
    alias_words,
    is_count,
    is_zero_report,
    match_key,
    missing_columns,
    needed_columns,
    own_id_of,
    recognise,
    words_of,
)
from analytics.loaders.contents import understand
from analytics.loaders.files import UploadedBytes, read_sheet
from analytics.loaders.headers import has_header, is_record
from analytics.loaders.load import TABLES
from analytics.loaders.preview import NO_PREVIEW, Preview, preview_of
from analytics.loaders.private import MASK, looks_personal
from analytics.loaders.row_numbers import counts_rows
from analytics.loaders.sheet import Sheet, Wanted
from analytics.loaders.sums import turned
from analytics.loaders.values import cleaned, codes_plain
from analytics.words import Phrase

# The header and some rows of a text are enough; other kinds of files cannot be cut.
_HEAD_BYTES = 1 << 18
_NO_TEXT = (b"PK", b"\xd0\xcf\x11\xe0", b"PAR1", b"SQLite format 3", b"\x1f\x8b", b"{", b"[", b"\xff\xfe", b"\xfe\xff")

# What a file of areas says of them beside their code.
_OF_AN_AREA = {"name", "level", "parent_id", "population", "households"}

# A roster of areas has figures of each, be there a column of codes or none.
_FIGURES = {"population", "households", "buildings", "shops", "on_site"}

# What makes a row one of a resident, and is none in a table of sums.
_TELLING = ("count", "age_band", "birth_year", "lives_alone", "tenure", "origin")

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
    ``sheets``: the worksheets or layers to choose from, where there are several, and ``sheet`` the ones that are read.
    ``notes``: what the content says against a header, or of the table as a whole. ``preview``: the first rows, as they
    may be shown. ``source_keys``: where the table is guessed too, the key that each table would have.
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
    sheets: tuple[str, ...] = ()
    sheet: tuple[str, ...] = ()
    notes: tuple[Phrase, ...] = ()
    preview: Preview = NO_PREVIEW
    source_keys: Mapping[str, str] = field(default_factory=dict)


def guess(file: Path | UploadedBytes, table: str | None = None, sheet: str | None = None) -> Guess:
    """What ``file`` is taken for; with ``table``, only its columns are guessed, with ``sheet`` those of a worksheet.

    Raises ``LoadError`` if it cannot be read at all, or its first row is a record and no header.
    """
    if table is not None:
        return _with_preview(table, _head(table, file, sheet))
    first = _head("incidents", file, sheet)
    if first.polygons:
        # Whatever its headers are called, what has an outline is an area.
        return _with_preview("areas", _head("areas", file, sheet))
    # Which worksheet fits hangs on the table; another file is the same for all.
    several = {one: _head(one, file, sheet) for one in TABLES} if first.looked_at and sheet is None else {}
    fits = {one: _fit(_of(one, several.get(one, first))) for one in TABLES}
    if not _has_own_numbers(several.get("given_values", first)):
        fits["given_values"] = (0.0, 0, 0)
    elif not _names_incidents(several.get("incidents", first)):
        fits["incidents"] = (0.0, 0, 0)
    if not _says_of_nothing(several.get("reports", first)):
        fits["reports"] = (0.0, 0, 0)
    if _kinds_of_incidents(several.get("places", first)):
        fits["places"] = (0.0, 0, 0)
    best = max(TABLES, key=lambda one: fits[one])
    tied = sum(fit == fits[best] for fit in fits.values()) > 1
    same = several.get(best, first if best == "incidents" else None)
    found = _with_preview(best, same if same is not None else _head(best, file, sheet))
    keys = {one: source_key(one, several.get(one, first).headers) for one in TABLES}
    return replace(found, sure=found.sure and not tied, source_keys=keys)


def source_key(table: str, headers: Sequence[str]) -> str:
    """The same for all files of ``table`` from one system: SHA-256 (hex) of the table and its headers in any order."""
    return hashlib.sha256("\n".join([table, *sorted(map(match_key, headers))]).encode()).hexdigest()


def _with_preview(table: str, sheet: Sheet) -> Guess:
    found = _of(table, sheet)
    return replace(found, preview=preview_of(sheet, found.headers, understand(table, sheet).recognition))


def _of(table: str, sheet: Sheet) -> Guess:
    if not has_header(sheet) and is_record(sheet.headers, sheet.cells):
        raise LoadError.because("loading.no_header", file=sheet.file)
    understood = understand(table, sheet)
    known, notes = understood.recognition, understood.notes
    columns = {column: sheet.headers[position] for column, position in known.columns.items()}
    own_id = own_id_of(table)
    if own_id in known.columns and table != "teams":
        cells = codes_plain(cleaned(sheet.cells[known.columns[own_id]]))
        if counts_rows(cells, len(sheet.refused)):
            del columns[own_id]
    similar = _similar(table, [sheet.headers[position] for position in known.others], columns)
    columns |= similar
    unsure = (*known.guessed, *similar)
    there = set(columns)
    try:
        as_records = turned(table, sheet)
    except LoadError as error:
        notes = (*notes, *error.problems)
        there -= set(_TELLING)
    else:
        if as_records is not sheet:
            there |= recognise(table, as_records.headers).columns.keys()
            notes = (*notes, *as_records.notes[len(sheet.notes) :])
    needed = tuple(group[0] for group in missing_columns(table, there))
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
        sheets=tuple(title for title, _ in sheet.looked_at if not looks_personal(title)),
        sheet=tuple(MASK if looks_personal(title) else title for title in sheet.sheets if title),
        notes=notes,
    )


def _fit(found: Guess) -> tuple[float, int, int]:
    own_id = own_id_of(found.table)
    groups = (*needed_columns(found.table), *([(own_id,)] if own_id else []))
    certain = found.columns.keys() - set(found.unsure)
    met: float = sum(group[0] not in found.needed and not certain.isdisjoint(group) for group in groups)
    if found.table == "areas" and certain & _OF_AN_AREA and "area_id" in set(found.unsure) - set(found.only_similar):
        # A code by its cells alone is worth less than one by its header, and more than none.
        met += 0.5
    # What a table of sums is turned into has columns that no header means.
    # A list of teams is told by their ids and numbers of members: many a file has names.
    able = needed_columns(found.table) if found.table == "teams" else groups
    met += sum(group[0] not in found.needed and found.columns.keys().isdisjoint(group) for group in able)
    roster = found.table == "areas" and len(certain & _FIGURES) > 1
    shapes = found.table == "areas" and found.has_positions
    # Every file of records names areas: one that says nothing else of them is not the file of areas.
    describes = found.table != "areas" or shapes or bool(certain & _OF_AN_AREA)
    return (met + shapes + roster) / len(groups) * (1.0 if describes else 0.5), len(certain), len(found.columns)


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


def _names_incidents(sheet: Sheet) -> bool:
    """Whether a column says of what incidents its numbers are, or that they count incidents."""
    known = recognise("incidents", sheet.headers)
    return "category" in known.columns or any(
        is_count(sheet.headers[place]) or guessed_code("incidents", "category", sheet.headers[place])
        for place in known.others
    )


def _says_of_nothing(sheet: Sheet) -> bool:
    """Whether a file can be one of zero reports: it says so, or from when to when, and counts nothing.

    A day, an area and a kind are said by every list of incidents too: to take that for "nothing happened" would turn
    what happened into silence.
    """
    if any(is_zero_report(header) for header in sheet.headers) or is_zero_report(sheet.file):
        return True
    known = recognise("reports", sheet.headers)
    if not {"to_day", "table"} & known.columns.keys():
        return False
    return not any(values.numbers(values.cleaned(sheet.cells[place])).notna().any() for place in known.others)


def _kinds_of_incidents(sheet: Sheet) -> bool:
    """Whether what stands under the header of a kind of place are kinds of incidents, as in a month's sums of them."""
    position = recognise("places", sheet.headers).columns.get("kind")
    if position is None:
        return False
    kinds = values.cleaned(sheet.cells[position]).dropna()
    return bool(known_codes(kinds, "category").notna().sum() > known_codes(kinds, "kind").notna().sum())


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


def _head(table: str, file: Path | UploadedBytes, chosen: str | None = None) -> Sheet:
    wanted = Wanted(sheet=chosen)
    if isinstance(file, tuple):
        name, head, size = file[0], file[1][:_HEAD_BYTES], len(file[1])
    else:
        try:
            with file.open("rb") as content:
                name, head, size = file.name, content.read(_HEAD_BYTES), file.stat().st_size
        except OSError:
            return read_sheet(table, file, wanted=wanted)
    if size <= len(head) or head.lstrip().startswith(_NO_TEXT):
        return read_sheet(table, file, wanted=wanted)
    try:
        return read_sheet(table, (name, head[: head.rfind(b"\n") + 1]))
    except LoadError:
        # A cut may lie within a quoted cell.
        return read_sheet(table, file)
