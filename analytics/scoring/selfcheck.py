"""The eight laws of the method, tried on the records and the scheme that are in use.

A law that holds for every scheme of the tests can still be broken by a scheme that someone writes (a floor that lets go
when things get worse) or by data nobody thought of. So each law is tried here on the user's own, by cases drawn from a
seed, and a law that does not hold is told with the area that breaks it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analytics.scheme import Scheme
from analytics.scoring.area_counts import AreaCounts
from analytics.scoring.law_world import World
from analytics.scoring.laws_of_runs import law_counts, law_groups, law_history, law_order
from analytics.scoring.laws_of_scores import law_cut_offs, law_missing, law_parts, law_worse
from analytics.words import Language, Phrase, phrase, say

SEED = 2020


@dataclass(frozen=True)
class LawResult:
    """Whether a law held in the ``checked`` cases that were tried; 0 where it has nothing to say of the scheme.

    ``law`` is its number in the method, 1 to 8. Where it does not hold, ``area_id`` is the first area that breaks it,
    None where it is none in particular, and ``detail`` is what happened there.
    """

    law: int
    name: Phrase
    holds: bool
    checked: int
    area_id: str | None = None
    detail: Phrase | None = None


def selfcheck(facts: AreaCounts, scheme: Scheme, day: date, seed: int = SEED) -> tuple[LawResult, ...]:
    """The eight laws, in their order, for the areas of ``facts`` on ``day`` and the history up to it.

    Raises :class:`ScoringError` where the records and the scheme do not fit, as `assess` does.
    """
    world = World.of(facts, scheme, day, seed)
    laws = (law_worse, law_order, law_missing, law_parts, law_cut_offs, law_counts, law_groups, law_history)
    found = [law(world) for law in laws]
    return tuple(
        LawResult(
            law=number,
            name=phrase(f"selfcheck.law_{number}"),
            holds=broken is None,
            checked=checked,
            area_id=broken.area_id if broken else None,
            detail=broken.detail if broken else None,
        )
        for number, (checked, broken) in enumerate(found, start=1)
    )


def selfcheck_report(results: Sequence[LawResult], lang: Language) -> str:
    """One line a law: its mark, its words, how many cases were tried; below it, what broke it and where."""
    lines = []
    for result in results:
        mark = "✘" if not result.holds else "✔" if result.checked else "–"
        key = "selfcheck.line" if result.checked else "selfcheck.line_none"
        lines.append(say(lang, key, mark=mark, law=result.law, name=result.name, n=f"{result.checked:,}"))
        if result.detail and result.area_id:
            lines.append(say(lang, "selfcheck.line_area", area=result.area_id, detail=result.detail))
        elif result.detail:
            lines.append(say(lang, "selfcheck.line_detail", detail=result.detail))
    broken = sum(not result.holds for result in results)
    lines.append(say(lang, "selfcheck.broken", n=broken) if broken else say(lang, "selfcheck.all_hold"))
    return "\n".join(lines)
