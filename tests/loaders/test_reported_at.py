"""When a matter became known: the column, beside or in the place of when it occurred."""

from datetime import datetime, timedelta

import pandas as pd
import yaml
from hypothesis import given
from hypothesis import strategies as st

from analytics.loaders import columns
from analytics.loaders.columns import recognise
from tests.loaders.files_of_records import TODAY, load, repairs

WORDS = yaml.safe_load((columns.Path(columns.__file__).with_name("columns.yaml")).read_text(encoding="utf-8"))
OCCURRED, REPORTED = (
    [str(word) for word in WORDS["tables"]["incidents"]["columns"][column]] for column in ("occurred_at", "reported_at")
)
OTHERS = ["工单编号", "区域编码", "类别", "状态"]


@given(occurred=st.sampled_from(OCCURRED), reported=st.sampled_from(REPORTED), data=st.data())
def test_where_both_are_there_each_is_its_own(occurred, reported, data):
    headers = data.draw(st.permutations([*OTHERS, occurred, reported]))
    found = recognise("incidents", headers).columns
    assert (headers[found["occurred_at"]], headers[found["reported_at"]]) == (occurred, reported)


@given(reported=st.lists(st.sampled_from(REPORTED), min_size=1, max_size=4, unique=True), data=st.data())
def test_where_no_header_says_when_it_occurred_the_first_step_in_the_office_does(reported, data):
    headers = data.draw(st.permutations([*OTHERS, *reported]))
    found = recognise("incidents", headers)
    inside = sorted(reported, key=REPORTED.index)
    assert headers[found.columns["occurred_at"]] == inside[0]
    assert ("reported_at" in found.columns) == (len(inside) > 1)
    if len(inside) > 1:
        assert headers[found.columns["reported_at"]] == inside[1]
    assert found.guessed == ()
    assert sorted([*found.columns.values(), *found.private, *found.others]) == list(range(len(headers)))


@given(reported=st.sampled_from(REPORTED))
def test_who_says_which_header_it_is_has_the_word(reported):
    headers = [*OTHERS, reported]
    assert "occurred_at" not in recognise("incidents", headers, {"reported_at": reported}).columns
    assert recognise("incidents", headers, {"reported_at": None}).columns["occurred_at"] == len(OTHERS)
    assert "reported_at" not in recognise("incidents", headers, {"occurred_at": reported}).columns


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(-72, 240) | st.none()), min_size=1, max_size=30))
def test_a_report_before_the_day_it_occurred_costs_its_cell_alone(drawn):
    end = datetime(TODAY.year, TODAY.month, TODAY.day, 12)  # noqa: DTZ001 - local wall time
    rows, known = [], []
    for number, (days, hours) in enumerate(drawn):
        occurred = end - timedelta(days=days)
        reported = None if hours is None else min(occurred + timedelta(hours=hours), end)
        rows.append(
            f"X{number},G1,{occurred:%Y-%m-%d %H:%M},{'' if reported is None else f'{reported:%Y-%m-%d %H:%M}'},noise"
        )
        known.append(pd.NaT if reported is None or reported.date() < occurred.date() else pd.Timestamp(reported))
    records, reports = load(incidents="incident_id,area_id,occurred_at,reported_at,category\n" + "\n".join(rows) + "\n")
    held = records.incidents["reported_at"]
    assert pd.Series(known, dtype="datetime64[us]").equals(held)
    assert reports["incidents"].accepted + reports["incidents"].repaired_rows == len(drawn)
    early = [hours is not None and one is pd.NaT for (_, hours), one in zip(drawn, known, strict=True)]
    assert len(repairs(reports["incidents"])) == sum(early)
