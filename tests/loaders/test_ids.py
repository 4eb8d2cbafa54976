import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from analytics.loaders import IdHash
from analytics.loaders.ids import siphash
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


def test_an_id_made_here_of_what_a_record_says_is_nobodys_number():
    chance = np.random.default_rng(7)
    digits = ["".join(chance.choice(list("0123456789"), size=26)) for _ in range(3000)]
    made = pd.Series([f"sum-a1381234567{one[:4]}-{at}" for at, one in enumerate(digits)], dtype="str")
    made = pd.concat([made, pd.Series([f"row-{one}" for one in digits], dtype="str")], ignore_index=True)
    assert made[0].startswith("sum-a1381234567")
    assert IDS.kept(made)[1] == 0
    assert IDS.kept(made.str.slice(4))[1] > 0


def test_a_short_key_is_no_key():
    with pytest.raises(ValueError, match="32 bytes"):
        IdHash(b"short")


def test_the_hash_is_siphash_of_128_bits_as_openssl_gives_it():
    expected = {
        "": "a3817f04ba25a8e66df67214c7550293",
        "a": "0ea4f2fb02ad21d92d5fc91684f26426",
        "1234567": "edd2ca8109ca8bf74376f435c80826e0",
        "12345678": "86da31e21d1241e0e933a215f9e2faae",
        "中文工单号 20250101000001": "e1f854ca97cd8d3a4d9a3f8246a3a409",
        "x" * 300: "b1560076ee446f8e3620dfbf5976bc47",
    }
    found = siphash(bytes(range(16)), pa.array(expected, pa.large_string()))
    assert [one.tobytes().hex() for one in found] == list(expected.values())
