"""The one function that turns records and a scheme into an Assessment, for one date or a whole history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.disclosure import few_text
from analytics.scheme import Scheme
from analytics.scoring.area_counts import AreaCounts, day_numbers
from analytics.scoring.changes import KeptChanges
from analytics.scoring.combine import Combined, combine, scores
from analytics.scoring.decide import (
    BY_MISSING,
    BY_SCORE,
    Holes,
    TierDecision,
    decided_tiers,
    extreme_scores,
    points_from,
)
from analytics.scoring.doubt import words_in_doubt
from analytics.scoring.history import MeasuredDays, computed_history, decided_history, history_span, measured_points
from analytics.scoring.measures import NO_AGE, value_ages
from analytics.scoring.orders import NOT_ORDERED, Order, orders_of, raised
from analytics.scoring.provenance import METHOD_VERSION, FigureSettings, Provenance
from analytics.scoring.scope import scored_areas
from analytics.scoring.silence import SilentFeed, silent_feeds
from analytics.scoring.stability import AS_COMPUTED, NO_CHANGE, Carrying, PublishedTiers, publish
from analytics.store.counts import Counts

NO_OVERRIDE = -1
END_NOT_RECORDED = -2


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
    - ``small`` where a value is told as made of fewer people than ten: nowhere, but in releases of methods 1 and 2,
      which put the same number in the place of all small counts;
    - ``ages``: how many days old a value is that has a day of its own (int16), ``NO_AGE`` for all others;
    - ``parts``, what each indicator adds: they sum to ``score`` (NaN when nothing is known); ``weights`` behind them;
    - ``known`` share of weight, 0–1;
    - ``least`` and ``most`` (int8): the tiers between which what is missing leaves open what an area's is;
    - ``computed``, ``published`` and ``shown`` tier as ranks (int8, see `tiers`), the last being what is shown;
    - ``carried`` and ``carry_left``: for how long the published tier has been carried on, see `stability`;
    - ``override_left``: days until the last day of the person's decision in force, 0 on that day itself (int16);
      ``NO_OVERRIDE`` where there is none, ``END_NOT_RECORDED`` where there is one whose end is not on record;
    - ``without_order``: the rank that would be shown without orders where one of the ``orders`` raised it (int8), and
      ``NOT_ORDERED`` where none did;
    - ``decided`` what decided, and ``holding`` (days, areas, floors) the floor rules that hold, as in `decide`;
    - ``waiting_for``, ``days_held``, ``days_needed``, ``next_change``: what `stability` says of the published tier.

    - ``orders``: those in force on any of the days, or ended within the week before;
    - ``doubtful``: indicator → the words in the records that nobody knows, or the groups that are cut elsewhere, on
      which its value hangs somewhere: there it is missing;
    - ``silent``: the feeds that are silent on the last day, or whose silence lies in a window that ends with it;
    - ``behind``: what smallest changes are found with (see `counterfactual`): the counts, or of a release what was
      found when it was frozen; None where that was not kept;
    - ``english``: the official English names of areas, by code, of those that have one, and of those above; ``pinyin``:
      of a release, what stood for the others when it was frozen.

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
    without_order: np.ndarray = field(metadata={"absent": np.int8(NOT_ORDERED)})
    least: np.ndarray = field(metadata={"absent": lambda held: held["computed"]})
    most: np.ndarray = field(metadata={"absent": lambda held: held["computed"]})
    carried: np.ndarray = field(metadata={"absent": np.int16(0)})
    carry_left: np.ndarray = field(metadata={"absent": np.int16(NO_CHANGE)})
    at_least: np.ndarray = field(metadata={"absent": lambda held: np.full(held["values"].shape, np.nan)})
    interrupted: np.ndarray = field(metadata={"absent": lambda held: np.zeros(held["values"].shape, dtype=bool)})
    orders: tuple[Order, ...] = ()
    doubtful: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    former_areas: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    unscored: Mapping[str, int] = field(default_factory=dict)
    behind: AreaCounts | KeptChanges | None = None
    english: Mapping[str, str] = field(default_factory=dict)
    pinyin: Mapping[str, str] = field(default_factory=dict)

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

        A column of values that are told as small counts (``small``) is text, with the words for it in those cells.
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
            "ordered_tier": pd.Series(tiers.names(self.shown).ravel()).where(self.without_order.ravel() != NOT_ORDERED),
            "carried_days": self.carried.ravel(),
            "least_tier": tiers.names(self.least).ravel(),
            "most_tier": tiers.names(self.most).ravel(),
            "decided_by": decided.ravel(),
        }
        for number, indicator in enumerate(self.indicator_ids):
            columns[f"value:{indicator}"] = _told(self.values[..., number].ravel(), self.small[..., number].ravel())
            columns[f"points:{indicator}"] = self.points[..., number].ravel()
        return pd.DataFrame(columns)


def official_english(areas: pd.DataFrame) -> dict[str, str]:
    """The English names that a list of areas gives, by code."""
    given = areas["name_en"].dropna() if "name_en" in areas else pd.Series(dtype="str")
    return {str(area_id): str(name) for area_id, name in given.items()}


def _override_of(shown: np.ndarray, published: np.ndarray) -> np.ndarray:
    """What is on record of overrides where their ends are not: that a tier is shown which was not published."""
    return np.where(shown != published, np.int16(END_NOT_RECORDED), np.int16(NO_OVERRIDE))


def _told(values: np.ndarray, small: np.ndarray) -> np.ndarray | pd.Series:
    """Values, or as text where some are small counts."""
    if not small.any():
        return values
    # As pandas writes numbers to a file: the shortest text that gives the number again.
    written = pd.Series([None if value != value else repr(float(value)) for value in values], dtype="str")
    return written.mask(small, few_text("en"))


def area_counts_for(counts: Counts, scheme: Scheme) -> AreaCounts:
    """The counts at the level of area that the scheme scores; raises :class:`ScoringError` when there is none."""
    return AreaCounts(counts, scored_areas(counts, scheme))


def assess(facts: AreaCounts, scheme: Scheme, days: pd.DatetimeIndex) -> Assessment:
    """Score every area on every one of ``days`` (sorted, unique, at midnight): one date and a history alike.

    Where the scheme holds colours steady, the published tier of a day follows from every day before it, from the first
    record on, whether or not those days are asked for.
    Raises :class:`ScoringError` when the areas lack the column of a ``given`` indicator.
    """
    found, points = measured_points(facts, scheme, day_numbers(days))
    combined = combine(points, scheme)
    holes = found.holes
    decided = decided_tiers(scheme, combined, extreme_scores(points, scheme, combined, holes), found.values, holes)
    held = _held_steady(facts, scheme, days, decided)
    run = Assessment(
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
        small=np.zeros(found.values.shape, dtype=bool),
        ages=np.stack([value_ages(facts, item, day_numbers(days)) for item in scheme.indicators], axis=-1),
        behind=facts,
        english=official_english(facts.counts.areas),
        orders=orders_of(facts, scheme, days),
        doubtful={item.id: words for item in scheme.indicators if (words := words_in_doubt(facts.counts, item))},
        **_decided_by(combined, decided, held),
    )
    return with_orders(run, run.shown)


def with_orders(assessment: Assessment, shown: np.ndarray) -> Assessment:
    """The same run with its orders on top of what would be ``shown``, (days, areas), without them."""
    final, without = raised(shown, assessment.orders, assessment.days, assessment.areas.index)
    return replace(assessment, shown=final, without_order=without)


def reassess(assessment: Assessment, scheme: Scheme, history: Iterable[MeasuredDays] | None = None) -> Assessment:
    """The same records under a scheme that measures the same and gives the same points, with other weights, cut-offs,
    floors or rules for what is missing: what :func:`assess` makes of it.

    ``history``: what is measured on every day up to the one of the ``assessment``, which makes the tiers that would be
    published. Without it what is computed is shown, since nothing was published under the scheme.
    """
    points = assessment.points
    combined = combine(points, scheme)
    extremes = extreme_scores(points, scheme, combined, assessment.holes)
    decided = decided_tiers(scheme, combined, extremes, assessment.values, assessment.holes)
    made_by = replace(assessment.provenance, scheme=scheme.digest())
    held = _as_computed(decided.rank)
    if history is not None and (scheme.stability is not None or (decided.rank == tiers.UNKNOWN_RANK).any()):
        held = published_from(scheme, *decided_history(history, scheme), last=1)
    found = _decided_by(combined, decided, held)
    # What was kept with a release was found under its own scheme.
    behind = assessment.behind if isinstance(assessment.behind, AreaCounts) else None
    return replace(assessment, scheme=scheme, provenance=made_by, behind=behind, **found)


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
        "without_order": np.full(held.tier.shape, NOT_ORDERED, dtype=np.int8),
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
    score, decided = decided_again(scheme, values, holes)
    return score, decided.rank


def decided_again(scheme: Scheme, values: np.ndarray, holes: Holes | None) -> tuple[np.ndarray, TierDecision]:
    """:func:`rescored`, with all that is decided of such values."""
    points = points_from(values, scheme, holes)
    found = scores(points, scheme)
    return found.score, decided_tiers(scheme, found, extreme_scores(points, scheme, found, holes), values, holes)


def _held_steady(facts: AreaCounts, scheme: Scheme, days: pd.DatetimeIndex, decided: TierDecision) -> PublishedTiers:
    """What is published on ``days``, from the computed tiers of every day since the first record."""
    if scheme.stability is None and not (decided.rank == tiers.UNKNOWN_RANK).any():
        return _as_computed(decided.rank)
    wanted = day_numbers(days)
    first, last = history_span(facts, scheme, wanted)
    held = facts.memoize(("published", scheme.digest(), first, last), lambda: _history(facts, scheme, first, last))
    return PublishedTiers(**{name: array[wanted - first] for name, array in vars(held).items()})


def _history(facts: AreaCounts, scheme: Scheme, first: int, last: int) -> PublishedTiers:
    """What is published on every day from ``first`` to ``last``."""
    return published_from(scheme, *_known_history(facts, scheme, first, last))


def _known_history(facts: AreaCounts, scheme: Scheme, first: int, last: int) -> tuple[np.ndarray, np.ndarray, Carrying]:
    """:func:`computed_history`, made once: whoever asks how long a tier would be held goes on from it."""
    return facts.memoize(
        ("computed", scheme.digest(), first, last), lambda: computed_history(facts, scheme, first, last)
    )


def history_up_to(facts: AreaCounts, scheme: Scheme, day: int) -> tuple[np.ndarray, np.ndarray, Carrying]:
    """What :func:`publish` takes of every day from the first record up to ``day``."""
    first, last = history_span(facts, scheme, np.array([day]))
    computed, floors, carrying = _known_history(facts, scheme, first, last)
    days = slice(day - first + 1)
    return (
        computed[days],
        floors[days],
        Carrying(carrying.least[days], carrying.limited[days], carrying.back[days], carrying.days),
    )


def published_from(
    scheme: Scheme, computed: np.ndarray, floors: np.ndarray, carrying: Carrying, last: int | None = None
) -> PublishedTiers:
    """What the scheme publishes of a history as :func:`computed_history` gives it, of its ``last`` days or of all."""
    return publish(computed, floors, scheme.stability or AS_COMPUTED, carrying, last)
