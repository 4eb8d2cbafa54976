"""Versions of a scheme on the workbench: saved, compared, adopted, and what is done where one does not fit."""

import io
import re
import sqlite3
from contextlib import closing, redirect_stdout

import pandas as pd
import pytest

from analytics.__main__ import main
from analytics.scheme import Indicator, Scheme, scheme_named
from analytics.scheme.builtin import builtin_text
from analytics.scheme.model import MissingRule
from analytics.scheme.reading import scheme_from
from analytics.wording.workbench import MOST_CHANGES
from analytics.workspace import schemes
from analytics.workspace.datasets import MOST_KEPT
from tests.pages.visits import ROOT, WANG, demo, demo_ledger, html, keys, press, visit
from tests.pages.workbench_visits import adopted, bench, counts, cut, in_dialog, move, session_scheme, weights
from tests.scoring.small_world import given

SAMPLE = ROOT / "sample_data" / "demo_street"


def test_an_adopted_version_that_cannot_be_scored_here_does_not_shut_the_pages():
    bench()
    [first, *rest] = scheme_named("epidemic").dimensions
    lacking = Indicator.model_validate(given("nowhere"))
    adopted(dimensions=(first.model_copy(update={"indicators": (*first.indicators, lacking)}), *rest))
    for page in ("overview", "weights", "method"):
        app = visit(page)
        assert not app.error
        assert "已启用的第2版" in app.info[0].value


def test_whether_an_adopted_version_fits_is_looked_at_once(monkeypatch):
    bench()
    adopted(missing=MissingRule(minimum_known_weight=0.5))
    app, asked = visit("overview"), []
    monkeypatch.setattr(schemes, "_fault", lambda *_: asked.append(1))
    app.run()
    app.run()
    assert asked == []


def test_what_every_run_asks_for_stays_kept_however_much_else_is_made():
    held, made = demo()[1].results, []
    for number in range(3 * MOST_KEPT):
        held.get(("asked for in every run",), lambda number=number: made.append(number))
        held.get(("asked for once", number), object)
    assert made == [0]
    assert len(held._held) <= MOST_KEPT


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
    app = bench()
    app.toggle(key="bench_computed").set_value(True).run()  # the command's computed tiers
    cut(move(move(app, "cases", 30), "new_cases_14d", 80), "blue", 12)
    app.text_area(key="version_reason_0").set_value("试行").run()
    press(app, "version_save")
    assert not app.error
    saved = demo_ledger().scheme_versions("epidemic")[-1]
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
    press(app, "version_save")
    assert "理由" in app.error[0].value
    app.text_area(key="version_reason_0").set_value("试行").run()
    press(app, "version_save")
    assert "v2" in app.success[0].value
    assert weights(bench())["cases"] == 45


def saved_draft(app):
    app.text_area(key="version_reason_0").set_value("试行").run()
    return press(app, "version_save")


def confirmed(app):
    """The question is answered with yes."""
    return press(app, next(key for key in keys(app) if key.startswith("confirm_adopt")))


def test_an_adopted_version_is_the_scheme_in_use_everywhere():
    app = move(bench(), "cases", 5)
    after = {tier: now for tier, (_, now) in counts(app).items()}
    names = re.findall(r'<td class="named"><b>(.*?)</b>', html(app))
    saved_draft(app)
    press(app, "adopt_saved")
    # It asks first, in words: who changes tier, by name, and how many do not.
    asked = html(app)
    assert f"等级变动{len(names)}个" in asked
    assert f"其余{52 - len(names)}个不变" in asked
    assert names
    assert all(re.search(rf"{name} \S+→\S+", asked) for name in names[:MOST_CHANGES])
    assert demo_ledger().scheme_versions("epidemic")[-1].adopted is None
    confirmed(app)
    assert any(f"已启用 v2，等级变动{len(names)}个" in box.value for box in app.success)
    assert not [key for key in keys(app) if key.startswith("confirm_adopt") or key == "adopt_saved"]
    fresh = bench()
    assert weights(fresh)["cases"] == 5
    assert {tier: before for tier, (before, _) in counts(fresh).items()} == after
    assert "v2" in html(visit("method"))
    # And the tiers that were promised are on the Overview, area by area and in number.
    shown = dict(re.findall(r'data-tier="(\w+)"[^>]*data-n="(\d+)"', html(visit("overview"))))
    assert not shown or {tier: int(n) for tier, n in shown.items()} == after


def test_adopting_can_be_cancelled_and_a_second_press_does_nothing():
    app = saved_draft(move(bench(), "cases", 5))
    press(app, "adopt_saved")
    press(app, next(key for key in keys(app) if key.startswith("cancel_adopt")))
    assert weights(bench())["cases"] == 45
    press(app, "adopt_saved")
    confirmed(app)
    trail = len(demo_ledger().audit())
    app.run()
    app.run()
    assert len(demo_ledger().audit()) == trail


def test_the_versions_open_on_the_draft_against_the_one_in_use_with_differences_and_tier_changes_by_name():
    app = move(bench(), "cases", 5)
    names = re.findall(r'<td class="named"><b>(.*?)</b>', html(app))
    press(app, "bench_versions")
    assert (app.selectbox(key="version_old").value, app.selectbox(key="version_new").value) == ("shipped", "draft")
    told = html(app)
    assert f"等级变动{len(names)}个" in told
    assert all(f"{name} " in told for name in names[:MOST_CHANGES])
    assert app.button(key="version_adopt").disabled


def test_a_leader_may_look_and_not_save(monkeypatch):
    monkeypatch.setenv("FIVE_COLOUR_ROLE", "leader")
    app = move(bench(), "cases", 5)
    assert "version_save" not in {button.key for button in app.button}
    monkeypatch.setenv("FIVE_COLOUR_ROLE", "analyst")
    app = bench()
    press(app, "bench_versions")
    assert app.button(key="version_adopt").disabled


def test_a_version_that_can_no_longer_be_read_is_told_and_can_still_be_taken_along(home):
    app = bench()
    saved = demo_ledger().save_scheme(WANG, builtin_text("epidemic").replace("red: 55}", "red: 60}"), "试行")
    with closing(sqlite3.connect(next(home.rglob("ledger.sqlite")))) as connection:
        connection.execute("UPDATE scheme_versions SET yaml_text = replace(yaml_text, 'window_days', 'window')")
        connection.commit()
    press(app, "bench_versions")
    app.selectbox(key="version_new").set_value(str(saved.version))
    in_dialog(app, "bench_versions")
    assert any("window" in error.value for error in app.error)
    assert app.button(key="version_open").disabled
    assert app.button(key="version_adopt").disabled
    assert [button for button in app.get("download_button") if button.key == "version_download"]


def test_what_was_just_saved_is_what_can_be_adopted():
    app = cut(bench(), "red", 75)
    app.text_area[0].set_value("例会议定").run()
    press(app, "version_save")
    press(app, "bench_versions")
    assert app.selectbox(key="version_new").value == "2"
    assert not app.button(key="version_adopt").disabled
    app.selectbox(key="version_new").set_value("draft")
    in_dialog(app, "bench_versions")
    assert app.button(key="version_adopt").disabled
    assert "先存为版本" in "".join(caption.value for caption in app.caption)
