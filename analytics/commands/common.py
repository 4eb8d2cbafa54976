"""What several commands share: options, days, and what is told of a load."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TextIO

from analytics.errors import UserError
from analytics.loaders import LoadReport
from analytics.scheme import Scheme
from analytics.scoring import require_tables
from analytics.wording.indicators import doubtful_text
from analytics.wording.loads import notes
from analytics.words import LANGUAGES, Language, say
from analytics.workspace import Workspace, open_workspace
from analytics.workspace.datasets import Dataset
from analytics.workspace.published import first_that_fits
from analytics.workspace.schemes import own_current
from analytics.workspace.words import Doubtful

ROWS_TOLD = 5
CONFIRMED = ("again", "clock")
"""What can be asked about: see ``UnconfirmedError``."""


def add_language(command: argparse.ArgumentParser) -> None:
    """Every command speaks either language."""
    command.add_argument("--lang", choices=LANGUAGES, default="zh", help="lang")


def add_home(command: argparse.ArgumentParser) -> None:
    """Where the store lies; and the language."""
    command.add_argument("--home", type=Path, metavar="DIR", help="home")
    add_language(command)


def add_confirm(command: argparse.ArgumentParser) -> None:
    """To go on with what a command has asked about."""
    command.add_argument("--confirm", action="append", default=[], choices=CONFIRMED, help="confirm")


def add_report(command: argparse.ArgumentParser) -> None:
    """Where the report of a load is written to, row by row."""
    command.add_argument("--report", type=Path, metavar="FILE.xlsx", help="report")


def add_scheme_and_day(command: argparse.ArgumentParser) -> None:
    """By which scheme, on which day."""
    command.add_argument("--scheme", metavar="FILE|ID", help="scheme")
    command.add_argument("--date", type=day_of, metavar="YYYY-MM-DD", help="date")


def scheme_and_day(ws: Workspace, given: argparse.Namespace, data: Dataset) -> tuple[Scheme, date]:
    """What :func:`add_scheme_and_day` asked for, held against the records: raises ``UserError`` where they lack what
    the scheme needs, or the day has no full records."""
    scheme = scheme_in_use(ws, given, given.scheme or first_that_fits(ws))
    require_tables(data.counts, scheme)
    first, newest = data.days(scheme)
    day = given.date or newest
    if not first <= day <= newest:
        raise UserError.because("cli.day_outside", day=day, first=first, newest=newest)
    return scheme, day


def workspace_of(given: argparse.Namespace) -> Workspace:
    """The workspace of whoever runs the command, on the home that it was asked to use."""
    return open_workspace(given.home, lang=getattr(given, "lang", "zh"))


def scheme_in_use(ws: Workspace, given: argparse.Namespace, name: str) -> Scheme:
    """The scheme that the store goes by: of an id the version in use, which is told on standard error; or a file."""
    found = own_current(ws, name)
    if found.notice:
        print(found.notice.text(given.lang), file=sys.stderr)
    if found.adopted:
        told = {"scheme": found.scheme.id, "version": found.scheme.version, "number": found.adopted.number}
        print(say(given.lang, "cli.scheme_in_use", **told), file=sys.stderr)
    return found.scheme


def on_one_line(text: str) -> str:
    """A person's words in a line of a list."""
    return " ".join(text.split())


def day_of(text: str) -> date:
    """A day as an option gives it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(" / ".join(say(lang, "cli.no_day", text=text) for lang in LANGUAGES)) from None


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


def require_place_of_report(given: argparse.Namespace) -> None:
    """Raise ``UserError`` where the file that :func:`add_report` asked for cannot be: before the work begins."""
    if given.report:
        if given.report.suffix != ".xlsx":
            raise UserError.because("cli.report_kind", out=given.report.name)
        require_folder_of(given.report)


def write_report(given: argparse.Namespace, report: LoadReport) -> None:
    """Write the file that :func:`add_report` asked for, if one is."""
    if given.report:
        from analytics.drawing.report_book import report_workbook  # writes Excel, which takes long to import

        written(given.report, report_workbook(given.lang, [report]))


def tell_report(report: LoadReport, lang: Language, out: TextIO | None = None) -> None:
    """What was loaded and what was not, the first rows of each: on standard error, since standard output is for tables.
    With ``out`` every row, there."""

    def tell(key: str, **params: object) -> None:
        print(say(lang, key, **params), file=out or sys.stderr)

    tell(
        "cli.read",
        file=report.source,
        read=report.read,
        accepted=report.accepted,
        repaired=report.repaired_rows,
        refused=len(report.refused),
    )
    for title, rows in (("cli.refused_rows", report.refused), ("cli.repaired_rows", report.repaired)):
        told = rows if out else rows[:ROWS_TOLD]
        if rows:
            tell(title, n=len(rows))
        for row in told:
            key = "cli.row_of_sheet" if row.sheet else "cli.row"
            tell(key, sheet=row.sheet, line=row.line, reason=row.reason)
        if len(rows) > len(told):
            tell("cli.more_rows", more=len(rows) - len(told))
    for note in notes(lang, report):
        print("  " + note, file=out or sys.stderr)


def tell_doubtful(lang: Language, found: Sequence[Doubtful], table: str | None = None) -> None:
    """Which indicators cannot be told everywhere, of one table or of all, on standard error."""
    for one in found:
        asked = {one.indicator.source, one.indicator.spec.of_table(one.indicator.source)}
        if table is None or table in asked:
            print("  " + doubtful_text(lang, one.scheme, one.indicator, one.words), file=sys.stderr)
