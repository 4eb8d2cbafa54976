"""``words``: words in the records that nobody knows, and what somebody says they mean."""

from __future__ import annotations

import argparse
from itertools import groupby

from analytics.commands.common import add_home, tell_doubtful, workspace_of
from analytics.errors import UserError
from analytics.loaders.coded import CODED_COLUMNS, OTHER
from analytics.wording.loads import code_label, column_heading, unknown_notes
from analytics.words import Language, phrase, say
from analytics.workspace import Workspace, words


def add_words(command: argparse.ArgumentParser) -> None:
    """What is to be mapped; without anything, all that nobody knows is listed."""
    command.add_argument(
        "--map",
        nargs=3,
        action="append",
        default=[],
        metavar=("TABLE.COLUMN", "WORD", "CODE"),
        help="word",
    )
    command.add_argument(
        "--other",
        action="append",
        default=[],
        metavar="TABLE.COLUMN",
        help="other",
    )
    command.set_defaults(run=_words)
    add_home(command)


def _words(given: argparse.Namespace) -> None:
    ws = workspace_of(given)
    if given.map or given.other:
        ws.actor.require("load")
    wanted: dict[tuple[str, str], dict[str, str]] = {}
    for place, word, code in given.map:
        wanted.setdefault(_column(place), {})[word] = code
    for (table, column), mapped in wanted.items():
        _tell(given.lang, table, column, mapped, words.map_words(ws, table, column, mapped))
    for table, column in map(_column, given.other):
        rest = {one.word: OTHER for of, one in words.unknown_words(ws) if (of, one.column) == (table, column)}
        if rest:
            _tell(given.lang, table, column, rest, words.map_words(ws, table, column, rest))
    if not wanted and not given.other:
        _list(ws, given.lang)


def _column(place: str) -> tuple[str, str]:
    table, _, column = place.partition(".")
    if column not in CODED_COLUMNS.get(table, ()):
        known = [f"{one}.{each}" for one, several in CODED_COLUMNS.items() for each in several if one != "areas"]
        raise UserError.because("cli.no_coded_column", column=place, known=known)
    return table, column


def _list(ws: Workspace, lang: Language) -> None:
    for one in words.mappings(ws):
        for word, code in one.words.items():
            print(_line(lang, one.table, one.column, word, code, one.number))
    found = words.unknown_words(ws)
    if not found:
        print(say(lang, "cli.no_unknown_words"))
    for table, several in groupby(found, key=lambda one: one[0]):
        for note in unknown_notes(lang, table, [one for _, one in several]):
            print(say(lang, "cli.of_table", table=phrase(f"tables.{table}"), note=note))
    tell_doubtful(lang, words.doubtful(ws))


def _tell(lang: Language, table: str, column: str, mapped: dict[str, str], number: int) -> None:
    for word, code in mapped.items():
        print(_line(lang, table, column, word, code, number))


def _line(lang: Language, table: str, column: str, word: str, code: str, number: int) -> str:
    told = {"table": phrase(f"tables.{table}"), "column": column_heading(lang, table, column), "word": word}
    return say(lang, "cli.word_mapped", number=number, code=code_label(lang, column, code), **told)
