"""``scheme-versions``, ``save-scheme``, ``adopt-scheme``, ``scheme-difference``, ``scheme-text``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from analytics.commands.common import add_confirm, add_home, on_one_line, workspace_of
from analytics.scheme import Scheme, read_scheme
from analytics.scheme.difference import differences
from analytics.scheme.reading import scheme_from
from analytics.scheme.writing import patch
from analytics.store.ledger_entries import SchemeVersion
from analytics.wording.people import by_whom
from analytics.words import phrase, say
from analytics.workspace import Workspace, schemes


def add_scheme_versions(command: argparse.ArgumentParser) -> None:
    """Of one scheme, or of all."""
    command.add_argument("scheme", nargs="?", metavar="ID")
    command.set_defaults(run=_versions)
    add_home(command)


def add_save_scheme(command: argparse.ArgumentParser) -> None:
    """Which file, and why."""
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("--reason", required=True, metavar="TEXT")
    command.set_defaults(run=_save)
    add_confirm(command)
    add_home(command)


def add_adopt_scheme(command: argparse.ArgumentParser) -> None:
    """Which one."""
    command.add_argument("number", type=int, metavar="NUMBER")
    command.set_defaults(run=_adopt)
    add_confirm(command)
    add_home(command)


def add_scheme_difference(command: argparse.ArgumentParser) -> None:
    """Of which two, and how it is to be told."""
    command.add_argument("before", metavar="A", help="scheme_named")
    command.add_argument("after", metavar="B")
    command.add_argument("--patch", action="store_true", help="patch")
    command.set_defaults(run=_difference)
    add_home(command)


def add_scheme_text(command: argparse.ArgumentParser) -> None:
    """Which one."""
    command.add_argument("scheme", metavar="NUMBER|ID")
    command.set_defaults(run=_text)
    add_home(command)


def _versions(given: argparse.Namespace) -> None:
    versions = schemes.own_versions(workspace_of(given), given.scheme)
    if not versions:
        form = "cli.no_scheme_versions_of" if given.scheme else "cli.no_scheme_versions"
        print(say(given.lang, form, scheme=given.scheme))
    for version in reversed(versions):
        print(
            say(
                given.lang,
                "cli.scheme_version_line",
                number=version.number,
                scheme=version.scheme_id,
                version=version.version,
                at=version.at,
                by=by_whom(given.lang, version.author, version.role),
                reason=on_one_line(version.reason),
                status=phrase(f"cli.scheme_{_status(version, versions)}"),
            )
        )


def _status(version: SchemeVersion, versions: Sequence[SchemeVersion]) -> str:
    if not version.adopted:
        return "saved"
    of_its_id = [other.adopted or 0 for other in versions if other.scheme_id == version.scheme_id]
    return "used" if version.adopted == max(of_its_id) else "superseded"


def _save(given: argparse.Namespace) -> None:
    ws = workspace_of(given)
    ws.actor.require("draft")
    read_scheme(given.file)  # a fault is told with the file's own name
    text = given.file.read_text(encoding="utf-8-sig")
    saved = schemes.save_own(ws, text, given.reason.strip(), given.confirm)
    print(say(given.lang, "cli.scheme_kept", scheme=saved.scheme_id, version=saved.version, number=saved.number))


def _adopt(given: argparse.Namespace) -> None:
    version = schemes.adopt_own(workspace_of(given), given.number, given.confirm)
    told = {"scheme": version.scheme_id, "version": version.version, "number": version.number}
    print(say(given.lang, "cli.scheme_in_use", **told))


def _difference(given: argparse.Namespace) -> None:
    ws = workspace_of(given)
    (before, old), (after, new) = (_named(ws, given, name) for name in (given.before, given.after))
    if given.patch:
        sys.stdout.reconfigure(encoding="utf-8")
        print(patch(old, new, _file_name(given.before, before), _file_name(given.after, after)), end="")
        return
    for difference in differences(before, after) or (phrase("cli.schemes_equal"),):
        print(difference.text(given.lang))


def _text(given: argparse.Namespace) -> None:
    text = _named(workspace_of(given), given, given.scheme)[1]
    sys.stdout.reconfigure(encoding="utf-8")
    print(text, end="")


def _named(ws: Workspace, given: argparse.Namespace, name: str) -> tuple[Scheme, str]:
    """A scheme and its text, by the number of a saved one, an id, or a path."""
    if name.isdecimal():
        version = schemes.own_version(ws, int(name))
        return scheme_from(version.yaml_text.encode(), _stored_name(version)), version.yaml_text
    found = schemes.own_current(ws, name)
    if found.notice:
        print(found.notice.text(given.lang), file=sys.stderr)
    return found.scheme, found.text


def _stored_name(version: SchemeVersion) -> str:
    return f"{version.scheme_id}-{version.version}.yaml"


def _file_name(name: str, scheme: Scheme) -> str:
    """What a patch calls the file: by the scheme's version, unless it is a file of its own."""
    return Path(name).name if Path(name).suffix else f"{scheme.id}-{scheme.version}.yaml"
