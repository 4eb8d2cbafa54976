"""``closing``: how incidents were closed in a week, a month or a quarter, from a shell."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from analytics.commands.common import (
    add_home,
    day_of,
    require_folder_of,
    scheme_and_day,
    workspace_of,
    written,
)
from analytics.errors import UserError
from analytics.exhibits import closing as making
from analytics.exhibits.captions import Origin, caption_of_list
from analytics.exhibits.table_files import ENDINGS, as_text, table_file
from analytics.response.closing import BY
from analytics.response.periods import PERIOD_KINDS
from analytics.words import pick, say
from analytics.workspace.closing import closing_view
from analytics.workspace.datasets import require_own


def add_closing(command: argparse.ArgumentParser) -> None:
    """Up to which day, of which period, in which rows, and where to."""
    command.add_argument("--day", dest="date", type=day_of, metavar="YYYY-MM-DD", help="date")
    command.add_argument("--period", choices=PERIOD_KINDS, default="month", help="period")
    command.add_argument("--by", choices=BY, default="channel", help="closing_by")
    command.add_argument("--scheme", metavar="FILE|ID", help="scheme")
    command.add_argument("--out", type=Path, metavar="FILE.txt|FILE.csv|FILE.xlsx", help="table_out")
    command.set_defaults(run=_closing)
    add_home(command)


def _closing(given: argparse.Namespace) -> None:
    if given.out:
        if given.out.suffix not in ENDINGS:
            raise UserError.because("cli.table_kind", out=given.out.name, endings=list(ENDINGS))
        require_folder_of(given.out)
    ws = workspace_of(given)
    data = require_own(ws)
    scheme, day = scheme_and_day(ws, given, data)
    view = closing_view(ws, data, scheme, day, given.period, given.by)
    if view.found is None:
        raise UserError.because("closing.none")
    origin = Origin(pick(given.lang, data.name), pick(given.lang, data.source), "", "")
    caption = caption_of_list(given.lang, origin, scheme, day)
    table = making.in_one(given.lang, lambda: caption, view.found, view.names)
    if given.out is None:
        sys.stdout.reconfigure(encoding="utf-8")
        print(as_text(table), end="")
        return
    written(given.out, table_file(table, given.out.suffix))
    print(say(given.lang, "cli.table_written", out=given.out.name))
