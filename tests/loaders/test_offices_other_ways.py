"""Kinds of dirty tables by other headers, other words and other sizes: drawn anew for each seed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import LoadError
from analytics.loaders import guess
from analytics.loaders.bands import age_band_of
from analytics.loaders.coded import guessed_code
from tests.loaders.files_of_records import collection, feature, square
from tests.loaders.test_which_table import csv, load

SEEDS = range(4)
SYLLABLES = "青石白鹭临江梧桐银杏香樟海棠石榴"


def places_of(rng, n):
    names = [f"{a}{b}" for a in SYLLABLES for b in SYLLABLES if a != b]
    return [str(name) for name in rng.choice(names, n, replace=False)]


def areas_of(rng, n=5):
    names = places_of(rng, n)
    rows = [[f"Q{at}", f"{name}社区", "社区", int(rng.integers(2000, 9000))] for at, name in enumerate(names)]
    return names, load("areas", csv(["区域编码", "名称", "层级", "人口"], rows)).frame


@pytest.mark.parametrize("seed", SEEDS)
def test_a_list_of_incidents_is_never_guessed_to_say_that_nothing_happened(seed):
    rng = np.random.default_rng(seed)
    names, _ = areas_of(rng)
    day = str(rng.choice(["日期", "上报日期", "date", "报告日期"]))
    kind = str(rng.choice(["类别", "事件类别", "category"]))
    counted = str(rng.choice(["件数", "数量", "起数", "新增病例数"]))
    rows = [
        [f"2026-05-{d:02}", str(rng.choice(names)) + "社区", "噪声扰民", int(rng.integers(1, 9))] for d in range(1, 9)
    ]
    assert guess(("a.csv", csv([day, "所属社区", kind, counted], rows))).table == "incidents"
    assert guess(("a.csv", csv([day, "所属社区", kind], [row[:3] for row in rows]))).table == "incidents"
    assert (
        guess(("零报告.csv", csv(["日期", "社区", "来源"], [[row[0], row[1], "网格"] for row in rows]))).table
        == "reports"
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_a_zero_report_that_counts_something_is_refused(seed):
    rng = np.random.default_rng(seed)
    _, areas = areas_of(rng)
    counts = [int(n) for n in rng.integers(0, 3, 12)]
    rows = [[f"2026-05-{d + 1:02}", "Q1", n] for d, n in enumerate(counts)]
    rows.append(["2026-05-20", "Q2", 0])
    report = load("reports", csv(["日期", "区域编码", str(rng.choice(["件数", "起数"]))], rows), areas).report
    assert len(report.refused) == sum(n > 0 for n in counts)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_done_about_an_incident_counts_no_incidents(seed):
    rng = np.random.default_rng(seed)
    names, areas = areas_of(rng)
    done = str(rng.choice(["催办次数", "回访次数", "督办次数", "退回次数", "附件数量", "跟进次数", "reopen count"]))
    rows = [[f"2026-05-{d:02}", f"{rng.choice(names)}社区", "噪声扰民", int(rng.integers(0, 3))] for d in range(1, 20)]
    assert len(load("incidents", csv(["日期", "所属社区", "类别", done], rows), areas).frame) == len(rows)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_count_that_cannot_be_read_refuses_its_row_and_is_never_one_incident(seed):
    rng = np.random.default_rng(seed)
    _, areas = areas_of(rng)
    header = str(rng.choice(["件数", "起数", "受理量", "工单数", "当日新增"]))
    good = [int(n) for n in rng.integers(1, 9, 12)]
    bad = [str(one) for one in rng.choice(["<5", "3.5", "*", "-2", "若干"], 4)]
    rows = [[f"2026-05-{d + 1:02}", "Q1", "噪声扰民", n] for d, n in enumerate([*good, *bad])]
    found = load("incidents", csv([str(rng.choice(["统计日期", "日期"])), "区域编码", "类别", header], rows), areas)
    assert (len(found.frame), len(found.report.refused)) == (sum(good), len(bad))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_unit_under_the_header_or_in_the_title_is_reckoned_in(seed):
    rng = np.random.default_rng(seed)
    people = [int(n) * 100 for n in rng.integers(11, 900, 6)]
    factor, unit = [(1e4, "万人"), (1e3, "千人"), (1e4, "万"), (1e3, "thousands")][int(rng.integers(4))]
    rows = [[f"Q{at}", f"甲{at}", f"{n / factor:g}", 40 + at] for at, n in enumerate(people)]
    headers = ["区域编码", "名称", str(rng.choice(["人口", "常住人口"])), "户数"]
    label = str(rng.choice(["单位", "", "计量单位"]))
    under = csv(headers, [[label, "", str(rng.choice([unit, f"（{unit}）"])), str(rng.choice(["户", ""]))], *rows])
    title = csv([f"某地人口（单位：{unit}）" if seed % 2 else f"单位：{unit}", "", "", ""], [headers, *rows])
    within = csv([*headers[:2], f"{headers[2]}（{unit}）", headers[3]], rows)
    # A title that says 千 and not of what speaks of all numbers.
    for content in (under, within, *([title] if "人" in unit else [])):
        frame = load("areas", content).frame
        assert frame["population"].tolist() == people
        assert frame["households"].tolist() == [40 + at for at in range(6)]


@pytest.mark.parametrize("unit", ["'000s", "×1000", "x 1,000", "10^3", "000", "in thousands"])
def test_thousands_are_thousands_in_any_spelling(unit):
    frame = load("areas", csv(["code", "name", f'"population ({unit})"'], [["A", "B", "6.1"]])).frame
    assert frame["population"].tolist() == [6100]


@pytest.mark.parametrize("seed", SEEDS)
def test_fractions_of_people_without_a_unit_are_missing_and_said(seed):
    rng = np.random.default_rng(seed)
    rows = [[f"Q{at}", f"甲{at}", f"{rng.uniform(0.1, 40) // 0.01 / 100 + 0.001:.3f}"] for at in range(8)]
    loaded = load("areas", csv(["区域编码", "名称", "人口"], rows))
    assert loaded.frame["population"].isna().all()
    assert {note.reason.key for note in loaded.report.repaired} == {"loading.unit_unknown"}
    sure = load("areas", csv(["区域编码", "名称", "人口（人）"], rows)).frame
    assert sure["population"].notna().all()


@pytest.mark.parametrize(
    ("code", "name"),
    [("WARD_NO", "WARD_NAME"), ("VILLCODE", "VILLNAME"), ("WD24CD", "WD24NM"), ("社区编号", "社区名"), ("乡级码", "乡"),
     ("GID_3", "NAME_3"), ("ntacode", "ntaname"), ("网格编码", "网格")],
)  # fmt: skip
@pytest.mark.parametrize("seed", range(2))
def test_the_name_of_an_area_is_the_one_that_goes_with_its_code(code, name, seed):
    rng = np.random.default_rng(seed)
    names = places_of(rng, 6)
    wider = {"COUNTYNAME": "某县", "社区": "东村社区", "NAME_1": "某省", "GID_1": "X.1_1", "AREA": 0.25}
    wider = {header: word for header, word in wider.items() if not code.startswith(header)}
    shapes = [
        feature(square(120 + at * 0.01, 30, 0.01), **wider, **{code: f"C.{at}_1", name: one})
        for at, one in enumerate(names)
    ]
    content = collection(*shapes)
    assert load("areas", content, name="b.geojson").frame["name"].tolist() == names
    assert guess(("b.geojson", content)).table == "areas"


@pytest.mark.parametrize("seed", SEEDS)
def test_one_bad_cell_of_a_share_costs_that_cell(seed):
    rng = np.random.default_rng(seed)
    header = str(rng.choice(["老龄化率", "出租比例", "空置率", "unemployment rate", "pct_renters"]))
    cells = [f"{n}%" for n in rng.integers(1, 99, 3)] + [str(one) for one in rng.choice(["<1%", "*", "约", "1/5"], 4)]
    frame = load(
        "areas", csv(["区域编码", "名称", header], [[f"Q{at}", f"甲{at}", c] for at, c in enumerate(cells)])
    ).frame
    assert frame[header].notna().sum() == 3


@pytest.mark.parametrize("word", ["无", "不详", "待定", "未知", "其他"])
def test_a_grid_that_nobody_knows_leaves_the_row_in_its_community(word):
    areas = load(
        "areas",
        csv(
            ["区域编码", "名称", "层级", "上级编码"],
            [["S1", "东村社区", "社区", ""], ["S2", "西村社区", "社区", ""], ["S11", "一网格", "网格", "S1"]],
        ),
    ).frame
    rows = [["2026-05-01", "噪声扰民", "东村社区", "一网格"], ["2026-05-02", "噪声扰民", "西村社区", word]]
    found = load("incidents", csv(["日期", "类别", "属地社区", "属地网格"], rows), areas)
    assert found.frame["area_id"].tolist() == ["S11", "S2"]


@pytest.mark.parametrize("seed", SEEDS)
def test_parents_given_by_name_tell_the_levels(seed):
    rng = np.random.default_rng(seed)
    street, *communities = places_of(rng, 4)
    rows = [["S", f"{street}街道", ""]]
    rows += [[f"S{at}", f"{one}社区", f"{street}街道"] for at, one in enumerate(communities)]
    frame = load("areas", csv(["编码", "单位名称", "上级单位"], rows)).frame
    assert frame["parent_id"].dropna().tolist() == ["S"] * 3
    assert frame["level"].tolist() == ["street", *["community"] * 3]


@given(st.integers(1, 99), st.sampled_from(["岁以上（含{n}岁）", "歲以上", "岁以上老年人口", "岁及以上老人", "以上"]))
def test_bands_without_an_end_are_read_in_other_spellings(first, spelling):
    assert age_band_of(f"{first}{spelling.format(n=first)}") == f"{first}+"


@given(
    st.sampled_from("未不待拟"),
    st.sampled_from(["办结", "结案", "办理完毕", "处置完成"]),
    st.sampled_from(["", "审批", "上级"]),
)
def test_what_is_still_to_come_is_never_guessed_to_be_closed(denied, word, between):
    assert guessed_code("incidents", "status", f"{denied}{between}{word}") != "closed"


def test_a_record_under_the_header_is_no_header_for_the_sake_of_a_letter():
    rows = [["Q1", "甲社区", "社区", "6100", "20"], ["Q2", "社区", "社区", "3900", "x"]]
    content = csv(["区域编码", "名称", "层级", "人口", "户数"], rows)
    assert guess(("f.csv", content)).table == "areas"
    assert len(load("areas", content).frame) == 2


def test_sums_of_a_month_are_asked_for_their_days_and_are_no_places():
    rng = np.random.default_rng(0)
    names, areas = areas_of(rng)
    content = csv(["月份", "社区", "类别", "件数"], [["2026-05", f"{one}社区", "噪声扰民", 9] for one in names])
    assert guess(("m.csv", content)).table == "incidents"
    with pytest.raises(LoadError):
        load("incidents", content, areas)
