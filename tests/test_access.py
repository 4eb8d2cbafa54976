import pytest

from analytics.access import ACTIONS, ROLES, Actor, current_role, local_actor
from analytics.errors import AccessError

MAY = {
    "reader": "read",
    "leader": "read internal sign_off check",
    "analyst": "read internal draft",
    "keeper": "read internal load draft release assign",
    "admin": "read internal adopt override configure assign sign_off",
    "local": "read internal draft load release adopt override configure assign sign_off check",
}
INSIDE = tuple(role for role, may in MAY.items() if "internal" in may.split())
"""The roles that see more than the public form."""


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_what_the_table_says_and_nothing_else(role, action):
    actor = Actor("甲", role)
    assert actor.may(action) == (action in MAY[role].split())
    if actor.may(action):
        actor.require(action)
    else:
        with pytest.raises(AccessError):
            actor.require(action)


def test_whoever_is_refused_is_told_who_may():
    with pytest.raises(AccessError) as refused:
        Actor("甲", "leader").require("release")
    assert refused.value.text("zh") == "“领导”无权发布。请由以下角色办理：数据管理员、本机用户。"
    assert "data steward" in refused.value.text("en")


def test_a_role_that_does_not_exist_may_do_nothing():
    assert not Actor("甲", "root").may("read")
    with pytest.raises(AccessError, match="There is no role “root”"):
        Actor("甲", "root").require("read")


def test_without_a_setting_there_is_one_local_person_who_may_do_all(monkeypatch):
    monkeypatch.delenv("FIVE_COLOUR_ROLE", raising=False)
    monkeypatch.setattr("getpass.getuser", lambda: "甲")
    assert current_role() == "local"
    assert local_actor() == Actor("甲", "local", None)
    monkeypatch.setenv("FIVE_COLOUR_ROLE", "analyst")
    assert current_role() == "analyst"
    assert local_actor() == Actor("甲", "analyst", None)


def test_a_setting_that_names_no_role_gives_no_rights(monkeypatch):
    monkeypatch.setenv("FIVE_COLOUR_ROLE", "Leader")
    with pytest.raises(AccessError, match="FIVE_COLOUR_ROLE"):
        current_role()
    with pytest.raises(AccessError, match="FIVE_COLOUR_ROLE"):
        local_actor()
