"""What is taken along as a table holds every row, and what it needs to be read elsewhere."""

import csv
import io
import re
from dataclasses import replace
from datetime import date

import openpyxl
import pandas as pd
import pytest

from analytics.exhibits.exhibit import Exhibit, as_csv, as_tabs, file_name
from analytics.exhibits.table_files import as_workbook

ABOUT = ("截至2026年10月31日24时", "筛选：云桥社区", "来源：虚构")


def exhibit(table, kind="table", **more):
    return Exhibit("zh", "各等级区域数", "每周末", ABOUT, table, kind, **more)


def read(content):
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in content
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_spreadsheet_gets_title_lines_and_every_row():
    table = pd.DataFrame({"数": range(100), "名": [f"第{n}网格" for n in range(100)]}, index=range(1, 101))
    rows = read(as_csv(exhibit(table.rename_axis("位次"))))
    assert [row[0] for row in rows[:5]] == ["各等级区域数", "每周末", *ABOUT]
    assert rows[6] == ["位次", "数", "名"]
    assert rows[-1] == ["100", "99", "第99网格"]
    assert len(rows) == 7 + 100


@pytest.mark.parametrize(
    "cell", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠a", " =1"]
)
def test_no_text_is_run_by_a_spreadsheet(cell):
    rows = read(as_csv(exhibit(pd.DataFrame({cell: [cell]}, index=pd.Index([cell], name=cell)))))
    for row in rows[-2:]:
        assert all(not text.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")) for text in row)
    assert all(not text.startswith("=") for text in as_tabs(exhibit(pd.DataFrame({"a": [cell]}))).split())


def test_numbers_changes_and_dashes_stay_what_they_are():
    table = pd.DataFrame({"a": [-3, 2], "b": ["+1", "-2.5"], "c": ["—", "<10"]})
    assert [row[1:] for row in read(as_csv(exhibit(table)))[-2:]] == [["-3", "+1", "—"], ["2", "-2.5", "<10"]]


def test_days_are_days():
    table = pd.DataFrame({"数": [1]}, index=[date(2026, 10, 31)])
    assert read(as_csv(exhibit(table, "stacked")))[-1][0] == "2026-10-31"


def test_a_file_name_says_what_and_when_in_safe_characters():
    day, older = date(2026, 10, 31), date(2026, 10, 24)
    named = file_name(replace(exhibit(pd.DataFrame()), title='为什么：a/b\\c*?"<网格>' * 9), day, "csv")
    assert re.fullmatch(r"为什么_a_b_c_网格_[\w]+_2026-10-31\.csv", named)
    assert len(named.encode()) < 255
    assert file_name(exhibit(pd.DataFrame(), day=older), day, "png") == f"各等级区域数_{older}.png"


def test_numbers_of_a_workbook_can_be_summed_and_codes_stay_text():
    columns = {
        "应做": ["100", "1,234", "—"],
        "完成率": ["83%", "99.5%", "—"],
        "环比": ["+2.3", "−0.4", "0.0"],
        "编号": ["007", "012", "3"],
        "工单": ["20261001", "20261002", "1"],
        "说明": ["5", "约6", "7"],
        "无": ["—", "—", "—"],
    }
    made = exhibit(pd.DataFrame(columns, index=pd.Index(["1", "2", "3"], name="区域")))
    sheet = openpyxl.load_workbook(io.BytesIO(as_workbook(made))).active
    rows = [list(row) for row in sheet.iter_rows(min_row=sheet.max_row - 2)]
    held = {name: [row[at].value for row in rows] for at, name in enumerate(["区域", *columns])}
    assert held["应做"] == [100, 1234, "—"]
    assert held["完成率"] == [0.83, 0.995, "—"]
    assert held["环比"] == [2.3, -0.4, 0.0]
    for name in ("编号", "工单", "说明", "无"):
        assert held[name] == columns[name]
    assert held["区域"] == ["1", "2", "3"]
    formats = [[row[at].number_format for at in (1, 2, 3)] for row in rows[:2]]
    assert formats == [["0", "0%", '+0.0;"−"0.0;0.0'], ["#,##0", "0.0%", '+0.0;"−"0.0;0.0']]
