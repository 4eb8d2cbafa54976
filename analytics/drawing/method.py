"""The method page as cards: a scheme in words, its noise on the user's own data, and the laws checked."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.drawing.html import figures, render
from analytics.scheme import Scheme
from analytics.scoring import Assessment
from analytics.scoring.selfcheck import LawResult
from analytics.wording import method as wording
from analytics.words import Language


def card(lang: Language, assessment: Assessment) -> str:
    """What is measured, the points it gives, and the weights beside those really had on the last day."""
    scheme = assessment.scheme
    return render(
        lang,
        "method.html",
        name=scheme.title(assessment.days[-1].date()).text(lang),
        version=scheme.version,
        note=scheme.note.text(lang) if scheme.note else "",
        groups=wording.dimension_groups(lang, assessment),
    )


def rules(lang: Language, scheme: Scheme) -> str:
    """What makes a tier of a score: the cut-offs, the rules, and what each tier asks for."""
    return render(
        lang,
        "method_rules.html",
        tiers=wording.tier_rows(lang, scheme),
        lines=wording.rule_lines(lang, scheme),
        measures=wording.measure_rows(lang, scheme),
    )


def noise(lang: Language, history: Assessment) -> str:
    """How often colours changed in a week over a daily history: as computed, and as published."""
    return figures(lang, wording.noise_figures(lang, history))


def laws(lang: Language, results: Sequence[LawResult]) -> str:
    """Each law with whether it holds, and the area that breaks it."""
    return render(lang, "laws.html", rows=wording.law_rows(lang, results))
