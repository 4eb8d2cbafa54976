from datetime import date

import numpy as np
import pandas as pd
import pytest
from pyproj import Transformer

from analytics.errors import LoadError
from analytics.loaders import Feed, Known, Reading, load_table
from analytics.loaders.datums import wgs84_to_gcj02
from tests.loaders.files_of_records import (
    IDS,
    INCIDENTS,
    TODAY,
    collection,
    feature,
    load,
    notes,
    reasons,
    repairs,
    square,
)

CITY = collection(
    *(feature(square(118.8 + x * 0.01, 28.9 + y * 0.01, 0.01), area_id=f"G{x}{y}") for x in range(6) for y in range(6))
)


def areas():
    return load(areas=CITY)[0].areas


def points(lon, lat, named=None):
    named = [""] * len(lon) if named is None else named
    rows = zip(lon, lat, named, strict=True)
    return ("i.csv", ("编号,经度,纬度,网格编码,时间,类别\n" + "".join(
        f"{n},{x:.7f},{y:.7f},{area},2020-02-15,发热\n" for n, (x, y, area) in enumerate(rows)
    )).encode())  # fmt: skip


def test_each_channel_is_a_feed_with_its_coverage_and_its_lag():
    text = f"{INCIDENTS.strip()},渠道\n" + "".join(
        f"{n},G1,2020-02-{day:02d} 08:00,fever,{channel}\n"
        for n, (day, channel) in enumerate([(1, "热线"), (1, "热线"), (5, "热线"), (9, "巡查")])
    )
    report = load(incidents=text)[1]["incidents"]
    assert report.feeds == (
        Feed("12345", 3, date(2020, 2, 1), date(2020, 2, 5), 2, 5, 25),
        Feed("patrol", 1, date(2020, 2, 9), date(2020, 2, 9), 1, 1, 21),
    )
    checks = "编号,网格编码,类型,时间,结果\n1,G1,走访,2020-02-28,完成\n"
    assert load(checks=checks)[1]["checks"].feeds[0].feed == ""
    assert load(residents="area_id,count\nG1,3\n")[1]["residents"].feeds == ()


def test_the_offending_rows_are_marked_without_ids_and_places():
    rows = "甲,G9,1,1,2020-02-15,发热,张三\n乙,G1,1,1,2020-02-15,发热,李四\n"
    text = "事件编号,网格编码,经度,纬度,发生时间,类别,姓名\n" + rows
    report = load(incidents=text)[1]["incidents"]
    assert report.marked.to_dict("index") == {2: {"网格编码": "G9", "发生时间": "2020-02-15", "类别": "发热"}}


def test_swapped_positions_are_put_right_and_the_row_is_repaired():
    loaded = load_table("incidents", points([118.805, 28.915], [28.905, 118.815]), TODAY, IDS, Known(areas()))
    assert loaded.frame["area_id"].tolist() == ["G00", "G11"]
    assert "swapped" in repairs(loaded.report)[3]
    assert (loaded.report.accepted, loaded.report.repaired_rows, loaded.report.points.swapped) == (1, 1, 1)


def test_points_in_gcj02_are_noticed_and_read_right_once_that_is_said():
    random = np.random.default_rng(5)
    lon, lat = 118.8 + random.random(400) * 0.06, 28.9 + random.random(400) * 0.06
    named = [f"G{int((x - 118.8) * 100)}{int((y - 28.9) * 100)}" for x, y in zip(lon, lat, strict=True)]
    shifted = wgs84_to_gcj02(lon, lat)
    report = load_table("incidents", points(*shifted, named), TODAY, IDS, Known(areas())).report
    assert report.points.looks_like == "GCJ02"
    assert 300 < report.points.offset_m < 800
    assert report.points.outside_named > 100
    assert report.points.placed + report.points.outside_all == report.read == 400
    again = load_table("incidents", points(*shifted), TODAY, IDS, Known(areas()), Reading("GCJ02"))
    assert again.frame["area_id"].tolist() == named
    assert again.report.points.looks_like is None


def test_metres_are_refused_with_what_to_choose_and_read_once_it_is_chosen():
    x, y = Transformer.from_crs("EPSG:4490", "EPSG:4549", always_xy=True).transform(118.805, 28.905)
    metres = points([x], [y])
    with pytest.raises(LoadError, match="choose that when importing"):
        load_table("incidents", metres, TODAY, IDS, Known(areas()))
    loaded = load_table("incidents", metres, TODAY, IDS, Known(areas()), Reading("CGCS2000"))
    assert loaded.frame["area_id"].tolist() == ["G00"]


def test_overlaps_of_areas_are_noted():
    overlapping = collection(
        feature(square(118, 28, 0.02), area_id="A"), feature(square(118.01, 28, 0.02), area_id="B")
    )
    assert "A" in notes(load(areas=overlapping)[1]["areas"])


def test_progress_rises_to_the_end():
    told = []
    load_table("areas", ("a.geojson", CITY), TODAY, IDS, progress=told.append)
    load_table("incidents", points([118.805], [28.905]), TODAY, IDS, Known(areas()), progress=told.append)
    assert told[-1] == 1.0
    assert all(0 <= share <= 1 for share in told)
    second = told[told.index(1.0) + 1 :]
    assert second == sorted(second)


def test_a_load_knows_its_file_and_its_reading():
    reading = Reading(columns={"category": "渠道"})
    content = "编号,网格编码,时间,渠道\n1,G11,2020-02-15,发热\n".encode()
    loaded = load_table("incidents", ("i.csv", content), TODAY, IDS, Known(areas()), reading)
    assert loaded.frame["category"].tolist() == ["fever"]
    assert loaded.report.recognised["category"] == "渠道"
    assert loaded.reading == reading
    assert len(loaded.digest) == 64
    with pytest.raises(LoadError, match="No areas file"):
        load_table("incidents", ("i.csv", content), TODAY, IDS)


def test_two_hundred_thousand_refused_rows_are_all_told():
    text = INCIDENTS + "0,G1,2020-02-15,发热\n" + "".join(f"{n},G9,2020-02-15,发热\n" for n in range(1, 200_001))
    report = load(incidents=text)[1]["incidents"]
    assert (report.read, report.accepted, len(report.refused)) == (200_001, 1, 200_000)
    assert report.refused[-1].line == 200_002
    assert len(report.marked) == 200_000
    assert reasons(report)[3] == reasons(report)[200_002]


def test_numbers_and_yes_and_no_are_read_in_each_way_of_writing():
    yes = 'G1,"1,234",√\nG1,1 234,有\nG1,１２３４,1\nG1,1234.0,是\n'
    text = "area_id,count,是否独居\n" + yes + "G2,1234,否\nG2,1234,0\nG2,1234,无\n"
    records, reports = load(residents=text)
    assert records.residents["count"].tolist() == [1234] * 7
    assert records.residents["lives_alone"].tolist() == [True] * 4 + [False] * 3
    assert reports["residents"].accepted == 7
    assert isinstance(records.residents, pd.DataFrame)
