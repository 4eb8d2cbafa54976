"""GeoJSON, feature by feature, so that one bad feature is one refused row."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import shape

from analytics.errors import LoadError
from analytics.loaders.polygons import in_degrees, with_shapes
from analytics.loaders.report import RowNote
from analytics.loaders.sheet import Sheet
from analytics.loaders.texts import MOST_COLUMNS, Text
from analytics.words import Phrase, phrase

# What shapely raises for coordinates that are no coordinates; a file may hold anything at all in their place.
_UNREADABLE = (
    shapely.errors.ShapelyError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)

_LARGEST_EXACT_INTEGER = 2**53
_CODE_MEMBERS = ("adcode", "code", "id", "area_id")
_EPSG = re.compile(r"EPSG:+(?:[0-9.]*:)?([0-9]{4,6})$")


class _FeatureError(Exception):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.reason: Phrase = phrase(key)


def read_features(table: str, text: Text) -> Sheet:
    """The features of a FeatureCollection: properties as text, and shapes (of areas) or points (of other records).

    Coordinates stay as written, unless the file names an EPSG code as old GeoJSON did.
    Raises ``LoadError`` for JSON that is broken or no FeatureCollection.
    """
    content = _content(text)
    numbers, rows, shapes, refused, unread = [], [], [], [], []
    for number, feature in enumerate(content["features"], start=1):
        try:
            properties = _properties(feature)
        except _FeatureError as bad:
            refused.append(RowNote(None, number, None, bad.reason))
            continue
        try:
            geometry = _geometry(feature)
        except _UNREADABLE:
            geometry = None
            unread.append(number)
        numbers.append(number)
        rows.append({_without_surrogates(str(header)): _text(value) for header, value in properties.items()})
        shapes.append(geometry)
    headers = tuple(dict.fromkeys(header for row in rows for header in row))
    if len(headers) > MOST_COLUMNS:
        raise LoadError.because("files.too_many_columns", file=text.name, found=len(headers), limit=MOST_COLUMNS)
    cells = pd.DataFrame(
        [[row.get(header, "") for header in headers] for row in rows],
        index=pd.Index(numbers, dtype="int64"),
        columns=range(len(headers)),
        dtype="str",
    )
    placed, notes = in_degrees(np.array(shapes, dtype=object), _reference_system(content))
    headers = tuple(header.strip() for header in headers)
    sheet = Sheet(text.name, headers, cells, "feature", ("",), tuple(refused), (*text.notes, *notes))
    return with_shapes(table, sheet, placed, unread)


def _content(text: Text) -> dict[str, Any]:
    try:
        content = json.loads(text.content)
    except json.JSONDecodeError as error:
        raise LoadError.because("loading.broken_json", file=text.name, line=error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise LoadError.because("loading.not_feature_collection", file=text.name) from error
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or content.get("type") != "FeatureCollection":
        raise LoadError.because("loading.not_feature_collection", file=text.name)
    if not features:
        raise LoadError.because("loading.no_features", file=text.name)
    return content


def _properties(feature: Any) -> dict[str, Any]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        raise _FeatureError("loading.feature_without_properties")
    return properties


def _geometry(feature: dict[str, Any]) -> shapely.Geometry | None:
    """The geometry as it stands in the file. Raises one of ``_UNREADABLE`` where it is none."""
    geometry = feature.get("geometry")
    # numpy warns of coordinates that are no finite numbers; they are refused later.
    with np.errstate(invalid="ignore", over="ignore"):
        return None if geometry is None else shapely.force_2d(shape(geometry))


def _reference_system(content: dict[str, Any]) -> str | None:
    """The EPSG code that a ``crs`` member names, as GeoJSON had it before RFC 7946."""
    match content.get("crs"):
        case {"properties": {"name": str(name)}}:
            found = _EPSG.search(name)
            return f"EPSG:{found[1]}" if found else None
    return None


def _text(value: Any) -> str:
    match value:
        case str():
            return _without_surrogates(value)
        case bool():
            return str(value).lower()
        case float() if value.is_integer() and abs(value) < _LARGEST_EXACT_INTEGER:
            return str(int(value))
        case int() | float():
            return str(value)
        case dict():
            return _member(value)
        case _:
            return ""


def member_code(text: str) -> str:
    """The code in an area's ``parent`` that another program wrote down as the text of an object; "" without one."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    return _member(found) if isinstance(found, dict) else ""


def _member(value: dict[str, Any]) -> str:
    """The code by which an object names another, as the boundaries of Chinese maps name an area's parent."""
    found = next((value[key] for key in _CODE_MEMBERS if value.get(key) is not None), None)
    return "" if isinstance(found, dict) else _text(found)


def _without_surrogates(text: str) -> str:
    # JSON can spell half a character, which no file and no table can hold.
    return text.encode("utf-8", "replace").decode("utf-8")
