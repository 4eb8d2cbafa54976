"""What is exported can be loaded again, and is the same."""

import errno
import json
import os
from datetime import date

import geopandas as gpd
import pandas as pd
import pytest

from analytics.access import Actor
from analytics.errors import StoreError
from analytics.loaders import TABLES
from analytics.store import Store, load_into
from analytics.workspace import Workspace, loads
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
    "holidays": "day,working,name\n2026-01-01,否,元旦\n2026-01-04,是,\n",
    "given_values": "area_id,day,风险,value\nG1,2026-01-03,1.5,\nG2,2026-01-03,-2,7\n",
    "agreements": "table,feed,unit,every,by_hour,zero_report,post\nincidents,12345,市热线办,每日,17:00,是,值班室\n"
    "checks,,,每个工作日,,否,\nresidents,,派出所,31天,,,\n",
    "orders": "order_id,at_least,area_id,basis,from_day,to_day,measure,scheme\n"
    "L1,orange,,街办〔2026〕3号,2026-01-03,2026-01-05,每日巡查,\nL2,red,G3,预案,2026-01-06,2026-01-06,,epidemic\n",
    "reports": "table,feed,area_id,from,to\nincidents,12345,,2026-01-03,2026-01-05\nchecks,,G3,2026-01-06,\n",
}


def load(store, table, name, content):
    return load_into(store, table, (name, content.encode()), TODAY, made.ME)[1]


@pytest.fixture
def store(home):
    store = Store.open(home)
    for table in TABLES:
        name = "a.geojson" if table == "areas" else f"{table}.of.may.csv"
        assert load(store, table, name, FILES[table]).number
    return store


def tables(store):
    return {table: store.table(table) for table in store.tables()}


def assert_equal(first, second):
    assert first.keys() == second.keys()
    for table, frame in first.items():
        other = second[table]
        assert type(frame) is type(other)
        pd.testing.assert_frame_equal(frame, other)
        if isinstance(frame, gpd.GeoDataFrame):
            assert frame.geometry.geom_equals_exact(other.geometry, 0).all()


def test_a_store_that_is_exported_and_loaded_elsewhere_is_the_same(store, tmp_path):
    files = store.export(tmp_path / "out").files
    other = Store.open(tmp_path / "other")
    for table, file in zip(TABLES, files, strict=True):
        loaded, added = load_into(other, table, file, TODAY, made.ME)
        assert added.number
        assert loaded.report.refused == loaded.report.repaired == ()
    assert_equal(tables(store), tables(other))
    assert other.table("incidents")["incident_id"].tolist() == ["8", "7"]
    assert other.table("checks")["team_id"].dropna().tolist() == ["T1"]


@pytest.mark.parametrize(("role", "clear"), [("keeper", True), ("local", True), ("leader", False), ("analyst", False)])
def test_ids_are_exported_in_clear_for_the_keeper_alone(store, tmp_path, role, clear):
    ws = Workspace(Actor("甲", role), store.home, TODAY)
    written = "".join(file.read_text(encoding="utf-8-sig") for file in loads.export(ws, tmp_path / "out").files)
    assert all((f"{id}," in written) == clear for id in ("P1", "P2", "C1", "C2", "T1"))
    assert ("fc-" in written) == (not clear)


def test_an_export_loaded_into_its_own_store_changes_no_row(store, tmp_path):
    before = tables(store)
    for table, file in zip(TABLES, store.export(tmp_path / "out").files, strict=True):
        assert load_into(store, table, file, TODAY, made.ME)[1].doubled == 0
    assert_equal(before, tables(store))


def test_exporting_what_was_exported_and_loaded_gives_the_same_files(store, tmp_path):
    first = store.export(tmp_path / "first").files
    for table, file in zip(TABLES, first, strict=True):
        load_into(store, table, file, TODAY, made.ME)
    second = store.export(tmp_path / "second").files
    assert [file.name for file in first] == [file.name for file in second]
    assert [file.read_bytes() for file in first] == [file.read_bytes() for file in second]


def test_areas_without_shapes_are_exported_as_a_table(tmp_path):
    store = Store.open(tmp_path / "home")
    store.add(made.areas({"A1": 1, "A2": 2}), made.ME)
    (file,) = store.export(tmp_path / "out").files
    assert file.name == "areas.csv"
    assert file.read_bytes().startswith(b"\xef\xbb\xbfarea_id,name,")


def test_an_export_that_the_disk_refuses_leaves_the_earlier_one(store, tmp_path, monkeypatch):
    files = store.export(tmp_path / "out").files
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


def test_files_of_an_earlier_export_whose_rows_are_gone_are_removed(store, tmp_path):
    out = tmp_path / "out"
    store.export(out)
    for load_there in store.loads():
        store.undo(load_there.number, made.ME)
    store.add(made.areas({"A1": 1}), made.ME)
    done = store.export(out)
    assert [file.name for file in done.files] == ["areas.csv"]
    assert {file.name for file in done.removed} == {"areas.geojson"} | {f"{table}.csv" for table in TABLES[1:]}
    assert [file.name for file in out.iterdir()] == ["areas.csv"]
    store.undo(1 + 2 * len(TABLES), made.ME)
    load(store, "areas", "a.geojson", FILES["areas"])
    assert [file.name for file in store.export(out).removed] == ["areas.csv"]
    assert [file.name for file in out.iterdir()] == ["areas.geojson"]


def test_a_file_that_no_export_wrote_stays_whatever_its_name(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    others = {
        "residents.csv": "area_id,count\nG1,3\n",
        "areas.geojson": FILES["areas"].replace(" ", ""),
        "teams.csv": "",
        "x.csv": "x",
    }
    for name, content in others.items():
        (out / name).write_text(content)
    (out / "checks.csv").mkdir()
    store = Store.open(tmp_path / "home")
    store.add(made.areas({"A1": 1}), made.ME)
    assert store.export(out).removed == ()
    assert {name: (out / name).read_text() for name in others} == others


def test_an_export_of_nothing_is_a_sentence_and_writes_nothing(home, tmp_path):
    with pytest.raises(StoreError, match="nothing to export"):
        Store.open(home).export(tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_whole_numbers_have_no_point_and_times_one_form(store, tmp_path):
    store.export(tmp_path / "out")

    def cells(table, *columns):
        there = pd.read_csv(tmp_path / "out" / f"{table}.csv", dtype=str, keep_default_na=False)
        return [tuple(row) for row in there[list(columns)].to_numpy()]

    assert set(cells("residents", "count", "as_of")) == {("3", "2026-01-31"), ("2", "2026-01-31"), ("1", "")}
    assert set(cells("places", "capacity")) == {("20",), ("",)}
    assert set(cells("teams", "members", "hours_per_day")) == {("4", "7.5"), ("3", "")}
    assert set(cells("incidents", "occurred_at", "due_at", "closed_at")) == {
        ("2026-01-02 08:30:00", "2026-01-05 00:00:00", "2026-01-03 10:00:01"),
        ("2026-01-01 00:00:00", "", ""),
    }
    assert set(cells("checks", "checked_at")) == {("2026-01-04 09:00:00",), ("2026-01-05 00:00:00",)}
    assert ".0," not in (tmp_path / "out" / "areas.geojson").read_text().partition('"geometry"')[0]


def test_a_table_of_areas_has_whole_numbers_without_a_point(tmp_path):
    store = Store.open(tmp_path / "home")
    store.add(made.areas({"A1": 100, "A2": 2.5}), made.ME)
    (file,) = store.export(tmp_path / "out").files
    assert [line.split(",")[4] for line in file.read_text().splitlines()[1:]] == ["100", "2.5"]
