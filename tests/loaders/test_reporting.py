"""Agreements to report and zero reports: what each row is of, and what is refused."""

import pandas as pd
import pytest

from analytics.loaders.ids import IdHash
from analytics.loaders.load import Known, load_table
from tests.loaders.files_of_records import TODAY

AREAS = "area_id,name,level\nG1,甲,grid\nG2,乙,grid\n"


def load(table, text):
    ids = IdHash(bytes(32))
    known = Known(load_table("areas", ("areas.csv", AREAS.encode()), TODAY, ids, Known()).frame)
    return load_table(table, (f"{table}.csv", text.encode()), TODAY, ids, known)


def feeds(loaded):
    return list(loaded.frame[["table", "column", "feed"]].fillna("").itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("table", "word", "expected"),
    [
        ("事件", "门诊", ("incidents", "channel", "clinic")),
        ("incidents", "噪声", ("incidents", "category", "noise")),
        ("", "走访", ("checks", "kind", "visit")),
        ("走访巡查", "", ("checks", "", "")),
        ("事件", "我街道自建平台", ("incidents", "channel", "我街道自建平台")),
        ("居民", "", ("residents", "", "")),
    ],
)
def test_a_feed_is_a_table_and_a_channel_or_a_kind(table, word, expected):
    found = load("agreements", f"数据表,来源,报送频次\n{table},{word},每日\n")
    assert feeds(found) == [expected]


@pytest.mark.parametrize(
    ("text", "days"), [("每日", 1), ("每个工作日", 0), ("每周", 7), ("每月", 31), ("3天", 3), ("90 days", 90)]
)
def test_how_often_in_words_or_days(text, days):
    assert load("agreements", f"table,every\nincidents,{text}\n").frame["every_days"].tolist() == [days]


def test_what_was_agreed_holds_from_its_day_on_and_without_one_from_today():
    found = load("agreements", "table,feed,every,since\nincidents,12345,每日,2020-02-01\nincidents,clinic,每日,\n")
    assert found.frame["since"].tolist() == [pd.Timestamp("2020-02-01"), pd.Timestamp(TODAY)]


def test_a_rhythm_or_a_table_that_cannot_be_read_is_refused_by_its_line():
    found = load("agreements", "table,every\nincidents,有空时\n没有的表,每日\nincidents,每日\n")
    assert (found.report.accepted, [row.line for row in found.report.refused]) == (1, [2, 3])


def test_a_zero_report_is_of_an_area_or_of_all_and_of_a_day_or_several():
    found = load(
        "reports", "table,feed,area_id,from,to\nincidents,门诊,G1,2020-02-01,2020-02-03\nincidents,门诊,,2020-02-05,\n"
    )
    assert found.frame["area_id"].fillna("").tolist() == ["G1", ""]
    assert found.frame["to_day"].tolist() == [pd.Timestamp("2020-02-03"), pd.Timestamp("2020-02-05")]


def test_a_zero_report_that_ends_before_it_begins_or_of_no_area_is_refused():
    found = load(
        "reports",
        "table,area_id,from,to\nincidents,,2020-02-05,2020-02-01\nincidents,G9,2020-02-01,\nincidents,G1,2020-02-01,\n",
    )
    assert [row.line for row in found.report.refused] == [2, 3]
