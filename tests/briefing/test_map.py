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
from analytics.briefing.map import MARGIN, map_svg
from analytics.briefing.map_patterns import pattern
from analytics.briefing.map_placing import SMALLEST, placed, text_width
from analytics.drawing.ground import ground_of
from analytics.errors import BriefingError
from analytics.file_kinds import THEMES
from analytics.marks import MARKS

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
        svg = map_svg(land, names, shown, width=WIDTH, height=HEIGHT, appearance=appearance).svg
        paths = elements(svg, "area")
        assert [path.get("data-name") for path in paths] == names
        assert [path.get("fill") for path in paths] == [appearance.looks[tier].fill for tier in shown]
        assert elements(svg, "water")
        assert elements(svg, "road")


@pytest.mark.parametrize("hatched", [False, True])
@pytest.mark.parametrize("width", [400, WIDTH])
def test_names_stay_in_their_own_area_and_nothing_covers_anything(second, hatched, width):
    land, names, shown = street(second["zh"])
    fitted = land.fitted(width, width * HEIGHT / WIDTH, MARGIN)
    many = {area: ("raised", "held") if area % 4 else ("override",) for area in range(0, len(names), 2)}
    pieces = placed(fitted, names, shown, hatched=hatched, pins={3: 1, 4: 2, 11: 3, 12: 4, 30: 5}, marks=many)
    for piece in pieces:
        if piece.kind in ("name", "mark"):
            assert fitted.areas[piece.area].contains(piece.box), piece
            assert piece.kind == "mark" or piece.size >= SMALLEST
    for one, other in itertools.combinations(pieces, 2):
        assert shapely.area(shapely.intersection(one.box, other.box)) < 1e-6, (one, other)
    assert sorted(piece.text for piece in pieces if piece.kind == "pin") == list("12345")
    badges = sorted((piece.area, piece.text) for piece in pieces if piece.kind == "badge")
    assert badges == sorted((area, mark) for area, marks in many.items() for mark in marks)


def test_at_its_full_size_nearly_every_area_of_the_street_is_named(second):
    land, names, shown = street(second["zh"])
    pieces = placed(land.fitted(WIDTH, HEIGHT, MARGIN), names, shown, hatched=False, pins={}, marks={})
    named = [piece.text for piece in pieces if piece.kind == "name"]
    assert len(named) >= 0.95 * len(names)
    heavy = {area for area, tier in enumerate(shown) if tier in ("red", "orange", "yellow")}
    assert {piece.area for piece in pieces if piece.kind == "mark"} == heavy


def test_a_name_without_room_is_left_out_and_its_mark_stays():
    land = ground(*squares(20))
    long = "A name that no square of this map has room for"
    pieces = placed(
        land.fitted(800, 200, MARGIN),
        [long] * 20,
        ["red"] * 10 + ["blue"] * 10,
        hatched=False,
        pins={},
        marks={},
    )
    assert {(piece.kind, piece.area) for piece in pieces} == {("mark", area) for area in range(10)}


def test_a_pin_whose_area_is_too_small_stands_beside_it_with_a_line_to_it():
    land = ground(*squares(40, 4, side=0.001))
    fitted = land.fitted(400, 200, MARGIN)
    tier = ["red"] * 160
    pins = {44: 1, 45: 2, 46: 3, 84: 4, 85: 5}
    pieces = placed(fitted, [""] * 160, tier, hatched=False, pins=pins, marks={})
    found = [piece for piece in pieces if piece.kind == "pin"]
    assert sorted(piece.text for piece in found) == list("12345")
    for one, other in itertools.combinations(found, 2):
        assert not one.box.intersects(other.box)
    led = [piece for piece in found if piece.at]
    assert led
    for piece in led:
        assert fitted.areas[piece.area].contains(shapely.Point(piece.at))
    svg = map_svg(land, [""] * 160, tier, width=400, height=200, pins=pins).svg
    assert len(elements(svg, "leader")) == len(led)


def test_each_mark_is_drawn_where_it_is_and_nowhere_else():
    marks = {at: (mark,) for at, mark in enumerate(MARKS)} | {6: ("raised", "held")}
    drawn = map_svg(ground(*squares(7)), list("甲乙丙丁戊己庚"), ["blue"] * 7, width=1400, height=200, marks=marks)
    having = {mark: len(elements(drawn.svg, f"badge {mark}")) for mark in MARKS}
    assert having == {"raised": 2, "lowered": 1, "held": 2, "carried": 1, "override": 1, "order": 1}
    assert len(elements(drawn.svg, "carried")) == 1  # the line inside the edge
    assert drawn.unmarked == 0


def test_more_marks_than_can_stand_beside_their_areas_are_left_out_and_counted():
    land, n = ground(*squares(60, 40, side=0.001)), 2400
    drawn = map_svg(land, [""] * n, ["blue"] * n, width=500, height=340, marks=dict.fromkeys(range(100), ("held",)))
    assert drawn.unmarked == 100
    assert elements(drawn.svg, "leader") == []
    few = map_svg(land, [""] * n, ["blue"] * n, width=500, height=340, marks=dict.fromkeys(range(20), ("held",)))
    assert few.unmarked == 0
    assert len(elements(few.svg, "badge held")) == 20


def test_hatched_every_tier_has_a_pattern_of_its_own_and_otherwise_only_unknown_has_one():
    for theme in THEMES:
        lines = [pattern(tier, Appearance(theme, hatched=True)).lines for tier in tiers.SHOWN]
        assert len(set(lines)) == len(tiers.SHOWN)
        assert [tier for tier in tiers.SHOWN if pattern(tier, Appearance(theme))] == [tiers.UNKNOWN]
    svg = map_svg(ground(*squares(2)), ["甲", "乙"], ["blue", "green"],
                  width=600, height=200, appearance=Appearance(hatched=True)).svg  # fmt: skip
    assert [element.text for element in elements(svg, "mark")] == [
        tiers.LOOKS["blue"].mark,
        tiers.LOOKS["green"].mark,
    ]


def test_an_area_without_a_boundary_is_not_drawn_and_the_others_are():
    land = ground(*squares(2), None)
    held = {2: ("raised",)}
    drawn = map_svg(land, ["甲", "乙", "丙"], ["red", "blue", "red"], width=600, height=200, pins={2: 1}, marks=held)
    svg = drawn.svg
    assert [path.get("data-name") for path in elements(svg, "area")] == ["甲", "乙"]
    assert elements(svg, "pin") == []


def test_a_name_may_hold_the_signs_of_xml():
    svg = map_svg(ground(*squares(1)), ['A&B <"C">'], ["blue"], width=300, height=200).svg
    assert [element.text for element in elements(svg, "name")] == ['A&B <"C">']


def test_a_sign_that_the_font_lacks_is_refused_by_name():
    with pytest.raises(BriefingError, match="𰻝"):
        map_svg(ground(*squares(1)), ["𰻝里"], ["blue"], width=300, height=200)


@pytest.mark.parametrize("sign", ["\ue000", "\u202e", "\u2066", "\u200f"])
def test_a_sign_of_private_use_and_one_that_turns_the_others_are_refused(sign):
    with pytest.raises(BriefingError, match=f"U\\+{ord(sign):04X}"):
        map_svg(ground(*squares(1)), [f"甲{sign}里"], ["blue"], width=300, height=200)


def test_texts_are_as_wide_as_the_font_writes_them():
    for bold, file in ((False, "Regular"), (True, "Bold")):
        font = ImageFont.truetype(FONTS / f"FiveColourSans-{file}.ttf", 1000, layout_engine=ImageFont.Layout.BASIC)
        for text in ("归帆网格", "E00031368", "▲◆■●✔▨"):
            assert np.isclose(text_width(text, 1000, bold=bold), font.getlength(text), rtol=0.02)
