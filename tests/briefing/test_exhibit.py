"""An exhibit is drawn with what the page shows, and with all that it needs to be read elsewhere."""

from dataclasses import replace

import pandas as pd
import pytest

from analytics import tiers
from analytics.briefing.exhibit import ROWS_IN_A_PICTURE, drawn, exhibit_file, map_picture
from analytics.errors import BriefingError
from analytics.exhibits import overview
from analytics.exhibits.exhibit import Exhibit
from analytics.exhibits.trends import incidents_table
from analytics.file_kinds import EXHIBIT_FORMATS
from analytics.releases import verify
from analytics.releases.publishing import entry_of, predecessor, report

ABOUT = ("截至2026年10月31日24时", "筛选：云桥社区", "来源：虚构")


@pytest.fixture(scope="module")
def told(office):
    entry = entry_of(office.ledger, 2)
    return report(office.home, office.ledger, predecessor(office.ledger, entry), entry)


@pytest.fixture(scope="module")
def pair(told):
    held = told.after.assessment
    return held.on(*held.days[-2:])


def exhibit(table, kind="table", **more):
    return Exhibit("zh", "各等级区域数", "每周最后一日的等级", ABOUT, table, kind, **more)


def test_a_picture_has_the_first_rows_and_says_how_many_more_there_are():
    table = pd.DataFrame({"数": range(100), "名": [f"第{n}网格" for n in range(100)]}, index=range(1, 101))
    assert drawn(exhibit(table))["rows"][-1][1]["text"] == str(ROWS_IN_A_PICTURE - 1)
    assert "60" in drawn(exhibit(table))["more"]


def test_a_line_breaks_off_where_there_is_no_value_and_is_never_drawn_as_zero():
    days = pd.date_range("2024-06-01", periods=5).date
    table = pd.DataFrame({"甲": [1.0, float("nan"), 2.0, 3.0, float("nan")], "乙": [float("nan")] * 5}, index=days)
    assert [one["values"] for one in drawn(exhibit(table, "lines"))["series"]] == [
        [1.0, None, 2.0, 3.0, None],
        [None] * 5,
    ]
    picture = exhibit_file(exhibit(table, "lines"), "svg").decode()
    whole = exhibit_file(exhibit(table.fillna(1.0), "lines"), "svg").decode()
    # Two runs of one line, the first of them a single dot, against two whole lines.
    assert whole.count("<path") - picture.count("<path") == 1


@pytest.mark.parametrize("form", EXHIBIT_FORMATS)
def test_each_kind_comes_in_each_form(told, pair, form):
    weekly = told.after.incidents.tail(20)
    kinds = [
        exhibit(overview.areas_table("zh", pair)),
        exhibit(overview.tiers_by_day_table("zh", told.after.assessment), "stacked"),
        exhibit(incidents_table("zh", weekly, {name: name for name in weekly}), "lines"),
        exhibit(
            overview.areas_table("zh", pair),
            "map",
            map=overview.map_content(pair, None, overview.raised_in(pair)),
            legend={"red": 2, "unknown": 0},
            marks={"raised": "上调3", "held": "保持14"},
        ),
        exhibit(incidents_table("zh", weekly.tail(1) * 0, {name: name for name in weekly}), "lines"),
        exhibit(overview.moves_table("zh", pair).head(0)),
    ]
    made = [exhibit_file(one, form) for one in kinds]
    start = {"png": b"\x89PNG", "svg": b"<svg", "csv": b"\xef\xbb\xbf", "xlsx": b"PK"}[form]
    assert all(content.startswith(start) for content in made)


def test_the_lines_about_it_are_in_the_picture_and_a_sign_that_the_font_lacks_stops_it():
    shown = exhibit(pd.DataFrame({"a": [1]}))
    assert set(ABOUT) <= set(drawn(shown)["about"])
    with pytest.raises(BriefingError, match="𰻝"):
        exhibit_file(replace(shown, about=("𰻝",)), "png")


def test_a_small_count_is_told_as_such_in_every_form(office):
    held = verify(office.home, office.ledger, 2).assessment()
    small = held.small.copy()
    number = next(at for at, item in enumerate(held.scheme.indicators) if item.measure == "stock_rate")
    small[-1, 0, number] = True
    table = overview.reason_table("zh", replace(held, small=small), held.areas.index[0], {})
    told = [row[1]["text"] for row in drawn(exhibit(table))["rows"]]
    assert any("<10" in text for text in told)
    written = exhibit_file(exhibit(table), "csv").decode("utf-8-sig").splitlines()[-len(table) :]
    assert any("<10" in line for line in written)


def test_a_map_marks_each_area_that_changed_and_no_other(told):
    held = told.after.assessment
    moved = {one.area_id: one.raised for one in told.comparison.changes if one.raised is not None}
    plain, marked = (map_picture(overview.map_content(held, None, which)) for which in ({}, moved))
    assert marked.count("<circle") - plain.count("<circle") >= len(moved)
    assert map_picture(overview.map_content(held, None, {"no such area": True})) == plain


def test_a_tier_is_a_chip_and_numbers_stand_under_each_other(pair):
    data = drawn(exhibit(overview.counts_table("zh", pair)))
    assert [row[0]["tier"] for row in data["rows"][1:]] == list(tiers.SHOWN)
    assert data["right"] == [False, False, True, True, True, True]
    wide = drawn(exhibit(overview.areas_table("zh", pair)))
    assert [bool(share) for share in wide["widths"]].count(True) >= 1
    assert not wide["right"][2]


def test_days_are_short_on_an_axis_and_the_last_one_is_the_legend(told):
    shown = exhibit(overview.tiers_by_day_table("zh", told.after.assessment), "stacked")
    assert drawn(shown)["labels"][-1] == "10月31日"
    held = told.after.assessment.counts().iloc[-1].astype(int)
    assert [one["text"].rsplit(" ", 1)[1] for one in drawn(shown)["legend"]] == [
        str(held[tier]) for tier in tiers.SHOWN
    ]
