"""To which area a row belongs: by its area code, by its area's name, by its place, or by its point."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from analytics.loaders import values
from analytics.loaders.cells import code_or_id
from analytics.loaders.columns import normalised
from analytics.loaders.datums import looks_like, swapped, to_wgs84
from analytics.loaders.ids import IdHash
from analytics.loaders.names import AreaNames
from analytics.loaders.points import area_of_points, finest_shapes, outside_of
from analytics.loaders.report import PointsFound, Unmatched
from analytics.loaders.rows import Rows, quotable
from analytics.loaders.sheet import SHEET_STEP

# Close codes and names are looked for the most frequent ones: each takes about a millisecond.
_WITH_SUGGESTIONS = 1000
_LOOKED_AT_FOR_DATUM = 20_000
_WORTH_A_LOOK = 0.05
_METRES = 1000
_NAMES_TOLD = 5
_BESIDE = "\x1f"  # between the name of a community and that of a grid in it; no cell holds it


@dataclass(frozen=True, eq=False)
class PlacesNamed:
    """The places that the rows of a table of checks name: ``place_id`` of each row, and what is known of ``places``
    (place_id -> area_id; None where no places are known)."""

    place_id: pd.Series
    places: pd.Series | None
    ids: IdHash

    def areas(self) -> pd.Series:
        """The area_id of the place that each row names; missing where it is not known."""
        known = pd.Series(dtype="str") if self.places is None else self.places
        named, keys = self.ids.comparable(self.place_id, known.index.to_series())
        return named.map(known.set_axis(keys.array)).astype("str")


def area_ids(rows: Rows, areas: pd.DataFrame, named: PlacesNamed | None = None) -> pd.Series:
    """The area_id of each row; rows that belong to no area of ``areas`` are refused.

    Raises ``LoadError`` if the file has no column that could tell.
    """
    by_place = named is not None and rows.has("place_id")
    if not rows.has("lon", "lat") and not by_place:
        rows.require("area_id")
    area_id = known_areas(rows, "area_id", areas)
    if by_place:
        area_id = area_id.fillna(_area_of_places(rows, area_id.isna(), named))
    if rows.has("lon", "lat"):
        area_id = _filled(area_id, _area_of_points(rows, area_id, areas))
    rows.refuse(area_id.isna(), "area_id", "loading.no_area")
    return area_id


def area_key(code: str) -> str:
    """An area code without case, spaces and full-width forms."""
    return "".join(normalised(code).casefold().split())


@dataclass
class _Meant:
    """What one text in a column of areas means."""

    position: int = -1
    by_name: bool = False
    suggestions: tuple[str, ...] = ()


def known_areas(rows: Rows, column: str, areas: pd.DataFrame) -> pd.Series:
    """The area_id that the cells of ``column`` mean, by code or else by a name that only one area bears.

    A row whose area was found by its name is repaired; one whose area is not in ``areas`` is refused.
    """
    cells = code_or_id(rows, column)
    coded = values.arrow_of(cells).dictionary_encode()
    texts = coded.dictionary.to_pylist()
    if not texts:
        return cells
    written, names = cells, None
    if not set(texts) <= set(areas.index):
        names = AreaNames(areas)
        if column == "area_id":
            written = _with_community(rows, cells, areas, names)
            coded = values.arrow_of(written).dictionary_encode()
            texts = coded.dictionary.to_pylist()
    codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    counts = Counter(codes[rows.good.to_numpy()].tolist())
    meant = _meant_by(texts, counts, areas, names)
    position = np.array([*(one.position for one in meant), -1], dtype=np.int32)[codes]
    found = values.taken(position, areas.index, cells.index)

    by_name = np.array([*(one.by_name for one in meant), False])[codes]
    if by_name.any():
        rows.repair(
            pd.Series(by_name, index=cells.index),
            column,
            "loading.area_by_name",
            written=cells,
            code=found,
            name=values.taken(position, areas["name"].fillna(""), cells.index),
        )
        named: Counter[tuple[str, int]] = Counter()
        for place, one in enumerate(meant):
            if one.by_name:
                named[texts[place].rpartition(_BESIDE)[2], one.position] += counts[place]
        for (text, place), n in named.most_common(_NAMES_TOLD):
            name = quotable(str(areas["name"].iloc[place]))
            rows.note("loading.areas_by_name", written=quotable(text), n=n, code=areas.index[place], name=name)
    unknown = [place for place, one in enumerate(meant) if one.position < 0 and counts[place]]
    if unknown:
        suggested = {texts[place]: meant[place].suggestions for place in unknown if meant[place].suggestions}
        bad = pd.Series(position < 0, index=cells.index) & cells.notna()
        said = written[bad].map(suggested).reindex(cells.index)
        rows.refuse(bad & said.notna(), column, "loading.area_unknown_meant", code=cells, suggested=said)
        rows.refuse(bad, column, "loading.area_unknown", code=cells)
        rows.unmatched += tuple(
            Unmatched(quotable(_plain(texts[place])), counts[place], meant[place].suggestions)
            for place in sorted(unknown, key=lambda place: -counts[place])
        )
    return found


def _with_community(rows: Rows, cells: pd.Series, areas: pd.DataFrame, names: AreaNames) -> pd.Series:
    """The cells, each that is no code preceded by the community of its row: of a column, else the worksheet's name."""
    asked = cells.notna() & ~cells.isin(areas.index)
    if not asked.any():
        return cells
    number = (cells.index // SHEET_STEP).to_numpy()
    parents = set(areas["parent_id"].dropna())
    sheets = [sheet if sheet and names.meant(sheet) in parents else "" for sheet in rows.sheet.sheets]
    around = pd.Series(np.array(sheets, dtype=object)[number], index=cells.index).astype("str")
    beside = rows.community()
    if beside is not None:
        around = beside.fillna(around)
    asked &= around != ""
    return cells.mask(asked, around + _BESIDE + cells) if asked.any() else cells


def _plain(text: str) -> str:
    return text.replace(_BESIDE, " ")


def _meant_by(texts: list[str], counts: Counter, areas: pd.DataFrame, names: AreaNames | None) -> list[_Meant]:
    """What each text means; ``names`` may be missing where every text is a code."""
    exact = {code: place for place, code in enumerate(areas.index)}
    loose = _once({area_key(code): place for code, place in exact.items()}, map(area_key, areas.index))
    official = areas["official_code"].to_list() if "official_code" in areas else []
    keys = [area_key(code) if isinstance(code, str) else None for code in official]
    by_official = _once({key: place for place, key in enumerate(keys) if key}, keys)
    found = []
    for whole in texts:
        community, _, text = whole.rpartition(_BESIDE)
        key = area_key(text)
        place = exact.get(text, loose.get(key, by_official.get(key)))
        by_name = False
        if place is None:
            named = names.meant(text, community) if names else None
            by_name = named is not None
            place = exact[named] if by_name else -1
        found.append(_Meant(place, by_name))
    unknown = sorted((place for place, one in enumerate(found) if one.position < 0), key=lambda place: -counts[place])
    for place in unknown[:_WITH_SUGGESTIONS]:
        found[place].suggestions = names.suggestions(texts[place].rpartition(_BESIDE)[2])
    return found


def _once(places: dict[str, int], keys: object) -> dict[str, int]:
    times = Counter(keys)
    return {key: place for key, place in places.items() if times[key] == 1}


def _filled(area_id: pd.Series, others: pd.Series) -> pd.Series:
    return others if area_id.isna().all() else area_id.fillna(others)


def _area_of_places(rows: Rows, wanted: pd.Series, named: PlacesNamed) -> pd.Series:
    asked = wanted & named.place_id.notna()
    if named.places is None:
        rows.refuse(asked, "place_id", "loading.places_needed")
        return pd.Series(None, index=wanted.index, dtype="str")
    found = named.areas()
    rows.refuse(asked & found.isna(), "place_id", "loading.place_unknown")
    return found


def _area_of_points(rows: Rows, area_id: pd.Series, areas: pd.DataFrame) -> pd.Series:
    """The area_id of each row's point; rows without an area of their own are refused where the point gives none."""
    nowhere = pd.Series(None, index=area_id.index, dtype="str")
    x_cells, y_cells = values.cleaned(rows.raw("lon")), values.cleaned(rows.raw("lat"))
    asked = area_id.isna() & x_cells.notna() & y_cells.notna()
    shapes = finest_shapes(areas)
    if shapes.empty:
        rows.refuse(asked, "lon", "loading.areas_without_shapes")
        return nowhere
    x, y = values.numbers(x_cells).to_numpy(), values.numbers(y_cells).to_numpy()
    del x_cells, y_cells
    rows.release("lon", "lat")
    bounds = tuple(shapes.total_bounds)
    exchanged = swapped(x, y, bounds)
    if exchanged.any():
        x, y = np.where(exchanged, y, x), np.where(exchanged, x, y)
        rows.repair(asked & pd.Series(exchanged, index=asked.index), "lon", "loading.swapped")
    datum = rows.reading.datum
    lon, lat = to_wgs84(x, y, datum, bounds)
    placed = np.isfinite(lon) & np.isfinite(lat)
    # Its coordinates would point at a home or an event: no sentence about a point quotes them.
    if datum != "CGCS2000":
        metres = pd.Series((np.abs(x) > _METRES) | (np.abs(y) > _METRES), index=asked.index)
        rows.refuse(asked & metres, "lon", "loading.position_in_metres")
    rows.refuse(asked & pd.Series(~placed, index=asked.index), "lon", "loading.not_a_position")
    position = area_of_points(lon, lat, shapes, lambda share: rows.progress(0.6 + 0.2 * share))
    outside = placed & (position < 0)
    rows.refuse(asked & pd.Series(outside, index=asked.index), "lon", "loading.point_outside")
    named = pd.Series(areas.index.get_indexer(area_id), index=area_id.index).to_numpy()
    with_both = np.flatnonzero(placed & (named >= 0))
    polygons = areas.geometry.to_numpy()[named[with_both]]
    elsewhere = np.zeros(len(lon), dtype=bool)
    elsewhere[with_both] = outside_of(lon[with_both], lat[with_both], polygons)
    seems = None
    if (outside | elsewhere).sum() >= _WORTH_A_LOOK * placed.sum() > 0 and datum in ("WGS84", "CGCS2000"):
        seems = _seems(lon, lat, placed, area_id, shapes)
    rows.points = PointsFound(
        placed=int((placed & ~outside).sum()),
        outside_all=int(outside.sum()),
        outside_named=int(elsewhere.sum()),
        looks_like=seems and seems[0],
        offset_m=seems and seems[1],
        swapped=int(exchanged.sum()),
    )
    return values.taken(position, shapes.index, area_id.index)


def _seems(
    lon: np.ndarray, lat: np.ndarray, placed: np.ndarray, area_id: pd.Series, shapes: gpd.GeoSeries
) -> tuple[str, float] | None:
    chosen = np.flatnonzero(placed)
    chosen = chosen[:: -(-len(chosen) // _LOOKED_AT_FOR_DATUM)]
    return looks_like(lon[chosen], lat[chosen], area_id.iloc[chosen], shapes)
