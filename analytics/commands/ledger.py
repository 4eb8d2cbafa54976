"""``audit`` and ``ledger``: the proof of what was done, and a ledger that was lost made again, from a shell."""

from __future__ import annotations

import argparse
import os

from analytics.commands.common import add_home, workspace_of
from analytics.errors import UserError
from analytics.store.home import is_home
from analytics.store.ledger import LEDGER_SETTING
from analytics.store.ledger_copy import ledger_format
from analytics.store.ledger_database import readable
from analytics.store.ledger_redaction import redacted_in
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


def add_redact(command: argparse.ArgumentParser) -> None:
    """Which text of which entry, and why."""
    command.add_argument("entry", type=int, metavar="N", help="audit_entry")
    command.add_argument("field", metavar="FIELD", help="audit_field")
    command.add_argument("--why", required=True, metavar="TEXT", help="redact_why")
    command.set_defaults(run=_redact)
    add_home(command)


def _audit(given: argparse.Namespace) -> None:
    ws = workspace_of(given)
    if not is_home(ws.home) and not ledger_format(os.environ.get(LEDGER_SETTING), ws.home):
        # A mistyped folder must not look as if all in it were proved, nor be made.
        raise UserError.because("upkeep.no_ledger_here", folder=ws.home.name)
    if given.what == "verify":
        print(say(given.lang, "release_pages.verified", n=ledgers.verify_audit(ws)))
        if redacted := redacted_in(ledgers.audit_trail(ws)):
            print(say(given.lang, "cli.redacted_entries", n=len(redacted), entries=sorted(redacted)))
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


def _redact(given: argparse.Namespace) -> None:
    entries, releases = ledgers.redact(workspace_of(given), given.entry, given.field, given.why)
    print(say(given.lang, "cli.redacted", entries=list(entries)))
    if releases:
        print(say(given.lang, "cli.redacted_remains", releases=list(releases)))
