from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.response.periods import PERIOD_KINDS, Period, period_before, period_to, same_period_last_year

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def span(period):
    return None if period is None else f"{period.first}/{period.last}"


@pytest.mark.parametrize(
    ("kind", "day", "now", "before", "year"),
    [
        ("month", "2026-10-31", "2026-10-01/2026-10-31", "2026-09-01/2026-09-30", "2025-10-01/2025-10-31"),
        ("month", "2026-10-20", "2026-10-01/2026-10-20", "2026-09-01/2026-09-20", "2025-10-01/2025-10-20"),
        ("month", "2026-10-01", "2026-10-01/2026-10-01", "2026-09-01/2026-09-01", "2025-10-01/2025-10-01"),
        ("month", "2026-01-31", "2026-01-01/2026-01-31", "2025-12-01/2025-12-31", "2025-01-01/2025-01-31"),
        ("month", "2024-02-29", "2024-02-01/2024-02-29", "2024-01-01/2024-01-31", "2023-02-01/2023-02-28"),
        ("month", "2025-02-28", "2025-02-01/2025-02-28", "2025-01-01/2025-01-31", "2024-02-01/2024-02-29"),
        ("month", "2024-02-28", "2024-02-01/2024-02-28", "2024-01-01/2024-01-28", "2023-02-01/2023-02-28"),
        ("month", "2024-03-29", "2024-03-01/2024-03-29", "2024-02-01/2024-02-29", "2023-03-01/2023-03-29"),
        ("month", "2025-03-29", "2025-03-01/2025-03-29", None, "2024-03-01/2024-03-29"),
        ("month", "2025-03-30", "2025-03-01/2025-03-30", None, "2024-03-01/2024-03-30"),
        ("month", "2025-03-31", "2025-03-01/2025-03-31", "2025-02-01/2025-02-28", "2024-03-01/2024-03-31"),
        ("quarter", "2026-10-31", "2026-10-01/2026-10-31", "2026-07-01/2026-07-31", "2025-10-01/2025-10-31"),
        ("quarter", "2026-03-31", "2026-01-01/2026-03-31", "2025-10-01/2025-12-31", "2025-01-01/2025-03-31"),
        ("quarter", "2024-03-30", "2024-01-01/2024-03-30", "2023-10-01/2023-12-29", "2023-01-01/2023-03-31"),
        ("quarter", "2024-12-31", "2024-10-01/2024-12-31", "2024-07-01/2024-09-30", "2023-10-01/2023-12-31"),
        ("week", "2026-10-31", "2026-10-25/2026-10-31", "2026-10-18/2026-10-24", "2025-10-26/2025-11-01"),
        ("week", "2024-03-02", "2024-02-25/2024-03-02", "2024-02-18/2024-02-24", "2023-02-26/2023-03-04"),
    ],
)
def test_a_period_and_those_that_it_is_held_against(kind, day, now, before, year):
    found = period_to(kind, date.fromisoformat(day))
    assert span(found) == now
    assert (span(period_before(found)), span(same_period_last_year(found))) == (before, year)


@given(DAYS, st.sampled_from(PERIOD_KINDS))
def test_periods_end_with_their_day_and_are_held_against_like_ones(day, kind):
    found = period_to(kind, day)
    assert found.last == day
    assert found.first <= day
    end = day + timedelta(days=1)
    turns = {"week": True, "month": end.day == 1, "quarter": end.day == 1 and end.month in (1, 4, 7, 10)}
    assert found.over == turns[kind]
    for earlier in (period_before(found), same_period_last_year(found)):
        if earlier is None:
            # Of a period that is not over no earlier one that is shorter is taken for it.
            assert not found.over
            continue
        assert isinstance(earlier, Period)
        assert earlier.last < found.first
        assert earlier.over == found.over
        assert found.over or earlier.days == found.days
        if kind == "week":
            assert (earlier.days, earlier.first.weekday()) == (7, found.first.weekday())
        else:
            assert earlier.first.day == 1
        if found.over and kind == "month":
            assert earlier.days == monthrange(earlier.first.year, earlier.first.month)[1]


@given(DAYS, st.sampled_from(PERIOD_KINDS))
def test_the_period_before_a_whole_one_ends_the_day_before(day, kind):
    found = period_to(kind, day)
    if found.over:
        assert period_before(found).last == found.first - timedelta(days=1)
