"""The levels of areas where no column tells them: by their names, by what lies in what, or asked.

A file of streets, communities and grids side by side would rate a community beside the grids it consists of. What an
area lies in is told by the codes of parents, else by the shapes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import pairwise

import numpy as np
import pandas as pd
import shapely

from analytics.loaders.names import segments

LEVELS = ("street", "community", "grid")
"""From the widest to the finest."""

_WITHIN = 0.9
"""Of the surface of an area: with so much of it in a larger one it lies in that; the rest is the line's fault."""

_FILLED = 0.7
"""Of an area by those in it, so that it consists of them."""


_DIGITS_OF_A_LEVEL = 2


def parents_by_shapes(shapes: pd.Series) -> pd.Series:
    """For each area (by its code) the smallest other that covers it; missing for one that none covers."""
    there = shapes.dropna()
    found = pd.Series(None, index=shapes.index, dtype=object)
    if len(there) < 2:
        return found.astype("str")
    outlines = there.to_numpy()
    surface = shapely.area(outlines)
    tree = shapely.STRtree(outlines)
    inner, outer = tree.query(shapely.point_on_surface(outlines), predicate="intersects")
    larger = surface[outer] * _WITHIN > surface[inner]
    inner, outer = inner[larger], outer[larger]
    shared = shapely.area(shapely.intersection(outlines[inner], outlines[outer]))
    covered = shared >= _WITHIN * surface[inner]
    smallest: dict[int, int] = {}
    # The smallest that covers an area is the last to be written down.
    for place in np.argsort(-surface[outer[covered]], kind="stable"):
        smallest[int(inner[covered][place])] = int(outer[covered][place])
    inside: dict[int, list[int]] = {}
    for one, around in smallest.items():
        inside.setdefault(around, []).append(one)
    for around, own in inside.items():
        # An enclave that nobody has cut out of the area around it is no part of it; parts fill what they are parts of.
        if len(own) > 1 and shapely.area(shapely.union_all(outlines[own])) >= _FILLED * surface[around]:
            found[there.index[own]] = there.index[around]
    return found.astype("str")


def levels_of(names: pd.Series, parents: pd.Series) -> pd.Series | None:
    """The level of each area by its name and by what it lies in (both by code); missing for what lies above them all.

    None where they cannot be told, or contradict each other: then somebody has to say.
    """
    above = {code: parent for code, parent in parents.dropna().items() if parent in names.index and parent != code}
    kinds = {code: _kind(name) for code, name in names.items()}
    rank = {code: LEVELS.index(kind) for code, kind in kinds.items() if kind in LEVELS}
    if not _spread(rank, above, wider={code for code, kind in kinds.items() if kind == "above"}):
        return None
    if not rank:
        rank = _by_generation(above, names.index)
    if set(above) - rank.keys() or any(not 0 <= place < len(LEVELS) for place in rank.values()):
        return None
    if any(rank[above[code]] >= rank[code] for code in above if above[code] in rank):
        return None
    return pd.Series({code: LEVELS[place] for code, place in rank.items()}, dtype="str").reindex(names.index)


def side_by_side(names: pd.Series) -> bool:
    """Whether the names alone say that areas of several levels stand in one file."""
    return len({kind for kind in map(_kind, names) if kind in LEVELS}) > 1


def above_by_code(codes: Collection[str]) -> frozenset[str]:
    """The codes with which longer ones begin, where every longer code begins so, as 1001 and 1002 do with 10.

    Numbers that only count on, from 9 to 10, are one digit longer.
    """
    lengths = sorted({len(code) for code in codes})
    if len(lengths) < 2 or any(longer - shorter < _DIGITS_OF_A_LEVEL for shorter, longer in pairwise(lengths)):
        return frozenset()
    there, found = frozenset(codes), set()
    for shorter, longer in pairwise(lengths):
        begun = {code[:shorter] for code in there if len(code) == longer}
        if not begun <= there:
            return frozenset()
        found |= begun
    return frozenset(found)


def _spread(rank: dict[str, int], above: Mapping[str, str], wider: set[str]) -> bool:
    """Give a level to what is one step from an area that has one; False where that would be above or below all."""
    while True:
        found: dict[str, int] = {}
        for code, parent in above.items():
            if parent in rank and code not in rank and code not in wider:
                found[code] = rank[parent] + 1
            elif code in rank and parent not in rank and parent not in wider:
                found.setdefault(parent, rank[code] - 1)
        if not found:
            return True
        if any(not 0 <= place < len(LEVELS) for place in found.values()):
            return False
        rank |= found


def _by_generation(above: Mapping[str, str], codes: pd.Index) -> dict[str, int]:
    """Three generations are streets, communities and grids; of two nobody can say which."""
    steps: dict[str, int] = {}
    for code in codes:
        up, at = 0, code
        while at in above and up < len(LEVELS):
            up, at = up + 1, above[at]
        steps[code] = up
    return steps if max(steps.values(), default=0) == len(LEVELS) - 1 else {}


def _kind(name: object) -> str:
    parts = segments(name) if isinstance(name, str) else ()
    return parts[-1].kind if parts else ""
