"""Records that are void, areas that change, and old loads that are folded; each is one commit that can be undone."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.errors import HeldLoadError, StoreError
from analytics.scoring.area_counts import AreaCounts
from analytics.store import Store, counts_of
from analytics.store.corrections import KEPT_APART
from analytics.store.tallies import NEVER
from tests.store import exports, made


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setattr("os.fsync", lambda _: None)
    return Store.open(tmp_path / "home")


def day_number(day):
    return (date.fromisoformat(day) - date(1970, 1, 1)).days


def incidents_of(store, rows, source="a.csv"):
    """Loads incidents: id -> area."""
    loaded = made.incidents(list(rows), source)
    frame = loaded.frame.assign(area_id=pd.Series(list(rows.values()), dtype="str"))
    store.add(made.of("incidents", frame, source), made.ME)


def by_area(store):
    counts = counts_of(store)
    counted = counts.by_area("incidents")[:-1]
    return {code: int(n) for code, n in zip(counts.areas.index, counted, strict=True) if n}


# Void


def test_a_record_is_void_whichever_load_brings_it_and_counts_again_when_that_is_undone(store):
    store.add(made.areas({"A1": 1}), made.ME)
    store.add(made.incidents(["a", "b", "c"]), made.ME)
    before = store.digest()
    done = store.void("incidents", " b ", "twice", made.ME)
    assert (done.record, done.reason) == ("b", "twice")
    assert set(made.ids(store)) == {"a", "c"}
    assert by_area(store) == {"A1": 2}
    assert store.digest() != before
    store.add(made.incidents({"a": "x", "b": "y", "c": "z", "d": "z"}, "again.csv"), made.ME)
    assert set(made.ids(store)) == {"a", "c", "d"}
    assert store.commits()[-2].kind == "void"
    assert "twice" in store.commits()[-2].subject
    store.undo(done.number, made.ME)
    assert set(made.ids(store)) == {"a", "b", "c", "d"}
    assert by_area(store) == {"A1": 4}


def test_a_number_that_the_store_has_hashed_is_found_by_what_its_source_writes(store):
    hashed = store.ids.of(pd.Series(["GD-7"], dtype="str"))[0]
    store.add(made.incidents([hashed, "other"]), made.ME)
    assert store.void("incidents", "GD-7", "a test", made.ME).record == hashed
    assert set(made.ids(store)) == {"other"}


@pytest.mark.parametrize(
    ("table", "number", "reason"),
    [("incidents", "z", "why"), ("incidents", "a", " "), ("teams", "a", "why"), ("residents", "a", "why")],
)
def test_what_cannot_be_voided_is_a_sentence_and_nothing_is_written(store, table, number, reason):
    store.add(made.incidents(["a"]), made.ME)
    with pytest.raises(StoreError):
        store.void(table, number, reason, made.ME)
    assert len(store.commits()) == 1


def test_a_record_is_voided_once(store):
    store.add(made.incidents(["a", "b"]), made.ME)
    store.void("incidents", "a", "why", made.ME)
    with pytest.raises(StoreError, match="a"):
        store.void("incidents", "a", "why", made.ME)


# Lists of areas


def test_areas_that_a_newer_list_lacks_leave_whatever_the_file_is_called(store):
    store.add(made.areas(dict.fromkeys(["M1", "M2", "M3", "M4"], 9)), made.ME)
    incidents_of(store, {"a": "M1", "b": "M4", "c": "M4"})
    added = store.add(made.areas(dict.fromkeys(["M1", "M2", "M3", "M41", "M42"], 9), "new.csv"), made.ME)
    told = {note.key: note.params for note in added.notes}
    assert (told["guard.areas_left"]["n"], told["guard.areas_left"]["rows"]) == (1, 2)
    assert (told["guard.areas_new"]["n"], told["guard.areas_new"]["silent"]) == (2, 2)
    assert list(store.table("areas").index) == ["M1", "M2", "M3", "M41", "M42"]
    assert by_area(store) == {"M1": 1}
    assert counts_of(store).of_no_area("incidents") == {"M4": 2}
    store.undo(added.number, made.ME)
    assert by_area(store) == {"M1": 1, "M4": 2}


def test_a_table_of_figures_takes_no_area_away_nor_do_areas_of_another_level(store):
    store.add(made.areas(dict.fromkeys(["M1", "M2", "M3"], 9), shapes=True), made.ME)
    store.add(made.areas({"M1": 10, "M2": 10}, "figures.csv"), made.ME)
    store.add(made.areas(dict.fromkeys(["C1", "C2"], 9), "wider.csv", level="community"), made.ME)
    assert sorted(store.table("areas").index) == ["C1", "C2", "M1", "M2", "M3"]


@pytest.mark.parametrize("number", [9, 40, 200])
def test_a_list_that_lost_more_than_a_third_is_held(store, number):
    codes = [f"M{at}" for at in range(number)]
    store.add(made.areas(dict.fromkeys(codes, 9)), made.ME)
    kept = codes[: int(number * 0.6)]
    with pytest.raises(HeldLoadError) as held:
        store.add(made.areas(dict.fromkeys(kept, 9), "cut.csv"), made.ME)
    told = {note.key: note.params for note in held.value.problems}
    assert told["guard.areas_left"]["n"] == number - len(kept)
    assert len(store.table("areas")) == number
    store.add(made.areas(dict.fromkeys(kept, 9), "cut.csv"), made.ME, "add")
    assert len(store.table("areas")) == number
    store.add(made.areas(dict.fromkeys(kept, 8), "cut.csv"), made.ME, "load")
    assert len(store.table("areas")) == len(kept)


def test_other_names_and_other_areas_above_are_told(store):
    store.add(made.areas(dict.fromkeys(["M1", "M2"], 9)), made.ME)
    other = made.areas(dict.fromkeys(["M1", "M2"], 9), name=["区M1", "区新"])
    keys = [note.key for note in store.add(other, made.ME).notes]
    assert "guard.areas_renamed" in keys
    assert "guard.areas_left" not in keys


def test_a_list_of_the_same_name_with_other_codes_is_asked_about(store):
    store.add(made.areas(dict.fromkeys(["M1", "M2", "M3", "M4"], 9)), made.ME)
    other = made.areas(dict.fromkeys(["01", "02", "03", "M4"], 9))
    with pytest.raises(HeldLoadError) as held:
        store.add(other, made.ME)
    assert held.value.problems[-1].key == "guard.held_same_list"
    store.add(other, made.ME, "load")
    assert list(store.table("areas").index) == ["01", "02", "03", "M4"]


# What became of areas


def history(store):
    counts = counts_of(store)
    return dict(zip(counts.areas.index, counts.known_since().tolist(), strict=True))


def two_lists(store, before, after, **more):
    store.add(made.areas(dict.fromkeys(before, 9)), made.ME)
    incidents_of(store, {f"{code}-{at}": code for code in before for at in range(3)})
    store.add(made.areas(dict.fromkeys(after, 9), "new.csv", **more), made.ME, "load")


def test_records_follow_a_rename_and_a_merger_and_always_have(store):
    two_lists(store, ["M0", "M1", "M2", "M3", "M4", "M5"], ["M0", "M1", "M2", "N3", "N4"])
    done = store.change_areas([("M3", "N3"), ("M4", "N4"), ("M5", "N4")], date(2026, 2, 1), made.ME)
    assert by_area(store) == {"M0": 3, "M1": 3, "M2": 3, "N3": 3, "N4": 6}
    assert set(history(store).values()) == {NEVER}
    assert counts_of(store).of_no_area("incidents") == {}
    store.undo(done.number, made.ME)
    assert by_area(store) == {"M0": 3, "M1": 3, "M2": 3}


def test_records_of_a_split_area_cannot_be_told_apart_and_its_parts_count_from_that_day(store):
    two_lists(store, ["M1", "M2", "M3", "M4"], ["M1", "M2", "M3", "M41", "M42"])
    store.change_areas([("M4", "M41"), ("M4", "M42"), ("M4", "M3")], date(2026, 2, 1), made.ME)
    assert by_area(store) == {"M1": 3, "M2": 3, "M3": 3}
    since = day_number("2026-02-01")
    assert history(store) == {"M1": NEVER, "M2": NEVER, "M3": since, "M41": since, "M42": since}
    assert counts_of(store).of_no_area("incidents") == {"M4": 3}


def test_an_area_above_has_the_records_of_a_part_that_was_split_within_it(store):
    store.add(made.areas(dict.fromkeys(["C1", "C2"], 9), "above.csv", level="community"), made.ME)
    two_lists(store, ["G1", "G2", "G3"], ["G1", "G2", "G31", "G32"], parent_id=["C1", "C1", "C2", "C2"])
    store.change_areas([("G3", "G31"), ("G3", "G32")], date(2026, 2, 1), made.ME)
    assert by_area(store) == {"G1": 3, "G2": 3, "C2": 3}
    since = day_number("2026-02-01")
    assert {code for code, day in history(store).items() if day == since} == {"G31", "G32"}
    counts = counts_of(store)
    above = AreaCounts(counts, counts.areas[counts.areas["level"] == "community"])
    assert above.known_from().tolist() == [NEVER, NEVER]


def test_areas_above_that_share_what_was_split_count_from_that_day_too(store):
    store.add(made.areas(dict.fromkeys(["C1", "C2"], 9), "above.csv", level="community"), made.ME)
    two_lists(store, ["G1", "G2", "G3"], ["G1", "G2", "G31", "G32"], parent_id=["C1", "C1", "C1", "C2"])
    store.change_areas([("G3", "G31"), ("G3", "G32")], date(2026, 2, 1), made.ME)
    counts = counts_of(store)
    above = AreaCounts(counts, counts.areas[counts.areas["level"] == "community"])
    assert above.known_from().tolist() == [day_number("2026-02-01")] * 2


def test_a_new_area_of_a_list_is_known_from_its_first_record_else_from_the_day_of_the_list(store):
    two_lists(store, ["M1", "M2", "M3"], ["M1", "M2", "M3", "N1", "N2"])
    today = max(load.when.astimezone().date() for load in store.loads())
    assert history(store)["N1"] == (today - date(1970, 1, 1)).days
    assert history(store)["M1"] == NEVER
    incidents_of(store, {"n": "N1"}, "n.csv")
    assert history(store)["N1"] == day_number("2026-01-01")
    assert (AreaCounts(counts_of(store), counts_of(store).areas).known_from() == list(history(store).values())).all()


def test_changes_one_after_the_other_are_followed(store):
    two_lists(store, ["M1", "M2", "M3"], ["M1", "M2", "N3"])
    store.change_areas([("M3", "N3")], date(2026, 2, 1), made.ME)
    store.add(made.areas(dict.fromkeys(["M1", "M2", "O3"], 9), "newest.csv"), made.ME)
    store.change_areas([("N3", "O3")], date(2026, 3, 1), made.ME)
    assert by_area(store) == {"M1": 3, "M2": 3, "O3": 3}


@pytest.mark.parametrize("moves", [[], [("M4", "M9")], [("M1", "M2")], [("M4", "M1"), ("M4", "M1")]])
def test_changes_that_cannot_be_are_a_sentence(store, moves):
    two_lists(store, ["M1", "M2", "M4"], ["M1", "M2"])
    with pytest.raises(StoreError):
        store.change_areas(moves, date(2026, 2, 1), made.ME)


def test_changes_are_offered_by_where_the_shapes_lie(store):
    store.add(made.areas(dict.fromkeys(["M1", "M2", "M3"], 9), shapes=True), made.ME)
    assert store.offered_moves() == ()
    store.add(made.areas(dict.fromkeys(["M1", "M2", "N3"], 9), "new.csv", shapes=True), made.ME)
    assert store.offered_moves() == (("M3", "N3"),)
    store.change_areas(store.offered_moves(), date(2026, 2, 1), made.ME)
    assert store.offered_moves() == ()


# Compact


def many_loads(store, number, random, overlap=0.2, names=5):
    """Loads that take rows over from each other, some replaced."""
    for at in range(number):
        ids = [f"{at}-{row}" for row in range(6)]
        ids += [f"{random.integers(0, at + 1)}-{row}" for row in range(6) if random.random() < overlap]
        source = f"{random.integers(0, names)}.csv"
        rows = dict.fromkeys(dict.fromkeys(ids), f"kind {at}")
        try:
            store.add(made.incidents(rows, source), made.ME)
        except HeldLoadError:
            store.add(made.incidents(rows, source), made.ME, "add")


@pytest.mark.parametrize("seed", range(3))
def test_folding_changes_no_row_no_count_and_no_digest_and_the_newest_can_still_be_undone(store, seed):
    random = np.random.default_rng(seed)
    store.add(made.areas({"A1": 1}), made.ME)
    many_loads(store, KEPT_APART + 15, random)
    before, digest, counted = made.ids(store), store.digest(), by_area(store)
    newest = [load.number for load in store.loads()][:KEPT_APART]
    (done,) = store.compact(made.ME)
    assert len(done.folds) >= 2
    assert not set(done.folds) & set(newest)
    assert (made.ids(store), store.digest(), by_area(store)) == (before, digest, counted)
    assert (made.ids(Store.open(store.home)), Store.open(store.home).digest()) == (before, digest)
    states = [before]
    undone = [int(number) for number in random.permutation(newest)[:5]]
    for number in undone:
        store.undo(number, made.ME)
        states.append(made.ids(store))
    with pytest.raises(StoreError, match=str(done.number)):
        store.undo(done.folds[0], made.ME)
    store.undo(done.number, made.ME)
    assert made.ids(store) == states[-1]


def test_a_load_after_folding_takes_its_rows_over_and_a_folded_file_again_changes_nothing(store):
    for at in range(KEPT_APART + 4):
        store.add(made.incidents([f"{at}-{row}" for row in range(3)], f"{at}.csv"), made.ME)
    (done,) = store.compact(made.ME)
    again = made.incidents(["1-0", "1-1", "1-2"], "1.csv")
    assert store.add(again, made.ME).already == done.number
    added = store.add(made.incidents({"1-1": "other", "new": "other"}, "corrected.csv"), made.ME)
    assert added.superseded == 1
    assert made.ids(store)["1-1"] == "other"
    store.undo(added.number, made.ME)
    assert made.ids(store)["1-1"] == "fever"
    assert store.compact(made.ME) == ()


def test_folded_loads_are_folded_again(store):
    for at in range(KEPT_APART + 4):
        store.add(made.incidents([f"{at}-{row}" for row in range(3)], f"{at}.csv"), made.ME)
    (first,) = store.compact(made.ME)
    for at in range(100, 104):
        store.add(made.incidents({f"{at}": "x", "1-1": f"{at}"}, f"{at}.csv"), made.ME)
    before, digest = made.ids(store), store.digest()
    (second,) = store.compact(made.ME)
    assert first.number in second.folds
    assert (made.ids(store), store.digest()) == (before, digest)


def test_chains_of_replaced_loads_are_folded_whole_or_not(store):
    random = np.random.default_rng(3)
    whole = exports.rows(random, KEPT_APART + 10)
    day = (whole["occurred_at"] - whole["occurred_at"].min()).dt.days
    for at in range(4, KEPT_APART + 10):
        store.add(exports.export(whole[day <= at]), made.ME, "load")
    before = made.ids(store)
    store.compact(made.ME)
    newest = store.loads()[0]
    store.undo(newest.number, made.ME)
    assert len(made.ids(store)) == (day <= KEPT_APART + 8).sum()
    store.add(exports.export(whole), made.ME)
    assert made.ids(store) == before
