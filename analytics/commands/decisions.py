"""``override``, ``overrides``, ``withdraw``, ``audit``: what people decided, and the proof of it, from a shell."""

from __future__ import annotations

import argparse
import getpass

from analytics import tiers
from analytics.commands.common import (
    add_home,
    add_language,
    day_of,
    ledger_of,
    on_one_line,
    opened,
    role_for,
    scheme_in_use,
)
from analytics.errors import UserError
from analytics.scoring import area_counts_for
from analytics.store import counts_of
from analytics.words import phrase, say

_DIGITS_OF_DIGEST = 12


def add_commands(commands: argparse._SubParsersAction) -> None:
    """The commands, with what each takes."""
    decide = commands.add_parser("override", help="show another tier for an area, with a reason and an end")
    decide.add_argument("area", metavar="AREA", help="its code")
    decide.add_argument("tier", metavar="TIER", choices=tiers.RANKED, help=", ".join(tiers.RANKED))
    decide.add_argument("--scheme", required=True, metavar="FILE|ID")
    decide.add_argument("--reason", required=True, metavar="TEXT")
    decide.add_argument("--from", dest="first", required=True, type=day_of, metavar="YYYY-MM-DD")
    decide.add_argument("--to", dest="last", required=True, type=day_of, metavar="YYYY-MM-DD")
    decide.set_defaults(run=_override)

    decided = commands.add_parser("overrides", help="the decisions that were not withdrawn")
    decided.set_defaults(run=_overrides)

    withdraw = commands.add_parser("withdraw", help="take a decision back before it ends")
    withdraw.add_argument("number", type=int, metavar="N")
    withdraw.set_defaults(run=_withdraw)

    audit = commands.add_parser("audit", help="the audit trail: prove that no entry was touched, or list it")
    audit.add_argument("what", choices=("verify", "list"))
    audit.set_defaults(run=_audit)

    add_home(decide, decided, withdraw, audit)
    add_language(decide, decided, withdraw, audit)


def _override(given: argparse.Namespace) -> None:
    role = role_for("override")
    scheme = scheme_in_use(given, given.scheme)
    if given.area not in area_counts_for(counts_of(opened(given)), scheme).areas.index:
        raise UserError.because("cli.area_not_scored", scheme=scheme.id, area=given.area)
    number = ledger_of(given)[1].override(
        given.area, scheme.id, given.tier, given.reason.strip(), getpass.getuser(), role, given.first, given.last
    )
    print(say(given.lang, "cli.decided", number=number))


def _overrides(given: argparse.Namespace) -> None:
    role_for("read")
    decisions = ledger_of(given)[1].overrides()
    if not decisions:
        print(say(given.lang, "cli.no_decisions"))
    for one in decisions:
        print(
            say(
                given.lang,
                "cli.decision_line",
                number=one.number,
                scheme=one.scheme_id,
                area=one.area_id,
                tier=phrase(f"tiers.{one.tier}"),
                span=phrase("release_pages.from_to", first=f"{one.starts}", last=f"{one.expires}"),
                by=phrase("release_pages.by", who=one.who, role=phrase(f"access.role_{one.role}")),
                reason=on_one_line(one.reason),
            )
        )


def _withdraw(given: argparse.Namespace) -> None:
    ledger_of(given)[1].withdraw(given.number, getpass.getuser(), role_for("override"))
    print(say(given.lang, "cli.withdrawn", number=given.number))


def _audit(given: argparse.Namespace) -> None:
    role_for("read")
    ledger = ledger_of(given)[1]
    if given.what == "verify":
        print(say(given.lang, "release_pages.verified", n=ledger.verify_audit()))
        return
    for entry in ledger.audit():
        print(
            say(
                given.lang,
                "cli.audit_line",
                number=entry.number,
                at=entry.at,
                by=phrase("release_pages.by", who=entry.who, role=phrase(f"access.role_{entry.role}")),
                action=phrase(f"release_pages.action_{entry.action}"),
                subject=entry.subject,
                digest=entry.digest[:_DIGITS_OF_DIGEST],
            )
        )
