"""``void``, ``area-changes``, ``compact``: what is decided about records that are there, from a shell."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from analytics.commands.common import add_home, day_of, workspace_of
from analytics.errors import UserError
from analytics.loaders.apart import read_sheet_apart
from analytics.store.commits import AreaChange
from analytics.words import Phrase, phrase, say
from analytics.workspace import loads

_PAIR = 2


def add_void(command: argparse.ArgumentParser) -> None:
    """Which record, and why."""
    command.add_argument("table", metavar="TABLE", help="void_table")
    command.add_argument("number", metavar="NUMBER", help="number")
    command.add_argument("--reason", required=True, metavar="TEXT")
    command.set_defaults(run=_void)
    add_home(command)


def add_area_changes(command: argparse.ArgumentParser) -> None:
    """What became of which areas, and when."""
    command.add_argument("file", nargs="?", type=Path, metavar="FILE", help="codes")
    command.add_argument("--offered", action="store_true", help="offered")
    command.add_argument("--day", type=day_of, metavar="YYYY-MM-DD", help="from_day")
    command.set_defaults(run=_area_changes)
    add_home(command)


def add_compact(command: argparse.ArgumentParser) -> None:
    """Of which home."""
    command.set_defaults(run=_compact)
    add_home(command)


def _void(given: argparse.Namespace) -> None:
    done = loads.void(workspace_of(given), given.table, given.number, given.reason)
    told = {"record": given.number, "table": phrase(f"tables.{given.table}"), "number": done.number}
    print(say(given.lang, "cli.voided", **told))


def _area_changes(given: argparse.Namespace) -> None:
    ws, lang = workspace_of(given), given.lang
    if given.file or given.offered:
        if given.day is None:
            raise UserError.because("cli.area_moves_day")
        moves = _moves(given.file) if given.file else loads.offered_moves(ws)
        done = loads.change_areas(ws, moves, given.day)
        print(say(lang, "cli.areas_changed", day=done.day, moves=_told(done.moves), number=done.number))
        return
    kept = [one for one in loads.corrections(ws) if isinstance(one, AreaChange)]
    for one in kept:
        told = {"number": one.number, "day": one.day, "who": one.who, "moves": _told(one.moves)}
        print(say(lang, "cli.area_move_line", **told))
    if offered := loads.offered_moves(ws):
        print(say(lang, "cli.area_moves_offered", moves=_told(offered)))
    elif not kept:
        print(say(lang, "cli.area_moves_none"))


def _told(moves: Sequence[tuple[str, str]]) -> list[Phrase]:
    return [phrase("cli.area_move", old=old, new=new) for old, new in moves]


def _moves(file: Path) -> list[tuple[str, str]]:
    """The pairs of a file whose first row is a header."""
    sheet = read_sheet_apart("", file)
    found = []
    for line, row in enumerate(sheet.cells.itertuples(index=False), start=2):
        cells = [None if cell != cell or cell is None else str(cell).strip() for cell in row]
        if not any(cells):
            continue
        if len(cells) < _PAIR or not cells[0] or not cells[1]:
            raise UserError.because("cli.area_moves_wrong", file=file.name, line=line)
        found.append((cells[0], cells[1]))
    return found


def _compact(given: argparse.Namespace) -> None:
    done = loads.compact(workspace_of(given))
    for one in done:
        told = {"number": one.number, "table": phrase(f"tables.{one.table}"), "n": len(one.folds)}
        print(say(given.lang, "cli.compacted", **told, rows=one.held.rows))
    if not done:
        print(say(given.lang, "cli.nothing_to_compact"))
