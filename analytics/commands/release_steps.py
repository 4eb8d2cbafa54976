"""``release-step``: how a draft goes on where two people publish, from a shell."""

from __future__ import annotations

import argparse

from analytics.commands.common import add_confirm, add_home, workspace_of
from analytics.errors import LedgerError
from analytics.store.ledger_entries import RELEASE_STEPS
from analytics.wording import two_hands as wording
from analytics.words import say
from analytics.workspace import published, two_hands
from analytics.workspace.two_hands import NextDraftStep


def add_release_step(command: argparse.ArgumentParser) -> None:
    """Which draft, which step, and what the step asks for; without a step, where it stands."""
    command.add_argument("draft", metavar="D3", help="draft_name")
    command.add_argument("step", nargs="?", metavar="STEP", choices=RELEASE_STEPS, help="draft_step")
    command.add_argument("--text", default="", metavar="TEXT", help="draft_text")
    command.add_argument("--community", metavar="AREA", help="draft_community")
    command.add_argument("--objection", type=int, metavar="N", help="draft_objection")
    command.set_defaults(run=_step)
    add_confirm(command)
    add_home(command)


def _step(given: argparse.Namespace) -> None:
    ws, lang = workspace_of(given), given.lang
    entry = published.own_entry(ws, given.draft)
    if given.step:
        wanted = NextDraftStep(entry, given.step, given.text, given.community, given.objection)
        print(wording.step_taken(entry, two_hands.take_step(ws, None, wanted, given.confirm)).text(lang))
        return
    one = next((each for each in two_hands.waiting(ws, None) if each.entry == entry), None)
    if one is None:
        raise LedgerError.because("ledger.no_draft", draft=entry.name)
    if not two_hands.is_asked(ws, None):
        print(say(lang, "two_hands.is_off"))
    print(wording.state_line(lang, one.entry, one.state))
    for line in wording.step_lines(lang, one.steps, one.communities):
        print(f"  {line}")
    for line in wording.unchecked_lines(lang, one.unchecked, whole=None in one.spoken_for):
        print(line)
