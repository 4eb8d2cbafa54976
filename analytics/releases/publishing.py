"""From records to a release, and from releases to what is said of them: the one way, from a page and from a shell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from analytics.access import Actor
from analytics.errors import ReleaseError, UnconfirmedError
from analytics.hidden_signs import hidden_signs
from analytics.releases.bulletin import Bulletin, bulletin
from analytics.releases.checker import check
from analytics.releases.compare import Comparison, ReleaseContent, compare
from analytics.releases.freeze import Enclosed, Intent, freeze
from analytics.releases.freeze import publish_draft as freeze_draft
from analytics.releases.noise_floor import NoiseFloor, noise_floor
from analytics.releases.overtaken import require_not_overtaken
from analytics.releases.release import NOISE, REVISION, Release
from analytics.releases.revision import again_from, rated_again, records_to
from analytics.releases.verify import verify
from analytics.scheme import Scheme
from analytics.scoring import AreaCounts, Assessment, assess, weekly_incidents
from analytics.scoring.area_counts import day_numbers
from analytics.scoring.comparable_weeks import weeks_interrupted
from analytics.scoring.overrides import Override, with_overrides
from analytics.scoring.reporting_delay import reporting_delay
from analytics.scoring.summary import complete_weeks
from analytics.store.free_text import require_reason
from analytics.store.ledger import Ledger
from analytics.store.ledger_database import require_seen
from analytics.store.ledger_entries import OverrideEntry, ReleaseEntry
from analytics.words import phrase

WEEKS_BEFORE = 52
"""Weeks that a release holds beside its own day, where there are records: its trend is drawn from them."""

NAMED = 5
"""So many areas are named in a sentence that says what is wrong with them."""

WORKING = "working"
"""Stands for the run that is not frozen, where a release is asked for."""


@dataclass(frozen=True, eq=False)
class ReleaseInput:
    """What a release is made of. ``first``: the first day on which the scheme's windows are full."""

    facts: AreaCounts
    scheme: Scheme
    first: date
    day: date
    context: gpd.GeoDataFrame | None = None
    notice: Mapping[str, str] | None = None
    source: Mapping[str, str] | None = None


@dataclass(frozen=True, eq=False)
class ComparisonReport:
    """What two releases say together; ``before`` and ``comparison`` are None for a first release."""

    before: ReleaseContent | None
    after: ReleaseContent
    comparison: Comparison | None
    noise: NoiseFloor | None
    bulletin: Bulletin


def decided_by_people(ledger: Ledger, scheme_id: str) -> tuple[Override, ...]:
    """People's decisions that were not withdrawn, as scoring takes them: each holds for its own days."""
    return tuple(_override(entry) for entry in ledger.overrides(scheme_id))


def _override(entry: OverrideEntry) -> Override:
    return Override(entry.area_id, entry.tier, entry.reason, entry.role, entry.starts, entry.expires)


def with_decisions(assessment: Assessment, overrides: tuple[Override, ...]) -> Assessment:
    """The same run with people's decisions; those about areas that are no longer scored have nothing to decide."""
    return with_overrides(assessment, [one for one in overrides if one.area_id in assessment.areas.index])


def working_release(ledger: Ledger, material: ReleaseInput) -> ReleaseContent:
    """What a release of this material would show now, decisions of people included."""
    return _content_of_material(material, _assessed(ledger, material))


def _require_seen_names(names: pd.Series) -> None:
    """A release keeps its names for ever: one that no paper can print would keep all of its papers from being made."""
    wrong = [str(area_id) for area_id, name in names.items() if hidden_signs([str(name)])]
    if wrong:
        signs = hidden_signs(str(names[area_id]) for area_id in wrong)
        raise ReleaseError.because("releases.hidden_names", areas=wrong[:NAMED], n=len(wrong), characters=signs)


def release(home: Path, ledger: Ledger, actor: Actor, material: ReleaseInput, intent: Intent) -> Release:
    """Freeze ``material`` as a draft, or check its bulletin and publish it.

    A release speaks of no earlier day than the one before it: what is newer by number is newer in fact.
    Raises ``AccessError`` for an actor who may not, ``BulletinError`` when a sentence does not follow from the figures,
    :class:`UnconfirmedError` where the same was published before and that is not confirmed, ``LedgerError`` where two
    people publish, which begins with a draft, ``LedgerError`` and ``ReleaseError`` when it cannot be written; nothing
    is numbered then.
    """
    actor.require("release" if intent.publish else "draft")
    if intent.publish:
        ledger.require_publishable(None)
    require_seen(intent.reason)
    require_reason(intent.reason)
    _require_seen_names(material.facts.areas["name"])
    previous = newest(ledger, material.scheme.id)
    if previous and previous.day > material.day:
        if intent.publish:
            raise ReleaseError.because("releases.older_day", day=material.day, newest=previous.day)
        previous = None
    after = working_release(ledger, material)

    def guard() -> None:
        if intent.publish and SAME_AGAIN not in intent.confirmed:
            require_news(home, ledger, after.assessment)

    guard()
    # Of drafts too, and of what was withdrawn: the one may be published before this, the other stands no more.
    earlier = [entry.day for entry in ledger.releases(material.scheme.id) if entry.day <= material.day]
    after = replace(after, again=rated_again(material.facts, material.scheme, earlier))
    before = None
    if previous:
        before = content_of(verify(home, ledger, previous.number))
    noise = _noise(material, before, after) if before else None
    told = bulletin(before, after, compare(before, after) if before else None, noise)
    check(told, before, after, noise)
    said_of_noise = asdict(noise) | {"before": previous.number} if noise else None
    enclosed = Enclosed(
        after.incidents,
        after.complete,
        material.context,
        material.notice,
        material.source,
        said_of_noise,
        after.again,
        after.recorded,
    )
    return freeze(home, ledger, actor, after.assessment, enclosed, intent, guard)


def publish_draft(home: Path, ledger: Ledger, actor: Actor, draft: ReleaseEntry, intent: Intent) -> Release:
    """Turn a draft into the next release, once its bulletin was recomputed; raises as :func:`release` does, and
    ``ReleaseError`` where what was published or decided since is not in it; ``LedgerError`` where two people publish,
    and something is missing."""
    actor.require("release")
    ledger.require_publishable(draft)
    assessment = verify(home, ledger, draft.name).assessment()

    def guard() -> None:
        now = with_decisions(assessment, decided_by_people(ledger, draft.scheme_id))
        require_not_overtaken(ledger, draft, assessment, now, newest(ledger, draft.scheme_id))
        if SAME_AGAIN not in intent.confirmed:
            require_news(home, ledger, assessment)

    guard()
    report(home, ledger, predecessor(ledger, draft), draft)
    return freeze_draft(home, ledger, actor, draft.draft, intent, guard)


SAME_AGAIN = "again"
"""What has to be confirmed where the same is published already."""


def require_news(home: Path, ledger: Ledger, assessment: Assessment) -> None:
    """Raise :class:`UnconfirmedError` where a release that stands has the same day, records and scheme, and shows the
    same: a person's decision in between is news.

    Asked again once others wait for the ledger: of two who publish at once, the second would repeat the first.
    """
    now = assessment.provenance
    for entry in ledger.releases(assessment.scheme.id):
        if not entry.stands or entry.day != now.day:
            continue
        frozen = verify(home, ledger, entry.name)
        made_by = frozen.provenance
        if (made_by.records, made_by.scheme) != (now.records, now.scheme):
            continue
        if np.array_equal(frozen.assessment().shown[-1], assessment.shown[-1]):
            name = phrase("page.release_number", year=entry.year, of_year=entry.number_of_year, number=entry.number)
            raise UnconfirmedError(SAME_AGAIN, phrase("releases.same_again", release=name))


def newest(ledger: Ledger, scheme_id: str | None = None) -> ReleaseEntry | None:
    """The newest published release that was not withdrawn, of a scheme or of all."""
    return next((entry for entry in ledger.releases(scheme_id) if entry.stands), None)


def predecessor(ledger: Ledger, entry: ReleaseEntry) -> ReleaseEntry | None:
    """The published release of the same scheme before ``entry``; of a draft, the newest whose day is not later. Those
    that were withdrawn are passed over."""
    others = (other for other in ledger.releases(entry.scheme_id) if other.stands)
    return next(
        (
            other
            for other in others
            if (other.day <= entry.day if entry.number is None else other.number < entry.number)
        ),
        None,
    )


def entry_of(ledger: Ledger, number: int | str) -> ReleaseEntry:
    """The ledger's line of a release (12) or a draft ("D3"); raises :class:`ReleaseError` where there is none."""
    wanted = str(number).strip().upper()
    name = f"D{int(wanted[1:] or 0):06}" if wanted[:1] == "D" and wanted[1:].isdecimal() else wanted.zfill(6)
    found = next((entry for entry in ledger.releases() if entry.name == name), None)
    if found is None:
        raise ReleaseError.because("releases.not_there", release=number)
    return found


def report(home: Path, ledger: Ledger, before: ReleaseEntry | None, after: ReleaseEntry) -> ComparisonReport:
    """The bulletin of ``after`` against ``before``, every figure recomputed before it is handed out.

    The noise floor that was frozen with ``after`` is told where it was drawn against ``before``.
    """
    frozen = verify(home, ledger, after.name)
    new = content_of(frozen)
    old = content_of(verify(home, ledger, before.name)) if before else None
    noise = frozen_noise(frozen, before)
    comparison = compare(old, new) if old else None
    told = bulletin(old, new, comparison, noise)
    check(told, old, new, noise)
    return ComparisonReport(old, new, comparison, noise, told)


def content_of(frozen: Release) -> ReleaseContent:
    """What a release shows."""
    held = frozen.manifest
    return ReleaseContent(
        number=held.number,
        year=held.year or held.day.year,
        number_of_year=held.number_of_year,
        assessment=frozen.assessment(),
        incidents=frozen.incidents(),
        complete=held.complete.value(),
        source=held.source,
        recorded=held.recorded,
        again=again_from(frozen.bytes_of(REVISION)) if REVISION in held.files else {},
    )


def weeks_to(day: date, weeks: int, first: date) -> list[date]:
    """``day`` and the same weekday of the ``weeks`` weeks before it, oldest first, none before ``first``."""
    ends = (day - timedelta(weeks=back) for back in range(weeks, -1, -1))
    return [end for end in ends if end >= first or end == day]


def _assessed(ledger: Ledger, material: ReleaseInput) -> Assessment:
    days = pd.DatetimeIndex(weeks_to(material.day, WEEKS_BEFORE, material.first))
    run = assess(material.facts, material.scheme, days)
    return with_decisions(run, decided_by_people(ledger, material.scheme.id))


def _content_of_material(material: ReleaseInput, assessment: Assessment) -> ReleaseContent:
    counts = material.facts.counts
    incidents = (
        weekly_incidents(counts, material.day, WEEKS_BEFORE + 1, "category", set(assessment.areas.index))
        if counts.has("incidents")
        else None
    )
    complete = reporting_delay(counts, material.day).of("incidents").complete
    ends = [] if incidents is None else list(complete_weeks(incidents, complete.day).index[-2:])
    if len(ends) > 1:
        interrupted = weeks_interrupted(material.facts, [end.date() for end in ends], material.day)
        complete = replace(complete, interrupted=interrupted)
    return ReleaseContent(
        number=None,
        year=material.day.year,
        number_of_year=None,
        assessment=assessment,
        incidents=incidents,
        complete=complete,
        source=material.source,
        recorded=records_to(material.facts, material.day),
    )


def _noise(material: ReleaseInput, before: ReleaseContent, after: ReleaseContent) -> NoiseFloor | None:
    """Drawn from the records as they are now, on both days."""
    facts, scheme = material.facts, material.scheme
    days = day_numbers(pd.DatetimeIndex([before.day, after.day]))
    if days[0] >= days[1]:
        return None
    counted = [item for item in scheme.indicators if item.spec.events and facts.has(item.source)]
    events = {item.id: item.spec.events(facts, item, days).astype("float64") for item in counted}
    base = {item.id: item.spec.denominator(facts, item) for item in counted if item.spec.denominator}
    seed = int(facts.counts.digest[:8], 16)
    return noise_floor(before, after, events, base, seed)


def noise_of_run(facts: AreaCounts, pair: Assessment) -> NoiseFloor | None:
    """The noise floor between the first and the last day of a run that is not frozen."""
    delay = reporting_delay(facts.counts, pair.provenance.day).of("incidents").complete
    before, after = (
        ReleaseContent(None, day.year, None, pair.on(day), None, delay, None) for day in pair.days[[0, -1]]
    )
    return _noise(ReleaseInput(facts, pair.scheme, pair.days[0].date(), pair.days[-1].date()), before, after)


def frozen_noise(frozen: Release, before: ReleaseEntry | None) -> NoiseFloor | None:
    """The noise floor that was frozen with a release, where it was drawn against ``before``."""
    if before is None or NOISE not in frozen.manifest.files:
        return None
    held = json.loads(frozen.bytes_of(NOISE))
    return NoiseFloor(**held) if held.pop("before") == before.number else None
