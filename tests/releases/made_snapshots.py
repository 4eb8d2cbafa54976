"""StockSnapshots made by hand: tiers, values and days as a test wants them, everything else plain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.releases.compare import ReleaseContent
from analytics.scheme import Scheme
from analytics.scoring import Assessment
from analytics.scoring.assess import NO_OVERRIDE
from analytics.scoring.decide import BY_SCORE
from analytics.scoring.measures import NO_AGE
from analytics.scoring.orders import NOT_ORDERED
from analytics.scoring.points import points
from analytics.scoring.provenance import FigureSettings, Provenance
from analytics.scoring.reporting_delay import CompleteTo
from tests.scoring.small_world import given, indicator, scheme

MEASURES = {
    "red": {"cadence_days": 1, "minutes_per_check": 20, "text": {"zh": "每日走访", "en": "Visit every day"}},
    "orange": {"cadence_days": 2, "minutes_per_check": 20, "text": {"zh": "隔日走访", "en": "Visit every 2nd day"}},
    "green": {"cadence_days": 14, "minutes_per_check": 10.5, "text": {"zh": "每两周走访", "en": "Every two weeks"}},
}


def quiet(**settings: object) -> dict[str, object]:
    """Quiet days, told in the bands of the bulletin of 12 February 2020."""
    return indicator(
        "quiet",
        measure="days_since",
        window_days=None,
        days_since={"cap": 28},
        harder_when="low",
        points={"method": "bands", "bands": [[0, 0], [6, 30], [11, 60], [15, 100]]},
        **settings,
    ) | {"name": {"zh": "连续无病例报告天数", "en": "Days without a case"}}


def usual_scheme(**settings: object) -> Scheme:
    """A given score of weight 1 and quiet days that hardly weigh, with measures for three tiers."""
    return scheme([given("load", 1000), quiet(weight=1, where={})], **({"measures": MEASURES} | settings))


DAYS_TO_WAIT = 3
"""Until a tier changes that is held."""


def snapshot(
    shown: Sequence[str] | np.ndarray,
    *,
    day: date = date(2020, 2, 12),
    number: int | None = 2,
    areas: Sequence[str] | None = None,
    computed: Sequence[str] | None = None,
    published: Sequence[str] | None = None,
    week_before: Sequence[str] | None = None,
    values: np.ndarray | None = None,
    quiet_days: Sequence[float] | None = None,
    chosen: Scheme | None = None,
    names: Mapping[str, str] | None = None,
    data: str | None = "data",
    method: int | None = 1,
    smallest: int | None = 10,
    override_left: Sequence[int] | None = None,
    incidents: pd.DataFrame | None = None,
    complete: CompleteTo | None = None,
) -> ReleaseContent:
    """A snapshot of areas shown in these tiers; computed and published are the same unless they are given.

    ``data``, ``method`` and ``smallest`` are what made it, beside its day and its scheme. A decision is in force where
    another tier is shown than is published, unless ``override_left`` says otherwise. ``incidents`` are complete, unless
    ``complete`` says otherwise.
    """
    chosen = chosen or usual_scheme()
    ids = list(areas) if areas is not None else [f"A{number}" for number in range(len(shown))]
    days = pd.DatetimeIndex([pd.Timestamp(day)])
    ranks = {name: _ranks(some if some is not None else shown) for name, some in
             {"computed": computed, "published": published, "shown": shown}.items()}  # fmt: skip
    left = _left(ranks) if override_left is None else np.array([override_left], dtype=np.int16)
    if week_before is not None:
        days = pd.DatetimeIndex([days[0] - pd.Timedelta(days=7), days[0]])
        ranks = {name: np.concatenate([_ranks(week_before), rank]) for name, rank in ranks.items()}
        left = np.concatenate([np.full_like(left, NO_OVERRIDE), left])
    shape = (len(days), len(ids))
    lacking = ranks["computed"] == tiers.UNKNOWN_RANK
    if values is None:
        values = np.full((*shape, len(chosen.indicators)), 10.0)
        if quiet_days is not None:
            values[..., [item.id for item in chosen.indicators].index("quiet")] = quiet_days
    else:
        values = np.broadcast_to(values, (*shape, len(chosen.indicators)))
    found = np.stack([points(values[..., at], item) for at, item in enumerate(chosen.indicators)], axis=-1)
    return ReleaseContent(
        number=number,
        year=day.year,
        number_of_year=number,
        assessment=Assessment(
            scheme=chosen,
            provenance=Provenance(data, chosen.digest(), method, FigureSettings(smallest), day),
            days=days,
            areas=pd.DataFrame(
                {"parent_id": None, "name": [(names or {}).get(area, f"区{area}") for area in ids]},
                index=pd.Index(ids, name="area_id", dtype="str"),
            ),
            parents={},
            unplaced={},
            silent=(),
            values=values,
            points=found,
            gaps=np.isnan(values).astype(np.int8),
            small=np.zeros(values.shape, dtype=bool),
            ages=np.full(values.shape, NO_AGE, dtype=np.int16),
            weights=np.full(values.shape, 1 / values.shape[-1]),
            parts=np.nan_to_num(found) / values.shape[-1],
            score=np.nanmean(np.nan_to_num(found), axis=-1),
            known=np.ones(shape),
            decided=np.full(shape, BY_SCORE, dtype=np.int16),
            holding=np.zeros((*shape, len(chosen.floors)), dtype=bool),
            waiting_for=ranks["computed"],
            days_held=np.zeros(shape, dtype=np.int16),
            days_needed=np.zeros(shape, dtype=np.int16),
            next_change=np.where(~lacking & (ranks["computed"] != ranks["published"]), DAYS_TO_WAIT, -1).astype(
                np.int16
            ),
            override_left=left,
            without_order=np.full(shape, NOT_ORDERED, dtype=np.int8),
            least=np.where(lacking, np.int8(0), ranks["computed"]),
            most=np.where(lacking, np.int8(4), ranks["computed"]),
            carried=np.where(lacking & (ranks["published"] >= 0), np.int16(3), np.int16(0)),
            carry_left=np.where(lacking & (ranks["published"] >= 0), np.int16(11), np.int16(-1)),
            at_least=np.full(values.shape, np.nan),
            interrupted=np.zeros(values.shape, dtype=bool),
            **ranks,
        ),
        incidents=incidents,
        complete=complete
        or CompleteTo(
            max([day, *(end.date() for end in incidents.index)] if incidents is not None else [day]), None, 0
        ),
        source={"zh": "示例数据2020", "en": "Sample data 2020"},
    )


def _left(ranks: Mapping[str, np.ndarray]) -> np.ndarray:
    return np.where(ranks["shown"] != ranks["published"], np.int16(3), np.int16(NO_OVERRIDE))


def _ranks(names: Sequence[str] | np.ndarray) -> np.ndarray:
    return np.array([[tiers.RANK[str(name)] for name in names]], dtype=np.int8)
