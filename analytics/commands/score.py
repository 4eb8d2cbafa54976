"""``score`` and ``selfcheck``: from files, or from the store, to one row an area and day, or to the eight laws."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from analytics.commands.common import (
    add_home,
    day_of,
    require_folder_of,
    scheme_in_use,
    tell_report,
    workspace_of,
    written,
)
from analytics.errors import UserError
from analytics.loaders import TABLES
from analytics.scheme import scheme_named
from analytics.scoring import Assessment, days_between, first_full_day, last_known_day
from analytics.scoring.selfcheck import selfcheck_report
from analytics.store import Counts
from analytics.wording.areas import former_areas, unscored
from analytics.wording.indicators import doubtful_text, missing_texts
from analytics.wording.orders import order_line
from analytics.wording.silence import interruption
from analytics.words import Language, phrase, say
from analytics.workspace import Workspace, scoring
from analytics.workspace.datasets import own


def add_score(command: argparse.ArgumentParser) -> None:
    """Of which records, by which scheme, on which days, and where to."""
    _add_input(command)
    command.add_argument("--scheme", required=True, metavar="FILE|ID")
    command.add_argument("--from", dest="first", type=day_of, metavar="YYYY-MM-DD")
    command.add_argument("--to", dest="last", type=day_of, metavar="YYYY-MM-DD")
    command.add_argument("--out", default="-", metavar="FILE.csv|FILE.parquet|-")
    command.set_defaults(run=_score)
    add_home(command)


def add_selfcheck(command: argparse.ArgumentParser) -> None:
    """Of which records, by which scheme."""
    _add_input(command)
    command.add_argument("--scheme", default="epidemic", metavar="FILE|ID")
    command.set_defaults(run=_selfcheck)
    add_home(command)


def _add_input(command: argparse.ArgumentParser) -> None:
    for table in TABLES:
        if table != "teams":
            command.add_argument(f"--{table}", type=Path, metavar="FILE")
    command.add_argument("--date", type=day_of, metavar="YYYY-MM-DD", help="date")


def _score(given: argparse.Namespace) -> None:
    _check_days(given)
    write = _writer(given.out)
    ws, files = workspace_of(given), _files(given)
    if files:
        scheme, counts = scheme_named(given.scheme), _counts_of_files(ws, given, files)
    else:
        scheme, counts = scheme_in_use(ws, given, given.scheme), scoring.own_counts(ws)
    first = given.first or given.date or last_known_day(counts) or ws.today
    assessment = scoring.scored(ws, counts, scheme, days_between(first, given.last or first))
    for line in _beside(given.lang, assessment):
        print(line, file=sys.stderr)
    full = first_full_day(counts, scheme)
    if full and first < full:
        print(say(given.lang, "cli.windows_not_full", day=full), file=sys.stderr)
    write(assessment)


def _beside(lang: Language, assessment: Assessment) -> Iterator[str]:
    """What is to be said beside the scores: that they are a drill, and what is not in them and why."""
    scheme, day = assessment.scheme, assessment.days[-1].date()
    if scheme.is_drill(day):
        yield say(lang, "cli.drill", scheme=scheme.title(day).text(lang))
    for table, count in assessment.unplaced.items():
        yield say(lang, "cli.unplaced", table=phrase(f"tables.{table}"), n=count)
    if assessment.unscored:
        yield unscored(lang, assessment)
    yield from filter(None, (interruption(lang, assessment), order_line(lang, assessment)))
    for item in scheme.indicators:
        if words := assessment.doubtful.get(item.id):
            yield doubtful_text(lang, scheme, item, words)
    yield from missing_texts(lang, assessment)
    yield from former_areas(lang, assessment)


def _files(given: argparse.Namespace) -> Mapping[str, Path]:
    named = {table: getattr(given, table, None) for table in TABLES}
    return {table: file for table, file in named.items() if file is not None}


def _counts_of_files(ws: Workspace, given: argparse.Namespace, files: Mapping[str, Path]) -> Counts:
    counts, reports = scoring.counts_of_files(ws, files)
    for report in reports:
        tell_report(report, given.lang)
    return counts


def _selfcheck(given: argparse.Namespace) -> None:
    ws, files = workspace_of(given), _files(given)
    if not files and (held := own(ws)):
        scheme, counts = scheme_in_use(ws, given, given.scheme), held.counts
    else:
        scheme, counts = scheme_named(given.scheme), _counts_of_files(ws, given, files or scoring.sample_files())
    results = scoring.checked(ws, counts, scheme, given.date or last_known_day(counts) or ws.today)
    print(selfcheck_report(results, given.lang))
    if not all(result.holds for result in results):
        raise UserError.because("cli.law_broken")


def _check_days(given: argparse.Namespace) -> None:
    if given.date and (given.first or given.last):
        raise UserError.because("cli.date_or_span")
    if bool(given.first) != bool(given.last):
        raise UserError.because("cli.half_a_span")
    if given.first:
        days_between(given.first, given.last)


def _writer(out: str) -> Callable[[Assessment], None]:
    """How to write to ``out``: known before the work begins, so that a wrong name costs no time."""
    if out != "-" and Path(out).suffix not in (".csv", ".parquet"):
        raise UserError.because("cli.out_kind", out=out)
    if out != "-":
        require_folder_of(Path(out))

    def write(assessment: Assessment) -> None:
        table = assessment.table()
        if out == "-":
            sys.stdout.reconfigure(encoding="utf-8")
            table.to_csv(sys.stdout, index=False, lineterminator="\n")
            return
        held = io.BytesIO()
        table.to_parquet(held, index=False) if out.endswith(".parquet") else table.to_csv(held, index=False)
        written(Path(out), held.getvalue())

    return write
