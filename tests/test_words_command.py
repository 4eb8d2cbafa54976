"""Words that nobody knows, from a shell: told by load, score and check-scheme, mapped by a file or by ``words``."""

import io

import pandas as pd
import pytest
import yaml

from analytics.__main__ import main
from tests.scoring.small_world import indicator, scheme

AREAS = "网格编码,网格名称,层级,人口\nA,甲,网格,900\nB,乙,网格,800\n"
INCIDENTS = (
    "事件编号,网格编码,发生时间,类别,办理状态\n1,A,2026-01-05,甪噪声,甪曱\n2,B,2026-01-06,噪声,已办结\n"
    "3,B,2026-01-06,囧烎,\n"
)
ITEMS = [
    indicator("noise", where={"category": ["noise"]}, never_seen="zero"),
    indicator("open", measure="open", where={}, window_days=None, never_seen="zero"),
]


@pytest.fixture
def files(tmp_path):
    (tmp_path / "areas.csv").write_text(AREAS, encoding="utf-8")
    (tmp_path / "incidents.csv").write_text(INCIDENTS, encoding="utf-8")
    said = scheme(ITEMS).model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude_none=True)
    (tmp_path / "trial.yaml").write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    assert main(["load", str(tmp_path / "areas.csv"), "--as", "areas"]) == 0
    return tmp_path


def load(files, *more):
    return main(["load", str(files / "incidents.csv"), "--as", "incidents", *more])


def scored(files, capsys):
    capsys.readouterr()
    assert main(["score", "--scheme", str(files / "trial.yaml")]) == 0
    told = capsys.readouterr()
    return pd.read_csv(io.StringIO(told.out)).set_index("area_id"), told.err


def test_words_are_told_and_mapped_after_the_load(files, capsys):
    assert load(files) == 0
    told = capsys.readouterr().err
    assert "办理状态中有1种写法未识别：“甪曱”1行" in told
    assert "“甪噪声”1行（是否归入“噪声扰民”？）、“囧烎”1行（方案均未用到）" in told
    table, said = scored(files, capsys)
    assert table.loc["A", ["value:noise", "value:open"]].isna().all()
    assert table.loc["B", "value:noise"] == 1
    assert "甪曱" in said
    assert main(["check-scheme", str(files / "trial.yaml")]) == 0
    assert "甪噪声" in capsys.readouterr().err
    assert (
        main(["words", "--map", "incidents.category", "甪噪声", "noise", "--map", "incidents.status", "甪曱", "open"])
        == 0
    )
    assert main(["words", "--other", "incidents.category"]) == 0
    capsys.readouterr()
    assert main(["words"]) == 0
    listed = capsys.readouterr().out
    assert "所有写法都已识别" in listed
    assert "“囧烎”归入“其他（都不是）”" in listed
    table, said = scored(files, capsys)
    assert table.loc["A", ["value:noise", "value:open"]].tolist() == [1, 1]
    assert "甪" not in said
    assert main(["undo", "3"]) == 0
    assert scored(files, capsys)[0].loc["A", ["value:noise"]].isna().all()


def test_a_mapping_file_says_what_words_mean_and_is_remembered(files, capsys):
    mapping = files / "mapping.yaml"
    mapping.write_text("values:\n  category: {甪噪声: noise, 囧烎: other}\n  status: {甪曱: void}\n", encoding="utf-8")
    assert load(files, "--mapping", str(mapping)) == 0
    assert scored(files, capsys)[0].loc["A", ["value:noise", "value:open"]].tolist() == [0, 0]
    (files / "incidents.csv").write_text(INCIDENTS + "4,A,2026-01-06,甪噪声,甪曱\n", encoding="utf-8")
    load(files)
    assert "甪曱" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "said",
    ["values: [a]", "values: {status: closed}", "values: {status: {甪: [closed]}}", "values: {status: {甪: yes}}",
     "values: {status: {甪: ended}}", "values: {nothing: {甪: closed}}"],
)  # fmt: skip
def test_a_mapping_that_says_nothing_sensible_of_words_is_refused_and_nothing_is_loaded(files, capsys, said):
    (files / "mapping.yaml").write_text(said, encoding="utf-8")
    assert load(files, "--mapping", str(files / "mapping.yaml")) == 2
    capsys.readouterr()
    main(["loads"])
    assert len(capsys.readouterr().out.splitlines()) == 1


@pytest.mark.parametrize(
    "more",
    [["--map", "incidents.nothing", "甪", "open"], ["--other", "status"], ["--map", "incidents.status", "甪", "ended"]],
)
def test_words_of_a_column_or_code_that_is_none_are_refused(files, capsys, more):
    load(files)
    assert main(["words", *more]) == 2
    assert "incidents" in capsys.readouterr().err or more[-1] == "ended"


def test_check_scheme_makes_no_home_where_there_is_none(tmp_path, monkeypatch):
    monkeypatch.setenv("FIVE_COLOUR_HOME", str(tmp_path / "none"))
    assert main(["check-scheme", "elders"]) == 0
    assert not (tmp_path / "none").exists()
