"""Two releases side by side: the counts reconcile, and every change has one cause."""

from dataclasses import fields, replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics import tiers
from analytics.releases.compare import CAUSES, compare, side_by_side
from analytics.releases.recount import Recount
from analytics.words import LANGUAGES
from tests.long.sizes import seeds, whole
from tests.releases.made_snapshots import snapshot, usual_scheme
from tests.scoring.small_world import given, indicator, scheme


def judged(load, chosen, **settings):
    """A snapshot of areas with these loads, their tiers computed from them by the scheme's cut-offs."""
    blank = np.column_stack([load, np.full(len(load), 10.0)]) if len(chosen.indicators) == 2 else np.c_[load]
    first = snapshot(["green"] * len(load), chosen=chosen, values=blank, **settings)
    from_values = np.searchsorted(chosen.tiers.ascending(), np.asarray(load, dtype=float), side="right")
    return replace(first, assessment=replace(first.assessment, **{
        name: from_values[None].astype(np.int8) for name in ("computed", "published", "shown")
    }))  # fmt: skip


def cuts(*begins):
    """A scheme of one given indicator, with its cut-offs."""
    return scheme([given("load")], tiers=dict(zip(("blue", "yellow", "orange", "red"), begins, strict=True)))


SCHEMES = (cuts(20, 40, 60, 80), cuts(10, 30, 50, 70), scheme([given("other")]))


def random_pair(seed):
    """Two snapshots with random tiers, areas, values, schemes, data, days, methods and settings."""
    random = np.random.default_rng(seed)
    made = []
    for when in range(2):
        areas = [f"A{number}" for number in np.flatnonzero(random.random(25) < 0.7)]
        number = len(areas)
        computed = random.choice(tiers.SHOWN, number)
        published = np.where(random.random(number) < 0.7, computed, random.choice(tiers.SHOWN, number))
        shown = np.where(random.random(number) < 0.9, published, random.choice(tiers.RANKED, number))
        made.append(snapshot(shown, areas=areas, computed=computed, published=published,
                             chosen=SCHEMES[random.integers(3)], values=random.uniform(0, 100, (1, number, 1)),
                             data=(None, "a", "b")[random.choice(3, p=(0.1, 0.6, 0.3))],
                             method=(None, 1, 2)[random.choice(3, p=(0.1, 0.7, 0.2))],
                             smallest=(None, 10, 30)[random.choice(3, p=(0.1, 0.7, 0.2))],
                             day=date(2020, 2, 5 + int(random.integers(2))), number=when + 1))  # fmt: skip
    return made


def with_a_day_before(content, random):
    """The same release behind a day on which everything was otherwise."""
    run = content.assessment
    days = run.days.insert(0, run.days[0] - pd.Timedelta(days=1))
    longer = {
        part.name: np.concatenate([held[:, random.permutation(held.shape[1])], held])
        for part in fields(run)
        if isinstance(held := getattr(run, part.name), np.ndarray) and held.shape[:1] == (1,)
    }
    return replace(content, assessment=replace(run, days=days, **longer))


def test_the_last_day_of_either_run_alone_decides():
    for seed in seeds(20):
        before, after = random_pair(seed)
        found = compare(before, after)
        random = np.random.default_rng(seed)
        for longer in (
            (with_a_day_before(before, random), after),
            (before, with_a_day_before(after, random)),
        ):
            again = compare(*longer)
            assert again.changes == found.changes
            assert again.counts.equals(found.counts)


def test_old_and_new_counts_reconcile_in_random_pairs_and_the_causes_add_up():
    seen = set()
    for seed in seeds(200):
        before, after = random_pair(seed)
        found = compare(before, after)
        counts = found.counts
        told = counts["before"] - counts["left"] + counts["came"] + counts["added"] - counts["removed"]
        shown = [tiers.names(one.assessment.shown[-1]) for one in (before, after)]
        for tier in tiers.SHOWN:
            assert counts.loc[tier, "before"] == (shown[0] == tier).sum()
            assert counts.loc[tier, "after"] == told[tier] == (shown[1] == tier).sum()
        assert sum(found.by_cause.values()) == len(found.changes) == counts["left"].sum() == counts["came"].sum()
        assert found.compared + len(found.added) == len(after.assessment.areas)
        assert found.compared + len(found.removed) == len(before.assessment.areas)
        assert {change.area_id for change in found.changes}.isdisjoint({*found.added.index, *found.removed.index})
        again = Recount(before, after, None)
        assert {change.area_id: change.cause for change in found.changes} == {a: again.cause(a) for a in again.moves}
        seen |= {change.cause for change in found.changes}
        assert all(change.detail.text(lang) for change in found.changes for lang in LANGUAGES)
    # What is revised, interrupted or ordered is made of records: see test_revisions, test_interrupted and test_orders.
    assert seen == set(CAUSES) - {"revision", "silence", "order"} or not whole()


def test_the_transition_table_has_every_tier_and_names_each_move_once():
    found = compare(snapshot(["red", "blue", "unknown"]), snapshot(["orange", "blue", "green"]))
    assert list(found.transitions.index) == list(found.transitions.columns) == list(tiers.SHOWN)
    assert found.transitions.loc["red", "orange"] == found.transitions.loc["blue", "blue"] == 1
    assert found.transitions.to_numpy().sum() == 3
    assert [(c.area_id, c.before, c.after, c.raised) for c in found.changes] == [
        ("A0", "red", "orange", False),
        ("A2", "unknown", "green", None),
    ]


def test_nothing_changed_means_no_change():
    one = snapshot(["red", "green"])
    found = compare(one, one)
    assert found.changes == ()
    assert sum(found.by_cause.values()) == 0


def test_areas_in_one_release_only_are_told_apart_and_are_no_changes_of_tier():
    found = compare(snapshot(["red", "green"], areas=["A", "B"]), snapshot(["green", "blue"], areas=["B", "C"]))
    assert found.changes == ()
    assert list(found.added.index) == ["C"]
    assert list(found.removed.index) == ["A"]
    assert found.compared == 1


def test_new_values_under_the_same_scheme_are_the_data():
    chosen = cuts(20, 40, 60, 80)
    (change,) = compare(judged([10, 50], chosen, data="a"), judged([10, 90], chosen, data="b")).changes
    assert (change.area_id, change.before, change.after, change.cause) == ("A1", "yellow", "red", "data")
    assert change.detail.key == "compare.new_records_same_day"


def test_the_same_records_on_another_day_are_the_day_and_say_so():
    chosen = cuts(20, 40, 60, 80)
    found = compare(judged([50], chosen, day=date(2020, 2, 5)), judged([30], chosen, day=date(2020, 2, 12)))
    assert [(c.cause, c.detail.key) for c in found.changes] == [("day", "compare.another_day")]


def test_other_cut_offs_on_the_same_values_are_the_method():
    (change,) = compare(judged([50], cuts(20, 40, 60, 80)), judged([50], cuts(10, 20, 30, 40))).changes
    assert (change.before, change.after, change.cause) == ("yellow", "red", "method")


@pytest.mark.parametrize(
    ("load", "begins", "cause"),
    [
        (90, (20, 40, 60, 95), "several"),  # yellow → red by the data, → orange by the method: both had a part
        (65, (5, 10, 20, 40), "several"),  # one step each
        (45, (5, 10, 20, 40), "method"),  # none by the data
        (90, (20, 40, 60, 85), "data"),  # none by the method
    ],
)
def test_of_two_causes_the_one_is_named_without_which_nothing_would_have_changed_and_else_neither(load, begins, cause):
    found = compare(judged([50], cuts(20, 40, 60, 80), data="a"), judged([load], cuts(*begins), data="b"))
    assert [change.cause for change in found.changes] == [cause]


@pytest.mark.parametrize(("data", "cause"), [("a", "method"), ("b", "several")])
def test_without_the_old_indicators_the_method_is_named_where_nothing_else_differs(data, cause):
    other = scheme([given("other")])
    found = compare(judged([50], cuts(20, 40, 60, 80), data="a"), judged([90], other, data=data))
    assert [change.cause for change in found.changes] == [cause]


def test_an_indicator_measured_otherwise_cannot_be_told_from_new_records_and_one_weighed_otherwise_can():
    counted, longer = scheme([indicator()]), scheme([indicator(window_days=14)])
    heavier = scheme([indicator(weight=3, points={"method": "linear", "linear": {"low": 0, "high": 5}})])
    before = snapshot(["green"], chosen=counted, values=np.full((1, 1, 1), 0.0))
    for chosen, cause in ((longer, "several"), (heavier, "data")):
        after = snapshot(["red"], chosen=chosen, values=np.full((1, 1, 1), 9.0), data="new")
        assert [change.cause for change in compare(before, after).changes] == [cause]


def test_another_program_on_the_same_data_and_scheme_is_the_method():
    chosen = cuts(20, 40, 60, 80)
    found = compare(judged([50], chosen, method=1), judged([90], chosen, method=2))
    assert [(c.cause, c.detail.key) for c in found.changes] == [("method", "compare.program")]


def test_what_was_not_computed_is_steadiness():
    found = compare(
        snapshot(["red"], computed=["yellow"], day=date(2020, 2, 11)),
        snapshot(["yellow"], computed=["yellow"], published=["yellow"]),
    )
    # In the first, red was published because the rule held it.
    assert [(c.cause) for c in found.changes] == ["stability"]


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ({"published": ["green"]}, {}, "compare.override_ended"),
        ({}, {"published": ["green"]}, "compare.overridden"),
    ],
)
def test_a_persons_decision_is_named_whatever_the_data_say(before, after, key):
    found = compare(
        snapshot(["red"], computed=["green"], **({"published": ["red"]} | before), data="a"),
        snapshot(["blue"], computed=["blue"], **after, data="b"),
    )
    assert [(c.cause, c.detail.key) for c in found.changes] == [("decision", key)]


def test_a_scheme_of_another_name_has_its_digest_and_is_told():
    found = compare(judged([50], cuts(20, 40, 60, 80)), judged([50], scheme([given("load")], id="new", version=3)))
    assert found.changes == ()
    (change,) = compare(judged([50], cuts(20, 40, 60, 80)),
                        judged([50], scheme([given("load")], id="new", tiers={"blue": 1, "yellow": 2, "orange": 3,
                                                                                "red": 4}))).changes  # fmt: skip
    assert change.detail.key == "compare.another_scheme"
    assert usual_scheme().digest() != cuts(20, 40, 60, 80).digest()


@pytest.mark.parametrize("chosen", [cuts(20, 40, 60, 80), cuts(10, 30, 50, 70)])
def test_the_last_days_of_two_runs_stand_side_by_side_over_the_areas_of_the_later(chosen):
    same = chosen.digest() == cuts(20, 40, 60, 80).digest()
    before = judged([90.0, 10, 50], cuts(20, 40, 60, 80), areas=["A", "B", "gone"], day=date(2020, 2, 5)).assessment
    after = judged([30.0, 70, 50], chosen, areas=["B", "A", "new"], day=date(2020, 2, 12)).assessment
    pair = side_by_side(before, after)
    assert [str(day.date()) for day in pair.days] == ["2020-02-05", "2020-02-12"]
    assert list(pair.areas.index) == ["B", "A", "new"]
    assert tiers.names(pair.shown[0]).tolist() == ["green", "red", "unknown"]
    np.testing.assert_array_equal(pair.shown[1], after.shown[-1])
    # What an indicator was under another scheme is not known under this one.
    np.testing.assert_array_equal(pair.values[0, :, 0], [10, 90, np.nan] if same else [np.nan] * 3)
    np.testing.assert_array_equal(pair.values[1, :, 0], [30, 70, 50])


def test_two_runs_of_one_day_stand_a_moment_apart():
    one = judged([90], cuts(20, 40, 60, 80)).assessment
    first, second = side_by_side(one, one).days
    assert (second - first).total_seconds() == 1e-6
