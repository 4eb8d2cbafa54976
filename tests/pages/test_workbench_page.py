"""The workbench as it is used: sliders, cut-offs, rules, versions, two analysts; numbers as on the command line."""

import io
import re
import sqlite3
from contextlib import closing, redirect_stdout

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analytics import session
from analytics.__main__ import main
from analytics.scheme import Indicator, Scheme, scheme_named
from analytics.scheme.builtin import builtin_text
from analytics.scheme.model import MissingRule
from analytics.scheme.reading import scheme_from
from analytics.scheme.writing import yaml_with
from tests.pages.test_pages import ROOT, html, opened
from tests.scoring.small_world import given

SAMPLE = ROOT / "sample_data" / "demo_street"


def bench(lang="zh", **link):
    app = opened("weights", lang, **link)
    assert not app.error
    return app


def counts(app):
    """Areas in each tier before and after, as the page tells them."""
    found = re.findall(r'data-tier="(\w+)" data-before="(\d+)" data-after="(\d+)"', html(app))
    return {tier: (int(before), int(after)) for tier, before, after in found}


def held(widgets, name):
    """A widget that shows what others may change too: it has another key each time that they do."""
    return next(widget for widget in widgets if (widget.key or "").partition("~")[0] == name)


def move(app, child, percent):
    held(app.slider, f"weight_{child}").set_value(percent).run()
    assert not app.exception
    return app


def weights(app):
    sliders = [slider for slider in app.slider if slider.key.startswith("weight_")]
    return {slider.key.removeprefix("weight_").partition("~")[0]: slider.value for slider in sliders}


def cut(app, tier, value):
    held(app.number_input, f"cut_typed_{tier}").set_value(value).run()
    assert not app.exception
    return app


def in_dialog(app, opener):
    """Run what was just set in a dialog. Without a browser every run is of the whole page, which closes it."""
    app.button(key=opener).click().run()
    assert not app.exception
    return app


def work(app):
    return next(iter(app.session_state.drafts.values()))


def session_scheme(app):
    """The scheme of the draft, once something was changed."""
    return work(app).scheme


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
    assert "变色区域" in html(app)


def test_a_locked_weight_stays_while_others_move():
    app = bench()
    app.button(key="lock_spread").click().run()
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
    again = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
    again.session_state.seat = app.session_state.seat
    again.switch_page("pages/study/weights.py").run()
    held(again.checkbox, "floor_off_0").check().run()
    assert session_scheme(again).floors == before
    app = again
    held(app.slider, "bench_known").set_value(90).run()
    assert session_scheme(app).missing.minimum_known_weight == 0.9
    held(app.number_input, "stability_minimum_stay_days").set_value(90).run()
    assert session_scheme(app).stability.minimum_stay_days == 90
    held(app.toggle, "stability_on").set_value(False).run()
    assert session_scheme(app).stability is None
    app.toggle(key="bench_published").set_value(True).run()
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
    assert any("成立" in caption.value for caption in app.caption)
    app.button(key="floor_add").click().run()
    assert len(session_scheme(app).floors) == 3


def test_a_cut_off_that_does_not_rise_is_refused_with_a_sentence_and_put_back():
    app = cut(bench(), "red", 20)
    assert "◆橙 35" in app.warning[0].value
    assert held(app.number_input, "cut_typed_red").value == 55
    assert held(cut(app, "red", 120).number_input, "cut_typed_red").value == 120


def test_everything_is_undone_at_once():
    app = move(bench(), "cases", 5)
    app.button(key="bench_restore").click().run()
    assert all(before == after for before, after in counts(app).values())
    assert weights(app)["cases"] == 45


def test_a_way_out_that_is_taken_takes_the_area_down():
    app = bench()
    app.segmented_control(key="bench_panel").set_value("goal").run()
    assert "▲红" in held(app.selectbox, "bench_area").options[0]
    app.button(key="take_way_0").click().run()
    area = held(app.selectbox, "bench_area")
    assert "◆橙" in next(option for option in area.options if "归帆" in option)
    assert counts(app)["red"][1] < counts(app)["red"][0]
    assert session_scheme(app).version == 1


def test_cut_offs_by_capacity_cost_no_more_than_there_is():
    app = bench()
    app.segmented_control(key="bench_panel").set_value("capacity").run()
    app.number_input(key="bench_capacity").set_value(25.0).run()
    assert "按力量划线" in html(app)
    app.button(key="take_capacity").click().run()
    total = float(re.search(r"草案 ([\d.]+) 队日/周", html(app)).group(1))
    assert total <= 25


def test_two_analysts_with_two_drafts_do_not_see_each_other_s():
    one, other = move(bench(), "cases", 5), bench()
    assert weights(other)["cases"] == 45
    move(other, "cases", 80)
    assert weights(one.run())["cases"] == 5
    assert weights(bench())["cases"] == 45


def test_the_draft_is_there_again_when_the_browser_comes_back():
    first = cut(move(bench(), "cases", 5), "red", 60)
    first.button(key="lock_people").click().run()
    again = opened("overview")
    again.session_state.seat = first.session_state.seat
    again.switch_page("pages/study/weights.py").run()
    assert weights(again)["cases"] == 5
    assert held(again.number_input, "cut_typed_red").value == 60
    assert held(again.slider, "weight_people").disabled
    assert counts(again) == counts(first)


def test_a_draft_that_nobody_touched_follows_the_scheme_that_is_adopted_meanwhile():
    onlooker, app = bench(), move(bench(), "cases", 5)
    app.text_area(key="version_reason_0").set_value("试行").run()
    app.button(key="version_save").click().run()
    ledger().adopt_scheme(ledger().scheme_versions("epidemic")[-1].number, "甲", "admin")
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


def ledger():
    return session.ledger(session.datasets()["demo_street"]())


def adopted(**changes):
    """A version that was saved and adopted past the page."""
    scheme = scheme_named("epidemic").model_copy(update=changes)
    saved = ledger().save_scheme(yaml_with(builtin_text("epidemic"), scheme), "甲", "local", "试行")
    ledger().adopt_scheme(saved.number, "甲", "local")


def test_an_adopted_version_that_cannot_be_scored_here_does_not_shut_the_pages():
    bench()
    [first, *rest] = scheme_named("epidemic").dimensions
    lacking = Indicator.model_validate(given("nowhere"))
    adopted(dimensions=(first.model_copy(update={"indicators": (*first.indicators, lacking)}), *rest))
    for page in ("overview", "weights", "method"):
        app = opened(page)
        assert not app.error
        assert "v2" in app.info[0].value


def test_whether_an_adopted_version_fits_is_looked_at_once(monkeypatch):
    bench()
    adopted(missing=MissingRule(minimum_known_weight=0.5))
    app, asked = opened("overview"), []
    monkeypatch.setattr(session, "_fault", lambda *_: asked.append(1))
    app.run()
    app.run()
    assert asked == []


def test_what_every_run_asks_for_stays_kept_however_much_else_is_made():
    data, made = session.datasets()["demo_street"](), []
    for number in range(3 * session.MOST_KEPT):
        data.keep(("asked for in every run",), lambda number=number: made.append(number))
        data.keep(("asked for once", number), object)
    assert made == [0]
    assert len(data.kept) <= session.MOST_KEPT


def test_an_edited_file_becomes_the_draft_once_it_is_taken():
    app = bench()
    app.button(key="bench_versions").click().run()
    text = builtin_text("epidemic").replace("red: 55}", "red: 60}")
    app.file_uploader(key="version_file").upload("改.yaml", text.encode())
    in_dialog(app, "bench_versions")
    app.button(key="version_take").click()
    in_dialog(app, "bench_versions")
    assert held(app.number_input, "cut_typed_red").value == 60
    assert work(app).file_text == text


@pytest.mark.parametrize(
    "changes",
    [
        {"tiers": {"blue": -5, "yellow": 20, "orange": 20.05, "red": 120}},
        {"tiers": {"by": "share", "red": 0.1, "orange": 0.2}},
        {"missing": {"minimum_known_weight": 0.003}},
        {"stability": {"confirm_up_days": 366, "confirm_down_days": 1, "minimum_stay_days": 300}},
        {"measures": {}},
        {"floors": ()},
        {"aggregate": "geometric"},
        {"aggregate": "sum"},
    ],
)
def test_whatever_a_scheme_may_say_the_page_opens_with_it(changes):
    bench()
    plain = scheme_named("epidemic").model_dump(by_alias=True) | changes
    adopted(**{name: getattr(Scheme.model_validate(plain), name) for name in changes})
    app = bench()
    assert not app.exception
    for panel in ("goal", "capacity", "ranks", "correlation"):
        app.segmented_control(key="bench_panel").set_value(panel).run()
        assert not app.exception
    assert not move(app, "cases", 30).error


def test_the_numbers_of_the_page_are_those_of_the_command_line(tmp_path):
    app = cut(move(move(bench(), "cases", 30), "new_cases_14d", 80), "blue", 12)
    app.text_area(key="version_reason_0").set_value("试行").run()
    app.button(key="version_save").click().run()
    assert not app.error
    saved = ledger().scheme_versions("epidemic")[-1]
    assert saved.version == 2
    file = tmp_path / "draft.yaml"
    file.write_text(saved.yaml_text, encoding="utf-8")
    tables = {
        "areas": "areas.geojson",
        **{name: f"{name}.csv" for name in ("residents", "incidents", "places", "checks")},
    }
    files = [part for table, name in tables.items() for part in (f"--{table}", str(SAMPLE / name))]
    told = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with redirect_stdout(told):
        assert main(["score", "--scheme", str(file), *files]) == 0
    told.seek(0)
    tiers = pd.read_csv(told)["computed_tier"].fillna("unknown").value_counts()
    assert {tier: after for tier, (_, after) in counts(app).items() if after} == tiers.to_dict()
    assert scheme_from(saved.yaml_text.encode(), "x").dimensions == session_scheme(app).dimensions


def test_a_version_needs_a_reason_and_changes_nothing_before_it_is_adopted():
    app = move(bench(), "cases", 5)
    app.button(key="version_save").click().run()
    assert "理由" in app.error[0].value
    app.text_area(key="version_reason_0").set_value("试行").run()
    app.button(key="version_save").click().run()
    assert "v2" in app.success[0].value
    assert weights(bench())["cases"] == 45


def test_an_adopted_version_is_the_scheme_in_use_everywhere():
    app = move(bench(), "cases", 5)
    after = {tier: now for tier, (_, now) in counts(app).items()}
    app.text_area(key="version_reason_0").set_value("试行").run()
    app.button(key="version_save").click().run()
    app.button(key="bench_versions").click().run()
    app.selectbox(key="version_new").set_value("2")
    in_dialog(app, "bench_versions")
    app.button(key="version_adopt").click()
    in_dialog(app, "bench_versions")
    fresh = bench()
    assert weights(fresh)["cases"] == 5
    assert {tier: before for tier, (before, _) in counts(fresh).items()} == after
    assert "v2" in html(opened("method"))


def test_a_leader_may_look_and_not_save(monkeypatch):
    monkeypatch.setenv("FIVE_COLOUR_ROLE", "leader")
    app = move(bench(), "cases", 5)
    assert "version_save" not in {button.key for button in app.button}
    monkeypatch.setenv("FIVE_COLOUR_ROLE", "analyst")
    app = bench()
    app.button(key="bench_versions").click().run()
    assert app.button(key="version_adopt").disabled


@pytest.mark.parametrize("method", ["ahp", "entropy", "critic", "equal"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_method_proposes_and_nothing_is_applied_before_it_is_taken(method, lang):
    app = bench(lang)
    app.button(key="bench_methods").click().run()
    app.segmented_control(key="method").set_value(method)
    in_dialog(app, "bench_methods")
    assert not app.error
    assert all(before == after for before, after in counts(app).values())
    app.button(key="take_method").click()
    in_dialog(app, "bench_methods")
    changed = session_scheme(app)
    assert sum(item.weight for item in changed.dimensions) == 100


def test_what_the_judges_say_is_kept_with_the_draft():
    app = bench()
    app.button(key="bench_methods").click().run()
    app.number_input(key="judges_").set_value(2)
    in_dialog(app, "bench_methods")
    pair = next(slider for slider in app.select_slider if slider.key == "pair//0/cases/spread")
    pair.set_value("5")
    in_dialog(app, "bench_methods")
    assert work(app).judgements[""][0]["cases/spread"] == "5"
    assert "评判人 2" in html(app)
    # Whoever is left out keeps what was said, and is not heard.
    app.segmented_control(key="judge__2").set_value(1)
    in_dialog(app, "bench_methods")
    next(slider for slider in app.select_slider if slider.key == "pair//1/cases/spread").set_value("1/9")
    in_dialog(app, "bench_methods")
    both = html(app)
    app.number_input(key="judges_").set_value(1)
    in_dialog(app, "bench_methods")
    assert "评判人 2" not in html(app)
    assert work(app).judgements[""][1] == {"cases/spread": "1/9"}
    app.number_input(key="judges_").set_value(2)
    in_dialog(app, "bench_methods")
    assert html(app) == both


def test_what_was_only_looked_at_or_locked_follows_the_scheme_in_use():
    app = bench()
    app.button(key="bench_methods").click().run()
    assert work(app) is None
    app.button(key="lock_cases").click().run()
    adopted(missing=MissingRule(minimum_known_weight=0.5))
    app.run()
    assert "草案与现行 v2 相同" in html(app)
    assert work(app).locked == {"cases"}
    assert held(app.slider, "weight_cases").disabled


def test_a_version_that_can_no_longer_be_read_is_told_and_can_still_be_taken_along(home):
    app = bench()
    saved = session.ledger(session.datasets()["demo_street"]()).save_scheme(
        builtin_text("epidemic").replace("red: 55}", "red: 60}"), "甲", "local", "试行"
    )
    with closing(sqlite3.connect(next(home.rglob("ledger.sqlite")))) as connection:
        connection.execute("UPDATE scheme_versions SET yaml_text = replace(yaml_text, 'window_days', 'window')")
        connection.commit()
    app.button(key="bench_versions").click().run()
    app.selectbox(key="version_new").set_value(str(saved.version))
    in_dialog(app, "bench_versions")
    assert any("window" in error.value for error in app.error)
    assert app.button(key="version_open").disabled
    assert app.button(key="version_adopt").disabled
    assert [button for button in app.get("download_button") if button.key == "version_download"]


def test_what_was_just_saved_is_what_can_be_adopted():
    app = cut(bench(), "red", 75)
    app.text_area[0].set_value("例会议定").run()
    app.button(key="version_save").click().run()
    app.button(key="bench_versions").click().run()
    assert app.selectbox(key="version_new").value == "2"
    assert not app.button(key="version_adopt").disabled
    app.selectbox(key="version_new").set_value("draft")
    in_dialog(app, "bench_versions")
    assert app.button(key="version_adopt").disabled
    assert "先存为版本" in "".join(caption.value for caption in app.caption)


def test_the_price_is_the_difference_of_the_two_sums_that_are_shown():
    for percent in (30, 27, 60):
        text = html(move(bench(), "cases", percent))
        by = float(re.search(r"每周 ([−+\d.]+) 队日", text)[1].replace("−", "-"))
        before, after = map(float, re.search(r"现行 ([\d.]+)，草案 ([\d.]+) 队日", text).groups())
        assert by == pytest.approx(after - before, abs=0.001)


def test_a_capacity_that_is_taken_is_named_once_and_in_the_reader_s_language():
    for lang, said, other in (("zh", "按力量划线", "By capacity"), ("en", "By capacity", "按力量划线")):
        app = bench(lang)
        app.segmented_control(key="bench_panel").set_value("capacity").run()
        app.number_input(key="bench_capacity").set_value(25.0).run()
        app.button(key="take_capacity").click().run()
        [line] = re.findall(r'<p class="bstate.*?</p>', html(app), flags=re.DOTALL)
        assert "note" not in re.sub(r"<[^>]+>", "", line).replace("The note now", "")
        assert other not in html(app)
        assert said in html(app)


def test_another_language_gives_every_widget_that_shows_words_a_key_of_its_own():
    app = cut(bench(), "red", 75)
    before = held(app.selectbox, "floor_tier_0").key
    app.segmented_control(key="language").set_value("en").run()
    assert held(app.selectbox, "floor_tier_0").key != before
    assert held(app.number_input, "cut_typed_red").value == 75
