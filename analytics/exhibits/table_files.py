"""The table of an exhibit as a file by its ending, with the title and the lines about it over it."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from analytics.exhibits.exhibit import Exhibit, as_csv, as_tabs, cells
from analytics.wording.numbers import NOTHING

_WRITTEN = re.compile(r"([+−-]?)((?:0|[1-9][0-9]{0,2})(?:,[0-9]{3})*)((?:[.][0-9]+)?)(%?)")
"""A number as exhibits write it. They set commas, so that four digits without one are a year, or a code or number of
the office, which stays text as one with leading zeros does."""

ENDINGS = (".txt", ".csv", ".xlsx")


def table_file(exhibit: Exhibit, ending: str) -> bytes:
    """A text with tabs, a CSV or a workbook of one sheet."""
    if ending == ".csv":
        return as_csv(exhibit)
    return as_workbook(exhibit) if ending == ".xlsx" else as_text(exhibit).encode()


def as_text(exhibit: Exhibit) -> str:
    """Title, hint and the lines about it, and the table with tabs between its cells."""
    return "\n".join([*_over(exhibit), "", as_tabs(exhibit), ""])


def as_workbook(exhibit: Exhibit) -> bytes:
    """Numbers and percentages are numbers that show as they were written, so that they can be summed and sorted: in
    every column, save the first, whose cells all tell one or nothing. What would be taken for a formula stays text."""
    from openpyxl import Workbook

    from analytics.loaders.spreadsheets import bold_font, plain_font, write_text

    book = Workbook()
    sheet = book.active
    over = [[line] for line in _over(exhibit)]
    head = len(over) + 2
    header, *rows = cells(exhibit)
    numeric = _numeric(rows)
    for at, line in enumerate([*over, [], header, *rows], start=1):
        for column, value in enumerate(line, start=1):
            cell = sheet.cell(at, column)
            cell.font = bold_font(exhibit.lang) if at in (1, head) else plain_font(exhibit.lang)
            told = _WRITTEN.fullmatch(value) if isinstance(value, str) and at > head and column in numeric else None
            if told:
                cell.value, cell.number_format = _number(told), _shown_as(told)
            elif isinstance(value, str):
                write_text(cell, value)
            elif value == value:  # a cell of which nothing is known stays empty
                cell.value = value
    sheet.freeze_panes = sheet.cell(head + 1, 2)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _numeric(rows: Sequence[Sequence[object]]) -> frozenset[int]:
    """The columns, counted from 1, of which every text is a number, a percentage or a dash."""
    columns = enumerate(zip(*rows, strict=True), start=1)
    texts = {at: {one for one in column if isinstance(one, str)} - {NOTHING, ""} for at, column in columns if at > 1}
    return frozenset(at for at, held in texts.items() if all(map(_WRITTEN.fullmatch, held)))


def _number(told: re.Match[str]) -> int | float:
    sign, whole, part, percent = told.groups()
    digits = sign.replace("−", "-") + whole.replace(",", "") + part
    if percent:
        # As many decimals as are written, so that 83% is 0.83 and nothing beside it.
        return round(float(digits) / 100, len(part) + 2)
    return float(digits) if part else int(digits)


def _shown_as(told: re.Match[str]) -> str:
    """The format under which a number looks as it was written."""
    sign, whole, part, percent = told.groups()
    plain = ("#,##0" if "," in whole else "0") + re.sub("[0-9]", "0", part) + percent
    return f'+{plain};"−"{plain};{plain}' if sign in ("+", "−") else plain


def _over(exhibit: Exhibit) -> list[str]:
    return [line for line in (exhibit.heading, exhibit.title, exhibit.hint, *exhibit.about) if line]
