"""Rows that sum up others of their table, wherever the word 合计 stands in them."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analytics.loaders import values
from analytics.loaders.columns import Recognition
from analytics.loaders.layout import are_totals, notes_of
from analytics.loaders.sheet import Sheet


def without_subtotals(sheet: Sheet, known: Recognition, counted: int) -> Sheet:
    """``sheet`` without the rows that say 合计 somewhere and sum up others, which would count again: another row says
    the same in all that is read beside that word, and something else in its place.

    A sum in a column that is read itself has to be that of the others: where it is more, somebody is in none of them.
    """
    told = [position for column, position in known.columns.items() if position != counted]
    again = pd.Series(False, index=sheet.cells.index)
    for position in range(len(sheet.headers)):
        total = pd.Series(are_totals(sheet.cells[position]), index=again.index) if position != counted else again
        if not (total & ~again).any():
            continue
        beside = [sheet.cells[place].str.strip() for place in told if place != position]
        key = pd.Series(list(zip(*beside, strict=True)) if beside else [()] * len(again), index=again.index)
        held = values.numbers(values.cleaned(sheet.cells[counted])).where(~total & ~again)
        sums = held.groupby(key).sum(min_count=1).reindex(key).set_axis(again.index)
        is_sum = sums.notna()
        if position in told:
            is_sum &= sums == values.numbers(values.cleaned(sheet.cells[counted]))
        again |= total & is_sum
    if not again.any():
        return sheet
    lines: dict[str | None, list[int]] = {}
    for row in again.index[again]:
        name, line = sheet.at(row)
        lines.setdefault(name, []).append(line)
    notes = notes_of((name, {"files.totals": there}) for name, there in lines.items())
    return replace(sheet, cells=sheet.cells[~again], notes=(*sheet.notes, *notes))
