"""Rows that name a wider area beside their own, or in its place; and codes whose zeros a spreadsheet ate."""

import io
import json
import random

import openpyxl
import pandas as pd
import pytest

from tests.loaders.files_of_records import load, notes, reasons, repairs

SEEDS = range(15)
STREETS = ["府山街道", "衢化街道", "白云镇", "荷花街道"]
COMMUNITIES = ["花园社区", "南门社区", "新桥村", "礼贤社区", "斗潭社区"]
GRID_HEADERS = ["网格", "所属网格", "网格名称", "责任网格", "grid", "网格编码"]
COMMUNITY_HEADERS = ["社区", "所属社区", "社区名称", "村社名称", "community", "社区编码", "所在社区"]
STREET_HEADERS = ["街道", "所属街道", "镇街", "街道名称", "乡镇", "街道编码"]
CODES = ("网格编码", "社区编码", "街道编码")


def city(draw):
    """Streets, communities of which some bear the same name under two streets, and grids that are numbered anew."""
    areas, digits = {}, draw.choice(["S{0:02}", "33080{0:02}"])
    for street, name in enumerate(draw.sample(STREETS, 2), 1):
        code = digits.format(street)
        areas[code] = (name, "街道", "")
        for community, title in enumerate(draw.sample(COMMUNITIES, 4), 1):
            inner = f"{code}{community:02}"
            areas[inner] = (title, "社区", code)
            for grid in range(1, draw.randint(2, 4)):
                areas[f"{inner}{grid:03}"] = (f"第{grid}网格", "网格", inner)
    return areas


def as_file(areas):
    rows = [
        {"区域编码": code, "名称": name, "层级": level, "上级编码": up} for code, (name, level, up) in areas.items()
    ]
    return pd.DataFrame(rows).to_csv(index=False).encode()


def written(draw, areas, code, header):
    name = areas[code][0]
    return code if header in CODES else draw.choice([name, name.removesuffix("社区") or name, f" {name} "])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_row_lies_in_the_finest_area_that_it_names(seed):
    draw = random.Random(seed)
    areas = city(draw)
    headers = [draw.choice(each) for each in (STREET_HEADERS, COMMUNITY_HEADERS, GRID_HEADERS)]
    rows, expected, wider = [], [], 0
    for number in range(60):
        code = draw.choice(list(areas))
        chain = [code]
        while areas[chain[0]][2]:
            chain.insert(0, areas[chain[0]][2])
        cells = [written(draw, areas, one, header) for one, header in zip(chain, headers, strict=False)]
        cells += [draw.choice(["", "-", " ", "/"]) for _ in range(3 - len(cells))]
        rows.append(
            {
                "工单编号": f"GD-{number}",
                **dict(zip(headers, cells, strict=True)),
                "类别": "x",
                "发生时间": "2020-02-01",
            }
        )
        expected.append(code)
        wider += len(chain) < 3
    records, reports = load(areas=as_file(areas), incidents=pd.DataFrame(rows).to_csv(index=False).encode())
    report = reports["incidents"]
    assert reasons(report) == {}
    assert records.incidents["area_id"].tolist() == expected
    told = [line for line, reason in repairs(report).items() if "Only the parent area" in reason]
    assert len(told) == wider
    if wider:
        assert "Rows with only a parent area" in notes(report)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_name_of_the_worksheet_and_the_street_tell_namesakes_apart(seed):
    draw = random.Random(seed)
    names = draw.sample(STREETS, 2)
    areas = {f"S{at}": (name, "街道", "") for at, name in enumerate(names)}
    areas |= {f"S{at}-C": ("花园社区", "社区", f"S{at}") for at in range(2)}
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in names:
        page = book.create_sheet(name)
        page.append(["工单编号", "社区", "类别", "发生时间"])
        page.append([f"GD-{name}", "花园社区", "x", "2020-02-01"])
    out = io.BytesIO()
    book.save(out)
    by_sheet, _ = load(areas=as_file(areas), incidents=out.getvalue())
    rows = "".join(f"GD-{at},{name},花园,x,2020-02-01\n" for at, name in enumerate(names))
    header = draw.choice(STREET_HEADERS[:5])
    by_column, _ = load(areas=as_file(areas), incidents=f"工单编号,{header},社区,类别,发生时间\n{rows}")
    assert by_sheet.incidents["area_id"].tolist() == by_column.incidents["area_id"].tolist() == ["S0-C", "S1-C"]
    alone = "工单编号,社区,类别,发生时间\nGD-1,花园社区,x,2020-02-01\nGD-2,S0-C,x,2020-02-01\n"
    assert list(reasons(load(areas=as_file(areas), incidents=alone)[1]["incidents"])) == [2]


def test_a_wider_area_that_nobody_knows_is_named_in_the_refusal():
    areas = {"C": ("花园社区", "社区", ""), "G": ("第1网格", "网格", "C")}
    text = "工单编号,所属社区,所属网格,类别,发生时间\nGD1,某处社区,,x,2020-02-01\nGD2,花园社区,,x,2020-02-01\n"
    records, reports = load(areas=as_file(areas), incidents=text)
    assert "某处社区" in reasons(reports["incidents"])[2]
    assert records.incidents["area_id"].tolist() == ["C"]


def test_a_community_without_areas_in_it_is_no_wider_area():
    areas = {"C1": ("花园社区", "社区", ""), "C2": ("南门社区", "社区", "")}
    text = "工单编号,区域编码,社区,类别,发生时间\nGD1,C1,花园社区,x,2020-02-01\nGD2,,南门社区,x,2020-02-01\n"
    records, reports = load(areas=as_file(areas), incidents=text)
    assert records.incidents["area_id"].tolist() == ["C1", "C2"]
    assert "wider" not in notes(reports["incidents"]) + str(repairs(reports["incidents"]))
    assert "by the name" in repairs(reports["incidents"])[3]


def test_a_point_is_finer_than_the_community_and_the_community_keeps_a_row_whose_point_is_nowhere():
    def feature(code, level, parent, west, east):
        ring = [[west, 30], [east, 30], [east, 31], [west, 31], [west, 30]]
        said = {"area_id": code, "name": code, "level": level, "parent_id": parent}
        return {"type": "Feature", "properties": said, "geometry": {"type": "Polygon", "coordinates": [ring]}}

    areas = json.dumps({"type": "FeatureCollection", "features": [
        feature("花园社区", "community", None, 120, 122), feature("G1", "grid", "花园社区", 120, 121),
        feature("G2", "grid", "花园社区", 121, 122)]}).encode()  # fmt: skip
    text = (
        "工单编号,经度,纬度,社区,类别,发生时间\nGD1,120.5,30.5,花园社区,x,2020-02-01\n"
        "GD2,,,花园社区,x,2020-02-01\nGD3,150,10,花园社区,x,2020-02-01\nGD4,150,10,,x,2020-02-01\n"
    )
    records, reports = load(areas=areas, incidents=text)
    assert records.incidents["area_id"].tolist() == ["G1", "花园社区", "花园社区"]
    assert list(reasons(reports["incidents"])) == [5]


@pytest.mark.parametrize("table", ["incidents", "residents", "places", "checks"])
@pytest.mark.parametrize("seed", SEEDS)
def test_zeros_that_a_spreadsheet_ate_are_put_back_where_only_one_code_can_be_meant(table, seed):
    draw = random.Random(seed)
    width = draw.choice([2, 6, 9, 15])
    numbers = draw.sample(range(1, 10 ** (width - 1)), min(8, 10 ** (width - 1) - 1))
    codes = [f"{number:0{width}}" for number in numbers]
    twice, lone = codes[0], f"{numbers[0]:0{width + 2}}"
    areas = as_file({code: (f"区{at}", "网格", "") for at, code in enumerate([*codes, lone])})
    cells = [f"{int(code)}" for code in codes[1:]] + [codes[1], f"{int(twice)}", f"{int(codes[2])}.0", f"00{codes[3]}"]
    heads, row = {
        "incidents": ("类别,发生时间", "x,2020-02-01"),
        "residents": ("人数", "1"),
        "places": ("类型", "商铺"),
        "checks": ("类型,检查时间,结果", "走访,2020-02-01,完成"),
    }[table]
    text = f"网格编码,{heads}\n" + "".join(f"{cell},{row}\n" for cell in cells)
    records, reports = load(areas=areas, **{table: text})
    found = getattr(records, table)["area_id"].tolist()
    assert found == [*codes[1:], codes[1], codes[2], codes[3]]
    # Two codes are the same without their zeros: nobody can say which one is meant.
    assert list(reasons(reports[table])) == [len(codes) + 2]
    refused = len(codes) + 2
    plain = [cell.removesuffix(".0") for cell in cells]
    eaten = [line for line, cell in enumerate(plain, 2) if cell not in codes and line != refused]
    assert [line for line, reason in repairs(reports[table]).items() if "leading zeros" in reason] == eaten
    assert "differs only by leading zeros" in notes(reports[table])


def test_a_parent_without_its_zeros_is_the_area_with_them():
    rows = ("007,甲社区,社区,", "00701,一网格,网格,7", "00702,二网格,网格,007", "00703,三网格,网格,9")
    text = "\n".join(["区域编码,名称,层级,上级编码", *rows])
    records, reports = load(areas=text)
    assert records.areas["parent_id"].tolist()[1:] == ["007", "007", "9"]
    assert list(repairs(reports["areas"])) == [3]
    assert "whose parent is not in this file: 1" in notes(reports["areas"])


def test_a_name_goes_before_a_code_without_zeros_where_the_community_tells_it():
    areas = {"01": ("花园社区", "社区", ""), "02": ("南门社区", "社区", ""),
             "11": ("第1网格", "网格", "01"), "12": ("第1网格", "网格", "02")}  # fmt: skip
    text = "工单编号,社区,网格,类别,发生时间\nGD1,南门社区,1,x,2020-02-01\n"
    assert load(areas=as_file(areas), incidents=text)[0].incidents["area_id"].tolist() == ["12"]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_row_whose_finer_area_is_not_in_its_wider_one_is_kept_there_and_told(seed):
    draw = random.Random(seed)
    areas = as_file(
        {
            "S": ("府山街道", "街道", ""), "T": ("白云镇", "街道", ""),
            "S1": ("花园社区", "社区", "S"), "S2": ("南门社区", "社区", "S"), "T1": ("礼贤社区", "社区", "T"),
            "S11": ("第一网格", "网格", "S1"), "S21": ("第一网格", "网格", "S2"), "T11": ("第一网格", "网格", "T1"),
        }
    )  # fmt: skip
    street, community, grid = (draw.choice(each[:3]) for each in (STREET_HEADERS, COMMUNITY_HEADERS, GRID_HEADERS))
    cases = [
        ("府山街道", "", "第一网格", "S"),  # several there
        ("府山街道", "礼贤社区", "", "S"),  # of another street
        ("", "南门社区", "第九网格", "S2"),  # none there
        ("府山街道", "", "S9", "S"),  # no code
    ]
    draw.shuffle(cases)
    rows = [{street: a, community: b, grid: c, "发生时间": "2020-02-01", "类别": "噪声"} for a, b, c, _ in cases]
    records, reports = load(areas=areas, incidents=pd.DataFrame(rows).to_csv(index=False))
    assert records.incidents["area_id"].tolist() == [code for *_, code in cases]
    assert not reasons(reports["incidents"])
    told = repairs(reports["incidents"])
    for line, (*cells, code) in enumerate(cases, start=2):
        finest = next(cell for cell in reversed(cells) if cell)
        assert f"no “{finest}” within {code} " in told[line]


def test_a_street_that_nobody_knows_is_said_where_the_community_is_enough():
    areas = as_file({"S": ("府山街道", "街道", ""), "S1": ("花园社区", "社区", "S")})
    rows = "街道,社区,发生时间,类别\n南湖街道,花园社区,2020-02-01,噪声\n府山,花园社区,2020-02-01,噪声\n"
    records, reports = load(areas=areas, incidents=rows)
    assert records.incidents["area_id"].tolist() == ["S1", "S1"]
    assert "“南湖街道” is not in the areas file (1 row)" in notes(reports["incidents"])
    assert "“府山”" not in notes(reports["incidents"])
