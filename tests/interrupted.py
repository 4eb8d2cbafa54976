"""Runs in which data are interrupted, made of ones in which they are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np

from analytics import tiers
from analytics.scoring import Assessment
from analytics.scoring.assess import NO_OVERRIDE
from analytics.scoring.decide import BY_MISSING
from analytics.scoring.silence import SilentFeed
from analytics.tiers import UNKNOWN_RANK

DAYS_WITHOUT, DAYS_LEFT = 7, 5


def interrupted(held: Assessment, seed: int = 3, share: float = 0.4, lower: int = 0) -> Assessment:
    """The run with its last day under silence: a share of the areas that have a tier carry it on, drawn by chance, and
    a feed that they hang on has brought nothing for a week. ``lower``: so many tiers lower than they were."""
    random = np.random.default_rng(seed)
    rated = (held.shown[-1] != UNKNOWN_RANK) & (held.override_left[-1] == NO_OVERRIDE)
    carried = rated & (random.random(len(held.areas)) < share)
    shown = np.where(carried, np.maximum(held.shown[-1] - lower, 0), held.shown[-1])
    last_day = {
        "carried": np.where(carried, DAYS_WITHOUT, 0),
        "carry_left": np.where(carried, DAYS_LEFT, held.carry_left[-1]),
        "computed": np.where(carried, UNKNOWN_RANK, held.computed[-1]),
        "published": shown,
        "shown": shown,
        "least": np.where(carried, 0, held.least[-1]),
        "most": np.where(carried, len(tiers.RANKED) - 1, held.most[-1]),
        "decided": np.where(carried, BY_MISSING, held.decided[-1]),
    }
    arrays = {}
    for name, row in last_day.items():
        array = getattr(held, name).copy()
        array[-1] = row
        arrays[name] = array
    last = held.days[-1].date() - timedelta(days=DAYS_WITHOUT)
    feed = SilentFeed("incidents", "channel", "clinic", "", last, None, agreed=True, unit="卫生服务中心", post="联络岗")
    return replace(held, silent=(feed,), **arrays)
