"""``confidence`` and ``evidence``: how robust the tiers are, and whether the map was right, from a shell."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from analytics.commands.common import add_home, add_scheme_and_day, scheme_and_day, workspace_of
from analytics.errors import UserError
from analytics.words import say
from analytics.workspace.datasets import require_own

if TYPE_CHECKING:
    import pandas as pd

WEEKS = (1, 2, 4)
TABLES = ("caught", "fitted", "looked")


def add_confidence(command: argparse.ArgumentParser) -> None:
    """How often, and whether what was found is kept."""
    command.add_argument("--draws", type=int, metavar="N", help="draws")
    command.add_argument("--keep", action="store_true", help="keep")
    command.set_defaults(run=_confidence)
    add_scheme_and_day(command)
    add_home(command)


def add_evidence(command: argparse.ArgumentParser) -> None:
    """Which map, by how many weeks, against which other one; and which table."""
    command.add_argument("--weeks", type=int, choices=WEEKS, default=2, help="weeks")
    command.add_argument("--map", default="use", metavar="MAP", help="map")
    command.add_argument("--against", metavar="MAP", help="against")
    command.add_argument(
        "--table", choices=TABLES, default="caught",
        help="evidence_table",
    )  # fmt: skip
    command.set_defaults(run=_evidence)
    add_scheme_and_day(command)
    add_home(command)


def _confidence(given: argparse.Namespace) -> None:
    from analytics.evidence.confidence import DRAWS
    from analytics.exhibits.confidence import areas_table
    from analytics.wording.confidence import sentence_with_settings
    from analytics.workspace import evidence, runs

    ws = workspace_of(given)
    if given.keep:
        ws.actor.require("draft")
    if given.draws is not None and given.draws < 1:
        raise UserError.because("cli.no_draws")
    data = require_own(ws)
    scheme, day = scheme_and_day(ws, given, data)
    found = evidence.simulate(ws, data, scheme, day, number=given.draws or DRAWS)
    if given.keep:
        evidence.keep_simulation(ws, data, scheme, day, found)
    print(sentence_with_settings(given.lang, found), file=sys.stderr)
    _print_table(areas_table(given.lang, runs.assessed(ws, data, scheme, [day]), found))


def _evidence(given: argparse.Namespace) -> None:
    from analytics.exhibits import evidence as tables
    from analytics.wording import evidence as wording
    from analytics.workspace import evidence

    ws, lang = workspace_of(given), given.lang
    data = require_own(ws)
    scheme, day = scheme_and_day(ws, given, data)
    if given.table == "looked":
        _print_table(tables.detection_bias_table(lang, evidence.detection_bias_of(ws, data, scheme, day)))
        return
    maps = evidence.MapHistory(data, scheme, day)
    if given.table == "fitted":
        fitted = evidence.fitted_weights(ws, maps, given.weeks)
        for line in (wording.fit_verdict(lang, fitted), *wording.fit_notes(lang, fitted)):
            print(line, file=sys.stderr)
        _print_table(tables.fitted_weights_table(lang, scheme, fitted))
        return
    known = (evidence.IN_USE, evidence.RELEASES, *evidence.versions(ws, maps))
    for name in filter(None, (given.map, given.against)):
        if name not in known:
            raise UserError.because("cli.no_map", name=name, known=list(known))
    found = evidence.backtest_maps(ws, maps, evidence.BacktestQuery(given.weeks, given.map, given.against))
    if found.refused:
        raise found.refused
    called = {
        evidence.IN_USE: say(lang, "evidence.in_use", version=scheme.version),
        evidence.RELEASES: say(lang, "evidence.releases", n=len(evidence.past_releases(ws, maps, given.weeks))),
    }
    caught = {called.get(given.map, given.map): found.main.map}
    if found.against:
        caught[called.get(given.against, given.against)] = found.against.as_many
    said = wording.answer(lang, found.main, given.weeks, found.kind, "" if given.map in known[:2] else given.map)
    for line in (said, *wording.verdicts(lang, found.main)):
        print(line, file=sys.stderr)
    _print_table(tables.compared_table(lang, found.main, caught))


def _print_table(table: pd.DataFrame) -> None:
    sys.stdout.reconfigure(encoding="utf-8")
    table.to_csv(sys.stdout, lineterminator="\n")
