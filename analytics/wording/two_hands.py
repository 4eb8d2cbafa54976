"""Drafts on their way to being published by two people: state, what was said of them, and what a step does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analytics.store.ledger_entries import ReleaseEntry, ReleaseStepEntry
from analytics.store.release_steps import DraftState
from analytics.wording.people import by_whom
from analytics.wording.releases import release_name
from analytics.words import Language, Phrase, phrase, say


def state_line(lang: Language, entry: ReleaseEntry, state: DraftState) -> str:
    """Which draft, where it stands, and who drafted it."""
    told = {"draft": release_name(lang, entry), "by": by_whom(lang, entry.author, entry.role)}
    return say(lang, "two_hands.state_line", **told, state=say(lang, f"two_hands.state_{state}"))


def unchecked_lines(lang: Language, names: Sequence[str], *, whole: bool) -> list[str]:
    """Which communities have not checked yet; that all have is said to whoever sees the ``whole``."""
    if names:
        return [say(lang, "two_hands.unchecked", names=names)]
    return [say(lang, "two_hands.all_checked")] if whole else []


def community_name(lang: Language, community: str | None, called: Mapping[str, str]) -> str:
    """A community, one that is gone by its code, or all of them."""
    return say(lang, "two_hands.all_areas") if community is None else called.get(community, community)


def step_lines(lang: Language, steps: Sequence[ReleaseStepEntry], called: Mapping[str, str]) -> list[str]:
    """Every step, the oldest first: when, what, of which community, and by whom."""
    return [
        say(
            lang,
            f"two_hands.line_{one.step}",
            day=one.at[:10],
            community=community_name(lang, one.community, called),
            number=one.number,
            objection=one.objection,
            text=one.text,
            by=by_whom(lang, one.who, one.role),
        )
        for one in steps
    ]


def objection_name(lang: Language, one: ReleaseStepEntry, called: Mapping[str, str]) -> str:
    """An objection in a box to choose from."""
    told = {"number": one.number, "community": community_name(lang, one.community, called), "text": one.text}
    return say(lang, "two_hands.named_objection", **told)


def step_plan(
    lang: Language, entry: ReleaseEntry, step: ReleaseStepEntry, called: Mapping[str, str]
) -> tuple[str, ...]:
    """What a step will do."""
    told = {
        "draft": release_name(lang, entry),
        "community": community_name(lang, step.community, called),
        "objection": step.objection,
        "text": step.text,
    }
    return say(lang, f"two_hands.plan_{step.step}", **told), say(lang, "two_hands.kept")


def step_taken(entry: ReleaseEntry, step: ReleaseStepEntry) -> Phrase:
    """That a step was taken."""
    name = phrase("page.draft", number=entry.draft, day=entry.day)
    return phrase(f"two_hands.done_{step.step}", draft=name, number=step.number, objection=step.objection)
