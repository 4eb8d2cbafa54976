"""To which area a row belongs: by its area code, by its area's name, by its place, or by its point."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from analytics.loaders import values
from analytics.loaders.cells import code_or_id
from analytics.loaders.datums import looks_like, swapped, to_wgs84
from analytics.loaders.ids import IdHash
from analytics.loaders.levels import LEVELS
from analytics.loaders.meant import BESIDE, Meant, meant_by, suggest
from analytics.loaders.points import area_of_points, finest_shapes, outside_of
from analytics.loaders.report import PointsFound, Unmatched
from analytics.loaders.rows import Rows, quotable
from analytics.loaders.uppers import Uppers

_LOOKED_AT_FOR_DATUM = 20_000
_WORTH_A_LOOK = 0.05
_METRES = 1000
_NAMES_TOLD = 5
_NOT_SAID = frozenset(
    {
        *(
            "无",
            "不详",
            "待定",
            "未知",
            "暂无",
            "不明",
            "不清楚",
            "待确认",
            "待核实",
            "其他",
            "其它",
            "未划分",
            "未分配",
            "无网格",
        ),
        *("unknown", "Unknown", "UNKNOWN", "TBD", "tbd", "other", "Other", "not known", "unspecified", "Unspecified"),
    }
)
"""Words for a finer place that nobody has said."""
_SAID = {
    "zeros": ("loading.area_zeros", "loading.areas_zeros"),
    "name": ("loading.area_by_name", "loading.areas_by_name"),
}
"""How an area was found if not by its very code: what is said of each row, and of all rows together."""


@dataclass(frozen=True, eq=False)
class PlacesNamed:
    """The places that the rows of a table of checks name: ``place_id`` of each row, and what is known of ``places``
    (place_id -> area_id; None where no places are known)."""

    place_id: pd.Series
    places: pd.Series | None
    ids: IdHash

    def areas(self) -> pd.Series:
        """The area_id of the place that each row names; missing where it is not known."""
        assert self.places is not None  # asked by who looked
        known = self.places
        named, keys = self.ids.comparable(self.place_id, known.index.to_series())
        return named.map(known.set_axis(keys.array)).astype("str")


def area_ids(rows: Rows, areas: pd.DataFrame, named: PlacesNamed | None = None) -> pd.Series:
    """The area_id of each row; rows that belong to no area of ``areas`` are refused.

    Raises ``LoadError`` if the file has no column that could tell.
    """
    by_place = named is not None and rows.has("place_id")
    if not rows.has("lon", "lat") and not by_place:
        rows.require("area_id")
    uppers = Uppers(rows, areas)
    area_id = known_areas(rows, "area_id", areas, uppers)
    if by_place:
        area_id = _where_places_lie(rows, area_id, named, areas)
        area_id = area_id.fillna(_area_of_places(rows, area_id.isna(), named))
    wider = uppers.found(area_id.isna() & rows.good)
    uppers.note_unknown_streets()
    if rows.has("lon", "lat"):
        area_id = _filled(area_id, _area_of_points(rows, _filled(area_id, wider), areas))
    if wider.notna().any():
        uppers.tell(wider.where(area_id.isna()))
        area_id = area_id.fillna(wider)
    uppers.refuse_unknown(area_id.isna())
    rows.refuse(area_id.isna(), "area_id", "loading.no_area")
    return area_id


def known_areas(rows: Rows, column: str, areas: pd.DataFrame, uppers: Uppers | None = None) -> pd.Series:
    """The area_id that the cells of ``column`` mean, by code or else by a name that only one area bears.

    A row whose area was found by its name, or by its code without leading zeros, is repaired; one whose area is not in
    ``areas`` is refused.
    """
    cells = code_or_id(rows, column)
    if column == "area_id" and rows.uppers():
        # Who writes "unknown" for the grid beside a community has said the community.
        cells = cells.mask(cells.isin(_NOT_SAID) & ~cells.isin(areas.index))
    coded = values.arrow_of(cells).dictionary_encode()
    texts = coded.dictionary.to_pylist()
    if not texts:
        return cells
    written, names = cells, None
    if not set(texts) <= set(areas.index):
        uppers = uppers or Uppers(rows, areas)
        names = uppers.names
        if column == "area_id":
            written = uppers.beside(cells)
            coded = values.arrow_of(written).dictionary_encode()
            texts = coded.dictionary.to_pylist()
    codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    counts = Counter(codes[rows.good.to_numpy()].tolist())
    meant = meant_by(texts, areas, names)
    if names is not None:
        suggest(meant, texts, counts, names)
    position = np.array([*(one.position for one in meant), -1], dtype=np.int32)[codes]
    found = values.taken(position, areas.index, cells.index)

    for how in _SAID:
        so = pd.Series(np.array([*(one.how == how for one in meant), False])[codes], index=cells.index)
        if so.any():
            name = values.taken(position, areas["name"].fillna(""), cells.index)
            rows.repair(so, column, _SAID[how][0], written=cells, code=found, name=name)
            times = {place: counts[place] for place, one in enumerate(meant) if one.how == how}
            _sum_up(rows, _SAID[how][1], texts, times, meant, areas)
    unknown = [place for place, one in enumerate(meant) if one.position < 0 and counts[place]]
    if unknown:
        suggested = {texts[place]: meant[place].suggestions for place in unknown if meant[place].suggestions}
        bad = pd.Series(position < 0, index=cells.index) & cells.notna()
        if column == "area_id" and uppers is not None:
            instead = uppers.instead(bad & rows.good, cells)
            found, bad = found.fillna(instead), bad & instead.isna()
            counts = Counter(codes[(rows.good & bad).to_numpy()].tolist())
            unknown = [place for place in unknown if counts[place]]
        said = written[bad].map(suggested).reindex(cells.index)
        rows.refuse(bad & said.notna(), column, "loading.area_unknown_meant", code=cells, suggested=said)
        rows.refuse(bad, column, "loading.area_unknown", code=cells)
        rows.unmatched += tuple(
            Unmatched(quotable(_plain(texts[place])), counts[place], meant[place].suggestions)
            for place in sorted(unknown, key=lambda place: -counts[place])
        )
    return found


def _sum_up(
    rows: Rows, key: str, texts: list[str], times: Mapping[int, int], meant: list[Meant], areas: pd.DataFrame
) -> None:
    """Say of the most frequent texts, by their places among ``texts``, which area they were taken for."""
    named: Counter[tuple[str, int]] = Counter()
    for place, n in times.items():
        named[texts[place].rpartition(BESIDE)[2], meant[place].position] += n
    for (text, position), n in named.most_common(_NAMES_TOLD):
        name = quotable(str(areas["name"].iloc[position]))
        rows.note(key, written=quotable(text), n=n, code=areas.index[position], name=name)


def _plain(text: str) -> str:
    return text.replace(BESIDE, " ")


def _filled(area_id: pd.Series, others: pd.Series) -> pd.Series:
    if others.isna().all():
        return area_id
    return others if area_id.isna().all() else area_id.fillna(others)


def _where_places_lie(rows: Rows, area_id: pd.Series, named: PlacesNamed, areas: pd.DataFrame) -> pd.Series:
    """``area_id`` with the area of the place where the row names another one, or one that this lies in: what was done
    at a place is done where it lies."""
    if named.places is None:
        return area_id
    home = named.areas()
    unlike = area_id.notna() & home.notna() & (area_id != home)
    if not unlike.any():
        return area_id
    wider, finer = _lies_in(home, area_id, areas), _lies_in(area_id, home, areas)
    elsewhere = unlike & ~wider & ~finer
    rows.repair(elsewhere, "area_id", "loading.place_elsewhere", written=area_id, code=home)
    return area_id.mask(elsewhere | (unlike & wider), home)


def _lies_in(inner: pd.Series, outer: pd.Series, areas: pd.DataFrame) -> pd.Series:
    """Whether each area lies in the other one, by the parents that ``areas`` names."""
    found = pd.Series(data=False, index=inner.index)
    above = inner.map(areas["parent_id"])
    for _ in range(len(LEVELS)):
        found |= above.notna() & (above == outer)
        above = above.map(areas["parent_id"])
    return found


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
