import io
import time
import zipfile
from datetime import UTC, datetime

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analytics.errors import LoadError
from analytics.loaders import Known, load_table
from analytics.loaders.columns import is_private
from analytics.loaders.private import MASK
from analytics.loaders.times import moments
from tests.loaders.files_of_records import IDS, INCIDENTS, TODAY, collection, feature, load, notes, reasons, square
from tests.loaders.files_of_records import repairs as repairs_of

AREAS = """area_id,name,level,parent_id
C1,花园社区,社区,
C2,南门社区,社区,
G11,第一网格,网格,C1
G21,第一网格,网格,C2
G22,第二网格,网格,C2
"""


@pytest.fixture
def office_clock(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def read(*cells):
    return moments(pd.Series(cells, dtype="str")).read.tolist()


@pytest.mark.usefixtures("office_clock")
def test_a_time_with_a_zone_is_told_by_the_clock_of_the_office():
    written = ["2020-02-14T17:00:00Z", "2020-02-15T01:00:00+08:00", "2020-02-15 01:00:00 +0800 CST",
               "2020-02-15 01:00:00 CST", "2020-02-14 17:00 UTC", "Sat Feb 15 01:00:00 CST 2020", "1581699600",
               "1581699600000"]  # fmt: skip
    assert read(*written) == [pd.Timestamp("2020-02-15 01:00")] * len(written)


@pytest.mark.usefixtures("office_clock")
def test_a_time_with_a_zone_in_parquet_is_told_by_the_clock_of_the_office():
    table = pa.table({
        "incident_id": ["a"], "area_id": ["G1"], "category": ["fever"],
        "occurred_at": pa.array([datetime(2020, 2, 14, 17, tzinfo=UTC)], pa.timestamp("us", "UTC")),
    })  # fmt: skip
    out = io.BytesIO()
    pq.write_table(table, out)
    records, _ = load(incidents=out.getvalue())
    assert records.incidents["occurred_at"].tolist() == [pd.Timestamp("2020-02-15 01:00")]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2020年2月4日 0时59分", "2020-02-04 00:59"),
        ("2020-02-04 8时", "2020-02-04 08:00"),
        ("2020-02-04 上午9:05", "2020-02-04 09:05"),
        ("2020/2/4 下午 3:20", "2020-02-04 15:20"),
        ("2020-02-04 下午15:20", "2020-02-04 15:20"),
        ("2020-02-04 24:00", "2020-02-04 23:59:59"),
        ("2020-02-04(周二)", "2020-02-04"),
        ("星期二 2020-02-04", "2020-02-04"),
        ("Feb 4, 2020", "2020-02-04"),
        ("4-Feb-20", "2020-02-04"),
        ("4 February 2020 3:20 PM", "2020-02-04 15:20"),
    ],
)
def test_a_date_in_words_is_plain_reading(written, meant):
    assert read(written) == [pd.Timestamp(meant)]


@pytest.mark.parametrize(
    "written", ["2020-02-04 24:01", "13857012345", "0999999999", "4-Foo-20", "2020-02-04 晚上12:30"]
)
def test_what_is_no_date_stays_unread(written):
    assert read(written) == [pd.NaT]


def test_a_bad_closing_date_or_deadline_is_left_blank_and_the_matter_kept():
    text = INCIDENTS.strip() + ",closed_at,due_at\na,G1,2020-02-15,x,1900-01-00,soon\nb,G1,2020-02-15,x,2020-09-01,\n"
    records, reports = load(incidents=text)
    assert records.incidents[["closed_at", "due_at"]].isna().all(axis=None)
    assert (reports["incidents"].repaired_rows, len(reports["incidents"].refused)) == (2, 0)


def incidents(header, *rows):
    return f"编号,时间,类别,{header}\n" + "".join(f"{n},2020-02-15,发热,{row}\n" for n, row in enumerate(rows))


def test_the_community_beside_a_grid_tells_apart_grids_of_one_name():
    text = incidents("社区,网格", "花园社区,第1网格", "南门,第1网格", "花园社区,第2网格", "某处,第1网格")
    records, reports = load(areas=AREAS, incidents=text)
    # What is not in the community that its row names is kept there.
    assert records.incidents["area_id"].tolist() == ["G11", "G21", "C1"]
    assert reports["incidents"].recognised["area_id"] == "网格"
    assert list(reasons(reports["incidents"])) == [5]


def test_the_name_of_a_worksheet_tells_apart_grids_of_one_name():
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title in ("花园社区", "南门社区"):
        page = book.create_sheet(title)
        page.append(["编号", "时间", "类别", "网格"])
        page.append([title, "2020-02-15", "发热", "第1网格"])
    out = io.BytesIO()
    book.save(out)
    records, _ = load(areas=AREAS, incidents=out.getvalue())
    assert records.incidents["area_id"].tolist() == ["G11", "G21"]


def test_notes_of_areas_found_by_name_come_last_and_are_summed_up():
    text = incidents("网格,渠道", "南门社区第2网格,巡查", "南门社区第2网格,=1+1")
    report = load(areas=AREAS, incidents=text)[1]["incidents"]
    assert [(one.line, one.column) for one in report.repaired] == [(3, "渠道"), (2, "网格"), (3, "网格")]
    assert "by the name “南门社区第2网格”: 2." in notes(report)


@pytest.mark.parametrize("born", ["1938-05-07", "19380507", "1938年5月", "1938.5", "193805", "1938/5/7"])
def test_of_a_date_of_birth_only_the_year_is_read(born):
    records, reports = load(residents=f"area_id,出生日期\nG1,{born}\nG1,1990-01-01\n")
    report = reports["residents"]
    assert records.residents["age_band"].tolist() == ["80+", "18-59"]
    assert "Only the year" in notes(report)
    assert born not in records.residents.to_csv() + str(report) + report.marked.to_csv()


def test_an_age_in_years_becomes_its_band():
    records, reports = load(residents="area_id,年龄\nG1,85\nG1,60岁\nG1,17\nG1,200\n")
    assert records.residents["age_band"].fillna("").tolist() == ["80+", "60-69", "0-17", ""]
    assert list(repairs_of(reports["residents"])) == [5]


def test_cells_that_begin_with_a_tab_are_still_parted_by_commas():
    text = INCIDENTS + "1,G1,2020-02-15,fever\n2,G2,2020-02-15,fever\n"
    tabbed = "\n".join(",".join(f"\t{cell}" for cell in line.split(",")) for line in text.splitlines())
    records, reports = load(incidents=tabbed)
    assert records.incidents["area_id"].tolist() == ["G1", "G2"]
    assert reports["incidents"].accepted == 2


def test_a_number_with_a_unit_is_read_and_counts_as_repaired():
    records, reports = load(residents="area_id,count\nG1,23人\nG1,约50\nG1,50户\nG1,若干\nG1,7\n")
    assert records.residents["count"].fillna(-1).tolist() == [23, 50, 50, -1, 7]
    assert list(repairs_of(reports["residents"])) == [2, 3, 4, 5]
    assert reasons(reports["residents"]) == {}


def test_a_file_name_with_a_telephone_number_is_masked_everywhere():
    known = Known(load()[0].areas)
    upload = ("赵铁柱13857012345.csv", (INCIDENTS + "1,G1,2020-02-15,fever\n").encode())
    report = load_table("incidents", upload, TODAY, IDS, known).report
    assert report.source == f"{MASK}.csv"
    with pytest.raises(LoadError) as caught:
        load_table("incidents", ("赵铁柱13857012345.csv", b""), TODAY, IDS, known)
    assert "13857012345" not in str(caught.value)


@pytest.mark.parametrize(
    "written", ["花园社区3幢2单元501室", "3号楼", "花园路12号", "12弄3号", "=1+1", "+cmd|calc", "@SUM(1)", "-2+3"]
)
def test_an_address_or_a_formula_among_words_is_left_blank_or_refused(written):
    text = f"{INCIDENTS.strip()},渠道\na,G1,2020-02-15,发热,{written}\nb,G1,2020-02-15,{written},巡查\n"
    records, reports = load(incidents=text)
    assert records.incidents["channel"].isna().tolist() == [True]
    assert (list(repairs_of(reports["incidents"])), list(reasons(reports["incidents"]))) == ([2], [3])


@pytest.mark.parametrize("word", ["执法一室", "第3单元网格", "110", "1级", "网格员上报"])
def test_a_word_with_a_number_is_no_address(word):
    records, _ = load(incidents=f"{INCIDENTS.strip()},渠道\na,G1,2020-02-15,发热,{word}\n")
    assert records.incidents["channel"].notna().all()


def test_headers_of_persons_are_refused_and_counts_of_people_are_not():
    assert all(map(is_private, ["公民身份号码", "家庭住址", "报送人员", "产权人", "组长", "户籍地址", "人员姓名"]))
    assert not any(map(is_private, ["人数", "人口", "人口数", "常住人口", "网格员人数", "身份"]))


def test_points_count_as_placed_only_in_an_area():
    areas = collection(feature(square(118, 28), area_id="G1"))
    text = "incident_id,occurred_at,category,lon,lat\n1,2020-02-15,x,118.5,28.5\n2,2020-02-15,x,150,10\n"
    found = load(areas=areas, incidents=text)[1]["incidents"].points
    assert (found.placed, found.outside_all) == (1, 1)


@pytest.mark.parametrize("line", ["制表人：张三", "填报单位：某街道,,,", "审核：李四,,,", "备注：以上,,,"])
def test_a_closing_line_is_skipped_and_noted(line):
    report = load(incidents=f"{INCIDENTS}1,G1,2020-02-15,fever\n{line}\n")[1]["incidents"]
    assert (report.read, report.accepted) == (1, 1)
    assert "Closing lines" in notes(report)
    assert "row 3" in notes(report)


@pytest.mark.parametrize(("name", "said"), [("x.xlsx", "not an Excel file or is damaged"), ("x.csv", "or is damaged")])
@pytest.mark.parametrize("content", [b"\x00" * 1000, bytes(range(256)) * 9])
def test_bytes_that_are_no_table_are_called_damaged(name, said, content):
    with pytest.raises(LoadError, match=said):
        load_table("areas", (name, content), TODAY, IDS)


def test_a_zip_of_one_table_and_a_text_about_it_is_read():
    for about in ("readme.txt", "说明.txt", "x.txt"):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("a.csv", INCIDENTS + "1,G1,2020-02-15,fever\n")
            archive.writestr(about, "hi")
        assert load(incidents=out.getvalue())[1]["incidents"].accepted == 1
