"""Coming in through a gateway that says who is there."""

import pytest
from playwright.sync_api import Browser, expect

from analytics.serving.signed_in import PEERS_SETTING
from analytics.store.accounts import ACCOUNTS_FILE
from tests.browser.conftest import ROOT, serving

ACCOUNTS = """
format: 1
gateway: {{addresses: ["{address}"], account: X-User, role: X-Role, areas: X-Areas}}
accounts: {{zhang: {{role: admin}}}}
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("behind_a_gateway")


@pytest.fixture(scope="module")
def served(home):
    (home / ACCOUNTS_FILE).write_text(ACCOUNTS.format(address="127.0.0.1"), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("FIVE_COLOUR_HOME", str(home))
        patched.setenv(PEERS_SETTING, "")
        with serving(ROOT / "dashboard.py") as address:
            yield address


def come(browser: Browser, served: str, **headers: str):
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    page = browser.new_context(locale="zh-CN", extra_http_headers=told).new_page()
    page.goto(served)
    return page


def test_whoever_the_gateway_names_is_let_in_and_nobody_else(browser: Browser, served: str):
    page = come(browser, served, X_User="zhang")
    expect(page.get_by_role("button", name="系统管理员")).to_be_visible(timeout=60_000)
    page.context.close()
    page = come(browser, served, X_User="li", X_Role="leader", X_Areas="DS-01, DS-02", X_Forwarded_For="10.9.9.9")
    expect(page.locator(".foot-line").first).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="领导").click()
    expect(page.get_by_text("只可查看：DS-01、DS-02")).to_be_visible()
    page.context.close()
    for headers in ({}, {"X_Role": "admin"}):
        page = come(browser, served, **headers)
        expect(page.get_by_text("请从单位的统一门户进入。")).to_be_visible(timeout=60_000)
        assert page.locator(".foot-line").count() == 0
        page.context.close()


def test_a_header_that_says_it_comes_from_the_gateway_is_not_believed(browser: Browser, served: str, home):
    (home / ACCOUNTS_FILE).write_text(ACCOUNTS.format(address="10.9.9.9"), encoding="utf-8")
    page = come(browser, served, X_User="zhang", X_Forwarded_For="10.9.9.9", X_Real_IP="10.9.9.9")
    expect(page.get_by_text("请从单位的统一门户进入。")).to_be_visible(timeout=60_000)
    assert page.locator(".foot-line").count() == 0
    page.context.close()
