"""Answers kept on disk are believed only as this installation wrote them, to the rows and the question they are of."""

import hmac
import os
import shutil
import time
from hashlib import sha256

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.store import Store, counts_of
from analytics.store.answer_cache import _SEAL_BYTES, ENDING, UNFINISHED, UNFINISHED_SECONDS, AnswerCache
from analytics.store.sources import PartSource
from tests.store import made
from tests.store.test_counts import FIRST, SECOND, counted_by, incidents, of_store, part

KEY, OTHER_KEY = b"the key of this installation", b"the key of another installation"
FEVER, NOISE = {"category": ("fever",)}, {"category": ("noise",)}
RIGHT = {(0, 18293): 2}
"""Fevers of FIRST: two in A on the first of February."""


def cached(folder):
    return sorted((folder / "counts").iterdir())


def forged(table):
    out = pa.BufferOutputStream()
    pq.write_table(table, out, compression="none")
    return out.getvalue().to_pybytes()


@pytest.fixture
def one(tmp_path):
    """A load whose fevers were counted; the file of the answer, and of the values that were asked for before."""
    found = part(tmp_path, "one", incidents(FIRST))
    assert counted_by(of_store(tmp_path, found), FEVER) == (RIGHT, ["one"])
    return found


@pytest.fixture
def answer(one, tmp_path):
    """The file that holds the numbers."""
    assert counted_by(of_store(tmp_path, one), FEVER) == (RIGHT, [])
    return numbers_in(tmp_path)


def numbers_in(folder):
    """The one answer with numbers; the others say which values there are."""
    (found,) = [file for file in cached(folder)
                if "n" in pq.read_schema(pa.BufferReader(file.read_bytes()[_SEAL_BYTES:])).names]  # fmt: skip
    return found


def assert_counted_again(folder, load, where=FEVER, expected=RIGHT):
    """The right numbers come out, by the engine, and are kept in the place of what lay there."""
    assert counted_by(of_store(folder, load), where) == (expected, [load.file.stem])
    assert counted_by(of_store(folder, load), where) == (expected, [])


def with_more(answer):
    """The answer with ten times the numbers, as a table."""
    table = pq.read_table(pa.BufferReader(answer.read_bytes()[_SEAL_BYTES:]))
    at = table.column_names.index("n")
    return table.set_column(at, "n", pa.array([number * 10 for number in table["n"].to_pylist()], pa.int64()))


@pytest.mark.parametrize(
    "seal",
    [
        lambda *_: b"",
        lambda *_: bytes(_SEAL_BYTES),
        lambda content, _: sha256(content).digest(),
        lambda content, _: hmac.digest(b"", content, "sha256"),
        lambda content, _: hmac.digest(KEY, content, "sha256"),
        lambda *both: both[1][:_SEAL_BYTES],
    ],
)
def test_a_forged_answer_is_not_believed_whatever_is_put_before_it(one, answer, tmp_path, seal):
    content = forged(with_more(answer))
    answer.write_bytes(seal(content, answer.read_bytes()) + content)
    assert_counted_again(tmp_path, one)


def test_an_answer_of_another_installation_is_not_believed(one, answer, tmp_path):
    stranger = AnswerCache(tmp_path / "elsewhere", OTHER_KEY)
    fingerprint = answer.name.split("-")[0]
    question = next(iter(_questions(tmp_path, one)))
    stranger.write(fingerprint, question, with_more(answer))
    (theirs,) = (tmp_path / "elsewhere").iterdir()
    assert theirs.name == answer.name, "it is the very question"
    shutil.copy(theirs, answer)
    assert_counted_again(tmp_path, one)


def _questions(folder, load):
    """The questions whose answers are numbers."""
    asked = []
    real = AnswerCache.read

    def noticed(self, of_rows, question):
        asked.append(question)
        return real(self, of_rows, question)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(AnswerCache, "read", noticed)
        counted_by(of_store(folder, load), FEVER)
    return [question for question in asked if "COUNT(*)" in question]


def test_the_answer_to_another_question_is_not_believed(one, tmp_path):
    before = set(cached(tmp_path))
    assert counted_by(of_store(tmp_path, one), NOISE)[0] == {(1, 18294): 1}
    (noise,) = set(cached(tmp_path)) - before
    for fever in before:
        whole = fever.read_bytes()
        shutil.copy(noise, fever)
        assert counted_by(of_store(tmp_path, one), FEVER) == (RIGHT, ["one"])
        fever.write_bytes(whole)


def test_the_answer_about_other_rows_is_not_believed(one, tmp_path):
    other = part(tmp_path, "two", incidents(SECOND, 9))
    counted_by(of_store(tmp_path, one, other), FEVER)
    theirs = {file.name.split("-")[1]: file for file in cached(tmp_path)
              if file.name.split("-")[0] != fingerprint_of(one)}  # fmt: skip
    for file in cached(tmp_path):
        if file.name.split("-")[0] == fingerprint_of(one):
            shutil.copy(theirs[file.name.split("-")[1]], file)
    assert counted_by(of_store(tmp_path, one), FEVER) == (RIGHT, ["one"])


def fingerprint_of(load):
    return PartSource("incidents", load, AnswerCache(load.file.parent, KEY)).fingerprint


@pytest.mark.parametrize("length", [0, 1, _SEAL_BYTES - 1, _SEAL_BYTES, _SEAL_BYTES + 1, -1, -100])
def test_a_truncated_answer_is_not_believed(one, answer, tmp_path, length):
    answer.write_bytes(answer.read_bytes()[:length])
    assert_counted_again(tmp_path, one)


@given(st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_answer_with_any_bit_flipped_is_believed(one, answer, tmp_path, data):
    whole = answer.read_bytes()
    at = data.draw(st.integers(0, 8 * len(whole) - 1))
    changed = bytearray(whole)
    changed[at // 8] ^= 1 << at % 8
    answer.write_bytes(changed)
    assert_counted_again(tmp_path, one)
    assert answer.read_bytes()[_SEAL_BYTES:] == whole[_SEAL_BYTES:]


def test_a_longer_answer_is_not_believed(one, answer, tmp_path):
    answer.write_bytes(answer.read_bytes() + b"\0")
    assert_counted_again(tmp_path, one)


def test_something_in_the_way_of_an_answer_is_counted_past(one, answer, tmp_path):
    answer.unlink()
    answer.mkdir()
    for _ in range(2):
        assert counted_by(of_store(tmp_path, one), FEVER) == (RIGHT, ["one"])


def test_files_of_the_old_kind_are_swept_and_so_is_what_was_never_finished(one, answer, tmp_path):
    fingerprint = answer.name.split("-")[0]
    folder = tmp_path / "counts"
    (folder / f"{fingerprint}-{'0' * 32}.parquet").write_bytes(forged(with_more(answer)))
    (folder / f"{'f' * 32}-{'0' * 32}{ENDING}").write_bytes(answer.read_bytes())
    new, old = (folder / f"{fingerprint}-{name}{UNFINISHED}" for name in ("new", "old"))
    for file in (new, old):
        file.write_bytes(b"half")
    os.utime(old, (time.time() - UNFINISHED_SECONDS - 60,) * 2)
    ours = {file for file in cached(tmp_path) if file.suffix == ENDING and file.name.startswith(fingerprint)}
    assert counted_by(of_store(tmp_path, one), FEVER) == (RIGHT, [])
    assert set(cached(tmp_path)) == ours | {new}


def test_two_stores_do_not_believe_each_other(tmp_path):
    stores = [Store.open(tmp_path / name) for name in "ab"]
    for store in stores:
        store.add(made.areas({"A1": 1}), made.ME)
        store.add(made.incidents("abc"), made.ME)
    first = counts_of(stores[0]).by_area("incidents").tolist()
    kept = numbers_in(tmp_path / "a")
    counts_of(stores[1]).by_area("incidents")
    theirs = numbers_in(tmp_path / "b")
    assert kept.name == theirs.name
    assert kept.read_bytes()[:_SEAL_BYTES] != theirs.read_bytes()[:_SEAL_BYTES]
    assert kept.read_bytes()[_SEAL_BYTES:] == theirs.read_bytes()[_SEAL_BYTES:]
    table = pq.read_table(pa.BufferReader(theirs.read_bytes()[_SEAL_BYTES:]))
    more = forged(table.set_column(1, "n", pa.array([99] * len(table), pa.int64())))
    kept.write_bytes(theirs.read_bytes()[:_SEAL_BYTES] + more)
    assert counts_of(stores[0]).by_area("incidents").tolist() == first == [3, 0]
