"""What the frame of the area map says by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analytics import tiers
from analytics.wording.tiers import marked
from analytics.words import Language, say


@dataclass(frozen=True)
class FrameWords:
    """What the frame says by itself, and in which language (``zh``, ``en``)."""

    lang: str
    label: str
    """What the picture shows, for those who hear it."""
    zoom_in: str
    zoom_out: str
    missing: str
    """Said in place of the map when the shapes cannot be fetched."""
    pointer: Mapping[str, str]
    """What the card at the pointer says of each tier, by tier name, and of one that is carried on, by ``~`` and its
    name; under ``+`` and ``-`` of a change; under ``held``, ``override`` and ``order`` of who keeps it."""


def frame_words(lang: Language) -> FrameWords:
    """Of each tier at the pointer, of a change for the heavier (+) and the lighter (-), and of the map as a whole."""
    said = {
        tier: say(lang, "tiers.tooltip", tier=marked(lang, tier), meaning=say(lang, f"tiers.meaning_{tier}"))
        for tier in tiers.SHOWN
    }
    said |= {f"~{tier}": marked(lang, tier, carried=True) for tier in tiers.RANKED}
    return FrameWords(
        lang=lang,
        label=say(lang, "overview.map_label"),
        zoom_in=say(lang, "overview.zoom_in"),
        zoom_out=say(lang, "overview.zoom_out"),
        missing=say(lang, "overview.shapes_missing"),
        pointer=said
        | {"+": say(lang, "overview.heavier"), "-": say(lang, "overview.lighter")}
        | {mark: say(lang, f"overview.pointer_{mark}") for mark in ("held", "override", "order")},
    )


def comparison_pointer(lang: Language) -> Mapping[str, str]:
    """What it says of a change instead on a map of one of two releases."""
    return {"+": say(lang, "release_pages.heavier"), "-": say(lang, "release_pages.lighter")}
