"""Sums of the same people or incidents are never added to what they are sums of."""

from __future__ import annotations

import pytest

from analytics.errors import LoadError
from tests.loaders.files_of_records import notes, reasons
from tests.loaders.test_which_table import SEEDS, csv, drawn, load, shuffled, some_areas

WORDS = ("合计", "小计", "总计", "合 计", "Total")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("header", ["性别", "性质", "备注"])
def test_a_row_of_sums_by_a_column_that_is_not_read_is_left_out_and_said(seed, header):
    rng = drawn(seed)
    areas, word = some_areas(rng), str(rng.choice(WORDS))
    rows, told = [], {}
    for code in areas.index[:3]:
        for band in ("60-69岁", "70-79岁", "80岁以上"):
            parts = [int(one) for one in rng.integers(1, 300, 2)]
            told[code, band] = sum(parts)
            rows += [[code, part, band, str(n)] for part, n in zip(("甲类", "乙类"), parts, strict=True)]
            rows.append([code, word, band, str(sum(parts))])
    found = load("residents", shuffled(rng, ["区域编码", header, "年龄段", "人数"], rows), areas)
    assert int(found.frame["count"].sum()) == sum(told.values())
    assert len(found.frame) == 18
    assert "Totals" in notes(found.report)


@pytest.mark.parametrize("seed", SEEDS)
def test_incidents_of_a_row_of_sums_count_once_and_one_that_sums_up_no_other_row_counts(seed):
    rng = drawn(seed)
    areas, word = some_areas(rng), str(rng.choice(WORDS))
    first, second = areas.index[:2]
    n = [int(one) for one in rng.integers(1, 9, 3)]
    rows = [
        ["2026-05-01", first, "噪声扰民", str(n[0])],
        ["2026-05-01", first, "占道经营", str(n[1])],
        ["2026-05-01", first, word, str(n[0] + n[1])],
        ["2026-05-01", second, word, str(n[2])],
    ]
    found = load("incidents", csv(["日期", "区域编码", "类别", "件数"], rows), areas)
    assert found.frame["area_id"].value_counts().to_dict() == {first: n[0] + n[1], second: n[2]} or n[0] + n[1] == n[2]


@pytest.mark.parametrize("header", ["累计件数", "本月累计件数", "累积例数", "累計件數", "cumulative 件数"])
def test_running_totals_are_refused_and_the_new_ones_beside_them_are_counted(header):
    areas = some_areas(drawn(0))
    rows = [[f"2026-05-0{day}", areas.index[0], "发热", str(day), str(10 + day)] for day in (1, 2, 3)]
    found = load("incidents", csv(["日期", "区域编码", "类别", "新增例数", header], rows), areas)
    assert len(found.frame) == 6
    with pytest.raises(LoadError) as refused:
        load("incidents", csv(["日期", "区域编码", "类别", header], [[*row[:3], row[4]] for row in rows]), areas)
    assert "running totals" in refused.value.text("en")


@pytest.mark.parametrize("households", ["户数", "households"])
@pytest.mark.parametrize("people", ["常住人口", "户籍人口", "60岁以上", "60岁及以上老人数"])
def test_a_roster_of_households_and_people_is_no_table_of_residents(households, people):
    areas = some_areas(drawn(1))
    rows = [[code, "210", "630"] for code in areas.index[:3]]
    with pytest.raises(LoadError) as refused:
        load("residents", csv(["区域编码", households, people], rows), areas)
    assert "summary table" in refused.value.text("en")


def test_a_cell_that_is_no_number_of_incidents_is_quoted_under_its_own_header():
    areas = some_areas(drawn(2))
    days = ["2026-05-01", "2026-05-02", "2026-05-03"]
    found = load(
        "incidents",
        csv(
            ["区域编码", "类别", *days],
            [[areas.index[0], "噪声扰民", "2", "<5", "1"], [areas.index[1], "噪声扰民", "2", "3", "1"]],
        ),
        areas,
    )
    assert "“2026-05-02” holds “<5”" in next(iter(reasons(found.report).values()))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_list_of_areas_that_lies_on_its_side_is_the_list_that_it_is(seed):
    """One column an area: no header or figure of it becomes an area."""
    rng = drawn(seed)
    n = int(rng.integers(2, 8))
    table = {
        "区域编码": [f"Q{at}" for at in range(n)],
        "名称": [f"第{at}社区" for at in range(n)],
        "人口": [str(int(one)) for one in rng.integers(1000, 9000, n)],
        "独居老人数": [str(int(one)) for one in rng.integers(10, 90, n)],
    }
    upright = load("areas", csv(list(table), [list(row) for row in zip(*table.values(), strict=True)]))
    order = [str(one) for one in rng.permutation(list(table)[1:])]
    corner = str(rng.choice(["区域编码", "指标", ""]))
    lying = load("areas", csv([corner, *table["区域编码"]], [[one, *table[one]] for one in order]))
    assert lying.frame.index.tolist() == table["区域编码"]
    for column in ("name", "population", "独居老人数"):
        assert lying.frame[column].tolist() == upright.frame[column].tolist()
    assert "one column per area" in notes(lying.report)
    assert "one column per area" not in notes(upright.report)


@pytest.mark.parametrize("corner", ["年龄段", "指标", "组别"])
def test_groups_of_ages_beside_columns_of_areas_are_read_whatever_stands_above_them(corner):
    areas = some_areas(drawn(3))
    codes = list(areas.index[:3])
    rows = [["70-79岁", "390", "300", "200"], ["80岁以上", "150", "*", "80"]]
    people = load("residents", csv([corner, *codes], rows), areas).frame
    assert people.groupby("age_band")["count"].sum().to_dict() == {"70-79": 890, "80+": 230}
    assert people["count"].isna().sum() == 1
