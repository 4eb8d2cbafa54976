"""One chart, table or map of a page to take along: as a picture or for a spreadsheet, with all that it needs to be read
elsewhere inside."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

import pandas as pd

from analytics import tiers
from analytics.briefing.typesetting import typeset
from analytics.drawing.cards import marked, short_day
from analytics.drawing.charts import DASHES, SERIES
from analytics.tiers import LOOKS
from analytics.words import Language, say

Kind = Literal["table", "stacked", "lines", "map"]
Form = Literal["csv", "png", "svg"]
FORMS: tuple[Form, ...] = get_args(Form)
"""The table first: it is there where a picture cannot be drawn."""

MEDIA: Mapping[Form, str] = {"png": "image/png", "svg": "image/svg+xml", "csv": "text/csv"}
ROWS_IN_A_PICTURE = 40
LONG = 30
"""Half-width characters from which a column shares out what room the others leave."""
_NUMBER = re.compile(r"(<|[+−-])?\d[\d,.]*%?|—")
_CHARACTERS_OF_A_TITLE = 60
_DEFUSED = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


@dataclass(frozen=True, eq=False)
class Exhibit:
    """What is shown and what has to stand beside it.

    ``table``: as it is shown, its columns and its index named by words; a small count is told as such, a missing value
    as the words for it. ``about``: lines on cut-off, filters, release, scheme and source. ``kind``: ``stacked`` are
    counts of areas (rows: days, columns: the words for ``tiers.SHOWN``, in that order), ``lines`` numbers (rows: days,
    columns: series). ``picture`` is the SVG of a ``map``, whose table has a row for each area.
    """

    lang: Language
    title: str
    hint: str
    about: tuple[str, ...]
    table: pd.DataFrame
    kind: Kind = "table"
    picture: str = ""
    legend: Mapping[str, int] = field(default_factory=dict)
    """Over a map: how many areas are in each tier. Over stacked counts it is their last row."""
    marks: tuple[str, ...] = ()
    """On a map with changes: the words for the mark of a heavier and for that of a lighter area."""
    day: date | None = None
    """The day that it is of, where that is not the day of its page."""


def exhibit_file(exhibit: Exhibit, form: Form) -> bytes:
    """The file; raises :class:`BriefingError` where a picture cannot be made."""
    return as_csv(exhibit) if form == "csv" else typeset("exhibit", drawn(exhibit), form, 192, _pictures(exhibit))


def file_name(exhibit: Exhibit, day: date, form: Form) -> str:
    """What it is and of which day (its own, else ``day``), in characters that every file system takes."""
    title = re.sub(r"\W+", "_", exhibit.title)[:_CHARACTERS_OF_A_TITLE].strip("_")
    return say(exhibit.lang, "exhibits.file", title=title, day=f"{exhibit.day or day}") + f".{form}"


def as_csv(exhibit: Exhibit) -> bytes:
    """The whole table in UTF-8 with the byte order mark that Excel wants; over it the title and the lines about it."""
    made = io.StringIO(newline="")
    rows = csv.writer(made, lineterminator="\r\n")
    for line in (exhibit.title, exhibit.hint, *exhibit.about):
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
    if not text.startswith(_DEFUSED) or text in ("—", "-"):
        return text
    try:
        float(text.rstrip("%"))
    except ValueError:
        return f"'{text}"
    return text


def drawn(exhibit: Exhibit) -> Mapping[str, object]:
    """What the template needs to draw it."""
    table = exhibit.table
    shown = table.head(ROWS_IN_A_PICTURE)
    more = len(table) - len(shown)
    data: dict[str, object] = {
        "lang": exhibit.lang,
        "kind": exhibit.kind,
        "title": exhibit.title,
        "hint": exhibit.hint,
        "about": list(exhibit.about),
        "looks": {
            tier: {"fill": look.fill, "on_fill": look.on_fill, "mark": look.mark} for tier, look in LOOKS.items()
        },
        "legend": [
            {
                "tier": tier,
                "text": say(exhibit.lang, "exhibits.legend", tier=marked(exhibit.lang, tier), n=count),
                "meaning": say(exhibit.lang, f"tiers.meaning_{tier}"),
            }
            for tier, count in _legend(exhibit).items()
        ],
        "marks": list(exhibit.marks),
    }
    if exhibit.kind == "table":
        rows = [[table.index.name or "", *table.columns], *shown.itertuples(name=None)]
        texts = [[_written(cell) for cell in row] for row in rows]
        by_words = {marked(exhibit.lang, tier): tier for tier in tiers.SHOWN}
        columns = list(zip(*texts, strict=True))
        data["rows"] = [[{"text": text, "tier": by_words.get(text, "")} for text in row] for row in texts]
        data["right"] = [False, *(all(_NUMBER.fullmatch(text) for text in column[1:]) for column in columns[1:])]
        data["widths"] = [_width(column) for column in columns]
        data["more"] = say(exhibit.lang, "exhibits.more_rows", n=more) if more else ""
    elif exhibit.kind != "map":
        data["labels"] = [short_day(exhibit.lang, day) for day in table.index]
        data["series"] = _series(exhibit)
    return data


def _legend(exhibit: Exhibit) -> Mapping[str, int]:
    if exhibit.kind == "stacked":
        return dict(zip(tiers.SHOWN, exhibit.table.iloc[-1].to_list(), strict=True))
    return exhibit.legend


def _width(column: tuple[str, ...]) -> int:
    """The longest text of a long column in half-width characters, which is its share of the room; 0: no more than it
    needs."""
    longest = max(sum(1 if ord(sign) < 0x2E80 else 2 for sign in text) for text in column)
    return longest if longest > LONG else 0


def _written(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:,.1f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def _series(exhibit: Exhibit) -> list[Mapping[str, object]]:
    stacked = exhibit.kind == "stacked"
    return [
        {
            "name": str(column),
            "values": [float(value) for value in exhibit.table[column]],
            "tier": tiers.SHOWN[number] if stacked else "",
            "colour": SERIES[number % len(SERIES)],
            "dash": {"dot": "dotted", "dash": "dashed", "dashdot": "dash-dotted"}.get(
                DASHES[number % len(DASHES)], "solid"
            ),
        }
        for number, column in enumerate(exhibit.table)
    ]


def _pictures(exhibit: Exhibit) -> Mapping[str, bytes]:
    return {"map.svg": exhibit.picture.encode()} if exhibit.picture else {}
