"""What a disk can do to a store: each time one sentence that names the place and says what to do."""

import errno
import json
import os

import pytest

from analytics.errors import StoreError
from analytics.store import Store
from analytics.store.home import STORE_FORMAT
from tests.store import made


@pytest.fixture
def store(home):
    store = Store.open(home)
    store.add(made.incidents("abc"), made.ME)
    store.add(made.incidents("cd", "b.csv"), made.ME)
    return store


def sentence(raised):
    """The one sentence, in both languages, which names no folder of the machine."""
    (problem,) = raised.value.problems
    texts = [problem.text(lang) for lang in ("zh", "en")]
    assert not any("pytest" in text for text in texts)
    return " ".join(texts)


def flip(file, at=-20):
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    state = file.stat()
    file.write_bytes(content)
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns + 1_000_000))


def refusing(code):
    """``os.fsync`` as on a disk that refuses."""

    def refuse(_):
        raise OSError(code, os.strerror(code))

    return refuse


@pytest.mark.parametrize("read", [lambda store: store.table("incidents"), lambda store: store.parts()])
def test_a_damaged_file_is_named_with_the_load_to_undo(store, read):
    flip(store.parts()["incidents"][0].file)
    with pytest.raises(StoreError) as raised:
        read(store)
    assert "000001-" in sentence(raised)
    assert "undo import 1" in sentence(raised)


def test_a_missing_file_is_named_with_the_load_to_undo(store):
    store.parts()["incidents"][1].file.unlink()
    with pytest.raises(StoreError, match="undo import 2"):
        store.table("incidents")


def test_a_damaged_list_of_ids_is_named_with_the_load_to_undo(store):
    flip(store.parts()["incidents"][0].without[0])
    with pytest.raises(StoreError, match="undo import 2"):
        store.parts()


def test_a_damaged_load_can_be_undone_and_loaded_again(store):
    flip(store.parts()["incidents"][1].file)
    with pytest.raises(StoreError, match="undo import 2"):
        store.add(made.incidents("cd", "b.csv"), made.ME)
    store.undo(2, made.ME)
    store.add(made.incidents("cd", "b.csv"), made.ME)
    assert set(made.ids(store)) == set("abcd")


@pytest.mark.usefixtures("store")
def test_one_changed_character_of_a_commit_is_noticed(home):
    file = home / "commits" / "000001.json"
    file.write_text(file.read_text().replace('"who": "me"', '"who": "he"'))
    with pytest.raises(StoreError) as raised:
        Store.open(home).loads()
    assert "000001.json" in sentence(raised)


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"commit": {}, "sha256": ""}', b"\xff\xfe"])
def test_a_commit_that_is_no_commit_is_named(home, content):
    (home / "commits" / "000002.json").write_bytes(content)
    with pytest.raises(StoreError, match=r"000002\.json"):
        Store.open(home).table("incidents")


def test_a_missing_commit_is_named(store, home):
    (home / "commits" / "000001.json").unlink()
    for reading in (store, Store.open(home)):
        with pytest.raises(StoreError, match=r"000001\.json"):
            reading.loads()


def test_the_oldest_commits_of_a_backup_are_a_whole_store(store, home):
    (home / "commits" / "000002.json").unlink()
    assert set(made.ids(store)) == set(made.ids(Store.open(home))) == set("abc")


@pytest.mark.parametrize(
    ("code", "said"), [(errno.ENOSPC, "full"), (errno.EROFS, "Grant"), (errno.EACCES, "Grant"), (errno.EIO, "Check")]
)
def test_a_disk_that_refuses_leaves_everything_as_it_was(store, home, monkeypatch, code, said):
    before = {file: file.read_bytes() for file in home.rglob("*") if file.is_file()}
    monkeypatch.setattr("os.fsync", refusing(code))
    for work in (
        lambda: store.add(made.incidents("ce", "c.csv"), made.ME),
        lambda: store.undo(1, made.ME),
        lambda: store.remember("0a", {}),
    ):
        with pytest.raises(StoreError) as raised:
            work()
        assert said in sentence(raised)
        assert f"“{home.name}”" in sentence(raised)
    assert {file: file.read_bytes() for file in home.rglob("*") if file.is_file()} == before


@pytest.mark.parametrize("after", range(1, 12))
def test_a_disk_that_becomes_full_at_any_moment_leaves_the_old_state_or_the_new_one(store, monkeypatch, after):
    real, done = os.fsync, []

    def full_at_last(descriptor):
        done.append(descriptor)
        if len(done) >= after:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(descriptor)

    monkeypatch.setattr("os.fsync", full_at_last)
    try:
        store.add(made.incidents("de", "c.csv"), made.ME)
    except StoreError as error:
        assert "full" in error.text("en")  # noqa: PT017 - late enough, nothing fails
    monkeypatch.undo()
    assert set(made.ids(Store.open(store.home))) in ({"a", "b", "c", "d"}, {"a", "b", "c", "d", "e"})
    store.add(made.incidents("de", "c.csv"), made.ME)
    assert set(made.ids(store)) == set("abcde")


def test_a_parquet_writer_that_finds_the_disk_full_is_told(store, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("pyarrow.parquet.write_table", full)
    with pytest.raises(StoreError, match="full"):
        store.add(made.incidents("e", "c.csv"), made.ME)


def test_a_drive_without_hard_links_is_told(tmp_path, monkeypatch):
    def unsupported(*_):
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr("os.link", unsupported)
    with pytest.raises(StoreError, match="hard links"):
        Store.open(tmp_path / "stick")


def test_a_home_that_may_not_be_made_is_told(tmp_path, monkeypatch):
    def forbidden(*_, **__):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("os.mkdir", forbidden)
    with pytest.raises(StoreError) as raised:
        Store.open(tmp_path / "other")
    assert "“other”" in sentence(raised)


@pytest.mark.parametrize("under", ["", "deeper"])
def test_a_home_that_is_a_file_or_lies_in_one_is_told(tmp_path, under):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError) as raised:
        Store.open(tmp_path / "file" / under)
    assert f"“{under or 'file'}”" in sentence(raised)


@pytest.mark.usefixtures("store")
def test_a_home_of_a_newer_version_is_left_alone(home):
    description = home / "home.json"
    newer = {**json.loads(description.read_text()), "format": STORE_FORMAT + 1, "program": "9.9"}
    description.write_text(json.dumps(newer))
    before = {file: file.read_bytes() for file in home.rglob("*") if file.is_file()}
    with pytest.raises(StoreError) as raised:
        Store.open(home)
    assert sentence(raised).count("9.9") == 4
    assert {file: file.read_bytes() for file in home.rglob("*") if file.is_file()} == before


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "x"}'])
def test_a_damaged_description_is_named(home, content):
    (home / "home.json").write_text(content)
    with pytest.raises(StoreError, match=r"home\.json"):
        Store.open(home)


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("content", [None, "", "00ff", "x" * 64, "ab" * 32])
def test_a_lost_damaged_or_exchanged_key_is_not_silently_made_anew(home, content):
    key = home / "key" / "installation.key"
    key.unlink()
    if content is not None:
        key.write_text(content)
    with pytest.raises(StoreError, match=r"installation\.key"):
        Store.open(home)


@pytest.mark.usefixtures("store")
def test_a_lost_key_is_noticed_without_the_description_as_well(home):
    (home / "home.json").unlink()
    Store.open(home)
    (home / "home.json").unlink()
    (home / "key" / "installation.key").unlink()
    with pytest.raises(StoreError, match=r"installation\.key"):
        Store.open(home)


def test_damaged_corrections_of_columns_are_named(store, home):
    store.remember("0a", {})
    (home / "columns" / "0a.json").write_text("{")
    with pytest.raises(StoreError, match=r"0a\.json"):
        store.columns_for("0a")
