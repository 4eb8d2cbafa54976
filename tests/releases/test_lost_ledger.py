"""A ledger that was lost, or is an older copy, is missed beside the releases that it should know, and can be made again
from their manifests; no number runs twice."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from analytics.access import Actor
from analytics.errors import AccessError, LedgerError, ReleaseError
from analytics.releases import Intent, Release, issued_folders, open_ledger, rebuild, verify
from analytics.releases.freeze import publish_draft
from tests.releases.frozen import KEEPER, assert_same, frozen, run
from tests.store.test_ledger import shown
from tests.upgrade.old_homes import files_of


@pytest.fixture
def home(tmp_path):
    """A home with a release, a waiting draft, and a release that was a draft before."""
    folder = tmp_path / "home"
    ledger = open_ledger(None, folder)
    frozen(folder, ledger, run())
    frozen(folder, ledger, run(id="other"), publish=False, role="analyst", name="丙")
    frozen(folder, ledger, run(last="2026-02-10"), publish=False)
    publish_draft(folder, ledger, Actor("乙", "keeper"), 2, Intent("周报", publish=True))
    shown(ledger)
    return folder


def lose(home):
    """Take the ledger away; returns what it knew."""
    known = open_ledger(None, home).releases()
    (home / "ledger.sqlite").unlink()
    return known


def no_tables(home):
    with closing(sqlite3.connect(home / "ledger.sqlite")) as connection:
        connection.execute("VACUUM")


def assert_names(refused, *names):
    """One sentence that names the releases and what to do."""
    (problem,) = refused.value.problems
    for lang in ("zh", "en"):
        told = problem.text(lang)
        assert all(name in told for name in names)
        assert "python -m analytics ledger rebuild" in told
        assert "pytest" not in told


# Refused


@pytest.mark.parametrize("left", [lambda _: None, lambda home: (home / "ledger.sqlite").touch(), no_tables])
def test_a_missing_or_empty_ledger_beside_releases_is_refused_and_nothing_is_made(home, left):
    lose(home)
    left(home)
    before = files_of(home)
    for _ in range(2):
        with pytest.raises(LedgerError) as refused:
            open_ledger(None, home)
        assert_names(refused, "000001", "000002", "D000001")
    assert files_of(home) == before


def test_an_empty_database_beside_releases_is_refused_and_nothing_is_made(home, postgres):
    lose(home)
    database = postgres.made()
    with pytest.raises(LedgerError) as refused:
        open_ledger(postgres.url(database), home)
    assert_names(refused, "000001", "000002", "D000001", database)
    postgres.execute("CREATE TABLE audit (number INTEGER)", database=database)  # none was made


def test_an_older_ledger_is_refused_and_names_what_it_does_not_know(home):
    older = (home / "ledger.sqlite").read_bytes()
    frozen(home, open_ledger(None, home), run())
    (home / "ledger.sqlite").write_bytes(older)
    before = files_of(home)
    with pytest.raises(LedgerError) as refused:
        open_ledger(None, home)
    assert_names(refused, "000003")
    assert "000002" not in refused.value.text("en")
    assert files_of(home) == before


def test_without_any_release_a_ledger_is_made_and_a_draft_left_over_from_publishing_is_no_trouble(home, tmp_path):
    assert open_ledger(None, tmp_path / "new").releases() == ()
    ledger = open_ledger(None, home)
    shutil.copytree(home / "releases" / "D000001", tmp_path / "left over")
    publish_draft(home, ledger, KEEPER, 1, Intent("发布", publish=True))
    shutil.move(tmp_path / "left over", home / "releases" / "D000001")
    assert open_ledger(None, home).releases()[0].number == 3


def test_what_is_no_release_is_not_missed(tmp_path):
    for name in ("notes", "000001.bak", ".making-12", ".pending-000001-0", "0001"):
        (tmp_path / "releases" / name).mkdir(parents=True)
        (tmp_path / "releases" / name / "manifest.json").touch()
    (tmp_path / "releases" / "000009").mkdir()  # empty
    (tmp_path / "releases" / "000010").touch()
    assert issued_folders(tmp_path) == ()
    assert open_ledger(None, tmp_path).releases() == ()


# Made again


def test_a_rebuilt_ledger_knows_the_same_releases_and_numbers_go_on(home):
    known = lose(home)
    runs = {entry.name: Release.open(home, entry.name).assessment() for entry in known}
    made = rebuild(None, home, KEEPER)
    assert [entry.at for entry in made] == sorted(entry.at for entry in known)
    ledger = open_ledger(None, home)
    assert ledger.releases() == known
    assert {entry.name for entry in made} == {entry.name for entry in known}
    for name, then in runs.items():
        assert_same(verify(home, ledger, name).assessment(), then)
    assert ledger.overrides() == (), "what no manifest says does not come back"
    assert [(entry.action, entry.who) for entry in ledger.audit()] == [
        (action, KEEPER.name) for action in ("anchor", "rebuild", "rebuild", "rebuild")
    ]
    assert frozen(home, ledger, run()).manifest.name == "000003"
    assert frozen(home, ledger, run(), publish=False).manifest.name == "D000003"
    assert publish_draft(home, ledger, KEEPER, 1, Intent("", publish=True)).manifest.name == "000004"
    assert ledger.verify_audit() == 7


def test_a_ledger_in_a_database_is_rebuilt_too(home, postgres):
    known = lose(home)
    url = postgres.url(postgres.made())
    rebuild(url, home, KEEPER)
    assert open_ledger(url, home).releases() == known
    assert open_ledger(url, home).verify_audit() == 3


def test_an_older_ledger_takes_in_only_what_it_does_not_know(home):
    older = (home / "ledger.sqlite").read_bytes()
    ledger = open_ledger(None, home)
    frozen(home, ledger, run())
    known = ledger.releases()
    (home / "ledger.sqlite").write_bytes(older)
    assert [entry.name for entry in rebuild(None, home, KEEPER)] == ["000003"]
    ledger = open_ledger(None, home)
    assert ledger.releases() == known
    assert len(ledger.overrides()) == 1
    assert rebuild(None, home, KEEPER) == ()
    assert ledger.verify_audit() == 7


def test_a_draft_that_an_older_ledger_has_waiting_and_that_was_published_since_is_published_again(home):
    older = (home / "ledger.sqlite").read_bytes()
    ledger = open_ledger(None, home)
    publish_draft(home, ledger, KEEPER, 1, Intent("发布", publish=True))
    known = ledger.releases()
    (home / "ledger.sqlite").write_bytes(older)
    assert [entry.name for entry in rebuild(None, home, KEEPER)] == ["000003"]
    assert open_ledger(None, home).releases() == known
    assert open_ledger(None, home).verify_audit() == 7


def test_a_draft_left_over_from_publishing_is_not_a_second_release(home, tmp_path):
    ledger = open_ledger(None, home)
    shutil.copytree(home / "releases" / "D000001", tmp_path / "left over")
    publish_draft(home, ledger, KEEPER, 1, Intent("发布", publish=True))
    shutil.move(tmp_path / "left over", home / "releases" / "D000001")
    known = lose(home)
    rebuild(None, home, KEEPER)
    assert open_ledger(None, home).releases() == known


def test_with_a_damaged_folder_nothing_is_taken_in_until_it_is_whole(home):
    known = lose(home)
    file = home / "releases" / "000001" / "days.parquet"
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    with pytest.raises(ReleaseError, match=r"days\.parquet of release “000001”"):
        rebuild(None, home, KEEPER)
    with pytest.raises(LedgerError) as refused:
        open_ledger(None, home)
    assert_names(refused, "000001", "000002", "D000001")
    file.write_bytes(whole)
    rebuild(None, home, KEEPER)
    assert open_ledger(None, home).releases() == known


def test_a_folder_under_another_number_is_refused_and_nothing_is_taken_in(home):
    known = lose(home)
    shutil.copytree(home / "releases" / "000002", home / "releases" / "000007")
    with pytest.raises(ReleaseError, match="000007"):
        rebuild(None, home, KEEPER)
    shutil.rmtree(home / "releases" / "000007")
    rebuild(None, home, KEEPER)
    assert open_ledger(None, home).releases() == known


@pytest.mark.parametrize("role", ["leader", "analyst", "admin"])
def test_who_may_not_release_may_not_rebuild_and_nothing_is_made(home, role):
    lose(home)
    before = files_of(home)
    with pytest.raises(AccessError):
        rebuild(None, home, Actor("甲", role))
    assert files_of(home) == before


def test_a_folder_with_a_manifest_under_a_name_that_is_no_number_is_told_before_its_number_runs_twice(home):
    lose(home)
    (home / "releases" / "000002").rename(home / "releases" / "000002-backup")
    with pytest.raises(ReleaseError, match="000002-backup"):
        rebuild(None, home, KEEPER)
    assert not (home / "ledger.sqlite").exists()


def test_a_release_without_its_manifest_is_told_and_nothing_is_taken_in(home):
    lose(home)
    (home / "releases" / "000001" / "manifest.json").unlink()
    with pytest.raises(ReleaseError, match=r"000001.*manifest\.json"):
        rebuild(None, home, KEEPER)
    assert not (home / "ledger.sqlite").exists()
