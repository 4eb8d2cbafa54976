"""Assignments in the ledger, in a file and in PostgreSQL: one step after the other, by two hands, and nothing twice."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.access import Actor
from analytics.errors import AccessError, LedgerError, UnconfirmedError
from analytics.store import ledger_database
from analytics.store.assignments import CHECKED, NEXT, due_days, state_of
from analytics.store.ledger import Ledger
from analytics.store.ledger_assignments import MOST_DAYS
from analytics.store.ledger_entries import STEPS, AssignmentEntry, StepEntry
from tests.long.sizes import many

DAY = date(2026, 10, 26)
KEEPER, OTHER, LEADER = Actor("甲", "keeper"), Actor("乙", "keeper"), Actor("丙", "leader")
ADMIN, ALONE = Actor("甲", "admin"), Actor("丁", "local")


def entry(**changed):
    usual = {"number": 0, "source": "meeting", "area_id": None, "content": "核查出租屋消防通道", "post": "平安办"}
    usual |= {"working_days": 3, "assigned": DAY, "due": DAY + timedelta(days=3), "who": "", "role": "", "at": ""}
    return AssignmentEntry(**(usual | changed))


def step(kind, number=1, after=0, **changed):
    usual = {"text": "" if kind in ("agree", "sign_off") else f"街办〔2026〕{after}号", "due": None, "post": ""}
    if kind == "extend":
        usual["due"] = DAY + timedelta(days=after + 20)
    told = {"number": 0, "assignment": number, "step": kind, "day": DAY + timedelta(days=after), "who": "", "role": ""}
    return StepEntry(**(told | usual | {"at": ""} | changed))


@pytest.fixture
def assigned(ledger):
    ledger.assign(KEEPER, entry())
    return ledger


def test_an_assignment_is_kept_as_it_was_entered_and_the_trail_says_by_whom(assigned):
    ((held, steps),) = assigned.assignments()
    assert (held.number, held.content, held.post, held.due, held.area_id) == (
        *(1, "核查出租屋消防通道", "平安办", DAY + timedelta(days=3), None),
    )
    assert (held.who, held.role, steps) == ("甲", "keeper", ())
    (written,) = assigned.audit()
    assert (written.action, written.subject, written.who, written.role) == ("assign", "1", "甲", "keeper")
    assert assigned.verify_audit() == 1


def test_numbers_go_on_and_texts_stand_on_one_line(assigned):
    assert assigned.assign(KEEPER, entry(content="  楼道\n堆物  ", area_id="A1", source="hazard")) == 2
    held = assigned.assignments()[1][0]
    assert (held.content, held.area_id, held.source) == ("楼道 堆物", "A1", "hazard")


def test_what_is_assigned_already_is_not_entered_twice_until_it_is_signed_off(assigned):
    with pytest.raises(LedgerError, match=r"Assignment no\. 1 says the same"):
        assigned.assign(OTHER, entry(content=" 核查出租屋消防通道 "))
    assert len(assigned.audit()) == 1
    for actor, kind in ((KEEPER, "report"), (LEADER, "sign_off")):
        assigned.take_step(actor, step(kind))
    assert assigned.assign(OTHER, entry()) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"content": " "}, {"post": ""}, {"working_days": 0}, {"working_days": MOST_DAYS + 1}, {"content": "字" * 121},
        {"content": "致电13800000000"}, {"content": "联系人：某户"}, {"content": "到3单元核查"}, {"post": "王小明"},
        {"content": "测试\u202e一二三"}, {"source": "rumour"}, {"post": "岗" * 41},
    ],
)  # fmt: skip
def test_what_cannot_be_or_tells_of_a_person_is_refused_and_leaves_no_entry(ledger, wrong):
    with pytest.raises(LedgerError):
        ledger.assign(KEEPER, entry(**wrong))
    assert ledger.audit() == ()
    assert ledger.assignments() == ()


def test_it_goes_from_hand_to_hand_until_it_is_signed_off(assigned):
    way = [
        (KEEPER, "progress"), (KEEPER, "extend"), (LEADER, "agree"), (OTHER, "extend"), (LEADER, "decline"),
        (KEEPER, "report"), (LEADER, "return"), (KEEPER, "report"), (LEADER, "sign_off"),
    ]  # fmt: skip
    states = []
    for after, (actor, kind) in enumerate(way):
        assigned.take_step(actor, step(kind, after=after, **({"due": DAY + timedelta(days=30)} if after == 3 else {})))
        states.append(state_of(assigned.assignments()[0][1]))
    assert states == [
        *("open", "extension", "open", "extension", "open", "awaiting", "open", "awaiting", "signed_off"),
    ]
    held, steps = assigned.assignments()[0]
    assert [(one.step, one.who, one.role) for one in steps] == [(kind, who.name, who.role) for who, kind in way]
    assert due_days(held, steps) == (
        (DAY, DAY + timedelta(days=3)),
        (DAY + timedelta(days=2), DAY + timedelta(days=21)),
    )
    assert [one.action for one in assigned.audit()[1:]] == [f"assignment_{kind}" for _, kind in way]
    assert assigned.verify_audit() == 10


@pytest.mark.parametrize("before", [(), ("extend",), ("report",), ("report", "sign_off")])
def test_no_step_but_the_next_is_taken_and_a_second_press_does_nothing(assigned, before):
    for kind in before:
        assigned.take_step(LEADER if kind in CHECKED else KEEPER, step(kind))
    held, steps = assigned.assignments()[0]
    entries = len(assigned.audit())
    for kind in STEPS:
        if kind not in NEXT[state_of(steps)]:
            with pytest.raises(LedgerError, match=r"Assignment no\. 1 is"):
                assigned.take_step(ADMIN if kind not in CHECKED else LEADER, step(kind))
    assert len(assigned.audit()) == entries
    assert assigned.assignments() == ((held, steps),)


def test_the_same_progress_is_not_noted_twice_in_a_row(assigned):
    assigned.take_step(KEEPER, step("progress", text="已约谈"))
    with pytest.raises(LedgerError, match="The same progress"):
        assigned.take_step(KEEPER, step("progress", text="已约谈 "))
    assigned.take_step(KEEPER, step("progress", text="已整改"))
    assigned.take_step(KEEPER, step("progress", text="已约谈"))


@pytest.mark.parametrize("kind", ["progress", "report", "extend", "decline", "return"])
def test_a_step_that_needs_a_text_is_refused_without_one(assigned, kind):
    if kind in CHECKED:
        assigned.take_step(KEEPER, step(CHECKED[kind]))
    with pytest.raises(LedgerError, match="is empty"):
        assigned.take_step(LEADER if kind in CHECKED else KEEPER, step(kind, text=" "))


@pytest.mark.parametrize("due", [None, DAY, DAY + timedelta(days=3)])
def test_an_extension_ends_later_than_the_day_in_force(assigned, due):
    with pytest.raises(LedgerError, match="is due on 29 October 2026"):
        assigned.take_step(KEEPER, step("extend", due=due))


def test_an_extension_leads_to_a_day_within_a_year(assigned):
    with pytest.raises(LedgerError, match="366 days from today"):
        assigned.take_step(KEEPER, step("extend", due=DAY + timedelta(days=367)))
    assigned.take_step(KEEPER, step("extend", due=DAY + timedelta(days=366)))


def test_one_who_works_alone_names_another_post_in_whatever_role_it_was_done(assigned):
    assigned.take_step(KEEPER, step("report"))
    alone = Actor(KEEPER.name, "local")
    with pytest.raises(LedgerError, match="post"):
        assigned.take_step(alone, step("sign_off"))


def test_an_extension_whose_day_has_passed_is_not_agreed_to(assigned):
    assigned.take_step(KEEPER, step("extend", due=DAY + timedelta(days=7)))
    with pytest.raises(LedgerError, match="which has passed"):
        assigned.take_step(LEADER, step("agree", after=8))
    assigned.take_step(LEADER, step("decline", after=8))


# Two hands


@pytest.mark.parametrize(("judges", "did"), list(CHECKED.items()))
def test_who_did_it_does_not_check_it(assigned, judges, did):
    assigned.take_step(ADMIN, step(did))
    with pytest.raises(LedgerError, match="You took the first step yourself"):
        assigned.take_step(ADMIN, step(judges))
    assigned.take_step(Actor("乙", "admin"), step(judges))


def test_whoever_reported_it_once_does_not_sign_off_what_another_reported_later(assigned):
    for actor, kind in ((ADMIN, "report"), (LEADER, "return"), (KEEPER, "report")):
        assigned.take_step(actor, step(kind))
    with pytest.raises(LedgerError, match="You took the first step yourself"):
        assigned.take_step(ADMIN, step("sign_off"))


def test_one_person_alone_names_the_post_that_checked_and_it_is_another(assigned):
    assigned.take_step(ALONE, step("report"))
    with pytest.raises(LedgerError, match="needs the post that checked"):
        assigned.take_step(ALONE, step("sign_off"))
    with pytest.raises(LedgerError, match="did it and cannot check it"):
        assigned.take_step(ALONE, step("sign_off", post=" 平安办 "))
    with pytest.raises(LedgerError, match="looks like a person"):
        assigned.take_step(ALONE, step("sign_off", post="李四"))
    assigned.take_step(ALONE, step("sign_off", post="督查室"))
    assert assigned.assignments()[0][1][-1].post == "督查室"


MAY = {"leader": "check", "keeper": "work", "admin": "work check", "analyst": ""}


@pytest.mark.parametrize(
    ("role", "kind"),
    [
        (role, kind)
        for role, may in MAY.items()
        for kind in STEPS
        if ("check" if kind in CHECKED else "work") not in may
    ],
)
def test_each_step_asks_for_its_role(assigned, kind, role):
    with pytest.raises(AccessError):
        assigned.take_step(Actor("戊", role), step(kind))
    assert len(assigned.audit()) == 1


def test_a_step_of_none_is_refused(assigned):
    with pytest.raises(LedgerError, match=r"There is no assignment no\. 7"):
        assigned.take_step(KEEPER, step("report", number=7))


def test_a_clock_that_went_back_is_asked_about(assigned, monkeypatch):
    monkeypatch.setattr(ledger_database, "now", lambda: "2020-01-01T00:00:00+08:00")
    with pytest.raises(UnconfirmedError):
        assigned.take_step(KEEPER, step("report"))
    with pytest.raises(UnconfirmedError):
        assigned.assign(KEEPER, entry(content="另一件"))
    assigned.take_step(KEEPER, step("report"), ("clock",))
    assert len(assigned.assignments()[0][1]) == 1


# Nothing is changed or taken away


@pytest.mark.parametrize("statement", ["DELETE FROM assignments", "DELETE FROM assignment_steps"])
def test_the_database_itself_refuses_to_remove(book, statement):
    ledger = book.open()
    ledger.assign(KEEPER, entry())
    ledger.take_step(KEEPER, step("report"))
    with pytest.raises(book.refusal, match="append-only"):
        book.raw(statement, protected=True)
    assert book.open().verify_audit() == 2


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("assignments", "UPDATE assignments SET due = '2030-01-01'"),
        ("assignment_steps", "UPDATE assignment_steps SET day = '2020-01-01'"),
    ],
)
def test_a_due_day_that_was_changed_behind_its_back_is_named(book, table, statement):
    ledger = book.open()
    ledger.assign(KEEPER, entry())
    ledger.take_step(KEEPER, step("report"))
    book.raw(statement)
    with pytest.raises(LedgerError, match=f"row 1 of the table {table}"):
        book.open().verify_audit()


# Whatever is tried


tries = st.lists(
    st.tuples(st.sampled_from([KEEPER, OTHER, LEADER, ADMIN, ALONE]), st.sampled_from(STEPS), st.integers(0, 3)),
    max_size=12,
)


@given(tries)
@settings(max_examples=many(20))
def test_whatever_is_tried_no_hand_checks_its_own_work_and_what_is_signed_off_stays_so(tmp_path_factory, tried):
    ledger = Ledger.open(None, tmp_path_factory.mktemp("any"))
    ledger.assign(KEEPER, entry())
    day = 0
    for actor, kind, later in tried:
        day += later
        try:
            ledger.take_step(actor, step(kind, after=day))
        except (LedgerError, AccessError):
            continue
    held, steps = ledger.assignments()[0]
    assert ledger.verify_audit() == 1 + len(steps)
    for at, one in enumerate(steps):
        assert one.step in NEXT[state_of(steps[:at])]
        if one.step in CHECKED:
            did = [(first.who, first.role) for first in steps[:at] if first.step == CHECKED[one.step]]
            assert (one.who, one.role) not in did or (one.role == "local" and one.post not in ("", held.post))
    dues = [due for _, due in due_days(held, steps)]
    assert dues == sorted(set(dues))
    assert not any(one.step == "sign_off" for one in steps[:-1])
