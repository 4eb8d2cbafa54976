"""``deploy``: what the hours of the community teams leave uncovered, and who could reinforce whom, from a shell."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from analytics.commands.common import (
    add_home,
    add_scheme_and_day,
    require_folder_of,
    scheme_and_day,
    workspace_of,
    written,
)
from analytics.errors import UserError
from analytics.exhibits import deployment as making
from analytics.exhibits.captions import Origin, caption_of_list
from analytics.exhibits.table_files import ENDINGS, as_text, table_file
from analytics.wording.areas import brief_names
from analytics.wording.deployment import notes, plan_sentence, proposal_sentence, rule, stage_text
from analytics.words import pick, say
from analytics.workspace.datasets import require_own
from analytics.workspace.deployment import reinforced, team_plan
from analytics.workspace.response import response


def add_deploy(command: argparse.ArgumentParser) -> None:
    """By which scheme, of the week to which day, what is fixed, and where to."""
    command.add_argument("--lock", action="append", default=[], metavar="AREA=TEAM", help="deploy_lock")
    command.add_argument("--out", type=Path, metavar="FILE.txt|FILE.csv|FILE.xlsx", help="table_out")
    command.set_defaults(run=_deploy)
    add_scheme_and_day(command)
    add_home(command)


def _deploy(given: argparse.Namespace) -> None:
    if given.out:
        if given.out.suffix not in ENDINGS:
            raise UserError.because("cli.table_kind", out=given.out.name, endings=list(ENDINGS))
        require_folder_of(given.out)
    locks, lang = _locks(given.lock), given.lang
    ws = workspace_of(given)
    data = require_own(ws)
    scheme, day = scheme_and_day(ws, given, data)
    planned = team_plan(ws, data, response(ws, data, scheme, None, day), None)
    for line in (plan_sentence(lang, planned.plan), *notes(lang, planned.plan, planned.names)):
        print(line, file=sys.stderr)
    found = reinforced(ws, data, planned, locks, lambda stage: print(stage_text(lang, stage), file=sys.stderr))
    print(proposal_sentence(lang, planned.plan, found), rule(lang), sep="\n", file=sys.stderr)
    origin = Origin(pick(lang, data.name), pick(lang, data.source), "", "")
    caption = caption_of_list(lang, origin, scheme, day)
    table = making.deployment(lang, lambda: caption, found, brief_names(planned.view.run), planned.names).make()
    if given.out is None:
        sys.stdout.reconfigure(encoding="utf-8")
        print(as_text(table), end="")
        return
    written(given.out, table_file(table, given.out.suffix))
    print(say(lang, "cli.table_written", out=given.out.name))


def _locks(said: Sequence[str]) -> Mapping[str, str]:
    locks: dict[str, str] = {}
    for lock in said:
        area, _, team = (part.strip() for part in lock.partition("="))
        if not area or not team:
            raise UserError.because("deployment.lock_form", lock=lock)
        if locks.setdefault(area, team) != team:
            raise UserError.because("deployment.lock_twice", area=area)
    return locks
