"""The list of assignments on a page: three fields, then one step after the other, each read before it is done."""

from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.access import Actor
from analytics.office import today, working_days_after
from analytics.words import LANGUAGES, day, phrase, say
from analytics.workspace import tasks
from tests.pages.visits import confirm, demo, demo_ledger, field, html, keys, planned, press, said

PAGE = Path(__file__).with_name("tasks_page.py")


def opened(lang="zh"):
    app = AppTest.from_file(str(PAGE), default_timeout=120)
    app.query_params.update({"lang": lang, "data": "demo_street"})
    app.run()
    assert not app.exception
    return app


def fill_in(app, content="核查楼道堆物", post="平安办", days=3):
    press(app, "assign")
    field(app.text_input, "assign_content").set_value(content)
    field(app.text_input, "assign_post").set_value(post)
    field(app.number_input, "assign_days").set_value(days)
    return press(app, "assign_submit")


def entered(content="核查楼道堆物", actor=None, **told):
    ws, data = demo(*[actor] if actor else [])
    return tasks.assign(ws, data, tasks.NewAssignment(content, "平安办", 3, **told))


def took(number, kind, actor=None, **told):
    ws, data = demo(*[actor] if actor else [])
    tasks.take_step(ws, data, tasks.NextStep(number, kind, **told))


def held():
    return demo_ledger().assignments()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_empty_list_says_what_to_do(lang):
    app = opened(lang)
    assert say(lang, "tasks.none") in said(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_three_fields_are_enough_and_nothing_is_entered_before_it_is_read(lang):
    app = fill_in(opened(lang))
    assert held() == ()
    due = working_days_after(today(), 3, {})
    assert planned(app)[0] == say(lang, "tasks.plan_assign", number=1, content="核查楼道堆物")
    assert day(lang, due) in planned(app)[1]
    confirm(app)
    ((entry, steps),) = held()
    assert (entry.content, entry.post, entry.working_days, entry.due) == ("核查楼道堆物", "平安办", 3, due)
    assert (entry.source, entry.area_id, entry.assigned, steps) == ("meeting", None, today(), ())
    assert any("1" in text for text in (one.value for one in app.success))
    assert "核查楼道堆物" in html(app)


def test_a_field_that_is_empty_is_asked_for():
    app = fill_in(opened(), post=" ")
    assert say("zh", "tasks.field_needed", field=say("zh", "tasks.field_post")) in said(app)
    assert not planned(app)


@pytest.mark.parametrize(
    ("told", "key", "blanks"),
    [
        ({"content": "致电13800000000"}, "personal.refused", {"kinds": [phrase("personal.phone")]}),
        ({"post": "王小明"}, "tasks.person_named", {}),
    ],
)
def test_what_tells_of_a_person_is_refused_in_a_sentence(told, key, blanks):
    app = fill_in(opened(), **told, days=7)
    name, typed = next(iter(told.items()))
    assert say("zh", key, field=say("zh", f"tasks.field_{name}"), **blanks) in said(app)
    assert held() == ()
    # The form is still there with all that was typed: it is put right, and goes on.
    assert field(app.text_input, f"assign_{name}").value == typed
    assert field(app.number_input, "assign_days").value == 7
    field(app.text_input, f"assign_{name}").set_value("网格长")
    confirm(press(app, "assign_submit"))
    ((entry, _),) = held()
    assert (getattr(entry, name), entry.working_days) == ("网格长", 7)


def test_a_sign_that_no_paper_can_print_is_refused():
    app = fill_in(opened(), content="核查😀")
    assert say("zh", "tasks.no_glyph", field=say("zh", "tasks.field_content"), signs=["😀"]) in said(app)
    assert held() == ()


def test_what_is_assigned_already_is_not_entered_twice():
    entered()
    app = fill_in(opened())
    assert say("zh", "tasks.there_already", number=1) in said(app)
    assert len(held()) == 1


def test_an_area_and_a_source_may_be_named():
    app = opened()
    press(app, "assign")
    field(app.text_input, "assign_content").set_value("增加巡查")
    field(app.text_input, "assign_post").set_value("网格长")
    field(app.selectbox, "assign_source").set_value("signal")
    field(app.selectbox, "assign_area").set_value("DS-02-03")
    confirm(press(app, "assign_submit"))
    ((entry, _),) = held()
    assert (entry.source, entry.area_id) == ("signal", "DS-02-03")
    assert "增加巡查（青禾社区麦园网格）" in html(app)


def test_one_person_alone_reports_and_signs_off_with_another_post():
    entered()
    app = opened()
    assert {"task_progress", "task_report", "task_extend"} <= keys(app)
    assert not {"task_agree", "task_sign_off", "task_return"} & keys(app)
    press(app, "task_report")
    press(app, "task_submit")
    assert any(say("zh", "tasks.field_report") in text for text in said(app))  # the evidence is asked for
    field(app.text_input, "task_text").set_value("街办〔2026〕12号")
    press(app, "task_submit")
    assert held()[0][1] == ()
    confirm(app)
    assert "待复核" in html(app)
    assert {"task_sign_off", "task_return"} <= keys(app)
    press(app, "task_sign_off")
    field(app.text_input, "task_post").set_value("平安办")
    press(app, "task_submit")
    assert say("zh", "tasks.same_post", post="平安办") in said(app)
    press(app, next(key for key in keys(app) if key.startswith("cancel_")))
    press(app, "task_sign_off")
    field(app.text_input, "task_post").set_value("督查室")
    press(app, "task_submit")
    assert "依据：街办〔2026〕12号" in planned(app)[1]
    confirm(app)
    assert [one.step for one in held()[0][1]] == ["report", "sign_off"]
    assert "复核督查室，由" in html(app)
    assert say("zh", "tasks.none_open") in said(app)


def test_an_extension_keeps_the_earlier_day_in_sight():
    entered()
    app = press(opened(), "task_extend")
    field(app.text_input, "task_text").set_value("雨天停工")
    later = held()[0][0].due + timedelta(days=5)
    field(app.date_input, "task_due").set_value(later)
    press(app, "task_submit")
    assert "同意前仍按原期限计" in planned(app)[2]
    confirm(app)
    assert "申请延至" in html(app)
    assert {"task_agree", "task_decline"} <= keys(app)


def test_where_another_tab_was_quicker_it_is_said_and_nothing_is_done_twice():
    entered()
    app = press(opened(), "task_report")
    field(app.text_input, "task_text").set_value("已整改")
    press(app, "task_submit")
    took(1, "report", text="已整改")
    confirm(app)
    assert [one.step for one in held()[0][1]] == ["report"]
    assert any("第1号交办现为“待复核”" in text for text in said(app))


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("leader", {"task_sign_off", "task_return"}),
        ("keeper", set()),
        ("analyst", set()),
        ("admin", {"task_sign_off", "task_return"}),
    ],
)
def test_each_role_has_the_buttons_of_what_it_may_do(monkeypatch, role, may):
    entered()
    took(1, "report", text="已整改")
    monkeypatch.setenv("FIVE_COLOUR_ROLE", role)
    app = opened()
    assert {key for key in keys(app) if key and key.startswith("task_")} == may
    assert ("assign" in keys(app)) == (role in ("keeper", "admin"))
    assert any("当前角色只能查看" in text for text in said(app)) == (role == "analyst")


def test_a_leader_signs_off_without_naming_a_post(monkeypatch):
    entered(actor=Actor("wang", "keeper"))
    took(1, "report", Actor("wang", "keeper"), text="已整改")
    monkeypatch.setenv("FIVE_COLOUR_ROLE", "leader")
    app = press(opened(), "task_sign_off")
    confirm(press(app, "task_submit"))
    assert held()[0][1][-1].role == "leader"


def test_names_are_escaped_and_what_is_late_is_bold(monkeypatch):
    entered("核查<b>楼道</b>")
    later = today() + timedelta(days=30)
    monkeypatch.setattr("analytics.office.today", lambda: later)
    app = opened()
    assert "核查&lt;b&gt;楼道&lt;/b&gt;" in html(app)
    assert "<b>在办，逾期" in html(app)


def test_the_list_can_be_taken_along():
    entered()
    app = press(opened(), "save_menu")
    assert app.selectbox(key="save_which").options == ["交办销号"]
