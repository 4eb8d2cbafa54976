"""Exports of a platform one after the other: what a later one replaces, what it leaves, and what is refused whole."""

import shutil
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from analytics.__main__ import main
from analytics.access import Actor
from analytics.workspace import Workspace, loads, sweep
from analytics.workspace.datasets import require_own

STREET = Path(__file__).parents[2] / "sample_data" / "demo_street"
NAME = "five_grids"
LAST = date(2026, 10, 29)
HEAD = "楼栋编号,上门时间,组团编号,第几次上门,上门户数,见面户数,登记户数,未同意入户,核销户数,登记人数\n"


@pytest.fixture(scope="module")
def street(tmp_path_factory):
    """The home of an office with the register of the sample."""
    ws = Workspace(Actor("甲", "local"), tmp_path_factory.mktemp("street") / "home", date(2026, 11, 1))
    for table, file in (("areas", "areas.geojson"), ("places", "places.csv"), ("teams", "teams.csv")):
        loads.load_file(ws, loads.Incoming(table, STREET / file))
    return ws


@pytest.fixture
def platform(street, request):
    """Loads rows into a campaign of this test alone; returns what is told, the reasons of refusal and the line of
    households."""
    data, name = require_own(street), f"s{abs(hash(request.node.name))}"
    folder = street.home / "campaigns" / name
    folder.mkdir(parents=True)
    (folder / "campaign.yaml").write_bytes((STREET / "campaigns" / NAME / "campaign.yaml").read_bytes())

    def load(*rows):
        report = sweep.load_calls(street, data, name, ("平台.csv", (HEAD + "\n".join(rows)).encode("utf-8-sig")))
        line = next(one for one in sweep.sweep_view(street, data, name, LAST).state.lines() if one.line == "household")
        keys = [note.reason.key.removeprefix("sweep.row_") for note in report.refused]
        return [note.text("zh") for note in report.notes], keys, (line.called, line.recorded)

    load.campaign = name
    return load


FIRST = "PL00885,2026-10-20 19:00,T01,1,30,20,20,0,0,40"
OTHER = "PL00887,2026-10-20 19:10,T01,1,10,6,6,0,0,12"
LATER = "PL00885,2026-10-24 19:00,T01,2,10,5,5,0,0,9"


@pytest.mark.parametrize(
    "corrected",
    [FIRST.replace("19:00", "18:20"), FIRST.replace("10-20", "10-21"), FIRST.replace("T01", "T08")],
)
def test_a_round_that_was_corrected_counts_once_and_it_is_said(platform, corrected):
    assert platform(FIRST, OTHER) == ([], [], (40, 26))
    assert platform(corrected, OTHER) == (
        ["1行与此前导入的相同，只计一次。", "此前导入的1行由本文件替换。"],
        [],
        (40, 26),
    )


def test_new_rounds_alone_are_added_and_take_nothing_away(platform):
    platform(FIRST, OTHER)
    assert platform(LATER) == ([], [], (40, 31))
    # The correction is taken back: the last file that speaks of a day is right.
    assert platform(FIRST.replace("20,20", "19,19"), OTHER)[2] == (40, 30)
    assert platform(FIRST, OTHER)[2] == (40, 31)


def test_a_round_told_again_with_another_day_is_refused_until_the_file_has_both_days(platform):
    platform(FIRST, OTHER)
    moved = FIRST.replace("10-20", "10-21")
    assert platform(moved) == ([], ["moved"], (40, 26))
    assert platform(moved, OTHER)[1:] == ([], (40, 26))


def test_calls_without_a_time_of_day_are_told(platform):
    told, refused, _ = platform(FIRST.replace(" 19:00", ""), OTHER)
    assert (len(told), refused) == (1, [])
    assert "1行的上门时间只有日期" in told[0]


def test_what_the_file_lacks_is_told_and_a_row_of_nothing_strikes_it_out(platform):
    platform(FIRST, OTHER)
    told, _, counts = platform(FIRST)
    assert "此前导入的另有1处1行不在本文件中" in told[-1]
    assert counts == (40, 26)
    told, refused, counts = platform(FIRST, "PL00887,2026-10-20 19:10,T01,2,0,0,0,0,0,0")
    assert "1行在本文件中没有同一处同一次上门的数据" in told[-1]
    assert (refused, counts) == ([], (30, 20))


def test_a_place_is_taken_whole_or_not_at_all(platform):
    platform(FIRST, OTHER)
    _, refused, counts = platform(FIRST.replace("T01", "张三"), LATER, OTHER)
    assert refused == ["team", "half"]
    assert counts == (40, 26)
    assert platform(FIRST, FIRST, LATER, FIRST.replace("10-20", "10-19"))[1:] == (["twice", "day"], (40, 31))
    assert platform(FIRST, FIRST.replace("30,20,20", "29,20,20"), OTHER)[1:] == (["unlike", "unlike"], (40, 31))


def test_far_more_than_registered_is_refused_and_a_few_more_are_told_by_number(platform):
    assert platform(FIRST.replace("1,30,20,20", "1,500,450,450"), OTHER)[1:] == (["many"], (10, 6))
    told, refused, counts = platform(FIRST.replace("1,30,20,20", "1,40,20,20"), OTHER)
    assert (refused, counts) == ([], (50, 26))
    assert "PL00885（40户，底册33户）" in told[-1]


def test_a_row_that_contradicts_itself_is_refused_and_takes_no_refusal_away(platform):
    told, refused, counts = platform("PL00885,2026-10-20 18:30,T01,1,33,33,33,3,0,66", OTHER)
    assert (told, refused, counts) == ([], ["settled"], (10, 6))
    assert platform("PL00885,2026-10-20 18:30,T01,1,33,32,32,0,4,66", OTHER)[1:] == (["settled"], (10, 6))
    # Those that agree later have a row of their own.
    refusals = "PL00885,2026-10-20 18:30,T01,1,33,30,30,3,0,60"
    agreed = "PL00885,2026-10-24 10:00,T01,1,0,2,2,0,0,4"
    assert platform(refusals, agreed, OTHER)[1:] == ([], (43, 38))


@pytest.mark.parametrize(
    ("lang", "table", "header"), [("zh", "清楼上门数据", "上门户数"), ("en", "Calls of a sweep", "Households called")]
)
def test_the_command_writes_every_refused_row(street, platform, tmp_path, capsys, lang, table, header):
    file, out = tmp_path / "平台.csv", tmp_path / "退回.xlsx"
    rows = [f"PL00885,2026-10-2{day} 19:00,张三,1,1,1,1,0,0,1" for day in range(8)]
    file.write_text(HEAD + "\n".join(rows), encoding="utf-8-sig")
    asked = ["sweep-calls", platform.campaign, str(file), "--home", str(street.home), "--lang", lang]
    assert main([*asked, "--report", str(tmp_path / "退回.csv")]) == 2
    assert main([*asked, "--report", str(out)]) == 3
    assert "--report" in capsys.readouterr().err
    overview, listed, *_ = openpyxl.load_workbook(out).worksheets
    assert sum("PL00885" not in str(row) and "平台.csv" in str(row) for row in listed.values) == 8
    told = str(list(overview.values))
    assert table in told
    assert f"'{header}'" in told
    assert "张三" not in told + str(list(listed.values))


def test_a_home_without_areas_is_told_what_a_sweep_lacks(tmp_path, capsys):
    home = tmp_path / "home"
    asked = ["coverage", "--day", "2026-10-29", "--home", str(home)]
    assert main(asked) == 2
    told = capsys.readouterr().err
    assert "还没有清楼行动" in told
    assert "campaigns/名称/campaign.yaml" in told
    (home / "campaigns" / NAME).mkdir(parents=True)
    shutil.copy(STREET / "campaigns" / NAME / "campaign.yaml", home / "campaigns" / NAME)
    for command in (asked, ["sweep-calls", NAME, str(tmp_path / "平台.csv"), "--home", str(home)]):
        assert main([*command, "--lang", "en"]) == 2
        told = capsys.readouterr().err
        assert f"has a sweep ({NAME}), but no areas or places" in told
        assert "score" not in told
