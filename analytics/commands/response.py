"""``due``: what each tier asked for in a week and whether it was done, from a shell."""

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
from analytics.exhibits import response as making
from analytics.wording.response import headline
from analytics.workspace.datasets import require_own
from analytics.workspace.response import response


def add_due(command: argparse.ArgumentParser) -> None:
    """By which scheme, of the week to which day, and where to."""
    add_table_out(command)
    command.set_defaults(run=_due)
    add_scheme_and_day(command)
    add_home(command)


def _due(given: argparse.Namespace) -> None:
    require_table_out(given.out)
    ws = workspace_of(given)
    data = require_own(ws)
    scheme, day = scheme_and_day(ws, given, data)
    found = response(ws, data, scheme, None, day)
    print("".join(part["text"] for part in headline(given.lang, found.told)), file=sys.stderr)
    caption = caption_of(given.lang, data, scheme, day)
    table = making.areas(given.lang, lambda: caption, found.told).make()
    tell_table(given.lang, given.out, table)
