"""``brief`` and ``nightly``: files for the meeting from a shell, and the whole night's work in one command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from analytics.commands.common import (
    add_confirm,
    add_home,
    require_folder_of,
    scheme_in_use,
    tell_doubtful,
    tell_report,
    workspace_of,
    written,
)
from analytics.commands.records import EXIT_REFUSED
from analytics.errors import HeldLoadError, LoadError, UserError
from analytics.file_kinds import EXHIBIT_FORMATS, FORMATS, PICTURE_FORMATS, SIZES, THEMES, Format, ending_of
from analytics.loaders import DATUMS, TABLES
from analytics.releases import Intent
from analytics.scheme import Scheme
from analytics.store.ledger_entries import ReleaseEntry
from analytics.store.plan import Seen
from analytics.words import Language, phrase, say
from analytics.workspace import Workspace, briefings, evidence, feeds, loads, meetings, public, published, words
from analytics.workspace.datasets import require_own

if TYPE_CHECKING:
    from analytics.briefing.meeting import Meeting
    from analytics.briefing.rendering import ExportOptions


def add_brief(command: argparse.ArgumentParser) -> None:
    """Of which release, and what."""
    command.add_argument("release", metavar="N", help="release")
    command.add_argument("--format", choices=FORMATS, help="format")
    command.add_argument("--theme", choices=THEMES, default="light")
    command.add_argument("--size", choices=SIZES, default="1080p", help="size")
    command.add_argument("--numbers", action="store_true", help="numbers")
    command.add_argument("--template", type=Path, metavar="FILE.docx", help="template")
    command.add_argument("--out", type=Path, metavar="FILE", help="out")
    command.add_argument("--audience", choices=("internal", "public"), default="internal", help="audience")
    command.add_argument("--map", action="store_true", help="public_map")
    command.set_defaults(run=_brief)
    add_home(command)


def add_nightly(command: argparse.ArgumentParser) -> None:
    """From where, where to, and by which scheme."""
    command.add_argument("inbox", type=Path, metavar="DIR", help="inbox")
    command.add_argument("--scheme", metavar="FILE|ID", help="scheme")
    command.add_argument("--datum", choices=DATUMS, default="WGS84", help="datum")
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="briefing_folder")
    command.add_argument("--simulate", action="store_true", help="simulate")
    command.set_defaults(run=_nightly)
    add_confirm(command)
    add_home(command)


def _brief(given: argparse.Namespace) -> None:
    from analytics.briefing.appearance import Appearance
    from analytics.briefing.rendering import ExportOptions, file_name, render_briefing

    ws = workspace_of(given)
    if given.audience == "public":
        _brief_for_the_public(ws, given)
        return
    form = _form(given)
    if given.map:
        raise UserError.because("cli.map_for_public")
    if given.template and form != "docx":
        raise UserError.because("cli.template_for_docx")
    if given.numbers and form != "report":
        raise UserError.because("cli.numbers_for_report")
    if given.out:
        require_folder_of(given.out)
    entry = published.own_entry(ws, given.release)
    options = ExportOptions(form, Appearance(given.theme), given.size, given.numbers)
    beside = _beside(ws, entry, given.lang, options)
    briefing = briefings.own_briefing(ws, entry, given.lang)
    template = _template(given.template) if given.template else None
    out = given.out or Path(file_name(briefing, options))
    made = render_briefing(briefings.own_copy(ws, briefing, options, entry.digest), options, template, beside)
    written(out, made)
    print(say(given.lang, "cli.briefed", out=out.name, release=briefing.period))


def _brief_for_the_public(ws: Workspace, given: argparse.Namespace) -> None:
    """A table, or a map, for outside; whatever else can be chosen is of papers that stay inside."""
    from analytics.briefing.exhibit import exhibit_file
    from analytics.exhibits.exhibit import file_name

    if given.format or given.template or given.numbers:
        raise UserError.because("cli.not_for_public")
    entry = published.own_entry(ws, given.release)
    exhibit = public.own_exhibit(ws, entry, given.lang, as_map=given.map)
    out = given.out or Path(file_name(exhibit, entry.day, "png" if given.map else "xlsx"))
    require_folder_of(out)
    ending = out.suffix.removeprefix(".").lower()
    forms = PICTURE_FORMATS if given.map else EXHIBIT_FORMATS
    if ending not in forms:
        raise UserError.because("public.other_ending", out=out.name, endings=list(forms))
    written(out, exhibit_file(exhibit, ending))
    print(say(given.lang, "public.written", out=out.name, day=entry.day))


def _beside(ws: Workspace, entry: ReleaseEntry, lang: Language, options: ExportOptions) -> Meeting | None:
    """What a report says beside the release; nothing else does."""
    if options.form != "report":
        return None
    return meetings.own_meeting(ws, entry, lang, numbered=options.numbered)


def _form(given: argparse.Namespace) -> Format:
    """The kind of briefing, which the ending of the file may say and must not contradict."""
    ending = given.out.suffix.lower().removeprefix(".") if given.out else ""
    form = given.format or next((form for form in FORMATS if ending_of(form) == ending), "png")
    if given.out and ending_of(form) != ending:
        raise UserError.because("cli.other_ending", out=given.out.name, ending=ending_of(form))
    return form


def _template(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UserError.because("cli.cannot_read", file=file.name, detail=error.strerror) from None


def _nightly(given: argparse.Namespace) -> int:
    """A file that cannot be loaded is told and left out, and so is a kind of briefing that cannot be made: in the
    morning there is what could be had, and the exit code says that something was missing."""
    from analytics.briefing.rendering import ExportOptions, file_name, render_briefing

    ws, lang = workspace_of(given), given.lang
    ws.actor.require("load")
    ws.actor.require("draft")
    found = list(_inbox(given.inbox))
    if not given.out.is_dir():
        raise UserError.because("cli.no_folder", out=given.out.name)
    taken = [_loaded(ws, given, table, file) for table, file in found]
    whole = all(one == "whole" for one in taken)
    # Whom to remind does not wait for whatever else is asked tonight.
    _remind(ws, given)
    if "held" in taken:
        # What is asked about is for a person to say: nothing is drafted from records that may be cut.
        print(say(lang, "cli.nightly_held"), file=sys.stderr)
        return EXIT_REFUSED
    scheme = scheme_in_use(ws, given, given.scheme or published.first_that_fits(ws))
    if missing := feeds.unaccepted(ws, scheme):
        told = {"scheme": scheme.name.text(lang), "names": feeds.called(ws, lang, missing)}
        print(say(lang, "feeds.nightly_held", **told), file=sys.stderr)
        return EXIT_REFUSED
    entry = _drafted(ws, given, scheme)
    briefing = briefings.own_briefing(ws, entry, lang)
    for form in FORMATS:
        options = ExportOptions(form)
        try:
            copy = briefings.own_copy(ws, briefing, options, entry.digest)
            content = render_briefing(copy, options, None, _beside(ws, entry, lang, options))
        except UserError as error:
            print(error.text(lang), file=sys.stderr)
            whole = False
            continue
        out = given.out / file_name(briefing, options)
        written(out, content)
        print(say(lang, "cli.briefed", out=out.name, release=briefing.period))
    return 0 if whole else EXIT_REFUSED


def _remind(ws: Workspace, given: argparse.Namespace) -> None:
    """Tell which feeds are missing, whatever they are needed for, and write their reminder sheets."""
    owed = feeds.missing(ws)
    if not owed:
        return
    for line in feeds.missing_lines(ws, given.lang):
        print(line, file=sys.stderr)
    for sheet in feeds.reminders(ws, given.lang, owed):
        written(given.out / sheet.name, sheet.content())
        print(say(given.lang, "feeds.reminder_written", out=sheet.name))


def _drafted(ws: Workspace, given: argparse.Namespace, scheme: Scheme) -> ReleaseEntry:
    """The draft of the night, and what simulations say of it where that was asked for."""
    reason = say(given.lang, "cli.nightly_reason", day=ws.today)
    entry = published.own_release(ws, scheme, None, Intent(reason, publish=False, confirmed=given.confirm))
    if given.simulate:
        data = require_own(ws)
        evidence.keep_simulation(ws, data, scheme, entry.day, evidence.simulate(ws, data, scheme, entry.day))
    return entry


def _inbox(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files of the night, areas first: other tables name them."""
    if not folder.is_dir():
        raise UserError.because("cli.no_inbox", folder=folder.name, tables=list(TABLES))
    for table in TABLES:
        for file in sorted((folder / table).glob("*")):
            if file.is_file() and not file.name.startswith((".", "~")):
                yield table, file


def _loaded(ws: Workspace, given: argparse.Namespace, table: str, file: Path) -> Literal["whole", "part", "held"]:
    """Load one file: all of it was taken, or not, or it waits to be confirmed. One that lies there since another night
    is not loaded again: where a newer file has its records by now, that would bring the older ones back."""
    incoming = loads.Incoming(table, file, given.datum)
    try:
        if before := loads.seen(ws, incoming):
            return _seen(ws, given, file, before)
        loaded, added = loads.load_file(ws, incoming)
    except (LoadError, HeldLoadError) as error:
        print(f"{file.name}\n{error.text(given.lang)}", file=sys.stderr)
        return "held" if isinstance(error, HeldLoadError) else "part"
    tell_report(loaded.report, given.lang)
    for note in added.notes:
        print("  " + note.text(given.lang), file=sys.stderr)
    if loaded.report.unknown or table == "residents":
        tell_doubtful(given.lang, words.doubtful(ws), table)
    entry = "cli.loaded_before" if added.already else "cli.loaded"
    print(say(given.lang, entry, number=added.already or added.number, table=phrase(f"tables.{table}")))
    return "part" if loaded.report.refused else "whole"


def _seen(ws: Workspace, given: argparse.Namespace, file: Path, before: Seen) -> Literal["whole", "part"]:
    table = before.load.table
    told = {"file": file.name, "number": before.load.number, "table": phrase(f"tables.{table}"), "later": before.later}
    print(say(given.lang, "cli.seen_before" if before.later is None else "cli.seen_and_newer", **told))
    tell_doubtful(given.lang, words.doubtful(ws), table)
    return "part" if before.load.refused else "whole"
