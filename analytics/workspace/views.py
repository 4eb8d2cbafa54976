"""What the overview shows: a release beside the one before it, or the working run beside a week ago."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import geopandas as gpd

from analytics.releases.compare import side_by_side
from analytics.scheme import Scheme
from analytics.scoring import Assessment
from analytics.scoring.rate_support import RateSupport, rate_support
from analytics.store.ledger_entries import ReleaseEntry
from analytics.workspace.datasets import Dataset
from analytics.workspace.door import Workspace, door
from analytics.workspace.published import before, run_of
from analytics.workspace.runs import area_counts, assessed, weeks_around

WEEKS_SHOWN = 8


@dataclass(frozen=True, eq=False)
class Overview:
    """``weeks``, one day for each; ``pair``, the day shown (last) and the one before it that it is held against, that
    of the release ``before`` if there is one; what ``supports`` its rates, where that can still be told; ``context``
    under the map."""

    weeks: Assessment
    pair: Assessment
    supports: Mapping[str, RateSupport]
    context: gpd.GeoDataFrame | None
    before: ReleaseEntry | None = None


@door("read")
def overview(ws: Workspace, data: Dataset, scheme: Scheme, entry: ReleaseEntry | None, day: date) -> Overview:
    """The overview of a release, or of the working run on a day."""
    if entry is None:
        first, last = data.days(scheme)
        weeks = weeks_around(day, WEEKS_SHOWN, first, last)
        week_ago = day - timedelta(weeks=1)
        history = assessed(ws, data, scheme, [*weeks, week_ago, day])
        supports = rate_support(area_counts(ws, data, scheme), scheme, day)
        # Which feeds are silent is known of the last day of a run alone, and weeks after the day may be shown.
        pair = replace(history.on(week_ago, day), silent=assessed(ws, data, scheme, [day]).silent)
        return Overview(history.on(*weeks), pair, supports, data.context)
    history, context = run_of(ws, data, entry)
    earlier = before(ws, data, entry)
    pair = side_by_side(run_of(ws, data, earlier)[0], history) if earlier else history.on(*history.days[-2:])
    return Overview(history.on(*history.days[-WEEKS_SHOWN - 1 :]), pair, {}, context, earlier)
