"""``doctor``, ``backup`` and ``restore``: whether an installation is well, and how it comes through a bad day."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from analytics.access import Actor
from analytics.commands.common import add_home, add_language, require_folder_of, workspace_of
from analytics.store.archive import KEY_FILE
from analytics.store.ledger import LEDGER_SETTING
from analytics.store.ledger_database import LEDGER_FILE, readable
from analytics.words import phrase, say
from analytics.workspace import backups, doctor, open_workspace

EXIT_NOT_WELL = 1
EXIT_DAMAGED = 3


def add_doctor(command: argparse.ArgumentParser) -> None:
    """Of which home."""
    command.set_defaults(run=_doctor)
    add_home(command)


def add_backup(command: argparse.ArgumentParser) -> None:
    """Where to, and whether with the key."""
    command.add_argument("out", type=Path, metavar="FILE", help="backup_file")
    command.add_argument("--with-key", action="store_true", help="with_key")
    command.set_defaults(run=_backup)
    add_home(command)


def add_restore(command: argparse.ArgumentParser) -> None:
    """Of what, and where to: a folder that has to be named, so that nobody restores over what is in use."""
    command.add_argument("file", type=Path, metavar="FILE", help="backup_file")
    command.add_argument("--home", type=Path, metavar="FOLDER", required=True, help="restore_home")
    command.add_argument("--key", type=Path, metavar="FILE", help="restore_key")
    command.add_argument("--to-ledger", action="store_true", help="to_ledger")
    command.set_defaults(run=_restore)
    add_language(command)


def _doctor(given: argparse.Namespace) -> int:
    # Whatever is wrong with the accounts: it is told then above all, and nothing of any record is.
    found = doctor.examine(open_workspace(given.home, Actor("", "leader"), given.lang))
    for one in found:
        state, part = phrase(f"upkeep.state_{one.state}"), phrase(f"upkeep.part_{one.part}")
        print(say(given.lang, "upkeep.line", state=state, part=part, said=one.said))
    wrong = sum(one.state == "wrong" for one in found)
    print(say(given.lang, "upkeep.not_well", n=wrong) if wrong else say(given.lang, "upkeep.all_well"))
    return EXIT_NOT_WELL if wrong else 0


def _backup(given: argparse.Namespace) -> int:
    require_folder_of(given.out)
    done = backups.backup(workspace_of(given), given.out, with_key=given.with_key)
    held = done.manifest
    megabytes = f"{given.out.stat().st_size / 2**20:.1f}"
    print(say(given.lang, "upkeep.backed_up", file=given.out.name, files=len(held.files), megabytes=megabytes))
    if held.ledger == "postgresql":
        print(say(given.lang, "upkeep.ledger_from_server"))
    key = (
        say(given.lang, "upkeep.key_included")
        if held.with_key
        else say(given.lang, "upkeep.without_key", file=KEY_FILE)
    )
    print(key, file=sys.stderr)
    if done.damaged:
        print(say(given.lang, "upkeep.backup_damaged", names=done.damaged), file=sys.stderr)
    return EXIT_DAMAGED if done.damaged else 0


def _restore(given: argparse.Namespace) -> None:
    done = backups.restore(workspace_of(given), given.file, given.key, to_ledger=given.to_ledger)
    made = readable(done.manifest.made)
    said = {"folder": given.home.name, "files": len(done.manifest.files), "made": made}
    print(say(given.lang, "upkeep.restored", **said))
    if not done.has_key:
        print(say(given.lang, "upkeep.put_key", file=KEY_FILE), file=sys.stderr)
    if done.ledger_elsewhere:
        told = {"file": LEDGER_FILE, "setting": LEDGER_SETTING}
        print(say(given.lang, "upkeep.ledger_elsewhere", **told), file=sys.stderr)
