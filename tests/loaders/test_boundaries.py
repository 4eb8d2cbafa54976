"""Overlaps and gaps between areas of one level, and the sentences on them."""

import time

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Transformer
from shapely.geometry import MultiPolygon, Point, box

from analytics.loaders.boundaries import Boundaries, boundary_notes, overlaps_and_gaps

TO_DEGREES = Transformer.from_crs(
    "+proj=laea +lat_0=28.94 +lon_0=118.87 +ellps=WGS84 +units=m", "EPSG:4326", always_xy=True
)


def areas(**shapes):
    """Shapes drawn in metres about a made-up town of Zhejiang."""
    placed = shapely.transform(np.array(list(shapes.values())), TO_DEGREES.transform, interleaved=False)
    return gpd.GeoSeries(placed, index=list(shapes), crs="EPSG:4326")


def tiles(columns, rows, side=300, jitter=0.0, seed=0):
    """Areas of ``side`` metres; each digitised on its own, off by ``jitter`` metres."""
    noise = np.random.default_rng(seed)
    west, south = np.meshgrid(np.arange(columns) * side, np.arange(rows) * side, indexing="ij")
    squares = shapely.box(west.ravel(), south.ravel(), west.ravel() + side, south.ravel() + side)
    rings = shapely.get_coordinates(shapely.segmentize(squares, side / 10)).reshape(columns * rows, -1, 2)[:, :-1]
    moved = shapely.make_valid(shapely.polygons(rings + noise.uniform(-jitter, jitter, rings.shape)))
    return areas(**{f"G{number:05d}": shape for number, shape in enumerate(moved)})


def test_areas_that_fit_together_have_neither_overlap_nor_gap():
    assert overlaps_and_gaps(tiles(6, 5)) == Boundaries((), ())
    assert boundary_notes(Boundaries((), ())) == ()


def test_no_areas_and_areas_without_a_shape_have_neither():
    assert overlaps_and_gaps(gpd.GeoSeries([], crs="EPSG:4326")) == Boundaries((), ())
    assert overlaps_and_gaps(gpd.GeoSeries([None, None], index=["A", "B"], crs="EPSG:4326")) == Boundaries((), ())
    shapes = areas(A=box(0, 0, 300, 300))
    shapes["B"] = None
    assert overlaps_and_gaps(shapes) == Boundaries((), ())


def test_overlaps_are_measured_in_square_metres_largest_first():
    found = overlaps_and_gaps(areas(C=box(290, 0, 600, 300), A=box(0, 0, 300, 300), B=box(580, 0, 900, 300)))
    assert [pair[:2] for pair in found.overlaps] == [("B", "C"), ("A", "C")]
    assert [pair[2] for pair in found.overlaps] == pytest.approx([20 * 300, 10 * 300], rel=1e-3)


@pytest.mark.parametrize("inner", [box(0, 0, 300, 300), box(100, 100, 200, 200), box(0, 100, 50, 200)])
def test_an_area_within_another_and_the_same_area_twice_overlap(inner):
    ((first, second, m2),) = overlaps_and_gaps(areas(A=box(0, 0, 300, 300), B=inner)).overlaps
    assert (first, second) == ("A", "B")
    assert m2 == pytest.approx(inner.area, rel=1e-3)


def test_an_area_of_several_parts_counts_all_of_its_overlaps_but_no_slivers():
    several = MultiPolygon([box(280, 0, 400, 50), box(299, 60, 400, 150), box(290, 200, 400, 250)])
    ((_, _, m2),) = overlaps_and_gaps(areas(A=box(0, 0, 300, 300), B=several)).overlaps
    assert m2 == pytest.approx(20 * 50 + 10 * 50, rel=1e-3)


def test_a_gap_is_what_the_areas_enclose_with_the_areas_around_it():
    shapes = tiles(4, 4).drop("G00005")
    ((m2, around),) = overlaps_and_gaps(shapes).gaps
    assert m2 == pytest.approx(300 * 300, rel=1e-3)
    assert around == tuple(f"G{number:05d}" for number in (0, 1, 2, 4, 6, 8, 9, 10))


def test_the_outside_is_no_gap_even_in_a_bay():
    assert overlaps_and_gaps(tiles(4, 4).drop(["G00001", "G00005"])).gaps == ()


def test_a_gap_does_not_count_the_area_that_lies_alone_within_it():
    ring = box(0, 0, 500, 500) - box(100, 100, 400, 400)
    ((m2, around),) = overlaps_and_gaps(areas(A=ring, B=box(200, 200, 300, 300))).gaps
    assert m2 == pytest.approx(300 * 300 - 100 * 100, rel=1e-3)
    assert around == ("A", "B")


def test_edges_digitised_twice_are_neither_overlaps_nor_gaps():
    assert overlaps_and_gaps(tiles(8, 8, jitter=0.6)) == Boundaries((), ())
    rounded = shapely.set_precision(tiles(8, 8).to_numpy(), 1e-5)
    assert overlaps_and_gaps(gpd.GeoSeries(rounded, index=[f"G{n}" for n in range(64)], crs=4326)) == Boundaries((), ())


def test_a_gap_is_found_between_edges_digitised_twice():
    ((m2, around),) = overlaps_and_gaps(tiles(8, 8, jitter=0.6).drop("G00027")).gaps
    assert m2 == pytest.approx(300 * 300, rel=0.01)
    assert {"G00019", "G00026", "G00028", "G00035"} <= set(around)


def test_a_gap_whose_only_way_out_is_a_sliver_is_still_a_gap():
    ring = box(0, 0, 500, 500) - box(100, 100, 400, 400)
    assert len(overlaps_and_gaps(areas(A=ring - box(-1, 249, 101, 250))).gaps) == 1
    assert overlaps_and_gaps(areas(A=ring - box(-1, 240, 101, 250))).gaps == ()


def test_vertices_that_only_one_of_two_neighbours_has_do_no_harm():
    wide = shapely.segmentize(box(0, 0, 3000, 300), 100)
    assert overlaps_and_gaps(areas(A=wide, B=box(0, 300, 3000, 900), C=box(0, -600, 3000, 0))) == Boundaries((), ())


def test_sizes_do_not_depend_on_the_latitude():
    for lat in (5.0, 28.94, 50.0):
        metres = Transformer.from_crs(f"+proj=laea +lat_0={lat} +lon_0=110 +ellps=WGS84", "EPSG:4326", always_xy=True)
        pair = shapely.transform(
            np.array([Point(0, 0).buffer(200), Point(0, 0).buffer(100)]), metres.transform, interleaved=False
        )
        ((_, _, m2),) = overlaps_and_gaps(gpd.GeoSeries(pair, index=["A", "B"], crs="EPSG:4326")).overlaps
        assert m2 == pytest.approx(Point(0, 0).buffer(100).area, rel=1e-4)


def test_the_notes_name_the_largest_and_how_many_there_are():
    overlaps = tuple((f"A{n}", f"B{n}", 5000.4 - n) for n in range(5))
    on_overlaps, on_gaps = boundary_notes(Boundaries(overlaps, ((1234.0, ("A1", "A2", "A3", "A4")),)))
    zh, en = on_overlaps.text("zh"), on_overlaps.text("en")
    assert "5对" in zh
    assert "24,992平方米" in zh
    assert "A0与B0（5,000平方米）、A1与B1" in zh
    assert "A3" not in zh + en
    assert "A0 and B0 (5,000 m²); A1 and B1" in en
    assert "A1、A2、A3等4个区域之间（1,234平方米）" in on_gaps.text("zh")
    assert "1,234 m² between A1, A2, A3 (4 areas around it)" in on_gaps.text("en")


def test_five_thousand_areas_take_seconds_and_not_minutes():
    shapes = tiles(72, 70).drop("G01000")
    start = time.process_time()  # whatever else the machine does
    found = overlaps_and_gaps(shapes)
    assert time.process_time() - start < 10
    assert (len(found.overlaps), len(found.gaps)) == (0, 1)
