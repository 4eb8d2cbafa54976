"""The office's calendar: its time zone, and the day on which its weeks begin."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import office
from analytics.errors import UserError
from analytics.loaders import Records
from analytics.loaders.times import moments
from analytics.scoring.calendar import told_days, working_days
from analytics.store import Counts
from analytics.workspace.door import open_workspace
from tests.store import made


@given(day=st.dates(date(1990, 1, 1), date(2090, 1, 1)), begins=st.sampled_from(office.WEEKDAYS))
def test_a_week_has_seven_days_from_the_day_of_the_setting_on(day, begins):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIVE_COLOUR_WEEK_BEGINS", begins)
        end = office.week_end(day)
        first = end - timedelta(days=6)
        assert first <= day <= end
        assert f"{first:%A}".casefold() == begins
        assert all(office.week_end(first + timedelta(days=at)) == end for at in range(7))


def test_weeks_run_from_monday_to_sunday_where_nothing_is_set():
    assert office.week_end(date(2026, 10, 26)) == date(2026, 11, 1) == office.week_end(date(2026, 11, 1))


@pytest.mark.parametrize("written", ["0", "周一", "mon", "moonday"])
def test_a_word_that_is_no_day_of_the_week_is_refused_by_the_name_of_the_setting(monkeypatch, written):
    monkeypatch.setenv("FIVE_COLOUR_WEEK_BEGINS", written)
    with pytest.raises(UserError, match="FIVE_COLOUR_WEEK_BEGINS"):
        office.week_begins()


@pytest.mark.parametrize("written", ["Asia/Atlantis", "../etc/passwd", "UTC+8:00:00", "中国"])
def test_a_zone_that_is_none_is_refused_by_the_name_of_the_setting(monkeypatch, written):
    monkeypatch.setenv("FIVE_COLOUR_TIME_ZONE", written)
    with pytest.raises(UserError, match="FIVE_COLOUR_TIME_ZONE"):
        office.today()


@given(
    moment=st.datetimes(datetime(2001, 9, 10), datetime(2029, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - drawn in UTC
    zone=st.sampled_from(["Asia/Shanghai", "Europe/London", "America/Los_Angeles", "Pacific/Kiritimati"]),
)
def test_times_with_a_zone_are_read_by_the_offices_clock(moment, zone):
    moment = moment.replace(microsecond=0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIVE_COLOUR_TIME_ZONE", zone)
        wall = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert office.local_time(moment).replace(tzinfo=None) == wall
        written = pd.Series([f"{moment:%Y-%m-%dT%H:%M:%S}Z", f"{int(moment.timestamp())}"], dtype="str")
        assert moments(written).read.tolist() == [pd.Timestamp(wall)] * 2


def test_today_is_that_of_the_zone(monkeypatch, tmp_path):
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        monkeypatch.setenv("FIVE_COLOUR_TIME_ZONE", zone)
        before = datetime.now(ZoneInfo(zone)).date()
        assert before <= open_workspace(tmp_path).today <= datetime.now(ZoneInfo(zone)).date()


@given(
    day=st.dates(date(2020, 1, 1), date(2030, 1, 1)), n=st.integers(1, 40),
    told=st.dictionaries(st.integers(0, 70), st.booleans(), max_size=30),
)  # fmt: skip
def test_the_nth_working_day_has_n_worked_days_up_to_it_by_the_table_of_the_office(day, n, told):
    table = {day + timedelta(days=at): worked for at, worked in told.items()}
    found = office.working_days_after(day, n, table)
    between = pd.date_range(day + timedelta(days=1), found, freq="D")
    records = made.areas({"A1": 1}).frame
    if table:
        holidays = pd.DataFrame({"day": [f"{one}" for one in table], "working": list(table.values())})
        counts = Counts.of_records(Records(areas=records, holidays=holidays.assign(name="")))
    else:
        counts = Counts.of_records(Records(areas=records))
    assert told_days(counts) == table
    worked = working_days(counts, between)
    assert (worked.sum(), worked[-1]) == (n, True)
