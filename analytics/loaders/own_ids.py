"""By which id a record is known: the one its source gave it, else one made of what it says.

**A row number is no id.** A column counts rows, whatever its header says, if its filled cells are whole numbers
(padded with zeros or not) that, in the order of the file, of each worksheet or of all its rows put in order,

- begin with 0 or 1, and each time they begin anew (with the next worksheet, day or area) do so again, and
- leave out no more than a tenth of the numbers between (and those of blank or unreadable rows).

Such a number means another record in the next file, which would replace this one. So do the numbers under 序号 or
"No.", which no list of headers takes for an id. What speaks for a number all the same is the user, who has said which
column is the id. The number of a team is one: checks name teams by it, and an office has one list of them.

**A record without an id** is known by the hash of its identifying columns (``CONTENT``) and of its place among the
records of the file that say the same there: the same file twice counts once, a later file of the same list takes over
the rows that are in both, and two files that both count 1, 2, 3 are two. What changes while a matter is dealt with
(its status, dates of closing, satisfaction) is left out, so that a later file brings it up to date.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analytics.loaders import values
from analytics.loaders.cells import code_or_id
from analytics.loaders.columns import column_label, means
from analytics.loaders.ids import IdHash, in_hex, siphash, siphash_of_words
from analytics.loaders.own_numbers import may_be_of_persons
from analytics.loaders.row_numbers import counts_rows
from analytics.loaders.rows import Rows
from analytics.loaders.sheet import shown

CONTENT: Mapping[str, tuple[str, ...]] = {
    "incidents": ("area_id", "occurred_at", "category", "channel", "severity"),
    "places": ("area_id", "kind", "use", "capacity"),
    "checks": ("area_id", "place_id", "kind", "checked_at", "outcome", "team_id"),
    "teams": ("name", "department"),
}
"""The columns that say which record this is where it has no id. Another list would give other ids: old homes keep
theirs."""

_START = "row-"
# No secret: the same record has the same id in every installation.
_KEY = b"id of its content"[:16]


class OwnIds:
    """The ids of the records of one file, in ``column``; blank where the source gives none."""

    def __init__(self, rows: Rows, column: str, ids: IdHash) -> None:
        self._rows, self._column, self._ids = rows, column, ids
        self._numbered = self._without_row_numbers()
        self.given = rows.has(column) and bool(rows.cells(column).notna().any())
        self._cells = code_or_id(rows, column)
        header = rows.header(column)
        guessed = header is not None and column not in rows.reading.columns and means(rows.table, header) != column
        self._unknown = guessed and may_be_of_persons(rows.table, header or "")

    def kept(self) -> pd.Series:
        """The ids that the source gives, as they may be kept; in a thread of its own, since it asks for no cells."""
        if self._unknown:
            found, self._hashed = self._ids.of(self._cells), int(self._cells.notna().sum())
        else:
            found, self._hashed = self._ids.kept(self._cells)
        del self._cells
        return found

    def completed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The accepted rows, each with an id; the report says which ids these are, and why."""
        rows, column = self._rows, self._column
        blank, header = frame[column].isna(), shown(rows.header(column) or "")
        if self._hashed:
            key = "loading.ids_hashed_unknown" if self._unknown else "loading.ids_hashed"
            rows.note(key, header=header, n=self._hashed)
        if not blank.any():
            return frame
        columns = CONTENT[rows.table]
        said = [column_label(one) for one in columns if one == "area_id" or rows.has(one)]
        made = ids_of_content(frame, columns)
        if self.given:
            rows.note("loading.ids_partly_of_content", header=header, n=int(blank.sum()), columns=said)
            made = frame[column].where(~blank, made)
        elif self._numbered:
            rows.note("loading.row_numbers", header=shown(self._numbered), columns=said)
        else:
            rows.note("loading.ids_of_content", columns=said)
        return frame.assign(**{column: made})

    def _without_row_numbers(self) -> str | None:
        """Leave a column of row numbers aside for another that means the id; its header, if the file has no other."""
        rows, column = self._rows, self._column
        if column in rows.reading.columns or rows.table == "teams":
            return None
        first = rows.header(column)
        while rows.has(column) and counts_rows(values.codes_plain(rows.cells(column)), rows.unread):
            rows.set_aside(column)
        return None if rows.has(column) else first


def ids_of_content(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.Series:
    """An id for each row, made of what it says in ``columns`` and of its place among the rows that say the same."""
    content = siphash_of_words(_KEY, [_words_of(frame[column]) for column in columns]).view("<u8")
    place = _place_among_equals(content[:, 0])
    return in_hex(_START, siphash_of_words(_KEY, [content[:, 0], content[:, 1], place]), frame.index)


def _words_of(cells: pd.Series) -> np.ndarray:
    """Each cell as eight bytes (uint64): the same for the same value, in every file."""
    if pd.api.types.is_datetime64_any_dtype(cells):
        return cells.to_numpy("datetime64[us]").view(np.uint64)
    if pd.api.types.is_float_dtype(cells):
        return np.where(cells.isna(), np.nan, cells.to_numpy("float64")).view(np.uint64)
    coded = values.arrow_of(cells).dictionary_encode()
    words = np.append(siphash(_KEY, coded.dictionary)[:, :8].copy().view("<u8"), np.uint64(0))
    return words[coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)]


def _place_among_equals(keys: np.ndarray) -> np.ndarray:
    """How many rows before this one have the same key (uint64)."""
    order = np.argsort(keys, kind="stable")
    first = np.append(True, keys[order][1:] != keys[order][:-1])
    here = np.arange(len(keys))
    place = np.empty(len(keys), dtype=np.uint64)
    place[order] = here - np.maximum.accumulate(np.where(first, here, 0))
    return place


def references(rows: Rows, column: str, ids: IdHash) -> pd.Series:
    """The ids of other records that ``column`` names, as those are kept."""
    return ids.kept(code_or_id(rows, column, needed=False))[0]
