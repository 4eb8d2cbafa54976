"""What only a browser can show of a briefing: the file that is handed over, the keys of the presentation, the frame."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from analytics.words import say
from tests.browser.conftest import ROOT, hosts_asked, serving
from tests.browser.test_dashboard import PICTURES, map_of, open_page
from tests.pages.test_release_pages import made

SIZES = ((1920, 1080), (1280, 720))


def opened(browser: Browser, size: tuple[int, int]):
    return browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN", accept_downloads=True
    ).new_page()


def test_a_release_is_taken_along_presented_and_framed_without_a_request_to_anywhere_else(browser: Browser):
    made(1, 0)
    PICTURES.mkdir(exist_ok=True)
    with serving(ROOT / "dashboard.py") as address:
        # The first page that anybody opens on this server: a deep link.
        page = opened(browser, SIZES[0])
        asked = [hosts_asked(page)]
        open_page(page, f"{address}/briefing?lang=zh&data=demo_street")
        expect(page.get_by_role("dialog")).to_have_count(0)
        with page.expect_download() as download:
            page.get_by_role("button", name="下载图片").click()
        name = download.value.suggested_filename
        for said in ("第2期", say("zh", "briefing.kind_png"), say("zh", "briefing.theme_light")):
            assert said in name
        assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")
        faults = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]
        assert [fault["id"] for fault in faults if "st-key-brief" in str(fault["nodes"])] == []
        for lang in ("zh", "en"):
            for size in SIZES:
                page.set_viewport_size({"width": size[0], "height": size[1]})
                open_page(page, f"{address}/briefing?lang={lang}&data=demo_street")
                expect(page.locator(".st-key-brief_preview img")).to_be_visible()
                page.screenshot(path=PICTURES / f"briefing_{lang}_{size[0]}.png")
                assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= size[0]

        show = opened(browser, SIZES[0])
        asked.append(hosts_asked(show))
        show.goto(f"{address}/presentation?lang=en&data=demo_street")
        frame = show.frame_locator(".st-key-show iframe")
        expect(frame.locator("html[data-ready]")).to_have_count(1, timeout=30_000)
        expect(frame.locator(".page.shown .drawing svg")).to_be_visible()
        assert frame.locator("html").evaluate("document.fonts.check('16px \"Five Colour Sans\"')")
        show.screenshot(path=PICTURES / "presentation_en_1920.png")
        pages = frame.locator(".page").count()
        for key, at in (("ArrowRight", 1), ("PageDown", 2), ("End", pages - 1), ("ArrowLeft", pages - 2), ("Home", 0)):
            frame.locator("main").press(key)
            expect(frame.locator(".page").nth(at)).to_be_visible()
            expect(frame.locator(".page.shown")).to_have_count(1)
        frame.locator("main").press("t")
        expect(frame.locator("html[data-theme=dark]")).to_have_count(1)
        # A wall of two screens shows the changes and the trend beside the map.
        expect(frame.locator(".page.shown .wide").first).to_be_hidden()
        show.set_viewport_size({"width": 2560, "height": 720})
        expect(frame.locator(".page.shown .wide").first).to_be_visible()
        show.screenshot(path=PICTURES / "presentation_wall.png")
        frame.locator("main").press("Escape")
        expect(show.locator(".st-key-brief_preview")).to_be_visible(timeout=30_000)

        embedded = opened(browser, (900, 700))
        asked.append(hosts_asked(embedded))
        open_page(embedded, f"{address}/?embed=true&lang=zh&data=demo_street")
        expect(embedded.locator(".count")).to_have_count(6)
        assert len(map_of(embedded).evaluate("fiveColour.state()")["tiers"]) == 52
        expect(embedded.get_by_role("link", name="趋势")).to_have_count(0)
        embedded.screenshot(path=PICTURES / "embed_zh_900.png")
        for tab in (page, show, embedded):
            tab.context.close()
        assert set().union(*asked) == {"127.0.0.1"}


@pytest.mark.parametrize("path", ["/briefing", "/presentation"])
def test_a_cold_deep_link_without_a_release_says_what_to_do(browser: Browser, home: Path, path: str):
    (home / "samples" / "demo_street").mkdir(parents=True)  # somebody has looked at it before it had releases
    with serving(ROOT / "dashboard.py") as address:
        page = opened(browser, SIZES[1])
        page.goto(f"{address}{path}?lang=en&data=demo_street")
        expect(page.get_by_text("Nothing has been released yet")).to_be_visible(timeout=60_000)
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.context.close()
