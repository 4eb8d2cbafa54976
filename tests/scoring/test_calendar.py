"""Working days: the office's own table of holidays, and weekends where it says nothing."""

from datetime import timedelta

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analytics.loaders import Records
from analytics.scoring.calendar import working_days
from analytics.store import Counts
from tests.loaders.files_of_records import TODAY, load
from tests.store import made

WAYS = {
    "是否工作日": ("是", "否"),
    "日期类型": ("补班", "放假"),
    "is_workday": ("1", "0"),
    "working": ("Working day", "Day off"),
    "是否放假": ("否", "是"),
    "isOffDay": ("false", "true"),
}
"""By a header of such tables: what stands there on a day that is worked, and on one that is not."""


@given(
    header=st.sampled_from(sorted(WAYS)),
    told=st.dictionaries(st.integers(-60, 400), st.booleans(), min_size=1, max_size=40),
)
def test_a_day_is_worked_as_the_table_says_and_else_by_its_weekday(header, told):
    work, off = WAYS[header]
    lines = [
        f"{TODAY + timedelta(days=day)},{work if worked else off},{'调休' if worked else '国庆节'}"
        for day, worked in told.items()
    ]
    found, reports = load(holidays=f"日期,{header},节日\n" + "\n".join(lines) + "\n")
    assert (reports["holidays"].accepted, reports["holidays"].read) == (len(told), len(told))
    days = pd.date_range(TODAY - timedelta(days=70), TODAY + timedelta(days=410), freq="D")
    expected = [told.get((day.date() - TODAY).days, day.weekday() < 5) for day in days]
    assert working_days(Counts.of_records(found), days).tolist() == expected


def test_without_the_table_weekends_are_free():
    days = pd.date_range("2026-10-26", periods=7, freq="D")
    counts = Counts.of_records(Records(areas=made.areas({"A1": 1}).frame))
    assert working_days(counts, days).tolist() == [True] * 5 + [False] * 2


def test_a_word_that_says_neither_refuses_its_row_and_a_day_counts_once():
    found, reports = load(holidays="日期,是否工作日\n2020-02-01,也许\n2020-02-02,是\n2020-02-02,否\n,否\n")
    assert found.holidays[["day", "working"]].to_numpy().tolist() == [["2020-02-02", True]]
    reasons = {note.line: note.reason.text("zh") for note in reports["holidays"].refused}
    assert "也许" in reasons[2]
    assert "第3行" in reasons[4] or "3" in reasons[4]
    assert sorted(reasons) == [2, 4, 5]


def test_a_break_that_is_longer_than_any_is_said():
    def notes(days):
        lines = "\n".join(f"{day:%Y-%m-%d},否" for day in days)
        _, reports = load(holidays=f"日期,是否工作日\n{lines}\n")
        *breaks, until = [note.text("zh") for note in reports["holidays"].notes]
        assert until.startswith(f"节假日安排已知到{days[-1].year}年{days[-1].month}月{days[-1].day}日")
        return breaks

    nine = pd.date_range("2026-02-14", "2026-02-22")
    assert notes(nine) == []
    # From a Saturday to a Friday: with the weekend after it there are sixteen days.
    said = notes(pd.date_range("2026-10-03", "2026-10-16"))
    assert said == ["2026年10月3日至2026年10月18日连续16天都不上班，期间到期的检查顺延到其后，请核对“是否工作日”一栏。"]
