"""``check-scheme``, ``scheme-schema``, ``weights``, ``noise``: what can be said of a scheme without records."""

from __future__ import annotations

import argparse
from pathlib import Path

from analytics.commands.common import add_language
from analytics.scheme import json_schema, scheme_named
from analytics.words import say


def add_check_scheme(command: argparse.ArgumentParser) -> None:
    """Which file."""
    command.add_argument("scheme", metavar="FILE")
    command.set_defaults(run=_check_scheme)
    add_language(command)


def add_scheme_schema(command: argparse.ArgumentParser) -> None:
    """Nothing to choose."""
    command.set_defaults(run=lambda _: print(json_schema(), end=""))
    add_language(command)


def add_weights(command: argparse.ArgumentParser) -> None:
    """By which method, from which file."""
    from analytics.scoring.weights import METHODS

    command.add_argument("method", choices=METHODS)
    command.add_argument("file", type=Path, metavar="FILE.csv")
    command.add_argument("--cost", action="append", default=[], metavar="NAME", help="a criterion where less is better")
    command.set_defaults(run=_weights)
    add_language(command)


def add_noise(command: argparse.ArgumentParser) -> None:
    """Nothing to choose."""
    command.set_defaults(run=_noise)
    add_language(command)


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


def _weights(given: argparse.Namespace) -> None:
    from analytics.scoring.weights import as_json, weighting_from_file

    print(as_json(weighting_from_file(given.method, given.file, given.cost)))


def _noise(given: argparse.Namespace) -> None:
    from analytics.scoring.noise import noise_report

    print(noise_report(given.lang))
