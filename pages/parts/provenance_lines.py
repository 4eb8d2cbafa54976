"""What stands beside anything that leaves a page: of which day, release, scheme and place it is, and its source."""

from __future__ import annotations

from analytics import session
from analytics.drawing import cards
from analytics.drawing.releases import code_of
from analytics.store.ledger import ReleaseEntry
from analytics.words import say
from pages.parts.controls import Choice


def provenance_lines(choice: Choice, more: str = "", release: ReleaseEntry | None = None) -> tuple[str, ...]:
    """What has to stand beside everything that is taken along from a page: ``more`` on what is chosen in it, and the
    ``release`` that it shows where that is not the one of the controls."""
    lang = choice.lang
    shown = release or choice.release
    name = say(lang, "exhibits.unreleased")
    if shown:
        name = say(lang, "exhibits.release", release=cards.release_name(lang, shown), code=code_of(shown))
    version = say(lang, "page.scheme_version", name=choice.scheme.name.text(lang), version=choice.scheme.version)
    lines = (
        say(lang, "overview.names", names=[cards.cut_off(lang, shown.day if shown else choice.day), name, version]),
        more,
        say(lang, "briefing.order"),
        _source(choice, shown),
    )
    return tuple(line for line in lines if line)


def about_today(choice: Choice) -> tuple[str, ...]:
    """What has to stand beside a list that is of no day but as it is now."""
    return say(choice.lang, "exhibits.as_of", day=session.today()), _source(choice)


def _source(choice: Choice, release: ReleaseEntry | None = None) -> str:
    """Where the records come from and what is to be said of them: as a release has it, else as it is now."""
    held = session.frozen(choice.data, release).manifest if release else choice.data
    notice, source = (session.text_of(choice.lang, texts) for texts in (held.notice, held.source))
    named = say(choice.lang, "page.source", source=source) if source else ""
    return say(choice.lang, "overview.names", names=[text for text in (named, notice) if text])


def place_of(choice: Choice) -> str:
    """Whose areas these are and of which level."""
    level = say(choice.lang, f"templates.word_level_{choice.scheme.level}")
    return say(choice.lang, "exhibits.place", data=session.dataset_names(choice.lang)[choice.data.id], level=level)
