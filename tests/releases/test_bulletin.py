"""The bulletin: true sentences in both languages, in the official order, and no figure that was not counted twice."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics import tiers
from analytics.errors import BulletinError
from analytics.releases.bulletin import SECTIONS, as_json, as_text, bulletin
from analytics.releases.checker import check
from analytics.releases.compare import compare
from analytics.releases.noise_floor import NoiseFloor
from analytics.releases.sentences import CitedFigure, Difference, Sentence, areas, sentence
from analytics.scheme.basics import Bilingual
from analytics.scoring.reporting_delay import CompleteTo
from analytics.words import LANGUAGES, Phrase, phrase
from tests.long.sizes import seeds
from tests.releases.made_snapshots import quiet, snapshot, usual_scheme
from tests.scoring.small_world import given, scheme

PUBLISHED = Path(__file__).parent / "published"
NOISE = NoiseFloor(observed=3, expected=1.6, low=0, high=4, draws=200, seed=9)


def written(before, after, noise=None):
    """The bulletin of two snapshots, checked."""
    told = bulletin(before, after, compare(before, after) if before else None, noise)
    check(told, before, after, noise)
    return told


def said(told, lang, section):
    """The sentences of a section."""
    return [item.text(lang) for item in told.sections[section]]


def matters(*weeks, last="2024-07-14", kinds=("noise", "fire_hazard", "7.unheard")):
    """Weekly counts, the last week ending on ``last``."""
    ends = pd.date_range(end=last, periods=len(weeks), freq="7D")
    return pd.DataFrame(list(weeks), index=ends, columns=list(kinds)[: len(weeks[0])])


def february():
    """9 and 12 February 2020 as published. Which 36 of the blue counties became green was told for four of them only,
    and which of the 37 were quiet for how long for none: the numbers are the published ones, the rest is filled in."""
    first = pd.read_csv(PUBLISHED / "zhejiang_five_colour_2020-02-09.csv")
    totals = pd.read_csv(PUBLISHED / "zhejiang_five_colour_totals.csv", index_col="as_of")
    ids = [f"C{number:02}" for number in range(len(first))]
    names = dict(zip(ids, first["county"], strict=True))
    then = first["tier"].to_numpy()
    stays_blue = first.index[(first["county"] == "滨江")]
    turning = first.index[first["tier"] == "blue"].difference(stays_blue)[:36].to_list()
    for county in ("下城", "临安", "富阳", "建德"):
        assert first.index[first["county"] == county][0] in turning
    moved = [first.index[first["county"] == "平阳"][0], *turning]
    now = then.copy()
    now[moved] = ["yellow"] + ["green"] * 36
    quiet = np.full(len(first), 2.0)
    quiet[moved] = [7] * 10 + [6, 10] * 3 + [8] + [11] * 6 + [14] * 7 + [15] * 3 + [28] * 4
    before = snapshot(then, areas=ids, names=names, day=date(2020, 2, 9), number=1, data="a")
    after = snapshot(now, areas=ids, names=names, day=date(2020, 2, 12), number=2, data="b", quiet_days=quiet)
    for one, as_of in ((before, "2020-02-09"), (after, "2020-02-12")):
        counts = one.assessment.counts().iloc[-1]
        assert [counts[tier] for tier in totals.columns] == totals.loc[as_of].to_list()
    return before, after


def test_the_published_figures_of_february_2020_are_reproduced():
    before, after = february()
    told = written(before, after)
    first = written(None, before)
    assert said(first, "zh", "overall") == [
        "截至2月9日24时，参评区域90个，其中红色1个、橙色12个、黄色12个、蓝色53个、绿色12个，数据不足0个。"
    ]
    assert said(told, "zh", "overall")[:2] == [
        "截至2月12日24时，参评区域90个，其中红色1个、橙色11个、黄色13个、蓝色17个、绿色48个，数据不足0个。",
        "与上期（2020年第1期，截至2月9日24时）相比，橙色减少1个、黄色增加1个、蓝色减少36个、绿色增加36个。",
    ]
    moves = said(told, "zh", "moves")
    assert moves[0] == "与上期相比，等级变动的区域37个（下调37个），等级未变的53个。"
    assert "由橙色下调为黄色的1个：平阳。" in moves
    assert any(line.startswith("由蓝色下调为绿色的36个：") and line.count("、") == 35 for line in moves)
    assert "等级下调的37个区域，按“连续无病例报告天数”：6～10天17个、11～14天13个、15天及以上7个。" in said(
        told, "zh", "trend"
    )
    english = as_text(told, "en")
    assert "As at 24:00 on 12 February, 90 areas assessed: 1 red, 11 orange, 13 yellow, 17 blue, 48 green" in english
    assert "Compared with the previous release, 37 areas changed tier (37 lowered) and 53 areas did not." in english
    assert "Lowered from orange to yellow (1 area): Pingyang." in english
    assert "6 to 10 days 17, 11 to 14 days 13 and 15 days or more 7." in english


def test_the_sections_stand_in_the_official_order_under_a_numbered_title():
    text = as_text(written(None, replace(snapshot(["red", "green"]), number=74, number_of_year=5)), "zh")
    headings = ["总体情况", "重点区域", "等级变动", "趋势研判", "工作建议", "口径说明"]
    assert text.splitlines()[0] == "关于made五色评级情况的通报 2020年第5期（总第74期）"
    assert [line for line in text.splitlines() if line in headings] == headings
    draft = written(None, snapshot(["red", "green"], number=None))
    assert draft.title.text("zh") == "关于made五色评级情况的通报 草稿"
    assert draft.title.text("en") == "Five-colour bulletin: made. draft"


def test_a_first_release_compares_with_nothing():
    told = written(None, snapshot(["red", "green"]))
    assert said(told, "zh", "moves") == ["没有可比的上期。"]
    assert said(told, "en", "moves") == ["There is no earlier release of this scheme to compare with."]
    assert not any("上期" in line for line in said(told, "zh", "overall"))


def test_no_change_is_said_as_such():
    shown = ["red", "green", "unknown"]
    told = written(snapshot(shown, day=date(2020, 2, 5), number=1), snapshot(shown))
    assert said(told, "zh", "overall")[1] == "各等级区域数与上期（2020年第1期，截至2月5日24时）持平。"
    assert said(told, "zh", "moves") == ["两期均参评的区域3个，等级均未变动。"]
    assert said(told, "en", "moves") == ["Assessed in both releases: 3 areas; none changed tier."]


@pytest.mark.parametrize(
    ("tier", "zh", "en"),
    [
        (
            "yellow",
            "截至2月12日24时，参评区域1个：区A0，黄色。",
            "As at 24:00 on 12 February, 1 area assessed: QuA0, yellow.",
        ),
        (
            "unknown",
            "截至2月12日24时，参评区域1个：区A0，数据不足。",
            "As at 24:00 on 12 February, 1 area assessed: QuA0, not enough data.",
        ),
    ],
)
def test_one_area_is_spoken_of_in_the_singular(tier, zh, en):
    told = written(snapshot(["red"]), snapshot([tier]))
    assert said(told, "zh", "overall")[0] == zh
    assert said(told, "en", "overall")[0] == en
    assert said(told, "en", "moves")[0].startswith("Compared with the previous release, 1 area changed tier (1 ")
    assert said(told, "en", "moves")[0].endswith("none is unchanged.")
    assert not re.search(r"\b1 (areas|days|matters)\b", as_text(told, "en"))


def test_all_green_and_all_unknown_are_said_in_one_breath():
    green = written(None, snapshot(["green"] * 3))
    assert said(green, "zh", "overall") == ["截至2月12日24时，参评区域3个，全部为绿色。"]
    assert said(green, "en", "focus") == ["No area is red or orange."]
    unknown = written(snapshot(["unknown"] * 3), snapshot(["unknown"] * 3))
    assert said(unknown, "zh", "overall")[0] == "截至2月12日24时，参评区域3个，全部数据不足，没有评级。"
    assert said(unknown, "zh", "focus") == ["没有区域得到评级，无法确定重点区域。"]
    assert said(unknown, "en", "focus") == ["No area was rated, so there are no priority areas."]
    assert said(unknown, "zh", "advice") == [
        "方案没有为现有等级规定措施。",
        "数据不足的区域3个：应先补齐数据再评级，评级前不得按绿色对待。",
    ]
    assert said(unknown, "en", "moves") == ["Assessed in both releases: 3 areas; none changed tier."]


def test_without_areas_or_without_shared_areas_nothing_is_counted():
    assert said(written(None, snapshot([])), "en", "overall") == ["As at 24:00 on 12 February, no area is assessed."]
    told = written(snapshot(["red"], areas=["A"]), snapshot(["red"], areas=["B"]))
    assert said(told, "zh", "moves") == [
        "本期与上期没有相同的区域，无法比较等级。",
        "新纳入区域1个，不计为等级变动：区B。",
        "不再参评的区域1个，不计为等级变动：区A。",
    ]


def test_moves_to_and_from_unknown_are_neither_up_nor_down():
    told = written(snapshot(["green", "unknown", "blue"]), snapshot(["unknown", "blue", "orange"]))
    moves = said(told, "zh", "moves")
    assert moves[0] == "与上期相比，等级变动的区域3个（上调1个、因数据中断或补齐变动2个），没有等级未变的区域。"
    assert {
        "由绿色转为数据不足的1个：区A0。",
        "由数据不足转为蓝色的1个：区A1。",
        "由蓝色上调为橙色的1个：区A2。",
    } < set(moves)


def test_matters_are_told_by_the_calendar_week_with_their_change():
    rising = snapshot(["green"] * 2, day=date(2024, 7, 14), incidents=matters([40, 9, 0], [44, 4, 1]))
    assert said(written(None, rising), "zh", "trend") == [
        "全部2个区域均已连续10天无新增（指标“连续无病例报告天数”）。",
        "第28周（7月8日—7月14日）登记事件49件，与上周持平。",
        "增加最多的是噪声扰民（44件，较上周增加4件）。",
        "减少最多的是消防隐患（4件，较上周减少5件）。",
    ]
    more = snapshot(["green"] * 2, day=date(2024, 7, 12), incidents=matters([20, 5], [30, 1], last="2024-07-12"))
    assert said(written(None, more), "en", "trend")[1:] == [
        "In the week of 6 July to 12 July: 31 incidents recorded, 6 more than the previous week (up 24.0%).",
        "The largest increase was in Noise: 30 incidents, 10 more than the previous week.",
        "The largest decrease was in Fire hazard: 1 incident, 4 fewer than the previous week.",
    ]
    fewer = snapshot(["green"] * 2, incidents=matters([3, 0, 5], [3, 0, 4]))
    assert said(written(None, fewer), "zh", "trend")[-2:] == [
        "第28周（7月8日—7月14日）登记事件7件，较上周减少1件，下降12.5%。",
        "减少最多的是7.unheard（4件，较上周减少1件）。",
    ]


def test_of_kinds_that_the_scheme_does_not_count_it_is_not_told_which_rose_most():
    counted = scheme([given("load", 1000), quiet(weight=1, where={"category": ["fire_hazard"]})])
    rising = snapshot(["green"] * 2, chosen=counted, incidents=matters([40, 3, 0], [60, 4, 9]))
    told = said(written(None, rising), "zh", "trend")
    assert told[-1] == "本方案所计类别中，增加最多的是消防隐患（4件，较上周增加1件）。"
    english = said(written(None, rising), "en", "trend")[-1]
    assert english.startswith("The largest increase among the categories that this scheme counts was in Fire hazard: 4")
    assert "第28周（7月8日—7月14日）登记事件73件，较上周增加30件，增长69.8%。" in told


def test_a_week_after_none_has_no_percentage_and_one_week_has_no_comparison():
    told = written(None, snapshot(["green"], incidents=matters([0, 0, 0], [1, 0, 0])))
    assert "第28周（7月8日—7月14日）登记事件1件，上周没有登记事件。" in said(told, "zh", "trend")
    assert "In week 28 (8 July to 14 July): 1 incident recorded; none in the previous week." in said(
        told, "en", "trend"
    )
    one = written(None, snapshot(["green"], incidents=matters([5, 0, 0])))
    assert said(one, "zh", "trend")[-1] == "第28周（7月8日—7月14日）登记事件5件。"
    none = snapshot(["green"], quiet_days=[0.0])
    assert said(written(None, none), "en", "trend") == ["There are no trend data. Import incident records to see them."]


def test_quiet_days_are_those_of_the_area_that_was_quiet_for_the_shortest_time():
    some = written(None, snapshot(["green", "blue", "blue"], quiet_days=[17, 20, np.nan]))
    assert said(some, "zh", "trend")[0] == "该项有数据的2个区域均已连续17天无新增（指标“连续无病例报告天数”）。"
    capped = said(written(None, snapshot(["green"], quiet_days=[28])), "en", "trend")
    assert capped[0] == "No new incident for 28 days or more in any of the 1 area (“Days without a case”)."
    assert "1 day in any" in said(written(None, snapshot(["green"], quiet_days=[1])), "en", "trend")[0]


def test_the_heavy_share_is_told_against_the_week_and_the_release_before():
    now = snapshot(["red", "orange", "green", "unknown"], week_before=["red", "green", "green", "unknown"])
    told = written(snapshot(["red", "orange", "orange", "unknown"]), now)
    assert said(told, "zh", "trend")[-1] == "红色、橙色区域占已评级区域的66.7%，较上周上升33.3个百分点。"
    assert said(told, "en", "overall")[-1] == (
        "Red and orange areas make up 66.7% of rated areas, down 33.3 percentage points on the previous release."
    )


def test_each_heavy_area_says_why_by_what_decided_it():
    rule = [{"at_least": "red", "when": {"indicator": "load", "op": ">=", "value": 1},
             "name": {"zh": "14天内有新增", "en": "New within 14 days"}}]  # fmt: skip
    one = snapshot(
        ["red", "red", "orange", "orange"],
        computed=["red", "red", "yellow", "yellow"],
        published=["red", "red", "orange", "blue"],
        chosen=usual_scheme(floors=rule),
    )
    one.assessment.decided[-1, 1] = 0
    told = written(None, one)
    assert said(told, "zh", "focus")[2:] == [
        "区A0为红色，得分40.0，主要因素：连续无病例报告天数、load。",
        "区A1为红色，触发红线规则“14天内有新增”。",
        "区A2保持橙色：当日测算为黄色，2月15日起可下调。",
        "区A3经人工调整为橙色，至2月15日：当日测算为黄色，按稳定规则为蓝色。",
    ]
    assert "最终等级与测算等级不一致的区域：因稳定规则1个、因人工调整1个。" in said(told, "zh", "notes")


def test_a_tier_that_is_carried_on_is_told_as_that_and_not_as_held_steady():
    one = snapshot(["red", "orange", "green"], computed=["unknown", "yellow", "unknown"])
    one.assessment.published[-1] = one.assessment.shown[-1]
    one.assessment.override_left[-1] = -1
    told = written(None, one)
    assert "区A0沿用红色（未核实，第3天，不下调，仍无数据则2月23日后转为数据不足）。" in said(told, "zh", "focus")
    assert "最终等级与测算等级不一致的区域：因稳定规则1个、因数据中断沿用2个。" in said(told, "zh", "notes")


def test_chance_stands_beside_the_changes_and_is_refused_when_it_was_observed_otherwise():
    before, after = snapshot(["red", "blue", "green", "green"]), snapshot(["orange", "green", "blue", "green"])
    told = written(before, after, NOISE)
    assert said(told, "zh", "moves")[-1] == (
        "按测算等级，较上期变动3个；即使实际风险没有变化，仅因事件数量的偶然波动，预计也会变动约2个"
        "（九成情况下为0～4个），未超出偶然波动范围。"
    )
    narrow = replace(NOISE, high=2)
    above = written(before, after, narrow)
    assert said(above, "en", "moves")[-1].endswith("this is more than chance variation.")
    with pytest.raises(BulletinError):  # the words of the one with the figures of the other
        check(above, before, after, NOISE)
    assert "偶然波动由模拟200次得出，随机种子9。" in said(told, "zh", "notes")
    with pytest.raises(BulletinError):
        check(told, before, after, None)
    wrong = replace(NOISE, observed=4)
    with pytest.raises(BulletinError):
        check(bulletin(before, after, compare(before, after), wrong), before, after, wrong)


def test_many_names_are_cut_and_the_rest_is_counted():
    told = written(snapshot(["blue"] * 60), snapshot(["green"] * 60))
    assert said(told, "zh", "moves")[1].endswith("区A49，另有10个。")
    assert said(told, "en", "moves")[1].endswith("QuA49 and 10 more.")


def test_names_with_figures_and_braces_pass_through():
    names = {"A0": "第3网格{x}", "A1": "Grid 12"}
    told = written(snapshot(["blue", "red"], names=names), snapshot(["red", "unknown"], names=names))
    assert "第3网格{x}" in as_text(told, "zh")


def test_the_json_carries_both_languages_and_the_rows_of_every_number():
    before, after = february()
    held = json.loads(as_json(written(before, after)))
    assert [section["id"] for section in held["sections"]] == list(SECTIONS)
    moves = held["sections"][2]["sentences"]
    (pingyang,) = (item for item in moves if "平阳" in item["zh"])
    facts = {fact["name"]: fact for fact in pingyang["facts"]}
    assert facts["moved.orange.yellow"]["value"] == 1
    assert facts["moved.orange.yellow"]["rows"] == facts["name.after"]["rows"]
    assert held["title"]["en"].startswith("Five-colour bulletin")


def random_pair(seed):
    """Two random snapshots with everything a bulletin can speak of."""
    random = np.random.default_rng(seed)
    number = int(random.integers(1, 14))
    made = []
    for when in range(2):
        some = [f"A{at}" for at in range(number) if random.random() < 0.9] or ["A0"]
        computed = random.choice(tiers.SHOWN, len(some))
        published = np.where(random.random(len(some)) < 0.7, computed, random.choice(tiers.SHOWN, len(some)))
        shown = np.where(random.random(len(some)) < 0.8, published, random.choice(tiers.RANKED, len(some)))
        made.append(
            snapshot(
                shown, areas=some, computed=computed, published=published, number=when + 1,
                day=date(2024, 7, 14) + timedelta(days=int(random.integers(3)) + 4 * when),
                week_before=random.choice(tiers.SHOWN, len(some)), data=str(when),
                quiet_days=random.choice([0, 5, 6, 10, 14, 15, 28, np.nan], len(some)),
                incidents=matters(*random.integers(0, 6, (int(random.integers(1, 4)), 3)).tolist()),
                complete=CompleteTo(date(2024, 7, 14) - timedelta(days=int(random.integers(-2, 16))), "clinic", 4),
            )
        )  # fmt: skip
    return made


def test_whatever_the_releases_the_bulletin_is_true_and_speaks_both_languages():
    for seed in seeds(25):
        before, after = random_pair(seed)
        told = written(before, after)
        for lang in LANGUAGES:
            text = as_text(told, lang)
            assert not re.search(r"[{}]|None|nan|、。|：。|CitedFigure\(", text)
            if lang == "en":
                assert not re.search(r"\b1 (areas|days|matters)\b", text)
                assert not re.search(r"[\u3002\uff0c\uff1a]", text)


def altered(fact):
    """The fact with another value, and with other rows."""
    match fact.value:
        case bool() | int() | float():
            values = [fact.value + 1, -fact.value - 1]
        case date():
            values = [fact.value + timedelta(days=1)]
        case Phrase():
            values = [phrase("bulletin.tier_none"), "x"]
        case Bilingual():
            values = [Bilingual(zh="改", en=fact.value.en)]
        case dict():
            values = [fact.value | {"zh": "9"}]
        case _:
            values = [f"{fact.value}9"]
    yield from (replace(fact, value=value) for value in values)
    if fact.rows:
        yield replace(fact, rows=())
        yield replace(fact, rows=(*fact.rows[:-1], "elsewhere"))


def with_one_altered(value):
    """The same phrase as often as it has facts to alter, each time with another one altered."""
    match value:
        case CitedFigure():
            yield from altered(value)
        case Phrase():
            for name, held in value.params.items():
                for other in with_one_altered(held):
                    yield Phrase(value.key, {**value.params, name: other})
        case list() | tuple():
            for at, held in enumerate(value):
                for other in with_one_altered(held):
                    yield [*value[:at], other, *value[at + 1 :]]


def every_alteration(told):
    """The bulletin with one fact altered, for every fact and every way."""
    for other in with_one_altered(told.title.phrase):
        yield replace(told, title=Sentence(other))
    for name, sentences in told.sections.items():
        for at, item in enumerate(sentences):
            for other in with_one_altered(item.phrase):
                changed = (*sentences[:at], Sentence(other), *sentences[at + 1 :])
                yield replace(told, sections={**told.sections, name: changed})


def test_any_figure_that_is_altered_is_caught():
    for before, after in (random_pair(3), random_pair(8), february()):
        told = written(before, after)
        tried = 0
        for other in every_alteration(told):
            tried += 1
            with pytest.raises(BulletinError, match="section"):
                check(other, before, after)
        assert tried > 100


@pytest.mark.parametrize(
    "put",
    [
        sentence("bulletin.quiet_lighter", areas="4", parts="3", indicator="x"),
        sentence("bulletin.quiet_all", days="", areas="", indicator="x"),
        sentence("bulletin.moves_none", areas=areas(CitedFigure("compared", 5, "changes"))),
        sentence("bulletin.focus_none"),
        sentence("bulletin.focus_unknown_all"),
        sentence("bulletin.moves_first"),
        sentence("bulletin.heavy_more", share=CitedFigure("heavy_share", 40.0, "tiers"), since="",
                 by=Difference("heavy_difference.release", 0.0, "tiers")),
        sentence("bulletin.focus_tier", tier=phrase("bulletin.tier_orange"), names="",
                 areas=areas(CitedFigure("shown.after.red", 1, "tiers", ("A0",)))),
        sentence("bulletin.move_down", before=phrase("bulletin.tier_green"), names="",
                 after=phrase("bulletin.tier_red"), areas=areas(CitedFigure("moved.green.red", 1, "changes", ("A0",)))),
        sentence("bulletin.names", names=[CitedFigure("nothing.known", 1, "areas")]),
    ],
)  # fmt: skip
def test_words_that_do_not_fit_and_numbers_of_no_origin_are_refused(put):
    before, after = (
        snapshot(["green", "orange", "green", "green", "green"]),
        snapshot(["red", "orange", *["green"] * 3]),
    )
    told = written(before, after)
    with pytest.raises(BulletinError) as caught:
        check(replace(told, sections={**told.sections, "trend": (put,)}), before, after)
    assert "趋势研判" in caught.value.text("zh")
    assert "sentence 1" in caught.value.text("en")


def test_a_bulletin_of_another_release_or_without_a_section_is_refused():
    before, after = february()
    told = written(before, after)
    for others in ((before, before), (None, after), (after, after)):
        with pytest.raises(BulletinError):
            check(told, *others)
    for name in SECTIONS:
        with pytest.raises(BulletinError, match="section"):
            check(
                replace(told, sections={key: held for key, held in told.sections.items() if key != name}), before, after
            )
