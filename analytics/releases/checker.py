"""The bulletin read again before it is published: every figure found anew, and the words held against the figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from analytics import tiers
from analytics.errors import BulletinError
from analytics.releases.bulletin import SECTIONS, Bulletin
from analytics.releases.compare import ReleaseContent
from analytics.releases.noise_floor import NoiseFloor
from analytics.releases.recount import Recount
from analytics.releases.recount_finders import tier_phrase
from analytics.releases.sentences import CitedFigure, Difference, Sentence
from analytics.words import LANGUAGES, Language, Phrase, phrase, say


def check(
    told: Bulletin, before: ReleaseContent | None, after: ReleaseContent, noise: NoiseFloor | None = None
) -> None:
    """Raise :class:`BulletinError` naming the first sentence that says what the releases do not.

    ``noise`` is the noise floor that the bulletin was written with; what it observed is counted again.
    """
    if tuple(told.sections) != SECTIONS or not all(told.sections.values()):
        raise BulletinError.because("bulletin.wrong_sections")
    again = Recount(before, after, noise)
    for section, sentences in {"title": (told.title,), **told.sections}.items():
        for number, item in enumerate(sentences, start=1):
            place = {"section": phrase(f"bulletin.section_{section}"), "number": number}
            for fact in item.figures:
                if not again.agrees(fact):
                    raise BulletinError.because("bulletin.wrong_fact", fact=fact.name, **place)
            if not all(_fits(part, again) for part in _phrases_in(item.phrase)):
                raise BulletinError.because("bulletin.wrong_words", **place)
            if any(re.search(r"\d", _without_figures(item, lang)) for lang in LANGUAGES):
                raise BulletinError.because("bulletin.untraced_number", **place)


_PARTS = ("part_heavier", "part_lighter", "part_unknown", "part_apart", "part_revision")

_CLAIMS: Mapping[str, Callable[[Recount], bool]] = {
    "overall_none": lambda a: not a.at,
    "overall_all_unknown": lambda a: set(a.shown["after"].values()) == {tiers.UNKNOWN},
    "overall_since_same": lambda a: (
        Counter(a.shown["after"][area] for area in a.shared) == Counter(a.corrected(area) for area in a.shared)
    ),
    "of_both": lambda a: set(a.shown["before"]) != set(a.shown["after"]),
    "as_corrected": lambda a: bool(a.revised),
    "heavy_areas": lambda a: any(
        a.rated("after") != a.rated(when, at)
        for when, one in a.told.items()
        for at in (range(len(one.assessment.days)) if when == "after" else (-1,))
    ),
    "heavy_revised": lambda a: bool(a.revised),
    "focus_none": lambda a: not a.with_tier("after", *tiers.ELEVATED) and bool(a.with_tier("after", *tiers.RANKED)),
    "focus_unknown_all": lambda a: not a.with_tier("after", *tiers.RANKED),
    "moves_first": lambda a: "before" not in a.told,
    "moves_nothing_shared": lambda a: "before" in a.told and not a.shared,
    "moves_none": lambda a: not a.moves,
    "moves_summary_all": lambda a: len(a.moves) == len(a.shared),
    "noise_within": lambda a: a.observed <= a.noise.high,
    "noise_above": lambda a: a.observed > a.noise.high,
    "heavy_interrupted": lambda a: any((one.assessment.carried > 0).any() for one in a.told.values()),
    "matters_from_none": lambda a: not sum(a.incidents[a.complete[-2]].values()),
    "matters_interrupted": lambda a: a.told["after"].complete.interrupted,
    "matters_only": lambda a: len(a.complete) == 1,
    "matters_so_far": lambda a: list(a.incidents)[-1] not in a.complete,
    "not_over": lambda a: list(a.incidents)[-1] > a.told["after"].day.isoformat(),
    "not_in": lambda a: list(a.incidents)[-1] <= a.told["after"].day.isoformat(),
    "provisional": lambda a: a.told["after"].complete.day < a.told["after"].day,
}
"""What a sentence claims without a number."""


def _fits(part: Phrase, again: Recount) -> bool:
    """Whether the words of a phrase are the ones for its facts: one or many, more or fewer, the tier, the names."""
    entry = part.key.removeprefix("bulletin.")
    facts = list(_near_figures(part))
    signs = {fact.value for fact in facts if isinstance(fact, Difference)}
    rows = {
        fact.rows[0] for fact in facts if fact.name.split(".")[0] in ("name", "tier", "score", "lead", "floor", "line")
    }
    last_parts = {fact.name.split(".")[-1] for fact in facts}
    of_tiers = last_parts & set(tiers.SHOWN)
    tier = part.params.get("tier")
    return all(
        (
            not entry.endswith(("_more", "_rise", "_from_none")) or all(sign > 0 for sign in signs),
            not entry.endswith(("_fewer", "_fall")) or all(sign < 0 for sign in signs),
            not entry.endswith("_same") or all(sign == 0 for sign in signs),
            not entry.endswith("_one") or entry in ("overall_one", "quiet_one") or facts[0].value == 1,
            not entry.endswith("_many") or facts[0].value != 1,
            entry not in _CLAIMS or _CLAIMS[entry](again),
            not entry.startswith("why_") or (len(rows) == 1 and _kept_fits(part, again, *rows)),
            not entry.startswith("move_") or _move_fits(part, facts, entry),
            not entry.startswith(("cause_", "differs_")) or entry.split("_")[1] in last_parts,
            entry not in _PARTS or entry.split("_")[1] in last_parts,
            entry != "overall_counts" or all(part.params[name].name == f"shown.after.{name}" for name in tiers.SHOWN),
            not isinstance(tier, Phrase) or {tier.key.removeprefix("bulletin.tier_")} == of_tiers,
            "names" not in part.params or not isinstance(part.params["names"], Phrase) or _names_fit(part),
            entry not in ("matters_rise", "matters_fall") or len({fact.rows[-1] for fact in facts}) == 1,
            entry not in ("matters_rise", "matters_fall") or _counted_fits(part, again),
            entry not in ("quiet_all", "quiet_known") or _quiet_fits(entry, facts, again),
        )
    )


def _move_fits(part: Phrase, facts: list[CitedFigure], entry: str) -> bool:
    (moved,) = (fact for fact in facts if fact.name.startswith("moved."))
    _, before, after, *apart = moved.name.split(".")
    if apart:
        way = f"move_{apart[0]}"
    elif tiers.UNKNOWN in (before, after):
        way = "move_unknown"
    else:
        way = "move_up" if tiers.RANK[after] > tiers.RANK[before] else "move_down"
    return entry == way and (part.params["before"], part.params["after"]) == (tier_phrase(before), tier_phrase(after))


def _kept_fits(part: Phrase, again: Recount, area: str) -> bool:
    """Whether a sentence on one area says that its tier is held, or decided, where it is and nowhere else."""
    kept, why = again.kept_by(area), part.params.get("why")
    return why.key == f"reason.{kept}" if isinstance(why, Phrase) else not kept


def _counted_fits(part: Phrase, again: Recount) -> bool:
    """Whether it says that only some categories are compared, where that is so."""
    return bool(part.params.get("of")) == (set(again.counted_change()) != set(again.incidents_change()))


def _quiet_fits(entry: str, facts: list[CitedFigure], again: Recount) -> bool:
    """Whether a sentence on all areas is told of all of them, and no other one is."""
    heard = [len(fact.rows) for fact in facts if fact.name.startswith("quiet_known.")]
    return len(heard) == 1 and (heard[0] == len(again.at)) == (entry == "quiet_all")


def _names_fit(part: Phrase) -> bool:
    """Whether the names are those of the areas that are counted beside them."""
    named = part.params["names"].params
    rows = [fact.rows[0] for fact in named["names"]] + list(named["more"].rows if "more" in named else ())
    return sorted(rows) == sorted(part.params["areas"].params["n"].rows)


def _near_figures(part: Phrase) -> Iterator[CitedFigure]:
    """The facts in the phrase itself, and the numbers of areas, days and incidents that it says."""
    for name, held in part.params.items():
        if isinstance(held, CitedFigure):
            yield held
        elif name in ("areas", "matters", "days") and isinstance(held, Phrase):
            yield held.params["n"]
        elif name == "leads":
            yield from held
        elif name == "why":
            yield from _near_figures(held)


def _phrases_in(value: object) -> Iterator[Phrase]:
    match value:
        case Phrase():
            yield value
            for held in value.params.values():
                yield from _phrases_in(held)
        case list() | tuple():
            for item in value:
                yield from _phrases_in(item)


def _without_figures(item: Sentence, lang: Language) -> str:
    """The sentence with every fact left out."""

    def blank(value: object) -> object:
        match value:
            case CitedFigure():
                return ""
            case Phrase():
                return say(lang, value.key, **{name: blank(held) for name, held in value.params.items()})
            case list() | tuple():
                return [blank(held) for held in value]
        return value

    return str(blank(item.phrase))
