"""Whether an incident was reported before, and whether it was sent back: kept where a file has such a column."""

import pandas as pd
import pytest

from analytics.loaders.columns import recognise
from analytics.store import Store, counts_of
from analytics.store.closings import closings
from tests.loaders.files_of_records import INCIDENTS, load, repairs
from tests.store import made

FIRST, LAST = pd.Timestamp("2026-01-01").date(), pd.Timestamp("2026-01-31").date()


def test_a_file_with_such_columns_says_yes_no_or_nothing():
    text = (
        "工单号,所属网格,受理时间,诉求类型,是否重复,是否退单\nK1,G1,2020-02-15,噪声,是,否\nK2,G1,2020-02-15,噪声,,是\n"
    )
    held = load(incidents=text)[0].incidents
    assert held["repeated"].astype("object").where(held["repeated"].notna(), None).to_list() == [True, None]
    assert held["returned"].to_list() == [False, True]


def test_another_word_costs_the_cell_and_is_told():
    text = f"{INCIDENTS[:-1]},repeated\na,G1,2020-02-15,noise,maybe\n"
    records, reports = load(incidents=text)
    assert records.incidents["repeated"].isna().all()
    assert len(repairs(reports["incidents"])) == 1


def test_a_file_without_them_has_no_such_columns():
    """So that what it is stored as, and known by, is what it was before these columns were read."""
    assert not {"repeated", "returned"} & set(load(incidents=f"{INCIDENTS}a,G1,2020-02-15,noise\n")[0].incidents)


@pytest.mark.parametrize("header", ["重复工单号", "重复次数", "退单次数", "退单原因"])
def test_numbers_and_reasons_are_not_taken_for_them(header):
    found = recognise("incidents", ["工单号", "所属网格", "受理时间", "诉求类型", header], {})
    assert not {"repeated", "returned"} & set(found.columns)


def test_loads_with_and_without_them_count_together(tmp_path):
    store = Store.open(tmp_path / "home")
    store.add(made.areas({"A1": 100}), made.ME)
    old = made.incidents(["a", "b"])
    frame = made.incidents(["c", "d", "e"]).frame.assign(repeated=pd.array([True, False, None], "boolean"))
    store.add(old, made.ME)
    store.add(made.of("incidents", frame, "b.csv"), made.ME)
    found = closings(counts_of(store), FIRST, LAST)[["received", "repeated", "repeated_told", "returned_told"]].sum()
    assert found.to_list() == [5, 1, 2, 0]
    held = store.table("incidents").set_index("incident_id")["repeated"]
    assert held[["c", "d"]].to_list() == [True, False]
    assert held[["a", "b", "e"]].isna().all()
