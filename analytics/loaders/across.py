"""Tables that lie on their side: one column an area, one row for what is said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from analytics.loaders import values
from analytics.loaders.columns import recognise
from analytics.loaders.sheet import SHEET_STEP, Sheet
from analytics.words import phrase

_MOST_ROWS = 200
"""A longer table has one row an area."""


def across(sheet: Sheet, chosen: Mapping[str, str | None]) -> Sheet:
    """A table of areas with one row an area, where it has one column an area: no header means anything but the first,
    under which stand headers."""
    if chosen or sheet.shapes is not None or len(sheet.headers) < 2 or not 0 < len(sheet.cells) <= _MOST_ROWS:
        return sheet
    known = recognise("areas", sheet.headers)
    if any(known.columns.values()):
        return sheet
    under = tuple(sheet.cells[0].str.strip())
    first = sheet.headers[0] if known.columns else _first_header(under)
    found = recognise("areas", (first, *under)).columns
    if len(found) < (2 if known.columns else 3):
        return sheet
    # A row is known by its column from now on: nothing else of the file says where it stood.
    start = int(sheet.cells.index[0]) // SHEET_STEP * SHEET_STEP
    areas = sheet.cells.drop(columns=0).T
    areas.insert(0, -1, list(sheet.headers[1:]))
    index = pd.Index([start + 2 + at for at in range(len(areas))], dtype="int64")
    return replace(
        sheet,
        headers=(first, *under),
        cells=areas.set_axis(index, axis=0).set_axis(range(len(under) + 1), axis=1).astype("str"),
        notes=(*sheet.notes, phrase("loading.table_across", n=len(areas))),
    )


def _first_header(under: tuple[str, ...]) -> str:
    """What the headers of the columns are, where the corner of the table does not say it: codes beside names."""
    there = recognise("areas", under).columns
    return "area_id" if "name" in there and "area_id" not in there else "name"


def column_of_bands(sheet: Sheet, able: Iterable[int]) -> int | None:
    """The first of the columns whose cells are all groups of ages, and no numbers."""
    for position in able:
        cells = values.cleaned(sheet.cells[position])
        if cells.isna().any() or values.numbers(cells).notna().any():
            continue
        if len(cells) > 1 and values.texts_by_value(cells, values.age_band).notna().all():
            return position
    return None
