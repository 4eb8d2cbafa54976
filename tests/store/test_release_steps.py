"""Two people publish, in a file and in PostgreSQL: drafted, checked, answered, approved by another account, published,
in this order and in no other."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.access import Actor
from analytics.errors import AccessError, LedgerError
from analytics.store.ledger import Ledger
from analytics.store.ledger_entries import RELEASE_STEPS, ReleaseEntry, ReleaseStepEntry
from analytics.store.release_steps import missing, require_publishable, require_step, state_of, steps_of, unanswered
from tests.long.sizes import many

DAY = date(2026, 10, 26)
DRAFTER, KEEPER, LEADER, OTHER = (
    Actor("甲", "analyst"),
    Actor("丁", "keeper"),
    Actor("乙", "leader"),
    Actor("丙", "leader"),
)
ADMIN = Actor("管", "admin")
BELOW = Actor("社", "leader", frozenset({"C1"}))


def planned(draft=None, digest="1" * 64, **changed):
    usual = {"number": None, "number_of_year": None, "year": None, "draft": draft, "scheme_id": "epidemic", "day": DAY}
    usual |= {"status": "draft", "digest": digest, "author": "", "role": "", "reason": "例会", "at": ""}
    return ReleaseEntry(**(usual | changed))


def drafted(ledger, actor=DRAFTER, digest="1" * 64):
    return ledger.add_release(actor, planned(), lambda _: digest)


def published(ledger, draft, actor=KEEPER):
    of = planned(draft and draft.draft, status="published")
    return ledger.add_release(actor, of, lambda _: "f" * 64)


def step(draft, kind, **changed):
    usual = {"text": "", "community": None, "objection": None, "who": "", "role": "", "at": ""}
    usual |= {"text": "C1网格3处隐患已整改"} if kind == "object" else {}
    usual |= {"text": "已按整改记录更正"} if kind == "answer" else {}
    return ReleaseStepEntry(
        **({"number": 0, "draft": draft.draft, "digest": draft.digest, "step": kind} | usual | changed)
    )


@pytest.fixture
def asked(ledger):
    ledger.save_settings(ADMIN, {"two_hands": "on"})
    return ledger


@pytest.fixture
def draft(asked):
    return drafted(asked)


def state(ledger, draft):
    return state_of(draft, steps_of(draft, ledger.release_steps()))


def test_it_goes_from_hand_to_hand_and_the_release_says_in_which_roles(asked, draft):
    assert state(asked, draft) == "drafted"
    asked.take_release_step(LEADER, step(draft, "check"))
    objection = asked.take_release_step(BELOW, step(draft, "object", community="C1"))
    assert (objection.number, state(asked, draft)) == (2, "objected")
    asked.take_release_step(DRAFTER, step(draft, "answer", objection=2))
    assert state(asked, draft) == "checked"
    asked.take_release_step(LEADER, step(draft, "approve"))
    assert state(asked, draft) == "approved"
    entry = published(asked, draft)
    assert (entry.number, entry.author, entry.drafted_role, entry.approved_role) == (1, "丁", "analyst", "leader")
    assert asked.releases() == (entry,)
    assert [(one.step, one.who, one.role, one.community) for one in asked.release_steps()] == [
        ("check", "乙", "leader", None), ("object", "社", "leader", "C1"),
        ("answer", "甲", "analyst", None), ("approve", "乙", "leader", None),
    ]  # fmt: skip
    assert [one.action for one in asked.audit()] == [
        *("settings", "draft", "draft_check", "draft_object", "draft_answer", "draft_approve", "publish"),
    ]
    assert asked.verify_audit() == 7


def test_without_the_setting_all_stays_as_it_was(ledger):
    entry = published(ledger, drafted(ledger, KEEPER_WHO_DRAFTS))
    assert (entry.number, entry.drafted_role, entry.approved_role) == (1, None, None)
    assert published(ledger, None).number == 2
    ledger.require_publishable(None)


KEEPER_WHO_DRAFTS = Actor("丁", "local")


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ((), "a check by a community, an approval"),
        ((("check", LEADER),), "Still missing: an approval"),
        ((("object", LEADER),), "an answer to objection 1, an approval"),
        ((("check", LEADER), ("approve", LEADER), ("object", OTHER)), "an answer to objection 3, an approval"),
        ((("check", LEADER), ("approve", LEADER), ("object", OTHER), ("answer", DRAFTER)), "missing: an approval"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_and_nothing_is_numbered(asked, draft, way, said):
    for kind, actor in way:
        objections = unanswered(steps_of(draft, asked.release_steps()))
        number = objections[0].number if objections else None
        asked.take_release_step(actor, step(draft, kind, objection=number))
    before = asked.audit()
    for attempt in (lambda: published(asked, draft), lambda: asked.require_publishable(draft)):
        with pytest.raises(LedgerError) as refused:
            attempt()
        assert said in refused.value.text("en")
        assert "D000001不能发布" in refused.value.text("zh")
    assert asked.audit() == before
    assert [entry.status for entry in asked.releases()] == ["draft"]


def test_what_was_never_a_draft_is_not_published_at_once(asked):
    with pytest.raises(LedgerError, match="Save a draft"):
        published(asked, None)
    with pytest.raises(LedgerError, match="Save a draft"):
        asked.require_publishable(None)
    assert asked.releases() == ()


@pytest.mark.parametrize("name", ["甲", " 甲 "])
@pytest.mark.parametrize("kind", ["check", "object", "approve"])
def test_whoever_drafted_neither_checks_nor_approves_in_whatever_role(asked, draft, kind, name):
    asked.take_release_step(LEADER, step(draft, "check"))
    with pytest.raises(LedgerError, match="The same account cannot take the step"):
        asked.take_release_step(Actor(name, "leader"), step(draft, kind))
    assert len(asked.release_steps()) == 1


def test_an_approval_that_the_drafter_wrote_behind_the_ledger_does_not_count(asked, draft):
    held = asked.take_release_step(LEADER, step(draft, "check"))
    forged = replace(held, number=2, step="approve", who=draft.author, role="leader")
    assert state_of(draft, (held, forged)) == "checked"
    assert [one.key for one in missing(draft, (held, forged))] == ["two_hands.lacks_other"]


@pytest.mark.parametrize(
    ("kind", "actor", "changed", "said"),
    [
        ("approve", LEADER, {}, "a check by a community"),
        ("object", LEADER, {"text": " "}, "Give the text"),
        ("object", LEADER, {"text": "王某电话13800000000"}, ""),
        ("object", LEADER, {"text": "字" * 201}, ""),
        ("answer", DRAFTER, {"objection": 1}, "Waiting for an answer: none"),
        ("check", BELOW, {"community": None}, "only for its own communities"),
        ("check", BELOW, {"community": "C2"}, "only for its own communities"),
        ("check", LEADER, {"digest": "2" * 64}, "no longer what was looked at"),
        ("check", LEADER, {"draft": 7}, ""),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_no_entry(asked, draft, kind, actor, changed, said):
    before = asked.audit()
    with pytest.raises(LedgerError) as refused:
        asked.take_release_step(actor, replace(step(draft, kind), **changed))
    assert said in refused.value.text("en")
    assert refused.value.text("zh")
    assert asked.audit() == before


@pytest.mark.parametrize(
    ("kind", "actor"), [("check", DRAFTER), ("object", KEEPER), ("answer", LEADER), ("approve", KEEPER)]
)
def test_a_step_asks_for_a_role(asked, draft, kind, actor):
    with pytest.raises(AccessError):
        asked.take_release_step(actor, step(draft, kind))


def test_a_second_press_does_nothing_and_an_objection_waits_for_its_answer(asked, draft):
    asked.take_release_step(LEADER, step(draft, "object", community="C1"))
    for again, said in (("object", "recorded already"), ("check", "not answered yet")):
        with pytest.raises(LedgerError, match=said):
            asked.take_release_step(OTHER, step(draft, again, community="C1"))
    with pytest.raises(LedgerError, match="Ask somebody else"):
        asked.take_release_step(Actor("乙", "local"), step(draft, "answer", objection=1))
    asked.take_release_step(DRAFTER, step(draft, "answer", objection=1))
    with pytest.raises(LedgerError, match="no such objection"):
        asked.take_release_step(DRAFTER, step(draft, "answer", objection=1))
    asked.take_release_step(OTHER, step(draft, "check", community="C1"))
    with pytest.raises(LedgerError, match="recorded already"):
        asked.take_release_step(OTHER, step(draft, "check", community="C1"))
    asked.take_release_step(OTHER, step(draft, "approve"))
    with pytest.raises(LedgerError, match="approved already"):
        asked.take_release_step(LEADER, step(draft, "approve"))


def test_of_new_records_a_new_draft_is_made_and_nothing_that_was_said_holds_for_it(asked, draft):
    for kind in ("check", "approve"):
        asked.take_release_step(LEADER, step(draft, kind))
    again = drafted(asked, digest="3" * 64)
    assert state(asked, again) == "drafted"
    with pytest.raises(LedgerError, match="a check by a community"):
        published(asked, again)
    changed = replace(draft, digest="9" * 64)
    assert state(asked, changed) == "drafted"


def test_the_setting_is_on_or_off_and_can_be_taken_back(asked, draft):
    with pytest.raises(LedgerError, match="either on or left empty"):
        asked.save_settings(ADMIN, {"two_hands": "maybe"})
    asked.save_settings(ADMIN, {"two_hands": ""})
    assert published(asked, draft).number == 1


def test_a_step_is_never_changed_or_taken_out(asked, draft, book):
    asked.take_release_step(LEADER, step(draft, "object"))
    with pytest.raises(book.refusal):
        book.raw("DELETE FROM release_steps", protected=True)
    book.raw("UPDATE release_steps SET text = '无'")
    with pytest.raises(LedgerError, match="release_steps"):
        asked.verify_audit()


HANDS = (DRAFTER, KEEPER, LEADER, OTHER, Actor("甲", "leader"), Actor("甲", "local"), Actor("戊", "local"))
KINDS = ("draft", "publish", "at once", *RELEASE_STEPS)
DEEDS = st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(HANDS), st.integers(1, 2)), max_size=14)


@settings(max_examples=many(60))
@given(DEEDS)
def test_no_order_of_deeds_publishes_without_two_hands(tmp_path_factory, deeds):
    """What was published is held against what was done, as it is counted here and not by the ledger."""
    book = Ledger.open(None, tmp_path_factory.mktemp("hands"))
    book.save_settings(ADMIN, {"two_hands": "on"})
    drafts, done = {}, []
    for kind, actor, number in deeds:
        of = drafts.get(number)
        try:
            if kind == "draft":
                made = drafted(book, actor, digest=f"{len(drafts) % 10}" * 64)
                drafts[made.draft] = made
            elif kind == "at once":
                published(book, None, actor)
                pytest.fail("published at once")
            elif of and kind == "publish":
                published(book, of, actor)
                assert two_hands(of, [one for one in done if one.draft == number])
            elif of:
                done.append(book.take_release_step(actor, aimed(of, kind, steps_of(of, book.release_steps()))))
        except (LedgerError, AccessError):
            continue
    book.verify_audit()


def aimed(draft, kind, steps):
    """A step; an answer to the first objection that waits for one."""
    return step(draft, kind, objection=next((one.number for one in unanswered(steps)), None))


def two_hands(draft, done):
    """Whether what was done is what two people do, counted from its end."""
    kinds = [one.step for one in done]
    approved = [at for at, one in enumerate(done) if one.step == "approve" and one.who != draft.author]
    if not approved or kinds.count("object") != kinds.count("answer"):
        return False
    return bool({"check", "object"} & set(kinds[: approved[-1]])) and {"object", "answer"}.isdisjoint(
        kinds[approved[-1] :]
    )


WAYS = (
    *(("check", LEADER), ("object", OTHER), ("answer", DRAFTER), ("answer", Actor("丙", "local"))),
    *(("approve", LEADER), ("approve", Actor("甲", "leader"))),
)


def test_of_all_orders_of_up_to_five_steps_those_of_two_people_lead_to_a_release_and_no_others():
    draft, led = planned(draft=1, author="甲", role="analyst"), {True: 0, False: 0}
    for length in range(6):
        for way in product(WAYS, repeat=length):
            steps = []
            for kind, actor in way:
                wanted = replace(aimed(draft, kind, steps), number=len(steps) + 1, who=actor.name, role=actor.role)
                if kind == "object":
                    wanted = replace(wanted, text=f"异议{wanted.number}", community=f"C{wanted.number}")
                try:
                    require_step(draft, steps, wanted, actor)
                except LedgerError:
                    continue
                steps.append(wanted)
            try:
                led_to = require_publishable(draft, steps).who
            except LedgerError:
                led_to = ""
            assert bool(led_to) == two_hands(draft, steps), way
            assert led_to != draft.author
            led[bool(led_to)] += 1
    assert min(led.values()) > 100
