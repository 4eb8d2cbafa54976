"""One load after another: what is the same, what replaces, what takes over single rows, and what undoing gives back."""

import json
import os
import stat
import time

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from analytics.access import Actor
from analytics.errors import HeldLoadError, StoreError
from analytics.store import HOME_SETTING, Store, counts_of
from tests.store import made


@pytest.fixture
def store(home):
    return Store.open(home)


def statuses(store):
    return {load.number: load.status for load in store.loads()}


def files(home):
    return {file.relative_to(home): file.read_bytes() for file in home.rglob("*") if file.is_file()}


def test_a_store_is_made_on_first_use_where_the_setting_says(home):
    assert Store.open().home == home
    assert Store.open().tables() == ()
    assert Store.open().loads() == ()


def test_without_a_setting_the_store_lies_in_the_users_data_folder(monkeypatch, tmp_path):
    monkeypatch.delenv(HOME_SETTING)
    monkeypatch.setattr("platformdirs.user_data_dir", lambda name, **_: str(tmp_path / name))
    assert Store.open().home == tmp_path / "five-colour"


def test_the_key_lies_apart_from_the_records_and_only_its_owner_may_read_it(home):
    Store.open(home)
    (key,) = home.rglob("*.key")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in (key.parent, home)] == [0o700, 0o700]
    assert len(bytes.fromhex(key.read_text())) == 32
    ids = pd.Series(["17"])
    assert Store.open(home).ids.of(ids).equals(Store.open(home).ids.of(ids))


def test_two_stores_hash_the_same_id_differently(tmp_path):
    ids = pd.Series(["17"])
    first, second = (Store.open(tmp_path / name).ids.of(ids)[0] for name in "ab")
    assert first != second


@pytest.mark.parametrize(
    ("table", "loaded"),
    [
        ("incidents", made.incidents("cab")),
        ("residents", made.residents(["A1", "A2"])),
        ("areas", made.areas({"A2": 10, "A1": 20.5}, vacant=[1.0, np.nan])),
        ("areas", made.areas({"A2": 10, "A1": 20.5}, shapes=True)),
        ("places", made.places({"P1": "A1", "P2": "A1"})),
    ],
)
def test_a_table_comes_back_as_it_was_loaded(store, table, loaded):
    store.add(loaded, made.ME)
    back = store.table(table)
    assert type(back) is type(loaded.frame)
    expected = loaded.frame
    if table == "incidents":
        expected = expected.sort_values("occurred_at").reset_index(drop=True)
    pd.testing.assert_frame_equal(back, expected)
    if isinstance(back, gpd.GeoDataFrame):
        assert back.crs == "EPSG:4326"


def test_a_commit_tells_who_loaded_what_when_and_how_it_was_read(store):
    store.add(
        made.incidents("ab", "工单.csv", datum="GCJ02", columns={"category": "小类", "channel": None}),
        Actor("李", "keeper"),
    )
    (load,) = Store.open(store.home).loads()
    assert (load.number, load.table, load.source, load.rows) == (1, "incidents", "工单.csv", 2)
    assert (load.who, load.role) == ("李", "keeper")
    assert (load.datum, dict(load.columns)) == ("GCJ02", {"category": "小类", "channel": None})
    assert (load.read, load.accepted, load.repaired, load.refused, load.status) == (2, 2, 0, 0, "live")
    assert load.when.utcoffset().total_seconds() == 0
    assert abs(load.when.timestamp() - time.time()) < 60


def test_the_same_frame_gives_the_same_bytes(tmp_path):
    for loaded in (made.incidents("abc"), made.areas({"A1": 1}, shapes=True)):
        written = []
        for name in "xy":
            store = Store.open(tmp_path / f"{loaded.table}{name}")
            store.add(loaded, made.ME)
            (part,) = store.parts()[loaded.table]
            written.append(part.file.read_bytes())
        assert written[0] == written[1]


def test_the_same_file_twice_changes_nothing(store, home):
    store.add(made.incidents("ab"), made.ME)
    before = files(home)
    added = store.add(made.incidents("ab", "copy.csv"), made.ME)
    assert (added.number, added.already, added.notes) == (None, 1, ())
    assert files(home) == before


def test_the_same_file_placed_in_other_areas_replaces_its_earlier_load(store):
    store.add(made.residents(["A1", "A2"], "2026-01-01", content="x"), made.ME)
    added = store.add(made.residents(["A1", "A1"], "2026-01-02", "copy.csv", content="x"), made.ME)
    assert (added.number, added.replaced) == (2, (1,))
    assert store.table("residents")["area_id"].tolist() == ["A1", "A1"]


def test_a_corrected_file_replaces_its_earlier_load_whole(store):
    store.add(made.incidents({"a": "fever", "b": "fever", "c": "fever"}), made.ME)
    added = store.add(made.incidents({"a": "noise", "b": "fever"}), made.ME)
    assert (added.number, added.replaced, added.superseded) == (2, (1,), 0)
    assert made.ids(store) == {"a": "noise", "b": "fever"}
    assert statuses(store) == {1: "replaced", 2: "live"}
    assert "撤销第2次导入" in added.notes[0].text("zh")


def test_the_next_months_file_of_the_same_name_adds_its_rows(store):
    store.add(made.incidents("abc"), made.ME)
    assert store.add(made.incidents("cde"), made.ME).replaced == ()
    assert set(made.ids(store)) == set("abcde")
    assert statuses(store) == {1: "live", 2: "live"}


def test_the_newest_row_of_an_id_counts(store):
    store.add(made.incidents({"a": "fever", "b": "fever", "c": "fever"}), made.ME)
    added = store.add(made.incidents({"c": "noise", "d": "noise"}, "b.csv"), made.ME)
    assert (added.replaced, added.superseded) == ((), 1)
    assert [note.key for note in added.notes][:1] == ["store.superseded"]
    assert made.ids(store) == {"a": "fever", "b": "fever", "c": "noise", "d": "noise"}


def test_undoing_gives_back_what_was_replaced_or_superseded(store):
    store.add(made.incidents({"a": "1", "b": "1", "c": "1"}), made.ME)
    store.add(made.incidents({"c": "2"}, "b.csv"), made.ME)
    store.add(made.incidents({"a": "3", "b": "3"}), made.ME)
    assert made.ids(store) == {"a": "3", "b": "3", "c": "2"}
    store.undo(3, made.ME)
    assert made.ids(store) == {"a": "1", "b": "1", "c": "2"}
    store.undo(2, made.ME)
    assert made.ids(store) == {"a": "1", "b": "1", "c": "1"}
    assert statuses(store) == {1: "live", 2: "undone", 3: "undone"}


def test_an_older_row_does_not_come_back_beside_the_newest_when_one_between_them_is_undone(store):
    for number, source in enumerate(["a.csv", "b.csv", "c.csv"], 1):
        store.add(
            made.incidents({"a": str(number), source: "x", f"{source}2": "x", f"{source}3": "x"}, source), made.ME
        )
    store.undo(2, made.ME)
    assert made.ids(store)["a"] == "3"
    store.undo(3, made.ME)
    assert made.ids(store)["a"] == "1"


def test_a_row_does_not_come_back_with_a_replaced_load_beside_a_newer_one(store):
    store.add(made.incidents({"a": "1", "b": "1"}), made.ME)
    store.add(made.incidents({"a": "2", "b": "2", "c": "2"}), made.ME)
    store.add(made.incidents({"b": "3"}, "b.csv"), made.ME)
    store.undo(2, made.ME)
    assert made.ids(store) == {"a": "1", "b": "3"}


def test_what_was_corrected_twice_stays_corrected_when_the_first_correction_is_undone(store):
    for number in "123":
        store.add(made.residents(["A1"], count=int(number)), made.ME)
    assert statuses(store) == {1: "replaced", 2: "replaced", 3: "live"}
    store.undo(2, made.ME)
    assert store.table("residents")["count"].tolist() == [3]
    store.undo(3, made.ME)
    assert store.table("residents")["count"].tolist() == [1]


def test_undoing_says_that_earlier_rows_are_back_only_where_some_are(store):
    store.add(made.incidents({"a": "1", "b": "1"}), made.ME)
    store.add(made.incidents({"b": "2", "c": "2", "d": "2"}, "b.csv"), made.ME)
    store.add(made.incidents({"a": "3", "b": "3"}), made.ME)
    assert [note.key for note in store.undo(3, made.ME)] == ["store.undone_restored"]
    assert [note.key for note in store.undo(2, made.ME)] == ["store.undone_restored"]
    assert [note.key for note in store.undo(1, made.ME)] == ["store.undone"]


def test_undoing_a_load_that_was_replaced_brings_nothing_back(store):
    for what in "123":
        store.add(made.incidents({"a": what}), made.ME)
    assert [note.key for note in store.undo(2, made.ME)] == ["store.undone"]


def test_undoing_areas_names_the_loads_that_lie_in_them(store):
    store.add(made.areas({"A1": 1}), made.ME)
    store.add(made.areas({"A2": 1}, "more.csv"), made.ME)
    store.add(made.places({"P1": "A1"}), made.ME)
    store.add(made.residents(["A1", "A2"]), made.ME)
    done, warning = store.undo(2, made.ME)
    assert (done.key, warning.key, warning.params["loads"]) == ("store.undone", "store.areas_gone", (4,))
    _, warning = store.undo(1, made.ME)
    assert warning.params["loads"] == (3, 4)
    assert "第3、4次导入" in warning.text("zh")


def test_undoing_areas_that_another_load_holds_too_warns_of_nothing(store):
    store.add(made.areas({"A1": 1}), made.ME)
    store.add(made.places({"P1": "A1"}), made.ME)
    store.add(made.areas({"A1": 2}), made.ME)
    assert [note.key for note in store.undo(3, made.ME)] == ["store.undone_restored"]


def test_areas_are_taken_back_even_where_a_load_in_them_is_damaged(store):
    store.add(made.areas({"A1": 1}), made.ME)
    store.add(made.places({"P1": "A1"}), made.ME)
    (part,) = store.parts()["places"]
    part.file.unlink()
    assert [note.key for note in store.undo(1, made.ME)] == ["store.undone"]
    assert store.tables() == ("places",)


def test_the_same_rows_read_with_another_datum_replace_the_load_and_its_account(store):
    store.add(made.incidents("ab", content="x"), made.ME)
    added = store.add(made.incidents("ab", content="x", datum="GCJ02"), made.ME)
    assert (added.number, added.already, added.replaced) == (2, None, (1,))
    assert [(load.datum, load.status) for load in store.loads()] == [("GCJ02", "live"), ("WGS84", "replaced")]
    assert store.add(made.incidents("ab", content="x", datum="GCJ02"), made.ME).already == 2


def test_an_undone_file_can_be_loaded_again(store):
    store.add(made.incidents("ab"), made.ME)
    store.undo(1, made.ME)
    assert store.tables() == ()
    assert store.add(made.incidents("ab"), made.ME).number == 3
    assert set(made.ids(store)) == {"a", "b"}


@pytest.mark.parametrize("number", [0, 2, 3, 99])
def test_undoing_what_is_no_load_is_a_sentence(store, number):
    store.add(made.incidents("ab"), made.ME)
    store.add(made.incidents("c", "b.csv"), made.ME)
    store.undo(2, made.ME)
    with pytest.raises(StoreError, match=str(number)):
        store.undo(number, made.ME)
    assert len(store.loads()) == 2


def test_people_of_further_days_and_files_add_up(store):
    assert store.add(made.residents(["A1", "A2"], "2026-01-01"), made.ME).doubled == 0
    assert store.add(made.residents(["A1", "A2"], "2026-02-01"), made.ME).doubled == 0
    assert len(store.table("residents")) == 4


def test_people_of_the_same_area_and_day_in_two_files_add_up_only_where_that_is_said(store):
    store.add(made.residents(["A1", "A2", "A3"]), made.ME)
    lodgers = made.residents(["A2", "A3", "A4"], source="lodgers.csv")
    with pytest.raises(HeldLoadError) as held:
        store.add(lodgers, made.ME)
    assert list(held.value.codes) == ["load", "add"]
    assert held.value.problems[-1].key == "guard.held_people"
    assert (len(store.loads()), len(store.table("residents"))) == (1, 3)
    added = store.add(lodgers, made.ME, "add")
    assert added.doubled == 2
    assert [note.key for note in added.notes][:1] == ["store.doubled"]
    for lang in ("zh", "en"):
        assert {"zh": "撤销第2次导入", "en": "undo import 2"}[lang] in added.notes[0].text(lang)
        assert "1" in added.notes[0].text(lang)
    assert len(store.table("residents")) == 6


def test_people_of_the_same_area_and_day_in_two_files_are_replaced_where_that_is_said(store):
    store.add(made.residents(["A1", "A2"]), made.ME)
    added = store.add(made.residents(["A1", "A2"], source="again.csv", count=2), made.ME, "load")
    assert (added.replaced, added.doubled) == ((1,), 0)
    assert store.table("residents")["count"].tolist() == [2, 2]


def test_people_without_a_day_are_compared_as_well(store):
    store.add(made.residents(["A1"], None), made.ME)
    assert store.add(made.residents(["A1"], None, "lodgers.csv", count=3), made.ME, "add").doubled == 1
    assert store.add(made.residents(["A1"], None, count=2), made.ME, "add").replaced == (1,)


def test_people_of_no_day_beside_those_of_a_day_are_asked_about_since_they_would_count_for_nothing(store):
    store.add(made.residents(["A1"], "2026-03-31"), made.ME)
    with pytest.raises(HeldLoadError):
        store.add(made.residents(["A1"], None, "later.csv"), made.ME)
    assert store.add(made.residents(["A1"], "2026-06-30", "june.csv"), made.ME).number == 2


def test_areas_of_several_files_have_the_columns_of_all_and_keep_what_a_later_file_leaves_open(store):
    store.add(made.areas({"A1": 1, "A2": 2, "A3": 3}, shapes=True, vacant=[5.0, 6.0, 7.0]), made.ME)
    store.add(made.areas({"A3": 30, "A4": 40}, "more.csv", lifts=[8.0, 9.0]), made.ME)
    areas = store.table("areas")
    assert isinstance(areas, gpd.GeoDataFrame)
    assert areas.crs == "EPSG:4326"
    assert areas["population"].to_dict() == {"A1": 1, "A2": 2, "A3": 30, "A4": 40}
    assert areas["vacant"].fillna(0).to_dict() == {"A1": 5, "A2": 6, "A3": 7, "A4": 0}
    assert areas["lifts"].fillna(0).to_dict() == {"A1": 0, "A2": 0, "A3": 8, "A4": 9}
    assert areas.geometry.isna().tolist() == [False, False, False, True]
    assert areas.dtypes.astype(str)["name"] == "str"


def test_what_is_known_are_the_areas_and_the_area_of_each_place(store):
    assert store.known().areas is None
    assert store.known().places is None
    store.add(made.areas({"A1": 1, "A2": 2}), made.ME)
    store.add(made.places({"P1": "A1", "P2": "A2"}), made.ME)
    assert store.known().areas.index.tolist() == ["A1", "A2"]
    assert store.known().places.to_dict() == {"P1": "A1", "P2": "A2"}


def test_a_table_without_rows_is_a_sentence_and_an_unknown_one_a_mistake(store):
    with pytest.raises(StoreError, match="Checks"):
        store.table("checks")
    with pytest.raises(ValueError, match="dogs"):
        store.table("dogs")


def test_parts_are_the_live_loads_and_what_later_ones_take_from_them(store):
    store.add(made.incidents("abc"), made.ME)
    store.add(made.incidents("cd", "b.csv"), made.ME)
    first, second = store.parts()["incidents"]
    assert first.key == second.key == "incident_id"
    (without,) = first.without
    assert pd.read_parquet(without)["incident_id"].tolist() == ["c"]
    assert second.without == ()
    store.undo(2, made.ME)
    assert [part.without for part in store.parts()["incidents"]] == [()]


def test_what_is_counted_is_what_the_table_holds(store):
    store.add(made.areas({"A1": 1, "A2": 2}), made.ME)
    store.add(made.incidents({"a": "fever", "b": "fever"}), made.ME)
    store.add(made.incidents({"b": "noise", "c": "noise", "d": "noise"}, "b.csv"), made.ME)
    counted = counts_of(store).daily_by("incidents", "category").groupby("kind")["n"].sum()
    assert counted.to_dict() == store.table("incidents")["category"].value_counts().to_dict()


def test_equal_states_have_equal_digests_and_others_have_not(store):
    seen = [store.digest()]
    store.add(made.incidents("abc"), made.ME)
    seen.append(store.digest())
    store.add(made.incidents({"c": "noise", "x": "noise", "y": "noise"}, "b.csv"), made.ME)
    seen.append(store.digest())
    assert len(set(seen)) == 3
    store.undo(2, made.ME)
    assert store.digest() == seen[1]
    assert Store.open(store.home).digest() == seen[1]
    store.undo(1, made.ME)
    assert store.digest() == seen[0]


def test_a_store_that_is_open_sees_what_another_one_commits(store):
    other = Store.open(store.home)
    assert other.tables() == ()
    store.add(made.incidents("ab"), made.ME)
    assert other.tables() == ("incidents",)
    assert set(made.ids(other)) == {"a", "b"}


def test_corrections_of_columns_are_remembered_for_each_source(store):
    assert store.columns_for("0a1b") is None
    store.remember("0a1b", {"category": "小类", "channel": None})
    store.remember("0a1c", {})
    assert Store.open(store.home).columns_for("0a1b") == {"category": "小类", "channel": None}
    assert store.columns_for("0a1c") == {}
    store.remember("0a1b", {"category": "大类"})
    assert store.columns_for("0a1b") == {"category": "大类"}


def test_a_source_key_is_no_path(store):
    for key in ("../key/installation", "a/b", ""):
        with pytest.raises(ValueError, match="source key"):
            store.remember(key, {})


def test_leftovers_of_a_dead_process_are_swept_and_those_of_a_living_one_are_not(store, home):
    store.add(made.incidents("ab"), made.ME)
    folder = home / "records" / "incidents"
    leftovers = [
        folder / "000002-0badf00d.parquet",
        folder / "rows-1.partial",
        home / "commits" / "000002.json-1.partial",
    ]
    for file in leftovers:
        file.write_bytes(b"x")
    store.add(made.incidents("c", "b.csv"), made.ME)
    assert all(file.exists() for file in leftovers)
    for file in leftovers:
        os.utime(file, (time.time() - 90_000,) * 2)
    live = [part.file for part in store.parts()["incidents"]]
    for file in live:
        os.utime(file, (time.time() - 90_000,) * 2)
    store.add(made.incidents("d", "c.csv"), made.ME)
    assert not any(file.exists() for file in leftovers)
    assert set(made.ids(store)) == set("abcd")


def test_no_path_of_the_machine_is_kept(store, home):
    store.add(made.incidents("ab"), made.ME)
    for file in home.rglob("*.json"):
        assert str(home.parent) not in json.dumps(json.loads(file.read_text()))
