"""What the overview shows: a release beside the one before it, or the working run beside a week ago."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import geopandas as gpd
import pandas as pd

from analytics.releases.noise_floor import NoiseFloor
from analytics.releases.publishing import frozen_noise, noise_of_run
from analytics.scheme import Scheme
from analytics.scoring import Assessment
from analytics.scoring.rate_support import RateSupport, rate_support
from analytics.store.ledger_entries import ReleaseEntry
from analytics.workspace.baselines import Baseline, pair_against
from analytics.workspace.datasets import Dataset
from analytics.workspace.decisions import overrides
from analytics.workspace.door import Workspace, door
from analytics.workspace.own_areas import own_overview
from analytics.workspace.published import frozen, run_of
from analytics.workspace.runs import area_counts, assessed, weeks_around

WEEKS_SHOWN = 12


@dataclass(frozen=True, eq=False)
class Overview:
    """``weeks``, one day for each; ``pair``, the day shown (last) and the one before it that it is held against, that
    of the release ``before`` if there is one; what ``supports`` its rates, where that can still be told; ``context``
    under the map. By area, what people gave as ``reasons`` of the overrides in force."""

    weeks: Assessment
    pair: Assessment
    supports: Mapping[str, RateSupport]
    context: gpd.GeoDataFrame | None
    before: ReleaseEntry | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)


@door("read", own_overview)
def overview(
    ws: Workspace, data: Dataset, scheme: Scheme, entry: ReleaseEntry | None, day: date, baseline: Baseline,
    week: date | None = None,
) -> Overview:  # fmt: skip
    """The overview of a release, or of the working run on a day, held against a ``baseline``. ``week``: one of the
    earlier weeks that a release holds, as that release has it, against the one before it."""
    reasons = {one.area_id: one.reason for one in overrides(ws, data, scheme.id, week or day)}
    if entry is not None:
        history, context = run_of(ws, data, entry)
        weeks = history.on(*history.days[-WEEKS_SHOWN:])
        if week is not None:
            at = int(history.days.searchsorted(pd.Timestamp(week)))
            return Overview(weeks, history.on(*history.days[max(at - 1, 0) : at + 1]), {}, context, None, reasons)
        return Overview(
            weeks, pair_against(ws, data, scheme, entry, day, baseline), {}, context, baseline.entry, reasons
        )
    weeks = assessed(ws, data, scheme, weeks_around(day, WEEKS_SHOWN - 1, *data.days(scheme)))
    return Overview(
        weeks,
        pair_against(ws, data, scheme, None, day, baseline),
        rate_support(area_counts(ws, data, scheme), scheme, day),
        data.context,
        baseline.entry,
        reasons,
    )


@door("read")
def noise_of(
    ws: Workspace, data: Dataset, entry: ReleaseEntry | None, shown: Overview, *, wait: bool = True
) -> NoiseFloor | None:
    """How many computed tiers chance alone would have changed between the two days that are shown; None where that
    cannot be told. Of a release it is what was frozen with it; else it is drawn, which takes a while, and kept: without
    ``wait`` it is told only where it was drawn before."""
    pair = shown.pair
    if entry is not None:
        drawn = shown.before is not None and pair.days[-1].date() == entry.day
        return frozen_noise(frozen(ws, data, entry), shown.before) if drawn else None
    if shown.before is not None or len(pair.days) < 2:  # what a release has frozen is of other records
        return None
    key = ("noise", pair.scheme.digest(), *pair.days)
    if not wait and key not in data.results:
        return None
    facts = area_counts(ws, data, pair.scheme)
    return data.results.get(key, lambda: noise_of_run(facts, pair))
