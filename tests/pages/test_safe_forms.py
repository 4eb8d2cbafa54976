"""Forms that are safe to press: what is confirmed comes about, once, and nothing else does."""

from datetime import timedelta

import pytest

from analytics import tiers
from analytics.releases.compare import side_by_side
from analytics.scoring import changes, reason_for
from analytics.wording.tiers import marked
from analytics.workspace import published as published_pages
from analytics.workspace import runs, schemes
from tests.pages.test_release_pages import decide, fill_in, opened
from tests.pages.visits import (
    confirm,
    confirm_twice,
    demo,
    demo_ledger,
    field,
    go,
    html,
    keys,
    made,
    planned,
    press,
    said,
)

AREA = "DS-02-03"


def decisions():
    """What is in force, as it is kept."""
    return [(entry.area_id, entry.tier) for entry in demo_ledger().overrides()]


def run_now():
    """The live run of the newest day."""
    ws, data = demo()
    scheme = schemes.scheme_for(ws, data, "epidemic")[0]
    return runs.assessed(ws, data, scheme, [data.days(scheme)[1]])


def held_by_a_floor():
    """An area in which a floor rule holds, and what the rule demands."""
    run = run_now()
    found = ((area, reason_for(run, area).holding) for area in run.areas.index)
    return next((area, floors[0]) for area, floors in found if floors)


def tier_of(area):
    run = run_now()
    return str(tiers.names(run.shown[-1, run.areas.index.get_loc(area)]))


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "青禾社区麦园网格：绿 → 红。"), ("en", "Maiyuan Grid, Qinghe Community: Green → Red.")]
)
def test_what_a_decision_would_do_is_said_before_it_is_done(lang, words):
    app = fill_in(opened("releases", lang), AREA, "red", "现场核查")
    assert decisions() == []
    assert planned(app)[0] == words
    confirm(app)
    assert decisions() == [(AREA, "red")]
    assert tier_of(AREA) == "red"


def test_a_form_that_was_used_is_closed_says_so_and_is_empty():
    app = decide(opened("releases"), AREA, "red", "现场核查")
    (done,) = app.success
    assert "青禾社区麦园网格" in done.value
    assert not planned(app)
    assert not any(key.startswith("confirm_") for key in keys(app) if key)
    app.run()
    assert len(app.success) == 1  # it stays until something else is begun
    press(app, "decide")
    assert not app.success
    assert field(app.text_input, "decide_reason").value == ""
    assert field(app.segmented_control, "decide_tier").value is None


def test_a_second_press_does_nothing_to_a_second_area():
    app = fill_in(opened("releases"), AREA, "red", "现场核查")
    form = app.session_state.forms.open
    confirm(app)
    assert decisions() == [(AREA, "red")]
    app.session_state.forms.open = form  # a press that was on its way while the first one was done
    app.run()
    assert not app.exception
    assert not planned(app)
    assert decisions() == [(AREA, "red")]


def test_a_form_that_was_spent_in_a_run_that_was_cut_short_does_nothing():
    app = fill_in(opened("releases"), AREA, "red", "现场核查")
    app.session_state.forms.open.spent = True
    confirm(app)
    assert decisions() == []
    assert app.session_state.forms.open is None


def test_cancelled_nothing_is_done_and_another_page_closes_what_is_open():
    app = fill_in(opened("releases"), AREA, "red", "现场核查")
    press(app, next(key for key in keys(app) if key.startswith("cancel_")))
    assert not planned(app)
    app = fill_in(app, AREA, "red", "现场核查")
    assert not planned(go(go(app, "method"), "releases"))
    assert decisions() == []


def test_where_another_tab_was_quicker_nothing_is_done_before_it_is_read():
    app = fill_in(opened("releases"), AREA, "red", "现场核查")
    decide(opened("releases"), AREA, "orange", "另一处")
    confirm(app)
    assert decisions() == [(AREA, "orange")]
    assert any("情况刚有变动" in text for text in said(app))
    assert planned(app)[0] == "青禾社区麦园网格：橙 → 红。"
    confirm(app)
    assert decisions() == [(AREA, "orange"), (AREA, "red")]


def test_the_same_decision_is_not_written_twice():
    decide(opened("releases"), AREA, "red", "现场核查")
    app = fill_in(opened("releases"), AREA, "red", "再次核查")
    assert any("未重复写入" in text for text in said(app))
    assert not any(key.startswith("confirm_") for key in keys(app) if key)
    press(app, next(key for key in keys(app) if key and key.startswith("cancel_decide")))
    assert decisions() == [(AREA, "red")]


def test_a_tier_below_what_a_floor_rule_demands_is_asked_about_twice():
    area, floor = held_by_a_floor()
    rule = floor.name.text("zh")
    app = fill_in(opened("releases"), area, "green", "现场核查")
    assert planned(app)[0].endswith("仍触发。")
    assert rule in planned(app)[0].partition("红线规则“")[2]
    confirm(app)
    assert decisions() == []
    assert any(rule in text and "要求不低于" in text for text in said(app))
    (button,) = (button for button in app.button if (button.key or "").startswith("confirm_"))
    assert button.disabled
    confirm_twice(app)
    assert decisions() == [(area, "green")]
    assert tier_of(area) == "green"


def test_a_decision_that_begins_later_says_so():
    app = opened("releases")
    press(app, "decide")
    first = field(app.date_input, "decide_starts").value + timedelta(days=3)
    field(app.selectbox, "decide_area").set_value(AREA)
    field(app.segmented_control, "decide_tier").set_value("red")
    field(app.text_input, "decide_reason").set_value("现场核查")
    field(app.date_input, "decide_starts").set_value(first)
    press(app, "decide_submit")
    assert planned(app)[0].startswith(f"青禾社区麦园网格：绿 → 红。自{first.year}年{first.month}月{first.day}日起生效")
    confirm(app)
    assert tier_of(AREA) == "green"


def test_the_end_of_a_decision_says_what_comes_of_it_and_is_done_once():
    app = decide(opened("releases"), AREA, "red", "现场核查")
    press(press(app, "withdraw"), "withdraw_submit")
    assert planned(app)[0] == "青禾社区麦园网格：红 → 绿。"
    other = press(press(opened("releases"), "withdraw"), "withdraw_submit")
    confirm(app)
    assert decisions() == []
    (done,) = app.success
    assert "已撤销1号人工调整" in done.value
    confirm(other)  # another tab comes late
    assert other.error or not planned(other)
    assert decisions() == []


def published():
    """The releases that there are, the newest first, and the drafts before them."""
    return [entry.name for entry in demo_ledger().releases()]


def ask_to_publish(app, reason="例会", way="publish"):
    field(app.text_input, "reason").set_value(reason)
    return press(app, way)


def test_a_release_says_its_number_day_scheme_counts_and_changes_before_it_is_made():
    made(1)
    app = ask_to_publish(opened("releases"))
    first, counts, changed, named, *_ = planned(app)
    assert first == "发布2026年第2期（总第2期）：截至2026年10月31日24时，疫情防控演练方案第1版。"
    run = run_now().counts().iloc[-1]
    assert counts == "参评区域52个：" + "、".join(f"{marked('zh', tier)}{run[tier]}个" for tier in tiers.SHOWN) + "。"
    assert published() == ["000001"]
    confirm(app)
    assert published() == ["000002", "000001"]
    ws, data = demo()
    newest, before = (published_pages.frozen(ws, data, entry).assessment() for entry in demo_ledger().releases())
    assert (newest.counts().iloc[-1] == run).all()
    moved = changes(side_by_side(before, newest))
    assert changed.startswith(f"与2026年第1期（总第1期）相比，等级变动{len(moved)}个：")
    assert [part.split(" ")[0] for part in named.split("；")] == list(moved["name"])


def test_from_the_message_of_a_release_one_press_leads_to_its_briefing():
    made(1)
    app = confirm(ask_to_publish(opened("releases")))
    assert 'data-press="briefing?scheme=epidemic&amp;release=000002"' in html(app)
    assert app.success[0].value.startswith("已发布2026年第2期（总第2期），核验码")


def test_the_same_is_not_published_twice():
    app = ask_to_publish(opened("releases"))
    other = ask_to_publish(opened("releases"))
    confirm(app)
    confirm(other)  # another tab comes late
    assert published() == ["000001"]
    assert any("没有重复发布" in error.value for error in other.error)
    again = ask_to_publish(opened("releases"))
    assert any("没有重复发布" in error.value for error in again.error)
    assert not planned(again)
    app.run()
    assert published() == ["000001"]


def test_a_draft_is_kept_once_for_each_time_that_it_is_confirmed():
    app = ask_to_publish(opened("releases"), way="save_draft")
    form = app.session_state.forms.open
    confirm(app)
    app.session_state.forms.open = form
    app.run()
    assert published() == ["D000001"]


def test_a_draft_that_is_published_in_two_tabs_is_published_once():
    made(0, publish=False)
    app, other = (press(press(opened("releases"), "publish_draft"), "draft_chosen") for _ in range(2))
    confirm(app)
    confirm(other)
    assert published() == ["000001"]
    assert other.error


def test_withdrawing_says_what_is_left_and_needs_a_reason():
    made(1, 0)
    app = press(press(opened("releases"), "take_back"), "take_back_submit")
    assert any("理由" in warning.value for warning in app.warning)
    field(app.text_input, "take_back_reason").set_value("数据有误")
    press(app, "take_back_submit")
    assert planned(app)[:2] == [
        "撤回2026年第2期（总第2期）：截至2026年10月31日24时。",
        "此后本方案最新一期为2026年第1期（总第1期）。",
    ]
    assert all(entry.stands for entry in demo_ledger().releases())
    confirm(app)
    assert [entry.stands for entry in demo_ledger().releases()] == [False, True]
    assert app.success[0].value == "已撤回2026年第2期（总第2期）。"
