"""A trial: the same records under the scheme in use and under a draft, and what the draft would change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.scheme import CutOffs, FloorRule, Scheme
from analytics.scheme.editing import Level, levels, with_floor
from analytics.scoring.assess import Assessment, reassess
from analytics.scoring.decide import tiers_from
from analytics.scoring.summary import carried_areas, ranking

Cause = Literal["cutoffs", "decide", "weights", "floors", "missing", "stability", "history", "measures", "several"]
CAUSES: tuple[Cause, ...] = get_args(Cause)

BINS = 40
"""Bars of the histogram between the ends of the scale."""


@dataclass(frozen=True, eq=False)
class WhatIf:
    """Two assessments of the same areas on the same one day: ``before`` by the scheme in use, ``after`` by a draft."""

    before: Assessment
    after: Assessment

    @property
    def marks(self) -> str:
        """A character an area, in their order: + where its tier as shown becomes raised, - lighter, . neither."""
        old, new = self.before.shown[-1], self.after.shown[-1]
        known = self._told
        return "".join(np.select([known & (new > old), known & (new < old)], ["+", "-"], ".").tolist())

    @property
    def _told(self) -> np.ndarray:
        """Where it can be said that an area is raised or lowered, (areas,): both tiers are known, and a lower one is
        not due to data that stopped or came again."""
        old, new = self.before.shown[-1], self.after.shown[-1]
        carried = carried_areas(self.before) | carried_areas(self.after)
        return (old != tiers.UNKNOWN_RANK) & (new != tiers.UNKNOWN_RANK) & ~(carried & (new < old))

    @cached_property
    def changed(self) -> pd.DataFrame:
        """Areas whose tier as shown changes, heaviest moves first. Index ``area_id``; columns ``name``, ``before`` and
        ``after`` (tier names), ``score_before``, ``score_after``, ``raised`` (True, False, NA where one side is
        unknown), ``cause`` (see :func:`causes`) and ``lead``: the id of the dimension that moved the score most, ""
        where none did."""
        old, new = self.before.shown[-1], self.after.shown[-1]
        known = self._told
        step = np.where(known, new.astype(int) - old, -len(tiers.SHOWN))
        table = pd.DataFrame(
            {
                "name": self.before.areas["name"],
                "before": tiers.names(old),
                "after": tiers.names(new),
                "score_before": self.before.score[-1],
                "score_after": self.after.score[-1],
                "raised": pd.array(new > old, dtype="boolean"),
                "step": -step,
                "to": -new.astype(int),
            },
            index=self.before.areas.index,
        )
        table.loc[~known, "raised"] = pd.NA
        changed = table[old != new].sort_values(["step", "to", "name"]).drop(columns=["step", "to"])
        return changed.assign(cause=causes(self).loc[changed.index], lead=_leads(self).loc[changed.index])

    @property
    def transitions(self) -> pd.DataFrame:
        """How many areas go from which tier (rows) to which (columns), as `tiers.SHOWN`; the diagonal stays."""
        every = pd.Index(tiers.SHOWN)
        then, now = (every.get_indexer(pd.Index(tiers.names(run.shown[-1]))) for run in (self.before, self.after))
        moved = np.zeros((len(every), len(every)), dtype=int)
        np.add.at(moved, (then, now), 1)
        return pd.DataFrame(moved, every.rename("before"), every.rename("after"))

    @property
    def counts(self) -> pd.DataFrame:
        """Areas in each tier: index as `tiers.SHOWN`, columns ``before`` and ``after``."""
        return pd.DataFrame({"before": self.before.counts().iloc[-1], "after": self.after.counts().iloc[-1]})

    @property
    def ranks(self) -> pd.DataFrame:
        """Places by work under either scheme, from 1: index ``area_id`` in the order of ``after``; columns ``name``,
        ``before``, ``after``, ``tier_before`` and ``tier_after``."""
        then, now = ranking(self.before), ranking(self.after)
        then = then.loc[now.index]
        return pd.DataFrame(
            {
                "name": now["name"],
                "before": then["rank"],
                "after": now["rank"],
                "tier_before": then["tier"],
                "tier_after": now["tier"],
            }
        )


def causes(trial: WhatIf) -> pd.Series:
    """What makes each area's tier another one: the single part of the draft that does it alone, in the order of
    :data:`CAUSES`; ``several`` where none does alone. Index ``area_id``.

    ``measures`` stands for all where the draft measures, rates or combines otherwise: its parts cannot be tried one by
    one then. ``cutoffs``: what turns a score into a tier, also where lines of ``decide`` come in their place or go;
    ``decide``: those lines alone. Where the same is computed, and held steady otherwise: ``stability`` where the draft
    has another rule for that, else ``history``: by the draft, what was computed on days before was another.
    """
    old, new = trial.before.scheme, trial.after.scheme
    areas = trial.before.areas.index
    if not same_measures(old, new):
        return pd.Series("measures", index=areas, dtype=object)
    found = np.full(len(areas), "several", dtype=object)
    wanted = trial.after.computed[-1]
    # A scheme has cut-offs or lines of decide, never both, so neither can be tried without the other.
    decided: Cause = "cutoffs" if old.tiers != new.tiers else "decide"
    # The last one that is written counts, so the order is turned round.
    alone: Mapping[Cause, Callable[[], Scheme]] = {
        "missing": lambda: old.model_copy(update={"missing": new.missing}),
        "floors": lambda: old.model_copy(update={"floors": new.floors}),
        "weights": lambda: old.model_copy(update={"dimensions": new.dimensions}),
        decided: lambda: old.model_copy(update={"tiers": new.tiers, "decide": new.decide}),
    }
    for cause, scheme in alone.items():
        found[_ranks(trial.before, scheme()) == wanted] = cause
    found[trial.before.computed[-1] == wanted] = "history" if old.stability == new.stability else "stability"
    return pd.Series(found, index=areas, dtype=object)


def _ranks(assessment: Assessment, scheme: Scheme) -> np.ndarray:
    """The computed ranks that :func:`under` gives, without what is behind them."""
    return tiers_from(assessment.points, scheme, assessment.values, assessment.holes).rank[-1]


def same_measures(one: Scheme, other: Scheme) -> bool:
    """Whether both measure the same and rate it alike: they may differ in weights, names, cut-offs and rules."""

    def judged(scheme: Scheme) -> list[dict[str, Any]]:
        told = [item.model_dump(exclude={"weight", "name", "actionable", "unit"}) for item in scheme.indicators]
        shape = [
            (at.id, at.dimension.aggregate, at.dimension.then, [child.id for child in at.children])
            for at in levels(scheme)
            if at.dimension
        ]
        return [{"level": scheme.level, "aggregate": scheme.aggregate, "then": scheme.then, "shape": shape}, *told]

    return one is other or judged(one) == judged(other)


def same_points(one: Scheme, other: Scheme) -> bool:
    """Whether both give every area the same points on every day: they measure the same and leave the same out."""
    return same_measures(one, other) and set(one.missing.left_out) == set(other.missing.left_out)


def _leads(trial: WhatIf) -> pd.Series:
    """The top dimension whose part of the score moved most, by area."""
    if not same_measures(trial.before.scheme, trial.after.scheme):
        return pd.Series("", index=trial.before.areas.index, dtype=object)
    scheme = trial.after.scheme
    of = np.repeat(np.arange(len(scheme.dimensions)), [len(item.every_indicator()) for item in scheme.dimensions])
    moved = trial.after.parts[-1] - trial.before.parts[-1]
    by_dimension = np.stack([moved[:, of == at].sum(axis=1) for at in range(len(scheme.dimensions))], axis=1)
    ids = np.array([item.id for item in scheme.dimensions], dtype=object)[np.abs(by_dimension).argmax(axis=1)]
    still = np.abs(by_dimension).max(axis=1) < 0.05  # what would print as +0.0
    return pd.Series(np.where(still, "", ids), index=trial.before.areas.index, dtype=object)


def score_bins(assessment: Assessment) -> tuple[np.ndarray, pd.DataFrame]:
    """The scores of the last day as bars: edges (bins + 1,) in points of score, and how many areas of each tier as
    shown fall into each bin (one row a bin, columns as `tiers.SHOWN`); an area without a score is in none.

    The edges are round numbers, on the whole scale of 0–100 where the scores lie in it.
    """
    score, shown = assessment.score[-1], tiers.names(assessment.shown[-1])
    known = ~np.isnan(score)
    low, high = (float(score[known].min()), float(score[known].max())) if known.any() else (0.0, 100.0)
    if low >= 0 and high <= 100:
        low, high = 0.0, 100.0
    edges = np.linspace(low, high if high > low else low + 1, BINS + 1)
    counted = {tier: np.histogram(score[known & (shown == tier)], edges)[0] for tier in tiers.SHOWN}
    return edges, pd.DataFrame(counted)


def cut_scale(trial: WhatIf) -> tuple[float, float]:
    """The scale on which cut-offs are set: 0–100, wider where scores or cut-offs of either scheme lie outside."""
    seen: list[float] = []
    for run in (trial.before, trial.after):
        seen += [score for score in run.score[-1].tolist() if score == score]
        seen += run.scheme.tiers.ascending() if isinstance(run.scheme.tiers, CutOffs) else ()
    return min([0.0, *seen]), max([100.0, *seen])


def floor_effect(assessment: Assessment, floor: FloorRule) -> tuple[int, int]:
    """For how many areas a new floor rule would hold on the last day, and how many of them it would raise."""
    run = reassess(assessment, with_floor(assessment.scheme, floor))
    return int(run.holding[-1, :, -1].sum()), int((run.computed[-1] != assessment.computed[-1]).sum())


def can_be_weighed(level: Level) -> bool:
    """Whether there is anything to weigh: one child alone has all the weight."""
    return len(level.children) > 1
