"""What only a browser can show of the area page: presses that stay on the page, and that it prints as one A4 page."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_dashboard import faults_of_ours, open_page, settle

BOAT = "area?lang={lang}&area=DS-06-04&release=working"


def at_boat(page: Page, dashboard: str, lang: str = "zh") -> None:
    open_page(page, f"{dashboard}/{BOAT.format(lang=lang)}")


def pressed(page: Page, selector: str, link: str) -> None:
    """Press, and wait until the address says what was pressed."""
    page.locator(selector).first.click()
    expect(page).to_have_url(re.compile(link), timeout=30_000)
    settle(page)


def test_next_previous_neighbours_and_rows_are_pressed_without_a_new_visit(page, dashboard):
    at_boat(page, dashboard)
    visits = []
    page.on("framenavigated", lambda frame: visits.append(frame.url) if frame == page.main_frame else None)
    page.evaluate("window.same = true")
    expect(page.locator(".first .who b")).to_have_text("船埠")
    pressed(page, ".pair a:last-child", "area=DS-06-05")
    expect(page.locator(".first .who b")).to_have_text("水车")
    pressed(page, ".pair a:first-child", "area=DS-06-04")
    pressed(page, "table.beside a", "area=DS-06-01")
    expect(page.locator(".first .who b")).to_have_text("归帆")
    named = page.locator(".sketch span", has_text="船埠").bounding_box()
    page.mouse.click(named["x"] + named["width"] / 2, named["y"] + named["height"] / 2)
    expect(page).to_have_url(re.compile("area=DS-06-04"), timeout=30_000)
    settle(page)
    expect(page.locator(".first .who b")).to_have_text("船埠")
    pressed(page, 'button[data-press="?row=fever_14d"]', "row=fever_14d")
    expect(page.locator("tr.behind")).to_be_visible()
    pressed(page, 'button[data-press="?span=13"]', "span=13")
    assert page.evaluate("window.same") is True


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_is_one_page_of_a4_across_without_menus(page, dashboard, lang):
    at_boat(page, dashboard, lang)
    made = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", made)) == 1
    width, height = map(float, re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", made).groups())
    assert (round(width), round(height)) == (842, 595)
    page.emulate_media(media="print")
    for gone in (".st-key-scheme", ".st-key-date", ".st-key-area_row", ".seg"):
        expect(page.locator(gone)).to_be_hidden()
    expect(page.locator(".st-key-controls .fc")).to_be_visible()  # as at when
    expect(page.locator(".first")).to_be_visible()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("link", [BOAT, "area?lang={lang}&level=groups", "area?lang={lang}&release=working"])
def test_axe_finds_nothing_in_our_own_cards(page, dashboard, lang, link):
    open_page(page, f"{dashboard}/{link.format(lang=lang)}")
    assert faults_of_ours(page) == []


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1280, 720), (390, 844)])
def test_nothing_is_wider_than_the_screen(page, dashboard, width, height):
    page.set_viewport_size({"width": width, "height": height})
    at_boat(page, dashboard)
    wide = "[...document.querySelectorAll('[data-testid=stMain], [data-testid=stMainBlockContainer]')]"
    assert page.evaluate(f"{wide}.every(one => one.scrollWidth <= one.clientWidth)")
