"""A table of the response as several commands give it: printed, or written to a file by its ending."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

from analytics.commands.common import require_folder_of, written
from analytics.errors import UserError
from analytics.exhibits.captions import Caption, Origin, caption_of_list
from analytics.exhibits.exhibit import Exhibit
from analytics.exhibits.table_files import ENDINGS, as_text, table_file
from analytics.scheme import Scheme
from analytics.words import Language, pick, say
from analytics.workspace.datasets import Dataset


def add_table_out(command: argparse.ArgumentParser) -> None:
    """Where the table goes; it is printed where nothing is said."""
    command.add_argument("--out", type=Path, metavar="FILE.txt|FILE.csv|FILE.xlsx", help="table_out")


def require_table_out(out: Path | None) -> None:
    """Raise ``UserError`` for a kind of file that no table is written as, or a folder that does not exist: before the
    work begins, not after."""
    if out is None:
        return
    if out.suffix not in ENDINGS:
        raise UserError.because("cli.table_kind", out=out.name, endings=list(ENDINGS))
    require_folder_of(out)


def caption_of(lang: Language, data: Dataset, scheme: Scheme, day: date) -> Caption:
    """What stands over a table of some data, as of a day."""
    return caption_of_list(lang, Origin(pick(lang, data.name), pick(lang, data.source), "", ""), scheme, day)


def tell_table(lang: Language, out: Path | None, table: Exhibit) -> None:
    """Print the table, or write it and say so."""
    table = replace(table, heading=say(lang, "papers.internal"))
    if out is None:
        sys.stdout.reconfigure(encoding="utf-8")
        print(as_text(table), end="")
        return
    written(out, table_file(table, out.suffix))
    print(say(lang, "cli.table_written", out=out.name))
