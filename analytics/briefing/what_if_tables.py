"""What the workbench shows, as frames in words: what an exhibit is made of."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analytics.briefing.tables import named
from analytics.drawing import cards
from analytics.drawing.figures import score_text
from analytics.drawing.workbench import level_name, names_of, reason_text
from analytics.scheme.editing import levels, percentages
from analytics.scoring.influence import effective_within_level, shares
from analytics.scoring.what_if import WhatIf
from analytics.words import Language


def changes(lang: Language, trial: WhatIf) -> pd.DataFrame:
    """The areas that change tier, with both scores and the reason."""
    rows = [
        {
            "code": row.Index,
            "area": row.name,
            "before": cards.marked(lang, row.before),
            "after": cards.marked(lang, row.after),
            "score_before": score_text(row.score_before, row.before),
            "score": score_text(row.score_after, row.after),
            "cause": reason_text(lang, row, names_of(lang, trial.after.scheme)),
        }
        for row in trial.changed.itertuples()
    ]
    columns = ["code", "area", "before", "after", "score_before", "score", "cause"]
    table = pd.DataFrame(rows, columns=columns)
    return named(lang, table.set_axis(range(1, len(table) + 1)), "number")


def weights(lang: Language, trial: WhatIf) -> pd.DataFrame:
    """Every weight of the draft within its level, beside the one in use, what it is of the whole score, and what it
    really makes of the differences."""
    names, effective = names_of(lang, trial.after.scheme), effective_within_level(trial.after)
    whole = shares(trial.after)
    used = {level.id: percentages(level) for level in levels(trial.before.scheme)}
    rows = [
        {
            "indicator": names[child],
            "dimension": level_name(lang, level),
            "before": f"{used[level.id][child]}%" if child in used.get(level.id, {}) else "—",
            "weight": f"{percent}%",
            "effective": f"{real:.0f}%" if (real := effective[level.id][child]) == real else "—",
            "of_score": f"{whole['nominal'][child]:.1%}",
        }
        for level in levels(trial.after.scheme)
        for child, percent in percentages(level).items()
    ]
    return named(lang, pd.DataFrame(rows).set_index("indicator"), "indicator")


def raised(trial: WhatIf) -> Mapping[str, bool]:
    """Areas whose tier is heavier or lighter under the draft."""
    return trial.changed["raised"].dropna().astype(bool).to_dict()
