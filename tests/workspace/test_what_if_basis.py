"""The workbench shows what the other pages show, and what it previews is what comes about once the draft is adopted."""

from dataclasses import fields, replace
from datetime import timedelta

import numpy as np
import pytest

from analytics import tiers
from analytics.access import Actor
from analytics.office import today
from analytics.response.workload import team_days
from analytics.scheme import scheme_named
from analytics.scheme.editing import (
    TOP,
    equal_percent,
    leaving_out,
    levels,
    percentages,
    recut,
    restabilised,
    set_percent,
    with_minimum_known,
    without_floor,
)
from analytics.scoring import Assessment
from analytics.workspace import Workspace, baselines, datasets, decisions, runs, schemes, views

OFFERED = [(name, scheme) for name, info in datasets.samples().items() for scheme in info.schemes]


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """One home for all tests, since reading a sample takes long: each test begins from the scheme in use by then."""
    return Workspace(Actor("wang", "local"), tmp_path_factory.mktemp("home"), today())


def opened(ws, name, scheme):
    data, _ = datasets.find(ws, name)
    return data, schemes.schemes(ws, data)[scheme]


def equalised(scheme):
    return set_percent(scheme, TOP, equal_percent(percentages(levels(scheme)[0]), ()))


def cut_lower(scheme):
    return recut(scheme, {tier: scheme.tiers.model_dump()[tier] * 0.8 for tier in tiers.RANKED[1:]})


def left_out(scheme):
    return leaving_out(scheme, [scheme.indicators[0].id])


ASKED = ("private",)

DRAFTS = {
    "weights": equalised,
    "cut-offs": cut_lower,
    "no floor": lambda scheme: without_floor(scheme, 0) if scheme.floors else cut_lower(scheme),
    "known": lambda scheme: with_minimum_known(scheme, 95),
    "slow": lambda scheme: restabilised(scheme, scheme.stability, holds=True, settings={"minimum_stay_days": 120}),
    "not held": lambda scheme: cut_lower(restabilised(scheme, scheme.stability, holds=False, settings={})),
    "left out": left_out,
    "combined otherwise": lambda scheme: scheme.model_copy(update={"aggregate": "geometric"}),
    "by shares": lambda scheme: type(scheme).model_validate(
        scheme.model_dump(by_alias=True) | {"tiers": {"by": "share", "red": 0.1, "orange": 0.2}}
    ),
}


def decided(ws, data, scheme, day):
    """A person's decision on the hardest area, and on one that is not rated where there is one; their ids."""
    run = runs.assessed(ws, data, scheme, [day])
    chosen = {run.areas.index[int(end)] for end in (run.published[-1].argmax(), run.published[-1].argmin())}
    in_force = {one.area_id for one in decisions.overrides(ws, data, scheme.id, day)}
    for area in chosen - in_force:
        decision = decisions.Decision(area, "yellow", "会商", day, day + timedelta(days=5))
        decisions.override(ws, data, scheme, decision, ASKED)
    return chosen | in_force


def on_overview(ws, data, scheme, day):
    """The tiers of the working run as the Overview shows them, and their counts."""
    baseline, _ = baselines.baseline_for(ws, data, scheme, None, day, None)
    pair = views.overview(ws, data, scheme, None, day, baseline).pair
    return pair.shown[-1], pair.counts().iloc[-1].to_dict()


def require_same(one, other):
    for name in (each.name for each in fields(Assessment)):
        if isinstance(wanted := getattr(other, name), np.ndarray):
            np.testing.assert_array_equal(getattr(one, name), wanted, err_msg=name)
    assert one.provenance == other.provenance


@pytest.mark.parametrize(("name", "scheme_id"), OFFERED)
def test_what_is_in_use_is_what_the_overview_shows_with_decisions_too(office, name, scheme_id):
    data, scheme = opened(office, name, scheme_id)
    newest = data.days(scheme)[1]
    decided(office, data, scheme, newest)
    for day in (newest, newest - timedelta(days=17)):
        found = runs.what_if(office, data, scheme, equalised(scheme), day, published=True)
        shown, counts = on_overview(office, data, scheme, day)
        np.testing.assert_array_equal(found.before.shown[-1], shown)
        assert found.counts["before"].to_dict() == counts
        assert found.transitions.sum(axis=1).to_dict() == counts
        same = runs.what_if(office, data, scheme, scheme, day, published=True)
        assert same.changed.empty
        np.testing.assert_array_equal(same.after.shown[-1], shown)


@pytest.mark.parametrize(("name", "scheme_id"), OFFERED)
def test_what_is_previewed_comes_about_when_the_draft_is_adopted(office, name, scheme_id):
    """Area by area and in all that the page could say of it; each draft is adopted, and the next one begins there."""
    data, begun = opened(office, name, scheme_id)
    day = data.days(begun)[1]
    areas = decided(office, data, begun, day)
    # Five years of 731 areas take long: of them what is kept, what is not, and what holds areas against each other.
    drafts = ("weights", "left out", "by shares") if name == "trafford" else tuple(DRAFTS)
    for draft in map(DRAFTS.get, drafts):
        scheme, other = schemes.schemes(office, data)[scheme_id], draft(begun)
        found = runs.what_if(office, data, scheme, other, day, published=True)
        saved = schemes.save_version(office, data, other, schemes.scheme_text(office, data, scheme.id), "试行", ASKED)
        schemes.adopt_version(office, data, saved.number, ASKED)
        now, notice = schemes.current(office, data, scheme.id)
        assert notice is None
        assert now.scheme.version == saved.version
        shown, counts = on_overview(office, data, now.scheme, day)
        np.testing.assert_array_equal(found.after.shown[-1], shown)
        assert found.counts["after"].to_dict() == counts
        assert {found.after.areas.index[at] for at in np.flatnonzero(found.after.override_left[-1] >= 0)} == areas
        # Versions differ by their number, and with it by nothing that is measured.
        run = runs.assessed(office, data, now.scheme, [day])
        require_same(found.after, replace(run, provenance=found.after.provenance))


def test_what_is_too_much_to_keep_is_looked_up_anew_and_gives_the_same(office, monkeypatch):
    data, _ = opened(office, "demo_street", "rentals")
    scheme = scheme_named("rentals")
    day = data.days(scheme)[1] - timedelta(days=3)
    other = cut_lower(equalised(scheme))
    quick = runs.what_if(office, data, scheme, other, day, published=True).after
    monkeypatch.setattr(runs, "MOST_MEASURED", 0)
    for kept in (data.tried, data.measured):
        kept._held.clear()
    require_same(runs.what_if(office, data, scheme, other, day, published=True).after, quick)
    data.measured._held.clear()


def test_by_the_day_s_records_alone_nothing_is_held_and_nobody_has_decided(office):
    data, scheme = opened(office, "demo_street", "epidemic")
    day = data.days(scheme)[1]
    decided(office, data, scheme, day)
    for other in (equalised(scheme), left_out(scheme), DRAFTS["combined otherwise"](scheme)):
        found = runs.what_if(office, data, scheme, other, day, published=False)
        for run, chosen in ((found.before, scheme), (found.after, other)):
            np.testing.assert_array_equal(run.shown, run.computed)
            np.testing.assert_array_equal(run.computed, runs.assess_draft(office, data, chosen, day).computed)


def test_what_was_left_out_and_comes_back_is_measured_again(office):
    data, scheme = opened(office, "demo_street", "elders")
    day = data.days(scheme)[1]
    without = left_out(scheme)
    for published in (True, False):
        run = runs.assessed(office, data, without, [day])
        assert np.isnan(run.points[..., 0]).all()
        found = runs.what_if(office, data, without, scheme, day, published=published).after
        assert not np.isnan(found.points[..., 0]).all()
        np.testing.assert_array_equal(found.computed, runs.assess_draft(office, data, scheme, day).computed)


def test_what_is_found_for_a_capacity_and_for_a_goal_is_so_by_the_tiers_that_would_be_shown(office):
    data, _ = opened(office, "demo_street", "rentals")
    scheme = scheme_named("rentals")
    day = data.days(scheme)[1]
    run, load, crew = (
        runs.assessed(office, data, scheme, [day]),
        runs.inspection_load(office, data, scheme, day),
        runs.team_capacity(data),
    )
    asked = float(team_days(run, load, crew).sum()) * 0.8
    found = runs.cutoffs_by_capacity(office, data, scheme, run, asked)
    after = runs.what_if(office, data, scheme, recut(scheme, found.cutoffs), day, published=True).after
    assert not found.cannot
    assert float(team_days(after, load, crew).sum()) == pytest.approx(found.team_days)
    assert found.team_days <= asked
    out = {area for areas in found.left_out.values() for area in areas}
    assert out == set(run.areas.index[after.shown[-1] < run.shown[-1]])
    hardest = run.areas.index[int(run.score[-1].argmax())]
    ways = runs.goal_seek(office, data, scheme, run, hardest).ways
    assert ways
    for way in ways:
        shown = runs.what_if(office, data, scheme, way.scheme, day, published=True).after.shown[-1]
        assert way.shown == str(tiers.names(shown[run.areas.index.get_loc(hardest)]))
        assert set(way.others.index) == set(run.areas.index[shown != run.shown[-1]]) - {hardest}
    assert [len(way.others) for way in ways] == sorted(len(way.others) for way in ways)
