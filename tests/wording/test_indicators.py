import pytest

from analytics.scoring import Gap
from analytics.wording.indicators import value_text
from tests.scoring.small_world import indicator, scheme

RESIDENTS = {"from": "residents", "where": {"lives_alone": True}, "window_days": None}
PER = {"base": "population", "scale": 1000}


@pytest.mark.parametrize(
    ("settings", "value", "zh", "en"),
    [
        ({}, 1200, "1,200件", "1,200 incidents"),
        ({"measure": "rate", "per": PER}, 8.24, "每千人8.2", "8.2 per 1,000 residents"),
        ({"measure": "rate", "per": PER | {"scale": 500}}, 8.24, "每500人8.2", "8.2 per 500 residents"),
        ({"measure": "share"}, 0.625, "62%", "62%"),
        ({"measure": "days_since", "window_days": None, "days_since": {"cap": 28}}, 3, "3天", "3 days"),
        (
            {"measure": "days_since", "window_days": None, "days_since": {"cap": 28}},
            28,
            "28天及以上",
            "28 days or more",
        ),
        ({"measure": "per_check"}, 12.5, "每百次走访巡查12.5", "12.5 per 100 checks"),
        (RESIDENTS | {"measure": "stock"}, 0, "0人", "0 residents"),
        (RESIDENTS | {"measure": "stock"}, 10, "10人", "10 residents"),
    ],
)
def test_a_value_is_written_with_its_unit(settings, value, zh, en):
    chosen = scheme([indicator(**settings)]).indicators[0]
    assert value_text("zh", chosen, value, Gap.NONE, small=False) == zh
    assert value_text("en", chosen, value, Gap.NONE, small=False) == en


@pytest.mark.parametrize(
    ("settings", "zh", "en"),
    [
        ({"measure": "stock"}, "<10", "<10"),
        ({"measure": "share"}, "共<10", "<10 in all"),
        ({"measure": "stock_rate", "per": PER}, "共<10", "<10 in all"),
    ],
)
def test_few_people_are_told_as_few_and_their_rate_not_at_all(settings, zh, en):
    chosen = scheme([indicator(**RESIDENTS | settings)]).indicators[0]
    assert value_text("zh", chosen, 5, Gap.NONE, small=True) == zh
    assert value_text("en", chosen, 5, Gap.NONE, small=True) == en


@pytest.mark.parametrize("gap", [gap for gap in Gap if gap is not Gap.NONE])
def test_a_missing_value_says_why(gap):
    chosen = scheme([indicator()]).indicators[0]
    assert value_text("zh", chosen, float("nan"), gap, small=False) != value_text(
        "en", chosen, float("nan"), gap, small=False
    )
