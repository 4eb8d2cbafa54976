"""Counts: the same from memory and from a store's parts, kept from one process to the next, and safe to ask."""

from dataclasses import replace
from hashlib import sha256
from unittest.mock import patch

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.loaders import Records
from analytics.scheme.conditions import Compared
from analytics.store.answer_cache import _SEAL_BYTES, AnswerCache
from analytics.store.counts import Counts
from analytics.store.engine import Engine
from analytics.store.parts import Part
from analytics.store.sources import PartSource
from analytics.store.tallies import NEVER, NOWHERE

AREAS = pd.DataFrame(
    {"name": ["A", "B", "C"], "level": "grid", "parent_id": pd.array([None] * 3, dtype="str")},
    index=pd.Index(["A", "B", "C"], name="area_id"),
)


def incidents(rows, first=0):
    """Rows of (area, day, category), each with a number."""
    table = pd.DataFrame(rows, columns=["area_id", "occurred_at", "category"])
    return pd.DataFrame(
        {
            "area_id": table["area_id"].astype("str"),
            "incident_id": [f"n{number}" for number in range(first, first + len(rows))],
            "occurred_at": pd.to_datetime(table["occurred_at"], format="mixed").astype("datetime64[us]"),
            "category": table["category"].astype("str"),
            **{name: pd.array([None] * len(rows), dtype="str") for name in ("channel", "severity", "status")},
            **{name: pd.array([None] * len(rows), dtype="datetime64[us]") for name in ("due_at", "closed_at")},
            "satisfied": pd.array([None] * len(rows), dtype="boolean"),
        }
    )


def places(capacities, uses):
    return pd.DataFrame(
        {
            "area_id": pd.array(["A"] * len(capacities), dtype="str"),
            "place_id": pd.array([f"p{number}" for number in range(len(capacities))], dtype="str"),
            "kind": "household",
            "capacity": np.array(capacities, dtype="float64"),
            "use": pd.array(uses, dtype="str"),
        }
    )


FIRST = [("A", "2020-02-01", "fever"), ("A", "2020-02-01 23:59", "fever"), ("B", "2020-02-02", "noise")]
SECOND = [("C", "2020-02-03", "fever"), ("B", "2020-02-02 08:00", "noise")]


def part(folder, name, rows, **settings):
    file = folder / f"{name}.parquet"
    pq.write_table(pa.Table.from_pandas(rows, preserve_index=False), file)
    return Part(file, sha256(file.read_bytes()).hexdigest(), **settings)


def rows_of(tally):
    return sorted(zip(tally.area.tolist(), tally.day.tolist(), tally.n.tolist(), strict=True))


def summed(counts, *wheres):
    tally = counts.daily("incidents", "occurred_at", *wheres)
    return pd.DataFrame(vars(tally)).groupby(["area", "day"])["n"].sum().to_dict()


def cache(folder):
    return AnswerCache(folder / "counts", b"the key of this installation")


def of_store(folder, *parts):
    return Counts.of_parts(AREAS, {"incidents": parts}, cache(folder), "digest", {})


def counted_by(counts, *wheres):
    """What was asked of an engine, file by file, for a tally."""
    asked = []
    real = Engine.query

    def noticed(self, sql):
        asked.extend(file.stem for file in self._files[:1])
        return real(self, sql)

    with patch.object(Engine, "query", noticed):
        found = summed(counts, *wheres)
    return found, sorted(set(asked))


def test_a_tally_says_area_day_and_number():
    counts = Counts.of_records(Records(areas=AREAS.iloc[:2], incidents=incidents([*FIRST, *SECOND])))
    tally = counts.daily("incidents", "occurred_at")
    assert rows_of(tally) == [(NOWHERE, 18295, 1), (0, 18293, 2), (1, 18294, 2)]
    assert (tally.area.dtype, tally.day.dtype, tally.n.dtype) == ("int64", "int32", "int64")
    assert rows_of(counts.daily("incidents", "closed_at")) == [(NOWHERE, NEVER, 1), (0, NEVER, 2), (1, NEVER, 2)]
    assert counts.by_area("incidents").tolist() == [2, 2, 1]
    assert counts.days("incidents").tolist() == [18293, 18294, 18295]
    assert counts.by_area("incidents", {"category": "noise"}).tolist() == [0, 2, 0]
    assert counts.by_area("incidents", only="due").tolist() == [0, 0, 0]
    assert [counts.has(table) for table in ("areas", "incidents", "checks")] == [True, True, False]


def test_the_parts_of_a_store_count_as_their_rows_in_memory(tmp_path):
    stored = of_store(tmp_path, part(tmp_path, "one", incidents(FIRST)), part(tmp_path, "two", incidents(SECOND, 9)))
    in_memory = Counts.of_records(Records(areas=AREAS, incidents=incidents([*FIRST, *SECOND])))
    for where in ({}, {"category": ("fever",)}, {"category": "nothing"}):
        assert summed(stored, where) == summed(in_memory, where)
    assert stored.days("incidents").tolist() == in_memory.days("incidents").tolist()
    for counts in (stored, in_memory):
        kinds = counts.daily_by("incidents", "category").groupby("kind")["n"].sum()
        assert kinds.to_dict() == {"fever": 3, "noise": 2}


def test_a_new_load_is_counted_and_the_others_are_not_counted_again(tmp_path):
    one, two = part(tmp_path, "one", incidents(FIRST)), part(tmp_path, "two", incidents(SECOND, 9))
    where = {"category": ("fever",)}
    _, asked = counted_by(of_store(tmp_path, one), where)
    assert asked == ["one"]
    found, asked = counted_by(of_store(tmp_path, one, two), where)
    assert asked == ["two"]
    assert found == {(0, 18293): 2, (2, 18295): 1}
    assert counted_by(of_store(tmp_path, one, two), where) == (found, [])


def test_a_load_that_loses_rows_to_a_later_one_is_counted_again_and_alone(tmp_path):
    one = part(tmp_path, "one", incidents(FIRST), key="incident_id")
    two = part(tmp_path, "two", incidents(SECOND, 9), key="incident_id")
    summed(of_store(tmp_path, one, two))
    taken_over = part(tmp_path, "ids", pd.DataFrame({"incident_id": ["n0"]})).file
    found, asked = counted_by(of_store(tmp_path, replace(one, without=(taken_over,)), two))
    assert asked == ["one"]
    assert found == {(0, 18293): 1, (1, 18294): 2, (2, 18295): 1}
    found, asked = counted_by(of_store(tmp_path, one, two))
    assert (found[0, 18293], asked) == (2, ["one"])


def test_counts_of_loads_that_are_gone_are_swept_away(tmp_path):
    one, two = part(tmp_path, "one", incidents(FIRST)), part(tmp_path, "two", incidents(SECOND, 9))
    summed(of_store(tmp_path, one, two))
    assert len(list((tmp_path / "counts").iterdir())) == 2 * 2  # of each load the count, and which statuses there are
    of_store(tmp_path, two)
    kept = {file.name.split("-")[0] for file in (tmp_path / "counts").iterdir()}
    assert kept == {PartSource("incidents", two, cache(tmp_path)).fingerprint}


@pytest.mark.parametrize("damage", [b"", b"PAR1 nothing PAR1", None])
def test_a_damaged_file_of_counts_is_made_again(damage, tmp_path):
    one = part(tmp_path, "one", incidents(FIRST))
    found = summed(of_store(tmp_path, one))
    for file in (tmp_path / "counts").iterdir():
        whole = file.read_bytes()
        file.write_bytes(whole[:30] + b"\xff\xff\xff" + whole[33:] if damage is None else damage)
    assert counted_by(of_store(tmp_path, one)) == (found, ["one"])
    assert counted_by(of_store(tmp_path, one)) == (found, [])


def test_counts_that_cannot_be_kept_are_counted_all_the_same(tmp_path):
    one = part(tmp_path, "one", incidents(FIRST))
    (tmp_path / "counts").write_text("a file where the folder should be")
    assert summed(of_store(tmp_path, one)) == {(0, 18293): 2, (1, 18294): 1}


def test_no_file_of_counts_holds_the_number_of_a_matter(tmp_path):
    counts = of_store(tmp_path, part(tmp_path, "one", incidents(FIRST)))
    summed(counts, {"category": ("fever",)})
    counts.daily_by("incidents", "category")
    files = list((tmp_path / "counts").iterdir())
    assert len(files) == 4
    for file in files:
        columns = pq.read_schema(pa.BufferReader(file.read_bytes()[_SEAL_BYTES:])).names
        assert "area_id" in columns or columns in (["category"], ["status"])
        assert "incident_id" not in columns


TEXTS = st.text(st.characters(codec="utf-8"), max_size=8) | st.sampled_from(
    [
        "it's",
        "'; DROP TABLE incidents; --",
        "a\nb",
        "\\",
        "\\'",
        '"',
        "流感",
        "\0",
        "%",
        "3",
        "3.5",
        "-1",
        "nan",
        "inf",
        "",
    ]
)
NUMBERS = st.floats(-1e6, 1e6) | st.integers(-5, 5)
CONDITIONS = st.one_of(
    TEXTS,
    st.booleans(),
    NUMBERS,
    st.lists(TEXTS | NUMBERS, max_size=4).map(tuple),
    st.builds(Compared, op=st.sampled_from([">=", ">", "<=", "<", "==", "!="]), value=NUMBERS),
)


def meets(value, wanted, *, number):
    """Whether one value meets a condition, said as plainly as can be."""
    if value is None or value != value:
        return False
    if isinstance(wanted, Compared):
        found = pd.to_numeric(pd.Series([value]), errors="coerce").iloc[0]
        same = {">=": found >= wanted.value, ">": found > wanted.value, "<=": found <= wanted.value}
        same |= {"<": found < wanted.value, "==": found == wanted.value, "!=": found != wanted.value}
        return bool(same[wanted.op]) and found == found
    several = wanted if isinstance(wanted, tuple) else (wanted,)
    if number:
        return value in [one for one in several if not isinstance(one, str)]
    return value in [str(one) for one in several]


@settings(max_examples=150)
@given(st.lists(st.none() | TEXTS, min_size=1, max_size=6), CONDITIONS)
def test_any_text_meets_what_it_should(uses, wanted):
    counts = Counts.of_records(Records(areas=AREAS, places=places([1] * len(uses), uses)))
    found = counts.stock("places", [{"use": wanted}], ["use"])
    assert counts.by_area("places", {"use": wanted}).sum() == found.n.sum()
    assert found.n.sum() == sum(meets(value, wanted, number=False) for value in uses)
    assert found.told.sum() == sum(value is not None for value in uses)


@settings(max_examples=150)
@given(st.lists(st.just(np.nan) | NUMBERS, min_size=1, max_size=6), CONDITIONS)
def test_any_number_meets_what_it_should(capacities, wanted):
    counts = Counts.of_records(Records(areas=AREAS, places=places(capacities, [None] * len(capacities))))
    found = counts.by_area("places", {"capacity": wanted})
    assert found.sum() == sum(meets(float(value), wanted, number=True) for value in capacities)


def test_a_text_that_is_in_the_table_is_found_as_it_is():
    odd = ["it's", "'; DROP TABLE places; --", "a\nb", "\\", '"', "流感", "\0x", "", "  ", "NULL"]
    counts = Counts.of_records(Records(areas=AREAS, places=places([1] * len(odd), odd)))
    for text in odd:
        assert counts.by_area("places", {"use": text}).sum() == 1, text


def test_another_order_counts_the_same_and_restricted_counts_only_the_areas_named():
    counts = Counts.of_records(Records(areas=AREAS, incidents=incidents([*FIRST, *SECOND])))
    other = counts.reordered(np.random.default_rng(1))
    assert set(other.areas.index) == set(AREAS.index)
    by_name = [
        {(held.areas.index[area], day): n for (area, day), n in summed(held).items()} for held in (counts, other)
    ]
    assert by_name[0] == by_name[1]
    few = counts.restricted({"A", "nobody"})
    assert summed(few) == {(0, 18293): 2}
    assert few.days("incidents").tolist() == [18293]
    assert few.areas is counts.areas


def test_a_place_is_visited_once_a_day_and_checks_of_other_places_are_left_out():
    checks = pd.DataFrame(
        [("A", "p0", "2020-02-01"), ("B", "p0", "2020-02-01 09:00"), ("A", "p0", "2020-02-03"),
         ("A", "x", "2020-02-01"), ("A", None, "2020-02-01")],
        columns=["area_id", "place_id", "checked_at"],
    )  # fmt: skip
    checks = checks.assign(
        checked_at=pd.to_datetime(checks["checked_at"], format="mixed"), kind="visit", outcome="done", team_id="T"
    ).astype({"place_id": "str"})
    world = Records(areas=AREAS, places=places([1, 2], [None, None]), checks=checks)
    for counts in (Counts.of_records(world), Counts.of_records(world).reordered(np.random.default_rng(2))):
        visits = counts.visits({}, {"capacity": 1.0})
        found = sorted(zip(counts.areas.index[visits.area], visits.day.tolist(), strict=True))
        assert found == [("A", 18295), ("B", 18293)]
        assert len(set(visits.place)) == 1


def test_no_rows_at_all_are_counted_as_none():
    counts = Counts.of_records(Records(areas=AREAS, incidents=incidents([]).iloc[:0], places=places([], [])))
    assert counts.has("incidents")
    assert counts.days("incidents").tolist() == []
    assert counts.by_area("incidents").tolist() == counts.by_area("places").tolist() == [0, 0, 0, 0]


def test_a_tally_of_several_loads_is_in_the_order_of_days(tmp_path):
    later, earlier = ([("A", f"2020-02-{day:02}", "fever")] for day in (10, 5))
    counts = of_store(tmp_path, part(tmp_path, "a", incidents(later)), part(tmp_path, "b", incidents(earlier, 1)))
    tally = counts.daily("incidents", "occurred_at")
    assert tally.day.tolist() == [18297, 18302]
    assert tally.n.tolist() == [1, 1]


def test_a_place_that_two_loads_say_was_checked_on_a_day_is_visited_once_on_it(tmp_path):
    def checks(*days):
        rows = pd.DataFrame({"area_id": "A", "place_id": "p0", "checked_at": pd.to_datetime(list(days))})
        filled = rows.assign(checked_at=rows["checked_at"].astype("datetime64[us]"), kind="visit", outcome="done")
        return filled.assign(team_id="T").astype(dict.fromkeys(("area_id", "place_id"), "str"))

    loads = {
        "places": (part(tmp_path, "places", places([1], ["home"])),),
        "checks": (
            part(tmp_path, "first", checks("2020-02-01", "2020-02-03")),
            part(tmp_path, "second", checks("2020-02-03", "2020-02-04")),
        ),
    }
    visits = Counts.of_parts(AREAS, loads, cache(tmp_path), "digest", {}).visits({}, {})
    assert visits.day.tolist() == [18293, 18295, 18296]
