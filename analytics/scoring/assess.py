"""The one function that turns records and a scheme into an Assessment, for one date or a whole history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.errors import ScoringError
from analytics.loaders import Records
from analytics.scheme import Scheme
from analytics.scoring.combine import Combined, Weights, combine
from analytics.scoring.facts import DATE_COLUMN, Facts, compare, day_numbers
from analytics.scoring.measures import measured
from analytics.scoring.points import points as points_of

LONGEST_HISTORY = 3660

BY_SCORE, BY_MISSING = -1, -2
"""What decided a tier, beside the number of a floor rule."""


@dataclass(frozen=True, eq=False)
class Assessment:
    """One run, frozen: every map, table, chart and sentence is drawn from it.

    ``days`` and ``areas`` (a frame indexed by ``area_id``) are the axes; ``parents`` names the areas above. Arrays are
    (days, areas) or (days, areas, indicators), the indicators in the scheme's order:

    - ``values`` in each indicator's own unit and ``points`` 0–100, NaN where missing; ``gaps`` says why (:class:`Gap`);
    - ``effective`` weights, 0–1: ``(effective * points)`` sums to ``score`` (0–100, NaN when nothing is known);
    - ``known`` share of weight, 0–1;
    - ``computed`` and ``published`` tier as ranks (int8, see `tiers`);
    - ``decided`` what decided: ``BY_SCORE``, ``BY_MISSING``, or the number of the floor rule.
    """

    scheme: Scheme
    days: pd.DatetimeIndex
    areas: pd.DataFrame
    parents: Mapping[str, str]
    values: np.ndarray
    points: np.ndarray
    gaps: np.ndarray
    effective: np.ndarray
    score: np.ndarray
    known: np.ndarray
    computed: np.ndarray
    published: np.ndarray
    decided: np.ndarray

    @cached_property
    def indicator_ids(self) -> tuple[str, ...]:
        """Ids in the order of the last axis."""
        return tuple(indicator.id for indicator in self.scheme.indicators)

    def on(self, *days: date) -> Assessment:
        """The same run at some of its days, in their order."""
        at = self.days.get_indexer(pd.DatetimeIndex(sorted({pd.Timestamp(day) for day in days})))
        arrays = {name: held[at] for name, held in vars(self).items() if isinstance(held, np.ndarray)}
        return replace(self, days=self.days[at], **arrays)

    def of_areas(self, kept: pd.Index) -> Assessment:
        """The same run for some of its areas, in their order."""
        at = self.areas.index.get_indexer(kept)
        arrays = {name: held[:, at] for name, held in vars(self).items() if isinstance(held, np.ndarray)}
        return replace(self, areas=self.areas.iloc[at], **arrays)

    def counts(self) -> pd.DataFrame:
        """How many areas are published in each tier: one row a day, columns as `tiers.SHOWN`; zeros are there."""
        held = {tier: (self.published == tiers.RANK[tier]).sum(axis=1) for tier in tiers.SHOWN}
        return pd.DataFrame(held, index=self.days)

    def table(self) -> pd.DataFrame:
        """One row a day and area: the columns that ``python -m analytics score`` writes."""
        shape = (len(self.days), len(self.areas))
        decided = np.array(
            [self._decided_word(code) for code in range(BY_MISSING, len(self.scheme.floors))], dtype=object
        )
        columns: dict[str, object] = {
            "area_id": np.broadcast_to(self.areas.index.to_numpy(), shape).ravel(),
            "day": np.repeat(self.days.strftime("%Y-%m-%d").to_numpy(), len(self.areas)),
            "score": self.score.ravel(),
            "computed_tier": tiers.names(self.computed).ravel(),
            "published_tier": tiers.names(self.published).ravel(),
            "decided_by": decided[self.decided.ravel() - BY_MISSING],
        }
        for number, indicator in enumerate(self.indicator_ids):
            columns[f"value:{indicator}"] = self.values[..., number].ravel()
            columns[f"points:{indicator}"] = self.points[..., number].ravel()
        return pd.DataFrame(columns)

    def _decided_word(self, code: int) -> str:
        return {BY_SCORE: "score", BY_MISSING: "missing"}.get(code, "floor")


def facts_for(records: Records, scheme: Scheme) -> Facts:
    """The records at the level of area that the scheme scores; raises :class:`ScoringError` when there is none."""
    return Facts(records, scored_areas(records, scheme))


def assess(facts: Facts, scheme: Scheme, days: pd.DatetimeIndex) -> Assessment:
    """Score every area on every one of ``days`` (sorted, unique, at midnight): one date and a history alike.

    Raises :class:`ScoringError` when the areas lack the column of a ``given`` indicator.
    """
    numbers = day_numbers(days)
    found = [measured(facts, indicator, numbers) for indicator in scheme.indicators]
    values = np.stack([value for value, _ in found], axis=-1)
    points = np.stack(
        [points_of(values[..., number], indicator) for number, indicator in enumerate(scheme.indicators)], axis=-1
    )
    combined = combine(points, Weights.of(scheme))
    computed, decided = _tiers(scheme, combined, values)
    return Assessment(
        scheme=scheme,
        days=days,
        areas=facts.areas,
        parents=facts.records.areas["name"].to_dict(),
        values=values,
        points=points,
        gaps=np.stack([gap for _, gap in found], axis=-1),
        effective=combined.effective,
        score=combined.score,
        known=combined.known,
        computed=computed,
        published=computed,
        decided=decided,
    )


def _tiers(scheme: Scheme, combined: Combined, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ranks and what decided them. A floor only raises, and raises an unknown area too: what it names is a fact."""
    cuts = np.array(scheme.tiers.ascending())
    rank = np.searchsorted(cuts, combined.score, side="right").astype(np.int8)
    too_little = combined.known < scheme.missing.minimum_known_weight
    # Green says "no work needed"; where the missing part could say otherwise, that is not known.
    doubtful_green = (rank == tiers.RANK["green"]) & (np.searchsorted(cuts, combined.worst, side="right") > rank)
    unknown = too_little | doubtful_green | np.isnan(combined.score)
    rank[unknown] = tiers.UNKNOWN_RANK
    decided = np.where(unknown, BY_MISSING, BY_SCORE).astype(np.int16)
    order = {indicator.id: number for number, indicator in enumerate(scheme.indicators)}
    for number, floor in enumerate(scheme.floors):
        least = tiers.RANK[floor.at_least]
        raised = compare(values[..., order[floor.when.indicator]], floor.when.op, floor.when.value) & (rank < least)
        rank[raised] = least
        decided[raised] = number
    return rank, decided


def scored_areas(records: Records, scheme: Scheme) -> pd.DataFrame:
    """The areas of the scheme's level; all of them when the file names no levels."""
    every = records.areas
    if every["level"].isna().all():
        return every
    chosen = every[every["level"] == scheme.level]
    if chosen.empty:
        raise ScoringError.because(
            "scoring.no_area_of_level", level=scheme.level, there=sorted(every["level"].dropna().unique())
        )
    return chosen


def fits(records: Records, scheme: Scheme) -> bool:
    """Whether the records have areas of the scheme's level and every column that its ``given`` indicators name."""
    try:
        numeric = scored_areas(records, scheme).select_dtypes("number")
    except ScoringError:
        return False
    return all(item.given.column in numeric for item in scheme.indicators if item.given)


def days_between(first: date, last: date) -> pd.DatetimeIndex:
    """Every day from ``first`` to ``last``, both included; raises :class:`ScoringError` for a span that is none."""
    if last < first:
        raise ScoringError.because("scoring.days_backwards", first=first, last=last)
    if last - first > timedelta(days=LONGEST_HISTORY):
        raise ScoringError.because("scoring.too_many_days", limit=LONGEST_HISTORY)
    return pd.date_range(first, last, freq="D")


def last_day(records: Records) -> date | None:
    """The newest day on which anything was recorded; None when no table of events is loaded."""
    newest = [
        getattr(records, table)[column].max()
        for table, column in DATE_COLUMN.items()
        if getattr(records, table) is not None
    ]
    known = [moment for moment in newest if not pd.isna(moment)]
    return max(known).date() if known else None


def first_days(records: Records) -> Mapping[str, date]:
    """For each table of events, the day of its first record."""
    return {
        table: getattr(records, table)[column].min().date()
        for table, column in DATE_COLUMN.items()
        if getattr(records, table) is not None and len(getattr(records, table))
    }
