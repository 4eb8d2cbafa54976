"""What is asked before a release is published, and what becomes of one that is taken back."""

from datetime import timedelta

import pytest

from analytics.access import Actor
from analytics.errors import AccessError, LedgerError, ReleaseError, UnconfirmedError
from analytics.releases import Intent, status, verify
from analytics.releases.publishing import SAME_AGAIN, entry_of, newest, predecessor, publish_draft, release
from analytics.store import ledger as ledger_module
from analytics.store import ledger_database
from analytics.store.ledger_database import CLOCK
from tests.releases.frozen import KEEPER
from tests.releases.small_office import DAY, FEVERS, Office, material, world
from tests.scoring.small_world import indicator, scheme

NEXT = DAY + timedelta(days=1)


@pytest.fixture
def office(home):
    return Office(home)


def assert_asked(asked):
    assert asked.value.code == SAME_AGAIN
    (problem,) = asked.value.problems
    assert "总第1期" in problem.text("zh")
    assert "1" in problem.text("en")
    return True


# The same again


def test_the_same_day_records_and_scheme_again_are_asked_about_and_go_when_that_is_meant(office):
    office.publish(material(world()))
    before = office.ledger.audit()
    with pytest.raises(UnconfirmedError) as asked:
        office.publish(material(world()))
    assert_asked(asked)
    with pytest.raises(UnconfirmedError):
        office.publish(material(world()), confirmed=("clock",))
    assert office.ledger.audit() == before
    assert [folder.name for folder in (office.home / "releases").iterdir()] == ["000001"]
    assert office.publish(material(world()), confirmed=(SAME_AGAIN,)).number == 2
    assert office.ledger.audit()[-1].detail["confirmed"] == [SAME_AGAIN]


@pytest.mark.parametrize(
    "other",
    [
        material(world(), day=NEXT),
        material(world(c=3)),
        material(world(), scheme([indicator(weight=2)], version=2)),
        material(world(), scheme([indicator()], id="other")),
    ],
)
def test_what_differs_in_one_of_them_is_not_asked_about(office, other):
    office.publish(material(world()))
    assert office.publish(other).number == 2


def test_the_order_of_the_records_makes_no_other_records(office):
    office.publish(material(world()))
    turned = world()
    turned = type(turned)(**{**vars(turned), "incidents": turned.incidents.iloc[::-1]})
    with pytest.raises(UnconfirmedError):
        office.publish(material(turned))


def test_a_draft_is_not_asked_about_until_it_is_published(office):
    office.publish(material(world()))
    draft = office.publish(material(world()), publish=False)
    with pytest.raises(UnconfirmedError) as asked:
        publish_draft(office.home, office.ledger, KEEPER, draft, Intent("发布", publish=True))
    assert_asked(asked)
    made = publish_draft(
        office.home, office.ledger, KEEPER, draft, Intent("发布", publish=True, confirmed={SAME_AGAIN})
    )
    assert made.manifest.number == 2


def test_after_it_was_withdrawn_it_is_not_asked_about(office):
    office.publish(material(world()))
    office.ledger.withdraw_release(KEEPER, 1, "填错日期")
    assert office.publish(material(world())).number == 2


# Withdrawn


@pytest.fixture
def three(office):
    """Three releases of one scheme, a day apart, the second of which was withdrawn."""
    for at in range(3):
        office.publish(material(world(a=5 + at), day=DAY + timedelta(days=at)))
    office.ledger.withdraw_release(Actor("乙", "keeper"), 2, "数据有误")
    return office


def test_a_withdrawn_release_says_when_by_whom_and_why_and_stays_readable(three):
    found = entry_of(three.ledger, 2)
    assert (found.withdrawn_by, found.withdrawn_role, found.withdrawn_reason) == ("乙", "keeper", "数据有误")
    assert found.withdrawn == three.ledger.audit()[-1].detail["row"]["withdrawn"]
    assert not found.stands
    frozen = verify(three.home, three.ledger, 2)
    assert frozen.assessment().areas.index.tolist() == ["A", "B", "C"]
    assert three.report(1, 2).comparison.compared == 3
    told = status(three.home, three.ledger, frozen.code)
    assert (told.status, told.number, told.newest) == ("withdrawn", 2, 3)
    assert [entry.number for entry in three.ledger.releases()] == [3, 2, 1]


def test_nothing_is_held_against_it_any_more(three):
    assert predecessor(three.ledger, entry_of(three.ledger, 3)).number == 1
    assert newest(three.ledger, FEVERS.id).number == 3
    three.ledger.withdraw_release(KEEPER, 3, "数据有误")
    assert newest(three.ledger, FEVERS.id).number == newest(three.ledger).number == 1
    first = verify(three.home, three.ledger, 1)
    assert status(three.home, three.ledger, first.code).status == "unchanged"
    draft = three.publish(material(world(), day=DAY + timedelta(days=5)), publish=False)
    assert predecessor(three.ledger, draft).number == 1
    three.ledger.withdraw_release(KEEPER, 1, "数据有误")
    assert newest(three.ledger) is None
    assert predecessor(three.ledger, draft) is None
    assert status(three.home, three.ledger, first.code).newest is None


def test_numbers_go_on_after_it(three):
    three.ledger.withdraw_release(KEEPER, 3, "数据有误")
    again = three.publish(material(world(), day=DAY + timedelta(days=1)))
    assert (again.number, predecessor(three.ledger, again).number) == (4, 1)
    assert three.ledger.verify_audit() == 6


def test_an_earlier_day_can_be_published_once_the_later_release_is_withdrawn(office):
    office.publish(material(world(), day=NEXT))
    with pytest.raises(ReleaseError, match="too early"):
        office.publish(material(world()))
    office.ledger.withdraw_release(KEEPER, 1, "日期有误")
    assert office.publish(material(world())).number == 2


def test_what_cannot_be_withdrawn_is_a_sentence_and_leaves_no_entry(three):
    three.publish(material(world(), day=DAY + timedelta(days=5)), publish=False)
    before = three.ledger.audit()
    for number, reason, said in ((2, "再次", "release 2"), (9, "没有", "release 9"), (0, "没有", "release 0"),
                                 (1, " ", "needs a reason")):  # fmt: skip
        with pytest.raises(LedgerError, match=said):
            three.ledger.withdraw_release(KEEPER, number, reason)
    for role in ("leader", "analyst", "admin"):
        with pytest.raises(AccessError):
            three.ledger.withdraw_release(Actor("丙", role), 1, "不该")
    assert three.ledger.audit() == before


# A clock that went back


def test_a_clock_that_went_back_is_asked_about_and_nothing_is_left_of_the_release(office, monkeypatch):
    office.publish(material(world()))
    for module in (ledger_module, ledger_database):
        monkeypatch.setattr(module, "now", lambda: "2001-01-01T00:00:00+00:00")
    with pytest.raises(UnconfirmedError) as asked:
        office.publish(material(world(), day=NEXT))
    assert asked.value.code == CLOCK
    assert [folder.name for folder in (office.home / "releases").iterdir()] == ["000001"]
    assert office.publish(material(world(), day=NEXT), confirmed=(CLOCK,)).year == 2001
    assert office.publish(material(world(), day=NEXT + timedelta(days=1))).number == 3


@pytest.mark.parametrize("publish", [True, False])
def test_what_could_not_be_printed_is_refused_before_it_is_kept(office, publish):
    reason = Intent("周例会\u202eabc", publish=publish)
    with pytest.raises(LedgerError, match="U\\+202E"):
        release(office.home, office.ledger, KEEPER, material(world()), reason)
    named = material(world())
    named.facts.areas["name"] = ["甲\ue000", *named.facts.areas["name"].iloc[1:]]
    with pytest.raises(ReleaseError, match=f"U\\+E000.*{named.facts.areas.index[0]}"):
        release(office.home, office.ledger, KEEPER, named, Intent("例会", publish=publish))
    assert office.ledger.releases() == ()
