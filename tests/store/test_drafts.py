"""Drafts: kept whole whatever happens, seen by their own seat alone, and never lost without a word."""

import os
import secrets
import stat
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import StoreError
from analytics.store import drafts as module
from analytics.store.drafts import Draft, Drafts

SEAT, OTHER = "aB3" * 6, "aB3" * 6 + "x"
DRAFT = Draft(yaml_text="id: made\u2028\n", begun_from="0" * 64, locked=("a", "b"), judgements=[{"甲": [[0, 1, 3]]}])


@pytest.fixture
def drafts(tmp_path):
    return Drafts(tmp_path / "home")


def files(drafts):
    return sorted(drafts._folder.iterdir())


def test_a_draft_is_given_back_with_the_moment_until_it_is_forgotten(drafts):
    assert drafts.of(SEAT, "made") is None
    drafts.forget(SEAT, "made")
    kept = drafts.keep(SEAT, "made", DRAFT)
    assert kept == DRAFT.model_copy(update={"changed": kept.changed})
    assert kept.changed
    assert Drafts(drafts._home).of(SEAT, "made") == kept
    drafts.keep(SEAT, "made", DRAFT.model_copy(update={"yaml_text": "id: second"}))
    assert drafts.of(SEAT, "made").yaml_text == "id: second"
    assert len(files(drafts)) == 1
    drafts.forget(SEAT, "made")
    assert drafts.of(SEAT, "made") is None


def test_two_seats_and_two_schemes_never_see_each_others(drafts):
    for seat, scheme in ((SEAT, "made"), (OTHER, "made"), (SEAT, "方案")):
        drafts.keep(seat, scheme, DRAFT.model_copy(update={"yaml_text": seat + scheme}))
    for seat, scheme in ((SEAT, "made"), (OTHER, "made"), (SEAT, "方案")):
        assert drafts.of(seat, scheme).yaml_text == seat + scheme
    drafts.forget(OTHER, "made")
    assert drafts.of(SEAT, "made")
    assert not any(word in file.name for file in files(drafts) for word in (SEAT, "made"))


def test_only_the_owner_may_read(drafts, monkeypatch):
    """The rights that are asked for when the folders are made, and, where files have permission bits, what came of it.
    Windows has none: there a folder of mode 0o700 is its user's alone, from Python 3.11.10 and 3.12.4 on.
    """
    asked, make = [], os.mkdir
    monkeypatch.setattr(os, "mkdir", lambda path, mode=0o777, **more: (asked.append(mode), make(path, mode, **more)))
    drafts.keep(SEAT, "made", DRAFT)
    (file,) = files(drafts)
    assert set(asked) == {0o700}
    bits = [path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) for path in (drafts._home, drafts._folder, file)]
    assert bits == [0, 0, 0] or os.name == "nt"


@pytest.mark.parametrize(
    "seat", ["", "short", "../../../etc/passwd", "a" * 65, "abcd efgh", "abcdefg\n", "甲乙丙丁戊己庚辛"]
)
def test_a_seat_is_letters_and_digits_and_nothing_else(drafts, seat):
    for ask in (
        lambda: drafts.of(seat, "made"),
        lambda: drafts.keep(seat, "made", DRAFT),
        lambda: drafts.forget(seat, "m"),
    ):
        with pytest.raises(StoreError, match="letters and digits"):
            ask()
    assert not drafts._home.exists()


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw[:0],
        lambda raw: raw.replace(b"made", b"mode"),
        lambda raw: b"\xff" + raw,
        lambda raw: raw.partition(b"\n")[2],
    ],
)
def test_a_damaged_draft_is_moved_aside_and_told_once(drafts, damage):
    drafts.keep(SEAT, "made", DRAFT)
    drafts.keep(OTHER, "made", DRAFT)
    file = drafts._file(SEAT, "made")
    damaged = damage(file.read_bytes())
    file.write_bytes(damaged)
    with pytest.raises(StoreError) as told:
        drafts.of(SEAT, "made")
    aside = next(path for path in files(drafts) if path.suffix == ".damaged")
    assert aside.name in str(told.value)
    assert "“made”" in str(told.value)
    assert str(drafts._home) not in str(told.value)
    assert aside.read_bytes() == damaged
    assert drafts.of(SEAT, "made") is None
    assert drafts.of(OTHER, "made")


@pytest.mark.parametrize("step", ["write_new", "replace", "sync_folder"])
def test_a_kill_at_any_step_leaves_the_old_draft_or_the_new_one(drafts, monkeypatch, step):
    drafts.keep(SEAT, "made", DRAFT)
    new = DRAFT.model_copy(update={"yaml_text": "id: new"})

    class Killed(BaseException):
        """No step after it is taken, not even tidying up."""

    def killed(file, *_, **__):
        if step == "write_new":
            file.write_bytes(b"half")
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(module.Path if step == "replace" else module, step, killed)
        patched.setattr(module.Path, "unlink", lambda *_, **__: None)
        with pytest.raises(Killed):
            drafts.keep(SEAT, "made", new)
    assert drafts.of(SEAT, "made").yaml_text == ("id: new" if step == "sync_folder" else DRAFT.yaml_text)
    left = [file for file in files(drafts) if file.suffix == ".partial"]
    assert len(left) == (step != "sync_folder")
    drafts.keep(OTHER, "made", DRAFT)
    assert all(file.exists() for file in left), "another process may still be writing it"
    for file in files(drafts):
        os.utime(file, (time.time() - 400 * 86_400,) * 2)
    drafts.keep(OTHER, "made", DRAFT)
    assert not any(file.exists() for file in left)
    assert drafts.of(SEAT, "made"), "a draft is not removed for its age"


def test_what_the_disk_refuses_is_a_sentence_and_the_old_draft_stays(drafts, monkeypatch):
    drafts.keep(SEAT, "made", DRAFT)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.Path, "replace", full)
    with pytest.raises(StoreError, match="disk is full"):
        drafts.keep(SEAT, "made", DRAFT.model_copy(update={"yaml_text": "id: new"}))
    assert drafts.of(SEAT, "made").yaml_text == DRAFT.yaml_text
    assert len(files(drafts)) == 1


judged = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXT, judged)
def test_any_text_and_any_judgements_come_back_as_they_were(tmp_path_factory, text, judgements):
    drafts, seat = Drafts(tmp_path_factory.getbasetemp() / "any"), secrets.token_hex(8)
    kept = drafts.keep(seat, "made", DRAFT.model_copy(update={"yaml_text": text, "judgements": judgements}))
    found = drafts.of(seat, "made")
    assert (found.yaml_text, found.judgements, found) == (text, judgements, kept)
