"""``override``, ``overrides``, ``withdraw``: what people decided, from a shell."""

from __future__ import annotations

import argparse

from analytics import tiers
from analytics.commands.common import (
    add_confirm,
    add_home,
    day_of,
    on_one_line,
    scheme_in_use,
    workspace_of,
)
from analytics.wording.people import by_whom
from analytics.words import phrase, say
from analytics.workspace import decisions


def add_override(command: argparse.ArgumentParser) -> None:
    """Which tier for which area, why and until when."""
    command.add_argument("area", metavar="AREA", help="area")
    command.add_argument("tier", metavar="TIER", choices=tiers.RANKED, help="tier")
    command.add_argument("--scheme", required=True, metavar="FILE|ID")
    command.add_argument("--reason", required=True, metavar="TEXT")
    command.add_argument("--from", dest="first", required=True, type=day_of, metavar="YYYY-MM-DD")
    command.add_argument("--to", dest="last", required=True, type=day_of, metavar="YYYY-MM-DD")
    command.set_defaults(run=_override)
    add_confirm(command)
    add_home(command)


def add_overrides(command: argparse.ArgumentParser) -> None:
    """Of which home."""
    command.set_defaults(run=_overrides)
    add_home(command)


def add_withdraw(command: argparse.ArgumentParser) -> None:
    """Which decision."""
    command.add_argument("number", type=int, metavar="N")
    command.set_defaults(run=_withdraw)
    add_confirm(command)
    add_home(command)


def _override(given: argparse.Namespace) -> None:
    ws = workspace_of(given)
    ws.actor.require("override")
    decision = decisions.Decision(given.area, given.tier, given.reason, given.first, given.last)
    number = decisions.own_override(ws, scheme_in_use(ws, given, given.scheme), decision, given.confirm)
    print(say(given.lang, "cli.decided", number=number))


def _overrides(given: argparse.Namespace) -> None:
    found = decisions.own_overrides(workspace_of(given))
    if not found:
        print(say(given.lang, "cli.no_decisions"))
    for one in found:
        print(
            say(
                given.lang,
                "cli.decision_line",
                number=one.number,
                scheme=one.scheme_id,
                area=one.area_id,
                tier=phrase(f"tiers.{one.tier}"),
                span=phrase("release_pages.from_to", first=f"{one.starts}", last=f"{one.expires}"),
                by=by_whom(given.lang, one.who, one.role),
                reason=on_one_line(one.reason),
            )
        )


def _withdraw(given: argparse.Namespace) -> None:
    decisions.withdraw_override(workspace_of(given), None, given.number, given.confirm)
    print(say(given.lang, "cli.withdrawn", number=given.number))
