"""GeoPackages and zipped Shapefiles: the layer that fits the table best."""

from __future__ import annotations

import codecs
import io
import sqlite3
import struct
import warnings
import zipfile
from dataclasses import replace
from pathlib import PurePosixPath

import pyarrow as pa
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FieldError, GeometryError

from analytics.errors import LoadError
from analytics.loaders.archives import Archive
from analytics.loaders.columns import completed
from analytics.loaders.layout import RECORD_TABLES, chosen_sheet, fit_of, rank
from analytics.loaders.polygons import in_degrees, with_shapes
from analytics.loaders.sheet import NOTHING_WANTED, Sheet, Wanted, shown
from analytics.loaders.tabular import geometries, text_cells
from analytics.words import Phrase, phrase

_FIELD = 32  # bytes of a field's description in a .dbf
_FIELD_NAME = 11  # of these, its name with at least one zero at the end
_FIELDS_END = 0x0D
_DELETED = 0x2A
_TRIED_ENCODINGS = ("UTF-8", "GB18030")

# What pyogrio raises for bytes that are no map file, or a broken one.
_BROKEN = (
    DataLayerError,
    DataSourceError,
    FieldError,
    GeometryError,
    pa.ArrowException,
    OSError,
    RuntimeError,
    UnboundLocalError,  # a slip of pyogrio's where a reference system is no text
    UnicodeDecodeError,
    ValueError,
)


def read_geopackage(table: str, name: str, content: bytes, wanted: Wanted = NOTHING_WANTED) -> Sheet:
    """The layer of a GeoPackage whose fields fit ``table`` best, or the ``wanted`` one.

    Raises ``LoadError`` if it is damaged or has none.
    """
    layers = _tables_of(name, content)
    try:
        with warnings.catch_warnings(action="ignore"):
            found = {
                layer: tuple(pyogrio.read_info(content, layer=layer)["fields"].tolist())
                for layer in pyogrio.list_layers(content)[:, 0].tolist()
                if layer in layers
            }
    except _BROKEN as error:
        raise LoadError.because("files.damaged", file=name) from error
    if not found:
        raise LoadError.because("files.no_layer", file=name)
    best = _best(table, name, found, wanted)
    sheet = _layer(table, name, content, best, found[best], _left(best, found))
    return replace(sheet, looked_at=_looked_at(found))


def read_shapefile(table: str, archive: Archive, wanted: Wanted = NOTHING_WANTED) -> Sheet:
    """The Shapefile of an archive whose fields fit ``table`` best, or the ``wanted`` one.

    Raises ``LoadError`` if it is incomplete.
    """
    layers = {member.rsplit(".", 1)[0]: member for member in archive.members if member.lower().endswith(".shp")}
    parts = {layer: _parts(archive, layer) for layer in layers}
    fields = {layer: _fields(archive.name, found[".dbf"]) for layer, found in parts.items()}
    encodings = {layer: _encoding(archive.name, found) for layer, found in parts.items()}
    headers = {
        layer: tuple(_name_of_field(table, raw, encodings[layer] or _declared(parts[layer])) for raw in names)
        for layer, names in fields.items()
    }
    best = _best(table, archive.name, headers, wanted)
    notes = _left(best, headers)
    if encodings[best] and encodings[best] != _TRIED_ENCODINGS[0]:
        notes = (*notes, phrase("files.attributes_read_as", encoding=encodings[best]))
    packed = _packed_anew(parts[best], len(headers[best]), encodings[best])
    sheet = _layer(table, archive.name, packed, "layer", headers[best], notes)
    return replace(sheet, looked_at=_looked_at(headers))


def _layer(
    table: str, name: str, content: bytes, layer: str, headers: tuple[str, ...], notes: tuple[Phrase, ...]
) -> Sheet:
    try:
        # It warns of third dimensions and of values out of range, which the cells tell better.
        with warnings.catch_warnings(action="ignore"):
            described, values = pyogrio.raw.read_arrow(content, layer=layer)
    except _BROKEN as error:
        raise LoadError.because("files.damaged", file=name) from error
    if not values.num_rows:
        raise LoadError.because("loading.header_only", file=name)
    column = next(
        (
            place
            for place, field in enumerate(values.schema)
            if (field.metadata or {}).get(b"ARROW:extension:name") in (b"geoarrow.wkb", b"ogc.wkb")
        ),
        None,
    )
    sheet = Sheet(
        name,
        tuple(header.strip() for header in headers),
        text_cells(name, values if column is None else values.remove_column(column)),
        "row",
        ("",),
        (),
        notes,
    )
    if column is None:
        return sheet
    shapes, said = in_degrees(geometries(values.column(column)), described["crs"])
    return with_shapes(table, replace(sheet, notes=(*notes, *said)), shapes)


def _best(table: str, file: str, layers: dict[str, tuple[str, ...]], wanted: Wanted) -> str:
    by_name = {PurePosixPath(layer).name: layer for layer in layers}
    chosen = chosen_sheet(file, list(by_name), wanted)
    return by_name[chosen] if chosen else max(layers, key=lambda layer: rank(table, layers[layer], wanted))


def _looked_at(layers: dict[str, tuple[str, ...]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Name and fields of each layer, where there are several; the names of fields are always names."""
    return tuple((PurePosixPath(layer).name, headers) for layer, headers in layers.items()) if len(layers) > 1 else ()


def _left(best: str, layers: dict[str, tuple[str, ...]]) -> tuple[Phrase, ...]:
    others = [shown(PurePosixPath(layer).name) for layer in layers if layer != best]
    if not others:
        return ()
    read = phrase("files.sheet_read", names=[shown(PurePosixPath(best).name)])
    return read, phrase("files.sheets_left", names=others)


def _tables_of(name: str, content: bytes) -> set[str]:
    """The plain tables of a GeoPackage: a view or a virtual table would run what somebody wrote into the file."""
    try:
        database = sqlite3.connect(":memory:")
        try:
            database.deserialize(content)
            database.execute("PRAGMA trusted_schema = OFF")
            found = database.execute("SELECT name, type, sql FROM sqlite_master").fetchall()
        finally:
            database.close()
    except (sqlite3.Error, UnicodeDecodeError, OverflowError, ValueError) as error:
        raise LoadError.because("files.damaged", file=name) from error
    if "gpkg_contents" not in {table for table, _, _ in found}:
        raise LoadError.because("files.no_layer", file=name)
    return {
        str(table)
        for table, kind, sql in found
        if kind == "table" and str(sql).upper().split()[:2] != ["CREATE", "VIRTUAL"]
    }


def _parts(archive: Archive, layer: str) -> dict[str, bytes]:
    by_name = {member.lower(): member for member in archive.members}
    for part in (".shx", ".dbf"):
        if layer.lower() + part not in by_name:
            raise LoadError.because("files.shapefile_incomplete", file=archive.name, missing=part)
    return {
        part: archive.read(by_name[layer.lower() + part])
        for part in (".shp", ".shx", ".dbf", ".prj", ".cpg")
        if layer.lower() + part in by_name
    }


def _fields(file: str, dbf: bytes) -> list[bytes]:
    """The names of the fields as they stand in a .dbf."""
    names = []
    for start in range(_FIELD, min(len(dbf), _header_length(file, dbf)) - _FIELD + 1, _FIELD):
        if dbf[start] == _FIELDS_END:
            break
        names.append(dbf[start : start + _FIELD_NAME].split(b"\0")[0])
    return names


def _header_length(file: str, dbf: bytes) -> int:
    if len(dbf) <= _FIELD:
        raise LoadError.because("files.damaged", file=file)
    return struct.unpack_from("<H", dbf, 8)[0]


def _encoding(file: str, parts: dict[str, bytes]) -> str | None:
    """The encoding of a .dbf that does not name one: the first in which each value can be read; None if it is named."""
    if parts.get(".cpg", b"").strip():
        return None
    dbf = parts[".dbf"]
    fields = _fields(file, dbf)
    start = _header_length(file, dbf)
    widths = [dbf[_FIELD + _FIELD * place + 16] for place in range(len(fields))]
    texts = list(fields)
    step = max(struct.unpack_from("<H", dbf, 10)[0], 1)
    for row in range(start, len(dbf), step):
        if dbf[row] == _DELETED:
            continue
        at = row + 1
        for width in widths:
            texts.append(dbf[at : at + width].strip(b" \0"))
            at += width
    return next((encoding for encoding in _TRIED_ENCODINGS if _can_be(texts, encoding)), _TRIED_ENCODINGS[-1])


def _can_be(texts: list[bytes], encoding: str) -> bool:
    for text in texts:
        try:
            # Not final: a value that fills its field may end within a character.
            codecs.getincrementaldecoder(encoding)().decode(text)
        except UnicodeDecodeError:
            return False
    return True


def _declared(parts: dict[str, bytes]) -> str:
    named = parts[".cpg"].strip().decode("ascii", "replace")
    for encoding in (named, f"cp{named}"):
        try:
            b"a".decode(encoding, "ignore")
        except (LookupError, UnicodeError, ValueError):
            continue
        return encoding
    return _TRIED_ENCODINGS[0]


def _name_of_field(table: str, raw: bytes, encoding: str) -> str:
    """A field's name without the half character at which it may have been cut, completed where it is known."""
    name = raw.decode(encoding, "ignore")
    cut = len(raw) >= _FIELD_NAME - 2 and table in RECORD_TABLES and not fit_of(table, [name])
    return completed(table, name) if cut else name


def _packed_anew(parts: dict[str, bytes], fields: int, encoding: str | None) -> bytes:
    """One layer under a name of ours, its fields named c0, c1 …, since a cut name is no text in any encoding."""
    dbf = bytearray(parts[".dbf"])
    for place in range(fields):
        start = _FIELD + _FIELD * place
        dbf[start : start + _FIELD_NAME] = f"c{place}".encode().ljust(_FIELD_NAME, b"\0")
    named = {".dbf": bytes(dbf)} | ({".cpg": encoding.encode()} if encoding else {})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as anew:
        for part, content in {**parts, **named}.items():
            anew.writestr(f"layer{part}", content)
    return packed.getvalue()
