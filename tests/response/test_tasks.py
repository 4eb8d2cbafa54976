"""The list of assignments as of a day: where each stands, what was late, and the list of a meeting that adds up."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from analytics.office import week_end
from analytics.response.tasks import Assignment, as_of, in_order, meeting_list
from analytics.store.assignments import NEXT, state_of
from analytics.store.ledger_entries import AssignmentEntry, StepEntry
from analytics.wording.tasks import (
    due_text,
    hands,
    history,
    meeting_summary,
    progress_on_paper,
    state_text,
    task_rows,
)
from analytics.words import LANGUAGES

MONDAY = date(2026, 10, 26)


def day(n):
    return MONDAY + timedelta(days=n)


def entry(number=1, assigned=0, due=3):
    return AssignmentEntry(
        number=number, source="meeting", area_id=None, content=f"第{number}件", post="平安办", working_days=3,
        assigned=day(assigned), due=day(due), who="甲", role="keeper", at="",
    )  # fmt: skip


def step(kind, after, due=None, text="依据", **changed):
    told = {"who": "甲" if kind in ("report", "extend", "progress") else "乙", "role": "admin", "at": "", "post": ""}
    told |= {"number": 0, "assignment": 1, "step": kind, "day": day(after), "text": text}
    return StepEntry(**(told | {"due": None if due is None else day(due)} | changed))


def seen(*steps, on, **told):
    (found,) = as_of([(entry(**told), steps)], day(on))
    return found


# One assignment


def test_it_is_overdue_from_the_day_after_its_due_day():
    assert [seen(on=on).days_overdue for on in (2, 3, 4, 9)] == [0, 0, 1, 6]
    assert [seen(on=on).missed for on in (3, 4, 400)] == [0, 1, 1]


def test_what_was_reported_on_its_due_day_was_in_time_however_late_it_is_checked():
    found = seen(step("report", 3), step("sign_off", 30), on=40)
    assert (found.state, found.missed, found.overdue, found.done) == ("signed_off", 0, False, day(3))
    assert (found.evidence, found.signed_off.who) == ("依据", "乙")


def test_what_was_reported_late_stays_late_when_it_is_signed_off():
    found = seen(step("report", 4), step("sign_off", 5), on=5)
    assert (found.missed, found.overdue) == (1, False)
    assert [state_text(lang, found) for lang in LANGUAGES] == ["销号，曾逾期", "signed off, was overdue"]


def test_a_report_that_was_sent_back_was_none():
    assert seen(step("report", 2), on=6).missed == 0
    found = seen(step("report", 2), step("return", 5, text="未见照片"), on=6)
    assert (found.state, found.missed, found.days_overdue, found.evidence) == ("open", 1, 3, "")
    assert found.progress == "未见照片"


def test_an_extension_that_is_only_asked_for_holds_nothing_up():
    found = seen(step("extend", 2, due=9), on=4)
    assert (found.state, found.due, found.asked_due, found.missed) == ("extension", day(3), day(9), 1)
    assert due_text("zh", found) == "10月29日，申请延至11月4日"
    assert state_text("zh", found) == "申请延期，逾期1天"


def test_an_extension_in_time_moves_the_due_day_and_both_are_seen():
    found = seen(step("extend", 2, due=9), step("agree", 3), on=9)
    assert (found.due, found.missed, found.overdue) == (day(9), 0, False)
    assert [due_text(lang, found) for lang in LANGUAGES] == ["11月4日（原10月29日）", "4 Nov (was 29 Oct)"]


def test_an_extension_after_the_due_day_makes_nothing_punctual():
    late = (step("extend", 4, due=9), step("agree", 5))
    found = seen(*late, step("report", 6), step("sign_off", 6), on=8)
    assert (found.state, found.missed) == ("signed_off", 1)


def test_late_twice_is_said_twice():
    steps = (step("extend", 4, due=9), step("agree", 5))
    once, twice = seen(*steps, on=9), seen(*steps, on=10)
    assert [(one.missed, one.late_twice, one.days_overdue) for one in (once, twice)] == [(1, False, 0), (2, True, 1)]
    assert state_text("zh", once) == "在办，曾逾期"
    assert [state_text(lang, twice) for lang in LANGUAGES] == [
        "在办，逾期1天，两次逾期",
        "in work, 1 day overdue, overdue twice",
    ]
    third = seen(*steps, step("extend", 10, due=12), step("agree", 10), on=13)
    assert state_text("zh", third).endswith("3次逾期")


def test_a_declined_extension_leaves_the_due_day():
    found = seen(step("extend", 2, due=9), step("decline", 2), on=5)
    assert (found.state, found.dues, found.missed) == ("open", (day(3),), 1)


def test_of_a_day_nothing_later_is_known():
    steps = (step("progress", 1, text="已约谈"), step("report", 2), step("sign_off", 4))
    assert [seen(*steps, on=on).state for on in range(5)] == ["open", "open", "awaiting", "awaiting", "signed_off"]
    assert as_of([(entry(assigned=3), ())], day(2)) == ()


def test_both_hands_and_every_step_are_named():
    found = seen(step("report", 2, who="甲", role="local"), step("sign_off", 3, post="督查室", role="local"), on=4)
    assert hands("zh", found) == "办结甲；复核督查室，由乙登记"
    assert hands("en", found) == "done: 甲; checked: 督查室, entered by 乙"
    assert progress_on_paper("zh", found) == "依据；复核督查室"
    by_role = seen(step("report", 2), step("sign_off", 3, role="leader"), on=4)
    assert [progress_on_paper(lang, by_role) for lang in LANGUAGES] == ["依据；复核领导", "依据; checked: leader"]
    assert history("zh", found) == [
        "10月26日　交办，期限10月29日　甲（数据管理员）",
        "10月28日　报告办结：依据　甲",
        "10月29日　复核销号：依据　督查室，由乙登记",
    ]
    asked = seen(step("extend", 2, due=9, text="雨天"), on=2)
    assert history("en", asked)[1] == "28 Oct: Request an extension until 4 Nov, 雨天 (甲 (administrator))"


def test_an_area_is_named_and_one_that_is_gone_by_its_code():
    found = Assignment(AssignmentEntry(**{**vars(entry()), "area_id": "A1"}), (), MONDAY)
    assert [task_rows("zh", [found], names)[0]["content"] for names in ({"A1": "东网格"}, {})] == [
        "第1件（东网格）",
        "第1件（A1）",
    ]


# Brute force: a day at a time, what a person with a calendar would have written


@st.composite
def worlds(draw):
    """Assignments with steps that could have been taken, each on a day not before the one before it."""
    held = []
    for number in range(1, draw(st.integers(0, 5)) + 1):
        assigned = draw(st.integers(-14, 8))
        one = entry(number, assigned, assigned + draw(st.integers(1, 8)))
        steps, at, due, wanted = [], assigned, one.due, None
        for _ in range(draw(st.integers(0, 6))):
            at += draw(st.integers(0, 4))
            kinds = NEXT[state_of(steps)]
            if not kinds:
                break
            kind = draw(st.sampled_from(kinds))
            asked = None
            if kind == "extend":
                asked = (max(due, day(at)) - MONDAY).days + draw(st.integers(1, 6))
                wanted = day(asked)
            elif kind == "agree" and wanted < day(at):
                kind = "decline"
            elif kind == "agree":
                due = wanted
            steps.append(step(kind, at, due=asked))
        held.append((one, tuple(steps)))
    return held


def by_hand(held, steps, today):
    """How often it was late, by walking through the days: at the end of a due day it is asked whether a report lies on
    the table which nobody has sent back up to today."""
    until = [one for one in steps if one.day <= today]
    standing = None
    for one in until:
        standing = one.day if one.step == "report" else None if one.step == "return" else standing
    missed, at = 0, held.assigned
    due, asked = held.due, None
    while at <= today:
        for one in (one for one in until if one.day == at):
            asked = one.due if one.step == "extend" else asked
            due = asked if one.step == "agree" else due
        if at == due and at < today and not (standing and standing <= at):
            missed += 1
        at += timedelta(days=1)
    return missed


@given(worlds(), st.integers(-3, 40))
def test_what_was_missed_is_what_a_person_with_a_calendar_would_count(world, on):
    for found in as_of(world, day(on)):
        held, steps = next(one for one in world if one[0] == found.entry)
        assert found.missed == by_hand(held, steps, day(on))
        assert found.overdue <= (found.missed > 0)
        assert found.late_twice == (found.missed >= 2)


@given(worlds(), st.integers(-3, 30), st.integers(0, 10))
def test_what_was_late_never_becomes_punctual(world, on, later):
    now = {one.entry.number: one.missed for one in as_of(world, day(on))}
    then = {one.entry.number: one.missed for one in as_of(world, day(on + later))}
    assert now.keys() <= then.keys()
    assert all(then[number] >= missed for number, missed in now.items())


@given(worlds(), st.integers(-7, 20), st.integers(0, 20))
def test_the_list_of_a_meeting_adds_up_and_forgets_nothing(world, cut_off, later):
    end, today = week_end(day(cut_off)), day(cut_off + later)
    listed = meeting_list(world, day(cut_off), today)
    counts = listed.counts
    assert counts["came_in"] == len(listed.before) == sum(counts.values()) - counts["came_in"]
    assert counts["signed_off"] == len(listed.closed)
    assert len(listed.left) + len(listed.closed) == len(listed.before)
    assert listed.day == min(today, end + timedelta(days=7))
    shown = {one.entry.number for one in (*listed.before, *listed.new)}
    for one in as_of(world, listed.day):
        closed_before = one.signed_off is not None and one.signed_off.day <= end - timedelta(days=7)
        assert (one.entry.number in shown) == (not closed_before or one.entry.assigned > end)
    assert all(one.entry.assigned > end for one in listed.new)
    for lang in LANGUAGES:
        assert str(counts["came_in"]) in meeting_summary(lang, listed) or not listed.before


@given(worlds(), st.integers(0, 20))
def test_what_is_overdue_comes_first_and_what_is_signed_off_last(world, on):
    ordered = in_order(as_of(world, day(on)))
    ranks = [2 if one.state == "signed_off" else 0 if one.overdue else 1 for one in ordered]
    assert ranks == sorted(ranks)
    assert sorted(one.entry.number for one in ordered) == [one.entry.number for one in as_of(world, day(on))]


def test_the_paper_of_a_week_stays_as_it_was_when_its_week_was_over():
    held = [(entry(), ())]
    cut_off = day(5)  # a Saturday
    listed = [meeting_list(held, cut_off, day(on)) for on in (7, 13, 300)]
    assert [one.day for one in listed] == [day(7), day(13), day(13)]
    assert listed[1] == listed[2]
    assert (listed[0].first, listed[0].last) == (MONDAY, day(6))
    assert (
        meeting_summary("zh", listed[0])
        == "10月26日—11月1日应办1件，截至11月2日：销号0件，待复核0件，在办0件，逾期1件。"
    )
    assert meeting_summary("en", listed[0]) == (
        "26 Oct–1 Nov: 1 assignment, as at 2 Nov: 0 signed off, 0 awaiting check, 0 in work, 1 overdue."
    )
