import pytest

from analytics.access import ACTIONS, ROLES, current_role, may, require
from analytics.errors import AccessError

MAY = {
    "leader": "read",
    "analyst": "read draft",
    "keeper": "read load release",
    "admin": "read adopt override",
    "local": "read draft load release adopt override",
}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_what_the_table_says_and_nothing_else(role, action):
    assert may(role, action) == (action in MAY[role].split())
    if may(role, action):
        require(role, action)
    else:
        with pytest.raises(AccessError):
            require(role, action)


def test_whoever_is_refused_is_told_who_may():
    with pytest.raises(AccessError) as refused:
        require("leader", "release")
    assert refused.value.text("zh") == "“领导”无权发布。请由以下角色办理：数据管理员、本机用户。"
    assert "keeper of the records" in refused.value.text("en")


def test_a_role_that_does_not_exist_may_do_nothing():
    assert not may("root", "read")
    with pytest.raises(AccessError, match="There is no role “root”"):
        require("root", "read")


def test_without_a_setting_there_is_one_local_person_who_may_do_all(monkeypatch):
    monkeypatch.delenv("FIVE_COLOUR_ROLE", raising=False)
    assert current_role() == "local"
    monkeypatch.setenv("FIVE_COLOUR_ROLE", "analyst")
    assert current_role() == "analyst"


def test_a_setting_that_names_no_role_gives_no_rights(monkeypatch):
    monkeypatch.setenv("FIVE_COLOUR_ROLE", "Leader")
    with pytest.raises(AccessError, match="FIVE_COLOUR_ROLE"):
        current_role()
