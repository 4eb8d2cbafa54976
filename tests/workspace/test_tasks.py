"""Assignments of a workspace: due by the office's own working days, in areas that there are, and on its papers."""

from dataclasses import replace
from datetime import date

import pytest

from analytics.access import Actor
from analytics.errors import LedgerError
from analytics.releases import Intent
from analytics.scheme.reading import scheme_from
from analytics.wording.releases import audit_rows
from analytics.workspace import Workspace, briefings, ledgers, loads, published, tasks
from analytics.workspace.datasets import require_own
from tests.scoring.small_world import SMALL_SCHEME

AREAS = "区域编码,名称,层级,人口\nA1,东网格,网格,900\nA2,西网格,网格,800\n"
INCIDENTS = "事件编号,发生时间,类别,来源,区域编码\n" + "".join(
    f"S{n},2026-09-{n % 28 + 1:02},发热,网格,A{n % 2 + 1}\n" for n in range(56)
)
HOLIDAYS = "日期,是否工作日,节日\n" + "".join(f"2026-10-0{day},否,国庆节\n" for day in range(1, 8)) + "2026-10-10,是,\n"
SCHEME = scheme_from(SMALL_SCHEME.encode(), "scheme.yaml")


@pytest.fixture
def ws(tmp_path):
    made = Workspace(Actor("甲", "local"), tmp_path, date(2026, 9, 30))
    for table, text in (("areas", AREAS), ("incidents", INCIDENTS)):
        loads.load_file(made, loads.Incoming(table, (f"{table}.csv", text.encode("utf-8-sig"))))
    return made


def test_it_is_due_by_the_working_days_of_the_office(ws):
    wanted = tasks.NewAssignment("核查", "平安办", 3)
    assert tasks.planned(ws, None, wanted).due == date(2026, 10, 5)  # without a table weekends alone are free
    loads.load_file(ws, loads.Incoming("holidays", ("holidays.csv", HOLIDAYS.encode("utf-8-sig"))))
    assert tasks.planned(ws, None, wanted).due == date(2026, 10, 10)
    assert tasks.assign(ws, require_own(ws), wanted) == 1
    ((one),) = tasks.assignments(ws, None)
    assert (one.entry.assigned, one.due, one.entry.working_days) == (date(2026, 9, 30), date(2026, 10, 10), 3)
    friday = replace(ws, today=date(2026, 10, 9))
    assert tasks.planned(friday, None, tasks.NewAssignment("回访", "平安办", 1)).due == date(2026, 10, 10)


def test_an_area_is_one_that_there_is(ws):
    with pytest.raises(LedgerError, match="There is no area with the code"):
        tasks.assign(ws, None, tasks.NewAssignment("核查", "平安办", 3, area_id="A9"))
    assert tasks.assign(ws, None, tasks.NewAssignment("核查", "平安办", 3, area_id="A2")) == 1
    assert tasks.areas_called(ws, None) == {"A1": "东网格", "A2": "西网格"}


def test_without_records_the_list_is_there_and_knows_no_area(tmp_path):
    ws = Workspace(Actor("甲", "local"), tmp_path, date(2026, 10, 30))
    assert tasks.areas_called(ws, None) == {}
    assert tasks.assign(ws, None, tasks.NewAssignment("核查", "平安办", 1)) == 1
    assert tasks.assignments(ws, None)[0].due == date(2026, 11, 2)
    with pytest.raises(LedgerError, match="There is no area with the code"):
        tasks.planned(ws, None, tasks.NewAssignment("核查", "平安办", 1, area_id="A1"))


def test_a_sign_that_no_paper_can_print_is_refused_wherever_it_stands(ws):
    for wanted in (tasks.NewAssignment("核查😀", "平安办", 3), tasks.NewAssignment("核查", "平安办😀", 3)):
        with pytest.raises(LedgerError, match="cannot print"):
            tasks.assign(ws, None, wanted)
    tasks.assign(ws, None, tasks.NewAssignment("核查", "平安办", 3))
    with pytest.raises(LedgerError, match="cannot print"):
        tasks.take_step(ws, None, tasks.NextStep(1, "report", text="已办😀"))
    assert tasks.assignments(ws, None)[0].steps == ()


def test_what_was_planned_is_what_is_written(ws):
    wanted = tasks.NewAssignment(" 核查\n楼道 ", "平安办", 3, "A1", "hazard")
    planned = tasks.planned(ws, None, wanted)
    tasks.assign(ws, None, wanted)
    written = tasks.assignments(ws, None)[0].entry
    assert replace(written, who="", role="", at="") == planned
    step = tasks.NextStep(1, "extend", "雨天", date(2026, 12, 1), post="督查室")
    before = tasks.planned_step(ws, None, step)
    tasks.take_step(ws, None, step)
    (taken,) = tasks.assignments(ws, None)[0].steps
    assert replace(taken, who="", role="", at="", number=0) == before.step
    assert (before.before.state, taken.post) == ("open", "")


def test_a_paper_follows_its_assignments_until_its_week_is_over(ws):
    data = require_own(ws)
    entry = published.publish(ws, data, SCHEME, date(2026, 9, 28), "周例会")
    assert briefings.briefing(ws, data, entry, "zh").tasks is None
    tasks.assign(ws, data, tasks.NewAssignment("核查", "平安办", 3, area_id="A1"))
    (row,) = briefings.briefing(ws, data, entry, "zh").tasks.rows
    assert (row.content, row.due, row.late) == ("核查（东网格）", "10月5日", False)
    late = [replace(ws, today=day) for day in (date(2026, 10, 7), date(2026, 12, 1))]
    assert [briefings.briefing(one, data, entry, "zh").tasks.rows[0].state for one in late] == [
        *("在办，逾期2天", "在办，逾期6天"),
    ]
    assert briefings.briefing(late[1], data, entry, "zh").tasks.as_of.startswith("交办情况取自台账，截至2026年10月11日")


def test_the_trail_names_each_step_in_words(ws):
    tasks.assign(ws, None, tasks.NewAssignment("核查", "平安办", 3))
    tasks.take_step(ws, None, tasks.NextStep(1, "report", text="已办"))
    tasks.take_step(ws, None, tasks.NextStep(1, "sign_off", post="督查室"))
    published.own_release(ws, SCHEME, date(2026, 9, 28), Intent("周例会", publish=False))
    run = published.own_verified(ws, published.own_entry(ws, "D1")).assessment()
    trail = ledgers.own_ledger(ws).audit()
    told = {
        lang: [(row["action"], row["subject"]) for row in audit_rows(lang, trail, {}, run)] for lang in ("zh", "en")
    }
    assert told["zh"][2:5] == [(name, "第1号交办") for name in ("登记交办", "报告办结", "复核销号")]
    assert told["en"][4] == ("assignment signed off", "assignment no. 1")
