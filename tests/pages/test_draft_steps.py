"""Two people publish, on the page: each role finds the buttons that it may press, and what each step will do is read
before it is done."""

import re

import pytest

from analytics.access import Actor
from analytics.wording.provenance import release_and_code
from analytics.words import LANGUAGES, say
from analytics.workspace import published, two_hands
from analytics.workspace.two_hands import NextDraftStep
from pages.parts import sign_in
from tests.pages.visits import confirm, demo, demo_ledger, field, html, keys, made, planned, press, said, visit

STEPS = {"draft_check", "draft_object", "draft_answer", "draft_approve"}
DRAFTER, LEADER = Actor("wang", "local"), Actor("li", "leader")


@pytest.fixture
def asked():
    demo_ledger().save_settings(Actor("管", "admin"), {"two_hands": "on"})
    made(0, publish=False)


@pytest.fixture
def as_role(monkeypatch):
    def become(name, role):
        monkeypatch.setattr("getpass.getuser", lambda: name)
        monkeypatch.setenv("FIVE_COLOUR_ROLE", role)

    return become


def opened(lang="zh"):
    return visit("releases", lang, data="demo_street")


def draft():
    return next(entry for entry in demo_ledger().releases() if entry.number is None)


def take(actor, step, **told):
    ws, data = demo(actor)
    return two_hands.take_step(ws, data, NextDraftStep(draft(), step, **told))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_the_setting_the_page_is_as_it_was(lang):
    made(0, publish=False)
    app = opened(lang)
    assert say(lang, "two_hands.title") not in html(app)
    assert say(lang, "two_hands.only_drafts") not in said(app)
    assert {"save_draft", "publish", "publish_draft"} <= keys(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_with_it_nothing_is_published_at_once_and_an_empty_list_says_what_to_do(lang):
    demo_ledger().save_settings(Actor("管", "admin"), {"two_hands": "on"})
    app = opened(lang)
    assert say(lang, "two_hands.title") in html(app)
    assert {say(lang, "two_hands.only_drafts"), say(lang, "two_hands.none_waiting")} <= set(said(app))
    assert "save_draft" in keys(app)
    assert "publish" not in keys(app)


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(
    ("name", "role", "before", "buttons"),
    [
        ("wang", "local", (), set()),
        ("zhao", "local", (), {"draft_check", "draft_object"}),
        ("li", "leader", (), {"draft_check", "draft_object"}),
        ("li", "leader", ("check",), {"draft_check", "draft_object", "draft_approve"}),
        ("wang", "leader", ("check",), set()),
        ("li", "leader", ("object",), {"draft_check", "draft_object"}),
        ("zhou", "admin", ("check",), {"draft_approve"}),
        ("zhou", "analyst", ("check",), set()),
        ("zhou", "analyst", ("object",), {"draft_answer"}),
        ("zhou", "keeper", ("object",), {"draft_answer"}),
        ("li", "leader", ("check", "approve"), {"draft_check", "draft_object"}),
    ],
)  # fmt: skip
def test_each_role_finds_the_steps_that_it_may_take(as_role, name, role, before, buttons):
    for kind in before:
        take(LEADER, kind, text="C1隐患已整改" if kind == "object" else "")
    as_role(name, role)
    assert keys(opened()) & STEPS == buttons


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_from_an_objection_to_the_release_each_step_is_read_before_it_is_done(as_role, lang):
    as_role("li", "leader")
    app = press(opened(lang), "draft_object")
    field(app.text_input, "draft_text").set_value("3处隐患已整改，未销号")
    app = press(app, "draft_submit")
    assert "3处隐患已整改" in planned(app)[0]
    assert demo_ledger().release_steps() == ()
    app = confirm(app)
    (objection,) = demo_ledger().release_steps()
    assert (objection.step, objection.who, objection.role, objection.community) == ("object", "li", "leader", None)
    assert "3处隐患已整改，未销号" in html(app)
    assert say(lang, "two_hands.state_objected") in html(app)

    as_role("zhou", "analyst")
    app = press(opened(lang), "draft_answer")
    field(app.text_input, "draft_text").set_value("已按整改记录核实")
    confirm(press(app, "draft_submit"))

    as_role("zhou", "admin")
    app = confirm(press(opened(lang), "draft_approve"))
    assert say(lang, "two_hands.state_approved") in html(app)
    assert [one.step for one in demo_ledger().release_steps()] == ["object", "answer", "approve"]

    as_role("qian", "keeper")
    app = confirm(press(press(opened(lang), "publish_draft"), "draft_chosen"))
    entry = demo_ledger().releases()[0]
    assert (entry.drafted_role, entry.approved_role) == ("local", "admin")
    assert say(lang, "two_hands.none_waiting") in said(app)
    assert demo_ledger().verify_audit() > 0


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_before_that_publishing_is_refused_in_a_sentence_that_says_what_is_missing(as_role, lang):
    as_role("qian", "keeper")
    app = press(press(opened(lang), "publish_draft"), "draft_chosen")
    lacks = [say(lang, "two_hands.lacks_check"), say(lang, "two_hands.lacks_approval")]
    assert say(lang, "two_hands.cannot_publish", draft="D000001", missing=lacks) in said(app)
    assert not planned(app)
    assert [entry.status for entry in demo_ledger().releases()] == ["draft"]


@pytest.mark.usefixtures("asked")
def test_an_approval_while_some_have_not_checked_is_asked_about_once_more(as_role):
    ws, data = demo()
    (waiting,) = two_hands.waiting(ws, data)
    first = next(iter(waiting.communities))
    take(LEADER, "check", community=first)
    as_role("zhou", "admin")
    app = press(opened(), "draft_approve")
    app = confirm(app)
    assert demo_ledger().release_steps()[-1].step == "check"
    left = [name for of, name in waiting.communities.items() if of != first]
    assert say("zh", "two_hands.unchecked", names=left) in [warning.value for warning in app.warning]
    app.checkbox[0].check().run()
    confirm(app)
    assert demo_ledger().release_steps()[-1].step == "approve"


@pytest.mark.usefixtures("asked")
def test_a_text_that_is_missing_is_asked_for_and_one_of_a_person_refused(as_role):
    as_role("li", "leader")
    app = press(press(opened(), "draft_object"), "draft_submit")
    assert say("zh", "tasks.field_needed", field=say("zh", "tasks.field_object")) in said(app)
    field(app.text_input, "draft_text").set_value("致电13800000000")
    app = press(app, "draft_submit")
    assert app.error
    assert demo_ledger().release_steps() == ()


def test_the_setting_is_a_tick_on_its_page(as_role):
    app = visit("settings", data="demo_street")
    app.checkbox(key="settings_demo_street_two_hands").check()
    press(app, "settings_save")
    assert demo_ledger().settings().two_hands == "on"
    app = visit("settings", data="demo_street")
    app.checkbox(key="settings_demo_street_two_hands").uncheck()
    press(app, "settings_save")
    assert demo_ledger().settings().two_hands == ""
    as_role("li", "leader")
    assert visit("settings", data="demo_street").checkbox(key="settings_demo_street_two_hands").disabled


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_leaves_the_page_says_the_roles_of_the_two_and_no_name(lang):
    for kind in ("check", "approve"):
        take(LEADER, kind)
    ws, data = demo(Actor("qian", "local"))
    entry = published.publish_kept(ws, data, draft(), ("again",))
    told = release_and_code(lang, entry)
    assert say(lang, "access.role_leader") in told
    foot = next(part.value for part in opened_overview(lang).html if 'class="foot-line"' in part.value)
    roles = {hand: say(lang, f"access.role_{role}") for hand, role in (("drafted", "local"), ("approved", "leader"))}
    for text in (told, foot):
        assert say(lang, "two_hands.by_two", **roles) in text
        assert not re.search(r"\b(wang|li|qian)\b", text)


def opened_overview(lang):
    return visit("overview", lang, data="demo_street", scheme="epidemic")


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_community_checks_its_own_on_a_page_of_its_own_and_reads_nothing_of_others(monkeypatch, lang):
    take(LEADER, "object", text="东边缺2次走访", community="DS-01")
    monkeypatch.setattr(sign_in, "actor", lambda: Actor("she", "leader", frozenset({"DS-03"})))
    app = visit("drafts", lang, data="demo_street")
    assert keys(app) & STEPS == {"draft_check", "draft_object"}
    assert say(lang, "two_hands.state_objected") in html(app)
    assert "东边" not in html(app)
    app = press(app, "draft_check")
    box = field(app.selectbox, "draft_community")
    assert len(box.options) == 1
    app = confirm(press(app, "draft_submit"))
    last = demo_ledger().release_steps()[-1]
    assert (last.step, last.who, last.community) == ("check", "she", "DS-03")
    assert say(lang, "two_hands.all_checked") not in html(app)
    assert say(lang, "two_hands.state_objected") in html(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_that_page_says_where_two_people_are_not_asked_for(lang):
    assert say(lang, "two_hands.is_off") in said(visit("drafts", lang, data="demo_street"))
