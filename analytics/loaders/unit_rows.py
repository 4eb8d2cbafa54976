"""Units that stand beside a header and not in it: in a row of their own under it, or in a title above it.

Yearbooks and hand-kept tables write 单位：万人 once above a table, or 万人, 户, % in a row under its headers. Either is
put into the headers in brackets, where :mod:`analytics.loaders.units` reads it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from analytics.loaders.columns import means, normalised
from analytics.loaders.units import Unit, unit_of

_TITLE = re.compile(r"(?:计量)?(?:单位|單位|\bunits?\b)\s*[:：为]\s*([^()（）\[\]【】]+)", re.IGNORECASE)
_BETWEEN = re.compile(r"[、，,;；/和及与\s]+")
_LABELS = frozenset(
    {"单位", "單位", "计量单位", "計量單位", "unit", "units", "unit of measure", "number", "no.", "count", "数", "个数"}
)
_EMPTY = frozenset({"", "-", "--", "—", "——", "/", "\\", "无"})
_COUNTED = {
    "population": "人口",
    "on_site": "人口",
    "count": "人口",
    "households": "户",
    "buildings": "栋幢座",
    "shops": "家间",
}
"""Columns of numbers of something, and by which characters a unit names it; of 万人 and 户 each takes its own."""


def is_unit_row(cells: Sequence[str]) -> bool:
    """Whether all that stands in a row under the headers are units, and at least one is."""
    found = [text for cell in cells if (text := _bare(cell).casefold()) not in _EMPTY]
    units = [text for text in found if text not in _LABELS]
    return bool(units) and all(not any(map(str.isdigit, text)) and _unit(text) for text in units)


def with_units(headers: Sequence[str], cells: Sequence[str]) -> tuple[str, ...]:
    """The ``headers``, each with the unit that stands under it."""
    units = [_bare(cell) for cell in cells] + [""] * len(headers)
    return tuple(
        f"{header}({unit})" if header and unit and _unit(unit) and unit_of(header) is None else header
        for header, unit in zip(headers, units, strict=False)
    )


def with_unit_of_title(table: str, headers: Sequence[str], titles: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The ``headers`` of numbers of people, households, buildings and shops with the unit that the lines above name."""
    named = [match[1].strip() for cells in titles for cell in cells if (match := _TITLE.search(normalised(cell)))]
    units = [unit for text in named for unit in _BETWEEN.split(text) if unit and _unit(unit)]
    if not units:
        return tuple(headers)
    found = []
    for header in headers:
        of = _COUNTED.get(means(table, header) or "") if unit_of(header) is None else None
        unit = next((one for one in units if of and _may_count(one, of)), None)
        found.append(f"{header}({unit})" if unit else header)
    return tuple(found)


def _may_count(unit: str, of: str) -> bool:
    """Whether a unit such as 万人 or 千 counts what the characters ``of`` stand for."""
    read = _unit(unit)
    if read is None or read.kind != "number":
        return False
    noun = unit.strip("十百千万亿")
    return not noun or noun.isascii() or any(mark in of for mark in noun)


def _bare(cell: str) -> str:
    """A cell as it would stand in the brackets of a header."""
    return normalised(cell).strip("()[]【】").strip()


def _unit(text: str) -> Unit | None:
    return unit_of(f"x({text})")
