"""Checks that are due before holidays, by the office's own table of days."""

from datetime import date

import numpy as np
import pytest

from analytics import tiers
from analytics.office import holidays_known_until
from analytics.response.due import duty_done, week_of
from analytics.response.on_target import states
from analytics.scheme.duties import Duty
from analytics.scoring import area_counts_for
from analytics.scoring.area_counts import day_number
from analytics.store import Counts
from tests.loaders.files_of_records import load, notes, reasons
from tests.response.test_due import BEFORE, BUILDINGS, MEASURES, SEEN, done_in, same_tier, visits
from tests.scoring.small_world import days, given, records, scheme, three_areas

BEFORE_HOLIDAYS = SEEN | {"before_holidays_days": 10}
SPRING_FESTIVAL = "日期,是否工作日\n" + "".join(f"2020-01-{day},否\n" for day in range(24, 31)) + "2020-01-19,是\n"


def before_the_festival(holidays, *made, final=None):
    over = days("2020-01-01", "2020-02-05")
    tables = {"places": BUILDINGS, "checks": visits(("B2", "2020-01-02", "nobody_home"), *made)}
    if holidays:
        found, _ = load(holidays=holidays)
        tables["holidays"] = found.holidays.to_dict("records")
    return done_in(tables, same_tier("green", len(over)) if final is None else final(len(over)), over, BEFORE_HOLIDAYS)


def test_before_a_holiday_each_place_is_due_once_whatever_the_tier():
    made = (("A1", "2020-01-14", "done"), ("A2", "2020-01-13", "done"), ("B1", "2020-01-23", "done"))
    found = before_the_festival(SPRING_FESTIVAL, *made)
    # The ten days to Thursday the 23rd of January begin on the 14th: A2 was seen too early.
    assert found.loc["A", ["due", "on_time", "late", "overdue"]].tolist() == [2, 1, 0, 1]
    assert found.loc["B", ["due", "on_time", "late", "overdue"]].tolist() == [2, 1, 0, 1]
    assert found.loc["A", "oldest"] == day_number(date(2020, 1, 23))
    # What is done in the holiday or after it is late.
    again = before_the_festival(SPRING_FESTIVAL, *made, ("A2", "2020-01-31", "done"))
    assert again.loc["A", ["due", "on_time", "late", "overdue"]].tolist() == [2, 1, 1, 0]


def test_a_weekend_is_no_holiday_and_without_a_table_nothing_is_asked():
    for holidays in (None, "日期,是否工作日\n2020-01-19,是\n", "日期,是否工作日\n2020-01-15,否\n"):
        found = before_the_festival(holidays, ("A1", "2020-01-14", "done"))
        assert (found["due"].fillna(0) == 0).all()
        assert not found["asked"].any()


def test_an_area_that_is_unknown_on_all_days_before_a_holiday_is_asked_nothing_and_one_known_on_some_is():
    def unknown_then(count):
        final = same_tier("red", count)
        final[13:23, 1] = tiers.UNKNOWN_RANK  # the 14th to the 23rd of January, of the second area
        final[13:22, 2] = tiers.UNKNOWN_RANK
        return final

    found = before_the_festival(SPRING_FESTIVAL, final=unknown_then)
    assert found["asked"].tolist() == [True, False, True]


def test_a_holiday_to_come_is_due_next_and_a_duty_asks_in_one_way_alone():
    found, _ = load(holidays=SPRING_FESTIVAL)
    tables = {"places": BUILDINGS, "checks": visits(BEFORE), "holidays": found.holidays.to_dict("records")}
    world = records(areas=three_areas(x=[1, 1, 1]), **tables)
    chosen = scheme([given("x")], measures=MEASURES, duties=[BEFORE_HOLIDAYS])
    facts = area_counts_for(Counts.of_records(world), chosen)
    over = days("2019-12-01", "2019-12-20")
    held = duty_done(facts, chosen, chosen.duties[0], same_tier("blue", len(over)), over)
    next_due = week_of(facts, chosen.duties[0], held, day_number(over[-1].date())).next
    assert (next_due == day_number(date(2020, 1, 23))).all()
    with pytest.raises(ValueError, match="duty_in_two_ways"):
        Duty(**BEFORE_HOLIDAYS, every_days={"red": 1})


def test_a_year_with_its_national_day_is_known_whole_and_any_other_up_to_its_last_row():
    def until(*off, worked=()):
        return holidays_known_until({date.fromisoformat(day): day in worked for day in (*off, *worked)})

    national = ("2026-10-01", "2026-10-02", "2026-10-03")
    assert until() is None
    assert until("2026-05-01", "2026-06-19") == date(2026, 6, 19)
    assert until(*national, worked=["2026-10-10"]) == date(2026, 12, 31)
    assert until("2025-10-01", "2025-10-02", "2025-10-03", "2026-02-15") == date(2026, 2, 15)
    # Rows that were refused, or read the wrong way round, make no year whole.
    assert until("2026-10-01", "2026-10-07") == date(2026, 10, 7)
    assert until("2026-10-01", "2026-10-03", worked=["2026-10-02"]) == date(2026, 10, 3)


@pytest.mark.parametrize(("last", "known"), [("2019-12-28", True), ("2019-12-29", False), ("2020-01-05", False)])
def test_as_long_as_the_year_is_known_no_holiday_to_come_means_that_nothing_is_due(last, known):
    national_day = "日期,是否工作日\n" + "".join(f"2019-10-0{day},否\n" for day in range(1, 8))
    loaded, reports = load(holidays=national_day)
    assert "known up to 31 December 2019" in notes(reports["holidays"])
    tables = {"places": BUILDINGS, "checks": visits(("B2", "2019-11-02", "nobody_home"))}
    world = records(areas=three_areas(x=[1, 1, 1]), holidays=loaded.holidays.to_dict("records"), **tables)
    chosen = scheme([given("x")], measures=MEASURES, duties=[BEFORE_HOLIDAYS])
    facts = area_counts_for(Counts.of_records(world), chosen)
    over = days("2019-12-01", last)
    held = duty_done(facts, chosen, chosen.duties[0], same_tier("red", len(over)), over)
    shown = week_of(facts, chosen.duties[0], held, day_number(over[-1].date()))
    assert shown.week["due"].fillna(-1).tolist() == ([0, 0, 0] if known else [-1, -1, -1])


def test_without_a_holiday_to_come_what_is_due_is_not_known():
    for holidays, told in ((None, False), (SPRING_FESTIVAL, True)):
        tables = {"places": BUILDINGS, "checks": visits(("B2", "2019-11-02", "nobody_home"))}
        if holidays:
            tables["holidays"] = load(holidays=holidays)[0].holidays.to_dict("records")
        chosen = scheme([given("x")], measures=MEASURES, duties=[BEFORE_HOLIDAYS])
        world = records(areas=three_areas(x=[1, 1, 1]), **tables)
        facts = area_counts_for(Counts.of_records(world), chosen)
        over = days("2019-12-01", "2019-12-20")
        held = duty_done(facts, chosen, chosen.duties[0], same_tier("red", len(over)), over)
        shown = week_of(facts, chosen.duties[0], held, day_number(over[-1].date()))
        assert shown.week["due"].fillna(-1).tolist() == ([0, 0, 0] if told else [-1, -1, -1])
        assert states(np.full(3, tiers.RANK["yellow"]), [shown.week]).tolist() == ["covered"] * 3


@pytest.mark.parametrize("header", ["类型", "日期类型"])
@pytest.mark.parametrize(("off", "worked"), [("休", "班"), ("放假", "上班"), ("休息", "补班")])
def test_short_words_for_days_off_and_worked_are_read(header, off, worked):
    found, reports = load(holidays=f"日期,{header},名称\n2020-01-24,{off},春节\n2020-01-19,{worked},调休\n")
    assert dict(zip(found.holidays["day"], found.holidays["working"], strict=True)) == {
        "2020-01-24": False, "2020-01-19": True
    }  # fmt: skip
    assert reports["holidays"].accepted == 2


@pytest.mark.parametrize(
    "days", ["2020-10-03至2020-10-07", "10月1日—7日", "10月1日-7日", "2020年10月1日到8日", "2020-10-01~2020-10-08",
             "2020-10-01 - 2020-10-08", "10.1-10.7 to 8"]
)  # fmt: skip
def test_several_days_in_one_cell_are_refused_with_what_to_do(days):
    found, reports = load(holidays=f"日期,是否工作日\n2020-10-01,否\n{days},否\n")
    assert list(found.holidays["day"]) == ["2020-10-01"]
    assert "one" in reasons(reports["holidays"])[3]
    assert "每天填一行" in reasons(reports["holidays"], "zh")[3]
    # The year is not called complete.
    assert "2020-12-31" not in notes(reports["holidays"])


@pytest.mark.parametrize("day", ["2020-10-01", "2020年10月1日", "2020/10/1", "20201001", "2020-10-01 00:00:00"])
def test_one_day_in_a_cell_is_no_range(day):
    found, _ = load(holidays=f"日期,是否工作日\n{day},否\n")
    assert list(found.holidays["day"]) == ["2020-10-01"]
