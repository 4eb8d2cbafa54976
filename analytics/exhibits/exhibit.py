"""One chart, table or map of a page to take along, with all that it needs to be read elsewhere inside; and its table as
a file for a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import geopandas as gpd
import pandas as pd

from analytics.exhibits.captions import Caption
from analytics.marks import Mark, Slant
from analytics.wording.numbers import NOTHING
from analytics.words import Language, say

Kind = Literal["table", "stacked", "lines", "map"]

_CHARACTERS_OF_A_TITLE = 60
_DEFUSED = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula; one with East Asian settings takes full-width signs too."""


@dataclass(frozen=True, eq=False)
class MapContent:
    """What a map shows: ``shapes`` (index ``area_id``, with geometry), each with a brief ``name`` and a ``tier``, in
    this order; ``context``, water and roads; the ``marks`` of the areas that have some, by their ids, and which way
    ``lines`` run over those that have any."""

    shapes: gpd.GeoDataFrame
    context: gpd.GeoDataFrame | None
    names: tuple[str, ...]
    tiers: tuple[str, ...]
    marks: Mapping[str, tuple[Mark, ...]]
    lines: Mapping[str, Slant] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Exhibit:
    """What is shown and what has to stand beside it.

    ``table``: as it is shown, its columns and its index named by words; a small count is told as such, a missing value
    as the words for it. ``about``: lines on cut-off, filters, release, scheme and source. ``kind``: ``stacked`` are
    counts of areas (rows: days, columns: the words for ``tiers.SHOWN``, in that order), ``lines`` numbers (rows: days,
    columns: series). A ``map`` has a row for each area.
    """

    lang: Language
    title: str
    hint: str
    about: tuple[str, ...]
    table: pd.DataFrame
    kind: Kind = "table"
    map: MapContent | None = None
    legend: Mapping[str, int] = field(default_factory=dict)
    """Over a map: how many areas are in each tier. Over stacked counts it is their last row."""
    marks: Mapping[Mark, str] = field(default_factory=dict)
    """On a map: what each mark on it means, with the number of areas that have it."""
    day: date | None = None
    """The day that it is of, where that is not the day of its page."""
    heading: str = ""
    """What stands over it: that it is internal, and the number of the copy; nothing over what is for the public."""


@dataclass(frozen=True, eq=False)
class PendingExhibit:
    """An exhibit that is made when it is asked for: a menu shows its title before that."""

    title: str
    make: Callable[[], Exhibit]
    """Raises ``UserError`` where it cannot be made."""


CaptionMaker = Callable[[], Caption]
"""Makes the caption of an exhibit when the exhibit is made: it takes a look into the release."""


def pending_table(
    lang: Language, title: str, caption: CaptionMaker, make: Callable[[], pd.DataFrame], *,
    kind: Kind = "table", hint: str = "", **blanks: object,
) -> PendingExhibit:  # fmt: skip
    """A table or a chart under the words of ``title``, whose ``blanks`` are filled; ``make`` gives its table. Under the
    title stands the ``hint``, else the place of the caption."""
    said = say(lang, title, **blanks)

    def exhibit() -> Exhibit:
        beside = caption()
        return Exhibit(lang, said, hint or beside.place, beside.lines, make(), kind)

    return PendingExhibit(said, exhibit)


def named(lang: Language, table: pd.DataFrame, index: str) -> pd.DataFrame:
    """A table with the words for its columns and its index."""
    return table.rename(columns=lambda key: say(lang, f"exhibits.{key}")).rename_axis(say(lang, f"exhibits.{index}"))


def numbered(lang: Language, table: pd.DataFrame) -> pd.DataFrame:
    """The same, with its rows counted from 1."""
    return named(lang, table.set_axis(range(1, len(table) + 1)), "number")


def file_name(exhibit: Exhibit, day: date, ending: str) -> str:
    """What it is and of which day (its own, else ``day``), in characters that every file system takes."""
    title = re.sub(r"\W+", "_", exhibit.title)[:_CHARACTERS_OF_A_TITLE].strip("_")
    return say(exhibit.lang, "exhibits.file", title=title, day=f"{exhibit.day or day}") + f".{ending}"


def as_csv(exhibit: Exhibit) -> bytes:
    """The whole table in UTF-8 with the byte order mark that Excel wants; over it the title and the lines about it."""
    made = io.StringIO(newline="")
    rows = csv.writer(made, lineterminator="\r\n")
    for line in (exhibit.heading, exhibit.title, exhibit.hint, *exhibit.about):
        if line:
            rows.writerow([_defused(line)])
    rows.writerow([])
    rows.writerows(cells(exhibit))
    return made.getvalue().encode("utf-8-sig")


def as_tabs(exhibit: Exhibit) -> str:
    """The table as text that a spreadsheet takes when it is pasted."""
    return "\n".join("\t".join(str(cell) for cell in row) for row in cells(exhibit))


def cells(exhibit: Exhibit) -> list[list[object]]:
    """Header and rows, the index in front; texts that a spreadsheet would run as a formula are made harmless."""
    table = exhibit.table
    header = [table.index.name or "", *table.columns]
    return [
        [_defused(cell) for cell in header],
        *([_defused(cell) for cell in (index, *row)] for index, *row in table.itertuples(name=None)),
    ]


def _defused(cell: object) -> object:
    if not isinstance(cell, str):
        return "" if cell is None else cell
    text = " ".join(cell.split())
    if not text.startswith(_DEFUSED) or text in (NOTHING, "-"):
        return text
    try:
        float(text.rstrip("%"))
    except ValueError:
        return f"'{text}"
    return text
