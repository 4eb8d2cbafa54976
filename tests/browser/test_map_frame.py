"""The map in a real browser: what it asks for, keeps, paints and answers. Its page is ``apps/map_app.py``."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Frame, Page, Request, Route, expect

from analytics.drawing.area_map import HATCH_GROUND, HATCH_LINE, recolour
from analytics.tiers import LOOKS
from tests.browser.conftest import serving

APP = Path(__file__).parent / "apps" / "map_app.py"
NAMES = {look.code: tier for tier, look in LOOKS.items()}
FILL = {look.code: look.fill for look in LOOKS.values()}
HOSTILE = """</script><b>'"{{'x'}}\u2028"""

# The share of each colour in a square around a point of the frame, as {"#RRGGBB": number of pixels}.
COLOURS = """([x, y, reach]) => {
  const canvas = document.querySelector('canvas');
  const place = canvas.getBoundingClientRect();
  const ratio = canvas.width / place.width;
  const at = (value) => Math.round(value * ratio);
  const side = Math.max(1, at(2 * reach));
  const { data } = canvas.getContext('2d').getImageData(
    at(x - reach - place.left), at(y - reach - place.top), side, side);
  const found = {};
  for (let k = 0; k < data.length; k += 4) {
    const colour = '#' + [...data.slice(k, k + 3)].map((v) => v.toString(16).padStart(2, '0')).join('').toUpperCase();
    found[colour] = (found[colour] || 0) + 1;
  }
  return found;
}"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with serving(APP) as address:
        yield address


def open_map(page: Page, server: str, areas: int = 60) -> Frame:
    page.goto(f"{server}/?areas={areas}")
    frame = frame_of(page)
    frame.wait_for_selector("html[data-map-ready='1'][data-fonts]", state="attached")
    return frame


def frame_of(page: Page) -> Frame:
    return page.locator("iframe").element_handle().content_frame()


def state(frame: Frame) -> dict:
    return frame.evaluate("fiveColour.state()")


def click_area(page: Page, frame: Frame, area_id: str) -> None:
    point = frame.evaluate("id => fiveColour.pointOf(id)", area_id)
    page.locator("iframe").click(position=point)


def move_slider(page: Page, frame: Frame) -> None:
    before = state(frame)["tiers"]
    page.get_by_role("slider").press("ArrowRight")
    frame.wait_for_function("before => fiveColour.state().tiers !== before", arg=before)


def colours_at(frame: Frame, area_id: str, reach: float) -> dict[str, int]:
    point = frame.evaluate("id => fiveColour.pointOf(id)", area_id)
    return frame.evaluate(COLOURS, [point["x"], point["y"], reach])


def test_no_request_leaves_the_server(page, server):
    hosts = set()
    page.on("request", lambda request: hosts.add(urlparse(request.url).netloc))
    page.on("websocket", lambda socket: hosts.add(urlparse(socket.url).netloc))
    errors = []
    page.on("pageerror", lambda error: errors.append(error))
    frame = open_map(page, server)
    move_slider(page, frame)
    click_area(page, frame, "area 3")
    expect(page.get_by_text("selected area 3", exact=True)).to_be_visible()
    assert hosts - {""} == {urlparse(server).netloc}  # data: and blob: addresses have no host
    assert not errors


def test_a_slider_keeps_zoom_and_centre_and_fetches_no_shapes(page, server):
    shapes = []

    def note(request: Request) -> None:
        if re.search(r"\.shapes/\w+\.json$", request.url):
            shapes.append(request.url)

    page.on("request", note)
    frame = open_map(page, server)
    first = state(frame)
    frame.get_by_role("button", name="放大").click()
    frame.wait_for_function("zoom => fiveColour.state().zoom > zoom", arg=first["zoom"])
    frame.wait_for_function("!map_div._animatingZoom")
    zoomed = state(frame)
    move_slider(page, frame)
    move_slider(page, frame)
    after = state(frame)
    assert (after["zoom"], after["center"]) == (zoomed["zoom"], zoomed["center"])
    assert after["tiers"] != first["tiers"]
    assert len(shapes) == 1


def test_a_click_names_the_area_again_and_again(page, server):
    frame = open_map(page, server)
    for area_id in ("area 12", "area 1", "area 12"):
        click_area(page, frame, area_id)
        expect(page.get_by_text(f"selected {area_id}", exact=True)).to_be_visible()
        frame.wait_for_function("id => fiveColour.state().selected === id", arg=area_id)


def test_a_click_on_empty_ground_selects_nothing(page, server):
    frame = open_map(page, server)
    page.locator("iframe").click(position={"x": 4, "y": 4})
    assert frame.evaluate("__GLOBAL_DATA__.lat_lng_clicked") is not None  # st_folium has heard the click …
    assert frame.evaluate("__GLOBAL_DATA__.last_active_drawing") is None  # … and has no area to report


def test_every_area_is_filled_with_its_tier_exactly(page, server):
    frame = open_map(page, server)
    shown = state(frame)
    named = [label["id"] for label in shown["labels"] if label["size"] >= 17]
    assert len(named) > 30
    for area_id in named:
        code = shown["tiers"][int(area_id.removeprefix("area "))]
        colours = colours_at(frame, area_id, 14)
        if code == "u":
            assert {HATCH_GROUND, HATCH_LINE} <= set(colours)
        else:
            assert max(colours, key=colours.get) == FILL[code]


def test_a_carried_tier_has_a_dotted_line_inside_its_edge_and_says_so_at_the_pointer(page, server):
    frame = open_map(page, server)
    shown = state(frame)
    codes = shown["tiers"]
    at = next(
        i for i, code in enumerate(codes) if code in "gyo" and f"area {i}" in {one["id"] for one in shown["labels"]}
    )
    unknown = codes.index("u")
    drawn = recolour(
        [NAMES[code] for code in codes], None, None,
        flags={"carried": [i in (at, unknown) for i in range(len(codes))]},
    )  # fmt: skip
    plain = colours_at(frame, f"area {at}", 60)
    frame.evaluate(
        "([tiers, told]) => { fiveColour.recolour(tiers, told); }", [drawn.codes, json.loads(drawn.settings)]
    )
    # An area without enough data is hatched, and nothing else.
    assert state(frame)["carried"] == [f"area {at}"]
    dotted = colours_at(frame, f"area {at}", 60)
    ink = LOOKS[NAMES[codes[at]]].on_fill
    assert dotted.get(ink, 0) > plain.get(ink, 0)
    point = frame.evaluate("id => fiveColour.pointOf(id)", f"area {at}")
    page.locator("iframe").hover(position=point)
    told = f"{NAMES[codes[at]]} carried"
    frame.wait_for_function("told => document.querySelector('.five-card').textContent.includes(told)", arg=told)


def test_what_keeps_a_tier_has_its_sign_beside_the_change_and_outlined_areas_have_a_line(page, server):
    frame = open_map(page, server)
    codes = state(frame)["tiers"]
    held = [i % 3 == 0 for i in range(len(codes))]
    override = [i % 7 == 1 and not held[i] for i in range(len(codes))]
    outlined = [code == "y" for code in codes]
    drawn = recolour(
        [NAMES[code] for code in codes], None, "+" * len(codes),
        flags={"held": held, "override": override, "outlined": outlined},
    )  # fmt: skip
    frame.evaluate(
        "([tiers, told]) => { fiveColour.recolour(tiers, told); }", [drawn.codes, json.loads(drawn.settings)]
    )
    shown = state(frame)
    assert shown["outlined"] == [f"area {i}" for i, one in enumerate(outlined) if one]
    signed = {int(label["id"].removeprefix("area ")): label["signs"] for label in shown["labels"]}
    # The change and the decision of a person are drawn everywhere; that a tier is held, where there is room for it.
    for i in range(len(codes)):
        kept = ["held"] * held[i] + ["override"] * override[i]
        assert signed[i] == ["raised", *kept] or (held[i] and signed[i] == ["raised"])
    assert sum("held" in signs for signs in signed.values()) > 0.7 * sum(held)


def test_what_changed_is_signed_even_in_areas_that_are_too_small_for_it(page, server):
    frame = open_map(page, server, 5000)
    codes = state(frame)["tiers"]
    drawn = recolour([NAMES[code] for code in codes], None, "+" * 20 + "-" * 20 + "." * (len(codes) - 40))
    frame.evaluate(
        "([tiers, told]) => { fiveColour.recolour(tiers, told); }", [drawn.codes, json.loads(drawn.settings)]
    )
    signed = {label["id"]: label["signs"] for label in state(frame)["labels"] if label["signs"]}
    assert signed == {f"area {i}": ["raised" if i < 20 else "lowered"] for i in range(40)}


def test_names_without_room_stand_beside_the_map_and_lie_over_nothing(page, server):
    page.set_viewport_size({"width": 420, "height": 900})
    frame = open_map(page, server)
    boxes = [one["box"] for one in state(frame)["beside"]]
    assert boxes
    for at, one in enumerate(boxes):
        for other in boxes[at + 1 :]:
            apart = one["x1"] <= other["x0"] or other["x1"] <= one["x0"] or one["y1"] <= other["y0"]
            assert apart or other["y1"] <= one["y0"]


def test_the_buttons_lie_over_no_area(page, server):
    for width in (1400, 700, 420):
        page.set_viewport_size({"width": width, "height": 900})
        frame = open_map(page, server)
        buttons = frame.locator(".leaflet-control-zoom").bounding_box()
        place = page.locator("iframe").bounding_box()
        for x in (0, buttons["width"]):
            for y in (0, buttons["height"] / 2, buttons["height"]):
                under = {"x": buttons["x"] - place["x"] + x, "y": buttons["y"] - place["y"] + y}
                assert frame.evaluate("({ x, y }) => fiveColour.areaAt(x, y)", under) is None


def test_5000_areas_are_painted_and_answer(page, server):
    frame = open_map(page, server, 5000)
    shown = state(frame)
    assert len(shown["tiers"]) == shown["areas"] == 5000
    for area_id in ("area 2000", "area 2001", "area 2002", "area 2003"):
        code = shown["tiers"][int(area_id.removeprefix("area "))]
        if code != "u":
            assert list(colours_at(frame, area_id, 0.5)) == [FILL[code]]
    click_area(page, frame, "area 2000")
    expect(page.get_by_text("selected area 2000", exact=True)).to_be_visible()


def test_colours_that_come_before_the_shapes_are_kept(page, server):
    held: list[Route] = []
    page.route(re.compile(r"\.shapes/\w+\.json"), lambda route: held.append(route))
    page.goto(f"{server}/?areas=60")
    frame = frame_of(page)
    frame.wait_for_function("window.fiveColour && fiveColour.state().tiers.length === 60")
    assert frame.evaluate("document.documentElement.dataset.mapReady") is None
    held.pop().continue_()
    frame.wait_for_selector("html[data-map-ready='1']", state="attached")
    assert state(frame)["areas"] == 60


def test_missing_shapes_are_said_and_not_a_blank(page, server):
    page.route(re.compile(r"\.shapes/\w+\.json"), lambda route: route.fulfill(status=404))
    page.goto(f"{server}/?areas=60")
    expect(page.frame_locator("iframe").get_by_role("alert")).to_have_text("missing")


def test_the_card_shows_a_name_as_text(page, server):
    frame = open_map(page, server)
    point = frame.evaluate("fiveColour.pointOf('area 30')")
    page.locator("iframe").hover(position=point)
    card = frame.locator(".five-card")
    expect(card).to_be_visible()
    assert card.locator("b").first.text_content() == HOSTILE
    assert card.locator("b").count() == 1


def test_the_map_is_fitted_again_when_the_frame_changes_and_comes_home_when_zoomed_out(page, server):
    frame = open_map(page, server)
    wide = state(frame)["zoom"]
    page.set_viewport_size({"width": 700, "height": 900})
    frame.wait_for_function("zoom => fiveColour.state().zoom < zoom", arg=wide)
    narrow = state(frame)
    frame.get_by_role("button", name="放大").click()
    frame.wait_for_function("zoom => fiveColour.state().zoom > zoom && !map_div._animatingZoom", arg=narrow["zoom"])
    frame.evaluate("map_div.panBy([90, 60], { animate: false })")
    frame.get_by_role("button", name="缩小").click()
    frame.wait_for_function(
        "([zoom, lat, lng]) => { const now = fiveColour.state(); return Math.abs(now.zoom - zoom) < 1e-9 && "
        "Math.abs(now.center[0] - lat) < 1e-4 && Math.abs(now.center[1] - lng) < 1e-4; }",
        arg=[narrow["zoom"], *narrow["center"]],
    )


def test_the_frame_says_what_it_shows_and_in_which_language(page, server):
    frame = open_map(page, server)
    expect(frame.get_by_role("img", name="五色分布图")).to_be_visible()
    assert frame.evaluate("document.documentElement.lang") == "zh"
