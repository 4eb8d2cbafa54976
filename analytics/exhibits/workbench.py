"""The exhibits of the workbench: the map under a draft, who changes tier, and the weights."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import geopandas as gpd
import pandas as pd

from analytics.exhibits.exhibit import CaptionMaker, PendingExhibit, named, numbered, pending_table
from analytics.exhibits.overview import map_of
from analytics.scheme.editing import levels, percentages
from analytics.scoring import ranking
from analytics.scoring.influence import effective_within_level, shares
from analytics.scoring.what_if import WhatIf
from analytics.wording.numbers import NOTHING
from analytics.wording.reasons import score_beside
from analytics.wording.schemes import level_name, names_of
from analytics.wording.tiers import marked
from analytics.wording.workbench import change_cause
from analytics.words import Language


def map_of_draft(
    lang: Language, caption: CaptionMaker, trial: WhatIf, context: gpd.GeoDataFrame | None
) -> PendingExhibit:
    """The map under the draft, with marks on the areas that become heavier or lighter."""
    return map_of(lang, "workbench.map", caption, trial.after, context, raised(trial))


def raised(trial: WhatIf) -> Mapping[str, bool]:
    """Areas whose tier is heavier or lighter under the draft."""
    return trial.changed["raised"].dropna().astype(bool).to_dict()


def changes(lang: Language, caption: CaptionMaker, trial: WhatIf) -> PendingExhibit:
    """:func:`changes_table`."""
    return pending_table(lang, "workbench.changed", caption, partial(changes_table, lang, trial))


def changes_table(lang: Language, trial: WhatIf) -> pd.DataFrame:
    """The areas that change tier, with both scores and the reason."""
    names, then, now = names_of(lang, trial.after.scheme), ranking(trial.before), ranking(trial.after)
    rows = [
        {
            "code": row.Index,
            "area": row.name,
            "before": marked(lang, row.before),
            "after": marked(lang, row.after),
            "score_before": score_beside(lang, trial.before.scheme, then.loc[row.Index]),
            "score": score_beside(lang, trial.after.scheme, now.loc[row.Index]),
            "cause": change_cause(lang, row, names),
        }
        for row in trial.changed.itertuples()
    ]
    columns = ["code", "area", "before", "after", "score_before", "score", "cause"]
    return numbered(lang, pd.DataFrame(rows, columns=columns))


def weights(lang: Language, caption: CaptionMaker, trial: WhatIf) -> PendingExhibit:
    """:func:`weights_table`."""
    return pending_table(lang, "workbench.weights", caption, partial(weights_table, lang, trial))


def weights_table(lang: Language, trial: WhatIf) -> pd.DataFrame:
    """Every weight of the draft within its level, beside the one in use, what it is of the whole score, and what it
    really makes of the differences."""
    names, effective = names_of(lang, trial.after.scheme), effective_within_level(trial.after)
    whole = shares(trial.after)
    used = {level.id: percentages(level) for level in levels(trial.before.scheme)}
    rows = [
        {
            "indicator": names[child],
            "dimension": level_name(lang, level),
            "before": f"{used[level.id][child]}%" if child in used.get(level.id, {}) else NOTHING,
            "weight": f"{percent}%",
            "effective": f"{real:.0f}%" if (real := effective[level.id][child]) == real else NOTHING,
            "of_score": f"{whole['nominal'][child]:.1%}",
        }
        for level in levels(trial.after.scheme)
        for child, percent in percentages(level).items()
    ]
    return named(lang, pd.DataFrame(rows).set_index("indicator"), "indicator")
