"""What only a browser can show of the product: where it asks, how a cold link opens, what a click and a date do."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Frame, Locator, Page, TimeoutError, expect

from analytics.words import say
from tests.browser.conftest import ROOT, hosts_asked, serving

PICTURES = ROOT / "tests" / "screenshots"
SIZES = ((1920, 1080), (1280, 720), (390, 844))
PAGES = {
    "overview": "/",
    "areas": "/area",
    "response": "/response",
    "trends": "/trends",
    "compare": "/compare",
    "briefing": "/briefing",
    "weights": "/weights",
    "confidence": "/confidence",
    "evidence": "/evidence",
    "method": "/method",
    "releases": "/releases",
    "data": "/data",
    "settings": "/settings",
}


def open_page(page: Page, address: str) -> None:
    page.goto(address)
    settle(page)


def settle(page: Page) -> None:
    """Wait until the script has run, every element is there, and each map has painted."""
    foot = page.locator(".foot-line")
    expect(foot).to_have_count(1, timeout=60_000)  # two for a moment, where a run begins before the last has drawn all
    expect(foot).to_be_visible(timeout=60_000)
    expect(page.locator('[data-testid="stSkeleton"]')).to_have_count(0, timeout=60_000)
    expect(page.locator('[data-test-script-state="notRunning"]')).to_have_count(1, timeout=60_000)
    for frame in page.locator("iframe").all():
        painted(frame)


def zoomed(page: Page, frame: Frame) -> dict:
    """Zoom in with the wheel, and return what the map shows then. A turn that fell into a moment in which the map was
    moved is made again."""
    shown, turns = state(frame)["zoom"], 10
    for turn in range(turns):
        page.locator("iframe").hover(position={"x": 200, "y": 150})
        page.mouse.wheel(0, -240)
        try:
            frame.wait_for_function("zoom => fiveColour.state().zoom !== zoom", arg=shown, timeout=3000)
            break
        except TimeoutError:
            if turn == turns - 1:
                raise
    frame.wait_for_function("!document.querySelector('.leaflet-zoom-anim')")
    return state(frame)


def shapes_asked(page: Page) -> list[str]:
    """A list that fills with the addresses of the shapes that ``page`` fetches."""
    fetched = []
    shapes = re.compile(r"\.shapes/\w+\.json")
    page.on("request", lambda request: fetched.append(request.url) if shapes.search(request.url) else None)
    return fetched


def map_of(page: Page) -> Frame:
    """The map of a page that has one."""
    return painted(page.locator("iframe"))


def painted(place: Locator) -> Frame:
    """The frame that is there once its map is drawn: a rerun may have put a new one in its place meanwhile."""
    drawn = place.content_frame.locator("html[data-map-ready='1'][data-fonts]")
    expect(drawn).to_be_attached(timeout=30_000)
    return place.element_handle().content_frame()


def state(frame: Frame) -> dict:
    return frame.evaluate("fiveColour.state()")


@pytest.mark.parametrize("path", ["/trends", "/compare", "/weights", "/data"])
def test_a_cold_deep_link_on_a_fresh_server_runs_through_the_door(browser: Browser, path: str):
    with serving(ROOT / "dashboard.py") as address:
        page = browser.new_page()
        open_page(page, f"{address}{path}?lang=en")
        expect(page.get_by_role("link", name="Overview")).to_be_visible()
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.close()


def test_a_page_that_breaks_off_says_so_in_the_reader_s_language(page: Page):
    with serving(Path(__file__).parent / "apps" / "broken_app.py") as address:
        for lang in ("zh", "en"):
            page.goto(f"{address}?lang={lang}")
            broken = page.get_by_role("alert")
            expect(broken).to_be_visible(timeout=60_000)
            said = "said => getComputedStyle(document.querySelector('[role=alert]'), '::after').content.includes(said)"
            page.wait_for_function(said, arg=say(lang, "page.fault"))  # the style may come after the alert
            assert broken.inner_text().strip() == ""  # what Streamlit says of it in English is not shown
            assert "marker" not in page.content()


@pytest.mark.parametrize("path", ["/loading", "/parts", "/controls"])
def test_a_page_file_has_no_address_of_its_own(page: Page, path: str):
    # On a fresh server: once the door was opened, Streamlit goes by the pages that are named there.
    with serving(ROOT / "dashboard.py") as address:
        page.goto(f"{address}{path}")
        expect(page.get_by_role("link", name=re.compile("一张图|Overview")).first).to_be_visible(timeout=30_000)


def test_a_date_keeps_the_view_recolours_and_fetches_no_shapes_again(page: Page, dashboard: str):
    fetched = shapes_asked(page)
    open_page(page, f"{dashboard}/")
    frame = map_of(page)
    before = zoomed(page, frame)
    page.locator(".week").nth(-2).click()
    frame.wait_for_function("tiers => fiveColour.state().tiers !== tiers", arg=before["tiers"])
    after = state(frame)
    assert (after["zoom"], after["center"]) == (before["zoom"], before["center"])
    assert after["tiers"] != before["tiers"]
    assert len(fetched) == 1


def test_a_scheme_recolours_the_same_map(page: Page, dashboard: str):
    open_page(page, f"{dashboard}/")
    frame = map_of(page)
    before = zoomed(page, frame)  # a view of one's own: one that nobody chose is fitted anew with the frame
    page.get_by_role("radio", name="空巢老人管护").click()
    frame.wait_for_function("tiers => fiveColour.state().tiers !== tiers", arg=before["tiers"])
    assert state(frame)["zoom"] == before["zoom"]


def test_a_click_on_an_area_opens_its_card_and_another_click_another(page: Page, dashboard: str):
    open_page(page, f"{dashboard}/")
    frame = map_of(page)
    for area in ("DS-02-01", "DS-05-02", "DS-02-01"):
        page.locator("iframe").click(position=frame.evaluate("id => fiveColour.pointOf(id)", area))
        frame.wait_for_function("id => fiveColour.state().selected === id", arg=area)
        expect(page).to_have_url(re.compile(f"area={area}"))
        settle(page)
    expect(page.locator(".preview h2")).to_have_text("听雨")


def test_the_map_shows_the_tiers_that_the_counts_tell(page: Page, dashboard: str):
    open_page(page, f"{dashboard}/")
    codes = state(map_of(page))["tiers"]
    for tier, code in (("red", "r"), ("orange", "o"), ("yellow", "y"), ("blue", "b"), ("green", "g"), ("unknown", "u")):
        told = page.locator(f'.count[data-tier="{tier}"]').get_attribute("data-count")
        assert int(told) == codes.count(code), tier


def test_at_a_phone_s_width_the_page_is_one_column_and_nothing_sticks_out(page: Page, dashboard: str):
    page.set_viewport_size({"width": 390, "height": 844})
    open_page(page, f"{dashboard}/")
    width = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert width <= 390


@pytest.fixture(scope="module")
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """Somebody who goes from page to page: what they have fetched once they keep."""
    context = browser.new_context(locale="zh-CN")
    yield context
    context.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("data", ["demo_street", "trafford"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_asks_nobody_else_fits_reads_well_and_is_photographed(
    visitor: BrowserContext, dashboard: str, name: str, data: str, lang: str
):
    page = visitor.new_page()
    hosts = hosts_asked(page)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        if page.url == "about:blank":
            open_page(page, f"{dashboard}{PAGES[name]}?data={data}&lang={lang}")
        settle(page)
        if name == "trends":
            expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
        expect(page.locator('[data-testid="stException"]')).to_have_count(0)
        picture = PICTURES / f"{name}_{data}_{lang}_{width}.png"
        picture.parent.mkdir(exist_ok=True)
        page.wait_for_timeout(500)  # charts and the map follow the new size on their own time
        page.screenshot(path=picture)
        assert picture.stat().st_size > 20_000
        # Nothing is wider than the screen.
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
    assert hosts == {"127.0.0.1"}
    if data == "demo_street":
        page.set_viewport_size({"width": 1400, "height": 900})
        settle(page)
        assert faults_of_ours(page) == []
        assert printed_controls(page) == []
    page.close()


def printed_controls(page: Page) -> list[str]:
    """What can be pressed or chosen and would stand on a sheet that is printed: text boxes are what a form says."""
    page.emulate_media(media="print")
    seen = page.locator(
        "[data-testid=stHeader], [data-testid=stButton], [data-testid=stDownloadButton], [data-testid=stPopover], "
        "[data-testid=stButtonGroup], [data-testid=stSelectbox], [data-testid=stDateInput], [data-testid=stSlider]"
    ).evaluate_all("all => all.filter(one => one.checkVisibility()).map(one => one.dataset.testid + one.innerText)")
    page.emulate_media(media="screen")
    return seen


def faults_of_ours(page: Page) -> list[str]:
    """What axe finds in the parts of a page that are not Streamlit's own."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "best-practice"]}).response["violations"]
    ours = re.compile(r"\bfc\b|st-key-|class=\"(chip|count|rank|fall|week|move|foot)")
    return [
        f"{fault['id']}: {node['html'][:160]}"
        for fault in found
        for node in fault["nodes"]
        if ours.search(node["html"] + str(node["target"]))
    ]


@pytest.mark.parametrize(
    ("lang", "confirm", "size"),
    [("zh", "确认并导入3个文件", (1920, 1080)), ("en", "Import 3 files", (1280, 720))],
)
def test_dropped_files_are_confirmed_stored_and_shown_on_the_map(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str, confirm: str, size: tuple[int, int]
):
    monkeypatch.setenv("FIVE_COLOUR_HOME", str(tmp_path / "own"))
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN")
    with serving(ROOT / "dashboard.py") as address:
        page = context.new_page()
        hosts = hosts_asked(page)
        open_page(page, f"{address}/data?lang={lang}")
        street = ROOT / "sample_data" / "demo_street"
        page.locator("input[type=file]").set_input_files(
            [street / name for name in ("incidents.csv", "areas.geojson", "residents.csv")]
        )
        expect(page.get_by_role("button", name=confirm)).to_be_visible(timeout=30_000)
        settle(page)
        page.screenshot(path=PICTURES / f"data_confirm_{lang}_{size[0]}.png", full_page=True)
        page.get_by_role("button", name=confirm).click()
        expect(page.locator("table.loads tbody tr")).to_have_count(3, timeout=60_000)
        settle(page)
        page.screenshot(path=PICTURES / f"data_loaded_{lang}_{size[0]}.png", full_page=True)
        open_page(page, f"{address}/?lang={lang}")
        assert "data=own" in page.url
        assert len(state(map_of(page))["tiers"]) == 52
        assert hosts == {"127.0.0.1"}
    context.close()
