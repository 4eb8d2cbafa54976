"""``release``, ``releases``, ``compare``, ``bulletin``, ``verify``: what was published, from a shell."""

from __future__ import annotations

import argparse
import getpass
import re
import sys
from datetime import date
from pathlib import Path

from analytics.commands.common import (
    add_home,
    add_language,
    day_of,
    ledger_of,
    on_one_line,
    opened,
    role_for,
    scheme_in_use,
    today,
)
from analytics.errors import UserError
from analytics.releases import status, verify, verify_folder
from analytics.releases.bulletin import as_json, as_text
from analytics.releases.publishing import ComparisonReport, ReleaseInput, entry_of, newest, predecessor, release, report
from analytics.scheme import pack_ids
from analytics.scoring import area_counts_for, first_full_day, fits, last_day, require_tables
from analytics.store import Counts, Store, counts_of
from analytics.store.current_schemes import current_scheme
from analytics.store.ledger import Ledger, ReleaseEntry
from analytics.wording.releases import code_of, release_name
from analytics.words import LANGUAGES, Language, phrase, say

_NUMBER = re.compile(r"[Dd]?[0-9]{1,6}")
"""A release or a draft; a check code has eight characters."""


def add_commands(commands: argparse._SubParsersAction) -> None:
    """The commands, with what each takes."""
    make = commands.add_parser("release", help="freeze what the store says as a draft, or publish it")
    make.add_argument("--scheme", metavar="FILE|ID", help="default: the first that fits the records")
    make.add_argument("--date", type=day_of, metavar="YYYY-MM-DD", help="default: the newest day in the records")
    make.add_argument("--publish", action="store_true", help="number it; without this it is a draft")
    make.add_argument("--reason", default="", metavar="TEXT", help="why; needed to publish")
    make.set_defaults(run=_release)

    listed = commands.add_parser("releases", help="what was released, newest first")
    listed.set_defaults(run=_releases)

    compared = commands.add_parser("compare", help="what differs between two releases, and why")
    compared.add_argument("before", metavar="A", help="12, or D3 for a draft")
    compared.add_argument("after", metavar="B")
    compared.set_defaults(run=_compare)

    told = commands.add_parser("bulletin", help="a release in words, every figure recomputed")
    told.add_argument("before", nargs="?", metavar="A", help="default: the release before B")
    told.add_argument("after", metavar="B")
    told.add_argument("--format", choices=("text", "json"), default="text", help="json holds both languages")
    told.set_defaults(run=_bulletin)

    proved = commands.add_parser("verify", help="whether a release is as it was published")
    proved.add_argument("release", metavar="N|CODE|DIR", help="12, D3, a check code, or the folder of a release")
    proved.set_defaults(run=_verify)

    add_home(make, listed, compared, told, proved)
    add_language(make, listed, compared, told, proved)


def _release(given: argparse.Namespace) -> None:
    role = role_for("release" if given.publish else "draft")
    if given.publish and not given.reason.strip():
        raise UserError.because("cli.release_reason")
    home, ledger = ledger_of(given)
    made = release(
        home,
        ledger,
        material_of(given, opened(given), given.date),
        author=getpass.getuser(),
        role=role,
        reason=given.reason.strip(),
        publish=given.publish,
    )
    entry = entry_of(ledger, made.manifest.name)
    told = {"day": entry.day, "scheme": entry.scheme_id, "folder": entry.name}
    if given.publish:
        print(say(given.lang, "cli.released", release=release_name(given.lang, entry), code=code_of(entry), **told))
    else:
        print(say(given.lang, "cli.drafted", **told))


def material_of(given: argparse.Namespace, store: Store, day: date | None) -> ReleaseInput:
    """What a release of the store is made of: by the first scheme that fits and on the newest day, unless one is named.

    Of a scheme the version in use. Raises ``UserError`` where no scheme fits, and for a day without full records.
    """
    counts, digest = _counted(store)
    scheme = scheme_in_use(given, given.scheme or _first_that_fits(given, store, counts))
    require_tables(counts, scheme)
    last = last_day(counts) or today()
    first = min(first_full_day(counts, scheme) or last, last)
    if day and not first <= day <= last:
        raise UserError.because("cli.day_outside", day=day, first=first, newest=last)
    source = {lang: say(lang, "page.own_data") for lang in LANGUAGES}
    return ReleaseInput(area_counts_for(counts, scheme), scheme, first, day or last, digest, source=source)


def _counted(store: Store) -> tuple[Counts, str]:
    """The counts and the digest of the very rows that they were made of, though someone may be loading."""
    while True:
        digest = store.digest()
        counts = counts_of(store)
        if store.digest() == digest:
            return counts, digest


def _first_that_fits(given: argparse.Namespace, store: Store, counts: Counts) -> str:
    """Its id."""
    ledger = ledger_of(given)[1]
    for name in pack_ids():
        if fits(counts, current_scheme(ledger, name).scheme):
            return name
    raise UserError.because("cli.no_scheme_fits", home=store.home.name)


def _releases(given: argparse.Namespace) -> None:
    role_for("read")
    entries = ledger_of(given)[1].releases()
    if not entries:
        print(say(given.lang, "cli.no_releases"))
    for entry in entries:
        print(
            say(
                given.lang,
                "cli.release_line",
                release=release_name(given.lang, entry) if entry.number else entry.name,
                day=f"{entry.day}",
                scheme=entry.scheme_id,
                status=phrase(f"release_pages.status_{entry.status}"),
                by=phrase("release_pages.by", who=entry.author, role=phrase(f"access.role_{entry.role}")),
                reason=on_one_line(entry.reason) or "—",
                code=code_of(entry),
            )
        )


def _compare(given: argparse.Namespace) -> None:
    entries, told = _told(given)
    lang, comparison = given.lang, told.comparison
    before, after = (release_name(lang, entry) for entry in entries)
    print(say(lang, "cli.compared", before=before, after=after, day_before=told.before.day, day_after=told.after.day))
    for tier, counts in comparison.counts.iterrows():
        print(say(lang, "cli.tier_then_now", tier=phrase(f"tiers.{tier}"), **counts))
    print(say(lang, "cli.changes_by_cause", n=len(comparison.changes), **comparison.by_cause))
    for change in comparison.changes:
        print(
            say(
                lang,
                "cli.change_line",
                name=change.name,
                area=change.area_id,
                before=phrase(f"tiers.{change.before}"),
                after=phrase(f"tiers.{change.after}"),
                cause=phrase(f"release_pages.cause_{change.cause}"),
                detail=change.detail,
            )
        )
    if told.noise:
        bounds = {name: getattr(told.noise, name) for name in ("observed", "low", "high")}
        print(say(lang, "release_pages.by_chance", expected=f"{told.noise.expected:.0f}", **bounds))


def _bulletin(given: argparse.Namespace) -> None:
    told = _told(given)[1].bulletin
    if given.format == "json":
        sys.stdout.reconfigure(encoding="utf-8")
        print(as_json(told), end="")
    else:
        print(as_text(told, given.lang), end="")


def _told(given: argparse.Namespace) -> tuple[tuple[ReleaseEntry | None, ReleaseEntry], ComparisonReport]:
    role_for("read")
    home, ledger = ledger_of(given)
    after = entry_of(ledger, given.after)
    before = entry_of(ledger, given.before) if given.before else predecessor(ledger, after)
    return (before, after), report(home, ledger, before, after)


def _verify(given: argparse.Namespace) -> None:
    role_for("read")
    home, ledger = ledger_of(given)
    wanted, folder, view = given.release.strip(), Path(given.release), None
    if _NUMBER.fullmatch(wanted):
        entry = entry_of(ledger, wanted)
        verify(home, ledger, entry.name)
    elif folder.is_dir() or len(folder.parts) > 1:
        made = verify_folder(folder.absolute())
        entry = next((entry for entry in ledger.releases() if entry.digest == made.digest), None)
        if entry is None:
            code = made.code if made.manifest.number else "—"
            print(say(given.lang, "cli.folder_sound", folder=made.folder.name, day=made.manifest.day, code=code))
            return
    else:
        found = status(home, ledger, wanted)
        if found.status == "unknown":
            raise UserError.because("release_pages.check_unknown")
        entry, view = entry_of(ledger, found.number), found.view
    print(_status(given.lang, ledger, entry))
    if view:
        print(say(given.lang, "cli.view_line", view=[f"{name}={value}" for name, value in view.items()]))


def _status(lang: Language, ledger: Ledger, entry: ReleaseEntry) -> str:
    """Of a release that was found as it was written: whether it still is the newest of its scheme."""
    if entry.number is None:
        return say(lang, "cli.draft_unchanged", release=entry.name)
    last = newest(ledger, entry.scheme_id)
    told = phrase("release_pages.check_unchanged")
    if last.number != entry.number:
        told = phrase("release_pages.check_superseded", newest=release_name(lang, last))
    return say(lang, "cli.verified", release=release_name(lang, entry), code=code_of(entry), status=told)
