"""Agreements to report and zero reports: what each row is of, and what is refused."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.loaders.columns import full_key
from analytics.loaders.ids import IdHash
from analytics.loaders.load import Known, load_table
from analytics.words import LANGUAGES
from tests.loaders.files_of_records import TODAY

AREAS = "area_id,name,level\nG1,甲,grid\nG2,乙,grid\n"


def load(table, text, mapped=None):
    ids = IdHash(bytes(32))
    known = Known(load_table("areas", ("areas.csv", AREAS.encode()), TODAY, ids, Known()).frame, words=mapped or {})
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


def said(loaded, lang="zh"):
    return " ".join(note.text(lang) for note in loaded.report.notes)


@given(
    st.lists(st.sampled_from(["clinic", "门诊", "hotline", "噪声", "fever", "visit"]), min_size=1, max_size=3),
    st.lists(st.from_regex(r"q[bcdfg]{5,8}", fullmatch=True), max_size=3, unique=True),
    st.sampled_from(["reports", "agreements"]),
)
def test_words_of_feeds_that_nobody_knows_are_told_and_only_these(known, unknown, table):
    head, end = {"reports": ("from", "2020-02-01"), "agreements": ("every", "daily")}[table]
    rows = "".join(f"{'checks' if word == 'visit' else 'incidents'},{word},{end}\n" for word in [*known, *unknown])
    found = load(table, f"table,feed,{head}\n{rows}")
    assert found.report.accepted == len(known) + len(unknown)
    for lang in LANGUAGES:
        told = said(found, lang)
        assert all(word in told for word in unknown)
        assert bool(told) == bool(unknown)
        assert not any(f"“{word}”" in told or f'"{word}"' in told for word in known)


def test_an_unknown_word_of_a_feed_is_told_with_what_it_may_mean():
    assert "门诊" in said(load("reports", "table,feed,from\nincidents,门诊部急诊,2020-02-01\n"))


@pytest.mark.parametrize(("word", "code"), [("本街平台", "grid"), ("本街平台", "other")])
def test_what_the_office_has_mapped_is_known_in_zero_reports_and_agreements_too(word, code):
    mapped = {"incidents": {"channel": {full_key(word): code}}}
    for table, text in (("reports", f"{word},2020-02-01"), ("agreements", f"{word},daily")):
        found = load(table, f"feed,{'from' if table == 'reports' else 'every'}\n{text}\n", mapped)
        assert feeds(found) == [("incidents", "channel", word if code == "other" else code)]
        assert not said(found)
