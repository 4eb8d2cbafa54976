"""What a meeting is asked to decide: each point from its figures, none where there is nothing, and nobody by name."""

import re
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analytics import tiers
from analytics.loaders.findings import FOLLOW_UP
from analytics.response.hazards import Hazards
from analytics.response.tasks import meeting_list
from analytics.store.ledger_entries import AssignmentEntry, StepEntry
from analytics.wording import meeting as module
from analytics.wording.meeting import NAMES_TOLD, attention, behind_lines, overdue_rows, points, week_lines
from analytics.wording.response import post_of
from analytics.words import LANGUAGES
from tests.exhibits.test_due_list import small
from tests.office import LAST, office
from tests.pages.test_response_page import shown

__all__ = ["office"]


@pytest.fixture(scope="module")
def run(office):
    """The last day of the release, as it was frozen."""
    from analytics.releases import verify

    history = verify(office.home, office.ledger, "000002").assessment()
    return history.on(history.days[-1])


def asked(lang, run, **of):
    told = {"told": None, "hazards": None, "plan": None, "listed": None} | of
    return points(lang, told["told"], told["hazards"], told["plan"], told["listed"], run)


def of_rank(run, **changed):
    """The same with every area of it blue, as computed, but for what is changed: by position, arrays of ranks."""
    arrays = {}
    for name in ("shown", "published", "computed"):
        ranks = np.full_like(run.shown, tiers.RANK["blue"])
        for at, rank in changed.get(name, {}).items():
            ranks[-1, at] = rank
        arrays[name] = ranks
    carried = np.zeros_like(run.carried)
    for at, days in changed.get("carried", {}).items():
        carried[-1, at] = days
    left = np.full_like(run.override_left, -1)
    for at, days in changed.get("left", {}).items():
        left[-1, at] = days
    return replace(run, **arrays, carried=carried, override_left=left)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_where_nothing_needs_a_decision_there_is_no_point(run, lang):
    assert asked(lang, of_rank(run)) == []


def test_only_what_is_computed_red_or_orange_and_kept_milder_asks_for_a_decision(run):
    red, yellow = tiers.RANK["red"], tiers.RANK["yellow"]
    (point,) = asked("zh", of_rank(run, computed={3: red, 4: yellow}))
    name = str(run.areas["name"].iloc[3])
    assert point.stands.startswith("测算已达红色、橙色而仍在等待期内的1个：")
    assert point.stands.endswith("（测算红色）。")
    assert point.stands.partition("：")[2].partition("（")[0] in name
    # One that is kept harder than computed waits to be lowered, which presses nobody.
    assert asked("zh", of_rank(run, shown={3: red}, published={3: red})) == []


def test_what_is_carried_on_missing_or_ends_soon_is_a_point_each(run):
    unknown = tiers.UNKNOWN_RANK
    held = of_rank(
        run, carried={1: 7}, computed={1: unknown, 2: unknown}, shown={2: unknown}, published={2: unknown},
        left={5: 3, 6: 30},
    )  # fmt: skip
    stands = [point.stands.partition("：")[0] for point in asked("zh", held)]
    assert stands == [
        "数据中断、沿用上期等级（未核实）的1个", "一周内到期的人工调整1个", "数据不足、没有评级的1个",
    ]  # fmt: skip


def test_more_names_than_are_told_are_counted(run):
    few, many = (
        asked("zh", of_rank(run, computed=dict.fromkeys(range(n), tiers.RANK["orange"])))[0].stands
        for n in (NAMES_TOLD, NAMES_TOLD + 1)
    )
    assert "等" not in few.partition("：")[2]
    assert f"等{NAMES_TOLD + 1}个" in many


def work(run, *, behind=(), unanswered=(), duties=("walk",)):
    """What was told of the week's work."""
    areas = run.areas.index
    return SimpleNamespace(
        run=run, duties=list(duties), unanswered=list(unanswered), order=areas.tolist(),
        tier=pd.Series(tiers.names(run.shown[-1]), index=areas),
        states=pd.Series(["behind" if area in behind else "covered" for area in areas], index=areas),
    )  # fmt: skip


def test_red_and_orange_that_are_behind_or_that_nobody_answers_for_come_first(run):
    red = of_rank(run, **{name: {0: tiers.RANK["red"]} for name in ("shown", "published", "computed")})
    first, second = run.areas.index[:2]
    found = asked("zh", red, told=work(red, behind=(first, second), unanswered=(first,)))
    # The second is blue: it is behind, and no matter for the meeting.
    assert [point.stands.partition("：")[0] for point in found] == [
        *("红色、橙色未到位1个", "红色、橙色中无责任岗位或时限的1个"),
    ]
    assert asked("zh", red, told=work(red, behind=(first,), unanswered=(first,), duties=())) == []


def test_old_hazards_are_counted_with_the_oldest_and_where_they_are(run):
    opened = opened_in([*run.areas.index[:2], None], days=[90, 31, 30])
    (point,) = asked("zh", of_rank(run), hazards=hazards_of(opened))
    assert point.stands.startswith("超过30天未整改隐患2处（最久90天）：")
    assert point.asked == "限期整改，或移交主管部门（写明文号）。"
    assert asked("zh", of_rank(run), hazards=hazards_of(opened[opened["days"] <= 30])) == []


def test_hazards_past_their_deadline_and_half_handed_over_are_asked_about_too(run):
    opened = opened_in(run.areas.index[:3], days=[20, 9, 8], late_days=[4, 0, 1], half=[False, True, False])
    late, half = asked("zh", of_rank(run), hazards=hazards_of(opened))
    assert late.stands.startswith("超过整改期限的隐患2处（最长超期4天）：")
    assert half.stands.startswith("移交缺部门或文号的隐患1处，仍按未整改：")


def opened_in(areas, **columns):
    usual = {"found": pd.NaT, "late_days": 0, "half": False}
    return pd.DataFrame({"area_id": pd.Series(areas, dtype=object), **usual, **columns})


def hazards_of(opened):
    return Hazards(LAST, opened, opened[:0], closed=2, placeless=0, recorded=dict.fromkeys(FOLLOW_UP, True))


def test_extensions_and_what_is_late_are_named_by_number_and_post(run):
    def one(number, due):
        return AssignmentEntry(
            number=number, source="meeting", area_id=None, content="核查", post=f"岗位{number}", working_days=2,
            assigned=date(2026, 10, 26), due=due, who="甲", role="keeper", at="",
        )  # fmt: skip

    extend = StepEntry(number=1, assignment=2, step="extend", day=date(2026, 10, 27), text="需两周",
                       due=date(2026, 11, 20), post="", who="甲", role="keeper", at="")  # fmt: skip
    held = [(one(1, date(2026, 10, 28)), ()), (one(2, date(2026, 10, 28)), (extend,)), (one(3, date(2026, 11, 9)), ())]
    listed = meeting_list(held, LAST, date(2026, 11, 2))
    assert [point.stands for point in asked("zh", of_rank(run), listed=listed)] == [
        *("申请延期的交办1件：第2号（岗位2）。", "逾期的交办1件：第1号（岗位1）。"),
    ]
    assert "甲" not in str(asked("zh", of_rank(run), listed=listed))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_incidents_that_are_overdue_come_oldest_first_and_only_with_leave(lang):
    (row,) = overdue_rows(lang, small())
    assert (row["number"], row["days"], row["n"]) == ("SJ<b>1", "11", 1)
    assert overdue_rows(lang, small(numbered=False)) == []


def test_those_that_are_alike_and_have_no_number_are_one_row_with_how_many_they_are():
    told = small()
    alike = told.found.open.assign(number=None, n=3)
    (row,) = overdue_rows("zh", replace(told, found=replace(told.found, open=alike)))
    assert (row["number"], row["n"]) == ("无编号（3件）", 3)


def test_what_came_again_or_was_sent_back_is_told_and_what_is_not_recorded_is_no_zero():
    said = attention("zh", small().found)
    assert said == "未办结中重复发生0件、退单1件、不满意后重新办理未记录、延期未记录；近30天没有评价记录。"


def test_the_week_says_what_nobody_knows(run, monkeypatch):
    monkeypatch.setattr(module, "headline", lambda *_: [{"text": "…"}])
    told = work(run, unanswered=run.areas.index[:2])
    assert week_lines("zh", told, None, ()) == [
        "…", "红色、橙色中无责任岗位或时限的2个。超过30天未整改隐患：检查记录中没有发现问题的结果，无法统计。",
    ]  # fmt: skip
    others = SimpleNamespace(**{**vars(told), "duties": []})
    assert week_lines("en", others, None, ("Load.", "More."))[1:] == [
        "Load. More.",
        "Red or orange without a post or a date: not known. Hazards open for over 30 days: no check on record has a "
        "finding.",
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_said_of_each_area_that_is_not_on_target_is_what_was_counted(lang):
    told = shown().told
    lines = behind_lines(lang, told)
    assert len(lines) == len(told.behind) > 0
    for area, line in zip(told.behind, lines, strict=True):
        assert told.names[area] in line
        assert post_of(lang, told.run.scheme, told.tier[area]) in line
        assert all(team in line for team in told.teams[area])
        for one in told.duties:
            row = one.week.loc[area]
            done = int(row["on_time"] + row["late"])
            numbers = [int(row["due"]), done, int(row["overdue"])]
            name = one.duty.name.text(lang)
            if row["overdue"] > 0:
                part = line[line.index(name) + len(name) :]
                assert [int(found) for found in re.findall(r"\d+", part)[:3]] == numbers
            elif row["last_overdue"] <= 0:
                assert name not in line
