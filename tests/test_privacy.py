"""Planted marker persons: a file full of identities leaves no trace on a screen, in a file, a link or a log."""

import logging
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.__main__ import main

ROOT = Path(__file__).parents[1]
MARK = "标记人物"
PHONE = "13800009999"
IDENTITY = "330802199001019999"
AREAS = "网格编码,网格名称,层级,人口,联系人,负责人电话\n" + "".join(
    f"G{at},第{at}网格,网格,9{at}0,{MARK}{at},{PHONE}\n" for at in range(1, 4)
)
RESIDENTS = "网格编码,姓名,身份证号,联系电话,出生年份,是否独居,是否重点人员,备注\n" + "".join(
    f"G{1 + at % 3},{MARK}{at},{IDENTITY},{PHONE},1940,是,是,{MARK}的备注\n" for at in range(200)
)
INCIDENTS = "事件编号,网格编码,发生时间,类别,报警人,来电号码,问题描述,详细地址\n" + "".join(
    f"{IDENTITY}{at},{'G1' if at % 7 else 'X9'},2026-01-{1 + at % 28:02d},发热,{MARK}{at},{PHONE},{MARK}说,{MARK}家\n"
    for at in range(200)
)


def leaks(text):
    return [marker for marker in (MARK, PHONE, IDENTITY) if marker in text]


def test_nothing_of_a_person_is_shown_linked_or_logged_by_the_pages(caplog, capfd):
    caplog.set_level(logging.DEBUG)
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60).run()
    app.switch_page("pages/data/loading.py").run()
    for table, text in (("areas", AREAS), ("residents", RESIDENTS), ("incidents", INCIDENTS)):
        app.file_uploader(key=f"file_{table}").upload(f"{table}.csv", text.encode())
    app.form_submit_button[0].click().run()
    assert app.query_params["data"] == "own"
    for page in ("pages/data/loading.py", "pages/lead/overview.py", "pages/lead/trends.py"):
        app.switch_page(page).run()
        assert not app.exception
        shown = [part.value for kind in (app.html, app.markdown, app.info, app.error, app.caption) for part in kind]
        shown += [table.value.to_csv() for table in app.dataframe]
        shown += [str(widget.options) for widget in app.selectbox]
        shown += [str(dict(app.query_params))]
        assert leaks("\n".join(shown)) == [], page
    out, err = capfd.readouterr()
    assert leaks(out + err + caplog.text) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_of_a_person_is_written_by_the_command_line(tmp_path, capfd, lang):
    files = {}
    for table, text in (("areas", AREAS), ("residents", RESIDENTS), ("incidents", INCIDENTS)):
        files[table] = tmp_path / f"{table}.csv"
        files[table].write_text(text, encoding="utf-8")
    arguments = [f"--{table}={file}" for table, file in files.items()]
    out = tmp_path / "out.csv"
    assert main(["score", "--scheme", "epidemic", *arguments, "--out", str(out), "--lang", lang]) == 0
    said = capfd.readouterr()
    assert leaks(said.out + said.err + out.read_text(encoding="utf-8")) == []
    assert "X9" in said.err
