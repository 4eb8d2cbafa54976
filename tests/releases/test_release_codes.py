"""Check codes: they lead back to the release and the view, and a mistyped one is told as mistyped."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.access import Actor
from analytics.errors import AccessError, ReleaseError
from analytics.releases import check_code, keep_view, read_code, status
from analytics.releases.codes import ALPHABET
from analytics.store.ledger import Ledger
from tests.releases.frozen import KEEPER, frozen, run

digests = st.text("0123456789abcdef", min_size=64, max_size=64)
views = st.dictionaries(st.sampled_from(["page", "date", "area", "lang"]), st.text(max_size=5), max_size=4)
codes = st.builds(check_code, digests, st.just({}))


@given(digests, views)
def test_a_code_is_eight_characters_that_cannot_be_mistaken_for_each_other(digest, view):
    code = check_code(digest, view)
    assert len(code) == 8
    assert set(code) <= set(ALPHABET) == set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") - set("ILOU")
    assert check_code(digest, dict(reversed(view.items()))) == code


@given(codes)
def test_a_code_is_read_as_people_write_it(code):
    written = f" {code[:4].lower()}-{code[4:]} ".replace("1", "l").replace("0", "o")
    assert read_code(written) == read_code(code) == code


@given(codes, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_told_as_mistyped(code, at, wrong):
    mistyped = code[:at] + wrong + code[at + 1 :]
    if mistyped == code:
        assert read_code(mistyped) == code
    else:
        with pytest.raises(ReleaseError, match="is mistyped"):
            read_code(mistyped)


@given(codes, st.integers(0, 7), st.integers(0, 7))
def test_any_two_swapped_characters_are_told_as_mistyped(code, one, other):
    letters = list(code)
    letters[one], letters[other] = letters[other], letters[one]
    if letters == list(code):
        assert read_code("".join(letters)) == code
    else:
        with pytest.raises(ReleaseError, match="is mistyped"):
            read_code("".join(letters))


@pytest.mark.parametrize("written", ["", "1234567", "123456789", "UUUUUUUU", "校验码校验码校验", "  - - "])
def test_what_is_no_code_is_told_as_mistyped(written):
    with pytest.raises(ReleaseError, match="is mistyped"):
        read_code(written)


@given(st.lists(digests, min_size=2, max_size=2, unique=True), views, views)
@settings(max_examples=200)
def test_another_release_or_another_view_has_another_code(pair, view, other):
    assert check_code(pair[0], view) != check_code(pair[1], view)
    assert (check_code(pair[0], view) == check_code(pair[0], other)) == (view == other)


@pytest.fixture
def ledger(tmp_path, monkeypatch):
    monkeypatch.delenv("FIVE_COLOUR_LEDGER", raising=False)
    return Ledger.open(None, tmp_path)


def test_a_code_is_unchanged_until_a_newer_release_of_its_scheme_supersedes_it(tmp_path, ledger):
    first = frozen(tmp_path, ledger, run())
    found = status(tmp_path, ledger, first.code)
    assert (found.status, found.number, found.view, found.newest) == ("unchanged", 1, {}, 1)
    frozen(tmp_path, ledger, run(id="other"))
    assert status(tmp_path, ledger, first.code).status == "unchanged"
    frozen(tmp_path, ledger, run(), publish=False)
    assert status(tmp_path, ledger, first.code).status == "unchanged"
    frozen(tmp_path, ledger, run())
    found = status(tmp_path, ledger, first.code)
    assert (found.status, found.number, found.newest) == ("superseded", 1, 3)


def test_the_code_of_a_view_leads_back_to_it(tmp_path, ledger):
    made = frozen(tmp_path, ledger, run())
    view = {"page": "overview", "area": "嘉禾", "date": "2026-02-10", "lang": "zh"}
    code = keep_view(ledger, Actor("甲", "leader"), made, view)
    assert keep_view(ledger, Actor("乙", "leader"), made, view) == code
    found = status(tmp_path, ledger, code.lower())
    assert (found.status, found.number, found.view) == ("unchanged", 1, view)
    assert ledger.verify_audit() == 2
    with pytest.raises(AccessError):
        keep_view(ledger, Actor("甲", "nobody"), made, {"page": "trends"})


def test_a_code_of_another_home_or_of_a_draft_is_unknown(tmp_path, ledger):
    frozen(tmp_path, ledger, run())
    draft = frozen(tmp_path, ledger, run(), publish=False)
    elsewhere = frozen(tmp_path / "there", Ledger.open(None, tmp_path / "there"), run(last="2026-02-10"))
    for code in (draft.code, elsewhere.code, keep_view(ledger, KEEPER, draft, {"page": "overview"})):
        found = status(tmp_path, ledger, code)
        assert (found.status, found.number, found.view) == ("unknown", None, None)


def test_a_code_of_a_damaged_release_names_the_file(tmp_path, ledger):
    made = frozen(tmp_path, ledger, run())
    (made.folder / "areas.parquet").write_bytes(b"")
    with pytest.raises(ReleaseError, match=r"areas\.parquet"):
        status(tmp_path, ledger, made.code)
