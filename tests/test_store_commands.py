"""The store from a shell: load, loads, undo, export, template, and a score that reads it."""

import io
import subprocess
import sys

import openpyxl
import pandas as pd
import pytest

from analytics.__main__ import main
from tests.test_command_line import STREET

TABLES = {
    "areas": "areas.geojson",
    "residents": "residents.csv",
    "incidents": "incidents.csv",
    "places": "places.csv",
    "checks": "checks.csv",
    "teams": "teams.csv",
}
AREAS = "网格编码,网格名称,层级,人口\nA,甲,网格,900\nB,乙,网格,800\n"
INCIDENTS = "事件编号,网格编码,发生时间,类别\n1,A,2026-01-05,发热\n2,B,2026-01-06,噪声\n"


def loaded(tmp_path, table, text, *more, name=None):
    file = tmp_path / (name or f"{table}.csv")
    file.write_text(text, encoding="utf-8")
    return main(["load", str(file), "--as", table, *more])


def test_the_store_scores_as_the_files_do(capsys):
    for table, file in TABLES.items():
        assert main(["load", str(STREET / file), "--as", table]) == (3 if table == "incidents" else 0)
    span = ["--from", "2026-10-01", "--to", "2026-10-07"]
    capsys.readouterr()
    assert main(["score", "--scheme", "elders", *span]) == 0
    of_store = pd.read_csv(io.StringIO(capsys.readouterr().out))
    files = [f"--{table}={STREET / file}" for table, file in TABLES.items() if table != "teams"]
    assert main(["score", "--scheme", "elders", *span, *files]) == 0
    of_files = pd.read_csv(io.StringIO(capsys.readouterr().out))
    pd.testing.assert_frame_equal(of_store, of_files)


def test_exit_codes_tell_all_some_and_nothing(tmp_path, capsys):
    assert loaded(tmp_path, "areas", AREAS) == 0
    assert loaded(tmp_path, "incidents", INCIDENTS + "3,X9,2026-01-06,噪声\n") == 3
    assert loaded(tmp_path, "incidents", "事件编号,网格编码,类别\n1,A,发热\n") == 2
    said = capsys.readouterr()
    assert "X9" in said.err
    assert "发生时间" in said.err
    assert len(said.err.strip().splitlines()[-1].split("。")) <= 3


def test_a_file_twice_is_one_load_a_corrected_file_replaces_it_and_undo_brings_it_back(tmp_path, capsys):
    loaded(tmp_path, "areas", AREAS)
    loaded(tmp_path, "incidents", INCIDENTS)
    capsys.readouterr()
    loaded(tmp_path, "incidents", INCIDENTS)
    assert "第2次导入" in capsys.readouterr().out
    loaded(tmp_path, "incidents", INCIDENTS.replace("噪声", "发热"))
    capsys.readouterr()
    main(["loads"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["3", "2", "1"]
    assert "已被替换" in lines[1]
    assert main(["undo", "3"]) == 0
    capsys.readouterr()
    main(["loads", "--lang", "en"])
    lines = capsys.readouterr().out.splitlines()
    assert "undone" in lines[-3] or "undone" in lines[0]
    assert any(line.startswith("2") and "current" in line for line in lines)
    assert main(["undo", "99", "--lang", "en"]) == 2
    assert "99" in capsys.readouterr().err


def test_a_mapping_is_used_and_remembered(tmp_path, capsys):
    loaded(tmp_path, "areas", AREAS)
    odd = INCIDENTS.replace("发生时间", "那一天")
    assert loaded(tmp_path, "incidents", odd) == 2
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("occurred_at: 那一天\n", encoding="utf-8")
    assert loaded(tmp_path, "incidents", odd, "--mapping", str(mapping)) == 0
    assert loaded(tmp_path, "incidents", odd.replace("01-0", "02-0"), name="february.csv") == 0
    mapping.write_text("- 那一天\n", encoding="utf-8")
    capsys.readouterr()
    assert loaded(tmp_path, "incidents", odd, "--mapping", str(mapping), "--lang", "en") == 2
    assert "mapping.yaml" in capsys.readouterr().err


def test_the_report_is_a_workbook_that_names_the_row(tmp_path):
    loaded(tmp_path, "areas", AREAS)
    report = tmp_path / "report.xlsx"
    loaded(tmp_path, "incidents", INCIDENTS + "3,X9,2026-01-06,噪声\n", "--report", str(report))
    texts = [str(cell) for sheet in openpyxl.load_workbook(report) for row in sheet.values for cell in row]
    assert any("X9" in text for text in texts)
    assert any("incidents.csv" in text for text in texts)


def test_what_is_exported_can_be_loaded_again_and_changes_nothing(tmp_path, capsys):
    for table, file in TABLES.items():
        main(["load", str(STREET / file), "--as", table])
    assert main(["export", str(tmp_path / "out")]) == 0
    first = {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()}
    fresh = str(tmp_path / "fresh")
    for table in TABLES:
        file = next(file for file in (tmp_path / "out").iterdir() if file.stem == table)
        assert main(["load", str(file), "--as", table, "--home", fresh]) == 0
    assert main(["export", str(tmp_path / "again"), "--home", fresh]) == 0
    for name, content in first.items():
        one, other = content, (tmp_path / "again" / name).read_bytes()
        if name.endswith(".csv"):
            one, other = (pd.read_csv(io.BytesIO(held), dtype=str) for held in (one, other))
            ids = [column for column in one if column.endswith("_id") and not column.endswith("area_id")]
            pd.testing.assert_frame_equal(one.drop(columns=ids), other.drop(columns=ids))
        else:
            assert one == other
    capsys.readouterr()


@pytest.mark.parametrize("table", TABLES)
def test_a_template_filled_with_made_up_data_loads_and_comes_back_the_same(tmp_path, table, capsys):
    out = tmp_path / "areas.xlsx"
    assert main(["template", "areas", "--made-up", "--out", str(out)]) == 0
    assert main(["load", str(out), "--as", "areas"]) == 0
    if table == "checks":
        main(["template", "places", "--made-up", "--out", str(tmp_path / "places.xlsx")])
        assert main(["load", str(tmp_path / "places.xlsx"), "--as", "places"]) == 0
    if table != "areas":
        out = tmp_path / f"{table}.xlsx"
        assert main(["template", table, "--made-up", "--out", str(out)]) == 0
        assert main(["load", str(out), "--as", table]) == 0
    assert main(["export", str(tmp_path / "out")]) == 0
    capsys.readouterr()
    written = next(file for file in (tmp_path / "out").iterdir() if file.stem == table)
    # The same rows, in the export's own form, are the same load to the same store.
    main(["load", str(written), "--as", table])
    main(["export", str(tmp_path / "again")])
    assert (tmp_path / "again" / written.name).read_bytes() == written.read_bytes()


def test_an_export_of_an_empty_store_says_what_to_do(tmp_path, capsys):
    assert main(["export", str(tmp_path / "out"), "--lang", "en"]) == 2
    assert "nothing to export" in capsys.readouterr().err


def test_an_export_says_which_files_of_an_earlier_one_it_removed(tmp_path, capsys):
    loaded(tmp_path, "areas", AREAS)
    loaded(tmp_path, "incidents", INCIDENTS)
    main(["export", str(tmp_path / "out")])
    main(["undo", "2"])
    capsys.readouterr()
    assert main(["export", str(tmp_path / "out")]) == 0
    assert "incidents.csv" in capsys.readouterr().out.splitlines()[1]
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["areas.csv"]


def test_undoing_areas_warns_of_the_loads_in_them_and_promises_no_earlier_rows(tmp_path, capsys):
    loaded(tmp_path, "areas", AREAS)
    loaded(tmp_path, "incidents", INCIDENTS)
    capsys.readouterr()
    assert main(["undo", "1"]) == 0
    said = capsys.readouterr()
    assert said.out == "第1次导入已撤销。\n"
    assert "第2次导入" in said.err


def test_a_command_needs_no_dashboard():
    code = "import sys; import analytics.__main__; sys.exit('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=STREET.parents[1], check=False).returncode == 0


def test_a_score_of_an_empty_store_says_what_to_do(capsys):
    assert main(["score", "--scheme", "epidemic", "--lang", "en"]) == 2
    assert "areas" in capsys.readouterr().err


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_report_of_a_past_load_is_told_again_whole(tmp_path, capsys, lang):
    loaded(tmp_path, "areas", AREAS)
    wrong = "".join(f"{at},Q{at},2026-01-06,噪声\n" for at in range(10, 20))
    assert loaded(tmp_path, "incidents", INCIDENTS + wrong) == 3
    capsys.readouterr()
    out = tmp_path / "again.xlsx"
    assert main(["load-report", "2", "--report", str(out), "--lang", lang]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert "incidents.csv" in said.out
    assert all(f"Q{at}" in said.out for at in range(10, 20))
    assert out.stat().st_size
    assert main(["load-report", "9", "--lang", lang]) == 2
    assert "9" in capsys.readouterr().err
