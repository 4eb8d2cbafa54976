"""What words of coded columns mean: the table, remarks in brackets, guesses, and age bands however they are written."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import LoadError
from analytics.loaders import Reading
from analytics.loaders.bands import OLDEST, age_band_of, alternatives, interval, settled, side
from analytics.loaders.coded import OTHER, code_of, guessed_code
from analytics.loaders.columns import column_label
from analytics.loaders.ids import IdHash
from analytics.loaders.load import Known, load_table
from analytics.wording.loads import notes as notes_of
from tests.loaders.files_of_records import TODAY, load

BANDS = st.tuples(st.integers(0, 100), st.integers(0, 100)).map(sorted).map(tuple)
WRITTEN = ["{}-{}", "{}~{}岁", "{}岁至{}岁", "{}到{}周岁", "{} to {}", "Aged {} to {} years", "{}—{}", "{}–{} years"]
FROM = [
    "{}+",
    "{}岁以上",
    "{}岁及以上",
    "{}周岁及以上",
    "{} and over",
    "{} years and over",
    "≥{}岁",
    "Aged {} years or older",
]


@given(BANDS, st.sampled_from(WRITTEN))
def test_a_band_is_read_however_it_is_written(band, written):
    assert interval(written.format(*band)) == band
    assert age_band_of(written.format(*band)) == f"{band[0]}-{band[1]}"


@given(st.integers(0, 110), st.sampled_from(FROM))
def test_a_band_without_an_end_is_read_however_it_is_written(first, written):
    assert age_band_of(written.format(first)) == f"{first}+"


@pytest.mark.parametrize(
    ("written", "band"),
    [("60岁以下", (0, 59)), ("60岁及以下", (0, 60)), ("under 5", (0, 4)), ("<18岁", (0, 17)), ("未满18岁", (0, 17)),
     ("７０－７９", (70, 79)), ("老年", None), ("80-70", None), ("1950-1960", None)],
)  # fmt: skip
def test_other_ends_of_bands(written, band):
    assert interval(written) == band


@given(BANDS, st.lists(BANDS, min_size=1, max_size=4))
def test_a_band_is_inside_outside_or_straddles_as_its_ages_are(band, wanted):
    ages = set(range(band[0], band[1] + 1))
    asked = {age for low, high in wanted for age in range(low, high + 1)}
    expected = "inside" if ages <= asked else "straddles" if ages & asked else "outside"
    assert side(band, wanted) == expected


@given(st.lists(BANDS, min_size=1, max_size=5), st.lists(BANDS, max_size=5))
def test_alternatives_never_overlap_and_the_one_taken_is_straddled_least(wanted, there):
    every = alternatives(wanted)
    for one in every:
        assert all(first[1] < later[0] for first, later in pairwise(one))
    straddled = [sum(side(band, one) == "straddles" for band in there) for one in every]
    assert settled(wanted, there) == every[straddled.index(min(straddled))]


@pytest.mark.parametrize(
    ("column", "word", "code"),
    [
        ("status", "Closed (Duplicate)", "void"),
        ("status", "Closed - Duplicate", "void"), ("status", "已撤單", "void"),
        ("status", "已办结（超期）", "closed"), ("status", "ＯＰＥＮ", "open"), ("status", "甪曱", None),
        ("status", "办结（甪）", "closed"), ("outcome", "不合格", "finding"), ("outcome", "复查 合格", "done"),
        ("outcome", "停业", "not_applicable"), ("age_band", "65岁以上", "65+"), ("age_band", "甪曱", None),
    ],
)  # fmt: skip
def test_the_code_of_a_word(column, word, code):
    assert code_of(column, word) == code


@pytest.mark.parametrize(
    ("table", "column", "word", "code"),
    [
        ("incidents", "category", "夜间施工噪声", "noise"), ("incidents", "category", "Noise - Residential", "noise"),
        ("incidents", "category", "甪曱", None), ("incidents", "category", "Annoised", None),
        ("places", "kind", "甪检查甪", None), ("checks", "kind", "甪检查甪", "inspection"),
        ("residents", "age_band", "老年", None),
    ],
)  # fmt: skip
def test_a_guess_is_of_the_longest_known_word_that_a_word_holds(table, column, word, code):
    assert guessed_code(table, column, word) == code


def incidents(words):
    rows = "".join(f"{at},G1,2020-02-15,fever,{word}\n" for at, word in enumerate(words))
    return "incident_id,area_id,occurred_at,category,办理状态\n" + rows


@given(st.lists(st.sampled_from(["甪曱", "囧烎", "已办结", "待办", "囍"]), min_size=1, max_size=30))
def test_each_word_that_nobody_knows_is_listed_once_with_its_rows_and_no_row_is_lost(words):
    records, reports = load(incidents=incidents(words))
    unknown = {word: words.count(word) for word in words if word in "甪曱囧烎囍"}
    report = reports["incidents"]
    assert {one.word: one.rows for one in report.unknown} == unknown
    assert (report.accepted, len(records.incidents)) == (len(words), len(words))
    said = " ".join(notes_of("zh", report))
    assert (f"办理状态中有{len(unknown)}种写法未识别" in said) == bool(unknown)
    assert all(f"“{word}”{n}行" in said for word, n in unknown.items())


def read(words, values, known=None):
    areas = load()[0].areas
    reading = Reading(values=values)
    return load_table(
        "incidents", ("a.csv", incidents(words).encode()), TODAY, IdHash(b"k" * 32), known or Known(areas), reading
    )


def test_words_are_mapped_at_the_load_and_another_is_still_told():
    loaded = read(["甪曱", "囧烎", "囍", "待办"], {"status": {"甪曱": "closed", "囧烎": OTHER}})
    assert loaded.frame["status"].tolist() == ["closed", "囧烎", "囍", "open"]
    assert [one.word for one in loaded.report.unknown] == ["囍"]


def test_a_word_that_was_mapped_after_an_earlier_load_is_not_told_again():
    known = Known(load()[0].areas, None, {"incidents": {"status": {"甪曱": "closed"}}})
    loaded = read(["甪曱", "囍"], {}, known)
    assert loaded.frame["status"].tolist() == ["甪曱", "囍"]
    assert [one.word for one in loaded.report.unknown] == ["囍"]


@pytest.mark.parametrize(
    "values", [{"status": {"甪": "ended"}}, {"due_at": {"甪": "open"}}, {"age_band": {"甪": "70+"}}]
)
def test_a_code_or_column_that_is_none_is_refused_by_name(values):
    with pytest.raises(LoadError) as error:
        read(["甪"], values)
    column, said = next(iter(values)), error.value.text("en")
    assert column in said or column_label(column).text("en") in said


def test_nobody_is_older_than_the_oldest():
    assert interval(f"{OLDEST}+") == (OLDEST, OLDEST)
    assert interval(f"{OLDEST + 1}+") is None
