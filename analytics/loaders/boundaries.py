"""Where the areas of one level overlap, and where they leave gaps."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Transformer

from analytics.words import Phrase, phrase

_SLIVER_WIDTH = 2.0  # metres: an edge that was digitised twice leaves slivers narrower than this
_NAMED = 3


@dataclass(frozen=True)
class Boundaries:
    """What is not as it should be between areas of one level, each largest first.

    ``overlaps``: (area_id, area_id, m²), the smaller id in front. ``gaps``: (m², the area_ids around it, sorted).
    """

    overlaps: tuple[tuple[str, str, float], ...]
    gaps: tuple[tuple[float, tuple[str, ...]], ...]


def overlaps_and_gaps(shapes: gpd.GeoSeries) -> Boundaries:
    """Overlaps between the areas and gaps that they enclose, but for slivers (nowhere wider than 2 m).

    ``shapes``: valid polygons by area_id (unique), EPSG:4326; missing ones are passed over. The outside is no gap.
    Sizes are those of Lambert's equal-area projection about the middle of the areas.
    """
    shapes = shapes[shapes.notna() & ~shapes.is_empty].sort_index()
    if shapes.empty:
        return Boundaries((), ())
    west, south, east, north = shapes.total_bounds
    laea = f"+proj=laea +lat_0={(south + north) / 2} +lon_0={(west + east) / 2} +ellps=WGS84 +units=m"
    to_metres = Transformer.from_crs("EPSG:4326", laea, always_xy=True)
    polygons = shapely.transform(shapes.to_numpy(), to_metres.transform, interleaved=False)
    ids = shapes.index.to_numpy(dtype=object)
    tree = shapely.STRtree(polygons)
    return Boundaries(_overlaps(polygons, ids, tree), _gaps(polygons, ids, tree))


def _overlaps(polygons: np.ndarray, ids: np.ndarray, tree: shapely.STRtree) -> tuple[tuple[str, str, float], ...]:
    # Polygons whose edges match vertex by vertex do not overlap: only the others are worth an intersection.
    doubtful = ~shapely.is_empty(shapely.coverage_invalid_edges(polygons))
    first, second = tree.query(polygons)
    asked = (first < second) & (doubtful[first] | doubtful[second])
    first, second = first[asked], second[asked]
    parts, pair = shapely.get_parts(shapely.intersection(polygons[first], polygons[second]), return_index=True)
    broad = ~shapely.is_empty(shapely.buffer(parts, -_SLIVER_WIDTH / 2, join_style="mitre"))
    m2 = np.bincount(pair[broad], weights=shapely.area(parts[broad]), minlength=len(first))
    return tuple((ids[first[each]], ids[second[each]], float(m2[each])) for each in _largest_first(m2) if m2[each])


def _gaps(polygons: np.ndarray, ids: np.ndarray, tree: shapely.STRtree) -> tuple[tuple[float, tuple[str, ...]], ...]:
    # Slivers may tie a gap to the next one or to the outside, so that they are closed first: areas grow by half a
    # sliver, what is still open is a gap, and it gets back what the areas took.
    grown = shapely.union_all(shapely.buffer(polygons, _SLIVER_WIDTH / 2, join_style="mitre"))
    filled = shapely.union_all(shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(grown))))
    cores = shapely.get_parts(shapely.difference(filled, grown))
    cores = cores[~shapely.is_empty(cores)]
    m2 = shapely.area(shapely.buffer(cores, _SLIVER_WIDTH / 2, join_style="mitre"))
    gap, area = tree.query(shapely.buffer(cores, _SLIVER_WIDTH), predicate="intersects")
    around = np.split(area, np.searchsorted(gap, np.arange(1, len(cores))))
    return tuple((float(m2[each]), tuple(ids[np.sort(around[each])])) for each in _largest_first(m2))


def _largest_first(m2: np.ndarray) -> np.ndarray:
    return np.argsort(-m2, kind="stable")


def boundary_notes(found: Boundaries) -> tuple[Phrase, ...]:
    """A sentence on overlaps and one on gaps, with their number, their size and the largest three; none where none."""
    notes = []
    if found.overlaps:
        largest = [phrase("datums.overlap", first=a, second=b, m2=_m2(m2)) for a, b, m2 in found.overlaps[:_NAMED]]
        total = _m2(sum(m2 for _, _, m2 in found.overlaps))
        notes.append(phrase("datums.overlaps", n=len(found.overlaps), m2=total, largest=largest))
    if found.gaps:
        largest = [
            phrase("datums.gap", n=len(around), areas=around[:_NAMED], m2=_m2(m2)) for m2, around in found.gaps[:_NAMED]
        ]
        total = _m2(sum(m2 for m2, _ in found.gaps))
        notes.append(phrase("datums.gaps", n=len(found.gaps), m2=total, largest=largest))
    return tuple(notes)


def _m2(size: float) -> str:
    return f"{round(size):,}"
