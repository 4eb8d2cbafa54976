"""``settings``: what an office says of itself, from a shell."""

from __future__ import annotations

import argparse

from analytics.commands.common import add_confirm, add_home, workspace_of
from analytics.errors import LedgerError
from analytics.loaders.sheet import shown
from analytics.words import say
from analytics.workspace import settings


def add_settings(command: argparse.ArgumentParser) -> None:
    """Which are set anew; without any, all are listed."""
    command.add_argument("values", nargs="*", metavar="NAME=TEXT", help="setting")
    command.set_defaults(run=_settings)
    add_confirm(command)
    add_home(command)


def _settings(given: argparse.Namespace) -> None:
    ws = workspace_of(given)
    if given.values:
        changed = settings.save_own_settings(ws, dict(_assignment(text) for text in given.values), given.confirm)
        key = "settings.saved" if changed else "settings.nothing_new"
        print(say(given.lang, key, names=list(changed)))
        return
    for name, text in vars(settings.own_settings(ws)).items():
        print(say(given.lang, "settings.line", name=name, text=shown(text)))


def _assignment(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise LedgerError.because("settings.not_an_assignment", text=shown(text))
    return name.strip(), value
