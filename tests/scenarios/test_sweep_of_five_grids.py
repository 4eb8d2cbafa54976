"""Scenario B: a sweep of five grids in ten days, from what it takes to the page that closes it."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analytics.__main__ import main
from analytics.access import Actor
from analytics.errors import UserError
from analytics.exhibits.exhibit import as_csv, as_tabs
from analytics.exhibits.sweep import teams_table
from analytics.loaders.sweep_calls import load_sweep_calls
from analytics.response.sweep import faults, tally
from analytics.response.sweep_plan import need_of, pairs_of, plan
from analytics.store.campaigns import CALLS, CampaignFolder
from analytics.wording import sweep as wording
from analytics.words import phrase
from analytics.workspace import Workspace, loads, sweep
from analytics.workspace.datasets import require_own

STREET = Path(__file__).parents[2] / "sample_data" / "demo_street"
NAME = "five_grids"
BEFORE, DAY_3, DAY_7, DAY_10 = (date(2026, 10, day) for day in (19, 22, 26, 29))
HEADERS = {
    "place_id": "楼栋编号",
    "checked_at": "上门时间",
    "team_id": "组团编号",
    "call": "第几次上门",
    "called": "上门户数",
    "met": "见面户数",
    "recorded": "登记户数",
    "not_agreed": "未同意入户",
    "vacant": "核销户数",
    "persons": "登记人数",
}


@pytest.fixture(scope="module")
def platform():
    """All rounds of the sweep, as the platform has them."""
    (rows,) = CampaignFolder(STREET / "campaigns" / NAME).frames(CALLS, ["checked_at"])
    return rows


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """An office with the records of the sample, whose campaign has lost no team yet."""
    home = tmp_path_factory.mktemp("office") / "home"
    ws = Workspace(Actor("甲", "local"), home, date(2026, 11, 1))
    for table in ("areas", "places", "teams", "incidents"):
        file = "areas.geojson" if table == "areas" else f"{table}.csv"
        loads.load_file(ws, loads.Incoming(table, STREET / file))
    folder = home / "campaigns" / NAME
    folder.mkdir(parents=True)
    text = (STREET / "campaigns" / NAME / "campaign.yaml").read_text(encoding="utf-8")
    (folder / "campaign.yaml").write_text(text.replace(", withdrawn_from: 2026-10-27", ""), encoding="utf-8")
    return ws


def export(rows, until, tmp_path):
    """The file that the platform exports on the evening of a day: rounds up to then, headers as it has them."""
    file = tmp_path / f"平台导出_{until:%m%d}.csv"
    rows[rows["checked_at"] < pd.Timestamp(until) + pd.Timedelta(days=1)].rename(columns=HEADERS).to_csv(
        file, index=False, encoding="utf-8-sig"
    )
    return file


def withdraw(ws, team, since):
    """Take a team out of the campaign from a day on."""
    file = ws.home / "campaigns" / NAME / "campaign.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        re.sub(rf"(team: {team}, .*?)\}}$", rf"\1, withdrawn_from: {since}}}", text, flags=re.M), encoding="utf-8"
    )


def lines_of(view):
    return {one.line: one for one in view.state.lines()}


def pages(pdf):
    return (
        pdf.count(b"/Type /Page\n")
        + pdf.count(b"/Type /Page ")
        + pdf.count(b"/Type/Page\n")
        + pdf.count(b"/Type/Page/")
    )


def test_the_sweep_of_five_grids(office, platform, tmp_path, capsys, monkeypatch):
    ws, data = office, require_own(office)

    # 1. The registers of the sample, and the pairs of the teams that may sweep.
    view = sweep.sweep_view(ws, data, NAME, BEFORE)
    register, campaign = view.state.register, view.state.campaign
    assert [register.number_of(kind) for kind in ("building", "shop", "venue")] == [57, 32, 7]
    assert (register.lets, lines_of(view)["household"].registered) == (25, 1889)
    assert view.pairs == {"T01": 2, "T03": 5, "T07": 3, "T08": 4}
    assert (campaign.minutes.household, campaign.minutes.shop, campaign.hours_a_day) == (8, 15, 3)

    # 2. It can be done in ten days, and in nine it cannot, which is said.
    need = view.need
    assert (need.calls, sum(need.calls), need.premises) == ((1889, 661, 231, 0), 2781, 39)
    hours = (need.household_hours, need.premises_hours, need.hours, need.there, need.spare)
    assert [round(one, 2) for one in hours] == [370.8, 9.75, 380.55, 420, 39.45]
    said = "还需上门2,781次，370.8对时；商铺和场所39处，9.75对时。共380.55对时，可用420对时，余39.45对时。"
    assert said in sweep.summary(ws, view, "zh")
    nine = replace(view.state, campaign=campaign.model_copy(update={"last": date(2026, 10, 28)}))
    short = need_of(nine, view.pairs)
    assert (short.there, round(short.spare, 2)) == (378, -2.55)
    assert "共380.55对时，可用378对时，缺2.55对时。" in wording.need_text("zh", nine, short)
    assert "2.55 missing" in wording.need_text("en", nine, short)
    too_long = plan(nine, view.pairs)
    assert too_long.without["hours"].sum() >= 2.55 - 1e-9
    assert any("排不进小组的时间" in one for one in wording.plan_notes("zh", nine, too_long, {}, records=True))

    # 3. Community, team and post; an A4 for each pair and day with building numbers and counts, and no names.
    planned = sweep.sweep_plan(ws, view)
    assert planned.without.empty
    assert planned.tasks["calls"].sum() == 2781 + 39
    teams = teams_table("zh", view.state, planned, view.names)
    assert set(teams.index) == {"兰汀社区", "锦渡社区"}
    assert "消防检查组值班岗" in set(teams["负责岗位"])
    sheets = sweep.pair_sheets(ws, view, "zh")
    assert len(sheets) == len(planned.tasks[["day", "pair"]].drop_duplicates())
    seen = {}
    monkeypatch.setattr("analytics.briefing.sweep.typeset", lambda *given: seen.update(given[1]) or b"")
    sheets[0].content()
    assert all(re.fullmatch(r"PL\d{5}", row[0]) and re.search(r"\d+(户|家|处场所)$", row[4]) for row in seen["rows"])
    assert seen["pair"] == "治安巡防组1组"
    assert not any(len(cell) > 12 for row in seen["rows"] for cell in row)
    monkeypatch.undo()
    assert pages(sheets[0].content()) == 1

    # 4. Day 3: what the platform exports, and no new form.
    report = sweep.load_calls(ws, data, NAME, export(platform, DAY_3, tmp_path))
    assert (report.read, report.refused) == (report.accepted, ())
    view = sweep.sweep_view(ws, data, NAME, DAY_3)
    found = lines_of(view)
    household = found["household"]
    rows = platform[platform["checked_at"] < pd.Timestamp(2026, 10, 23)]
    rows = rows[rows["place_id"].map(register.places["kind"]) == "building"]
    vacant, away = rows["vacant"].sum(), (rows["called"] - rows[["met", "not_agreed", "vacant"]].sum(axis=1)).sum()
    assert (household.called, household.met) == (rows["called"].sum() - vacant, rows["met"].sum())
    assert household.reasons["waiting"] == away > 0
    assert household.called - household.met == away + household.reasons["not_agreed"]
    assert found["building"].called == rows["place_id"].nunique()
    assert [row["code"] for row in wording.line_rows("zh", view.state.lines())] == [
        "building", "shop", "venue", "household", "person"
    ]  # fmt: skip
    again = sweep.load_calls(ws, data, NAME, export(platform, DAY_3, tmp_path))
    assert again.accepted == report.accepted
    assert lines_of(sweep.sweep_view(ws, data, NAME, DAY_3)) == found

    # 6. Day 8: a team is withdrawn. Only what it held moves.
    sweep.load_calls(ws, data, NAME, export(platform, DAY_7, tmp_path))
    before = sweep.sweep_plan(ws, sweep.sweep_view(ws, data, NAME, DAY_7))
    withdraw(ws, "T03", "2026-10-27")
    view = sweep.sweep_view(ws, data, NAME, DAY_7)
    after = sweep.sweep_plan(ws, view)
    others = before.held[before.held["team"] != "T03"]
    kept = after.held[after.held["moved_from"] == ""]
    pd.testing.assert_frame_equal(kept.reset_index(drop=True), others.reset_index(drop=True), check_dtype=False)
    moved = after.held[after.held["moved_from"] != ""]
    assert set(moved["place_id"]) == set(before.held.loc[before.held["team"] == "T03", "place_id"])
    assert "T03" not in set(after.tasks["team"])
    notes = sweep.summary(ws, view, "zh")
    assert (
        f"消防检查组自10月27日起抽走：原由它负责的{moved['place_id'].nunique()}处改由其他小组承担，其余不变。" in notes
    )
    assert any("可用81对时，余" in one for one in notes)
    for team in ("T01", "T07", "T08"):
        withdraw(ws, team, "2026-10-28")
    bare = sweep.sweep_view(ws, data, NAME, DAY_7)
    missing = wording.plan_notes("zh", bare.state, sweep.sweep_plan(ws, bare), bare.names.teams, records=True)
    assert round(-bare.need.spare, 2) > 0
    assert f"缺{wording.hours_text(-bare.need.spare)}对时" in missing[0]
    assert any(re.search(r"\d+处排不进小组的时间，共[\d.]+对时：PL\d{5}", one) for one in missing)
    file = ws.home / "campaigns" / NAME / "campaign.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(", withdrawn_from: 2026-10-28", ""), encoding="utf-8")

    # 7. and 8. Day 10: what was done, beside what was to do, and nothing of it added up.
    sweep.load_calls(ws, data, NAME, export(platform, DAY_10, tmp_path))
    view = sweep.sweep_view(ws, data, NAME, DAY_10)
    found = lines_of(view)
    household = found["household"]
    assert (household.registered, household.recorded, household.written_off) == (1889, 1790, 11)
    assert (household.reasons["in_vain"], household.reasons["not_agreed"], household.reasons["waiting"]) == (71, 17, 0)
    assert (household.to_do, household.left) == (1878, 88)
    assert wording.share_done("zh", household, household.met) == "95.3%"
    assert (found["shop"].registered, found["shop"].written_off, found["shop"].recorded, found["shop"].to_do) == (
        32,
        1,
        31,
        31,
    )
    assert (found["building"].recorded, found["building"].to_do) == (57, 57)
    everything = "\n".join([*sweep.summary(ws, view, "zh"), *sweep.summary(ws, view, "en")])
    tables = [as_tabs(one.exhibit.make()) for lang in ("zh", "en") for one in sweep.exhibits(ws, view, lang)]
    assert "100%" not in everything + "\n".join(tables)
    assert "未完成88户：三次未遇71户、未同意入户17户。" in everything
    sums = {str(found[one].to_do + found["household"].to_do) for one in ("building", "shop", "venue", "person")}
    assert not any(re.search(rf"(?<!\d){total}(?!\d)", everything.replace(",", "")) for total in sums)

    # 9. Sixty of the 1,790, drawn with the seed that the campaign says, and looked at again by others.
    view = sweep.draw_sample(ws, data, NAME, DAY_10)
    assert len(view.sample) == 60
    pd.testing.assert_frame_equal(sweep.draw_sample(ws, data, NAME, DAY_10).sample, view.sample)
    callers = view.state.callers
    assert not any(row.team_id in callers[row.place_id] for row in view.sample.itertuples())
    assert "T03" not in set(view.sample["team_id"])  # it is elsewhere
    sheet = next(one for one in sweep.exhibits(ws, view, "zh") if one.key == "sample").exhibit.make()
    filled = tmp_path / "抽查结果.csv"
    lines, wrong = as_csv(sheet).decode("utf-8-sig").splitlines(), {6, 30, 51}
    first = next(at for at, line in enumerate(lines) if line.startswith("PL"))
    lines = [line + ("否" if at - first in wrong else "是") if at >= first else line for at, line in enumerate(lines)]
    filled.write_text("\n".join(lines), encoding="utf-8-sig")
    by_callers = filled.read_text(encoding="utf-8-sig").replace(
        lines[first], ",".join([*lines[first].split(",")[:3], next(iter(callers[view.sample["place_id"][0]])), "是"])
    )
    refused = sweep.load_results(ws, data, NAME, ("抽查结果2.csv", by_callers.encode()))
    assert [note.reason.key for note in refused.refused] == ["sweep.row_own_check"]
    report = sweep.load_results(ws, data, NAME, filled)
    assert (report.accepted, report.refused) == (60, ())
    view = sweep.sweep_view(ws, data, NAME, DAY_10)
    assert (view.found.checked, view.found.confirmed) == (60, 57)
    told = wording.confirmed_text("zh", view.found, 60)
    assert told.startswith("独立抽查已登记的60户，属实57户：95.0%（95%置信区间86.")
    assert "上报登记率95.3%，推算真实登记率90.6%" in told
    # What was not known on an earlier day is not told of it, and nothing is drawn again.
    early = sweep.sweep_view(ws, data, NAME, DAY_3)
    assert (early.sample, early.found) == (None, None)
    with pytest.raises(UserError, match="is drawn once"):
        sweep.draw_sample(ws, data, NAME, DAY_3)

    # 10. One page: lines, the 88 by number and reason, hazards by number, and when the sheets are destroyed.
    paper = sweep.closing_paper(ws, data, view, "zh")
    assert pages(paper) == 1
    monkeypatch.setattr("analytics.briefing.sweep.typeset", lambda *given: seen.update(given[1]) or b"")
    sweep.closing_paper(ws, data, view, "zh")
    assert [row[0] for row in seen["lines"]] == ["楼", "店", "场所", "户", "人"]
    assert sum(int(number) for row in seen["left"] for number in re.findall(r"(\d+)户", row[2])) == 88
    assert all(re.fullmatch(r"PL\d{5}", row[0]) for row in seen["left"])
    assert seen["hazards"][0] == ["走访巡查记录中没有查出问题的结果，查出的隐患未知。"]
    assert re.fullmatch(r"网格、巡查上报的消防隐患\d+件，已办结\d+件。", seen["hazards"][1][0])
    assert all(re.fullmatch(r"SJ\d{5}（.*）|另有\d+处未列", one) for one in seen["hazards"][1][1:])
    assert seen["destroy"] == "清楼表于2026年11月30日前销毁"
    assert "100%" not in str(seen)
    monkeypatch.undo()

    with pytest.raises(UserError, match="nothing to close"):
        sweep.closing_paper(ws, data, sweep.sweep_view(ws, data, NAME, BEFORE), "zh")

    # From a shell, and for who may not see records.
    assert (
        main(["coverage", NAME, "--home", str(ws.home), "--day", "2026-10-29", "--out", str(tmp_path / "结案.pdf")])
        == 0
    )
    assert pages((tmp_path / "结案.pdf").read_bytes()) == 1
    assert main(["coverage", "--home", str(ws.home), "--day", "2026-10-29", "--table", "missing"]) == 0
    assert "PL0" in capsys.readouterr().out
    monkeypatch.setenv("FIVE_COLOUR_ROLE", "leader")
    assert main(["coverage", "--home", str(ws.home), "--day", "2026-10-29", "--table", "missing"]) == 0
    shown = capsys.readouterr()
    assert "PL0" not in shown.out + shown.err
    assert main(["coverage", "--home", str(ws.home), "--day", "2026-10-29", "--out", str(tmp_path / "again.pdf")]) == 2
    assert not (tmp_path / "again.pdf").exists()


def test_the_third_call_ends_it_only_after_an_evening_and_a_weekend(office, platform):
    """5. A household that was called three times counts once; at noon of three weekdays it stays open."""
    data = require_own(office)
    view = sweep.sweep_view(office, data, NAME, DAY_10)
    noon = platform.assign(checked_at=platform["checked_at"].dt.normalize() + pd.Timedelta(hours=12))
    state = tally(view.state.campaign, view.state.register, noon, None, DAY_10)
    line = next(one for one in state.lines() if one.line == "household")
    assert (line.reasons["in_vain"], line.reasons["waiting"], line.met, line.called) == (0, 71, 1790, 1878)


def test_what_names_households_or_does_not_add_up_is_refused(office):
    view = sweep.sweep_view(office, require_own(office), NAME, DAY_3)
    content = (
        "平台导出表,,,,,,,,\n"
        "楼栋编号,户主姓名,户号,上门时间,组团编号,第几次上门,上门户数,见面户数,登记户数\n"
        "PL00885,张三,301,2026-10-20 19:00,T01,1,10,6,6\n"
        "PL00885-0301,李四,301,2026-10-20 19:00,T01,1,1,1,1\n"
        "PL00885,王五,302,2026-10-21 19:00,T01,2,9,6,6\n"
        "PL00886,,,2026-10-20 19:00,张三,1,10,6,6\n"
        "PL00886,,,2026-11-20 19:00,T01,1,10,6,6\n"
        "PL00886,,,2026-10-20 19:00,T01,1,ten,6,6\n"
        "PL00887,,,2026-10-20 19:00,T01,1,10,6,6\n"
    )
    places = list(view.state.register.places.index)

    def faulty(rows):
        found = faults(view.state.register, rows)
        return {place: phrase(f"sweep.row_{one.kind}", **one._asdict()) for place, one in found.items()}

    days = (view.state.campaign.first, view.state.campaign.last)
    rows, report = load_sweep_calls(("平台.csv", content.encode()), places, ["T01"], days, faulty)
    assert rows["place_id"].tolist() == ["PL00887"]
    assert report.read == report.accepted + len(report.refused) == 7
    assert report.dropped_private == ("户主姓名", "户号")
    assert [note.reason.key.removeprefix("sweep.row_") for note in report.refused] == [
        "rounds", "place", "rounds", "team", "day", "number"
    ]  # fmt: skip
    told = "\n".join(note.reason.text("zh") for note in report.refused)
    assert "第2次上门9户，此前未遇的只有4户" in told
    assert "张三" not in told + str(report)
    assert set(rows.columns) == set(HEADERS)


def test_the_campaign_of_the_sample_is_for_viewing_only(home):
    from analytics.workspace.datasets import find

    ws = Workspace(Actor("甲", "local"), home, date(2026, 11, 1), "en")
    data, _ = find(ws, "demo_street")
    assert list(sweep.campaigns(ws, data)) == [NAME]
    view = sweep.sweep_view(ws, data, NAME)
    assert lines_of(view)["household"].recorded == 1790
    assert view.names.areas["DS-06-01"] == "Guifan"
    with pytest.raises(UserError, match="for viewing only"):
        sweep.draw_sample(ws, data, NAME)
    shutil.copytree(STREET / "campaigns" / NAME, data.home / "campaigns" / "own")
    assert set(sweep.campaigns(ws, data)) == {NAME, "own"}
    assert len(sweep.draw_sample(ws, data, "own").sample) == 60


@pytest.mark.parametrize(
    ("lang", "count", "handed"),
    [
        (
            "zh",
            "走访巡查查出隐患7处：已移交1处、未整改2处、已整改4处。",
            "PL00969（船埠，10月29日查出，10月29日已告知，移交消防救援大队，街移〔2026〕13号）",
        ),
        (
            "en",
            "Hazards found by checks: 7, 1 handed over, 2 open, 4 put right.",
            "PL00969 (Chuanbu, found 29 Oct, told 29 Oct, handed over to 消防救援大队, 街移〔2026〕13号)",
        ),
    ],
)
def test_the_closing_paper_tells_what_checks_found_and_to_whom_it_was_handed_over(
    home, monkeypatch, lang, count, handed
):
    from analytics.workspace.datasets import find

    ws = Workspace(Actor("甲", "local"), home, date(2026, 11, 1), lang)
    data, _ = find(ws, "demo_street")
    view = sweep.sweep_view(ws, data, NAME, date(2026, 10, 31))
    assert pages(sweep.closing_paper(ws, data, view, lang)) == 1
    # And where nearly everything is left, which no page has room for beside them.
    early = sweep.sweep_view(ws, data, NAME, date(2026, 10, 24))
    many = sweep.found_hazards(data, view)
    many = replace(many, rows=pd.concat([many.rows.head(1)] * 30, ignore_index=True), placeless=3)
    monkeypatch.setattr(sweep, "found_hazards", lambda *_: many)
    assert pages(sweep.closing_paper(ws, data, early, lang)) == 1
    monkeypatch.undo()
    seen = {}
    monkeypatch.setattr("analytics.briefing.sweep.typeset", lambda *given: seen.update(given[1]) or b"")
    sweep.closing_paper(ws, data, view, lang)
    found, _ = seen["hazards"]
    assert found[:2] == [count, handed]
    assert len(found) == 1 + 7
    assert all(one.startswith("PL0") for one in found[1:])
    # Who may not see records is told how many, and no place, department or number.
    hidden = replace(view, records=False)
    rows = sweep.found_hazards(data, hidden).rows
    assert rows[["place", "department", "number"]].isna().all(axis=None)
    assert len(rows) == 7


def test_pairs_come_from_the_table_of_teams(office):
    data = require_own(office)
    campaign = sweep.campaigns(office, data)[NAME]
    assert pairs_of(campaign, data.teams) == {"T01": 2, "T03": 5, "T07": 3, "T08": 4}
