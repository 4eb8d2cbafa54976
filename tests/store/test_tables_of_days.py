"""Holidays and values by day in the store: the newest row of a day counts, of each indicator by itself."""

import numpy as np
import pandas as pd
import pytest

from analytics.scoring.area_counts import dated_columns
from analytics.store import Store, counts_of
from tests.loaders.files_of_records import TODAY
from tests.store import made
from tests.store.test_export import load_into


@pytest.fixture
def store(home):
    held = Store.open(home)
    held.add(made.areas({"G1": 100, "G2": 50}), made.ME)
    return held


def add(store, table, name, content):
    return load_into(store, table, (name, content.encode()), TODAY, made.ME)[1]


def values(store):
    frame = store.table("given_values").set_index("value_id").sort_index()
    return frame.drop(columns=["area_id", "day"]).replace({np.nan: None}).to_dict("index")


def test_another_indicator_of_the_same_day_is_beside_the_first_and_a_newer_value_takes_its_place(store):
    add(store, "given_values", "flood.csv", "area_id,day,flood\nG1,2020-02-01,5\nG2,2020-02-01,7\n")
    before = values(store)
    add(store, "given_values", "heat.csv", "area_id,day,heat\nG1,2020-02-01,-3\nG1,2020-02-02,1\n")
    newest = add(store, "given_values", "corrected.csv", "area_id,day,flood\nG1,2020-02-01,6\n")
    assert values(store) == {
        "G1 2020-02-01": {"flood": 6, "heat": -3},
        "G1 2020-02-02": {"flood": None, "heat": 1},
        "G2 2020-02-01": {"flood": 7, "heat": None},
    }
    counts = counts_of(store)
    assert set(dated_columns(counts)) == {"flood", "heat"}
    digest = counts.digest
    store.undo(newest.number, made.ME)
    assert values(store)["G1 2020-02-01"] == {"flood": 5, "heat": -3}
    store.undo(newest.number - 1, made.ME)
    assert values(store) == before
    assert counts_of(store).digest != digest


def test_a_newer_row_of_a_holiday_counts_and_the_same_file_changes_nothing(store):
    content = "day,working,name\n2020-01-25,否,春节\n2020-02-01,是,\n2020-12-31,否,\n"
    add(store, "holidays", "2020.csv", content)
    assert add(store, "holidays", "2020.csv", content).already
    add(store, "holidays", "changed.csv", "day,working,name\n2020-12-31,是,\n")
    held = store.table("holidays").set_index("day")["working"]
    assert held.to_dict() == {"2020-01-25": False, "2020-02-01": True, "2020-12-31": True}
    assert counts_of(store).small["holidays"]["day"].tolist() == store.table("holidays")["day"].tolist()
    assert store.undo(1, made.ME)  # without areas the holidays lose nothing


def test_a_count_of_people_is_not_kept_as_a_value_by_day(store):
    add(store, "given_values", "a.csv", "area_id,day,人口,flood\nG1,2020-02-01,3,5\n")
    assert dated_columns(counts_of(store)) == ("flood",)
    assert pd.isna(store.table("areas").loc["G1", "households"])
