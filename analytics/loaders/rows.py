"""The rows of one file on their way in: cells by canonical column, and the first reason against each row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pandas as pd

from analytics.errors import LoadError
from analytics.loaders import values
from analytics.loaders.columns import column_label, recognise
from analytics.loaders.files import Sheet, shown, shown_headers
from analytics.loaders.report import LoadReport, RefusedRow
from analytics.words import Phrase, phrase


class Rows:
    """Collects, for one file, the reasons against its rows; :meth:`accepted` and :meth:`report` close the account.

    ``good`` is a boolean Series by line: nothing is known against the row so far.
    Raises ``LoadError`` if the file has not a single row with the right number of cells.
    """

    def __init__(self, table: str, sheet: Sheet, today: date) -> None:
        self.table = table
        self.sheet = sheet
        self.today = today
        self.good = pd.Series(True, index=sheet.cells.index)
        self._recognition = recognise(table, sheet.headers)
        self._refused = {row.line: row for row in sheet.refused}
        self._notes = list(sheet.notes)
        self._unread: dict[str, pd.Series] = {}
        self._cleaned: dict[str, pd.Series] = {}
        self._require_a_row()

    def require(self, *columns: str) -> None:
        """Raise ``LoadError`` that names the first of ``columns`` for which the file has no header."""
        missing = next((column for column in columns if not self.has(column)), None)
        if missing:
            headers = shown_headers(self.sheet.headers)
            raise LoadError.because(
                "loading.missing_column", file=self.sheet.file, column=column_label(missing), headers=headers
            )

    def has(self, *columns: str) -> bool:
        """Whether the file has a header for each of ``columns``."""
        return all(column in self._recognition.columns for column in columns)

    def written(self, column: str) -> pd.Series:
        """The cells of ``column`` as written, stripped; missing where blank or without a header."""
        return self._raw(column).str.strip().where(self.cells(column).notna())

    def cells(self, column: str) -> pd.Series:
        """The cells of ``column`` ready for parsing; missing where blank or without a header."""
        if column not in self._cleaned:
            self._cleaned[column] = values.cleaned(self._raw(column))
        return self._cleaned[column]

    def others(self) -> dict[int, pd.Series]:
        """Position -> cells ready for parsing, of the columns that are neither canonical nor private."""
        return {position: values.cleaned(self.sheet.cells[position]) for position in self._recognition.others}

    def keep(self, position: int) -> None:
        """Count one of the :meth:`others` among the recognised columns, under its own header."""
        known = self._recognition
        others = tuple(other for other in known.others if other != position)
        columns = {**known.columns, self.sheet.headers[position]: position}
        self._recognition = replace(known, columns=columns, others=others)

    def refuse(self, bad: pd.Series, column: str | None, key: str, /, **params: object) -> None:
        """Refuse the ``bad`` rows, unless something else was against them before.

        ``params`` fill the sentence ``key``; of a Series, each row takes its own value, cut to what may be quoted.
        """
        bad = bad & self.good
        self.good &= ~bad
        header = self._header(column)
        own = {name: value[bad].to_list() for name, value in params.items() if isinstance(value, pd.Series)}
        for place, line in enumerate(bad.index[bad].to_list()):
            filled = {**params, **{name: _quoted(of_rows[place]) for name, of_rows in own.items()}}
            self._refused[line] = RefusedRow(line, header, phrase(key, **filled))

    def refuse_blank(self, *columns: str) -> None:
        """Refuse rows in which one of ``columns`` is blank."""
        for column in columns:
            self.refuse(self.cells(column).isna(), column, "loading.cell_blank", column=column_label(column))

    def refuse_repeated(self, ids: pd.Series, column: str, key: str, /, **params: object) -> None:
        """Refuse good rows whose id stands in an earlier good row; ``{first}`` of the sentence says where."""
        good = ids[self.good]
        first = pd.Series(good.index, index=good.index).groupby(good).transform("min").reindex(ids.index)
        repeated = first.notna() & (first != first.index)
        places = first[repeated].map(self.place).reindex(ids.index)
        self.refuse(repeated, column, key, first=places, **params)

    def note(self, key: str, **params: object) -> None:
        """Add a sentence to the report."""
        self._notes.append(phrase(key, **params))

    def left_blank(self, column: str, unread: pd.Series) -> None:
        """Have the report note the ``unread`` rows whose word in ``column`` was not understood."""
        self._unread[column] = unread

    def place(self, line: float) -> Phrase:
        """Where a row stands, as a sentence says it: line 12, feature 12."""
        return phrase(f"loading.at_{self.sheet.unit}", n=int(line))

    def accepted(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The good rows of ``frame`` (indexed by line). Raises ``LoadError`` if none is left."""
        self._require_a_row()
        return frame[self.good]

    def report(self, days: pd.Series | None = None) -> LoadReport:
        """The account of this file; ``days``: the accepted rows' main date."""
        days = pd.Series(dtype="datetime64[us]") if days is None else days.dropna()
        headers = self.sheet.headers
        kept = self._recognition
        return LoadReport(
            table=self.table,
            source=self.sheet.file,
            read=len(self.good) + len(self.sheet.refused),
            accepted=int(self.good.sum()),
            refused=tuple(self._refused[line] for line in sorted(self._refused)),
            recognised={column: headers[position] for column, position in kept.columns.items()},
            dropped_private=tuple(headers[position] for position in kept.private),
            unused=tuple(headers[position] for position in kept.others),
            notes=(*self._notes, *self._unread_notes()),
            first_day=None if days.empty else days.min().date(),
            last_day=None if days.empty else days.max().date(),
        )

    def _unread_notes(self) -> Iterator[Phrase]:
        for column, unread in self._unread.items():
            unread = unread & self.good
            if unread.any():
                first = self.place(unread.idxmax())
                yield phrase("loading.code_unknown", column=column_label(column), n=int(unread.sum()), first=first)

    def _raw(self, column: str) -> pd.Series:
        position = self._recognition.columns.get(column)
        if position is None:
            return pd.Series(None, index=self.sheet.cells.index, dtype="str")
        return self.sheet.cells[position]

    def _header(self, column: str | None) -> str | None:
        position = self._recognition.columns.get(column)
        return None if position is None else self.sheet.headers[position]

    def _require_a_row(self) -> None:
        if self.good.any():
            return
        first = self._refused[min(self._refused)]
        raise LoadError.because(
            "loading.every_row_refused",
            file=self.sheet.file,
            read=len(self._refused),
            first=self.place(first.line),
            reason=first.reason,
        )


def _quoted(value: object) -> object:
    if isinstance(value, pd.Timestamp):
        return value.date()
    return shown(value) if isinstance(value, str) else value
