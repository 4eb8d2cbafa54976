from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from analytics.loaders.times import moments
from analytics.loaders.values import cleaned
from tests.loaders.files_of_records import INCIDENTS, TODAY, load, notes, reasons, repairs


def incidents(*days):
    return INCIDENTS + "".join(f"{n},G1,{day},fever\n" for n, day in enumerate(days))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2020.2.15", "2020-02-15"),
        ("2020-02-15 08:30:00", "2020-02-15 08:30"),
        ("2020/02/15 08:30", "2020-02-15 08:30"),
        ("20200215083000", "2020-02-15 08:30"),
        ("202002150830", "2020-02-15 08:30"),
        ("43876", "2020-02-15"),
        ("43876.3541666667", "2020-02-15 08:30"),
        ("２０２０年２月１５日 ８：３０", "2020-02-15 08:30"),
    ],
)
def test_a_moment_is_plain_reading_in_each_way_of_writing(written, meant):
    records, reports = load(incidents=incidents(written))
    assert records.incidents["occurred_at"].tolist() == [pd.Timestamp(meant)]
    assert reports["incidents"].repaired_rows == 0


@pytest.mark.parametrize("written", ["12345", "4387", "2020", "99999", "2020-02/15", "2020-00-10", "2020-02-15 08:60"])
def test_a_number_that_is_no_plausible_day_is_refused(written):
    _, reports = load(incidents=incidents(written, "2020-02-15"))
    assert list(reasons(reports["incidents"])) == [2]


def test_every_day_is_read_as_by_pandas_and_no_day_that_does_not_exist():
    days = [f"{year}-{month:02d}-{day:02d}" for year in (1900, 2019, 2020) for month in range(14) for day in range(33)]
    read = moments(pd.Series(days, dtype="str")).read
    expected = pd.to_datetime(pd.Series(days), format="%Y-%m-%d", errors="coerce")
    pd.testing.assert_series_equal(read, expected.astype("datetime64[us]"))


def test_regular_and_other_cells_may_stand_side_by_side():
    cells = pd.Series(["2020-02-15 08:30:01", None, "2020/2/5", "x" * 19, "2020-02-15T08:30"], dtype="str")
    assert moments(cells).read.tolist() == [
        pd.Timestamp("2020-02-15 08:30:01"),
        pd.NaT,
        pd.Timestamp("2020-02-05"),
        pd.NaT,
        pd.Timestamp("2020-02-15 08:30"),
    ]


def test_a_day_without_a_year_takes_it_from_the_other_dates_and_counts_as_repaired():
    records, reports = load(incidents=incidents("2020-01-03", "2月15日", "12月30日 8:30", "2月30日"))
    assert records.incidents["occurred_at"].tolist()[1:] == [
        pd.Timestamp("2020-02-15"),
        pd.Timestamp("2019-12-30 08:30"),
    ]
    report = reports["incidents"]
    assert list(repairs(report)) == [3, 4]
    assert "Read as 30 December 2019" in repairs(report)[4]
    assert list(reasons(report)) == [5]
    assert (report.read, report.accepted, report.repaired_rows) == (4, 1, 2)


def test_a_day_without_a_year_never_lies_ahead_of_today_though_a_deadline_may():
    text = "incident_id,area_id,occurred_at,category,due_at\na,G1,3月2日,fever,3月2日\nb,G1,3月1日,fever,\n"
    records, _ = load(incidents=text)
    assert records.incidents["occurred_at"].tolist() == [pd.Timestamp("2019-03-02"), pd.Timestamp("2020-03-01")]
    assert records.incidents["due_at"].iloc[0] == pd.Timestamp("2020-03-02")


def test_month_or_day_first_is_told_by_the_other_dates_of_the_file():
    text = "incident_id,area_id,occurred_at,category,closed_at\na,G1,2/3/2020 1:20,x,2/14/2020 01:20:00 PM\n"
    records, reports = load(incidents=text)
    row = records.incidents.iloc[0]
    assert (row["occurred_at"], row["closed_at"]) == (
        pd.Timestamp("2020-02-03 01:20"),
        pd.Timestamp("2020-02-14 13:20"),
    )
    assert "month/day/year: 1" in notes(reports["incidents"])
    british, _ = load(incidents=incidents("14/2/2020", "3/2/2020"))
    assert british.incidents["occurred_at"].iloc[1] == pd.Timestamp("2020-02-03")


def test_a_date_that_may_be_either_is_refused():
    _, reports = load(incidents=incidents("2/3/2020", "2020-02-15"))
    assert list(reasons(reports["incidents"])) == [2]
    _, reports = load(incidents=incidents("2/14/2020", "14/2/2020", "2020-02-15"))
    assert list(reasons(reports["incidents"])) == [2, 3]


def test_a_serial_of_a_day_after_today_is_refused():
    _, reports = load(incidents=incidents("43892", "43891"))
    assert "after today" in reasons(reports["incidents"])[2]
    assert reports["incidents"].last_day == TODAY


@pytest.mark.parametrize("seed", range(20))
def test_a_time_from_one_hour_to_another_is_when_it_began(seed):
    rng = np.random.default_rng(seed)
    day = pd.Timestamp("2026-01-01") + timedelta(days=int(rng.integers(0, 300)))
    start, end = (day + timedelta(minutes=int(rng.integers(0, 24 * 60))) for _ in range(2))
    mark = str(rng.choice(["-", " - ", "~", "～", "–", "—", "至", "到"]))
    written = str(rng.choice(["%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y年%m月%d日%H:%M", "%Y年%m月%d日 %H时%M分"]))
    text = f"{start.strftime(written)}{mark}{end.strftime('%H时%M分' if '时' in written else '%H:%M')}"
    assert moments(cleaned(pd.Series([text], dtype="str"))).read.tolist() == [start], text


def test_a_zone_follows_a_t_or_seconds_and_lies_on_this_earth():
    texts = ["2026-05-08T08:00-05:00", "2026-05-08 08:00:00-05:00", "2026-05-08 08:00+09:00", "2026-05-08T08:00-18:00"]
    read = moments(pd.Series(texts, dtype="str")).read
    assert read.isna().tolist() == [False, False, False, True]
    assert read[0] == read[1]


def test_of_a_date_that_may_name_the_day_or_the_month_first_just_that_is_said():
    _, reports = load(incidents=incidents("2020-02-01", "01/02/2020", "31/31/2020"))
    said = reasons(reports["incidents"])
    assert "the day or the month comes first" in said[3]
    assert "is not a date" in said[4]
