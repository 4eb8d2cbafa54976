"""``due-list``: what is overdue and due soon at 8:00 of a day, from a shell."""

from __future__ import annotations

import argparse
import sys

from analytics.commands.common import (
    add_home,
    add_scheme_and_day,
    scheme_and_day,
    workspace_of,
)
from analytics.commands.tables import add_table_out, caption_of, require_table_out, tell_table
from analytics.errors import UserError
from analytics.exhibits import due_list as making
from analytics.wording.due_list import Told, attention_rows, summary
from analytics.words import say
from analytics.workspace.datasets import require_own
from analytics.workspace.due_list import due_list_view


def add_due_list(command: argparse.ArgumentParser) -> None:
    """By which scheme, of which day, and where to."""
    add_table_out(command)
    command.set_defaults(run=_due_list)
    add_scheme_and_day(command)
    add_home(command)


def _due_list(given: argparse.Namespace) -> None:
    require_table_out(given.out)
    ws, lang = workspace_of(given), given.lang
    data = require_own(ws)
    scheme, day = scheme_and_day(ws, given, data)
    view = due_list_view(ws, data, scheme, None, day)
    if view.found is None:
        raise UserError.because("due_list.none")
    if not view.found.told:
        raise UserError.because("due_list.none_told")
    told = Told(view.run, view.found, view.hazards)
    lines = [say(lang, "due_list.line", **row) for row in attention_rows(lang, told)]
    print("\n".join([summary(lang, told), *lines]), file=sys.stderr)
    caption = caption_of(lang, data, scheme, day)
    table = making.in_one(lang, lambda: caption, told)
    tell_table(lang, given.out, table)
