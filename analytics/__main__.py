"""The same work from a shell, for the nightly run: ``python -m analytics score``, ``check-scheme``, ``weights`` …

Exit code 0: done. 2: the user can mend it; standard error says what, where and how, and nothing was written.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from analytics.bench import bench_scoring
from analytics.errors import UserError
from analytics.loaders import TABLES, LoadReport, Records, load_records, sample_datasets
from analytics.scheme import json_schema, scheme_named
from analytics.scoring import Assessment, assess, days_between, facts_for, first_full_day, last_day, require_tables
from analytics.scoring.noise import noise_report
from analytics.scoring.selfcheck import selfcheck, selfcheck_report
from analytics.scoring.weights import METHODS, as_json, weighting_from_file
from analytics.words import LANGUAGES, Language, phrase, say

EXIT_USER = 2
ROWS_TOLD = 5
SAMPLES = Path(__file__).parents[1] / "sample_data"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = _parser().parse_args(arguments)
    sys.stdout.reconfigure(errors="backslashreplace")  # a console that cannot write Chinese still gets its answer
    try:
        given.run(given)
    except UserError as error:
        print(error.text(given.lang), file=sys.stderr)
        return EXIT_USER
    except BrokenPipeError:  # the reader of a pipe had enough, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m analytics", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    score = commands.add_parser("score", help="areas, records and a scheme → one row an area and day")
    laws = commands.add_parser("selfcheck", help="the eight laws of the method, on your records or the sample street")
    for command in (score, laws):
        command.add_argument("--scheme", required=command is score, default="epidemic", metavar="FILE|ID")
        for table in TABLES:
            if table != "teams":
                needed = command is score and table == "areas"
                command.add_argument(f"--{table}", type=Path, required=needed, metavar="FILE")
        command.add_argument("--date", type=_day, metavar="YYYY-MM-DD", help="default: the newest day in the records")
    laws.set_defaults(run=_selfcheck)
    score.add_argument("--from", dest="first", type=_day, metavar="YYYY-MM-DD")
    score.add_argument("--to", dest="last", type=_day, metavar="YYYY-MM-DD")
    score.add_argument("--out", default="-", metavar="FILE.csv|FILE.parquet|-")
    score.set_defaults(run=_score)

    check = commands.add_parser("check-scheme", help="say what is wrong in a scheme file, where, and what to do")
    check.add_argument("scheme", metavar="FILE")
    check.set_defaults(run=_check_scheme)

    schema = commands.add_parser("scheme-schema", help="the JSON schema of a scheme file, for editors")
    schema.set_defaults(run=lambda _: print(json_schema(), end=""))

    weights = commands.add_parser("weights", help="weights by a method → JSON")
    weights.add_argument("method", choices=METHODS)
    weights.add_argument("file", type=Path, metavar="FILE.csv")
    weights.add_argument("--cost", action="append", default=[], metavar="NAME", help="a criterion where less is better")
    weights.set_defaults(run=lambda given: print(as_json(weighting_from_file(given.method, given.file, given.cost))))

    noise = commands.add_parser("noise", help="how often a colour changes by chance, by stability rule")
    noise.set_defaults(run=lambda given: print(noise_report(given.lang)))

    bench = commands.add_parser("bench", help="speed against the stock way, as ratios in one run")
    bench.add_argument("what", choices=("scoring",))
    bench.set_defaults(run=lambda given: print(bench_scoring(given.lang)))

    for command in (score, laws, check, schema, weights, noise, bench):
        command.add_argument("--lang", choices=LANGUAGES, default="zh")
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(" / ".join(say(lang, "cli.no_day", text=text) for lang in LANGUAGES)) from None


def _check_scheme(given: argparse.Namespace) -> None:
    scheme = scheme_named(given.scheme)
    print(
        say(
            given.lang,
            "cli.scheme_good",
            name=scheme.name.text(given.lang),
            version=scheme.version,
            dimensions=len(scheme.dimensions),
            indicators=len(scheme.indicators),
        )
    )


def _score(given: argparse.Namespace) -> None:
    _check_days(given)
    write = _writer(given.out)
    scheme = scheme_named(given.scheme)
    records = _records(given, {table: getattr(given, table, None) for table in TABLES})
    require_tables(records, scheme)
    first = given.first or given.date or _newest(records)
    days = days_between(first, given.last or first)
    assessment = assess(facts_for(records, scheme), scheme, days)
    for table, count in assessment.unplaced.items():
        print(say(given.lang, "cli.unplaced", table=phrase(f"tables.{table}"), n=count), file=sys.stderr)
    full = first_full_day(records, scheme)
    if full and first < full:
        print(say(given.lang, "cli.windows_not_full", day=full), file=sys.stderr)
    write(assessment)


def _records(given: argparse.Namespace, files: Mapping[str, Path | None]) -> Records:
    present = {table: file for table, file in files.items() if file is not None}
    records, reports = load_records(present, date.today())  # noqa: DTZ011 - the office's own calendar day
    for report in reports:
        _tell(report, given.lang)
    return records


def _newest(records: Records) -> date:
    return last_day(records) or date.today()  # noqa: DTZ011 - the office's own calendar day


def _selfcheck(given: argparse.Namespace) -> None:
    scheme = scheme_named(given.scheme)
    files = {table: getattr(given, table, None) for table in TABLES}
    if given.areas is None:
        sample = next(info for info in sample_datasets(SAMPLES) if info.made_up)
        files = {table: sample.folder / name for table, name in sample.files.items()}
    records = _records(given, files)
    require_tables(records, scheme)
    results = selfcheck(facts_for(records, scheme), scheme, given.date or _newest(records))
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


def _writer(out: str):
    """How to write to ``out``: known before the work begins, so that a wrong name costs no time."""
    if out != "-" and Path(out).suffix not in (".csv", ".parquet"):
        raise UserError.because("cli.out_kind", out=out)
    if out != "-" and not Path(out).absolute().parent.is_dir():
        raise UserError.because("cli.no_folder", out=out)

    def write(assessment: Assessment) -> None:
        table = assessment.table()
        if out == "-":
            sys.stdout.reconfigure(encoding="utf-8")
            table.to_csv(sys.stdout, index=False, lineterminator="\n")
            return
        held = io.BytesIO()
        table.to_parquet(held, index=False) if out.endswith(".parquet") else table.to_csv(held, index=False)
        unfinished = Path(f"{out}.part")
        try:
            unfinished.write_bytes(held.getvalue())
            unfinished.replace(out)
        except OSError as error:
            raise UserError.because("cli.cannot_write", out=out, detail=error.strerror) from None

    return write


def _tell(report: LoadReport, lang: Language) -> None:
    """What was loaded and what was not, on standard error: standard output is for the table."""

    def tell(key: str, **params: object) -> None:
        print(say(lang, key, **params), file=sys.stderr)

    tell("cli.read", file=report.source, read=report.read, accepted=report.accepted, refused=len(report.refused))
    for row in report.refused[:ROWS_TOLD]:
        tell("cli.refused_row", line=row.line, reason=row.reason)
    if len(report.refused) > ROWS_TOLD:
        tell("cli.more_refused", more=len(report.refused) - ROWS_TOLD)
    if report.dropped_private:
        tell("cli.dropped_private", columns=report.dropped_private)
    if report.unused:
        tell("cli.unused", columns=report.unused)
    for note in report.notes:
        print("  " + note.text(lang), file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
