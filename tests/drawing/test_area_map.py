"""The pieces of the area map that need no browser: the shapes file, the two scripts."""

import json

import geopandas as gpd
import numpy as np
import pytest
import shapely
from folium import FeatureGroup
from hypothesis import given
from hypothesis import strategies as st
from streamlit_folium import _get_feature_group_string, _get_map_string

from analytics.drawing.area_map import (
    CARRIED,
    CODES,
    DIGITS,
    WAYS,
    base_map,
    frame_file,
    packed,
    recolour,
    shapes_file,
)
from analytics.tiers import LOOKS, SHOWN
from analytics.wording.map_frame import FrameWords

POINTER = dict.fromkeys(SHOWN, "红 · 工作难度较大") | {"+": "上调", "-": "下调"}
WORDS = FrameWords("zh", "五色分布图", "放大", "缩小", "没有图形", POINTER)
HOSTILE = """</script><script>alert(1)</script>"'{{'leaflet'}}\\\u2028\u2029"""


def squares(side: int, **columns: list) -> gpd.GeoDataFrame:
    """``side`` × ``side`` squares of 0.01 degree, row by row; each half of the columns is a community."""
    x, y = (grid.ravel() * 0.01 for grid in np.meshgrid(np.arange(side), np.arange(side)))
    table = {
        "name": [f"第{i}网格" for i in range(side**2)],
        "parent_id": np.where(x < side * 0.005, "west", "east"),
    }
    return gpd.GeoDataFrame(
        table | columns,
        geometry=shapely.box(118 + x, 28 + y, 118.01 + x, 28.01 + y),
        index=[f"a{i}" for i in range(side**2)],
        crs=4326,
    )


def points(steps: list[int], content: dict) -> np.ndarray:
    """The points of a ring of the file, in degrees."""
    return (np.cumsum(np.reshape(steps, (-1, 2)), axis=0) + content["origin"]) / content["scale"]


def polygon(row: list, content: dict) -> shapely.Geometry:
    return shapely.union_all([shapely.Polygon(points(ring, content)) for ring in row[4]])


def frame_script() -> str:
    figure = base_map("../shapes/1.json", "../shapes/2.js", "../leaflet")
    figure.get_root().render()
    return _get_map_string(figure)


def colour_script(group: FeatureGroup) -> str:
    figure = base_map("../shapes/1.json", "../shapes/2.js", "../leaflet")
    figure.get_root().render()
    return _get_feature_group_string(group, figure)


def test_the_file_keeps_order_names_and_shapes():
    areas = squares(3, name=[f"东社区第{i}网格" for i in range(9)], parent_name=["东社区"] * 9)
    content = json.loads(shapes_file(areas))
    assert [row[0] for row in content["areas"]] == list(areas.index)
    assert content["areas"][4][1:3] == ["东社区第4网格", "第4"]
    for row, shape in zip(content["areas"], areas.geometry, strict=True):
        assert polygon(row, content).symmetric_difference(shape).area == pytest.approx(0, abs=1e-9)


def test_borders_between_communities_are_drawn_once_and_the_outline_is_around_all():
    content = json.loads(shapes_file(squares(4)))
    (border,) = content["communities"]
    assert set(points(border, content)[:, 0]) == {118.02}
    (outline,) = content["outer"]
    assert shapely.Polygon(points(outline, content)).area == pytest.approx(16e-4)


def test_one_community_or_none_has_no_inner_border():
    assert json.loads(shapes_file(squares(2, parent_id=["a"] * 4)))["communities"] == []
    assert json.loads(shapes_file(squares(2, parent_id=[None] * 4)))["communities"] == []


def test_a_label_stands_inside_its_polygon_even_in_a_ring_or_a_hook():
    ring = shapely.Point(118, 28).buffer(0.01).difference(shapely.Point(118, 28).buffer(0.008))
    hook = shapely.union(shapely.box(118.1, 28, 118.102, 28.03), shapely.box(118.1, 28, 118.13, 28.002))
    areas = squares(2).iloc[:2].set_geometry(gpd.GeoSeries([ring, hook], index=["a0", "a1"], crs=4326))
    content = json.loads(shapes_file(areas))
    for row, shape in zip(content["areas"], areas.geometry, strict=True):
        assert shape.contains(shapely.Point(points(row[3], content)[0]))


def test_a_river_takes_its_ground_but_no_area_drowns():
    west, east = shapely.box(118, 28, 118.003, 28.02), shapely.box(118.01, 28, 118.02, 28.01)
    context = gpd.GeoDataFrame({"kind": ["water", "water"]}, geometry=[west, east], crs=4326)
    content = json.loads(shapes_file(squares(2), context))
    corner, drowned = polygon(content["areas"][0], content), polygon(content["areas"][1], content)
    assert corner.area == pytest.approx(0.7e-4)
    assert corner.contains(shapely.Point(points(content["areas"][0][3], content)[0]))
    assert drowned.area == pytest.approx(1e-4)
    water = shapely.union_all([shapely.Polygon(points(ring, content)) for ring in content["water"]])
    assert water.intersection(drowned).area == pytest.approx(0, abs=1e-12)


def test_an_area_without_a_shape_keeps_its_place():
    areas = squares(2)
    areas.loc["a1", "geometry"] = None
    content = json.loads(shapes_file(areas))
    assert content["areas"][1] == ["a1", "第1网格", "第1", None, []]
    assert len(content["areas"]) == 4


def test_neighbours_stay_together_when_5000_detailed_areas_are_slimmed_to_about_a_megabyte():
    rough = squares(71)
    rough["geometry"] = shapely.transform(
        shapely.segmentize(rough.geometry.to_numpy(), 0.0002),
        lambda xy: xy + 2e-5 * np.sin(4e5 * np.round(xy[:, ::-1], 7)),
    )
    written = shapes_file(rough)
    content = json.loads(written)
    assert len(written) < 1_100_000
    shapes = np.array([polygon(row, content) for row in content["areas"]])
    assert shapely.area(shapes).sum() == pytest.approx(shapely.union_all(shapes).area, rel=1e-5)


def test_projected_shapes_are_sent_as_degrees():
    content = json.loads(shapes_file(squares(2).to_crs(3857)))
    assert content["origin"] == [118_000_000, 28_000_000]


def test_names_from_the_user_survive_in_the_file():
    content = json.loads(shapes_file(squares(1, name=[HOSTILE])))
    assert content["areas"][0][1] == HOSTILE


def test_the_frame_script_is_the_same_each_time():
    assert frame_script() == frame_script()


def test_the_frame_asks_nobody_but_its_own_server():
    figure = base_map("../shapes/1.json", "../shapes/2.js", "../leaflet")
    figure.get_root().render()
    links = [link for _, link in figure.default_js + figure.default_css]
    leaflet = "../leaflet/leaflet"
    # In this order: the frame's own script is called when both are there.
    assert links == [f"{leaflet}.js", "../shapes/2.js", f"{leaflet}.css"]
    assert "://" not in _get_map_string(figure)
    assert len(_get_map_string(figure)) < 300


def test_5000_colours_are_half_a_character_each():
    script = colour_script(recolour(np.resize(SHOWN, 5000), "a17", None))
    assert len(script) < 2800
    assert unpacked(script.split('recolour("')[1].split('"')[0], CODES, 2)[:5000] == "".join(
        LOOKS[tier].code for tier in np.resize(SHOWN, 5000)
    )


def unpacked(digits: str, alphabet: str, together: int) -> str:
    """As the frame reads them."""
    found = ""
    for digit in digits:
        number, symbols = DIGITS.index(digit), ""
        for _ in range(together):
            number, place = divmod(number, len(alphabet))
            symbols = alphabet[place] + symbols
        found += symbols
    return found


@given(st.text(CODES, max_size=40), st.text(WAYS, max_size=40))
def test_what_is_packed_can_be_read_again(codes, ways):
    assert unpacked(packed(codes, CODES, 2), CODES, 2)[: len(codes)] == codes
    assert unpacked(packed(ways, WAYS, 3), WAYS, 3)[: len(ways)] == ways
    assert len(packed(ways, WAYS, 3)) == -(-len(ways) // 3)


@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_areas_that_are_carried_on_are_sent_and_nothing_is_where_none_is(carried):
    drawn = recolour(["green"] * len(carried), None, None, flags={"carried": carried})
    sent = json.loads(drawn.settings).get("carried")
    assert (sent is not None) == any(carried)
    if sent:
        assert unpacked(sent, CARRIED, 5)[: len(carried)] == "".join("~" if one else "." for one in carried)


def test_a_digit_has_room_for_what_is_packed_into_it():
    assert max(len(CODES) ** 2, len(WAYS) ** 3) <= len(DIGITS) == len(set(DIGITS))
    assert len(set(CODES)) == len(SHOWN) + 1


def test_a_colour_script_never_ends_its_element_or_its_string():
    script = colour_script(recolour(["red"], HOSTILE, "+", {"red": HOSTILE, "+": HOSTILE}))
    assert "</script" not in script
    assert script.isascii()
    call = script.split('fiveColour.recolour("')[1].split('", ', 1)[1].split(");\n")[0]
    assert json.loads(call) == {
        "areas": 1,
        "selected": HOSTILE,
        "changes": packed("+", WAYS, 3),
        "words": {"r": HOSTILE, "+": HOSTILE},
    }


def test_hostile_addresses_survive_in_the_script_of_the_map():
    figure = base_map(HOSTILE, "../shapes/2.js", "../leaflet")
    figure.get_root().render()
    script = _get_map_string(figure)
    assert "</script" not in script
    assert json.loads(script.split('("map_div", ')[1].split(");\n")[0])["shapes"] == HOSTILE


def test_hostile_words_survive_in_the_file_of_the_frame():
    content = frame_file(FrameWords("en", HOSTILE, "+", "-", HOSTILE, {"red": HOSTILE})).decode()
    assert content.startswith("window.fiveColourFrame = (")
    baked = json.loads(content.rstrip().removesuffix(");").rpartition("})(")[2])
    assert baked["words"]["label"] == baked["words"]["pointer"]["r"] == HOSTILE
    assert baked["codes"] == CODES


def test_no_change_anywhere_is_not_sent():
    assert "changes" not in colour_script(recolour(["red", "blue"], None, ".."))


def test_changes_must_fit_the_areas():
    with pytest.raises(ValueError, match="changes has 1 characters, but there are 2 areas"):
        recolour(["red", "blue"], None, "+")
