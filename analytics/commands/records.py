"""``load``, ``loads``, ``load-report``, ``undo``, ``export``, ``template``: the store from a shell."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

import yaml

from analytics.commands.common import (
    add_home,
    add_report,
    on_one_line,
    require_folder_of,
    require_place_of_report,
    tell_doubtful,
    tell_report,
    workspace_of,
    write_report,
    written,
)
from analytics.errors import UserError
from analytics.loaders import DATUMS, TABLES
from analytics.store.commits import AreaChange, Void
from analytics.words import Language, phrase, say
from analytics.workspace import feeds, ledgers, loads, words

EXIT_REFUSED = 3


def add_load(command: argparse.ArgumentParser) -> None:
    """A file, and how it is to be read."""
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("--as", dest="table", required=True, choices=TABLES)
    command.add_argument(
        "--mapping",
        type=Path,
        metavar="FILE",
        help="mapping",
    )
    command.add_argument("--datum", choices=DATUMS, default="WGS84", help="datum")
    add_report(command)
    command.add_argument(
        "--confirm",
        nargs="?",
        const="load",
        default="",
        choices=("load", "add"),
        help="confirm",
    )
    command.set_defaults(run=_load)
    add_home(command)


def add_loads(command: argparse.ArgumentParser) -> None:
    """Of which home."""
    command.set_defaults(run=_loads)
    add_home(command)


def add_load_report(command: argparse.ArgumentParser) -> None:
    """Of which load."""
    command.add_argument("number", type=int, metavar="N")
    add_report(command)
    command.set_defaults(run=_load_report)
    add_home(command)


def add_undo(command: argparse.ArgumentParser) -> None:
    """Which load."""
    command.add_argument("number", type=int, metavar="N")
    command.set_defaults(run=_undo)
    add_home(command)


def add_export(command: argparse.ArgumentParser) -> None:
    """Where to."""
    command.add_argument("folder", type=Path, metavar="DIR")
    command.set_defaults(run=_export)
    add_home(command)


def add_template(command: argparse.ArgumentParser) -> None:
    """Of which table."""
    command.add_argument("table", choices=TABLES, metavar="KIND", help="kind")
    command.add_argument("--made-up", action="store_true", help="made_up")
    command.add_argument("--out", type=Path, metavar="FILE.xlsx", help="template_out")
    command.set_defaults(run=_template)
    add_home(command)


def _load(given: argparse.Namespace) -> int:
    ws = workspace_of(given)
    ws.actor.require("load")
    mapping = _mapping(given.mapping) if given.mapping else Mapped()
    require_place_of_report(given)
    incoming = loads.Incoming(given.table, given.file, given.datum, mapping.columns, mapping.sheet, mapping.values)
    loaded, added = loads.load_file(ws, incoming, _progress(given.lang), given.confirm)
    tell_report(loaded.report, given.lang)
    if loaded.report.unknown or given.table == "residents":
        tell_doubtful(given.lang, words.doubtful(ws), given.table)
    write_report(given, loaded.report)
    for note in added.notes:
        print("  " + note.text(given.lang), file=sys.stderr)
    for line in feeds.missing_lines(ws, given.lang):
        print("  " + line, file=sys.stderr)
    entry = "cli.loaded_before" if added.already else "cli.loaded"
    print(say(given.lang, entry, number=added.already or added.number, table=phrase(f"tables.{given.table}")))
    return EXIT_REFUSED if loaded.report.refused else 0


def _load_report(given: argparse.Namespace) -> None:
    require_place_of_report(given)
    report = loads.load_report(workspace_of(given), given.number)
    tell_report(report, given.lang, sys.stdout)
    write_report(given, report)


def _progress(lang: Language) -> Callable[[float], None] | None:
    """A line on a terminal that shows how far a long file is; nothing in a log."""
    if not sys.stderr.isatty():
        return None

    def show(share: float) -> None:
        print("\r" + say(lang, "cli.progress", share=f"{share:.0%}"), end="" if share < 1 else "\n", file=sys.stderr)

    return show


@dataclass(frozen=True)
class Mapped:
    """What a mapping file says: the headers of ``columns``, the ``sheet``, and what words mean; None: nothing."""

    columns: Mapping[str, str | None] | None = None
    sheet: str | None = None
    values: Mapping[str, Mapping[str, str]] | None = None


def _mapping(file: Path) -> Mapped:
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise UserError.because("cli.mapping_unreadable", file=file.name) from error
    values = found.pop("values", None) if isinstance(found, dict) else None
    if values is not None:
        values = _values(values, file)
    if not isinstance(found, dict) or not all(
        isinstance(column, str) and isinstance(header, str | None) for column, header in found.items()
    ):
        raise UserError.because("cli.mapping_wrong", file=file.name)
    sheet = found.pop("sheet", None)
    return Mapped(found or None, sheet, values)


def _values(said: object, file: Path) -> Mapping[str, Mapping[str, str]]:
    """Column → word → code. What YAML takes for a number, as a channel 12345, is a word like any other."""
    if not isinstance(said, dict) or not all(isinstance(words, dict) for words in said.values()):
        raise UserError.because("cli.mapping_values_wrong", file=file.name)
    told = [one for words in said.values() for pair in words.items() for one in pair]
    if any(isinstance(one, dict | list | bool | None) for one in told):
        raise UserError.because("cli.mapping_values_wrong", file=file.name)
    return {str(column): {str(word): str(code) for word, code in words.items()} for column, words in said.items()}


def _loads(given: argparse.Namespace) -> None:
    ws = workspace_of(given)
    history = loads.history(ws)
    if not history:
        print(say(given.lang, "cli.no_loads"))
    for load in history:
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

    for one in loads.corrections(ws):
        told = {"number": one.number, "when": f"{one.when:%Y-%m-%d %H:%M}", "who": one.who}
        if isinstance(one, AreaChange):
            moves = [phrase("cli.area_move", old=old, new=new) for old, new in one.moves]
            print(say(given.lang, "cli.area_move_line", number=one.number, day=one.day, who=one.who, moves=moves))
        elif isinstance(one, Void):
            told |= {"record": one.record, "reason": on_one_line(one.reason)}
            print(say(given.lang, "cli.void_line", table=phrase(f"tables.{one.table}"), **told))
        else:
            print(say(given.lang, "cli.compact_line", table=phrase(f"tables.{one.table}"), n=len(one.folds), **told))


def _undo(given: argparse.Namespace) -> None:
    done, *warnings = loads.undo(workspace_of(given), given.number)
    print(done.text(given.lang))
    for warning in warnings:
        print("  " + warning.text(given.lang), file=sys.stderr)


def _export(given: argparse.Namespace) -> None:
    ws = workspace_of(given)
    done = loads.export(ws, given.folder)
    for file in done.files:
        with file.open("rb") as content:
            ledgers.log_taken(ws, None, file.name, file_digest(content, "sha256").hexdigest())
    print(say(given.lang, "cli.exported", folder=given.folder.name, files=[file.name for file in done.files]))
    if done.removed:
        print(say(given.lang, "cli.export_removed", files=[file.name for file in done.removed]))


def _template(given: argparse.Namespace) -> None:
    out = given.out or Path(f"{given.table}.xlsx")
    require_folder_of(out)
    written(out, loads.blank_template(workspace_of(given), given.table, given.lang, made_up=given.made_up))
    print(say(given.lang, "cli.template_written", out=out.name))
