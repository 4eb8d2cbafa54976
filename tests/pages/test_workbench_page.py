"""The workbench as it is used: sliders, cut-offs, rules, versions, two analysts; numbers as on the command line."""

import io
import re
from contextlib import redirect_stdout

import pandas as pd
import pytest

from analytics.__main__ import main
from analytics.scheme.reading import scheme_from
from tests.pages.test_pages import ROOT, html, opened

SAMPLE = ROOT / "sample_data" / "demo_street"


def bench(lang="zh", **link):
    app = opened("weights", lang, **link)
    assert not app.error
    return app


def counts(app):
    """Areas in each tier before and after, as the page tells them."""
    found = re.findall(r'data-tier="(\w+)" data-before="(\d+)" data-after="(\d+)"', html(app))
    return {tier: (int(before), int(after)) for tier, before, after in found}


def move(app, child, percent):
    app.slider(key=f"weight_{child}").set_value(percent).run()
    assert not app.exception
    return app


def weights(app):
    return {
        slider.key.removeprefix("weight_"): slider.value for slider in app.slider if slider.key.startswith("weight_")
    }


def cut(app, tier, value):
    app.number_input(key=f"cut_typed_{tier}").set_value(value).run()
    assert not app.exception
    return app


def in_dialog(app, opener):
    """Run what was just set in a dialog. Without a browser every run is of the whole page, which closes it."""
    app.button(key=opener).click().run()
    assert not app.exception
    return app


def session_draft(app):
    return next(iter(app.session_state.drafts.values())).scheme


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
    assert app.slider(key="weight_spread").disabled
    assert weights(move(app, "cases", 10))["spread"] == 25


def test_a_cut_off_is_typed_or_dragged_and_both_say_the_same():
    app = cut(bench(), "red", 75)
    assert app.slider(key="cut_dragged_red").value == 75
    assert counts(app)["red"] == (2, 0)
    app.slider(key="cut_dragged_red").set_value(40.0).run()
    assert app.number_input(key="cut_typed_red").value == 40
    assert counts(app)["red"][1] > 2


def test_a_floor_a_minimum_and_steadiness_are_part_of_the_draft():
    app = bench()
    name = next(box.key for box in app.checkbox if box.key.startswith("floor_"))
    app.checkbox(key=name).uncheck().run()
    assert len(session_draft(app).floors) == 1
    app.checkbox(key=name).check().run()
    assert len(session_draft(app).floors) == 2
    app.slider(key="bench_known").set_value(90).run()
    assert session_draft(app).missing.minimum_known_weight == 0.9
    app.toggle(key="stability_on").set_value(False).run()
    assert session_draft(app).stability is None
    app.toggle(key="bench_published").set_value(True).run()
    assert not app.exception


def test_everything_is_undone_at_once():
    app = move(bench(), "cases", 5)
    app.button(key="bench_restore").click().run()
    assert all(before == after for before, after in counts(app).values())
    assert weights(app)["cases"] == 45


def test_a_way_out_that_is_taken_takes_the_area_down():
    app = bench()
    app.segmented_control(key="bench_panel").set_value("goal").run()
    assert "▲红" in app.selectbox(key="bench_area").options[0]
    app.button(key="take_way_0").click().run()
    area = app.selectbox(key="bench_area")
    assert "◆橙" in next(option for option in area.options if "归帆" in option)
    assert counts(app)["red"][1] < counts(app)["red"][0]
    assert session_draft(app).version == 1


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
    assert again.number_input(key="cut_typed_red").value == 60
    assert again.slider(key="weight_people").disabled
    assert counts(again) == counts(first)


def test_the_numbers_of_the_page_are_those_of_the_command_line(tmp_path):
    app = cut(move(move(bench(), "cases", 30), "new_cases_14d", 80), "blue", 12)
    app.text_area(key="version_reason_0").set_value("试行").run()
    app.button(key="version_save").click().run()
    assert not app.error
    from analytics import session  # the ledger of the sample, as the page has it

    saved = session.ledger(session.datasets()["demo_street"]()).scheme_versions("epidemic")[-1]
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
    assert scheme_from(saved.yaml_text.encode(), "x").dimensions == session_draft(app).dimensions


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
    changed = session_draft(app)
    assert sum(item.weight for item in changed.dimensions) == 100


def test_what_the_judges_say_is_kept_with_the_draft():
    app = bench()
    app.button(key="bench_methods").click().run()
    app.number_input(key="judges_").set_value(2)
    in_dialog(app, "bench_methods")
    pair = next(slider for slider in app.select_slider if slider.key == "pair__0_cases_spread")
    pair.set_value("5")
    in_dialog(app, "bench_methods")
    assert next(iter(app.session_state.drafts.values())).judgements[""][0]["cases/spread"] == "5"
    assert "评判人 2" in html(app)
