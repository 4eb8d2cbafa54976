"""Versions of a scheme in words: the state of a draft, the list of versions, and what differs."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.scheme import Scheme
from analytics.scheme.builtin import BUILTIN
from analytics.scoring.what_if import WhatIf
from analytics.store.ledger import SchemeVersion
from analytics.wording.dates import cut_off, minute_text
from analytics.wording.people import by_whom
from analytics.wording.workbench import tier_changes
from analytics.words import Language, Phrase, phrase, say

LINES_TOLD = 4
LONGEST_LINE = 60
"""Characters."""


def draft_state(lang: Language, in_use: Scheme, changed: Sequence[Phrase], saved: int | None) -> str:
    """How far the draft is from the scheme in use, and whether it is ``saved`` as a version."""
    if not changed:
        return say(lang, "versions.unchanged", version=in_use.version)
    if saved:
        return say(lang, "versions.saved_not_adopted", saved=saved, version=in_use.version)
    return say(lang, "versions.unsaved", version=in_use.version, n=len(changed))


def draft_changes(lang: Language, changed: Sequence[Phrase], *, stale: bool) -> list[str]:
    """The first of the changes of a draft, cut short, how many more there are, and whether another scheme was adopted
    since it was begun."""
    told = [_cut_short(one.text(lang)) for one in changed[:LINES_TOLD]]
    if len(changed) > LINES_TOLD:
        told.append(say(lang, "versions.more", n=len(changed) - LINES_TOLD))
    if stale and changed:
        told.append(say(lang, "versions.stale"))
    return told


def _cut_short(text: str) -> str:
    return text if len(text) <= LONGEST_LINE else text[: LONGEST_LINE - 1] + "…"


def version_rows(lang: Language, entries: Sequence[SchemeVersion], in_use: int) -> list[dict[str, object]]:
    """Every saved version, the newest first, with who saved it, why, and which is in use."""
    return [
        {
            "version": entry.version,
            "at": minute_text(entry.at),
            "who": by_whom(lang, entry.author, entry.role),
            "reason": entry.reason,
            "in_use": entry.version == in_use and entry.adopted is not None,
        }
        for entry in sorted(entries, key=lambda entry: -entry.number)
    ]


def version_name(lang: Language, side: str, in_use: Scheme, *, ships: bool) -> str:
    """What a side of a comparison is called: the draft, the scheme as it ships, which may be in use, or a version."""
    if side == "draft":
        return say(lang, "versions.draft")
    if side == BUILTIN:
        return say(lang, "versions.shipped_in_use" if ships else "versions.shipped")
    key = "versions.number_in_use" if int(side) == in_use.version else "versions.number"
    return say(lang, key, version=side)


def adoption_plan(lang: Language, entry: SchemeVersion, trial: WhatIf) -> tuple[str, ...]:
    """What adopting a version does: which one takes whose place, whose tier changes, and where it counts."""
    told = {"version": entry.version, "used": trial.before.scheme.version, "reason": entry.reason}
    day = cut_off(lang, trial.after.days[-1].date())
    return (
        say(lang, "versions.plan_adopt", **told),
        say(lang, "versions.plan_tiers", day=day, changes=tier_changes(lang, trial)),
        say(lang, "versions.plan_where"),
    )


def adopted(entry: SchemeVersion, trial: WhatIf) -> Phrase:
    """That a version was adopted, and how many areas have another tier."""
    return phrase("versions.adopted", version=entry.version, n=len(trial.changed))


def difference_lines(lang: Language, changed: Sequence[Phrase]) -> list[str]:
    """What differs between two versions, a line each."""
    return [one.text(lang) for one in changed] or [say(lang, "versions.no_difference")]
