"""The card on reinforcement: what the plan of community teams leaves uncovered, and what a proposal changes."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analytics.drawing.html import render
from analytics.response.deployment import Deployment
from analytics.response.duty_load import UntoldHolidays
from analytics.wording import deployment as wording
from analytics.words import Language

ROWS_SHOWN = 20
"""The rest has room in the exhibit."""


def plan_lines(lang: Language, plan: Deployment, called: Mapping[str, str], holidays: UntoldHolidays | None) -> str:
    """What the plan leaves uncovered, and what it lacks."""
    lines = [wording.plan_sentence(lang, plan), *wording.notes(lang, plan, called, holidays)]
    return render(lang, "deployment_lines.html", lines=lines, beside=[])


def proposal(lang: Language, plan: Deployment, found: Deployment, names: pd.Series, called: Mapping[str, str]) -> str:
    """What a proposal changes: in a sentence, how sure each objective is, and the areas that another team takes,
    that are fixed, or that stay uncovered."""
    rows = [
        row for row in wording.area_rows(lang, found, names, called) if row["changed"] or row["short"] or row["fixed"]
    ]
    said = render(
        lang,
        "deployment_lines.html",
        lines=[wording.proposal_sentence(lang, plan, found)],
        beside=[wording.stage_text(lang, stage) for stage in found.stages] + wording.rules(lang, found, called),
    )
    if not rows:  # which the sentence says
        return said
    return said + render(lang, "deployment.html", rows=rows[:ROWS_SHOWN], more=max(len(rows) - ROWS_SHOWN, 0))
