"""Versions of a scheme as parts of a page: the state of a draft, the list, and what differs."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.drawing.cards import render
from analytics.scheme import Scheme
from analytics.scheme.builtin import BUILTIN
from analytics.store.ledger import SchemeVersion
from analytics.words import Language, Phrase, say

LINES_TOLD = 4
LONGEST_LINE = 60


def state(lang: Language, in_use: Scheme, changed: Sequence[Phrase], stale: bool, saved: int | None) -> str:
    """One line: how far the draft is from the scheme in use, whether it is ``saved`` as a version, and whether another
    one was adopted since it was begun."""
    told = [_cut_short(one.text(lang)) for one in changed[:LINES_TOLD]]
    if len(changed) > LINES_TOLD:
        told.append(say(lang, "versions.more", n=len(changed) - LINES_TOLD))
    if not changed:
        said = say(lang, "versions.unchanged", version=in_use.version)
    elif saved:
        said = say(lang, "versions.saved_not_adopted", saved=saved, version=in_use.version)
    else:
        said = say(lang, "versions.unsaved", version=in_use.version, n=len(changed))
    if stale and changed:
        told.append(say(lang, "versions.stale"))
    return render(lang, "workbench_state.html", said=said, told=told)


def _cut_short(text: str) -> str:
    return text if len(text) <= LONGEST_LINE else text[: LONGEST_LINE - 1] + "…"


def listed(lang: Language, entries: Sequence[SchemeVersion], in_use: int) -> str:
    """Every saved version, the newest first, with who saved it, why, and which is in use."""
    rows = [
        {
            "version": entry.version,
            "at": entry.at[:16].replace("T", " "),
            "who": say(lang, "release_pages.by", who=entry.author, role=say(lang, f"access.role_{entry.role}")),
            "reason": entry.reason,
            "in_use": entry.version == in_use and entry.adopted is not None,
        }
        for entry in sorted(entries, key=lambda entry: -entry.number)
    ]
    return render(lang, "workbench_versions.html", rows=rows)


def name(lang: Language, side: str, in_use: Scheme, ships: bool) -> str:
    """What a side of a comparison is called: the draft, the scheme as it ships, which may be in use, or a version."""
    if side == "draft":
        return say(lang, "versions.draft")
    if side == BUILTIN:
        return say(lang, "versions.shipped_in_use" if ships else "versions.shipped")
    key = "versions.number_in_use" if int(side) == in_use.version else "versions.number"
    return say(lang, key, version=side)


def difference(lang: Language, changed: Sequence[Phrase]) -> str:
    """What differs between two versions, a line each."""
    told = [one.text(lang) for one in changed] or [say(lang, "versions.no_difference")]
    return render(lang, "workbench_notes.html", lines=told)
