"""Two frozen assessments side by side: counts then and now, who changed from which tier to which, and why."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, get_args

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.scheme import Indicator, Scheme
from analytics.scoring.assess import Assessment, rescored
from analytics.words import Phrase, phrase

Cause = Literal["data", "method", "stability"]
CAUSES: tuple[Cause, ...] = get_args(Cause)

_SAYS_HOW_IT_IS_JUDGED = {"name", "points", "weight", "harder_when", "actionable"}
"""Settings of an indicator that do not change its value."""

_NOT_KNOWN = dict.fromkeys(("computed", "published", "shown", "waiting_for"), tiers.UNKNOWN_RANK)


@dataclass(frozen=True, eq=False)
class ReleaseContent:
    """What a release shows, without its folder: the last day of ``assessment`` is ``day``, the days before are weeks.

    ``number`` counts all releases (总第M期), ``number_of_year`` those of ``year``; both are None for a draft.
    ``incidents`` are weekly counts (index: a week's last day, one column a category), None where no incidents are
    loaded. ``source`` is the source line in each language, None where none is named.
    """

    number: int | None
    year: int
    number_of_year: int | None
    day: date
    scheme: Scheme
    assessment: Assessment
    data_digest: str
    code_version: str
    incidents: pd.DataFrame | None
    source: Mapping[str, str] | None


@dataclass(frozen=True)
class TierChange:
    """One area whose tier as shown is another one: ``before`` and ``after`` are tier names, ``detail`` says why."""

    area_id: str
    name: str
    before: str
    after: str
    cause: Cause
    detail: Phrase

    @property
    def raised(self) -> bool | None:
        """Whether more work is needed now; None when one side is unknown."""
        known = tiers.UNKNOWN not in (self.before, self.after)
        return tiers.RANK[self.after] > tiers.RANK[self.before] if known else None


@dataclass(frozen=True, eq=False)
class Comparison:
    """What differs between two releases.

    ``counts``: one row a tier, in the order of `tiers.SHOWN`; columns ``before``, ``left`` and ``came`` (areas in both
    that changed), ``added`` and ``removed`` (areas in one only), ``after``; before − left + came + added − removed =
    after. ``transitions``: areas in both, from (rows) × to (columns). ``changes``: heaviest moves first. ``added`` and
    ``removed``: index ``area_id``, columns ``name`` and ``tier``.
    """

    counts: pd.DataFrame
    transitions: pd.DataFrame
    changes: tuple[TierChange, ...]
    added: pd.DataFrame
    removed: pd.DataFrame

    @property
    def compared(self) -> int:
        """How many areas are in both."""
        return int(self.transitions.to_numpy().sum())

    @property
    def by_cause(self) -> Mapping[Cause, int]:
        """How many changes each cause has, zeros too; they add up to the number of changes."""
        return {cause: sum(change.cause == cause for change in self.changes) for cause in CAUSES}


def compare(before: ReleaseContent, after: ReleaseContent) -> Comparison:
    """What differs between two releases on their days, by the tier as shown.

    The cause of a change, exactly one each. Let c0 be the computed tier of ``before``, c1 the tier that the new values
    get under the old scheme, c2 the computed tier of ``after``, and a step the number of ranks between two of them,
    unknown lying under green:

    1. A person's decision is behind either tier as shown: stability.
    2. c0 = c2, nothing new was computed, so the rule that holds colours steady did it: stability.
    3. Same data, same scheme, another version of the program: method.
    4. c1 cannot be told, for the new release lacks an indicator of the old scheme or measures it otherwise: method.
    5. The step c0 → c1 is not none and not smaller than c1 → c2: data (new records, or the same ones on another day).
    6. Otherwise: method.
    """
    old, new = before.assessment, after.assessment
    here = np.flatnonzero(new.areas.index.isin(old.areas.index))
    there = old.areas.index.get_indexer(new.areas.index[here])
    shown = tiers.names(old.shown[-1, there]), tiers.names(new.shown[-1, here])
    ids, names = new.areas.index[here], new.areas["name"].to_numpy()[here]
    causes = _causes(before, after, there, here)
    changes = [
        TierChange(
            str(ids[at]), str(names[at]), shown[0][at], shown[1][at], causes[at],
            _detail(before, after, causes[at], there[at], here[at]),
        )
        for at in np.flatnonzero(shown[0] != shown[1])
    ]  # fmt: skip
    moved = np.zeros((len(tiers.SHOWN), len(tiers.SHOWN)), dtype=int)
    np.add.at(moved, tuple(pd.Index(tiers.SHOWN).get_indexer(some) for some in shown), 1)
    transitions = pd.DataFrame(
        moved, index=pd.Index(tiers.SHOWN, name="before"), columns=pd.Index(tiers.SHOWN, name="after")
    )
    added, removed = _only_in(new, old), _only_in(old, new)
    stayed = np.diag(transitions)
    counts = pd.DataFrame(
        {
            "before": old.counts().iloc[-1],
            "left": transitions.sum(axis=1) - stayed,
            "came": transitions.sum(axis=0) - stayed,
            "added": added["tier"].value_counts().reindex(tiers.SHOWN, fill_value=0),
            "removed": removed["tier"].value_counts().reindex(tiers.SHOWN, fill_value=0),
            "after": new.counts().iloc[-1],
        },
        index=pd.Index(tiers.SHOWN, name="tier"),
    )
    reckoned = counts["before"] - counts["left"] + counts["came"] + counts["added"] - counts["removed"]
    assert (reckoned == counts["after"]).all(), "old and new counts do not reconcile"
    return Comparison(counts, transitions, tuple(sorted(changes, key=_heaviest_first)), added, removed)


def side_by_side(before: Assessment, after: Assessment) -> Assessment:
    """The last day of ``before`` and that of ``after`` as one run over the areas and the scheme of ``after``.

    An area that ``before`` does not have was not known then; where the schemes differ, so are its indicators. Of two
    releases of one day the later stands a microsecond after the other, so that each can be asked for.
    """
    old, new = before.on(before.days[-1]), after.on(after.days[-1])
    at = old.areas.index.get_indexer(new.areas.index)
    same = before.scheme.digest() == after.scheme.digest()
    arrays = {}
    for name, held in vars(new).items():
        if not isinstance(held, np.ndarray):
            continue
        then = np.full_like(held, _NOT_KNOWN.get(name, np.nan if held.dtype.kind == "f" else 0))
        if held.ndim == 2 or same:
            then[:, at >= 0] = getattr(old, name)[:, at[at >= 0]]
        arrays[name] = np.concatenate([then, held])
    then, now = old.days.as_unit("us"), new.days.as_unit("us")
    return replace(new, days=then.append(now + pd.Timedelta(microseconds=1) if then[0] == now[0] else now), **arrays)


def _heaviest_first(change: TierChange) -> tuple[int, int, list[int | str], str]:
    before, after = tiers.RANK[change.before], tiers.RANK[change.after]
    step = after - before if change.raised is not None else -len(tiers.SHOWN)
    name = [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", change.name)]  # 2 before 10
    return -step, -after, name, change.area_id


def _only_in(one: Assessment, other: Assessment) -> pd.DataFrame:
    alone = ~one.areas.index.isin(other.areas.index)
    frame = pd.DataFrame({"name": one.areas["name"], "tier": tiers.names(one.shown[-1])}, index=one.areas.index)
    return frame[alone]


def _causes(before: ReleaseContent, after: ReleaseContent, there: np.ndarray, here: np.ndarray) -> np.ndarray:
    """The cause of each area in both, were it to have changed: by the rule of :func:`compare`."""
    old, new = before.assessment, after.assessment
    decided_by_people = (old.shown != old.published)[-1, there] | (new.shown != new.published)[-1, here]
    was, now = (ranks.astype(int) for ranks in (old.computed[-1, there], new.computed[-1, here]))
    supposed = under_the_old_scheme(before, after)
    steadied = decided_by_people | (was == now)
    if _only_the_program_differs(before, after) or supposed is None:
        return np.where(steadied, "stability", "method")
    by_data, by_method = np.abs(supposed[here].astype(int) - was), np.abs(now - supposed[here])
    return np.select([steadied, (by_data > 0) & (by_data >= by_method)], ["stability", "data"], "method")


def under_the_old_scheme(before: ReleaseContent, after: ReleaseContent) -> np.ndarray | None:
    """Computed ranks (areas of ``after``) that its values on its day get under the scheme of ``before``.

    None where they cannot be told: an indicator is not in the new release, or is measured otherwise.
    """
    new = after.assessment
    if before.scheme.digest() == after.scheme.digest():
        return new.computed[-1]
    measured = {item.id: (at, _definition(item)) for at, item in enumerate(after.scheme.indicators)}
    wanted = [measured.get(item.id) for item in before.scheme.indicators]
    if any(
        found is None or found[1] != _definition(item)
        for found, item in zip(wanted, before.scheme.indicators, strict=True)
    ):
        return None
    return rescored(before.scheme, new.values[-1:][..., [at for at, _ in wanted]])[1][0]


def _definition(indicator: Indicator) -> str:
    return indicator.model_dump_json(by_alias=True, exclude=_SAYS_HOW_IT_IS_JUDGED)


def _only_the_program_differs(before: ReleaseContent, after: ReleaseContent) -> bool:
    return (
        before.data_digest == after.data_digest
        and before.scheme.digest() == after.scheme.digest()
        and before.code_version != after.code_version
    )


def _detail(before: ReleaseContent, after: ReleaseContent, cause: Cause, there: int, here: int) -> Phrase:
    old, new = before.assessment, after.assessment
    if cause == "stability":
        if new.shown[-1, here] != new.published[-1, here]:
            return phrase("compare.overridden")
        if old.shown[-1, there] != old.published[-1, there]:
            return phrase("compare.override_ended")
        return phrase("compare.held_steady")
    if cause == "method":
        if _only_the_program_differs(before, after):
            return phrase("compare.program")
        if before.scheme.id != after.scheme.id:
            return phrase("compare.another_scheme", before=before.scheme.id, after=after.scheme.id)
        if before.scheme.version != after.scheme.version:
            return phrase("compare.scheme_version", before=before.scheme.version, after=after.scheme.version)
        return phrase("compare.scheme_content")
    if before.data_digest == after.data_digest:
        return phrase("compare.another_day")
    return phrase("compare.new_records")
