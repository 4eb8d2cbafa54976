from dataclasses import replace
from datetime import date

import pytest

from analytics.response.closing import Closing, ClosingRow, Figures, Held, Ratio
from analytics.response.periods import Period, period_before, period_to, same_period_last_year
from analytics.wording.closing import (
    age_names,
    change_text,
    fraction_text,
    key_name,
    notes,
    period_name,
    rate_part,
    rate_text,
    row_texts,
    summary,
)
from analytics.words import LANGUAGES

LAST = date(2026, 10, 31)


def found(day=LAST, kind="month", **settings):
    period = period_to(kind, day)
    now = Figures(654, 0, Ratio(579, 654), Ratio(559, 661), open=(44, 13, 9, 9, 34), overdue=52)
    before = Figures(546, 0, Ratio(471, 546), Ratio(559, 661))
    total = ClosingRow(None, now, Held(now, before), None)
    compared = (period_before(period), same_period_last_year(period))
    whole = Closing(
        "channel", period, compared, (replace(total, key="12345"),), total, 0, (), True, 0, date(2025, 8, 1),
        ((), ()), (),
    )  # fmt: skip
    return replace(whole, **settings)


@pytest.mark.parametrize(
    ("n", "of", "said"),
    [(0, 0, "—"), (0, 9, "0%"), (9, 9, "100%"), (1, 3, "33.3%"), (9996, 10000, ">99.9%"), (4, 10000, "<0.1%"),
     (9985, 10000, "99.9%"), (1999, 2000, ">99.9%"), (996, 1000, "99.6%")],
)  # fmt: skip
def test_all_and_none_are_said_of_all_and_none_alone(n, of, said):
    assert rate_text(Ratio(n, of)) == said
    assert fraction_text("zh", Ratio(n, of)) == (f"{n:,}/{of:,}" if of else "")


@pytest.mark.parametrize(
    ("points", "said"), [(2.34, "↑ 2.3"), (-0.35, "↓ 0.3"), (0.04, "持平"), (-0.04, "持平"), (float("nan"), "—")]
)
def test_a_change_has_an_arrow_or_stays_or_is_not_to_be_had(points, said):
    assert change_text("zh", points) == said


@pytest.mark.parametrize(
    ("kind", "day", "zh", "en"),
    [
        ("month", "2026-10-31", "2026年10月", "October 2026"),
        ("month", "2026-10-20", "10月1日—10月20日", "1 Oct to 20 Oct"),
        ("month", "2026-10-01", "10月1日", "1 Oct"),
        ("quarter", "2026-03-31", "2026年第1季度", "Q1 2026"),
        ("week", "2026-10-31", "10月25日—10月31日", "25 Oct to 31 Oct"),
        ("week", "2026-01-03", "2025年12月28日—2026年1月3日", "28 Dec 2025 to 3 Jan 2026"),
    ],
)
def test_a_period_is_called_by_its_name_or_its_days(kind, day, zh, en):
    period = period_to(kind, date.fromisoformat(day))
    assert [period_name(lang, period) for lang in LANGUAGES] == [zh, en]


def test_days_of_another_year_say_it():
    now = period_to("week", LAST)
    earlier = same_period_last_year(now)
    assert [period_name(lang, earlier, now) for lang in LANGUAGES] == ["2025年10月26日—11月1日", "26 Oct to 1 Nov 2025"]
    first = Period("month", date(2025, 10, 1), date(2025, 10, 1), over=False)
    assert period_name("zh", first, now) == "2025年10月1日"


def test_the_sentence_says_both_rates_with_their_numbers_and_changes():
    assert summary("zh", found()) == (
        "2026年10月受理事件654件；办结率88.5%（579/654），环比上升2.3个百分点、同比—；"
        "按期办结率84.6%（559/661），环比持平、同比—。"
    )
    assert summary("en", found()) == (
        "October 2026: 654 incidents received; closing rate 88.5% (579/654), up 2.3 percentage points month on month, "
        "year on year —; on-time closing rate 84.6% (559/661), unchanged month on month, year on year —."
    )


def test_worse_is_marked_and_better_and_the_same_are_not():
    row = found().total
    now = replace(row.now, closed=Ratio(1, 9))
    worse = replace(row, now=now, before=replace(row.before, now=now))
    told = row_texts("zh", worse, "合计")
    assert [one["worse"] for rate in told["rates"] for one in rate["changes"]] == [True, False, False, False]
    assert told["rates"][0]["fraction"] == "1/9"


def test_a_rate_of_nothing_is_a_dash():
    assert rate_part("zh", found().total, "repeated") == "重复率—"


def test_notes_say_what_is_compared_and_what_is_left_out():
    plain = "".join(notes("zh", found()))
    assert "环比较2026年9月，同比较2025年10月" in plain
    assert not any(word in plain for word in ("自2025年8月1日起", "本月未完", "另计", "中断", "没有办结", "易波动"))
    alone = notes("zh", found(compared=(None, None)))
    assert any("没有可比的时段" in note for note in alone)
    assert any("自2025年8月1日起" in note for note in alone)
    early = notes("zh", found(day=date(2026, 10, 20)))
    assert any("同样20天" in note for note in early)
    more = found(apart=125, unclosed=(None, "grid"), undated=3, interrupted=(period_to("month", LAST),))
    said = "".join(notes("zh", more))
    assert all(word in said for word in ("125件，另计", "未注明来源、网格", "期内3件", "中断的时段：2026年10月"))
    begun = found(begun_later=(("platform",), ("grid", "platform")))
    assert [note for note in notes("zh", begun) if "晚于" in note] == [
        "平台的首条记录晚于2026年9月首日，不与该时段比较；合计和分组的升降只按其余来源比较。",
        "网格、平台的首条记录晚于2025年10月首日，不与该时段比较；合计和分组的升降只按其余来源比较。",
    ]
    few = ClosingRow("grid", Figures(3, 0, Ratio(1, 3)), None, None)
    assert any("易波动" in note for note in notes("zh", found(rows=(few,))))
    before, year = found().compared
    ways = [found(compared=way) for way in ((before, year), (before, None), (None, year), (None, None))]
    for one in (*ways, more, begun, found(day=date(2026, 11, 20), kind="quarter")):
        assert len(notes("zh", one)) == len(notes("en", one))


def test_words_of_the_data_stay_and_what_nobody_says_is_told():
    assert [key_name("zh", "channel", key, {}) for key in ("12345", "随手拍", None)] == [
        "12345热线", "随手拍", "未注明来源"
    ]  # fmt: skip
    assert [key_name("en", "kind", key, {}) for key in ("noise", None)] == ["Noise", "Category not stated"]
    assert [key_name("zh", "area", key, {"A": "甲"}) for key in ("A", "B", None)] == ["甲", "B", "不在参评区域"]


def test_bands_of_days_leave_no_gap():
    assert age_names("zh") == ["3天以内", "4～7天", "8～15天", "16～30天", "超过30天"]
