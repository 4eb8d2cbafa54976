"""The first page as it is pressed: one screen, filters, the map, weeks, and where the focus goes."""

import re
from collections import Counter

import pytest
from playwright.sync_api import Frame, Page, expect

from analytics.wording.tiers import mark_name
from tests.browser.test_dashboard import faults_of_ours, map_of, open_page, painted, settle, state

SIZES = ((1920, 1080), (1280, 720))
ALWAYS = ("raised", "lowered", "override")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("scheme", ["epidemic", "rentals", "venues", "elders"])
def test_it_is_one_screen_and_nothing_overprints(page: Page, dashboard: str, scheme: str, lang: str):
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        open_page(page, f"{dashboard}/?lang={lang}&scheme={scheme}&release=working")
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight") <= height
        ends = page.evaluate(
            "['.side', '.st-key-weeks_card', '.st-key-overview_foot'].map("
            "one => document.querySelector(one).getBoundingClientRect().bottom)"
        )
        assert max(ends[:2]) <= page.locator(".st-key-overview_foot").bounding_box()["y"] + 1
        assert ends[2] <= height
        shown = state(map_of(page))
        assert len(shown["labels"]) == shown["areas"]
        beside = {one["id"] for one in shown["beside"]}
        # Every area has its name, in it or beside the map; where a long one has no room at all, its mark.
        nameless = [one for one in shown["labels"] if not one["text"] and one["id"] not in beside]
        assert all(label["mark"] for label in nameless)
        assert lang == "en" or not nameless
        # Dates of the weeks do not overprint.
        feet = page.locator(".week .foot").evaluate_all(
            "all => all.map(one => [one.scrollWidth, one.clientWidth, one.getBoundingClientRect().x])"
        )
        assert all(wide <= room + 1 for wide, room, _ in feet), feet
        assert len({x for *_, x in feet}) == 12


def drawn(frame: Frame) -> Counter:
    """How often the map draws each mark that it may not leave out."""
    return Counter(sign for label in state(frame)["labels"] for sign in label["signs"] if sign in ALWAYS)


def told(frame: Frame) -> Counter:
    """How many areas the map was told to give each of them."""
    return Counter(sign for area in state(frame)["told"] for sign in area["signs"] if sign in ALWAYS)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("scheme", ["epidemic", "rentals", "venues", "elders"])
def test_the_map_draws_every_change_and_override_that_its_legend_counts(
    page: Page, dashboard: str, scheme: str, lang: str
):
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        open_page(page, f"{dashboard}/?lang={lang}&scheme={scheme}")
        legend = page.locator(".st-key-map_card .legend").inner_text()
        counts = {mark: int(re.search(rf"{mark_name(lang, mark)}\s*(\d+)", legend)[1]) for mark in ALWAYS}
        frame = map_of(page)
        assert {mark: drawn(frame)[mark] for mark in ALWAYS} == counts
        assert drawn(frame) == told(frame)
        assert sum(counts.values()) > 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_both_maps_of_compare_draw_every_change_and_override(page: Page, dashboard: str, lang: str):
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        open_page(page, f"{dashboard}/compare?lang={lang}")
        before, after = (painted(place) for place in page.locator(".st-key-compare_maps iframe").all())
        moved = page.locator("table.moved tbody tr").count()
        assert moved > 0
        assert drawn(after)["raised"] + drawn(after)["lowered"] == moved
        for frame in (before, after):
            assert drawn(frame) == told(frame)
        assert told(after)["override"] > 0


def test_what_is_drawn_anew_while_it_is_held_down_is_pressed_all_the_same(page: Page, dashboard: str):
    open_page(page, f"{dashboard}/?release=working")
    for times in ("first", "again"):
        box = page.locator("#count-yellow").bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.evaluate("document.querySelector('#count-yellow').outerHTML += ''")  # as a run does that ends meanwhile
        page.mouse.up()
        if times == "first":
            expect(page).to_have_url(re.compile("tier=yellow"), timeout=30_000)
        else:
            expect(page).not_to_have_url(re.compile("tier="), timeout=30_000)
        settle(page)


def test_a_count_outlines_its_areas_and_says_so_and_a_second_press_undoes_it(page: Page, dashboard: str):
    open_page(page, f"{dashboard}/?release=working")
    frame = map_of(page)
    assert state(frame)["outlined"] == []
    page.locator("#count-yellow").click()
    frame.wait_for_function("fiveColour.state().outlined.length > 0")
    shown = state(frame)
    assert len(shown["outlined"]) == shown["tiers"].count("y")
    expect(page.locator(".st-key-map_card .head")).to_contain_text(f"“黄”{len(shown['outlined'])}个加框")
    expect(page.locator("#count-yellow")).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile("tier=yellow"))
    settle(page)
    # Whoever uses the keyboard goes on from where they were.
    page.wait_for_function("document.activeElement.id === 'count-yellow'")
    page.keyboard.press("Enter")
    frame.wait_for_function("fiveColour.state().outlined.length === 0")
    settle(page)
    expect(page).not_to_have_url(re.compile("tier="))


def test_chips_rows_weeks_and_the_map_can_be_pressed(page: Page, dashboard: str):
    page.set_viewport_size({"width": 1280, "height": 720})
    open_page(page, f"{dashboard}/?release=working")
    frame = map_of(page)
    held = int(re.search(r"\d+", page.locator("#filter-held").inner_text())[0])
    page.locator("#filter-held").click()
    expect(page.locator(".change")).to_have_count(held)
    settle(page)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight") <= 720
    row = page.locator(".priority .rank").nth(3)
    area = row.get_attribute("data-area")
    row.locator(".asked").click()
    frame.wait_for_function("id => fiveColour.state().selected === id", arg=area)
    expect(page.locator(".preview.closable")).to_be_visible()
    settle(page)
    assert faults_of_ours(page) == []
    page.locator(".preview .close").click()
    expect(page.locator(".preview.closable")).to_have_count(0)
    settle(page)
    page.locator(".preview").wait_for(state="hidden")
    page.locator("iframe").click(position=frame.evaluate("fiveColour.pointOf('DS-05-02')"))
    frame.wait_for_function("fiveColour.state().selected === 'DS-05-02'")
    expect(page.locator(".preview.closable")).to_be_visible()
    settle(page)
    before = state(frame)["tiers"]
    page.locator(".week").nth(4).click()
    frame.wait_for_function("tiers => fiveColour.state().tiers !== tiers", arg=before)
    expect(page.locator(".week").nth(4)).to_have_attribute("aria-current", "date")
    settle(page)
    expect(page.locator(".week.baseline")).to_have_count(1)


def test_on_a_phone_it_is_one_column(page: Page, dashboard: str):
    page.set_viewport_size({"width": 390, "height": 844})
    open_page(page, f"{dashboard}/?release=working&area=DS-05-02")
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    wide = page.locator(".fc *").evaluate_all(
        "all => all.filter(one => one.getBoundingClientRect().right > 391 && !one.closest('.scroll, .rows'))"
        ".map(one => one.className)"
    )
    assert wide == []
    assert faults_of_ours(page) == []
