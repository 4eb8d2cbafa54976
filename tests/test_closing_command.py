"""``closing`` from a shell."""

import io

import openpyxl
import pandas as pd
import pytest

from analytics.__main__ import main
from tests.test_command_line import STREET
from tests.test_store_commands import TABLES


@pytest.fixture(scope="module")
def street(tmp_path_factory):
    home = tmp_path_factory.mktemp("street") / "home"
    for table in ("areas", "residents", "incidents", "places", "checks"):
        main(["load", str(STREET / TABLES[table]), "--as", table, "--home", str(home)])
    return home


def test_the_table_is_printed_or_written_by_the_ending(street, tmp_path, capsys):
    given = ["closing", "--day", "2026-10-31", "--home", str(street)]
    assert main(given) == 0
    printed = capsys.readouterr().out
    assert "2026年10月受理事件654件；办结率88.5%（579/654）" in printed
    for ending in ("txt", "csv", "xlsx"):
        out = tmp_path / f"办结.{ending}"
        assert main([*given, "--out", str(out)]) == 0
        assert out.name in capsys.readouterr().out
    assert (tmp_path / "办结.txt").read_text(encoding="utf-8") == printed
    cells = list(openpyxl.load_workbook(tmp_path / "办结.xlsx").active.iter_rows(values_only=True))
    assert cells[-1][:2] == ("合计", 654)
    lines = (tmp_path / "办结.csv").read_bytes().decode("utf-8-sig").splitlines()
    table = pd.read_csv(io.StringIO("\n".join(lines[lines.index("") + 1 :])))
    assert table["件数"].iloc[:-1].sum() == table["件数"].iloc[-1] == 654


@pytest.mark.parametrize(("by", "rows"), [("kind", 9), ("area", 52)])
def test_rows_are_kinds_or_areas_and_the_period_is_chosen(street, by, rows, capsys):
    given = ["closing", "--period", "week", "--by", by, "--lang", "en", "--home", str(street)]
    assert main(given) == 0
    out = capsys.readouterr().out.splitlines()
    assert sum("\t" in line for line in out) == rows + 2
    assert any("25 Oct to 31 Oct" in line for line in out)


def test_another_ending_and_a_folder_that_is_not_there_are_told_before_the_work(street, tmp_path, capsys):
    for out in ("办结.pdf", "none/办结.csv"):
        assert main(["closing", "--home", str(street), "--out", str(tmp_path / out)]) == 2
    said = capsys.readouterr().err
    assert ".txt、.csv、.xlsx" in said
    assert list(tmp_path.iterdir()) == []
