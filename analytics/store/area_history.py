"""What became of areas: where the records of old codes count now, and since when each area's records can be told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from analytics.errors import StoreError
from analytics.store.commits import AreaChange, Load
from analytics.words import phrase

_EPOCH = date(1970, 1, 1)
_LEAST_OVERLAP = 0.05
_MOST_STEPS = 64
"""Codes that changed so often have changed in a circle."""


@dataclass(frozen=True)
class AreaHistory:
    """``moves``: a code that is no area now -> the area in which its records count: the one that it was renamed or
    merged to, else the narrowest that holds all of its parts. ``since``: area -> the day (days since 1970-01-01) from
    which its records can be told, where that is not always: it got a part of an area that was split. ``listed``: area
    -> the day on which a list had it first, where an earlier list had not; see :meth:`Counts.known_since`."""

    moves: Mapping[str, str] = field(default_factory=dict)
    since: Mapping[str, int] = field(default_factory=dict)
    listed: Mapping[str, int] = field(default_factory=dict)


def area_history(areas: pd.DataFrame, changes: Sequence[AreaChange], lists: Sequence[Load]) -> AreaHistory:
    """The history of ``areas`` (indexed by ``area_id``) by what was said of changes, and by the ``lists`` of areas that
    count, both the oldest first."""
    parents = areas["parent_id"]
    new_of: dict[str, tuple[list[str], int]] = {}
    for change in changes:
        for old, new in change.moves:
            codes, _ = new_of.setdefault(old, ([], 0))
            new_of[old] = ([*codes, new], _number(change.day))
    moves: dict[str, str] = {}
    since: dict[str, int] = {}
    for old in new_of:
        if old in areas.index:
            continue
        parts, day = _now(old, new_of, areas.index)
        above = [_upwards(part, parents) for part in parts]
        common = next((code for code in above[0] if all(code in one for one in above)), None) if above else None
        if common is not None:
            moves[old] = common
        for code in {code for one in above for code in one[: one.index(common) if common in one else len(one)]}:
            since[code] = max(since.get(code, day), day)
    named = {code for change in changes for _, code in change.moves}
    listed = {
        code: _number(load.when.astimezone().date())
        for load in lists
        for code in load.areas_new
        if code in areas.index and code not in named
    }
    return AreaHistory(moves, since, listed)


def require_moves(moves: Sequence[tuple[str, str]], areas: pd.DataFrame | None, before: Sequence[AreaChange]) -> None:
    """Raise :class:`StoreError` for a table of changes that cannot be: no rows, a new code that is no area, an old one
    that still is, one that was said before, or the same pair twice."""
    if areas is None:
        raise StoreError.because("store.table_empty", table=phrase("tables.areas"))
    if not moves:
        raise StoreError.because("store.moves_none")
    if unknown := sorted({new for _, new in moves if new not in areas.index}):
        raise StoreError.because("store.moves_unknown", areas=unknown)
    if there := sorted({old for old, _ in moves if old in areas.index}):
        raise StoreError.because("store.moves_still_there", areas=there)
    said = {old for change in before for old, _ in change.moves}
    if again := sorted({old for old, _ in moves if old in said}):
        raise StoreError.because("store.moves_before", areas=again)
    if len(set(moves)) < len(moves):
        raise StoreError.because("store.moves_twice")


def overlaps(areas: pd.DataFrame, former: Sequence[pd.DataFrame], said: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Pairs of an area that is in one of the ``former`` lists, the newest of which counts, and no longer in ``areas``,
    and an area of its level that has at least a twentieth of its ground. Without shapes there are none."""
    if "geometry" not in areas:
        return ()
    pairs: dict[str, list[tuple[str, str]]] = {}
    for frame in former:
        if "geometry" not in frame:
            continue
        for code in frame.index.difference(areas.index).difference([*said]):
            shape = frame["geometry"][code]
            if shape is None or not shape.area:
                continue
            same = areas[areas["geometry"].notna() & (areas["level"] == frame["level"][code])]
            # Shares of one small area: degrees do as well as metres.
            shared = same["geometry"].apply(shape.intersection).apply(lambda one: one.area) / shape.area
            pairs[str(code)] = [(str(code), str(new)) for new in shared.index[shared >= _LEAST_OVERLAP]]
    return tuple(pair for _, found in sorted(pairs.items()) for pair in found)


def _now(old: str, new_of: Mapping[str, tuple[list[str], int]], areas: pd.Index) -> tuple[list[str], int]:
    """The areas of today that an old code became, by way of others, and the last day on which one of these changed."""
    found, waiting, day = [], [old], new_of[old][1]
    for _ in range(_MOST_STEPS * len(new_of)):
        if not waiting:
            break
        code = waiting.pop()
        if code in areas and code != old:
            found.append(code)
        elif code in new_of:
            waiting += new_of[code][0]
            day = max(day, new_of[code][1]) if len(new_of[code][0]) > 1 else day
    return sorted(set(found)), day


def _upwards(code: str, parents: pd.Series) -> list[str]:
    """An area and those above it, the narrowest first."""
    found = [code]
    while (above := parents.get(found[-1])) in parents.index and above not in found:
        found.append(str(above))
    return found


def _number(day: date) -> int:
    return (day - _EPOCH).days
