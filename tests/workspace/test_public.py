"""What leaves the office: internal copies with their numbers, and the public form by itself."""

from dataclasses import replace
from datetime import date

import pytest

from analytics.access import Actor
from analytics.briefing.exhibit import exhibit_file
from analytics.briefing.rendering import ExportOptions
from analytics.errors import UserError
from analytics.tiers import UNKNOWN_RANK
from analytics.workspace import Workspace, briefings, copies, datasets, ledgers, public, settings
from analytics.workspace import samples as of_samples

DAY = date(2026, 11, 2)
SHIPPED = of_samples.SHIPPED


@pytest.fixture
def office(home, monkeypatch):
    monkeypatch.setattr("analytics.workspace.samples.SHIPPED", SHIPPED)
    ws = Workspace(Actor("甲", "local"), home, DAY)
    data = datasets.find(ws, "demo_street")[0]
    book = ledgers.ledger(ws, data)
    entry = next(one for one in book.releases() if one.scheme_id == "rentals" and one.number)
    return ws, data, entry


def test_each_copy_has_the_next_number_and_the_ledger_says_who_took_what(office):
    ws, data, entry = office
    book = ledgers.ledger(ws, data)
    before = len(book.audit())
    other = replace(ws, actor=Actor("乙", "leader"))
    headings = [copies.heading_of_copy(one, data, "zh", "等级", "csv", entry.digest) for one in (ws, other)]
    assert headings == ["内部资料　份号000001", "内部资料　份号000002"]
    first, second = book.audit()[before:]
    assert [(one.who, one.action, one.subject) for one in (first, second)] == [
        ("甲", "copy", "#0000001"),
        ("乙", "copy", "#0000002"),
    ]
    row = second.detail["row"]
    assert row["digest"] == entry.digest
    assert "csv" in row["view"]
    assert "等级" in row["view"]
    assert book.verify_audit() == before + 2


def test_a_paper_that_is_taken_carries_its_number_and_one_that_is_looked_at_leaves_no_trace(office):
    ws, data, entry = office
    book = ledgers.ledger(ws, data)
    before = len(book.audit())
    assert briefings.briefing(ws, data, entry, "zh").heading == "内部资料"
    briefings.briefing_file(ws, data, entry, "zh", ExportOptions("docx"))
    assert len(book.audit()) == before
    briefings.briefing_copy(ws, data, entry, "zh", ExportOptions("docx"))
    assert [one.action for one in book.audit()[before:]] == ["copy"]


def test_the_public_form_is_neither_internal_nor_a_copy(office):
    ws, data, entry = office
    book = ledgers.ledger(ws, data)
    before = len(book.audit())
    made = public.exhibit_of(ws, data, entry, "zh")
    text = exhibit_file(made, "csv").decode("utf-8-sig")
    assert "内部" not in text
    assert "网格" not in text
    assert len(book.audit()) == before


def test_a_public_map_waits_for_its_approval_number_or_for_who_decided_that_it_needs_none(office):
    ws, data, entry = office

    def drawn():
        return public.exhibit_of(ws, data, entry, "zh", as_map=True)

    with pytest.raises(UserError, match="approval number"):
        drawn()
    settings.save_office_settings(ws, data, {"map_exemption": "示意图"}, confirmed=("first",))
    with pytest.raises(UserError, match="approval number"):
        drawn()
    settings.save_office_settings(ws, data, {"map_exempted_by": "测绘科长"}, confirmed=("first",))
    assert "免予审核：示意图（测绘科长）" in drawn().about
    settings.save_office_settings(ws, data, {"map_approval": "GS（2026）1号"}, confirmed=("first",))
    made = drawn()
    assert made.about[0] == "审图号：GS（2026）1号"
    assert list(made.map.names) == list(
        public.form_of(ws, data, public.frozen(ws, data, entry).scheme, entry).areas["name"]
    )
    assert exhibit_file(made, "svg").startswith(b"<svg")


def test_no_map_shows_a_tier_that_is_not_told_as_if_data_were_lacking(office, monkeypatch):
    ws, data, entry = office
    settings.save_office_settings(ws, data, {"map_approval": "GS（2026）1号"}, confirmed=("first",))
    form = public.form_of(ws, data, public.frozen(ws, data, entry).scheme, entry)
    tier = form.tier.copy()
    tier[0] = UNKNOWN_RANK
    monkeypatch.setattr(public, "form_of", lambda *_: replace(form, tier=tier))
    with pytest.raises(UserError, match="the tier of 1 is not published"):
        public.exhibit_of(ws, data, entry, "zh", as_map=True)
    assert "不公布" in exhibit_file(public.exhibit_of(ws, data, entry, "zh"), "csv").decode("utf-8-sig")


@pytest.mark.parametrize("number", ["随便", "审图号", "2026", "GS2026-1"])
def test_an_approval_number_has_the_form_of_one(office, number):
    ws, data, _ = office
    with pytest.raises(UserError, match="approval number reads like"):
        settings.save_office_settings(ws, data, {"map_approval": number}, confirmed=("first",))
    for right in ("GS（2024）0001号", "浙S(2023)12号", "GS京（2022）1061号"):
        settings.save_office_settings(ws, data, {"map_approval": right}, confirmed=("first",))


def test_a_reader_sees_the_newest_release_of_each_scheme_in_public_form_alone(office):
    ws, data, entry = office
    reader = replace(ws, actor=Actor("丙", "reader"))
    told = public.schemes_told(reader, "zh")
    assert entry.scheme_id in told
    made = public.exhibit_for(reader, entry.scheme_id, "zh")
    assert made.table.equals(public.exhibit_of(ws, data, entry, "zh").table)
