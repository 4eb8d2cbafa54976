"""``drafts``, ``goal-seek``, ``capacity``: what the workbench answers, from a shell."""

from __future__ import annotations

import argparse

from analytics.commands.common import add_home, add_scheme_and_day, scheme_and_day, workspace_of
from analytics.errors import UserError
from analytics.words import say
from analytics.workspace import drafts, runs
from analytics.workspace.datasets import require_own


def add_drafts(command: argparse.ArgumentParser) -> None:
    """Nothing to choose."""
    command.set_defaults(run=_drafts)
    add_home(command)


def add_goal_seek(command: argparse.ArgumentParser) -> None:
    """Of which area, and what may not move."""
    command.add_argument("area", metavar="AREA", help="area")
    command.add_argument("--lock", action="append", default=[], metavar="ID", help="lock")
    command.set_defaults(run=_goal_seek)
    add_scheme_and_day(command)
    add_home(command)


def add_capacity(command: argparse.ArgumentParser) -> None:
    """How many team-days there are."""
    command.add_argument("team_days", type=float, metavar="TEAM-DAYS", help="team_days")
    command.set_defaults(run=_capacity)
    add_scheme_and_day(command)
    add_home(command)


def _drafts(given: argparse.Namespace) -> None:
    found = drafts.own_drafts(workspace_of(given))
    if not found:
        print(say(given.lang, "cli.no_drafts"))
    for one in found:
        print(say(given.lang, "cli.draft_line", scheme=one.scheme_id, changed=one.changed, file=one.file))


def _goal_seek(given: argparse.Namespace) -> None:
    from analytics.wording.goal_seek import goal, plan

    ws, lang = workspace_of(given), given.lang
    data = require_own(ws)
    scheme, day = scheme_and_day(ws, given, data)
    run = runs.assessed(ws, data, scheme, [day])
    if given.area not in run.areas.index:
        raise UserError.because("cli.area_not_scored", scheme=scheme.id, area=given.area)
    unknown = sorted(set(given.lock) - {item.id for item in (*scheme.dimensions, *scheme.indicators)})
    if unknown:
        raise UserError.because("cli.nothing_to_lock", scheme=scheme.id, names=unknown)
    found = runs.goal_seek(ws, data, scheme, run, given.area, frozenset(given.lock))
    print(goal(lang, run, given.area, found))
    for way in found.ways:
        told = plan(lang, run, way)
        print(f"- {told['title']}")
        for move in told["moves"]:
            print(f"  {move}")
        print(f"  {told['lands']} {told['others']}")


def _capacity(given: argparse.Namespace) -> None:
    from analytics.wording.capacity import answer, cuts, left_out

    ws, lang = workspace_of(given), given.lang
    data = require_own(ws)
    scheme, day = scheme_and_day(ws, given, data)
    if not given.team_days > 0:
        raise UserError.because("cli.no_team_days")
    run = runs.assessed(ws, data, scheme, [day])
    found = runs.cutoffs_by_capacity(ws, data, scheme, run, given.team_days)
    for line in (answer(lang, found, given.team_days), *cuts(lang, scheme, found), *left_out(lang, run, found)):
        print(line)
