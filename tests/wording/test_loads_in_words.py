"""No code of the program stands in a Chinese sentence of a load: what is said of Chinese files has none."""

import io
import re
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
from shapely.geometry import box

from analytics.drawing.report_book import report_workbook
from analytics.errors import LoadError, StoreError
from analytics.loaders import DATUMS, TABLES, Reading, columns_of, guess, load_table
from analytics.loaders.columns import _tables, codes_of
from analytics.loaders.datums import DATUMS as KNOWN_DATUMS
from analytics.loaders.report import PointsFound
from analytics.store import Store
from analytics.wording import loads as wording
from analytics.words import LANGUAGES, is_there, say
from tests.store import made

TODAY = date(2026, 11, 28)
CODES = {
    *TABLES,
    *KNOWN_DATUMS,
    *(column for table in TABLES for column in columns_of(table)),
    *(code for column in _tables()["codes"] for code in codes_of(column).values()),
} - {"12345", "CGCS2000"}  # a telephone number, and the name of a reference system as everybody writes it
CODE = re.compile(rf"(?<![A-Za-z])(?:{'|'.join(map(re.escape, sorted(CODES)))})(?![A-Za-z])")

HEADERS = {
    "residents": ["区域编码", "人数", "年龄段", "是否独居", "居住方式", "户籍类型", "截至日期", "出生年份"],
    "incidents": ["工单编号", "区域编码", "经度", "纬度", "上报时间", "诉求类型", "渠道", "严重程度", "办理状态",
                  "到期时间", "办结时间", "是否满意", "联系人", "随手记"],
    "places": ["场所编号", "区域编码", "经度", "纬度", "类型", "容纳人数", "用途"],
    "checks": ["走访编号", "场所编号", "区域编码", "类型", "走访时间", "走访结果", "组团编号"],
    "teams": ["组团编号", "组团名称", "部门", "人数", "驻地区域", "专长", "每日工时"],
}  # fmt: skip
WRONG = (
    "",
    "某日",
    "若干",
    "=一加一",
    "13900000001",
    "－３",
    "2999-01-01",
    "三十人",
    "0.5",
    "甲九",
    "浙江省某市某路3号2幢401室",
)


WORDS = {
    "区域": ("甲1", "甲2", "甲3", "甲4"),
    "年龄": ("70-79", "八十多"),
    "出生": ("1950", "不详"),
    "结果": ("完成", "拒访", "另约"),
    "状态": ("已办结", "办理中", "待定"),
    "渠道": ("巡查", "网格", "门诊", "信访"),
    "居住": ("自有", "租住", "别样"),
    "户籍": ("本地", "外来", "别样"),
    "是否": ("是", "否", "也许"),
    "编号": tuple(map(str, range(1, 300))),
    "数": tuple(map(str, range(60))),
    "工时": ("8",),
}


def value(rng, header):
    if rng.random() < 0.12:
        return str(rng.choice(WRONG))
    if header in ("经度", "纬度"):
        low = 118 if (header == "经度") ^ (rng.random() < 0.1) else 28
        return f"{rng.uniform(low, low + 0.02):.6f}"
    if header.endswith(("时间", "日期")):
        return str(TODAY - timedelta(days=int(rng.integers(0, 60))))
    words = next((words for part, words in WORDS.items() if part in header), ("发热", "出租屋", "走访", "某类"))
    return str(rng.choice(words))


def file_of(rng, table):
    headers = [header for header in HEADERS[table] if rng.random() < 0.9]
    rows = [",".join(value(rng, header) for header in headers) for _ in range(40)]
    return "某表.csv", "\n".join([",".join(headers), *rows, *rows[:2]]).encode()


def areas_file(*, shapes=True):
    squares = [box(118 + 0.005 * at, 28, 118.0049 + 0.005 * at, 28.02) for at in range(4)]
    frame = gpd.GeoDataFrame(
        {"区域编码": [f"甲{at + 1}" for at in range(4)], "区域名称": [f"{at + 1}号网格" for at in range(4)],
         "层级": ["网格"] * 3 + ["片区"], "人口": ["900", "若干", "八百人", "700"], "上级编码": ["乙"] * 4},
        geometry=squares, crs="EPSG:4326",
    )  # fmt: skip
    if shapes:
        return "区域.geojson", frame.to_json().encode()
    return "区域.csv", frame.drop(columns="geometry").to_csv(index=False).encode()


@pytest.fixture
def store(tmp_path):
    store = Store.open(tmp_path / "home")
    store.add(load_table("areas", areas_file(), TODAY, store.ids), made.ME)
    return store


def said_of(report):
    """Every sentence, heading and cell of the account of a load, in Chinese."""
    (row,) = wording.report_rows("zh", [report])
    notes, _ = wording.row_notes("zh", [report], 10**6)
    book = openpyxl.load_workbook(io.BytesIO(report_workbook("zh", [report])))
    cells = [str(cell.value) for page in book for line in page.iter_rows() for cell in line if cell.value is not None]
    figures = [text for _, text in row["figures"]]
    return [row["table"], row["span"], *figures, *row["notes"], *(text for feed in row["feeds"] for text in feed),
            *(str(text) for note in notes for text in note.values()), *cells, *book.sheetnames]  # fmt: skip


def said_before(found):
    """Every word of the page before a load, in Chinese."""
    table = wording.preview_table("zh", found, found.columns)
    asked = [wording.column_asked("zh", found.table, column) for column in wording.mapped_columns(found.table)]
    lacking = [said.text("zh") for said in wording.lacking(found, "某表", dict.fromkeys(columns_of(found.table), ""))]
    fields = [column["field"] for column in table["columns"]]
    return [*fields, *asked, *lacking, *wording.guess_notes("zh", found, found.columns),
            *wording.headers_of("zh", found).values()]  # fmt: skip


def without_codes(texts):
    bad = [text for text in texts if CODE.search(text)]
    assert not bad


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("table", HEADERS)
def test_no_code_stands_in_what_is_said_of_a_load(store, table, seed):
    rng = np.random.default_rng(seed)
    file = file_of(rng, table)
    for taken_for in TABLES:
        without_codes(said_before(guess(file, taken_for)))
    try:
        loaded = load_table(table, file, TODAY, store.ids, store.known(), Reading("WGS84"))
    except LoadError as error:
        without_codes([error.text("zh")])
        return
    without_codes(said_of(loaded.report))
    number = store.add(loaded, made.ME).number
    without_codes(said_of(store.report(number)))
    history = store.loads()
    without_codes([*(str(text) for row in wording.load_rows("zh", history) for text in (row["table"], row["status"])),
                   *(wording.load_name("zh", load) for load in history)])  # fmt: skip


@pytest.mark.parametrize("shapes", [True, False])
def test_nor_in_what_is_said_of_areas(tmp_path, shapes):
    store = Store.open(tmp_path / "home")
    without_codes(said_before(guess(areas_file(shapes=shapes))))
    without_codes(said_of(load_table("areas", areas_file(shapes=shapes), TODAY, store.ids).report))


@pytest.mark.parametrize("datum", DATUMS)
def test_nor_in_what_positions_look_like(datum):
    points = PointsFound(90, 5, 5, datum, 512.0, 3)
    without_codes([*wording.position_lines("zh", points), *wording._points("zh", points)])


@pytest.mark.parametrize("table", TABLES)
def test_nor_in_what_is_missing(store, table):
    text = "天,地\n" + "玄,黄\n" * 30
    with pytest.raises(LoadError) as caught:
        load_table(table, ("某表.csv", text.encode()), TODAY, store.ids, store.known())
    without_codes([caught.value.text("zh")])
    with pytest.raises(StoreError) as caught:
        store.table("teams")
    without_codes([caught.value.text("zh")])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_column_is_called_as_in_the_templates_wherever_these_agree(lang):
    for column in {column for table in TABLES for column in columns_of(table)}:
        headers = [f"templates.header_{table}_{column}" for table in TABLES]
        names = {say(lang, key) for key in headers if is_there(key)}
        if len(names) == 1:
            assert names == {say(lang, f"loading.column_{column}")}
