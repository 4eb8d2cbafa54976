"""Overridden tiers: a person's decision beside the computed and the published tier, with a reason and an end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.errors import ScoringError
from analytics.scheme import FloorRule
from analytics.scoring.assess import NO_OVERRIDE, Assessment, with_orders
from analytics.scoring.reasons import reason_for


@dataclass(frozen=True)
class Override:
    """``tier`` is shown for the area from ``first`` to ``last``, both included; ``role`` is the author's, no name."""

    area_id: str
    tier: str
    reason: str
    role: str
    first: date
    last: date


def with_overrides(assessment: Assessment, overrides: Sequence[Override]) -> Assessment:
    """The same run with people's decisions applied to the days that they hold for; of several the last one counts.
    An order in force raises what they decide, as it raises all else.

    Computed and published tiers stay as they were. Raises :class:`ScoringError` for an area that is not scored, a tier
    that does not exist, a missing reason, or an end before the beginning.
    """
    shown = assessment.published.copy()
    left = np.full_like(assessment.override_left, NO_OVERRIDE)
    for override in overrides:
        if override.area_id not in assessment.areas.index:
            raise ScoringError.because("scoring.override_area", area=override.area_id)
        if override.tier not in tiers.RANKED:
            raise ScoringError.because("scoring.override_tier", tier=override.tier, allowed=tiers.RANKED)
        if not override.reason.strip() or override.last < override.first:
            raise ScoringError.because("scoring.override_reason", area=override.area_id)
        held = (assessment.days >= pd.Timestamp(override.first)) & (assessment.days <= pd.Timestamp(override.last))
        at = assessment.areas.index.get_loc(override.area_id)
        shown[np.flatnonzero(held), at] = tiers.RANK[override.tier]
        left[np.flatnonzero(held), at] = (pd.Timestamp(override.last) - assessment.days[held]).days
    return with_orders(replace(assessment, override_left=left), shown)


@dataclass(frozen=True)
class OverrideOutcome:
    """What a decision, or its end, does to an area on ``day``: the final tier ``before`` and ``after``, beside the
    computed and the published one, and the floor rules that are ``holding``. ``begins``: the decision's first day,
    where it lies after ``day``, so that nothing changes yet."""

    area: str
    day: date
    before: str
    after: str
    computed: str
    published: str
    holding: tuple[FloorRule, ...]
    begins: date | None = None

    @property
    def milder_than(self) -> tuple[FloorRule, ...]:
        """The floor rules that demand a harder tier than the one after."""
        return tuple(rule for rule in self.holding if tiers.RANK[rule.at_least] > tiers.RANK[self.after])


def override_outcome(
    before: Assessment, changed: Override, overrides: Sequence[Override], *, ends: bool = False
) -> OverrideOutcome:
    """What comes of ``changed`` on the last day of ``before``, where ``overrides`` are all that are in force then;
    of one that begins later, what would come of it if it began on that day. ``ends``: it is taken out of them."""
    day = before.days[-1].date()
    begins = changed.first if changed.first > day and not ends else None
    after = with_overrides(before, [*overrides, replace(changed, first=day)] if begins else overrides)
    at = before.areas.index.get_loc(changed.area_id)
    reason = reason_for(after, changed.area_id)
    return OverrideOutcome(
        area=str(before.areas["name"].iloc[at]),
        day=day,
        before=str(tiers.names(before.shown[-1, at])),
        after=reason.shown.tier,
        computed=reason.shown.computed,
        published=reason.shown.published,
        holding=reason.holding,
        begins=begins,
    )
