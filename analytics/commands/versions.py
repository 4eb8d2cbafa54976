"""``scheme-versions``, ``save-scheme``, ``adopt-scheme``, ``scheme-difference``, ``scheme-text``."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence
from pathlib import Path

from analytics.commands.common import add_home, add_language, ledger_of, on_one_line, role_for
from analytics.scheme import Scheme, read_scheme
from analytics.scheme.difference import differences
from analytics.scheme.reading import scheme_from
from analytics.scheme.writing import patch
from analytics.store.current_schemes import current_scheme, version_numbered
from analytics.store.ledger import Ledger, SchemeVersion
from analytics.words import phrase, say


def add_commands(commands: argparse._SubParsersAction) -> None:
    """The commands, with what each takes."""
    listed = commands.add_parser("scheme-versions", help="the schemes that were saved, and which are in use")
    listed.add_argument("scheme", nargs="?", metavar="ID")
    listed.set_defaults(run=_versions)

    save = commands.add_parser("save-scheme", help="keep a scheme file as the next version of its id")
    save.add_argument("file", type=Path, metavar="FILE")
    save.add_argument("--reason", required=True, metavar="TEXT")
    save.set_defaults(run=_save)

    adopt = commands.add_parser("adopt-scheme", help="put a saved scheme to use")
    adopt.add_argument("number", type=int, metavar="NUMBER")
    adopt.set_defaults(run=_adopt)

    differ = commands.add_parser("scheme-difference", help="what differs between two schemes, in words or as a patch")
    differ.add_argument("before", metavar="A", help="a file, an id (the version in use), or the number of a saved one")
    differ.add_argument("after", metavar="B")
    differ.add_argument("--patch", action="store_true", help="of the YAML, as `patch` takes it, instead of words")
    differ.set_defaults(run=_difference)

    text = commands.add_parser("scheme-text", help="the YAML of a scheme")
    text.add_argument("scheme", metavar="NUMBER|ID")
    text.set_defaults(run=_text)

    add_home(listed, save, adopt, differ, text)
    add_language(listed, save, adopt, differ, text)


def _versions(given: argparse.Namespace) -> None:
    role_for("read")
    versions = ledger_of(given)[1].scheme_versions(given.scheme)
    if not versions:
        print(say(given.lang, "cli.no_scheme_versions"))
    for version in reversed(versions):
        print(
            say(
                given.lang,
                "cli.scheme_version_line",
                number=version.number,
                scheme=version.scheme_id,
                version=version.version,
                at=version.at,
                by=phrase("release_pages.by", who=version.author, role=phrase(f"access.role_{version.role}")),
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
    role = role_for("draft")
    read_scheme(given.file)  # a fault is told with the file's own name
    text = given.file.read_text(encoding="utf-8-sig")
    saved = ledger_of(given)[1].save_scheme(text, getpass.getuser(), role, given.reason.strip())
    print(say(given.lang, "cli.scheme_kept", scheme=saved.scheme_id, version=saved.version, number=saved.number))


def _adopt(given: argparse.Namespace) -> None:
    role = role_for("adopt")
    ledger = ledger_of(given)[1]
    version = version_numbered(ledger, given.number)
    ledger.adopt_scheme(given.number, getpass.getuser(), role)
    told = {"scheme": version.scheme_id, "version": version.version, "number": version.number}
    print(say(given.lang, "cli.scheme_in_use", **told))


def _difference(given: argparse.Namespace) -> None:
    role_for("read")
    ledger = ledger_of(given)[1]
    (before, old), (after, new) = (_named(given, ledger, name) for name in (given.before, given.after))
    if given.patch:
        sys.stdout.reconfigure(encoding="utf-8")
        print(patch(old, new, _file_name(given.before, before), _file_name(given.after, after)), end="")
        return
    for difference in differences(before, after) or (phrase("cli.schemes_equal"),):
        print(difference.text(given.lang))


def _text(given: argparse.Namespace) -> None:
    role_for("read")
    text = _named(given, ledger_of(given)[1], given.scheme)[1]
    sys.stdout.reconfigure(encoding="utf-8")
    print(text, end="")


def _named(given: argparse.Namespace, ledger: Ledger, name: str) -> tuple[Scheme, str]:
    """A scheme and its text, by the number of a saved one, an id, or a path."""
    if name.isdecimal():
        version = version_numbered(ledger, int(name))
        return scheme_from(version.yaml_text.encode(), _stored_name(version)), version.yaml_text
    found = current_scheme(ledger, name)
    if found.notice:
        print(found.notice.text(given.lang), file=sys.stderr)
    return found.scheme, found.text


def _stored_name(version: SchemeVersion) -> str:
    return f"{version.scheme_id}-{version.version}.yaml"


def _file_name(name: str, scheme: Scheme) -> str:
    """What a patch calls the file: by the scheme's version, unless it is a file of its own."""
    return Path(name).name if Path(name).suffix else f"{scheme.id}-{scheme.version}.yaml"
