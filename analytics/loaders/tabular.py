"""Parquet files, and any table of typed columns, as text."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely

from analytics.errors import LoadError
from analytics.loaders.archives import LARGEST_UNPACKED
from analytics.loaders.polygons import in_degrees, with_shapes
from analytics.loaders.sheet import Sheet, shown
from analytics.loaders.texts import MOST_COLUMNS
from analytics.loaders.workbooks import written

MOST_ROWS = 20_000_000
MOST_CELLS = 300_000_000
"""Of a Parquet file, which may claim any number of rows in a few bytes."""

MOST_ROWS_A_BYTE, ROWS_OF_ANY_SIZE = 8, 100_000
"""More rows than that for each byte of a file, which has so many at all, are one row said over and over."""

# What pyarrow raises for bytes that are no Parquet file, or a broken one.
_BROKEN = (pa.ArrowException, OSError, ValueError, OverflowError)


def read_parquet(table: str, name: str, content: bytes) -> Sheet:
    """The rows of a Parquet file, GeoParquet among them.

    Raises ``LoadError`` for one that is damaged, too large, without rows, or whose columns are no single values.
    """
    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        size = sum(file.metadata.row_group(group).total_byte_size for group in range(file.metadata.num_row_groups))
        rows, columns = file.metadata.num_rows, file.metadata.num_columns
        if columns > MOST_COLUMNS:
            raise LoadError.because("files.too_many_columns", file=name, found=columns, limit=MOST_COLUMNS)
        said_over = rows > ROWS_OF_ANY_SIZE and rows > MOST_ROWS_A_BYTE * len(content)
        if rows > MOST_ROWS or rows * columns > MOST_CELLS or size > LARGEST_UNPACKED or said_over:
            raise LoadError.because("files.too_many_cells", file=name, rows=rows, columns=columns)
        values = file.read()
    except _BROKEN as error:
        raise LoadError.because("files.damaged", file=name) from error
    geometry, crs = _geometry_of(values.schema)
    plain = values.drop_columns([geometry]) if geometry else values
    cells = text_cells(name, plain)
    if cells.empty:
        raise LoadError.because("loading.header_only", file=name)
    headers = tuple(header.strip() for header in plain.schema.names)
    sheet = Sheet(name, headers, cells, "row", ("",), (), ())
    if not geometry:
        return sheet
    shapes, notes = in_degrees(geometries(values[geometry]), crs)
    return with_shapes(table, replace(sheet, notes=notes), shapes)


def text_cells(name: str, values: pa.Table) -> pd.DataFrame:
    """The columns of ``values`` as text, blank where missing; the index is the row, from 1.

    Raises ``LoadError`` for a column of lists, structures or bytes, for text that is none, or for far too many columns.
    """
    if values.num_columns > MOST_COLUMNS:
        raise LoadError.because("files.too_many_columns", file=name, found=values.num_columns, limit=MOST_COLUMNS)
    columns = []
    for header, column in zip(values.schema.names, values.columns, strict=True):
        try:
            columns.append(pc.fill_null(_as_text(column), ""))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise LoadError.because("files.nested_column", file=name, column=shown(header)) from error
        try:
            # Text that is no UTF-8 passes through arrow unseen, until somebody looks at a cell.
            columns[-1].validate(full=True)
        except pa.ArrowInvalid as error:
            raise LoadError.because("files.damaged", file=name) from error
    index = pd.RangeIndex(1, values.num_rows + 1).astype("int64")
    if not columns:
        return pd.DataFrame(index=index)
    places = [str(place) for place in range(len(columns))]
    cells = pa.Table.from_arrays(columns, names=places).to_pandas()
    return cells.set_axis(range(len(columns)), axis=1).set_axis(index, axis=0)


def geometries(column: pa.ChunkedArray) -> np.ndarray:
    """The geometries that well-known binary spells, None for what it does not."""
    return shapely.from_wkb(np.array(column.to_pylist(), dtype=object), on_invalid="ignore")


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _as_text(column.cast(kind.value_type))
    if pa.types.is_floating(kind):
        # Arrow would write 12 digits in scientific form already.
        texts = [None if value is None or math.isnan(value) else written(value) for value in column.to_pylist()]
        return pa.chunked_array([pa.array(texts, pa.large_string())])
    if pa.types.is_timestamp(kind):
        if kind.tz:
            # Of the zone that the file names the clock of the office is another.
            seconds = column.cast(pa.timestamp("s", kind.tz), safe=False).cast(pa.int64()).combine_chunks()
            coded = seconds.dictionary_encode()
            local = pa.array([_local(one) for one in coded.dictionary.to_pylist()], pa.large_string())
            return pa.chunked_array([local.take(coded.indices)])
        return pc.strftime(column.cast(pa.timestamp("s"), safe=False), "%Y-%m-%d %H:%M:%S").cast(pa.large_string())
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raise pa.ArrowInvalid
    return column.cast(pa.large_string())


def _local(seconds: int) -> str | None:
    """A time in seconds since 1970 as the machine's own local time."""
    try:
        return datetime.fromtimestamp(seconds).isoformat(" ")  # noqa: DTZ006 - local wall time
    except (OverflowError, ValueError, OSError):
        return None


def _geometry_of(schema: pa.Schema) -> tuple[str | None, str | None]:
    """The column of shapes that GeoParquet names, and their reference system."""
    try:
        described = json.loads((schema.metadata or {})[b"geo"])
        column = described["primary_column"]
        crs = described["columns"][column].get("crs", "OGC:CRS84")
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError):
        return None, None
    if column not in schema.names or not pa.types.is_binary(schema.field(column).type):
        return None, None
    return column, crs if isinstance(crs, str) else json.dumps(crs) if crs else None
