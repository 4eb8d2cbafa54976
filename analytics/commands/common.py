"""What several commands share: options, days, and what is told of a load."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from analytics.access import current_role, require
from analytics.errors import UserError
from analytics.loaders import LoadReport, RowNote
from analytics.scheme import Scheme
from analytics.store import Store
from analytics.store.current_schemes import current_scheme
from analytics.store.home import home_folder
from analytics.store.ledger import LEDGER_SETTING, Ledger
from analytics.wording.loads import notes
from analytics.words import LANGUAGES, Language, say

ROWS_TOLD = 5


def add_language(*commands: argparse.ArgumentParser) -> None:
    """Every command speaks either language."""
    for command in commands:
        command.add_argument("--lang", choices=LANGUAGES, default="zh")


def add_home(*commands: argparse.ArgumentParser) -> None:
    """Where the store lies."""
    for command in commands:
        command.add_argument(
            "--home", type=Path, metavar="DIR", help="default: FIVE_COLOUR_HOME, else your data folder"
        )


def opened(given: argparse.Namespace) -> Store:
    """The store that a command was asked to use."""
    return Store.open(given.home)


def ledger_of(given: argparse.Namespace) -> tuple[Path, Ledger]:
    """The home that a command was asked to use, and its ledger."""
    home = home_folder(given.home)
    return home, Ledger.open(os.environ.get(LEDGER_SETTING), home)


def scheme_in_use(given: argparse.Namespace, name: str) -> Scheme:
    """The scheme that the store goes by: of an id the version in use, which is told on standard error; or a file."""
    found = current_scheme(ledger_of(given)[1], name)
    if found.notice:
        print(found.notice.text(given.lang), file=sys.stderr)
    if found.adopted:
        told = {"scheme": found.scheme.id, "version": found.scheme.version, "number": found.adopted.number}
        print(say(given.lang, "cli.scheme_in_use", **told), file=sys.stderr)
    return found.scheme


def role_for(action: str) -> str:
    """The role in use, before any work is begun; raises ``AccessError`` where it may not do ``action``."""
    role = current_role()
    require(role, action)
    return role


def on_one_line(text: str) -> str:
    """A person's words in a line of a list."""
    return " ".join(text.split())


def day_of(text: str) -> date:
    """A day as an option gives it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(" / ".join(say(lang, "cli.no_day", text=text) for lang in LANGUAGES)) from None


def today() -> date:
    """The office's own calendar day."""
    return date.today()  # noqa: DTZ011


def written(out: Path, content: bytes) -> None:
    """Write a whole file or none; raises ``UserError`` where that cannot be done."""
    unfinished = Path(f"{out}.part")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(out)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise UserError.because("cli.cannot_write", out=out.name, detail=error.strerror) from None


def require_folder_of(out: Path) -> None:
    """Raise ``UserError`` where the folder of ``out`` does not exist: before the work begins, not after."""
    if not out.absolute().parent.is_dir():
        raise UserError.because("cli.no_folder", out=out.name)


def tell_report(report: LoadReport, lang: Language) -> None:
    """What was loaded and what was not, on standard error: standard output is for tables."""

    def tell(key: str, **params: object) -> None:
        print(say(lang, key, **params), file=sys.stderr)

    tell(
        "cli.read",
        file=report.source,
        read=report.read,
        accepted=report.accepted,
        repaired=report.repaired_rows,
        refused=len(report.refused),
    )
    _tell_rows(lang, "cli.refused_rows", report.refused)
    _tell_rows(lang, "cli.repaired_rows", report.repaired)
    for note in notes(lang, report):
        print("  " + note, file=sys.stderr)


def _tell_rows(lang: Language, title: str, rows: Sequence[RowNote]) -> None:
    if not rows:
        return
    print(say(lang, title, n=len(rows)), file=sys.stderr)
    for row in rows[:ROWS_TOLD]:
        key = "cli.row_of_sheet" if row.sheet else "cli.row"
        print(say(lang, key, sheet=row.sheet, line=row.line, reason=row.reason), file=sys.stderr)
    if len(rows) > ROWS_TOLD:
        print(say(lang, "cli.more_rows", more=len(rows) - ROWS_TOLD), file=sys.stderr)
