"""Two schemes side by side: every difference has its sentence, and none is made up."""

import json

import pytest

from analytics.scheme import Scheme, scheme_named
from analytics.scheme.content import plain
from analytics.scheme.difference import differences
from analytics.scheme.editing import recut, reweighted
from analytics.scheme.reading import json_schema, scheme_from
from analytics.words import LANGUAGES
from tests.scheme.edits import RICH, neighbours

EPIDEMIC = scheme_named("epidemic")
SHARED = [scheme_named("reference/cdc_community_levels"), scheme_from(RICH.encode(), "rich.yaml")]


def said(old, new, lang="zh"):
    return [difference.text(lang) for difference in differences(old, new)]


def changed(**settings):
    return Scheme.model_validate(plain(EPIDEMIC) | settings)


def test_no_setting_differs_in_silence_and_the_version_does_not_count():
    touched = set()
    for scheme in SHARED:
        for path, other in neighbours(scheme):
            for old, new in ((scheme, other), (other, scheme)):
                told = differences(old, new)
                assert (told == ()) == (path == ("version",)), path
                for lang in LANGUAGES:
                    sides = [sentence.text(lang).split(" → ") for sentence in told]
                    assert all(
                        len(side) == 1 or not side[0].endswith((f"：{side[1]}", f": {side[1]}")) for side in sides
                    )
            touched |= {step for step in path if isinstance(step, str)}
    schema = json.loads(json_schema())
    settings = {name for model in (schema, *schema["$defs"].values()) for name in model.get("properties", ())}
    # `by` has one value, and goes with the others of its kind.
    assert settings - touched == {"by"}


def test_weights_are_said_as_shares_of_their_level_and_cutoffs_as_where_they_begin():
    new = recut(
        reweighted(reweighted(EPIDEMIC, "", {"cases": 40, "spread": 30}), "spread", {"fever_14d": 30.0}), {"red": 58}
    )
    assert said(EPIDEMIC, new) == [
        "“疫情”权重45% → 40%",
        "“传播”权重25% → 30%",
        "“传播”中“近14天发热”权重50% → 37.5%",
        "“传播”中“近14天密切接触者”权重30% → 37.5%",
        "“传播”中“近21天聚集”权重20% → 25%",
        "红：55分及以上 → 58分及以上",
    ]
    assert said(EPIDEMIC, new, "en")[0] == "weight of “Cases”: 45% → 40%"
    doubled = reweighted(EPIDEMIC, "people", {"elders": 100.0, "renters": 100.0})
    assert said(EPIDEMIC, doubled)[0] == "“人群”中“70岁及以上居民”权重数值50 → 100，占比仍为50%"


@pytest.mark.parametrize("tier", ["blue", "yellow", "orange", "red"])
def test_each_cutoff_has_its_sentence(tier):
    moved = getattr(EPIDEMIC.tiers, tier) + 0.5
    (sentence,) = said(EPIDEMIC, recut(EPIDEMIC, {tier: moved}))
    assert sentence.endswith(f" → {moved}分及以上")


def test_rules_are_said_in_words():
    first, second = EPIDEMIC.floors
    harder = first.model_copy(update={"at_least": "orange"})
    assert said(EPIDEMIC, EPIDEMIC.model_copy(update={"floors": (second, harder)})) == [
        "floors的顺序有变",
        "红线规则“14天内有新增病例”：至少为黄 → 至少为橙",
    ]
    assert said(EPIDEMIC, EPIDEMIC.model_copy(update={"floors": (second,)}), "en") == [
        "floor rule “A new case in 14 days” removed: “New cases in 14 days” ≥ 1, at least Yellow"
    ]
    rich = SHARED[-1]
    assert said(rich.model_copy(update={"floors": ()}), rich) == [
        "新增红线规则“甲线”：不满足（“a”>1或“inner”<5），至少为蓝",
        "新增红线规则“乙线”：“b”数据缺失且“丙”有数据，至少为红",
    ]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"missing": {"minimum_known_weight": 0.7}}, "评级所需最低已知权重60% → 70%"),
        ({"stability": None}, "取消稳定规则（原为上调确认期14天、下调确认期14天、最短停留21天）"),
        ({"tiers": {"by": "share", "red": 0.1}}, "评级方式：按得分 → 按占比"),
        ({"level": "community"}, "level：grid → community"),
        ({"measures": {}}, "删去红级措施：每日走访，领导包联"),
    ],
)
def test_the_other_settings_have_their_words(settings, expected):
    assert said(EPIDEMIC, changed(**settings))[0] == expected


def test_what_has_no_words_of_its_own_is_named_by_its_path():
    content = plain(EPIDEMIC)
    content["dimensions"][0]["indicators"][0]["window_days"] = 21
    assert said(EPIDEMIC, Scheme.model_validate(content)) == ["cases.new_cases_14d.window_days：14 → 21"]


def test_indicators_come_and_go():
    content = plain(EPIDEMIC)
    content["dimensions"][2]["indicators"].pop()
    fewer = Scheme.model_validate(content)
    assert said(EPIDEMIC, fewer) == ["“人群”中“70岁及以上居民”权重50% → 100%", "删去“人群”中“租住居民”，原权重50%"]
    assert said(fewer, EPIDEMIC)[1] == "新增“人群”中“租住居民”，权重50%"
