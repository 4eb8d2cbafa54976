"""Which marks stand beside a tier: they agree with the reason that is given for it."""

import re
from datetime import timedelta

import pandas as pd
import pytest

from analytics.loaders import load_records, sample_datasets
from analytics.marks import BOX, FORMS, KEEPING, MARKS
from analytics.scheme import scheme_named
from analytics.scoring import area_counts_for, assess
from analytics.scoring.overrides import Override, with_overrides
from analytics.scoring.reasons import shown_tier
from analytics.scoring.summary import area_marks, changes
from analytics.store import Counts
from tests.office import LAST, SAMPLES


@pytest.fixture(scope="module")
def pair():
    (info,) = (found for found in sample_datasets(SAMPLES) if found.id == "demo_street")
    records, _ = load_records({table: info.folder / file for table, file in info.files.items()}, LAST)
    counts, scheme = Counts.of_records(records, "5" * 64), scheme_named("epidemic")
    found = assess(area_counts_for(counts, scheme), scheme, pd.DatetimeIndex([LAST - timedelta(days=7), LAST]))
    decided = Override(str(found.areas.index[3]), "orange", "联合检查决定", "admin", LAST, LAST + timedelta(days=7))
    return with_overrides(found, [decided])


def test_marks_and_reasons_agree(pair):
    marks, raised = area_marks(pair, changes(pair)), changes(pair)["raised"].dropna()
    assert tuple(marks.columns) == MARKS
    for area_id, row in marks.iterrows():
        why = shown_tier(pair, area_id).why
        assert [mark for mark in KEEPING if row[mark]] == ([why] if why in KEEPING else []), area_id
        assert row["raised"] == (area_id in raised.index[raised]), area_id
        assert row["lowered"] == (area_id in raised.index[~raised]), area_id
    assert marks["held"].sum() > 5
    assert marks["override"].sum() == 1


def test_a_tier_held_against_nothing_did_not_change(pair):
    assert not area_marks(pair)[["raised", "lowered"]].any(axis=None)


def test_an_override_hides_what_the_rule_holds(pair):
    """What a person decided is that person's, whatever the rule would keep."""
    held = area_marks(pair)["held"]
    area = str(held.index[held][0])
    decided = with_overrides(pair, [Override(area, "red", "研究决定", "admin", LAST, LAST)])
    assert area_marks(decided).loc[area, ["held", "carried", "override"]].tolist() == [False, False, True]


@pytest.mark.parametrize("mark", MARKS)
def test_forms_lie_in_their_circle(mark):
    points = [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", FORMS[mark].path)]
    assert all((x - BOX / 2) ** 2 + (y - BOX / 2) ** 2 <= (BOX / 2 - 2.5) ** 2 for x, y in points)
    assert len({form.sign for form in FORMS.values()}) == len(MARKS)
