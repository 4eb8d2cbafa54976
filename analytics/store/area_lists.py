"""Whether a load of areas is a new list of them, and what then leaves it and comes to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

_NO_LIST = ("population", "households", "buildings", "shops", "on_site")
"""Figures of areas: a table of them says nothing of which areas there are."""


@dataclass(frozen=True)
class ListChange:
    """``left``: areas that were there and are not in the new list; ``new``: areas that no list before had. Both in the
    order of their codes. ``compared``: how many areas of the older lists the new one was held against."""

    left: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    compared: int = 0


def list_change(areas: pd.DataFrame, new: pd.DataFrame, older: Sequence[tuple[pd.DataFrame, bool]]) -> ListChange:
    """What a load of areas ``new`` changes in the list of areas that is there (``areas``, all indexed by ``area_id``).

    ``older``: the live loads of areas, each with whether the new one replaces it as a whole. The rule: the new load is
    a newer list in place of an older one where it replaces it, or where it has at least half of its codes at the levels
    that it lists itself, and at least half of its columns, name and level among them, figures apart. A table without
    the shapes that the older list has, and with no code that is new, adds figures and takes nothing away.
    """
    before: set[str] = set()
    for frame, replaced in older:
        held = frame.index if replaced else _of_levels(frame, new)
        if replaced or _is_newer_list(new, frame, held, areas.index):
            before.update(held)
    if not before:
        return ListChange()
    left = before & set(areas.index) - set(new.index)
    return ListChange(tuple(sorted(left)), tuple(sorted(set(new.index) - set(areas.index))), len(before))


@dataclass(frozen=True)
class OtherLevel:
    """An area that goes from one level to another, "" for none that is known; ``records``: how many lie in it."""

    area_id: str
    name: str
    before: str
    after: str
    records: int = 0


def other_levels(areas: pd.DataFrame, new: pd.DataFrame, kept: Sequence[pd.DataFrame]) -> tuple[OtherLevel, ...]:
    """The areas of ``areas`` whose level is another, or none, once ``new`` counts (all indexed by ``area_id``).

    ``kept``: the loads of areas that go on counting beside it, the oldest first: they say what it leaves open.
    """
    both = areas.index[areas.index.isin(new.index) & areas["level"].notna()]
    after = new["level"].reindex(both)
    for frame in reversed(kept):
        after = after.fillna(frame["level"].reindex(both))
    before, now = areas["level"][both].astype("str"), after.fillna("").astype("str")
    names = areas["name"][both].astype("str")
    return tuple(
        OtherLevel(str(code), names[code], before[code], now[code]) for code in both[(before != now).to_numpy()]
    )


def _of_levels(older: pd.DataFrame, new: pd.DataFrame) -> pd.Index:
    """The areas of the older list at the levels that the new one lists."""
    return older.index[older["level"].isin(new["level"]) | older["level"].isna()]


def _is_newer_list(new: pd.DataFrame, older: pd.DataFrame, held: pd.Index, there: pd.Index) -> bool:
    told, had = _told(new), _told(older)
    if not {"name", "level"} <= told or 2 * len(told & had) < len(had) or not len(held):
        return False
    figures_alone = "geometry" in had and "geometry" not in told and new.index.isin(there).all()
    return not figures_alone and 2 * held.isin(new.index).sum() >= len(held)


def _told(frame: pd.DataFrame) -> set[str]:
    """The columns that say anything. An area without a name was given its code as one."""
    told = {str(column) for column in frame if column not in _NO_LIST and frame[column].notna().any()}
    named = (frame["name"] != frame.index).any()
    return told if named else told - {"name"}
