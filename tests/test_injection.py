"""Names, kinds and reasons that mean harm, planted in an office: no file of it runs, breaks or forges anything."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analytics.__main__ import main
from analytics.file_kinds import FORMATS, ending_of
from analytics.store import HOME_SETTING
from tests.loaders.files_of_records import load

ROOT = Path(__file__).parents[1]
STREET = ROOT / "sample_data" / "demo_street"
DAY = "2026-10-31"

MARKUP = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</td></tr></table><b>x", '#panic("typst")', "$ #read",
    "*_`[]@here", "{{ 7*7 }}", "{% for x in y %}", "${7*7}", '甲"乙', "甲'乙", "甲,乙;丙", r"\u{202e}\end", "&lt;b&gt;",
    "甲\u000b\u0001乙", "乙\n=1+1", "<!--", "]]>",
    "//link", "= 标题", "/*", "甲|乙", "![x](y)", "javascript:alert(1)", "%s%n", "<w:p/>",
)  # fmt: skip
FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "＝1+1", "＋1", "－1+1", "＠a", '=HYPERLINK("x")', "=cmd|' /C calc'!A0")
RUN = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
KIND = "<script>kind</script>#panic()"
REASON = '<script>reason</script>#panic("r") =1+1'
TASK = '=1+1<script>task</script>#panic("t")'


def planted(source):
    """The areas of the street with a hostile name each, the finest first."""
    said = json.loads((STREET / "areas.geojson").read_text(encoding="utf-8"))
    # The campaign's areas are among the last.
    grids = [one["properties"] for one in said["features"] if one["properties"]["level"] == "grid"][::-1]
    for properties, name in zip(grids, (*MARKUP, *FORMULAS), strict=False):
        properties["name"], properties["name_en"] = name, name
    source.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    return dict(zip((one["area_id"] for one in grids), (*MARKUP, *FORMULAS), strict=False))


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    return planted(tmp_path_factory.mktemp("names") / "areas.geojson")


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A folder with a home and all the files that commands write of it."""
    folder = tmp_path_factory.mktemp("hostile")
    given, home = folder / "given", folder / "home"
    given.mkdir()
    planted(given / "areas.geojson")
    incidents = pd.read_csv(STREET / "incidents.csv", dtype="str", keep_default_na=False)
    first = incidents.index[-60:]
    incidents.loc[first, "category"] = [(KIND, *FORMULAS)[at % 2] for at in range(len(first))]
    incidents.loc[first[:20], "channel"] = "<b>热线</b>#panic()"
    incidents.loc[first[:20], "incident_id"] = [f"SJ<b>#{at}=1" for at in range(20)]
    incidents.to_csv(given / "incidents.csv", index=False)
    teams = pd.read_csv(STREET / "teams.csv", dtype="str", keep_default_na=False)
    teams.loc[:1, "name"] = ["<script>team</script>", '#panic("team")']
    teams.loc[:1, "lead_post"] = ["<b>岗</b>", "#panic()岗"]
    teams.to_csv(given / "teams.csv", index=False)
    (given / "agreements.csv").write_text(
        "table,feed,unit,every,by_hour,zero_report,post,since\n"
        "incidents,12345,<script>unit</script>,day,9,1,#panic()岗,2026-01-01\n",
        encoding="utf-8",
    )

    def run(*told):
        done = main([*told, "--home", str(home), "--lang", "zh"])
        assert done in (0, 1, 3), told

    for table in ("areas", "residents", "places", "teams", "incidents", "checks", "agreements"):
        ours = next(given.glob(f"{table}.*"), STREET / f"{table}.csv")
        run("load", str(ours), "--as", table, "--report", str(folder / f"load_{table}.xlsx"), "--confirm")
    campaign = home / "campaigns" / "five_grids"
    campaign.mkdir(parents=True)
    text = (STREET / "campaigns" / "five_grids" / "campaign.yaml").read_text(encoding="utf-8")
    (campaign / "campaign.yaml").write_text(text.replace("五个网格清楼行动", "<b>清楼</b>#panic()"), encoding="utf-8")
    run("override", "DS-01-01", "red", "--scheme", "epidemic", "--from", DAY, "--to", DAY, "--reason", REASON)
    for day in ("2026-10-24", DAY):
        run("release", "--scheme", "epidemic", "--date", day, "--publish", "--reason", REASON)
    run("task-add", TASK, "--post", "<b>#panic()岗</b>", "--days", "3", "--area", "DS-01-01")
    for ending in ("csv", "xlsx", "txt"):
        run("tasks", "--day", DAY, "--out", str(folder / f"tasks.{ending}"))
        run("due-list", "--out", str(folder / f"due.{ending}"))
        run("closing", "--day", DAY, "--by", "area", "--out", str(folder / f"closing.{ending}"))
    for form in FORMATS:
        run("brief", "2", "--format", form, "--out", str(folder / f"brief_{form}.{ending_of(form)}"))
    run("coverage", "five_grids", "--day", "2026-10-22", "--out", str(folder / "coverage.csv"))
    run("coverage", "five_grids", "--day", "2026-10-22", "--out", str(folder / "coverage.pdf"))
    for name in ("sheets", "reminders"):
        (folder / name).mkdir()
    run("coverage", "five_grids", "--day", "2026-10-22", "--sheets", str(folder / "sheets"))
    run("reminders", "--out", str(folder / "reminders"))
    run("export", str(folder / "export"))
    run("score", "--scheme", "epidemic", "--out", str(folder / "scores.csv"))
    return folder


def made(office, *endings):
    found = [file for file in office.rglob("*") if file.suffix in endings and not {"given", "home"} & {*file.parts}]
    assert found
    return found


def test_all_kinds_of_files_were_made(office):
    there = {file.name for file in office.rglob("*")}
    assert {
        "tasks.xlsx",
        "due.xlsx",
        "closing.xlsx",
        "brief_docx.docx",
        "brief_pptx.pptx",
        "coverage.csv",
        "scores.csv",
    } <= there
    assert list((office / "sheets").glob("*.pdf"))
    assert list((office / "reminders").glob("*.pdf"))


def test_no_cell_of_a_workbook_is_a_formula(office):
    for file in made(office, ".xlsx"):
        for sheet in openpyxl.load_workbook(file).worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f", (file.name, cell.value)
                    assert cell.hyperlink is None
                    if isinstance(cell.value, str) and cell.value.startswith(RUN):
                        assert cell.quotePrefix, (file.name, cell.value)


def test_no_cell_of_a_text_is_a_formula_and_every_row_has_its_cells(office):
    for file in made(office, ".csv", ".txt"):
        text = file.read_bytes().decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter="," if file.suffix == ".csv" else "\t"))
        for row in rows:
            for cell in row:
                if cell.startswith(RUN) and cell not in ("-", "—"):
                    assert re.fullmatch(r"[+-]?[0-9.,]+%?", cell), (file.name, cell)
        if file.parent.name == "export" or file.name == "scores.csv":
            assert len({len(row) for row in rows}) == 1, file.name


def test_office_documents_are_whole_and_hold_the_names_as_text(office):
    for file in made(office, ".docx", ".pptx", ".xlsx"):
        with zipfile.ZipFile(file) as held:
            for part in held.namelist():
                if part.endswith((".xml", ".rels")):
                    tree = ElementTree.fromstring(held.read(part))
                    assert not any(entry.get("TargetMode") == "External" for entry in tree.iter()), (file.name, part)
                    assert not any(entry.tag.endswith("}script") for entry in tree.iter())


TAGS = (
    *("<script>alert", "<script>kind", "<script>reason", "<script>task", "<script>team", "<script>unit"),
    *("<img src=x", "</td></tr></table><b>x", "<b>清楼</b>", "<b>热线</b>", "<b>岗</b>", "<w:p/>"),
)
PAGES = ("lead/overview", "lead/response", "lead/trends", "lead/area", "lead/compare", "data/releases", "data/loading")


def test_no_markup_of_theirs_is_markup_of_a_page(office, monkeypatch):
    monkeypatch.setenv(HOME_SETTING, str(office / "home"))
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120).run()
    for page in PAGES:
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception, page
        html = [part.value for part in app.html]
        html += [part.value for part in app.markdown if part.proto.allow_html]
        for tag in TAGS:
            assert not any(tag in part for part in html), (page, tag)


def test_names_that_a_spreadsheet_would_run_never_enter(office, names):
    said = json.loads((office / "export" / "areas.geojson").read_text(encoding="utf-8"))
    kept = {one["properties"]["area_id"]: one["properties"]["name"] for one in said["features"]}
    for area_id, name in names.items():
        assert kept[area_id] == (area_id if name.startswith(RUN) else re.sub(r"[\x00-\x1f]+", " ", name))


@pytest.mark.parametrize("code", FORMULAS)
def test_no_code_of_an_area_is_a_formula(code):
    plain = code.replace('"', "")
    text = f'area_id,name,level,parent_id\nA,甲,community,\n"{plain}",乙,grid,A\nB,丙,grid,"{plain}"\n'
    records, _ = load(areas=text.encode())
    assert records.areas.index.tolist() == ["A", "B"]
    assert records.areas["parent_id"].isna().all()
