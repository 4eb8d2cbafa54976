"""What a bulletin tells of all areas, or of the categories that count, is refused where it is true of others."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.errors import BulletinError
from analytics.releases.bulletin import bulletin
from analytics.releases.checker import check
from analytics.releases.sentences import Sentence
from tests.releases.made_snapshots import quiet, snapshot
from tests.scoring.small_world import given, scheme


def test_what_is_told_of_all_and_is_true_of_some_is_refused():
    counted = scheme([given("load", 1000), quiet(weight=1, where={"category": ["fire_hazard"]})])
    ends = pd.DatetimeIndex(["2024-07-07", "2024-07-14"])
    weekly = pd.DataFrame({"noise": [40, 60], "fire_hazard": [3, 4]}, index=ends)
    now = snapshot(["green"] * 3, chosen=counted, quiet_days=[17, 20, np.nan], incidents=weekly)
    told = bulletin(None, now, None)
    known, *_, rise = told.sections["trend"]
    some = replace(rise.phrase, params={**rise.phrase.params, "of": ""})
    for changed in (replace(known.phrase, key="bulletin.quiet_all"), some):
        with pytest.raises(BulletinError, match="section"):
            check(replace(told, sections={**told.sections, "trend": (Sentence(changed),)}), None, now)
    every = bulletin(None, snapshot(["green"], quiet_days=[17]), None)
    (all_of_them, *_) = every.sections["trend"]
    fewer = Sentence(replace(all_of_them.phrase, key="bulletin.quiet_known"))
    with pytest.raises(BulletinError, match="section"):
        check(
            replace(every, sections={**every.sections, "trend": (fewer,)}), None, snapshot(["green"], quiet_days=[17])
        )
