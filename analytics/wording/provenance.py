"""What a page or a picture says of itself: the data set, the scheme and its version, the source, and what it is of."""

from __future__ import annotations

from datetime import date

from analytics.scheme import Scheme
from analytics.store.ledger import ReleaseEntry
from analytics.wording.dates import cut_off
from analytics.wording.releases import code_of, release_name
from analytics.words import Language, pick, say


def dataset_name(lang: Language, data: object) -> str:
    """The name of a data set, and whether it is made up, real, or the visitor's own."""
    kind = {True: "data.sample", False: "data.real"}.get(getattr(data, "made_up", None), "data.own")
    return say(lang, kind, name=pick(lang, data.name))


def scheme_version(lang: Language, scheme: Scheme, day: date) -> str:
    """A scheme and its version, beside what is of ``day``."""
    return say(lang, "page.scheme_version", name=scheme.title(day).text(lang), version=scheme.version)


def release_and_code(lang: Language, entry: ReleaseEntry | None) -> str:
    """A release with its check code, or that it is none."""
    if entry is None:
        return say(lang, "exhibits.unreleased")
    return say(lang, "exhibits.release", release=release_and_hands(lang, entry), code=code_of(entry))


def release_and_hands(lang: Language, entry: ReleaseEntry) -> str:
    """A release, and in which roles it was drafted and approved, where two people published it."""
    name, by_two = release_name(lang, entry), by_two_hands(lang, entry)
    return say(lang, "exhibits.release_by_two", release=name, by_two=by_two) if by_two else name


def by_two_hands(lang: Language, entry: ReleaseEntry) -> str:
    """In which roles a release was drafted and approved, where two people published it; never who they are."""
    if not (entry.drafted_role and entry.approved_role):
        return ""
    roles = {"drafted": entry.drafted_role, "approved": entry.approved_role}
    return say(lang, "two_hands.by_two", **{hand: say(lang, f"access.role_{role}") for hand, role in roles.items()})


def source_line(lang: Language, source: str) -> str:
    """Where the records come from."""
    return say(lang, "page.source", source=source)


def source_and_notice(lang: Language, source: str, notice: str) -> str:
    """Where the records come from, and what is to be said of them; nothing where neither is known."""
    named = source_line(lang, source) if source else ""
    return say(lang, "overview.names", names=[text for text in (named, notice) if text])


def release_and_notice(lang: Language, entry: ReleaseEntry | None, notice: str) -> str:
    """Which release it is, that it is a draft or none, and the notice."""
    return say(lang, "overview.names", names=[part for part in (release_name(lang, entry), notice) if part])


def cut_off_and_release(lang: Language, day: date, entry: ReleaseEntry | None) -> str:
    """What a map says in a frame of another system, under the name of its scheme."""
    return say(lang, "overview.names", names=[cut_off(lang, day), release_name(lang, entry)])
