"""What became of a finding, in files of checks: dates that cannot be, halves of a handover, and names of persons."""

import pytest

from analytics.loaders import load_records
from analytics.loaders.columns import recognise
from analytics.loaders.findings import FOLLOW_UP
from tests.scoring.small_world import TODAY, csv, three_areas

CHECK = {"area_id": "A", "kind": "inspection", "checked_at": "2020-02-01 09:00", "outcome": "finding"}


def loaded(*rows):
    """The checks and what their report says of cells, in Chinese."""
    made = [{"check_id": f"JC{at}"} | CHECK | row for at, row in enumerate(rows)]
    held, reports = load_records({"areas": csv(three_areas()), "checks": csv(made)}, TODAY)
    (report,) = (one for one in reports if one.table == "checks")
    return held.checks, report


def said(report):
    return " ".join(note.reason.text("zh") for note in report.repaired)


@pytest.mark.parametrize(
    ("header", "column"),
    [("告知日期", "told_at"), ("整改期限", "fix_by"), ("移交部门", "handed_to"), ("移交文号", "handed_number"),
     ("Notified on", "told_at"), ("Comply by", "fix_by"), ("Referred to", "handed_to"), ("移送函号", "handed_number")],
)  # fmt: skip
def test_real_headers_are_known(header, column):
    known = recognise("checks", ["检查编号", "场所编号", "检查类型", "检查时间", "检查结果", header], {}).columns
    assert known.get(column) == 5


def test_a_file_without_them_is_stored_as_it_always_was():
    checks, report = loaded({})
    assert not set(FOLLOW_UP) & set(checks)
    assert not report.repaired


def test_they_are_kept_as_days_and_words():
    row = {"told_at": "2020-02-01", "fix_by": "2020年3月1日", "handed_to": "消防救援站", "handed_number": "街移3号"}
    checks, report = loaded(row)
    assert f"{checks['told_at'][0]:%Y-%m-%d} {checks['fix_by'][0]:%Y-%m-%d}" == "2020-02-01 2020-03-01"
    assert (checks["handed_to"][0], checks["handed_number"][0]) == ("消防救援站", "街移3号")
    assert not report.repaired


@pytest.mark.parametrize(
    ("row", "blank", "sentence"),
    [
        ({"told_at": "2020-01-31"}, "told_at", "告知日期2020年1月31日早于走访时间2020年2月1日"),
        ({"fix_by": "2020-01-20"}, "fix_by", "整改期限2020年1月20日早于走访时间2020年2月1日"),
        ({"fix_by": "7天"}, "fix_by", "整改期限"),
        ({"told_at": "已告知"}, "told_at", "告知日期"),
        ({"told_at": "2031-01-01"}, "told_at", "2031年1月1日"),
        (
            {"handed_to": "张伟", "handed_number": "3号"},
            "handed_to",
            "“移交部门”要填岗位或部门，此格像是人名，已留空。",
        ),
        ({"handed_to": "王所长", "handed_number": "3号"}, "handed_to", "像是人名"),
        ({"handed_to": "13800001234", "handed_number": "3号"}, "handed_to", "移交部门"),
    ],
)
def test_what_cannot_be_is_left_blank_and_told(row, blank, sentence):
    fine = {"told_at": "2020-02-01", "fix_by": "2020-03-01", "handed_to": "消防救援站", "handed_number": "3号"}
    checks, report = loaded(*(fine for _ in range(20)), row)
    assert checks[blank].isna().tolist() == [False] * 20 + [True]
    assert sentence in said(report)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"handed_to": "", "handed_number": "街移〔2020〕3号"}, "有移交文号而没有移交部门：隐患仍按未整改统计。"),
        ({"handed_to": "消防救援站", "handed_number": ""}, "有移交部门而没有移交文号：隐患仍按未整改统计。"),
    ],
)
def test_half_of_a_handover_is_kept_and_told(row, sentence):
    checks, report = loaded(row)
    assert [checks["handed_to"].notna()[0], checks["handed_number"].notna()[0]] == [bool(cell) for cell in row.values()]
    assert sentence in said(report)
