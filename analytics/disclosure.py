"""What may be told of counts of people and households: nothing from 1 to below the smallest count, nor what gives it.

Everything shown follows from the values (points, scores, charts, files), so a small count is replaced where it enters
scoring, and whatever is made of it is safe. The method is that of statistical disclosure control: cell suppression
for tables, and here, for totals, the suppressed cells' sum coded to a range (L. Willenborg and T. de Waal, Elements of
Statistical Disclosure Control, 2001).
"""

from __future__ import annotations

import heapq
import os
from collections.abc import Iterator
from enum import IntEnum

import numpy as np
import pandas as pd

from analytics.errors import UserError
from analytics.words import Phrase, phrase

SETTING = "FIVE_COLOUR_SMALLEST_COUNT"
SMALLEST = 10
FLOOR = 5
TOP = -1
"""The parent of an area that has none."""


def smallest_count() -> int:
    """The smallest count of people that is shown as it is; raises :class:`UserError` for a setting below the floor."""
    written = os.environ.get(SETTING, "").strip() or str(SMALLEST)
    try:
        smallest = int(written)
    except ValueError:
        raise UserError.because("disclosure.not_a_number", setting=SETTING, floor=FLOOR, usual=SMALLEST) from None
    if smallest < FLOOR:
        raise UserError.because("disclosure.below_floor", setting=SETTING, floor=FLOOR, usual=SMALLEST)
    return smallest


def mark_text(mark: SuppressionMark) -> Phrase:
    """What stands where a count is not shown as it is."""
    return (
        phrase("disclosure.fewer", smallest=smallest_count())
        if mark == SuppressionMark.SMALL
        else phrase("disclosure.withheld")
    )


def is_small(protected: np.ndarray, smallest: int) -> np.ndarray:
    """Where protected counts are to be told as "fewer than ``smallest``": no other protected count lies there."""
    return (protected > 0) & (protected < smallest)


def protect(counts: np.ndarray, parent: np.ndarray, smallest: int, whole: np.ndarray | None = None) -> np.ndarray:
    """Counts of people that may be shown, for every area of a file and everything below it.

    ``counts`` (…, areas): whole numbers, how many records name each area itself, NaN where none does. ``parent``
    (areas,): the position of the area above, or ``TOP``. ``whole``, like ``counts``: how many people the counted ones
    are a part of, to be given where the whole is known too; then the rest is protected as the part is.
    Returns (…, areas): NaN where neither the area nor one below it has a record.

    The rule, with k = ``smallest`` and w = k/2 − 1. A *piece* is what one area itself counts. A piece of 1 … k−1
    becomes k/2, 0 and k or more stay. An area above adds its large pieces exactly (its own records, and the areas below
    that have none below them) to the sum S of its m small ones brought into [m + w, m(k−1) − w]; where all that it has
    is S < k and m ≤ k/2, rounded up, it is small itself and becomes k/2. An area above such areas adds what they
    publish.

    Why no small piece can be told: who knows the rule and every published value knows, for each area above by itself
    (no piece counts in two), only m and that range or S. A piece is then between max(1, S − (m−1)(k−1)) and
    min(k−1, S − m + 1) at least; at either end of the range, and in a small total, the unknown S leaves it k/2 values
    (k/2 rounded down); in between S leaves as many. Totals further up are functions of what is published already.
    Where a whole W of 2k or more is known, a rest of 1 … k−1 makes the part W − k/2 and counts as one more small piece
    (as k − rest) of the areas above; a part of a whole of k … 2k−1 that is neither 0 nor all of it is not shown (NaN),
    and stands above as W/2.

    Off by less than k/2 a piece, a total of pieces by less than k/2 however many are small, and a total of totals by
    the sum of theirs (a whole under 2k adds up to k). Raising a count lowers no published count, its own or one above.
    """
    parent = np.asarray(parent)
    known = ~np.isnan(counts)
    part = np.where(known, counts, 0.0)
    rest = np.zeros_like(part) if whole is None else np.where(known, whole, 0.0) - part
    low = (part > 0) & (part < smallest)
    tight = (part > 0) & (rest > 0) & (part + rest >= smallest) & (part + rest < 2 * smallest)
    low &= ~tight
    high = ~low & ~tight & (part > 0) & (rest > 0) & (rest < smallest)
    exact = np.where(tight, (part + rest) / 2, np.where(low | high, 0.0, part))
    exact_rest = np.where(tight, (part + rest) / 2, np.where(low | high, 0.0, rest))
    base = np.where(high, part + rest - smallest, 0.0)
    masked = np.where(low, part, np.where(high, smallest - rest, 0.0))

    above = np.zeros(len(parent), dtype=bool)
    above[parent[parent != TOP]] = True
    home = np.where(above | (parent == TOP), np.arange(len(parent)), parent)

    def at_home(values: np.ndarray) -> np.ndarray:
        return _summed(values, home, len(parent))

    few = at_home((low | high).astype(float))
    total = at_home(masked)
    least, most = few + smallest / 2 - 1, few * (smallest - 1) - smallest / 2 + 1
    ranged = np.where(few > 0, np.clip(total, least, most), 0.0)
    shown = at_home(exact) + at_home(base) + ranged
    narrow = (few > 0) & (few <= (smallest + 1) // 2)
    all_low = narrow & (at_home(exact + high) == 0) & (total < smallest)
    all_high = narrow & (at_home(exact_rest + low) == 0) & (few * smallest - total < smallest)
    shown = np.where(all_low, smallest / 2, shown)
    shown = np.where(all_high, at_home(exact + base) + few * smallest - smallest / 2, shown)

    own = np.where(tight, np.nan, exact + base + np.where(low | high, smallest / 2, 0.0))
    below = np.where(above, shown, 0.0)
    heard = at_home(known.astype(float)) > 0
    for position in _from_the_finest(parent):
        if above[position] and parent[position] != TOP:
            below[..., parent[position]] += below[..., position]
            heard[..., parent[position]] |= heard[..., position]
    return np.where(above, np.where(heard, below, np.nan), np.where(known, own, np.nan))


def protect_sets(
    counts: np.ndarray, members: np.ndarray, parent: np.ndarray, smallest: int, whole: np.ndarray | None = None
) -> np.ndarray:
    """Protected counts (sets, …, areas) of sets of people that are shown side by side and may hold one another.

    ``counts`` (kinds, …, areas): how many of each kind of record, no person being of two kinds. ``members`` (sets,
    kinds): which kinds are in each set. ``whole`` (sets, …, areas), ``parent`` and ``smallest`` as in :func:`protect`.

    Where one set holds another, their difference is a count of people too. Sets that are so linked are therefore added
    up from protected parts: the groups of kinds that no set of theirs tells apart. A set that is linked to none is
    protected by itself, with its whole; sets that merely overlap have no difference that their counts would give. What
    is published at different times or by different schemes is side by side too: all sets have to be given at once.
    """
    members = np.asarray(members, dtype=bool)
    known = ~np.isnan(counts).all(axis=0)
    shown = np.zeros((len(members), *counts.shape[1:]))
    for family in _families(members):
        parts, number = np.unique(members[family], axis=1, return_inverse=True)
        alone = (members[family] == members[family[0]]).all()
        for at, inside in enumerate(parts.T):
            part = np.where(known, np.nansum(counts[number.reshape(-1) == at], axis=0), np.nan)
            of = whole[family[0]] if whole is not None and alone else None
            shown[family] += np.multiply.outer(inside, protect(part, parent, smallest, of))
    return shown


def _families(members: np.ndarray) -> list[np.ndarray]:
    """The sets, grouped so that one that holds another is in its group; an empty set is held by none."""
    held = (members[:, None] <= members[None]).all(axis=2) & members.any(axis=1, keepdims=True)
    linked = held | held.T | np.eye(len(members), dtype=bool)
    for _ in range(len(members)):
        linked = linked @ linked
    return [np.flatnonzero(row) for row in np.unique(linked, axis=0)]


class SuppressionMark(IntEnum):
    """How a cell of a table of people is shown: as it is, as fewer than the smallest count, or not at all."""

    SHOWN = 0
    SMALL = 1
    WITHHELD = 2


def suppress(table: pd.DataFrame, smallest: int) -> pd.DataFrame:
    """Marks (:class:`SuppressionMark`, the shape of ``table``) under which no small count of a two-way table can be
    derived.

    ``table``: whole numbers ≥ 0 whose last row and last column are totals; raises ``ValueError`` when they are not.

    A table with its totals is a network: each cell joins its row to its column, and a cell can be told exactly when
    there is no other way between the two through cells that are not shown and can give or take one (a small one within
    1 … smallest−1, a withheld one from ``smallest`` up). For each small cell that can be told, the cells of the
    cheapest such way are withheld: small values before large ones, zeros never (J. Castro, Recent advances in
    optimization techniques for statistical tabular data protection, European Journal of Operational Research 216
    (2012)). Where a table has no such way at all, all of it but its zeros is withheld, small or not.
    """
    cells = table.to_numpy("int64")
    inner = cells[:-1, :-1]
    if (cells < 0).any() or (cells[-1, :-1] != inner.sum(0)).any() or (cells[:, -1] != cells[:, :-1].sum(1)).any():
        raise ValueError("the last row and the last column are not the totals")
    marks = np.where((cells > 0) & (cells < smallest), SuppressionMark.SMALL, SuppressionMark.SHOWN).astype("int8")
    for row, column in np.argwhere(marks == SuppressionMark.SMALL):
        way = _cheapest_way(cells, marks, (int(row), int(column)), smallest)
        if way is None:
            marks[cells > 0] = SuppressionMark.WITHHELD
            break
        for cell in way:
            if marks[cell] == SuppressionMark.SHOWN:
                marks[cell] = SuppressionMark.WITHHELD
    return pd.DataFrame(marks, index=table.index, columns=table.columns)


def _summed(values: np.ndarray, home: np.ndarray, areas: int) -> np.ndarray:
    summed = np.zeros((*values.shape[:-1], areas))
    np.add.at(summed, (..., home), values)  # type: ignore[arg-type]  # the stub knows no ellipsis here
    return summed


def _from_the_finest(parent: np.ndarray) -> np.ndarray:
    depth, at = np.zeros(len(parent), dtype=int), parent.copy()
    while (at != TOP).any():
        depth += at != TOP
        at = np.where(at == TOP, TOP, parent[at])
    return np.argsort(-depth, kind="stable")


def _cheapest_way(
    cells: np.ndarray, marks: np.ndarray, cell: tuple[int, int], smallest: int
) -> list[tuple[int, int]] | None:
    """The cells by which ``cell`` can be one more or one less, or None: Dijkstra's way between its two nodes."""
    ways = []
    for change in (1, -1):
        if 1 <= cells[cell] + change < smallest:
            plus, minus = _nodes(cells.shape, *cell)
            start, goal = (minus, plus) if change == 1 else (plus, minus)
            ways.append(_shortest(cells, marks, cell, start, goal, smallest))
    return min((way for way in ways if way), default=(0, None))[1]


def _shortest(
    cells: np.ndarray, marks: np.ndarray, without: tuple[int, int], start: int, goal: int, smallest: int
) -> tuple[int, list[tuple[int, int]]] | None:
    waiting: list[tuple[int, int, list[tuple[int, int]]]] = [(0, start, [])]
    done: set[int] = set()
    while waiting:
        cost, node, way = heapq.heappop(waiting)
        if node == goal:
            return cost, way
        if node in done:
            continue
        done.add(node)
        for cell in _cells_at(cells.shape, node):
            plus, minus = _nodes(cells.shape, *cell)
            change = 1 if node == plus else -1
            low, high = (1, smallest - 1) if marks[cell] == SuppressionMark.SMALL else (smallest, np.inf)
            if cell != without and cells[cell] and low <= cells[cell] + change <= high:
                price = int(cells[cell]) if marks[cell] == SuppressionMark.SHOWN else 0
                heapq.heappush(waiting, (cost + price, minus if node == plus else plus, [*way, cell]))
    return None


def _nodes(shape: tuple[int, int], row: int, column: int) -> tuple[int, int]:
    """The two sums that a cell counts in: its row's node and its column's, so signed that one gains what the other
    loses. A total counts the other way round in the sum that it is the total of."""
    total = (row == shape[0] - 1) + (column == shape[1] - 1)
    return (shape[0] + column, row) if total == 1 else (row, shape[0] + column)


def _cells_at(shape: tuple[int, int], node: int) -> Iterator[tuple[int, int]]:
    if node < shape[0]:
        yield from ((node, column) for column in range(shape[1]))
    else:
        yield from ((row, node - shape[0]) for row in range(shape[0]))
