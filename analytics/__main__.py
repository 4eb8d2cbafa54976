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

from analytics import __version__
from analytics.errors import HeldLoadError, UnconfirmedError, UserError
from analytics.words import say

EXIT_USER = 2

COMMANDS: Mapping[str, tuple[str, str]] = {
    "load": ("records", "a file of records → the store"),
    "loads": ("records", "what was loaded, newest first"),
    "load-report": ("records", "what was repaired and refused in a past load"),
    "undo": ("records", "take one load back"),
    "words": ("words", "words in the records that nobody knows, and what they mean"),
    "void": ("corrections", "let one record count no longer, by its number and with a reason"),
    "area-changes": ("corrections", "what became of areas: old code and new one; without a file, what was said"),
    "compact": ("corrections", "fold old loads into one file; the newest stay as they are"),
    "export": ("records", "all records as files that can be loaded again"),
    "template": ("records", "an Excel file to fill in"),
    "score": ("score", "areas, records and a scheme → one row an area and day"),
    "selfcheck": ("score", "the eight laws of the method, on your records or the sample street"),
    "release": ("releases", "freeze what the store says as a draft, or publish it"),
    "releases": ("releases", "what was released, newest first"),
    "compare": ("releases", "what differs between two releases, and why"),
    "bulletin": ("releases", "a release in words, every figure recomputed"),
    "verify": ("releases", "whether a release is as it was published"),
    "withdraw-release": ("releases", "take a published release back; it stays readable, and marked"),
    "brief": ("briefing", "a release as a picture, slides or a paper"),
    "feeds": ("feeds", "how each feed reports, and how soon its silence would tell"),
    "reminders": ("feeds", "a reminder sheet for each unit whose report is missing"),
    "nightly": ("briefing", "load what came in, score it, draft the release and its briefing"),
    "override": ("decisions", "show another tier for an area, with a reason and an end"),
    "overrides": ("decisions", "the decisions that were not withdrawn"),
    "withdraw": ("decisions", "take a decision back before it ends"),
    "audit": ("ledger", "the audit trail: prove that no entry was touched, or list it"),
    "ledger": ("ledger", "make a ledger that was lost again from the releases"),
    "check-scheme": ("schemes", "say what is wrong in a scheme file, where, and what to do"),
    "scheme-schema": ("schemes", "the JSON schema of a scheme file, for editors"),
    "weights": ("schemes", "weights by a method → JSON"),
    "noise": ("schemes", "how often a colour changes by chance, by stability rule"),
    "scheme-versions": ("versions", "the schemes that were saved, and which are in use"),
    "save-scheme": ("versions", "keep a scheme file as the next version of its id"),
    "adopt-scheme": ("versions", "put a saved scheme to use"),
    "scheme-difference": ("versions", "what differs between two schemes, in words or as a patch"),
    "scheme-text": ("versions", "the YAML of a scheme"),
    "drafts": ("workbench", "drafts of schemes that lie in the home"),
    "goal-seek": ("workbench", "the smallest changes of a scheme that take an area into an easier tier"),
    "capacity": ("workbench", "cut-offs that cost no more than so many team-days a week"),
    "confidence": ("evidence", "how robust each tier is when what the scheme assumes is drawn anew"),
    "evidence": ("evidence", "whether the map was right: what followed in its red and orange areas"),
    "bench": ("bench", "speed against the stock way, as ratios in one run"),
}
"""Each command, the module of `commands` that has it, and what it does. Only the module of the command that is asked
for is imported: a command starts as fast as what it needs."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    told = sys.argv[1:] if arguments is None else list(arguments)
    given = _parser(next((word for word in told if not word.startswith("-")), "")).parse_args(told)
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


def _parser(wanted: str) -> argparse.ArgumentParser:
    """The parser of all commands, of which only the ``wanted`` one knows its options."""
    parser = argparse.ArgumentParser(prog="python -m analytics", description=__doc__.splitlines()[0])
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, (module, does) in COMMANDS.items():
        command = commands.add_parser(name, help=does, description=does)
        if name == wanted:
            getattr(import_module(f"analytics.commands.{module}"), f"add_{name.replace('-', '_')}")(command)
    return parser


if __name__ == "__main__":
    sys.exit(main())
