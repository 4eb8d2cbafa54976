"""Assignments from a shell: entered in three words, taken on step by step, listed, and written to a file."""

import csv
import io
from datetime import timedelta

import openpyxl
import pytest

from analytics.__main__ import main
from analytics.office import today, working_days_after
from analytics.store.ledger import Ledger
from analytics.words import day, say


@pytest.fixture
def said(capsys, monkeypatch, tmp_path):
    """Run a command on an empty home: its code, what it printed, and what went wrong."""
    monkeypatch.setenv("FIVE_COLOUR_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("getpass.getuser", lambda: "甲")

    def run(*words):
        capsys.readouterr()
        code = main(list(words))
        held = capsys.readouterr()
        return code, held.out, held.err

    run.home = tmp_path / "home"
    return run


def add(said, content="核查楼道堆物", *more):
    return said("task-add", content, "--post", "平安办", "--days", "3", *more)


def test_an_assignment_goes_from_entry_to_sign_off_and_is_told_at_each_step(said):
    assert said("tasks") == (0, say("zh", "tasks.no_lines") + "\n", "")
    due = working_days_after(today(), 3, {})
    assert add(said) == (0, f"已登记第1号交办，期限{day('zh', due)}。\n", "")
    assert said("task-step", "1", "progress", "--text", "已约谈", "--lang", "en")[1] == (
        "Assignment no. 1: progress was noted.\n"
    )
    assert "在办" in said("tasks")[1]
    assert said("task-step", "1", "report", "--text", "街办〔2026〕12号")[0] == 0
    code, _, err = said("task-step", "1", "sign-off", "--lang", "en")
    assert (code, "needs the post that checked" in err) == (2, True)
    assert said("task-step", "1", "sign-off", "--post", "督查室")[1] == "第1号交办已销号。\n"
    code, out, _ = said("tasks")
    assert (code, out.count("\n")) == (0, 1)
    assert out.startswith("1  销号  期限")
    assert "街办〔2026〕12号" in out
    assert said("audit", "verify")[0] == 0
    assert [one.action for one in Ledger.open(None, said.home).audit()] == [
        *("assign", "assignment_progress", "assignment_report", "assignment_sign_off"),
    ]


def test_an_extension_is_asked_for_and_agreed_to(said):
    add(said)
    later = working_days_after(today(), 3, {}) + timedelta(days=7)
    assert said("task-step", "1", "extend", "--text", "雨天", "--due", f"{later}")[0] == 0
    assert "申请延至" in said("tasks")[1]
    assert said("task-step", "1", "agree", "--post", "督查室")[0] == 0
    assert "（原" in said("tasks")[1]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("task-add", "致电13800000000", "--post", "平安办", "--days", "3"), "a mobile number"),
        (("task-add", "核查", "--post", "平安办", "--days", "0"), "working days"),
        (("task-add", "核查", "--post", "平安办", "--days", "2000000000"), "working days"),
        (("task-add", "核查", "--post", "平安办", "--days", "3", "--area", "A9"), "no area with the code"),
        (("task-add", "核查", "--post", "王小明", "--days", "3"), "person’s name"),
        (("task-step", "4", "report", "--text", "无"), "no assignment no. 4"),
        (("tasks", "--out", "list.pdf"), ".xlsx"),
    ],
)
def test_what_cannot_be_is_a_sentence_and_nothing_is_written(said, words, told):
    code, out, err = said(*words, "--lang", "en")
    assert (code, out, told in err) == (2, "", True)
    assert Ledger.open(None, said.home).audit() == ()


def test_the_same_twice_is_refused(said):
    add(said)
    code, out, err = add(said)
    assert (code, out, "第1号交办内容、岗位和期限都相同" in err) == (2, "", True)


def test_a_role_that_may_not_is_told_who_may(said, monkeypatch):
    add(said)
    monkeypatch.setenv("FIVE_COLOUR_ROLE", "leader")
    assert "系统管理员" in add(said, "另一件")[2]
    monkeypatch.setenv("FIVE_COLOUR_ROLE", "keeper")
    said("task-step", "1", "report", "--text", "已整改")
    assert "无权复核销号" in said("task-step", "1", "sign-off")[2]
    monkeypatch.setenv("FIVE_COLOUR_ROLE", "leader")
    assert said("task-step", "1", "sign-off")[0] == 0


def test_the_list_is_written_whole_as_of_a_day(said, tmp_path):
    add(said)
    add(said, "=核查", "--source", "hazard")
    out = tmp_path / "清单.csv"
    later = today() + timedelta(days=40)
    told = say("zh", "tasks.day_to_come", day=later, today=today())
    assert said("tasks", "--day", f"{later}", "--out", str(out)) == (0, "已写入清单.csv：2件。\n", f"{told}\n")
    rows = list(csv.reader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    at = next(number for number, row in enumerate(rows) if row[:2] == ["编号", "交办内容"])
    assert rows[0] == ["交办销号"]
    assert [(row[0], row[1], row[5].split("，")[0], row[8]) for row in rows[at + 1 :]] == [
        ("1", "核查楼道堆物", "在办", "会议"),
        ("2", "'=核查", "在办", "隐患"),
    ]
    assert all("逾期" in row[5] for row in rows[at + 1 :])
    assert said("tasks", "--day", f"{today() - timedelta(days=1)}")[1] == say("zh", "tasks.no_lines") + "\n"


def test_the_list_is_written_as_a_workbook_too(said, tmp_path):
    add(said)
    out = tmp_path / "清单.xlsx"
    assert said("tasks", "--out", str(out))[0] == 0
    rows = list(openpyxl.load_workbook(out).active.iter_rows(values_only=True))
    assert (rows[0][0], rows[-1][:2]) == ("交办销号", (1, "核查楼道堆物"))
