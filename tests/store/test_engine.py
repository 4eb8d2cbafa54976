"""The engine: tables by name, parts without what was taken over, and a sentence for a file that cannot be read."""

from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analytics.errors import StoreError
from analytics.store.engine import Engine
from analytics.store.parts import Part

ROWS = pa.table({"id": ["a", "b", None], "area_id": ["A", "A", "B"], "count": [1, 2, 4]})


def part(folder, name="load", rows=ROWS, **settings):
    folder.mkdir(exist_ok=True, parents=True)
    file = folder / f"{name}.parquet"
    pq.write_table(rows, file)
    return Part(file, digest=name, **settings)


def total(*parts):
    return Engine({"people": parts}).query("SELECT SUM(count) AS n FROM people").to_pydict()["n"]


def test_a_table_in_memory_and_parts_of_a_store_answer_the_same(tmp_path):
    sql = "SELECT area_id, SUM(count) AS n FROM people GROUP BY area_id ORDER BY area_id"
    in_memory, stored = (Engine({"people": held}).query(sql) for held in (ROWS, (part(tmp_path),)))
    assert in_memory.to_pydict() == stored.to_pydict() == {"area_id": ["A", "B"], "n": [3, 4]}
    assert in_memory.schema.field("n").type == stored.schema.field("n").type == pa.int64()


def test_rows_that_a_later_load_took_over_are_gone_and_rows_without_a_key_stay(tmp_path):
    newer = part(tmp_path, "newer", pa.table({"id": ["b", "x", None]})).file
    assert total(part(tmp_path, key="id")) == [7]
    assert total(part(tmp_path, key="id", without=(newer,))) == [5]
    assert total(part(tmp_path, key="id", without=(newer,)), part(tmp_path, "other")) == [12]


def test_parts_may_have_their_columns_in_another_order(tmp_path):
    assert total(part(tmp_path), part(tmp_path, "other", ROWS.select(["count", "area_id", "id"]))) == [14]


def test_signs_in_the_name_of_a_folder_mean_nothing(tmp_path):
    assert total(part(tmp_path / "it's [a] count=9 *")) == [7]


def test_two_engines_may_call_different_tables_by_one_name():
    engines = [Engine({"people": ROWS.slice(0, length)}) for length in (1, 2, 3)]
    answers = [engine.query("SELECT SUM(count) AS n FROM people").to_pydict()["n"] for engine in engines]
    assert answers == [[1], [3], [7]]


def test_threads_may_share_an_engine():
    engine = Engine({"people": ROWS})
    with ThreadPoolExecutor(8) as pool:
        found = pool.map(lambda n: engine.query(f"SELECT SUM(count + {n}) AS n FROM people").to_pydict(), range(40))
    assert [answer["n"] for answer in found] == [[7 + 3 * n] for n in range(40)]


def test_the_day_of_a_moment_before_1970_is_its_own():
    moments = pa.table({"moment": pa.array([-43_200_000_000, None], pa.timestamp("us"))})
    found = Engine({"moments": moments}).query("SELECT CAST(moment AS DATE) AS day FROM moments")
    assert found.column("day").cast(pa.int32()).to_pylist() == [-1, None]


@pytest.mark.parametrize("damage", ["cut", "not_parquet", "lost"])
@pytest.mark.parametrize("which", ["rows", "without"])
def test_a_damaged_file_is_named_and_nothing_else(damage, which, tmp_path):
    newer = part(tmp_path, "newer", pa.table({"id": ["b"]})).file
    whole = part(tmp_path, key="id", without=(newer,))
    file = whole.file if which == "rows" else newer
    if damage == "lost":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:-20] if damage == "cut" else b"rows")
    with pytest.raises(StoreError) as told:
        total(whole)
    assert f"“{file.name}”" in told.value.text("zh")
    assert str(tmp_path) not in told.value.text("zh")


def test_pages_that_are_damaged_when_the_query_comes_to_them_are_told_too(tmp_path):
    damaged = part(tmp_path, rows=pa.table({"count": list(range(5000))}))
    engine = Engine({"people": (damaged,)})
    held = bytearray(damaged.file.read_bytes())
    held[4:2000] = b"\xff" * 1996
    damaged.file.write_bytes(held)
    with pytest.raises(StoreError, match=r"load\.parquet"):
        engine.query("SELECT SUM(count) AS n FROM people")


def test_the_engine_fetches_nothing():
    settings = "autoinstall_known_extensions", "autoload_known_extensions", "allow_community_extensions"
    asked = ", ".join(f"current_setting('{name}') AS {name}" for name in settings)
    assert Engine({}).query(f"SELECT {asked}").to_pylist() == [dict.fromkeys(settings, False)]
