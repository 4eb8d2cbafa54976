"""``check-scheme``, ``scheme-schema``, ``weights``, ``noise``: what can be said of a scheme without records."""

from __future__ import annotations

import argparse
from pathlib import Path

from analytics.commands.common import add_language
from analytics.scheme import json_schema, scheme_named
from analytics.store.home import is_home
from analytics.words import say


def add_check_scheme(command: argparse.ArgumentParser) -> None:
    """Which file; and in which home, where there is one, lie the records that it is held against."""
    command.add_argument("scheme", metavar="FILE")
    command.set_defaults(run=_check_scheme)
    command.add_argument("--home", type=Path, metavar="DIR", help="home")
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
    command.add_argument("--cost", action="append", default=[], metavar="NAME", help="cost")
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
    from analytics.wording.method import basis_line  # takes long to import

    if basis := basis_line(given.lang, scheme):
        print(say(given.lang, "cli.check_basis", basis=basis))
    if is_home(given.home):
        from analytics.commands.common import tell_doubtful, workspace_of  # counting takes long to import
        from analytics.workspace.words import doubtful_of

        tell_doubtful(given.lang, doubtful_of(workspace_of(given), scheme))


def _weights(given: argparse.Namespace) -> None:
    from analytics.scoring.weights import as_json, weighting_from_file

    print(as_json(weighting_from_file(given.method, given.file, given.cost)))


def _noise(given: argparse.Namespace) -> None:
    from analytics.scoring.noise import noise_report

    print(noise_report(given.lang))
