"""Excel templates of the record kinds: headers that are known at loading, explanations, lists, area codes."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from analytics.loaders.columns import codes_of
from analytics.loaders.made_up import made_up_rows
from analytics.loaders.points import finest
from analytics.loaders.records import FLAGS
from analytics.loaders.spreadsheets import (
    HEADER_FILL,
    HINT_FILL,
    INDENTED,
    ROWS_AT_MOST,
    RULE,
    WRAPPED,
    bold_font,
    plain_font,
    quiet_font,
    write_text,
)
from analytics.words import Language, phrase, say

_PLACE_KINDS = ("building", "household", "shop", "rental", "venue")
_CHECK_KINDS = (
    "visit",
    "patrol",
    "inspection",
    "sweep",
    "call",
    "round",
    "building_round",
    "elder_visit",
    "record_check",
)
_AGE_BANDS = ("0-17", "18-59", "60-69", "70-79", "80+")

# A table takes other words in these columns as they are written.
_OPEN = ("category", "channel", "severity", "status", "kind", "every")

_TEXT = "@"  # the format in which Excel leaves codes and dates as they are typed


@dataclass(frozen=True)
class _Column:
    name: str
    what: str
    width: int = 14
    needed: bool = False


_TIME = "templates.what_time"
_LIST = "templates.what_list"
_WHOLE = "templates.what_whole"
_AREA = _Column("area_id", "templates.what_area", 16, needed=True)
_POSITION = (_Column("lon", "templates.what_degrees"), _Column("lat", "templates.what_degrees"))

_COLUMNS = {
    "areas": (
        _Column("area_id", "templates.what_own_code", 16, needed=True),
        _Column("name", "templates.what_name", 26, needed=True),
        _Column("name_en", "templates.what_name_en", 26),
        _Column("level", _LIST, needed=True),
        _Column("parent_id", "templates.what_parent", 16),
        _Column("population", _WHOLE, 12),
        _Column("households", _WHOLE, 12),
        _Column("buildings", _WHOLE, 12),
        _Column("shops", _WHOLE, 12),
        _Column("on_site", "templates.what_on_site", 14),
        _Column("official_code", "templates.what_official", 20),
    ),
    "residents": (
        _AREA,
        _Column("count", "templates.what_count", 12),
        _Column("age_band", _LIST),
        _Column("lives_alone", _LIST),
        _Column("tenure", _LIST),
        _Column("origin", _LIST),
        _Column("as_of", "templates.what_day"),
    ),
    "incidents": (
        _Column("incident_id", "templates.what_own_id", 18, needed=True),
        _AREA,
        *_POSITION,
        _Column("occurred_at", _TIME, 18, needed=True),
        _Column("reported_at", _TIME, 18),
        _Column("category", _LIST, 36, needed=True),
        _Column("channel", _LIST, 20),
        _Column("severity", _LIST),
        _Column("status", _LIST),
        _Column("due_at", _TIME, 18),
        _Column("closed_at", _TIME, 18),
        _Column("satisfied", _LIST, 12),
        _Column("repeated", _LIST, 12),
        _Column("returned", _LIST, 12),
        _Column("extended", _LIST, 12),
        _Column("signed_for", _LIST, 12),
    ),
    "places": (
        _Column("place_id", "templates.what_own_id", 18, needed=True),
        _AREA,
        *_POSITION,
        _Column("kind", _LIST, 22, needed=True),
        _Column("capacity", "templates.what_number", 12),
        _Column("use", "templates.what_text", 18),
        _Column("registered", _LIST, 12),
        _Column("beds", "templates.what_number", 12),
    ),
    "checks": (
        _Column("check_id", "templates.what_own_id", 18, needed=True),
        _Column("place_id", "templates.what_place", 18),
        _Column("area_id", "templates.what_area", 16),
        _Column("kind", _LIST, 22, needed=True),
        _Column("checked_at", _TIME, 18, needed=True),
        _Column("outcome", _LIST, 24, needed=True),
        _Column("team_id", "templates.what_team", 16),
        _Column("told_at", "templates.what_told", 18),
        _Column("fix_by", "templates.what_fix_by", 18),
        _Column("handed_to", "templates.what_handed_to", 20),
        _Column("handed_number", "templates.what_handed_number", 20),
    ),
    "teams": (
        _Column("team_id", "templates.what_own_id", 18, needed=True),
        _Column("name", "templates.what_team_name", 20, needed=True),
        _Column("department", "templates.what_departments", 20),
        _Column("members", _WHOLE, 12, needed=True),
        _Column("home_area_id", "templates.what_area", 16),
        _Column("skills", "templates.what_text", 20),
        _Column("hours_per_day", "templates.what_number", 12),
        _Column("lead_post", "templates.what_lead_post", 18),
    ),
    "agreements": (
        _Column("table", _LIST),
        _Column("feed", "templates.what_feed", 18),
        _Column("unit", "templates.what_text", 20),
        _Column("every", _LIST, needed=True),
        _Column("by_hour", "templates.what_hour", 12),
        _Column("zero_report", _LIST, 12),
        _Column("post", "templates.what_post", 18),
        _Column("since", "templates.what_since"),
    ),
    "reports": (
        _Column("table", _LIST),
        _Column("feed", "templates.what_feed", 18),
        _Column("area_id", "templates.what_area", 16),
        _Column("from_day", "templates.what_day", needed=True),
        _Column("to_day", "templates.what_day"),
    ),
    "orders": (
        _Column("order_id", "templates.what_order", 18, needed=True),
        _Column("at_least", _LIST, needed=True),
        _Column("area_id", "templates.what_order_area", 20),
        _Column("basis", "templates.what_basis", 24, needed=True),
        _Column("from_day", "templates.what_ordered_day", needed=True),
        _Column("to_day", "templates.what_ordered_day", needed=True),
        _Column("measure", "templates.what_text", 30),
        _Column("scheme", "templates.what_scheme", 18),
    ),
    "holidays": (
        _Column("day", "templates.what_day", needed=True),
        _Column("working", _LIST, 16, needed=True),
        _Column("name", "templates.what_text", 20),
    ),
    "given_values": (
        _AREA,
        _Column("day", "templates.what_day", needed=True),
        _Column("value", "templates.what_value", 18),
    ),
}

_NUMERIC = (_WHOLE, "templates.what_count", "templates.what_number", "templates.what_degrees", "templates.what_value")

_EXAMPLE_DEGREES = {"lon": "118.87000", "lat": "28.97000"}


def template(table: str, lang: Language, areas: pd.DataFrame | None, *, made_up: bool, today: date) -> bytes:
    """An Excel workbook to fill in with records of ``table`` (a name of ``TABLES``).

    Row 1 are headers (* = needed), row 2 explanations, which loading skips. With ``areas`` (as in ``Records``) the
    codes of the finest level stand on a second sheet and in a list; the template of the areas itself is filled in with
    them. ``made_up`` fills 20 made-up rows with times before ``today`` and says so in the file.
    """
    book = Workbook()
    page = book.active
    name = say(lang, f"tables.{table}")
    page.title = say(lang, "templates.made_up_sheet", table=name) if made_up else name
    key = "templates.made_up_title" if made_up else "templates.title"
    book.properties.title = book.properties.description = say(lang, key, table=name)
    book.properties.created = datetime(today.year, today.month, today.day)  # noqa: DTZ001 - Excel knows no zones
    with_codes = table not in ("areas", "holidays") and areas is not None and len(areas)
    listed = _list_areas(book, lang, finest(areas)) if with_codes else None
    _write_head(page, table, lang, areas_listed=listed is not None, made_up=made_up)
    _write_lists(page, table, lang, listed)
    if made_up:
        _write_rows(page, table, lang, made_up_rows(table, lang, areas, today))
    elif table == "areas" and areas is not None:
        _write_rows(page, table, lang, areas.reset_index())
    _set_print(page)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _list_areas(book: Workbook, lang: Language, areas: pd.DataFrame) -> str:
    """A second sheet with codes and names; the range of the codes as a formula names it."""
    page = book.create_sheet(say(lang, "templates.codes_sheet"))
    # Its headers are none that a table knows, so that loading passes over the sheet.
    titles = ("templates.codes_code", "templates.codes_name", "templates.codes_parent")
    for number, (title, width) in enumerate(zip(titles, (18, 32, 18), strict=True), 1):
        _write_header(page, number, say(lang, title), lang)
        _format_column(page, number, lang, width, _TEXT)
    rows = zip(areas.index, areas["name"], areas["parent_id"], strict=True)
    for line, row in enumerate(rows, 2):
        for number, text in enumerate(row, 1):
            if pd.notna(text):
                cell = page.cell(line, number)
                cell.font, cell.number_format, cell.alignment = plain_font(lang), _TEXT, INDENTED
                write_text(cell, str(text))
    page.freeze_panes = "A2"
    return f"{quote_sheetname(page.title)}!$A$2:$A${len(areas) + 1}"


def _write_head(page: Worksheet, table: str, lang: Language, *, areas_listed: bool, made_up: bool) -> None:
    for number, column in enumerate(_COLUMNS[table], 1):
        header = say(lang, f"templates.header_{table}_{column.name}")
        _write_header(page, number, f"{header}*" if column.needed else header, lang)
        _format_column(page, number, lang, column.width, "General" if column.what in _NUMERIC else _TEXT)
        hint = _hint(table, column, lang, areas_listed=areas_listed)
        if made_up and number == 1:
            hint = say(lang, "templates.made_up_row", hint=hint)
        cell = page.cell(2, number)
        write_text(cell, hint)
        cell.font, cell.fill, cell.border, cell.alignment = quiet_font(lang), HINT_FILL, RULE, WRAPPED
    page.row_dimensions[1].height = 24
    page.row_dimensions[2].height = _hint_height(page)
    page.freeze_panes = "B3"


def _hint_height(page: Worksheet) -> float:
    """The height in points at which the longest explanation is seen whole; Excel does not fit it by itself."""
    lines = 1.0
    for cell in page[2]:
        units = sum(1 if character.isascii() else 1.9 for character in cell.value)
        lines = max(lines, units / (page.column_dimensions[cell.column_letter].width - 2))
    return 13 * (int(lines) + 1) + 6


def _hint(table: str, column: _Column, lang: Language, *, areas_listed: bool) -> str:
    """The explanation under a header."""
    choices = [word for _, word in _choices(table, column.name, lang)]
    key, params = column.what, {}
    if choices:
        key = "templates.what_open_list" if column.name in _OPEN else _LIST
        params = {"words": choices}
    elif areas_listed and key == "templates.what_area":
        key, params = "templates.what_area_listed", {"sheet": phrase("templates.codes_sheet")}
    elif column.name in _EXAMPLE_DEGREES:
        params = {"example": _EXAMPLE_DEGREES[column.name]}
    need = "templates.required" if column.needed else "templates.optional"
    return say(lang, need, what=say(lang, key, **params))


def _write_lists(page: Worksheet, table: str, lang: Language, listed: str | None) -> None:
    for number, column in enumerate(_COLUMNS[table], 1):
        words = [word for _, word in _choices(table, column.name, lang)]
        if words:
            source = f'"{",".join(words)}"'
        elif listed and column.name in ("area_id", "home_area_id"):
            source = listed
        else:
            continue
        rule = DataValidation("list", formula1=source, allow_blank=True, errorStyle="warning")
        rule.showErrorMessage = column.name not in _OPEN
        rule.error = say(lang, "templates.list_error")
        letter = get_column_letter(number)
        rule.add(f"{letter}3:{letter}{ROWS_AT_MOST}")
        page.add_data_validation(rule)


def _choices(table: str, column: str, lang: Language) -> list[tuple[object, str]]:
    """Value and word of each entry of a column's list; none for a column without one."""
    if column == "age_band":
        return [(band, band) for band in _AGE_BANDS]
    if column in ("lives_alone", "satisfied", *FLAGS, "registered", "zero_report"):
        return [(True, say(lang, "templates.word_flag_yes")), (False, say(lang, "templates.word_flag_no"))]
    if column == "working":
        return [(True, say(lang, "templates.word_working_work")), (False, say(lang, "templates.word_working_off"))]
    if column == "at_least":
        return [(code, say(lang, f"templates.word_tier_{code}")) for code in dict.fromkeys(codes_of("tier").values())]
    if column == "kind":
        codes = _PLACE_KINDS if table == "places" else _CHECK_KINDS
    elif column == "table":
        codes = tuple(dict.fromkeys(codes_of("feed_table").values()))
    elif column in (
        "level",
        "tenure",
        "every",
        "at_least",
        "origin",
        "category",
        "channel",
        "status",
        "severity",
        "outcome",
    ):
        codes = tuple(dict.fromkeys(codes_of(column).values()))
    else:
        return []
    return [(code, say(lang, f"templates.word_{column}_{code}")) for code in codes]


def _write_rows(page: Worksheet, table: str, lang: Language, rows: pd.DataFrame) -> None:
    """``rows`` (canonical columns and codes) in words, from row 3 on."""
    font = plain_font(lang)
    for number, column in enumerate(_COLUMNS[table], 1):
        words = dict(_choices(table, column.name, lang))
        # Areas have English names only where a file gave them.
        for line, value in enumerate(rows.get(column.name, ()), 3):
            if value is None or pd.isna(value):
                continue
            cell = page.cell(line, number)
            cell.font, cell.alignment = font, INDENTED
            if column.what in _NUMERIC:
                cell.value = int(value) if value == int(value) else float(value)
            else:
                cell.number_format = _TEXT
                write_text(cell, _written(words.get(value, value), column.what))


def _written(value: object, what: str) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}" if what == _TIME else f"{value:%Y-%m-%d}"
    return str(value)


def _write_header(page: Worksheet, number: int, text: str, lang: Language) -> None:
    cell = page.cell(1, number)
    write_text(cell, text)
    cell.font, cell.fill, cell.border = bold_font(lang), HEADER_FILL, RULE
    cell.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)


def _format_column(page: Worksheet, number: int, lang: Language, width: int, number_format: str) -> None:
    """Width, and how the cells that are still empty will be read."""
    column = page.column_dimensions[get_column_letter(number)]
    column.width, column.font, column.number_format = width, plain_font(lang), number_format
    column.alignment = INDENTED


def _set_print(page: Worksheet) -> None:
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_setup.fitToHeight = 0
    page.print_title_rows = "1:2"
