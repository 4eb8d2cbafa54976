"""The version of a scheme that is in use, and the numbers that versions get."""

import threading

import pytest

from analytics.errors import LedgerError, SchemeError
from analytics.scheme import pack_ids, scheme_named
from analytics.scheme.builtin import builtin_scheme, builtin_text
from analytics.scheme.editing import recut
from analytics.scheme.reading import PACKS, scheme_from
from analytics.scheme.writing import yaml_with
from analytics.store.current_schemes import current_scheme, version_numbered
from tests.store.test_ledger import ADMIN, ANALYST, YAML

EPIDEMIC = scheme_named("epidemic")
TEXT = builtin_text("epidemic")


def with_red(value, text=TEXT):
    return yaml_with(text, recut(scheme_from(text.encode(), "x"), {"red": float(value)}))


def saved(ledger, text, adopt=True):
    version = ledger.save_scheme(ANALYST, text, "试行")
    if adopt:
        ledger.adopt_scheme(ADMIN, version.number)
    return version


@pytest.mark.parametrize("name", [*pack_ids(), "reference/national_county_2020"])
def test_what_ships_is_in_use_until_a_version_is_adopted(ledger, name):
    found = current_scheme(ledger, name)
    assert (found.scheme, found.adopted, found.notice) == (scheme_named(name), None, None)
    assert found.text == (PACKS / f"{name}.yaml").read_text(encoding="utf-8")


def test_the_version_that_was_adopted_last_is_in_use_whatever_its_number(ledger):
    saved(ledger, with_red(60))
    saved(ledger, with_red(65))
    saved(ledger, with_red(70), adopt=False)
    found = current_scheme(ledger, "epidemic")
    assert (found.scheme.tiers.red, found.scheme.version, found.adopted.number) == (65, 3, 2)
    ledger.adopt_scheme(ADMIN, 1)
    found = current_scheme(ledger, "epidemic")
    assert (found.scheme.tiers.red, found.scheme.version, found.adopted.number) == (60, 2, 1)
    assert found.text == version_numbered(ledger, 1).yaml_text
    assert current_scheme(ledger, "elders").adopted is None


def test_versions_are_numbered_after_what_ships_and_the_number_is_in_the_text(ledger):
    first = saved(ledger, with_red(60), adopt=False)
    second = saved(ledger, with_red(65).replace("version: 1", "version: 40"), adopt=False)
    assert [first.version, second.version] == [2, 3]
    for version in (first, second):
        scheme = scheme_from(version.yaml_text.encode(), "x")
        assert (scheme.version, scheme.digest()) == (version.version, version.digest)
    assert first.yaml_text == with_red(60).replace("version: 1", "version: 2")
    assert [saved(ledger, YAML).version, saved(ledger, YAML.replace("red: 80", "red: 90")).version] == [3, 4]
    with pytest.raises(LedgerError, match="number 9"):
        version_numbered(ledger, 9)


def test_two_who_save_at_once_get_two_versions(ledger):
    texts = [with_red(60 + number) for number in range(4)]
    threads = [threading.Thread(target=saved, args=(ledger, text, False)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [version.version for version in ledger.scheme_versions("epidemic")] == [2, 3, 4, 5]
    assert ledger.verify_audit() == 4


def test_what_is_the_same_is_not_saved_again(ledger):
    with pytest.raises(LedgerError, match="nothing to save"):
        saved(ledger, TEXT.replace("version: 1", "version: 7"))
    saved(ledger, with_red(60))
    with pytest.raises(LedgerError, match=r"number 1\).*adopt that version"):
        saved(ledger, "# x\n" + with_red(60))
    back = saved(ledger, TEXT)
    assert (back.version, current_scheme(ledger, "epidemic").scheme.tiers) == (3, EPIDEMIC.tiers)
    assert ledger.verify_audit() == 4


def unreadable(book, number):
    book.raw(f"UPDATE scheme_versions SET yaml_text = 'id: epidemic' WHERE key = {number}")


def test_an_adopted_version_that_cannot_be_read_gives_way_to_what_ships_with_a_sentence(ledger, book):
    saved(ledger, with_red(60))
    unreadable(book, 1)
    found = current_scheme(ledger, "epidemic")
    assert (found.scheme, found.text, found.adopted) == (EPIDEMIC, TEXT, None)
    assert "第2版（编号1）无法读取" in found.notice.text("zh")
    assert "the built-in scheme is used" in found.notice.text("en")
    saved(ledger, with_red(61))
    assert current_scheme(ledger, "epidemic").notice is None


def test_a_scheme_of_ones_own_is_in_use_once_it_is_adopted(ledger, book):
    saved(ledger, YAML, adopt=False)
    with pytest.raises(SchemeError, match="There is no scheme “made”"):
        current_scheme(ledger, "made")
    ledger.adopt_scheme(ADMIN, 1)
    assert current_scheme(ledger, "made").scheme.id == "made"
    unreadable(book, 1)
    with pytest.raises(LedgerError, match="cannot be read"):
        current_scheme(ledger, "made")


def test_a_file_is_taken_as_it_is(ledger, tmp_path):
    saved(ledger, with_red(60))
    file = tmp_path / "epidemic.yaml"
    file.write_text("\ufeff" + with_red(70), encoding="utf-8")
    found = current_scheme(ledger, str(file))
    assert (found.scheme.tiers.red, found.scheme.version, found.adopted) == (70, 1, None)
    assert found.text == with_red(70)


def test_every_scheme_that_ships_is_found_by_its_id():
    assert builtin_scheme("cdc_community_levels").id == "cdc_community_levels"
    assert (builtin_scheme("made"), builtin_text("made")) == (None, None)
