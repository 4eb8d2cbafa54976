"""What stands beside anything that leaves a page: what is chosen in it is handed on to the caption of an exhibit."""

from __future__ import annotations

from analytics.exhibits.captions import Caption, Origin, caption_of_list, caption_of_run
from analytics.exhibits.exhibit import CaptionMaker
from analytics.store.ledger import ReleaseEntry
from analytics.workspace import published, settings
from pages.parts import in_view, state
from pages.parts.account_menu import own_areas_line
from pages.parts.controls import Choice


def caption_of(choice: Choice, filters: str = "", release: ReleaseEntry | None = None) -> CaptionMaker:
    """Of what the controls choose: ``filters`` say what of it, and ``release`` is the one that the page shows where it
    is not that of the controls."""
    shown = release or choice.release

    def make() -> Caption:
        scheme = published.frozen(choice.ws, choice.data, shown).scheme if shown else choice.scheme
        # What has filters is closed to who sees some areas alone.
        told = filters or own_areas_line(choice.lang, choice.ws.actor, choice.data)
        return caption_of_run(choice.lang, _origin(choice, shown), scheme, choice.day, shown, told)

    return make


def caption_of_today(choice: Choice) -> CaptionMaker:
    """Of a list that is of no day but as it is now."""
    return lambda: caption_of_list(choice.lang, _origin(choice), choice.scheme, choice.ws.today)


def _origin(choice: Choice, release: ReleaseEntry | None = None) -> Origin:
    """Where the records come from: as a release has it, else as it is now."""
    held = published.frozen(choice.ws, choice.data, release).manifest if release else choice.data
    source, notice = (state.text_of(choice.lang, texts) for texts in (held.source, held.notice))
    office = settings.office_settings(choice.ws, choice.data)
    named = in_view.dataset_names(choice.ws, choice.lang)[choice.data.id]
    return Origin(named, source, notice, office.base_map(choice.lang))
