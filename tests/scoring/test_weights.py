"""Weights: the published figures, what must hold for any table, and a sentence for every fault."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.scoring.weights import (
    METHODS,
    RANDOM_INDEX,
    WeightsError,
    ahp,
    as_json,
    critic,
    effective_weights,
    entropy,
    equal,
    weighting_from_file,
)
from analytics.words import LANGUAGES

# T. L. Saaty, How to make a decision, European Journal of Operational Research 48 (1990): buying a house.
HOUSE = """\
,size,transport,neighbourhood,age,yard,modern,condition,finance
size,1,5,3,7,6,6,1/3,1/4
transport,,1,1/3,5,3,3,1/5,1/7
neighbourhood,,,1,6,3,4,6,1/5
age,,,,1,1/3,1/4,1/7,1/8
yard,,,,,1,1/2,1/5,1/6
modern,,,,,,1,1/5,1/6
condition,,,,,,,1,1/2
finance,,,,,,,,1
"""
# D. Diakoulaki et al., Computers & Operations Research 22 (1995): eight firms by three ratios, all the more the better.
FIRMS = pd.DataFrame(
    [
        [61, 1.08, 4.33],
        [20.7, 0.26, 4.34],
        [16.3, 1.98, 2.53],
        [9, 3.29, 1.65],
        [5.4, 2.77, 2.33],
        [4, 4.12, 1.21],
        [-6.1, 3.52, 2.1],
        [-34.6, 3.31, 0.98],
    ],
    columns=["x", "y", "z"],
)
BY_DIFFERENCES = pytest.mark.parametrize("method", [entropy, critic])


def written(folder, content):
    file = folder / "table.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def listed(weighting):
    return list(weighting.weights.values())


def judgements_of(weights):
    names = [f"n{number}" for number in range(len(weights))]
    return pd.DataFrame(np.divide.outer(weights, weights), index=names, columns=names)


def test_the_house_of_saaty_1990_comes_out_as_published(tmp_path):
    found = weighting_from_file("ahp", written(tmp_path, HOUSE), [])
    assert listed(found) == pytest.approx([0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333], abs=0.0005)
    assert found.lambda_max == pytest.approx(9.669, abs=0.0005)
    assert found.consistency_index == pytest.approx(0.238, abs=0.0005)
    assert found.random_index == 1.41
    assert found.consistency_ratio == pytest.approx(0.169, abs=0.0005)


def test_of_the_house_the_one_judgement_that_fits_least_is_named(tmp_path):
    worst = weighting_from_file("ahp", written(tmp_path, HOUSE), []).reconsider
    assert (worst.row, worst.column, worst.judged) == ("neighbourhood", "condition", 6)
    assert worst.implied == pytest.approx(0.188 / 0.167, abs=0.01)
    mended = HOUSE.replace("neighbourhood,,,1,6,3,4,6,1/5", "neighbourhood,,,1,6,3,4,1/2,1/5")
    mended = weighting_from_file("ahp", written(tmp_path, mended), [])
    assert mended.consistency_ratio < 0.1
    assert mended.reconsider is None


def test_the_firms_of_diakoulaki_1995_come_out_as_published():
    # Eight digits as scikit-criteria 0.10 and pymcdm 1.4.0 both give them; the paper prints four.
    assert listed(critic(FIRMS, [])) == pytest.approx([0.20222554, 0.48090173, 0.31687273], abs=1e-8)


def test_entropy_by_hand():
    # Normalised to 0, ½, 1: p = 0, ⅓, ⅔, e = 0.5794. To 0, 0, 1: e = 0.
    found = entropy(pd.DataFrame({"even": [1, 2, 3], "one": [5, 5, 9], "same": [7, 7, 7]}), [])
    even = 1 + (np.log(1 / 3) / 3 + np.log(2 / 3) * 2 / 3) / np.log(3)
    assert listed(found) == pytest.approx([even / (even + 1), 1 / (even + 1), 0])


def test_a_cost_column_weighs_as_its_own_negative_would():
    turned = FIRMS.assign(z=-FIRMS["z"])
    assert listed(critic(FIRMS, ["z"])) == pytest.approx(listed(critic(turned, [])))
    assert listed(entropy(FIRMS, ["z"])) == pytest.approx(listed(entropy(turned, [])))
    assert listed(critic(FIRMS, ["z"])) != pytest.approx(listed(critic(FIRMS, [])))


def test_equal_weights_are_equal():
    assert equal(["a", "b", "c", "d"]).weights == {"a": 0.25, "b": 0.25, "c": 0.25, "d": 0.25}


@pytest.mark.parametrize(("judgements", "lambda_max"), [([[1]], 1), ([[1, 4], [0.25, 1]], 2)])
def test_one_or_two_criteria_cannot_contradict_each_other(judgements, lambda_max):
    names = ["a", "b"][: len(judgements)]
    found = ahp(pd.DataFrame(judgements, index=names, columns=names))
    assert (found.lambda_max, found.consistency_index, found.consistency_ratio) == (lambda_max, 0, 0)
    assert found.reconsider is None


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=len(RANDOM_INDEX)))
def test_consistent_judgements_give_back_their_weights_with_a_ratio_of_nought(weights):
    found = ahp(judgements_of(weights))
    assert listed(found) == pytest.approx(np.divide(weights, sum(weights)), rel=1e-6)
    assert found.consistency_ratio == 0
    assert found.reconsider is None


saaty_scale = st.sampled_from([1 / 9, 1 / 7, 1 / 5, 1 / 3, 1.0, 2.0, 3.0, 5.0, 7.0, 9.0])


@st.composite
def judged(draw):
    size = draw(st.integers(1, 8))
    matrix = np.ones((size, size))
    for row, column in zip(*np.triu_indices(size, 1), strict=True):
        matrix[row, column] = draw(saaty_scale)
        matrix[column, row] = 1 / matrix[row, column]
    names = [f"n{number}" for number in range(size)]
    return pd.DataFrame(matrix, index=names, columns=names)


@given(judged(), st.randoms())
def test_any_judgements_give_weights_and_their_order_changes_nothing(matrix, random):
    found = ahp(matrix)
    assert min(listed(found)) > 0
    assert sum(listed(found)) == pytest.approx(1)
    assert found.lambda_max >= len(matrix)
    order = random.sample(list(matrix.columns), len(matrix))
    again = ahp(matrix.loc[order, order])
    assert again.weights == pytest.approx(found.weights)
    assert again.consistency_ratio == pytest.approx(found.consistency_ratio)


@given(judged())
def test_a_judgement_is_to_be_reconsidered_only_above_a_tenth_and_none_departs_further(matrix):
    found = ahp(matrix)
    assert (found.reconsider is not None) == (found.consistency_ratio > 0.1)
    if found.reconsider:
        weight = np.array(listed(found))
        departures = np.abs(np.log(matrix.to_numpy() * weight / weight[:, None]))
        assert abs(np.log(found.reconsider.judged / found.reconsider.implied)) == pytest.approx(departures.max())
        assert matrix.loc[found.reconsider.row, found.reconsider.column] == pytest.approx(found.reconsider.judged)


@st.composite
def tables(draw):
    rows, columns = draw(st.integers(3, 7)), draw(st.integers(2, 5))
    row = st.lists(st.integers(-50, 50), min_size=columns, max_size=columns)
    made = pd.DataFrame(draw(st.lists(row, min_size=rows, max_size=rows)), columns=list("abcde")[:columns])
    # Two columns that neither stand still nor agree, so that every method has something to say.
    return made.assign(a=np.arange(rows), b=np.arange(rows) % 2)


@BY_DIFFERENCES
@given(table=tables(), cost=st.sets(st.sampled_from("ab")), random=st.randoms())
def test_weights_by_differences_sum_to_one_and_neither_order_nor_unit_changes_them(method, table, cost, random):
    found = method(table, cost)
    assert min(listed(found)) >= 0
    assert sum(listed(found)) == pytest.approx(1)
    for name, column in table.items():
        assert (found.weights[name] == 0) == (column == column.iloc[0]).all()
    order = random.sample(list(table.columns), table.shape[1])
    rows = random.sample(list(table.index), len(table))
    assert method(table.loc[rows, order], cost).weights == pytest.approx(found.weights)
    in_another_unit = table.assign(a=table["a"] * 1000 + 273)
    assert method(in_another_unit, cost).weights == pytest.approx(found.weights)


@BY_DIFFERENCES
def test_the_only_column_that_varies_has_all_the_weight(method):
    table = pd.DataFrame({"a": [1, 2, 4], "b": [0, 0, 0], "c": [-3, -3, -3]})
    assert method(table, ["b"]).weights == {"a": 1, "b": 0, "c": 0}


@BY_DIFFERENCES
def test_very_large_very_small_and_negative_numbers_do_no_harm(method):
    table = pd.DataFrame({"a": [1.7e308, -1.7e308, 0], "b": [5e-324, 0, 0], "c": [-1, -2, -4]})
    assert sum(listed(method(table, []))) == pytest.approx(1)


def test_effective_weights_by_hand():
    # Two indicators that vary alike and independently, one of them with three times the weight: 9 to 1.
    points = np.array([[0.0, 0.0], [0.0, 100.0], [100.0, 0.0], [100.0, 100.0]])
    assert effective_weights(points * [0.75, 0.25]) == pytest.approx([0.9, 0.1])
    # One that does not vary has no say, whatever its weight.
    assert effective_weights(np.array([[0, 45.0], [10, 45]])) == pytest.approx([1, 0])
    # One that works against the score: contributions 0, 60 and 20, 0; the score is 20 and 60.
    assert effective_weights(np.array([[0, 20.0], [60, 0]])) == pytest.approx([1.5, -0.5])


@pytest.mark.parametrize("areas", [0, 1, 5])
def test_there_are_no_effective_weights_where_the_score_does_not_vary(areas):
    points = np.tile([0.1 + 0.2, 70.0, 30.0], (areas, 1))
    assert np.isnan(effective_weights(points / 3)).tolist() == [True, True, True]


@given(st.integers(2, 30), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_effective_weights_sum_to_one(areas, indicators, seed):
    random = np.random.default_rng(seed)
    points = random.uniform(0, 100, (areas, indicators))
    assert effective_weights(points * random.dirichlet(np.ones(indicators))).sum() == pytest.approx(1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_a_file_is_read_whatever_wrote_it(tmp_path, encoding, mark):
    content = "指标,人口,案件\n甲, 1 ,２\n乙,3,1\n丙,5,4\n".replace(",", mark).encode(encoding)
    for method in ("entropy", "critic", "equal"):
        found = weighting_from_file(method, written(tmp_path, content), ["案件"])
        assert (found.method, list(found.weights)) == (method, ["人口", "案件"])
    square = ",人口,案件\n人口,1,３\n案件,,1\n".encode(encoding)
    assert weighting_from_file("ahp", written(tmp_path, square), []).weights == pytest.approx(
        {"人口": 0.75, "案件": 0.25}
    )


def test_empty_rows_and_columns_of_a_spreadsheet_are_passed_over(tmp_path):
    file = written(tmp_path, ",a,b,,\n甲,1,2,,\n,3,1,,\n,,,,\n")
    assert list(weighting_from_file("entropy", file, []).weights) == ["a", "b"]


@pytest.mark.parametrize(("above", "below"), [("1/8", ""), ("0.13", "8"), ("1/8", "8"), ("0.125", "8.0"), ("½", "2")])
def test_a_reciprocal_may_be_blank_a_fraction_or_rounded(tmp_path, above, below):
    found = weighting_from_file("ahp", written(tmp_path, f",a,b\na,1,{above}\nb,{below},1\n"), [])
    times = 2 if above == "½" else 8
    assert found.weights == pytest.approx({"a": 1 / (times + 1), "b": times / (times + 1)})


def test_the_json_has_its_keys_and_nulls_and_readable_names(tmp_path):
    text = as_json(equal(["人口"]))
    assert "人口" in text
    assert json.loads(text) == {
        "method": "equal",
        "weights": {"人口": 1.0},
        "lambda_max": None,
        "consistency_index": None,
        "consistency_ratio": None,
        "random_index": None,
        "reconsider": None,
    }
    found = json.loads(as_json(weighting_from_file("ahp", written(tmp_path, HOUSE), [])))
    assert list(found) == list(json.loads(text))
    assert list(found["reconsider"]) == ["row", "column", "judged", "implied"]


SIXTEEN = [f"n{number}" for number in range(16)]
FAULTS = [
    ("ahp", "", "is empty"),
    ("ahp", b"PK\x03\x04xl/", "cut off or damaged"),
    ("ahp", b"a,b\n\xff\xff,1\n", "neither UTF-8 nor GB18030"),
    ("entropy", '{"a": 1}', "JSON"),
    ("entropy", "name,a\n", "no rows"),
    ("entropy", "name,a,b\nx,1\n", "Line 2: "),
    ("equal", "name\nx\n", "no criteria columns"),
    ("entropy", "name,a,\nx,1,2\ny,2,3\n", "Criterion 2 has no name"),
    ("critic", "name,a,a\nx,1,2\ny,2,3\n", "The criterion “a” appears twice"),
    ("ahp", ",a,b\na,1,2\n", "1 row and 2 columns"),
    ("ahp", ",a,b\na,1,2\nc,,1\n", "Criterion 2 is “c” in the first column and “b” in the first row"),
    ("ahp", pd.DataFrame(1, index=SIXTEEN, columns=SIXTEEN).to_csv(), "15 criteria at most, and there are 16"),
    ("ahp", ",a,b\na,1,big\nb,,1\n", "row “a”, column “b” must be a positive number such as 3 or 1/3"),
    ("ahp", ",a,b\na,1,0\nb,,1\n", "not “0”"),
    ("ahp", ",a,b\na,1,2\nb,-1/2,1\n", "row “b”, column “a” must be a positive number"),
    ("ahp", ",a,b\na,1,1/0\nb,,1\n", "not “1/0”"),
    ("ahp", ",a,b\na,1,1/\nb,,1\n", "not “1/”"),
    ("ahp", ",a,b\na,1,1/2/3\nb,,1\n", "not “1/2/3”"),
    ("ahp", ",a,b\na,1,1e-320\nb,,1\n", "one million at most"),
    ("ahp", ",a,b\na,1,inf\nb,,1\n", "not “inf”"),
    ("ahp", ",a,b\na,1,1月3日\nb,,1\n", "write 0.3333"),
    ("ahp", ",a,b\na,1,\nb,3,1\n", "Row “a”, column “b” is blank"),
    ("ahp", ",a,b\na,,2\nb,,1\n", "Row “a”, column “a” is blank"),
    ("ahp", ",a,b\na,1,2\nb,,2\n", "Row “b”, column “b” is on the diagonal"),
    (
        "ahp",
        ",a,b\na,1,3\nb,3,1\n",
        "“a” against “b” is 3, but the other way round it is 3 and not the reciprocal, 0.3333",
    ),
    ("entropy", "name,a,b\nx,1,2\n", "two alternatives, and there are 1"),
    ("entropy", "name,a,b\nx,1,2\ny,2,\n", "Row “y”, column “b” is blank"),
    ("critic", "name,a,b\nx,1,2\ny,2,3件\n", "Row “y”, column “b” must be a number, not “3件”"),
    ("critic", "name,a,b\n,1,2\n,2,many\n", "Row “3”, column “b”"),
    ("entropy", "name,a,b\nx,1,1e999\ny,2,3\n", "not “1e999”"),
    ("entropy", "name,a,b\nx,1,2\ny,1,2\n", "the same in every criterion"),
    ("critic", "name,a,b\nx,1,2\ny,1,2\n", "the same in every criterion"),
    ("critic", "name,a,b\nx,0.1,3\ny,0.3,9\nz,0.7,21\n", "rise and fall together"),
]


@pytest.mark.parametrize(("method", "content", "expected"), FAULTS, ids=[fault for _, _, fault in FAULTS])
def test_a_fault_is_told_with_its_place_in_both_languages(tmp_path, method, content, expected):
    with pytest.raises(WeightsError) as refused:
        weighting_from_file(method, written(tmp_path, content), [])
    assert expected in refused.value.text("en")
    assert all(refused.value.text(lang).strip() for lang in LANGUAGES)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(WeightsError, match=r"nowhere\.csv"):
        weighting_from_file("ahp", tmp_path / "nowhere.csv", [])


@pytest.mark.parametrize("method", [method for method in METHODS if method != "ahp"])
def test_a_cost_that_is_no_criterion_is_told_with_those_there_are(tmp_path, method):
    with pytest.raises(WeightsError, match=r"“price” after --cost is not a criterion of the table\. There are: a, b\."):
        weighting_from_file(method, written(tmp_path, "name,a,b\nx,1,2\ny,2,1\n"), ["price"])


def test_judgements_have_no_costs(tmp_path):
    with pytest.raises(WeightsError, match="does not use --cost"):
        weighting_from_file("ahp", written(tmp_path, HOUSE), ["size"])


@pytest.mark.parametrize(("above", "weight"), [("1000000", 1.0), ("1/1000000", 0.0)])
def test_a_judgement_of_exactly_the_largest_is_one(tmp_path, above, weight):
    found = weighting_from_file("ahp", written(tmp_path, f",a,b\na,1,{above}\nb,,1\n"), [])
    assert found.weights == pytest.approx({"a": weight, "b": 1 - weight}, abs=1e-5)


@pytest.mark.parametrize("beyond", ["1000001", "1/1000001", "0"])
def test_a_judgement_beyond_the_largest_is_refused(tmp_path, beyond):
    with pytest.raises(WeightsError):
        weighting_from_file("ahp", written(tmp_path, f",a,b\na,1,{beyond}\nb,,1\n"), [])


@pytest.mark.parametrize(
    ("criteria", "index"),
    [(3, 0.58), (4, 0.90), (5, 1.12), (6, 1.24), (7, 1.32), (8, 1.41), (9, 1.45), (10, 1.49), (11, 1.51), (12, 1.48),
     (13, 1.56), (14, 1.57), (15, 1.59)],
)  # fmt: skip
def test_the_consistency_of_random_judgements_is_the_published_one(criteria, index):
    """T. L. Saaty, The Analytic Hierarchy Process (1980)."""
    assert ahp(judgements_of(np.ones(criteria)).astype(str)).random_index == index
