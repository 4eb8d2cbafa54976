"""The bulletin: what a release says in words, in the order of official papers, both languages from the same facts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.releases.alike import corrects, tiers_then_and_now
from analytics.releases.compare import CAUSES, Comparison, ReleaseContent, TierChange
from analytics.releases.interruption import interrupted, revised
from analytics.releases.noise_floor import NoiseFloor
from analytics.releases.ordered import ordered
from analytics.releases.sentences import CitedFigure, Difference, Sentence, areas, scheme_figures, sentence
from analytics.releases.trend import heavy_difference, trend
from analytics.releases.why_shown import why_shown
from analytics.scheme.digest import short_digest
from analytics.scoring.assess import NO_OVERRIDE
from analytics.scoring.decide import BY_DECISION, BY_SCORE
from analytics.scoring.displayed_score import displayed_score
from analytics.scoring.reasons import shown_tier
from analytics.scoring.summary import carried_areas, ordered_areas, ranking
from analytics.words import LANGUAGES, Language, Phrase, phrase, say
from analytics.words.frequencies import says_how_often

SECTIONS = ("overall", "focus", "moves", "trend", "advice", "notes")
"""The official order."""

MOST_NAMES = 50
WORST = 5
LEADS = 2


SMALL_PRINT = ("bulletin.notes_chance", "bulletin.notes_traced")
"""Sentences of the notes for who recomputes a release: a paper prints them small beside its check code."""


@dataclass(frozen=True)
class Bulletin:
    """A title and, in the order of ``SECTIONS``, the sentences of each section."""

    title: Sentence
    sections: Mapping[str, tuple[Sentence, ...]]


def bulletin(
    before: ReleaseContent | None, after: ReleaseContent, comparison: Comparison | None, noise: NoiseFloor | None = None
) -> Bulletin:
    """The bulletin of ``after``; ``before`` and ``comparison`` are None for a first release."""
    writers = (
        _overall(before, after),
        _focus(after),
        _moves(before, after, comparison, noise),
        trend(after, comparison),
        _advice(after, comparison),
        _notes(before, after, comparison, noise),
    )
    sections = {name: tuple(written) for name, written in zip(SECTIONS, writers, strict=True)}
    return Bulletin(_title(after), sections)


def as_text(told: Bulletin, lang: Language) -> str:
    """The bulletin as plain text: title, then each section's heading and its sentences, one a line."""
    blocks = [told.title.text(lang)]
    for name, sentences in told.sections.items():
        blocks.append("\n".join([say(lang, f"bulletin.section_{name}"), *(item.text(lang) for item in sentences)]))
    return "\n\n".join(blocks) + "\n"


def as_json(told: Bulletin) -> str:
    """The bulletin as JSON: every sentence in both languages with its facts and the rows they came from."""

    def plain(item: Sentence) -> Mapping[str, object]:
        return {lang: item.text(lang) for lang in LANGUAGES} | {"facts": [fact.as_json() for fact in item.figures]}

    sections = [
        {
            "id": name,
            "heading": {lang: say(lang, f"bulletin.section_{name}") for lang in LANGUAGES},
            "sentences": [plain(item) for item in sentences],
        }
        for name, sentences in told.sections.items()
    ]
    return json.dumps({"title": plain(told.title), "sections": sections}, ensure_ascii=False, indent=1) + "\n"


def _title(after: ReleaseContent) -> Sentence:
    name = CitedFigure("scheme_name.after", after.scheme.title(after.day), "scheme")
    return sentence("bulletin.title", scheme=name, release=_release("after", after))


def _release(when: str, told: ReleaseContent) -> Phrase:
    if told.number is None:
        return phrase("bulletin.release_draft")
    facts = {
        "year": CitedFigure(f"year.{when}", told.year, "release"),
        "number": CitedFigure(f"number_of_year.{when}", told.number_of_year, "release"),
    }
    if when == "before":
        return phrase("bulletin.release_before", **facts)
    return phrase("bulletin.release_numbered", total=CitedFigure(f"number.{when}", told.number, "release"), **facts)


def _as_of(when: str, told: ReleaseContent) -> Mapping[str, CitedFigure]:
    return {
        "day": CitedFigure(f"day.{when}", told.day, "release"),
        "hour": CitedFigure("hour", phrase("bulletin.hour"), "release"),
    }


def _tier(tier: str) -> Phrase:
    return phrase(f"bulletin.tier_{tier}")


def _shown(told: ReleaseContent) -> pd.Series:
    """Tier names as shown on the release's day, by area id."""
    return pd.Series(tiers.names(told.assessment.shown[-1]), index=told.assessment.areas.index)


def _named(rows: Sequence[str], told_by: ReleaseContent, when: str = "after") -> Phrase:
    """The areas' names, all of them up to a number that a reader still takes in."""
    told = [CitedFigure(f"name.{when}", told_by.called(area), "areas", (area,)) for area in rows[:MOST_NAMES]]
    rest = tuple(rows[MOST_NAMES:])
    if not rest:
        return phrase("bulletin.names", names=told)
    return phrase("bulletin.names_more", names=told, more=CitedFigure("others", len(rest), "areas", rest))


def _overall(before: ReleaseContent | None, after: ReleaseContent) -> Iterator[Sentence]:
    shown = _shown(after)
    held = {tier: tuple(shown.index[shown == tier]) for tier in tiers.SHOWN}
    total = CitedFigure("areas.after", len(shown), "areas", tuple(shown.index))
    there = [tier for tier in tiers.SHOWN if held[tier]]
    if not there:
        yield sentence("bulletin.overall_none", **_as_of("after", after))
    elif len(shown) == 1:
        tier = CitedFigure("tier.shown.after", _tier(there[0]), "tiers", held[there[0]])
        names = _named(held[there[0]], after)
        yield sentence("bulletin.overall_one", areas=areas(total), names=names, tier=tier, **_as_of("after", after))
    elif there == [tiers.UNKNOWN]:
        yield sentence("bulletin.overall_all_unknown", areas=areas(total), **_as_of("after", after))
    elif len(there) == 1:
        tier = CitedFigure("tier.all", _tier(there[0]), "tiers", held[there[0]])
        yield sentence("bulletin.overall_all", areas=areas(total), tier=tier, **_as_of("after", after))
    else:
        counts = {
            tier: CitedFigure(f"shown.after.{tier}", len(held[tier]), "tiers", held[tier]) for tier in tiers.SHOWN
        }
        yield sentence("bulletin.overall_counts", areas=areas(total), **counts, **_as_of("after", after))
    yield from interrupted(before, after)
    yield from ordered(before, after)
    if before is None:
        return
    yield from revised(before, after)
    yield from _since(before, after)
    if found := heavy_difference(before, after):
        yield found


def _since(before: ReleaseContent, after: ReleaseContent) -> Iterator[Sentence]:
    """How many more or fewer areas are in each tier, of those in both releases, and against what is right of the one
    before: areas that came or went and tiers that were corrected are told elsewhere, and are no change of this time."""
    both = tiers_then_and_now(before, after)
    if both.empty:
        return
    differences = []
    for tier in tiers.SHOWN:
        rows = tuple(both.index[both["now"] == tier])
        by = len(rows) - int((both["then"] == tier).sum())
        if by:
            fact = Difference(f"difference.{tier}", by, "tiers", rows)
            differences.append(phrase(f"bulletin.part_{'more' if by > 0 else 'fewer'}", tier=_tier(tier), by=fact))
    alike = len(both) == len(before.assessment.areas) == len(after.assessment.areas)
    since = {"release": _release("before", before), **_as_of("before", before)}
    since["shared"] = "" if alike else phrase("bulletin.of_both")
    since["corrected"] = phrase("bulletin.as_corrected") if corrects(before, after) else ""
    if differences:
        yield sentence("bulletin.overall_since", parts=differences, **since)
    else:
        yield sentence("bulletin.overall_since_same", **since)


def _focus(after: ReleaseContent) -> Iterator[Sentence]:
    shown = _shown(after)
    ranked = ranking(after.assessment)
    if (shown == tiers.UNKNOWN).all():
        yield sentence("bulletin.focus_unknown_all")
        return
    for tier in tiers.ELEVATED:
        rows = tuple(ranked.index[ranked["tier"] == tier])
        if rows:
            count = CitedFigure(f"shown.after.{tier}", len(rows), "tiers", rows)
            yield sentence("bulletin.focus_tier", tier=_tier(tier), areas=areas(count), names=_named(rows, after))
    heavy = ranked.index[ranked["tier"].isin(tiers.ELEVATED)]
    if heavy.empty:
        yield sentence("bulletin.focus_none")
    for area in heavy[:WORST]:
        yield _why(after, area)
    unknown = tuple(shown.index[shown == tiers.UNKNOWN])
    if unknown:
        count = CitedFigure("shown.after.unknown", len(unknown), "tiers", unknown)
        yield sentence("bulletin.focus_unknown", areas=areas(count), names=_named(unknown, after))


def _why(after: ReleaseContent, area: str) -> Sentence:
    """Why one area is red or orange, without any figure of its records: small counts stay inside."""
    held, scheme = after.assessment, after.scheme
    at = held.areas.index.get_loc(area)
    ranks = {"shown": held.shown, "computed": held.computed, "published": held.published}
    tier = {
        kind: CitedFigure(f"tier.{kind}.after", _tier(str(tiers.names(rank[-1, at]))), "tiers", (area,))
        for kind, rank in ranks.items()
    }
    name = CitedFigure("name.after", after.called(area), "areas", (area,))
    decided = int(held.decided[-1, at])
    told = shown_tier(held, area)
    if why := why_shown(held, told, tier, area):
        return sentence("bulletin.why_shown", name=name, why=why)
    if decided >= 0:
        rule = CitedFigure(f"floor.{decided}", scheme.floors[decided].name, "scheme", (area,))
        return sentence("bulletin.why_floor", name=name, tier=tier["shown"], rule=rule)
    if decided <= BY_DECISION:
        line = scheme.decide[BY_DECISION - decided]
        if line.name is not None:
            rule = CitedFigure(f"line.{BY_DECISION - decided}", line.name, "scheme", (area,))
            return sentence("bulletin.why_line", name=name, tier=tier["shown"], rule=rule)
    parts = held.parts[-1, at]
    leads = [number for number in np.argsort(-parts, kind="stable")[:LEADS] if parts[number] > 0]
    if decided != BY_SCORE or not leads:
        return sentence("bulletin.why_plain", name=name, tier=tier["shown"])
    score = CitedFigure("score", displayed_score(float(held.score[-1, at]), scheme.cutoffs), "scores", (area,))
    told = [
        CitedFigure(f"lead.{place}", scheme.indicators[number].name, "parts", (area, scheme.indicators[number].id))
        for place, number in enumerate(leads)
    ]
    return sentence("bulletin.why_score", name=name, tier=tier["shown"], score=score, leads=told)


def _ids(changes: Sequence[TierChange]) -> tuple[str, ...]:
    return tuple(change.area_id for change in changes)


KINDS = ("heavier", "lighter", "unknown", "apart", "revision")
"""How changes are counted: ``unknown`` since data stopped or came again, ``apart`` neither heavier nor lighter."""

APART = ("data", "back", "apart")
"""Ways of a change between two tiers that is neither heavier nor lighter: by data that stopped or came again; back up,
since a feed turned out to be silent; and while data were interrupted, for another reason."""

_NOT_BY_DATA = ("method", "setting", "decision", "order")


def _kind(change: TierChange) -> str:
    """How a change is counted."""
    if change.cause == "revision":
        return "revision"
    if change.raised is not None:
        return "heavier" if change.raised else "lighter"
    return "apart" if _way(change) == "apart" or change.cause in _NOT_BY_DATA else "unknown"


def _way(change: TierChange) -> str:
    """How a change is told."""
    if change.raised is not None:
        return "up" if change.raised else "down"
    if tiers.UNKNOWN in (change.held_against, change.after):
        return "unknown"
    if change.cause == "silence":
        return "back"
    return "data" if change.cause in ("data", "day") else "apart"


def _moves(
    before: ReleaseContent | None, after: ReleaseContent, comparison: Comparison | None, noise: NoiseFloor | None
) -> Iterator[Sentence]:
    if comparison is None or before is None:
        yield sentence("bulletin.moves_first")
        return
    changes = comparison.changes
    changed = CitedFigure("changed", len(changes), "changes", _ids(changes))
    stayed = CitedFigure("stayed", comparison.compared - len(changes), "changes")
    # What is a revision of the day before is no change of this time.
    news = [change for change in changes if change.cause != "revision"]
    kinds = {kind: _ids([change for change in changes if _kind(change) == kind]) for kind in KINDS}
    parts = [
        phrase(f"bulletin.part_{kind}", n=CitedFigure(kind, len(rows), "changes", rows))
        for kind, rows in kinds.items()
        if rows
    ]
    if not comparison.compared:
        yield sentence("bulletin.moves_nothing_shared")
    elif not changes:
        yield sentence("bulletin.moves_none", areas=areas(CitedFigure("compared", comparison.compared, "changes")))
    elif stayed.value:
        yield sentence("bulletin.moves_summary", areas=areas(changed), parts=parts, stayed=areas(stayed))
    else:
        yield sentence("bulletin.moves_summary_all", areas=areas(changed), parts=parts)
    for kind in dict.fromkeys((change.held_against, change.after, _way(change)) for change in news):
        some = [change for change in news if (change.held_against, change.after, _way(change)) == kind]
        was, now, way = kind
        name = ".".join(["moved", was, now, *([way] if way in APART else [])])
        moved = CitedFigure(name, len(some), "changes", _ids(some))
        yield sentence(f"bulletin.move_{way}", before=_tier(was), after=_tier(now), areas=areas(moved),
                       names=_named(_ids(some), after))  # fmt: skip
    if changes:
        causes = {cause: _ids([change for change in changes if change.cause == cause]) for cause in CAUSES}
        told = [
            phrase(f"bulletin.cause_{cause}", n=CitedFigure(f"cause.{cause}", len(rows), "changes", rows))
            for cause, rows in causes.items()
            if rows
        ]
        yield sentence("bulletin.moves_causes", parts=told)
    for way, when, told_by in (("added", "after", after), ("removed", "before", before)):
        rows = tuple(getattr(comparison, way).index)
        if rows:
            count = areas(CitedFigure(way, len(rows), "areas", rows))
            yield sentence(f"bulletin.moves_{way}", areas=count, names=_named(rows, told_by, when))
    if noise is not None:
        told = _chances(noise, "observed", "low", "high")
        told["expected"] = CitedFigure("chance.expected", round(noise.expected), "chance")
        reading = phrase("bulletin.noise_above" if noise.observed > noise.high else "bulletin.noise_within")
        yield sentence("bulletin.moves_noise", **told | {"observed": areas(told["observed"])}, reading=reading)


def _chances(noise: NoiseFloor, *names: str) -> dict[str, CitedFigure]:
    return {name: CitedFigure(f"chance.{name}", getattr(noise, name), "chance") for name in names}


def _advice(after: ReleaseContent, comparison: Comparison | None) -> Iterator[Sentence]:
    shown = _shown(after)
    told = False
    for tier in tiers.SHOWN:
        rows, measure = tuple(shown.index[shown == tier]), after.scheme.measures.get(tier)
        if not rows or measure is None:
            continue
        told = True
        minutes = _plain(measure.minutes_per_check)
        plain = all(says_how_often(measure.text.text(lang)) for lang in LANGUAGES)
        how_often = {} if plain else {"cadence": _cadence(tier, measure.cadence_days)}
        yield sentence(
            "bulletin.advice_tier_plain" if plain else "bulletin.advice_tier",
            tier=_tier(tier),
            areas=areas(CitedFigure(f"shown.after.{tier}", len(rows), "tiers", rows)),
            measure=CitedFigure(f"measure_text.{tier}", measure.text, "scheme"),
            minutes=CitedFigure(f"measure_minutes.{tier}", minutes, "scheme"),
            **how_often,
        )
    if not told:
        yield sentence("bulletin.advice_none")
    changes = comparison.changes if comparison else ()
    heavier = [change for change in changes if change.raised and change.cause != "revision"]
    if heavier and after.scheme.measures:
        count = areas(CitedFigure("heavier", len(heavier), "changes", _ids(heavier)))
        yield sentence("bulletin.advice_heavier", areas=count, names=_named(_ids(heavier), after))
    unknown = tuple(shown.index[shown == tiers.UNKNOWN])
    if unknown:
        count = CitedFigure("shown.after.unknown", len(unknown), "tiers", unknown)
        yield sentence("bulletin.advice_unknown", areas=areas(count))


def _cadence(tier: str, days: float) -> Phrase:
    """How often: 5 times a day, every day, every 2 days, every week, every 2 weeks."""
    if days < 1:
        return phrase(
            "bulletin.times_a_day", n=CitedFigure(f"measure_times.{tier}", _plain(round(1 / days, 2)), "scheme")
        )
    if days % 7 == 0:
        weeks = CitedFigure(f"measure_weeks.{tier}", int(days // 7), "scheme")
        return phrase("bulletin.every_week" if days == 7 else "bulletin.every_weeks", n=weeks)
    every = CitedFigure(f"measure_cadence.{tier}", _plain(days), "scheme")
    return phrase("bulletin.every_day" if days == 1 else "bulletin.every_days", n=every)


def _plain(number: float) -> int | float:
    return int(number) if number == int(number) else number


def _notes(
    before: ReleaseContent | None, after: ReleaseContent, comparison: Comparison | None, noise: NoiseFloor | None
) -> Iterator[Sentence]:
    yield sentence("bulletin.notes_scheme", **scheme_figures("after", after.scheme, after.day))
    if after.scheme.note is not None:
        yield sentence("bulletin.notes_note", note=CitedFigure("scheme_note", after.scheme.note, "scheme"))
    if before is not None and before.scheme.digest() != after.scheme.digest():
        yield sentence("bulletin.notes_other_scheme", **scheme_figures("before", before.scheme, before.day))
    if after.scheme.is_relative():
        yield sentence("bulletin.notes_relative")
    held = after.assessment
    ids = held.areas.index.to_numpy()
    differs = held.shown[-1] != held.computed[-1]
    by_order = differs & ordered_areas(held)
    decided_by_people = differs & (held.override_left[-1] != NO_OVERRIDE) & ~by_order
    carried = differs & carried_areas(held)
    steadied = differs & ~decided_by_people & ~carried & ~by_order
    parts = [
        phrase(
            f"bulletin.differs_{kind}", n=CitedFigure(f"differs.{kind}", int(which.sum()), "tiers", tuple(ids[which]))
        )
        for kind, which in (
            ("steadied", steadied),
            ("override", decided_by_people),
            ("ordered", by_order),
            ("carried", carried),
        )
        if which.any()
    ]
    if parts:
        yield sentence("bulletin.notes_differs", parts=parts)
    if comparison is not None and comparison.changes:
        yield sentence("bulletin.notes_causes")
    yield sentence("bulletin.notes_unknown")
    if noise is not None and comparison is not None:
        yield sentence("bulletin.notes_chance", **_chances(noise, "draws", "seed"))
    yield sentence(
        "bulletin.notes_traced",
        data=CitedFigure("digest.data", short_digest(after.provenance.records or ""), "release"),
        scheme=CitedFigure("digest.scheme", short_digest(after.scheme.digest()), "release"),
        method=CitedFigure("method", after.provenance.method or "—", "release"),
    )
    if after.source and all(after.source.get(lang) for lang in LANGUAGES):
        yield sentence("bulletin.notes_source", source=CitedFigure("source", dict(after.source), "release"))
