"""The first rows of a file as they may be shown before it is loaded: as written, and what is a person's masked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from analytics.loaders.columns import CODED_LOOSELY, Recognition
from analytics.loaders.private import MASK, free_text, is_personal_column, masked
from analytics.loaders.rows import NO_NUMBERS_OF_PERSONS
from analytics.loaders.sheet import Sheet, shown

ROWS_SHOWN = 5
_LOOKED_AT = 2_000
"""Rows by which a column is judged: a preview is there at once, and the load itself looks at all."""

_IDS = ("incident_id", "check_id", "team_id", "place_id")
_POSITIONS = ("lon", "lat")
_DATES_OF_PERSONS = ("birth_year",)
_BUSINESS_NUMBER = re.compile(r"[\w.\-/]{1,40}", re.ASCII)
# Within a longer number neither has an edge to be known by.
_NUMBER_OF_A_PERSON = re.compile(
    r"1[3-9][0-9]{9}|[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9][0-9]{3}[0-9Xx]"
)
# A word, or more digits than a date or a count has.
_MAY_BE_A_PERSONS = re.compile(r"[^\W\d_]|\d{9}")
_FINER_THAN_A_DISTRICT = re.compile(r"(?<=[0-9]{3})[0-9]+\.?[0-9]*|(\.[0-9]{2})[0-9]+")

Why = Literal["read", "private", "personal", "text", "left"]


@dataclass(frozen=True)
class Preview:
    """The first rows of a file.

    ``lines``: where each stands, 1-based as the user sees it. ``cells``: of each header, cut to what a table can show;
    those of private and personal columns are masked already. ``private``: positions of headers that are never kept;
    ``personal``: of those whose cells look like a person's numbers; ``texts``: of those that hold running text.
    """

    headers: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()
    private: frozenset[int] = frozenset()
    personal: frozenset[int] = frozenset()
    texts: frozenset[int] = frozenset()


NO_PREVIEW = Preview()


@dataclass(frozen=True)
class PreviewColumn:
    """One header as a table shows it: ``columns`` are those that will be read from it, and ``why`` says whether any is,
    and if not, for what reason."""

    header: str
    columns: tuple[str, ...]
    why: Why
    cells: tuple[str, ...]


def preview_of(sheet: Sheet, headers: tuple[str, ...], known: Recognition) -> Preview:
    """The first rows of ``sheet``; ``headers`` are its own, masked where they look personal."""
    looked_at = sheet.cells.iloc[:_LOOKED_AT]
    personal = {place for place in range(len(headers)) if is_personal_column(looked_at[place])}
    texts = {place for place in range(len(headers)) if place not in personal and free_text(looked_at[place])}
    cells = []
    for place in range(len(headers)):
        written = [text.strip() for text in masked(looked_at[place].iloc[:ROWS_SHOWN]).fillna("")]
        hidden = place in known.private or place in personal
        cells.append(tuple(MASK if hidden and text else shown(text) for text in written))
    lines = tuple(sheet.at(row)[1] for row in looked_at.index[:ROWS_SHOWN])
    return Preview(headers, lines, tuple(cells), frozenset(known.private), frozenset(personal), frozenset(texts))


def preview_columns(preview: Preview, picked: Mapping[str, str]) -> tuple[PreviewColumn, ...]:
    """Every header of the file with its first cells; ``picked``: column -> header, "" for none.

    What will not be read shows no word of its cells, and no long number: nobody knows what they are, and a name has no
    form to be told by.
    """
    found = []
    for position, header in enumerate(preview.headers):
        # Of two columns of one name the first is meant.
        first = bool(header) and preview.headers.index(header) == position
        picks = [column for column, picked_header in picked.items() if first and picked_header == header]
        whys = {column: _why_not(preview, position, column) for column in picks}
        read = tuple(column for column, why in whys.items() if why is None)
        why = "read" if read else next(iter(whys.values()), None) or _why_left(preview, position)
        cells = tuple(_cell(text, read, why) for text in preview.cells[position])
        found.append(PreviewColumn(header, read, why, cells))
    return tuple(found)


def _why_not(preview: Preview, position: int, column: str) -> Why | None:
    """Why ``column`` is not read from where it was picked, by the cells there; None: it is."""
    if position in preview.personal and column not in NO_NUMBERS_OF_PERSONS:
        return "personal"
    return "text" if position in preview.texts and column in CODED_LOOSELY else None


def _why_left(preview: Preview, position: int) -> Why:
    if position in preview.private:
        return "private"
    return "personal" if position in preview.personal else "left"


def _cell(text: str, read: tuple[str, ...], why: Why) -> str:
    if not text:
        return text
    if why != "read":
        return MASK if why != "left" or _MAY_BE_A_PERSONS.search(text) else text
    shown_as = {_read_cell(text, column) for column in read}
    return shown_as.pop() if len(shown_as) == 1 else MASK


def _read_cell(text: str, column: str) -> str:
    if column in _POSITIONS:
        return _FINER_THAN_A_DISTRICT.sub(r"\1…", text)
    if column in _IDS and (not _BUSINESS_NUMBER.fullmatch(text) or _NUMBER_OF_A_PERSON.search(text)):
        return MASK
    return MASK if column in (*_DATES_OF_PERSONS, "geometry") else text
