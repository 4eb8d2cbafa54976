"""The paper of a meeting tells the figures of the Response page, and numbers of incidents to those alone who may see
them and ask for them."""

import re
import shutil
from dataclasses import replace
from datetime import date

import pytest

from analytics.__main__ import main
from analytics.access import ROLE_SETTING, Actor
from analytics.briefing import report as module
from analytics.briefing.looking import pages_of
from analytics.briefing.rendering import ExportOptions, file_name
from analytics.errors import AccessError
from analytics.releases import Intent
from analytics.scheme import scheme_named
from analytics.wording import due_list as due_wording
from analytics.wording import response as response_wording
from analytics.wording.due_list import Told as DueTold
from analytics.words import LANGUAGES
from analytics.workspace import Workspace, briefings, due_list, meetings, published, response
from analytics.workspace.datasets import find, require_own
from analytics.workspace.recent import Recent
from tests.office import office
from tests.test_access import INSIDE, MAY
from tests.workspace.test_due_list import NUMBERS, held

__all__ = ["held", "office"]

NUMBER = re.compile(r"SJ\d{5}")
SCHEMES = ("epidemic", "rentals", "venues", "elders")


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    return Workspace(Actor("甲", "local"), tmp_path_factory.mktemp("office"), date(2026, 11, 2))


@pytest.fixture(scope="module")
def street(ws):
    return find(ws, "demo_street")[0]


@pytest.fixture(scope="module")
def apart(street):
    """The same data, with what was made of them kept apart: papers that were never typeset."""
    return replace(street, results=Recent(64))


def newest(ws, street, scheme_id="epidemic"):
    return published.newest_standing(ws, street, scheme_id)


@pytest.fixture
def handed(monkeypatch):
    """What a report hands to the typesetter, which is not run."""
    taken = []
    monkeypatch.setattr(module, "typeset", lambda _, data, *__, **___: taken.append(data) or b"%PDF-")
    return taken


@pytest.mark.parametrize("scheme_id", SCHEMES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_its_figures_are_those_of_the_page_on_response(ws, street, scheme_id, lang):
    ws, entry = replace(ws, lang=lang), newest(ws, street, scheme_id)
    scheme = published.frozen(ws, street, entry).scheme
    page = response.response(ws, street, scheme, entry, entry.day)
    listed = due_list.due_list_view(ws, street, scheme, entry, entry.day)
    told = DueTold(listed.run, listed.found, listed.hazards)
    paper = meetings.meeting(ws, street, entry, lang, numbered=True)

    assert paper.week[0] == "".join(part["text"] for part in response_wording.headline(lang, page.told)).strip()
    assert re.search(r"\d+", paper.week[-1])[0] == f"{len(page.unanswered)}"
    rows = due_wording.post_rows(lang, told)
    assert [row[0] for row in paper.due.rows] == [row["post"] for row in rows]
    assert [tuple(row[1:]) for row in paper.due.rows] == [
        tuple(f"{row[name]}" for name in due_wording.COLUMNS) for row in rows
    ]
    assert paper.due.overdue == int(paper.due.rows[-1][1]) == sum(row.n for row in paper.due.each)
    on_page = [row["number"] for row in due_wording.incident_rows(lang, told) if row["overdue"]]
    assert [row.number for row in paper.due.each] == on_page
    days = [int(row.days) for row in paper.due.each]
    assert days == sorted(days, reverse=True)


def test_without_numbers_it_says_the_same_and_lists_none(ws, street):
    entry = newest(ws, street)
    plain, numbered = (meetings.meeting(ws, street, entry, "zh", numbered=one) for one in (False, True))
    assert plain.due.each is None
    assert not NUMBER.search(str(plain))
    assert replace(plain, due=replace(plain.due, each=numbered.due.each)) == numbered


@pytest.mark.parametrize("role", INSIDE)
def test_numbers_are_for_those_who_may_load_and_only_when_they_ask(ws, apart, role, handed):
    entry = newest(ws, apart)
    asker = replace(ws, actor=Actor("乙", role))
    briefings.briefing_file(asker, apart, entry, "zh", ExportOptions("report"))
    assert not any(NUMBER.search(str(data)) for data in handed)
    kept = ExportOptions("report", numbered=True)
    if "load" in MAY[role].split():
        briefings.briefing_file(asker, apart, entry, "zh", kept)
        assert handed == [] or NUMBER.search(str(handed[-1]))  # the same file is not made twice
    else:
        with pytest.raises(AccessError):
            briefings.briefing_file(asker, apart, entry, "zh", kept)
        with pytest.raises(AccessError):
            meetings.own_meeting(asker, entry, "zh", numbered=True)


def test_a_paper_with_numbers_says_so_in_its_name_and_on_its_face(ws, apart, handed):
    entry = newest(ws, apart, "rentals")
    briefings.briefing_file(ws, apart, entry, "zh", ExportOptions("report", numbered=True))
    assert (handed[-1]["internal"], handed[-1]["receivers"]) == ("内部资料　含业务编号，不得外传", [])
    told = briefings.briefing(ws, apart, entry, "zh")
    names = [file_name(told, ExportOptions("report", numbered=one)) for one in (False, True)]
    assert [("含编号" in name) for name in names] == [False, True]


def test_it_says_of_which_records_it_is_and_is_made_anew_when_these_are_others(ws, street):
    entry = newest(ws, street)
    told = meetings.meeting(ws, street, entry, "zh", numbered=False)
    assert told.as_of == "应做、完成、到期和隐患按2026年11月2日已导入的记录统计，不在核验码之内。"
    assert told.due.title == "到期清单（件，11月1日8:00；三个工作日至11月4日）"
    later = replace(ws, today=date(2026, 11, 9))
    assert "11月9日" in meetings.meeting(later, street, entry, "zh", numbered=False).as_of


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("scheme_id", SCHEMES)
def test_the_sample_has_two_pages(ws, street, scheme_id, lang):
    entry = newest(ws, street, scheme_id)
    for numbered in (False, True):
        made = briefings.briefing_file(ws, street, entry, lang, ExportOptions("report", numbered=numbered))
        assert pages_of(made).pages == 2


def test_the_paper_of_an_office_without_checks_or_teams_says_what_is_missing(held):
    """A hazard is open and an incident overdue; nobody has teams, and the two areas have no tier."""
    day = date(2026, 2, 24)
    ws = Workspace(Actor("甲", "local"), held, date(2026, 2, 25))
    data = require_own(ws)
    entry = published.own_release(ws, scheme_named("epidemic"), None, Intent("例会", publish=False))
    told = meetings.own_meeting(ws, entry, "zh", numbered=True)
    assert told == meetings.meeting(ws, data, entry, "zh", numbered=True)
    assert told.untold == "组团工时或应做工时不明，增援未测算。"
    assert "超过30天未整改隐患1处" in told.week[-1]
    assert [point.stands for point in told.points if "隐患" in point.stands] == [
        f"超过30天未整改隐患1处（最久{(entry.day - date(2026, 1, 5)).days}天）：第一。",
        "超过整改期限的隐患1处（最长超期5天）：第一。",
    ]
    assert {row.number for row in told.due.each} <= {"QH0001", "无编号"}
    assert entry.day >= day


@pytest.mark.parametrize("role", INSIDE)
def test_the_command_lists_numbers_for_those_alone(held, tmp_path, monkeypatch, role, capsys, handed):
    ws = Workspace(Actor("甲", "local"), held, date(2026, 2, 25))
    if not published.own_releases(ws):
        published.own_release(ws, scheme_named("epidemic"), None, Intent("例会", publish=False))
    monkeypatch.setenv(ROLE_SETTING, role)
    out = tmp_path / "专报.pdf"
    given = ["brief", published.own_releases(ws)[0].name, "--format", "report", "--home", str(held), "--out", str(out)]
    assert main(given) == 0
    assert not any(number in str(data) for data in handed for number in NUMBERS)
    out.unlink()
    may = "load" in MAY[role].split()
    assert main([*given, "--numbers"]) == (0 if may else 2)
    assert out.exists() == may
    assert ("QH0001" in str(handed[-1])) == may
    assert "13800009999" not in str(handed)
    assert main([*given, "--format", "bulletin", "--numbers"]) == 2
    assert "--numbers 只用于" in capsys.readouterr().err


def test_of_a_release_whose_records_are_gone_it_says_that_nothing_can_be_counted(office, home):
    shutil.copytree(office.home, home)
    ws = Workspace(Actor("甲", "local"), home, date(2026, 11, 2))
    told = meetings.own_meeting(ws, published.own_entry(ws, 2), "zh", numbered=False)
    assert told.week == ("没有与本期区域一致的记录，应做、完成、到期和隐患无法统计。",)
    assert told.due is None
