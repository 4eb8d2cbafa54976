"""``check-scheme``, ``scheme-schema``, ``weights``, ``noise``: what can be said of a scheme without records."""

from __future__ import annotations

import argparse
from pathlib import Path

from analytics.commands.common import add_language
from analytics.scheme import json_schema, scheme_named
from analytics.scoring.noise import noise_report
from analytics.scoring.weights import METHODS, as_json, weighting_from_file
from analytics.words import say


def add_commands(commands: argparse._SubParsersAction) -> None:
    """The commands, with what each takes."""
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
    add_language(check, schema, weights, noise)


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
