"""What a power cut may take: a file gets its name only once its bytes are on the disk, and the name is then put there
too, before anybody is told that it is done."""

import os
from datetime import date
from pathlib import Path

import pytest

from analytics.access import Actor
from analytics.releases import open_ledger
from analytics.store import Store
from analytics.workspace import Workspace, backups
from tests.releases.small_office import Office, material, world
from tests.store import made
from tests.store.processes import load_of


class Recorder:
    """What is put on the disk and what gets a name, in their order; files and folders are told by their numbers."""

    def __init__(self, monkeypatch):
        self.done = []
        for name in ("link", "rename", "replace"):
            monkeypatch.setattr(os, name, self._moving(getattr(os, name)))
        real = os.fsync

        def fsync(descriptor):
            self.done.append(("sync", os.fstat(descriptor).st_ino))
            real(descriptor)

        monkeypatch.setattr(os, "fsync", fsync)

    def _moving(self, real):
        def move(source, target, **further):
            moved = [Path(source), *Path(source).rglob("*")]
            files = [file.stat().st_ino for file in moved if file.is_file()]
            real(source, target, **further)
            self.done.append(("move", str(target), files, Path(target).parent.stat().st_ino))

        return move

    def unsafe(self, home):
        """The names below ``home`` that a power cut could leave on a file without its bytes, or lose although whoever
        asked for them was told that it is done."""
        wrong = []
        for at, event in enumerate(self.done):
            if event[0] == "move" and event[1].startswith(str(home)):
                _, target, files, folder = event
                before = {one[1] for one in self.done[:at] if one[0] == "sync"}
                after = {one[1] for one in self.done[at:] if one[0] == "sync"}
                if not set(files) <= before or folder not in after:
                    wrong.append(os.path.relpath(target, home))
        return wrong

    @property
    def moves(self):
        return sum(event[0] == "move" for event in self.done)


@pytest.fixture
def office(tmp_path):
    home = tmp_path / "office"
    for name in ("first", "second"):
        Store.open(home).add(load_of(name), made.ME)
    Office(home).publish(material(world()), publish=False)
    return home


def make(home):
    Store.open(home.parent / "another")


def load(home):
    Store.open(home).add(load_of("third"), made.ME)


def undo(home):
    Store.open(home).undo(2, made.ME)


def remember(home):
    Store.open(home).remember("0a", {})


def publish(home):
    Office(home).publish(material(world(a=3)))


def keep_draft(home):
    Office(home).publish(material(world(a=4)), publish=False)


def of(home):
    return Workspace(Actor("甲", "local"), home, date(2026, 11, 28))


def back_up(home):
    backups.backup(of(home), home.parent / "backup.zip", with_key=True)


def bring_back(home):
    back_up(home)
    backups.restore(of(home.parent / "new"), home.parent / "backup.zip")


@pytest.mark.parametrize("work", [make, load, undo, remember, publish, keep_draft, back_up, bring_back])
def test_bytes_are_on_the_disk_before_their_name_is_and_the_name_before_it_is_done(office, monkeypatch, work):
    recorder = Recorder(monkeypatch)
    work(office)
    assert recorder.moves
    assert recorder.unsafe(office.parent) == []


def test_a_name_before_its_bytes_is_found(tmp_path, monkeypatch):
    recorder = Recorder(monkeypatch)
    (tmp_path / "draft").write_text("x")
    (tmp_path / "draft").replace(tmp_path / "file")
    assert recorder.unsafe(tmp_path) == ["file"]


def test_the_ledger_in_a_file_waits_for_the_disk(office):
    with open_ledger(None, office).database.writing() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() >= 2  # FULL
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() in ("delete", "truncate", "persist")
