"""What is exported can be loaded again, and is the same."""

import errno
import json
import os
from datetime import date

import geopandas as gpd
import pandas as pd
import pytest

from analytics.errors import StoreError
from analytics.loaders import TABLES
from analytics.store import Store, load_into
from tests.store import made

TODAY = date(2026, 3, 1)
FILES = {
    "areas": json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {
                        "area_id": name,
                        "name": f"第{name}网格",
                        "level": "grid",
                        "population": people,
                        "空置": 3,
                    },
                    "geometry": {
                        "type": "Polygon",
                        "coordinates": [[[x, 30], [x + 0.1, 30], [x + 0.1, 30.1], [x, 30.1], [x, 30]]],
                    },
                }
                for name, people, x in (("G1", 100, 120.1), ("G2", None, 120.2), ("G3", 7, 1 / 3 + 120))
            ],
        }
    ),
    "residents": "area_id,count,age_band,lives_alone,tenure,origin,as_of\n"
    "G1,3,60-69,是,own,local,2026-01-31\nG1,2,,,rent,elsewhere,2026-01-31\nG2,1,80+,否,,,\n",
    "incidents": "incident_id,area_id,occurred_at,category,channel,severity,status,due_at,closed_at,satisfied\n"
    "7,G1,2026-01-02 08:30,fever,12345,serious,closed,2026-01-05,2026-01-03 10:00:01,是\n"
    '8,G2,2026-01-01,"噪声, ""夜间""",,,open,,,\n',
    "places": "place_id,area_id,kind,capacity,use\nP1,G1,shop,20,早餐店\nP2,G2,venue,,\n",
    "checks": "check_id,area_id,place_id,kind,checked_at,outcome,team_id\nC1,,P1,visit,2026-01-04 09:00,done,T1\n"
    "C2,G3,,patrol,2026-01-05,nobody_home,\n",
    "teams": "team_id,name,department,members,home_area_id,skills,hours_per_day\n"
    "T1,一组,城管,4,G1,,7.5\nT2,二组,,3,,急救,\n",
}
IDS = ["incident_id", "place_id", "check_id", "team_id"]


def load(store, table, name, content):
    return load_into(store, table, (name, content.encode()), TODAY, "me")[1]


@pytest.fixture
def store(home):
    store = Store.open(home)
    for table in TABLES:
        name = "a.geojson" if table == "areas" else f"{table}.of.may.csv"
        assert load(store, table, name, FILES[table]).number
    return store


def tables(store):
    return {table: store.table(table) for table in store.tables()}


def assert_equal(first, second, without=()):
    assert first.keys() == second.keys()
    for table, frame in first.items():
        other = second[table]
        assert type(frame) is type(other)
        pd.testing.assert_frame_equal(
            frame.drop(columns=without, errors="ignore"), other.drop(columns=without, errors="ignore")
        )
        if isinstance(frame, gpd.GeoDataFrame):
            assert frame.geometry.geom_equals_exact(other.geometry, 0).all()


def test_a_store_that_is_exported_and_loaded_elsewhere_is_the_same_but_for_its_ids(store, tmp_path):
    files = store.export(tmp_path / "out")
    other = Store.open(tmp_path / "other")
    for table, file in zip(TABLES, files, strict=True):
        loaded, added = load_into(other, table, file, TODAY, "me")
        assert added.number
        assert loaded.report.refused == loaded.report.repaired == ()
    assert_equal(tables(store), tables(other), without=IDS)
    for column, table in (("incident_id", "incidents"), ("team_id", "teams")):
        assert not set(store.table(table)[column]) & set(other.table(table)[column])
    team = other.table("teams").set_index("name").loc["一组", "team_id"]
    assert other.table("checks")["team_id"].dropna().tolist() == [team]


def test_an_export_loaded_into_its_own_store_changes_no_row(store, tmp_path):
    before = tables(store)
    for table, file in zip(TABLES, store.export(tmp_path / "out"), strict=True):
        assert load_into(store, table, file, TODAY, "me")[1].doubled == 0
    assert_equal(before, tables(store))


def test_exporting_what_was_exported_and_loaded_gives_the_same_files(store, tmp_path):
    first = store.export(tmp_path / "first")
    for table, file in zip(TABLES, first, strict=True):
        load_into(store, table, file, TODAY, "me")
    second = store.export(tmp_path / "second")
    assert [file.name for file in first] == [file.name for file in second]
    assert [file.read_bytes() for file in first] == [file.read_bytes() for file in second]


def test_areas_without_shapes_are_exported_as_a_table(tmp_path):
    store = Store.open(tmp_path / "home")
    store.add(made.areas({"A1": 1, "A2": 2}), "me")
    (file,) = store.export(tmp_path / "out")
    assert file.name == "areas.csv"
    assert file.read_bytes().startswith(b"\xef\xbb\xbfarea_id,name,")


def test_an_export_that_the_disk_refuses_leaves_the_earlier_one(store, tmp_path, monkeypatch):
    files = store.export(tmp_path / "out")
    before = {file: file.read_bytes() for file in files}
    load(store, "places", "more.csv", "place_id,area_id,kind\nP3,G1,shop\n")

    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StoreError, match="“out”"):
        store.export(tmp_path / "out")
    assert {file: file.read_bytes() for file in (tmp_path / "out").iterdir()} == before


def test_an_export_into_a_file_is_a_sentence(store, tmp_path):
    (tmp_path / "out").write_text("x")
    with pytest.raises(StoreError, match="“out”"):
        store.export(tmp_path / "out")
