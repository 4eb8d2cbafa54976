"""The lines of a sweep: what is counted, what is not, and that nothing becomes zero or whole by itself."""

from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import UserError
from analytics.response.sweep import REASONS, Fault, faults, tally, unlike_area_list
from analytics.response.sweep_rounds import calls_of_checks, merged
from analytics.wording import sweep as wording
from tests.response.sweep_world import FIRST, calls, campaign, checks, played, register, row

END = date(2026, 10, 29)
TUESDAY_NOON, TUESDAY_EVENING = "2026-10-20 12:00", "2026-10-20 19:00"
SATURDAY_NOON, SATURDAY_EVENING = "2026-10-24 12:00", "2026-10-24 19:00"
MONDAY_NOON, MONDAY_EVENING = "2026-10-26 12:00", "2026-10-26 19:00"


def line(state, name, area=None):
    return next(one for one in state.lines(area) if one.line == name)


def after(*rows, checked=None, day=END, held=None):
    return tally(campaign(), held or register(), calls(*rows), checked, day)


def test_nobody_home_is_not_met_and_a_household_counts_once():
    state = after(
        row("P1", TUESDAY_NOON, 1, called=10, met=6),
        row("P1", MONDAY_NOON, 2, called=4, met=1),
    )
    found = line(state, "household")
    assert (found.registered, found.to_do, found.called, found.met, found.recorded) == (45, 45, 10, 7, 7)
    assert found.reasons == {"not_called": 35, "waiting": 3, "in_vain": 0, "not_agreed": 0, "not_recorded": 0}
    assert found.left == 38


@pytest.mark.parametrize(
    ("moments", "closed"),
    [
        ((TUESDAY_EVENING, SATURDAY_NOON), False),  # two calls only
        ((TUESDAY_NOON, "2026-10-21 12:00", MONDAY_NOON), False),  # no evening, no weekend
        ((TUESDAY_EVENING, "2026-10-21 19:00", MONDAY_EVENING), False),  # no weekend
        ((TUESDAY_NOON, SATURDAY_NOON, MONDAY_NOON), False),  # no evening
        ((TUESDAY_EVENING, SATURDAY_NOON, MONDAY_NOON), True),
        ((TUESDAY_NOON, SATURDAY_EVENING, MONDAY_NOON), True),  # one call was both
        ((TUESDAY_NOON, "2026-10-21 12:00", MONDAY_NOON, "2026-10-28 19:00"), False),
        ((TUESDAY_NOON, "2026-10-21 19:00", "2026-10-22 12:00", SATURDAY_NOON), True),  # the fourth is what lacked
    ],
)
def test_the_third_call_ends_it_only_after_an_evening_and_a_weekend(moments, closed):
    state = after(*(row("P1", moment, at, called=2) for at, moment in enumerate(moments, 1)))
    assert line(state, "household").reasons["in_vain"] == (2 if closed else 0)
    assert line(state, "household").reasons["waiting"] == (0 if closed else 2)
    assert line(state, "household").met == 0


def test_who_lacked_an_evening_is_not_known_one_by_one_so_the_others_stay_open():
    """Of 6 called three times 2 had no evening call at first: only 4 surely had one."""
    state = after(
        row("P1", TUESDAY_EVENING, 1, called=4),
        row("P1", TUESDAY_NOON, 1, called=2),
        row("P1", SATURDAY_NOON, 2, called=6),
        row("P1", MONDAY_NOON, 3, called=6),
    )
    assert line(state, "household").reasons["in_vain"] == 4
    assert line(state, "household").reasons["waiting"] == 2


def test_vacant_leaves_the_base_and_not_agreed_does_not():
    state = after(row("P1", TUESDAY_NOON, 1, called=10, met=6, not_agreed=1, vacant=3))
    found = line(state, "household", "A")
    assert (found.registered, found.written_off, found.to_do, found.called, found.left) == (30, 3, 27, 7, 21)
    assert found.reasons["not_agreed"] == 1


def test_who_agrees_later_has_agreed():
    state = after(
        row("P1", TUESDAY_NOON, 1, called=10, met=8, not_agreed=2),
        row("P1", MONDAY_NOON, 1, called=0, met=1, recorded=1),
    )
    found = line(state, "household", "A")
    assert (found.met, found.reasons["not_agreed"]) == (9, 1)


def test_met_is_not_recorded_and_is_recorded_later_once():
    first = row("P1", TUESDAY_NOON, 1, called=10, met=10, recorded=7)
    assert line(after(first), "household").reasons["not_recorded"] == 3
    later = line(after(first, row("P1", MONDAY_NOON, 1, called=0, recorded=3)), "household")
    assert (later.met, later.recorded, later.reasons["not_recorded"]) == (10, 10, 0)


def test_more_found_than_registered_is_said_and_makes_no_share_over_one():
    state = after(row("P1", TUESDAY_NOON, 1, called=12, met=12))
    found = line(state, "household")
    assert (found.registered, found.more_found, found.to_do, found.recorded) == (45, 2, 47, 12)
    assert any("比底册多发现：2户" in one for one in wording.notes("zh", state, {}, records=True))


def test_a_building_without_a_number_of_households_leaves_the_line_without_a_share():
    held = register(buildings=(("P1", "A", 10), ("P2", "A", np.nan), ("P3", "B", 15)))
    state = after(row("P1", TUESDAY_NOON, 1, called=10, met=10), held=held)
    found = line(state, "household")
    assert (found.to_do, found.left, found.recorded) == (None, None, 10)
    assert np.isnan(found.share(found.recorded))
    assert wording.share_done("zh", found, found.recorded) == "—"
    assert line(state, "household", "B").to_do == 15
    assert any("P2" in one for one in wording.notes("zh", state, {}, records=True))
    assert not any("P2" in one for one in wording.notes("zh", state, {}, records=False))


def test_where_nothing_was_imported_nothing_is_zero():
    before = tally(campaign(), register(), None, None, FIRST - timedelta(days=1))
    assert line(before, "household").called == 0
    begun = tally(campaign(), register(), None, None, FIRST)
    assert {(one.called, one.met, one.recorded, one.left) for one in begun.lines()} == {(None, None, None, None)}
    assert {row["recorded"] for row in wording.line_rows("zh", begun.lines())} == {"—"}
    only_checks = tally(campaign(), register(), None, checks(("P1", TUESDAY_NOON, "done", "T1")), FIRST)
    assert line(only_checks, "household").called is None
    assert (line(only_checks, "building").called, line(only_checks, "building").met) == (1, 0)
    assert line(only_checks, "shop").called == 0


def test_shops_and_venues_go_by_their_checks_each_by_itself():
    state = after(
        row("P1", TUESDAY_NOON, 1, called=10, met=10),
        checked=checks(
            ("S1", TUESDAY_EVENING, "nobody_home", "T1"),
            ("S1", SATURDAY_NOON, "done", "T1"),
            ("S1", MONDAY_NOON, "done", "T2"),
            ("V1", TUESDAY_NOON, "not_applicable", "T2"),
            ("X9", TUESDAY_NOON, "done", "T2"),
            ("S1", "2026-10-19 12:00", "done", "T9"),
        ),
    )
    shop, venue = line(state, "shop"), line(state, "venue")
    assert (shop.to_do, shop.called, shop.met, shop.recorded) == (1, 1, 1, 1)
    assert (venue.registered, venue.written_off, venue.to_do) == (1, 1, 0)
    assert state.callers["S1"] == {"T1", "T2"}


def test_a_revisit_of_a_shop_counts_once_and_a_change_of_mind_counts():
    found = calls_of_checks(
        checks(
            ("S1", TUESDAY_NOON, "refused", "T1"),
            ("S1", SATURDAY_NOON, "partly", "T1"),
            ("S1", MONDAY_NOON, "done", "T1"),
            ("S1", MONDAY_EVENING, "done", "T1"),
        )
    )
    assert found[["called", "met", "recorded", "not_agreed"]].to_numpy().tolist() == [
        [1, 0, 0, 1],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
    ]


def test_a_shop_where_something_was_found_was_met_and_recorded_as_one_without():
    found = calls_of_checks(checks(("S1", TUESDAY_NOON, "finding", "T1"), ("S1", MONDAY_NOON, "done", "T1")))
    assert found[["called", "met", "recorded"]].to_numpy().tolist() == [[1, 1, 1]]
    shop = line(after(checked=checks(("S1", TUESDAY_NOON, "finding", "T1"))), "shop")
    assert (shop.called, shop.met, shop.recorded, shop.left) == (1, 1, 1, 0)


def test_a_row_that_contradicts_itself_takes_no_refusal_and_no_vacant_home_away():
    """What an older version took in stays in the store."""
    state = after(
        row("P1", TUESDAY_NOON, 1, called=10, met=10, not_agreed=3),
        row("P2", TUESDAY_NOON, 1, called=20, met=19, vacant=4),
    )
    assert state.places.loc["P1", "not_agreed"] == 3
    assert state.places.loc["P2", "vacant"] == 4


def test_a_building_is_met_once_all_were_called_and_done_once_none_waits():
    walked = row("P1", TUESDAY_NOON, 1, called=10, met=9)
    once = line(after(walked), "building", "A")
    assert (once.called, once.met, once.recorded) == (1, 1, 0)
    again = line(after(walked, row("P1", MONDAY_NOON, 2, called=1, met=1)), "building", "A")
    assert (again.called, again.met, again.recorded) == (1, 1, 1)


def test_persons_are_counted_where_every_round_says_how_many():
    told = [row(place, TUESDAY_NOON, 1, called=5, met=5, persons=11.0) for place in ("P1", "P2", "P3")]
    assert line(after(*told), "person").recorded == 33
    assert (line(after(*told), "person").called, line(after(*told), "person").to_do) == (None, 110)
    silent = row("P3", MONDAY_NOON, 1, called=5, met=5)
    assert line(after(*told, silent), "person").recorded is None


def test_a_row_that_comes_again_takes_the_place_of_the_first():
    first = calls(row("P1", TUESDAY_NOON, 1, called=10, met=4))
    again = calls(row("P1", TUESDAY_NOON, 1, called=10, met=5))
    assert merged([first, again])["met"].tolist() == [5]
    assert merged([first, first])["met"].tolist() == [4]
    assert merged([]).empty


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([row("P1", TUESDAY_NOON, 1, 10, met=7), row("P1", MONDAY_NOON, 2, 4)], {"P1": Fault("rounds", 2, 4, 3)}),
        ([row("P1", MONDAY_NOON, 2, 4)], {"P1": Fault("rounds", 2, 4, 0)}),
        ([row("P1", TUESDAY_NOON, 1, 3, met=4)], {"P1": Fault("settled", 1, 4, 3)}),
        # A row that says of the same households that they were met and that they were not.
        ([row("P1", TUESDAY_NOON, 1, 10, met=10, not_agreed=3)], {"P1": Fault("settled", 1, 13, 10)}),
        ([row("P1", TUESDAY_NOON, 1, 10, met=9, vacant=4)], {"P1": Fault("settled", 1, 13, 10)}),
        # Not even where a round before it had refusals that it might be netted against.
        (
            [row("P1", TUESDAY_NOON, 1, 8, met=2, not_agreed=3), row("P1", MONDAY_NOON, 2, 3, met=3, not_agreed=3)],
            {"P1": Fault("settled", 2, 6, 3)},
        ),
        # Nobody agrees before having refused.
        (
            [row("P1", TUESDAY_NOON, 1, 0, met=2), row("P1", MONDAY_NOON, 1, 10, met=8, not_agreed=2)],
            {"P1": Fault("settled", 1, 2, 0)},
        ),
        ([row("P1", TUESDAY_NOON, 1, 10, met=8, not_agreed=2), row("P1", MONDAY_NOON, 1, 0, met=2)], {}),
        ([row("P1", TUESDAY_NOON, 1, 10, met=8, not_agreed=2), row("P1", MONDAY_NOON, 1, 0, vacant=2)], {}),
        ([row("P1", TUESDAY_NOON, 1, 3, met=2, recorded=3)], {"P1": Fault("beyond", 0, 3, 2)}),
        ([row("S1", TUESDAY_NOON, 1, 2, met=2)], {"S1": Fault("single", 1, 2, 1)}),
        ([row("P1", TUESDAY_NOON, 1, 12, met=7), row("P1", MONDAY_NOON, 2, 5)], {}),
    ],
)
def test_rounds_that_do_not_add_up_are_named(rows, found):
    assert faults(register(), calls(*rows)) == found


def test_an_area_that_the_list_of_areas_counts_otherwise_is_told():
    held = register(buildings=(("P1", "A", 10), ("P2", "A", 19), ("P3", "B", 15)))
    assert unlike_area_list(held) == {"A": (29, 30)}
    with pytest.raises(UserError, match="no register of buildings"):
        register(buildings=(("P1", "A", 10),), venues=())


@pytest.mark.parametrize(
    ("recorded", "said"), [(10_000, "全部"), (9_999, ">99.9%"), (9_960, "99.6%"), (9_996, ">99.9%")]
)
def test_no_share_is_called_whole_unless_it_is(recorded, said):
    held = register(buildings=(("P1", "A", 10_000),))
    state = after(row("P1", TUESDAY_NOON, 1, called=10_000, met=recorded), held=held)
    found = line(state, "household")
    assert wording.share_done("zh", found, found.recorded) == said


@given(st.integers(0, 2**32))
def test_parts_add_up_and_nothing_is_done_that_was_not_to_do(seed):
    rng = np.random.default_rng(seed)
    buildings = [("P1", "A", 12), ("P2", "A", 5), ("P3", "B", 9)]
    rows, _ = played(rng, buildings)
    held = register(buildings=buildings)
    assert faults(held, rows) == {}
    for day in (FIRST, date(2026, 10, 24), END):
        state = tally(campaign(), held, rows, None, day)
        for area in (None, "A", "B"):
            for one in state.lines(area):
                if one.line not in state.counted or one.line == "person":
                    continue
                assert 0 <= one.recorded <= one.met <= one.called <= one.to_do, one
                assert one.registered + one.more_found - one.written_off == one.to_do
                assert sum(one.reasons.values()) == one.left
                whole = 0 < one.recorded == one.to_do
                assert (wording.share_done("zh", one, one.recorded) == "全部") == whole
        street, parts = line(state, "household"), [line(state, "household", area) for area in ("A", "B")]
        for name in ("registered", "to_do", "called", "met", "recorded", "left"):
            assert getattr(street, name) == sum(getattr(part, name) for part in parts)


@given(st.integers(0, 2**32))
def test_counts_agree_with_the_households_that_nobody_sees(seed):
    """A second reckoning, household by household: all states but one are exact, and no household is called in vain for
    good that was not."""
    rng = np.random.default_rng(seed)
    buildings = [("P1", "A", 12), ("P2", "A", 5), ("P3", "B", 9)]
    rows, truth = played(rng, buildings)
    state = tally(campaign(), register(buildings=buildings), rows, None, END)

    def is_closed(home):
        moments = home["moments"]
        evening, weekend = any(one.hour >= 18 for one in moments), any(one.weekday() >= 5 for one in moments)
        return home["state"] == "waiting" and len({one.date() for one in moments}) >= 3 and evening and weekend

    for place, homes in truth.items():
        told = state.places.loc[place]
        seen = [one for one in homes if one["state"] != "not_called"]
        assert told["found"] == len(seen)
        for name in ("not_agreed", "vacant"):
            assert told[name] == sum(one["state"] == name for one in homes)
        assert told["met"] == sum(one["state"] in ("met", "recorded") for one in homes)
        closed = sum(map(is_closed, homes))
        waiting = sum(one["state"] == "waiting" for one in homes)
        assert told["in_vain"] <= closed
        assert told["in_vain"] + told[["waiting_1", "waiting_2", "waiting_more"]].sum() == waiting


@pytest.mark.parametrize(
    ("wanted", "to_do", "recorded", "said"),
    [(0.55, 100, 55, "(55%) reached"), (0.07, 100, 7, "(7%) reached"), (0.55, 100, 54, "1"),
     (0.996, 1000, 996, "(99.6%)"), (1, 10, 9, "1")],
)  # fmt: skip
def test_a_target_is_reached_by_what_it_asks_for_and_not_by_one_more(wanted, to_do, recorded, said):
    line = SimpleNamespace(line="building", to_do=to_do, recorded=recorded)
    state = SimpleNamespace(lines=lambda: [line], campaign=SimpleNamespace(targets={"building": wanted}))
    (part,) = wording.target_parts("en", state)
    assert said in part
    assert ("reached" in part) == (recorded >= round(wanted * to_do, 6))


def test_all_reasons_have_words():
    told = wording.reason_parts("en", dict.fromkeys(REASONS, 1))
    assert len(set(told)) == len(REASONS)


def test_far_more_households_than_registered_are_refused():
    assert faults(register(), calls(row("P2", TUESDAY_NOON, 1, 500, met=450)))["P2"] == Fault("many", 1, 500, 20)
    assert "P2" not in faults(register(), calls(row("P2", TUESDAY_NOON, 1, 40, met=30)))
    assert "P1" not in faults(register(), calls(row("P1", TUESDAY_NOON, 1, 30, met=30)))  # 20 more, in a small one
    twice = calls(row("P2", TUESDAY_NOON, 1, 30), row("P2", TUESDAY_EVENING, 1, 30))
    assert "P2" in faults(register(), twice)


def test_a_building_that_is_not_applicable_leaves_the_base_as_written_off():
    rows = [row("P2", TUESDAY_NOON, 1, called=20, met=20), row("P3", TUESDAY_NOON, 1, called=15, met=15)]
    state = after(*rows, checked=checks(("P1", TUESDAY_NOON, "not_applicable", "T1")))
    found = line(state, "household")
    assert (found.registered, found.written_off, found.to_do, found.recorded, found.left) == (45, 10, 35, 35, 0)
    assert state.places["not_called"].sum() == 2  # the shop and the venue


def test_a_building_torn_down_of_which_no_households_are_known_is_told():
    held = register(buildings=(("P1", "A", 10), ("P2", "A", np.nan), ("P3", "B", 15)))
    gone = checks(("P2", TUESDAY_NOON, "not_applicable", "T1"))
    state = after(row("P1", TUESDAY_NOON, 1, called=10, met=10), checked=gone, held=held)
    found = line(state, "household")
    assert (found.registered, found.written_off, found.to_do, found.left) == (25, 0, 25, 15)
    told = wording.notes("zh", state, {}, records=True)
    assert any("1栋已不适用的楼没有户数" in one and "P2" in one for one in told)
    assert not any("P2" in one for one in wording.notes("zh", state, {}, records=False))
    off = wording.written_off_by_place(state)
    assert np.isnan(off.loc["P2", "number"])


def test_what_is_written_off_is_said_and_listed_before_calls_are_imported_too():
    gone = checks(("P1", TUESDAY_NOON, "not_applicable", "T1"), ("S1", TUESDAY_NOON, "not_applicable", "T1"))
    found = line(tally(campaign(), register(), None, gone, END), "household")
    assert (found.registered, found.written_off, found.to_do, found.recorded) == (45, 10, 35, None)
    state = after(row("P2", TUESDAY_NOON, 1, called=20, met=18, vacant=2), checked=gone)
    assert wording.written_off_parts("zh", state) == [
        "核销12户：空置2户，已不适用的楼1栋10户。",
        "核销停业或已不适用的商铺1家。",
    ]
    off = wording.written_off_by_place(state)
    assert off[["number", "why"]].to_numpy().tolist() == [[10.0, "gone"], [2.0, "vacant"], [1.0, "gone"]]


def test_where_all_are_vacant_nobody_is_told_to_be_recorded():
    rows = [row(place, TUESDAY_NOON, 1, called=n, vacant=n) for place, _, n in (("P1", 0, 10), ("P2", 0, 20))]
    state = after(*rows, row("P3", TUESDAY_NOON, 1, called=15, vacant=15), checked=None)
    assert "均已登记" not in wording.left_text("zh", state)
    aimed = tally(campaign(targets={"household": 0.95}), register(), calls(*rows), None, END)
    assert not any("已达目标" in one for one in wording.target_parts("zh", aimed))


def test_rows_that_do_not_count_any_more_are_told():
    rows = [row("P1", TUESDAY_NOON, 1, called=10, met=10), row("P9", TUESDAY_NOON, 1, called=4, met=4)]
    early = row("P2", "2026-10-19 19:00", 1, called=20, met=20)
    state = after(*rows, early)
    assert (line(state, "household").recorded, state.aside) == (10, 2)
    assert any("有2行不计" in one for one in wording.notes("zh", state, {}, records=True))
    assert not any("行不计" in one for one in wording.notes("zh", after(rows[0], day=FIRST), {}, records=True))


def test_more_households_than_can_be_are_told_where_they_were_imported_before():
    state = after(row("P2", TUESDAY_NOON, 1, called=500, met=450))
    assert any("超过底册两倍" in one and "P2" in one for one in wording.notes("zh", state, {}, records=True))
    assert not any("P2" in one for one in wording.notes("en", state, {}, records=False))


def test_persons_are_not_told_as_all_while_households_are_open():
    rows = [row("P1", TUESDAY_NOON, 1, called=10, met=10, persons=80.0)]
    rows += [row("P3", TUESDAY_NOON, 1, called=15, met=15, persons=40.0)]
    state = after(*rows)
    found = line(state, "person")
    assert found.recorded == 120
    assert wording.share_done("zh", found, found.recorded) != "全部"
    assert found.left != 0
    assert wording.persons_short("zh", state)[0].startswith("1个网格登记人数已达底册")
    assert wording.persons_short("zh", state)[0] in wording.notes("zh", state, {}, records=True)
    done = after(*rows, row("P2", TUESDAY_NOON, 1, called=20, met=20, persons=30.0))
    assert wording.share_done("zh", line(done, "person"), line(done, "person").recorded) == "全部"
    assert wording.persons_short("zh", done) == []


@pytest.mark.parametrize(
    ("lang", "added", "beside"),
    [
        ("zh", "比底册多发现：2户，已计入应清。", "比底册多登记：10人；该项应清未知，未计入。"),
        ("en", "More than registered: 2 households; included in what is to do.", "10 persons; what is to do is not"),
    ],
)
def test_of_persons_nothing_is_said_to_be_added_where_what_is_to_do_is_not_known(lang, added, beside):
    rows = [row("P1", TUESDAY_NOON, 1, called=12, met=12, persons=80.0)]
    rows += [row("P3", TUESDAY_NOON, 1, called=15, met=15, persons=40.0)]
    state = after(*rows)
    assert (line(state, "person").to_do, line(state, "person").more_found) == (None, 10)
    told = wording.notes(lang, state, {}, records=True)
    assert added in told
    assert any(beside in one for one in told)


@pytest.mark.parametrize(
    ("moments", "closed"),
    [
        (("2026-10-24 18:00", "2026-10-24 18:04", "2026-10-24 18:09"), False),
        (("2026-10-24 09:00", "2026-10-24 13:00", "2026-10-24 19:00"), False),
        (("2026-10-24 09:00", "2026-10-24 19:00", MONDAY_NOON), False),
        ((SATURDAY_EVENING, MONDAY_NOON, "2026-10-27 12:00"), True),
        ((SATURDAY_NOON, SATURDAY_EVENING, MONDAY_NOON, "2026-10-27 12:00"), True),  # four calls on three days
        ((SATURDAY_NOON, SATURDAY_EVENING, MONDAY_NOON, MONDAY_EVENING), False),
    ],
)
def test_calls_of_one_day_are_no_three_calls(moments, closed):
    state = after(*(row("P1", moment, at, called=2) for at, moment in enumerate(moments, 1)))
    assert line(state, "household").reasons["in_vain"] == (2 if closed else 0)
    assert line(state, "household").reasons["waiting"] == (0 if closed else 2)
