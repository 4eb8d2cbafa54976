"""``brief`` and ``nightly``: files for the meeting from a shell, and the whole night's work in one command."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Iterator
from pathlib import Path

from analytics.briefing.appearance import THEMES, Appearance
from analytics.briefing.rendering import FORMATS, ExportOptions, briefing_for, file_name, render_briefing
from analytics.briefing.sheet import SIZES
from analytics.commands.common import (
    add_home,
    add_language,
    ledger_of,
    opened,
    require_folder_of,
    role_for,
    tell_report,
    today,
    written,
)
from analytics.commands.records import EXIT_REFUSED
from analytics.commands.releases import material_of
from analytics.errors import LoadError, UserError
from analytics.loaders import DATUMS, TABLES
from analytics.releases.publishing import entry_of, release
from analytics.store import Store, load_into
from analytics.words import phrase, say


def add_commands(commands: argparse._SubParsersAction) -> None:
    """The commands, with what each takes."""
    brief = commands.add_parser("brief", help="a release as a picture, slides or a paper")
    brief.add_argument("release", metavar="N", help="12, or D3 for a draft")
    brief.add_argument("--format", choices=FORMATS, default="png")
    brief.add_argument("--theme", choices=THEMES, default="light")
    brief.add_argument("--size", choices=SIZES, default="1080p", help="of a png or a pdf")
    brief.add_argument("--template", type=Path, metavar="FILE.docx", help="an office's own, for --format docx")
    brief.add_argument("--out", type=Path, metavar="FILE", help="default: a name that says what it is, in this folder")
    brief.set_defaults(run=_brief)

    nightly = commands.add_parser("nightly", help="load what came in, score it, draft the release and its briefing")
    nightly.add_argument("inbox", type=Path, metavar="DIR", help=f"with a folder a table: {', '.join(TABLES)}")
    nightly.add_argument("--scheme", metavar="FILE|ID", help="default: the first that fits the records")
    nightly.add_argument("--datum", choices=DATUMS, default="WGS84", help="of the coordinates in the files")
    nightly.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the briefing goes")
    nightly.set_defaults(run=_nightly)

    add_home(brief, nightly)
    add_language(brief, nightly)


def _brief(given: argparse.Namespace) -> None:
    role_for("read")
    home, ledger = ledger_of(given)
    if given.template and given.format != "docx":
        raise UserError.because("cli.template_for_docx")
    if given.out:
        require_folder_of(given.out)
    briefing = briefing_for(home, ledger, entry_of(ledger, given.release), given.lang)
    wanted = ExportOptions(given.format, Appearance(given.theme), given.size)
    template = _template(given.template) if given.template else None
    out = given.out or Path(file_name(briefing, wanted))
    written(out, render_briefing(briefing, wanted, template))
    print(say(given.lang, "cli.briefed", out=out.name, release=briefing.period))


def _template(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UserError.because("cli.cannot_read", file=file.name, detail=error.strerror) from None


def _nightly(given: argparse.Namespace) -> int:
    """A file that cannot be loaded is told and left out, and so is a kind of briefing that cannot be made: in the
    morning there is what could be had, and the exit code says that something was missing."""
    role_for("load")
    role = role_for("draft")
    found = list(_inbox(given.inbox))
    if not given.out.is_dir():
        raise UserError.because("cli.no_folder", out=given.out.name)
    store, lang = opened(given), given.lang
    taken = [_loaded(given, store, table, file) for table, file in found]
    whole = all(taken)
    home, ledger = ledger_of(given)
    reason = say(lang, "cli.nightly_reason", day=today())
    material = material_of(given, store, None)
    frozen = release(home, ledger, material, author=getpass.getuser(), role=role, reason=reason, publish=False)
    briefing = briefing_for(home, ledger, entry_of(ledger, frozen.manifest.name), lang)
    for form in FORMATS:
        wanted = ExportOptions(form)
        try:
            content = render_briefing(briefing, wanted)
        except UserError as error:
            print(error.text(lang), file=sys.stderr)
            whole = False
            continue
        out = given.out / file_name(briefing, wanted)
        written(out, content)
        print(say(lang, "cli.briefed", out=out.name, release=briefing.period))
    return 0 if whole else EXIT_REFUSED


def _inbox(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files of the night, areas first: other tables name them."""
    if not folder.is_dir():
        raise UserError.because("cli.no_inbox", folder=folder.name, tables=list(TABLES))
    for table in TABLES:
        for file in sorted((folder / table).glob("*")):
            if file.is_file() and not file.name.startswith((".", "~")):
                yield table, file


def _loaded(given: argparse.Namespace, store: Store, table: str, file: Path) -> bool:
    """Load one file; whether all of it was taken."""
    try:
        loaded, added = load_into(store, table, file, today(), getpass.getuser(), given.datum)
    except LoadError as error:
        print(error.text(given.lang), file=sys.stderr)
        return False
    tell_report(loaded.report, given.lang)
    entry = "cli.loaded_before" if added.already else "cli.loaded"
    print(say(given.lang, entry, number=added.already or added.number, table=phrase(f"tables.{table}")))
    return not loaded.report.refused
