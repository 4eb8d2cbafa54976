"""Why an area has another tier: a cause is named where it is shown to be the only one, and never where its part in what
made the tiers is the same in both."""

import re
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from analytics import tiers
from analytics.releases.compare import CAUSES, compare
from analytics.releases.recount import Recount
from analytics.scoring.assess import END_NOT_RECORDED, NO_OVERRIDE
from analytics.words import LANGUAGES
from tests.long.sizes import many
from tests.releases.made_snapshots import snapshot
from tests.releases.test_compare import cuts, judged
from tests.scoring.small_world import given, scheme

USUAL, LATER = date(2020, 2, 12), date(2020, 2, 19)
FIELDS = ("records", "day", "scheme", "method", "settings")
FIELD_OF = {"data": "records", "day": "day", "method": ("scheme", "method"), "setting": "settings"}
"""What has to differ before a cause may be named."""


def pair(before=50, after=90, *differing, **changed):
    """Two releases of one area with these loads, which differ in these fields."""
    settings = {"data": "a", "method": 1, "smallest": 10, "day": USUAL, "chosen": cuts(20, 40, 60, 80)}
    other = {"records": {"data": "b"}, "method": {"method": 2}, "settings": {"smallest": 30}, "day": {"day": LATER},
             "scheme": {"chosen": cuts(20, 40, 60, 85)}}  # fmt: skip
    now = dict(settings)
    for field in differing:
        now |= other[field]
    return judged([before], **settings), judged([after], **(now | changed))


def told(before, after):
    """Cause and words of the only change, found twice."""
    (change,) = compare(before, after).changes
    assert Recount(before, after, None).cause(change.area_id) == change.cause
    assert all(change.detail.text(lang) for lang in LANGUAGES)
    return change.cause, change.detail.key


@pytest.mark.parametrize(
    ("differing", "cause", "words"),
    [
        (("records",), "data", "new_records_same_day"),
        (("records", "day"), "data", "new_records"),
        (("day",), "day", "another_day"),
        (("scheme",), "method", "scheme_content"),
        (("method",), "method", "program"),
        (("settings",), "setting", "setting"),
        (("scheme", "method"), "method", "scheme_content"),
        (("settings", "records"), "several", "several"),
        (("settings", "day"), "several", "several"),
        (("settings", "scheme"), "several", "several"),
        (("method", "records"), "several", "several"),
        (("method", "day"), "several", "several"),
        (FIELDS, "several", "several"),
        ((), "several", "unexplained"),
    ],
)
def test_the_one_field_that_differs_is_the_cause_and_of_several_none(differing, cause, words):
    assert told(*pair(50, 90, *differing)) == (cause, f"compare.{words}")


@pytest.mark.parametrize("differing", [("settings", "records"), FIELDS])
def test_the_words_name_all_that_differs(differing):
    (change,) = compare(*pair(50, 90, *differing)).changes
    names = {"records": "records", "day": "date", "scheme": "scheme", "method": "method", "settings": "settings"}
    assert all((name in change.detail.text("en")) == (field in differing) for field, name in names.items())


def test_two_versions_of_a_scheme_are_named_and_two_schemes_too():
    rules = {"tiers": {"blue": 20, "yellow": 30, "orange": 40, "red": 45}}
    before, _ = pair()
    for changed, key in (({"version": 2}, "scheme_version"), ({"id": "new"}, "another_scheme")):
        after = judged([50], data="a", day=USUAL, chosen=scheme([given("load")], **(rules | changed)))
        assert told(before, after) == ("method", f"compare.{key}")


def test_another_smallest_count_of_one_day_is_the_setting_with_both_numbers():
    (change,) = compare(*pair(50, 90, "settings")).changes
    assert all(re.findall(r"\d+", change.detail.text(lang)) == ["10", "30"] for lang in LANGUAGES)


@pytest.mark.parametrize(
    ("load", "cause"),
    [
        (50, "method"),  # c1 = c0 = yellow, c2 = red
        (90, "data"),  # c1 = c2 = red
        (70, "several"),  # c1 = orange, c2 = red
    ],
)
@pytest.mark.parametrize("by_time", [("records",), ("day",), ("records", "day")])
def test_of_the_scheme_and_the_records_the_one_that_alone_makes_the_change_is_named(load, cause, by_time):
    before, after = pair(50, load, *by_time, chosen=cuts(5, 10, 20, 40))
    expected = "day" if cause == "data" and "records" not in by_time else cause
    assert told(before, after)[0] == expected
    # And with a setting as well nothing is told apart.
    assert told(before, replaced_settings(after))[0] == "several"


def replaced_settings(release):
    made_by = replace(release.provenance, settings=replace(release.provenance.settings, smallest_count=30))
    return replace(release, assessment=replace(release.assessment, provenance=made_by))


@pytest.mark.parametrize(
    ("differing", "cause"),
    [
        (("day",), "stability"),
        (("day", "records"), "stability"),
        (("day", "scheme"), "several"),
        (("scheme",), "method"),
        (("records",), "data"),
        (("settings",), "setting"),
        (("day", "settings"), "several"),
    ],
)
def test_where_nothing_new_was_computed_waiting_came_to_an_end_or_the_one_field_is_named(differing, cause):
    before, after = pair(50, 50, *differing)
    shown = np.array([[tiers.RANK["red"]]], dtype=np.int8)
    before = replace(before, assessment=replace(before.assessment, shown=shown, published=shown))
    assert told(before, after)[0] == cause


# Decisions of people


@pytest.mark.parametrize("left", [0, 9, END_NOT_RECORDED])
@pytest.mark.parametrize("side", ["before", "after", "both"])
@pytest.mark.parametrize("differing", [(), ("day",), ("records", "day"), FIELDS])
def test_a_decision_in_force_on_either_side_is_the_cause_whatever_else_differs(left, side, differing):
    before, after = pair(50, 90, *differing)
    decided = [replace(one, assessment=replace(one.assessment, override_left=np.full((1, 1), left, dtype=np.int16)))
               for one in (before, after)]  # fmt: skip
    before = before if side == "after" else decided[0]
    after = after if side == "before" else decided[1]
    assert told(before, after) == ("decision", f"compare.{'override_ended' if side == 'before' else 'overridden'}")


def test_a_decision_for_the_tier_that_is_published_anyway_is_a_decision_too():
    before, after = pair(50, 90, "records", "day")
    assert (after.assessment.shown == after.assessment.published).all()
    assert told(before, after)[0] == "data"
    left = np.array([[3]], dtype=np.int16)
    assert told(before, replace(after, assessment=replace(after.assessment, override_left=left)))[0] == "decision"


def test_the_decision_of_one_area_says_nothing_of_another():
    before = snapshot(["red", "red"], data="a", day=USUAL)
    after = snapshot(["green", "green"], data="b", day=LATER, override_left=[NO_OVERRIDE, 2])
    assert [(one.area_id, one.cause) for one in compare(before, after).changes] == [("A0", "data"), ("A1", "decision")]


# What is not on record


@pytest.mark.parametrize("lacking", [{"method": None}, {"data": None}, {"method": None, "data": None}])
@pytest.mark.parametrize("differing", [(), ("day",), ("scheme",), ("settings",)])
def test_where_the_records_or_the_method_of_one_are_not_on_record_no_cause_is_named(lacking, differing):
    before, after = pair(50, 90, *differing, **lacking)
    for one, other in ((before, after), (after, before)):
        assert told(one, other) == ("several", "compare.not_recorded")
    # A decision is on record by itself.
    left = np.array([[1]], dtype=np.int16)
    assert told(before, replace(after, assessment=replace(after.assessment, override_left=left)))[0] == "decision"


def changed_run(release, **arrays):
    """The release with other arrays for its only day and area."""
    run = release.assessment
    made = {name: np.full_like(getattr(run, name), value) for name, value in arrays.items()}
    return replace(release, assessment=replace(run, **made))


@pytest.mark.parametrize("by_time", [("day",), ("records", "day")])
def test_a_shown_tier_that_moves_against_the_computed_one_was_moved_by_the_stability_rule(by_time):
    before, after = pair(50, 30, *by_time)  # computed yellow → blue
    raised = changed_run(after, published=3, shown=3)  # shown yellow → orange
    assert told(before, raised) == ("stability", "compare.held_steady")
    assert told(before, after)[0] != "stability"


@pytest.mark.parametrize(("days", "cause"), [(7, "several"), (8, "method"), (-1, "method")])
def test_a_new_scheme_is_the_cause_only_if_nothing_that_was_waited_for_has_come_by_then(days, cause):
    before, after = pair(50, 50, "day", chosen=cuts(5, 10, 20, 40))  # a week later; c1 = c0, c2 = red
    assert told(changed_run(before, next_change=days), after)[0] == cause


def test_beside_another_stability_rule_neither_day_nor_data_is_named():
    before, after = pair(50, 90, "day", chosen=cuts(5, 10, 20, 40))  # c1 = c2 = red
    assert told(before, after)[0] == "day"
    rule = {"confirm_up_days": 3, "confirm_down_days": 3, "minimum_stay_days": 3, "one_step_down": False}
    held = scheme([given("load")], tiers={"blue": 5, "yellow": 10, "orange": 20, "red": 40}, stability=rule)
    other = judged([90], data="a", method=1, smallest=10, day=LATER, chosen=held)
    assert told(before, other)[0] == "several"


def test_what_is_not_on_record_may_have_been_a_cause_too():
    assert told(*pair(50, 90, "records", "day", smallest=None)) == ("several", "compare.not_recorded")
    assert told(*pair(50, 90, smallest=None)) == ("several", "compare.not_recorded")


# Whatever the releases

LOADS = st.lists(st.sampled_from([10, 30, 50, 70, 90]), min_size=3, max_size=3)
SCHEMES = (cuts(20, 40, 60, 80), cuts(5, 15, 60, 80), cuts(10, 20, 30, 40), scheme([given("other")]))


@st.composite
def releases(draw):
    """A release of three areas, of whatever was or was not on record."""
    made = judged(
        draw(LOADS), draw(st.sampled_from(SCHEMES)), data=draw(st.sampled_from(["a", "a", "b", None])),
        method=draw(st.sampled_from([1, 1, 2, None])), smallest=draw(st.sampled_from([10, 10, 30, None])),
        day=draw(st.sampled_from([USUAL, USUAL, LATER])),
    )  # fmt: skip
    held = made.assessment
    waits = np.array([draw(st.lists(st.sampled_from([False, False, True]), min_size=3, max_size=3))])
    left = np.array([draw(st.lists(st.sampled_from([NO_OVERRIDE, NO_OVERRIDE, 0, END_NOT_RECORDED]),
                                   min_size=3, max_size=3))], dtype=np.int16)  # fmt: skip
    published = np.where(waits, np.int8(2), held.computed)
    shown = np.where(left == NO_OVERRIDE, published, np.int8(draw(st.integers(0, 4))))
    return replace(made, assessment=replace(held, published=published, shown=shown, override_left=left))


@for_all(releases(), releases())
@settings(max_examples=many(100))
def test_the_causes_add_up_are_found_again_and_none_is_named_whose_part_is_the_same(before, after):
    found = compare(before, after)
    assert sum(found.by_cause.values()) == len(found.changes)
    assert tuple(found.by_cause) == CAUSES
    again = Recount(before, after, None)
    assert {one.area_id: one.cause for one in found.changes} == {area: again.cause(area) for area in again.moves}
    made = [(one.provenance.records, one.provenance.day, one.provenance.scheme, one.provenance.method,
             one.provenance.settings.smallest_count) for one in (before, after)]  # fmt: skip
    differ = {field for field, one, other in zip(FIELDS, *made, strict=True) if one != other}
    for change in found.changes:
        at = before.assessment.areas.index.get_loc(change.area_id)
        forced = [one.assessment.override_left[-1, at] != NO_OVERRIDE for one in (before, after)]
        assert (change.cause == "decision") == any(forced)
        if change.cause in FIELD_OF:
            assert set(np.atleast_1d(FIELD_OF[change.cause])) & differ, change
        if change.cause == "stability":
            assert "day" in differ
            assert not {"scheme", "method"} & differ
            assert before.assessment.computed[-1, at] == after.assessment.computed[-1, at]
        assert all(change.detail.text(lang) for lang in LANGUAGES)
