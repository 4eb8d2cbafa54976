"""What stands beside anything that leaves a page: of which day, release, scheme and place it is, and its source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analytics.scheme import Scheme
from analytics.store.ledger import ReleaseEntry
from analytics.wording.dates import cut_off
from analytics.wording.provenance import release_and_code, scheme_version, source_and_notice
from analytics.words import Language, say


@dataclass(frozen=True)
class Caption:
    """``place``: whose areas these are and of which level. ``lines``: cut-off, release and scheme, what is filtered,
    the order of the tiers, and the source, in this order; a line that says nothing is left out. ``base_map`` is what
    stands beside them under a map."""

    place: str
    lines: tuple[str, ...]
    base_map: str = ""


@dataclass(frozen=True)
class Origin:
    """Where the records come from: the name of the ``dataset``, its ``source``, and the ``notice`` on them; the last
    two may be empty. ``base_map`` is what the office says under its maps."""

    dataset: str
    source: str
    notice: str
    base_map: str


def caption_of_run(
    lang: Language, origin: Origin, scheme: Scheme, day: date, release: ReleaseEntry | None, filters: str = ""
) -> Caption:
    """Of a run: of ``day``, or of a ``release`` and its day; ``filters`` say what of it is chosen, or whose draft it
    is."""
    day = release.day if release else day
    of = [cut_off(lang, day), release_and_code(lang, release), scheme_version(lang, scheme, day)]
    lines = (
        say(lang, "overview.names", names=of),
        filters,
        say(lang, "briefing.order"),
        source_and_notice(lang, origin.source, origin.notice),
    )
    return Caption(_place(lang, origin, scheme), tuple(line for line in lines if line), origin.base_map)


def caption_of_list(lang: Language, origin: Origin, scheme: Scheme, today: date) -> Caption:
    """Of a list that is of no day but as it is ``today``."""
    lines = (say(lang, "exhibits.as_of", day=today), source_and_notice(lang, origin.source, origin.notice))
    return Caption(_place(lang, origin, scheme), lines)


def filtered_by(lang: Language, name: str) -> str:
    """That it is of one community alone."""
    return say(lang, "exhibits.filter", name=name)


def _place(lang: Language, origin: Origin, scheme: Scheme) -> str:
    level = say(lang, f"templates.word_level_{scheme.level}")
    return say(lang, "exhibits.place", data=origin.dataset, level=level)
