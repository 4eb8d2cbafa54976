"""Which table a file is, and what its headers mean by their cells: generators draw headers, words, sizes and orders."""

from __future__ import annotations

import io
from datetime import date, timedelta

import numpy as np
import openpyxl
import pandas as pd
import pytest

from analytics.errors import LoadError
from analytics.loaders import Known, Reading, guess, load_table
from tests.loaders.files_of_records import IDS, collection, feature, notes, reasons, repairs, square

TODAY = date(2026, 6, 15)
SEEDS = range(12)
STEMS = ("梧桐", "银杏", "香樟", "海棠", "石榴", "紫薇", "玉兰", "桂花", "Alder", "Beech", "Cedar", "Elm")
KINDS = ("噪声扰民", "占道经营", "违停", "noise", "illegal parking", "消防隐患")


def drawn(seed: int) -> np.random.Generator:
    return np.random.default_rng([2026, seed])


def csv(headers: list[str], rows: list[list[object]]) -> bytes:
    return "\n".join(",".join(map(str, row)) for row in [headers, *rows]).encode()


def load(table: str, content: bytes, areas: pd.DataFrame | None = None, name: str = "f.csv", **reading: object):
    return load_table(table, (name, content), TODAY, IDS, Known(areas), Reading(**reading))


def some_areas(rng: np.random.Generator) -> pd.DataFrame:
    """Communities with codes and names."""
    n = int(rng.integers(3, 8))
    stems = rng.permutation(STEMS[:8])[:n]
    rows = [[f"Q{10 + place}", f"{stem}社区", "社区", 100 * (place + 1)] for place, stem in enumerate(stems)]
    return load("areas", csv(["区域编码", "名称", "层级", "人口"], rows)).frame


def shuffled(rng: np.random.Generator, headers: list[str], rows: list[list[object]]) -> bytes:
    order = rng.permutation(len(headers))
    return csv([headers[place] for place in order], [[row[place] for place in order] for row in rows])


# -- Codes, measures and what is private ------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_a_measure_is_no_code_and_no_area_is_lost(seed):
    rng = drawn(seed)
    measure = rng.choice(["AREA", "area", "Area"])
    code = rng.choice(["UNIT_ID", "BLOCK_CODE", "TRACT_NO", "编号", "ward_id"])
    codes = rng.choice(np.arange(1000, 9000), 6, replace=False)
    sizes = rng.choice([0.0612, 0.1137, 12.5, 3.25], 6)
    order = rng.permutation(3)
    features = []
    for place in range(6):
        said = [(measure, float(sizes[place])), (code, int(codes[place])), ("NAME", STEMS[place])]
        features.append(feature(square(120 + 0.01 * place, 30, 0.01), **dict(said[one] for one in order)))
    found = load("areas", collection(*features), name="areas.geojson")
    assert found.frame.index.tolist() == [str(one) for one in codes]
    assert not found.report.refused
    assert code in notes(found.report)


def test_whole_metres_are_no_code_beside_one_and_are_one_where_nothing_else_is():
    with_code = load("areas", csv(["area", "block_id", "name"], [[1200, 1, "a"], [900, 2, "b"]]))
    assert with_code.frame.index.tolist() == ["1", "2"]
    assert with_code.frame["area"].tolist() == [1200, 900]
    assert load("areas", csv(["area", "name"], [["N1", "a"], ["N2", "b"]])).frame.index.tolist() == ["N1", "N2"]


def test_where_the_code_is_missed_the_reason_is_said_again():
    with pytest.raises(LoadError, match=r"no column “Area code.*“AREA” holds areas"):
        load("areas", csv(["AREA", "NAME"], [[0.11, "a"], [0.22, "b"]]))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_postal_code_is_the_code_of_an_area_where_each_has_its_own(seed):
    rng = drawn(seed)
    header = str(rng.choice(["zipcode", "ZIP", "Postal Code", "邮编", "post_code", "zip_code"]))
    codes = rng.choice(np.arange(10_000, 99_999), 5, replace=False)
    rows = [[code, STEMS[place], 100 + place] for place, code in enumerate(codes)]
    content = shuffled(rng, [header, "name", "population"], rows)
    assert load("areas", content).frame.index.tolist() == [str(code) for code in codes]
    assert load("areas", content, columns={"area_id": header}).frame.index.tolist() == [str(code) for code in codes]
    twice = csv([header, "name", "population"], [[10_001, "a", 1], [10_001, "b", 2]])
    with pytest.raises(LoadError, match="has no column"):
        load("areas", twice)


def test_a_persons_number_is_no_code_of_an_area_even_if_it_is_chosen():
    rows = [[f"1381234567{place}", STEMS[place]] for place in range(6)]
    with pytest.raises(LoadError, match="personal data"):
        load("areas", csv(["电话", "name"], rows), columns={"area_id": "电话"})


@pytest.mark.parametrize("seed", SEEDS)
def test_shares_under_a_header_of_telephones_are_figures_of_areas(seed):
    rng = drawn(seed)
    header = str(rng.choice(["MOBILE", "Mobile", "Phone_share", "TELEPHONE"]))
    written = [f"{one:.11f}" if seed % 2 else f"{one:.1%}" for one in rng.uniform(0.1, 0.9, 5)]
    found = load("areas", csv(["code", "name", header], [[f"c{n}", STEMS[n], one] for n, one in enumerate(written)]))
    assert found.frame[header].notna().all()
    assert not found.report.dropped_private
    assert header in notes(found.report)


def test_telephone_numbers_under_any_header_stay_private():
    rows = [[f"c{n}", STEMS[n], f"1381234567{n}"] for n in range(6)]
    found = load("areas", csv(["code", "name", "MOBILE"], rows))
    assert found.report.dropped_private == ("MOBILE",)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_boundaries_of_chinese_maps_are_areas(seed):
    rng = drawn(seed)
    n = int(rng.integers(2, 6))
    first, above = int(rng.integers(110_101, 659_000)), int(rng.integers(100, 900)) * 100
    parent = [{"adcode": above}, f'{{ "adcode": {above} }}', above][seed % 3]
    word, level = [("街道", "street"), ("镇", "street"), ("社区", "community")][seed // 3 % 3]
    written = str(rng.choice([level, word]))
    content = collection(
        *(
            feature(
                square(120 + 0.01 * place, 30, 0.01),
                adcode=first + place,
                name=f"{STEMS[place]}{word}",
                center=[120, 30],
                level=written,
                parent=parent,
                acroutes=[100_000],
            )
            for place in range(n)
        )
    )
    taken_for = guess((f"{word}.geojson", content))
    assert (taken_for.table, taken_for.needed) == ("areas", ())
    frame = load("areas", content, name="map.geojson").frame
    assert frame.index.tolist() == [str(first + place) for place in range(n)]
    assert set(frame["level"]) == {level}
    assert set(frame["parent_id"]) == {str(above)}
    assert frame["name"].tolist() == [f"{STEMS[place]}{word}" for place in range(n)]


@pytest.mark.parametrize("headers", [("name", "members"), ("编号", "类别", "时间"), ("id", "kind"), ("a", "b")])
def test_whatever_has_outlines_is_taken_for_areas(headers):
    said = [{header: f"{header}{n}" for header in headers} for n in range(3)]
    content = collection(*(feature(square(n, 0), **one) for n, one in enumerate(said)))
    assert guess(("x.geojson", content)).table == "areas"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_roster_with_figures_is_areas_and_no_list_of_persons(seed):
    rng = drawn(seed)
    figures = [str(rng.choice(pair)) for pair in (("户数", "家庭户数"), ("常住人口", "总人口", "人口数"))]
    named = [str(rng.choice(["社区名称", "名称", "网格名称"]))] + (["区域编码"] if seed % 2 else [])
    rows = [[f"{STEMS[n]}社区", *([f"K{n}"] if seed % 2 else []), 100 + n, 300 + n] for n in range(5)]
    found = guess(("roster.csv", shuffled(rng, [*named, *figures], rows)))
    assert found.table == "areas"
    assert found.needed == (() if seed % 2 else ("area_id",))


# -- Headers that are none, worksheets, encodings ---------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("table", ["areas", "residents", "incidents", "places", "checks", "teams"])
def test_of_a_file_without_a_header_no_cell_is_shown(seed, table):
    rng = drawn(seed)
    people = ["张三丰", "李小四", "王五一", "赵六六", "Ann Lee", "Bo Chen"]
    makers = {
        "person": lambda n: people[n],
        "phone": lambda n: f"13{8 + n % 2}{12345670 + n}",
        "area": lambda n: f"{STEMS[n // 3]}小区",
        "day": lambda n: f"2026-05-0{n + 1}",
        "count": lambda n: int(rng.integers(1, 900)) + n,
    }
    chosen = rng.permutation(list(makers))[: int(rng.integers(3, 6))]
    rows = [[makers[one](n) for one in chosen] for n in range(6)]
    content = "\n".join(",".join(map(str, row)) for row in rows).encode()
    areas = some_areas(rng) if table != "areas" else None
    with pytest.raises(LoadError) as stopped:
        load(table, content, areas)
    for lang in ("zh", "en"):
        said = " ".join(problem.text(lang) for problem in stopped.value.problems)
        assert not any(str(cell) in said for row in rows for cell in row if len(str(cell)) > 3)
    with pytest.raises(LoadError):
        guess(("f.csv", content))


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_right_worksheet_is_reached_by_the_mapping_and_by_its_name(seed):
    rng = drawn(seed)
    code, name, people = (
        str(rng.choice(words)) for words in (("代号", "标识"), ("小区名", "片区"), ("常住人数", "住了多少人"))
    )
    titles = [str(one) for one in rng.permutation(["日报", "各社区", "Notes"])]
    right = [[code, name, people], *([f"M{n}", f"{STEMS[n]}社区", 100 + n] for n in range(3))]
    others = [[["日期", "新增"], ["2026-05-01", 3]], [["条目", "数值"], ["甲", 5]]]
    sheets = dict(zip(titles, [*others[:1], right, *others[1:]], strict=True))
    content = workbook(sheets)
    columns = {"area_id": code, "name": name, "population": people}
    for reading in ({"columns": columns}, {"columns": columns, "sheet": titles[1]}):
        found = load("areas", content, name="book.xlsx", **reading)
        assert found.frame.index.tolist() == ["M0", "M1", "M2"]
        assert found.report.sheets == (titles[1],)
        assert titles[1] in notes(found.report)
    with pytest.raises(LoadError) as stopped:
        load("areas", content, name="book.xlsx")
    said = stopped.value.problems[0].text("zh")
    assert all(word in said for word in (*titles, code, name, people, "日期", "新增"))
    with pytest.raises(LoadError, match="no worksheet"):
        load("areas", content, name="book.xlsx", sheet="nowhere")
    assert guess(("book.xlsx", content), "areas").sheets == tuple(titles)


@pytest.mark.parametrize("seed", SEEDS)
def test_big5_and_gb18030_are_told_apart(seed):
    rng = drawn(seed)
    names = (
        ["光明里", "和平里", "自強里", "復興里", "信義里"],
        ["光明社区", "和平社区", "自强社区", "复兴社区", "信义社区"],
    )
    headers = ["里代碼", "里名", "人口數", "戶數"], ["社区代码", "社区名称", "人口数", "户数"]
    for which, encoding in enumerate(("cp950", "gb18030")):
        rows = [
            [f"6{n}", name, int(rng.integers(100, 9000)), 5] for n, name in enumerate(rng.permutation(names[which]))
        ]
        content = csv(list(headers[which]), rows).decode().encode(encoding)
        found = load("areas", content)
        assert found.frame["name"].tolist() == [row[1] for row in rows]
        assert ("Big5" if encoding == "cp950" else "GB18030") in notes(found.report)


@pytest.mark.parametrize("seed", SEEDS)
def test_years_of_the_republic_are_read_and_said(seed):
    rng = drawn(seed)
    areas = some_areas(rng)
    days = [date(2012, 1, 1) + timedelta(int(one)) for one in rng.integers(0, 5000, 8)]
    ways = [
        "民國{r}年{d.month}月{d.day}日",
        "{r}/{d.month:02}/{d.day:02}",
        "{r}年{d.month}月{d.day}日",
        "{r}.{d.month}.{d.day}",
        "{r}{d.month:02}{d.day:02}",
        "中華民國 {r} 年 {d.month} 月 {d.day} 日",
        "{r}-{d.month}-{d.day} 08:30",
    ]
    rows = [
        [f"E{n}", areas.index[0], str(rng.choice(ways)).format(r=day.year - 1911, d=day), "noise"]
        for n, day in enumerate(days)
    ]
    found = load("incidents", csv(["案件編號", "區域編碼", "發生日期", "類別"], rows), areas)
    assert found.frame["occurred_at"].dt.date.tolist() == days
    assert f"Republic of China (113 is 2024): {len(days)}" in notes(found.report)


# -- Sums -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_sums_by_day_area_and_kind_become_so_many_incidents_and_twice_is_once(seed):
    rng = drawn(seed)
    areas = some_areas(rng)
    header = str(rng.choice(["件数", "数量", "起数", "工单量", "count", "cases"]))
    days = [date(2026, 5, 1) + timedelta(n) for n in range(3)]
    rows = [
        [day, area, kind, int(rng.integers(0, 5))]
        for day in days
        for area in areas.index[:3]
        for kind in rng.permutation(KINDS)[:2]
    ]
    total = sum(int(row[3]) for row in rows)
    content = shuffled(rng, ["日期", "区域编码", "类别", header], rows)
    found = load("incidents", content, areas)
    assert len(found.frame) == total == found.report.read
    assert found.frame["incident_id"].is_unique
    expected = pd.DataFrame(rows, columns=["day", "area", "kind", "n"]).groupby("area")["n"].sum()
    assert found.frame["area_id"].value_counts().to_dict() == expected[expected > 0].to_dict()
    again = load("incidents", content, areas)
    assert set(again.frame["incident_id"]) == set(found.frame["incident_id"])
    more = [[*row[:3], row[3] + 1] for row in rows]
    later = load("incidents", csv(["日期", "区域编码", "类别", header], more), areas)
    assert set(found.frame["incident_id"]) < set(later.frame["incident_id"])
    assert guess(("sums.csv", content)).table == "incidents"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("across", ["days", "areas", "kinds"])
def test_days_areas_or_kinds_as_columns_are_turned(seed, across):
    rng = drawn(seed)
    areas = some_areas(rng)
    days = [f"{date(2026, 5, 1) + timedelta(n)}" for n in range(3)]
    places = areas["name"].tolist()[:3] if seed % 2 else areas.index.tolist()[:3]
    kinds = [str(one) for one in rng.permutation(KINDS)[:3]]
    sides = {"days": ("日期", days), "areas": ("社区" if seed % 2 else "区域编码", places), "kinds": ("类别", kinds)}
    wide = sides.pop(across)[1]
    (first, down), (second, beside) = sides.values()
    counts = rng.integers(0, 4, (len(down), len(beside), len(wide)))
    rows = [
        [one, other, *counts[a, b].tolist(), counts[a, b].sum()]
        for a, one in enumerate(down)
        for b, other in enumerate(beside)
    ]
    found = load("incidents", csv([first, second, *wide, "合计"], rows), areas)
    assert len(found.frame) == counts.sum() == found.report.read
    assert "summary table" in notes(found.report)


def test_a_blank_or_withheld_sum_is_no_zero_and_no_one():
    areas = some_areas(drawn(0))
    code = areas.index[0]
    rows = [["2026-05-01", code, "noise", 2], ["2026-05-02", code, "noise", "<5"], ["2026-05-03", code, "noise", ""]]
    found = load("incidents", csv(["日期", "区域编码", "类别", "件数"], rows), areas)
    assert len(found.frame) == 2
    assert list(reasons(found.report)) == [3, 4]


def test_sums_that_lack_a_kind_say_so_and_far_too_many_stay_out():
    areas = some_areas(drawn(1))
    wide = csv(["日期", *areas["name"]], [["2026-05-01", *range(len(areas))], ["2026-05-02", *range(len(areas))]])
    with pytest.raises(LoadError, match=r"summary table.*category"):
        load("incidents", wide, areas)
    huge = csv(["日期", "区域编码", "类别", "件数"], [["2026-05-01", areas.index[0], "noise", 10**9]])
    with pytest.raises(LoadError, match="more than can be expanded"):
        load("incidents", huge, areas)


def test_a_file_with_ids_of_its_own_is_never_multiplied():
    areas = some_areas(drawn(2))
    rows = [[f"E{n}", "2026-05-01", areas.index[0], "noise", 3] for n in range(4)]
    assert len(load("incidents", csv(["工单编号", "日期", "区域编码", "类别", "数量"], rows), areas).frame) == 4


@pytest.mark.parametrize("seed", SEEDS)
def test_overlapping_sums_of_people_are_never_read_as_one_person_a_row(seed):
    rng = drawn(seed)
    areas = some_areas(rng)
    groups = [
        str(one) for one in rng.permutation(["60岁以上人口", "独居老人", "出租户数", "80岁以上人口", "流动人口"])[:3]
    ]
    groups = groups if seed % 2 else [*groups, "独居"]
    rows = [[area, *rng.integers(3, 300, len(groups)).tolist()] for area in areas.index]
    content = csv(["区域编码", *groups], rows)
    with pytest.raises(LoadError, match="summary table"):
        load("residents", content, areas)
    found = load("areas", content, areas)
    assert found.frame.index.tolist() == areas.index.tolist()
    assert found.frame["name"].tolist() == areas["name"].tolist()
    assert found.frame["level"].tolist() == areas["level"].tolist()
    assert found.frame["population"].tolist() == areas["population"].tolist()


@pytest.mark.parametrize("seed", SEEDS)
def test_groups_of_an_age_become_rows_and_those_in_no_group_still_count(seed):
    rng = drawn(seed)
    areas = some_areas(rng)
    cuts = [("0-17", "18-59", "60+"), ("60-69", "70-79", "80+"), ("65-74", "75+")][seed % 3]
    suffix = str(rng.choice(["", "岁人口", "岁", "人数"])) if seed % 2 else ""
    headers = [band.replace("+", "岁以上") if suffix and "+" in band else f"{band}{suffix}" for band in cuts]
    counts = rng.integers(0, 50, (len(areas), len(cuts)))
    rest = rng.integers(0, 30, len(areas))
    rows = [[area, *counts[n].tolist(), counts[n].sum() + rest[n]] for n, area in enumerate(areas.index)]
    frame = load("residents", shuffled(rng, ["区域编码", *headers, "合计"], rows), areas).frame
    assert frame["count"].sum() == counts.sum() + rest.sum()
    assert frame.groupby("age_band")["count"].sum().to_dict() == dict(
        zip(cuts, counts.sum(axis=0).tolist(), strict=True)
    )


def test_a_list_of_persons_is_no_table_of_sums():
    areas = some_areas(drawn(3))
    rows = [[areas.index[n % 2], n % 2, 1 + n % 2] for n in range(8)]
    assert len(load("residents", csv(["区域编码", "是否独居", "户内人数"], rows), areas).frame) == 8
    assert not repairs(load("residents", csv(["区域编码", "是否独居"], [[areas.index[0], 1]]), areas).report)
