"""The digest of the records that were counted: the same for the same ones, and another for any others."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from analytics.loaders import Records
from analytics.store import Counts, Store, counts_of
from tests.releases.small_office import world
from tests.store import made

WORLD = world()
TABLES = ("areas", "incidents", "residents")


def digest(records):
    return Counts.of_records(records).digest


def shuffled(frame, seed=1):
    return frame.iloc[np.random.default_rng(seed).permutation(len(frame))]


@pytest.mark.parametrize("table", TABLES)
def test_the_order_of_rows_does_not_count(table):
    frame = shuffled(getattr(WORLD, table))
    assert digest(replace(WORLD, **{table: frame})) == digest(WORLD) == digest(world())
    if table != "areas":
        assert digest(replace(WORLD, **{table: frame.reset_index(drop=True)})) == digest(WORLD)


def cells():
    """Every column of every table that has something in it."""
    return [(table, column) for table in TABLES for column in getattr(WORLD, table)
            if getattr(WORLD, table)[column].notna().any()]  # fmt: skip


@pytest.mark.parametrize(("table", "column"), cells())
def test_one_other_cell_is_another_digest(table, column):
    frame = getattr(WORLD, table).copy()
    at = int(np.flatnonzero(frame[column].notna())[0])
    held = frame[column].iloc[at]
    more = pd.Timedelta(days=1) if isinstance(held, pd.Timestamp) else "x" if isinstance(held, str) else 1
    other = held + more
    frame.iloc[at, frame.columns.get_loc(column)] = other
    assert digest(replace(WORLD, **{table: frame})) != digest(WORLD)
    frame.iloc[at, frame.columns.get_loc(column)] = held
    assert digest(replace(WORLD, **{table: frame})) == digest(WORLD)


@pytest.mark.parametrize("table", TABLES)
def test_a_row_more_or_less_or_twice_and_a_table_more_or_less_are_other_digests(table):
    frame = getattr(WORLD, table)
    seen = [digest(WORLD), digest(replace(WORLD, **{table: frame.iloc[1:]}))]
    if table != "areas":
        seen += [digest(replace(WORLD, **{table: pd.concat([frame, frame.iloc[:1]])}))]
        seen += [digest(replace(WORLD, **{table: None})), digest(replace(WORLD, **{table: frame.iloc[:0]}))]
    assert len(set(seen)) == len(seen)


def test_values_that_change_places_are_another_digest():
    frame = WORLD.incidents.copy()
    frame[["category", "area_id"]] = frame[["area_id", "category"]].to_numpy()
    assert digest(replace(WORLD, incidents=frame)) != digest(WORLD)


def test_other_shapes_are_another_digest():
    def shaped(width):
        shapes = [box(0, 0, width, 1), None, box(2, 0, 3, 1)]
        return replace(WORLD, areas=gpd.GeoDataFrame(WORLD.areas, geometry=shapes, crs="EPSG:4326"))

    assert len({digest(WORLD), digest(shaped(1)), digest(shaped(1.5))}) == 3
    assert digest(shaped(1)) == digest(shaped(1))


def test_the_digest_that_is_given_is_taken_and_a_part_of_the_areas_has_its_own():
    counts = Counts.of_records(WORLD, "given")
    assert counts.digest == counts.reordered(np.random.default_rng(1)).digest == "given"
    parts = {counts.restricted(ids).digest for ids in (["A"], ["B"], ["A", "B"], [])}
    assert len(parts | {"given"}) == 5
    assert counts.restricted(["A", "B"]).digest == counts.restricted(["B", "A"]).digest
    assert all(int(part, 16) for part in parts)


def test_the_counts_of_a_store_have_the_digest_of_its_rows(home):
    store = Store.open(home)
    store.add(made.areas({"A1": 1}), made.ME)
    store.add(made.incidents("ab"), made.ME)
    before = counts_of(store).digest
    assert before == store.digest()
    number = store.add(made.incidents("cd", "b.csv"), made.ME).number
    assert counts_of(store).digest == store.digest() != before
    store.undo(number, made.ME)
    assert counts_of(store).digest == before


def test_the_digest_is_of_the_very_rows_that_were_counted_though_somebody_loads_meanwhile(home, monkeypatch):
    store, other = Store.open(home), Store.open(home)
    store.add(made.areas({"A1": 1}), made.ME)
    store.add(made.incidents("ab"), made.ME)
    real, loads = Store.parts, iter([made.incidents("cd", "b.csv"), made.incidents("ef", "c.csv")])

    def while_somebody_loads(self):
        found = real(self)
        if (load := next(loads, None)) is not None:
            other.add(load, made.ME)
        return found

    monkeypatch.setattr(Store, "parts", while_somebody_loads)
    counts = counts_of(store)
    assert counts.digest == store.digest()
    assert counts.by_area("incidents").tolist() == [6, 0]


def test_records_without_any_table_have_one_too():
    assert digest(Records(areas=WORLD.areas)) != digest(WORLD)
