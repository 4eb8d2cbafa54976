"""Hazards of places: found, told to their party, given a deadline, found again, and closed or handed over.

A hazard lasts until a later check of the same place was done that could see it and found nothing: one of the kind that
found it, or an inspection, which looks at all that is wrong with a place. A telephone call or a round of the building
closes nothing but what its own kind has found. What several kinds found ends when each of them, or an inspection, has
seen that it is gone; until then whatever is found belongs to the same hazard.

The newest finding says by when it has to be right, as far as one of them does, and whether it was handed over: with a
department and a number it is no longer open, and counted apart. On what day that was no record tells: it is so from the
check on that says it. Where only one of the two is told it was not handed over.

Where the hour of a finding is not told it is the end of its day, so that a check of that day closes it only where it is
known to be later.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analytics.loaders.findings import FOLLOW_UP
from analytics.response.due_list import scored_ids
from analytics.scoring import AreaCounts
from analytics.store.counts import Counts
from analytics.store.findings import NO_PLACE, findings

OLD_DAYS = 30
"""Days after which an open hazard is counted, whatever the scheme; and in which those that were closed are told."""

SEES_ALL = "inspection"
"""The kind of check that closes whatever was found, by whichever kind."""

_NEVER = np.datetime64("9999-12-31", "us")
_EARLIEST = np.iinfo("int64").min


@dataclass(frozen=True, eq=False)
class Hazards:
    """As of the end of ``day``. ``open``: a row each, oldest first: ``area_id`` (None: in no scored area), the day on
    which it was ``found``, how many ``days`` ago; the day on which its party was ``told`` and the one ``fix_by`` which
    it has to be right (NaT for none), ``late_days`` since then (0: none), whether it was found ``again``, and whether
    it was ``half`` handed over: without a department or without a number; with ``check`` and ``place``, their numbers,
    where they may be told. ``handed``: those that were handed over, the same, with ``department`` and ``number`` where
    these may be told. ``closed``: how many were in `OLD_DAYS` days. ``placeless``: findings that name no place, which
    cannot be followed. ``recorded``: which of `loaders.findings.FOLLOW_UP` any record tells.
    """

    day: date
    open: pd.DataFrame
    handed: pd.DataFrame
    closed: int
    placeless: int
    recorded: Mapping[str, bool]

    @property
    def old(self) -> int:
        """How many have been open for more than `OLD_DAYS` days; none that was handed over."""
        return int((self.open["days"] > OLD_DAYS).sum())

    @property
    def untold(self) -> int | None:
        """Of how many open ones nobody told the party; None where no record says when it was told."""
        return int(self.open["told"].isna().sum()) if self.recorded["told_at"] else None

    @property
    def late(self) -> int | None:
        """How many open ones are past their deadline; None where no record tells of deadlines."""
        return int((self.open["late_days"] > 0).sum()) if self.recorded["fix_by"] else None

    @property
    def handed_over(self) -> int | None:
        """How many are handed over; None where no record tells of departments or numbers."""
        return len(self.handed) if self.recorded["handed_to"] or self.recorded["handed_number"] else None


def hazards(facts: AreaCounts, day: date, read_on: date, *, numbered: bool) -> Hazards | None:
    """The hazards at the end of ``day``, of a list that is ``read_on`` that day or the next, when what was due on it is
    late; None where no check by then ever had a finding: then nobody tells of hazards. ``numbered``: with the numbers
    of checks and places."""
    known = _known(facts.counts, day, numbered=numbered)
    if known is None:
        return None
    found = episodes(known[known["place"] != NO_PLACE])
    still = found["closed"].isna().to_numpy()
    handed = (found["has_department"] & found["has_number"]).to_numpy(bool)
    columns = {
        "area_id": scored_ids(facts, found["area"]),
        "found": found["found"],
        "days": _days(found["found"], day),
        "told": found["told"].dt.normalize(),
        "fix_by": found["fix_by"].dt.normalize(),
        "late_days": np.where(found["fix_by"].notna(), _days(found["fix_by"], read_on).clip(0), 0),
        "again": found["findings"] > 1,
        "half": found["has_department"] != found["has_number"],
    }
    if numbered:
        columns |= {"check": found["check"], "place": found["at_place"]}
    rows = pd.DataFrame(columns)
    passed = rows.assign(**{name: found[name] for name in ("department", "number") if name in found})
    return Hazards(
        day=day,
        open=_oldest_first(rows[still & ~handed]),
        handed=_oldest_first(passed[still & handed]),
        closed=int((~still & (_days(found["closed"], day) < OLD_DAYS)).sum()),
        placeless=int((known["finding"] & (known["place"] == NO_PLACE)).sum()),
        recorded={column: bool(known[f"tells_{column}"].any()) for column in FOLLOW_UP},
    )


@dataclass(frozen=True, eq=False)
class FoundByChecks:
    """What checks found in some areas and days, as it is at the end of a day. ``rows``: a hazard each, those that were
    handed over first and those that were put right last: ``area_id``, the day on which it was ``found`` and the one on
    which its party was ``told`` (NaT: not), whether it was ``handed`` over and whether it is ``closed``; ``place``,
    ``department`` and ``number`` (None: not told, or not to be told). ``placeless``: findings that name no place."""

    rows: pd.DataFrame
    placeless: int


def found_by_checks(
    counts: Counts, areas: Collection[str], days: tuple[date, date], day: date, *, numbered: bool
) -> FoundByChecks | None:
    """The hazards of which something was found in ``areas`` from the first to the last of ``days``, newly or again;
    None where no check by ``day`` ever had a finding: then nobody tells of hazards."""
    known = _known(counts, day, numbered=numbered)
    if known is None:
        return None
    first, last = np.datetime64(days[0]), np.datetime64(days[1])
    on_day = known["at"].to_numpy("datetime64[D]")
    ids = np.append(counts.areas.index.to_numpy(object), None)[known["area"]]
    asked = (
        known["finding"].to_numpy(bool) & (on_day >= first) & (on_day <= last) & pd.Series(ids).isin(areas).to_numpy()
    )
    placed = known["place"].to_numpy() != NO_PLACE
    every = episodes(known[placed]).reset_index(drop=True)
    inside = known[asked & placed]
    # The hazards of a place follow one another: a finding belongs to the newest that had begun by then.
    began = (
        every[["place"]].assign(moment=_known_moments(every), hazard=every.index).sort_values("moment", kind="stable")
    )
    made = inside[["place"]].assign(moment=_known_moments(inside)).sort_values("moment", kind="stable")
    found = every.loc[sorted(set(pd.merge_asof(made, began, on="moment", by="place")["hazard"]))]
    handed = (found["has_department"] & found["has_number"]).to_numpy(bool)
    closed = found["closed"].notna().to_numpy()
    rows = pd.DataFrame(
        {
            "area_id": np.append(counts.areas.index.to_numpy(object), None)[found["area"]],
            "found": found["found"].dt.date,
            "told": found["told"].dt.normalize(),
            "handed": handed & ~closed,
            "closed": closed,
            "place": found["at_place"] if numbered else None,
            "department": found["department"] if numbered else None,
            "number": found["number"] if numbered else None,
        }
    )
    order = ["handed", "closed", "found"]
    rows = rows.sort_values(order, ascending=[False, True, True], kind="stable", ignore_index=True)
    return FoundByChecks(rows, int((asked & ~placed).sum()))


def _known(counts: Counts, day: date, *, numbered: bool) -> pd.DataFrame | None:
    """The findings by the end of ``day``; None where there is none."""
    if not counts.has("checks"):
        return None
    known = findings(counts, numbered=numbered)
    known = known[known["at"].to_numpy("datetime64[D]") <= np.datetime64(day)]
    if not known["finding"].any():
        return None
    # What its party was told on a later day it had not been told yet.
    return known.assign(told=known["told"].mask(known["told"].dt.normalize() > pd.Timestamp(day)))


def _days(since: pd.Series, day: date) -> np.ndarray:
    return (np.datetime64(day) - since.to_numpy("datetime64[D]")).astype("int64")


def _oldest_first(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values("days", ascending=False, kind="stable", ignore_index=True)


def episodes(checks: pd.DataFrame) -> pd.DataFrame:
    """Hazards among ``checks`` that were done (as of `store.findings.findings`), a row each: the row of the first
    finding, the day on which it was ``found``, the moment at which it was ``closed``, NaT where it is open, the number
    of its ``findings``; the first day on which its party was ``told``, its ``fix_by``, and what the newest finding says
    of handing it over. A later finding moves the deadline, but not one that had passed by then: that stays missed."""
    rows = checks.assign(moment=_known_moments(checks))
    rows = rows.assign(over=rows["has_department"] & rows["has_number"])
    # Of two findings at one moment the sterner is the newer: the one that was not handed over, and is due earlier.
    found = rows[rows["finding"]].sort_values(
        ["moment", "over", "fix_by"], ascending=[True, False, False], kind="stable"
    )
    seen = _closers(rows[~rows["finding"]], found)
    found = pd.merge_asof(
        found, seen, on="moment", by=["place", "kind"], direction="forward", allow_exact_matches=False
    ).sort_values("place", kind="stable", ignore_index=True)
    ends = found["closing"].fillna(pd.Timestamp(_NEVER)).astype("datetime64[us]")
    by_place = found["place"]
    # What was found while something was still wrong with the place belongs to it; a check at the moment of a finding
    # is no later one, but comes before it.
    before = ends.astype("int64").groupby(by_place).cummax().groupby(by_place).shift(fill_value=_EARLIEST)
    hazard = (found["moment"].astype("int64") >= before).cumsum()
    grouped = found.assign(ends=ends).groupby(hazard, sort=False)
    first = found[~hazard.duplicated()].drop(columns=["moment", "closing", "over"])
    newest = found[~hazard.duplicated(keep="last")]
    says = [name for name in ("has_department", "has_number", "department", "number") if name in found]
    closed = grouped["ends"].max().to_numpy("datetime64[us]")
    return first.assign(
        found=first["at"].to_numpy("datetime64[D]").astype("datetime64[s]"),
        closed=np.where(closed == _NEVER, np.datetime64("NaT"), closed),
        findings=grouped.size().to_numpy(),
        told=grouped["told"].min().to_numpy("datetime64[us]"),
        fix_by=_deadlines(found["fix_by"], found["moment"], hazard),
        **{name: newest[name].to_numpy() for name in says},
    )


def _deadlines(fix_by: pd.Series, moment: pd.Series, hazard: pd.Series) -> np.ndarray:
    """Of each hazard the day by which it has to be put right, by its findings in their order; NaT where none says."""
    day = moment.dt.normalize()
    kept: dict[int, pd.Timestamp] = {}
    for number, due, seen in zip(hazard, fix_by, day, strict=True):
        before = kept.get(number, pd.NaT)
        passed = before is not pd.NaT and before.normalize() < seen
        kept[number] = before if passed or due is pd.NaT else due
    return pd.Series(kept.values(), dtype="datetime64[us]").to_numpy()


def _known_moments(checks: pd.DataFrame) -> np.ndarray:
    """When each check was made; a finding of which only the day is told, at the end of its day."""
    at = checks["at"].to_numpy("datetime64[us]")
    of_day = at.astype("datetime64[D]")
    dayless = checks["finding"].to_numpy(bool) & (at == of_day)
    return np.where(dayless, (of_day + 1).astype("datetime64[us]") - np.timedelta64(1, "us"), at)


def _closers(fine: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """The checks that found nothing, by ``place`` and by each ``kind`` of finding there that they can see, with the
    ``moment`` of each twice, as ``closing`` too; in the order of time."""
    kinds = found[["place", "kind"]].drop_duplicates()
    made = fine[["place", "kind", "moment"]]
    same = made.merge(kinds, on=["place", "kind"])
    every = made.loc[made["kind"] == SEES_ALL, ["place", "moment"]].merge(kinds, on="place")
    seen = pd.concat([same, every], ignore_index=True).drop_duplicates()
    return seen.assign(closing=seen["moment"]).sort_values("moment", kind="stable")
