"""What a release says in a meeting, and the files of it: made once, since releases do not change."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

from analytics.briefing.rendering import ExportOptions, briefing_for, list_for, render_briefing
from analytics.evidence.confidence import Confidence
from analytics.evidence.confidence_store import etag, load
from analytics.releases.publishing import predecessor
from analytics.scheme import Scheme
from analytics.scoring.provenance import METHOD_VERSION, FigureSettings, Provenance
from analytics.store.ledger_entries import ReleaseEntry
from analytics.words import Language, say
from analytics.workspace.copies import heading_of_copy, require_logged
from analytics.workspace.datasets import Dataset
from analytics.workspace.door import Workspace, door
from analytics.workspace.ledgers import ledger, own_ledger
from analytics.workspace.meetings import meeting
from analytics.workspace.published import frozen

if TYPE_CHECKING:
    from analytics.briefing import Briefing
    from analytics.briefing.colour_vision import Vision
    from analytics.briefing.looking import PagesShown


@door("read")
def briefing(ws: Workspace, data: Dataset, entry: ReleaseEntry, lang: Language) -> Briefing:
    """What a release says in a meeting."""
    book = ledger(ws, data)
    key = ("briefing", *_briefing_cache_key(ws, data, entry, lang))
    return data.results.get(key, lambda: briefing_for(data.home, book, entry, lang, ws.today))


def _briefing_cache_key(ws: Workspace, data: Dataset, entry: ReleaseEntry, lang: Language) -> tuple[Hashable, ...]:
    """What a briefing hangs on: a draft is held against whichever release was published last, the words for how robust
    its tiers are come with the simulations, one that was withdrawn says so, the office may say something else of
    itself, and its assignments go on."""
    book = ledger(ws, data)
    before, release, tasks = predecessor(book, entry), frozen(ws, data, entry), list_for(book, entry, ws.today)
    firm = etag(data.home, release.provenance, release.scheme)
    return lang, entry, before and before.digest, firm, book.settings(), tasks


@door("read")
def briefing_file(
    ws: Workspace, data: Dataset, entry: ReleaseEntry, lang: Language, options: ExportOptions,
    template: bytes | None = None,
) -> bytes:  # fmt: skip
    """A file for the meeting; ``template`` is an office's own Word template."""
    own = template and sha256(template).hexdigest()
    beside = meeting(ws, data, entry, lang, numbered=options.numbered) if options.form == "report" else None
    key = ("briefing file", *_briefing_cache_key(ws, data, entry, lang), options, own, beside)
    return data.results.get(key, lambda: render_briefing(briefing(ws, data, entry, lang), options, template, beside))


@door("read")
def file_to_take(
    ws: Workspace, data: Dataset, entry: ReleaseEntry, lang: Language, options: ExportOptions,
    template: bytes | None = None,
) -> bytes:  # fmt: skip
    """The same file for who is about to take a copy of it; raises ``LedgerError`` where that could not be logged."""
    require_logged(ws, data)
    return briefing_file(ws, data, entry, lang, options, template)


@door("read")
def briefing_copy(
    ws: Workspace, data: Dataset, entry: ReleaseEntry, lang: Language, options: ExportOptions,
    template: bytes | None = None,
) -> bytes:  # fmt: skip
    """The same file as a copy that is taken along: with its number, under which it is logged."""
    told = briefing(ws, data, entry, lang)
    heading = heading_of_copy(ws, data, lang, told.title, options.form, entry.digest)
    beside = meeting(ws, data, entry, lang, numbered=options.numbered) if options.form == "report" else None
    return render_briefing(replace(told, heading=heading), options, template, beside)


@door("read")
def own_copy(ws: Workspace, told: Briefing, options: ExportOptions, digest: str) -> Briefing:
    """One of the office's own briefings as a copy that is taken along, logged with its number."""
    taken = {"title": told.title, "form": options.form}
    number = own_ledger(ws).add_copy(ws.actor, digest, taken)
    return replace(told, heading=say(told.lang, "papers.copy", number=f"{number:06d}"))


@door("read")
def preview(
    ws: Workspace, data: Dataset, entry: ReleaseEntry, lang: Language, options: ExportOptions, vision: Vision | None
) -> bytes:
    """A sheet as a PNG, as it is or as such eyes see it."""
    picture = briefing_file(ws, data, entry, lang, options)
    if vision is None:
        return picture
    key = ("seen", *_briefing_cache_key(ws, data, entry, lang), options, vision)
    from analytics.briefing.colour_vision import simulate_vision  # its library takes long to import

    return data.results.get(key, lambda: simulate_vision(picture, vision))


@door("read")
def preview_pages(
    ws: Workspace, data: Dataset, entry: ReleaseEntry, lang: Language, options: ExportOptions
) -> PagesShown:
    """The pages of a paper, drawn from the file itself."""
    from analytics.briefing.looking import pages_of  # its libraries take long to import

    file = briefing_file(ws, data, entry, lang, options)
    return data.results.get(("pages", sha256(file).digest()), lambda: pages_of(file))


@door("read")
def preview_document(
    ws: Workspace, data: Dataset, entry: ReleaseEntry, lang: Language, template: bytes | None = None
) -> str:
    """The text and tables of the document as HTML, read from the file itself."""
    from analytics.briefing.looking import document_html  # its libraries take long to import

    return document_html(briefing_file(ws, data, entry, lang, ExportOptions("docx"), template))


@door("read")
def own_briefing(ws: Workspace, entry: ReleaseEntry, lang: Language) -> Briefing:
    """What one of the office's releases says in a meeting."""
    return briefing_for(ws.home, own_ledger(ws), entry, lang, ws.today)


def provenance_now(data: Dataset, scheme: Scheme, day: date) -> Provenance:
    """That of the working run."""
    return Provenance(data.counts.digest, scheme.digest(), METHOD_VERSION, FigureSettings.current(), day)


@door("read")
def confidence_of(
    ws: Workspace, data: Dataset, scheme: Scheme, entry: ReleaseEntry | None, day: date
) -> Confidence | None:
    """What simulations said of how robust the tiers of a release are, or of the working run; None where none were
    made."""
    if entry:
        release = frozen(ws, data, entry)
        of, judged_by = release.provenance, release.scheme
    else:
        of, judged_by = provenance_now(data, scheme, day), scheme
    key = ("confidence", of, etag(data.home, of, judged_by))
    return data.results.get(key, lambda: load(data.home, of, judged_by))
