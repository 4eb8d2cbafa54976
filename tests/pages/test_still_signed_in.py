"""A page that stays open does nothing with rights that are gone."""

import pytest
from streamlit.runtime.secrets import Secrets

from analytics.access import Actor
from analytics.errors import AccessError
from analytics.store.accounts import ACCOUNTS_FILE
from analytics.workspace import datasets, ledgers, open_workspace
from pages.parts import sign_in
from tests.pages.visits import html, tab, visit

ACCOUNTS = """
format: 1
gateway: {addresses: ["10.0.0.5"]}
accounts: {li: {role: %s}}
"""


@pytest.fixture
def served(home, monkeypatch):
    """A home with accounts, whose visitor comes through the gateway as li."""
    home.mkdir(exist_ok=True)
    (home / ACCOUNTS_FILE).write_text(ACCOUNTS % "keeper", encoding="utf-8")
    headers, signed_in = {"X-Forwarded-User": "li"}, sign_in.signed_in
    monkeypatch.setattr(sign_in, "signed_in", lambda _headers, claims: signed_in(headers, claims))
    monkeypatch.setattr(sign_in, "still", lambda found: lambda: signed_in(headers, {}) == found)
    yield home
    sign_in._ON.clear()


def test_a_workspace_is_worth_nothing_once_the_account_has_other_rights(served):
    ws = open_workspace(actor=Actor("li", "keeper"), still=sign_in.still(Actor("li", "keeper")))
    assert datasets.datasets(ws)
    (served / ACCOUNTS_FILE).write_text(ACCOUNTS % "leader", encoding="utf-8")
    with pytest.raises(AccessError, match="session has ended"):
        datasets.datasets(ws)
    with pytest.raises(AccessError, match="session has ended"):
        datasets.datasets(ws.whole())


@pytest.mark.parametrize("role", ["reader", "leader", "analyst", "keeper", "admin"])
def test_every_role_is_let_in_at_first_sight_and_told_of_once(served, role):
    (served / ACCOUNTS_FILE).write_text(ACCOUNTS % role, encoding="utf-8")
    app = visit("overview", data="demo_street") if role != "reader" else visit_public()
    assert not app.error
    assert not [button for button in app.button if button.key == "sign_in"]
    app.run()
    book = ledgers.own_ledger(open_workspace(actor=Actor("x", "leader")))
    trail = [(entry.who, entry.action) for entry in book.audit()]
    assert trail.count(("li", "sign_in")) == 1


def visit_public():
    app = tab("zh")
    app.run()
    assert not app.exception
    assert "对外公开版" in html(app)
    return app


def test_where_accounts_are_told_nobody_is_anybody_and_a_file_that_goes_changes_nothing(home):
    home.mkdir(exist_ok=True)
    file = home / ACCOUNTS_FILE
    file.write_text("format: 1\ncommands: {root: {role: admin}}\n", encoding="utf-8")
    try:
        assert sign_in.is_on()
        with pytest.raises(Exception, match="session has ended"):
            sign_in.actor()
        file.unlink()
        assert sign_in.is_on()
        with pytest.raises(Exception, match="session has ended"):
            sign_in.actor()
    finally:
        sign_in._ON.clear()


def test_secrets_that_cannot_be_read_let_nobody_in(tmp_path, monkeypatch):
    file = tmp_path / "secrets.toml"
    file.write_text('[auth]\nclient_id = "never closed\n', encoding="utf-8")
    monkeypatch.setattr(sign_in.st, "secrets", Secrets())
    monkeypatch.setattr(sign_in.st, "get_option", lambda _name: [str(file)])
    monkeypatch.setattr(Secrets, "load_if_toml_exists", lambda _self: False)
    try:
        assert sign_in.is_on()
    finally:
        sign_in._ON.clear()
