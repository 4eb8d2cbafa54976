"""Excel workbooks, .xlsx and .xls: worksheets whose header fits are read one after the other."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial

import pandas as pd
import pyarrow as pa
import python_calamine as calamine

from analytics.errors import LoadError
from analytics.loaders.archives import Archive
from analytics.loaders.columns import recognise
from analytics.loaders.compound import require_ends
from analytics.loaders.headers import tellable
from analytics.loaders.layout import (
    LOOKED_AT,
    RECORD_TABLES,
    Head,
    chosen_sheet,
    find_head,
    notes_of,
    rank,
    without_other_rows,
)
from analytics.loaders.sheet import NOTHING_WANTED, SHEET_STEP, Sheet, Wanted, shown
from analytics.loaders.texts import MOST_COLUMNS, Progress
from analytics.loaders.worksheets import checked_workbook
from analytics.words import Phrase, phrase

EXACT_BELOW = 1e15
"""Excel keeps 15 digits of a number; from here on some of a code's are lost."""

_ROWS_AT_A_TIME = 10_000
# About these shares of the time are over once a workbook is checked, and its rows are read; of a worksheet, once it is
# parsed.
_CHECKED, _READ, _PARSED = 0.15, 0.9, 0.6
_WORST_FIT = 0.5  # of the best worksheet's known headers
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class _Worksheet:
    """A worksheet that is not empty. ``cells``: text by row number."""

    name: str
    head: Head
    cells: pd.DataFrame
    filled: int
    skipped: dict[str, Sequence[int]] = field(default_factory=dict)


def read_workbook(
    table: str, name: str, content: bytes, progress: Progress = None, wanted: Wanted = NOTHING_WANTED
) -> Sheet:
    """The worksheets of a workbook whose headers fit ``table``, stacked, or the one that is ``wanted``; the values that
    are saved, never computed.

    Raises ``LoadError`` for a workbook that is damaged, locked, too large or has no row.
    """
    notes: list[Phrase] = []
    if content.startswith(b"PK"):
        checked = checked_workbook(name, Archive(name, content))
        content = checked.content
        if checked.unsaved_formulas:
            notes.append(phrase("files.formulas_unsaved", n=checked.unsaved_formulas))
        if checked.links:
            notes.append(phrase("files.links_not_followed"))
    elif _ENCRYPTED in content:
        raise LoadError.because("files.password", file=name)
    else:
        require_ends(name, content)
    tell = progress or _untold
    tell(_CHECKED)
    visible, hidden = _opened(name, content, lambda share: tell(_CHECKED + (_READ - _CHECKED) * share))
    found: list[_Worksheet] = []
    empty = []
    for number, (title, rows, merged) in enumerate(visible):
        worksheet = _worksheet(table, name, title, rows, merged, wanted)
        if worksheet is None:
            empty.append(title)
        else:
            found.append(worksheet)
        tell(_READ + (1 - _READ) * (number + 1) / len(visible))
    return _stacked(table, name, found, empty, hidden, notes, wanted)


def written(value: object) -> str:
    """A cell as text: 15 digits of a number at most, dates in ISO form without a midnight, blank for None."""
    return value if type(value) is str else _WRITTEN.get(type(value), str)(value)


def _number(value: float) -> str:
    if -EXACT_BELOW < value < EXACT_BELOW:
        return str(int(value)) if value == int(value) else repr(value)
    mantissa, _, exponent = f"{value:.14E}".partition("E")
    return f"{mantissa.rstrip('0').rstrip('.')}E{exponent}" if exponent else ""


def _moment(value: datetime) -> str:
    # A serial number of days is never quite a second.
    whole = (value + timedelta(microseconds=500_000)).replace(microsecond=0) if value.microsecond else value
    return whole.isoformat(" ").removesuffix(" 00:00:00")


_WRITTEN = {
    float: _number,
    int: _number,
    bool: lambda value: str(value).lower(),
    datetime: _moment,
    time: lambda value: value.replace(microsecond=0).isoformat(),
    type(None): lambda _: "",
}


def _untold(share: float) -> None:
    """Nobody watches."""


def _opened(
    name: str, content: bytes, tell: Callable[[float], None]
) -> tuple[list[tuple[str, pa.Table, list[tuple[int, int, int]]]], list[str]]:
    """Name, text of all rows and merged cells (column, first and last row) of each worksheet seen; the hidden ones."""
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        pages = [page for page in workbook.sheets_metadata if page.typ == calamine.SheetTypeEnum.WorkSheet]
        seen = [page.name for page in pages if page.visible == calamine.SheetVisibleEnum.Visible]
        hidden = [page.name for page in pages if page.visible != calamine.SheetVisibleEnum.Visible]
        read = []
        for number, title in enumerate(seen):
            # While a worksheet is parsed nothing can be told; its rows follow step by step.
            worksheet = workbook.get_sheet_by_name(title)
            steps = partial(_tell_of_one, tell, number, len(seen))
            steps(_PARSED)
            read.append(_read(title, worksheet, steps))
        return read, hidden
    except calamine.PasswordError as error:
        raise LoadError.because("files.password", file=name) from error
    except (calamine.CalamineError, calamine.WorksheetNotFound, calamine.XmlError, calamine.ZipError) as error:
        raise LoadError.because("files.damaged", file=name) from error
    except BaseException as error:
        # The reader is in Rust, whose own failures come as an exception that cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise LoadError.because("files.damaged", file=name) from error


def _tell_of_one(tell: Callable[[float], None], number: int, worksheets: int, share: float) -> None:
    tell((number + share) / worksheets)


def _read(
    title: str, worksheet: calamine.CalamineSheet, tell: Callable[[float], None]
) -> tuple[str, pa.Table, list[tuple[int, int, int]]]:
    rows = worksheet.iter_rows()
    chunks = []
    while chunk := list(itertools.islice(rows, _ROWS_AT_A_TIME)):
        columns = [
            pa.array([cell if type(cell) is str else written(cell) for cell in column], pa.large_string())
            for column in zip(*chunk, strict=True)
        ]
        chunks.append(pa.Table.from_arrays(columns, names=[str(place) for place in range(len(columns))]))
        tell(_PARSED + (1 - _PARSED) * min(len(chunks) * _ROWS_AT_A_TIME / worksheet.height, 1))
    left = worksheet.start[1] if worksheet.start else 0
    ranges = worksheet.merged_cell_ranges or []
    merged = [(first[1] - left, first[0], last[0]) for first, last in ranges if first[1] == last[1]]
    return title, pa.concat_tables(chunks) if chunks else pa.table({}), merged


def _worksheet(
    table: str, name: str, title: str, rows: pa.Table, merged: list[tuple[int, int, int]], wanted: Wanted
) -> _Worksheet | None:
    """A worksheet by its header; None if it is empty."""
    cells = rows.to_pandas(self_destruct=True)
    cells = cells.set_axis(range(cells.shape[1]), axis=1)
    cells = cells.set_axis(pd.RangeIndex(1, len(cells) + 1).astype("int64"), axis=0)
    width = max((place + 1 for place in cells.columns if (cells[place].str.strip() != "").any()), default=0)
    if not width:
        return None
    if width > MOST_COLUMNS:
        raise LoadError.because("files.too_many_columns", file=name, found=width, limit=MOST_COLUMNS)
    cells = cells[range(width)]
    head = find_head(table, list(itertools.islice(_filled_rows(cells), LOOKED_AT + 3)), wanted)
    cells = cells.loc[head.last_line + 1 :]
    cells, filled = _with_merged_filled(cells, merged)
    cells, skipped = without_other_rows(head, cells)
    return _Worksheet(title, head, cells, filled, {**head.skipped, **skipped})


def _filled_rows(cells: pd.DataFrame) -> Iterator[tuple[int, list[str]]]:
    for line, *row in cells.itertuples(name=None):
        if any(cell.strip() for cell in row):
            yield line, row


def _with_merged_filled(cells: pd.DataFrame, merged: list[tuple[int, int, int]]) -> tuple[pd.DataFrame, int]:
    """``cells`` with what stands in a cell merged over several rows given to each of them, and the number of such."""
    filled = 0
    if cells.empty or not merged:
        return cells, filled
    cells = cells.copy()
    above = int(cells.index[0])
    for column in sorted({column for column, _, _ in merged if column in cells.columns}):
        texts = cells[column].tolist()
        for place, first, last in merged:
            start, end = first + 1 - above, min(last + 1 - above, len(texts) - 1)
            if place == column and 0 <= start < end and texts[start]:
                texts[start : end + 1] = [texts[start]] * (end - start + 1)
                filled += 1
        cells[column] = pd.Series(texts, index=cells.index, dtype="str")
    return cells, filled


def _used(table: str, name: str, found: list[_Worksheet], wanted: Wanted) -> list[_Worksheet]:
    """The worksheet that the user named, else those whose headers have as many needed columns as any."""
    chosen = chosen_sheet(name, [worksheet.name for worksheet in found], wanted)
    if chosen is not None:
        return [worksheet for worksheet in found if worksheet.name == chosen]
    ranks = [rank(table, worksheet.head.headers, wanted) for worksheet in found]
    met, best = max(ranks)
    # A worksheet of other months has the same headers, one of sums has fewer.
    fitting = [best > 0 and own == met and fit >= _WORST_FIT * best for own, fit in ranks]
    return list(itertools.compress(found, fitting)) or found[:1]


def _stacked(
    table: str,
    name: str,
    found: list[_Worksheet],
    empty: list[str],
    hidden: list[str],
    notes: list[Phrase],
    wanted: Wanted,
) -> Sheet:
    if not found:
        raise LoadError.because("files.workbook_empty", file=name)
    used = _used(table, name, found, wanted)
    left = [worksheet.name for worksheet in found if worksheet not in used]
    if all(worksheet.cells.empty for worksheet in used):
        raise LoadError.because("loading.header_only", file=name)
    for key, titles in {
        "files.sheets_stacked": [worksheet.name for worksheet in used] if len(used) > 1 else [],
        "files.sheet_read": [worksheet.name for worksheet in used] if len(used) == 1 and left else [],
        "files.sheets_left": left,
        "files.sheets_empty": empty,
        "files.sheets_hidden": hidden,
    }.items():
        if titles:
            notes.append(phrase(key, names=[shown(title) for title in titles]))
    if filled := sum(worksheet.filled for worksheet in used):
        notes.append(phrase("files.merged_filled", n=filled))
    notes += notes_of((shown(worksheet.name), worksheet.skipped) for worksheet in used)
    headers, cells = _together(table, used, wanted)
    several = tuple((worksheet.name, tellable(worksheet.head.headers, worksheet.cells)) for worksheet in found)
    return Sheet(
        name,
        headers,
        cells,
        "row",
        tuple(worksheet.name for worksheet in used),
        (),
        tuple(notes),
        looked_at=several if len(several) > 1 else (),
    )


def _together(table: str, used: Sequence[_Worksheet], wanted: Wanted) -> tuple[tuple[str, ...], pd.DataFrame]:
    """The headers of all worksheets, each once, and the cells under them.

    What means one column of ``table`` is one column, whatever each worksheet calls it: one may have a header of two
    rows, or the words of another year.
    """
    columns: dict[tuple[str, int], int] = {}
    meaning: dict[str, int] = {}
    parts = []
    for number, worksheet in enumerate(used):
        headers = worksheet.head.headers
        # The second column of one name is another column.
        keys = [(header, headers[:place].count(header)) for place, header in enumerate(headers)]
        taken = {columns[key] for key in keys if key in columns}
        known = recognise(table, headers, wanted.columns).columns if table in RECORD_TABLES else {}
        meant = {place: column for column, place in known.items()}
        places = []
        for place, key in enumerate(keys):
            same = meaning.get(meant.get(place, ""), -1)
            if key not in columns and same >= 0 and same not in taken:
                taken.add(same)
                places.append(same)
            else:
                places.append(columns.setdefault(key, len(columns)))
            if place in meant:
                meaning.setdefault(meant[place], places[-1])
        part = worksheet.cells.set_axis(places, axis=1)
        parts.append(part.set_axis(part.index + number * SHEET_STEP, axis=0))
    cells = pd.concat(parts) if len(parts) > 1 else parts[0]
    cells = cells.reindex(columns=range(len(columns)))
    if len(parts) > 1:
        cells = cells.fillna("")
    return tuple(header for header, _ in columns), cells
