"""What a bulletin holds against the release before: areas of both, as they were corrected, and no gap in the data."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from analytics import tiers
from analytics.releases.revision import RatedAgain
from tests.long.sizes import seeds
from tests.releases.made_snapshots import snapshot
from tests.releases.test_bulletin import matters, said, written

DAY = date(2020, 2, 11)
"""The day before that of a snapshot."""


def overall(before, after):
    return said(written(before, after), "zh", "overall")


@pytest.mark.parametrize("also", [(), ("A41", "A42")])
def test_an_area_that_leaves_the_list_is_no_area_less_in_red(also):
    ids = ["A1", "A2", "A3"]
    before = snapshot(["blue", "blue", "green", "red"], areas=[*ids, "A4"], number=1)
    after = snapshot(["blue", "blue", "green", *(["unknown"] * len(also))], areas=[*ids, *also])
    told = overall(before, after)
    assert told[-2].endswith("按两期均有的区域）持平。")
    assert told[-1] == "红色、橙色区域占已评级区域的0.0%；得到评级的区域不同，不与上期比较。"
    assert "减少" not in "".join(told)
    assert "下降" not in "".join(told)


def test_a_red_area_without_data_is_no_smaller_share_of_red():
    told = overall(snapshot(["red", "green"], number=1), snapshot(["unknown", "green"]))
    assert told[-1] == "红色、橙色区域占已评级区域的0.0%；得到评级的区域不同，不与上期比较。"
    again = written(None, snapshot(["unknown", "green"], week_before=["red", "green"]))
    assert said(again, "zh", "trend")[-1].endswith("得到评级的区域不同，不与上周比较。")


def test_what_was_corrected_since_is_no_change_of_this_time():
    published = ["yellow", "blue", "green"]
    before = snapshot(["yellow", "green", "green"], number=1, day=DAY, published=published, data="a")
    after = snapshot(["red", "green", "blue"], data="b")
    right = RatedAgain(tuple(tiers.RANK[tier] for tier in ("red", "red", "green")), 28)
    told = overall(before, replace(after, again={DAY: right}))
    # A1 was decided by a person, and not what the records gave then.
    assert told[-2].endswith("按更正后的等级）相比，蓝色增加1个、绿色减少1个。")
    assert told[-1] == "红色、橙色区域占已评级区域的33.3%；上期已有更正，不与其比较。"
    of_another_day = replace(after, again={after.day: right})
    assert overall(before, of_another_day)[-1].endswith("较上期上升33.3个百分点。")
    by_another_method = replace(snapshot(["red", "green", "blue"], data="b", method=2), again={DAY: right})
    assert overall(before, by_another_method)[-1].endswith("较上期上升33.3个百分点。")


@pytest.mark.parametrize("seed", seeds(20))
def test_a_list_that_changes_and_nothing_else_is_told_as_nothing_else(seed):
    random = np.random.default_rng(seed)
    number = int(random.integers(2, 12))
    ids, shown = [f"A{at}" for at in range(number)], random.choice(tiers.SHOWN, number)
    kept, new = random.random(number) < 0.7, int(random.integers(0, 4))
    if not kept.any():
        return
    after = snapshot(
        [*shown[kept], *(["unknown"] * new)], areas=[*np.array(ids)[kept], *(f"B{at}" for at in range(new))]
    )
    told = " ".join(overall(snapshot(shown, areas=ids, number=1), after))
    for word in ("增加", "减少", "上升", "下降"):
        assert word not in told


def test_a_week_in_which_a_feed_was_silent_is_no_quieter_week():
    counts = matters([20, 10], [4, 10], last="2020-02-09", kinds=("fever", "noise"))
    now = snapshot(["red", "green"], incidents=counts)
    assert "减少16件" in "".join(said(written(None, now), "zh", "trend"))
    held = replace(now, complete=replace(now.complete, interrupted=True))
    told = "".join(said(written(None, held), "zh", "trend"))
    assert "减少16件" not in told
    assert "暂不作环比、同比：两周中有来源数据中断。" in told
