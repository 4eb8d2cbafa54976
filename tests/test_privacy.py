"""Planted marker persons: files full of identities leave no trace on a screen, in the store, a file or a log."""

import io
import logging
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analytics.__main__ import main
from analytics.briefing import typesetting
from analytics.office import today
from analytics.store import HOME_SETTING

ROOT = Path(__file__).parents[1]
MARK = "标记人物"
PHONE = "13800009999"
IDENTITY = "330802199001019997"
PLATE = "浙H88Q99"
MARKS = (MARK, PHONE, IDENTITY, PLATE)
AREAS = "网格编码,网格名称,层级,人口,联系人,负责人电话\n" + "".join(
    f"G{at},第{at}网格,网格,9{at}0,{MARK}{at},{PHONE}\n" for at in range(1, 4)
)
# Beside the headers that are refused, three that say nothing, over cells that say everything.
RESIDENTS = "网格编码,姓 名,身份证号,联系電話,出生年份,是否独居,是否重点人员,备注,甲,乙,丙\n" + "".join(
    f"G{1 + at % 3},{MARK}{at},{IDENTITY},{PHONE},1940,是,是,{MARK}的备注,{IDENTITY},{PHONE},{PLATE}\n"
    for at in range(200)
)
INCIDENTS = "事件编号,网格编码,发生时间,类别,ＰＨＯＮＥ,报警人,来电号码,问题描述,详细地址,渠道,状态\n" + "".join(
    f"{MARK}{IDENTITY}{at},{'G1' if at % 7 else 'X9'},2026-01-{1 + at % 28:02d},发热,{PHONE},{MARK}{at},{PHONE},"
    f"{MARK}说,{MARK}家,{PHONE if at == 3 else '网格'},{PLATE if at == 4 else '办理中'}\n"
    for at in range(200)
)
FILES = {"areas": AREAS, "residents": RESIDENTS, "incidents": INCIDENTS}


def leaks(text):
    return [marker for marker in MARKS if marker in text]


def texts_of(file):
    """What a file says, however it is packed."""
    content = file.read_bytes()
    if file.suffix == ".parquet":
        return pd.read_parquet(io.BytesIO(content)).to_csv() + content.decode("latin-1")
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    return content.decode("utf-8", "replace")


def leaks_under(folder):
    return {file.name: found for file in folder.rglob("*") if file.is_file() and (found := leaks(texts_of(file)))}


def test_nothing_of_a_person_is_shown_linked_logged_or_kept_by_the_pages(caplog, capfd, home):
    caplog.set_level(logging.DEBUG)
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60).run()
    app.switch_page("pages/data/loading.py").run()
    for table, text in FILES.items():
        app.file_uploader(key="files_0").upload(f"{table}.csv", text.encode())
    app.run()
    assert any("fc scroll preview" in part.value for part in app.html)
    assert leaks(said_by(app)) == []
    app.button(key="load").click().run()
    assert app.query_params["data"] == "own"
    for number in (1, 2, 3):
        app.selectbox(key="load_number").set_value(number).run()
        app.button(key="report_show").click().run()
        assert not app.exception
        assert leaks(said_by(app)) == [], number
    pages = (
        "data/loading",
        "lead/overview",
        "lead/response",
        "lead/trends",
        "study/method",
        "study/weights",
        "study/confidence",
    )
    for page in (*pages, "study/evidence"):
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception
        if page == "study/weights":  # which keeps a draft
            next(slider for slider in app.slider if slider.key.startswith("weight_")).set_value(3).run()
        if page == "study/confidence":  # which keeps a result
            app.button(key="confidence_run").click().run()
        assert not app.exception
        assert leaks(said_by(app)) == [], page
    assert list((home / "drafts").iterdir())
    out, err = capfd.readouterr()
    assert leaks(out + err + caplog.text) == []
    assert (home / "records").is_dir()
    assert len(list((home / "reports").iterdir())) == len(FILES)
    assert leaks_under(home) == {}


def said_by(app):
    shown = [part.value for kind in (app.html, app.markdown, app.info, app.error, app.success, app.warning, app.caption)
             for part in kind]  # fmt: skip
    shown += [table.value.to_csv() for table in app.dataframe]
    shown += [str(widget.options) for widget in app.selectbox]
    return "\n".join([*shown, str(dict(app.query_params))])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_of_a_person_is_written_by_the_command_line(tmp_path, capfd, lang):
    files = {}
    for table, text in FILES.items():
        files[table] = tmp_path / f"{table}.csv"
        files[table].write_text(text, encoding="utf-8")
    arguments = [f"--{table}={file}" for table, file in files.items()]
    out = tmp_path / "out.csv"
    assert main(["score", "--scheme", "epidemic", *arguments, "--out", str(out), "--lang", lang]) == 0
    said = capfd.readouterr()
    assert leaks(said.out + said.err + out.read_text(encoding="utf-8")) == []
    assert "X9" in said.err


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_of_two_hundred_persons_is_in_the_store_the_reports_the_caches_or_the_exports(
    tmp_path, capfd, caplog, monkeypatch, lang
):
    caplog.set_level(logging.DEBUG)
    given, kept = tmp_path / "given", tmp_path / "kept"
    given.mkdir()
    monkeypatch.setenv(HOME_SETTING, str(kept / "home"))
    for table, text in FILES.items():
        (given / f"{table}.csv").write_text(text, encoding="utf-8")
        report = kept / f"{table}.xlsx"
        kept.mkdir(exist_ok=True)
        assert main(["load", str(given / f"{table}.csv"), "--as", table, "--report", str(report), "--lang", lang]) in (
            0, 3,
        )  # fmt: skip
        assert openpyxl.load_workbook(report).sheetnames
    main(["score", "--scheme", "epidemic", "--out", str(kept / "scores.csv"), "--lang", lang])
    main(["export", str(kept / "export"), "--lang", lang])
    main(["loads", "--lang", lang])
    for number in range(1, len(FILES) + 1):
        report = kept / f"again{number}.xlsx"
        assert main(["load-report", str(number), "--report", str(report), "--lang", lang]) == 0
        assert openpyxl.load_workbook(report).sheetnames
    assert {"home", "scores.csv", "export"} <= {file.name for file in kept.iterdir()}
    assert list((kept / "home" / "counts").iterdir())
    assert len(list((kept / "home" / "reports").iterdir())) == len(FILES)
    assert leaks_under(kept) == {}
    said = capfd.readouterr()
    assert leaks(said.out + said.err + caplog.text) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_of_a_person_is_in_what_the_night_makes_for_the_meeting(tmp_path, capfd, caplog, monkeypatch, lang):
    caplog.set_level(logging.DEBUG)
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    out.mkdir()
    for table, text in FILES.items():
        (inbox / table).mkdir(parents=True)
        (inbox / table / f"{table}.csv").write_text(text, encoding="utf-8")
    # What is not there did not happen: nothing is silent, and the night drafts a release.
    (inbox / "reports").mkdir()
    quiet = f"table,from,to\nincidents,2020-01-01,{today()}\n"
    (inbox / "reports" / "reports.csv").write_text(quiet, encoding="utf-8")
    typeset = []  # a PDF and a picture hold glyphs and not texts: what they are made of is looked at instead
    monkeypatch.setattr(typesetting, "require_signs", lambda texts: typeset.extend(texts))
    code = main(["nightly", str(inbox), "--out", str(out), "--scheme", "epidemic", "--lang", lang])
    said = capfd.readouterr()
    assert code == 3, said.err  # areas without shapes have no sheet, and rows were refused
    assert {file.suffix for file in out.iterdir()} == {".pdf", ".pptx", ".docx"}
    assert {"zh": "第1网格", "en": "Grid 1"}[lang] in "".join(typeset)
    assert leaks("\n".join(typeset)) == []
    assert leaks_under(out) == {}
    assert leaks(said.out + said.err + caplog.text) == []


def test_the_key_lies_apart_and_is_for_its_owner_alone(tmp_path, monkeypatch):
    monkeypatch.setenv(HOME_SETTING, str(tmp_path / "home"))
    main(["loads"])
    key = tmp_path / "home" / "key" / "installation.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.parent.stat().st_mode & 0o777 == 0o700
