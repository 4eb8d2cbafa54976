"""The same work from a shell, for the nightly run: ``python -m analytics load``, ``score``, ``check-scheme`` …

Exit code 0: done. 2: the user can mend it; standard error says what, where and how, and nothing was written.
3: loaded, but some rows were refused.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from analytics.benchmarks.confidence import bench_confidence
from analytics.benchmarks.loading import bench_loading
from analytics.benchmarks.scoring import bench_scoring
from analytics.benchmarks.workbench import bench_workbench
from analytics.commands import briefing, decisions, records, releases, schemes, score, versions
from analytics.commands.common import add_language
from analytics.errors import UserError

EXIT_USER = 2
BENCHES = {
    "loading": bench_loading,
    "scoring": bench_scoring,
    "confidence": bench_confidence,
    "workbench": bench_workbench,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = _parser().parse_args(arguments)
    sys.stdout.reconfigure(errors="backslashreplace")  # a console that cannot write Chinese still gets its answer
    try:
        return given.run(given) or 0
    except UserError as error:
        print(error.text(given.lang), file=sys.stderr)
        return EXIT_USER
    except BrokenPipeError:  # the reader of a pipe had enough, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m analytics", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in (records, score, releases, briefing, decisions, schemes, versions):
        module.add_commands(commands)
    bench = commands.add_parser("bench", help="speed against the stock way, as ratios in one run")
    bench.add_argument("what", choices=BENCHES)
    bench.set_defaults(run=lambda given: print(BENCHES[given.what](given.lang)))
    add_language(bench)
    return parser


if __name__ == "__main__":
    sys.exit(main())
