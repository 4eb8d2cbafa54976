"""``tasks``, ``task-add``, ``task-step``: assignments, from a shell."""

from __future__ import annotations

import argparse
import sys

from analytics.commands.common import add_confirm, add_home, day_of, workspace_of, written
from analytics.commands.tables import add_table_out, require_table_out
from analytics.exhibits import tasks as making
from analytics.exhibits.captions import Caption
from analytics.exhibits.table_files import table_file
from analytics.response.tasks import in_order
from analytics.store.ledger_entries import SOURCES, STEPS
from analytics.wording import tasks as wording
from analytics.words import say
from analytics.workspace import tasks


def add_tasks(command: argparse.ArgumentParser) -> None:
    """As of which day, and whether into a file."""
    command.add_argument("--day", type=day_of, metavar="YYYY-MM-DD", help="task_day")
    add_table_out(command)
    command.set_defaults(run=_tasks)
    add_home(command)


def add_task_add(command: argparse.ArgumentParser) -> None:
    """What, by which post, within how many working days."""
    command.add_argument("content", metavar="TEXT", help="task_content")
    command.add_argument("--post", required=True, metavar="POST", help="task_post")
    command.add_argument("--days", required=True, type=int, metavar="N", help="task_days")
    command.add_argument("--area", metavar="AREA", help="area")
    command.add_argument("--source", choices=SOURCES, default=SOURCES[0], help="task_source")
    command.set_defaults(run=_add)
    add_confirm(command)
    add_home(command)


def add_task_step(command: argparse.ArgumentParser) -> None:
    """Which assignment, which step, and what the step asks for."""
    command.add_argument("number", type=int, metavar="N")
    command.add_argument("step", metavar="STEP", choices=[step.replace("_", "-") for step in STEPS], help="task_step")
    command.add_argument("--text", default="", metavar="TEXT", help="task_text")
    command.add_argument("--due", type=day_of, metavar="YYYY-MM-DD", help="task_due")
    command.add_argument("--post", default="", metavar="POST", help="task_checked_by")
    command.set_defaults(run=_step)
    add_confirm(command)
    add_home(command)


def _tasks(given: argparse.Namespace) -> None:
    ws, lang = workspace_of(given), given.lang
    require_table_out(given.out)
    found, areas = tasks.assignments(ws, None, given.day), tasks.areas_called(ws, None)
    if given.day and given.day > ws.today:
        print(say(lang, "tasks.day_to_come", day=given.day, today=ws.today), file=sys.stderr)
    if given.out:
        caption = Caption("", (say(lang, "exhibits.as_of", day=given.day or ws.today),))
        table = making.tasks(lang, lambda: caption, found, areas).make()
        written(given.out, table_file(table, given.out.suffix))
        print(say(lang, "tasks.written", out=given.out.name, n=len(found)))
        return
    for line in wording.task_lines(lang, in_order(found), areas):
        print(line)
    if not found:
        print(say(lang, "tasks.no_lines"))


def _add(given: argparse.Namespace) -> None:
    ws = workspace_of(given)
    ws.actor.require("assign")
    wanted = tasks.NewAssignment(given.content, given.post, given.days, given.area, given.source)
    entry = tasks.planned(ws, None, wanted)
    tasks.assign(ws, None, wanted, given.confirm)
    print(wording.assigned(entry).text(given.lang))


def _step(given: argparse.Namespace) -> None:
    ws = workspace_of(given)
    wanted = tasks.NextStep(given.number, given.step.replace("-", "_"), given.text, given.due, given.post)
    tasks.take_step(ws, None, wanted, given.confirm)
    print(wording.step_taken(wanted.number, wanted.step).text(given.lang))
