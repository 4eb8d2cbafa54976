"""The exhibits of the page on trends: tiers and incidents, week by week."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pandas as pd

from analytics.exhibits.exhibit import CaptionMaker, PendingExhibit, pending_table
from analytics.exhibits.overview import tiers_by_day
from analytics.scoring import Assessment
from analytics.words import Language, say


def tiers_by_week(lang: Language, caption: CaptionMaker, assessment: Assessment) -> PendingExhibit:
    """Areas in each tier at the end of each week, as stacked columns."""
    return tiers_by_day(lang, "trends.tiers", caption, assessment)


def incidents_by_week(
    lang: Language, caption: CaptionMaker, incidents: pd.DataFrame, names: Mapping[object, str]
) -> PendingExhibit:
    """:func:`incidents_table` as lines."""
    table = partial(incidents_table, lang, incidents, names)
    return pending_table(lang, "trends.incidents", caption, table, kind="lines")


def incidents_table(lang: Language, incidents: pd.DataFrame, names: Mapping[object, str]) -> pd.DataFrame:
    """Incidents by week (index: its last day) and kind, the kinds named by ``names``."""
    table = incidents.rename(columns=names).astype(int)
    table.index = table.index.date
    return table.rename_axis(say(lang, "exhibits.week"))
