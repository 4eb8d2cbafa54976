"""What an office says of itself: set by whoever may, printed as it was written, and told in the audit trail."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.access import Actor
from analytics.errors import AccessError, LedgerError
from analytics.store.office_settings import LONGEST, PRINTED, UNSAID, OfficeSettings
from analytics.words import LANGUAGES, say

ADMIN = Actor("乙", "admin")


def test_nothing_is_said_at_first_and_the_line_under_maps_is_there_all_the_same(ledger):
    held = ledger.settings()
    assert held == UNSAID
    assert {held.office("zh"), held.signature("zh"), held.letterhead("en"), held.report_to("zh")} == {""}
    assert held.base_map("zh") == say("zh", "page.base_map")


def test_what_was_saved_is_there_and_the_trail_tells_what_was_changed_and_nothing_else(ledger):
    assert ledger.save_settings(ADMIN, {"office_zh": " 东桥街道  办事处 "}) == ("office_zh",)
    again = {"office_zh": "东桥街道 办事处", "signature_en": "Dongqiao"}
    assert ledger.save_settings(ADMIN, again) == ("signature_en",)
    held = ledger.settings()
    assert (held.office_zh, held.signature_en) == ("东桥街道 办事处", "Dongqiao")
    first, second = ledger.audit()
    assert (first.action, first.subject, first.who) == ("settings", "office_zh", "乙")
    assert second.detail["row"] == {"signature_en": "Dongqiao", "entry": 2}
    assert ledger.verify_audit() == 2


def test_the_same_again_and_nothing_at_all_leave_no_entry(ledger):
    ledger.save_settings(ADMIN, {"office_zh": "甲"})
    assert ledger.save_settings(ADMIN, {"office_zh": "甲"}) == ()
    assert ledger.save_settings(ADMIN, {}) == ()
    assert ledger.verify_audit() == 1


def test_a_setting_is_taken_back_by_an_empty_text(ledger):
    ledger.save_settings(ADMIN, {"base_map_zh": "审图号：某S(2026)001号"})
    assert ledger.settings().base_map("en") == "审图号：某S(2026)001号"
    ledger.save_settings(ADMIN, {"base_map_zh": ""})
    assert ledger.settings().base_map("en") == say("en", "page.base_map")
    assert ledger.verify_audit() == 2


@pytest.mark.parametrize("role", ["leader", "analyst", "keeper"])
def test_only_who_may_configure_does(ledger, role):
    with pytest.raises(AccessError):
        ledger.save_settings(Actor("甲", role), {"office_zh": "甲"})
    assert ledger.audit() == ()


@pytest.mark.parametrize(
    "values",
    [{"offce_zh": "甲"}, {"office_zh": "街" * (LONGEST + 1)}, {"office_zh": "甲\u202e乙"}, {"office_en": "a\ue000"}],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(ledger, values):
    with pytest.raises(LedgerError):
        ledger.save_settings(ADMIN, {"signature_zh": "甲", **values})
    assert (ledger.audit(), ledger.settings()) == ((), UNSAID)


@given(st.fixed_dictionaries({}, optional={
    f"{name}_{lang}": st.text("甲乙ab", max_size=3) for name in PRINTED for lang in LANGUAGES
}))  # fmt: skip
def test_what_was_said_in_either_language_is_printed_in_both(said):
    held = OfficeSettings(**said)
    for name in PRINTED:
        written = [said.get(f"{name}_{lang}", "") for lang in LANGUAGES]
        for lang, own in zip(LANGUAGES, written, strict=True):
            printed = getattr(held, name)(lang)
            assert not any(written) or printed in written
            assert not own or printed == own


@given(st.text(max_size=8))
def test_a_text_is_taken_whole_or_not_at_all(text):
    try:
        held = UNSAID.changed({"office_zh": text}).office_zh
    except LedgerError:
        return
    assert held == " ".join(text.split())
