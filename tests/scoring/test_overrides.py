from dataclasses import replace
from datetime import date

import pytest

from analytics.errors import ScoringError
from analytics.scoring.overrides import Override, with_overrides
from tests.scoring.small_world import assessed, days, given, records, scheme, three_areas

ONE = Override("B", "red", "联合检查决定", "admin", date(2020, 2, 10), date(2020, 2, 11))


def run():
    return assessed(records(areas=three_areas(x=[10, 10, 50])), scheme([given("x")]), days("2020-02-09", "2020-02-12"))


def test_an_override_is_shown_on_its_days_alone_and_ends_by_itself():
    found = with_overrides(run(), [ONE])
    assert found.counts()["red"].tolist() == [0, 1, 1, 0]
    assert set(found.table()["published_tier"]) == {"green", "yellow"}


def test_of_several_overrides_the_last_one_counts():
    assert with_overrides(run(), [ONE, replace(ONE, tier="blue")]).counts()["blue"].tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize("wrong", [{"area_id": "Z"}, {"tier": "unknown"}, {"reason": " "}, {"last": date(2020, 1, 1)}])
def test_a_wrong_override_is_refused(wrong):
    with pytest.raises(ScoringError):
        with_overrides(run(), [replace(ONE, **wrong)])
