"""What publishing, keeping a draft and withdrawing will do, in words: read before it is confirmed."""

from __future__ import annotations

from analytics import tiers
from analytics.releases.planned import PlannedRelease
from analytics.store.ledger_entries import ReleaseEntry
from analytics.wording.dates import cut_off
from analytics.wording.provenance import scheme_version
from analytics.wording.releases import code_of, release_name
from analytics.wording.tiers import marked, tier_name
from analytics.words import Language, Phrase, phrase, say

MOST_CHANGES = 12


def release_plan(lang: Language, planned: PlannedRelease, reason: str) -> tuple[str, ...]:
    """Which release, of which day and scheme; how many areas in each tier; who changed since the one before; and why it
    is made."""
    told = {"day": cut_off(lang, planned.day), "scheme": scheme_version(lang, planned.scheme, planned.day)}
    if planned.numbers is None:
        first = say(lang, "release_pages.plan_draft", **told)
    else:
        year, of_year, number = planned.numbers
        name = say(lang, "page.release_number", year=year, of_year=of_year, number=number)
        first = say(lang, "release_pages.plan_release", release=name, **told)
    counts = [
        say(lang, "release_pages.plan_count", tier=marked(lang, tier), n=int(planned.counts[tier]))
        for tier in tiers.SHOWN
    ]
    final = () if planned.numbers is None else (say(lang, "release_pages.plan_final"),)
    return (
        first,
        say(lang, "release_pages.plan_counts", n=int(planned.counts.sum()), counts=counts),
        *_changes(lang, planned),
        *final,
        say(lang, "release_pages.plan_reason", reason=reason),
    )


def _changes(lang: Language, planned: PlannedRelease) -> tuple[str, ...]:
    if planned.before is None or planned.changed is None:
        return (say(lang, "release_pages.plan_first"),)
    before, changed = release_name(lang, planned.before), planned.changed
    if changed.empty:
        return (say(lang, "release_pages.plan_unchanged", before=before),)
    ways = {
        "raised": int(changed["raised"].eq(other=True).sum()),
        "lowered": int(changed["raised"].eq(other=False).sum()),
        "neither": int(changed["raised"].isna().sum()),
    }
    said = [say(lang, f"release_pages.plan_{way}", n=n) for way, n in ways.items() if n]
    listed = changed.head(MOST_CHANGES)
    named = [_change(lang, *row) for row in zip(listed["name"], listed["before"], listed["after"], strict=True)]
    if more := len(changed) - len(named):
        named.append(say(lang, "release_pages.plan_more", n=more))
    return (
        say(lang, "release_pages.plan_changed", before=before, n=len(changed), ways=said),
        say(lang, "release_pages.plan_separator").join(named),
    )


def _change(lang: Language, area: str, before: str, after: str) -> str:
    told = {"before": tier_name(lang, before), "after": tier_name(lang, after)}
    return say(lang, "release_pages.plan_change", area=area, **told)


def taking_back_plan(lang: Language, entry: ReleaseEntry, newest: ReleaseEntry | None, reason: str) -> tuple[str, ...]:
    """What a release that is taken back leaves behind: the one that is the ``newest`` of its scheme from then on."""
    left = say(lang, "release_pages.plan_none_left")
    if newest:
        left = say(lang, "release_pages.plan_newest", release=release_name(lang, newest))
    return (
        say(lang, "release_pages.plan_take_back", release=release_name(lang, entry), day=cut_off(lang, entry.day)),
        left,
        say(lang, "release_pages.take_back_means"),
        say(lang, "release_pages.plan_reason", reason=reason),
    )


def made(entry: ReleaseEntry) -> Phrase:
    """That a release was published, or a draft kept."""
    if entry.number is None:
        return phrase("release_pages.made_draft", release=phrase("page.draft", number=entry.draft, day=entry.day))
    return phrase("release_pages.made_published", release=_name(entry), code=code_of(entry))


def taken_back(entry: ReleaseEntry) -> Phrase:
    """That a release was taken back."""
    return phrase("release_pages.taken_back", release=_name(entry))


def _name(entry: ReleaseEntry) -> Phrase:
    return phrase("page.release_number", year=entry.year, of_year=entry.number_of_year, number=entry.number)
