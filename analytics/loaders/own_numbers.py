"""The column with the numbers that a source gives its records, where no header is one of those in general use.

Each system has a word of its own for them: 案卷编号, 受理单号, 立案号, "Service Request No". A column is taken for them
where its header ends like one of numbers and is not the number of something else (a house, a person, a device), and
its cells tell the records apart. Without it two matters of one kind, day and area in two files would be
taken for the same one. Of numbers whose header does not say that they are those of records only hashes are kept.
"""

from __future__ import annotations

import re

from analytics.loaders import values
from analytics.loaders.columns import Recognition, is_count, is_measure, numbers_of, own_id_of, simplified, upper_level
from analytics.loaders.private import is_personal_column
from analytics.loaders.row_numbers import counts_rows
from analytics.loaders.sheet import Sheet

_LOOKED_AT = 10_000  # rows
_LONGEST = 60
_MOSTLY, _ALMOST_ALL = 0.5, 0.9

_ENDING = re.compile(r"(?:编号|编码|代号|号|id|no|#)$")
_LATIN_ENDINGS = frozenset(["id", "no", "nr", "num", "number", "ref", "reference", "key", "uid", "uuid", "guid", "#"])
_NOT_OF = {
    "incidents": ("persons", "kinds", "offices", "houses", "rooms"),
    "checks": ("persons", "kinds", "offices", "houses", "rooms"),
    "places": ("persons", "kinds", "offices", "rooms"),
}
"""Table -> of what else the numbers may be (``numbers_of`` in columns.yaml)."""


def number_column(table: str, sheet: Sheet, known: Recognition) -> int | None:
    """The position of the column with the numbers of the records of ``table``; None where ``known`` has one already, or
    none can be it."""
    own_id = own_id_of(table)
    if own_id is None or table not in _NOT_OF or own_id in known.columns:
        return None
    able = [place for place in known.others if _is_header(table, sheet.headers[place]) and _numbers(sheet, place)]
    return min(able, key=lambda place: (not _of_records(sheet.headers[place]), place), default=None)


def _plain(header: str) -> str:
    return re.sub(r"[\s_.:：-]+$|\([^()]*\)$", "", simplified(header).casefold().strip())


def may_be_of_persons(table: str, header: str) -> bool:
    """Whether the header does not say that the numbers are those of records, or of places: nobody knows whether they
    lead to a person."""
    of = _what_of(_plain(header))
    own = ("records", "houses") if table == "places" else ("records",)
    if of is None or not re.search(r"[^\W\d_a-z]", of):
        return set(_words(header)).isdisjoint(word for kind in own for word in numbers_of(f"{kind}_latin"))
    persons = (word for word in numbers_of("persons") if len(word) > 1)
    return not of.endswith(tuple(word for kind in own for word in numbers_of(kind))) or any(map(of.count, persons))


def _is_header(table: str, header: str) -> bool:
    if is_measure(header) or is_count(header) or upper_level(header):
        return False
    plain = _plain(header)
    if re.search(r"[^\W\d_a-z]", plain):
        of = _what_of(plain)
        others = tuple(word for kind in _NOT_OF[table] for word in numbers_of(kind))
        return of is not None and not of.endswith(others) and not any(word in of for word in numbers_of("references"))
    words = _words(header)
    latin = {word for kind in (*_NOT_OF[table], "references") for word in numbers_of(f"{kind}_latin")}
    return len(words) > 1 and words[-1] in _LATIN_ENDINGS and latin.isdisjoint(words)


def _words(header: str) -> list[str]:
    return re.findall(r"[a-z]+|#", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", simplified(header)).casefold())


def _of_records(header: str) -> bool:
    """Whether the header speaks of a matter, a visit or a register, and is believed sooner."""
    of = _what_of(_plain(header))
    return bool(of) and of.endswith(numbers_of("records"))


def _what_of(plain: str) -> str | None:
    """What a header of numbers is one of; None where it is none of numbers."""
    ending = _ENDING.search(plain)
    return plain[: ending.start()].rstrip(" _-的") if ending else None


def _numbers(sheet: Sheet, position: int) -> bool:
    """Whether the cells are numbers that tell the records apart; a column whose header speaks for it may repeat some,
    as a file does that holds a matter twice."""
    cells = values.cleaned(sheet.cells[position])
    filled = cells.dropna()
    if len(filled) <= _MOSTLY * len(cells):
        return False
    few = filled.head(_LOOKED_AT)
    if values.matches(few, "[0-9]").mean() < _ALMOST_ALL or few.str.len().median() > _LONGEST:
        return False
    least = _MOSTLY if _of_records(sheet.headers[position]) else _ALMOST_ALL
    if filled.nunique() <= least * len(filled) or values.decimals(few).any():
        return False
    return not is_personal_column(sheet.cells[position]) and not counts_rows(
        values.codes_plain(cells), len(sheet.refused)
    )
