import io
from dataclasses import replace
from datetime import date

import openpyxl
import pandas as pd
import pytest

from analytics.drawing import report_book
from analytics.drawing.report_book import COMMENTS_AT_MOST, report_workbook
from analytics.loaders import load_records
from analytics.loaders.report import Feed, LoadReport, PointsFound, RowNote, Unmatched
from analytics.loaders.sheet import SHEET_STEP
from analytics.words import LANGUAGES, phrase, say

WRONG_DATE = phrase("templates.what_time")
WRONG_AREA = phrase("templates.what_area")
DAYS = (date(2020, 1, 1), date(2020, 2, 3))


def report(**changes):
    """Ten rows of two worksheets: one refused, one repaired, one both repaired in two cells."""
    marked = pd.DataFrame(
        {"网格号": ["G1", "=2+3", "G3"], "发生时间": ["昨天", "2020-02-01", "@SUM"]},
        index=[SHEET_STEP + 4, SHEET_STEP + 9, 3],
    ).sort_index()
    found = LoadReport(
        table="incidents",
        source="事件.xlsx",
        read=10,
        accepted=7,
        refused=(RowNote("一月", 4, "发生时间", WRONG_DATE),),
        recognised={"area_id": "网格号", "occurred_at": "发生时间"},
        dropped_private=("姓名",),
        unused=("备注栏",),
        notes=(WRONG_AREA,),
        first_day=DAYS[0],
        last_day=DAYS[1],
        sheets=("总表", "一月"),
        repaired=(
            RowNote("一月", 9, "网格号", WRONG_AREA),
            RowNote("总表", 3, "网格号", WRONG_AREA),
            RowNote("总表", 3, "发生时间", WRONG_DATE),
        ),
        repaired_rows=2,
        unmatched=(Unmatched("=HYPERLINK(1)", 3, ("G1 衢化街道", "G2 花园街道")),),
        points=PointsFound(97, 3, 5, "GCJ02", 512.3, 2),
        feeds=(Feed("12345", 8, *DAYS, 30, 34, 27),),
        marked=marked,
    )
    return replace(found, **changes)


def clean(**changes):
    nothing = {"refused": (), "repaired": (), "repaired_rows": 0, "accepted": 10, "unmatched": (), "points": None}
    return report(**(nothing | {"marked": pd.DataFrame()} | changes))


def opened(lang, *reports):
    return openpyxl.load_workbook(io.BytesIO(report_workbook(lang, reports)))


def rows(page):
    return [list(row) for row in page.iter_rows(values_only=True)]


def text(page):
    return " ".join(str(value) for row in rows(page) for value in row if value is not None)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_overview_adds_up_and_tells_all_that_a_report_knows(lang):
    page = opened(lang, report()).worksheets[0]
    assert ["事件.xlsx", say(lang, "tables.incidents"), 10, 7, 2, 1, "2020-01-01", "2020-02-03"] in rows(page)
    for said in (
        "姓名",
        "备注栏",
        WRONG_AREA.text(lang),
        say(lang, "data.datum_gcj02"),
        "512",
        say(lang, "templates.report_outside_named", n=5, share="5.0%"),
        say(lang, "templates.report_swapped", n=2),
        say(lang, "templates.header_incidents_occurred_at"),
    ):
        assert said in text(page), said
    feed = [say(lang, "templates.word_channel_12345"), 30, 34, 8, 27, "2020-01-01", "2020-02-03"]
    assert feed in [row[:7] for row in rows(page)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_note_is_a_row_in_the_order_of_the_file(lang):
    page = opened(lang, report()).worksheets[1]
    refused, repaired = say(lang, "templates.report_refused"), say(lang, "templates.report_repaired")
    assert rows(page)[1:] == [
        ["事件.xlsx", "总表", 3, "网格号", repaired, WRONG_AREA.text(lang)],
        ["事件.xlsx", "总表", 3, "发生时间", repaired, WRONG_DATE.text(lang)],
        ["事件.xlsx", "一月", 4, "发生时间", refused, WRONG_DATE.text(lang)],
        ["事件.xlsx", "一月", 9, "网格号", repaired, WRONG_AREA.text(lang)],
    ]
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:F5"


def test_the_cells_at_fault_and_no_others_are_marked_and_say_why():
    page = opened("zh", report()).worksheets[3]
    assert page.title == "1 事件"
    marked = {cell.coordinate: cell for row in page.iter_rows(min_row=3) for cell in row if cell.fill.fill_type}
    assert [cell.value for cell in page[3]][:3] == ["总表", 3, "修正"]
    assert [cell.value for cell in page[4]][:3] == ["一月", 4, "退回"]
    assert set(marked) == {"E3", "F3", "F4", "E5"}
    assert marked["F4"].comment.text == WRONG_DATE.text("zh")
    assert {cell.border.left.style for cell in marked.values()} == {"medium"}
    assert page["D3"].value == f"{WRONG_AREA.text('zh')} {WRONG_DATE.text('zh')}"


def test_what_to_do_is_wrapped_so_that_it_is_read_in_full():
    book = opened("zh", report())
    for page, column, first in ((book.worksheets[1], "F", 2), (book.worksheets[3], "D", 3)):
        cells = [page[f"{column}{row}"] for row in range(first, page.max_row + 1)]
        assert all(cell.value and cell.alignment.wrap_text for cell in cells)
        assert page.column_dimensions[column].width >= 60


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_row_is_as_high_as_what_is_to_do_is_long(lang):
    long = phrase("store.load_damaged", file="f" * 40, number=1, source="s" * 120)
    page = opened(lang, report(repaired=(), repaired_rows=0, accepted=9, refused=(RowNote("一月", 4, "类别", long),)))
    for sheet, row, width in ((page.worksheets[1], 2, 90), (page.worksheets[3], 4, 60)):
        letters = sum(2 if ord(letter) > 0x2E80 else 1 for letter in long.text(lang))
        assert sheet.row_dimensions[row].height >= 14 * letters / width


def test_what_looks_like_a_formula_is_text_on_every_sheet():
    book = opened("zh", report(source="=cmd.xlsx", dropped_private=("+姓名", "#N/A"), unused=("-1",)))
    cells = [cell for page in book for row in page.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert {cell.data_type for cell in cells} == {"s"}
    risky = [cell for cell in cells if cell.value[0] in "=+-@#"]
    assert {cell.value for cell in risky} >= {"=cmd.xlsx", "+姓名", "#N/A", "-1", "=HYPERLINK(1)", "=2+3", "@SUM"}
    assert all(cell.quotePrefix for cell in risky)


def test_control_characters_do_not_stop_a_report():
    assert "甲乙" in text(opened("zh", report(unused=("甲\x00\x0b乙",))).worksheets[0])


def test_a_report_is_grey_since_colour_means_a_tier():
    filled = {
        cell.fill.fgColor.rgb
        for page in opened("zh", report())
        for row in page.iter_rows()
        for cell in row
        if cell.fill.fill_type
    }
    assert filled
    for colour in filled:
        channels = bytes.fromhex(colour)[1:]
        assert max(channels) - min(channels) < 16, colour


def test_without_a_fault_the_sheets_say_that_there_is_none():
    book = opened("en", clean())
    assert len(book.worksheets) == 3
    assert rows(book.worksheets[1])[1][0] == say("en", "templates.report_no_rows")
    assert rows(book.worksheets[2])[1][0] == say("en", "templates.report_all_matched")


def test_two_files_of_one_table_have_sheets_of_their_own():
    titles = opened("en", report(), report(source="b.csv")).sheetnames
    assert titles[3:] == ["1 Incidents", "2 Incidents"]


def many(n):
    lines = range(2, n + 2)
    return clean(
        read=n,
        accepted=0,
        refused=tuple(RowNote("", line, "网格号", WRONG_AREA) for line in lines),
        sheets=("",),
        marked=pd.DataFrame({"网格号": ["G9"] * n}, index=list(lines)),
    )


def test_beyond_the_first_comments_a_cell_is_still_marked_and_its_reason_stands_beside_it():
    page = opened("zh", many(COMMENTS_AT_MOST + 5)).worksheets[3]
    cells = [row[4] for row in page.iter_rows(min_row=3)]
    assert sum(cell.comment is not None for cell in cells) == COMMENTS_AT_MOST
    assert all(cell.fill.fill_type == "solid" for cell in cells)
    assert page.cell(page.max_row, 4).value == WRONG_AREA.text("zh")
    assert str(COMMENTS_AT_MOST) in page["A1"].value


def test_what_does_not_fit_into_a_worksheet_is_cut_and_said(monkeypatch):
    monkeypatch.setattr(report_book, "_ROWS_OF_A_SHEET", 4)
    book = opened("zh", many(7))
    for page, header in ((book.worksheets[1], 1), (book.worksheets[3], 2)):
        assert page.max_row == header + 4 + 1
        assert page.cell(page.max_row, 1).value == say("zh", "templates.report_cut", shown=4, left=3)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_damaged_file_gives_a_book_in_which_its_faults_are_marked(lang):
    areas = "区域编码,名称,层级\nG1,一号网格,网格\nG2,二号网格,网格\n".encode()
    matters = "事件编号,区域编码,发生时间,类别,是否满意\na,G1,2020-02-30,噪声,是\nb,G2,2020-02-01,噪声,也许\n"
    matters += "c,G7,2020-02-01,噪声,\nd,G1,2020-02-01,噪声,否\n"
    files = {"areas": ("a.csv", areas), "incidents": ("i.csv", matters.encode())}
    _, reports = load_records(files, date(2020, 3, 1))
    found = reports[1]
    book = opened(lang, *reports)
    noted = rows(book.worksheets[1])[1:]
    assert {(row[2], row[3]) for row in noted if row[0] == "i.csv"} == {
        (2, "发生时间"),
        (3, "是否满意"),
        (4, "区域编码"),
    }
    assert (found.accepted, found.repaired_rows, len(found.refused)) == (1, 1, 2)
    page = book.worksheets[-1]
    headers = [cell.value for cell in page[2]]
    marked = {
        (row[1].value, headers[cell.column - 1])
        for row in page.iter_rows(min_row=3)
        for cell in row
        if cell.fill.fill_type
    }
    assert marked == {(2, "发生时间"), (3, "是否满意"), (4, "区域编码")}
    assert text(book.worksheets[2]).count("G7") == 1
