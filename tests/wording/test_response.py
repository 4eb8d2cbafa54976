"""Response in words: a share is never rounded to all or to nothing, and what is not known is told."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import tiers
from analytics.response.due import DutyWeek
from analytics.response.on_target import STATES, by_tier, states
from analytics.scheme.duties import Duty
from analytics.wording.numbers import NOTHING
from analytics.wording.response import (
    Told,
    asides,
    headline,
    month_text,
    parts_of,
    share_done,
    sums,
    tier_rows,
    to_page,
    tried_text,
    unrated_behind,
)
from analytics.wording.response_cells import cells_of, default_cells, none_listed
from analytics.wording.team_hours import team_rows
from tests.scoring.small_world import indicator, scheme


@given(st.integers(1, 10**6), st.data())
def test_a_share_is_all_only_of_all_and_nothing_only_of_nothing(due, data):
    done = data.draw(st.integers(0, due))
    told = share_done(done, due)
    assert (told == "100%") == (done == due)
    assert (told == "0%") == (done == 0)
    assert abs(float(told.rstrip("%")) - 100 * done / due) <= 0.5


def test_where_nothing_was_due_or_it_is_not_known_there_is_no_share():
    assert share_done(0, 0) == share_done(np.nan, 5) == share_done(1, np.nan) == NOTHING


def week(*rows):
    told = pd.DataFrame(rows, columns=["due", "on_time", "late", "overdue"], dtype=float)
    # The newest cycle is the week's own.
    return told.assign(oldest=-1, last_due=told["due"], last_overdue=told["overdue"], last_day=-1, asked=True)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)), min_size=1))
def test_the_parts_of_a_sum_add_up_to_it(rows):
    found = sums(week(*((a + b + c, a, b, c) for a, b, c in rows)))
    assert found.due == found.done + found.overdue
    assert sum(length for _, length in parts_of(found)) == pytest.approx(100 if found.due else 0)


def test_an_area_of_which_something_is_not_known_is_left_out_and_counted():
    found = sums(week((4, 3, 0, 1), (5, np.nan, np.nan, np.nan), (np.nan, 0, 0, 0)))
    assert (found.due, found.on_time, found.untold, found.areas) == (4, 3, 2, 3)


def test_sums_of_which_only_empty_areas_are_known_say_nothing():
    assert not sums(week((0, 0, 0, 0), (5, np.nan, np.nan, np.nan))).known
    assert sums(week((0, 0, 0, 0), (0, 0, 0, 0))).known
    assert sums(week((1, 0, 0, 1), (5, np.nan, np.nan, np.nan))).known


SHOWN = np.array([4, 4, 1, 1, -1, 0, 0], dtype="int8")
UNTOLD = (3, np.nan, np.nan, np.nan)
WEEK = week((9, 9, 0, 0), (9, 8, 0, 1), (10, 8, 0, 2), (10, 7, 0, 3), (0, 0, 0, 0), UNTOLD, (0, 0, 0, 0))


def test_red_is_on_target_with_nothing_overdue_and_blue_with_no_more_than_a_fifth():
    assert states(SHOWN, [WEEK]).tolist() == ["covered", "behind", "covered", "behind", "untold", "untold", "covered"]


def test_what_is_overdue_stays_so_when_the_week_is_over():
    empty = week(*[(0, 0, 0, 0)] * 4).assign(last_due=10.0, last_overdue=[1.0, 0.0, 2.0, 3.0])
    shown = np.array([4, 4, 1, 1], dtype="int8")
    assert states(shown, [empty]).tolist() == ["behind", "covered", "covered", "behind"]


def test_what_was_never_followed_to_its_end_is_not_called_done():
    nothing = week((0, 0, 0, 0), (0, 0, 0, 0)).assign(last_due=np.nan, last_overdue=np.nan, asked=[True, False])
    assert states(np.array([4, 0], dtype="int8"), [nothing]).tolist() == ["untold", "covered"]
    assert states(np.array([4, 0], dtype="int8"), []).tolist() == ["untold", "untold"]


def test_behind_in_one_duty_is_behind_and_unknown_is_not_judged():
    fine = week(*[(1, 1, 0, 0)] * 7)
    assert states(SHOWN, [fine, WEEK])[1] == "behind"
    assert states(SHOWN, [fine])[4] == "untold"


def test_every_area_is_in_one_cell():
    table = by_tier(SHOWN, states(SHOWN, [WEEK]))
    assert table.to_numpy().sum() == len(SHOWN)
    assert list(table.index) == list(tiers.SHOWN)
    assert list(table.columns) == list(STATES)


def test_cells_of_a_link():
    assert cells_of(None) == default_cells()
    assert cells_of("none") == ()
    assert cells_of("blue.behind,red.untold") == ("blue.behind", "red.untold")
    assert cells_of("blue.behind,nowhere") is None


def test_tries_are_told_of_no_area_of_which_the_objects_are_not_known():
    areas = pd.Index(["A", "B", "C"])
    tried = pd.DataFrame({"nobody_home": [2, 3, 4], "refused": [0, 1, 0], "partly": 0}, index=areas)
    held = week((9, 8, 0, 1), (np.nan, 0, 0, np.nan), (0, 0, 0, 0)).set_axis(areas)
    run = SimpleNamespace(shown=np.array([[4, 4, -1]]), areas=pd.DataFrame(index=areas))
    one = DutyWeek(Duty(id="seen", where={"kind": "visit"}), held, held, (), pd.Series(-1, index=areas), tried)
    told = Told(run, [one], pd.Series("behind", areas), ())
    assert "nobody home 2" in tried_text("en", told, one)
    assert "agree" not in tried_text("en", told, one)
    assert [tried_text("zh", told, one, area) for area in "BC"] == ["", ""]
    assert tried_text("zh", told, one, "A").endswith("未见到2次")


@pytest.mark.parametrize(
    ("then", "said"), [((10, 5, 0, 5), "up 10.0"), ((10, 7, 0, 3), "down 10.0"), ((10, 6, 0, 4), "as last week")]
)
def test_the_change_of_the_share_is_over_areas_known_in_both_weeks(then, said):
    duty = Duty(id="seen", where={"kind": "visit"})
    now, before = (week(one, (90, 90, 0, 0), (90, 90, 0, 0)) for one in ((10, 6, 0, 4), then))
    before.loc[1:, "overdue"] = np.nan  # not known then
    run = SimpleNamespace(shown=np.array([[4, 4, -1]]), areas=pd.DataFrame(index=[0, 1, 2]))
    told = Told(
        run, [DutyWeek(duty, now, before, (), pd.Series(-1, index=now.index))], pd.Series("behind", now.index), ()
    )
    assert said in asides("en", told)[0]


def made(shown, rows, held):
    """What is told of areas 0, 1 … of these tiers, with one duty whose week has these rows."""
    duty, now = Duty(id="seen", where={"kind": "visit"}), week(*rows)
    areas = pd.DataFrame({"name": [f"甲{at}" for at in now.index], "parent_id": None}, index=now.index)
    run = SimpleNamespace(
        shown=np.array([shown]), areas=areas, score=np.zeros((1, len(areas))), scheme=scheme([indicator()])
    )
    never = pd.Series(-1, index=now.index)
    return Told(run, [DutyWeek(duty, now, now, (), never)], pd.Series(held, now.index), ())


def test_nobody_knows_is_never_told_as_none():
    told = made([4, 3], [UNTOLD, UNTOLD], "untold")
    assert "红、橙不明2，" in to_page("zh", told)
    assert "完成情况不明的2个" in none_listed("zh", told, default_cells())
    rows = tier_rows("zh", told, told.duties[0])
    assert [row["due"] for row in rows] == ["3", "3", NOTHING, NOTHING, NOTHING, "6"]
    assert [row["overdue"] for row in rows] == [NOTHING] * 6
    known = made([4, 3], [(3, 3, 0, 0), (3, 3, 0, 0)], "covered")
    assert "未到位0，" in to_page("zh", known)
    assert none_listed("zh", known, default_cells()) == "没有这样的区域。"


def test_what_was_due_of_an_area_that_lost_its_tier_stays_in_the_sums():
    areas = pd.Index(["A", "B", "C"])
    held = week((10, 6, 0, 4), (5, 0, 0, 5), (0, 0, 0, 0)).set_axis(areas)
    run = SimpleNamespace(shown=np.array([[4, -1, -1]]), areas=pd.DataFrame(index=areas), scheme=scheme([indicator()]))
    one = DutyWeek(Duty(id="seen", where={"kind": "visit"}), held, held, (), pd.Series(-1, index=areas))
    told = Told(run, [one], pd.Series(["behind", "untold", "untold"], areas), ())
    rows = {row["tier"]: row for row in tier_rows("en", told, one)}
    assert (rows["red"]["due"], rows["unknown"]["due"], rows[""]["due"]) == ("10", "5", "15")
    assert (rows["unknown"]["overdue"], rows[""]["overdue"]) == ("5", "9")
    assert unrated_behind(told) == ["B"]


def test_where_no_area_has_a_tier_nothing_is_said_of_red_and_what_is_due_is_not_none():
    for rows, said in (
        (((0, 0, 0, 0), (0, 0, 0, 0)), "seen：各区域均数据不足，没有等级，应做不明。"),
        (((0, 0, 0, 0), (5, 1, 0, 4)), "seen应5次，完成1次（20%），按时1次，逾期4次。数据不足的1个区域仍有逾期。"),
    ):
        told = made([-1, -1], rows, ["untold"] * 2)
        vars(told)["order"] = [0, 1]  # which asks for more of a run than this one has
        assert "".join(part["text"] for part in headline("zh", told)) == said


def test_the_visiting_rate_of_a_month_is_of_visits_to_people_and_leaves_out_what_is_not_known():
    areas = pd.Index(["A", "B", "C"])
    held = week((10, 6, 1, 3), (5, 0, 0, 5), (4, np.nan, np.nan, np.nan)).set_axis(areas)
    run = SimpleNamespace(
        shown=np.array([[4, 4, 4]]), areas=pd.DataFrame(index=areas), days=pd.DatetimeIndex(["2020-02-15"])
    )

    def told(source):
        duty = Duty.model_validate({"id": "seen", "where": {"kind": "visit"}, "from": source})
        one = DutyWeek(duty, held, held, (), pd.Series(-1, index=areas), None, held)
        return month_text("en", Told(run, [one], pd.Series("behind", areas), ()), one)

    assert "15 due, 7 done (47%), 8 overdue" in told("places")
    assert "Visiting rate this month to 15 Feb: 47% (7/15)" in told("residents")
    assert "1 area with unknown objects or records not counted" in told("residents")


def test_a_team_whose_used_hours_are_not_known_has_a_dash_and_no_full_bar():
    columns = {
        "name": "一组",
        "department": None,
        "home": None,
        "lead": None,
        "checks": 2.0,
        "used": np.nan,
        "hours": 90,
    }
    (row,) = team_rows("zh", pd.DataFrame([columns], index=["T1"]), {})
    assert (row["hours"], row["wide"], row["beyond"]) == ("—/90", 0.0, False)
