"""What the cells under a header say of it: a header means a column only where its cells can be of that column.

An AREA with fractions is a surface and no code, MOBILE with shares is no telephone number, and a level of 高 and 低 is
none of an area. Whatever is set aside is told with its reason, once more where the column is missed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from analytics.loaders import values
from analytics.loaders.coded import known_codes
from analytics.loaders.columns import (
    Recognition,
    column_label,
    is_measure,
    is_postcode,
    means,
    own_id_of,
    recognise,
    simplified,
)
from analytics.loaders.own_numbers import number_column
from analytics.loaders.private import MASK, is_personal_column, looks_personal
from analytics.loaders.row_numbers import counts_rows
from analytics.loaders.sheet import Sheet, shown
from analytics.loaders.units import unit_of
from analytics.words import Phrase, phrase

CODES_OF_AREAS = ("area_id", "parent_id", "official_code")
"""Columns of a table of areas to which no rule for persons applies."""

_QUANTITIES = (
    "population",
    "on_site",
    "households",
    "buildings",
    "shops",
    "count",
    "capacity",
    "beds",
    "members",
    "hours_per_day",
)
_NOT_COUNTED = ("percent", "surface", "length", "money")
_CODE_HEADER = re.compile(
    r"(?:(?:^|[^a-z])(?:id|code|no|nr|num|numbe|number|key|uid|cd)(?:_?[0-9])?|[a-z](?:id|code|cd|dm)|zcta5?ce[0-9]{2}|"
    r"^(?:ward|district|precinct|beat|tract)|编码|代码|编号|代号|级码|码)$"
)  # fmt: skip
_KIND_OF_AREA = re.compile(r"^(?:ward|district|precinct|beat|tract)$")
_ENDS_CODE = re.compile(r"[\s_]*(?:id|code|no|nr|num|numbe|number|key|uid|cd|dm|编码|代码|编号|代号|级码|码)$")
_ENDS_NAME = re.compile(r"[\s_]*(?:name|names|nam|nm|mc|名称|名)$")
# Numbers of the rows, which the next export gives anew.
_ROW_NUMBER = re.compile(r"^(?:object|global|ogc|f|g|row|o|arc|shape)?_?f?id$|^(?:index|rowno|序号|行号)$")
_MEASURED = r"^[+-]?(?:0?\.[0-9]+|[0-9]+\.[0-9]*[1-9][0-9]*)$"
_LOOKED_AT = 10_000  # rows
_MOSTLY = 0.5
_ALMOST_ALL = 0.9


@dataclass(frozen=True)
class Understood:
    """The headers of a file by name and content. ``unfit``: column -> a header of its that was set aside, and why.
    ``notes``: what the report says of it."""

    recognition: Recognition
    unfit: Mapping[str, tuple[str, Phrase]]
    notes: tuple[Phrase, ...] = ()


def understand(table: str, sheet: Sheet, chosen: Mapping[str, str | None] | None = None) -> Understood:
    """What the headers of ``sheet`` mean, by their names and their cells; what was ``chosen`` stands as it is."""
    chosen = chosen or {}
    barred: set[tuple[str, int]] = set()
    unfit: dict[str, tuple[str, Phrase]] = {}
    while True:
        known = recognise(table, sheet.headers, chosen, barred)
        found = {
            (column, position): reason
            for column, position in known.columns.items()
            if column not in chosen and (reason := _unfit(table, column, position, sheet, known))
        }
        if not found:
            break
        barred |= found.keys()
        for (column, position), reason in found.items():
            unfit.setdefault(column, (_named(sheet.headers[position]), reason))
    notes = [reason for _, reason in unfit.values()]
    if table == "areas":
        known = _without_private_shares(sheet, known, notes)
        if "area_id" not in known.columns and chosen.get("area_id", "") is not None:
            known = _with_code(sheet, known, notes)
        if chosen.get("name", "") is not None and "name" not in chosen:
            known = _with_name(sheet, known, notes)
    own_id = own_id_of(table)
    if own_id and own_id not in chosen and (found_at := number_column(table, sheet, known)) is not None:
        notes.append(
            phrase("loading.id_by_content", header=_named(sheet.headers[found_at]), column=column_label(own_id))
        )
        others = tuple(position for position in known.others if position != found_at)
        known = replace(known, columns={**known.columns, own_id: found_at}, others=others)
    return Understood(known, unfit, tuple(notes))


def _unfit(table: str, column: str, position: int, sheet: Sheet, known: Recognition) -> Phrase | None:
    """Why the cells of a column that a header seems to mean are not of that column; None if they may be."""
    header = sheet.headers[position]
    # What a column of millions is can be seen by its beginning; of areas each code counts.
    cells = values.cleaned(sheet.cells[position] if table == "areas" else sheet.cells[position].head(_LOOKED_AT))
    named = _named(header)
    if column in CODES_OF_AREAS and _is_measured(table, header, cells, sheet, known):
        return phrase("loading.unfit_measure", header=named)
    if column == "level" and cells.notna().any() and not known_codes(cells, "level").notna().any():
        return phrase("loading.unfit_level", header=named)
    unit = unit_of(header)
    if column in _QUANTITIES and unit is not None and unit.kind in _NOT_COUNTED:
        return phrase("loading.unfit_unit", header=named, unit=unit.written)
    if column in ("population", "on_site", "households", "buildings", "shops", "count", "members") and _share(cells):
        return phrase("loading.unfit_shares", header=named)
    return None


def _is_measured(table: str, header: str, cells: pd.Series, sheet: Sheet, known: Recognition) -> bool:
    filled = cells.dropna()
    if filled.empty:
        return False
    measured = values.matches(filled, _MEASURED)
    if not is_measure(header):
        # 1.1 and 1.2 may number the parts of something; 0.1137 and 0.0612 do not.
        return bool((measured & values.matches(filled, r"^[+-]?(?:0?\.|[0-9]+\.[0-9]{3})")).mean() > _MOSTLY)
    if measured.any():
        return True
    # Surfaces in whole metres: one of them may stand twice, and beside a code of another name they are no code.
    others = [position for position in known.others if _may_be_code(sheet, position) or _is_id(sheet, position)]
    return table == "areas" and values.numbers(filled).notna().all() and bool(others or filled.duplicated().any())


def _is_id(sheet: Sheet, position: int) -> bool:
    """Whether a column has a header of codes of areas and cells that are no surfaces and no numbers of rows."""
    header = sheet.headers[position]
    if is_measure(header) or means("areas", header) != "area_id" or not _tells_apart(sheet, position):
        return False
    return not counts_rows(values.codes_plain(values.cleaned(sheet.cells[position])), len(sheet.refused))


def _share(cells: pd.Series) -> bool:
    """Whether a column that should count holds shares: mostly percentages."""
    filled = cells.dropna()
    return len(filled) > 0 and bool(values.percents(filled).notna().mean() > _MOSTLY)


def _without_private_shares(sheet: Sheet, known: Recognition, notes: list[Phrase]) -> Recognition:
    """Private headers over shares and other decimals, which are figures of an area and nobody's telephone number."""
    freed = []
    for position in known.private:
        cells = values.cleaned(sheet.cells[position]).dropna()
        figures = values.numbers(cells).notna() | values.percents(cells).notna()
        if len(cells) and figures.all() and values.decimals(cells).any() and not is_personal_column(cells):
            freed.append(position)
            notes.append(phrase("loading.private_shares", header=_named(sheet.headers[position])))
    private = tuple(position for position in known.private if position not in freed)
    return replace(known, private=private, others=tuple(sorted((*known.others, *freed))))


def _with_code(sheet: Sheet, known: Recognition, notes: list[Phrase]) -> Recognition:
    """A column that can be the code of the areas, where no header says which is: the one official code, else the first
    whose header ends like one of codes."""
    official = known.columns.get("official_code")
    if official is not None and _tells_apart(sheet, official):
        columns = {column: position for column, position in known.columns.items() if column != "official_code"}
        notes.append(phrase("loading.official_code_is_code", header=_named(sheet.headers[official])))
        return replace(known, columns={**columns, "area_id": official})
    if not known.columns and len(sheet.looked_at) > 1:
        # Of several worksheets none fits: which is meant has to be asked first.
        return known
    able = (*known.others, *(place for place in known.private if is_postcode(sheet.headers[place])))
    candidates = [position for position in able if _may_be_code(sheet, position)]
    if not candidates:
        return known
    # A ward of this name beside a code is the name.
    found = min(candidates, key=lambda place: (_is_bare_name(sheet, place), is_postcode(sheet.headers[place]), place))
    notes.append(phrase("loading.code_by_content", header=_named(sheet.headers[found])))
    return replace(
        known,
        columns={**known.columns, "area_id": found},
        others=tuple(position for position in known.others if position != found),
        private=tuple(position for position in known.private if position != found),
        guessed=(*known.guessed, "area_id"),
    )


def _with_name(sheet: Sheet, known: Recognition, notes: list[Phrase]) -> Recognition:
    """The name that goes with the code (WARD_NO and WARD_NAME, 网格编码 and 网格), where no header says which it is, or
    only one of a wider area; else the only column whose header ends like one of names."""
    code, there = known.columns.get("area_id"), known.columns.get("name")
    if code is None or not (there is None or "name" in known.guessed):
        return known
    wanted = _stem(sheet.headers[code], _ENDS_CODE)
    if there is not None and _stem(sheet.headers[there], _ENDS_NAME) == wanted:
        return known
    able = [place for place in (*known.others, *known.private) if _is_words(sheet, place)]
    named = [place for place in able if _ENDS_NAME.search(_plain(sheet.headers[place]))]
    found = [place for place in able if wanted and _stem(sheet.headers[place], _ENDS_NAME) == wanted]
    bare = [place for place in able if _is_bare_name(sheet, place)]
    if not found and there is None and not named and len(bare) == 1:
        found = bare
    if not found and there is None and len(named) == 1 and named[0] in known.others:
        found = named
    if not found:
        return known
    notes.append(phrase("loading.name_by_content", header=_named(sheet.headers[found[0]])))
    left = (*known.others, *([] if there is None else [there]))
    return replace(
        known,
        columns={**known.columns, "name": found[0]},
        others=tuple(sorted(place for place in left if place != found[0])),
        private=tuple(place for place in known.private if place != found[0]),
        guessed=tuple(dict.fromkeys((*known.guessed, "name"))),
    )


def _is_bare_name(sheet: Sheet, position: int) -> bool:
    """Whether a header such as WARD, under which codes may stand as well, has words under it."""
    return bool(_KIND_OF_AREA.search(_plain(sheet.headers[position]))) and _is_words(sheet, position)


def _is_words(sheet: Sheet, position: int) -> bool:
    """Whether most areas have a word here that is no number."""
    cells = values.cleaned(sheet.cells[position])
    return bool((cells.notna() & values.numbers(cells).isna()).mean() > _MOSTLY) and not is_personal_column(cells)


def _stem(header: str, ending: re.Pattern[str]) -> str:
    """What the areas under a header of codes or names are called; GID_3 goes with NAME_3."""
    plain = _plain(header)
    if level := re.fullmatch(r"(?:gid|name)_([0-9])", plain):
        return f"level {level[1]}"
    return ending.sub("", plain)


def _plain(header: str) -> str:
    return simplified(header).casefold().strip()


def _may_be_code(sheet: Sheet, position: int) -> bool:
    header = sheet.headers[position]
    plain = simplified(header).casefold()
    if _ROW_NUMBER.search(re.sub(r"[\s_-]+", "_", plain)) or is_measure(header):
        return False
    if not is_postcode(header) and not _CODE_HEADER.search(plain) and not re.fullmatch(r"gid_[1-9]", plain):
        return False
    return _tells_apart(sheet, position)


def _tells_apart(sheet: Sheet, position: int) -> bool:
    """Whether every row has a cell of its own here, or shares it with other parts of one shape."""
    cells = values.cleaned(sheet.cells[position])
    if cells.isna().any() or values.decimals(cells).any() or is_personal_column(cells):
        return False
    return not cells.duplicated().any() or (sheet.polygons and cells.nunique() > _ALMOST_ALL * len(cells))


def _named(header: str) -> str:
    return MASK if looks_personal(header) else shown(header)
