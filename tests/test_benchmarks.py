"""The benches: each runs, its ways agree with one another, and a small run says what was measured. Nothing is held to a
time. That of the workbench, which needs a browser, has a file of its own."""

import io
import json
import re
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import __main__ as cli
from analytics import words
from analytics.benchmarks import briefing, loading, start
from analytics.benchmarks import scoring as bench
from analytics.commands.bench import BENCHES
from analytics.scoring.combine import combine, scores
from analytics.scoring.decide import tier_by_cutoffs, tiers_from
from tests.long.sizes import many
from tests.scoring.small_world import given as given_indicator
from tests.scoring.small_world import scheme

CELL = st.one_of(st.just(np.nan), st.floats(0, 100), st.integers(0, 100).map(float))
FLOOR = [{"at_least": "red", "when": {"dimension": "d1", "op": ">=", "value": 50}, "name": {"zh": "x", "en": "x"}}]


@st.composite
def schemes(draw):
    """Trees of any kind over six indicators: two dimensions, one of them with a dimension in it."""
    how = st.sampled_from(["arithmetic", "arithmetic", "arithmetic", "sum", "geometric", "worst"])
    weight = st.floats(0.01, 50)
    parts = [given_indicator(f"x{number}", draw(weight)) for number in range(6)]
    inner = {"id": "inner", "weight": draw(weight), "aggregate": draw(how), "indicators": parts[4:]}
    dimensions = [
        {"id": "d0", "weight": draw(weight), "aggregate": draw(how), "indicators": parts[:2]},
        {"id": "d1", "weight": draw(weight), "aggregate": draw(how), "indicators": parts[2:4], "dimensions": [inner]},
    ]
    if draw(st.booleans()):
        dimensions[0]["then"] = "percent_rank"
    return scheme(dimensions=dimensions, aggregate=draw(how), floors=FLOOR if draw(st.booleans()) else [])


TINY_FILES = loading.Sizes(across=3, up=2, incidents=40, records=60, workbook_rows=20)
SCORING = {"AREAS": 30, "DAYS": 9, "TURNS": 2, "TIMES_A_TURN": 1, "HISTORY_TURNS": 1}
TINY = {
    "loading": {"bench_loading": partial(loading.bench_loading, sizes=TINY_FILES, turns=1)},
    "scoring": SCORING,
    "confidence": {"DRAWS": 20, "AREAS": 40, "TURNS": 1},
    "briefing": {"bench_briefing": partial(briefing.bench_briefing, sizes=(20, 40), turns=1)},
    "response": {"AREAS": 30, "DAYS": 60, "TURNS": 1, "TEAMS": (3,), "STAGE_SECONDS": 2},
    "start": {"bench_start": partial(start.bench_start, commands=("score",), turns=1)},
}
"""What each bench takes a few seconds with."""


@given(schemes(), st.lists(st.lists(CELL, min_size=6, max_size=6), min_size=1, max_size=9))
@settings(max_examples=many(100))
def test_the_fast_scores_are_those_of_the_tree_to_the_last_digit(chosen, cells):
    points = np.array(cells)[None]
    fast, whole = scores(points, chosen), combine(points, chosen)
    np.testing.assert_array_equal(fast.score, whole.score)
    np.testing.assert_array_equal(fast.known, whole.known)
    for name, value in fast.dimensions.items():
        np.testing.assert_array_equal(value, whole.dimensions[name])


def test_a_score_that_is_on_a_cut_off_is_on_it_by_the_product_too():
    for weights in bench.drawn_weights(50):
        points = np.full((1, 1, len(weights)), 60.0)
        assert scores(points, bench.scheme_of(weights)).score[0, 0] == 60.0


def test_the_ways_that_are_timed_give_the_same_scores_and_tiers():
    chosen = bench.scheme_of(bench.drawn_weights(1)[0])
    points = bench.drawn_points(1, 200)
    by_rows = bench.rescored_by_rows(pd.DataFrame(points[0]), chosen)
    found = scores(points, chosen).score
    np.testing.assert_allclose(found[0], by_rows["score"], atol=1e-8)
    np.testing.assert_allclose(found, points @ bench.overall_weights(chosen), atol=1e-8)
    np.testing.assert_array_equal(tier_by_cutoffs(found, chosen.tiers)[0], by_rows["rank"])
    np.testing.assert_array_equal(tiers_from(points, chosen, points, None).rank[0], by_rows["rank"])


def test_every_bench_is_run_at_a_tiny_size():
    assert {*TINY, "workbench"} == set(BENCHES)


def measured_here(in_a_process, way, folder, *sizes):
    """What a process of its own would tell of a way of loading: one is asked, and the others run in this one."""
    if way == "counts_stock":
        return in_a_process(way, folder, *sizes)
    told = io.StringIO()
    with redirect_stdout(told):
        if way == "make":
            loading._make(Path(folder), loading.Sizes(**json.loads(*sizes)))
        else:
            loading._measure(way, Path(folder))
    return told.getvalue()


@pytest.mark.parametrize("name", TINY)
def test_a_bench_runs_to_its_end_at_a_tiny_size(name, monkeypatch, capsys):
    for setting, tiny in TINY[name].items():
        monkeypatch.setattr(f"analytics.benchmarks.{name}.{setting}", tiny)
    monkeypatch.setattr(loading, "_run", partial(measured_here, loading._run))
    assert cli.main(["bench", name, "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert len(told.splitlines()) >= 2
    assert re.search(r"\d", told)
    assert "{" not in told


@pytest.mark.parametrize(
    ("ours", "stock", "times"), [(0.0, 8.0, "—"), (0.0, 0.0, "—"), (4.0, 0.0, "0.0"), (4, 8, "2.0")]
)
def test_the_memory_of_a_way_that_needed_no_more_than_it_had_is_no_divisor(ours, stock, times, monkeypatch, capsys):
    """So it was with small files: the peak of memory does not rise while they are read, and the bench ended there."""
    taken = {way: stock if way.endswith("stock") else ours for way in loading.WAYS}
    monkeypatch.setattr(loading, "_run", lambda way, *_: f'{{"seconds": 2, "megabytes": {taken.get(way, 0)}}}')
    _, *rows = loading.bench_loading("en", TINY_FILES, turns=1).splitlines()
    assert [re.search(r"1/(\S+) of the memory", row).group(1) for row in rows] == [times] * 4
    assert all("1.0 times" in row for row in rows)
    capsys.readouterr()


def test_the_loading_bench_tells_the_median_of_its_turns(monkeypatch, capsys):
    seconds = iter([1, 5, 2])
    turns = {}

    def taken(way, *_):
        if way == "matters_ours":
            turns["now"] = next(seconds)
        return f'{{"seconds": {turns.get("now", 0) if way == "matters_ours" else 6}, "megabytes": 3}}'

    monkeypatch.setattr(loading, "_run", taken)
    told = loading.bench_loading("en", TINY_FILES, turns=3).splitlines()[1]
    assert "40 incidents with coordinates onto 6 areas: 2.00 s, 3 MB; pandas.read_csv + sjoin + groupby 6.00 s" in told
    assert "3.0 times as fast, 1/1.0 of the memory" in told
    capsys.readouterr()


def test_the_start_of_every_command_that_is_timed_is_that_of_a_command():
    assert set(start.COMMANDS) <= set(cli.COMMANDS)


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_a_small_run_tells_every_time(lang, monkeypatch):
    for name, small in SCORING.items():
        monkeypatch.setattr(bench, name, small)
    report = bench.bench_scoring(lang)
    assert len(report.splitlines()) == 1 + 3 + 2 + 1 + 1 + 3
    for size in ("30", "60", "9", "18"):
        assert size in report
