"""``closing``: how incidents were closed in a week, a month or a quarter, from a shell."""

from __future__ import annotations

import argparse

from analytics.commands.common import (
    add_home,
    day_of,
    scheme_and_day,
    workspace_of,
)
from analytics.commands.tables import add_table_out, caption_of, require_table_out, tell_table
from analytics.errors import UserError
from analytics.exhibits import closing as making
from analytics.response.closing import BY
from analytics.response.periods import PERIOD_KINDS
from analytics.workspace.closing import closing_view
from analytics.workspace.datasets import require_own


def add_closing(command: argparse.ArgumentParser) -> None:
    """Up to which day, of which period, in which rows, and where to."""
    command.add_argument("--day", dest="date", type=day_of, metavar="YYYY-MM-DD", help="date")
    command.add_argument("--period", choices=PERIOD_KINDS, default="month", help="period")
    command.add_argument("--by", choices=BY, default="channel", help="closing_by")
    command.add_argument("--scheme", metavar="FILE|ID", help="scheme")
    add_table_out(command)
    command.set_defaults(run=_closing)
    add_home(command)


def _closing(given: argparse.Namespace) -> None:
    require_table_out(given.out)
    ws = workspace_of(given)
    data = require_own(ws)
    scheme, day = scheme_and_day(ws, given, data)
    view = closing_view(ws, data, scheme, day, given.period, given.by)
    if view.found is None:
        raise UserError.because("closing.none")
    caption = caption_of(given.lang, data, scheme, day)
    table = making.in_one(given.lang, lambda: caption, view.found, view.names)
    tell_table(given.lang, given.out, table)
