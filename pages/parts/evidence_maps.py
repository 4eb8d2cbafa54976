"""The maps that can be held to account, at which moments, and what they showed then."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

import pandas as pd

from analytics import session
from analytics.errors import UserError
from analytics.evidence import backtest
from analytics.evidence.backtest import BacktestError, TierHistory, assess_point_in_time
from analytics.releases import verify
from analytics.scheme import Scheme
from analytics.scheme.builtin import builtin_scheme
from analytics.scheme.reading import scheme_from
from analytics.scoring import Assessment, require_tables
from analytics.store.ledger import ReleaseEntry
from pages.parts import drafts
from pages.parts.controls import Choice

RELEASES, IN_USE, BUILTIN, DRAFT = "releases", "use", "shipped", "draft"


def versions(choice: Choice) -> Mapping[str, Scheme]:
    """The other versions of the scheme in use that can be read and score areas of its level, by number."""
    used, saved = choice.scheme, session.ledger(choice.data).scheme_versions(choice.scheme.id)

    def make() -> Mapping[str, Scheme]:
        found = {}
        for one in saved:
            with suppress(UserError):
                found[str(one.number)] = scheme_from(one.yaml_text.encode(), f"{used.id}.yaml")
        if ships := builtin_scheme(used.id):
            found[BUILTIN] = ships
        return {
            key: scheme
            for key, scheme in found.items()
            if scheme.level == used.level and scheme.digest() != used.digest()
        }

    return choice.data.keep(("versions", used.id, used.digest(), tuple(one.digest for one in saved)), make)


def past_releases(choice: Choice, weeks: int) -> list[ReleaseEntry]:
    """Published releases of the scheme whose following ``weeks`` are wholly recorded, the oldest first; the newest of a
    day, and of all."""
    last = backtest.last_moment(session.facts(choice.data, choice.scheme), weeks, choice.day)
    entries = session.ledger(choice.data).releases(choice.scheme.id)
    published = sorted((one for one in entries if one.number), key=lambda one: one.number)
    by_day = {one.day: one for one in published if last and one.day <= last}
    return [by_day[day] for day in sorted(by_day)][-backtest.MOST_MOMENTS :]


def _released(choice: Choice, weeks: int) -> TierHistory:
    """What the releases showed, those of another level left out."""
    entries, used = past_releases(choice, weeks), choice.scheme

    def make() -> TierHistory:
        home, book = session.release_home(choice.data), session.ledger(choice.data)
        runs = [verify(home, book, one.name).assessment() for one in entries]
        areas = session.facts(choice.data, used).areas.index
        return backtest.shown_by([run for run in runs if run.scheme.level == used.level], areas)

    return choice.data.keep(("released", used.level, *(one.digest for one in entries)), make)


def moments(choice: Choice, weeks: int, keys: tuple[str, ...]) -> pd.DatetimeIndex:
    """The days of the releases where they are among ``keys``, else the week ends at which all of ``keys`` are full.

    Raises ``UserError`` where there is none, or the records lack what a scheme needs.
    """
    counts, schemes = choice.data.counts, [scheme_of(choice, key) for key in keys]
    if not counts.has("incidents"):
        raise BacktestError.because("evidence.no_incidents")
    for scheme in schemes:
        require_tables(counts, scheme)
    if RELEASES in keys:
        days = _released(choice, weeks).days
    else:
        days = backtest.week_ends(session.facts(choice.data, choice.scheme), schemes, weeks, choice.day)
    if days.empty:
        raise BacktestError.because("evidence.no_moments", weeks=weeks)
    return days


def shown(choice: Choice, key: str, days: pd.DatetimeIndex, weeks: int) -> TierHistory:
    """What a map showed at ``days``, or the releases at theirs."""
    return _released(choice, weeks) if key == RELEASES else backtest.shown_in(run(choice, key, days))


def run(choice: Choice, key: str, days: pd.DatetimeIndex) -> Assessment:
    """The assessment of a version at ``days``, each from the records of then."""
    scheme = scheme_of(choice, key)
    facts = session.facts(choice.data, scheme)
    # What was looked up for a draft is not kept.
    return assess_point_in_time(facts.uncached_copy() if key == DRAFT else facts, scheme, days)


def scheme_of(choice: Choice, key: str) -> Scheme:
    """The scheme that a map was made with; of releases, the one in use."""
    if key == DRAFT:
        return drafts.draft_of(choice).scheme
    return choice.scheme if key in (IN_USE, RELEASES) else versions(choice)[key]
