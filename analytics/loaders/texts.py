"""Delimited text: a fast way for regular files, and a careful one that gives each misfit row its line and reason."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv

from analytics.errors import LoadError
from analytics.loaders.encodings import BIG5, chinese_encoding
from analytics.loaders.layout import LOOKED_AT, Head, find_head, fit_of, is_total, notes_of, without_other_rows
from analytics.loaders.report import RowNote
from analytics.loaders.sheet import NOTHING_WANTED, Sheet, Wanted
from analytics.words import Phrase, phrase

LONGEST_LINE = 2**20
"""Bytes; a file with a line of twice that, or a little less, is no table."""

MOST_COLUMNS = 2_000

Progress = Callable[[float], None] | None
"""Told the share that is done, from 0 to 1."""

_DELIMITERS = ",\t;"
_NO_DELIMITERS = "，、|｜；"
_PIECE = 2**22  # bytes decoded at a time
_ROWS_AT_A_TIME = 50_000
_LONGEST_CHARACTER = 4  # bytes
_CUT_OFF = "loading.cut_off"
_TAIL = 4096  # bytes in which the end of the last line is looked for
_TABS_AT_EDGES = re.compile(r"(^|[,;])\t+(?=[^\t])")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_UTF16 = (BOM_UTF16_LE, BOM_UTF16_BE)


@dataclass(frozen=True)
class Text:
    """A text: the file's name, its content in UTF-8 without a byte-order mark, and what is worth saying about it."""

    name: str
    content: bytes
    notes: tuple[Phrase, ...]


def read_as_text(name: str, content: bytes) -> Text:
    """The text of a file. Raises ``LoadError`` if its encoding is none of UTF-8, GB18030, Big5 and marked UTF-16."""
    if content.startswith(_UTF16):
        text = _recoded(name, content, "utf-16")
        notes = (phrase("files.read_as_utf16"),)
    elif (line := _undecodable_line(content)) is None:
        text = content.removeprefix(BOM_UTF8)
        notes = ()
    elif content.startswith(BOM_UTF8):
        # It says what it is, and GB18030 would make nonsense of it without complaint.
        raise LoadError.because(_cut_or(content, "utf-8"), file=name, line=line)
    elif _is_cut(content, "utf-8") and not content[:-_LONGEST_CHARACTER].isascii():
        raise LoadError.because(_CUT_OFF, file=name, line=line)
    else:
        encoding = chinese_encoding(content)
        text = _recoded(name, content, encoding, line)
        notes = (phrase("files.read_as_big5") if encoding == BIG5 else phrase("loading.read_as_gb18030"),)
    if b"\x00" in text:
        raise LoadError.because("loading.not_text", file=name)
    # Ctrl-Z ended a file of old.
    return Text(name, text.rstrip(b"\x1a") if text.endswith(b"\x1a") else text, notes)


def read_delimited(table: str, text: Text, progress: Progress = None, wanted: Wanted = NOTHING_WANTED) -> Sheet:
    """The rows of a delimited text. Raises ``LoadError`` if there is no row under the header."""
    _require_lines(text)
    delimiter = _delimiter(text)
    # Before anything is made of so many cells.
    columns = text.content.partition(b"\n")[0].count(delimiter.encode()) + 1
    head = _head(table, text, delimiter, wanted) if columns <= MOST_COLUMNS else None
    if head is None or len(head.headers) > MOST_COLUMNS:
        found = len(head.headers) if head else columns
        raise LoadError.because("files.too_many_columns", file=text.name, found=found, limit=MOST_COLUMNS)
    _require_known_separator(table, text.name, head)
    cells, refused = read_regular(text, delimiter, head), ()
    if cells is None:
        cells, refused = read_careful(text, delimiter, head, progress)
    cells, skipped = without_other_rows(head, cells)
    if cells.empty and not refused:
        raise LoadError.because("loading.header_only", file=text.name)
    notes = (*text.notes, *notes_of([(None, {**head.skipped, **skipped})]))
    if refused and not text.content.endswith((b"\n", b"\r")) and refused[-1].line > max(cells.index, default=0):
        notes = (phrase("loading.seems_cut_off", line=refused[-1].line), *notes)
    if progress:
        progress(1.0)
    return Sheet(text.name, head.headers, cells, "line", ("",), refused, notes)


def _require_known_separator(table: str, name: str, head: Head) -> None:
    """Raise ``LoadError`` where the header is one cell, and known headers once it is cut at another mark."""
    headers = [header for header in head.headers if header]
    for mark in _NO_DELIMITERS if len(headers) == 1 else ():
        parts = [part.strip() for part in headers[0].split(mark)]
        if len(parts) > 1 and fit_of(table, parts) > 1:
            raise LoadError.because("files.other_separator", file=name, mark=mark)


def _head(table: str, text: Text, delimiter: str, wanted: Wanted = NOTHING_WANTED) -> Head:
    filled = (record for record in _records(text, delimiter) if any(map(str.strip, record[2])))
    records = list(itertools.islice(filled, LOOKED_AT + 3))
    if not records:
        raise LoadError.because("loading.empty_file", file=text.name)
    head = find_head(table, [(first, fields) for first, _, fields in records], wanted)
    # A header in quotation marks may run over several lines.
    return replace(head, last_line=next(last for first, last, _ in records if first == head.last_line))


def read_regular(text: Text, delimiter: str, head: Head) -> pd.DataFrame | None:
    """The rows under ``head``, if each is one line with as many cells as the header; None for any other file."""
    start = _start_of_line(text.content, head.last_line + 1)
    tail = text.content[-_TAIL:]
    end = len(text.content) - len(tail) + len(tail.rstrip(b"\r\n"))
    width = len(head.headers)
    # Where a line has a single cell, a blank one cannot be told from a line without any.
    if width < 2 or start >= end:
        return None
    names = [str(position) for position in range(width)]
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(pa.py_buffer(memoryview(text.content)[start:])),
            arrow_csv.ReadOptions(column_names=names, block_size=4 * LONGEST_LINE),
            arrow_csv.ParseOptions(delimiter=delimiter),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()), null_values=[], strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != _line_count(text.content, start, end):
        return None
    lines = pd.RangeIndex(head.last_line + 1, head.last_line + 1 + table.num_rows).astype("int64")
    pa.default_memory_pool().release_unused()
    return table.to_pandas(self_destruct=True).set_axis(range(width), axis=1).set_axis(lines, axis=0)


def read_careful(
    text: Text, delimiter: str, head: Head, progress: Progress = None
) -> tuple[pd.DataFrame, tuple[RowNote, ...]]:
    """The rows under ``head`` that have as many cells as the header, blank ones among them, and the others' reasons.

    Raises ``LoadError`` where a cell never ends.
    """
    width = len(head.headers)
    lines: list[int] = []
    rows: list[list[str]] = []
    refused: list[RowNote] = []
    chunks: list[pa.Table] = []
    schema = pa.schema([(str(position), pa.large_string()) for position in range(width)])
    for first, last, fields in _records(text, delimiter, progress):
        if first <= head.last_line:
            continue
        if len(fields) > width and not any(map(str.strip, fields[width:])):
            fields = fields[:width]
        if len(fields) < width and (not any(map(str.strip, fields)) or is_total(fields)):
            fields = [*fields, *[""] * (width - len(fields))]
        if len(fields) == width:
            lines.append(first)
            rows.append(fields)
        elif is_total(fields):
            lines.append(first)
            rows.append(fields[:width])
        else:
            refused.append(RowNote(None, first, None, _misfit(first, last, len(fields), width)))
        if len(rows) == _ROWS_AT_A_TIME:
            chunks.append(_chunk(rows, schema))
            rows = []
    chunks.append(_chunk(rows, schema))
    cells = pa.concat_tables(chunks).to_pandas().set_axis(range(width), axis=1)
    return cells.set_axis(pd.Index(lines, dtype="int64"), axis=0), tuple(refused)


def _chunk(rows: list[list[str]], schema: pa.Schema) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else [[] for _ in schema]
    return pa.Table.from_arrays([pa.array(column, pa.large_string()) for column in columns], schema=schema)


def _undecodable_line(content: bytes) -> int | None:
    """The line at which ``content`` ceases to be UTF-8, or None."""
    if content.isascii():
        return None
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(content), _PIECE):
        end = start + _PIECE
        try:
            decoder.decode(memoryview(content)[start:end], final=end >= len(content))
        except UnicodeDecodeError as error:
            # The decoder may have kept the first bytes of a character from the piece before.
            return content.count(b"\n", 0, min(start + error.start, len(content))) + 1
    return None


def _recoded(name: str, content: bytes, encoding: str, line: int = 1) -> bytes:
    try:
        return content.decode(encoding).removeprefix("\ufeff").encode("utf-8")
    except UnicodeError as error:
        key = "loading.undecodable" if encoding == "utf-16" else _cut_or(content, encoding)
        line = content.count(b"\n") + 1 if key == _CUT_OFF else line
        raise LoadError.because(key, file=name, line=line) from error


def _cut_or(content: bytes, encoding: str) -> str:
    """The word key of what is wrong with a text that is none of ``encoding``."""
    return _CUT_OFF if _is_cut(content, encoding) else "loading.undecodable"


def _is_cut(content: bytes, encoding: str) -> bool:
    """Whether a text is none of ``encoding`` for its last character alone, of which a part is there."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(content)
    except UnicodeDecodeError:
        return False
    return True


def _require_lines(text: Text) -> None:
    for start in range(0, len(text.content) - LONGEST_LINE, LONGEST_LINE):
        end = start + LONGEST_LINE
        if text.content.find(b"\n", start, end) < 0 and text.content.find(b"\r", start, end) < 0:
            raise LoadError.because("files.line_too_long", file=text.name)


def _records(text: Text, delimiter: str, progress: Progress = None) -> Iterator[tuple[int, int, list[str]]]:
    """First line, last line and fields of each record, blank ones among them."""
    source = io.BytesIO(text.content)
    last = 0
    try:
        reader = csv.reader(io.TextIOWrapper(source, encoding="utf-8", newline=""), delimiter=delimiter)
        for fields in reader:
            first, last = last + 1, reader.line_num
            if progress and first % _ROWS_AT_A_TIME == 0:
                progress(source.tell() / len(text.content))
            yield first, last, fields
    except csv.Error as error:
        raise LoadError.because("loading.broken_quote", file=text.name, line=last + 1) from error


def _delimiter(text: Text) -> str:
    """The mark that cuts the first line that it cuts at all into the most fields; a title may stand above."""
    lines = io.TextIOWrapper(io.BytesIO(text.content), encoding="utf-8", newline="")
    filled = (line for line in lines if line.strip(_DELIMITERS + " \r\n"))
    for line in itertools.islice(filled, LOOKED_AT):
        fields = {mark: _field_count(line, mark) for mark in _DELIMITERS}
        if max(fields.values()) > 1:
            return max(fields, key=fields.__getitem__)
    return _DELIMITERS[0]


def _field_count(line: str, mark: str) -> int:
    if mark == "\t":
        # A tab at an edge of a cell keeps a spreadsheet from making a number of it.
        line = _TABS_AT_EDGES.sub(r"\1", line)
    try:
        return len(next(csv.reader([line], delimiter=mark), []))
    except csv.Error:
        return 1


def _start_of_line(content: bytes, line: int) -> int:
    ends = itertools.islice(_LINE_END.finditer(content), line - 1)
    return max((end.end() for end in ends), default=0)


def _line_count(content: bytes, start: int, end: int) -> int:
    """Lines between ``start`` and ``end``, the last without its end."""
    feeds = content.count(b"\n", start, end)
    if content.find(b"\r", start, end) < 0:
        return feeds + 1
    return feeds + content.count(b"\r", start, end) - content.count(b"\r\n", start, end) + 1


def _misfit(first: int, last: int, found: int, expected: int) -> Phrase:
    if last > first:
        return phrase("loading.quote_runs_on", first=first, last=last)
    return phrase(
        "loading.too_few_fields" if found < expected else "loading.too_many_fields", found=found, expected=expected
    )
