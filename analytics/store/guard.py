"""The load guard: what a load takes away from the loads before it, counted, and whether it waits to be confirmed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import comb, erfc, sqrt
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_datetime64_any_dtype, is_float_dtype

from analytics.loaders import IdHash, Loaded
from analytics.store.area_lists import OtherLevel, other_levels
from analytics.store.commits import Load
from analytics.store.counts import DATE_COLUMN
from analytics.store.earlier import EarlierLoads
from analytics.store.frames import KEY
from analytics.store.plan import Plan

MIX = {
    "residents": ("age_band", "tenure", "origin"),
    "incidents": ("category", "channel"),
    "places": ("kind",),
    "checks": ("kind", "outcome"),
    "teams": ("department",),
    "areas": ("level",),
    "given_values": (),
}
"""Coded columns whose words stay what they are; the status of a matter does not."""

STAY = ("area_id", "due_at")
"""What else of a record stays what it is, beside its day."""

SAID_BY_LISTS = ("name", "name_en", "level", "parent_id", "official_code", "geometry")
"""What a change of is told where lists of areas are compared."""

_LYING: tuple[str, ...] = ("residents", "incidents", "places", "checks")
"""The tables whose records an area takes along when it leaves its level."""

ONCE_IN = 10_000
FEWEST_GONE, MOST_GONE = 14, 1 / 10
"""Ids that were there, in the days that both files have, do not go by chance: so many, and this share of them, hold."""

_EXACT_THROWS = 400

MOST_AREAS_LEFT = 1 / 3
"""Of a list of areas: what leaves it beyond what comes to it."""

MOST_FIGURES, FEWEST_PEOPLE = 1.25, 100
"""The people of the same areas, before and after, may differ by this factor, where there are so many at all."""


@lru_cache(maxsize=4096)
def falls_beyond_chance(before: int, after: int) -> bool:
    """Whether a count of ``before`` has fallen to ``after`` by more than chance would.

    The rule: counts have a variance of twice their mean (a negative binomial law with that mean and p = 1/2, which is
    as wide as counts of hotline calls are), and a fall is more than chance that such a law shows less than once in
    10,000 times: from 14 to nothing, from 100 to 53, from 1,000 to 839. Smaller falls are told, and hold nothing.
    """
    if after >= before:
        return False
    # That such a count is at most `after` is as likely as that many heads in so many throws of a coin.
    throws = before + after
    if throws <= _EXACT_THROWS:
        return sum(comb(throws, heads) for heads in range(after + 1)) * ONCE_IN < 2**throws
    return erfc((throws / 2 - after - 0.5) / sqrt(throws / 2)) / 2 * ONCE_IN < 1


def too_many_gone(before: int, gone: int) -> bool:
    """Whether of so many ids more are ``gone`` than are withdrawn in the course of things: 14 and a tenth of them."""
    return gone >= FEWEST_GONE and gone > MOST_GONE * before


@dataclass(frozen=True)
class Change:
    """``before`` and ``after`` of one count; ``name`` is the day, area or word that it is of, "" for all rows.

    ``scope``: of ``before``, what lies in the days that are compared.
    """

    name: str
    before: int
    after: int
    scope: int

    @property
    def beyond_chance(self) -> bool:
        """See :func:`falls_beyond_chance`."""
        return falls_beyond_chance(self.scope, self.after)


@dataclass(frozen=True)
class Moved:
    """Of rows with the same id: in ``n`` of them ``column`` says something else, or nothing any more (``emptied``), of
    ``of`` where it said something. ``days``: by how many days most of them moved; None of what is no day.
    ``in_course``: it changes in the course of things, as the status of an incident does: that is told, and holds
    nothing. ``rows``: which these are, where a column of areas changed."""

    column: str
    n: int
    of: int
    emptied: bool
    days: int | None = None
    in_course: bool = False
    rows: tuple[str, ...] = ()

    @property
    def beyond_chance(self) -> bool:
        """See :func:`falls_beyond_chance`."""
        return not self.in_course and falls_beyond_chance(self.of, self.of - self.n)


@dataclass(frozen=True)
class Cut:
    """A file under another name that has the days from ``first`` to ``last`` like loads before it, of whose ``before``
    rows there it holds ``after``; the others go on counting. ``goes_on``: it brings later days, too."""

    first: pd.Timestamp
    last: pd.Timestamp
    before: int
    after: int
    goes_on: bool

    @property
    def gone(self) -> int:
        """How many it lacks."""
        return self.before - self.after


@dataclass(frozen=True)
class LoadChange:
    """A load held against those that it replaces (``loads``) or takes rows over from: what is gone, exactly.

    ``rows``: of the loads that it replaces and of itself, people where the table counts people; ``spread``: on how many
    days, in how many areas and of how many kinds these are, by the name of the column. ``gone``: ids that are in no
    load any more, ``gone_in_scope`` of them in the days that both have. ``groups``: column → what each day, area or
    word had and has, where it has less. ``moved``: cells of the same ids that changed or are empty now. ``figures``:
    people of the areas in both lists. ``other_levels``: areas that leave their level, and with their records the map.
    """

    loads: tuple[int, ...] = ()
    rows: Change = Change("", 0, 0, 0)
    in_scope: Change = Change("", 0, 0, 0)
    spread: tuple[Change, ...] = ()
    gone: tuple[str, ...] = ()
    gone_in_scope: int = 0
    groups: tuple[tuple[str, tuple[Change, ...]], ...] = ()
    moved: tuple[Moved, ...] = ()
    cut: Cut | None = None
    figures: tuple[float, float] | None = None
    other_levels: tuple[OtherLevel, ...] = ()

    @property
    def held(self) -> bool:
        """Whether more is gone than chance takes."""
        return (
            self.in_scope.beyond_chance
            or self.rows.beyond_chance
            or too_many_gone(self.in_scope.before, self.gone_in_scope)
            or any(change.beyond_chance for _, changes in self.groups for change in changes)
            or any(moved.beyond_chance for moved in self.moved)
            or (self.cut is not None and self.cut.goes_on and too_many_gone(self.cut.before, self.cut.gone))
            or (self.figures is not None and _differ(*self.figures))
            or any(one.records for one in self.other_levels)
        )


def _differ(before: float, after: float) -> bool:
    return max(before, after) > MOST_FIGURES * min(before, after) and max(before, after) >= FEWEST_PEOPLE


def load_change(loaded: Loaded, todo: Plan, earlier: EarlierLoads) -> LoadChange:
    """What ``loaded`` takes away from the loads before it, if all is done as planned."""
    if loaded.table not in MIX:
        return LoadChange()
    if loaded.table == "areas":
        return replace(_change(loaded, todo, earlier), other_levels=_other_levels(loaded, todo, earlier))
    return _change(loaded, todo, earlier)


def _other_levels(loaded: Loaded, todo: Plan, earlier: EarlierLoads) -> tuple[OtherLevel, ...]:
    """The areas that get another level, with how many records lie in each."""
    areas = earlier.areas()
    if areas is None:
        return ()
    kept = [load for load in earlier.log.live("areas") if load.number not in todo.replaces]
    columns = ["area_id", "level"]
    found = other_levels(areas, loaded.frame, [earlier.rows(load, columns).set_index("area_id") for load in kept])
    lying = earlier.by_area(_LYING, [one.area_id for one in found]).groupby("area_id")["n"].sum()
    return tuple(replace(one, records=int(lying.get(one.area_id, 0))) for one in found)


def _change(loaded: Loaded, todo: Plan, earlier: EarlierLoads) -> LoadChange:
    new = loaded.frame.reset_index() if loaded.table == "areas" else loaded.frame
    live = earlier.log.live(loaded.table)
    replaced = [load for load in live if load.number in todo.replaced]
    if loaded.table == "residents":
        return _of_people(new, replaced, live, earlier)
    before = earlier.counting_together(replaced)
    shared = [load for load in live if load.number in todo.takes_over]
    beside = earlier.counting_together(shared)
    key, day = KEY[loaded.table], DATE_COLUMN.get(loaded.table)
    before, beside, new = _comparable(earlier.ids, key, before, beside, new)
    if before is not None and beside is not None and before.empty:
        # All of it was taken over by later loads, which are what there is to compare with.
        before = None
    same = [frame for frame in (before, beside) if frame is not None]
    if not same:
        return LoadChange()
    moved = _moved(same, new, key, day, MIX[loaded.table])
    if loaded.table == "areas" and before is None:
        # What the newest row of an area leaves open is taken from the row before.
        moved = tuple(one for one in moved if not one.emptied)
    columns = [*(["day"] if day else []), *(["area_id"] if loaded.table not in ("areas", "teams") else [])]
    columns += MIX[loaded.table]
    cut = _cut(beside, new, key, day) if beside is not None and day else None
    figures = _figures(pd.concat(same), new) if loaded.table == "areas" else None
    if before is None:
        # The rows that it does not hold go on counting: less there is of what the others said before.
        then = pd.concat(same)
        now = pd.concat([then[~then[key].isin(new[key])], new])
        return LoadChange(groups=_groups(then, now, (then, now), columns, day), moved=moved, cut=cut, figures=figures)
    ids = before[key][~before[key].isin(new[key])]
    in_scope = _in_scope(before, new, day)
    return LoadChange(
        loads=tuple(load.number for load in replaced),
        rows=Change("", len(before), len(new), len(before)),
        in_scope=Change("", len(in_scope[0]), len(in_scope[1]), len(in_scope[0])),
        spread=_spread(before, new, columns, day),
        gone=tuple(ids.astype("str")),
        gone_in_scope=int((~in_scope[0][key].isin(new[key])).sum()),
        groups=_groups(before, new, in_scope, columns, day),
        moved=moved,
        cut=cut,
        figures=figures,
    )


def _comparable(ids: IdHash, key: str, *frames: pd.DataFrame | None) -> tuple[Any, ...]:
    """Frames, with each id the same text in all of them: an older home may know a record by the hash of its id."""
    there = [frame for frame in frames if frame is not None]
    named = iter(ids.comparable(*(frame[key] for frame in there)))
    return tuple(frame if frame is None else frame.assign(**{key: next(named)}) for frame in frames)


def _in_scope(before: pd.DataFrame, new: pd.DataFrame, day: str | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows that are compared: an export that begins later and goes on longer is compared in the days of both, and
    the days at its end that it no longer has are among them."""
    if day is None or not len(new):
        return before, new
    return before[before[day] >= new[day].min()], new[new[day] <= before[day].max()]


def _groups(
    before: pd.DataFrame,
    new: pd.DataFrame,
    in_scope: tuple[pd.DataFrame, pd.DataFrame],
    columns: Sequence[str],
    day: str | None,
    weight: str | None = None,
) -> tuple[tuple[str, tuple[Change, ...]], ...]:
    """What has less than before in the days of both, and what has nothing any more at all."""
    found = []
    for column in columns:
        then, now, then_all, now_all = (_counted(frame, column, day, weight) for frame in (*in_scope, before, new))
        less = then[then > now.reindex(then.index, fill_value=0)]
        gone = then_all.index.difference(now_all.index)
        changes = [
            Change(str(name), int(then_all[name]), 0, int(then.get(name, 0)))
            if name in gone
            else Change(str(name), int(then[name]), int(now.get(name, 0)), int(then[name]))
            for name in less.index.union(gone)
        ]
        if changes:
            found.append((column, tuple(changes)))
    return tuple(found)


def _spread(before: pd.DataFrame, new: pd.DataFrame, columns: Sequence[str], day: str | None) -> tuple[Change, ...]:
    """How many different days, areas and words there are."""
    found = []
    for column in columns:
        then, now = (len(_counted(frame, column, day, None)) for frame in (before, new))
        if then or now:
            found.append(Change(column, then, now, then))
    return tuple(found)


def _counted(frame: pd.DataFrame, column: str, day: str | None, weight: str | None) -> pd.Series:
    cells = frame[day].dt.strftime("%Y-%m-%d") if column == "day" and day else frame[column]
    cells = cells.astype("str")
    return frame.groupby(cells)[weight].sum() if weight else cells.value_counts()


def _moved(
    older: Sequence[pd.DataFrame], new: pd.DataFrame, key: str, day: str | None, mix: Sequence[str]
) -> tuple[Moved, ...]:
    """Cells of the same ids that are empty now, or say something else."""
    if not older:
        return ()
    then = pd.concat(older, ignore_index=True).drop_duplicates(key, keep="last").set_index(key)
    then = then[then.index.isin(new[key])]
    now = new.set_index(key).loc[then.index]
    found = []
    for column in then.columns.difference(["load"], sort=False):
        had = then[column].notna()
        has = now[column].notna() if column in now else pd.Series(data=False, index=now.index)
        lost = int((had & ~has).sum())
        if lost:
            found.append(Moved(column, lost, int(had.sum()), emptied=True))
        if column in now and not (key == "area_id" and column in SAID_BY_LISTS):
            in_course = column not in (day, *STAY, *mix)
            found += _others(column, then[column][had & has], now[column][had & has], in_course=in_course)
    return tuple(found)


def _others(column: str, then: pd.Series, now: pd.Series, *, in_course: bool) -> Iterator[Moved]:
    """That cells say something else: days another day, whatever the hour."""
    if is_datetime64_any_dtype(then):
        apart = (now.dt.normalize() - then.dt.normalize()).dt.days
        other = apart != 0
        days = int(apart[other].mode()[0]) if other.any() else None
    elif is_float_dtype(then):
        other, days = ~np.isclose(then, now), None
    else:
        if then.dtype != now.dtype:
            then, now = then.astype("str"), now.astype("str")
        other, days = (then != now).to_numpy(dtype=bool), None
    if n := int(other.sum()):
        rows = tuple(then.index[other].astype("str")) if then.index.name == "area_id" else ()
        yield Moved(column, n, len(then), emptied=False, days=days, in_course=in_course, rows=rows)


def _cut(beside: pd.DataFrame, new: pd.DataFrame, key: str, day: str) -> Cut | None:
    """The same feed under another name: at least half of its rows in the days of both are known already."""
    first, last = new[day].min().normalize(), beside[day].max()
    there = beside[(beside[day] >= first) & (beside[day] <= new[day].max())]
    rows = new[new[day] <= last]
    if not len(rows) or not len(there) or 2 * rows[key].isin(there[key]).sum() < len(rows):
        return None
    left = len(there) - int(there[key].isin(new[key]).sum())
    if not left:
        return None
    goes_on = bool((new[day] > last).any())
    return Cut(there[day].min().normalize(), there[day].max().normalize(), len(there), len(there) - left, goes_on)


def _figures(before: pd.DataFrame, new: pd.DataFrame) -> tuple[float, float] | None:
    """People of the areas that both have with a figure."""
    then = before.drop_duplicates("area_id", keep="last").set_index("area_id")["population"]
    now = new.set_index("area_id")["population"].reindex(then.index)
    both = then.notna() & now.notna()
    total = float(then[both].sum()), float(now[both].sum())
    return total if total[0] > 0 and not np.isclose(*total) else None


def _of_people(new: pd.DataFrame, replaced: Sequence[Load], live: Sequence[Load], earlier: EarlierLoads) -> LoadChange:
    """People are compared with the loads that are replaced, else with the newest snapshot before theirs."""
    numbers = [load.number for load in replaced]
    older = replaced or [load for load in live if not earlier.rows(load, ["area_id"]).merge(new[["area_id"]]).empty]
    before = earlier.counting_together(older)
    if before is None:
        return LoadChange()
    if not replaced:
        # People of no day stand before those of any day, and are no earlier than others of no day.
        dated = bool(new["as_of"].notna().any())
        before = before[(before["as_of"].isna() & dated) | (before["as_of"] < new["as_of"].max())]
        newest = before.groupby("area_id")["as_of"].transform("max")
        before = before[before["as_of"].isna() & newest.isna() | (before["as_of"] == newest)]
        # An area of which the new load says nothing keeps the snapshot that it has.
        before = before[before["area_id"].isin(new["area_id"])]
        numbers = sorted(int(number) for number in before["load"].unique())
    if not len(before):
        return LoadChange()
    people = int(before["count"].sum())
    total = Change("", people, int(new["count"].sum()), people)
    columns = ["area_id", *MIX["residents"]]
    told = [name for name in columns if name != "area_id"]
    emptied = [
        Moved(name, int(had - has), int(had), emptied=True)
        for name in (*told, "lives_alone")
        for had, has in [(before["count"][before[name].notna()].sum(), new["count"][new[name].notna()].sum())]
        if not has and had
    ]
    groups = _groups(before, new, (before, new), columns, None, "count")
    spread = _spread(before, new, columns, None)
    return LoadChange(tuple(numbers), total, total, spread, groups=groups, moved=tuple(emptied))
