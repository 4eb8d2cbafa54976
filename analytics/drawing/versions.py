"""Versions of a scheme as parts of a page: the state of a draft, the list, and what differs."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.drawing.html import render
from analytics.scheme import Scheme
from analytics.scoring.what_if import WhatIf
from analytics.store.ledger import SchemeVersion
from analytics.wording import versions as wording
from analytics.wording.workbench import tier_changes
from analytics.words import Language, Phrase


def state(lang: Language, in_use: Scheme, changed: Sequence[Phrase], *, stale: bool, saved: int | None) -> str:
    """One line: how far the draft is from the scheme in use, whether it is ``saved`` as a version, and whether another
    one was adopted since it was begun."""
    said, told = wording.draft_state(lang, in_use, changed, saved), wording.draft_changes(lang, changed, stale=stale)
    return render(lang, "workbench_state.html", said=said, told=told)


def listed(lang: Language, entries: Sequence[SchemeVersion], in_use: int) -> str:
    """Every saved version, the newest first, with who saved it, why, and which is in use."""
    return render(lang, "workbench_versions.html", rows=wording.version_rows(lang, entries, in_use))


def difference(lang: Language, changed: Sequence[Phrase], trial: WhatIf | None = None) -> str:
    """What differs between two versions, a line each; and whose tier it changes, where that is known."""
    lines = wording.difference_lines(lang, changed)
    if trial:
        lines = [*lines, tier_changes(lang, trial)]
    return render(lang, "workbench_notes.html", lines=lines)
