"""The workbench as it is used: sliders, cut-offs, rules, panels and methods, and the numbers that it tells."""

import re

import pytest

from analytics.scheme import scheme_named
from analytics.workspace.published import WORKING
from tests.pages.visits import html, press, visit
from tests.pages.workbench_visits import (
    bench,
    bench_again,
    counts,
    cut,
    held,
    in_dialog,
    move,
    session_scheme,
    weights,
)


@pytest.mark.parametrize("data", ["demo_street", "trafford"])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("panel", ["rules", "goal", "capacity", "ranks", "correlation"])
def test_every_panel_opens(panel, lang, data):
    app = bench(lang, data=data)
    app.segmented_control(key="bench_panel").set_value(panel).run()
    assert not app.exception
    assert not app.error


def test_a_draft_that_is_not_touched_changes_nothing():
    app = bench()
    assert all(before == after for before, after in counts(app).values())
    assert sum(after for _, after in counts(app).values()) == 52


def test_a_slider_keeps_the_sum_and_recolours():
    app = move(bench(), "cases", 5)
    top = {name: percent for name, percent in weights(app).items() if name in ("cases", "spread", "people", "response")}
    assert top["cases"] == 5
    assert sum(top.values()) == 100
    assert any(before != after for before, after in counts(app).values())
    assert "等级变动区域" in html(app)


def test_a_locked_weight_stays_while_others_move():
    app = bench()
    press(app, "lock_spread")
    assert held(app.slider, "weight_spread").disabled
    assert weights(move(app, "cases", 10))["spread"] == 25


def test_a_cut_off_is_typed_or_dragged_and_both_say_the_same():
    app = cut(bench(), "red", 75)
    assert held(app.slider, "cut_dragged_red").value == 75
    assert counts(app)["red"] == (2, 0)
    held(app.slider, "cut_dragged_red").set_value(40.0).run()
    assert held(app.number_input, "cut_typed_red").value == 40
    assert counts(app)["red"][1] > 2


def test_a_floor_a_minimum_and_steadiness_are_part_of_the_draft():
    app = bench()
    before = scheme_named("epidemic").floors
    held(app.checkbox, "floor_on_0").uncheck().run()
    assert session_scheme(app).floors == before[1:]
    # It can be switched on again also after the browser was closed.
    again = bench_again(app)
    held(again.checkbox, "floor_off_0").check().run()
    assert session_scheme(again).floors == before
    app = again
    held(app.slider, "bench_known").set_value(90).run()
    assert session_scheme(app).missing.minimum_known_weight == 0.9
    held(app.number_input, "stability_minimum_stay_days").set_value(90).run()
    assert session_scheme(app).stability.minimum_stay_days == 90
    held(app.toggle, "stability_on").set_value(False).run()
    assert session_scheme(app).stability is None
    app.toggle(key="bench_computed").set_value(True).run()
    assert not app.exception


def test_a_floor_whose_value_changes_does_not_go_on_saying_the_old_one():
    app = bench()
    held(app.number_input, "floor_value_1").set_value(5.0).run()
    floor = session_scheme(app).floors[1]
    assert (floor.when.value, floor.at_least) == (5, "orange")
    assert floor.name.zh == "近14天新增病例 ≥ 5"
    held(app.selectbox, "floor_tier_1").set_value("red").run()
    assert session_scheme(app).floors[1].at_least == "red"
    assert session_scheme(app).floors[0].at_least == "yellow"


def test_a_new_floor_says_whom_it_would_hold_for_before_it_is_added():
    app = bench()
    assert "floor_add" not in {button.key for button in app.button}
    app.number_input(key="floor_value").set_value(1.0).run()
    assert any(re.search(r"将有\d+个区域符合", caption.value) for caption in app.caption)
    press(app, "floor_add")
    assert len(session_scheme(app).floors) == 3


def test_a_cut_off_that_does_not_rise_is_refused_with_a_sentence_and_put_back():
    app = cut(bench(), "red", 20)
    assert "◆橙 35" in app.warning[0].value
    assert held(app.number_input, "cut_typed_red").value == 55
    assert held(cut(app, "red", 120).number_input, "cut_typed_red").value == 120


def test_everything_is_undone_at_once():
    app = move(bench(), "cases", 5)
    press(app, "bench_restore")
    assert all(before == after for before, after in counts(app).values())
    assert weights(app)["cases"] == 45


def test_a_way_out_that_is_taken_takes_the_area_down():
    app = bench()
    app.segmented_control(key="bench_panel").set_value("goal").run()
    assert "▲红" in held(app.selectbox, "bench_area").options[0]
    press(app, "take_way_0")
    area = held(app.selectbox, "bench_area")
    assert "◆橙" in next(option for option in area.options if "归帆" in option)
    assert counts(app)["red"][1] < counts(app)["red"][0]
    assert session_scheme(app).version == scheme_named("epidemic").version


def test_cut_offs_by_capacity_cost_no_more_than_there_is():
    app = bench()
    app.segmented_control(key="bench_panel").set_value("capacity").run()
    app.number_input(key="bench_capacity").set_value(25.0).run()
    assert "按力量设定分界值" in html(app)
    press(app, "take_capacity")
    total = float(re.search(r"草案([\d.]+)队日/周", html(app)).group(1))
    assert total <= 25


@pytest.mark.parametrize("method", ["ahp", "entropy", "critic", "equal"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_method_proposes_and_nothing_is_applied_before_it_is_taken(method, lang):
    app = bench(lang)
    press(app, "bench_methods")
    app.segmented_control(key="method").set_value(method)
    in_dialog(app, "bench_methods")
    assert not app.error
    assert all(before == after for before, after in counts(app).values())
    app.button(key="take_method").click()
    in_dialog(app, "bench_methods")
    changed = session_scheme(app)
    assert sum(item.weight for item in changed.dimensions) == 100


def test_the_price_is_the_difference_of_the_two_sums_that_are_shown():
    for percent in (30, 27, 60):
        text = html(move(bench(), "cases", percent))
        by = float(re.search(r"每周([−+\d.]+)队日", text)[1].replace("−", "-"))
        before, after = map(float, re.search(r"现行([\d.]+)队日/周，草案([\d.]+)队日/周", text).groups())
        assert by == pytest.approx(after - before, abs=0.001)


@pytest.mark.parametrize(("lang", "word"), [("zh", "减负账"), ("en", "Load of duty")])
def test_what_the_duties_ask_is_that_of_the_page_on_response_and_moves_with_the_draft(lang, word):
    def said(app):
        (line,) = re.findall(rf"{word}[^<]*", html(app))
        return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", line)]

    app = bench(lang, scheme="rentals")
    asked = said(app)[0]
    page = html(visit("response", lang, scheme="rentals", release=WORKING))
    hours = re.search(r"(?:每周要求|asks for )(\d+)", page)
    assert round(asked / 60) == int(hours[1])
    after, before, by = said(cut(app, "red", 58.0))[:3]
    assert before == asked
    assert by == abs(after - before) > 0


def test_a_capacity_that_is_taken_is_named_once_and_in_the_reader_s_language():
    for lang, said, other in (
        ("zh", "按力量设定分界值", "Cut-offs by capacity"),
        ("en", "Cut-offs by capacity", "按力量设定分界值"),
    ):
        app = bench(lang)
        app.segmented_control(key="bench_panel").set_value("capacity").run()
        app.number_input(key="bench_capacity").set_value(25.0).run()
        press(app, "take_capacity")
        [line] = re.findall(r'<p class="bstate.*?</p>', html(app), flags=re.DOTALL)
        assert "note" not in re.sub(r"<[^>]+>", "", line).replace("note changed to", "")
        assert other not in html(app)
        assert said in html(app)


def test_another_language_gives_every_widget_that_shows_words_a_key_of_its_own():
    app = cut(bench(), "red", 75)
    before = held(app.selectbox, "floor_tier_0").key
    app.segmented_control(key="language").set_value("en").run()
    assert held(app.selectbox, "floor_tier_0").key != before
    assert held(app.number_input, "cut_typed_red").value == 75
