"""The exhibit of the page on the method: a scheme's indicators."""

from __future__ import annotations

from functools import partial

import pandas as pd

from analytics.exhibits.exhibit import CaptionMaker, PendingExhibit, named, pending_table
from analytics.scoring import Assessment
from analytics.wording.method import dimension_groups
from analytics.words import Language


def indicators(lang: Language, caption: CaptionMaker, assessment: Assessment) -> PendingExhibit:
    """:func:`indicators_table`."""
    return pending_table(lang, "exhibits.method", caption, partial(indicators_table, lang, assessment))


def indicators_table(lang: Language, assessment: Assessment) -> pd.DataFrame:
    """The indicators of a scheme: what is counted, the points it gives, its weight and the one it had."""
    groups = dimension_groups(lang, assessment)
    rows = [{**row, "dimension": group["name"]} for group in groups for row in group["rows"]]
    table = pd.DataFrame(rows).rename(columns={"share": "weight", "had": "effective"}).set_index("name")
    return named(lang, table[["dimension", "counted", "points", "weight", "effective"]], "indicator")
