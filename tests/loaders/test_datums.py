"""Positions in the datums of Chinese systems brought to WGS-84, and points in another datum than was said."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from analytics.loaders.datums import (
    DATUMS,
    gcj02_to_bd09,
    looks_like,
    shapes_to_wgs84,
    swapped,
    to_wgs84,
    wgs84_to_gcj02,
)
from tests.long.sizes import seeds

# Answers of the map services themselves for city centres: WGS-84, GCJ-02, BD-09 (lon, lat each).
# Source: hujiulong/gcoord on GitHub, test/fixtures/china-cities.json.
SERVICES = {
    "驻马店": (114.0164322, 33.0133556, 114.022306, 33.0115324, 114.0287781, 33.0176697),
    "邵阳": (111.4622119, 27.242124, 111.4677938, 27.2388981, 111.4742271, 27.2451662),
    "邢台": (114.498916, 37.0700925, 114.5048503, 37.0705911, 114.5113116, 37.0766797),
    "荆门": (112.1935849, 31.0376011, 112.1994301, 31.0354012, 112.2058231, 31.0417338),
    "那曲": (92.0499619, 31.4784436, 92.0512438, 31.4762063, 92.0576832, 31.4824421),
    "凉山": (102.2658401, 27.8850446, 102.2673386, 27.8816151, 102.2738428, 27.8876621),
    "郑州": (113.6192856, 34.7478004, 113.6253334, 34.7466173, 113.6317519, 34.7528605),
    "沈阳": (123.4253306, 41.8032629, 123.4314787, 41.8057023, 123.438095, 41.8114013),
    "钦州": (108.6503952, 21.9828281, 108.6541485, 21.9799392, 108.6607283, 21.9856319),
    "金华": (119.6427465, 29.0820414, 119.6474509, 29.0790641, 119.6538875, 29.0854003),
    "黄山": (118.3324284, 29.7171557, 118.3376291, 29.7147521, 118.3440618, 29.7209629),
    "杭州": (120.1503589, 30.2764043, 120.1550722, 30.274088, 120.1616149, 30.2799982),
    "昌吉": (87.3051259, 44.0098727, 87.308234, 44.0111892, 87.3148362, 44.0169423),
    "海口": (110.1939936, 20.046109, 110.1983008, 20.0440074, 110.2048302, 20.049869),
    "锡林郭勒": (116.0414035, 43.9312805, 116.0482308, 43.9334573, 116.0546232, 43.9397782),
    "泉州": (118.6711365, 24.8770487, 118.6756787, 24.8741363, 118.6821251, 24.8804872),
    "柳州": (109.4238094, 24.3287347, 109.4284177, 24.3260422, 109.4348386, 24.3323077),
    "西安": (108.9351301, 34.3431382, 108.9397792, 34.3415801, 108.946246, 34.3477457),
    "枣庄": (117.3178289, 34.8112952, 117.3237283, 34.8104942, 117.330272, 34.8163837),
    "丽江": (100.2250547, 26.858669, 100.2261936, 26.8551291, 100.232659, 26.8611837),
    "酒泉": (98.4937175, 39.7319946, 98.4943595, 39.7328234, 98.5008441, 39.7388949),
    "汕尾": (115.3702248, 22.7888255, 115.3751647, 22.7861903, 115.3817179, 22.7918527),
}
# WGS-84 and GCJ-02 (lon, lat each). Source: googollee/eviltransform on GitHub, go/transform_test.go.
EVILTRANSFORM = [
    (121.5272106, 31.1774276, 121.531541859215, 31.17530398364597),
    (113.912316, 22.543847, 113.9171764808363, 22.540796131694766),
    (116.377817, 39.911954, 116.38404722455657, 39.91334545536069),
]
TOWN = (118.87, 28.94)
NEAR = (118.84, 28.92, 118.9, 28.96)


def metres_between(lon, lat, other_lon, other_lat):
    return np.asarray(Geod(ellps="WGS84").inv(lon, lat, other_lon, other_lat)[2])


@pytest.mark.parametrize(("datum", "column"), [("GCJ02", 2), ("BD09", 4)])
def test_the_answers_of_the_map_services_come_back_within_two_metres(datum, column):
    points = np.array(list(SERVICES.values()))
    lon, lat = to_wgs84(points[:, column], points[:, column + 1], datum)
    assert metres_between(lon, lat, points[:, 0], points[:, 1]).max() < 2


def test_the_reference_points_of_the_published_formula_come_back_within_a_millimetre():
    points = np.array(EVILTRANSFORM)
    lon, lat = to_wgs84(points[:, 2], points[:, 3], "GCJ02")
    assert metres_between(lon, lat, points[:, 0], points[:, 1]).max() < 0.001


def test_the_forward_formulas_agree_with_the_example_of_coordtransform():
    """Source: wandergis/coordtransform on GitHub, README."""
    place = np.array([116.404]), np.array([39.915])
    assert np.ravel(wgs84_to_gcj02(*place)) == pytest.approx([116.41024449916938, 39.91640428150164], abs=1e-12)
    assert np.ravel(gcj02_to_bd09(*place)) == pytest.approx([116.41036949371029, 39.92133699351021], abs=1e-12)


@settings(max_examples=200)
@given(st.floats(73, 137), st.floats(1.5, 55))
def test_the_inverse_undoes_the_forward_formulas(lon, lat):
    gcj02 = wgs84_to_gcj02(np.array([lon]), np.array([lat]))
    assert np.ravel(to_wgs84(*gcj02, "GCJ02")) == pytest.approx([lon, lat], abs=1e-7)
    assert np.ravel(to_wgs84(*gcj02_to_bd09(*gcj02), "BD09")) == pytest.approx([lon, lat], abs=1e-7)


@pytest.mark.parametrize("datum", DATUMS)
def test_points_outside_china_stay_where_they_are(datum):
    lon, lat = to_wgs84([-73.98, 2.35, 151.2], [40.75, 48.86, -33.87], datum)
    assert lon.tolist() == [-73.98, 2.35, 151.2]
    assert lat.tolist() == [40.75, 48.86, -33.87]


@pytest.mark.parametrize("datum", DATUMS)
def test_what_cannot_be_a_position_is_missing(datum):
    lon, lat = to_wgs84(
        [np.nan, 118.87, np.inf, 118.87, 200.0, 118.87, 5e9], [28.94, np.nan, 28.94, -np.inf, 28.94, 3.2e6, 5e9], datum
    )
    assert np.isnan(lon).all()
    assert np.isnan(lat).all()
    assert [part.shape for part in to_wgs84([], [], datum)] == [(0,), (0,)]


def test_metres_are_positions_in_cgcs2000_alone():
    for datum in ("WGS84", "GCJ02", "BD09"):
        assert np.isnan(to_wgs84([40_390_000.0], [3_203_000.0], datum, NEAR)).all()


def test_degrees_of_cgcs2000_are_taken_as_they_stand():
    assert np.ravel(to_wgs84([118.87], [28.94], "CGCS2000")).tolist() == [118.87, 28.94]


ZONES_WITH_PREFIX = [(epsg, 3 * (epsg - 4488)) for epsg in range(4513, 4534)] + [
    (epsg, 6 * (epsg - 4478) - 3) for epsg in range(4491, 4502)
]
ZONES_WITHOUT_PREFIX = [(epsg, 75 + 3 * (epsg - 4534)) for epsg in range(4534, 4555)] + [
    (epsg, 75 + 6 * (epsg - 4502)) for epsg in range(4502, 4513)
]


@pytest.mark.parametrize("northing_is_x", [False, True])
@pytest.mark.parametrize(("epsg", "meridian"), ZONES_WITH_PREFIX + ZONES_WITHOUT_PREFIX)
def test_every_zone_of_cgcs2000_is_read_whichever_axis_is_the_northing(epsg, meridian, northing_is_x):
    """EPSG:4528 and 4549 among them: zone 40 and the meridian of 120 degrees."""
    lon, lat = meridian + np.array([-1.4, -0.2, 0.9]), np.array([18.3, 28.94, 53.1])
    easting, northing = Transformer.from_crs("EPSG:4490", f"EPSG:{epsg}", always_xy=True).transform(lon, lat)
    written = (northing, easting) if northing_is_x else (easting, northing)
    near = (lon.min(), lat.min(), lon.max(), lat.max())
    found = to_wgs84(*written, "CGCS2000", near)
    assert metres_between(*found, lon, lat).max() < 0.001


def test_epsg_4528_carries_its_zone_and_4549_needs_to_know_where_it_is():
    with_zone = Transformer.from_crs("EPSG:4490", "EPSG:4528", always_xy=True).transform(*TOWN)
    without = Transformer.from_crs("EPSG:4490", "EPSG:4549", always_xy=True).transform(*TOWN)
    assert with_zone[0] - without[0] == pytest.approx(40e6)
    assert np.ravel(to_wgs84(*with_zone, "CGCS2000")) == pytest.approx(TOWN, abs=1e-8)
    assert np.isnan(to_wgs84(*without, "CGCS2000")).all()
    assert np.ravel(to_wgs84(*without, "CGCS2000", NEAR)) == pytest.approx(TOWN, abs=1e-8)
    assert np.isnan(to_wgs84(*without, "CGCS2000", (np.nan,) * 4)).all()


def test_a_zone_of_six_degrees_without_its_number_is_told_from_one_of_three_by_where_the_areas_are():
    six = Transformer.from_crs("EPSG:4490", "EPSG:4509", always_xy=True).transform(*TOWN)  # meridian of 117 degrees
    assert np.ravel(to_wgs84(*six, "CGCS2000", NEAR)) == pytest.approx(TOWN, abs=1e-8)


def test_degrees_and_metres_may_stand_in_one_file():
    easting, northing = Transformer.from_crs("EPSG:4490", "EPSG:4528", always_xy=True).transform(*TOWN)
    lon, lat = to_wgs84([TOWN[0], easting, northing, np.nan], [TOWN[1], northing, easting, 1.0], "CGCS2000")
    assert lon[:3] == pytest.approx([TOWN[0]] * 3, abs=1e-8)
    assert lat[:3] == pytest.approx([TOWN[1]] * 3, abs=1e-8)
    assert np.isnan(lon[3])


def test_shapes_are_brought_over_and_what_cannot_be_placed_is_none():
    ring = shapely.Point(*TOWN).buffer(0.005) - shapely.Point(*TOWN).buffer(0.002)
    to_zone = Transformer.from_crs("EPSG:4490", "EPSG:4549", always_xy=True)
    in_metres = shapely.transform(ring, to_zone.transform, interleaved=False)
    lost = shapely.box(0, 0, 1e9, 1e9)
    shapes = pd.Series([None, in_metres, lost, ring], index=[10, 20, 30, 40], name="geometry", dtype=object)
    found = shapes_to_wgs84(shapes, "CGCS2000", NEAR)
    assert found.index.tolist() == [10, 20, 30, 40]
    assert found[10] is None
    assert found[30] is None
    assert shapely.hausdorff_distance(found[20], ring) < 1e-8
    assert found[20].is_valid
    assert found[40].equals(ring)
    assert shapes[20].equals(in_metres)
    assert shapes_to_wgs84(shapes, "CGCS2000").isna().tolist() == [True, True, True, False]


@pytest.mark.parametrize("datum", ["GCJ02", "BD09"])
def test_shapes_in_a_shifted_datum_come_back(datum):
    shape = shapely.Point(*TOWN).buffer(0.005)
    moved = shapely.transform(shape, lambda lon, lat: into(datum, lon, lat), interleaved=False)
    (found,) = shapes_to_wgs84(pd.Series([moved], dtype=object), datum)
    assert shapely.hausdorff_distance(found, shape) < 1e-8


def into(datum, lon, lat):
    """WGS-84 points as a system writes them that uses ``datum``."""
    if datum == "GCJ02":
        return wgs84_to_gcj02(lon, lat)
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat)) if datum == "BD09" else (lon, lat)


def town(side, count=10, place=TOWN):
    """count x count areas of ``side`` metres."""
    east, north = side / (111_320 * np.cos(np.radians(place[1]))), side / 110_900
    column, row = np.divmod(np.arange(count**2), count)
    west, south = place[0] + (column - count / 2) * east, place[1] + (row - count / 2) * north
    return gpd.GeoSeries(
        shapely.box(west, south, west + east, south + north), index=[f"G{n:03d}" for n in range(count**2)], crs=4326
    )


def records(shapes, seed, n=300, wrong=0.05, blur=20.0):
    """Points in WGS-84 and the area that each names: a share ``wrong`` at random, ``blur`` metres of random error."""
    random = np.random.default_rng(seed)
    area = random.integers(len(shapes), size=n)
    west, south, east, north = shapely.bounds(shapes.to_numpy()[area]).T
    lon, lat = random.uniform(west, east), random.uniform(south, north)
    named = np.where(random.random(n) < wrong, random.integers(len(shapes), size=n), area)
    error = random.normal(0, blur / 111_000, (2, n))
    return lon + error[0], lat + error[1], pd.Series(shapes.index[named], index=np.arange(n) * 7, dtype="str")


SEEDS = seeds(2)


@pytest.mark.parametrize("side", [200, 400, 600, 3000])
@pytest.mark.parametrize("datum", ["GCJ02", "BD09"])
def test_points_in_another_datum_are_noticed_and_named(datum, side):
    shapes = town(side)
    expected = float(metres_between(*into(datum, *np.array(TOWN)), *TOWN))
    for seed in SEEDS:
        lon, lat, named = records(shapes, seed)
        found, metres = looks_like(*into(datum, lon, lat), named, shapes)
        assert found == datum
        assert metres == pytest.approx(expected, rel=0.05)


@pytest.mark.parametrize("side", [200, 400, 600, 3000])
@pytest.mark.parametrize(("wrong", "blur"), [(0, 0), (0.05, 20), (0.3, 100), (0.02, 500), (1.0, 0)])
def test_good_points_and_points_with_random_errors_raise_no_alarm(side, wrong, blur):
    shapes = town(side)
    for seed in SEEDS:
        lon, lat, named = records(shapes, seed, wrong=wrong, blur=blur)
        assert looks_like(lon, lat, named, shapes) is None
        assert looks_like(lon, lat, pd.Series(np.nan, index=named.index, dtype="str"), shapes) is None


@pytest.mark.parametrize("bearing", range(0, 360, 45))
def test_a_shift_of_another_kind_is_not_taken_for_a_datum(bearing):
    """About 100 m, as between the older national datums and WGS-84."""
    shapes = town(300)
    lon, lat, named = records(shapes, 1)
    lon, lat, _ = Geod(ellps="WGS84").fwd(lon, lat, np.full(len(lon), float(bearing)), np.full(len(lon), 100.0))
    assert looks_like(lon, lat, named, shapes) is None


@pytest.mark.parametrize("side", [200, 400, 600])
@pytest.mark.parametrize("datum", ["GCJ02", "BD09"])
def test_points_that_name_no_area_are_noticed_by_those_that_fall_outside_all(datum, side):
    shapes = town(side)
    for seed in SEEDS:
        lon, lat, named = records(shapes, seed, n=600)
        found, _ = looks_like(*into(datum, lon, lat), pd.Series(np.nan, index=named.index, dtype="str"), shapes)
        assert found == datum


def test_a_share_of_wrong_area_codes_does_not_hide_the_datum():
    shapes = town(400)
    for seed in SEEDS:
        lon, lat, named = records(shapes, seed, wrong=0.5, blur=50)
        found, _ = looks_like(*into("GCJ02", lon, lat), named, shapes)
        assert found == "GCJ02"


def test_too_few_points_say_nothing():
    shapes = town(300)
    lon, lat, named = records(shapes, 0, n=19, wrong=0)
    assert looks_like(*into("GCJ02", lon, lat), named, shapes) is None
    nothing = pd.Series([], dtype="str")
    assert looks_like([], [], nothing, shapes) is None
    assert looks_like([np.nan], [np.nan], pd.Series(["G001"]), shapes) is None


def test_no_shapes_say_nothing():
    lon, lat, named = records(town(300), 0)
    none = gpd.GeoSeries([], index=pd.Index([], dtype="str"), crs=4326)
    assert looks_like(*into("GCJ02", lon, lat), named, none) is None


def test_missing_points_unknown_areas_and_areas_without_a_shape_are_passed_over():
    shapes = town(300)
    lon, lat, named = records(shapes, 3)
    lon, lat = into("GCJ02", lon, lat)
    lon[:50], named.iloc[50:100] = np.nan, "elsewhere"
    shapes.iloc[:20] = None
    found, _ = looks_like(lon, lat, named, shapes)
    assert found == "GCJ02"


def test_outside_china_no_datum_is_suspected():
    shapes = town(300, place=(-73.98, 40.75))
    lon, lat, named = records(shapes, 0)
    for shift in (0.0, 0.0046):
        assert looks_like(lon + shift, lat - shift / 1.5, named, shapes) is None


def test_lon_and_lat_in_each_others_place_are_found():
    lon = [118.87, 28.94, 28.93, np.nan, 118.87, 121.47, 28.95]
    lat = [28.94, 118.87, 118.95, 28.94, np.nan, 31.23, 128.0]
    assert swapped(lon, lat, NEAR).tolist() == [False, True, True, False, False, False, False]


@pytest.mark.parametrize("datum", ["GCJ02", "BD09"])
def test_exchanged_points_are_found_before_their_datum_is_undone(datum):
    west, south, east, north = NEAR
    lon, lat = into(datum, np.array([west, east, west, east]), np.array([south, north, north, south]))
    assert swapped(lat, lon, NEAR).all()
    assert not swapped(lon, lat, NEAR).any()


def test_nothing_is_exchanged_where_no_bounds_are_known():
    assert not swapped([28.94], [118.87], (np.nan,) * 4).any()
