"""``due``: what each tier asked for in a week and whether it was done, from a shell."""

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
from analytics.exhibits import response as making
from analytics.exhibits.captions import Origin, caption_of_list
from analytics.exhibits.table_files import ENDINGS, as_text, table_file
from analytics.wording.response import headline
from analytics.words import pick, say
from analytics.workspace.datasets import require_own
from analytics.workspace.response import response


def add_due(command: argparse.ArgumentParser) -> None:
    """By which scheme, of the week to which day, and where to."""
    command.add_argument("--out", type=Path, metavar="FILE.txt|FILE.csv|FILE.xlsx", help="table_out")
    command.set_defaults(run=_due)
    add_scheme_and_day(command)
    add_home(command)


def _due(given: argparse.Namespace) -> None:
    if given.out:
        if given.out.suffix not in ENDINGS:
            raise UserError.because("cli.table_kind", out=given.out.name, endings=list(ENDINGS))
        require_folder_of(given.out)
    ws = workspace_of(given)
    data = require_own(ws)
    scheme, day = scheme_and_day(ws, given, data)
    found = response(ws, data, scheme, None, day)
    print("".join(part["text"] for part in headline(given.lang, found.told)), file=sys.stderr)
    origin = Origin(pick(given.lang, data.name), pick(given.lang, data.source), "", "")
    caption = caption_of_list(given.lang, origin, scheme, day)
    table = making.areas(given.lang, lambda: caption, found.told).make()
    if given.out is None:
        sys.stdout.reconfigure(encoding="utf-8")
        print(as_text(table), end="")
        return
    written(given.out, table_file(table, given.out.suffix))
    print(say(given.lang, "cli.table_written", out=given.out.name))
