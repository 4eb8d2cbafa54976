"""Held loads, void records, area changes and folding from a shell; the night run that a held load stops."""

import pytest

from analytics.__main__ import main
from analytics.store import Store
from analytics.words import LANGUAGES
from tests.test_store_commands import AREAS, loaded


def incidents(number, area="A", first=1):
    rows = [f"T{at},{area},2026-01-{1 + at % 28:02d},噪声" for at in range(first, first + number)]
    return "\n".join(["事件编号,网格编码,发生时间,类别", *rows]) + "\n"


def people(count, group="70-79岁"):
    return f"网格编码,年龄段,人数\nA,{group},{count}\nB,{group},{count}\n"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_cut_file_is_held_with_exact_numbers_and_goes_on_when_it_is_confirmed(tmp_path, capsys, lang):
    loaded(tmp_path, "areas", AREAS)
    loaded(tmp_path, "incidents", incidents(100))
    capsys.readouterr()
    assert loaded(tmp_path, "incidents", incidents(51), "--lang", lang) == 2
    said = capsys.readouterr().err
    for figure in ("100", "51", "49", "--confirm load"):
        assert figure in said
    assert "--confirm add" not in said
    assert len(Store.open().loads()) == 2
    assert loaded(tmp_path, "incidents", incidents(51), "--confirm", "--lang", lang) == 0
    assert len(Store.open().table("incidents")) == 51


def test_people_who_come_again_under_another_name_are_never_added_up_unasked(tmp_path, capsys):
    loaded(tmp_path, "areas", AREAS)
    loaded(tmp_path, "residents", people(390), name="one.csv")
    assert loaded(tmp_path, "residents", people(395), name="two.csv") == 2
    assert "--confirm add" in capsys.readouterr().err
    assert Store.open().table("residents")["count"].sum() == 780
    assert loaded(tmp_path, "residents", people(80, "80岁以上"), name="other.csv") == 0, (
        "another group is asked of none"
    )
    assert loaded(tmp_path, "residents", people(395), "--confirm", name="two.csv") == 0
    assert Store.open().table("residents")["count"].sum() == 790 + 160


def test_a_record_is_voided_by_the_number_of_its_source_and_the_ledger_says_why(tmp_path, capsys):
    loaded(tmp_path, "areas", AREAS)
    loaded(tmp_path, "incidents", incidents(3))
    assert main(["void", "incidents", "T2", "--reason", "重复登记"]) == 0
    assert "undo 3" in capsys.readouterr().out
    assert len(Store.open().table("incidents")) == 2
    assert main(["audit", "list"]) == 0
    assert "重复登记" in capsys.readouterr().out
    assert main(["loads"]) == 0
    assert "重复登记" in capsys.readouterr().out
    assert main(["void", "incidents", "T9", "--reason", "x"]) == 2
    assert main(["undo", "3"]) == 0
    assert len(Store.open().table("incidents")) == 3


def test_area_changes_are_kept_listed_and_undone(tmp_path, capsys):
    more = "C,丙,网格,700\nD,丁,网格,600\n"
    loaded(tmp_path, "areas", AREAS + more)
    loaded(tmp_path, "incidents", incidents(5, "D"))
    loaded(tmp_path, "areas", AREAS + more.replace("D,丁", "E,戊"), name="new.csv")
    changes = tmp_path / "changes.csv"
    changes.write_text("旧编码,新编码\nD,E\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["area-changes", str(changes)]) == 2
    assert "--day" in capsys.readouterr().err
    assert main(["area-changes", str(changes), "--day", "2026-02-01"]) == 0
    assert main(["area-changes"]) == 0
    assert "D→E" in capsys.readouterr().out
    assert main(["area-changes", str(changes), "--day", "2026-02-01"]) == 2
    changes.write_text("旧编码,新编码\nX,\n", encoding="utf-8")
    assert main(["area-changes", str(changes), "--day", "2026-02-01"]) == 2
    assert main(["audit", "verify"]) == 0


def test_there_is_nothing_to_fold_in_a_young_store(tmp_path, capsys):
    loaded(tmp_path, "areas", AREAS)
    capsys.readouterr()
    assert main(["compact"]) == 0
    assert "20" in capsys.readouterr().out


def test_a_night_run_with_a_held_file_ends_with_three_and_drafts_nothing(tmp_path, capsys):
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    for folder in (inbox / "areas", inbox / "incidents", out):
        folder.mkdir(parents=True)
    (inbox / "areas" / "areas.csv").write_text(AREAS, encoding="utf-8")
    loaded(tmp_path, "areas", AREAS)
    loaded(tmp_path, "incidents", incidents(100))
    (inbox / "incidents" / "incidents.csv").write_text(incidents(60), encoding="utf-8")
    capsys.readouterr()
    assert main(["nightly", str(inbox), "--out", str(out), "--scheme", "epidemic"]) == 3
    said = capsys.readouterr()
    assert "40" in said.err
    assert "incidents.csv" in said.err
    assert {file.name.split("_")[0] for file in out.iterdir()} == {"催报单"}, "whom to remind does not wait"
    main(["releases"])
    assert "D" not in capsys.readouterr().out


@pytest.mark.parametrize("text", ["{a: " * 5000, "a: " + "[" * 5000, "\n".join(" " * at + "k:" for at in range(1500))])
def test_a_mapping_that_is_nested_without_end_is_a_sentence(tmp_path, capsys, text):
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(text, encoding="utf-8")
    assert loaded(tmp_path, "areas", AREAS, "--mapping", str(mapping)) == 2
    assert "mapping.yaml" in capsys.readouterr().err
