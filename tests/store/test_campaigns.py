"""Files of a sweep: there whole or not, never written again, and read by their format."""

import json
from datetime import date

import pandas as pd
import pytest

from analytics.errors import StoreError
from analytics.store.campaigns import CALLS, CampaignFolder, campaign_folders

ROWS = pd.DataFrame(
    {
        "place_id": ["P1", "P2"],
        "checked_at": pd.to_datetime(["2026-10-20 19:00", "2026-10-21 19:30"]).astype("datetime64[us]"),
        "called": [10, 4],
        "persons": [22.0, None],
    }
)


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "campaigns" / "one"
    made.mkdir(parents=True)
    (made / "campaign.yaml").write_text("id: one")
    return CampaignFolder(made)


def test_what_is_kept_comes_back_as_it_was(folder):
    assert folder.add(CALLS, ROWS, {"source": "a.csv"}) == 1
    (found,) = folder.frames(CALLS, ["checked_at"])
    pd.testing.assert_frame_equal(found[list(ROWS)], ROWS)


def test_the_same_rows_again_are_kept_once_and_others_get_the_next_number(folder):
    assert [folder.add(CALLS, rows, {}) for rows in (ROWS, ROWS, ROWS.head(1), ROWS)] == [1, None, 2, 3]
    assert [len(one) for one in folder.frames(CALLS, ["checked_at"])] == [2, 1, 2]


def test_numbers_go_on_after_the_ninth_and_what_is_half_written_is_no_import(folder):
    for at in range(11):
        assert folder.add(CALLS, ROWS.assign(called=at), {}) == at + 1
    (folder.folder / CALLS / "0012.json-abcd.partial").write_text("{")
    assert [one["called"][0] for one in folder.frames(CALLS, ["checked_at"])] == list(range(11))


def test_a_sample_is_drawn_once(folder):
    assert folder.sample() is None
    assert folder.keep_sample(ROWS.head(1), date(2026, 10, 29), {"seed": 1})
    assert not folder.keep_sample(ROWS, date(2026, 10, 30), {"seed": 2})
    rows, day = folder.sample()
    assert (len(rows), day) == (1, date(2026, 10, 29))


@pytest.mark.parametrize("damage", ["cut", "changed", "newer", "text"])
def test_a_damaged_file_and_one_of_a_newer_program_are_told(folder, damage):
    folder.add(CALLS, ROWS, {})
    file = folder.folder / CALLS / "0001.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    if damage == "changed":
        content["rows"]["called"] = [10, 5]
    if damage == "newer":
        content |= {"format": 99, "program": "9.9"}
    text = json.dumps(content)
    file.write_text({"cut": text[:-9], "text": "[1]"}.get(damage, text), encoding="utf-8")
    with pytest.raises(StoreError, match=r"version 9\.9" if damage == "newer" else "0001.json.* damaged"):
        folder.frames(CALLS, ["checked_at"])


@pytest.mark.usefixtures("folder")
def test_the_office_has_its_own_campaign_of_a_name_that_ships(tmp_path):
    shipped = tmp_path / "shipped"
    for name in ("one", "two"):
        (shipped / "campaigns" / name).mkdir(parents=True)
        (shipped / "campaigns" / name / "campaign.yaml").write_text("id: x")
    found = campaign_folders(tmp_path, shipped)
    assert {name: one.writable for name, one in found.items()} == {"one": True, "two": False}
    assert found["one"].description() == b"id: one"
    assert campaign_folders(tmp_path / "nothing") == {}
