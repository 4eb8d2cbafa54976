"""The basis of a scheme: without a document in force what it says is a drill, and its title says so."""

from datetime import date, timedelta

import pytest
import yaml

from analytics.errors import SchemeError
from analytics.scheme import pack_ids, scheme_named
from analytics.scheme.difference import differences
from analytics.scheme.reading import PACKS, scheme_from
from analytics.scheme.writing import yaml_with
from analytics.wording.method import basis_line
from analytics.wording.provenance import scheme_version

EPIDEMIC = (PACKS / "epidemic.yaml").read_text(encoding="utf-8")
BASIS = "needs_basis: true\nbasis: {document: 街办〔2026〕12号, from: 2026-10-01, to: 2026-12-31}\n"
FIRST, LAST, A_DAY = date(2026, 10, 1), date(2026, 12, 31), timedelta(days=1)


def with_basis(basis=BASIS):
    return scheme_from(EPIDEMIC.replace("needs_basis: true\n", basis).encode(), "epidemic.yaml")


def test_the_epidemic_scheme_ships_without_a_document_and_so_as_a_drill_and_no_other_needs_one():
    needing = [name for name in pack_ids() if scheme_named(name).needs_basis]
    assert needing == ["epidemic"]
    assert all(scheme_named(name).basis is None for name in pack_ids())
    epidemic, rentals = (scheme_named(name) for name in ("epidemic", "rentals"))
    assert (epidemic.title(FIRST).zh, epidemic.title(FIRST).en) == ("疫情防控演练", "Epidemic control drill")
    assert rentals.title(FIRST) == rentals.name


@pytest.mark.parametrize(("day", "drill"), [(FIRST - A_DAY, True), (FIRST, False), (LAST, False), (LAST + A_DAY, True)])
def test_it_is_in_force_from_its_first_day_to_its_last_both_included(day, drill):
    scheme = with_basis()
    assert scheme.is_drill(day) is drill
    assert ("演练" in scheme_version("zh", scheme, day), "drill" in scheme_version("en", scheme, day)) == (drill, drill)


def test_a_basis_that_has_ended_is_none_whether_one_is_needed_or_not():
    scheme = with_basis(BASIS.replace("needs_basis: true\n", ""))
    assert [scheme.is_drill(day) for day in (FIRST, LAST + A_DAY)] == [False, True]


def test_the_method_page_says_by_which_document_and_when():
    assert basis_line("zh", with_basis()) == "街办〔2026〕12号，2026年10月1日至2026年12月31日；此外一律为演练"
    assert basis_line("en", with_basis()).startswith("街办〔2026〕12号, 1 October 2026 to 31 December 2026")
    assert basis_line("zh", scheme_named("epidemic")).startswith("没有依据，只作演练")
    assert basis_line("zh", scheme_named("rentals")) == ""


def test_a_basis_changes_the_digest_and_no_rule():
    with_one, without = with_basis(), scheme_named("epidemic")
    assert with_one.digest() != without.digest()
    assert with_one.model_copy(update={"basis": None}).digest() == without.digest()
    assert [one.text("en") for one in differences(without, with_one)] == [
        "basis: none → {document: 街办〔2026〕12号, from: '2026-10-01', to: '2026-12-31'}"
    ]


def test_it_is_written_into_the_file_and_read_again():
    text = yaml_with(EPIDEMIC, with_basis())
    assert scheme_from(text.encode(), "x.yaml").basis == with_basis().basis
    assert yaml.safe_load(text)["needs_basis"] is True
    assert "一律标为“演练”" in text  # the comment above it stayed
    assert yaml_with(text, scheme_named("epidemic")) == EPIDEMIC


@pytest.mark.parametrize(
    ("basis", "said"),
    [
        (
            "basis: {document: A, from: 2026-10-02, to: 2026-10-01}\n",
            "before it begins on",
        ),
        ("basis: {document: A, from: 2026-10-02}\n", "“to” is missing"),
        ("basis: {from: 2026-10-02, to: 2026-10-03}\n", "“document” is missing"),
        ("basis: {document: A, from: soon, to: 2026-10-03}\n", "must be a date such as"),
    ],
)
def test_a_basis_that_is_none_is_told_with_its_line(basis, said):
    with pytest.raises(SchemeError) as refused:
        with_basis(basis)
    assert any(said in problem.text("en") for problem in refused.value.problems)
