"""What only a browser can show of the workbench: the view that stays, the click, the draft that comes back."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.test_dashboard import PICTURES, map_of, open_page, settle, shapes_asked, state, zoomed

SIZES = [(1920, 1080), (1280, 720)]


def slider(page: Page, child: str):
    return page.locator(f'[class*="st-key-weight_{child}"]').get_by_role("slider")


def push(page: Page, child: str, steps: int) -> None:
    """Move a weight by the keyboard, and wait until the map has followed."""
    handle = slider(page, child)
    handle.focus()
    for _ in range(abs(steps)):
        handle.press("ArrowRight" if steps > 0 else "ArrowLeft")


def after(page: Page, tier: str) -> int:
    return int(page.locator(f'.bcounts [data-tier="{tier}"]').get_attribute("data-after"))


def test_a_slider_recolours_the_map_keeps_the_view_and_the_selection_and_fetches_nothing(page: Page, dashboard: str):
    fetched = shapes_asked(page)
    open_page(page, f"{dashboard}/weights?area=DS-02-03")
    frame = map_of(page)
    before = zoomed(page, frame)
    push(page, "cases", -40)
    frame.wait_for_function("tiers => fiveColour.state().tiers !== tiers", arg=before["tiers"])
    settle(page)
    now = state(frame)
    assert (now["zoom"], now["center"], now["selected"]) == (before["zoom"], before["center"], "DS-02-03")
    assert now["tiers"] != before["tiers"]
    assert len(fetched) == 1
    for tier, code in (("red", "r"), ("orange", "o"), ("yellow", "y"), ("blue", "b"), ("green", "g"), ("unknown", "u")):
        assert now["tiers"].count(code) == after(page, tier)


def test_however_quickly_a_slider_moves_no_step_is_lost_and_what_is_shown_is_the_draft(page: Page, dashboard: str):
    open_page(page, f"{dashboard}/weights")
    shown = {name: int(slider(page, name).input_value()) for name in ("cases", "spread", "people", "response")}
    push(page, "cases", 12)
    expect(page.locator(".bstate")).to_contain_text(f"{shown['cases'] + 12}%")
    settle(page)
    now = {name: int(slider(page, name).input_value()) for name in shown}
    assert now["cases"] == shown["cases"] + 12
    assert sum(now.values()) == 100
    # Another control changes none of it.
    page.get_by_role("radio", name="仅看变动").click()
    settle(page)
    assert {name: int(slider(page, name).input_value()) for name in shown} == now


def test_only_the_changes_are_coloured_when_that_is_asked(page: Page, dashboard: str):
    open_page(page, f"{dashboard}/weights")
    frame = map_of(page)
    push(page, "cases", 12)
    settle(page)
    page.get_by_role("radio", name="仅看变动").click()
    frame.wait_for_function("fiveColour.state().tiers.includes('.')")
    settle(page)
    changed = page.locator(".bchanged tbody tr").count()
    assert changed
    assert len(state(frame)["tiers"].replace(".", "")) == changed


def test_a_click_on_the_map_chooses_the_area_of_the_goal_seek(page: Page, dashboard: str):
    open_page(page, f"{dashboard}/weights")
    page.get_by_role("radio", name="降级试算").click()
    settle(page)
    frame = map_of(page)
    chosen = page.locator('[class*="st-key-bench_area"]').get_by_role("combobox")
    # Whoever chose nothing has the first of the ranking; another one is clicked.
    name = frame.evaluate("fiveColour.state().labels.find(label => label.id === 'DS-02-03').text")
    assert name
    expect(chosen).not_to_have_value(re.compile(name))
    page.locator("iframe").click(position=frame.evaluate("id => fiveColour.pointOf(id)", "DS-02-03"))
    frame.wait_for_function("id => fiveColour.state().selected === id", arg="DS-02-03")
    settle(page)
    expect(chosen).to_have_value(re.compile(name))


def test_a_draft_comes_back_with_the_browser_and_another_browser_does_not_see_it(browser: Browser, dashboard: str):
    context = browser.new_context(viewport={"width": 1400, "height": 900}, locale="zh-CN")
    first = context.new_page()
    open_page(first, f"{dashboard}/weights?scheme=rentals")
    handle = first.locator('[class*="st-key-weight_"]').first.get_by_role("slider")
    began = int(handle.input_value())
    handle.focus()
    for _ in range(7):
        handle.press("ArrowRight")
    expect(first.locator(".bstate")).to_contain_text(f"{began + 7}%")
    settle(first)
    first.close()
    second = context.new_page()
    open_page(second, f"{dashboard}/weights?scheme=rentals")
    expect(second.locator(".bstate")).to_contain_text("未保存")
    again = second.locator('[class*="st-key-weight_"]').first.get_by_role("slider")
    assert int(again.input_value()) == began + 7
    stranger = browser.new_context(locale="zh-CN")
    other = stranger.new_page()
    open_page(other, f"{dashboard}/weights?scheme=rentals")
    expect(other.locator(".bstate")).to_contain_text("相同")
    stranger.close()
    context.close()


def test_tabs_that_are_opened_at_once_have_one_draft(context: BrowserContext, dashboard: str):
    tabs = [context.new_page() for _ in range(2)]
    for tab, path in zip(tabs, ("weights", "evidence"), strict=True):
        tab.evaluate("address => { location.href = address }", f"{dashboard}/{path}?scheme=venues")
    for tab in (*tabs, *tabs):  # either may have been loaded once more
        settle(tab)
    push(tabs[0], "venues", 7)
    expect(tabs[0].locator(".bstate")).to_contain_text("未保存")
    settle(tabs[0])
    tabs[1].get_by_role("radio", name="其后4周").click()
    expect(tabs[1].locator('[class*="st-key-evidence_against_"]')).to_be_visible()


def test_an_edited_file_with_faults_is_told_line_by_line(page: Page, dashboard: str):
    open_page(page, f"{dashboard}/weights")
    page.get_by_role("button", name="各版本").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=re.compile("下载")).click()
    text = waiting.value.path().read_text(encoding="utf-8")
    wrong = text.replace("weight: 45", "weight: -3").replace("red: 55}", "red: 5}")
    box = page.locator("input[type=file]")
    box.set_input_files({"name": "改.yaml", "mimeType": "application/yaml", "buffer": wrong.encode()})
    lines = [number for number, line in enumerate(wrong.splitlines(), 1) if "weight: -3" in line or "red: 5}" in line]
    for line in lines:
        expect(page.get_by_role("dialog")).to_contain_text(re.compile(rf"第 ?{line} ?行"))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_workbench_at_work_is_photographed(browser: Browser, dashboard: str, lang: str, size: tuple[int, int]):
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN")
    page = context.new_page()
    open_page(page, f"{dashboard}/weights?lang={lang}")
    push(page, "cases", 12)
    expect(page.locator(".bchanged tbody tr").first).to_be_visible()
    settle(page)
    page.screenshot(path=PICTURES / f"weights_moved_{lang}_{size[0]}.png")
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= size[0]
    context.close()
