import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from analytics import tiers
from analytics.__main__ import COMMANDS, main
from analytics.loaders import TABLES
from analytics.words import LANGUAGES, say
from analytics.words.place_names import CHINESE

ROOT = Path(__file__).parents[1]
STREET = ROOT / "sample_data" / "demo_street"
SCHEME = """
id: made
version: 1
name: {zh: 测试, en: Test}
level: grid
dimensions:
  - id: d
    name: {zh: 维度, en: Dimension}
    weight: 1
    indicators:
      - id: one
        from: areas
        measure: given
        given: {column: x}
        points: {method: linear, linear: {low: 0, high: 100}}
        weight: 2
      - id: two
        from: areas
        measure: given
        given: {column: 甲}
        points: {method: bands, bands: [[0, 0], [0.5, 50]]}
        weight: 1
tiers: {blue: 20, yellow: 40, orange: 60, red: 80}
"""
AREAS = "area_id,name,x,甲\nA,甲地,10,0.5\nB,乙地,50,0\nC,丙地,,\n"


@pytest.fixture
def files(tmp_path):
    (tmp_path / "scheme.yaml").write_text(SCHEME, encoding="utf-8")
    (tmp_path / "areas.csv").write_text(AREAS, encoding="utf-8")
    return tmp_path


def score(files, *more):
    return main(["score", "--scheme", str(files / "scheme.yaml"), "--areas", str(files / "areas.csv"), *more])


def test_given_indicators_score_from_a_plain_csv_to_standard_output(files, capsys):
    assert score(files, "--date", "2020-02-15") == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0] == (
        "area_id,day,score,computed_tier,published_tier,ordered_tier,carried_days,least_tier,most_tier,decided_by,"
        "value:one,points:one,value:two,points:two"
    )
    table = pd.read_csv(io.StringIO(out))
    assert table["published_tier"].tolist() == ["blue", "blue", "unknown"]
    assert table["decided_by"].tolist() == ["score", "score", "missing"]
    assert table["score"].round(4).tolist()[:2] == [23.3333, 33.3333]
    assert table.loc[2, ["score", "value:one", "points:two"]].isna().all()


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_history_is_written_as_csv_or_parquet(files, suffix):
    out = files / f"tiers.{suffix}"
    assert score(files, "--from", "2020-02-01", "--to", "2020-02-29", "--out", str(out)) == 0
    table = pd.read_csv(out) if suffix == "csv" else pd.read_parquet(out)
    assert len(table) == 29 * 3
    assert table["day"].tolist()[:4] == ["2020-02-01"] * 3 + ["2020-02-02"]
    assert [file.name for file in files.glob("*.part")] == []


def test_the_street_scores_by_both_schemes_for_a_month(capsys):
    tables = [f"--{table}={STREET / name}" for table, name in (
        ("areas", "areas.geojson"), ("residents", "residents.csv"), ("incidents", "incidents.csv"),
        ("places", "places.csv"), ("checks", "checks.csv"))]  # fmt: skip
    for scheme in ("epidemic", "elders"):
        assert main(["score", "--scheme", scheme, *tables, "--from", "2026-10-01", "--to", "2026-10-31"]) == 0
        table = pd.read_csv(io.StringIO(capsys.readouterr().out))
        assert table["day"].nunique() == 31
        assert {"red", "yellow", "blue", "green", "unknown"} <= set(table["published_tier"])


def test_check_scheme_says_that_a_good_scheme_is_good(capsys):
    for name in ("epidemic", "elders"):
        assert main(["check-scheme", str(ROOT / "analytics" / "scheme" / "packs" / f"{name}.yaml")]) == 0
    assert "没有错误" in capsys.readouterr().out


def fails(capsys, *arguments, lang="en"):
    assert main([*arguments, "--lang", lang]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    return said.err.strip().splitlines()[-1]


def test_a_wrong_scheme_is_named_with_file_line_fault_and_remedy(files, capsys):
    wrong = files / "wrong.yaml"
    wrong.write_text(SCHEME.replace("red: 80", "red: 50"), encoding="utf-8")
    said = fails(capsys, "check-scheme", str(wrong))
    assert said.startswith("wrong.yaml, line 23 (tiers.red): The cut-offs must rise")
    assert fails(capsys, "check-scheme", str(wrong), lang="zh").startswith("wrong.yaml第23行（tiers.red）：分界值应")


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("empty.csv", b"", "empty"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "picture.csv"),
        ("book.csv", b"PK\x03\x04" + b"\0" * 40, "book.csv"),
        ("no_time.csv", b"incident_id,area_id,category\n1,A,fever\n", "Occurred at"),
    ],
)
def test_a_file_that_cannot_be_loaded_gets_one_sentence(files, capsys, name, content, expected):
    (files / name).write_bytes(content)
    said = fails(
        capsys, "score", "--scheme", str(files / "scheme.yaml"), "--areas", str(files / "areas.csv"),
        "--incidents", str(files / name),
    )  # fmt: skip
    assert expected in said


def test_an_unknown_area_is_refused_by_its_line_and_the_rest_is_scored(files, capsys):
    rows = "incident_id,area_id,occurred_at,category\n1,A,2020-02-01,fever\n2,X9,2020-02-01,fever\n"
    (files / "incidents.csv").write_text(rows, encoding="utf-8")
    assert score(files, "--incidents", str(files / "incidents.csv"), "--lang", "en") == 0
    said = capsys.readouterr().err
    assert "2 rows read = 1 accepted + 0 corrected + 1 rejected" in said
    assert "line 3" in said
    assert "X9" in said


def test_a_place_that_cannot_be_written_and_a_wrong_ending_are_said_before_or_without_traceback(files, capsys):
    arguments = ["score", "--scheme", str(files / "scheme.yaml"), "--areas", str(files / "areas.csv")]
    assert "tiers.doc" in fails(capsys, *arguments, "--out", "tiers.doc")
    assert "Cannot write" in fails(capsys, *arguments, "--out", str(files / "no" / "tiers.csv"))
    assert "belong together" in fails(capsys, *arguments, "--from", "2020-02-01")
    assert "no scheme" in fails(capsys, "check-scheme", "nowhere.yaml")


def test_the_command_runs_as_a_process():
    done = subprocess.run(
        [sys.executable, "-m", "analytics", "check-scheme", "epidemic", "--lang", "en"],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "no errors" in done.stdout


def test_a_scheme_whose_tables_are_not_given_is_refused_unless_the_rest_is_enough(capsys):
    areas = STREET / "areas.geojson"
    said = fails(capsys, "score", "--scheme", "epidemic", "--areas", str(areas))
    assert "Incidents" in said
    assert "--" not in said
    incidents = STREET / "incidents.csv"
    assert main(["score", "--scheme", "epidemic", "--areas", str(areas), "--incidents", str(incidents)]) == 0


def test_weights_noise_selfcheck_and_schema_answer(files, capsys):
    table = files / "criteria.csv"
    table.write_text("名称,人口,案件\n甲,1,2\n乙,3,1\n丙,5,4\n", encoding="utf-8")
    for method in ("entropy", "critic", "equal"):
        assert main(["weights", method, str(table), "--cost", "案件"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert {"method", "weights", "lambda_max", "consistency_index", "consistency_ratio", "random_index"} <= set(
            found
        )
        assert sum(found["weights"].values()) == pytest.approx(1)
    assert main(["weights", "ahp", str(table)]) == 2
    capsys.readouterr()
    assert main(["selfcheck", "--lang", "en"]) == 0
    assert capsys.readouterr().out.count("✔") == 8
    assert main(["scheme-schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Scheme"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_in_either_language_what_it_does(name, lang, capsys):
    with pytest.raises(SystemExit) as ended:
        main([name, "--lang", lang, "--help"])
    said = capsys.readouterr().out
    assert ended.value.code == 0
    does = say(lang, f"help.command_{name.replace('-', '_')}")
    assert "".join(does.split()) in "".join(said.split())
    assert say(lang, "help.options") in said
    if lang == "en":
        assert not CHINESE.search(said.replace("挂起", ""))  # an example of a word of the records


def test_help_names_the_kinds_of_records_and_the_tiers_that_there_are():
    for lang in LANGUAGES:
        for key in ("help.inbox", "help.kind"):
            assert re.findall(r"[a-z_]{5,}(?=,|$)", say(lang, key)) == list(TABLES)
        assert re.findall(r"red|orange|yellow|blue|green", say(lang, "help.tier")) == list(reversed(tiers.RANKED))
