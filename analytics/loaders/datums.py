"""Datums: positions as Chinese systems write them, brought to WGS-84 degrees.

GCJ-02 is what maps published in China show; its official formula is secret. The one used here is the deobfuscation
that the open projects eviltransform (googollee) and coordtransform (wandergis) publish, on the ellipsoid of Krasovsky
1940; it is unofficial, and agrees with the answers of the map services within about a metre. BD-09 is Baidu's further
shift of GCJ-02, as the same projects publish it.

CGCS2000 (EPSG:4490) and WGS-84 share an ellipsoid but for a tenth of a millimetre; they drift apart with the plate by
some centimetres a year, less than a metre since 2000, so its degrees are taken as they stand.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Literal, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike
from pyproj import Geod, Transformer

Datum = Literal["WGS84", "CGCS2000", "GCJ02", "BD09"]
DATUMS: tuple[Datum, ...] = get_args(Datum)

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees, in the order of ``GeoSeries.total_bounds``."""

_Arrays = tuple[np.ndarray, np.ndarray]

_KRASOVSKY_A = 6378245.0  # metres
_KRASOVSKY_E2 = 0.00669342162296594323
_CHINA: Bounds = (72.004, 0.8293, 137.8347, 55.8271)  # the box of the published formula
_ROUNDS = 6  # each leaves at most 2 % of the error of the round before

_NORTHINGS = (1.0e6, 6.2e6)  # metres: 9 to 56 degrees north
_EASTINGS = (1.5e5, 8.5e5)  # metres, without the zone: 3 degrees either side of the central meridian and some more
_ZONES_OF_6_DEGREES = (13, 23)
_ZONES_OF_3_DEGREES = (25, 45)
_MERIDIANS = (75, 135)  # degrees

_SWAP_MARGIN = 0.05  # degrees: well above the shifts of GCJ-02 and BD-09, so that it does not incident which it was

_LEAST_POINTS = 20
_SAMPLE = 20_000
_LEAST_GAIN = 0.05
_RIGHT_TO_WRONG = 5


def to_wgs84(x: ArrayLike, y: ArrayLike, datum: Datum, near: Bounds | None = None) -> _Arrays:
    """(lon, lat), float64 degrees of WGS-84, NaN where a position cannot be placed; shapes as ``x`` and ``y``.

    ``x`` and ``y`` are degrees of longitude and latitude; for CGCS2000 also metres of a Gauss-Krüger zone of 3 or 6
    degrees (EPSG:4491 to 4554), where either may be the northing, since Chinese surveys call the northing X. Metres
    without the zone in front take their central meridian from ``near``, the bounds (degrees) of the known areas, and
    without ``near`` are NaN. GCJ-02 and BD-09 outside China's box are not shifted.
    """
    x, y = np.broadcast_arrays(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
    degrees = (np.abs(x) <= 180) & (np.abs(y) <= 90)
    lon, lat = np.where(degrees, x, np.nan), np.where(degrees, y, np.nan)
    if datum == "CGCS2000":
        metres = np.isfinite(x) & np.isfinite(y) & ~degrees
        lon[metres], lat[metres] = _of_gauss_kruger(x[metres], y[metres], near)
    if datum in ("WGS84", "CGCS2000"):
        return lon, lat
    west, south, east, north = _CHINA
    shifted = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    moved = lon[shifted], lat[shifted]
    if datum == "BD09":
        moved = _inverse(gcj02_to_bd09, *moved)
    lon[shifted], lat[shifted] = _inverse(wgs84_to_gcj02, *moved)
    return lon, lat


def wgs84_to_gcj02(lon: np.ndarray, lat: np.ndarray) -> _Arrays:
    """GCJ-02 degrees of WGS-84 degrees within China's box, by the published formula (see the module)."""
    x, y = lon - 105.0, lat - 35.0
    both = 20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)
    north = 20 * np.sin(np.pi * y) + 40 * np.sin(np.pi * y / 3)
    north += 160 * np.sin(np.pi * y / 12) + 320 * np.sin(np.pi * y / 30)
    north = -100 + 2 * x + 3 * y + 0.2 * y**2 + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + (both + north) * 2 / 3
    east = 20 * np.sin(np.pi * x) + 40 * np.sin(np.pi * x / 3)
    east += 150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30)
    east = 300 + x + 2 * y + 0.1 * x**2 + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + (both + east) * 2 / 3
    # From metres to degrees by the radii of curvature along the meridian and across it.
    w2 = 1 - _KRASOVSKY_E2 * np.sin(np.radians(lat)) ** 2
    along = _KRASOVSKY_A * (1 - _KRASOVSKY_E2) / w2**1.5
    across = _KRASOVSKY_A / np.sqrt(w2)
    return lon + np.degrees(east / (across * np.cos(np.radians(lat)))), lat + np.degrees(north / along)


def gcj02_to_bd09(lon: np.ndarray, lat: np.ndarray) -> _Arrays:
    """BD-09 degrees of GCJ-02 degrees, by the published formula (see the module)."""
    waves = np.pi * 3000 / 180
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(waves * lat)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(waves * lon)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _inverse(forward: Callable[[np.ndarray, np.ndarray], _Arrays], lon: np.ndarray, lat: np.ndarray) -> _Arrays:
    found_lon, found_lat = lon, lat
    for _ in range(_ROUNDS):
        again_lon, again_lat = forward(found_lon, found_lat)
        found_lon, found_lat = found_lon + lon - again_lon, found_lat + lat - again_lat
    return found_lon, found_lat


@cache
def _meridian_120() -> Transformer:
    return Transformer.from_crs("EPSG:4549", "EPSG:4490", always_xy=True)


def _of_gauss_kruger(x: np.ndarray, y: np.ndarray, near: Bounds | None) -> _Arrays:
    northing_is_x = (x >= _NORTHINGS[0]) & (x <= _NORTHINGS[1])
    northing, easting = np.where(northing_is_x, x, y), np.where(northing_is_x, y, x)
    zone, easting = np.divmod(easting, 1e6)
    meridian = np.select(
        [zone == 0, _within(zone, _ZONES_OF_6_DEGREES), _within(zone, _ZONES_OF_3_DEGREES)],
        [0.0, 6 * zone - 3, 3 * zone],
        np.nan,
    )
    known = np.isfinite(meridian) & _within(northing, _NORTHINGS) & _within(easting, _EASTINGS)
    lon, lat = np.full(x.shape, np.nan), np.full(x.shape, np.nan)
    # All these zones are one projection turned about the earth's axis, so that one transformer serves them all.
    lon[known], lat[known] = _meridian_120().transform(easting[known], northing[known])
    away = lon - 120
    bare = known & (zone == 0)
    if bare.any():
        meridian[bare] = np.nan if near is None else _meridian_near(float(np.median(away[bare])), near)
    return meridian + away, np.where(np.isnan(meridian), np.nan, lat)


def _within(values: np.ndarray, limits: tuple[float, float]) -> np.ndarray:
    return (values >= limits[0]) & (values <= limits[1])


def _meridian_near(away: float, near: Bounds) -> float:
    """The central meridian that puts points ``away`` degrees east of it closest to the middle of ``near``.

    Zones of 6 degrees have every second meridian of the zones of 3 degrees, so that both are covered.
    """
    meridian = 3 * np.round(((near[0] + near[2]) / 2 - away) / 3)
    return float(meridian) if _MERIDIANS[0] <= meridian <= _MERIDIANS[1] else np.nan


def shapes_to_wgs84(shapes: pd.Series, datum: Datum, near: Bounds | None = None) -> pd.Series:
    """The shapes (shapely geometries or None, plane) in degrees of WGS-84, None for one that cannot be placed.

    As :func:`to_wgs84`; index of ``shapes``, dtype object.
    """
    found = shapes.to_numpy(dtype=object).copy()
    corners, shape = shapely.get_coordinates(found, return_index=True)
    corners = np.column_stack(to_wgs84(corners[:, 0], corners[:, 1], datum, near))
    found[shape[np.isnan(corners).any(axis=1)]] = None
    # Beforehand, since a ring that ends in NaN is no ring to shapely.
    found = shapely.set_coordinates(found, corners[~shapely.is_missing(found)[shape]])
    return pd.Series(found, index=shapes.index, name=shapes.name, dtype=object)


def looks_like(
    lon: ArrayLike, lat: ArrayLike, named_area: pd.Series, shapes: gpd.GeoSeries
) -> tuple[Datum, float] | None:
    """The datum (GCJ02 or BD09) that points read as WGS-84 seem to be in, and their median shift in metres, or None.

    ``lon``, ``lat``: degrees, NaN for none. ``named_area``: in their order the area_id that each row names, NaN for
    none. ``shapes``: by area_id, EPSG:4326. A point is right if it lies in the area that it names, or, where fewer than
    20 points name an area with a shape, in any area at all. A datum is named if reading the points in it puts at least
    20 of them right, 5 % of them on balance, and 5 times as many right as wrong: errors without a direction do not
    do that. Of many points, at most 20,000 at even steps are compared.
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    areas = named_area.map(shapes).to_numpy(dtype=object) if len(shapes) else np.full(len(lon), None)
    placed = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    naming = placed[~shapely.is_missing(areas[placed])]
    by_name = len(naming) >= _LEAST_POINTS
    chosen = naming if by_name else placed
    chosen = chosen[:: 1 + len(chosen) // _SAMPLE]
    lon, lat, areas = lon[chosen], lat[chosen], areas[chosen]
    everywhere = shapely.STRtree(shapes.to_numpy())
    shapely.prepare(areas)

    def right(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        if by_name:
            return shapely.intersects_xy(areas, lon, lat)
        inside = np.zeros(len(lon), dtype=bool)
        inside[everywhere.query(shapely.points(lon, lat), predicate="intersects")[0]] = True
        return inside

    as_read = right(lon, lat)
    best: tuple[int, Datum, float] | None = None
    for datum in ("GCJ02", "BD09"):
        moved = to_wgs84(lon, lat, datum)
        otherwise = right(*moved)
        put_right, put_wrong = int((otherwise & ~as_read).sum()), int((as_read & ~otherwise).sum())
        gain = put_right - put_wrong
        needed = max(_LEAST_POINTS, _RIGHT_TO_WRONG * put_wrong)
        if put_right >= needed and gain >= _LEAST_GAIN * len(lon) and (best is None or gain > best[0]):
            _, _, metres = Geod(ellps="WGS84").inv(lon, lat, *moved)
            best = gain, datum, float(np.median(metres))
    return None if best is None else best[1:]


def swapped(lon: ArrayLike, lat: ArrayLike, bounds: Bounds) -> np.ndarray:
    """True where a point lies within ``bounds`` (degrees; widened by 0.05) only with lon and lat exchanged.

    For degrees as written, before :func:`to_wgs84`, in whichever datum: no shift of a datum reaches the margin.
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    west, south, east, north = bounds
    lons = west - _SWAP_MARGIN, east + _SWAP_MARGIN
    lats = south - _SWAP_MARGIN, north + _SWAP_MARGIN
    return _within(lat, lons) & _within(lon, lats) & ~(_within(lon, lons) & _within(lat, lats))
