"""From records to tiers: facts → indicator values → points → score → tier, and the reasons for it."""

from analytics.scoring.assess import (
    Assessment,
    assess,
    days_between,
    facts_for,
    first_days,
    first_full_day,
    fits,
    last_day,
    require_tables,
    scored_areas,
    under,
)
from analytics.scoring.facts import Facts
from analytics.scoring.measures import Gap
from analytics.scoring.reasons import Reason, reason_for
from analytics.scoring.summary import changes, community_of, ranking, transitions, weekly_incidents

__all__ = [
    "Assessment",
    "Facts",
    "Gap",
    "Reason",
    "assess",
    "changes",
    "community_of",
    "days_between",
    "facts_for",
    "first_days",
    "first_full_day",
    "fits",
    "last_day",
    "ranking",
    "reason_for",
    "require_tables",
    "scored_areas",
    "transitions",
    "under",
    "weekly_incidents",
]
