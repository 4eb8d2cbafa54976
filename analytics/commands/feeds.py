"""``feeds`` and ``reminders``: how the office's feeds report, and sheets for those that do not."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from analytics.commands.common import add_home, workspace_of, written
from analytics.errors import UserError
from analytics.wording.silence import areas_line, state_line
from analytics.words import say
from analytics.workspace import feeds
from analytics.workspace.datasets import require_own


def add_feeds(command: argparse.ArgumentParser) -> None:
    """Of which home."""
    command.set_defaults(run=_feeds)
    add_home(command)


def add_reminders(command: argparse.ArgumentParser) -> None:
    """Where to."""
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="reminder_folder")
    command.set_defaults(run=_reminders)
    add_home(command)


def _feeds(given: argparse.Namespace) -> None:
    ws = workspace_of(given)
    data = require_own(ws)
    for state in feeds.states(ws, data):
        print(state_line(given.lang, state))
    for found in feeds.of_areas(ws, data):
        print(areas_line(given.lang, found, feeds.area_names(ws)))


def _reminders(given: argparse.Namespace) -> None:
    ws = workspace_of(given)
    if not given.out.is_dir():
        raise UserError.because("cli.no_folder", out=given.out.name)
    found = feeds.missing(ws)
    if not found:
        print(say(given.lang, "feeds.nothing_missing"))
        return
    for line in feeds.missing_lines(ws, given.lang):
        print(line, file=sys.stderr)
    for sheet in feeds.reminders(ws, given.lang, found):
        written(given.out / sheet.name, sheet.content())
        print(say(given.lang, "feeds.reminder_written", out=sheet.name))
