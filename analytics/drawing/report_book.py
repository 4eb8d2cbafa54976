"""The report of a load as a spreadsheet: what became of each file, row by row, with the cells at fault marked."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from unicodedata import east_asian_width

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from analytics import PROGRAM
from analytics.loaders.report import Feed, LoadReport, RowNote
from analytics.loaders.sheet import SHEET_STEP
from analytics.loaders.spreadsheets import (
    HEADER_FILL,
    INDENTED,
    MARK_BORDER,
    MARK_FILL,
    ROWS_AT_MOST,
    RULE,
    WRAPPED,
    bold_font,
    is_formula_like,
    plain_font,
    printable,
    quiet_font,
    write_text,
)
from analytics.wording.loads import column_heading, position_lines
from analytics.words import Language, keys, say

COMMENTS_AT_MOST = 1_000
"""Comments on one sheet: each is a drawing of its own, and some thousands make a workbook slow to open."""

_ROWS_OF_A_SHEET = ROWS_AT_MOST - 10  # leaves room for header and closing sentence
_NAME_AT_MOST = 31  # characters of a worksheet's name, by the specification of Excel
_WRAPPED_IN_THE_MIDDLE = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
_LINE_HEIGHT = 15.0  # points
_MARGIN = 5  # characters of a column that wrapping and indenting leave empty
_COMMENT_SIZE = {"width": 320, "height": 110}


@dataclass(frozen=True, slots=True)
class _Marked:
    """What stands in a cell at fault that carries no comment."""

    text: str | None


@dataclass(frozen=True, slots=True)
class _Sentence:
    """What is long and must be read in full."""

    text: str


_Value = str | int | None


def report_workbook(lang: Language, reports: Sequence[LoadReport]) -> bytes:
    """An Excel workbook of one or more loads.

    Sheets: an overview; every repaired or refused row with what to do; areas that were not matched; then, for each
    file with such rows, their cells (``LoadReport.marked``), those at fault marked. What does not fit into a worksheet
    of Excel is cut, and the sheet says so.
    """
    book = Workbook(write_only=True)
    book.properties.title, book.properties.keywords = say(lang, "templates.report_title"), PROGRAM
    widths = (30, 30, 13, 13, 13, 13, 14, 14)
    _write_overview(_Page(book, say(lang, "templates.report_overview"), lang, widths), reports)
    widths = (30, 16, 9, 18, 9, 90)
    _write_notes(_Page(book, say(lang, "templates.report_rows"), lang, widths, frozen="A2"), reports)
    widths = (30, 28, 9, 60)
    _write_unmatched(_Page(book, say(lang, "templates.report_unmatched"), lang, widths, frozen="A2"), reports)
    for number, report in enumerate(reports, 1):
        if not report.marked.empty:
            title = f"{number} {_table(lang, report.table)}"[:_NAME_AT_MOST]
            widths = (16, 9, 9, 60, *[16] * report.marked.shape[1])
            _write_marked(_Page(book, title, lang, widths, frozen="A3"), report)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


class _Page:
    """A worksheet that is written from the top down, so that 200,000 rows take little memory."""

    def __init__(self, book: Workbook, title: str, lang: Language, widths: Sequence[int], frozen: str | None = None):
        self.sheet: WriteOnlyWorksheet = book.create_sheet(title)
        self.lang = lang
        self.written = 0
        self._widths = widths
        for number, width in enumerate(widths, 1):
            self.sheet.column_dimensions[get_column_letter(number)].width = width
        self.sheet.freeze_panes = frozen
        self.sheet.page_setup.orientation = "landscape"
        self.sheet.sheet_properties.pageSetUpPr.fitToPage = True
        self.sheet.page_setup.fitToHeight = 0
        self._plain, self._quoted, self._at_fault = self.styled(None), self.styled("="), self.marked("=")
        self._sentence = self.styled(None)
        self._sentence.alignment = _WRAPPED_IN_THE_MIDDLE

    def say(self, key: str, **params: object) -> str:
        return say(self.lang, key, **params)

    def row(self, values: Iterable[_Value | Cell | _Marked | _Sentence]) -> None:
        """A row of plain cells; a cell that was made by ``styled`` stays as it is."""
        values = list(values)
        self.written += 1
        lines = max(
            ceil(_width(value.text) / (room - _MARGIN)) if isinstance(value, _Sentence) else 1
            for value, room in zip(values or [None], self._widths, strict=False)
        )
        if lines > 1:
            self.sheet.row_dimensions[self.written].height = lines * _LINE_HEIGHT
        self.sheet.append(self._cells(values))

    def header(self, texts: Iterable[str]) -> None:
        cells = [self.styled(text, bold_font(self.lang), wrapped=True) for text in texts]
        for cell in cells:
            cell.fill, cell.border = HEADER_FILL, RULE
        self.row(cells)

    def styled(self, value: _Value, font: Font | None = None, *, wrapped: bool = False) -> Cell:
        cell = WriteOnlyCell(self.sheet)
        _put(cell, value)
        cell.font = font or plain_font(self.lang)
        cell.alignment = WRAPPED if wrapped else INDENTED
        return cell

    def marked(self, value: _Value, comment: str | None = None) -> Cell:
        """A cell at fault."""
        cell = self.styled(value)
        cell.fill, cell.border = MARK_FILL, MARK_BORDER
        if comment:
            cell.comment = Comment(printable(comment), "", **_COMMENT_SIZE)
        return cell

    def cut(self, left: int) -> None:
        """Say at the end of a sheet what is not on it."""
        if left > 0:
            sentence = self.say("templates.report_cut", shown=_ROWS_OF_A_SHEET, left=left)
            self.row([self.styled(sentence, bold_font(self.lang))])

    def _cells(self, values: Iterable[_Value | Cell | _Marked | _Sentence]) -> Iterator[Cell | None]:
        # A row is written cell by cell, so that one cell serves for all of one style: making each anew takes minutes.
        for value in values:
            if value is None or isinstance(value, Cell):
                yield value
            elif isinstance(value, _Marked):
                _put(self._at_fault, value.text)
                yield self._at_fault
            elif isinstance(value, _Sentence):
                _put(self._sentence, value.text)
                yield self._sentence
            else:
                cell = self._quoted if isinstance(value, str) and is_formula_like(value) else self._plain
                _put(cell, value)
                yield cell


def _width(text: str) -> int:
    """Of a text in characters of a column: an ideograph takes two."""
    return sum(2 if east_asian_width(letter) in "WFA" else 1 for letter in text)


def _put(cell: Cell, value: _Value) -> None:
    if isinstance(value, str):
        write_text(cell, value)
    else:
        cell.value = value


def _write_overview(page: _Page, reports: Sequence[LoadReport]) -> None:
    page.sheet.row_dimensions[1].height = 26
    page.row([page.styled(page.say("templates.report_title"), bold_font(page.lang, 14))])
    page.row([page.styled(page.say("templates.report_sum"), quiet_font(page.lang))])
    page.row([])
    page.header(
        page.say(key)
        for key in (
            "templates.report_file",
            "templates.report_table",
            "templates.report_read",
            "templates.report_accepted",
            "templates.report_repaired",
            "templates.report_refused",
            "templates.report_first",
            "templates.report_last",
        )
    )
    for report in reports:
        counts = (report.read, report.accepted, report.repaired_rows, len(report.refused))
        days = (_day(report.first_day), _day(report.last_day))
        page.row([report.source, _table(page.lang, report.table), *counts, *days])
    for report in reports:
        page.row([])
        page.row([page.styled(f"{report.source} · {_table(page.lang, report.table)}", bold_font(page.lang, 12))])
        _write_columns(page, report)
        _write_list(page, "templates.report_notes", [note.text(page.lang) for note in report.notes])
        if report.points:
            _write_list(page, "templates.report_points", position_lines(page.lang, report.points))
        if report.feeds:
            _write_feeds(page, report.feeds)


def _write_columns(page: _Page, report: LoadReport) -> None:
    keys_of_header = ("templates.report_recognised", "templates.report_header")
    page.header(page.say(key) for key in keys_of_header)
    for column, header in report.recognised.items():
        page.row([column_heading(page.lang, report.table, column), header])
    none = page.say("templates.report_none")
    _write_list(page, "templates.report_private", report.dropped_private or [none])
    _write_list(page, "templates.report_unused", report.unused or [none])


def _write_list(page: _Page, key: str, texts: Sequence[str]) -> None:
    for number, text in enumerate(texts):
        page.row([page.styled(page.say(key), bold_font(page.lang)) if number == 0 else None, text])


def _write_feeds(page: _Page, feeds: Sequence[Feed]) -> None:
    page.header(
        page.say(key)
        for key in (
            "templates.report_feed",
            "templates.report_feed_days",
            "templates.report_feed_span",
            "templates.report_feed_rows",
            "templates.report_feed_lag",
            "templates.report_first",
            "templates.report_last",
        )
    )
    for feed in feeds:
        key = f"templates.word_channel_{feed.feed}"
        named = page.say(key) if key in keys() else feed.feed or page.say("templates.report_whole")
        days = (_day(feed.first_day), _day(feed.last_day))
        page.row([named, feed.days_with_records, feed.days, feed.rows, feed.lag_days, *days])


def _write_notes(page: _Page, reports: Sequence[LoadReport]) -> None:
    headers = (
        "templates.report_file",
        "templates.report_sheet",
        "templates.report_row",
        "templates.report_column",
        "templates.report_outcome",
        "templates.report_reason",
    )
    page.header(page.say(key) for key in headers)
    total = sum(len(report.refused) + len(report.repaired) for report in reports)
    shown = min(total, _ROWS_OF_A_SHEET)
    page.sheet.auto_filter.ref = f"A1:{get_column_letter(len(headers))}{shown + 1}"
    outcomes = {False: page.say("templates.report_refused"), True: page.say("templates.report_repaired")}
    for report in reports:
        for note, repaired in _in_order(report):
            if page.written > shown:
                break
            reason = note.reason.text(page.lang)
            page.row([report.source, note.sheet, note.line, note.column, outcomes[repaired], _Sentence(reason)])
    if not total:
        page.row([page.say("templates.report_no_rows")])
    page.cut(total - shown)


def _write_unmatched(page: _Page, reports: Sequence[LoadReport]) -> None:
    headers = (
        "templates.report_file",
        "templates.report_written",
        "templates.report_feed_rows",
        "templates.report_suggestions",
    )
    page.header(page.say(key) for key in headers)
    found = [(report.source, area) for report in reports for area in report.unmatched]
    for source, area in found[:_ROWS_OF_A_SHEET]:
        page.row([source, area.written, area.rows, " / ".join(area.suggestions)])
    if not found:
        page.row([page.say("templates.report_all_matched")])
    page.cut(len(found) - _ROWS_OF_A_SHEET)


def _write_marked(page: _Page, report: LoadReport) -> None:
    """The offending rows of one file; under the columns at fault the cells are marked and say why."""
    marked = report.marked
    page.row([page.styled(page.say("templates.report_marked", n=COMMENTS_AT_MOST), quiet_font(page.lang))])
    own = ("templates.report_sheet", "templates.report_row", "templates.report_outcome", "templates.report_reason")
    page.header([*(page.say(key) for key in own), *map(str, marked.columns)])
    shown = min(len(marked), _ROWS_OF_A_SHEET)
    page.sheet.auto_filter.ref = f"A2:{get_column_letter(len(own) + marked.shape[1])}{shown + 2}"
    notes: dict[tuple[str, int], list[tuple[RowNote, bool]]] = {}
    for note, repaired in _in_order(report):
        notes.setdefault((note.sheet or "", note.line), []).append((note, repaired))
    outcomes = {False: page.say("templates.report_refused"), True: page.say("templates.report_repaired")}
    headers = [str(header) for header in marked.columns]
    comments = 0
    for place, *texts in marked.iloc[:shown].itertuples(name=None):
        number, line = divmod(int(place), SHEET_STEP)
        sheet = report.sheets[number]
        of_row = notes.get((sheet, line), [])
        why: dict[str | None, str] = {}
        for note, _ in of_row:
            said = note.reason.text(page.lang)
            why[note.column] = f"{why[note.column]} {said}" if note.column in why else said
        outcome = outcomes[all(repaired for _, repaired in of_row)] if of_row else None
        cells: list[_Value | Cell | _Marked | _Sentence] = [
            sheet or None,
            line,
            outcome,
            _Sentence(" ".join(why.values())),
        ]
        for header, text in zip(headers, texts, strict=True):
            text = None if pd.isna(text) else str(text)
            if header in why and comments < COMMENTS_AT_MOST:
                comments += 1
                cells.append(page.marked(text, why[header]))
            else:
                cells.append(_Marked(text) if header in why else text)
        page.row(cells)
    page.cut(len(marked) - shown)


def _in_order(report: LoadReport) -> Iterable[tuple[RowNote, bool]]:
    """Notes with whether the row was repaired, in the order of the file."""
    order = {name: number for number, name in enumerate(report.sheets)}
    found = [*((note, False) for note in report.refused), *((note, True) for note in report.repaired)]
    return sorted(found, key=lambda pair: (order.get(pair[0].sheet or "", 0), pair[0].line))


def _day(day: date | None) -> str | None:
    return None if day is None else f"{day:%Y-%m-%d}"


def _table(lang: Language, table: str) -> str:
    return say(lang, f"tables.{table}")
