"""A bulletin holds no week against another of which not all is there, and says why."""

from datetime import date, timedelta

import pytest

from analytics.releases.release import Release
from analytics.scoring.reporting_delay import CompleteTo
from tests.releases.made_snapshots import snapshot
from tests.releases.small_office import FEVERS, Office, material
from tests.releases.test_bulletin import matters, said, written
from tests.scoring.small_world import incident, records, three_areas


def test_a_week_that_lacks_its_sunday_is_held_against_nothing_and_it_is_said_why():
    weeks = matters([20, 5], [30, 10], [9, 1])  # to 30 June, 7 and 14 July
    day = date(2024, 7, 13)
    over = written(None, snapshot(["green"], day=day, incidents=weeks, complete=CompleteTo(day, None, 0)))
    assert said(over, "zh", "trend")[1:3] == [
        "第28周（7月8日—7月14日）目前登记事件10件，暂不作环比、同比：该周未结束。",
        "第27周（7月1日—7月7日）登记事件40件，较上周增加15件，增长60.0%。",
    ]
    assert (
        "In week 28 (8 July to 14 July) so far: 10 incidents recorded; not compared week on week or year on year: "
        "the week is not over."
    ) in said(over, "en", "trend")


@pytest.mark.parametrize(
    ("feed", "name"),
    [("clinic", "门诊"), ("12345", "12345热线"), ("窗口9", "窗口9"), ("", "全部来源"), (None, "较小的来源合计")],
)
def test_a_week_of_which_not_all_is_in_names_the_feed_and_the_day(feed, name):
    weeks = matters([20, 5], [30, 10], [9, 1])
    late = CompleteTo(date(2024, 7, 11), feed, 3)
    told = written(None, snapshot(["green"], day=date(2024, 7, 14), incidents=weeks, complete=late))
    trend = said(told, "zh", "trend")
    assert trend[1].endswith("暂不作环比、同比：该周记录尚未报齐。")
    assert trend[2] == f"7月12日起的记录为暂定：{name}的记录要3天才报齐95%。"
    assert trend[3] == "第27周（7月1日—7月7日）登记事件40件，较上周增加15件，增长60.0%。"
    # Where the newest week is complete, its last days are none of the provisional ones.
    later = snapshot(["green"], day=date(2024, 7, 16), incidents=weeks, complete=CompleteTo(date(2024, 7, 14), feed, 2))
    trend = said(written(None, later), "zh", "trend")
    assert trend[1].startswith("7月15日起的记录为暂定：")
    assert trend[2] == "第28周（7月8日—7月14日）登记事件10件，较上周减少30件，下降75.0%。"


def test_a_release_keeps_how_far_its_records_are_in_and_its_bulletin_says_it(tmp_path):
    """The clinic reports four days late, everybody else at once; the last report came on Sunday, 23 February 2020."""
    first, newest = date(2020, 1, 1), date(2020, 2, 23)
    rows = [
        incident(f"{channel}{at}", "A", f"{day}", channel=channel, reported_at=f"{day + timedelta(days=late)}")
        for at in range(54)
        for channel, late in (("clinic", 4), ("grid", 0))
        if (day := first + timedelta(days=at)) + timedelta(days=late) <= newest
    ]
    office = Office(tmp_path)
    made = office.publish(material(records(areas=three_areas(), incidents=rows), FEVERS, newest))
    manifest = Release.open(office.home, made.number).manifest
    assert manifest.complete.value() == CompleteTo(newest - timedelta(days=4), "clinic", 4)
    trend = said(office.first_report(made.number).bulletin, "en", "trend")
    assert trend[0].startswith("In week 8 (17 February to 23 February) so far: 10 incidents recorded; not ")
    assert trend[0].endswith("the records of that week are not complete yet.")
    assert trend[1] == ("Records from 20 February are provisional: 95% of those from Clinic take 4 days to arrive.")
    assert trend[2].startswith("In week 7 (10 February to 16 February): 14 incidents recorded")
