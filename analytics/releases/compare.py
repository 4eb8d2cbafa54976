"""Two frozen assessments side by side: counts then and now, who changed from which tier to which, and why."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Literal, get_args

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.releases.revision import RatedAgain, Revision, revision_of
from analytics.scheme import Indicator, Scheme
from analytics.scheme.measures import Gap
from analytics.scoring.assess import NO_OVERRIDE, Assessment, rescored
from analytics.scoring.orders import NOT_ORDERED, in_force
from analytics.scoring.places import english_places
from analytics.scoring.provenance import Provenance
from analytics.scoring.reporting_delay import CompleteTo
from analytics.scoring.stability import NO_CHANGE
from analytics.scoring.summary import carried_areas, ordered_areas, taken_back
from analytics.words import KeptPhrase, Phrase, phrase

Cause = Literal[
    "data", "day", "method", "setting", "stability", "decision", "order", "revision", "silence", "several"
]  # fmt: skip
CAUSES: tuple[Cause, ...] = get_args(Cause)

_CAUSE_OF: Mapping[str, Cause] = {
    "records": "data", "day": "day", "scheme": "method", "method": "method", "settings": "setting",
}  # fmt: skip
"""By the field of the provenance that differs."""

_BY_TIME = {"records", "day"}
"""What goes on by itself."""

_SAYS_HOW_IT_IS_JUDGED = {"name", "unit", "points", "weight", "harder_when", "actionable"}
"""Settings of an indicator that do not change its value."""

_NOT_KNOWN = {
    **dict.fromkeys(("computed", "published", "shown", "waiting_for", "least", "most"), tiers.UNKNOWN_RANK),
    "override_left": NO_OVERRIDE,
    "without_order": NOT_ORDERED,
    "carry_left": NO_CHANGE,
}


@dataclass(frozen=True, eq=False)
class ReleaseContent:
    """What a release shows, without its folder: the last day of ``assessment`` is its day, the days before are weeks.

    ``number`` counts all releases (总第M期), ``number_of_year`` those of ``year``; both are None for a draft.
    ``incidents`` are weekly counts (index: a week's last day, one column a category), None where no incidents are
    loaded, and ``complete`` says how far they are in. ``source`` is the source line in each language, None where none
    is named. ``recorded``: by table of events, how many records there were up to its day, None where that was not
    counted; and ``again``: what its records say of the days that were released before.
    """

    number: int | None
    year: int
    number_of_year: int | None
    assessment: Assessment
    incidents: pd.DataFrame | None
    complete: CompleteTo
    source: Mapping[str, str] | None
    recorded: Mapping[str, int] | None = None
    again: Mapping[date, RatedAgain] = field(default_factory=dict)

    @property
    def scheme(self) -> Scheme:
        """The scheme that it was judged by."""
        return self.assessment.scheme

    @property
    def provenance(self) -> Provenance:
        """What made its tiers."""
        return self.assessment.provenance

    @property
    def day(self) -> date:
        """The day that it speaks of."""
        return self.provenance.day

    def called(self, area_id: str) -> Phrase:
        """What an area is called, or one above the areas, in each language; its code where it is neither."""
        above = self.assessment.parents.get(area_id, area_id)
        own = str(self.assessment.areas["name"].get(area_id, above))
        return KeptPhrase("", texts={"zh": own, "en": self._english.get(area_id, own)})

    @cached_property
    def _english(self) -> Mapping[str, str]:
        return english_places(self.assessment)


@dataclass(frozen=True)
class TierChange:
    """One area whose tier as shown is another one: ``before`` and ``after`` are tier names, ``detail`` says why, and
    ``carried``, whether the one before and the one after were carried on. ``corrected``: the tier before as the records
    that came since correct it, where the one after is yet another."""

    area_id: str
    name: str
    before: str
    after: str
    cause: Cause
    detail: Phrase
    carried: tuple[bool, bool] = (False, False)
    corrected: str = ""

    @property
    def held_against(self) -> str:
        """The tier before, as it is right now: what was corrected is no change of this time."""
        return self.corrected or self.before

    @property
    def raised(self) -> bool | None:
        """Whether more work is needed now; None when one side is unknown, for a lower tier where either was carried on
        (that data stopped, or came again, is not that things got better), and where nothing happened since: a revision,
        or a tier that is taken back up since a feed turns out to be silent."""
        if tiers.UNKNOWN in (self.held_against, self.after) or self.cause in ("revision", "silence"):
            return None
        raised = tiers.RANK[self.after] > tiers.RANK[self.held_against]
        return raised if raised or not any(self.carried) else None


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

    Each change has exactly one cause, which is found by comparing what made the two tiers: a cause is named only where
    its field of the provenance differs, and, where several differ, only if the others are shown to have had no part in
    it. Let c0 be the computed tier of ``before``, c1 the tier that the new values get under the old scheme, and c2 the
    computed tier of ``after``.

    0. An order that is in force now made the tier the harder one that it is, or one that was in force then has come to
       its end and the tier is milder: order. What an order holds up while the tier falls all the same, or leaves behind
       while it rises, is none of its doing.
    1. A person's decision is in force on either side: decision.
    2. c0 = c2, so that nothing new was computed, or the computed tier went up while the shown one went down, or the
       other way round: stability, if the day went on and neither scheme, method nor setting changed, for then its
       waiting has come to an end; else the one field that differs.
    3. One field differs, or the records and the day do: data (new records, with whatever day they reach), day (the same
       records counted on another day), method (the scheme, or the version of the method) or setting.
    4. The scheme differs, and of the others only the records and the day: method, if c1 = c0 and nothing that was
       waited for has come by then, for the new values and the days alone would have changed nothing; data or day, if
       c1 = c2 and the stability rule is the same, for the old scheme would have changed it too.
    5. Before 2: revision, where the records that came since give the earlier day the tier that is shown now, for then
       nothing changed since, and several, where they give it a third one; silence, where neither scheme, method nor
       setting changed, and the area has no tier since a feed is silent, or a feed turns out to have been silent before
       the earlier day, so that a tier which fell since is taken back up. A tier that is carried on is the one of before
       and no change of silence.
    6. Otherwise several: what each has done cannot be told apart, or it is not on record.
    """
    old, new = before.assessment, after.assessment
    here = np.flatnonzero(new.areas.index.isin(old.areas.index))
    there = old.areas.index.get_indexer(new.areas.index[here])
    shown = tiers.names(old.shown[-1, there]), tiers.names(new.shown[-1, here])
    ids, names = new.areas.index[here], new.areas["name"].to_numpy()[here]
    again = _again(revision_of(before, after), ids)
    causes = _causes(before, after, there, here, again)
    carried = np.stack([carried_areas(old)[there], carried_areas(new)[here]], axis=1)
    changes = []
    for at in np.flatnonzero(shown[0] != shown[1]):
        right = again[at] if causes[at] in ("several", "silence") else ""
        detail = _detail(before, after, causes[at], str(ids[at]))
        if right and causes[at] == "several":
            detail = phrase("compare.revised_and_changed", tier=phrase(f"bulletin.tier_{right}"))
        both = bool(carried[at, 0]), bool(carried[at, 1])
        changes.append(
            TierChange(str(ids[at]), str(names[at]), shown[0][at], shown[1][at], causes[at], detail, both, right)
        )
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
    arrays["orders"] = (*new.orders, *(one for one in old.orders if one not in new.orders))
    return replace(new, days=then.append(now + pd.Timedelta(microseconds=1) if then[0] == now[0] else now), **arrays)


def _heaviest_first(change: TierChange) -> tuple[int, int, list[int | str], str]:
    before, after = tiers.RANK[change.held_against], tiers.RANK[change.after]
    step = after - before if change.raised is not None else -len(tiers.SHOWN)
    name = [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", change.name)]  # 2 before 10
    return -step, -after, name, change.area_id


def _only_in(one: Assessment, other: Assessment) -> pd.DataFrame:
    alone = ~one.areas.index.isin(other.areas.index)
    frame = pd.DataFrame({"name": one.areas["name"], "tier": tiers.names(one.shown[-1])}, index=one.areas.index)
    return frame[alone]


def _causes(
    before: ReleaseContent, after: ReleaseContent, there: np.ndarray, here: np.ndarray, again: np.ndarray
) -> np.ndarray:
    """The cause of each area in both, were it to have changed: by the rule of :func:`compare`. ``again``: what the
    records of now say of the earlier day, where that is another tier."""
    old, new = before.assessment, after.assessment
    way = np.sign(new.shown[-1, here].astype(int) - old.shown[-1, there])
    ordered = (ordered_areas(new)[here] & (way > 0)) | (ordered_areas(old)[there] & (way < 0))
    decided = (old.override_left[-1, there] != NO_OVERRIDE) | (new.override_left[-1, here] != NO_OVERRIDE)
    was, now = old.computed[-1, there], new.computed[-1, here]
    fields = before.provenance.differing(after.provenance)
    known = not _missing_on_record(before, after)
    by_time = known and "day" in fields and fields <= _BY_TIME
    one = _one_cause(fields) if known else "several"
    held = np.full(len(here), "stability" if by_time else one, dtype=object)
    computed = np.full(len(here), one, dtype=object)
    waited = (was == now) | _against_each_other(was, now, old.shown[-1, there], new.shown[-1, here])
    # What is carried on is not what is computed: neither waiting nor the old scheme says where it comes from.
    carried = new.carried[-1, here] > 0
    waited &= ~carried
    if known and "scheme" in fields and fields <= {"scheme", "records", "day"} and len(fields) > 1:
        by_records = _one_cause(fields - {"scheme"})
        supposed = under_the_old_scheme(before, after)
        if supposed is not None:
            came = old.next_change[-1, there]
            came = (came != NO_CHANGE) & (came <= (after.day - before.day).days)
            computed[(supposed[here] == was) & ~came & ~carried] = "method"
            if before.scheme.stability == after.scheme.stability:
                computed[(supposed[here] == now) & ~carried] = by_records
    silent = _interrupted(old, new, here) & known & (fields <= _BY_TIME)
    return np.select(
        [ordered, decided, again == tiers.names(new.shown[-1, here]), silent, again != "", waited],
        ["order", "decision", "revision", "silence", "several", held],
        computed,
    )


def _again(revision: Revision | None, ids: pd.Index) -> np.ndarray:
    """For each area the tier before as it is corrected; nothing where it is not."""
    return np.array([revision.tiers.get(str(area), ("", ""))[1] if revision else "" for area in ids], dtype=object)


def _interrupted(old: Assessment, new: Assessment, here: np.ndarray) -> np.ndarray:
    """Where an area has no tier since a feed is silent, or takes the one back up that it had before the silence."""
    silent = np.isin(new.gaps[-1, here], (Gap.FEED_SILENT, Gap.OUT_OF_DATE)).any(axis=-1)
    silent |= new.scheme.is_relative() and bool(new.interrupted[-1].any())
    back = taken_back(old, new).reindex(new.areas.index[here]).to_numpy(dtype=bool)
    return silent & ((new.shown[-1, here] == tiers.UNKNOWN_RANK) | back)


def _against_each_other(was: np.ndarray, now: np.ndarray, shown: np.ndarray, shown_now: np.ndarray) -> np.ndarray:
    """Where the computed ranks went one way and the shown ones the other, all of them known."""
    known = np.minimum.reduce([was, now, shown, shown_now]) != tiers.UNKNOWN_RANK
    return known & (np.sign(now - was) * np.sign(shown_now - shown) < 0)


def _missing_on_record(before: ReleaseContent, after: ReleaseContent) -> frozenset[str]:
    """What has to be on record of both for any cause to be named."""
    return before.provenance.unrecorded(after.provenance)


def _one_cause(fields: Collection[str]) -> Cause:
    """What differs, where that is one thing. New records are the rule on a new day: together they are the data."""
    causes = {_CAUSE_OF[name] for name in fields}
    if causes == {"data", "day"}:
        return "data"
    return causes.pop() if len(causes) == 1 else "several"


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
    last, at = new.on(new.days[-1]), [at for at, _ in wanted]
    return rescored(before.scheme, last.values[..., at], last.holes.each(lambda held: held[..., at]))[1][0]


def _definition(indicator: Indicator) -> str:
    return indicator.model_dump_json(by_alias=True, exclude=_SAYS_HOW_IT_IS_JUDGED)


def _detail(before: ReleaseContent, after: ReleaseContent, cause: Cause, area_id: str) -> Phrase:
    fields = before.provenance.differing(after.provenance)
    here = after.assessment.areas.index.get_loc(area_id)
    match cause:
        case "order":
            return _order_detail(before, after, area_id)
        case "decision":
            decided = after.assessment.override_left[-1, here] != NO_OVERRIDE
            return phrase("compare.overridden" if decided else "compare.override_ended")
        case "stability":
            return phrase("compare.held_steady")
        case "data":
            return phrase("compare.new_records" if "day" in fields else "compare.new_records_same_day")
        case "day":
            return phrase("compare.another_day")
        case "setting":
            counts = (told.provenance.settings.smallest_count for told in (before, after))
            return phrase("compare.setting", **dict(zip(("before", "after"), counts, strict=True)))
        case "several":
            return _several(before, after)
        case "silence":
            known = after.assessment.shown[-1, here] != tiers.UNKNOWN_RANK
            return phrase("compare.silence_told" if known else "compare.silence")
        case "revision":
            return phrase("compare.revision")
    return _method(before, after)


def _order_detail(before: ReleaseContent, after: ReleaseContent, area_id: str) -> Phrase:
    """The order that raised the tier, or the one that did before and does no more."""
    rises = _rank_of(after, area_id) > _rank_of(before, area_id)
    told = after if rises else before
    order = in_force(told.assessment.orders, area_id, told.day)
    return phrase("compare.ordered" if rises else "compare.order_ended", basis=order.basis, until=order.last)


def _rank_of(told: ReleaseContent, area_id: str) -> int:
    return int(told.assessment.shown[-1, told.assessment.areas.index.get_loc(area_id)])


def _method(before: ReleaseContent, after: ReleaseContent) -> Phrase:
    if "scheme" not in before.provenance.differing(after.provenance):
        return phrase("compare.program", before=before.provenance.method, after=after.provenance.method)
    if before.scheme.id != after.scheme.id:
        return phrase("compare.another_scheme", before=before.scheme.id, after=after.scheme.id)
    if before.scheme.version != after.scheme.version:
        return phrase("compare.scheme_version", before=before.scheme.version, after=after.scheme.version)
    return phrase("compare.scheme_content")


def _several(before: ReleaseContent, after: ReleaseContent) -> Phrase:
    fields = before.provenance.differing(after.provenance)
    if lacking := _missing_on_record(before, after):
        return phrase("compare.not_recorded", fields=[phrase(f"compare.field_{name}") for name in sorted(lacking)])
    if fields:
        return phrase("compare.several", fields=[phrase(f"compare.field_{name}") for name in sorted(fields)])
    unrecorded = before.provenance.unrecorded(after.provenance)
    if not unrecorded:
        # Nothing that is on record differs: then something that makes tiers is not on record.
        return phrase("compare.unexplained")
    return phrase("compare.not_recorded", fields=[phrase(f"compare.field_{name}") for name in sorted(unrecorded)])
