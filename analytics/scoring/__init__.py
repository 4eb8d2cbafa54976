"""From records to tiers: facts → indicator values → points → score → tier, and the reasons for it."""

from analytics.scheme.measures import Gap
from analytics.scoring.area_counts import AreaCounts
from analytics.scoring.assess import (
    Assessment,
    area_counts_for,
    assess,
    reassess,
)
from analytics.scoring.reasons import Reason, reason_for
from analytics.scoring.scope import (
    days_between,
    first_days,
    first_full_day,
    fits,
    last_known_day,
    misfit,
    require_tables,
    scored_areas,
)
from analytics.scoring.summary import changes, community_of, ranking, transitions, weekly_incidents

__all__ = [
    "AreaCounts",
    "Assessment",
    "Gap",
    "Reason",
    "area_counts_for",
    "assess",
    "changes",
    "community_of",
    "days_between",
    "first_days",
    "first_full_day",
    "fits",
    "last_known_day",
    "misfit",
    "ranking",
    "reason_for",
    "reassess",
    "require_tables",
    "scored_areas",
    "transitions",
    "weekly_incidents",
]
