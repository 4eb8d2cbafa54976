"""A home of when every id was hashed: what is loaded again counts once, and a check still finds its place."""

import csv
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.access import LOCAL, Actor
from analytics.store import Store, counts_of, load_into
from analytics.store.loading import Asked
from tests.upgrade.make_home import make_files
from tests.upgrade.old_homes import unpacked

TODAY = date(2026, 11, 28)
ME = Actor("甲", LOCAL)
HASH = r"fc-[0-9a-f]{6}-[0-9a-f]{26}"
KEYS = {"incidents": "incident_id", "places": "place_id", "checks": "check_id", "teams": "team_id"}
FILES = {"incidents": "incidents_to_24.csv", "places": "places.csv", "checks": "checks.csv", "teams": "teams.csv"}

pytestmark = pytest.mark.parametrize("name", ["before-12", "12"])


@pytest.fixture
def store(name, tmp_path):
    return Store.open(unpacked(name, tmp_path / "old").folder)


@pytest.fixture
def given(tmp_path):
    folder = tmp_path / "given"
    folder.mkdir()
    make_files(folder)
    return folder


def counted(store):
    visits = counts_of(store).visits({}, {})
    there = {table: len(store.table(table)) for table in KEYS}
    asked = pd.DataFrame({"area": visits.area, "day": visits.day}).value_counts().sort_index()
    return there, asked.to_dict()


def reloaded(store, table, file, **columns):
    return load_into(store, table, file, TODAY, ME, Asked(columns=columns or None))


@pytest.mark.parametrize("order", [("places", "checks"), ("checks", "places"), ("checks",), ("places",)])
def test_places_and_checks_loaded_again_count_once_and_belong_together_in_any_order(store, given, order):
    before = counted(store)
    assert store.table("places")["place_id"].str.fullmatch(HASH).all()
    for table in order:
        reloaded(store, table, given / FILES[table])
        assert counted(store) == before
        # Who looks one up finds it on the platform.
        assert not store.table(table)[KEYS[table]].str.fullmatch(HASH).any()


@pytest.mark.parametrize("table", FILES)
@pytest.mark.parametrize("seed", range(3))
def test_a_later_list_takes_over_the_records_that_are_in_both(store, given, table, seed):
    draw = np.random.default_rng(seed)
    with (given / FILES[table]).open(encoding="utf-8", newline="") as opened:
        heads, *rows = csv.reader(opened)
    kept = [rows[at] for at in np.flatnonzero(draw.random(len(rows)) < 0.4)]
    new = [f"NEW-{seed}", *rows[0][1:]]
    if table != "teams":
        assert kept
    later = given / f"later_{seed}.csv"
    with later.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([heads, *kept, new])
    before = store.table(table)
    _, added = reloaded(store, table, later)
    after = store.table(table)
    assert (len(after), added.superseded) == (len(before) + 1, len(kept))
    clear = after[KEYS[table]][~after[KEYS[table]].str.fullmatch(HASH)]
    assert set(clear) == {new[0], *(row[0] for row in kept)}
    store.undo(added.number, ME)
    pd.testing.assert_frame_equal(store.table(table), before)


def test_an_export_of_before_is_told_to_be_the_same_after_the_list_was_loaded_again(store, given, tmp_path):
    files = {file.stem: file for file in store.export(tmp_path / "out").files}
    before = counted(store)
    for table in KEYS:
        reloaded(store, table, given / FILES[table])
    for table in KEYS:
        reloaded(store, table, files[table])
        assert counted(store) == before
