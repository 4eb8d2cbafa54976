"""Files for the meeting from a shell: each kind, whole or not at all, and the night's work."""

import shutil
from dataclasses import replace

import openpyxl
import pytest

from analytics.__main__ import main
from analytics.briefing.rendering import ExportOptions, file_name, render_briefing
from analytics.errors import BriefingError
from analytics.file_kinds import FORMATS, ending_of
from tests.test_command_line import STREET
from tests.test_store_commands import TABLES

MAGIC = {"png": b"\x89PNG", "pdf": b"%PDF", "pptx": b"PK\x03\x04", "docx": b"PK\x03\x04"}


def said(capsys, *command):
    capsys.readouterr()
    code = main(list(command))
    held = capsys.readouterr()
    return code, held.out, held.err


@pytest.fixture
def own(office, home):
    """A copy of the office's home for the commands to use."""
    shutil.copytree(office.home, home)
    return home


@pytest.mark.parametrize("form", FORMATS)
def test_brief_writes_each_format(own, capsys, tmp_path, form):  # noqa: ARG001 - the home that commands use
    out = tmp_path / f"x.{ending_of(form)}"
    code, told, _ = said(capsys, "brief", "2", "--format", form, "--lang", "en", "--out", str(out))
    assert code == 0
    assert out.name in told
    assert out.read_bytes().startswith(MAGIC[ending_of(form)])


def test_the_same_release_gives_the_same_bytes_but_for_the_number_of_the_copy(second):
    wanted = ExportOptions("png")
    one, again = (render_briefing(second["zh"], wanted) for _ in range(2))
    assert one == again
    assert render_briefing(replace(second["zh"], heading="内部资料　份号000007"), wanted) != one


def test_a_theme_and_a_size_are_heeded_and_each_copy_has_a_number_of_its_own(own, tmp_path):  # noqa: ARG001
    made_files = {}
    for name, more in {"a": (), "b": (), "dark": ("--theme", "dark"), "a4": ("--size", "a4")}.items():
        out = tmp_path / f"{name}.png"
        assert main(["brief", "2", "--out", str(out), *more]) == 0
        made_files[name] = out.read_bytes()
    assert len(set(made_files.values())) == 4


@pytest.mark.parametrize(
    "command",
    [
        ("brief", "9"),
        ("brief", "2", "--out", "no/such/folder/x.png"),
        ("brief", "2", "--template", "x.docx"),
        ("brief", "2", "--format", "docx", "--template", "not-there.docx"),
        ("nightly", "no-inbox", "--out", "."),
    ],
)
def test_what_cannot_be_made_is_a_sentence_and_no_file(own, capsys, tmp_path, monkeypatch, command):  # noqa: ARG001
    monkeypatch.chdir(tmp_path)
    code, out, err = said(capsys, *command)
    assert (code, out) == (2, "")
    assert err.strip()
    assert "Traceback" not in err
    assert [file for file in tmp_path.iterdir() if file.name != "home"] == []


def test_one_changed_byte_of_the_release_and_there_is_no_briefing(own, capsys, tmp_path):
    file = own / "releases" / "000002" / "days.parquet"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    out = tmp_path / "x.png"
    code, _, err = said(capsys, "brief", "2", "--out", str(out))
    assert code == 2
    assert "days.parquet" in err
    assert not out.exists()


def test_the_public_version_takes_nothing_of_an_internal_paper(own, capsys, tmp_path):  # noqa: ARG001
    """What cannot be is a sentence and no file; the office's records are not even there."""
    for wrong in (["--format", "report"], ["--numbers"], []):
        code, _, err = said(capsys, "brief", "2", "--audience", "public", "--out", str(tmp_path / "x.csv"), *wrong)
        assert code
        assert err.strip()
    assert said(capsys, "brief", "2", "--map")[0]
    assert not (tmp_path / "x.csv").exists()


def test_file_names_say_what_they_are_and_hold_nothing_that_a_disk_refuses(second):
    for lang, told in second.items():
        names = {form: file_name(told, ExportOptions(form)) for form in FORMATS}
        assert len(set(names.values())) == len(FORMATS)
        assert all(not set(name) & set('\\/:*?"<>| ') for name in names.values()), lang


def test_a_template_of_the_office_is_only_for_a_paper(second):
    with pytest.raises(BriefingError):
        render_briefing(second["zh"], ExportOptions("docx"), b"no template")


def test_the_night_loads_drafts_and_briefs_and_a_second_night_loads_nothing_twice(home, capsys, tmp_path):
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    out.mkdir()
    for table, file in TABLES.items():
        (inbox / table).mkdir(parents=True)
        shutil.copy(STREET / file, inbox / table / file)
    code, told, err = said(capsys, "nightly", str(inbox), "--out", str(out), "--home", str(home))
    assert code == 3, "three points of the sample lie outside every area"
    assert "退回3" in err
    assert {file.suffix for file in out.iterdir()} == {".png", ".pdf", ".pptx", ".docx"}
    assert len(list(out.iterdir())) == len(FORMATS)
    assert said(capsys, "releases", "--home", str(home))[1].startswith("D000001")
    public = ["brief", "D1", "--audience", "public", "--home", str(home), "--out"]
    assert said(capsys, *public, str(tmp_path / "x.csv"))[0] == 0
    text = (tmp_path / "x.csv").read_bytes().decode("utf-8-sig")
    assert "（公开）" in text
    assert "内部" not in text
    assert "审图号" in said(capsys, *public, str(tmp_path / "x.png"), "--map")[2]
    assert "docx" in said(capsys, *public, str(tmp_path / "x.docx"))[2]
    assert not list(tmp_path.glob("x.[pd]*"))
    loads = said(capsys, "loads", "--home", str(home))[1]
    (inbox / "incidents" / "broken.xlsx").write_bytes(b"PK\x03\x04 and no more")
    openpyxl.Workbook().save(inbox / "incidents" / "empty.xlsx")
    code, told, err = said(capsys, "nightly", str(inbox), "--out", str(out), "--home", str(home))
    assert code == 3
    assert "broken.xlsx" in err
    assert "D000002" in said(capsys, "releases", "--home", str(home))[1]
    assert said(capsys, "loads", "--home", str(home))[1] == loads
    assert told.count("“") >= len(FORMATS)
