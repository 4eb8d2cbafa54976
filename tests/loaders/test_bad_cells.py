"""One bad cell of an optional column costs that cell and no row; units count; a month is enough where one is asked."""

from __future__ import annotations

from calendar import monthrange

import numpy as np
import pandas as pd
import pytest

from analytics.errors import LoadError
from analytics.loaders import Known, load_table
from analytics.loaders.units import unit_of, without_unit
from tests.loaders.files_of_records import IDS, notes, reasons, repairs
from tests.loaders.test_which_table import SEEDS, TODAY, csv, drawn, load, shuffled, some_areas

# What offices write where they have no number, or must not say it; and what is one after all.
NO_NUMBER = ("<10", "‹10", "＜5", "*", "**", "-999", "-", "—", "N/A", "n/a", "不详", "约", "..", "x", "#DIV/0!", "1/2")
NUMBERS = {
    "1.2万": 12_000,
    "３千": 3_000,
    "1.25万人": 12_500,
    "约1.5万": 15_000,
    "2 thousand": 2_000,
    "1,200": 1_200,
    "850人": 850,
    "2百": 200,
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("column", ["人口", "户数", "楼栋数", "商铺数", "空巢老人数"])
def test_no_cell_of_a_figure_takes_an_area_off_the_map(seed, column):
    rng = drawn(seed)
    cells = [*rng.permutation(NO_NUMBER)[:3].tolist(), *rng.permutation(list(NUMBERS))[:3].tolist(), "77", "78", "79"]
    cells = [str(one) for one in rng.permutation(cells)]
    rows = [[f"A{n}", f"地块{n}", "社区", f'"{cell}"'] for n, cell in enumerate(cells)]
    found = load("areas", csv(["区域编码", "名称", "层级", column], rows))
    assert found.frame.index.tolist() == [row[0] for row in rows]
    assert not found.report.refused
    canonical = {"人口": "population", "户数": "households", "楼栋数": "buildings", "商铺数": "shops"}.get(
        column, column
    )
    wanted = [NUMBERS.get(cell, float(cell) if cell.isdigit() else np.nan) for cell in cells]
    np.testing.assert_array_equal(found.frame[canonical].to_numpy(), np.array(wanted, dtype=float))
    said = repairs(found.report)
    odd = {n + 2 for n, cell in enumerate(cells) if not cell.replace(",", "").isdigit()}
    assert set(said) == odd
    for line in odd:
        if cells[line - 2] in NO_NUMBER:
            assert "missing" in said[line]
    assert {note.column for note in found.report.repaired} == {column}


OPTIONAL = {
    "incidents": (
        ["工单编号", "区域编码", "发生时间", "类别"],
        {"办结时间": "31/31/2026", "到期时间": "soon", "是否满意": "perhaps"},
    ),
    "residents": (
        ["区域编码", "年龄段"],
        {"截至日期": "32日", "是否独居": "?", "出生年份": "17"},
    ),
    "places": (["场所编号", "区域编码", "类型"], {"容量": "<5"}),
    "checks": (["检查编号", "区域编码", "类型", "检查时间", "结果"], {"组团编号": "1.2E+17"}),
    "teams": (["组团编号", "名称", "人数"], {"每日工时": "*"}),
}
GOOD = {
    "工单编号": "E{n}",
    "发生时间": "2026-05-01",
    "类别": "noise",
    "年龄段": "60-69",
    "场所编号": "P{n}",
    "类型": "shop",
    "检查编号": "C{n}",
    "检查时间": "2026-05-02",
    "结果": "done",
    "组团编号": "T{n}",
    "名称": "组{n}",
    "人数": "3",
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("table", OPTIONAL)
def test_a_bad_cell_of_an_optional_column_keeps_its_row_and_is_named(seed, table):
    rng = drawn(seed)
    areas = some_areas(rng)
    needed, bad = OPTIONAL[table]
    header = str(rng.choice(list(bad)))
    rows = [
        [
            *(areas.index[n % 3] if one == "区域编码" else GOOD[one].format(n=n) for one in needed),
            bad[header] if n == 2 else "",
        ]
        for n in range(6)
    ]
    found = load(table, shuffled(rng, [*needed, header], rows), areas)
    assert len(found.frame) == 6
    assert reasons(found.report) == {}
    assert [(note.line, note.column) for note in found.report.repaired] == [(4, header)]


def test_a_needed_number_still_refuses_its_row():
    areas = some_areas(drawn(0))
    teams = load("teams", csv(["组团编号", "名称", "人数"], [["T1", "甲组", "many"], ["T2", "乙组", "3"]]), areas)
    assert list(reasons(teams.report)) == [2]


# -- Units ------------------------------------------------------------------------------------------------------------

UNITS = {
    "万人": 10_000,
    "万": 10_000,
    "单位：万人": 10_000,
    "千人": 1_000,
    "千": 1_000,
    "百户": 100,
    "百人": 100,
    "人": 1,
    "户": 1,
    "thousands": 1_000,
    "in thousands": 1_000,
    "000s": 1_000,
    "thousand people": 1_000,
    "10,000 persons": 10_000,
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_in_a_header_is_reckoned_in_and_said(seed, unit):
    rng = drawn(seed)
    shape = str(rng.choice(["{}（{}）", "{}({})", "{} [{}]", "{}【{}】"]))
    name, column = [
        ("常住人口", "population"),
        ("户数", "households"),
        ("Population", "population"),
        ("商铺数", "shops"),
    ][seed % 4]
    header = shape.format(name, unit)
    figures = np.round(rng.uniform(0.1, 9.9, 4), 2)
    found = load("areas", csv(["区域编码", f'"{header}"'], [[f"A{n}", one] for n, one in enumerate(figures)]))
    np.testing.assert_allclose(found.frame[column], figures * UNITS[unit])
    assert len(repairs(found.report)) == (4 if UNITS[unit] > 1 else 0)
    assert without_unit(header) == name


@pytest.mark.parametrize("unit", ["%", "km²", "㎡", "亩", "公顷", "万元", "％"])
def test_a_unit_that_counts_nothing_keeps_a_column_from_being_a_number_of_people(unit):
    found = load("areas", csv(["区域编码", f"人口({unit})"], [["A1", 12.5], ["A2", 3]]))
    assert found.frame["population"].isna().all()
    assert found.frame[f"人口({unit})"].tolist() == [12.5, 3]
    assert f"人口({unit})" in notes(found.report)


@pytest.mark.parametrize(
    "header",
    ["区域编码（必填）", "人口(2025年末)", "户数", "population", "area_code", "unit_id", "人口数", "wan", "千岛湖人口"],
)
def test_what_is_no_unit_is_none(header):
    unit = unit_of(header)
    assert unit is None or unit.factor == 1


def test_a_cell_that_says_its_own_thousands_is_not_multiplied_again():
    found = load("areas", csv(["区域编码", "人口(万人)"], [["A1", "1.2万"], ["A2", "1.2"]]))
    assert found.frame["population"].tolist() == [12_000, 12_000]


@pytest.mark.parametrize("seed", SEEDS)
def test_percent_signs_in_further_columns_are_numbers_and_said(seed):
    rng = drawn(seed)
    header = str(rng.choice(["租户占比", "老龄化率", "renter share", "空置比例"]))
    figures = np.round(rng.uniform(1, 99, 6), 1)
    cells = [f"{one}{rng.choice(['%', '％', ' %'])}" for one in figures]
    cells[1], figures[1] = "—", np.nan
    cells[2], figures[2] = "0.35", np.nan  # a third of a percent, or of all
    found = load("areas", csv(["区域编码", header], [[f"A{n}", cell] for n, cell in enumerate(cells)]))
    np.testing.assert_allclose(found.frame[header], figures)
    assert set(repairs(found.report)) == set(range(2, 8))


# -- Months -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_a_month_stands_for_its_last_day_where_only_a_month_is_needed(seed):
    rng = drawn(seed)
    areas = some_areas(rng)
    month = int(rng.integers(1, 6))
    way = str(
        rng.choice(["{y}-{m:02}", "{y}年{m}月", "{y}/{m}", "{y}{m:02}", "{y}.{m:02}", "民國{r}年{m}月", "{y}年{m}月底"])
    )
    written = way.format(y=2026, m=month, r=115)
    header = str(rng.choice(["截至日期", "统计月份", "数据日期"]))
    frame = load("residents", csv(["区域编码", "人数", header], [[areas.index[0], 5, written]]), areas).frame
    assert frame["as_of"].tolist() == [pd.Timestamp(2026, month, monthrange(2026, month)[1])]


def test_the_current_month_stands_for_today_and_a_coming_one_for_nothing():
    areas = some_areas(drawn(0))
    rows = [[areas.index[0], 5, "2026-06"], [areas.index[0], 5, "2026-07"]]
    found = load("residents", csv(["区域编码", "人数", "截至日期"], rows), areas)
    assert found.frame["as_of"].tolist() == [pd.Timestamp(TODAY), pd.NaT]
    assert len(repairs(found.report)) == 2


def test_a_month_is_not_enough_for_an_incident():
    areas = some_areas(drawn(0))
    rows = [["E1", areas.index[0], "2026-05", "noise"], ["E2", areas.index[0], "2026-05-01", "noise"]]
    content = csv(["工单编号", "区域编码", "发生时间", "类别"], rows)
    found = load_table("incidents", ("f.csv", content), TODAY, IDS, Known(areas))
    assert list(reasons(found.report)) == [2]


# -- Groups of people whose number is not known ------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_a_group_without_its_number_is_there_in_a_long_table_and_in_a_wide_one(seed):
    """It is neither one person nor nobody: its row is kept, and the number is missing."""
    rng = drawn(seed)
    areas, bands = some_areas(rng), ["60-69岁", "70-79岁", "80岁以上"]
    hidden = str(rng.choice(["", "*", "<10", "—", "…", "约几十"]))
    table = [[str(number) for number in row] for row in rng.integers(10, 900, (3, 3))]
    at, band = int(rng.integers(3)), int(rng.integers(3))
    table[at][band] = hidden
    codes = list(areas.index[:3])
    long = [[codes[row], bands[column], table[row][column]] for row in range(3) for column in range(3)]
    for text in (
        csv(["区域编码", "年龄段", "人数"], long),
        csv(["区域编码", *bands], [[code, *row] for code, row in zip(codes, table, strict=True)]),
    ):
        found = load("residents", text, areas)
        people = found.frame
        gone = people[people["count"].isna()]
        assert (len(people), len(gone), reasons(found.report)) == (9, 1, {})
        assert gone[["area_id", "age_band"]].to_numpy().tolist() == [[codes[at], ["60-69", "70-79", "80+"][band]]]


@pytest.mark.parametrize("seed", range(4))
def test_a_number_that_stands_for_none_is_missing_and_said_in_every_column_of_figures(seed):
    rng = drawn(seed)
    code = "-" + "9" * int(rng.integers(3, 6)) + str(rng.choice(["", ".0"]))
    areas = some_areas(rng)
    codes = list(areas.index[:3])
    cells = ["12", code, "-3.5"]
    of_areas = load(
        "areas", csv(["区域编码", "名称", "风险指数"], [[*one] for one in zip(codes, "甲乙丙", cells, strict=True)])
    )
    assert of_areas.frame["风险指数"].fillna(0).tolist() == [12, 0, -3.5]
    for header in ("指标值", "风险指数"):
        days = [["2026-05-01", one, cell] for one, cell in zip(codes, cells, strict=True)]
        found = load("given_values", csv(["日期", "区域编码", header], days), areas)
        name = "value" if header == "指标值" else header
        assert found.frame[name].fillna(0).tolist() == [12, 0, -3.5]
        assert list(repairs(found.report)) == [3]
        assert "missing" in repairs(found.report)[3]
    assert "missing" in repairs(of_areas.report)[3]


def test_shares_under_the_header_of_numbers_make_no_row_one_person():
    areas = some_areas(drawn(0))
    rows = [[areas.index[0], "70-79岁", "35%", "310"], [areas.index[0], "80岁以上", "10%", "90"]]
    with pytest.raises(LoadError, match="percentages"):
        load("residents", csv(["区域编码", "年龄段", "人数"], [row[:3] for row in rows]), areas)
    found = load("residents", csv(["区域编码", "年龄段", "人数", "人口数"], rows), areas)
    assert found.frame["count"].tolist() == [310, 90]
