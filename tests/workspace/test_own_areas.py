"""What an account that may see some areas alone is given of what all others see."""

import dataclasses

import numpy as np
import pytest

from analytics.access import Actor
from analytics.errors import AccessError
from analytics.workspace import area_page, baselines, open_workspace, published, schemes, views
from tests.pages.visits import demo, made
from tests.workspace.test_doors import DOORS, of

OWN = "DS-03"
"""A community of the demo street."""

OPEN_TO_SOME = """
    area_page.area_view area_page.areas_view area_page.records_behind area_page.week_before
    baselines.baseline_choices baselines.baseline_for copies.heading_of_copy copies.require_logged
    datasets.datasets datasets.find datasets.own datasets.require_own
    ledgers.log_looked ledgers.log_sign_in ledgers.log_sign_out ledgers.log_taken
    published.before published.code_of_view published.frozen published.look_up published.newest_release
    published.newest_standing published.release_for published.releases published.week_of
    schemes.current schemes.scheme_for schemes.schemes schemes.unfit schemes.usual schemes.version_of
    public.exhibit_for public.schemes_told settings.office_settings settings.own_settings
    two_hands.is_asked two_hands.may_take two_hands.planned_step two_hands.take_step two_hands.waiting views.overview
"""
CLOSED_TO_SOME = {name for name, made in DOORS.items() if not made.own_areas}


def scoped(*areas, role="leader"):
    return open_workspace(actor=Actor("li", role, frozenset(areas)))


def of_both(make, *areas):
    """What a call gives to who sees all and to who sees some areas."""
    whole, data = demo()
    scheme, _ = schemes.scheme_for(whole, data, None)
    return tuple(make(ws, data, scheme, data.days(scheme)[1]) for ws in (whole, scoped(*(areas or (OWN,)))))


def view_of(ws, data, scheme, day, release=None):
    baseline, _ = baselines.baseline_for(ws, data, scheme, release, day, None)
    return views.overview(ws, data, scheme, release, day, baseline)


def same_where_own(whole, own):
    """A run of some areas is, array by array, that of all without the others."""
    at = whole.areas.index.get_indexer(own.areas.index)
    assert (at >= 0).all()
    for field in dataclasses.fields(whole):
        held = getattr(whole, field.name)
        if isinstance(held, np.ndarray):
            assert np.array_equal(held[:, at], getattr(own, field.name), equal_nan=held.dtype.kind == "f"), field.name
    assert own.scheme == whole.scheme


def test_the_overview_is_that_of_all_without_the_others():
    whole, own = of_both(view_of)
    assert set(own.pair.areas["parent_id"]) == {OWN}
    assert 0 < len(own.pair.areas) < len(whole.pair.areas)
    same_where_own(whole.pair, own.pair)
    same_where_own(whole.weeks, own.weeks)
    assert own.supports.keys() <= set(own.pair.areas.index)
    others = set(whole.pair.areas["parent_id"]) - {OWN}
    assert not others & own.pair.parents.keys()


def test_an_area_a_community_and_a_street_may_be_the_account_s():
    one, all_of_it = of_both(view_of, "DS-03-01")[1], of_both(view_of, "DS")
    assert one.pair.areas.index.tolist() == ["DS-03-01"]
    assert len(all_of_it[0].pair.areas) == len(all_of_it[1].pair.areas)


def test_codes_that_name_nothing_show_nothing():
    with pytest.raises(AccessError, match="None of the areas"):
        of_both(view_of, "XX")


def test_one_area_is_shown_to_whose_it_is_and_to_nobody_else():
    def of_area(area):
        return lambda ws, data, scheme, day: area_page.area_view(ws, data, scheme, None, day, area, 13)

    whole, own = of_both(of_area("DS-03-01"))
    same_where_own(whole.weekly, own.weekly)
    assert set(own.neighbours) <= set(whole.neighbours)
    assert all(area.startswith(OWN) for area in (*own.neighbours, *own.tiers.areas))
    assert own.turned is None or set(own.turned.areas["parent_id"]) == {OWN}
    for asked in (of_area("DS-01-01"), lambda ws, data, scheme, day: area_page.records_behind(
        ws, data, scheme, "DS-01-01", scheme.indicators[0].id, day
    )):  # fmt: skip
        with pytest.raises(AccessError, match="no such area"):
            of_both(asked)


def test_the_list_of_areas_says_nothing_of_others():
    whole, own = of_both(lambda ws, data, scheme, day: area_page.areas_view(ws, data, scheme, None, day))
    same_where_own(whole.run, own.run)
    assert (own.groups, set(own.run.areas["parent_id"])) == ((), {OWN})
    week, own_week = of_both(lambda ws, data, scheme, day: area_page.week_before(ws, data, scheme, None, day))
    same_where_own(week, own_week)


def test_a_release_is_shown_as_far_as_it_is_the_account_s():
    made(1, 0)

    def released(ws, data, scheme, _day):
        entry = published.newest_release(ws, data, scheme)
        return view_of(ws, data, scheme, entry.day, entry)

    whole, own = of_both(released)
    same_where_own(whole.pair, own.pair)
    assert set(own.pair.areas["parent_id"]) == {OWN}


@pytest.mark.parametrize("name", sorted(CLOSED_TO_SOME))
def test_a_door_that_does_not_say_what_it_leaves_out_is_closed(name):
    door = DOORS[name]
    ws = dataclasses.replace(of("local"), actor=Actor("li", "local", frozenset({OWN})))
    with pytest.raises(AccessError, match="covers all areas"):
        door(ws, *[None] * 12)


def test_what_is_open_to_them_is_known():
    """Every one of these was looked at: it holds nothing of an area, or leaves out what is not the account's."""
    assert set(DOORS) - CLOSED_TO_SOME == set(OPEN_TO_SOME.split())
