"""Shapes of areas and positions of records as they come out of a map file."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pandas as pd
import pyproj
import shapely
from pyproj.exceptions import CRSError, ProjError

from analytics.loaders.columns import LOCATED, recognise
from analytics.loaders.report import RowNote
from analytics.loaders.sheet import SHEET_STEP, Sheet
from analytics.words import Phrase, phrase

_POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_WITH_AREA = (*_POLYGONS, shapely.GeometryType.GEOMETRYCOLLECTION)
_WGS84 = pyproj.CRS.from_epsg(4326)


def with_shapes(table: str, sheet: Sheet, shapes: np.ndarray, unread: Collection[int] = ()) -> Sheet:
    """``sheet`` with the geometries or None of its rows, shape (rows,); ``unread``: rows (of the index) whose geometry
    is none at all.

    Areas get ``shapes``. An area whose geometry encloses nothing is kept without one, and told
    (``unusable_shapes``); but where no geometry of the file encloses anything, it is no list of areas, and each such
    row is refused. The points of other records become columns lon and lat, unless the table has them.
    """
    given = ~shapely.is_missing(shapes)
    sheet = replace(
        sheet, polygons=bool(given.any() and np.isin(shapely.get_type_id(shapes[given]), _WITH_AREA).mean() > 0.5)
    )
    index = sheet.cells.index
    if table != "areas":
        good = ~index.isin(list(unread))
        wrong = np.where(good, None, "loading.shape_unreadable")
        return _with_positions(table, _without(sheet, wrong), shapes[good])
    with np.errstate(invalid="ignore", over="ignore"):
        shapes, cut = _polygons_of_collections(shapes)
        polygons, repaired, wrong = as_polygons(shapes)
    wrong[index.isin(list(unread))] = "loading.shape_unreadable"
    good = np.array([reason is None for reason in wrong], dtype=bool)
    if not shapely.is_missing(polygons).all():
        reasons = {int(row): str(reason) for row, reason in zip(index, wrong, strict=True) if reason is not None}
        sheet, good = replace(sheet, unusable_shapes=reasons), np.ones(len(good), dtype=bool)
    else:
        sheet = _without(sheet, wrong)
    return replace(
        sheet,
        shapes=pd.Series(polygons[good], index=index[good], dtype=object),
        repaired_shapes=frozenset(index[repaired].tolist()),
        cut_shapes=frozenset(index[cut & good].tolist()),
    )


def _without(sheet: Sheet, wrong: np.ndarray) -> Sheet:
    """``sheet`` with the rows refused for which ``wrong`` has the word key of a fault."""
    bad = np.array([reason is not None for reason in wrong], dtype=bool)
    index = sheet.cells.index
    refused = [
        RowNote(sheet.sheets[row // SHEET_STEP] or None, int(row % SHEET_STEP), None, phrase(reason))
        for row, reason in zip(index[bad], wrong[bad], strict=True)
    ]
    told = tuple(sorted((*sheet.refused, *refused), key=lambda note: note.line))
    return replace(sheet, cells=sheet.cells[~bad], refused=told)


def _polygons_of_collections(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The shapes, of each collection with polygons these alone, and of which something else was left out."""
    cut = np.zeros(len(shapes), dtype=bool)
    collections = np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION)
    if not len(collections):
        return shapes, cut
    shapes = shapes.copy()
    for place in collections:
        parts = _flat(shapes[place])
        polygons = parts[np.isin(shapely.get_type_id(parts), _POLYGONS) & ~shapely.is_empty(parts)]
        if len(polygons):
            # What two of its polygons both cover is covered once.
            shapes[place] = shapely.union_all(shapely.make_valid(polygons, method="structure", keep_collapsed=False))
            cut[place] = len(polygons) < len(parts)
    return shapes, cut


def _flat(shape: shapely.Geometry) -> np.ndarray:
    """The parts of a collection, and of the collections in it."""
    parts = shapely.get_parts(shape)
    nested = shapely.get_type_id(parts) == shapely.GeometryType.GEOMETRYCOLLECTION
    return np.concatenate([parts[~nested], *map(_flat, parts[nested])])


def _with_positions(table: str, sheet: Sheet, shapes: np.ndarray) -> Sheet:
    found = positions(shapes) if table in LOCATED else None
    if found is None or {"lon", "lat"} & set(recognise(table, sheet.headers).columns):
        return sheet
    width = len(sheet.headers)
    columns = found.set_axis(sheet.cells.index, axis=0).set_axis([width, width + 1], axis=1)
    return replace(sheet, headers=(*sheet.headers, "lon", "lat"), cells=pd.concat([sheet.cells, columns], axis=1))


def as_polygons(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Valid plane polygons of geometries or None, shape (n,); which were made valid; word keys of faults, or None."""
    shapes = shapely.force_2d(shapes)
    given = ~shapely.is_missing(shapes)
    not_areas = given & ~np.isin(shapely.get_type_id(shapes), _POLYGONS)
    unreadable = given & ~not_areas & (shapely.is_empty(shapes) | ~_finite(shapes))
    crossed = given & ~not_areas & ~unreadable
    crossed[crossed] = ~shapely.is_valid(shapes[crossed])
    # "structure" keeps what an outer ring encloses; the older way leaves lines and points beside the polygons.
    shapes[crossed] = shapely.make_valid(shapes[crossed], method="structure", keep_collapsed=False)
    lost = crossed & (shapely.is_empty(shapes) | ~np.isin(shapely.get_type_id(shapes), _POLYGONS))
    wrong = np.full(len(shapes), None, dtype=object)
    wrong[not_areas] = "loading.shape_not_an_area"
    wrong[unreadable | lost] = "loading.shape_unreadable"
    shapes[not_areas | unreadable | lost] = None
    return shapes, crossed & ~lost, wrong


def positions(shapes: np.ndarray) -> pd.DataFrame | None:
    """Columns lon and lat as text of the points among ``shapes``, blank for any other; None if none is a point."""
    points = (shapely.get_type_id(shapes) == shapely.GeometryType.POINT) & ~shapely.is_empty(shapes) & _finite(shapes)
    if not points.any():
        return None
    place = shapely.get_coordinates(shapes[points])
    found = pd.DataFrame("", index=range(len(shapes)), columns=["lon", "lat"], dtype=object)
    found.loc[points, "lon"] = list(map(repr, place[:, 0].tolist()))
    found.loc[points, "lat"] = list(map(repr, place[:, 1].tolist()))
    return found.astype("str")


def in_degrees(shapes: np.ndarray, crs: str | None) -> tuple[np.ndarray, tuple[Phrase, ...]]:
    """The shapes in degrees of WGS-84, longitude first, if their reference system is named, and what to say of it."""
    if not crs:
        return shapes, ()
    try:
        known = pyproj.CRS.from_user_input(crs)
        to_degrees = pyproj.Transformer.from_crs(known, _WGS84, always_xy=True)
    except (CRSError, ProjError):
        return shapes, (phrase("files.crs_unknown"),)
    if not known.is_projected and (known.to_epsg() == 4326 or not known.is_geographic):
        return shapes, () if known.is_geographic else (phrase("files.crs_unknown"),)
    west, south, east, north = shapely.total_bounds(shapes)
    # Some programs name a system in metres and write degrees all the same.
    if known.is_projected and -180 <= west <= east <= 180 and -90 <= south <= north <= 90:
        return shapes, ()
    moved = shapely.transform(shapely.force_2d(shapes), to_degrees.transform, interleaved=False)
    return moved, (phrase("files.brought_to_degrees", crs=known.name),) if known.is_projected else ()


def _finite(shapes: np.ndarray) -> np.ndarray:
    coordinates, owners = shapely.get_coordinates(shapes, return_index=True)
    bad = owners[~np.isfinite(coordinates).all(axis=1)]
    return ~np.isin(np.arange(len(shapes)), bad)
