"""Was the map right, and how firm is it: backtests of maps that were or could have been, weights fitted to the past,
simulations, and areas where nobody looked."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import pandas as pd

from analytics.errors import UserError
from analytics.evidence import backtest
from analytics.evidence.backtest import (
    Backtest,
    BacktestComparison,
    BacktestError,
    LeftOut,
    TierHistory,
    assess_point_in_time,
    compare_backtests,
)
from analytics.evidence.confidence import DRAWS, Confidence, confidence
from analytics.evidence.confidence_store import save
from analytics.evidence.detection_bias import detection_bias, under_visited
from analytics.evidence.fitting import FittedWeights, fit_to_past, require_moments
from analytics.evidence.sampling import UncertaintyRanges
from analytics.scheme import Scheme
from analytics.scheme.builtin import BUILTIN, builtin_scheme
from analytics.scheme.reading import scheme_from
from analytics.scoring import Assessment, require_tables
from analytics.store.ledger_entries import ReleaseEntry
from analytics.workspace.briefings import provenance_now
from analytics.workspace.datasets import Dataset
from analytics.workspace.door import Workspace, door
from analytics.workspace.published import releases, run_of
from analytics.workspace.recent import Recent
from analytics.workspace.runs import area_counts, assessed
from analytics.workspace.schemes import saved_versions

RELEASES: Literal["releases"] = "releases"
IN_USE, DRAFT = "use", "draft"
"""Maps by id, beside the numbers of versions and ``BUILTIN``."""

USUAL_RANGES = UncertaintyRanges()


@dataclass(frozen=True, eq=False)
class MapHistory:
    """The maps of some data that can be tested against what followed: by the scheme in use, a ``draft`` of it if there
    is one, its other versions, and the releases, as of ``day``."""

    data: Dataset
    scheme: Scheme
    day: date
    draft: Scheme | None = None


@dataclass(frozen=True)
class BacktestQuery:
    """The map with the id ``map``, tested by what followed in ``weeks``, and another one ``against`` it or none."""

    weeks: int
    map: str
    against: str | None = None


DatesKind = Literal["weekly", "releases", "days"]


@dataclass(frozen=True, eq=False)
class BacktestResult:
    """The test of the ``main`` map, and of the one ``against`` it. ``kind`` of dates: ``weekly``, ``releases``, or
    ``days``, those of releases, of which the second map is made. ``refused``: why the second cannot be tested."""

    main: Backtest
    kind: DatesKind
    against: BacktestComparison | None = None
    refused: UserError | None = None


@door("read")
def versions(ws: Workspace, maps: MapHistory) -> Mapping[str, Scheme]:
    """The other versions of the scheme in use that can be read and score areas of its level, by number."""
    used, saved = maps.scheme, saved_versions(ws, maps.data, maps.scheme.id)

    def make() -> Mapping[str, Scheme]:
        found = {}
        for one in saved:
            with suppress(UserError):
                found[f"{one.number}"] = scheme_from(one.yaml_text.encode(), f"{used.id}.yaml")
        if builtin := builtin_scheme(used.id):
            found[BUILTIN] = builtin
        return {
            key: scheme
            for key, scheme in found.items()
            if scheme.level == used.level and scheme.digest() != used.digest()
        }

    return maps.data.results.get(("versions", used.id, used.digest(), tuple(one.number for one in saved)), make)


@door("read")
def past_releases(ws: Workspace, maps: MapHistory, weeks: int) -> list[ReleaseEntry]:
    """Releases of the scheme that stand and whose following ``weeks`` are wholly recorded, the oldest first; the newest
    of a day, and of all."""
    last = backtest.last_moment(area_counts(ws, maps.data, maps.scheme), weeks, maps.day)
    standing = [one for one in releases(ws, maps.data, maps.scheme.id) if one.stands]
    by_day = {one.day: one for one in sorted(standing, key=lambda one: one.number or 0) if last and one.day <= last}
    return [by_day[day] for day in sorted(by_day)][-backtest.MOST_MOMENTS :]


@door("read")
def backtest_maps(ws: Workspace, maps: MapHistory, query: BacktestQuery) -> BacktestResult:
    """Test the first map, and the second against it where it can be rated at all.

    Raises ``UserError`` where the first cannot be tested.
    """
    keys = (query.map, query.against) if query.against else (query.map,)
    kind: DatesKind = RELEASES if query.map == RELEASES else "days" if RELEASES in keys else "weekly"
    try:
        days, left_out = _evaluation_dates(ws, maps, query.weeks, keys)
        main = replace(_tested(ws, maps, query, days), left_out=left_out)
        return BacktestResult(main, kind, _compared(ws, maps, query, days, main) if query.against else None)
    except UserError as error:
        if not query.against:
            raise
        return replace(backtest_maps(ws, maps, replace(query, against=None)), refused=error)


@door("read")
def fitted_weights(ws: Workspace, maps: MapHistory, weeks: int) -> FittedWeights:
    """Weights that would have ranked what followed best; raises ``UserError`` where too few weeks are on record."""

    def make() -> FittedWeights:
        days, left_out = _evaluation_dates(ws, maps, weeks, (IN_USE,))
        require_moments(days)
        found = fit_to_past(area_counts(ws, maps.data, maps.scheme), _run(ws, maps, IN_USE, days), weeks)
        return replace(found, left_out=left_out)

    return maps.data.results.get(("fitted", maps.scheme.digest(), weeks, maps.day), make)


@door("read")
def detection_bias_of(ws: Workspace, data: Dataset, scheme: Scheme, day: date) -> pd.DataFrame:
    """Findings per check and areas where nobody looked, as in `detection_bias`."""
    return detection_bias(area_counts(ws, data, scheme), assessed(ws, data, scheme, [day]))


@door("read")
def is_under_visited(ws: Workspace, data: Dataset, run: Assessment, area_id: str) -> bool:
    """Whether an area is green and nobody has looked lately."""
    return under_visited(area_counts(ws, data, run.scheme), run, area_id)


@door("read")
def simulate(
    ws: Workspace, data: Dataset, scheme: Scheme, day: date, ranges: UncertaintyRanges = USUAL_RANGES,
    number: int = DRAWS, on_progress: Callable[[float], object] = lambda _: None,
) -> Confidence:  # fmt: skip
    """How robust the tiers of a day are when what the scheme assumes is drawn anew ``number`` times."""
    counts = area_counts(ws, data, scheme).uncached_copy()
    return confidence(counts, scheme, day, ranges, number, on_progress=on_progress)


@door("draft")
def keep_simulation(ws: Workspace, data: Dataset, scheme: Scheme, day: date, found: Confidence) -> None:
    """Keep what simulations of the scheme in use found, for cards and briefings; those by the usual ranges only."""
    save(data.home, found, provenance_now(data, scheme, day))


def _evaluation_dates(
    ws: Workspace, maps: MapHistory, weeks: int, keys: tuple[str, ...]
) -> tuple[pd.DatetimeIndex, LeftOut]:
    """The days of the releases where they are among ``keys``, else the week ends at which all of ``keys`` are full; and
    those of them that are left out.

    Raises ``UserError`` where there is none, or the records lack what a scheme needs.
    """
    counts, schemes = maps.data.counts, [scheme_of(ws, maps, key) for key in keys]
    if not counts.has("incidents"):
        raise BacktestError.because("evidence.no_incidents")
    for scheme in schemes:
        require_tables(counts, scheme)
    if RELEASES in keys:
        days = _released(ws, maps, weeks).days
    else:
        days = backtest.week_ends(area_counts(ws, maps.data, maps.scheme), schemes, weeks, maps.day)
    if days.empty:
        raise BacktestError.because("evidence.no_moments", weeks=weeks)
    facts = area_counts(ws, maps.data, maps.scheme)
    left_out = maps.data.results.get(
        ("left_out", maps.scheme.digest(), weeks, maps.day, tuple(days)),
        lambda: backtest.interrupted(facts, maps.scheme, days, weeks, maps.day),
    )
    if len(left_out.days) == len(days):
        raise BacktestError.because("evidence.all_interrupted", weeks=weeks)
    return days.difference(left_out.days), left_out


def _released(ws: Workspace, maps: MapHistory, weeks: int) -> TierHistory:
    """What the releases showed, those of another level left out."""
    entries, used = past_releases(ws, maps, weeks), maps.scheme
    areas = area_counts(ws, maps.data, used).areas.index

    def make() -> TierHistory:
        runs = [run_of(ws, maps.data, one)[0] for one in entries]
        return backtest.shown_by([run for run in runs if run.scheme.level == used.level], areas)

    return maps.data.results.get(("released", used.level, *(one.digest for one in entries)), make)


def _tested(ws: Workspace, maps: MapHistory, query: BacktestQuery, days: pd.DatetimeIndex) -> Backtest:
    counts = area_counts(ws, maps.data, maps.scheme)
    key = ("backtest", *_hangs_on(ws, maps, query.map, query.weeks), maps.scheme.digest(), query.weeks, tuple(days))
    return _results(maps, query.map).get(
        key,
        lambda: backtest.backtest(counts, maps.scheme, _shown(ws, maps, query.map, days, query.weeks), query.weeks),
    )


def _compared(
    ws: Workspace, maps: MapHistory, query: BacktestQuery, days: pd.DatetimeIndex, main: Backtest
) -> BacktestComparison:
    """The second map at the same days, in as many areas as the first flags."""
    second = str(query.against)
    counts, both = area_counts(ws, maps.data, maps.scheme), (query.map, second)
    hangs_on = [_hangs_on(ws, maps, key, query.weeks) for key in both]
    return _results(maps, *both).get(
        ("compared", *hangs_on, maps.scheme.digest(), query.weeks, tuple(days)),
        lambda: compare_backtests(
            counts, maps.scheme, _shown(ws, maps, second, days, query.weeks), query.weeks, main.flagged
        ),
    )


def _results(maps: MapHistory, *keys: str) -> Recent:
    """Where what was found is kept: of a draft, apart from what all need."""
    return maps.data.tried if DRAFT in keys else maps.data.results


def _hangs_on(ws: Workspace, maps: MapHistory, key: str, weeks: int) -> tuple[Hashable, ...]:
    """What a map hangs on besides its days: the digests of the releases, or that of its scheme."""
    if key == RELEASES:
        return (key, *(one.digest for one in past_releases(ws, maps, weeks)))
    return (scheme_of(ws, maps, key).digest(),)


def _shown(ws: Workspace, maps: MapHistory, key: str, days: pd.DatetimeIndex, weeks: int) -> TierHistory:
    """What a map showed at ``days``; of releases, those of these days."""
    if key == RELEASES:
        return _released(ws, maps, weeks).on(days)
    return backtest.shown_in(_run(ws, maps, key, days))


def _run(ws: Workspace, maps: MapHistory, key: str, days: pd.DatetimeIndex) -> Assessment:
    """The assessment of a version at ``days``, each from the records of then."""
    scheme = scheme_of(ws, maps, key)
    counts = area_counts(ws, maps.data, scheme)
    # What was looked up for a draft is not kept.
    return assess_point_in_time(counts.uncached_copy() if key == DRAFT else counts, scheme, days)


@door("read")
def scheme_of(ws: Workspace, maps: MapHistory, key: str) -> Scheme:
    """The scheme that a map was made with; of releases, the one in use."""
    if key == DRAFT and maps.draft is not None:
        return maps.draft
    return maps.scheme if key in (IN_USE, RELEASES) else versions(ws, maps)[key]
