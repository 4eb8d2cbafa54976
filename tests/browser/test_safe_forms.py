"""What only a browser can show of forms that are safe to press: double clicks, and another tab beside this one."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import ROOT, serving
from tests.browser.test_dashboard import open_page, settle
from tests.pages.visits import demo_ledger, made


@pytest.fixture
def office() -> Iterator[str]:
    """A server of its own, in the home of this test, with one release of the demo street."""
    made(1)
    with serving(ROOT / "dashboard.py") as address:
        yield f"{address}/releases?lang=zh&data=demo_street"


def decide(page: Page, tier: str) -> None:
    """Fill in the form of a decision for whichever area it offers first, and send it by a double click."""
    page.get_by_role("button", name="调整一个区域").dblclick()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text(tier, exact=True).click()
    dialog.get_by_label("理由").fill("现场核查")
    dialog.get_by_role("button", name="下一步").dblclick()
    expect(dialog.locator(".plan")).to_be_visible(timeout=30_000)


def test_double_clicks_decide_on_one_area_once_and_publish_once(office: str, context: BrowserContext):
    page, other = context.new_page(), context.new_page()
    open_page(page, office)
    decide(page, "▲红")
    said = page.get_by_role("dialog").locator(".plan b").inner_text()
    assert demo_ledger().overrides() == ()
    page.get_by_role("dialog").get_by_role("button", name="确认").dblclick()
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=60_000)
    settle(page)
    (decided,) = demo_ledger().overrides()
    expect(page.get_by_text("人工调整为红")).to_be_visible()
    assert "→ 红" in said or "仍为红" in said
    page.reload()
    settle(page)
    assert demo_ledger().overrides() == (decided,)

    for tab in (page, other):  # both ask before either is confirmed
        open_page(tab, office)
        tab.get_by_label("理由").fill("例会")
        tab.get_by_role("button", name="发布", exact=True).dblclick()
        expect(tab.get_by_role("dialog").locator(".plan")).to_be_visible(timeout=60_000)
    page.get_by_role("dialog").get_by_role("button", name="确认").dblclick()
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=60_000)
    other.get_by_role("dialog").get_by_role("button", name="确认").dblclick()
    expect(other.get_by_text("没有重复发布")).to_be_visible(timeout=60_000)
    assert [entry.name for entry in demo_ledger().releases()] == ["000002", "000001"]
    page.get_by_role("link", name="打开本期简报").click()
    expect(page).to_have_url(re.compile(r"/briefing\?.*release=000002"), timeout=60_000)


def press_quickly(page: Page, button: Locator, times: int, gap: int) -> None:
    """Press the place where a button is, so often and so many milliseconds apart, whatever stands there by then."""
    while (box := button.bounding_box()) is None:  # a rerun may be drawing it anew
        page.wait_for_timeout(20)
    for _ in range(times):
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.wait_for_timeout(gap)


@pytest.mark.parametrize(("times", "gap"), [(3, 120), (2, 300)])
def test_presses_that_follow_while_a_form_grows_smaller_neither_close_it_nor_lose_the_deed(
    office: str, page: Page, times: int, gap: int
):
    open_page(page, office)
    page.get_by_role("button", name="调整一个区域").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("▲红", exact=True).click()
    dialog.get_by_label("理由").fill("现场核查")
    press_quickly(page, dialog.get_by_role("button", name="下一步"), times, gap)
    expect(dialog.locator(".plan")).to_be_visible(timeout=30_000)
    expect(dialog.get_by_role("button", name="确认")).to_be_enabled()
    press_quickly(page, dialog.get_by_role("button", name="确认"), times, gap)
    expect(page.get_by_text("人工调整为红")).to_be_visible(timeout=30_000)
    expect(dialog).to_have_count(0)
    assert len(demo_ledger().overrides()) == 1

    page.get_by_label("理由").fill("例会")
    page.get_by_role("button", name="发布", exact=True).click()
    expect(dialog.locator(".plan")).to_be_visible(timeout=60_000)
    press_quickly(page, dialog.get_by_role("button", name="确认"), times, gap)
    expect(page.get_by_role("link", name="打开本期简报")).to_be_visible(timeout=60_000)
    assert [entry.name for entry in demo_ledger().releases()] == ["000002", "000001"]
