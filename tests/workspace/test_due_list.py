"""Nobody without the right to load sees the number of an incident, a check or a place, on whatever way."""

import logging
from dataclasses import fields, is_dataclass
from datetime import datetime

import pandas as pd
import pytest

from analytics.__main__ import main
from analytics.access import ROLE_SETTING, Actor
from analytics.drawing.due_list import due_list_card
from analytics.exhibits.captions import Caption
from analytics.exhibits.due_list import due_list
from analytics.exhibits.exhibit import as_csv
from analytics.scheme import scheme_named
from analytics.wording.due_list import Told
from analytics.workspace import open_workspace
from analytics.workspace.datasets import require_own
from analytics.workspace.due_list import due_list_view, old_hazards
from tests.test_access import INSIDE, MAY

NUMBERS = ("QH0001", "QH0002", "JCBH01", "CSBH01", "JCBH03", "CSBH02", "街移〔2026〕3号", "13800009999")
FILES = {
    "areas": "area_id,name,level,population\nA,第一网格,grid,900\nB,第二网格,grid,800\n",
    "incidents": "incident_id,area_id,occurred_at,category,channel,status,due_at,closed_at,satisfied\n"
    "QH0001,A,2026-02-02 09:00,noise,12345,open,2026-02-20 09:00,,\n"
    "QH0002,B,2026-02-03 09:00,noise,12345,closed,2026-02-20 09:00,2026-02-20 10:00,否\n"
    "13800009999,B,2026-02-03 09:00,noise,12345,open,2026-02-25,,\n",
    "places": "place_id,area_id,kind\nCSBH01,A,shop\nCSBH02,A,shop\n",
    "checks": "check_id,place_id,kind,checked_at,outcome,告知日期,整改期限,移交部门,移交文号\n"
    "JCBH01,CSBH01,inspection,2026-01-05 10:00,finding,2026-01-06,2026-02-20,,\n"
    "JCBH02,CSBH01,inspection,2026-02-24 10:00,refused,,,,\n"
    "JCBH03,CSBH02,inspection,2026-01-05 10:00,finding,,,消防救援站,街移〔2026〕3号\n",
}


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    folder = tmp_path_factory.mktemp("held")
    for table, text in FILES.items():
        file = folder / f"{table}.csv"
        file.write_text(text, encoding="utf-8")
        main(["load", str(file), "--as", table, "--home", str(folder / "home")])
    return folder / "home"


def texts_of(value):
    """Everything that a value holds, however deep."""
    if is_dataclass(value):
        return "".join(texts_of(getattr(value, one.name)) for one in fields(value))
    return value.to_csv() if isinstance(value, pd.DataFrame) else str(value)


def seen_by(home, role, lang):
    ws = open_workspace(home, Actor("甲", role), lang)
    data, chosen = require_own(ws), scheme_named("epidemic")
    day = datetime.fromisoformat("2026-02-24").date()
    view = due_list_view(ws, data, chosen, None, day)
    told = Told(view.run, view.found, view.hazards)
    exhibits = [one.make() for one in due_list(lang, lambda: Caption("", ()), told)]
    said = due_list_card(lang, told) + "".join(as_csv(one).decode("utf-8-sig") for one in exhibits)
    return view, old_hazards(ws, data, chosen, day), said + texts_of(view.found) + texts_of(view.hazards)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("role", INSIDE)
def test_numbers_are_for_those_who_may_load_and_counts_for_all(held, role, lang):
    view, old, said = seen_by(held, role, lang)
    found = {number for number in NUMBERS if number in said}
    assert found == (set(NUMBERS[:-1]) if "load" in MAY[role].split() else set())
    sums = view.found.sums()
    assert (sums["open"], sums["overdue"], sums["today"], view.found.rated) == (2, 1, 1, 1)
    assert (old, view.hazards.old) == (1, 1)
    assert (view.hazards.untold, view.hazards.late, view.hazards.handed_over) == (0, 1, 1)


def test_one_role_does_not_read_what_was_made_for_another(held):
    """The same data, asked for by one role after the other."""
    for role in ("keeper", "leader", "keeper", "analyst"):
        _, _, said = seen_by(held, role, "zh")
        assert ("QH0001" in said) == (role == "keeper")


@pytest.mark.parametrize("role", INSIDE)
def test_the_command_and_its_file_tell_numbers_to_those_alone(held, tmp_path, role, monkeypatch, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv(ROLE_SETTING, role)
    given = ["due-list", "--scheme", "epidemic", "--date", "2026-02-24", "--home", str(held)]
    assert main(given) == 0
    assert main([*given, "--out", str(tmp_path / "到期.csv")]) == 0
    said = capfd.readouterr()
    text = said.out + said.err + caplog.text + (tmp_path / "到期.csv").read_text(encoding="utf-8-sig")
    assert ("QH0001" in text) == ("load" in MAY[role].split())
    assert "13800009999" not in text
    assert "未办结2件，逾期1件；当日到期1件" in said.err


def test_the_days_of_the_list_and_now(held, monkeypatch):
    now = datetime.fromisoformat("2026-02-24T14:30:40+08:00")
    monkeypatch.setattr("analytics.workspace.due_list.office.now", lambda: now)
    view, _, _ = seen_by(held, "keeper", "zh")
    assert view.found.moment == now.replace(tzinfo=None, second=0)
    assert (view.found.sums()["overdue"], view.found.sums()["today"]) == (1, 0)


def test_another_ending_and_a_folder_that_is_not_there_are_told_before_the_work(held, tmp_path, capsys):
    for out in ("到期.pdf", "none/到期.csv"):
        assert main(["due-list", "--home", str(held), "--out", str(tmp_path / out)]) == 2
    assert ".txt、.csv、.xlsx" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_loads_that_do_not_tell_what_became_of_findings_are_counted_beside_those_that_do(tmp_path):
    """An older load has no such columns; what it does not tell is never better than told."""
    older = "check_id,place_id,kind,checked_at,outcome\nJCBH01,CSBH01,inspection,2026-01-05 10:00,finding\n"
    newer = (
        "check_id,place_id,kind,checked_at,outcome,告知日期,整改期限\n"
        "JCBH03,CSBH02,inspection,2026-02-05 10:00,finding,2026-02-06,2026-02-20\n"
    )
    for name, table, text in (
        *(("areas", "areas", FILES["areas"]), ("incidents", "incidents", FILES["incidents"])),
        *(("places", "places", FILES["places"]), ("older", "checks", older)),
    ):
        load(tmp_path, name, table, text)
    before = hazards_at(tmp_path)
    assert (len(before.open), before.untold, before.late, before.handed_over) == (1, None, None, None)
    load(tmp_path, "newer", "checks", newer)
    after = hazards_at(tmp_path)
    assert (len(after.open), after.untold, after.late, after.handed_over) == (2, 1, 1, None)
    assert after.open["check"].tolist() == ["JCBH01", "JCBH03"]


def load(folder, name, table, text):
    file = folder / f"{name}.csv"
    file.write_text(text, encoding="utf-8")
    main(["load", str(file), "--as", table, "--home", str(folder / "home")])


def hazards_at(folder):
    ws = open_workspace(folder / "home", Actor("甲", "keeper"), "zh")
    day = datetime.fromisoformat("2026-02-24").date()
    return due_list_view(ws, require_own(ws), scheme_named("epidemic"), None, day).hazards
