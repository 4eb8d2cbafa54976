"""The first page in words: who changed tier, which areas come first and why, and how the weeks went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from analytics import tiers
from analytics.evidence.confidence import Confidence
from analytics.evidence.detection_bias import UNVISITED_DAYS
from analytics.marks import MARKS, Mark
from analytics.office import WEEK_DAYS
from analytics.releases.alike import why_apart
from analytics.releases.noise_floor import NoiseFloor
from analytics.scoring import Assessment, Reason, ranking
from analytics.scoring.neighbours import neighbours
from analytics.scoring.reasons import ShownTier, shown_tier
from analytics.scoring.summary import area_marks, carried_areas, changes
from analytics.store.ledger import ReleaseEntry
from analytics.wording import response
from analytics.wording.areas import brief_names, parent_beside, short_name
from analytics.wording.confidence import firmness_of_tier
from analytics.wording.dates import day_near, short_day
from analytics.wording.numbers import NOTHING, score_text, signed_points
from analytics.wording.reasons import distances, leading_reasons, what_decided
from analytics.wording.releases import release_name
from analytics.wording.smallest import smallest_of
from analytics.wording.tier_changes import changed_parts, wait_text, what_moved, what_no_evidence_did
from analytics.wording.tiers import mark_name, mark_rows
from analytics.words import Language, say

FILTERS = ("all", "raised", "lowered", "held", "override")
"""Which rows of the list of changes are shown; the first are all that changed."""


@dataclass(frozen=True, eq=False)
class Glance:
    """The day that is shown beside the one that it is held against, as ``pair`` (last and first), with what all lists
    of it say: looked up once."""

    pair: Assessment

    @property
    def alone(self) -> bool:
        """Whether there is no day that it is held against."""
        return len(self.pair.days) < 2

    @cached_property
    def last(self) -> Assessment:
        """The day that is shown, alone."""
        return self.pair.on(self.pair.days[-1])

    @cached_property
    def changed(self) -> pd.DataFrame:
        """As of :func:`changes`."""
        return changes(self.pair)

    @cached_property
    def marks(self) -> pd.DataFrame:
        """As of :func:`area_marks`."""
        return area_marks(self.pair, self.changed)

    @cached_property
    def names(self) -> pd.Series:
        """As of :func:`brief_names`."""
        return brief_names(self.pair)

    @cached_property
    def ranked(self) -> pd.DataFrame:
        """The :func:`ranking` of the day that is shown."""
        return ranking(self.last)


@dataclass(frozen=True, eq=False)
class HeldAgainst:
    """What the first day is: the ``previous`` release, the ``week`` before, or a ``release`` that was chosen, by its
    ``entry``."""

    way: str
    entry: ReleaseEntry | None
    glance: Glance

    def text(self, lang: Language) -> str:
        """As a sentence compares with it: 上期, 上周, 2026年第2期."""
        return self._said(lang, "since")

    def short(self, lang: Language) -> str:
        """Where it stands beside a difference."""
        return self._said(lang, "then")

    def _said(self, lang: Language, form: str) -> str:
        days = self.glance.pair.days
        if self.way == "release" and self.entry:
            return say(lang, f"overview.{form}_release", release=release_name(lang, self.entry))
        if self.way == "previous" and self.entry:
            return say(lang, f"overview.{form}_previous")
        if (days[-1] - days[0]).days == WEEK_DAYS:
            return say(lang, f"overview.{form}_week")
        return say(lang, f"overview.{form}_day", day=short_day(lang, days[0]))


# ---------------------------------------------------------------- the headline


def title(lang: Language, *, live: bool, week: date | None) -> str:
    """What the headline speaks of: this release, one of the earlier weeks that it holds, or the live run."""
    if week:
        return say(lang, "overview.changes_title_week", day=short_day(lang, week))
    return say(lang, "overview.changes_title_live" if live else "overview.changes_title")


def headline(lang: Language, glance: Glance, against: HeldAgainst) -> list[dict[str, str]]:
    """Who changed tier since the first day and to what, the hardest first, and how many areas are red or
    orange: parts of ``text``, those that are names with their ``area_id``."""
    pair, changed, names = glance.pair, glance.changed, glance.names
    parts: list[dict[str, str]] = []
    if glance.alone:
        parts.append({"area_id": "", "text": say(lang, "overview.nothing_before")})
    elif changed.empty:
        waiting = int(glance.marks["held"].sum())
        key = "overview.nothing_changed_waiting" if waiting else "overview.nothing_changed"
        parts.append({"area_id": "", "text": say(lang, key, n=waiting)})
    parts += changed_parts(lang, changed, names, what_no_evidence_did(pair))
    stopped = _not_better(pair, changed)
    if stopped:
        aside = say(lang, "overview.clause_other") + say(lang, "silence.not_better", n=stopped)
        parts.append({"area_id": "", "text": aside})
    ending = say(lang, "overview.sentence_end") + _elevated(lang, glance, against)
    return [part for part in [*parts, {"area_id": "", "text": ending}] if part["text"]]


def _not_better(pair: Assessment, changed: pd.DataFrame) -> int:
    """How many changed since data stopped or came again: of these nobody knows that things got better."""
    if not (carried_areas(pair, 0).any() or carried_areas(pair).any()):
        return 0
    return int(changed["raised"].isna().sum())


def _elevated(lang: Language, glance: Glance, against: HeldAgainst) -> str:
    counts = glance.pair.counts()[list(tiers.ELEVATED)].sum(axis=1)
    then, now = int(counts.iloc[0]), int(counts.iloc[-1])
    if glance.alone:
        return say(lang, "overview.elevated_only", n=now)
    way = "more" if now > then else "fewer" if now < then else "same"
    first = glance.pair.on(glance.pair.days[0])
    if why_apart(glance.last, first, -1, fewer=way == "fewer", revised=False):
        way = "apart"
    return say(lang, f"overview.elevated_{way}", n=now, by=abs(now - then), since=against.text(lang))


def changed_counts(lang: Language, glance: Glance, noise: NoiseFloor | None) -> list[str]:
    """How many final tiers changed; and how many computed ones, and whether chance alone would change as many, which is
    measured of these and of no other."""
    if glance.alone:
        return []
    final = say(lang, "overview.changed_of_final", n=len(glance.changed))
    if noise is None:
        was, now = glance.pair.computed[0], glance.pair.computed[-1]
        both = (was != tiers.UNKNOWN_RANK) & (now != tiers.UNKNOWN_RANK)
        return [final, say(lang, "overview.changed_of_computed", n=int((was != now)[both].sum()))]
    n, low, high = noise.observed, noise.low, noise.high
    found = "beyond" if n > high else "below" if n < low else "within"
    return [final, say(lang, f"overview.{found}_chance", n=n, low=low, high=high)]


# ---------------------------------------------------------------- lists of areas


def change_filters(lang: Language, glance: Glance, chosen: str) -> list[dict[str, object]]:
    """The kinds of rows that the list of changes can show, each with how many there are."""
    number = {kind: len(_listed(glance, kind)) for kind in FILTERS}
    return [
        {"id": kind, "text": say(lang, f"overview.filter_{kind}", n=number[kind]), "chosen": kind == chosen}
        for kind in FILTERS
    ]


def change_rows(
    lang: Language, glance: Glance, chosen: str, selected: str | None, reasons: Mapping[str, str]
) -> list[dict[str, object]]:
    """The areas of one of the `FILTERS`, the worst first: from which tier to which, what moved it, what it waits for,
    and its scores. Overrides in force stand below all changes, with what people gave as their ``reasons`` (by area)."""
    return [
        _change_row(lang, glance, area_id, reasons) | {"chosen": area_id == selected}
        for area_id in _listed(glance, chosen)
    ]


def _listed(glance: Glance, chosen: str) -> list[str]:
    marks, changed = glance.marks.loc[glance.ranked.index], glance.changed
    if chosen == "held":
        return _up_first(glance.last, marks.index[marks["held"]].tolist())
    found = list(changed.index if chosen == "all" else changed.index[marks[chosen].loc[changed.index].astype(bool)])
    if chosen not in ("all", "override"):
        return found
    in_force = marks.index[marks["override"]].tolist()
    return [area for area in found if area not in in_force] + in_force


def _change_row(lang: Language, glance: Glance, area_id: str, reasons: Mapping[str, str]) -> dict[str, object]:
    pair, name = glance.pair, glance.names[area_id]
    at = pair.areas.index.get_loc(area_id)
    before, after = (str(tiers.names(pair.shown[day, at])) for day in (0, -1))
    then, now = (
        score_text(float(pair.score[day, at]), pair.scheme, str(tiers.names(pair.computed[day, at]))) for day in (0, -1)
    )
    shown = shown_tier(glance.last, area_id)
    waits, why = wait_text(lang, shown), reasons.get(area_id, "")
    if not why and before != after:
        why = what_moved(lang, pair, area_id)
    return {
        "area_id": area_id,
        "name": name,
        "parent": parent_beside(pair, area_id, name),
        "marks": mark_rows(lang, glance.marks.loc[area_id]),
        "before": before,
        "after": after,
        "changed": before != after,
        "carried": [bool(carried_areas(pair, day)[at]) for day in (0, -1)],
        "why": why or waits,
        "wait": waits if why else "",
        "wait_mark": shown.why if shown.why in MARKS else "",
        "then": then,
        "now": now,
        "override": bool(glance.marks["override"][area_id]),
    }


def _up_first(last: Assessment, held: Sequence[str]) -> list[str]:
    """Those that wait to be raised before those that wait to be lowered; each in its order."""
    rises = {area: shown_tier(last, area).way.startswith("rise") for area in held}
    return sorted(held, key=lambda area: not rises[area])


def legend(lang: Language, glance: Glance) -> list[dict[str, object]]:
    """The marks of the map, each with what it means and how many areas have it. What nobody waits for, or no person
    decided, is counted too; that nothing is carried on is the rule and not told."""
    marks = glance.marks
    return [
        {
            "name": mark,
            "means": _meaning(lang, mark),
            "text": say(lang, "overview.mark_count", mark=mark_name(lang, mark), n=int(marks[mark].sum())),
        }
        for mark in MARKS
        if mark != "carried" or marks[mark].any()
    ]


def _meaning(lang: Language, mark: Mark) -> str:
    return say(lang, "tiers.carried_means") if mark == "carried" else mark_name(lang, mark)


def priority_rows(
    lang: Language, glance: Glance, selected: str | None, most: int, told: response.Told | None, since: str
) -> list[dict[str, object]]:
    """The first ``most`` areas by work on the last day that have a tier: score and its difference to the first day,
    called ``since``; the measure of the tier, who answers for it, what weighs most, and where it is ``told`` what was
    due in the last days and what was done of it."""
    pair, last, scheme = glance.pair, glance.last, glance.pair.scheme
    table, names, marks = glance.ranked, glance.names, glance.marks
    first = pair.score[0]
    rows = []
    for area_id, row in table[table["tier"] != tiers.UNKNOWN].head(most).iterrows():
        then = float(first[pair.areas.index.get_loc(area_id)])
        rows.append(
            {
                "area_id": area_id,
                "name": names[area_id],
                "parent": parent_in_brief(lang, pair, area_id, names[area_id]),
                "marks": mark_rows(lang, marks.loc[area_id]),
                "tier": row.tier,
                "carried": row.carried,
                "score": score_text(row.score, scheme, row.computed),
                "by": "" if glance.alone else _by_points(lang, row.score - then, since),
                "why": leading_reasons(lang, last, area_id, row.leads),
                "measure": scheme.measures[row.tier].text.text(lang) if row.tier in scheme.measures else "",
                "due": response.brief_of(lang, told, str(area_id)) if told else None,
                "post": response.post_of(lang, scheme, str(row.tier)),
                "chosen": area_id == selected,
            }
        )
    return rows


def parent_in_brief(lang: Language, pair: Assessment, area_id: str, name: str) -> str:
    """What an area lies in, beside its ``name``; in English without the kind of area, which takes much room there."""
    parent = parent_beside(pair, area_id, name)
    return short_name(parent) if lang == "en" and parent else parent


def _by_points(lang: Language, difference: float, since: str) -> str:
    """A difference of scores; nothing where one of them is not known."""
    if difference != difference:
        return ""
    by = signed_points(difference)
    return say(lang, "overview.by_points_none" if by == NOTHING else "overview.by_points", since=since, by=by)


def preview_lines(
    lang: Language, glance: Glance, reason: Reason, *, unlooked: bool, firm: Confidence | None
) -> Iterator[str]:
    """What is said of one area in brief: what its tier waits for, how far the next ones are, and what would ease it;
    how firm it is, and that nobody has looked."""
    last, shown = glance.last, reason.shown
    if waiting := wait_text(lang, shown):
        yield waiting
    if reason.lacks_data and shown.why != "carried":
        yield what_decided(lang, last.scheme, reason)
    if far := distances(lang, reason):
        yield say(lang, "reason.separator").join(far)
    if change := smallest_of(lang, last, reason.area_id):
        yield change
    if firm is not None and firm.words.get(reason.area_id):
        yield firmness_of_tier(lang, firm, reason.area_id, shown.tier)
    if unlooked:
        yield say(lang, "evidence.nobody_looked", days=UNVISITED_DAYS)


def neighbour_rows(glance: Glance, area_id: str) -> list[dict[str, object]]:
    """The areas that touch one, the worst first: name, tier, and whether it is carried."""
    names, ranked = glance.names, glance.ranked
    beside = neighbours(glance.pair.areas, area_id)
    return [
        {"area_id": other, "name": names[other], "tier": row.tier, "carried": row.carried}
        for other, row in ranked[ranked.index.isin(beside)].iterrows()
    ]


def final_and_computed(lang: Language, shown: ShownTier) -> str:
    """Whether the final tier is the computed one."""
    if shown.tier == shown.computed:
        return say(lang, "overview.final_is_computed")
    return say(lang, "overview.final_is_not_computed", computed=say(lang, f"tiers.{shown.computed}"))


# ---------------------------------------------------------------- days


def span(lang: Language, assessment: Assessment) -> str:
    """From the first to the last day."""
    first, last = (short_day(lang, assessment.days[end]) for end in (0, -1))
    if len(assessment.days) < 2:
        return last
    return say(lang, "overview.span", first=first, last=last)


def elevated_count(lang: Language, counts: pd.Series) -> str:
    """How many areas of one day's ``counts`` (index: tiers) are red or orange, in short."""
    return say(lang, "overview.heavy_brief", n=int(counts[list(tiers.ELEVATED)].sum()))


def week_label(lang: Language, moment: date, counts: str) -> str:
    """What a bar of the weeks says when it is pressed, or heard."""
    return say(lang, "overview.week_open", day=day_near(lang, moment, moment), counts=counts)


def counts_text(lang: Language, counts: pd.Series, shown: Sequence[str], carried: int = 0) -> str:
    """One day's ``counts`` (index: tiers) of the tiers that are ``shown``, in a row, and how many of all are carried
    on."""
    told = say(lang, "overview.names", names=[f"{say(lang, f'tiers.{tier}')} {int(counts[tier])}" for tier in shown])
    return say(lang, "overview.carried_week", counts=told, n=carried) if carried else told
