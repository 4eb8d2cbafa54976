"""What a bulletin recommends: the actions of the scheme, each frequency said once."""

from tests.releases.made_snapshots import snapshot, usual_scheme
from tests.releases.test_bulletin import said, written


def test_advice_follows_the_schemes_measures_and_cadence():
    told = written(snapshot(["green", "blue", "green"]), snapshot(["red", "orange", "green"]))
    assert said(told, "zh", "advice") == [
        "红色区域1个：每日走访（每次约20分钟）。",
        "橙色区域1个：隔日走访（每次约20分钟）。",
        "绿色区域1个：每两周走访（每次约10.5分钟）。",
        "等级上调的区域2个，自本期起执行新等级的频次：区A0、区A1。",
    ]
    assert (
        said(told, "en", "advice")[1] == "Areas in orange (1 area): Visit every 2nd day (about 20 minutes per visit)."
    )
    unsaid = {"cadence_days": 2, "minutes_per_check": 20, "text": {"zh": "组团进驻", "en": "Team on site"}}
    once = written(None, snapshot(["red"], chosen=usual_scheme(measures={"red": unsaid})))
    assert said(once, "zh", "advice") == ["红色区域1个：组团进驻（每2天一次，每次约20分钟）。"]
    assert said(once, "en", "advice") == [
        "Areas in red (1 area): Team on site (every 2 days, about 20 minutes per visit)."
    ]
    plain = written(None, snapshot(["red"], chosen=usual_scheme(measures={})))
    assert said(plain, "en", "advice") == ["The scheme names no actions for these tiers."]
