"""One chart, table or map of a page to take along: as a picture or for a spreadsheet, with all that it needs to be read
elsewhere inside."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import pandas as pd

from analytics import tiers
from analytics.briefing.typesetting import typeset
from analytics.drawing.charts import DASHES, SERIES
from analytics.tiers import LOOKS
from analytics.words import Language, say

Kind = Literal["table", "stacked", "lines", "map"]
Form = Literal["png", "svg", "csv"]
FORMS: tuple[Form, ...] = get_args(Form)

MEDIA: Mapping[Form, str] = {"png": "image/png", "svg": "image/svg+xml", "csv": "text/csv"}
ROWS_IN_A_PICTURE = 40
_DEFUSED = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


@dataclass(frozen=True, eq=False)
class Exhibit:
    """What is shown and what has to stand beside it.

    ``table``: as it is shown, its columns and its index named by words; a small count is told as such, a missing value
    as the words for it. ``about``: lines on cut-off, filters, release, scheme and source. ``kind``: ``stacked`` are
    counts of areas (rows: moments, columns: the words for ``tiers.SHOWN``, in that order), ``lines`` numbers (columns:
    series). ``picture`` is the SVG of a ``map``, whose table has a row for each area.
    """

    lang: Language
    title: str
    hint: str
    about: tuple[str, ...]
    table: pd.DataFrame
    kind: Kind = "table"
    picture: str = ""
    legend: Mapping[str, int] = field(default_factory=dict)
    """Under a map: how many areas are in each tier."""


def exhibit_file(exhibit: Exhibit, form: Form) -> bytes:
    """The file; raises :class:`BriefingError` where a picture cannot be made."""
    return as_csv(exhibit) if form == "csv" else typeset("exhibit", drawn(exhibit), form, 192, _pictures(exhibit))


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
                "text": say(exhibit.lang, "exhibits.legend", tier=say(exhibit.lang, f"tiers.{tier}"), n=count),
            }
            for tier, count in exhibit.legend.items()
        ],
    }
    if exhibit.kind == "table":
        numeric = [pd.api.types.is_numeric_dtype(table[column]) for column in table]
        data["rows"] = [[_written(cell) for cell in row] for row in _rows(shown)]
        data["right"] = [False, *numeric]
        data["more"] = say(exhibit.lang, "exhibits.more_rows", n=more) if more else ""
    elif exhibit.kind != "map":
        data["labels"] = [str(label) for label in table.index]
        data["series"] = _series(exhibit)
    return data


def _rows(table: pd.DataFrame) -> list[Sequence[object]]:
    return [[table.index.name or "", *table.columns], *table.itertuples(name=None)]


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
