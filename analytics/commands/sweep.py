"""``coverage`` and ``sweep-calls``: how far a building sweep has come, its plan and papers, and what a platform
exports."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from analytics.commands.common import (
    add_home,
    add_report,
    day_of,
    require_folder_of,
    require_place_of_report,
    tell_report,
    workspace_of,
    write_report,
    written,
)
from analytics.errors import UserError
from analytics.wording import sweep as wording
from analytics.words import say
from analytics.workspace import Workspace, sweep
from analytics.workspace.datasets import Dataset

if TYPE_CHECKING:
    from analytics.exhibits.exhibit import Exhibit
    from analytics.workspace.sweep import SweepView

EXIT_REFUSED = 3
TABLES = ("lines", "missing", "written-off", "teams", "plan", "sample")


def add_coverage(command: argparse.ArgumentParser) -> None:
    """Which campaign on which day, which of its tables, and where to."""
    command.add_argument("campaign", nargs="?", metavar="CAMPAIGN", help="campaign")
    command.add_argument("--day", type=day_of, metavar="YYYY-MM-DD", help="sweep_day")
    command.add_argument("--table", choices=TABLES, default="lines", help="sweep_table")
    command.add_argument("--out", type=Path, metavar="FILE.csv|FILE.pdf", help="sweep_out")
    command.add_argument("--sheets", type=Path, metavar="DIR", help="sweep_sheets")
    command.add_argument("--draw", action="store_true", help="sweep_draw")
    command.set_defaults(run=_coverage)
    add_home(command)


def add_sweep_calls(command: argparse.ArgumentParser) -> None:
    """Of which campaign, and which file."""
    command.add_argument("campaign", metavar="CAMPAIGN", help="campaign")
    command.add_argument("file", type=Path, metavar="FILE", help="sweep_file")
    command.add_argument("--checked", action="store_true", help="sweep_checked")
    add_report(command)
    command.set_defaults(run=_sweep_calls)
    add_home(command)


def _coverage(given: argparse.Namespace) -> None:
    ws, lang, out = workspace_of(given), given.lang, given.out
    data = sweep.require_swept(ws)
    name = _campaign(ws, data, given.campaign)
    if out is not None:
        if out.suffix not in (".csv", ".pdf"):
            raise UserError.because("sweep.out_kind", out=out.name)
        require_folder_of(out)
    if given.sheets is not None and not given.sheets.is_dir():
        raise UserError.because("cli.no_folder", out=given.sheets.name)
    view = sweep.draw_sample(ws, data, name, given.day) if given.draw else sweep.sweep_view(ws, data, name, given.day)
    for line in sweep.summary(ws, view, lang):
        print(line, file=sys.stderr)
    if given.sheets is not None:
        sheets = sweep.pair_sheets(ws, view, lang)
        for sheet in sheets:
            written(given.sheets / sheet.name, sheet.content())
        print(say(lang, "sweep.sheets_written", n=len(sheets)))
        return
    if out is not None and out.suffix == ".pdf":
        written(out, sweep.closing_paper(ws, data, view, lang))
        print(say(lang, "sweep.written", out=out.name))
        return
    from analytics.exhibits.exhibit import as_csv, as_tabs

    exhibit = _table(ws, view, given)
    if out is None:
        print(as_tabs(exhibit))
    else:
        written(out, as_csv(exhibit))
        print(say(lang, "sweep.written", out=out.name))


def _table(ws: Workspace, view: SweepView, given: argparse.Namespace) -> Exhibit:
    made = {one.key: one for one in sweep.exhibits(ws, view, given.lang)}
    if given.table not in made:
        raise UserError.because("sweep.nothing_drawn")
    return made[given.table].exhibit.make()


def _campaign(ws: Workspace, data: Dataset, asked: str | None) -> str:
    """The campaign that is asked for, else the one that began last."""
    if asked is not None:
        return asked
    known = sweep.campaigns(ws, data)
    if not known:
        raise UserError.because("sweep.none_yet")
    return next(iter(known))


def _sweep_calls(given: argparse.Namespace) -> int:
    ws, lang = workspace_of(given), given.lang
    require_place_of_report(given)
    data = sweep.require_swept(ws)
    load = sweep.load_results if given.checked else sweep.load_calls
    report = load(ws, data, given.campaign, given.file)
    tell_report(report, lang)
    write_report(given, report)
    view = sweep.sweep_view(ws, data, given.campaign)
    for row in wording.line_rows(lang, view.state.lines()):
        print(say(lang, "sweep.line_said", **row))
    return EXIT_REFUSED if report.refused else 0
