"""What a file leaves open is said: how its columns are parted, which areas lie above which, which date is far off."""

from __future__ import annotations

import pytest

from analytics.errors import LoadError
from analytics.loaders.levels import above_by_code
from tests.loaders.files_of_records import notes
from tests.loaders.test_which_table import SEEDS, csv, drawn, load, some_areas


@pytest.mark.parametrize("mark", ["，", "、", "|", "｜", "；"])
def test_a_mark_that_parts_columns_and_is_none_is_named(mark):
    lines = [["区域编码", "名称", "人口"], ["K1", "甲社区", "3000"], ["K2", "乙社区", "4000"]]
    with pytest.raises(LoadError) as refused:
        load("areas", "\n".join(map(mark.join, lines)).encode())
    assert f"separated by “{mark}”" in refused.value.text("en")


@pytest.mark.parametrize("seed", SEEDS)
def test_codes_that_begin_others_are_told_where_nothing_says_the_levels(seed):
    rng = drawn(seed)
    digits = int(rng.integers(2, 5))
    above = [f"{n}" for n in range(10, 10 + int(rng.integers(1, 5)))]
    below = [f"{code}{n:0{digits}d}" for code in above for n in range(1, 2 + int(rng.integers(1, 4)))]
    rows = [[code, f"第{code}", "3000"] for code in [*above, *below]]
    assert "rated side by side" in notes(load("areas", csv(["编码", "名称", "人口"], rows)).report)
    assert "rated side by side" not in notes(load("areas", csv(["编码", "名称", "人口"], rows[len(above) :])).report)


@pytest.mark.parametrize("codes", [[str(n) for n in range(1, 130)], ["A1", "A2", "B1"], ["10", "2001"], ["7"]])
def test_codes_that_only_count_on_lie_above_none(codes):
    assert above_by_code(codes) == frozenset()


@pytest.mark.parametrize(
    "header", ["人口 单位：万人", "人口_单位:万人", "人口 计量单位：万人", "population unit: thousands"]
)
def test_a_header_that_says_which_word_is_its_unit_is_known_without_it(header):
    found = load("areas", csv(["区域编码", "名称", header], [["K1", "甲社区", "0.61"], ["K2", "乙社区", "1.3"]]))
    factor = 1000 if "thousands" in header else 10_000
    assert found.frame["population"].tolist() == [0.61 * factor, 1.3 * factor]


@pytest.mark.parametrize("header", ["ward", "District", "precinct", "tract"])
@pytest.mark.parametrize("code", ["postal_code", "zip", "unit_code"])
def test_a_word_for_a_kind_of_area_over_words_is_its_name_beside_a_code(header, code):
    found = load("areas", csv([code, header, "pop"], [["301", "North", "5000"], ["302", "South", "4000"]])).frame
    assert (found.index.tolist(), found["name"].tolist()) == (["301", "302"], ["North", "South"])
    alone = load("areas", csv([header, "pop"], [["North", "5000"], ["South", "4000"]])).frame
    assert alone.index.tolist() == ["North", "South"]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_date_that_lies_decades_from_all_others_is_told_and_kept(seed):
    rng = drawn(seed)
    areas = some_areas(rng)
    rows = [[areas.index[0], f"2026-05-{n:02d}", "噪声扰民"] for n in range(1, 10)]
    plain = load("incidents", csv(["区域编码", "发生时间", "类别"], rows), areas)
    rows[int(rng.integers(9))][1] = f"19{int(rng.integers(10, 99))}-05-04"
    found = load("incidents", csv(["区域编码", "发生时间", "类别"], rows), areas)
    assert len(found.frame) == 9
    assert "Check the year" in notes(found.report)
    assert "Check the year" not in notes(plain.report)
