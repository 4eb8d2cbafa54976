"""What a briefing says of a release in its own sentences: the finding, changes of figures, cut-offs and cadences."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.evidence.confidence import Confidence
from analytics.releases.compare import ReleaseContent
from analytics.scheme import CutOffs, Scheme
from analytics.wording.dates import short_day
from analytics.wording.tiers import tier_in_sentence
from analytics.words import Language, Phrase, say, signed
from analytics.words.frequencies import says_how_often

NAMES_IN_FINDING = 4
WEEK_DAYS = 7


def against(lang: Language, before: ReleaseContent | None) -> str:
    """What changes are held against, as the words of a heading: the release before, or nothing yet."""
    if before is None:
        return say(lang, "briefing.against_none")
    release = say(lang, "briefing.release_short", number=before.number_of_year)
    return say(lang, "briefing.against", release=release, day=short_day(lang, before.day))


def first_finding(lang: Language, elevated: int, areas: int) -> str:
    """How many of the ``areas`` are red or orange, of a release that has none before it."""
    return say(lang, "briefing.finding_first", heavy=elevated, areas=areas)


def finding(
    lang: Language, elevated: int, by: int | None, changed: int, risen: Sequence[tuple[str, str]], interrupted: int = 0,
    decided: int = 0,
) -> str:  # fmt: skip
    """How many areas are red or orange, how many more (``by``) than before, None where that cannot be held against it,
    how many ``changed``, how many of these since data stopped or came again (``interrupted``) or by a person
    (``decided``), and who became so: names and tiers, heaviest moves first."""
    trend = "apart" if by is None else "more" if by > 0 else "fewer" if by < 0 else "same"
    told = say(lang, f"briefing.finding_{trend}", heavy=elevated, by=abs(by or 0), changed=changed)
    if interrupted:
        told = say(lang, "reason.separator").join([told, say(lang, "silence.not_better", n=interrupted)])
    if decided:
        told = say(lang, "reason.separator").join([told, say(lang, "briefing.finding_decided", n=decided)])
    if not risen:
        return told + say(lang, "briefing.finding_end")
    named = [say(lang, "briefing.became", name=name, tier=tier_in_sentence(lang, tier)) for name, tier in risen]
    entry = "briefing.finding_named" if len(named) <= NAMES_IN_FINDING else "briefing.finding_some"
    return told + say(lang, entry, names=named[:NAMES_IN_FINDING], n=len(named))


def change_of_score(lang: Language, by: float) -> str:
    """A change of a score: +1.0, or that it stayed; nothing for NaN."""
    return "" if by != by else signed(by, 1) if round(by, 1) else say(lang, "briefing.level_score")


def with_cause(lang: Language, name: str, cause: str) -> str:
    """A name with what moved its area where that is to be said."""
    return say(lang, "briefing.with_cause", name=name, cause=cause) if cause else name


def firmness(lang: Language, area_id: str, tier: str, found: Confidence) -> str:
    """How firm the ``tier`` of an area is; nothing where it is another than the one that was drawn: of that one the
    draws say nothing."""
    word = found.words.get(area_id) if found.present.get(area_id) == tier else None
    return say(lang, f"confidence.tier_{word}") if word else ""


def cadence(lang: Language, days: float) -> str:
    """How often a measure is due: 5 times a day, every day, every 2 days, every week, every 2 weeks."""
    if days == 1:
        return say(lang, "briefing.every_day")
    if days < 1:
        return say(lang, "briefing.times_a_day", n=f"{1 / days:.3g}")
    if days % WEEK_DAYS == 0:
        weeks = int(days // WEEK_DAYS)
        return say(lang, "briefing.every_week" if weeks == 1 else "briefing.every_weeks", n=weeks)
    return say(lang, "briefing.every_days", n=f"{days:g}")


def cadence_beside(lang: Language, text: str, days: float) -> str:
    """How often a measure is due, beside its ``text``; nothing where that says it already."""
    return "" if says_how_often(text) else cadence(lang, days)


def cut_offs(lang: Language, scheme: Scheme) -> str:
    """The cut-offs of the score in words; what the scheme says where it has none."""
    if not isinstance(scheme.tiers, CutOffs):
        return say(lang, "briefing.cuts_none")
    bounds = [f"{cut:g}" for cut in scheme.tiers.ascending()]
    parts = [
        Phrase("briefing.cut_green", {"tier": say(lang, "tiers.green"), "high": bounds[0]}),
        *(
            Phrase("briefing.cut_between", {"tier": say(lang, f"tiers.{tier}"), "low": low, "high": high})
            for tier, low, high in zip(("blue", "yellow", "orange"), bounds, bounds[1:], strict=False)
        ),
        Phrase("briefing.cut_red", {"tier": say(lang, "tiers.red"), "low": bounds[-1]}),
    ]
    return say(lang, "briefing.cuts", parts=[part.text(lang) for part in reversed(parts)])
