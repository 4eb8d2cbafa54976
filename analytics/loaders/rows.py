"""The rows of one file on their way in: cells by canonical column, and what is known for or against each row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

import pandas as pd
import pyarrow as pa

from analytics.errors import LoadError
from analytics.loaders import values
from analytics.loaders.coded import guessed_code, require_codes
from analytics.loaders.columns import (
    CODED_LOOSELY,
    column_label,
    columns_of,
    is_private,
    means,
    recognise,
    upper_level,
)
from analytics.loaders.contents import CODES_OF_AREAS, understand
from analytics.loaders.datums import Datum
from analytics.loaders.headers import has_header, is_record, tellable
from analytics.loaders.private import MASK, free_text, is_personal_column, looks_like_address, looks_personal, masked
from analytics.loaders.report import Feed, LoadReport, PointsFound, RowNote, UnknownWord, Unmatched
from analytics.loaders.sheet import Sheet, sheet_line, shown, shown_headers
from analytics.loaders.times import Order, order_of
from analytics.words import Phrase, phrase

_OF_CHECKS = ("checked_at", "told_at", "fix_by")
TIMES = ("occurred_at", "reported_at", "due_at", "closed_at", *_OF_CHECKS, "as_of", "from_day", "to_day", "since")
_IDS = ("incident_id", "check_id", "team_id", "place_id")
# What looks personal in an id is hashed, one by one.
NO_NUMBERS_OF_PERSONS = (*TIMES, *_IDS, "lon", "lat", "geometry")
"""Columns whose cells are digits and yet nobody's number."""
_NEVER_SHOWN = (*_IDS, "lon", "lat", "birth_year", "geometry")

# A whole column of such notes would bury the others.
_SAID_LAST = ("loading.area_by_name", "loading.area_zeros", "loading.area_upper")

_REMEMBERED = 4  # columns

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Reading:
    """How the user confirmed that a file is to be read.

    ``datum``: of its positions. ``columns``: corrections, canonical column -> header, None where the file has none.
    ``sheet``: the worksheet or layer to read, None for the one that fits best.
    ``values``: what words of the file mean, canonical column -> word -> code, or `coded.OTHER` for none of them.
    """

    datum: Datum = "WGS84"
    columns: Mapping[str, str | None] = field(default_factory=dict)
    sheet: str | None = None
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


AS_IT_STANDS = Reading()


def untold(share: float) -> None:
    """The progress of a load that nobody watches."""


class Rows:
    """Collects, for one file, what is said of its rows; :meth:`accepted` and :meth:`report` close the account.

    ``good`` is a boolean Series by row: nothing is known against the row so far. ``given``: headers that were kept.
    Raises ``LoadError`` if the file has not a single row with the right number of cells, or if ``reading`` names a
    column that the table does not have, a header that the file does not have or one that is never kept.
    """

    def __init__(
        self, table: str, sheet: Sheet, today: date, reading: Reading = AS_IT_STANDS, progress: Progress | None = None
    ) -> None:
        self.table = table
        self._cells = dict(sheet.cells.items())
        # The cells are let go one column after the other.
        self.sheet = replace(sheet, cells=sheet.cells.iloc[:, :0])
        pa.default_memory_pool().release_unused()
        self.today = today
        self.reading = reading
        self.progress = progress or untold
        self.good = pd.Series(True, index=sheet.cells.index)
        self.unmatched: tuple[Unmatched, ...] = ()
        self.points: PointsFound | None = None
        self.given: tuple[str, ...] = ()
        self._refused_early = sheet.refused
        self._refused: dict[int, RowNote] = {}
        self._repairs: list[tuple[bool, pd.Series, str | None, Phrase | pd.Series]] = []
        self._notes = list(sheet.notes)
        self._recent: dict[str, pd.Series] = {}
        self._unknown: dict[str, pd.Series] = {}
        self._headers = tuple(MASK if looks_personal(header) else header for header in sheet.headers)
        self._require_header(sheet)
        self._require_choices(sheet)
        understood = understand(table, sheet, reading.columns)
        self._recognition, self.unfit = understood.recognition, understood.unfit
        self.say(*understood.notes)
        self._hidden: dict[str, str] = {}
        self._hide_personal_columns()
        self._require_a_row()

    def require(self, *columns: str) -> None:
        """Raise ``LoadError`` that names the first of ``columns`` for which the file has no header."""
        missing = next((column for column in columns if not self.has(column)), None)
        if missing in self._hidden:
            raise LoadError.because(
                "loading.needed_column_hidden",
                file=self.sheet.file,
                column=column_label(missing),
                header=shown(self._hidden[missing]),
            )
        if missing:
            raise self._missing(missing)

    def _missing(self, column: str) -> LoadError:
        """Why a column that is needed is not there: with what was set aside, and which worksheets there are."""
        said: dict[str, object] = {"file": self.sheet.file, "column": column_label(column)}
        if column in self.unfit:
            return LoadError.because("loading.missing_column_unfit", **said, reason=self.unfit[column][1])
        if self.sheet.looked_at:
            return LoadError.because(
                "loading.missing_column_sheets",
                **said,
                read=[shown(sheet) for sheet in self.sheet.sheets if sheet],
                sheets=[sheet_line(title, headers) for title, headers in self.sheet.looked_at],
            )
        if not self._tellable:
            return LoadError.because("loading.missing_column_bare", **said)
        return LoadError.because("loading.missing_column", **said, headers=shown_headers(self._headers))

    def has(self, *columns: str) -> bool:
        """Whether the file has a header for each of ``columns``."""
        return all(column in self._recognition.columns for column in columns)

    def cells(self, column: str) -> pd.Series:
        """The cells of ``column`` ready for parsing; missing where blank or without a header."""
        if not self.has(column):
            return self.raw(column)
        if column not in self._recent:
            # All columns at once would double the memory of the file.
            while len(self._recent) >= _REMEMBERED:
                del self._recent[next(iter(self._recent))]
            self._recent[column] = values.cleaned(self.raw(column))
        return self._recent[column]

    def release(self, *columns: str) -> None:
        """Let go of the cells of ``columns``, which were read and are never shown: a long file has many."""
        for column in columns:
            self._recent.pop(column, None)
            self._cells.pop(self._recognition.columns.get(column), None)
        pa.default_memory_pool().release_unused()

    def others(self) -> dict[int, pd.Series]:
        """Position -> cells ready for parsing, of the columns that are neither canonical nor private."""
        return {position: values.cleaned(self._cells[position]) for position in self._recognition.others}

    def as_written(self, position: int) -> pd.Series:
        """The cells of one of the :meth:`others` as they stand in the file."""
        return self._cells[position]

    def list_unknown(self, column: str, words: pd.Series) -> None:
        """Have the report list ``words`` of a coded column that nobody knows; missing where there is none."""
        self._unknown[column] = words

    def unknown_words(self, column: str) -> pd.Series:
        """What was listed of the column by :meth:`list_unknown`."""
        return self._unknown.get(column, pd.Series(None, index=self.good.index, dtype="str"))

    def uppers(self) -> Mapping[int, str]:
        """Position -> level, of those of the :meth:`others` that name a wider area of this level."""
        levels = {position: upper_level(self.sheet.headers[position]) for position in self._recognition.others}
        return {position: level for position, level in levels.items() if level}

    def other(self, position: int) -> pd.Series:
        """The cells, ready for parsing, of one of the :meth:`others`, which counts as recognised from now on."""
        if position in self._recognition.others:
            self.keep(position)
        return values.codes_plain(values.cleaned(self._cells[position]))

    def keep(self, position: int) -> None:
        """Count one of the :meth:`others` among the recognised columns, under its own header."""
        known = self._recognition
        others = tuple(other for other in known.others if other != position)
        columns = {**known.columns, self.sheet.headers[position]: position}
        self.given = (*self.given, self.sheet.headers[position])
        self._recognition = replace(known, columns=columns, others=others)

    @property
    def unread(self) -> int:
        """How many rows of the file have no cells."""
        return len(self._refused_early)

    def set_aside(self, column: str) -> None:
        """Read ``column`` no more under its header, but under the next one that means it too, if there is one."""
        known = self._recognition
        columns, others = dict(known.columns), list(known.others)
        left = columns.pop(column)
        self._recent.pop(column, None)
        found = next(
            (one for one in others if one > left and means(self.table, self.sheet.headers[one]) == column), None
        )
        if found is not None:
            others.remove(found)
            columns[column] = found
        self._recognition = replace(known, columns=columns, others=tuple(sorted([*others, left])))

    def order_of_days(self) -> Order | None:
        """Which comes first in dates like 3/14/2025, by all the dates of the file."""
        return order_of(*(self.cells(column) for column in TIMES if self.has(column)))

    def refuse(self, bad: pd.Series, column: str | None, key: str, /, **params: object) -> None:
        """Refuse the ``bad`` rows, unless something else was against them before.

        ``params`` fill the sentence ``key``; of a Series, each row takes its own value, cut to what may be quoted.
        """
        bad = bad & self.good
        if not bad.any():
            return
        self.good &= ~bad
        header = self.header(column)
        rows = bad.index[bad.to_numpy()].to_list()
        own = {name: value[bad].to_list() for name, value in params.items() if isinstance(value, pd.Series)}
        # Where no row has a value of its own they share one sentence.
        same = None if own else phrase(key, **params)
        for place, row in enumerate(rows):
            filled = same or phrase(key, **{**params, **{name: _quoted(each[place]) for name, each in own.items()}})
            self._refused[row] = RowNote(*self.sheet.at(row), header, filled)

    def refuse_blank(self, *columns: str) -> None:
        """Refuse rows in which one of ``columns`` is blank."""
        for column in columns:
            self.refuse(self.cells(column).isna(), column, "loading.cell_blank", column=column_label(column))

    def refuse_repeated(self, ids: pd.Series, column: str, key: str, /, **params: object) -> None:
        """Refuse good rows whose id stands in an earlier good row; ``{first}`` of the sentence says where.

        A row without an id repeats none.
        """
        asked = self.good & ids.notna()
        good = ids if asked.all() else ids[asked]
        repeated = values.repeated(good)
        if not repeated.any():
            return
        first = pd.Series(good.index, index=good)[~repeated.to_numpy()]
        places = good[repeated].map(first).map(self.place).reindex(ids.index)
        self.refuse(repeated.reindex(ids.index, fill_value=False), column, key, first=places, **params)

    def repair(self, rows: pd.Series, column: str | None, key: str, /, **params: object) -> None:
        """Have the report say how the ``rows`` (boolean) were repaired, unless they are refused in the end.

        ``params`` as for :meth:`refuse`.
        """
        self.repair_at(rows, self.header(column), key, **params)

    def repair_at(self, rows: pd.Series, header: str | None, key: str, /, **params: object) -> None:
        """:meth:`repair` under a ``header`` of the file, whether it means a column of the table or not."""
        if rows.any():
            own = {name: value for name, value in params.items() if isinstance(value, pd.Series)}
            said: Phrase | pd.Series = phrase(key, **params)
            if own:
                each = zip(*(value[rows] for value in own.values()), strict=True)
                said = pd.Series(
                    [phrase(key, **{**params, **dict(zip(own, map(_quoted, one), strict=True))}) for one in each],
                    index=rows.index[rows.to_numpy()],
                    dtype=object,
                )
            self._repairs.append((key in _SAID_LAST, rows, header, said))

    def note(self, key: str, **params: object) -> None:
        """Add a sentence to the report."""
        self._notes.append(phrase(key, **params))

    def say(self, *notes: Phrase) -> None:
        """Add sentences that others have made to the report."""
        self._notes += notes

    def place(self, row: float) -> Phrase:
        """Where a row stands, as a sentence says it: line 12, feature 12, row 12 of a worksheet."""
        sheet, line = self.sheet.at(int(row))
        at = phrase(f"loading.at_{self.sheet.unit}", n=line)
        return at if sheet is None else phrase("loading.at_sheet", sheet=sheet, place=at)

    def accepted(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The good rows of ``frame`` (by row). Raises ``LoadError`` if none is left."""
        self._require_a_row()
        return frame if self.good.all() else frame[self.good[frame.index]]

    def report(self, days: pd.Series | None = None, feeds: tuple[Feed, ...] = ()) -> LoadReport:
        """The account of this file; ``days``: the kept rows' main date."""
        days = pd.Series(dtype="datetime64[us]") if days is None else days.dropna()
        kept = self._recognition
        repaired, repaired_rows = self._repaired()
        refused = [note for _, note in sorted(self._refused.items())]
        return LoadReport(
            table=self.table,
            source=self.sheet.file,
            sheets=self.sheet.sheets,
            read=len(self.good) + len(self._refused_early),
            accepted=int(self.good.sum()) - len(repaired_rows),
            repaired=repaired,
            repaired_rows=len(repaired_rows),
            refused=tuple(sorted([*self._refused_early, *refused], key=self._order)),
            recognised={column: self.sheet.headers[position] for column, position in kept.columns.items()},
            dropped_private=tuple(self._headers[position] for position in kept.private),
            unused=tuple(self._headers[position] for position in kept.others),
            notes=tuple(self._notes),
            first_day=None if days.empty else days.min().date(),
            last_day=None if days.empty else days.max().date(),
            unmatched=self.unmatched,
            points=self.points,
            feeds=feeds,
            marked=self._marked(repaired_rows),
            unknown=tuple(self._listed_unknown()),
        )

    def _listed_unknown(self) -> Iterator[UnknownWord]:
        for column, words in self._unknown.items():
            counted = words[self.good].value_counts().to_dict()
            for word, rows in sorted(counted.items(), key=lambda one: (-one[1], one[0])):
                yield UnknownWord(column, str(word), int(rows), guessed_code(self.table, column, str(word)))

    def _repaired(self) -> tuple[tuple[RowNote, ...], pd.Index]:
        found: list[tuple[bool, int, int, RowNote]] = []
        for number, (late, rows, header, said) in enumerate(self._repairs):
            for row in rows.index[(rows & self.good).to_numpy()].to_list():
                reason = said if isinstance(said, Phrase) else said[row]
                found.append((late, row, number, RowNote(*self.sheet.at(row), header, reason)))
        found.sort(key=lambda one: one[:3])
        rows_of_notes = dict.fromkeys(sorted(row for _, row, *_ in found))
        return tuple(note for *_, note in found), pd.Index(rows_of_notes, dtype="int64")

    def _marked(self, repaired_rows: pd.Index) -> pd.DataFrame:
        rows = pd.Index(self._refused, dtype="int64").union(repaired_rows)
        shown_columns = {
            self.sheet.headers[position]: position
            for column, position in self._recognition.columns.items()
            if column not in _NEVER_SHOWN
        }
        places = self.good.index.get_indexer(rows)
        cells = {header: masked(self._cells[position].iloc[places]) for header, position in shown_columns.items()}
        return pd.DataFrame(cells, index=rows)

    def _order(self, note: RowNote) -> tuple[int, int]:
        return self.sheet.sheets.index(note.sheet or "") if note.sheet in self.sheet.sheets else 0, note.line

    def raw(self, column: str) -> pd.Series:
        """The cells of ``column`` as they stand in the file; all missing without a header."""
        position = self._recognition.columns.get(column)
        if position is None:
            return values.text_of(pa.nulls(len(self.good), pa.large_string()), self.good.index)
        cells = self._cells[position]
        if cells.array.__arrow_array__().num_chunks > 1:
            # What was read in blocks is put together once, and not by each further step.
            cells = self._cells[position] = values.text_of(values.arrow_of(cells), self.good.index)
            pa.default_memory_pool().release_unused()
        return cells

    def header(self, column: str | None) -> str | None:
        """The header, as written, that means ``column``; None without one."""
        position = self._recognition.columns.get(column)
        return None if position is None else self.sheet.headers[position]

    def _require_header(self, sheet: Sheet) -> None:
        """Raise ``LoadError`` where the first row is a record, and keep it out of every sentence."""
        chosen = {header for header in self.reading.columns.values() if header}
        self._tellable = bool(chosen & set(sheet.headers)) or bool(tellable(sheet.headers, sheet.cells))
        if not (has_header(sheet) or chosen & set(sheet.headers)) and is_record(sheet.headers, sheet.cells):
            raise LoadError.because("loading.no_header", file=sheet.file)

    def _require_choices(self, sheet: Sheet) -> None:
        for column, header in self.reading.columns.items():
            if column not in columns_of(self.table):
                raise LoadError.because("loading.chosen_column_unknown", column=shown(column), file=self.sheet.file)
            if header and header not in self.sheet.headers:
                raise LoadError.because("loading.chosen_header_unknown", header=shown(header), file=self.sheet.file)
            if header and self._is_kept_from(column, header, sheet):
                raise LoadError.because("loading.chosen_header_private", header=shown(header), file=self.sheet.file)
        for column, words in self.reading.values.items():
            require_codes(self.table, column, words)

    def _is_kept_from(self, column: str, header: str, sheet: Sheet) -> bool:
        """Whether a header is never read, not even where the user names it."""
        if self.table == "areas" and column in CODES_OF_AREAS:
            # A postal code is a person's address, and the code of an area.
            return is_personal_column(sheet.cells[sheet.headers.index(header)])
        return is_private(header) and header not in _own_headers(self.table, sheet.headers)

    def _hide_personal_columns(self) -> None:
        """Drop columns whose cells say that they are a person's numbers or running text, whatever their header says."""
        known = self._recognition
        columns, others, private = dict(known.columns), list(known.others), list(known.private)
        for position in [*columns.values(), *others]:
            column = next((name for name, place in columns.items() if place == position), None)
            if column in NO_NUMBERS_OF_PERSONS or (self.table == "areas" and column in CODES_OF_AREAS):
                continue
            cells = self._cells[position]
            header = self._headers[position]
            if is_personal_column(cells):
                self.note("loading.column_of_personal_numbers", header=shown(header))
            elif column in CODED_LOOSELY and free_text(cells):
                self.note("loading.column_of_text", header=shown(header))
            else:
                continue
            private.append(position)
            if column is None:
                others.remove(position)
            else:
                del columns[column]
                self._hidden[column] = header
        self._recognition = replace(known, columns=columns, others=tuple(others), private=tuple(sorted(private)))

    def _require_a_row(self) -> None:
        if self.good.any():
            return
        by_row = [note for _, note in sorted(self._refused.items())]
        first = min([*self._refused_early, *by_row], key=self._order)
        at = phrase(f"loading.at_{self.sheet.unit}", n=first.line)
        raise LoadError.because(
            "loading.every_row_refused",
            file=self.sheet.file,
            read=len(self.good) + len(self._refused_early),
            first=at if first.sheet is None else phrase("loading.at_sheet", sheet=first.sheet, place=at),
            reason=first.reason,
        )


def _own_headers(table: str, headers: tuple[str, ...]) -> set[str]:
    """The headers that the table itself knows, such as an area's name."""
    return {headers[position] for position in recognise(table, headers).columns.values()}


@lru_cache(maxsize=10_000)
def quotable(value: str) -> str:
    """A cell as a sentence may quote it: masked if it looks personal, else cut to 40 characters."""
    return MASK if looks_personal(value) or looks_like_address(value) else shown(value)


def _quoted(value: object) -> object:
    if isinstance(value, pd.Timestamp):
        return value.date()
    return quotable(value) if isinstance(value, str) else value
