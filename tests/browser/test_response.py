"""Was it done? From the first page in one press; the page on response as it is pressed."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_dashboard import map_of, open_page, settle, state


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_leader_sees_from_the_first_page_in_one_press_whether_it_was_done(page: Page, dashboard: str, lang: str):
    open_page(page, f"{dashboard}/?lang={lang}")
    page.locator(".priority .done-link").click()
    expect(page).to_have_url(re.compile("/response"), timeout=30_000)
    settle(page)
    shown = state(map_of(page))
    behind = shown["behind"]
    assert behind
    assert len(shown["outlined"]) == sum(shown["tiers"].count(code) for code in "ro")
    listed = page.locator(".card.areas tbody")
    expect(listed).to_have_count(len(shown["outlined"]))
    name = listed.first.locator("a")
    told = name.inner_text()
    name.click()
    expect(page).to_have_url(re.compile("/area"), timeout=30_000)
    settle(page)
    expect(page.locator(".first .who b")).to_have_text(told)
    page.locator(".st-key-area_week .done-link").click()
    expect(page).to_have_url(re.compile("/response"), timeout=30_000)


def test_rows_of_tiers_areas_and_teams_are_pressed(page: Page, dashboard: str):
    open_page(page, f"{dashboard}/response?release=working")
    frame = map_of(page)
    blue = state(frame)["tiers"].count("b")
    page.locator(".by-tier tbody tr", has=page.locator("#tier-blue")).locator("td").last.click()
    frame.wait_for_function(f"fiveColour.state().outlined.length === {blue}")
    settle(page)
    expect(page.locator("#tier-blue")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".card.areas tbody")).to_have_count(blue)
    page.locator("#tier-blue").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#tier-blue")).to_have_attribute("aria-pressed", "false", timeout=30_000)
    settle(page)
    row = page.locator(".card.areas tbody").nth(1)
    area = row.get_attribute("data-area")
    row.locator(".duty").first.click()
    expect(page).to_have_url(re.compile(f"/response.*area={area}"), timeout=30_000)
    expect(page.locator(f".card.areas tbody[data-area='{area}']")).to_have_class("chosen")
    settle(page)
    page.locator("table.teams tbody tr").first.locator("td").first.click()
    expect(page).to_have_url(re.compile("/area.*within="), timeout=30_000)


def test_cells_of_the_legend_filter_map_and_list_and_stay_in_the_link(page: Page, dashboard: str):
    open_page(page, f"{dashboard}/response?release=working")
    frame = map_of(page)
    before = len(state(frame)["outlined"])
    page.locator("#cell-blue-behind").click()
    frame.wait_for_function(f"fiveColour.state().outlined.length > {before}")
    settle(page)
    expect(page.locator("#cell-blue-behind")).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile("cells=red.behind%2Corange.behind%2Cblue.behind"))
    expect(page.locator(".card.areas tbody")).to_have_count(len(state(frame)["outlined"]))
    for cell in ("red", "orange", "blue"):
        page.locator(f"#cell-{cell}-behind").click()
        expect(page.locator(f"#cell-{cell}-behind")).to_have_attribute("aria-pressed", "false", timeout=30_000)
        settle(page)
    assert state(frame)["outlined"] == []
    page.locator("#cells-usual").click()
    frame.wait_for_function(f"fiveColour.state().outlined.length === {before}")
    page.locator("#duty-grid_rounds").click()
    expect(page).to_have_url(re.compile("duty=grid_rounds"), timeout=30_000)
