"""Cut-offs by capacity in words: what they cost, who is left out, and the note on them in the scheme from then on."""

from __future__ import annotations

import re
from collections.abc import Mapping

from analytics import tiers
from analytics.response.fit_to_capacity import CapacityCutoffs
from analytics.scheme import Scheme
from analytics.scheme.basics import Bilingual
from analytics.scheme.editing import recut
from analytics.scoring import Assessment
from analytics.wording.areas import brief_names, names_text
from analytics.wording.schemes import cut_off_move
from analytics.wording.tiers import marked
from analytics.words import LANGUAGES, Language, say

NAMES_TOLD = 12
LONGEST_NOTE = 400
"""Characters that a scheme's note may have."""


def answer(lang: Language, found: CapacityCutoffs, stated: float) -> str:
    """What the cut-offs cost that fit a ``stated`` capacity (team-days a week), or that none do."""
    return say(
        lang,
        "workbench.fit_cannot" if found.cannot else "workbench.fit_costs",
        days=f"{found.team_days:.1f}",
        stated=f"{stated:g}",
    )


def cuts(lang: Language, scheme: Scheme, found: CapacityCutoffs) -> list[str]:
    """The cut-offs of ``scheme`` and those that fit, from → to; none where nothing is moved."""
    if not found.raised or found.cannot:
        return []
    return [
        cut_off_move(lang, tier, before, found.cutoffs[tier])
        for tier, before in zip(tiers.RANKED[1:], scheme.tiers.ascending(), strict=True)
    ]


def left_out(lang: Language, assessment: Assessment, found: CapacityCutoffs) -> list[str]:
    """The first areas below the line where the hands run out, tier by tier, and those of unknown tier."""
    names = brief_names(assessment)
    out = [
        say(
            lang,
            "workbench.fit_left_out",
            tier=marked(lang, tier),
            n=len(ids),
            names=names_text(lang, list(names[list(ids)]), NAMES_TOLD),
        )
        for tier, ids in found.left_out.items()
    ]
    if not found.raised and not found.cannot:
        out.append(say(lang, "workbench.fit_all_in"))
    if found.unknown:
        unknown = names_text(lang, list(names[list(found.unknown)]), NAMES_TOLD)
        out.append(say(lang, "workbench.fit_unknown", names=unknown))
    return out


def drawn_by_capacity(scheme: Scheme, cutoffs: Mapping[str, float], stated: float) -> Scheme:
    """The scheme with cut-offs that fit a capacity. Its note says so from then on, wherever the scheme is shown."""
    plain = without_capacity(scheme)
    marks = {lang: say(lang, "workbench.by_capacity_note", stated=f"{stated:g}") for lang in LANGUAGES}
    notes = {
        lang: f"{mark} {plain.note.text(lang)[: LONGEST_NOTE - len(mark) - 1]}" if plain.note else mark
        for lang, mark in marks.items()
    }
    return recut(plain, cutoffs).model_copy(update={"note": Bilingual(**notes)})


def without_capacity(scheme: Scheme) -> Scheme:
    """The scheme without that mark: cut-offs that are moved by hand are no longer those of a capacity."""
    if scheme.note is None:
        return scheme
    notes = {lang: _mark(lang).sub("", scheme.note.text(lang)).strip() for lang in LANGUAGES}
    return scheme.model_copy(update={"note": Bilingual(**notes) if all(notes.values()) else None})


def _mark(lang: Language) -> re.Pattern[str]:
    """How the sentence `workbench.by_capacity_note` is found again in a note, whatever number it names."""
    before, after = map(re.escape, say(lang, "workbench.by_capacity_note", stated="\0").split("\0"))
    return re.compile(rf"{before}[\d.e+]*{after}")
