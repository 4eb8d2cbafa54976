"""The one function that turns records and a scheme into an Assessment, for one date or a whole history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.disclosure import SuppressionMark, mark_text
from analytics.errors import ScoringError
from analytics.scheme import Scheme
from analytics.scheme.measures import Gap
from analytics.scheme.tables import EVENT_TABLES
from analytics.scoring.area_counts import AreaCounts, dated_columns, dated_days, day_numbers, reported_everywhere
from analytics.scoring.combine import Combined, combine, scores
from analytics.scoring.decide import (
    BY_MISSING,
    BY_SCORE,
    Holes,
    TierDecision,
    decided_tiers,
    extreme_scores,
    left_out_mask,
    points_from,
    tiers_from,
)
from analytics.scoring.doubt import words_in_doubt
from analytics.scoring.measures import NO_AGE, Measurement, measured, small_count_mask, value_ages
from analytics.scoring.provenance import METHOD_VERSION, FigureSettings, Provenance
from analytics.scoring.silence import SilentFeed, silent_feeds
from analytics.scoring.stability import AS_COMPUTED, NO_CHANGE, Carrying, PublishedTiers, publish
from analytics.store.counts import Counts
from analytics.words import phrase

LONGEST_HISTORY = 3660
NO_OVERRIDE = -1
END_NOT_RECORDED = -2
DAYS_AT_ONCE = 64


@dataclass(frozen=True, eq=False)
class Assessment:
    """One run, frozen: every map, table, chart and sentence is drawn from it.

    ``provenance`` is what made it, of its last day. ``days`` and ``areas`` (a frame indexed by ``area_id``) are the
    axes; ``parents`` names the areas above, and ``unplaced`` counts, by table, the records that name an area above the
    scored level and so count nowhere; ``former_areas``, by table and code, those of areas that have left the list;
    ``unscored``, by code, those of areas of which nobody knows the level or what they lie in.
    Arrays are (days, areas) or (days, areas, indicators), the indicators in the scheme's order:

    - ``values`` in each indicator's own unit and ``points`` 0–100, NaN where missing; ``gaps`` says why (:class:`Gap`);
    - ``at_least``: how much a missing value surely is, NaN where it is known, and where that is not known either;
      ``interrupted``: whether it is missing since data stopped that there were before;
    - ``small`` where a value counts fewer people or households than may be told, and is told as that (`disclosure`);
    - ``ages``: how many days old a value is that has a day of its own (int16), ``NO_AGE`` for all others;
    - ``parts``, what each indicator adds: they sum to ``score`` (NaN when nothing is known); ``weights`` behind them;
    - ``known`` share of weight, 0–1;
    - ``least`` and ``most`` (int8): the tiers between which what is missing leaves open what an area's is;
    - ``computed``, ``published`` and ``shown`` tier as ranks (int8, see `tiers`), the last being what is shown;
    - ``carried`` and ``carry_left``: for how long the published tier has been carried on, see `stability`;
    - ``override_left``: days until the last day of the person's decision in force, 0 on that day itself (int16);
      ``NO_OVERRIDE`` where there is none, ``END_NOT_RECORDED`` where there is one whose end is not on record;
    - ``decided`` what decided, and ``holding`` (days, areas, floors) the floor rules that hold, as in `decide`;
    - ``waiting_for``, ``days_held``, ``days_needed``, ``next_change``: what `stability` says of the published tier.

    - ``doubtful``: indicator → the words in the records that nobody knows, or the groups that are cut elsewhere, on
      which its value hangs somewhere: there it is missing;
    - ``silent``: the feeds that are silent on the last day, or whose silence lies in a window that ends with it.

    An array that is added later says in its metadata, under ``absent``, what stands in it for runs that were frozen
    before it was there: a value, or a function of the arrays (by name) that makes it.
    """

    scheme: Scheme
    provenance: Provenance
    days: pd.DatetimeIndex
    areas: pd.DataFrame
    parents: Mapping[str, str]
    unplaced: Mapping[str, int]
    silent: tuple[SilentFeed, ...]
    values: np.ndarray
    points: np.ndarray
    gaps: np.ndarray
    small: np.ndarray
    weights: np.ndarray
    parts: np.ndarray
    score: np.ndarray
    known: np.ndarray
    computed: np.ndarray
    published: np.ndarray
    shown: np.ndarray
    decided: np.ndarray
    holding: np.ndarray
    waiting_for: np.ndarray
    days_held: np.ndarray
    days_needed: np.ndarray
    next_change: np.ndarray
    ages: np.ndarray = field(metadata={"absent": lambda held: np.full(held["values"].shape, NO_AGE, dtype=np.int16)})
    override_left: np.ndarray = field(metadata={"absent": lambda held: _override_of(held["shown"], held["published"])})
    least: np.ndarray = field(metadata={"absent": lambda held: held["computed"]})
    most: np.ndarray = field(metadata={"absent": lambda held: held["computed"]})
    carried: np.ndarray = field(metadata={"absent": np.int16(0)})
    carry_left: np.ndarray = field(metadata={"absent": np.int16(NO_CHANGE)})
    at_least: np.ndarray = field(metadata={"absent": lambda held: np.full(held["values"].shape, np.nan)})
    interrupted: np.ndarray = field(metadata={"absent": lambda held: np.zeros(held["values"].shape, dtype=bool)})
    doubtful: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    former_areas: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    unscored: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def indicator_ids(self) -> tuple[str, ...]:
        """Ids in the order of the last axis."""
        return tuple(indicator.id for indicator in self.scheme.indicators)

    @property
    def holes(self) -> Holes:
        """What is known of missing values, for whoever asks what other rules or values would give."""
        return Holes(self.at_least, self.interrupted)

    def on(self, *days: date) -> Assessment:
        """The same run at some of its days, in their order."""
        at = self.days.get_indexer(pd.DatetimeIndex(sorted({pd.Timestamp(day) for day in days})))
        arrays: dict[str, Any] = {name: held[at] for name, held in vars(self).items() if isinstance(held, np.ndarray)}
        last = self.provenance if not len(at) else replace(self.provenance, day=self.days[at[-1]].date())
        return replace(self, days=self.days[at], provenance=last, **arrays)

    def of_areas(self, kept: pd.Index) -> Assessment:
        """The same run for some of its areas, in their order."""
        at = self.areas.index.get_indexer(kept)
        arrays: dict[str, Any] = {
            name: held[:, at] for name, held in vars(self).items() if isinstance(held, np.ndarray)
        }
        return replace(self, areas=self.areas.iloc[at], **arrays)

    def counts(self) -> pd.DataFrame:
        """How many areas are shown in each tier: one row a day, columns as `tiers.SHOWN`; zeros are there."""
        held = {tier: (self.shown == tiers.RANK[tier]).sum(axis=1) for tier in tiers.SHOWN}
        return pd.DataFrame(held, index=self.days)

    def table(self) -> pd.DataFrame:
        """One row a day and area: the columns that ``python -m analytics score`` writes.

        A column of values with a small count among them is text, with the words for it in that cell.
        """
        shape = (len(self.days), len(self.areas))
        decided = np.select(
            [self.decided >= 0, self.decided == BY_SCORE, self.decided == BY_MISSING],
            ["floor", "score", "missing"],
            "decide",
        )
        columns: dict[str, object] = {
            "area_id": np.broadcast_to(self.areas.index.to_numpy(), shape).ravel(),
            "day": np.repeat(self.days.strftime("%Y-%m-%d").to_numpy(), len(self.areas)),
            "score": self.score.ravel(),
            "computed_tier": tiers.names(self.computed).ravel(),
            "published_tier": tiers.names(self.published).ravel(),
            "carried_days": self.carried.ravel(),
            "least_tier": tiers.names(self.least).ravel(),
            "most_tier": tiers.names(self.most).ravel(),
            "decided_by": decided.ravel(),
        }
        for number, indicator in enumerate(self.indicator_ids):
            columns[f"value:{indicator}"] = _told(self.values[..., number].ravel(), self.small[..., number].ravel())
            columns[f"points:{indicator}"] = self.points[..., number].ravel()
        return pd.DataFrame(columns)


def _override_of(shown: np.ndarray, published: np.ndarray) -> np.ndarray:
    """What is on record of overrides where their ends are not: that a tier is shown which was not published."""
    return np.where(shown != published, np.int16(END_NOT_RECORDED), np.int16(NO_OVERRIDE))


def _told(values: np.ndarray, small: np.ndarray) -> np.ndarray | pd.Series:
    """Values, or as text where some are small counts."""
    if not small.any():
        return values
    # As pandas writes numbers to a file: the shortest text that gives the number again.
    written = pd.Series([None if value != value else repr(float(value)) for value in values], dtype="str")
    return written.mask(small, mark_text(SuppressionMark.SMALL).text("en"))


def area_counts_for(counts: Counts, scheme: Scheme) -> AreaCounts:
    """The counts at the level of area that the scheme scores; raises :class:`ScoringError` when there is none."""
    return AreaCounts(counts, scored_areas(counts, scheme))


def assess(facts: AreaCounts, scheme: Scheme, days: pd.DatetimeIndex) -> Assessment:
    """Score every area on every one of ``days`` (sorted, unique, at midnight): one date and a history alike.

    Where the scheme holds colours steady, the published tier of a day follows from every day before it, from the first
    record on, whether or not those days are asked for.
    Raises :class:`ScoringError` when the areas lack the column of a ``given`` indicator.
    """
    facts = facts.shown_by(scheme.indicators)
    found, points = measured_points(facts, scheme, day_numbers(days))
    combined = combine(points, scheme)
    holes = found.holes
    decided = decided_tiers(scheme, combined, extreme_scores(points, scheme, combined, holes), found.values, holes)
    held = _held_steady(facts, scheme, days, decided)
    return Assessment(
        scheme=scheme,
        provenance=Provenance(
            records=facts.counts.digest,
            scheme=scheme.digest(),
            method=METHOD_VERSION,
            settings=FigureSettings.current(),
            day=days[-1].date() if len(days) else date.min,
        ),
        days=days,
        areas=facts.areas,
        parents={str(area_id): name for area_id, name in facts.counts.areas["name"].items()},
        unplaced=facts.unplaced(),
        silent=silent_feeds(facts, scheme.indicators, days[-1].date()) if len(days) else (),
        former_areas=facts.former_areas(),
        unscored=facts.unscored(),
        values=found.values,
        points=points,
        at_least=found.at_least,
        interrupted=found.interrupted,
        gaps=found.gaps,
        small=np.stack([small_count_mask(facts, item, day_numbers(days)) for item in scheme.indicators], axis=-1)
        & (found.gaps == Gap.NONE),
        ages=np.stack([value_ages(facts, item, day_numbers(days)) for item in scheme.indicators], axis=-1),
        doubtful={item.id: words for item in scheme.indicators if (words := words_in_doubt(facts.counts, item))},
        **_decided_by(combined, decided, held),
    )


def reassess(assessment: Assessment, scheme: Scheme) -> Assessment:
    """The same records under a scheme that measures the same and gives the same points, with other weights, cut-offs,
    floors or rules for what is missing: what is computed is shown, since nothing was published under it."""
    points = assessment.points
    combined = combine(points, scheme)
    extremes = extreme_scores(points, scheme, combined, assessment.holes)
    decided = decided_tiers(scheme, combined, extremes, assessment.values, assessment.holes)
    made_by = replace(assessment.provenance, scheme=scheme.digest())
    found = _decided_by(combined, decided, _as_computed(decided.rank))
    return replace(assessment, scheme=scheme, provenance=made_by, **found)


def _decided_by(combined: Combined, decided: TierDecision, held: PublishedTiers) -> dict[str, Any]:
    """What follows from points, by its name in an :class:`Assessment`."""
    return {
        "weights": combined.weights,
        "parts": combined.parts,
        "score": combined.score,
        "known": combined.known,
        "least": decided.least,
        "most": decided.most,
        "computed": decided.rank,
        "published": held.tier,
        "shown": held.tier,
        "override_left": np.full(held.tier.shape, NO_OVERRIDE, dtype=np.int16),
        "decided": decided.by,
        "holding": decided.holding,
        "carried": held.carried,
        "carry_left": held.carry_left,
        "waiting_for": held.waiting_for,
        "days_held": held.days_held,
        "days_needed": held.days_needed,
        "next_change": held.next_change,
    }


def _as_computed(rank: np.ndarray) -> PublishedTiers:
    """Nothing is waited for, and nothing carried on, where what is computed is published."""
    nothing = np.zeros(rank.shape, dtype=np.int16)
    never = np.full(rank.shape, NO_CHANGE, dtype=np.int16)
    return PublishedTiers(
        tier=rank, carried=nothing, carry_left=never, waiting_for=rank, days_held=nothing, days_needed=nothing,
        next_change=never,
    )  # fmt: skip


def rescored(scheme: Scheme, values: np.ndarray, holes: Holes | None) -> tuple[np.ndarray, np.ndarray]:
    """Score and computed rank, each (days, areas), of values (days, areas, indicators) that someone supposes, with what
    is known of those that are missing."""
    points = points_from(values, scheme, holes)
    found = scores(points, scheme)
    return found.score, decided_tiers(scheme, found, extreme_scores(points, scheme, found, holes), values, holes).rank


def measured_points(facts: AreaCounts, scheme: Scheme, days: np.ndarray) -> tuple[Measurement, np.ndarray]:
    """What is measured, stacked to (days, areas, indicators), and its points, the same shape.

    Where a place among the areas tells nothing, since all are equal, the value is missing for that reason. Where it
    cannot be told, since data of other areas are interrupted, there are no points, but the value is known.
    """
    each = [measured(facts, indicator, days) for indicator in scheme.indicators]
    found = Measurement(*(np.stack(part, axis=-1) for part in zip(*each, strict=True)))
    points = points_from(found.values, scheme, found.holes)
    left_out = left_out_mask(scheme)
    found.values[..., left_out], found.gaps[..., left_out], points[..., left_out] = np.nan, Gap.LEFT_OUT, np.nan
    found.interrupted[..., left_out] = False
    equal = np.isnan(points) & (found.gaps == Gap.NONE)
    beside = equal & found.interrupted.any(axis=1, keepdims=True)
    found.gaps[beside] = Gap.OTHERS_INTERRUPTED
    equal &= ~beside
    found.values[equal], found.gaps[equal] = np.nan, Gap.ALL_EQUAL
    return found, points


def _held_steady(facts: AreaCounts, scheme: Scheme, days: pd.DatetimeIndex, decided: TierDecision) -> PublishedTiers:
    """What is published on ``days``, from the computed tiers of every day since the first record."""
    if scheme.stability is None and not (decided.rank == tiers.UNKNOWN_RANK).any():
        return _as_computed(decided.rank)
    wanted = day_numbers(days)
    recorded = [facts.recorded_days(table) for table in EVENT_TABLES if facts.has(table)]
    recorded += [dated_days(facts.counts, column) for column in _dated_columns(facts.counts, scheme)]
    everything = np.concatenate([wanted, *(found[[0, -1]] for found in recorded if len(found))])
    first, last = int(everything.min()), int(everything.max())
    held = facts.memoize(("published", scheme.digest(), first, last), lambda: _history(facts, scheme, first, last))
    return PublishedTiers(**{name: array[wanted - first] for name, array in vars(held).items()})


def _dated_columns(counts: Counts, scheme: Scheme) -> list[str]:
    """The columns of values by day that a scheme uses."""
    there = dated_columns(counts)
    return [item.given.column for item in scheme.indicators if item.given and item.given.column in there]


def _history(facts: AreaCounts, scheme: Scheme, first: int, last: int) -> PublishedTiers:
    """What is published on every day from ``first`` to ``last``."""
    return published_from(scheme, *computed_history(facts, scheme, first, last))


def published_from(scheme: Scheme, computed: np.ndarray, floors: np.ndarray, carrying: Carrying) -> PublishedTiers:
    """What the scheme publishes of a history as :func:`computed_history` gives it."""
    return publish(computed, floors, scheme.stability or AS_COMPUTED, carrying)


def computed_history(
    facts: AreaCounts, scheme: Scheme, first: int, last: int
) -> tuple[np.ndarray, np.ndarray, Carrying]:
    """Of every day from ``first`` to ``last`` what :func:`publish` takes: computed ranks, those that floors demand, and
    what is known where there is no computed one."""
    facts = facts.shown_by(scheme.indicators)
    ranks, floors, least, limited, back = [], [], [], [], []
    # In pieces, since only a few small numbers of each day and area are kept.
    for start in range(first, last + 1, DAYS_AT_ONCE):
        found, points = measured_points(facts, scheme, np.arange(start, min(start + DAYS_AT_ONCE, last + 1)))
        decided = tiers_from(points, scheme, found.values, found.holes)
        ranks.append(decided.rank)
        floors.append(decided.floor)
        least.append(decided.least)
        missing = ~np.isin(found.gaps, (Gap.NONE, Gap.LEFT_OUT, Gap.OTHERS_INTERRUPTED))
        silent = missing & ~found.reporting_again
        since = found.back
        if scheme.is_relative():
            # What stops in one area leaves open what the others are, and for as long.
            stopped = found.interrupted & silent
            silent = silent | stopped.any(axis=1, keepdims=True)
            since = np.maximum(since, np.where(stopped, since, 0).max(axis=1, keepdims=True))
        limited.append(silent.any(axis=-1))
        back.append(since.max(axis=-1))
    carrying = Carrying(
        np.concatenate(least), np.concatenate(limited), np.concatenate(back), days=scheme.missing.carried_days
    )
    return np.concatenate(ranks), np.concatenate(floors), carrying


def scored_areas(counts: Counts, scheme: Scheme) -> pd.DataFrame:
    """The areas of the scheme's level; all of them when the file names no levels."""
    every = counts.areas
    if every["level"].isna().all():
        return every
    chosen = every[every["level"] == scheme.level]
    if chosen.empty:
        level, *there = (
            phrase(f"templates.word_level_{one}") for one in (scheme.level, *sorted(every["level"].dropna().unique()))
        )
        raise ScoringError.because("scoring.no_area_of_level", level=level, there=there)
    return chosen


def first_full_day(counts: Counts, scheme: Scheme) -> date | None:
    """The first day on which every window of the scheme lies within the records; None where nothing is dated."""
    begins = first_days(counts)
    ready = [_date(dated_days(counts, column)[0]) for column in _dated_columns(counts, scheme)]
    ready += [
        begins[item.source] + timedelta(days=(item.window_days or (item.days_since.cap if item.days_since else 1)) - 1)
        for item in scheme.indicators
        if item.source in begins
    ]
    return max(ready, default=None)


def require_tables(counts: Counts, scheme: Scheme) -> None:
    """Raise :class:`ScoringError` when so many tables are not loaded that no area could be given a tier."""
    found = combine(np.array([[[0.0 if counts.has(item.source) else np.nan for item in scheme.indicators]]]), scheme)
    if found.known[0, 0] < scheme.missing.minimum_known_weight:
        lacking = sorted({item.source for item in scheme.indicators if not counts.has(item.source)})
        raise ScoringError.because(
            "scoring.tables_missing",
            scheme=scheme.id,
            tables=[phrase(f"tables.{table}") for table in lacking],
            known=f"{found.known[0, 0]:.0%}",
            least=f"{scheme.missing.minimum_known_weight:.0%}",
        )


def fits(counts: Counts, scheme: Scheme) -> bool:
    """Whether the records have areas of the scheme's level, the columns that its ``given`` indicators name, and enough
    of its tables."""
    try:
        require_tables(counts, scheme)
        areas = scored_areas(counts, scheme)
    except ScoringError:
        return False
    there = {*areas.select_dtypes("number"), *dated_columns(counts)}
    return all(item.given.column in there for item in scheme.indicators if item.given)


def days_between(first: date, last: date) -> pd.DatetimeIndex:
    """Every day from ``first`` to ``last``, both included; raises :class:`ScoringError` for a span that is none."""
    if last < first:
        raise ScoringError.because("scoring.days_backwards", first=first, last=last)
    if last - first >= timedelta(days=LONGEST_HISTORY):
        raise ScoringError.because("scoring.too_many_days", limit=LONGEST_HISTORY)
    return pd.date_range(first, last, freq="D")


def last_known_day(counts: Counts) -> date | None:
    """The newest day of which anything is known: a record, a value, or a report that nothing happened in the whole
    office; None where nothing is dated. No later day can be scored for a release."""
    newest = [counts.days(table)[-1] for table in EVENT_TABLES if counts.has(table) and len(counts.days(table))]
    newest += [dated_days(counts, column)[-1] for column in dated_columns(counts)]
    newest += [
        found[-1] for table in EVENT_TABLES if counts.has(table) and len(found := reported_everywhere(counts, table))
    ]
    return _date(max(newest)) if newest else None


def first_days(counts: Counts) -> Mapping[str, date]:
    """For each table of events, the day of its first record."""
    tables = [table for table in EVENT_TABLES if counts.has(table) and len(counts.days(table))]
    return {table: _date(counts.days(table)[0]) for table in tables}


def _date(day_number: int) -> date:
    return date(1970, 1, 1) + timedelta(days=int(day_number))
