"""``release``, ``releases``, ``compare``, ``bulletin``, ``verify``, ``withdraw-release``: what was published, from a
shell."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from analytics.commands.common import (
    add_confirm,
    add_home,
    day_of,
    on_one_line,
    scheme_in_use,
    workspace_of,
)
from analytics.errors import UserError
from analytics.releases import Intent
from analytics.releases.bulletin import as_json, as_text
from analytics.releases.publishing import ComparisonReport
from analytics.scoring.summary import carried_areas
from analytics.store.ledger_entries import ReleaseEntry
from analytics.wording.numbers import NOTHING
from analytics.wording.people import by_whom
from analytics.wording.releases import code_of, release_name
from analytics.words import Language, Phrase, phrase, say
from analytics.workspace import Workspace, published

_NUMBER = re.compile(r"[Dd]?[0-9]{1,6}")
"""A release or a draft; a check code has eight characters."""


def add_release(command: argparse.ArgumentParser) -> None:
    """What to freeze, and whether to publish it."""
    command.add_argument("--scheme", metavar="FILE|ID", help="scheme")
    command.add_argument("--date", type=day_of, metavar="YYYY-MM-DD", help="date")
    command.add_argument("--publish", action="store_true", help="publish")
    command.add_argument("--reason", default="", metavar="TEXT", help="reason")
    command.set_defaults(run=_release)
    add_confirm(command)
    add_home(command)


def add_releases(command: argparse.ArgumentParser) -> None:
    """Of which home."""
    command.set_defaults(run=_releases)
    add_home(command)


def add_compare(command: argparse.ArgumentParser) -> None:
    """Which two."""
    command.add_argument("before", metavar="A", help="release")
    command.add_argument("after", metavar="B")
    command.set_defaults(run=_compare)
    add_home(command)


def add_bulletin(command: argparse.ArgumentParser) -> None:
    """Of which, against which."""
    command.add_argument("before", nargs="?", metavar="A", help="before")
    command.add_argument("after", metavar="B")
    command.add_argument("--format", choices=("text", "json"), default="text", help="bulletin_format")
    command.set_defaults(run=_bulletin)
    add_home(command)


def add_verify(command: argparse.ArgumentParser) -> None:
    """Which one."""
    command.add_argument("release", metavar="N|CODE|DIR", help="release_or_code")
    command.set_defaults(run=_verify)
    add_home(command)


def add_withdraw_release(command: argparse.ArgumentParser) -> None:
    """Which one, and why."""
    command.add_argument("number", type=int, metavar="N")
    command.add_argument("--reason", required=True, metavar="TEXT")
    command.set_defaults(run=_withdraw)
    add_confirm(command)
    add_home(command)


def _release(given: argparse.Namespace) -> None:
    ws = workspace_of(given)
    ws.actor.require("release" if given.publish else "draft")
    if given.publish and not given.reason.strip():
        raise UserError.because("cli.release_reason")
    scheme = scheme_in_use(ws, given, given.scheme or published.first_that_fits(ws))
    intent = Intent(given.reason.strip(), given.publish, given.confirm)
    entry = published.own_release(ws, scheme, given.date, intent)
    told = {"day": entry.day, "scheme": entry.scheme_id, "folder": entry.name}
    if given.publish:
        print(say(given.lang, "cli.released", release=release_name(given.lang, entry), code=code_of(entry), **told))
    else:
        print(say(given.lang, "cli.drafted", **told))


def _releases(given: argparse.Namespace) -> None:
    entries = published.own_releases(workspace_of(given))
    if not entries:
        print(say(given.lang, "cli.no_releases"))
    for entry in entries:
        status = "withdrawn" if entry.withdrawn else entry.status
        print(
            say(
                given.lang,
                "cli.release_line",
                release=release_name(given.lang, entry) if entry.number else entry.name,
                day=f"{entry.day}",
                scheme=entry.scheme_id,
                status=phrase(f"release_pages.status_{status}"),
                by=by_whom(given.lang, entry.author, entry.role),
                reason=on_one_line(entry.reason) or "—",
                code=code_of(entry),
            )
        )


def _compare(given: argparse.Namespace) -> None:
    ws, lang = workspace_of(given), given.lang
    entries = [published.own_entry(ws, number) for number in (given.before, given.after)]
    told = published.own_report(ws, *entries)
    comparison = told.comparison
    before, after = (release_name(lang, entry) for entry in entries)
    print(say(lang, "cli.compared", before=before, after=after, day_before=told.before.day, day_after=told.after.day))
    for tier, counts in comparison.counts.iterrows():
        print(say(lang, "cli.tier_then_now", tier=phrase(f"tiers.{tier}"), **counts))
    for when, one in (("before", told.before), ("after", told.after)):
        if carried := int(carried_areas(one.assessment).sum()):
            print(say(lang, "silence.sentence", label=say(lang, f"release_pages.{when}"),
                      told=say(lang, "release_pages.carried_in", n=carried)))  # fmt: skip
    print(say(lang, "cli.changes_by_cause", n=len(comparison.changes), **comparison.by_cause))
    for change in comparison.changes:
        print(
            say(
                lang,
                "cli.change_line",
                name=change.name,
                area=change.area_id,
                before=_tier(change.before, carried=change.carried[0]),
                after=_tier(change.after, carried=change.carried[1]),
                cause=phrase(f"release_pages.cause_{change.cause}"),
                detail=change.detail,
            )
        )
    if told.noise:
        bounds = {name: getattr(told.noise, name) for name in ("observed", "low", "high")}
        print(say(lang, "release_pages.by_chance", expected=f"{told.noise.expected:.0f}", **bounds))


def _tier(tier: str, *, carried: bool) -> Phrase:
    """The words for a tier, and that it was carried on."""
    name = phrase(f"tiers.{tier}")
    return phrase("tiers.carried", tier=name) if carried else name


def _bulletin(given: argparse.Namespace) -> None:
    ws = workspace_of(given)
    told, entry = _reported(ws, given).bulletin, published.own_entry(ws, given.after)
    if entry.withdrawn:
        named = release_name(given.lang, entry)
        where = sys.stderr if given.format == "json" else sys.stdout
        print(say(given.lang, "cli.is_withdrawn", release=named, reason=entry.withdrawn_reason), file=where)
    if given.format == "json":
        sys.stdout.reconfigure(encoding="utf-8")
        print(as_json(told), end="")
    else:
        print(as_text(told, given.lang), end="")


def _reported(ws: Workspace, given: argparse.Namespace) -> ComparisonReport:
    after = published.own_entry(ws, given.after)
    return published.own_report(ws, published.own_entry(ws, given.before) if given.before else None, after)


def _verify(given: argparse.Namespace) -> None:
    ws = workspace_of(given)
    wanted, folder, view = given.release.strip(), Path(given.release), None
    if _NUMBER.fullmatch(wanted):
        entry = published.own_entry(ws, wanted)
        published.own_verified(ws, entry)
    elif folder.is_dir() or len(folder.parts) > 1:
        made = published.folder_verified(ws, folder.absolute())
        entry = next((entry for entry in published.own_releases(ws) if entry.digest == made.digest), None)
        if entry is None:
            code = made.code if made.manifest.number else "—"
            print(say(given.lang, "cli.folder_sound", folder=made.folder.name, day=made.manifest.day, code=code))
            return
    else:
        found = published.own_look_up(ws, wanted)
        if found.status == "unknown":
            raise UserError.because("release_pages.check_unknown")
        entry, view = published.own_entry(ws, found.number), found.view
    print(_status(given.lang, ws, entry))
    if view:
        print(say(given.lang, "cli.view_line", view=[f"{name}={value}" for name, value in view.items()]))


def _status(lang: Language, ws: Workspace, entry: ReleaseEntry) -> str:
    """Of a release that was found as it was written: whether it still is the newest of its scheme."""
    if entry.number is None:
        return say(lang, "cli.draft_unchanged", release=entry.name)
    standing = [other for other in published.own_releases(ws) if other.scheme_id == entry.scheme_id and other.stands]
    told = phrase("release_pages.check_unchanged")
    if entry.withdrawn:
        told = phrase("release_pages.check_withdrawn", reason=on_one_line(entry.withdrawn_reason or NOTHING))
    elif standing[0].number != entry.number:
        told = phrase("release_pages.check_superseded", newest=release_name(lang, standing[0]))
    return say(lang, "cli.verified", release=release_name(lang, entry), code=code_of(entry), status=told)


def _withdraw(given: argparse.Namespace) -> None:
    ws = workspace_of(given)
    entry = published.own_entry(ws, given.number)
    published.withdraw_own(ws, given.number, given.reason.strip(), given.confirm)
    print(say(given.lang, "cli.release_withdrawn", release=release_name(given.lang, entry)))
