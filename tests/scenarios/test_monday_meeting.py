"""Scenario A: the week in which the clinic's feed stopped, from the release before it to the correction after it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import MISSING, fields, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics import tiers
from analytics.__main__ import main
from analytics.access import Actor
from analytics.briefing.looking import pages_of
from analytics.briefing.report import report
from analytics.releases import Intent
from analytics.releases.bulletin import as_text
from analytics.scheme import scheme_named
from analytics.scheme.model import Basis
from analytics.scoring import Assessment, assess
from analytics.scoring.reasons import shown_tier
from analytics.wording.reasons import sentence
from analytics.wording.response import headline
from analytics.wording.silence import interruption
from analytics.workspace import Workspace, briefings, feeds, loads, meetings, published, tasks
from analytics.workspace.datasets import require_own
from analytics.workspace.due_list import due_list_view
from analytics.workspace.response import response
from analytics.workspace.runs import area_counts
from tests.scoring.small_world import SMALL_SCHEME

STREET = Path(__file__).parents[2] / "sample_data" / "demo_street"
SCHEME = scheme_named("epidemic").model_copy(
    update={"basis": Basis.model_validate({"document": "街办〔2026〕9号", "from": "2026-10-01", "to": "2026-12-31"})}
)
"""The scheme that ships, with its basis filled in."""
STOPPED = date(2026, 10, 25)
AGREEMENT = """数据表,来源,报送单位,报送频次,截止时间,零报告,催报岗位,生效日期
事件,门诊,社区卫生服务中心,每日,17:00,是,防疫专班联络岗,2026-10-25
"""


SIX = (
    ("催报门诊零报告", "防疫专班", 1), ("清理船埠楼道堆物", "物业公司", 3), ("核查归帆出租屋消防通道", "平安办", 3),
    ("落实独居老年人两日一访", "民政办", 5), ("补录场所登记", "市场监管所", 5), ("整改大排档油烟", "综合执法队", 2),
)  # fmt: skip
"""Assigned at the meeting of 26 October: what, by which post, within how many working days."""
DECIDED = (("增援船埠网格清楼两天", "健康组", 2), ("核实门诊数据补报", "防疫专班联络岗", 1))
"""Decided at the next one."""


def six_assigned(monday: Workspace) -> None:
    """The assignments of the last meeting, and the week after it: three are signed off by another hand, two are in
    work and in time, and one is late."""
    keeper, leader = (replace(monday, actor=Actor(name, role)) for name, role in (("甲", "keeper"), ("乙", "leader")))
    for content, post, days in SIX:
        tasks.assign(keeper, None, tasks.NewAssignment(content, post, days))
    for number, after in ((1, 0), (2, 1), (3, 3)):
        day = monday.today + timedelta(days=after)
        evidence = tasks.NextStep(number, "report", text=f"街办〔2026〕{number}号")
        tasks.take_step(replace(keeper, today=day), None, evidence)
        tasks.take_step(replace(leader, today=day), None, tasks.NextStep(number, "sign_off"))
    for number in (4, 5):
        day = monday.today + timedelta(days=2)
        more = tasks.NextStep(number, "extend", text="需两周", due=date(2026, 11, 9))
        tasks.take_step(replace(keeper, today=day), None, more)
        tasks.take_step(replace(leader, today=day), None, tasks.NextStep(number, "agree"))


@pytest.fixture(scope="module")
def rows() -> list[list[str]]:
    return list(csv.reader(io.StringIO((STREET / "incidents.csv").read_text(encoding="utf-8-sig"))))


def incidents(rows: list[list[str]], last: date, *, clinic: bool) -> bytes:
    """The sample's incidents up to a day, with or without those that the clinic reported since it stopped."""
    at, channel = rows[0].index("occurred_at"), rows[0].index("channel")

    def kept(row: list[str]) -> bool:
        day = date.fromisoformat(row[at][:10])
        return day <= last and (clinic or row[channel] != "clinic" or day < STOPPED)

    held = io.StringIO()
    csv.writer(held).writerows([rows[0], *filter(kept, rows[1:])])
    return held.getvalue().encode("utf-8-sig")


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> Mapping[str, object]:
    """The whole week, day by day; what was seen on the way, by name."""
    home = tmp_path_factory.mktemp("office")
    ws = Workspace(Actor("甲", "local"), home, date(2026, 10, 25))
    for table, file in (("areas", "areas.geojson"), ("residents", "residents.csv"), ("places", "places.csv")):
        loads.load_file(ws, loads.Incoming(table, STREET / file))
    loads.load_file(ws, loads.Incoming("checks", ("checks.csv", checks_to(date(2026, 10, 24)))))
    loads.load_file(ws, loads.Incoming("agreements", ("约定.csv", AGREEMENT.encode("utf-8-sig"))))
    loads.load_file(ws, loads.Incoming("incidents", ("事件.csv", incidents(rows, date(2026, 10, 24), clinic=True))))
    seen: dict[str, object] = {"home": home, "before_missing": feeds.missing(ws)}
    published.own_release(ws, SCHEME, date(2026, 10, 24), Intent("周六", publish=True))

    monday = replace(ws, today=date(2026, 10, 26))
    loads.load_file(monday, loads.Incoming("checks", ("checks.csv", checks_to(date(2026, 10, 25)))))
    loads.load_file(
        monday, loads.Incoming("incidents", ("事件.csv", incidents(rows, date(2026, 10, 25), clinic=False)))
    )
    seen["monday_lines"] = feeds.missing_lines(monday, "zh")
    sheets = feeds.reminders(monday, "zh", feeds.missing(monday))
    seen["monday_reminders"] = {sheet.name: sheet.content() for sheet in sheets}
    seen["monday_held"] = feeds.unaccepted(monday, SCHEME)
    six_assigned(monday)

    sunday = replace(ws, today=date(2026, 11, 1))
    loads.load_file(sunday, loads.Incoming("checks", ("checks.csv", checks_to(date(2026, 10, 31)))))
    loads.load_file(
        sunday, loads.Incoming("incidents", ("事件.csv", incidents(rows, date(2026, 10, 31), clinic=False)))
    )
    carried = published.own_release(sunday, SCHEME, date(2026, 10, 31), Intent("含沿用等级", publish=True))
    seen["carried"] = published.own_verified(sunday, carried).assessment()
    seen["carried_text"] = {
        lang: as_text(published.own_report(sunday, None, carried).bulletin, lang) for lang in ("zh", "en")
    }
    seen["sunday_held"] = feeds.unaccepted(sunday, SCHEME)

    meeting = replace(ws, today=date(2026, 11, 2))
    seen["paper"] = {lang: briefings.own_briefing(meeting, carried, lang) for lang in ("zh", "en")}
    seen["beside"] = {
        (lang, numbered): meetings.own_meeting(meeting, carried, lang, numbered=numbered)
        for lang in ("zh", "en")
        for numbered in (False, True)
    }
    seen["due"] = due_list_view(meeting, require_own(meeting), SCHEME, carried, carried.day)
    seen["work"] = response(meeting, require_own(meeting), SCHEME, carried, carried.day)
    for content, post, days in DECIDED:
        tasks.assign(meeting, None, tasks.NewAssignment(content, post, days))
    seen["after"] = briefings.own_briefing(meeting, carried, "zh")
    seen["after_beside"] = meetings.own_meeting(meeting, carried, "zh", numbered=False)
    seen["ledger"] = tasks.assignments(meeting, None)

    tuesday = replace(ws, today=date(2026, 11, 3))
    reports = "来源,起始日期,截止日期\n门诊,2026-10-25,2026-10-31\n"
    loads.load_file(tuesday, loads.Incoming("reports", ("零报告.csv", reports.encode("utf-8-sig"))))
    loads.load_file(
        tuesday, loads.Incoming("incidents", ("事件.csv", incidents(rows, date(2026, 10, 31), clinic=True)))
    )
    again = published.own_release(tuesday, SCHEME, date(2026, 10, 31), Intent("更正", publish=True))
    seen["corrected"] = published.own_verified(tuesday, again).assessment()
    seen["corrected_paper"] = briefings.own_briefing(tuesday, again, "zh")
    seen["corrected_text"] = as_text(published.own_report(tuesday, None, again).bulletin, "zh")
    seen["first"] = published.own_verified(tuesday, published.own_entry(tuesday, 1)).assessment()
    seen["frozen"] = published.own_verified(tuesday, carried).assessment()
    return seen


def checks_to(last: date) -> bytes:
    """The sample's checks up to a day."""
    held = pd.read_csv(STREET / "checks.csv", dtype="str", encoding="utf-8-sig")
    return held[held["checked_at"].str[:10] <= f"{last}"].to_csv(index=False).encode("utf-8-sig")


def by_name(run: Assessment, array: str) -> Mapping[str, int]:
    return dict(zip(run.areas["name"], getattr(run, array)[-1].tolist(), strict=True))


def test_nothing_is_missing_while_the_clinic_reports(week):
    assert week["before_missing"] == ()


def test_the_load_of_monday_names_the_feed_and_the_day(week):
    assert week["monday_lines"] == ["门诊10月25日起无数据（1天）"]


def test_monday_has_one_reminder_sheet_and_no_draft(week):
    assert list(week["monday_reminders"]) == ["催报单_20261026_1.pdf"]
    (sheet,) = week["monday_reminders"].values()
    assert sheet.startswith(b"%PDF-")
    assert sheet.count(b"/Type /Page\n") + sheet.count(b"/Type /Page ") + sheet.count(b"/Type/Page") <= 2
    assert [one.feed.post for one in week["monday_held"]] == ["防疫专班联络岗"]


def test_no_area_is_milder_and_the_two_reds_are_red(week):
    before, after = week["first"], week["carried"]
    known = before.published[-1] != tiers.UNKNOWN_RANK
    assert (after.published[-1][known] >= before.published[-1][known]).all()
    red = before.published[-1] == tiers.RANK["red"]
    assert red.sum() == 2
    assert (after.published[-1][red] == tiers.RANK["red"]).all()


def test_the_two_areas_without_data_stay_so_and_all_others_are_carried(week):
    run = week["carried"]
    unknown = run.published[-1] == tiers.UNKNOWN_RANK
    assert unknown.sum() == 2
    assert ((run.carried[-1] > 0) == ~unknown).all()
    assert set(run.carried[-1][~unknown].tolist()) == {7}


def test_the_headline_says_which_feed_and_for_how_long(week):
    told = interruption("zh", week["carried"])
    assert "门诊10月25日起无数据（7天）" in told
    assert "50个区域沿用上期等级（未核实，不下调）" in told
    assert "no data since 25 Oct (7 days)" in interruption("en", week["carried"])


def test_a_carried_green_is_not_called_computed(week):
    run = week["carried"]
    green = [area for area, rank in zip(run.areas.index, run.published[-1], strict=True) if rank == 0]
    assert green
    for area in green:
        shown = shown_tier(run, area)
        assert (shown.why, shown.computed) == ("carried", "unknown")
        assert "未核实" in sentence("zh", run, area)


def test_nothing_reads_as_better(week):
    for lang, text in week["carried_text"].items():
        # The scheme's note quotes the plan's rule of lowering, which is told of no area.
        rule = getattr(SCHEME.note, lang)
        assert rule in text
        text = text.replace(rule, "")
        assert not re.search(r"(?<!不)下调|好转|下降为|(?<!not )lowered|lighter|improved|milder", text)
    assert "门诊10月25日起无数据" in week["carried_text"]["zh"]


def test_a_rise_comes_of_living_feeds(week):
    run = week["carried"]
    risen = np.flatnonzero(run.published[-1] > week["first"].published[-1])
    assert (run.published[-1][risen] <= np.maximum(run.least[-1][risen], run.published[-1][risen])).all()
    fed_by_clinic = {"new_cases_14d", "quiet_days", "fever_14d", "contacts_14d"}
    for at in risen:
        known = {item for item, value in zip(run.indicator_ids, run.values[-1, at], strict=True) if value == value}
        assert known.isdisjoint(fed_by_clinic)


def test_the_leaders_release_lets_the_night_go_on(week):
    assert week["sunday_held"] == ()


def test_the_paper_begins_with_the_six_of_the_last_meeting(week):
    paper = week["paper"]
    assert paper["zh"].tasks.summary == "10月26日—11月1日应办6件，截至11月2日：销号3件，待复核0件，在办2件，逾期1件。"
    assert paper["en"].tasks.summary == (
        "26 Oct–1 Nov: 6 assignments, as at 2 Nov: 3 signed off, 0 awaiting check, 2 in work, 1 overdue."
    )
    rows = {row.number: row for row in paper["zh"].tasks.rows}
    assert next(iter(rows)) == 6
    assert (rows[6].state, rows[6].late) == ("在办，逾期5天", True)
    assert rows[4].due == "11月9日（原11月2日）"
    assert [rows[number].state for number in (1, 2, 3)] == ["销号"] * 3
    assert rows[2].progress == "街办〔2026〕2号；复核领导"
    for (lang, _), beside in week["beside"].items():
        assert pages_of(report(paper[lang], beside)).pages == 2


def test_its_first_page_has_what_falls_due_and_numbers_for_those_who_may(week):
    found = week["due"].found
    overdue = found.open[found.open["overdue"].to_numpy(bool)]
    plain, numbered = (week["beside"]["zh", one] for one in (False, True))
    assert [row.number for row in numbered.due.each] == overdue["number"].tolist()
    assert plain.due.each is None
    assert not set(overdue["number"]) & set(re.findall(r"SJ\d+", str(plain)))
    sums = found.sums()
    for beside in (plain, numbered):
        total = beside.due.rows[-1]
        assert total[1:] == tuple(
            f"{sums[name]}" for name in ("overdue", "today", "within_24h", "within_days", "undated", "open")
        )
    assert plain.week[0] == "".join(part["text"] for part in headline("zh", week["work"].told)).strip()


def test_its_second_page_has_the_map_and_what_is_to_be_decided(week):
    """Data are interrupted: that is the first thing said of the tiers, and it is for the meeting to act on."""
    briefing, points = week["paper"]["zh"], week["beside"]["zh", False].points
    assert briefing.shapes is not None
    stands = [point.stands for point in points]
    carried = sum(area.carried for area in briefing.areas)
    assert any(one.startswith(f"数据中断、沿用上期等级（未核实）的{carried}个：") for one in stands)
    assert any(one.startswith("数据不足、没有评级的2个：") for one in stands)
    assert stands[-1] == "逾期的交办1件：第6号（综合执法队）。"
    assert all(point.asked for point in points)
    assert "门诊10月25日起无数据" in "".join(briefing.provisos)
    assert {lang: len(week["beside"][lang, False].points) for lang in ("zh", "en")} == dict.fromkeys(
        ("zh", "en"), len(points)
    )


def test_the_paper_of_the_next_day_carries_the_correction(week):
    assert any(one.startswith("修订：10月31日及以前的记录此后补到12条") for one in week["corrected_paper"].provisos)


def test_two_decisions_become_the_next_two_numbers_and_three_fields_were_asked(week):
    asked = [one.name for one in fields(tasks.NewAssignment) if one.default is MISSING]
    assert asked == ["content", "post", "working_days"]
    new = [row for row in week["after"].tasks.rows if row.new]
    assert [(row.number, row.content, row.post, row.due) for row in new] == [
        (8, "核实门诊数据补报", "防疫专班联络岗", "11月3日"),
        (7, "增援船埠网格清楼两天", "健康组", "11月4日"),
    ]
    assert week["after"].tasks.summary.endswith("逾期1件。新交办2件。")
    assert pages_of(report(week["after"], week["after_beside"])).pages == 2
    assert {one.entry.source for one in week["ledger"]} == {"meeting"}


def test_what_came_late_is_a_revision_and_the_paper_stays(week):
    text = week["corrected_text"]
    assert "修订：10月31日及以前的记录此后补到12条" in text
    assert re.search(r"10月31日的等级应由\w+更正为橙色的1个：兰汀社区船埠网格，不计为本期变化", text)
    assert "上调" not in text.split("趋势研判")[0]
    np.testing.assert_array_equal(week["frozen"].shown, week["carried"].shown)
    assert by_name(week["corrected"], "published")["兰汀社区船埠网格"] == tiers.RANK["orange"]


def test_after_fifteen_days_of_silence_carried_areas_lack_data(rows, tmp_path):
    ws = Workspace(Actor("甲", "local"), tmp_path, date(2026, 11, 10))
    for table, file in (("areas", "areas.geojson"), ("residents", "residents.csv"), ("places", "places.csv")):
        loads.load_file(ws, loads.Incoming(table, STREET / file))
    loads.load_file(ws, loads.Incoming("checks", STREET / "checks.csv"))
    loads.load_file(ws, loads.Incoming("agreements", ("约定.csv", AGREEMENT.encode("utf-8-sig"))))
    loads.load_file(ws, loads.Incoming("incidents", ("事件.csv", incidents(rows, date(2026, 10, 31), clinic=False))))
    # Whatever else reports goes on: only the clinic is silent.
    others = "来源,起始日期,截止日期\n"
    others += "".join(f"{channel},2026-11-01,2026-11-09\n" for channel in ("12345热线", "网格", "巡查", "平台"))
    loads.load_file(ws, loads.Incoming("reports", ("零报告.csv", others.encode("utf-8-sig"))))
    run = assess(area_counts(ws, require_own(ws), SCHEME), SCHEME, pd.date_range("2026-10-31", "2026-11-09"))
    assert (run.published[-1] == tiers.UNKNOWN_RANK).all()


def test_the_night_ends_with_3_and_drafts_nothing_until_the_leader_has_published(tmp_path, monkeypatch, capsys):
    home, out, inbox = (tmp_path / name for name in ("home", "out", "inbox"))
    for folder in (out, inbox):
        folder.mkdir()
    monkeypatch.setenv("FIVE_COLOUR_HOME", str(home))
    files = {
        "areas": ("区域.csv", "区域编码,名称,层级,人口\nA1,东网格,网格,900\nA2,西网格,网格,800\n"),
        "agreements": ("约定.csv", "来源,报送频次,零报告,报送单位,生效日期\n门诊,每日,是,卫生院,2026-03-09\n"),
        "incidents": (
            "事件.csv",
            "事件编号,发生时间,类别,来源,区域编码\n"
            + "".join(
                f"S{n},2026-03-{n % 10 + 1:02},发热,{'门诊' if n % 10 < 8 else '网格'},A{n % 2 + 1}\n"
                for n in range(60)
            ),
        ),
    }
    for table, (name, text) in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8-sig")
        assert main(["load", str(tmp_path / name), "--as", table]) == 0
    scheme = tmp_path / "方案.yaml"
    scheme.write_text(SMALL_SCHEME, encoding="utf-8")
    night = ["nightly", str(inbox), "--out", str(out), "--scheme", str(scheme)]

    assert main(night) == 3
    assert not list(home.glob("releases/D*"))
    assert [file.suffix for file in out.iterdir()] == [".pdf"]
    assert "门诊3月9日起无数据" in capsys.readouterr().err

    assert (
        main(["release", "--scheme", str(scheme), "--date", "2026-03-10", "--publish", "--reason", "含沿用等级"]) == 0
    )
    main(night)
    assert list(home.glob("releases/D*"))
