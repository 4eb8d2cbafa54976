"""``deploy``: what the hours of the community teams leave uncovered, and who could reinforce whom, from a shell."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence

from analytics.commands.common import (
    add_home,
    add_scheme_and_day,
    scheme_and_day,
    workspace_of,
)
from analytics.commands.tables import add_table_out, caption_of, require_table_out, tell_table
from analytics.errors import UserError
from analytics.exhibits import deployment as making
from analytics.wording.areas import brief_names
from analytics.wording.deployment import notes, plan_sentence, proposal_sentence, rules, stage_text
from analytics.workspace.datasets import require_own
from analytics.workspace.deployment import reinforced, team_plan
from analytics.workspace.response import response


def add_deploy(command: argparse.ArgumentParser) -> None:
    """By which scheme, of the week to which day, what is fixed, and where to."""
    command.add_argument("--lock", action="append", default=[], metavar="AREA=TEAM", help="deploy_lock")
    add_table_out(command)
    command.set_defaults(run=_deploy)
    add_scheme_and_day(command)
    add_home(command)


def _deploy(given: argparse.Namespace) -> None:
    require_table_out(given.out)
    locks, lang = _locks(given.lock), given.lang
    ws = workspace_of(given)
    data = require_own(ws)
    scheme, day = scheme_and_day(ws, given, data)
    planned = team_plan(ws, data, response(ws, data, scheme, None, day), None)
    for line in (plan_sentence(lang, planned.plan), *notes(lang, planned.plan, planned.names, planned.view.holidays)):
        print(line, file=sys.stderr)
    found = reinforced(ws, data, planned, locks, lambda stage: print(stage_text(lang, stage), file=sys.stderr))
    for line in (proposal_sentence(lang, planned.plan, found), *rules(lang, found, planned.names)):
        print(line, file=sys.stderr)
    caption = caption_of(lang, data, scheme, day)
    table = making.deployment(lang, lambda: caption, found, brief_names(planned.view.run), planned.names).make()
    tell_table(lang, given.out, table)


def _locks(said: Sequence[str]) -> Mapping[str, str]:
    locks: dict[str, str] = {}
    for lock in said:
        area, _, team = (part.strip() for part in lock.partition("="))
        if not area or not team:
            raise UserError.because("deployment.lock_form", lock=lock)
        if locks.setdefault(area, team) != team:
            raise UserError.because("deployment.lock_twice", area=area)
    return locks
