"""An exhibit as a picture or a file: the typesetter draws it, with all that it needs to be read elsewhere inside."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from analytics import PROGRAM, tiers
from analytics.briefing.appearance import Appearance
from analytics.briefing.map import map_svg, mark_files
from analytics.briefing.typesetting import typeset
from analytics.drawing.ground import ground_of
from analytics.drawing.palette import DASHES, SERIES
from analytics.exhibits.exhibit import Exhibit, MapContent, as_csv
from analytics.exhibits.table_files import as_workbook
from analytics.file_kinds import ExhibitFormat
from analytics.tiers import LOOKS
from analytics.wording.dates import short_day
from analytics.wording.numbers import NOTHING
from analytics.wording.tiers import marked
from analytics.words import say

MAP_WIDTH, MAP_HEIGHT = 1350, 850
PIXELS_AN_INCH = 192
ROWS_IN_A_PICTURE = 40
LONG = 30
"""Half-width characters from which a column shares out what room the others leave."""
ROOM, GAP = 132, 3
"""How many of them a line of a table has, and how many stand between two columns."""
_NUMBER = re.compile(rf"(<|[+−-])?\d[\d,.]*%?|{NOTHING}")
_TYPST_DASHES: Mapping[str, str] = {"dot": "dotted", "dash": "dashed", "dashdot": "dash-dotted", "solid": "solid"}
"""What the typesetter calls the dashes of the palette."""


def exhibit_file(exhibit: Exhibit, form: ExhibitFormat) -> bytes:
    """The file; raises :class:`BriefingError` where a picture cannot be made."""
    if form == "csv":
        return as_csv(exhibit)
    if form == "xlsx":
        return as_workbook(exhibit)
    pictures = {"map.svg": map_picture(exhibit.map).encode(), **mark_files(Appearance())} if exhibit.map else {}
    return typeset("exhibit", drawn(exhibit), form, PIXELS_AN_INCH, pictures)


def map_picture(content: MapContent) -> str:
    """The map as an SVG, with the marks of its areas."""
    ids = content.shapes.index
    return map_svg(
        ground_of(content.shapes, content.context),
        list(content.names),
        list(content.tiers),
        width=MAP_WIDTH,
        height=MAP_HEIGHT,
        marks={ids.get_loc(area_id): marks for area_id, marks in content.marks.items()},
        lines={ids.get_loc(area_id): way for area_id, way in content.lines.items()},
    ).svg


def drawn(exhibit: Exhibit) -> Mapping[str, object]:
    """What the template needs to draw it."""
    table = exhibit.table
    shown = table.head(ROWS_IN_A_PICTURE)
    more = len(table) - len(shown)
    data: dict[str, object] = {
        "lang": exhibit.lang,
        "kind": exhibit.kind,
        "heading": exhibit.heading,
        "title": exhibit.title,
        "program": PROGRAM,
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
        "marks": [{"mark": mark, "text": said} for mark, said in exhibit.marks.items()],
    }
    if exhibit.kind == "table":
        rows = [[table.index.name or "", *table.columns], *shown.itertuples(name=None)]
        texts = [[_written(cell) for cell in row] for row in rows]
        by_words = {
            marked(exhibit.lang, tier, carried=carried): (tier, carried)
            for tier in tiers.SHOWN
            for carried in (False, True)
        }
        columns = list(zip(*texts, strict=True))
        data["rows"] = [
            [
                dict(zip(("text", "tier", "carried"), (text, *by_words.get(text, ("", False))), strict=True))
                for text in row
            ]
            for row in texts
        ]
        data["right"] = [False, *(all(_NUMBER.fullmatch(text) for text in column[1:]) for column in columns[1:])]
        data["widths"] = widths = _widths(columns)
        data["wide"] = max(1, sum(widths) / ROOM)
        data["more"] = say(exhibit.lang, "exhibits.more_rows", n=more) if more else ""
    elif exhibit.kind != "map":
        data["labels"] = [short_day(exhibit.lang, day) for day in table.index]
        data["series"] = _series(exhibit)
    return data


def _legend(exhibit: Exhibit) -> Mapping[str, int]:
    if exhibit.kind == "stacked":
        return dict(zip(tiers.SHOWN, exhibit.table.iloc[-1].to_list(), strict=True))
    return exhibit.legend


def _widths(columns: Sequence[tuple[str, ...]]) -> list[int]:
    """The share of the room of each column: the longest text of a long one in half-width characters; 0: no more than
    it needs. Where all would need more than there is, each has a share, and heads run over several lines."""
    longest = [max(map(_half_widths, column)) for column in columns]
    if sum(longest) + GAP * len(columns) <= ROOM:
        return [width if width > LONG else 0 for width in longest]
    # A head is broken between words, and Chinese between any two signs.
    words = [re.findall("[ -~]+?(?= |$)|[ -~]+|[^ -~]{1,6}", column[0]) for column in columns]
    heads = [max(map(_half_widths, found), default=0) for found in words]
    bodies = [max(map(_half_widths, column[1:]), default=0) for column in columns]
    return [GAP + max(min(body, LONG), min(head, LONG)) for head, body in zip(heads, bodies, strict=True)]


def _half_widths(text: str) -> int:
    return sum(1 if ord(sign) < 0x2E80 else 2 for sign in text)


def _written(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:,.1f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def _series(exhibit: Exhibit) -> list[Mapping[str, object]]:
    stacked = exhibit.kind == "stacked"
    return [
        {
            "name": str(column),
            "values": [None if pd.isna(value) else float(value) for value in exhibit.table[column]],
            "tier": tiers.SHOWN[number] if stacked else "",
            "colour": SERIES[number % len(SERIES)],
            "dash": _TYPST_DASHES[DASHES[number % len(DASHES)]],
        }
        for number, column in enumerate(exhibit.table)
    ]
