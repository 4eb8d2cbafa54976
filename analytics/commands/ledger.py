"""``audit`` and ``ledger``: the proof of what was done, and a ledger that was lost made again, from a shell."""

from __future__ import annotations

import argparse

from analytics.commands.common import add_home, workspace_of
from analytics.store.ledger_database import readable
from analytics.wording.people import by_whom
from analytics.words import phrase, say
from analytics.workspace import ledgers

_DIGITS_OF_DIGEST = 12


def add_audit(command: argparse.ArgumentParser) -> None:
    """Prove it, or list it."""
    command.add_argument("what", choices=("verify", "list"))
    command.set_defaults(run=_audit)
    add_home(command)


def add_ledger(command: argparse.ArgumentParser) -> None:
    """What to do with it."""
    command.add_argument("what", choices=("rebuild",))
    command.set_defaults(run=_rebuild)
    add_home(command)


def _audit(given: argparse.Namespace) -> None:
    ws = workspace_of(given)
    if given.what == "verify":
        print(say(given.lang, "release_pages.verified", n=ledgers.verify_audit(ws)))
        return
    for entry in ledgers.audit_trail(ws):
        print(
            say(
                given.lang,
                "cli.audit_line",
                number=entry.number,
                at=readable(entry.at),
                by=by_whom(given.lang, entry.who, entry.role),
                action=phrase(f"release_pages.action_{entry.action}"),
                subject=entry.subject,
                digest=entry.digest[:_DIGITS_OF_DIGEST],
            )
        )


def _rebuild(given: argparse.Namespace) -> None:
    entries = ledgers.rebuild(workspace_of(given))
    if not entries:
        print(say(given.lang, "cli.nothing_to_rebuild"))
        return
    print(say(given.lang, "cli.rebuilt", releases=[entry.name for entry in entries], n=len(entries)))
    print(say(given.lang, "cli.rebuilt_without"))
