"""The same work from a shell, for the nightly run: ``python -m analytics load``, ``score``, ``check-scheme`` …

Exit code 0: done. 2: the user can mend it; standard error says what, where and how, and nothing was written.
3: loaded, but some rows were refused; of ``nightly`` also that a load waits to be confirmed, and nothing was drafted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from itertools import pairwise

from analytics import __version__
from analytics.errors import HeldLoadError, UnconfirmedError, UserError
from analytics.words import LANGUAGES, Language, say

EXIT_USER = 2

COMMANDS: Mapping[str, str] = {
    "load": "records",
    "loads": "records",
    "load-report": "records",
    "undo": "records",
    "words": "words",
    "void": "corrections",
    "area-changes": "corrections",
    "compact": "corrections",
    "export": "records",
    "template": "records",
    "score": "score",
    "selfcheck": "score",
    "release": "releases",
    "releases": "releases",
    "compare": "releases",
    "bulletin": "releases",
    "verify": "releases",
    "withdraw-release": "releases",
    "release-step": "release_steps",
    "brief": "briefing",
    "coverage": "sweep",
    "sweep-calls": "sweep",
    "feeds": "feeds",
    "reminders": "feeds",
    "nightly": "briefing",
    "due": "response",
    "closing": "closing",
    "due-list": "due_list",
    "deploy": "deployment",
    "override": "decisions",
    "overrides": "decisions",
    "withdraw": "decisions",
    "tasks": "tasks",
    "task-add": "tasks",
    "task-step": "tasks",
    "audit": "ledger",
    "ledger": "ledger",
    "redact": "ledger",
    "settings": "settings",
    "doctor": "upkeep",
    "backup": "upkeep",
    "restore": "upkeep",
    "check-scheme": "schemes",
    "scheme-schema": "schemes",
    "weights": "schemes",
    "noise": "schemes",
    "scheme-versions": "versions",
    "save-scheme": "versions",
    "adopt-scheme": "versions",
    "scheme-difference": "versions",
    "scheme-text": "versions",
    "drafts": "workbench",
    "goal-seek": "workbench",
    "capacity": "workbench",
    "confidence": "evidence",
    "evidence": "evidence",
    "bench": "bench",
}
"""Each command, and the module of `commands` that has it. Only the module of the command that is asked for is imported:
a command starts as fast as what it needs."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    told = sys.argv[1:] if arguments is None else list(arguments)
    given = _parser(_language(told), next((word for word in told if word in COMMANDS), "")).parse_args(told)
    sys.stdout.reconfigure(errors="backslashreplace")  # a console that cannot write Chinese still gets its answer
    try:
        return given.run(given) or 0
    except UserError as error:
        print(error.text(given.lang), file=sys.stderr)
        if isinstance(error, UnconfirmedError):
            for code in error.codes:
                key = f"cli.confirm_{code}" if isinstance(error, HeldLoadError) else "cli.confirm_with"
                print(say(given.lang, key, code=code), file=sys.stderr)
        return EXIT_USER
    except BrokenPipeError:  # the reader of a pipe had enough, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


class _Parser(argparse.ArgumentParser):
    """A parser that speaks one language: the ``help`` of an argument is a key of the words of help."""

    def __init__(self, lang: Language, **settings: object) -> None:
        super().__init__(**settings, add_help=False)
        self.lang: Language = lang
        self._positionals.title, self._optionals.title = say(lang, "help.arguments"), say(lang, "help.options")
        self.add_argument("-h", "--help", action="help", help="help")

    def add_argument(self, *names: str, **settings: object) -> argparse.Action:
        if "help" in settings:
            settings["help"] = say(self.lang, f"help.{settings['help']}")
        return super().add_argument(*names, **settings)


def _language(told: Sequence[str]) -> Language:
    """The language that is asked for anywhere: help is written before the options are read."""
    asked = [after for word, after in pairwise([*told, ""]) if word == "--lang"]
    asked += [word.removeprefix("--lang=") for word in told if word.startswith("--lang=")]
    return next((lang for lang in LANGUAGES if lang in asked), LANGUAGES[0])


def _parser(lang: Language, wanted: str) -> argparse.ArgumentParser:
    """The parser of all commands, of which only the ``wanted`` one knows its options."""
    parser = _Parser(lang, prog="python -m analytics", description=say(lang, "help.program"))
    parser.add_argument("--version", action="version", version=__version__, help="version")
    parser.add_argument("--lang", choices=LANGUAGES, help="lang")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", title=say(lang, "help.commands"))
    for name, module in COMMANDS.items():
        does = say(lang, f"help.command_{name.replace('-', '_')}")
        command = commands.add_parser(name, help=does, description=does, lang=lang)
        if name == wanted:
            getattr(import_module(f"analytics.commands.{module}"), f"add_{name.replace('-', '_')}")(command)
            command.set_defaults(lang=lang)
    return parser


if __name__ == "__main__":
    sys.exit(main())
