"""Whatever stands in a file, a load ends in records whose account adds up, or in one clear sentence."""

import io
import json
import warnings
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from analytics.errors import LoadError
from analytics.loaders import TABLES, load_records
from analytics.words import LANGUAGES
from tests.loaders.files_of_records import AREAS, TODAY, collection, feature, square
from tests.long.sizes import many

GOOD = {
    "areas": "网格编码,名称,层级,人口,指数\nG1,甲,网格,1200,3\nG2,乙,网格,,4\n",
    "residents": (
        "网格编码,人数,年龄段,出生年份,是否独居,住房性质,截至日期,姓名\n"
        "G1,2,60-69,,是,自有,2020-02-01,张三\n"
        "G2,,,1950,否,租赁,,李四\n"
    ),
    "incidents": (
        "编号,网格编码,经度,纬度,时间,类别,状态,办结时间\n"
        "1,G1,,,2020-02-15 08:30,发热,已办结,2020/2/16\n"
        "2,,0.5,0.5,20200215,噪声,,\n"
    ),
    "places": "场所编号,网格编码,类型,容量\nP1,G1,商铺,5\nP2,G2,场所,\n",
    "checks": ("编号,网格编码,场所编号,类型,时间,结果\n1,G1,,走访,2020-02-15,完成\n2,,P1,走访,2020-02-15,拒绝\n"),
    "teams": "编号,名称,人数,驻地网格\nT1,一组,5,G1\nT2,二组,6,\n",
    "holidays": "日期,是否放假,节日\n2020-01-25,是,春节\n2020-02-01,否,调休\n",
    "given_values": "网格编码,日期,积水风险\nG1,2020-02-14,0.5\nG2,2020-02-15,\n",
    "agreements": "数据表,来源,报送频次,截止时间,零报告\n事件,门诊,每日,17:00,是\n走访巡查,走访,每周,,\n",
    "orders": "提级令编号,不低于等级,依据,起始日期,截止日期\nT1,橙色,街办〔2020〕3号,2020-02-14,2020-02-20\n"
    "T2,红,预案,2020-02-15,2020-02-15\n",
    "reports": "数据表,来源,网格编码,起始日期,结束日期\n事件,门诊,G1,2020-02-14,2020-02-15\n走访巡查,,,2020-02-15,\n",
}
SHAPES = collection(
    feature(square(0, 0), area_id="G1", name="甲", cases=3), feature(square(1, 0), area_id="G2", name="乙", cases=4)
)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from([1e308, 10**400]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)
POSITIONS = st.lists(st.floats() | st.integers(), min_size=1, max_size=4)
GEOMETRIES = JSON_VALUES | st.fixed_dictionaries(
    {
        "type": st.sampled_from(["Polygon", "MultiPolygon", "Point", "GeometryCollection", "", None]),
        "coordinates": JSON_VALUES
        | st.lists(st.lists(POSITIONS, max_size=6), max_size=3)
        | st.lists(st.lists(st.lists(POSITIONS, max_size=6), max_size=2), max_size=2),
    }
)
FEATURES = JSON_VALUES | st.fixed_dictionaries(
    {
        "properties": JSON_VALUES | st.dictionaries(st.sampled_from(["area_id", "name", "n"]), JSON_VALUES),
        "geometry": GEOMETRIES,
    }
)


def check(files):
    """The account of a load adds up, or its error is one line in each language."""
    for sentence in sentences_of_load(files):
        for lang in LANGUAGES:
            assert len(sentence.text(lang).splitlines()) == 1


def sentences_of_load(files):
    try:
        records, reports = load_records(files, TODAY)
    except LoadError as error:
        return error.problems
    for report in reports:
        refused = {(row.sheet, row.line) for row in report.refused}
        repaired = {(row.sheet, row.line) for row in report.repaired}
        assert report.read == report.accepted + report.repaired_rows + len(report.refused)
        # Features of one code are one area.
        parts = sum(row.reason.key == "loading.part_of_area" for row in report.repaired)
        assert len(getattr(records, report.table)) == report.accepted + report.repaired_rows - parts
        assert (len(refused), len(repaired)) == (len(report.refused), report.repaired_rows)
        assert not refused & repaired
    assert records.areas.index.is_unique
    of_rows = (row.reason for report in reports for row in (*report.refused, *report.repaired))
    return [*(phrase for report in reports for phrase in report.notes), *of_rows]


@given(table=st.sampled_from(TABLES), content=st.binary(max_size=300))
def test_any_bytes_end_in_records_or_one_sentence(table, content):
    check({"areas": ("areas.csv", AREAS), table: ("any.csv", content)})


@given(table=st.sampled_from(TABLES), content=st.text(max_size=200), encoding=st.sampled_from(["utf-8", "gb18030"]))
def test_any_text_under_a_good_header_ends_in_records_or_one_sentence(table, content, encoding):
    text = (GOOD[table].splitlines()[0] + "\n" + content).encode(encoding, "replace")
    check({"areas": ("areas.csv", AREAS), table: ("any.csv", text)})


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8) | st.sampled_from(
    ["", "G1", "G9", "甲", "网格4", "2月15日", "2020-02-30", "43876", "20200215", "1.2E+17", "1,234", "是", "√",
     "13800000000", "浙H12345", "0.5", "28.9", "118.8", "3198680", "-", "1e400", "合计", "必填", "\u200b", "Ｇ１", "３"]
)  # fmt: skip


def as_csv(table):
    return table.to_csv(index=False).encode("utf-8", "replace")


def as_workbook(table):
    content = io.BytesIO()
    table.map(lambda cell: ILLEGAL_CHARACTERS_RE.sub("", cell)).to_excel(content, index=False, sheet_name="第一页")
    return content.getvalue()


def as_parquet(table):
    content = io.BytesIO()
    table.to_parquet(content, index=False)
    return content.getvalue()


def as_geojson(table):
    return collection(*(feature(square(n, 0), **row) for n, row in enumerate(table.to_dict("records"))))


def as_layer(table, driver, ending):
    with TemporaryDirectory() as folder:
        shapes = [shapely.box(n, 0, n + 1, 1) for n in range(len(table))]
        layer = gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326")
        with warnings.catch_warnings():
            # A shapefile cuts long field names, which is what is tried here.
            warnings.simplefilter("ignore")
            layer.to_file(Path(folder) / f"f{ending}", driver=driver, encoding="utf-8")
        if ending == ".gpkg":
            return (Path(folder) / "f.gpkg").read_bytes()
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as packed:
            for file in sorted(Path(folder).iterdir()):
                packed.write(file, file.name)
        return content.getvalue()


KINDS = {
    "csv": as_csv,
    "xlsx": as_workbook,
    "parquet": as_parquet,
    "geojson": as_geojson,
    "gpkg": lambda table: as_layer(table, "GPKG", ".gpkg"),
    "zip": lambda table: as_layer(table, "ESRI Shapefile", ".shp"),
}


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=many(8), suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_row_of_every_kind_of_file_is_accepted_repaired_or_refused(kind, data):
    name = data.draw(st.sampled_from(TABLES if kind in ("csv", "xlsx", "parquet") else ("areas",)))
    table = pd.read_csv(io.StringIO(GOOD[name]), dtype=str, keep_default_na=False)
    table = table.loc[data.draw(st.lists(st.sampled_from(list(table.index)), min_size=1, max_size=6))]
    table = table.reset_index(drop=True).astype(object)
    for _ in range(data.draw(st.integers(0, 8))):
        row, column = data.draw(st.integers(0, len(table) - 1)), data.draw(st.integers(0, table.shape[1] - 1))
        table.iloc[row, column] = data.draw(CELLS)
    files = {other: (f"{other}.csv", text.encode()) for other, text in GOOD.items()} | {"areas": ("a.geojson", SHAPES)}
    check(files | {name: (f"damaged.{kind}", KINDS[kind](table.astype(str)))})


@settings(max_examples=many(60))
@given(data=st.data(), table=st.sampled_from(TABLES), encoding=st.sampled_from(["utf-8", "gb18030"]))
def test_read_is_accepted_repaired_and_refused_under_damage(data, table, encoding):
    content = bytearray(GOOD[table].encode(encoding))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content)))
        removed = data.draw(st.integers(0, 5))
        added = data.draw(
            st.sampled_from([b"", b",", b'"', b"\n", b"\r", b"-", b"9", b"\xff", b"\x00", b"G1", b" ", b"e"])
        )
        content[place : place + removed] = added
    files = {name: (f"{name}.csv", text.encode()) for name, text in GOOD.items()} | {"areas": ("a.geojson", SHAPES)}
    check(files | {table: ("damaged.csv", bytes(content))})


@settings(max_examples=many(60))
@given(rows=st.lists(st.lists(st.text(max_size=8), min_size=8, max_size=8), max_size=6))
def test_any_cells_end_in_records_or_one_sentence(rows):
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    text = GOOD["incidents"] + "\n".join(lines)
    check({"areas": ("a.geojson", SHAPES), "incidents": ("i.csv", text.encode("utf-8", "replace"))})


@settings(max_examples=many(60))
@given(features=st.lists(FEATURES, max_size=4))
def test_any_features_end_in_records_or_one_sentence(features):
    good = json.loads(SHAPES)["features"]
    check({"areas": ("a.geojson", collection(*good, *features))})
    check({"areas": ("a.geojson", collection(*features))})


@given(data=st.data())
def test_a_damaged_geojson_ends_in_records_or_one_sentence(data):
    content = bytearray(SHAPES)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content)))
        content[place : place + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=3) | st.just(b"999"))
    check({"areas": ("a.geojson", bytes(content))})
