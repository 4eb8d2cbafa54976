"""The table of an exhibit as a file by its ending, with the title and the lines about it over it."""

from __future__ import annotations

import io

from analytics.exhibits.exhibit import Exhibit, as_csv, as_tabs, cells

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
    """Whole numbers are numbers; what a spreadsheet would take for a formula stays text."""
    from openpyxl import Workbook

    from analytics.loaders.spreadsheets import bold_font, plain_font, write_text

    book = Workbook()
    sheet = book.active
    over = [[line] for line in _over(exhibit)]
    head = len(over) + 2
    for at, line in enumerate([*over, [], *cells(exhibit)], start=1):
        for column, value in enumerate(line, start=1):
            cell = sheet.cell(at, column)
            cell.font = bold_font(exhibit.lang) if at in (1, head) else plain_font(exhibit.lang)
            if isinstance(value, str):
                write_text(cell, value)
            elif value == value:  # a cell of which nothing is known stays empty
                cell.value = value
    sheet.freeze_panes = sheet.cell(head + 1, 2)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _over(exhibit: Exhibit) -> list[str]:
    return [line for line in (exhibit.title, exhibit.hint, *exhibit.about) if line]
