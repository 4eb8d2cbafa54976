"""The file that says who may come in, in which role, for which areas."""

from datetime import UTC, datetime, timedelta

import pytest

from analytics.access import Actor
from analytics.errors import AccessError, SchemeError
from analytics.store.accounts import ACCOUNTS_FILE, Accounts, accounts_of, own_actor
from analytics.store.sessions import begin_session, end_session, has_ended

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
WHOLE = {
    "format": 1,
    "claims": {"account": "name", "role": "groups", "areas": "community"},
    "gateway": {"addresses": ["10.0.0.5"], "role": "X-Role", "areas": "X-Areas"},
    "roles": {"五色-数据": "keeper", "五色-领导": "leader"},
    "accounts": {"zhang": {"role": "admin"}, "li": {"role": "leader", "areas": ["DS-03"]}},
    "commands": {"wuse": {"role": "keeper"}},
}
ACCOUNTS = Accounts.model_validate(WHOLE)


def token(hours=0.0, **told):
    return {"sub": "1", "iat": (NOW - timedelta(hours=hours)).timestamp()} | told


@pytest.mark.parametrize(
    ("told", "actor"),
    [
        ({"name": "zhang", "groups": ["analyst"]}, Actor("zhang", "admin")),
        ({"name": "li", "groups": "admin", "community": "DS-01"}, Actor("li", "leader", frozenset({"DS-03"}))),
        ({"name": "wang", "groups": ["a", "五色-数据"], "community": ["DS-01"]},
         Actor("wang", "keeper", frozenset({"DS-01"}))),
        ({"name": "wang", "groups": "五色-数据", "community": " DS-01 "},
         Actor("wang", "keeper", frozenset({"DS-01"}))),
        ({"groups": "五色-数据", "community": "DS-01"}, Actor("1", "keeper", frozenset({"DS-01"}))),
    ],
)  # fmt: skip
def test_the_file_says_more_than_the_token(told, actor):
    assert ACCOUNTS.of_token(token(**told), NOW) == actor


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"name": "wang", "community": "DS-01"}, "has no role"),
        ({"name": "wang", "groups": ["local"], "community": "DS-01"}, "has no role"),
        ({"name": "wang", "groups": ["admin"], "community": "DS-01"}, "has no role"),
        ({"name": "wang", "groups": [7, None], "community": "DS-01"}, "has no role"),
        ({"name": "wang", "groups": ["五色-领导", "五色-数据"], "community": "DS-01"}, "several roles"),
        ({"name": "wang", "groups": ["五色-数据"]}, "which areas"),
        ({"name": "wang", "groups": ["五色-数据"], "community": [" "]}, "which areas"),
    ],
)
def test_an_account_that_is_not_told_whole_may_do_nothing(told, why):
    with pytest.raises(AccessError, match=why):
        ACCOUNTS.of_token(token(**told), NOW)


@pytest.mark.parametrize(("hours", "counts"), [(0, True), (9.9, True), (10, False), (400, False), (-1, False)])
def test_a_sign_in_counts_for_the_hours_of_the_office(hours, counts):
    assert (ACCOUNTS.of_token(token(hours, name="zhang"), NOW) is not None) == counts
    assert ACCOUNTS.of_token({"name": "zhang", "sub": "1"}, NOW) is None
    assert ACCOUNTS.of_token({"name": "zhang", "iat": "now"}, NOW) is None


def test_the_gateway_names_account_role_and_areas():
    headers = {"X-Forwarded-User": "wang", "X-Role": "五色-领导", "X-Areas": "DS-01, DS-02"}
    assert ACCOUNTS.of_gateway(headers) == Actor("wang", "leader", frozenset({"DS-01", "DS-02"}))
    assert ACCOUNTS.of_gateway({"X-Forwarded-User": "zhang"}) == Actor("zhang", "admin")
    assert ACCOUNTS.of_gateway({"X-Role": "admin"}) is None
    assert ACCOUNTS.of_gateway({"X-Forwarded-User": " "}) is None
    assert Accounts(format=1).of_gateway(headers) is None
    with pytest.raises(AccessError):
        ACCOUNTS.of_gateway({"X-Forwarded-User": "wang", "X-Role": "五色-领导"})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": 2}, "format"),
        ({"session_hours": 0}, "session_hours"),
        ({"session_hours": 1000}, "session_hours"),
        ({"roles": {"x": "local"}}, "There is no role 'local'"),
        ({"accounts": {"x": {"role": "root"}}}, "There is no role 'root'"),
        ({"accounts": {"x": {"role": "leader", "areas": []}}}, "areas"),
        ({"accounts": {"x": {"role": "leader", "areas": None}}}, "“areas” says nothing"),
        ({"claims": {"account": "name", "areas": None}}, "“areas” says nothing"),
        ({"gateway": None}, "“gateway” says nothing"),
        ({"gateway": {"addresses": []}}, "addresses"),
        ({"gateway": {"addresses": ["gateway.local"]}}, "gateway.local"),
        ({"gateway": {"addresses": ["10.0.0.1/8"]}}, "10.0.0.1/8"),
        ({"password": "x"}, "password"),
    ],
)
def test_a_wrong_file_is_told_line_by_line_and_lets_nobody_in(tmp_path, change, said):
    import yaml

    (tmp_path / ACCOUNTS_FILE).write_text(yaml.safe_dump(WHOLE | change, allow_unicode=True), encoding="utf-8")
    with pytest.raises(SchemeError) as wrong:
        own_actor(tmp_path)
    assert f"{ACCOUNTS_FILE}, line" in str(wrong.value)
    assert said in str(wrong.value)


def test_commands_of_a_served_home_go_by_the_system_s_account_and_by_no_setting(tmp_path, monkeypatch):
    monkeypatch.setenv("FIVE_COLOUR_ROLE", "admin")
    for name in ("USER", "LOGNAME", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "boss")
    assert own_actor(tmp_path) == Actor("boss", "admin")
    monkeypatch.setattr("analytics.store.accounts._system_account", lambda: "wuse")
    (tmp_path / ACCOUNTS_FILE).write_text("format: 1\ncommands: {wuse: {role: keeper, areas: [DS-01]}}\n")
    assert own_actor(tmp_path) == Actor("wuse", "keeper", frozenset({"DS-01"}))
    (tmp_path / ACCOUNTS_FILE).write_text("format: 1\ncommands: {boss: {role: admin}, other: {role: keeper}}\n")
    with pytest.raises(AccessError, match="“wuse” may not use commands"):
        own_actor(tmp_path)


def test_a_change_of_the_file_counts_at_once(tmp_path):
    assert accounts_of(tmp_path) is None
    file = tmp_path / ACCOUNTS_FILE
    file.write_text("format: 1\nsession_hours: 4\n")
    assert accounts_of(tmp_path).session_hours == 4
    file.write_text("format: 1\nsession_hours: 12\n")
    assert accounts_of(tmp_path).session_hours == 12


def test_a_sign_in_that_was_ended_stays_ended_and_no_other(tmp_path):
    one, other = {"sub": "1", "iat": 5, "nonce": "a"}, {"sub": "1", "iat": 5, "nonce": "b"}
    home = tmp_path / "home"
    assert not has_ended(home, one)
    assert [end_session(home, one), end_session(home, one)] == [True, False]
    assert [begin_session(home, one), begin_session(home, other), begin_session(home, one)] == [True, True, False]
    assert (has_ended(home, one), has_ended(home, other)) == (True, False)


def test_without_words_of_the_provider_for_roles_the_roles_own_are_its_words():
    plain = Accounts.model_validate({"format": 1, "claims": {"account": "name", "role": "groups"}})
    assert plain.of_token(token(name="wang", groups=["staff", "analyst"]), NOW) == Actor("wang", "analyst")
    assert "local" not in plain.roles
    with pytest.raises(AccessError):
        plain.of_token(token(name="wang", groups=["local"]), NOW)


def test_a_file_that_cannot_be_read_lets_nobody_in(tmp_path):
    (tmp_path / ACCOUNTS_FILE).mkdir()
    with pytest.raises(AccessError, match="cannot be read"):
        accounts_of(tmp_path)


def test_an_account_is_called_as_it_is_written(tmp_path):
    file = tmp_path / ACCOUNTS_FILE
    file.write_text("format: 1\naccounts:\n  0012: {role: admin}\n  no: {role: leader}\n", encoding="utf-8")
    assert set(accounts_of(tmp_path).accounts) == {"0012", "no"}
    file.write_text("format: 2\n", encoding="utf-8")
    with pytest.raises(SchemeError, match="Use one of: 1"):
        accounts_of(tmp_path)
