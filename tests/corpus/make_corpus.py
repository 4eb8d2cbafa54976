"""Makes the files of this folder: python -m tests.corpus.make_corpus. Run it again only to change them.

Each file is one quirk of the spreadsheets and layers that offices really send; ``expected.yaml`` says of each what it
is, what the sheet read from it must be, and what a load must answer on 1 March 2020. Files whose name begins with
``areas`` are areas; the others lie in ``areas_grids.csv`` or, where they have points, in ``areas_shapes.geojson``.
Every person is made up and called 标记人物. Needs openpyxl, xlwt, pyogrio, geopandas, pyarrow.
"""

import datetime
import gzip
import io
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
import xlwt

from tests.corpus.parts import (
    AREA_HEADERS,
    AREAS,
    DAYS,
    ENGLISH,
    GRIDS,
    HEADERS,
    INCIDENTS,
    NAMES,
    POSITIONS,
    features,
    frame,
    geopackage,
    moment,
    repacked,
    saved,
    shapefile,
    square,
    text,
    with_dates,
    workbook,
)

HERE = Path(__file__).parent


def texts():
    yield "areas_grids.csv", text([AREA_HEADERS, *AREAS])
    yield "areas_bom.csv", "\ufeff" + text([AREA_HEADERS, *AREAS])
    yield "areas_gb18030.csv", text([AREA_HEADERS, *AREAS]).encode("gb18030")
    yield "areas_utf16.csv", text([AREA_HEADERS, *AREAS], "\t").encode("utf-16")
    yield (
        "areas_thousands.csv",
        text([AREA_HEADERS, [GRIDS[0], "甲", "网格", "", "1,234"], [GRIDS[1], "乙", "网格", "", "１２３４"]]),
    )
    yield "incidents_plain.csv", text([HEADERS, *INCIDENTS])
    yield (
        "incidents_english.csv",
        text(
            [
                ENGLISH,
                *[[*row[:3], word] for row, word in zip(INCIDENTS, ["fever", "noise", "fire risk"], strict=False)],
            ]
        ),
    )
    yield "incidents_english_headers.csv", text([["Case No.", "Grid Code", "Reported At", "Incident Type"], *INCIDENTS])
    yield "incidents_semicolon.csv", text([HEADERS, *INCIDENTS], ";")
    yield "incidents_tabs.tsv", text([HEADERS, *INCIDENTS], "\t")
    yield "incidents_title_row.csv", text([["2020年2月事件登记表", "", "", ""], HEADERS, *INCIDENTS])
    yield (
        "incidents_two_row_header.csv",
        text(
            [
                ["事件编号", "位置", "", "时间", "", "事件类别"],
                ["", "经度", "纬度", "发生", "办结", ""],
                *[[row[0], *point, row[2], "", row[3]] for row, point in zip(INCIDENTS, POSITIONS, strict=False)],
            ]
        ),
    )
    yield "incidents_explanations.csv", text([HEADERS, ["必填", "必填", "格式：YYYYMMDD", "选填"], *INCIDENTS])
    yield (
        "incidents_explanations_en.csv",
        text([ENGLISH, ["required", "required", "format YYYY-MM-DD", "e.g. fever"], *INCIDENTS]),
    )
    yield "incidents_repeated_header.csv", text([HEADERS, INCIDENTS[0], HEADERS, INCIDENTS[1], HEADERS, INCIDENTS[2]])
    yield (
        "incidents_ragged.csv",
        text([HEADERS, INCIDENTS[0], INCIDENTS[1][:2], [*INCIDENTS[2], "", ""], [*INCIDENTS[2], "多"]]),
    )
    yield "incidents_dates_compact.csv", text(with_dates("20200215", "20200216083000", "202002170830"))
    yield "incidents_dates_iso.csv", text(with_dates("2020-02-15 08:30:00", "2020/2/16", "2020-02-17T08:30:00"))
    yield "incidents_dates_excel_serial.csv", text(with_dates("43876", "43877.354166667"))
    yield (
        "incidents_dates_chinese.csv",
        text(with_dates("2020年2月15日", "2020年2月16日8时30分", "2020年2月17日 08:30")),
    )
    yield "incidents_dates_month_day.csv", text(with_dates("2月15日", "2月16日"))
    yield "incidents_dates_full_width.csv", text(with_dates("２０２０－０２－１５", "２０２００２１６"))
    yield "incidents_dates_future.csv", text(with_dates("2020-02-15", "2020-03-02", "2030-01-01"))
    yield "incidents_dates_impossible.csv", text(with_dates("2020-02-15", "2020-02-30", "2020-13-01", "20200231"))
    yield (
        "incidents_lost_codes.csv",
        text([HEADERS, ["甲1", "3.30802E+11", DAYS[0], "发热"], INCIDENTS[1], ["1.2E+17", GRIDS[2], DAYS[0], "发热"]]),
    )
    yield (
        "incidents_names_of_street.csv",
        text(
            [["事件编号", "所属街道", "发生时间", "事件类别"]]
            + [
                [f"甲{n}", name, DAYS[0], "发热"]
                for n, name in enumerate(["衢化", "衢化街道", "柯城区衢化街道", "衢江街道"])
            ]
        ),
    )
    yield (
        "incidents_names_of_grids.csv",
        text(
            [["事件编号", "所属网格", "发生时间", "事件类别"]]
            + [
                [f"甲{n}", name, DAYS[0], "发热"]
                for n, name in enumerate(["网格4", "四网格", "第四网格", NAMES[3], "网格9"])
            ]
        ),
    )
    yield "incidents_duplicate_ids.csv", text([HEADERS, *INCIDENTS, INCIDENTS[1], ["甲3", GRIDS[0], DAYS[0], "发热"]])
    yield (
        "incidents_swapped.csv",
        text(
            [["事件编号", "经度", "纬度", "发生时间", "事件类别"]]
            + [[row[0], lat, lon, *row[2:]] for row, (lon, lat) in zip(INCIDENTS, POSITIONS, strict=False)]
            + [["甲4", *POSITIONS[0], DAYS[0], "发热"]]
        ),
    )
    yield "incidents_renamed_columns.csv", text([["单号", "地方", "哪天", "什么事"], *INCIDENTS])
    yield (
        "residents_booleans.csv",
        text(
            [["网格编码", "人数", "是否独居"]]
            + [
                [GRIDS[n % 4], "1", word]
                for n, word in enumerate(["是", "否", "1", "0", "有", "无", "√", "yes", "FALSE", "不详", ""])
            ]
        ),
    )
    yield (
        "residents_subtotals.csv",
        text([["网格编码", "人数"], [GRIDS[0], "3"], ["小 计", "3"], [GRIDS[1], "4"], ["小计", "4"], ["总计：", "7"]]),
    )
    yield (
        "residents_private.csv",
        text(
            [["姓名", "联系电话", "网格编码", "出生年份", "是否独居", "备注"]]
            + [[f"标记人物{n:03d}", f"139000000{n:02d}", GRIDS[n], str(1940 + n), "是", "标记备注"] for n in range(3)]
        ),
    )
    yield (
        "places_plain.csv",
        text(
            [
                ["场所编号", "网格编码", "场所类型", "容纳人数"],
                ["场1", GRIDS[0], "商铺", "20"],
                ["场2", GRIDS[1], "场所", "1,200"],
            ]
        ),
    )
    yield "incidents_gzip.csv.gz", gzip.compress(text([HEADERS, *INCIDENTS]).encode(), mtime=0)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        # Chinese systems write member names in their own encoding, which zipfile cannot; the name is put in afterwards.
        packed.writestr("xxxx.csv", text([HEADERS, *INCIDENTS]).encode("gb18030"))
    yield "incidents_zip.zip", stream.getvalue().replace(b"xxxx.csv", "事件".encode("gb18030") + b".csv")


def workbooks():
    yield "incidents_title_row.xlsx", titled()
    yield "incidents_two_row_header.xlsx", two_rows()
    hints = ["必填", "从下拉列表选择", "格式：YYYYMMDD", "选填"]
    yield "incidents_explanations.xlsx", saved(workbook(事件=[HEADERS, hints, *INCIDENTS]))
    yield (
        "incidents_blank_rows.xlsx",
        saved(workbook(事件=[[], HEADERS, INCIDENTS[0], [], [" "], INCIDENTS[1], [], INCIDENTS[2], [], []])),
    )
    yield (
        "residents_total_row.xlsx",
        saved(workbook(居民=[["网格编码", "人数"], *[[code, n + 1] for n, code in enumerate(GRIDS)], ["合计", 10]])),
    )
    yield (
        "incidents_dates_cells.xlsx",
        saved(
            workbook(
                事件=with_dates(
                    datetime.date(2020, 2, 15),
                    moment(2020, 2, 16, 8, 30),
                    43878,
                    "2020-02-18",
                    datetime.date(2020, 2, 19),
                )
            )
        ),
    )
    yield (
        "incidents_lost_codes.xlsx",
        saved(
            workbook(
                事件=[HEADERS, [330802199001012345, GRIDS[0], DAYS[0], "发热"], [12, int(GRIDS[1]), DAYS[0], "发热"]]
            )
        ),
    )
    yield "incidents_empty_sheets.xlsx", saved(workbook(Sheet1=[], 事件=[HEADERS, *INCIDENTS], Sheet3=[[]]))
    months = workbook(
        说明=[["本表由各网格填报"], ["每月一张"]],
        一月=[HEADERS, ["乙1", GRIDS[0], "2020-01-03", "发热"]],
        二月=[
            ["事件编号", "发生时间", "网格编码", "事件类别", "渠道"],
            ["乙2", "2020-02-03", GRIDS[1], "发热", "巡查"],
        ],
        下拉=[HEADERS, ["乙9", GRIDS[0], "2020-01-09", "发热"]],
    )
    months["下拉"].sheet_state = "hidden"
    yield "incidents_months.xlsx", saved(months)
    yield "areas_two_sheets.xlsx", saved(workbook(街道社区=[AREA_HEADERS, *AREAS[:2]], 网格=[AREA_HEADERS, *AREAS[2:]]))
    merged = workbook(事件=[HEADERS, INCIDENTS[0], ["甲2", None, *INCIDENTS[1][2:]], ["甲3", None, *INCIDENTS[2][2:]]])
    merged["事件"].merge_cells("B2:B4")
    yield "incidents_merged_cells.xlsx", saved(merged)
    formulas = workbook(
        事件=[HEADERS, ["甲1", '="' + GRIDS[0] + '"', DAYS[0], "发热"], ["甲2", '="x"', DAYS[1], "发热"]]
    )
    cached = {f'<f>"{GRIDS[0]}"</f><v></v>': f'<f>"{GRIDS[0]}"</f><v>{GRIDS[0]}</v>', 'r="B2"': 'r="B2" t="str"'}
    yield "incidents_formulas.xlsx", repacked(saved(formulas), {"xl/worksheets/sheet1.xml": cached})
    linked = workbook(事件=[HEADERS, ["甲1", "=[1]Sheet1!A1", DAYS[0], "发热"]])
    cached = {"<f>[1]Sheet1!A1</f><v></v>": f"<f>[1]Sheet1!A1</f><v>{GRIDS[0]}</v>", 'r="B2"': 'r="B2" t="str"'}
    link = '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    yield (
        "incidents_external_links.xlsx",
        repacked(saved(linked), {"xl/worksheets/sheet1.xml": cached}, {"xl/externalLinks/externalLink1.xml": link}),
    )
    checks = ["Visit ID", "Grid ID", "Check Type", "Visit Date", "Result", "Team"]
    yield (
        "checks_english.xlsx",
        saved(
            workbook(
                Visits=[
                    checks,
                    ["v1", GRIDS[0], "visit", datetime.date(2020, 2, 15), "done", "T1"],
                    ["v2", GRIDS[1], "visit", datetime.date(2020, 2, 16), "nobody home", "T1"],
                ]
            )
        ),
    )
    yield (
        "teams_plain.xlsx",
        saved(
            workbook(
                组团=[
                    ["组团编号", "组团名称", "人数", "驻地网格"],
                    ["T1", "第一组团", 5, GRIDS[0]],
                    ["T2", "第二组团", 6, GRIDS[1]],
                ]
            )
        ),
    )
    yield "incidents_old_excel.xls", old_excel()


def titled():
    made = workbook(
        事件=[["衢化街道2020年2月事件登记表"], ["填报单位：花径一村社区", None, None, "单位：件"], HEADERS, *INCIDENTS]
    )
    made["事件"].merge_cells("A1:D1")
    return saved(made)


def two_rows():
    rows = [["事件编号", "位置", None, "发生时间", "事件类别"], [None, "经度", "纬度", None, None]]
    rows += [[row[0], *map(float, point), *row[2:]] for row, point in zip(INCIDENTS, POSITIONS, strict=False)]
    made = workbook(事件=rows)
    for cells in ("A1:A2", "B1:C1", "D1:D2", "E1:E2"):
        made["事件"].merge_cells(cells)
    return saved(made)


def old_excel():
    made = xlwt.Workbook()
    sheet = made.add_sheet("事件")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm")
    for column, header in enumerate(HEADERS):
        sheet.write(0, column, header)
    for row, cells in enumerate(INCIDENTS, 1):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    sheet.write(4, 0, 12)
    sheet.write(4, 1, GRIDS[2])
    sheet.write(4, 2, moment(2020, 2, 15, 8, 30), day)
    sheet.write(4, 3, "发热")
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def layers():
    squares = [square(n) for n in range(4)]
    yield "areas_shapes.geojson", features(squares)
    metres = list(frame(crs=4549).geometry)
    yield "areas_old_crs.geojson", features(metres, "urn:ogc:def:crs:EPSG::4549")
    crossed = shapely.Polygon([(118.80, 28.90), (118.81, 28.91), (118.81, 28.90), (118.80, 28.91)])
    yield "areas_crossed.geojson", features([crossed, *squares[1:]])
    yield "areas_points.geojson", features([shapely.Point(118.8, 28.9), *squares[1:]])
    yield "areas_layers.gpkg", geopackage()
    english = ["area_id", "name", "level", "parent_id", "population"]
    yield "areas_shapefile.zip", shapefile(frame(english), "UTF-8")
    yield "areas_shapefile_gb18030.zip", shapefile(frame(), "GB18030", cpg=False)
    yield "areas_shapefile_utf8.zip", shapefile(frame(), "UTF-8", cpg=False)
    cut = [name.encode() for name in ("网格编码", "网格名称", "区域层级", "上级编码", "人口数")]
    yield "areas_shapefile_cut_names.zip", shapefile(frame(), "UTF-8", cpg=False, rename=cut)
    yield "areas_shapefile_cgcs2000.zip", shapefile(frame(crs=4549), "UTF-8")
    points = gpd.GeoDataFrame(
        pd.DataFrame([[row[0], row[2], row[3]] for row in INCIDENTS], columns=["编号", "时间", "类别"]),
        geometry=[shapely.Point(float(lon), float(lat)) for lon, lat in POSITIONS],
        crs=4326,
    )
    yield "incidents_points.zip", shapefile(points, "GB18030", cpg=False)


def tables():
    columns = {
        "事件编号": ["甲1", "甲2", "甲3"],
        "网格编码": [GRIDS[0], GRIDS[1], None],
        "发生时间": [moment(2020, 2, 15, 8, 30), moment(2020, 2, 16), None],
        "事件类别": ["发热"] * 3,
        "是否满意": [True, False, None],
    }
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream, compression="zstd")
    yield "incidents_table.parquet", stream.getvalue()
    stream = io.BytesIO()
    frame().to_parquet(stream)
    yield "areas_geoparquet.parquet", stream.getvalue()


def make():
    for maker in (texts, workbooks, layers, tables):
        for name, content in maker():
            (HERE / name).write_bytes(content.encode() if isinstance(content, str) else content)


if __name__ == "__main__":
    make()
