"""The one door from the bytes of a file, of whatever kind, to a sheet of text cells."""

from __future__ import annotations

import re
from pathlib import Path, PurePath, PurePosixPath

from analytics.errors import LoadError
from analytics.file_kinds import TABLE_ENDINGS
from analytics.loaders.archives import Archive, gunzipped, names_of
from analytics.loaders.geofiles import read_geopackage, read_shapefile
from analytics.loaders.geojson import read_features
from analytics.loaders.layout import RECORD_TABLES
from analytics.loaders.private import MASK, looks_personal
from analytics.loaders.sheet import NOTHING_WANTED, SHEET_STEP, Sheet, UploadedBytes, Wanted, shown, shown_headers
from analytics.loaders.tabular import read_parquet
from analytics.loaders.texts import Progress, read_as_text, read_delimited
from analytics.loaders.workbooks import read_workbook
from analytics.words import phrase

__all__ = ["LARGEST_FILE", "SHEET_STEP", "Sheet", "UploadedBytes", "read_sheet", "shown", "shown_headers"]

LARGEST_FILE = 2**30
"""Bytes; ten million records or so."""

_KINDS_BY_FIRST_BYTES = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"\xd0\xcf\x11\xe0": "xls",
    b"\x1f\x8b": "gzip",
    b"PAR1": "parquet",
    b"SQLite format 3\x00": "geopackage",
    b"%PDF": "pdf",
    b"\x89PNG": "image",
    b"\xff\xd8\xff": "image",
    b"GIF8": "image",
    b"II*\x00": "image",
    b"MM\x00*": "image",
    b"Rar!": "archive",
    b"7z\xbc\xaf": "archive",
}
_ARCHIVE_ENDINGS = (".zip", ".gz", ".rar", ".7z", ".tar", ".tgz", ".bz2", ".xz")
_SPREADSHEETS = (".xlsx", ".xlsm", ".xls")
_ABOUT = re.compile(r"read.?me|说明|须知|license", re.IGNORECASE)
_LOOKED_AT = 4096  # bytes
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|\?xml|table|meta|head|body|kml|gml)\b", re.IGNORECASE)
_JSON = re.compile(rb"\s*[{\[]")
_NOTHING = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\x00 \t\r\n\x1a]*")


def read_sheet(
    table: str, file: Path | UploadedBytes, progress: Progress = None, wanted: Wanted = NOTHING_WANTED
) -> Sheet:
    """The rows of ``file``, a path or the name and the bytes of an upload, as text.

    ``table``: one of the record tables, which tells where a header is and which worksheet or layer fits; for any other
    word the first row is the header. ``progress`` is told the share of the file that was read. ``wanted``: what the
    user has said of where the table stands.
    Raises ``LoadError``, of one sentence, for a file that cannot be read at all.
    """
    name, content = file if isinstance(file, tuple) else (file.name, _bytes_of(file))
    # A browser on Windows may send the whole path; a folder can carry a person's name.
    name = file_name(name)
    if len(content) > LARGEST_FILE:
        raise _too_large(name)
    return _read(table, name, content, progress, wanted, packed=False)


def file_name(path: str) -> str:
    """The name of a file as it may be shown and stored: without its folder, masked where it holds a person's number."""
    name = PurePath(path.replace("\\", "/")).name
    return f"{MASK}{shown(PurePath(name).suffix)}" if looks_personal(PurePath(name).stem) else shown(name)


def _read(table: str, name: str, content: bytes, progress: Progress, wanted: Wanted, *, packed: bool) -> Sheet:
    if _NOTHING.fullmatch(content) and b"\x00" not in content.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff"):
        raise LoadError.because("loading.empty_file", file=name)
    match next((kind for start, kind in _KINDS_BY_FIRST_BYTES.items() if content.startswith(start)), "text"):
        case "zip":
            return _read_zip(table, name, content, progress, wanted, packed=packed)
        case "gzip" if packed:
            raise LoadError.because("files.archive_in_archive", file=name)
        case "gzip":
            return _read(table, name, gunzipped(name, content), progress, wanted, packed=True)
        case "xls":
            return read_workbook(table, name, content, progress, wanted)
        case "parquet":
            return read_parquet(table, name, content)
        case "geopackage":
            return read_geopackage(table, name, content, wanted)
        case "text":
            return _read_text(table, name, content, progress, wanted)
        case kind:
            raise _other_kind(table, name, kind)


def _read_zip(table: str, name: str, content: bytes, progress: Progress, wanted: Wanted, *, packed: bool) -> Sheet:
    archive = Archive(name, content)
    if "xl/workbook.xml" in archive.members:
        return read_workbook(table, name, content, progress, wanted)
    if "[Content_Types].xml" in archive.members or "mimetype" in archive.members:
        raise _other_kind(table, name, "office")
    if packed or any(member.lower().endswith(_ARCHIVE_ENDINGS) for member in archive.members):
        raise LoadError.because("files.archive_in_archive", file=name)
    if any(member.lower().endswith(".shp") for member in archive.members):
        return read_shapefile(table, archive, wanted)
    tables = [member for member in archive.members if PurePosixPath(member).suffix.lower()[1:] in TABLE_ENDINGS]
    if len(tables) > 1:
        tables = [member for member in tables if not _is_about(archive, member)] or tables
    if not tables:
        raise LoadError.because("files.archive_of_none", file=name)
    if len(tables) > 1:
        raise LoadError.because("files.archive_of_several", file=name, names=names_of(tables))
    return _read(table, name, archive.read(tables[0]), progress, wanted, packed=True)


def _is_about(archive: Archive, member: str) -> bool:
    """Whether a member only tells about the others: by its name, or a text that is no table."""
    path = PurePosixPath(member)
    if path.suffix.lower() != ".txt":
        return False
    return bool(_ABOUT.search(path.stem)) or not any(mark in archive.read(member)[:_LOOKED_AT] for mark in b",;\t")


def _read_text(table: str, name: str, content: bytes, progress: Progress, wanted: Wanted) -> Sheet:
    if b"\x00" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        spreadsheet = PurePath(name).suffix.lower() in _SPREADSHEETS
        raise LoadError.because("files.not_excel" if spreadsheet else "loading.not_text", file=name)
    text = read_as_text(name, content)
    if _MARKUP.match(text.content):
        raise _other_kind(table, name, "web")
    if _JSON.match(text.content):
        if table not in RECORD_TABLES:
            raise _other_kind(table, name, "json")
        return read_features(table, text)
    return read_delimited(table, text, progress, wanted)


def _bytes_of(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise IsADirectoryError
        if path.stat().st_size > LARGEST_FILE:
            raise _too_large(file_name(path.name))
        return path.read_bytes()
    except FileNotFoundError as error:
        raise LoadError.because("loading.file_not_found", file=file_name(path.name)) from error
    except OSError as error:
        raise LoadError.because("loading.file_unreadable", file=file_name(path.name)) from error


def _too_large(name: str) -> LoadError:
    return LoadError.because("files.too_large", file=name, limit=LARGEST_FILE // 2**20)


def _other_kind(table: str, name: str, kind: str) -> LoadError:
    key = "loading.other_kind_areas" if table == "areas" else "loading.other_kind"
    word = "files.kind_office" if kind == "office" else f"loading.kind_{kind}"
    return LoadError.because(key, file=name, kind=phrase(word))
