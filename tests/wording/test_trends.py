"""The newest week in words: held against other weeks only where both are complete."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import office
from analytics.loaders import Records
from analytics.scoring.comparable_weeks import WeeklyIncidents
from analytics.scoring.reporting_delay import FeedDelay, ReportingDelay
from analytics.scoring.summary import complete_weeks, weekly_incidents
from analytics.store import Counts
from analytics.wording.trends import how_complete, latest_week
from tests.store import made

FIRST = date(2025, 1, 6)  # a Monday


def counts_of(numbers: list[int]) -> Counts:
    """So many incidents on each day from the first on."""
    days = np.repeat(np.arange(len(numbers)), numbers)
    frame = made.incidents([str(number) for number in range(len(days))]).frame.assign(
        occurred_at=[pd.Timestamp(FIRST) + pd.Timedelta(days=int(day)) for day in days]
    )
    return Counts.of_records(Records(areas=made.areas({"A1": 100}).frame, incidents=frame))


@given(
    numbers=st.lists(st.integers(0, 3), min_size=8, max_size=60).filter(lambda found: found[0] > 0),
    back=st.integers(0, 5),
    late=st.integers(0, 20),
    begins=st.sampled_from(office.WEEKDAYS),
)
def test_a_week_is_compared_only_where_every_day_of_it_is_there_and_complete(numbers, back, late, begins):
    day = FIRST + timedelta(days=len(numbers) - 1 - back)
    slow = FeedDelay("incidents", "clinic", late, 100, day, "reported")
    delay = ReportingDelay(day, (slow,))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIVE_COLOUR_WEEK_BEGINS", begins)
        weekly = weekly_incidents(counts_of(numbers), day, 54, "category")
        if weekly.empty:
            return
        ends = [end.date() for end in weekly.index]
        assert ends == [office.week_end(end) for end in ends]
        assert ends[-1] - timedelta(days=6) <= day <= ends[-1]
        for end, total in zip(ends, weekly.sum(axis=1), strict=True):
            inside = [FIRST + timedelta(days=at) for at in range(len(numbers))]
            known = [n for at, n in zip(inside, numbers, strict=True) if end - timedelta(days=6) <= at <= min(end, day)]
            assert total == sum(known)
        complete = [end for end in ends if end <= day - timedelta(days=late)]
        assert [end.date() for end in complete_weeks(weekly, delay.complete_to).index] == complete
        held = WeeklyIncidents(weekly, delay, lambda _: False)
        label, before, year_before = (item["text"] for item in latest_week("zh", held))
        said = " ".join(how_complete("zh", held))
    assert label == f"{sum(weekly.iloc[-1])}"
    assert year_before == "—"
    if complete[-1:] != ends[-1:]:
        assert before == "—"
        assert ("该周未结束" in said) == (ends[-1] > day)
        assert ("该周记录尚未报齐" in said) == (ends[-1] <= day)
    assert ("门诊" in said) == (late > 0)


def test_a_sentence_says_from_which_day_on_and_because_of_whom():
    day = date(2026, 10, 31)
    weekly = pd.DataFrame({"noise": [10, 12, 3]}, index=pd.date_range(end="2026-11-01", periods=3, freq="7D"))
    delay = ReportingDelay(day, (FeedDelay("incidents", "clinic", 3, 90, day, "loads"),))
    held = WeeklyIncidents(weekly, delay, lambda _: False)
    assert [item["text"] for item in latest_week("en", held)] == ["3", "—", "—"]
    assert how_complete("en", held) == [
        "This week is not compared week on week or year on year: the week is not over.",
        "The latest complete week ended on 25 October 2026: 12 incidents, week on week +20.0%, year on year —.",
        "Records from 29 October 2026 are provisional: 95% of those from Clinic take 3 days to arrive.",
    ]
    stopped = replace(held, interrupted=lambda ends: ends == [date(2026, 10, 18), date(2026, 10, 25)])
    assert how_complete("en", stopped)[1:3] == [
        "The latest complete week ended on 25 October 2026: 12 incidents, week on week —, year on year —.",
        "A source was interrupted in the last two weeks, so they cannot be compared; week on week —.",
    ]
    nobody = how_complete("zh", replace(held, delay=ReportingDelay(day, ())))
    assert nobody[-1].startswith("上报延迟未能测出")
