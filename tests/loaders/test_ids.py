import pandas as pd
import pytest

from analytics.loaders import IdHash
from tests.loaders.files_of_records import IDS, hashed


def test_an_id_is_hashed_alike_every_time_and_otherwise_with_another_key():
    first, second = hashed("A-1", "A-1")
    assert first == second
    (other,) = IdHash(bytes(32)).of(pd.Series(["A-1"], dtype="str"))
    assert other.split("-")[1:] != first.split("-")[1:]
    assert "A-1" not in first
    assert len(set(hashed(*map(str, range(2000))))) == 2000


def test_a_hash_has_its_form_and_passes_unchanged_through_its_own_key_alone():
    ids = pd.Series(["甲1", None, "b"], index=[4, 2, 9], dtype="str", name="incident_id")
    once = IDS.of(ids)
    assert once.dropna().str.fullmatch("fc-[0-9a-f]{6}-[0-9a-f]{26}").all()
    assert once.isna().tolist() == [False, True, False]
    pd.testing.assert_series_equal(IDS.of(once), once)
    assert (IdHash(bytes(32)).of(once).dropna() != once.dropna()).all()


def test_every_id_of_a_long_column_is_hashed_as_alone():
    ids = pd.Series([f"T{n}" for n in range(150_000)], dtype="str")
    found = IDS.of(ids)
    for place in (0, 65_535, 65_536, 149_999):
        assert found[place] == hashed(ids[place])[0]


def test_a_short_key_is_no_key():
    with pytest.raises(ValueError, match="32 bytes"):
        IdHash(b"short")
