"""What a person's decision on a tier, or its end, will do, in words: read before it is confirmed."""

from __future__ import annotations

from datetime import date

from analytics import tiers
from analytics.scoring.overrides import OverrideOutcome
from analytics.wording.tiers import tier_name
from analytics.words import Language, Phrase, phrase, say


def decision_plan(lang: Language, outcome: OverrideOutcome, reason: str, first: date, last: date) -> tuple[str, ...]:
    """What a decision changes, for how long, what it leaves as it is, and why it is made."""
    kept = {name: tier_name(lang, getattr(outcome, name)) for name in ("computed", "published")}
    return (
        _becomes(lang, outcome),
        say(lang, "release_pages.plan_span", first=first, last=last, **kept),
        say(lang, "release_pages.plan_releases_stay"),
        say(lang, "release_pages.plan_reason", reason=reason),
    )


def decision_beware(lang: Language, outcome: OverrideOutcome) -> tuple[str, ...]:
    """That a decision is milder than floor rules demand, a sentence a rule; and that an area has a tier by it of which
    no record says anything."""
    unrated = outcome.computed == tiers.UNKNOWN != outcome.after
    no_data = [say(lang, "release_pages.plan_no_data", tier=tier_name(lang, outcome.after))] if unrated else []
    return (
        *no_data,
        *(
            say(
                lang,
                "release_pages.plan_milder",
                rule=rule.name.text(lang),
                least=tier_name(lang, rule.at_least),
                tier=tier_name(lang, outcome.after),
            )
            for rule in outcome.milder_than
        ),
    )


def withdrawal_plan(lang: Language, outcome: OverrideOutcome, number: int) -> tuple[str, ...]:
    """What the end of a decision changes, and what it leaves as it is."""
    return (
        _becomes(lang, outcome),
        say(lang, "release_pages.plan_withdrawn", number=number),
        say(lang, "release_pages.plan_releases_stay"),
    )


def decided(outcome: OverrideOutcome, first: date, last: date) -> Phrase:
    """That it was decided."""
    tier = phrase(f"tiers.{outcome.after}")
    return phrase("release_pages.decided", area=outcome.area, tier=tier, first=first, last=last)


def withdrawn(outcome: OverrideOutcome, number: int) -> Phrase:
    """That a decision was ended."""
    tier = phrase(f"tiers.{outcome.after}")
    return phrase("release_pages.withdrawn", area=outcome.area, number=number, tier=tier, day=outcome.day)


def _becomes(lang: Language, outcome: OverrideOutcome) -> str:
    """From which tier to which, and that floor rules still hold."""
    before, after = tier_name(lang, outcome.before), tier_name(lang, outcome.after)
    key = "becomes" if outcome.before != outcome.after else "stays"
    names = [rule.name.text(lang) for rule in outcome.holding]
    rules = say(lang, "release_pages.plan_rules_hold", names=names) if names else ""
    said = say(lang, f"release_pages.plan_{key}", area=outcome.area, before=before, after=after, rules=rules)
    if outcome.begins is None:
        return said
    return say(lang, "release_pages.plan_from", begins=outcome.begins, day=outcome.day, said=said)
