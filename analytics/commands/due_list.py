"""``due-list``: what is overdue and due soon at 8:00 of a day, from a shell."""

from __future__ import annotations

import argparse
import sys
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
from analytics.exhibits import due_list as making
from analytics.exhibits.captions import Origin, caption_of_list
from analytics.exhibits.table_files import ENDINGS, as_text, table_file
from analytics.wording.due_list import Told, attention_rows, summary
from analytics.words import pick, say
from analytics.workspace.datasets import require_own
from analytics.workspace.due_list import due_list_view


def add_due_list(command: argparse.ArgumentParser) -> None:
    """By which scheme, of which day, and where to."""
    command.add_argument("--out", type=Path, metavar="FILE.txt|FILE.csv|FILE.xlsx", help="table_out")
    command.set_defaults(run=_due_list)
    add_scheme_and_day(command)
    add_home(command)


def _due_list(given: argparse.Namespace) -> None:
    if given.out:
        if given.out.suffix not in ENDINGS:
            raise UserError.because("cli.table_kind", out=given.out.name, endings=list(ENDINGS))
        require_folder_of(given.out)
    ws, lang = workspace_of(given), given.lang
    data = require_own(ws)
    scheme, day = scheme_and_day(ws, given, data)
    view = due_list_view(ws, data, scheme, None, day)
    if view.found is None:
        raise UserError.because("due_list.none")
    told = Told(view.run, view.found, view.hazards)
    lines = [say(lang, "due_list.line", **row) for row in attention_rows(lang, told)]
    print("\n".join([summary(lang, told), *lines]), file=sys.stderr)
    origin = Origin(pick(lang, data.name), pick(lang, data.source), "", "")
    caption = caption_of_list(lang, origin, scheme, day)
    table = making.in_one(lang, lambda: caption, told)
    if given.out is None:
        sys.stdout.reconfigure(encoding="utf-8")
        print(as_text(table), end="")
        return
    written(given.out, table_file(table, given.out.suffix))
    print(say(lang, "cli.table_written", out=given.out.name))
