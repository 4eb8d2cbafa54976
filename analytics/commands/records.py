"""``load``, ``loads``, ``undo``, ``export``, ``template``: the store from a shell, for the nightly run."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Mapping
from pathlib import Path

import yaml

from analytics.commands.common import (
    add_home,
    add_language,
    opened,
    require_folder_of,
    role_for,
    tell_report,
    today,
    written,
)
from analytics.errors import UserError
from analytics.loaders import DATUMS, TABLES
from analytics.store import load_into
from analytics.words import Language, phrase, say

EXIT_REFUSED = 3


def add_commands(commands: argparse._SubParsersAction) -> None:
    """The commands, with what each takes."""
    load = commands.add_parser("load", help="a file of records → the store")
    load.add_argument("file", type=Path, metavar="FILE")
    load.add_argument("--as", dest="table", required=True, choices=TABLES)
    load.add_argument("--mapping", type=Path, metavar="FILE", help="YAML: column of the table → header in the file")
    load.add_argument("--datum", choices=DATUMS, default="WGS84", help="of the coordinates in the file")
    load.add_argument("--report", type=Path, metavar="FILE.xlsx", help="where to write what was repaired and refused")
    load.set_defaults(run=_load)

    loads = commands.add_parser("loads", help="what was loaded, newest first")
    loads.set_defaults(run=_loads)

    undo = commands.add_parser("undo", help="take one load back")
    undo.add_argument("number", type=int, metavar="N")
    undo.set_defaults(run=_undo)

    export = commands.add_parser("export", help="all records as files that can be loaded again")
    export.add_argument("folder", type=Path, metavar="DIR")
    export.set_defaults(run=_export)

    blank = commands.add_parser("template", help="an Excel file to fill in")
    blank.add_argument("table", choices=TABLES, metavar="KIND", help=", ".join(TABLES))
    blank.add_argument("--made-up", action="store_true", help="filled with made-up data")
    blank.add_argument("--out", type=Path, metavar="FILE.xlsx", help="default: KIND.xlsx in this folder")
    blank.set_defaults(run=_template)

    add_home(load, loads, undo, export, blank)
    add_language(load, loads, undo, export, blank)


def _load(given: argparse.Namespace) -> int:
    role_for("load")
    columns = _mapping(given.mapping) if given.mapping else None
    if given.report:
        if given.report.suffix != ".xlsx":
            raise UserError.because("cli.report_kind", out=given.report.name)
        require_folder_of(given.report)
    store = opened(given)
    loaded, added = load_into(
        store, given.table, given.file, today(), getpass.getuser(), given.datum, columns, _progress(given.lang)
    )
    tell_report(loaded.report, given.lang)
    if given.report:
        # The library that writes workbooks takes long to import: who wants no report does not wait for it.
        from analytics.drawing.report_book import report_workbook

        written(given.report, report_workbook(given.lang, [loaded.report]))
    for note in added.notes:
        print("  " + note.text(given.lang), file=sys.stderr)
    entry = "cli.loaded_before" if added.already else "cli.loaded"
    print(say(given.lang, entry, number=added.already or added.number, table=phrase(f"tables.{given.table}")))
    return EXIT_REFUSED if loaded.report.refused else 0


def _progress(lang: Language):
    """A line on a terminal that shows how far a long file is; nothing in a log."""
    if not sys.stderr.isatty():
        return None

    def show(share: float) -> None:
        print("\r" + say(lang, "cli.progress", share=f"{share:.0%}"), end="" if share < 1 else "\n", file=sys.stderr)

    return show


def _mapping(file: Path) -> Mapping[str, str | None]:
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UserError.because("cli.mapping_unreadable", file=file.name) from error
    if not isinstance(found, dict) or not all(
        isinstance(column, str) and isinstance(header, str | None) for column, header in found.items()
    ):
        raise UserError.because("cli.mapping_wrong", file=file.name)
    return found


def _loads(given: argparse.Namespace) -> None:
    loads = opened(given).loads()
    if not loads:
        print(say(given.lang, "cli.no_loads"))
    for load in loads:
        print(
            say(
                given.lang,
                "cli.load_line",
                number=load.number,
                when=f"{load.when:%Y-%m-%d %H:%M}",
                who=load.who,
                table=phrase(f"tables.{load.table}"),
                source=load.source,
                read=load.read,
                accepted=load.accepted,
                repaired=load.repaired,
                refused=load.refused,
                status=phrase(f"data.status_{load.status}"),
            )
        )


def _undo(given: argparse.Namespace) -> None:
    role_for("load")
    done, *warnings = opened(given).undo(given.number, getpass.getuser())
    print(done.text(given.lang))
    for warning in warnings:
        print("  " + warning.text(given.lang), file=sys.stderr)


def _export(given: argparse.Namespace) -> None:
    done = opened(given).export(given.folder)
    print(say(given.lang, "cli.exported", folder=given.folder.name, files=[file.name for file in done.files]))
    if done.removed:
        print(say(given.lang, "cli.export_removed", files=[file.name for file in done.removed]))


def _template(given: argparse.Namespace) -> None:
    out = given.out or Path(f"{given.table}.xlsx")
    require_folder_of(out)
    # The library that writes workbooks takes long to import: no other command waits for it.
    from analytics.loaders.templates import template

    content = template(given.table, given.lang, opened(given).known().areas, given.made_up, today())
    written(out, content)
    print(say(given.lang, "cli.template_written", out=out.name))
