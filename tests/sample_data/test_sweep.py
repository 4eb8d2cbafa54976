"""The building sweep of the sample is what its script makes, and is drawn without a look at any tier."""

from pathlib import Path

import pandas as pd

from analytics.response.sweep import faults
from analytics.store.campaigns import CALLS, CampaignFolder
from sample_data import make_sweep


def test_the_rounds_are_those_of_the_script_and_add_up():
    campaign, register, teams = make_sweep.read()
    (shipped,) = CampaignFolder(make_sweep.FOLDER).frames(CALLS, ["checked_at"])
    made = make_sweep.rounds(campaign, register, teams)
    pd.testing.assert_frame_equal(shipped[list(made)], made, check_dtype=False)
    assert faults(register, shipped) == {}


def test_the_script_knows_no_tier():
    source = Path(make_sweep.__file__).read_text(encoding="utf-8").replace("look at any tier", "")
    assert "tier" not in source
    assert "score" not in source
