"""GeoJSON, feature by feature, so that one bad feature is one refused row."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import shape

from analytics.errors import LoadError
from analytics.loaders.files import Sheet, Source
from analytics.loaders.report import RefusedRow
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


class _FeatureError(Exception):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.reason: Phrase = phrase(key)


def read_features(source: Source) -> Sheet:
    """The features of a FeatureCollection: properties as text, shapes as valid plane polygons in degrees.

    Raises ``LoadError`` for JSON that is broken or no FeatureCollection, and for coordinates that are not degrees.
    """
    numbers, rows, shapes, refused = [], [], [], []
    repaired = 0
    for number, feature in enumerate(_features(source), start=1):
        try:
            properties, geometry = _parts(feature)
            _require_degrees(source.name, number, geometry)
            polygon = _polygon(geometry)
        except _FeatureError as bad:
            refused.append(RefusedRow(number, None, bad.reason))
            continue
        repaired += polygon is not None and not shapely.is_valid(geometry)
        numbers.append(number)
        rows.append({str(header): _text(value) for header, value in properties.items()})
        shapes.append(polygon)
    headers = tuple(dict.fromkeys(header for row in rows for header in row))
    cells = pd.DataFrame(
        [[row.get(header, "") for header in headers] for row in rows],
        index=pd.Index(numbers, dtype="int64"),
        columns=range(len(headers)),
        dtype="str",
    )
    notes = (*source.notes, phrase("loading.shapes_repaired", n=repaired)) if repaired else source.notes
    return Sheet(
        source.name,
        tuple(_without_surrogates(header).strip() for header in headers),
        cells,
        "feature",
        tuple(refused),
        notes,
        pd.Series(shapes, index=cells.index, dtype=object),
    )


def _features(source: Source) -> list[Any]:
    try:
        content = json.loads(source.text)
    except json.JSONDecodeError as error:
        raise LoadError.because("loading.broken_json", file=source.name, line=error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise LoadError.because("loading.not_feature_collection", file=source.name) from error
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or content.get("type") != "FeatureCollection":
        raise LoadError.because("loading.not_feature_collection", file=source.name)
    if not features:
        raise LoadError.because("loading.no_features", file=source.name)
    return features


def _parts(feature: Any) -> tuple[dict[str, Any], shapely.Geometry | None]:
    """Properties, and the geometry as it stands in the file."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        raise _FeatureError("loading.feature_without_properties")
    geometry = feature.get("geometry")
    if geometry is None:
        return properties, None
    if isinstance(geometry, dict) and geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise _FeatureError("loading.shape_not_an_area")
    try:
        # numpy warns of coordinates that are no finite numbers; they are refused below.
        with np.errstate(invalid="ignore", over="ignore"):
            read = shapely.force_2d(shape(geometry))
    except _UNREADABLE as error:
        raise _FeatureError("loading.shape_unreadable") from error
    if read.is_empty or not np.isfinite(shapely.get_coordinates(read)).all():
        raise _FeatureError("loading.shape_unreadable")
    return properties, read


def _require_degrees(file: str, number: int, geometry: shapely.Geometry | None) -> None:
    if geometry is None:
        return
    west, south, east, north = geometry.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise LoadError.because("loading.not_degrees", file=file, number=number)


def _polygon(geometry: shapely.Geometry | None) -> shapely.Geometry | None:
    if geometry is None or shapely.is_valid(geometry):
        return geometry
    # "structure" keeps what an outer ring encloses; the older way leaves lines and points beside the polygons.
    valid = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    if valid.is_empty or valid.geom_type not in ("Polygon", "MultiPolygon"):
        raise _FeatureError("loading.shape_unreadable")
    return valid


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
        case _:
            return ""


def _without_surrogates(text: str) -> str:
    # JSON can spell half a character, which no file and no table can hold.
    return text.encode("utf-8", "replace").decode("utf-8")
