"""Signing in against a real provider, in a real browser."""

import re

import pytest
from joserfc.jwk import RSAKey
from playwright.sync_api import Browser, Page, expect

from analytics.store.accounts import ACCOUNTS_FILE
from analytics.store.ledger import Ledger
from tests.browser.conftest import ROOT, free_port, serving
from tests.serving.provider import CLIENT, providing

COOKIE = "_streamlit_user"
ACCOUNTS = """
format: 1
session_hours: 10
claims: {account: preferred_username, role: groups}
roles: {wuse-keepers: keeper}
accounts:
  zhang: {role: admin}
"""


@pytest.fixture(scope="module")
def provider():
    with providing() as made:
        yield made


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="module")
def served(provider, home):
    port, secrets = free_port(), home / "secrets.toml"
    secrets.write_text(
        f"""[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "{"0123456789abcdef" * 4}"
client_id = "{CLIENT}"
client_secret = "s"
server_metadata_url = "{provider.address}/.well-known/openid-configuration"
"""
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("FIVE_COLOUR_HOME", str(home))
        with serving(ROOT / "dashboard.py", port=port, told=["--secrets.files", str(secrets)]) as address:
            yield address


@pytest.fixture(autouse=True)
def as_on_any_day(provider, home):
    (home / ACCOUNTS_FILE).write_text(ACCOUNTS, encoding="utf-8")
    provider.person = {"sub": "1", "preferred_username": "zhang", "groups": ["staff"]}
    provider.audience, provider.age, provider.lives, provider.signs_as = CLIENT, 0, 600, None


def sign_in(page: Page, served: str):
    page.goto(served)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_load_state()


def is_in(page: Page):
    expect(page.locator(".foot-line").first).to_be_visible(timeout=60_000)


def told(home):
    """What the office's audit trail says of who came, went and looked."""
    return [(entry.who, entry.action, entry.subject) for entry in Ledger.open(None, home).audit()]


def is_out(page: Page, said: str = "请用单位账号登录后查看。"):
    expect(page.get_by_role("button", name="登录", exact=True)).to_be_visible(timeout=60_000)
    expect(page.get_by_text(said)).to_be_visible()
    assert page.locator(".foot-line").count() == 0


def test_whoever_has_not_signed_in_sees_no_page_by_any_address(page: Page, served: str):
    for path in ("/", "/area", "/data", "/settings?lang=zh", "/?embed=true", "/releases?release=1"):
        page.goto(served + path)
        is_out(page)


def test_whoever_signs_in_sees_the_dashboard_and_signs_out_again(page: Page, served: str, provider, home):
    sign_in(page, served)
    is_in(page)
    page.goto(f"{served}/settings")
    is_in(page)
    page.get_by_role("button", name="系统管理员").click()
    expect(page.get_by_text("账号：zhang")).to_be_visible()
    ended = provider.ended
    page.get_by_role("button", name="退出登录").click()
    is_out(page)
    assert provider.ended == ended + 1
    assert not [one for one in page.context.cookies() if one["name"].startswith(COOKIE)]
    newest = told(home)[-3:]
    assert newest == [("zhang", "sign_in", "zhang"), ("zhang", "look", "settings"), ("zhang", "sign_out", "zhang")]


def test_a_cookie_that_was_kept_is_worth_nothing_after_signing_out(browser: Browser, page: Page, served: str):
    sign_in(page, served)
    is_in(page)
    kept = [one for one in page.context.cookies() if one["name"].startswith("_streamlit")]
    other = page.context.new_page()
    other.goto(served)
    is_in(other)
    page.get_by_role("button", name="系统管理员").click()
    page.get_by_role("button", name="退出登录").click()
    is_out(page)
    again = browser.new_context(locale="zh-CN")
    again.add_cookies(kept)
    replayed = again.new_page()
    replayed.goto(served)
    is_out(replayed, "登录已过期或已退出，请重新登录。")
    again.close()
    # Another tab of the same sign-in is out with its next step.
    other.get_by_text("English").click()
    expect(other.get_by_text("Your session has ended. Please sign in again.")).to_be_visible()
    assert other.locator(".foot-line").count() == 0


@pytest.mark.parametrize("fault", ["audience", "expired", "key"])
def test_a_token_that_is_not_right_lets_nobody_in(page: Page, served: str, provider, fault):
    if fault == "audience":
        provider.audience = "another-product"
    elif fault == "expired":
        provider.age, provider.lives = 3600, 60
    else:
        provider.signs_as = RSAKey.generate_key(2048, {"kid": "one"})
    sign_in(page, served)
    is_out(page)
    assert not [one for one in page.context.cookies() if one["name"].startswith(COOKIE)]


def test_a_session_ends_after_the_hours_of_the_office(page: Page, served: str, provider, home):
    provider.age, provider.lives = 5 * 3600, 9 * 3600
    sign_in(page, served)
    is_in(page)
    (home / ACCOUNTS_FILE).write_text(ACCOUNTS.replace("session_hours: 10", "session_hours: 4"), encoding="utf-8")
    page.get_by_text("English").click()
    expect(page.get_by_text("Your session has ended. Please sign in again.")).to_be_visible()
    page.reload()
    is_out(page, "登录已过期或已退出，请重新登录。")


def test_a_role_comes_from_the_file_or_the_token_and_a_change_counts_at_once(page: Page, served: str, provider, home):
    provider.person = {"sub": "2", "preferred_username": "li", "groups": ["staff", "wuse-keepers"]}
    sign_in(page, served)
    is_in(page)
    expect(page.get_by_role("button", name="数据管理员")).to_be_visible()
    changed = ACCOUNTS + "  li: {role: leader}\n"
    (home / ACCOUNTS_FILE).write_text(changed, encoding="utf-8")
    page.get_by_text("English").click()
    expect(page.get_by_role("button", name="leader")).to_be_visible()
    (home / ACCOUNTS_FILE).write_text(ACCOUNTS.replace("keeper}", "owner}"), encoding="utf-8")
    page.reload()
    expect(page.get_by_text("owner")).to_be_visible()
    assert page.locator(".foot-line").count() == 0


def test_an_account_without_a_role_is_told_so(page: Page, served: str, provider):
    provider.person = {"sub": "3", "preferred_username": "wang", "groups": ["staff"]}
    sign_in(page, served)
    expect(page.get_by_text("账号“wang”已登录，但还没有角色。")).to_be_visible()
    page.get_by_role("button", name="退出登录").click()
    is_out(page)


def test_a_file_is_given_to_the_account_that_was_told_of_it_and_to_nobody_else(
    browser: Browser, page: Page, served: str, provider
):
    told = []
    # Held back, so that others can ask before its own page does. The icon and the logo are everybody's.
    page.route(re.compile(r":\d+/media/[0-9a-f]+$"), lambda route: (told.append(route.request.url), route.abort()))
    sign_in(page, served)
    is_in(page)
    page.goto(f"{served}/weights")
    page.get_by_role("button", name="各版本").click()
    page.get_by_role("button", name="下载").first.click()
    for _ in range(300):
        if told:
            break
        page.wait_for_timeout(100)
    stranger, others = browser.new_context(), browser.new_context(locale="zh-CN")
    assert stranger.request.get(told[0]).status == 401
    provider.person = {"sub": "4", "preferred_username": "li", "groups": ["wuse-keepers"]}
    other = others.new_page()
    sign_in(other, served)
    is_in(other)
    refused = others.request.get(told[0])
    assert (refused.status, "没有这个页面" in refused.text()) == (404, True)
    page.unroute_all()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载").first.click()
    assert "weight:" in waiting.value.path().read_text(encoding="utf-8")
    stranger.close()
    others.close()
