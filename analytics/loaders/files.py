"""From bytes to text, and from text to a sheet of cells that know their line."""

from __future__ import annotations

import csv
import io
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal, TypeAlias

import pandas as pd

from analytics.errors import LoadError
from analytics.loaders.report import RefusedRow
from analytics.words import Phrase, phrase

UploadedBytes: TypeAlias = tuple[str, bytes]
"""A file that came through the browser: its name and its content."""

_BOM = "\ufeff"
_DELIMITERS = ",\t;"

_KINDS_BY_FIRST_BYTES = {
    b"\xd0\xcf\x11\xe0": "excel",
    b"%PDF": "pdf",
    b"\x89PNG": "image",
    b"\xff\xd8\xff": "image",
    b"GIF8": "image",
    b"II*\x00": "image",
    b"MM\x00*": "image",
    b"PAR1": "parquet",
    b"SQLite format 3": "geopackage",
    b"\x1f\x8b": "archive",
    b"Rar!": "archive",
    b"7z\xbc\xaf": "archive",
}

_MARKUP = re.compile(r"<(?:!doctype|html|\?xml|table|meta|head|body|kml|gml)\b", re.IGNORECASE)

_SHOWN_CHARACTERS = 40
_SHOWN_HEADERS = 30


@dataclass(frozen=True)
class Source:
    """A file's name without its folder, its text without a byte-order mark, and what is worth saying about it."""

    name: str
    text: str
    notes: tuple[Phrase, ...]

    @property
    def is_json(self) -> bool:
        """Whether the content, whatever the name says, is JSON rather than a table."""
        return self.text.lstrip().startswith(("{", "["))


@dataclass(frozen=True, eq=False)
class Sheet:
    """The rows of one file as text.

    ``headers``: as written, stripped. ``cells``: text, shape (rows, headers), columns are positions, the index is the
    line (GeoJSON: the feature's number). ``unit``: which of the two. ``refused``: rows that have no cells.
    ``shapes``: for GeoJSON, one geometry or None for each row of ``cells``.
    """

    file: str
    headers: tuple[str, ...]
    cells: pd.DataFrame
    unit: Literal["line", "feature"]
    refused: tuple[RefusedRow, ...]
    notes: tuple[Phrase, ...]
    shapes: pd.Series | None = None


def shown(text: str) -> str:
    """``text`` as a sentence may quote it: printable and at most 40 characters."""
    printable = "".join(character for character in text if character.isprintable())
    return printable if len(printable) <= _SHOWN_CHARACTERS else printable[: _SHOWN_CHARACTERS - 1] + "…"


def shown_headers(headers: tuple[str, ...]) -> list[str]:
    """The headers as a sentence may list them: at most 30."""
    named = [shown(header) for header in headers if header]
    return named if len(named) <= _SHOWN_HEADERS else [*named[:_SHOWN_HEADERS], "…"]


def read_source(table: str, file: Path | UploadedBytes) -> Source:
    """The text of ``file``. Raises ``LoadError`` if there is none, or it is a file of another kind."""
    name, content = file if isinstance(file, tuple) else (file.name, _bytes_of(file))
    # A browser on Windows may send the whole path; a folder can carry a person's name.
    name = shown(PurePath(name.replace("\\", "/")).name)
    if not content.strip(b"\x00 \t\r\n\x1a" + BOM_UTF8):
        raise LoadError.because("loading.empty_file", file=name)
    kind = _kind(content)
    if kind:
        raise other_kind(table, name, kind)
    text, notes = _decoded(name, content)
    if "\x00" in text:
        raise LoadError.because("loading.not_text", file=name)
    if _MARKUP.match(text.lstrip()):
        raise other_kind(table, name, "web")
    return Source(name, text, notes)


def other_kind(table: str, name: str, kind: str) -> LoadError:
    """The error for a file that is neither a text table nor, for areas, GeoJSON."""
    key = "loading.other_kind_areas" if table == "areas" else "loading.other_kind"
    return LoadError.because(key, file=name, kind=phrase(f"loading.kind_{kind}"))


def read_sheet(source: Source) -> Sheet:
    """The rows of a delimited text. Raises ``LoadError`` if there is no row under the header."""
    records = _records(source)
    header = next(records, None)
    if header is None:
        raise LoadError.because("loading.empty_file", file=source.name)
    headers = tuple(cell.strip() for cell in header[2])
    lines, rows, refused = [], [], []
    for first, last, fields in records:
        if len(fields) > len(headers) and not any(map(str.strip, fields[len(headers) :])):
            fields = fields[: len(headers)]
        if len(fields) == len(headers):
            lines.append(first)
            rows.append(fields)
        else:
            refused.append(RefusedRow(first, None, _misfit(first, last, len(fields), len(headers))))
    if not rows and not refused:
        raise LoadError.because("loading.header_only", file=source.name)
    cells = pd.DataFrame(rows, index=pd.Index(lines, dtype="int64"), columns=range(len(headers)), dtype="str")
    return Sheet(source.name, headers, cells, "line", tuple(refused), source.notes)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise LoadError.because("loading.file_not_found", file=path.name) from error
    except OSError as error:
        raise LoadError.because("loading.file_unreadable", file=path.name) from error


def _kind(content: bytes) -> str | None:
    if content.startswith(b"PK\x03\x04"):
        return "excel" if b"xl/" in content else "archive"
    return next((kind for start, kind in _KINDS_BY_FIRST_BYTES.items() if content.startswith(start)), None)


def _decoded(name: str, content: bytes) -> tuple[str, tuple[Phrase, ...]]:
    try:
        return content.decode("utf-8").removeprefix(_BOM), ()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    try:
        # These two say what they are, and GB18030 would make nonsense of them without complaint.
        if content.startswith((BOM_UTF8, BOM_UTF16_LE, BOM_UTF16_BE)):
            raise LoadError.because("loading.undecodable", file=name, line=line)
        return content.decode("gb18030").removeprefix(_BOM), (phrase("loading.read_as_gb18030"),)
    except UnicodeDecodeError as error:
        raise LoadError.because("loading.undecodable", file=name, line=line) from error


def _records(source: Source):
    """First line, last line and fields of each record that is not blank."""
    text = source.text.rstrip("\x1a")
    last = 0
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
        for fields in reader:
            first, last = last + 1, reader.line_num
            if any(map(str.strip, fields)):
                yield first, last, fields
    except csv.Error as error:
        raise LoadError.because("loading.broken_quote", file=source.name, line=last + 1) from error


def _delimiter(text: str) -> str:
    """The mark that cuts the first line with anything in it into the most fields."""
    lines = io.StringIO(text, newline="")
    header = next((line for line in lines if line.strip(_DELIMITERS + " \r\n")), "")
    return max(_DELIMITERS, key=lambda mark: len(next(csv.reader([header], delimiter=mark), [])))


def _misfit(first: int, last: int, found: int, expected: int) -> Phrase:
    if last > first:
        return phrase("loading.quote_runs_on", first=first, last=last)
    return phrase(
        "loading.too_few_fields" if found < expected else "loading.too_many_fields", found=found, expected=expected
    )
