"""Reading schemes: what ships is good, and every fault gets a sentence with its line and the remedy."""

import contextlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import SchemeError
from analytics.scheme import json_schema, pack_ids, read_scheme, scheme_named
from analytics.scheme.reading import PACKS, scheme_from
from analytics.words import LANGUAGES

EPIDEMIC = (PACKS / "epidemic.yaml").read_text(encoding="utf-8")


def refusal(content):
    raw = content.encode() if isinstance(content, str) else content
    with pytest.raises(SchemeError) as refused:
        scheme_from(raw, "office.yaml")
    return refused.value


@pytest.mark.parametrize("name", pack_ids())
def test_a_scheme_that_ships_is_good_bilingual_and_marked_as_an_example(name):
    scheme = scheme_named(name)
    assert scheme.id == name
    assert "示例（非官方）" in scheme.note.zh
    assert set(scheme.measures) == {"red", "orange", "yellow", "blue", "green"}
    cadence = [scheme.measures[tier].cadence_days for tier in ("red", "orange", "yellow", "blue", "green")]
    assert cadence == sorted(cadence)


def test_the_same_rules_have_the_same_digest_whatever_the_layout():
    assert (
        scheme_from(EPIDEMIC.encode(), "a.yaml").digest() == scheme_from(f"# x\n{EPIDEMIC}".encode(), "b.yaml").digest()
    )
    changed = EPIDEMIC.replace("weight: 45", "weight: 46")
    assert scheme_from(changed.encode(), "c.yaml").digest() != scheme_named("epidemic").digest()


FAULTS = [
    ("weight: 45", "weight: -1", "must be greater than 0, not -1"),
    ("weight: 45", "weigth: 45", "“weigth” is not known here"),
    ("measure: count", "measure: cuont", "Use one of: count, rate"),
    ("window_days: 14", "window_days: 1.5", "must be a whole number"),
    ("method: bands", "method: bnds", "Use one of: bands, linear"),
    ("[1, 55]", "[0, 55]", "rising values"),
    ("[1, 55]", "[1, 95]", "must not fall"),
    ("linear: {low: 0, high: 4}", "linear: {low: 4, high: 0}", "harder_when: low"),
    ("red: 55", "red: 35", "red must be above orange"),
    ("indicator: new_cases_14d", "indicator: nothing", "There are: "),
    ("from: incidents", "from: residents", "cannot be taken from residents"),
    ("per: {base: population, scale: 1000}\n", "\n", "needs “per”"),
    ("category: [fever]", "name: [fever]", "“name” in where"),
    ("where: {category: [fever]}", "where: {category: {op: 1}}", "“op” cannot be 1"),
    ("id: spread", "id: cases", "is used twice"),
    ("minimum_known_weight: 0.6", "minimum_known_weight: 6", "at most 1"),
    ("weight: 60", "weight: .inf", "finite"),
    ("weight: 60", "weight: sixty", "must be a number"),
    ('op: ">="', 'op: "=>"', "Use one of: >=, >"),
    ("level: grid", "level: house", "street, community, grid"),
    ("version: 1", "version: 0", "at least 1"),
]


@pytest.mark.parametrize(("good", "bad", "expected"), FAULTS, ids=[bad for _, bad, _ in FAULTS])
def test_a_fault_is_told_with_its_line_and_the_remedy(good, bad, expected):
    assert good in EPIDEMIC
    text = EPIDEMIC.replace(good, bad, 1)
    error = refusal(text)
    said = error.text("en")
    assert expected in said
    line = int(re.match(r"office\.yaml, line (\d+)", said)[1])
    about = text.splitlines()[line - 1]
    touched = EPIDEMIC[: EPIDEMIC.index(good)].count("\n") + 1
    assert abs(line - touched) <= 6, about
    assert all(text.strip() for text in (error.text(lang) for lang in LANGUAGES))
    assert all(stop in problem.text("zh") for problem in error.problems for stop in ("office.yaml第", "。"))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "empty"),
        ("# only a comment", "empty"),
        (b"\xff\xfe\x00", "UTF-8"),
        ("[1, 2]", "not a scheme"),
        ("a: [", "line 1"),
        ("id: x\nid: y", "line 2: “id” is written twice"),
        ("a: " + "[" * 60, "not valid YAML"),
        ("x" * 300_000, "larger than 256 KB"),
        ("id: !!python/object:os.system x", "line 1"),
        ("day: 2020-99-99", "not valid YAML"),
        ("a: &a [1,1,1,1,1,1,1,1,1,1]\n" + "\n".join(
            f"{key}: &{key} [{','.join(['*' + before] * 10)}]" for before, key in zip("abcde", "bcdef", strict=True)
        ), "references"),
        ("a: &a [*a]", "line 1"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_scheme_is_refused_with_a_sentence(content, expected):
    assert expected in refusal(content).text("en")


def test_a_scheme_that_does_not_exist_names_those_that_do():
    with pytest.raises(SchemeError, match="epidemic, rentals, venues, elders"):
        read_scheme(Path("nowhere.yaml"))


@given(st.binary(max_size=300))
def test_bytes_that_are_no_scheme_never_end_in_a_traceback(raw):
    refusal(raw)


@given(st.integers(0, len(EPIDEMIC) - 1), st.integers(1, 60), st.text(max_size=5))
def test_a_damaged_scheme_is_read_or_refused_never_a_traceback(at, length, instead):
    damaged = EPIDEMIC[:at] + instead + EPIDEMIC[at + length :]
    with contextlib.suppress(SchemeError):
        scheme_from(damaged.encode(), "damaged.yaml")


def test_the_schema_for_editors_is_that_of_the_model():
    shipped = (PACKS.parent / "scheme.schema.json").read_text(encoding="utf-8")
    assert shipped == json_schema(), "python -m analytics scheme-schema > analytics/scheme/scheme.schema.json"
