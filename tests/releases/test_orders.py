"""Orders in releases: frozen with what they raised, told in the bulletin, and a cause of their own when they end."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from analytics.releases import Intent, verify
from analytics.releases.bulletin import as_text
from analytics.releases.compare import compare, side_by_side
from analytics.releases.publishing import publish_draft
from analytics.releases.recount import Recount
from analytics.scoring.overrides import Override, with_overrides
from analytics.wording.comparison import headline
from analytics.wording.reasons import sentence
from analytics.wording.tier_changes import what_moved
from tests.releases.frozen import KEEPER, assert_same
from tests.releases.small_office import DAY, FEVERS, Office, material, world

BASIS = "街办〔2020〕31号"


@pytest.fixture
def office(home):
    return Office(home)


def order(number="T1", at_least="orange", area=None, first=DAY, last=DAY + timedelta(days=2), measure="每日巡查2次"):
    return {
        "order_id": number, "at_least": at_least, "area_id": area, "basis": BASIS, "from_day": pd.Timestamp(first),
        "to_day": pd.Timestamp(last), "measure": measure, "scheme": None,
    }  # fmt: skip


def ordered(*orders, day=DAY, **more):
    """What a release of the small office is made of under orders; A is yellow without them, B green and C blue."""
    return material(replace(world(**more), orders=pd.DataFrame(orders) if orders else None), day=day)


def lines(told, lang="zh"):
    return as_text(told.bulletin, lang).splitlines()


def shown(office, number):
    run = verify(office.home, office.ledger, number).assessment()
    return run.shown[-1].tolist()


def test_a_release_keeps_what_an_order_raised_when_the_table_changes_later(office):
    office.publish(ordered(order()))
    before = verify(office.home, office.ledger, 1).assessment()
    office.publish(ordered(day=DAY + timedelta(days=1)))
    assert shown(office, 1) == [3, 3, 3]
    assert_same(verify(office.home, office.ledger, 1).assessment(), before)
    assert [(one.number, one.basis, one.last) for one in before.orders] == [("T1", BASIS, DAY + timedelta(days=2))]
    assert before.without_order[-1].tolist() == [2, 0, 1]
    assert shown(office, 2)[1] == 0


def test_a_draft_under_an_order_is_published_as_it_is_and_decisions_of_people_stay_below_it(office):
    draft = office.publish(ordered(order()), publish=False)
    published = publish_draft(office.home, office.ledger, KEEPER, draft, Intent("例会", publish=True))
    run = published.assessment()
    assert run.shown[-1].tolist() == [3, 3, 3]
    decided = with_overrides(run, [Override("B", "green", "现场核实", "role", DAY, DAY)])
    assert decided.shown[-1].tolist() == [3, 3, 3]


def test_the_bulletin_says_whom_it_raises_until_when_and_what_is_to_be_done(office):
    office.publish(ordered(order()))
    told = office.first_report(1)
    assert f"提级令（{BASIS}）：全部区域2月20日至2月22日不低于橙色，据此上调3个。措施：每日巡查2次。" in lines(told)
    assert "因提级令3个" in as_text(told.bulletin, "zh")
    assert (
        f"Order ({BASIS}): all areas at least orange from 20 February to 22 February; 3 areas raised by it. "
        "Action: 每日巡查2次." in lines(told, "en")
    )
    why = f"A按提级令（{BASIS}）至2月22日不低于橙色：当日测算为黄色。"
    assert why in lines(told)
    assert why.rstrip("。") in sentence("zh", told.after.assessment, "A")


def test_rows_that_say_the_same_are_one_order_of_several_areas(office):
    office.publish(ordered(order("T1", area="A"), order("T2", area="B"), order("T3", "red", area="C")))
    told = lines(office.first_report(1))
    assert f"提级令（{BASIS}）：A、B2月20日至2月22日不低于橙色，据此上调2个。措施：每日巡查2次。" in told
    assert f"提级令（{BASIS}）：C2月20日至2月22日不低于红色，据此上调1个。措施：每日巡查2次。" in told


def test_its_end_is_the_cause_of_what_is_milder_after_it_and_is_said_so(office):
    office.publish(ordered(order()))
    office.publish(ordered(order(), day=DAY + timedelta(days=3)))
    assert office.causes(1, 2) == {
        "A": ("orange", "yellow", "order", "compare.order_ended"),
        "B": ("orange", "green", "order", "compare.order_ended"),
        "C": ("orange", "blue", "order", "compare.order_ended"),
    }
    report = office.report(1, 2)
    assert f"提级令（{BASIS}）已于2月22日到期，全部区域不再要求不低于橙色；由此下调的不表示情况好转。" in lines(report)
    assert "提级令3个" in as_text(report.bulletin, "zh")
    pair = side_by_side(report.before.assessment, report.after.assessment)
    assert what_moved("zh", pair, "B") == f"提级令（{BASIS}，至2月22日）不再适用，非情况好转"
    assert "（提级令不再适用）" in "".join(part["text"] for part in headline("zh", report))
    assert f"提级令（{BASIS}，不低于橙色）已于2月22日到期" in sentence("zh", report.after.assessment, "A")


def test_its_beginning_is_the_cause_of_what_it_raises_and_no_other_change_is_its_own(office):
    on = DAY + timedelta(days=1)
    fevers = {"a": 5, "c": 9, "last": "2020-02-14"}  # a week later they count no more
    blue = order(at_least="blue", first=on)
    office.publish(ordered(blue, **fevers))
    office.publish(ordered(blue, day=on, **fevers))
    # The records let A and C fall: the order only stayed the fall.
    assert {area: one[:3] for area, one in office.causes(1, 2).items()} == {
        "A": ("yellow", "blue", "day"),
        "B": ("green", "blue", "order"),
        "C": ("red", "blue", "day"),
    }


def test_an_order_that_was_taken_back_is_told_too(office):
    office.publish(ordered(order()))
    office.publish(ordered(day=DAY + timedelta(days=1)))
    told = lines(office.report(1, 2))
    assert any(line.startswith(f"上期适用的提级令（{BASIS}，至2月22日）现已撤销或变更") for line in told)
    assert {one[2] for one in office.causes(1, 2).values()} == {"order"}


def test_areas_without_data_are_counted_in_the_sentence_on_the_order(office):
    lacking = replace(world(), incidents=None, orders=pd.DataFrame([order()]))
    made = material(lacking)
    office.publish(made)
    run = verify(office.home, office.ledger, 1).assessment()
    assert run.computed[-1].tolist() == [-1, -1, -1]
    assert run.shown[-1].tolist() == [3, 3, 3]
    assert any("据此上调3个（其中数据不足3个）" in line for line in lines(office.first_report(1)))


@pytest.mark.parametrize("days", [0, 1, 3])
def test_the_cause_is_found_twice(office, days):
    office.publish(ordered(order(), order("T2", "red", "A", DAY + timedelta(days=1), DAY + timedelta(days=3))))
    office.publish(
        ordered(
            order(), order("T2", "red", "A", DAY + timedelta(days=1), DAY + timedelta(days=3)),
            day=DAY + timedelta(days=days), c=4,
        )
    )  # fmt: skip
    report = office.report(1, 2)
    again = Recount(report.before, report.after, None)
    for change in compare(report.before, report.after).changes:
        assert again.cause(change.area_id) == change.cause
    assert FEVERS.id == report.after.scheme.id
    assert isinstance(report.after.day, date)
