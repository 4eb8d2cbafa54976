"""``score`` and ``selfcheck``: from files, or from the store, to one row an area and day, or to the eight laws."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from analytics.commands.common import (
    add_home,
    add_language,
    day_of,
    opened,
    require_folder_of,
    scheme_in_use,
    tell_report,
    today,
    written,
)
from analytics.errors import UserError
from analytics.loaders import TABLES, load_records, sample_datasets
from analytics.scheme import scheme_named
from analytics.scoring import (
    Assessment,
    area_counts_for,
    assess,
    days_between,
    first_full_day,
    last_day,
    require_tables,
)
from analytics.scoring.selfcheck import selfcheck, selfcheck_report
from analytics.store import Counts, counts_of
from analytics.words import phrase, say

SAMPLES = Path(__file__).parents[2] / "sample_data"


def add_commands(commands: argparse._SubParsersAction) -> None:
    """The commands, with what each takes."""
    score = commands.add_parser("score", help="areas, records and a scheme → one row an area and day")
    laws = commands.add_parser("selfcheck", help="the eight laws of the method, on your records or the sample street")
    for command in (score, laws):
        command.add_argument("--scheme", required=command is score, default="epidemic", metavar="FILE|ID")
        for table in TABLES:
            if table != "teams":
                command.add_argument(f"--{table}", type=Path, metavar="FILE")
        command.add_argument("--date", type=day_of, metavar="YYYY-MM-DD", help="default: the newest day in the records")
    laws.set_defaults(run=_selfcheck)
    score.add_argument("--from", dest="first", type=day_of, metavar="YYYY-MM-DD")
    score.add_argument("--to", dest="last", type=day_of, metavar="YYYY-MM-DD")
    score.add_argument("--out", default="-", metavar="FILE.csv|FILE.parquet|-")
    score.set_defaults(run=_score)
    add_home(score)
    add_language(score, laws)


def _score(given: argparse.Namespace) -> None:
    _check_days(given)
    write = _writer(given.out)
    of_files = any(_files(given).values())
    scheme = scheme_named(given.scheme) if of_files else scheme_in_use(given, given.scheme)
    counts = _counts(given)
    require_tables(counts, scheme)
    first = given.first or given.date or last_day(counts) or today()
    days = days_between(first, given.last or first)
    assessment = assess(area_counts_for(counts, scheme), scheme, days)
    for table, count in assessment.unplaced.items():
        print(say(given.lang, "cli.unplaced", table=phrase(f"tables.{table}"), n=count), file=sys.stderr)
    full = first_full_day(counts, scheme)
    if full and first < full:
        print(say(given.lang, "cli.windows_not_full", day=full), file=sys.stderr)
    write(assessment)


def _counts(given: argparse.Namespace) -> Counts:
    """What the files hold, or the store where no file is named."""
    files = _files(given)
    if any(files.values()):
        return _counts_of_files(given, files)
    store = opened(given)
    if "areas" not in store.tables():
        raise UserError.because("cli.store_without_areas", home=store.home)
    return counts_of(store)


def _files(given: argparse.Namespace) -> Mapping[str, Path | None]:
    return {table: getattr(given, table, None) for table in TABLES}


def _counts_of_files(given: argparse.Namespace, files: Mapping[str, Path | None]) -> Counts:
    present = {table: file for table, file in files.items() if file is not None}
    records, reports = load_records(present, today())
    for report in reports:
        tell_report(report, given.lang)
    return Counts.of_records(records)


def _selfcheck(given: argparse.Namespace) -> None:
    scheme = scheme_named(given.scheme)
    files = _files(given)
    if given.areas is None:
        sample = next(info for info in sample_datasets(SAMPLES) if info.made_up)
        files = {table: sample.folder / name for table, name in sample.files.items()}
    counts = _counts_of_files(given, files)
    require_tables(counts, scheme)
    results = selfcheck(area_counts_for(counts, scheme), scheme, given.date or last_day(counts) or today())
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
