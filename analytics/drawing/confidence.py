"""How firm the colours are, as cards: what the draws said, what moves the colours, and area by area."""

from __future__ import annotations

from collections.abc import Sequence

from analytics import tiers
from analytics.drawing.html import render
from analytics.evidence.confidence import Confidence
from analytics.exhibits.confidence import least_firm_first
from analytics.scoring import Assessment
from analytics.wording import confidence as wording
from analytics.wording.areas import brief_names, parent_beside
from analytics.wording.numbers import NOTHING, kept_text, share_text
from analytics.words import Language

MOST_LISTED = 300
ROOM_FOR_A_SHARE, ROOM_FOR_A_MARK = 0.12, 0.05  # of a bar


def empty(lang: Language, seen: str) -> str:
    """What stands there before the first run: what is done, what to press, and by whom it is ``seen``."""
    return render(lang, "confidence_empty.html", seen=seen)


def notes(lang: Language, lines: Sequence[str]) -> str:
    """What is to be known before the result is read."""
    return render(lang, "confidence_notes.html", lines=lines)


def headline(lang: Language, found: Confidence, *, drafted: bool) -> str:
    """How many areas are firm, leaning and borderline, and what moves most colours; and whether it is of a draft."""
    return render(lang, "confidence_headline.html", drafted=drafted, sentence=wording.sentence(lang, found))


def movers(lang: Language, found: Confidence) -> str:
    """The first-order shares as bars, the largest first, and what several assumptions move together."""
    rows = [
        {"label": label, "share": share, "text": NOTHING if share is None else share_text(share), "alone": alone}
        for label, share, alone in wording.mover_rows(lang, found)
    ]
    moved, note = found.first_order is not None, wording.movers_note(lang, found)
    return render(lang, "confidence_movers.html", rows=rows, moved=moved, note=note)


def varied(lang: Language, found: Confidence) -> str:
    """What was varied and what was not, how many draws there were, and their seed."""
    return render(lang, "confidence_varied.html", lines=wording.varied(lang, found))


def areas(lang: Language, run: Assessment, found: Confidence) -> str:
    """Every area with the share of the draws in each tier, the least firm first, those of unknown tier last."""
    names, ordered = brief_names(run), least_firm_first(found)
    rows = [
        {
            "name": names[area_id],
            "parent": parent_beside(run, area_id, names[area_id]),
            "tier": found.present[area_id],
            "word": found.words[area_id],
            "likelier": wording.likelier_text(lang, found, area_id),
            "kept": kept_text(found.kept[area_id]) if found.words[area_id] else NOTHING,
            "parts": [
                {"tier": tier, "share": share, "text": _in_bar(tier, share)}
                for tier, share in found.shares.loc[area_id].items()
                if share
            ],
            "said": wording.shares_text(lang, found, area_id),
        }
        for area_id in ordered[:MOST_LISTED]
    ]
    return render(lang, "confidence_areas.html", rows=rows, most=MOST_LISTED if len(ordered) > MOST_LISTED else None)


def _in_bar(tier: str, share: float) -> str:
    """What stands in a part of a bar: the tier's mark, for those who see no colours, and its share if there is room."""
    mark = tiers.LOOKS[tier].mark
    return f"{mark} {share_text(share)}" if share >= ROOM_FOR_A_SHARE else mark if share >= ROOM_FOR_A_MARK else ""
