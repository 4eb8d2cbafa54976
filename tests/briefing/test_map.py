"""The map of a picture: every area in its colour, names where they fit and nowhere else, pins always."""

import itertools
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pytest
import shapely
from PIL import ImageFont

from analytics import tiers
from analytics.briefing.appearance import Appearance
from analytics.briefing.font import FONTS
from analytics.briefing.map import fitted_with_margin, map_svg
from analytics.briefing.map_patterns import pattern
from analytics.briefing.map_placing import SMALLEST, placed, text_width
from analytics.drawing.ground import ground_of
from analytics.errors import BriefingError
from analytics.file_kinds import THEMES

SVG = "{http://www.w3.org/2000/svg}"
WIDTH, HEIGHT = 1000, 560


def ground(*shapes):
    index = [f"A{n}" for n in range(len(shapes))]
    return ground_of(gpd.GeoDataFrame({"parent_id": None}, index=index, geometry=list(shapes), crs=4326))


def squares(columns, rows=1, side=0.01):
    """Squares in rows, from the top left."""
    return [
        shapely.box(x * side, -(y + 1) * side, (x + 1) * side, -y * side) for y in range(rows) for x in range(columns)
    ]


def elements(svg, kind):
    return [element for element in ElementTree.fromstring(svg).iter() if element.get("class") == kind]


def street(briefing):
    by_id = {area.area_id: area for area in briefing.areas}
    shown = [by_id[area_id] for area_id in briefing.shapes.index]
    return ground_of(briefing.shapes, briefing.context), [area.brief for area in shown], [area.tier for area in shown]


def test_every_area_is_one_path_in_the_colour_of_its_tier(second):
    for theme in THEMES:
        appearance = Appearance(theme)
        land, names, shown = street(second["zh"])
        svg = map_svg(land, names, shown, width=WIDTH, height=HEIGHT, appearance=appearance)
        paths = elements(svg, "area")
        assert [path.get("data-name") for path in paths] == names
        assert [path.get("fill") for path in paths] == [appearance.looks[tier].fill for tier in shown]
        assert elements(svg, "water")
        assert elements(svg, "road")


@pytest.mark.parametrize("hatched", [False, True])
@pytest.mark.parametrize("width", [400, WIDTH])
def test_names_stay_in_their_own_area_and_nothing_covers_anything(second, hatched, width):
    land, names, shown = street(second["zh"])
    fitted = fitted_with_margin(land, width, width * HEIGHT / WIDTH)
    many = {area: 1 if area % 2 else -1 for area in range(0, len(names), 2)}
    pieces = placed(fitted, names, shown, hatched=hatched, pins={3: 1, 4: 2, 11: 3, 12: 4, 30: 5}, changes=many)
    for piece in pieces:
        if piece.kind in ("name", "mark"):
            assert fitted.areas[piece.area].contains(piece.box), piece
            assert piece.kind == "mark" or piece.size >= SMALLEST
    for one, other in itertools.combinations(pieces, 2):
        assert shapely.area(shapely.intersection(one.box, other.box)) < 1e-6, (one, other)
    assert sorted(piece.text for piece in pieces if piece.kind == "pin") == list("12345")
    assert sorted(piece.area for piece in pieces if piece.kind == "badge") == sorted(many)


def test_at_its_full_size_nearly_every_area_of_the_street_is_named(second):
    land, names, shown = street(second["zh"])
    pieces = placed(fitted_with_margin(land, WIDTH, HEIGHT), names, shown, hatched=False, pins={}, changes={})
    named = [piece.text for piece in pieces if piece.kind == "name"]
    assert len(named) >= 0.95 * len(names)
    heavy = {area for area, tier in enumerate(shown) if tier in ("red", "orange", "yellow")}
    assert {piece.area for piece in pieces if piece.kind == "mark"} == heavy


def test_a_name_without_room_is_left_out_and_its_mark_stays():
    land = ground(*squares(20))
    long = "A name that no square of this map has room for"
    pieces = placed(
        fitted_with_margin(land, 800, 200),
        [long] * 20,
        ["red"] * 10 + ["blue"] * 10,
        hatched=False,
        pins={},
        changes={},
    )
    assert {(piece.kind, piece.area) for piece in pieces} == {("mark", area) for area in range(10)}


def test_a_pin_whose_area_is_too_small_stands_beside_it_with_a_line_to_it():
    land = ground(*squares(40, 4, side=0.001))
    fitted = fitted_with_margin(land, 400, 200)
    tier = ["red"] * 160
    pins = {44: 1, 45: 2, 46: 3, 84: 4, 85: 5}
    pieces = placed(fitted, [""] * 160, tier, hatched=False, pins=pins, changes={})
    found = [piece for piece in pieces if piece.kind == "pin"]
    assert sorted(piece.text for piece in found) == list("12345")
    for one, other in itertools.combinations(found, 2):
        assert not one.box.intersects(other.box)
    led = [piece for piece in found if piece.at]
    assert led
    for piece in led:
        assert fitted.areas[piece.area].contains(shapely.Point(piece.at))
    svg = map_svg(land, [""] * 160, tier, width=400, height=200, pins=pins)
    assert len(elements(svg, "leader")) == len(led)


def test_marks_of_change_say_which_way():
    svg = map_svg(ground(*squares(3)), ["甲", "乙", "丙"], ["red", "blue", "green"],
                  width=600, height=200, changes={0: 1, 2: -1})  # fmt: skip
    assert len(elements(svg, "heavier")) == 1
    assert len(elements(svg, "lighter")) == 1


def test_hatched_every_tier_has_a_pattern_of_its_own_and_otherwise_only_unknown_has_one():
    for theme in THEMES:
        lines = [pattern(tier, Appearance(theme, hatched=True)).lines for tier in tiers.SHOWN]
        assert len(set(lines)) == len(tiers.SHOWN)
        assert [tier for tier in tiers.SHOWN if pattern(tier, Appearance(theme))] == [tiers.UNKNOWN]
    svg = map_svg(ground(*squares(2)), ["甲", "乙"], ["blue", "green"],
                  width=600, height=200, appearance=Appearance(hatched=True))  # fmt: skip
    assert [element.text for element in elements(svg, "mark")] == [
        tiers.LOOKS["blue"].mark,
        tiers.LOOKS["green"].mark,
    ]


def test_an_area_without_a_boundary_is_not_drawn_and_the_others_are():
    land = ground(*squares(2), None)
    svg = map_svg(land, ["甲", "乙", "丙"], ["red", "blue", "red"], width=600, height=200, pins={2: 1}, changes={2: 1})
    assert [path.get("data-name") for path in elements(svg, "area")] == ["甲", "乙"]
    assert elements(svg, "pin") == []


def test_a_name_may_hold_the_signs_of_xml():
    svg = map_svg(ground(*squares(1)), ['A&B <"C">'], ["blue"], width=300, height=200)
    assert [element.text for element in elements(svg, "name")] == ['A&B <"C">']


def test_a_sign_that_the_font_lacks_is_refused_by_name():
    with pytest.raises(BriefingError, match="𰻝"):
        map_svg(ground(*squares(1)), ["𰻝里"], ["blue"], width=300, height=200)


def test_texts_are_as_wide_as_the_font_writes_them():
    for bold, file in ((False, "Regular"), (True, "Bold")):
        font = ImageFont.truetype(FONTS / f"FiveColourSans-{file}.ttf", 1000, layout_engine=ImageFont.Layout.BASIC)
        for text in ("归帆网格", "E00031368", "▲◆■●✔▨"):
            assert np.isclose(text_width(text, 1000, bold=bold), font.getlength(text), rtol=0.02)
