"""Drafts of the workbench: one for each browser, found again, never lost between tabs, and told from each other."""

from analytics.scheme.builtin import builtin_text
from analytics.scheme.model import MissingRule
from tests.pages.visits import WANG, demo_ledger, html, press
from tests.pages.workbench_visits import (
    adopted,
    bench,
    bench_again,
    counts,
    cut,
    held,
    in_dialog,
    move,
    weights,
    work,
)


def test_two_analysts_with_two_drafts_do_not_see_each_other_s():
    one, other = move(bench(), "cases", 5), bench()
    assert weights(other)["cases"] == 45
    move(other, "cases", 80)
    assert weights(one.run())["cases"] == 5
    assert weights(bench())["cases"] == 45


def test_the_draft_is_there_again_when_the_browser_comes_back():
    first = cut(move(bench(), "cases", 5), "red", 60)
    press(first, "lock_people")
    again = bench_again(first)
    assert weights(again)["cases"] == 5
    assert held(again.number_input, "cut_typed_red").value == 60
    assert held(again.slider, "weight_people").disabled
    assert counts(again) == counts(first)


def test_a_draft_that_nobody_touched_follows_the_scheme_that_is_adopted_meanwhile():
    onlooker, app = bench(), move(bench(), "cases", 5)
    app.text_area(key="version_reason_0").set_value("试行").run()
    press(app, "version_save")
    demo_ledger().adopt_scheme(WANG, demo_ledger().scheme_versions("epidemic")[-1].number)
    assert weights(onlooker.run())["cases"] == 5
    assert "相同" in html(onlooker)


def test_two_tabs_of_one_browser_lose_nothing_of_each_other_s():
    one, other = bench(), bench()
    other.session_state.seat = one.session_state.seat
    move(one, "cases", 5)
    move(other, "spread", 60)
    assert "另一个页签" in other.error[0].value
    assert weights(other)["cases"] == 5
    move(other, "spread", 60)
    assert weights(other)["spread"] == 60


def test_what_the_judges_say_is_kept_with_the_draft():
    app = bench()
    press(app, "bench_methods")
    app.number_input(key="judges_").set_value(2)
    in_dialog(app, "bench_methods")
    pair = next(slider for slider in app.select_slider if slider.key == "pair//0/cases/spread")
    pair.set_value("5")
    in_dialog(app, "bench_methods")
    assert work(app).judgements[""][0]["cases/spread"] == "5"
    assert "评判人2" in html(app)
    # Whoever is left out keeps what was said, and is not heard.
    app.segmented_control(key="judge__2").set_value(1)
    in_dialog(app, "bench_methods")
    next(slider for slider in app.select_slider if slider.key == "pair//1/cases/spread").set_value("1/9")
    in_dialog(app, "bench_methods")
    both = html(app)
    app.number_input(key="judges_").set_value(1)
    in_dialog(app, "bench_methods")
    assert "评判人2" not in html(app)
    assert work(app).judgements[""][1] == {"cases/spread": "1/9"}
    app.number_input(key="judges_").set_value(2)
    in_dialog(app, "bench_methods")
    assert html(app) == both


def test_what_was_only_looked_at_or_locked_follows_the_scheme_in_use():
    app = bench()
    press(app, "bench_methods")
    assert work(app) is None
    press(app, "lock_cases")
    adopted(missing=MissingRule(minimum_known_weight=0.5))
    app.run()
    assert "草案与现行方案第2版相同" in html(app)
    assert work(app).locked == {"cases"}
    assert held(app.slider, "weight_cases").disabled


def test_an_edited_file_becomes_the_draft_once_it_is_taken():
    app = bench()
    press(app, "bench_versions")
    text = builtin_text("epidemic").replace("red: 55}", "red: 60}")
    app.file_uploader(key="version_file").upload("改.yaml", text.encode())
    in_dialog(app, "bench_versions")
    app.button(key="version_take").click()
    in_dialog(app, "bench_versions")
    assert held(app.number_input, "cut_typed_red").value == 60
    assert work(app).file_text == text
