"""Versions of a scheme from a shell: saved, adopted, compared, and really the ones that the store goes by."""

import getpass
import io
import re
import shutil
import subprocess
import sys

import pandas as pd
import pytest

from analytics.__main__ import main
from analytics.releases import verify
from analytics.scheme.reading import PACKS
from analytics.store import Store
from analytics.store.ledger import Ledger
from tests.test_command_line import STREET
from tests.test_store_commands import TABLES

DAY = "2026-10-31"
EPIDEMIC = (PACKS / "epidemic.yaml").read_text(encoding="utf-8")
HARDER = EPIDEMIC.replace("red: 55", "red: 45").replace("weight: 45", "weight: 60")


@pytest.fixture(scope="module")
def street(tmp_path_factory):
    """A home that holds the demo street."""
    home = tmp_path_factory.mktemp("street") / "home"
    for table, file in TABLES.items():
        main(["load", str(STREET / file), "--as", table, "--home", str(home)])
    assert main(["score", "--scheme", "epidemic", "--date", DAY, "--home", str(home)]) == 0  # keeps the counts
    return home


@pytest.fixture
def own(street, home):
    """A copy of it, which commands use."""
    shutil.copytree(street, home)
    return home


@pytest.fixture
def file(tmp_path):
    """The scheme with other weights and another cut-off."""
    file = tmp_path / "harder.yaml"
    file.write_text(HARDER, encoding="utf-8")
    return file


def said(capsys, *command):
    capsys.readouterr()
    code = main(list(command))
    held = capsys.readouterr()
    return code, held.out, held.err


def adopted(capsys, file):
    assert said(capsys, "save-scheme", str(file), "--reason", "例会\n议定")[0] == 0
    return said(capsys, "adopt-scheme", "1")


def scored(capsys, *more, scheme="epidemic"):
    code, out, err = said(capsys, "score", "--scheme", scheme, "--date", DAY, "--lang", "en", *more)
    assert code == 0
    return pd.read_csv(io.StringIO(out)), err


def test_three_who_save_at_once_from_their_shells_get_three_numbers(tmp_path, home):
    files = [tmp_path / f"{red}.yaml" for red in (60, 61, 62)]
    for file in files:
        file.write_text(EPIDEMIC.replace("red: 55", f"red: {file.stem}"), encoding="utf-8")
    command = [sys.executable, "-m", "analytics", "save-scheme"]
    processes = [
        subprocess.Popen([*command, str(file), "--reason", "试行"], cwd=STREET.parents[1], stdout=subprocess.PIPE)
        for file in files
    ]
    told = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], told
    ledger = Ledger.open(None, home)
    versions = ledger.scheme_versions("epidemic")
    assert [version.version for version in versions] == [2, 3, 4]
    assert len({version.digest for version in versions}) == 3
    assert ledger.verify_audit() == 3


def test_a_scheme_is_saved_listed_and_adopted(capsys, file):
    code, out, _ = said(capsys, "scheme-versions")
    assert code == 0
    assert "save-scheme" in out
    code, out, _ = said(capsys, "save-scheme", str(file), "--reason", "例会\n议定", "--lang", "en")
    assert code == 0
    assert "epidemic, version 2, number 1" in out
    assert "adopt-scheme 1" in out
    (line,) = said(capsys, "scheme-versions", "epidemic")[1].splitlines()
    assert line.startswith("1  epidemic第2版")
    assert line.endswith("例会 议定  未启用")
    assert getpass.getuser() in line
    assert said(capsys, "adopt-scheme", "1")[0] == 0
    file.write_text(HARDER.replace("red: 45", "red: 46"), encoding="utf-8")
    assert said(capsys, "save-scheme", str(file), "--reason", "x")[0] == 0
    assert said(capsys, "adopt-scheme", "2")[0] == 0
    newest, oldest = said(capsys, "scheme-versions")[1].splitlines()
    assert newest.endswith("现行")
    assert oldest.endswith("曾启用")
    unsaved = said(capsys, "scheme-versions", "elders", "--lang", "en")[1]
    assert unsaved.startswith("No version of scheme elders has been saved")
    assert said(capsys, "audit", "verify")[1].startswith("4")


def test_what_cannot_be_saved_or_adopted_is_a_sentence_and_nothing_is_kept(home, capsys, file, tmp_path):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(HARDER.replace("weight: 25", "weight: many").replace("red: 45", "red: 5"), encoding="utf-8")
    code, out, err = said(capsys, "save-scheme", str(wrong), "--reason", "x", "--lang", "en")
    assert (code, out) == (2, "")
    lines = [int(number) for number in re.findall(r"^wrong\.yaml, line (\d+)", err, flags=re.MULTILINE)]
    text = wrong.read_text(encoding="utf-8").splitlines()
    assert ["weight: many" in text[lines[0] - 1], text[lines[1] - 1].startswith("tiers:")] == [True, True]
    for command, told in (
        (("save-scheme", str(PACKS / "epidemic.yaml"), "--reason", "x"), "nothing to save"),
        (("save-scheme", str(file), "--reason", " "), "needs a reason"),
        (("save-scheme", str(tmp_path / "gone.yaml"), "--reason", "x"), "gone.yaml"),
        (("adopt-scheme", "1"), "number 1"),
        (("scheme-text", "7"), "number 7"),
        (("scheme-difference", "epidemic", "nothing"), "nothing"),
    ):
        code, out, err = said(capsys, *command, "--lang", "en")
        assert (code, out) == (2, ""), command
        assert told in err
        assert len(err.splitlines()) == 1
    assert Ledger.open(None, home).verify_audit() == 0


@pytest.mark.parametrize(
    ("role", "may"),
    [("leader", ""), ("analyst", "save"), ("keeper", "save"), ("admin", "adopt"), ("local", "save adopt")],
)
def test_a_role_does_what_it_may(capsys, monkeypatch, file, role, may):
    adopted(capsys, file)
    file.write_text(HARDER.replace("red: 45", "red: 47"), encoding="utf-8")
    monkeypatch.setenv("FIVE_COLOUR_ROLE", role)
    commands = {"save": ("save-scheme", str(file), "--reason", "x"), "adopt": ("adopt-scheme", "1")}
    for name, command in commands.items():
        code, _, err = said(capsys, *command, "--lang", "en")
        assert (code == 0) == (name in may.split()), err
        assert ("may not" in err) == (code == 2)
    for command in (("scheme-versions",), ("scheme-text", "1"), ("scheme-difference", "1", "epidemic")):
        assert said(capsys, *command)[0] == 0


def test_two_versions_are_told_apart_in_words_and_as_a_patch(capsys, file, tmp_path):
    adopted(capsys, file)
    pack = str(PACKS / "epidemic.yaml")
    code, out, _ = said(capsys, "scheme-difference", pack, "1")
    assert code == 0
    assert out.splitlines() == [
        "“疫情”权重45% → 52.2%",
        "“传播”权重25% → 21.7%",
        "“人群”权重15% → 13%",
        "“处置”权重15% → 13%",
        "红：55分及以上 → 45分及以上",
    ]
    assert said(capsys, "scheme-difference", pack, "epidemic")[1] == out
    assert said(capsys, "scheme-difference", "1", str(file), "--lang", "en")[1] == "The two schemes are identical.\n"
    told = said(capsys, "scheme-difference", pack, "1", "--patch")[1]
    assert told.startswith("--- epidemic.yaml\n+++ epidemic-2.yaml\n")
    if shutil.which("patch"):
        copy = tmp_path / "copy.yaml"
        copy.write_text(EPIDEMIC, encoding="utf-8")
        subprocess.run(["patch", str(copy)], input=told.encode(), check=True, capture_output=True)
        assert copy.read_text(encoding="utf-8") == said(capsys, "scheme-text", "1")[1]


def test_the_text_keeps_its_comments_and_has_the_version_of_the_ledger(capsys, file):
    adopted(capsys, file)
    code, out, _ = said(capsys, "scheme-text", "1")
    assert code == 0
    assert out == HARDER.replace("version: 1", "version: 2")
    assert said(capsys, "scheme-text", "epidemic")[1] == out
    assert said(capsys, "scheme-text", "elders")[1] == (PACKS / "elders.yaml").read_text(encoding="utf-8")


@pytest.mark.usefixtures("own")
def test_the_adopted_version_is_what_the_store_is_scored_by_and_files_are_taken_as_they_are(capsys, file):
    shipped, err = scored(capsys)
    missing = err
    drill, *others = missing.splitlines()
    assert drill.startswith("Epidemic control drill: no basis")
    assert all("is missing: 2 (" in line for line in others)
    of_file, _ = scored(capsys, scheme=str(file))
    assert (of_file["computed_tier"] != shipped["computed_tier"]).any()
    adopted(capsys, file)
    used, err = scored(capsys)
    # The same numbers, after the weights were saved and read again.
    pd.testing.assert_frame_equal(used, of_file)
    assert err == "current scheme: epidemic, version 2 (number 1)\n" + missing
    files = [f"--{table}={STREET / name}" for table, name in TABLES.items() if table != "teams"]
    of_files, err = scored(capsys, *files)
    pd.testing.assert_frame_equal(of_files, shipped)
    assert "current scheme" not in err
    again, err = scored(capsys, scheme=str(PACKS / "epidemic.yaml"))
    pd.testing.assert_frame_equal(again, shipped)
    assert err == missing


def test_a_release_holds_the_adopted_version_and_a_comparison_names_the_scheme_as_the_cause(own, capsys, file):
    publish = ("release", "--publish", "--reason", "周例会", "--lang", "en")
    assert said(capsys, *publish)[2] == ""
    adopted(capsys, file)
    code, _, err = said(capsys, *publish)
    assert code == 0
    assert err == "current scheme: epidemic, version 2 (number 1)\n"
    ledger = Ledger.open(None, own)
    first, second = (verify(own, ledger, number) for number in (1, 2))
    assert [made.manifest.scheme.version for made in (first, second)] == [1, 2]
    assert second.scheme.tiers.red == 45
    assert first.manifest.provenance.records == second.manifest.provenance.records == Store.open(own).digest()
    out = said(capsys, "compare", "1", "2", "--lang", "en")[1]
    named = [line for line in out.splitlines() if " → " in line and "(DS-" in line]
    assert named
    assert all("version 1 to 2" in line or "decision" in line or "stability rule" in line for line in named)
    assert any("version 1 to 2" in line for line in named)
    assert said(capsys, "bulletin", "2")[0] == 0


def test_a_decision_is_checked_by_the_adopted_version(own, capsys, file):
    file.write_text(HARDER.replace("level: grid", "level: community"), encoding="utf-8")
    adopted(capsys, file)
    decide = ("override", "DS-06-04", "red", "--scheme", "epidemic", "--reason", "x", "--from", DAY, "--to", DAY)
    code, _, err = said(capsys, *decide, "--lang", "en")
    assert code == 2
    assert "current scheme: epidemic, version 2" in err
    assert "Area “DS-06-04” is not assessed under scheme “epidemic”" in err
    assert Ledger.open(None, own).overrides() == ()
