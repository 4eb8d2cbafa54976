"""Every kind of file, every quirk of the corpus, and the two ways of reading text against each other."""

import csv
import datetime
import io
import sqlite3
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import LoadError
from analytics.loaders import texts
from analytics.loaders.files import SHEET_STEP, read_sheet
from analytics.loaders.layout import without_other_rows
from tests.corpus.parts import GRIDS, saved, workbook
from tests.loaders.files_of_records import collection, feature, square

CORPUS = Path(__file__).parents[1] / "corpus"
EXPECTED = yaml.safe_load((CORPUS / "expected.yaml").read_text("utf-8"))


def read(name, content, table="incidents"):
    return read_sheet(table, (name, content))


def rows(sheet):
    return sheet.cells.to_numpy().tolist()


def keys(sheet):
    return [note.key for note in sheet.notes]


def test_the_corpus_and_its_index_name_the_same_files_and_are_small():
    files = {file.name: file for file in CORPUS.iterdir() if file.is_file() and file.suffix not in (".py", ".yaml")}
    assert set(files) == set(EXPECTED)
    assert len(files) >= 40
    assert max(file.stat().st_size for file in files.values()) < 30_000


@pytest.mark.parametrize("name", EXPECTED)
def test_each_file_of_the_corpus_becomes_its_sheet(name):
    expected = EXPECTED[name]["sheet"]
    sheet = read_sheet(EXPECTED[name]["table"], CORPUS / name)
    places = [sheet.at(row) for row in sheet.cells.index]
    lines = [[title, line] if len(sheet.sheets) > 1 else line for title, line in places]
    assert sheet.file == name
    assert list(sheet.headers) == expected["headers"]
    assert lines == expected["lines"]
    assert rows(sheet)[0] == expected["first"]
    assert [note.line for note in sheet.refused] == expected.get("refused", [])
    assert sorted(sheet.repaired_shapes) == expected.get("repaired_shapes", [])
    assert keys(sheet) == expected.get("notes", [])
    assert sheet.cells.index.dtype == "int64"
    assert sheet.cells.index.is_monotonic_increasing
    assert {str(dtype) for dtype in sheet.cells.dtypes} == {"str"}
    assert not sheet.cells.isna().any(axis=None)
    for note in (*sheet.notes, *(row.reason for row in sheet.refused)):
        for lang in ("zh", "en"):
            assert len(note.text(lang).splitlines()) == 1


@pytest.mark.parametrize(
    "name", [name for name in EXPECTED if EXPECTED[name]["table"] == "areas" and "csv" not in name]
)
def test_each_layer_of_the_corpus_lies_where_it_should(name):
    shapes = read_sheet("areas", CORPUS / name).shapes
    if "sheets" in name:
        assert shapes is None
        return
    west, south, east, north = shapely.total_bounds(shapes.to_numpy())
    assert west == pytest.approx(118.81 if "points" in name else 118.80, abs=1e-7)
    assert (south, east, north) == pytest.approx((28.90, 118.84, 28.91), abs=1e-7)
    assert shapely.is_valid(shapes.dropna().to_numpy()).all()


CELLS = st.text(st.sampled_from("ab1 ,;\t\"'\n\r\\衢小总合计是。\x1a"), max_size=6)
TABLES_OF_CELLS = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=2, max_size=8)
)


@settings(max_examples=400)
@given(
    cells=TABLES_OF_CELLS,
    delimiter=st.sampled_from(",\t;"),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, None]),
    end=st.sampled_from(["", "\n", "\n\n", ",,\n", "合计,1\n"]),
)
def test_the_fast_way_reads_what_the_careful_way_reads(cells, delimiter, newline, quoting, end):
    stream = io.StringIO(newline="")
    if quoting is None:
        stream.writelines(delimiter.join(row) + newline for row in cells)
    else:
        csv.writer(stream, delimiter=delimiter, lineterminator=newline, quoting=quoting).writerows(cells)
    text = texts.Text("a.csv", (stream.getvalue() + end).encode(), ())
    try:
        head = texts._head("incidents", text, delimiter)
    except LoadError:
        return
    fast = texts.read_regular(text, delimiter, head)
    if fast is None:
        return
    careful, refused = texts.read_careful(text, delimiter, head)
    assert refused == ()
    fast, skipped = without_other_rows(head, fast)
    careful, skipped_carefully = without_other_rows(head, careful)
    assert fast.to_numpy().tolist() == careful.to_numpy().tolist()
    assert fast.index.tolist() == careful.index.tolist()
    assert skipped == skipped_carefully


def test_a_regular_file_takes_the_fast_way_and_a_ragged_one_the_careful():
    lines = [f'甲{n},{GRIDS[n % 4]},2020-02-15,"发热,{n}"\n' for n in range(1000)]
    header = "事件编号,网格编码,发生时间,事件类别\n"
    for text, fast in (("".join(lines), True), ("".join([*lines[:500], "甲,乙\n", *lines[500:]]), False)):
        content = texts.Text("a.csv", (header + text).encode(), ())
        head = texts._head("incidents", content, ",")
        assert (texts.read_regular(content, ",", head) is not None) == fast
        sheet = read("a.csv", content.content)
        assert len(sheet.cells) == 1000
        assert len(sheet.refused) == (not fast)
        assert sheet.cells.loc[900 if fast else 901].tolist() == ["甲898", GRIDS[2], "2020-02-15", "发热,898"]


def test_progress_runs_to_its_end():
    seen = []
    ragged = "area_id,name\n" + "G1,a\n" * 120_000 + "G1\n"
    read_sheet("areas", ("a.csv", ragged.encode()), seen.append)
    assert seen == sorted(seen)
    assert len(seen) > 2
    assert seen[-1] == 1.0


def test_progress_of_a_workbook_is_told_row_by_row_and_runs_to_its_end():
    seen = []
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("一")
    for row in (("area_id", "name"), *[("G1", "a")] * 45_000):
        page.append(row)
    content = io.BytesIO()
    book.save(content)
    read_sheet("areas", ("a.xlsx", content.getvalue()), seen.append)
    assert seen == sorted(seen)
    assert len(set(seen)) >= 6
    assert seen[-1] == 1.0


def test_dates_numbers_and_truths_of_a_workbook_are_text():
    day = datetime.date(2020, 2, 15)
    cells = [day, datetime.time(8, 30), 118.805, 3.0, True, 1e15, 999999999999999, -1.2e17, "  是 ", 0.1 + 0.2]
    sheet = read("a.xlsx", saved(workbook(a=[[f"列{n}" for n in range(len(cells))], cells])))
    expected = ["2020-02-15", "08:30:00", "118.805", "3", "true", "1E+15", "999999999999999", "-1.2E+17", "  是 "]
    assert rows(sheet)[0][:-1] == expected
    assert float(rows(sheet)[0][-1]) == pytest.approx(0.3)


def test_rows_of_several_worksheets_know_their_worksheet():
    sheet = read(
        "a.xlsx",
        saved(workbook(一=[["网格编码", "人数"], ["G1", 1]], 二=[["人数", "网格编码"], [2, "G2"]])),
        "residents",
    )
    assert sheet.headers == ("网格编码", "人数")
    assert sheet.cells.index.tolist() == [2, SHEET_STEP + 2]
    assert sheet.at(SHEET_STEP + 2) == ("二", 2)
    assert rows(sheet) == [["G1", "1"], ["G2", "2"]]


def test_a_workbook_without_any_known_header_gives_its_first_worksheet():
    sheet = read("a.xlsx", saved(workbook(一=[["p", "q"], [1, 2]], 二=[["r", "s"], [3, 4]])))
    assert (sheet.headers, rows(sheet), sheet.sheets) == (("p", "q"), [["1", "2"]], ("一",))
    assert "files.sheets_left" in keys(sheet)


def test_a_workbook_that_begins_in_the_middle_of_its_worksheet_keeps_its_row_numbers():
    made = openpyxl.Workbook()
    for row, cells in enumerate([["网格编码", "人数"], ["G1", 1]], 5):
        for column, cell in enumerate(cells, 3):
            made.active.cell(row, column, cell)
    sheet = read("a.xlsx", saved(made), "residents")
    assert (sheet.headers, rows(sheet), sheet.cells.index.tolist()) == (("网格编码", "人数"), [["G1", "1"]], [6])


@pytest.mark.parametrize("word", ["合计", "合 计", "总计：", "小计(人)", "Total", "GRAND TOTAL", "本页合计"])
def test_a_row_of_sums_is_no_row(word):
    sheet = read("a.csv", f"网格编码,人数\nG1,3\n{word},3\n".encode(), "residents")
    assert rows(sheet) == [["G1", "3"]]
    assert keys(sheet) == ["files.totals"]


@pytest.mark.parametrize("word", ["合计员", "Totalfield", "总", "G总计"])
def test_a_word_that_only_begins_like_a_sum_is_a_row(word):
    assert len(read("a.csv", f"网格编码,人数\nG1,3\n{word},3\n".encode(), "residents").cells) == 2


def test_a_code_that_stands_in_the_second_row_is_no_explanation():
    sheet = read("a.csv", "网格编码,发生时间,事件类别\nG1,2020-02-15,格式合同纠纷\n".encode())
    assert len(sheet.cells) == 1


def test_a_file_that_is_no_table_of_records_begins_with_its_first_row():
    sheet = read("a.csv", "标题,\n网格编码,人数\nG1,3\n合计一,3\n".encode(), "weights")
    assert sheet.headers == ("标题", "")
    assert len(sheet.cells) == 3


def test_types_of_parquet_are_text():
    columns = {
        "编号": pa.array([330802199001012345, None]),
        "码": pa.array([330802001004.0, 1.5]),
        "大": pa.array([1.2e17, float("nan")]),
        "词": pa.array(["发热", None]).dictionary_encode(),
        "日": pa.array([18307, None], pa.date32()),
        "时": pa.array([1581755400123, None], pa.timestamp("ms")),
        "真": pa.array([True, None]),
    }
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    sheet = read("a.parquet", stream.getvalue())
    assert sheet.headers == tuple(columns)
    assert rows(sheet) == [
        ["330802199001012345", "330802001004", "1.2E+17", "发热", "2020-02-15", "2020-02-15 08:30:00", "true"],
        ["", "1.5", "", "", "", "", ""],
    ]


def test_a_parquet_file_of_lists_names_the_column():
    stream = io.BytesIO()
    pq.write_table(pa.table({"a": [1], "标签": [["x", "y"]]}), stream)
    with pytest.raises(LoadError, match="标签"):
        read("a.parquet", stream.getvalue())


def test_the_layer_whose_fields_fit_best_is_read_and_a_view_is_not(tmp_path):
    areas = gpd.GeoDataFrame({"网格编码": ["G1"]}, geometry=[shapely.box(0, 0, 1, 1)], crs=4326)
    file = tmp_path / "a.gpkg"
    areas.to_file(file, layer="areas", engine="pyogrio")
    database = sqlite3.connect(file)
    # A view over an endless count: whoever reads it never returns.
    database.execute(
        "CREATE VIEW trap AS WITH RECURSIVE n(网格编码) AS (SELECT 1 UNION ALL SELECT 网格编码 + 1 FROM n) "
        "SELECT 网格编码, 1 AS 名称 FROM n"
    )
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('trap', 'attributes', 'trap')"
    )
    database.commit()
    database.close()
    sheet = read_sheet("areas", file)
    assert (sheet.headers, rows(sheet)) == (("网格编码",), [["G1"]])


def test_shapes_without_a_reference_system_stay_as_written():
    content = collection(feature(square(380_000, 400_000), area_id="G1"))
    assert read("a.geojson", content, "areas").shapes.iloc[0].bounds == (380_000, 400_000, 380_001, 400_001)


def test_degrees_under_the_name_of_a_system_in_metres_stay_degrees():
    content = collection(feature(square(118, 28), area_id="G1")).replace(
        b'"type": "FeatureCollection"', b'"type": "FeatureCollection", "crs": {"properties": {"name": "EPSG:4549"}}'
    )
    assert read("a.geojson", content, "areas").shapes.iloc[0].bounds == (118, 28, 119, 29)


def test_shapes_are_plane_and_a_third_dimension_is_dropped():
    solid = {"type": "Polygon", "coordinates": [[[0, 0, 5], [1, 0, 5], [1, 1, 5], [0, 0, 5]]]}
    shape = read("a.geojson", collection(feature(solid, area_id="G1")), "areas").shapes.iloc[0]
    assert not shapely.has_z(shape)


def test_the_careful_way_takes_no_more_than_a_line_for_what_it_refuses():
    lines = "".join(f"{n},{n % 7}\n" if n % 5 else f"{n}\n" for n in range(1000))
    sheet = read("a.csv", ("网格编码,人数\n" + lines).encode(), "residents")
    assert len(sheet.cells) + len(sheet.refused) == 1000
    assert np.array_equal([note.line for note in sheet.refused], np.arange(0, 1000, 5) + 2)
