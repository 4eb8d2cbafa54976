"""A backup fits together while others write, comes back as it was, and nothing that is damaged is put in place."""

import json
import os
import random
import shutil
import zipfile
from contextlib import suppress
from datetime import date
from itertools import count

import pytest

from analytics.access import Actor
from analytics.errors import BackupError, LedgerError, StoreError
from analytics.releases import open_ledger, verify
from analytics.store import Store
from analytics.store.archive import MANIFEST, opened_archive
from analytics.store.ledger import Ledger
from analytics.store.ledger_copy import copy_ledger
from analytics.workspace import Workspace, backups
from tests.long.sizes import many, seeds
from tests.releases.small_office import Office, material, world
from tests.store import made, processes
from tests.store.processes import CONTEXT, CRASHED, load_of
from tests.store.test_ledger import filled
from tests.upgrade.old_homes import NAMES, files_of, unpacked

KEEPER = Actor("甲", "local")


def ws(home):
    return Workspace(KEEPER, home, date(2026, 11, 28))


def content(home):
    """What a home holds, but caches, and the ledger by its entries."""
    return {name: held for name, held in files_of(home).items() if not name.startswith(("counts/", "ledger.sqlite"))}


@pytest.fixture
def office(tmp_path):
    """A home with two loads and a release."""
    home = tmp_path / "office"
    for name in ("first", "second"):
        Store.open(home).add(load_of(name), made.ME)
    Office(home).publish(material(world()))
    return home


@pytest.fixture
def archive(office, tmp_path):
    backups.backup(ws(office), tmp_path / "backup.zip", with_key=True)
    return tmp_path / "backup.zip"


def test_what_comes_back_is_what_was_there(office, archive, tmp_path):
    there = tmp_path / "new" / "home"
    done = backups.restore(ws(there), archive)
    assert content(there) == content(office)
    assert Store.open(there).digest() == Store.open(office).digest()
    assert open_ledger(None, there).audit() == open_ledger(None, office).audit()
    assert verify(there, open_ledger(None, there), 1).manifest.number == 1
    assert (done.has_key, done.ledger_elsewhere) == (True, False)
    assert sorted(path.name for path in there.parent.iterdir()) == ["home"]


def test_the_key_is_in_it_only_where_that_was_asked_for(office, tmp_path):
    out, there = tmp_path / "backup.zip", tmp_path / "new"
    key = office / "key" / "installation.key"
    assert not backups.backup(ws(office), out).manifest.with_key
    with zipfile.ZipFile(out) as packed:
        assert not [name for name in packed.namelist() if "key" in name]
        assert not [name for name in packed.namelist() if key.read_bytes() in packed.read(name)]
    assert not backups.restore(ws(there), out).has_key
    with pytest.raises(StoreError, match=r"key file “installation\.key” is lost"):
        Store.open(there)
    (there / "key").mkdir()
    (there / "key" / "installation.key").write_bytes(key.read_bytes())
    assert Store.open(there).digest() == Store.open(office).digest()


def test_the_key_that_was_kept_apart_is_put_in_and_another_one_is_refused(office, tmp_path):
    out, there, other = tmp_path / "backup.zip", tmp_path / "new", tmp_path / "other.key"
    backups.backup(ws(office), out)
    other.write_text("ab" * 32)
    with pytest.raises(StoreError, match=r"“other\.key” is lost, damaged or has been replaced"):
        backups.restore(ws(there), out, other)
    with pytest.raises(BackupError, match="cannot be read"):
        backups.restore(ws(there), out, tmp_path / "none.key")
    assert not there.exists()
    assert backups.restore(ws(there), out, office / "key" / "installation.key").has_key
    assert Store.open(there).digest() == Store.open(office).digest()


@pytest.mark.parametrize("name", NAMES)
def test_a_home_of_an_older_program_comes_back_byte_for_byte_and_opens(name, tmp_path):
    old = unpacked(name, tmp_path / "old")
    out, there = tmp_path / "backup.zip", tmp_path / "new"
    backups.backup(ws(old.folder), out, with_key=True)
    backups.restore(ws(there), out)
    assert content(there) == content(old.folder)
    ledger = open_ledger(None, there)
    upgrades = sum(entry.action == "upgrade" for entry in ledger.audit())
    assert ledger.verify_audit() - upgrades == int(old.answers["audit"].split("条")[0].split()[0])
    for number, code in old.listed.items():
        assert verify(there, ledger, number).code == code or number.startswith("D")
    assert Store.open(there).digest() == Store.open(old.folder).digest()


def test_a_folder_in_which_something_lies_is_refused(archive, tmp_path):
    there = tmp_path / "new"
    there.mkdir()
    (there / "mine.txt").write_text("mine")
    for taken in (there, there / "mine.txt"):
        with pytest.raises(BackupError, match="is not an empty folder"):
            backups.restore(ws(taken), archive)
    assert files_of(there) == {"mine.txt": b"mine"}
    (there / "mine.txt").unlink()
    backups.restore(ws(there), archive)
    assert (there / "home.json").is_file()


def test_a_backup_that_is_cut_anywhere_or_of_which_a_bit_fell_over_is_refused_and_leaves_nothing(
    office, archive, tmp_path
):
    whole = archive.read_bytes()
    there = tmp_path / "new"
    random.seed(next(iter(seeds(1))))
    damages = [whole[: random.randrange(len(whole))] for _ in range(many(40))] + [b"", b"PK\x05\x06" + bytes(18)]
    for _ in range(many(60)):
        changed = bytearray(whole)
        changed[random.randrange(len(whole))] ^= 1 << random.randrange(8)
        damages.append(bytes(changed))
    refused = 0
    for damaged in damages:
        archive.write_bytes(damaged)
        with suppress(BackupError):
            backups.restore(ws(there), archive)
        if there.exists():  # a bit of what zip files say beside their content, as the version that made them
            assert content(there) == content(office)
            shutil.rmtree(there)
        else:
            refused += 1
        assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.zip", "office"]
    assert refused > 0.8 * len(damages)


def rewritten(archive, change):
    """The archive with its members changed, and a manifest that says so: as somebody would who means harm."""
    with zipfile.ZipFile(archive) as packed:
        members = {info.filename: packed.read(info) for info in packed.infolist()}
    change(members)
    with zipfile.ZipFile(archive, "w") as packed:
        for name, held in members.items():
            packed.writestr(name, held)


def test_a_name_that_leads_out_of_the_folder_is_refused(archive, tmp_path):
    names = (
        "home/../evil",
        "home/a/../../evil",
        "/evil",
        "home//evil",
        "..\\evil",
        "home/C:evil",
        "home/./evil",
        "home/",
    )
    for number, name in enumerate(names):
        copy = tmp_path / f"copy{number}.zip"
        copy.write_bytes(archive.read_bytes())
        rewritten(copy, lambda members, name=name: members.update({name: b"evil"}))
        with pytest.raises(BackupError, match="leads out of the folder"):
            backups.restore(ws(tmp_path / "new" / "home"), copy)
    assert not (tmp_path / "new").exists()
    assert not list(tmp_path.rglob("evil"))


def test_a_link_in_it_is_refused(archive, tmp_path):
    link = zipfile.ZipInfo("home/records/out")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(archive, "a") as packed:
        packed.writestr(link, "/etc/passwd")
    with pytest.raises(BackupError, match="leads out of the folder"):
        backups.restore(ws(tmp_path / "new"), archive)


@pytest.mark.parametrize(
    "change",
    [
        lambda members: members.update({"home/more": b"more"}),
        lambda members: members.pop("home/home.json"),
        lambda members: members.update({"home/home.json": members["home/home.json"] + b" "}),
        lambda members: members.update({MANIFEST: members[MANIFEST].replace(b'"format": 1', b'"format": 0')}),
        lambda members: members.update({MANIFEST: b"{}"}),
        lambda members: members.update({MANIFEST: b"[1]"}),
        lambda members: members.pop(MANIFEST),
    ],
)
def test_what_the_manifest_does_not_say_is_refused(archive, tmp_path, change):
    rewritten(archive, change)
    with pytest.raises(BackupError, match="Use another backup"):
        backups.restore(ws(tmp_path / "new"), archive)
    assert not (tmp_path / "new").exists()


def test_a_backup_of_a_newer_program_is_left_alone(archive, tmp_path):
    def newer(members):
        said = json.loads(members[MANIFEST]) | {"format": 2, "program": "9.1"}
        members[MANIFEST] = json.dumps(said).encode()

    rewritten(archive, newer)
    with pytest.raises(BackupError, match=r"written by version 9\.1"):
        backups.restore(ws(tmp_path / "new"), archive)


def test_no_home_and_a_place_in_the_home_are_refused(office, tmp_path):
    with pytest.raises(BackupError, match="is not a data folder"):
        backups.backup(ws(tmp_path / "nothing"), tmp_path / "backup.zip")
    with pytest.raises(BackupError, match="cannot lie inside"):
        backups.backup(ws(office), office / "records" / "backup.zip")
    assert not (tmp_path / "nothing").exists()


def test_what_was_damaged_before_is_told(office, tmp_path):
    (file,) = office.glob("records/incidents/000001-*.parquet")
    file.write_bytes(file.read_bytes()[:-1])
    done = backups.backup(ws(office), tmp_path / "backup.zip")
    assert done.damaged == (file.relative_to(office).as_posix(),)


def test_a_backup_that_cannot_be_finished_leaves_the_older_one(office, archive):
    before = archive.read_bytes()
    (office / "ledger.sqlite").write_bytes(b"no ledger" * 500)
    with pytest.raises(LedgerError, match="damaged"):
        backups.backup(ws(office), archive)
    assert archive.read_bytes() == before
    assert sorted(path.name for path in archive.parent.iterdir()) == ["backup.zip", "office"]


def test_what_a_process_that_died_has_left_goes_on_a_later_day(office, archive, tmp_path):
    old, young = tmp_path / "backup.zip-old.partial", tmp_path / "backup.zip-young.partial"
    old.mkdir()
    (old / "ledger.sqlite").write_text("left")
    young.write_text("being written")
    os.utime(old, (1, 1))
    backups.backup(ws(office), archive)
    assert (old.exists(), young.exists()) == (False, True)


def publish_for_ever(home, told):
    """Load, undo and publish without an end."""
    store, office = Store.open(home), Office(home)
    for number in count():
        store.add(load_of(f"n{number}"), made.ME)
        office.publish(material(world(a=number % 5)), publish=number % 2 == 0, confirmed=("again",))
        told.send(number)


def test_backups_that_are_made_while_others_load_and_publish_each_fit_together(office, tmp_path):
    mine, theirs = CONTEXT.Pipe()
    writer = CONTEXT.Process(target=publish_for_ever, args=(office, theirs))
    writer.start()
    try:
        theirs.close()
        seen = set()
        for number in range(many(4)):
            mine.recv()
            out, there = tmp_path / f"{number}.zip", tmp_path / f"restored{number}"
            assert not backups.backup(ws(office), out, with_key=True).damaged
            backups.restore(ws(there), out)
            ledger = open_ledger(None, there)
            for entry in ledger.releases():
                verify(there, ledger, entry.name)
            ledger.verify_audit()
            seen.add((len(Store.open(there).loads()), len(ledger.releases())))
            assert made.ids(Store.open(there))
    finally:
        writer.kill()
        writer.join()
        mine.close()
    assert len(seen) > 1


def test_a_ledger_of_a_server_is_in_the_backup_and_can_be_put_into_another_server(book, office, tmp_path, monkeypatch):
    monkeypatch.setenv("FIVE_COLOUR_LEDGER", book.url or "")
    (office / "releases").rename(tmp_path / "releases")
    ledger = Ledger.open(book.url, office)
    filled(ledger)
    out, there = tmp_path / "backup.zip", tmp_path / "new"
    done = backups.backup(ws(office), out, with_key=True)
    assert done.manifest.ledger == book.kind
    assert backups.restore(ws(there), out).ledger_elsewhere == bool(book.url)
    restored = Ledger.open(None, there)
    assert restored.audit() == ledger.audit()
    assert restored.verify_audit() == ledger.verify_audit()
    if book.url:
        with pytest.raises(LedgerError, match="has a ledger already") as refused:
            backups.restore(ws(tmp_path / "again"), out, to_ledger=True)
        assert "secret" not in str(refused.value)
        monkeypatch.setenv("FIVE_COLOUR_LEDGER", book.server.url(book.server.made()))
        backups.restore(ws(tmp_path / "again"), out, to_ledger=True)
        other = Ledger.open(os.environ["FIVE_COLOUR_LEDGER"], tmp_path / "again")
        assert other.audit() == ledger.audit()
        assert other.verify_audit() == ledger.verify_audit()
        assert not (tmp_path / "again" / "ledger.sqlite").exists()


def test_without_an_address_nothing_is_put_into_a_server(archive, tmp_path):
    with pytest.raises(BackupError, match="needs the setting FIVE_COLOUR_LEDGER"):
        backups.restore(ws(tmp_path / "new"), archive, to_ledger=True)


def test_no_ledger_is_no_trouble(tmp_path):
    home = tmp_path / "home"
    Store.open(home).add(load_of("first"), made.ME)
    assert copy_ledger(None, home, tmp_path / "copy") is None
    assert backups.backup(ws(home), tmp_path / "backup.zip", with_key=True).manifest.ledger is None
    backups.restore(ws(tmp_path / "new"), tmp_path / "backup.zip")
    assert made.ids(Store.open(tmp_path / "new")) == made.ids(Store.open(home))


def back_up(folder):
    """A backup over an older one."""
    backups.backup(ws(folder / "office"), folder / "backup.zip", with_key=True)


def bring_back(folder):
    """The newest backup into a folder of its own."""
    backups.restore(ws(folder / "new"), folder / "backup.zip")


LAST_STEP = 90
"""About as many things as a backup or a restoring of that office does to files."""


@pytest.mark.parametrize("work", [back_up, bring_back])
def test_a_crash_before_any_step_leaves_the_old_backup_or_the_new_one_and_a_whole_home_or_none(office, archive, work):
    folder, whole, crashed = archive.parent, content(office), 0
    for seed in seeds(6):
        step = random.Random(seed).randrange(1, LAST_STEP)
        process = CONTEXT.Process(target=processes.crash_before, args=(step, folder, work))
        process.start()
        process.join(60)
        assert process.exitcode in (0, CRASHED)
        crashed += process.exitcode == CRASHED
        with opened_archive(archive) as held:
            held.verify()
        assert content(office) == whole
        if (folder / "new").exists():
            assert content(folder / "new") == whole, step
            shutil.rmtree(folder / "new")
    assert crashed
