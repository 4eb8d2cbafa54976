"""The bench of the workbench: what is drawn, a small run in a browser, and what the report tells."""

import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest
import shapely

from analytics import __main__ as cli
from analytics import words
from analytics.benchmarks import workbench as bench
from analytics.benchmarks.apps import made_up
from analytics.errors import UserError


@pytest.mark.parametrize("number", [1, 100, 731])
def test_the_made_up_areas_meet_and_do_not_overlap(number):
    shapes = made_up.areas(number).geometry.to_numpy()
    assert len(shapes) == number
    assert shapely.is_valid(shapes).all()
    assert shapely.area(shapes).sum() == pytest.approx(shapely.union_all(shapes).area)


def test_an_area_weighs_what_a_real_one_weighs():
    areas = made_up.areas(1000)
    assert 500 < len(areas[["geometry"]].to_json()) / len(areas) < 700


@pytest.mark.parametrize("size", bench.SIZES)
def test_every_step_of_the_slider_changes_some_tier(size):
    weights = [made_up.LIGHTEST + made_up.STEP * step for step in range(bench.CHANGES + 2)]
    assert weights[-1] <= made_up.HEAVIEST
    seen = [made_up.ranks(size, weight) for weight in weights]
    assert all((before != after).any() for before, after in pairwise(seen))
    assert set(np.concatenate(seen)) == {0, 1, 2, 3, 4}


def test_the_watched_area_is_one_that_changes():
    before, after = bench._expected(100, 8), bench._expected(100, 12)
    place = after["place"]
    assert before["codes"][place] != after["codes"][place] == bench.LOOKS[bench.RANKED[after["rank"]]].code


@pytest.fixture(scope="module")
def small():
    """The whole bench with two ways, one size and three changes: what it measured, and what it told."""
    measured = {}

    def kept(*asked):
        measured.update(recolourings(*asked))
        return measured

    recolourings = bench.recolourings
    tiny = {"WAYS": ("ours", "stock_folium"), "SIZES": (100,), "TARGET_SIZE": 100, "CHANGES": 3, "recolourings": kept}
    with pytest.MonkeyPatch.context() as patch:
        for setting, small in tiny.items():
            patch.setattr(bench, setting, small)
        # In a thread of its own: that of the browser tests may still have a browser open, and each wants a loop for
        # itself.
        with ThreadPoolExecutor(1) as own:
            told = own.submit(cli.main, ["bench", "workbench", "--lang", "en"]).result()
    return measured, told


def test_a_tiny_run_gets_to_its_end(small):
    assert small[1] == 0


def test_a_small_run_measures_every_change_and_ours_sends_less(small):
    ours, stock = (small[0][way, 100] for way in ("ours", "stock_folium"))
    assert ours.changes == stock.changes == 3
    assert 0 < ours.seconds < bench.LONGEST_CHANGE
    assert 0 < stock.seconds < bench.LONGEST_CHANGE
    assert 0 < ours.kilobytes < stock.kilobytes


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_the_report_tells_every_way_and_the_ratios(lang, monkeypatch, capsys):
    found = {
        ("ours", 100): bench.Measured(0.1, 10, 20),
        ("ours", 5000): bench.Measured(0.15, 20, 20),
        ("stock_folium", 100): bench.Measured(0.4, 170, 20),
        ("stock_folium", 5000): bench.Measured(6, 12_000, 7),
    }
    monkeypatch.setattr(bench, "WAYS", ("ours", "stock_folium", "pydeck_geojson"))
    monkeypatch.setattr(bench, "SIZES", (100, 5000))
    nothing = {("pydeck_geojson", size): None for size in bench.SIZES}
    monkeypatch.setattr(bench, "recolourings", lambda *_: found | nothing)
    report = bench.bench_workbench(lang).splitlines()
    assert len(report) == 1 + 1 + 3 + 2
    assert "(7)" in report[3]
    assert report[4].count(words.say(lang, "bench.does_not_finish")) == 2
    assert "40.0" in report[5]
    assert "600" in report[5]
    assert "1.50" in report[6]
    capsys.readouterr()


def test_without_a_browser_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr("tests.chromium.installed", lambda: None)
    with pytest.raises(UserError, match="chromium"):
        bench.recolourings(("ours",), (100,), 1, lambda _: None)
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    with pytest.raises(UserError, match="requirements"):
        bench.recolourings(("ours",), (100,), 1, lambda _: None)
