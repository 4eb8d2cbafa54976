"""The first rows before a load: every cell stands under its header, and none that is a person's is shown."""

import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analytics.loaders import MASK, guess, missing_columns, needed_columns, preview_columns
from analytics.loaders.load import TABLES
from analytics.wording.loads import mapped_columns, preview_table
from analytics.words import LANGUAGES

SURNAMES = "赵钱孙李周吴郑王冯陈"
NAMES = st.builds(lambda one, two: one + two, st.sampled_from(SURNAMES), st.text("晓明丽华伟", min_size=1, max_size=2))
PERSONS = {
    "name": NAMES,
    "mobile": st.builds("13{:09d}".format, st.integers(0, 10**9 - 1)),
    "born": st.builds("19{:02d}-0{}-1{}".format, st.integers(30, 99), st.integers(1, 9), st.integers(0, 9)),
    "number": st.builds("{:018d}".format, st.integers(0, 10**18 - 1)),
    "note": st.builds("{}说楼上很吵，请处理后回电{}".format, NAMES, st.integers(1, 9)),
}  # fmt: skip
PRIVATE = ("姓名", "联系人", "报警人", "上报人", "业主", "备注", "问题描述", "联系电话")
UNKNOWN = st.text("甲乙丙丁子丑寅卯", min_size=2, max_size=5)


@st.composite
def files(draw):
    """Incidents with columns of persons' data under headers that are refused, and under some that nobody knows."""
    rows = draw(st.integers(1, 12))
    headers = draw(st.lists(UNKNOWN, unique=True, max_size=3)) + draw(st.lists(st.sampled_from(PRIVATE), unique=True))
    kinds = {header: draw(st.sampled_from(["name", "mobile", "number", "note"])) for header in headers}
    planted = {header: [draw(PERSONS[kind]) for _ in range(rows)] for header, kind in kinds.items()}
    columns = {
        "事件编号": [f"T{at}" for at in range(rows)],
        "网格编码": ["A1"] * rows,
        "发生时间": [f"2026-01-{at + 1:02d}" for at in range(rows)],
        "类别": ["发热"] * rows,
        **planted,
    }
    order = draw(st.permutations(list(columns)))
    lines = [",".join(order), *(",".join(columns[header][at] for header in order) for at in range(rows))]
    return order, columns, planted, "\n".join(lines) + "\n"


@given(files())
def test_cells_stand_under_their_headers_and_no_one_elses_are_shown(file):
    order, columns, planted, text = file
    found = guess(("a.csv", text.encode()), "incidents")
    shown = preview_columns(found.preview, found.columns)
    assert [one.header for one in shown] == list(order)
    for one in shown:
        if one.header in planted:
            assert set(one.cells) == {MASK}
            assert one.columns == ()
        else:
            assert list(one.cells) == columns[one.header][:5]
            assert one.why == "read"


def residents(**columns):
    rows = len(next(iter(columns.values())))
    lines = [",".join(columns), *(",".join(str(columns[header][at]) for header in columns) for at in range(rows))]
    return guess(("a.csv", "\n".join(lines).encode()), "residents")


def cells_of(found, column):
    return next(one.cells for one in preview_columns(found.preview, found.columns) if column in one.columns)


@given(st.lists(PERSONS["born"], min_size=1, max_size=5))
def test_a_date_of_birth_is_not_shown_though_its_year_is_read(born):
    found = residents(网格编码=["A"] * len(born), 出生日期=born)
    assert set(cells_of(found, "birth_year")) == {MASK}


@given(st.lists(st.tuples(st.floats(73, 135), st.floats(18, 53)), min_size=1, max_size=5))
@example([(118.87654321, 28.9)])
def test_a_position_is_shown_no_finer_than_a_district(positions):
    found = residents(经度=[repr(lon) for lon, _ in positions], 纬度=[repr(lat) for _, lat in positions])
    for column, place in (("lon", 0), ("lat", 1)):
        for cell, position in zip(cells_of(found, column), positions, strict=True):
            assert re.fullmatch(r"[0-9]{2,3}\.[0-9]{1,2}…?", cell)
            assert abs(float(cell.removesuffix("…")) - position[place]) < 0.01


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("GD2026-0012", True),
        ("202602280017", True),
        ("13800001234", False),
        ("A13800001234", False),
        ("3308021990010199970", False),
        ("张三0001", False),
    ],
)
def test_a_business_number_is_shown_and_one_that_holds_a_persons_is_not(number, shown):
    text = f"事件编号,网格编码,发生时间,类别\n{number},A,2026-01-05,发热\n"
    found = guess(("a.csv", text.encode()), "incidents")
    first = preview_columns(found.preview, found.columns)[0]
    assert first.cells == ((number if shown else MASK),)


@pytest.mark.parametrize("seed", range(20))
def test_a_needed_group_is_missing_until_one_of_it_is_there(seed):
    rng = np.random.default_rng(seed)
    for table in TABLES:
        asked = mapped_columns(table)
        there = {column for column in asked if rng.random() < 0.5}
        for group in needed_columns(table):
            met = any(column in there and (column != "lon" or "lat" in there) for column in group)
            assert (group in missing_columns(table, there)) is not met
        places = [asked.index(column) for group in needed_columns(table) for column in group]
        optional = set(asked) - {column for group in needed_columns(table) for column in (*group, "lat")}
        assert max(places) < min((asked.index(column) for column in optional), default=99)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_of_a_wide_file_all_that_is_read_is_shown_and_the_rest_is_counted(lang):
    headers = [f"不知道{at}" for at in range(200)] + ["事件编号", "网格编码", "发生时间", "类别"]
    text = ",".join(headers) + "\n" + ",".join(["1"] * 200 + ["T1", "A", "2026-01-05", "发热"]) + "\n"
    found = guess(("a.csv", text.encode()), "incidents")
    table = preview_table(lang, found, found.columns)
    assert sum(column["read"] for column in table["columns"]) == 4
    assert len(table["columns"]) == 28
    assert "176" in table["more"]
    assert len(table["rows"][0]["cells"]) == 28


def test_a_header_that_two_columns_are_taken_from_is_said_to_be_both():
    text = "编号,网格编码,日期,类别\n1,A,2026-01-05,发热\n"
    found = guess(("a.csv", text.encode()), "incidents")
    picked = {**found.columns, "closed_at": found.columns["occurred_at"]}
    (both,) = [one for one in preview_columns(found.preview, picked) if one.header == "日期"]
    assert both.columns == ("occurred_at", "closed_at")
    assert both.cells == ("2026-01-05",)
    (field,) = [one["field"] for one in preview_table("zh", found, picked)["columns"] if one["header"] == "日期"]
    assert field == "发生时间、办结时间"
