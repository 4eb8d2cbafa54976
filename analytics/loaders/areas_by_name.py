"""A table of figures of areas that names them and has no codes, as most rosters do: each row gets its area's code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from analytics.loaders import values
from analytics.loaders.columns import upper_level
from analytics.loaders.contents import understand
from analytics.loaders.names import AreaNames
from analytics.loaders.report import RowNote
from analytics.loaders.rows import quotable
from analytics.loaders.sheet import Sheet, shown
from analytics.words import phrase

_MOSTLY = 0.5


def with_codes(sheet: Sheet, areas: pd.DataFrame | None, chosen: Mapping[str, str | None]) -> Sheet:
    """``sheet`` with a column of the codes of ``areas``, where it has none and most of its names are theirs; a row
    whose name is none of theirs, or of several, is refused. Any other sheet as it stands."""
    if areas is None or sheet.shapes is not None or "area_id" in chosen:
        return sheet
    known = understand("areas", sheet, chosen).recognition.columns
    if "area_id" in known or "name" not in known:
        return sheet
    position = known["name"]
    written = values.cleaned(sheet.cells[position])
    codes = _codes(sheet, written, areas)
    if written.isna().all() or codes.notna().sum() <= _MOSTLY * written.notna().sum():
        return sheet
    header = sheet.headers[position]
    lost = written.notna() & codes.isna()
    refused = [
        RowNote(*sheet.at(row), header, phrase("loading.area_name_unknown", name=quotable(text)))
        for row, text in written[lost].items()
    ]
    cells = sheet.cells[~lost].copy()
    # A short form of a name would rename its area.
    cells[position] = codes[~lost].map(areas["name"]).astype("str").fillna("")
    cells[len(sheet.headers)] = codes[~lost].fillna("")
    note = phrase("loading.codes_by_name", header=shown(header), n=int(codes.nunique()))
    return replace(
        sheet,
        headers=(*sheet.headers, "area_id"),
        cells=cells,
        refused=tuple(sorted((*sheet.refused, *refused), key=lambda one: one.line)),
        notes=(*sheet.notes, note),
    )


def _codes(sheet: Sheet, written: pd.Series, areas: pd.DataFrame) -> pd.Series:
    """The code of the area that each row names, by what it names around it; missing for none and for several."""
    names = AreaNames(areas)
    around = pd.Series("", index=written.index)
    for position, header in enumerate(sheet.headers):
        if upper_level(header) == "street":
            around = around.where(around != "", values.cleaned(sheet.cells[position]).fillna(""))
    found = [
        None if pd.isna(text) else text if text in areas.index else names.meant(text, street)
        for text, street in zip(written, around, strict=True)
    ]
    return pd.Series(found, index=written.index, dtype="str")
