"""What the manifest of a release and the ledger both say has to be the same: one that was changed is told, though the
other may be whole in itself."""

import json

import pytest

from analytics.access import Actor
from analytics.errors import LedgerError, ReleaseError
from analytics.releases import open_ledger, verify
from analytics.releases.release import _digest, _json
from analytics.store.ledger_database import Deed, write
from analytics.store.ledger_tables import RELEASES
from tests.releases.frozen import frozen, run
from tests.store.books import FileBook

FORGER = Actor("丁", "admin")
CHANGES = {
    "author": ("乙", "发布人", "author"),
    "role": ("admin", "角色", "role"),
    "reason": ("另有原因", "理由", "reason"),
    "at": ("2026-01-01T08:00:00+08:00", "发布时间", "time of publishing"),
    "day": ("2026-02-10", "截至日期", "date"),
    "number_of_year": (7, "期号", "number of the year"),
    "year": (2020, "年份", "year"),
}


@pytest.fixture
def home(tmp_path):
    frozen(tmp_path, open_ledger(None, tmp_path), run())
    return tmp_path


def assert_disagree(home, part):
    ledger = open_ledger(None, home)
    with pytest.raises(ReleaseError) as refused:
        verify(home, ledger, 1)
    (problem,) = refused.value.problems
    _, zh, en = CHANGES[part]
    assert f"“{zh}”" in problem.text("zh")
    assert f"differ in the {en}, " in problem.text("en")
    assert all("000001" in problem.text(lang) for lang in ("zh", "en"))


@pytest.mark.parametrize("part", CHANGES)
def test_a_row_that_was_changed_behind_the_ledgers_back_is_told_twice(home, part):
    value = CHANGES[part][0]
    FileBook(home).raw(f"UPDATE releases SET {part} = '{value}'")
    assert_disagree(home, part)
    with pytest.raises(LedgerError, match="row 1 of the table releases"):
        open_ledger(None, home).verify_audit()


@pytest.mark.parametrize("part", CHANGES)
def test_a_row_that_was_changed_with_an_entry_of_its_own_is_told_though_the_trail_is_whole(home, part):
    ledger = open_ledger(None, home)
    with ledger.database.writing() as connection:
        write(connection, Deed(FORGER, "publish", "000001"), RELEASES, {part: CHANGES[part][0]}, 1)
    assert ledger.verify_audit() == 2
    assert_disagree(home, part)


@pytest.mark.parametrize(
    ("change", "told"),
    [({"scheme_id": "elders"}, "scheme"), ({"status": "draft"}, "status"), ({"draft": 9}, "number of the draft")],
)
def test_what_a_release_is_of_and_whether_it_was_published_stand_in_both(home, change, told):
    ledger = open_ledger(None, home)
    with ledger.database.writing() as connection:
        write(connection, Deed(FORGER, "publish", "000001"), RELEASES, change, 1)
    with pytest.raises(ReleaseError, match=f"differ in the {told}, "):
        verify(home, open_ledger(None, home), 1)


@pytest.mark.parametrize("part", CHANGES)
def test_a_manifest_that_was_written_anew_is_told_though_the_ledger_has_its_digest(home, part):
    file = home / "releases" / "000001" / "manifest.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    content.pop("digest")
    content[part] = CHANGES[part][0]
    digest = _digest(content)
    file.write_text(_json({**content, "digest": digest}), encoding="utf-8")
    with pytest.raises(ReleaseError, match="not the one in the ledger"):
        verify(home, open_ledger(None, home), 1)
    ledger = open_ledger(None, home)
    with ledger.database.writing() as connection:
        write(connection, Deed(FORGER, "publish", "000001"), RELEASES, {"digest": digest}, 1)
    assert ledger.verify_audit() == 2
    assert_disagree(home, part)


def test_a_draft_is_held_to_the_same(tmp_path):
    ledger = open_ledger(None, tmp_path)
    frozen(tmp_path, ledger, run(), publish=False)
    verify(tmp_path, ledger, "D1")
    FileBook(tmp_path).raw("UPDATE releases SET author = '乙'")
    with pytest.raises(ReleaseError, match="differ in the author"):
        verify(tmp_path, open_ledger(None, tmp_path), "D1")
