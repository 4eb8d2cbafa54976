"""``bench``: speed against the stock way, as ratios in one run."""

from __future__ import annotations

import argparse
from importlib import import_module

from analytics.commands.common import add_language

BENCHES = ("loading", "scoring", "confidence", "workbench", "start", "briefing", "response")


def add_bench(command: argparse.ArgumentParser) -> None:
    """Which one."""
    command.add_argument("what", choices=BENCHES)
    command.set_defaults(run=_bench)
    add_language(command)


def _bench(given: argparse.Namespace) -> None:
    bench = getattr(import_module(f"analytics.benchmarks.{given.what}"), f"bench_{given.what}")
    print(bench(given.lang))
