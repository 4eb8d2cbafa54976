import pandas as pd
import pytest

from analytics.loaders import UnknownWord
from tests.loaders.files_of_records import INCIDENTS, TODAY, load, notes, reasons, repairs


def test_english_and_chinese_headers_give_the_same_incidents():
    english = (
        "case_id,grid_id,Created Date,Complaint Type,Source,Status,Due Date,Closed Date,Satisfied\n"
        "K7,G1,2020-02-15T08:30:00,fever,hotline,closed,2020-02-20,2020-02-16,yes\n"
    )
    chinese = (
        "工单号,所属网格,受理时间,诉求类型,渠道,状态,截止时间,办结时间,是否满意\n"
        "K7,Ｇ１,2020年2月15日 08:30,发热,12345热线,已办结,2020/2/20,20200216,满意\n"
    )
    first, second = (load(incidents=text)[0].incidents for text in (english, chinese))
    pd.testing.assert_frame_equal(first, second)
    assert first["reported_at"].isna().all()
    assert first.drop(columns="reported_at").iloc[0].to_dict() == {
        "area_id": "G1",
        "incident_id": "K7",
        "occurred_at": pd.Timestamp("2020-02-15 08:30"),
        "category": "fever",
        "channel": "12345",
        "severity": pytest.approx(float("nan"), nan_ok=True),
        "status": "closed",
        "due_at": pd.Timestamp("2020-02-20"),
        "closed_at": pd.Timestamp("2020-02-16"),
        "satisfied": True,
    }


@pytest.mark.parametrize(
    "written",
    [
        "2020-02-15",
        "2020-2-15",
        "2020/2/15",
        "20200215",
        "2020年2月15日",
        "２０２０-０２-１５",
        "2020-02-15 00:00",
        "2020-02-15 00:00:00",
        "2020/2/15 0:00",
        "2020年2月15日0:00",
        "2020-02-15T00:00:00.000",
    ],
)
def test_a_date_is_read_in_each_way_of_writing(written):
    records, _ = load(incidents=f"{INCIDENTS}a,G1,{written},fever\n")
    assert records.incidents["occurred_at"].tolist() == [pd.Timestamp("2020-02-15")]


@pytest.mark.parametrize(
    "written", ["2020-02-30", "2020-13-01", "15.02.20", "soon", "2020-2-108:30", "2020-02-15 25:00", "0001-01-01"]
)
def test_an_impossible_date_is_refused(written):
    _, reports = load(incidents=f"{INCIDENTS}a,G1,{written},fever\nb,G1,2020-02-15,fever\n")
    (row,) = reports["incidents"].refused
    assert (row.line, row.column) == (2, "occurred_at")
    assert written in row.reason.text("zh")


def test_a_date_after_today_is_refused_and_one_of_today_is_not():
    _, reports = load(incidents=f"{INCIDENTS}a,G1,2020-03-02,fever\nb,G1,{TODAY} 23:59,fever\n")
    assert reasons(reports["incidents"], "zh") == {
        2: "“发生时间”为2020年3月2日，晚于今天（2020年3月1日），请核对日期。"
    }
    assert reports["incidents"].first_day == reports["incidents"].last_day == TODAY


def test_a_deadline_may_lie_ahead_but_a_closing_may_not_come_before_the_matter():
    text = (
        "incident_id,area_id,occurred_at,category,due_at,closed_at\n"
        "a,G1,2020-02-15 18:00,fever,2020-05-01,2020-02-15\n"
        "b,G1,2020-02-15,fever,,2020-02-14\n"
    )
    records, reports = load(incidents=text)
    assert reasons(reports["incidents"]) == {}
    assert "Closed on 14 February 2020, before it occurred on 15 February 2020" in repairs(reports["incidents"])[3]
    assert records.incidents["closed_at"].isna().tolist() == [False, True]


@pytest.mark.parametrize("status", ["重办", "重新办理", "reopened"])
def test_an_incident_that_was_reopened_is_open_whatever_its_earlier_closing(status):
    text = (
        "工单号,所属网格,受理时间,诉求类型,状态,办结时间\n"
        f"K1,G1,2020-02-01,噪声,{status},2020-02-05\nK2,G1,2020-02-01,噪声,已办结,2020-02-06\n"
    )
    records, reports = load(incidents=text)
    assert records.incidents["status"].to_list() == ["open", "closed"]
    assert records.incidents["closed_at"].isna().to_list() == [True, False]
    report = reports["incidents"]
    assert (report.accepted, report.repaired_rows, list(repairs(report))) == (1, 1, [2])
    assert report.repaired[0].column == "办结时间"
    for lang in ("zh", "en"):
        assert all(part in repairs(report, lang)[2] for part in (status, "2020"))


def test_a_closing_of_a_status_that_nobody_knows_stays_as_it_is():
    head = "工单号,所属网格,受理时间,诉求类型,状态,办结时间\n"
    text = f"{head}K1,G1,2020-02-01,噪声,其他甲,2020-02-05\nK2,G1,2020-02-01,噪声,,2020-02-05\n"
    assert load(incidents=text)[0].incidents["closed_at"].notna().all()


def test_a_closed_matter_without_a_closing_date_is_accepted_and_noted():
    text = (
        "incident_id,area_id,occurred_at,category,status\na,G1,2020-02-15,fever,已办结\nb,G1,2020-02-15,fever,办理中\n"
    )
    records, reports = load(incidents=text)
    assert records.incidents["status"].tolist() == ["closed", "open"]
    assert "Closed incidents without a closing date: 1" in notes(reports["incidents"])


def test_a_category_of_the_offices_own_stays_as_it_is():
    records, _ = load(incidents=INCIDENTS + "a,G1,2020-02-15, 古树名木（养护） \nb,G1,2020-02-15,确诊病例\n")
    assert records.incidents["category"].tolist() == ["古树名木（养护）", "confirmed_case"]


def test_a_word_that_stands_for_blank_is_blank():
    text = (
        "incident_id,area_id,occurred_at,category,channel,due_at\na,G1,2020-02-15,fever,-,NULL\nb,G1,2020-02-15,—,,\n"
    )
    records, reports = load(incidents=text)
    assert records.incidents["channel"].isna().tolist() == [True]
    assert records.incidents["due_at"].isna().tolist() == [True]
    assert list(reasons(reports["incidents"])) == [3]


def test_a_repeated_id_is_refused_with_the_place_of_the_accepted_one_and_is_not_quoted():
    text = INCIDENTS + "id-77,G9,2020-02-15,fever\nid-77,G1,2020-02-15,fever\nid-77,G1,2020-02-16,fever\n"
    records, reports = load(incidents=text)
    assert len(records.incidents) == 1
    assert "line 3" in reasons(reports["incidents"])[4]
    assert "id-77" not in str(reports["incidents"])
    assert records.incidents["incident_id"].tolist() == ["id-77"]


def test_a_required_cell_that_is_blank_and_an_unknown_area_are_refused():
    _, reports = load(
        incidents=INCIDENTS + "a,G1,2020-02-15,\nb,,2020-02-15,fever\nc,G9,2020-02-15,fever\nd,G1,2020-02-15,x\n"
    )
    said = reasons(reports["incidents"], "zh")
    assert said[2] == "“事件类别”为空，请补填。"
    assert said[3] == "无法确定所属区域，请填写区域编码，或同时填写经度和纬度。"
    assert said[4] == "区域编码“G9”不在区域文件中，请与区域文件核对。"


def test_residents_have_their_types_and_one_counts_as_one():
    text = (
        "网格编码,出生年份,是否独居,住房性质,户籍类型,截至日期\n"
        "G1,1950,是,租赁,流动,2020-02-01 10:00\n"
        "G2,,否,自有,本地,\n"
        "G2,2019,,借住,,\n"
    )
    records, reports = load(residents=text)
    residents = records.residents
    assert residents.columns.tolist() == ["area_id", "count", "age_band", "lives_alone", "tenure", "origin", "as_of"]
    assert residents.dtypes.astype(str).to_dict() == {
        "area_id": "str",
        "count": "int64",
        "age_band": "str",
        "lives_alone": "boolean",
        "tenure": "str",
        "origin": "str",
        "as_of": "datetime64[us]",
    }
    assert residents["count"].tolist() == [1, 1, 1]
    assert residents["age_band"].tolist()[0] == "70-79"
    assert residents["age_band"].tolist()[2] == "0-17"
    assert residents["lives_alone"].tolist() == [True, False, pd.NA]
    assert residents["tenure"].tolist() == ["rent", "own", "lodge"]
    assert residents["origin"].tolist()[:2] == ["elsewhere", "local"]
    assert residents["as_of"].tolist()[0] == pd.Timestamp("2020-02-01")
    assert reports["residents"].last_day.isoformat() == "2020-02-01"


@pytest.mark.parametrize(
    ("birth_year", "band"), [(2003, "0-17"), (2002, "18-59"), (1961, "18-59"), (1960, "60-69"), (1940, "80+")]
)
def test_an_age_band_is_the_age_reached_in_the_year_of_the_record(birth_year, band):
    records, _ = load(residents=f"area_id,birth_year,as_of\nG1,{birth_year},2020-02-01\n")
    assert records.residents["age_band"].tolist() == [band]


@pytest.mark.parametrize(
    ("written", "band"), [("60～69岁", "60-69"), ("80岁以上", "80+"), ("66+", "66+"), ("16-20", "16-20")]
)
def test_age_bands_are_read_as_written(written, band):
    records, _ = load(residents=f"area_id,age_band\nG1,{written}\n")
    assert records.residents["age_band"].tolist() == [band]


def test_a_group_keeps_its_row_where_its_count_is_no_whole_number_from_0_on():
    text = 'area_id,count\nG1,"1,200"\nG1,-3\nG1,1.5\nG1,many\nG1,1e300\nG1,\n'
    records, reports = load(residents=text)
    assert records.residents["count"].fillna(-1).tolist() == [1200, *[-1] * 5]
    assert (list(repairs(reports["residents"])), reasons(reports["residents"])) == ([3, 4, 5, 6, 7], {})


def test_a_birth_year_out_of_range_costs_the_age_band_and_is_not_quoted():
    records, reports = load(residents="area_id,birth_year\nG1,1780\nG1,2021\nG1,19451302\nG1,1950\n")
    assert list(repairs(reports["residents"])) == [2, 3, 4]
    assert records.residents["age_band"].isna().tolist() == [True, True, True, False]
    assert "1780" not in str(reports["residents"])


def test_a_word_that_is_neither_yes_nor_no_is_left_blank_and_a_word_that_is_no_code_is_kept_and_told():
    records, reports = load(residents="area_id,lives_alone,tenure\nG1,maybe,castle\nG2,是,自有\n")
    assert records.residents["tenure"].tolist() == ["castle", "own"]
    report = reports["residents"]
    assert [(row.line, row.column) for row in report.repaired] == [(2, "lives_alone")]
    assert (report.read, report.accepted, report.repaired_rows) == (2, 1, 1)
    assert "left blank" in repairs(report)[2]
    assert report.unknown == (UnknownWord("tenure", "castle", 1, None),)
    assert report.marked.to_dict("index") == {2: {"area_id": "G1", "lives_alone": "maybe", "tenure": "castle"}}


def test_areas_without_residents_are_counted_on_the_finest_level():
    areas = "area_id,level\nC,社区\nG1,网格\nG2,网格\n"
    _, reports = load(areas=areas, residents="area_id,count\nG1,3\n")
    assert "without any resident record in this file: 1" in notes(reports["residents"])


def test_places_checks_and_teams_are_read():
    records, reports = load(
        places="场所编号,网格编码,类型,核定人数,用途\nP1,G1,出租房,12,居住\nP1,G1,商铺,,\nP2,G2,密集场所,300,剧院\n",
        checks=(
            "走访编号,场所编号,区域编码,走访类型,走访时间,结果,组团编号\n"
            "1,P1,,走访,2020-02-15 09:00,完成,T1\n"
            "2,,G2,清楼,2020-02-16,家中无人,T1\n"
            "3,P9,,走访,2020-02-15,完成,T1\n"
            "4,P1,,走访,2020-02-15,很好,T1\n"
        ),
        teams="组团编号,名称,部门,人数,驻地网格,专长,每日工时\nT1,第一组团,城管办,6,G1,巡查,8\nT2,第二组团,,x,G1,,\nT3,第三组团,,3,G9,,\n",
    )
    assert records.places.to_dict("records")[0] == {
        "area_id": "G1",
        "place_id": "P1",
        "kind": "rental",
        "capacity": 12,
        "use": "居住",
    }
    assert records.checks["area_id"].tolist() == ["G1", "G2", "G1"]
    assert records.checks["outcome"].tolist() == ["done", "nobody_home", "很好"]
    assert records.checks["kind"].tolist() == ["visit", "sweep", "visit"]
    assert records.teams["name"].tolist() == ["第一组团"]
    assert records.teams["members"].tolist() == [6]
    assert list(reasons(reports["places"])) == [3]
    assert list(reasons(reports["checks"])) == [4]
    assert reports["checks"].unknown == (UnknownWord("outcome", "很好", 1, None),)
    assert list(reasons(reports["teams"])) == [3, 4]
    assert list(reports) == ["areas", "places", "checks", "teams"]


def test_a_check_counts_where_its_place_lies_whatever_area_it_names():
    areas = "area_id,name,level,parent_id\nC1,甲社区,社区,\nG1,一号网格,网格,C1\nG2,二号网格,网格,C1\n"
    places = "place_id,area_id,kind\nP1,G1,building\nP2,C1,venue\n"
    head = "check_id,place_id,area_id,kind,checked_at,outcome\n"
    # As its place, as another grid, as the community above; of a place of the whole community; of one nobody knows.
    rows = [("P1", "G1"), ("P1", "G2"), ("P1", "C1"), ("P2", "G2"), ("P9", "G2")]
    lines = "".join(f"{at},{place},{area},visit,2020-02-15,done\n" for at, (place, area) in enumerate(rows))
    records, reports = load(areas=areas, places=places, checks=head + lines)
    assert records.checks["area_id"].tolist() == ["G1", "G1", "G1", "G2", "G2"]
    assert repairs(reports["checks"]) == {
        3: "The area code is G2, but the place lies in G1; counted where the place lies."
    }


def test_the_table_of_teams_says_which_post_leads_each_and_never_who():
    head = "组团编号,名称,部门,人数,驻地网格,包联领导\n"
    records, reports = load(
        teams=head + "T1,甲组,派出所、司法所,6,G1,包联领导\nT2,乙组,民政办,4,G2,王小明\nT3,丙组,,3,G2,\n"
    )
    assert records.teams["lead_post"].fillna("").tolist() == ["包联领导", "", ""]
    assert records.teams["department"].fillna("").tolist() == ["派出所、司法所", "民政办", ""]
    assert list(repairs(reports["teams"])) == [3]
    assert "王小明" not in repairs(reports["teams"])[3]
    without, _ = load(teams="组团编号,名称,人数\nT1,甲组,6\n")
    assert "lead_post" not in without.teams


def test_a_check_of_a_place_needs_the_places():
    checks = (
        "check_id,place_id,area_id,kind,checked_at,outcome\n1,P1,,visit,2020-02-15,done\n2,,G1,visit,2020-02-15,done\n"
    )
    _, reports = load(checks=checks)
    assert "no places file has been imported" in reasons(reports["checks"])[2]


@pytest.mark.parametrize("written", ["30", "24.5", "0", "240"])
def test_hours_that_no_day_has_are_left_blank_and_told(written):
    text = f"组团编号,名称,人数,每日工时\nT1,一组,4,{written}\nT2,二组,4,24\nT3,三组,4,7.5\n"
    records, reports = load(teams=text)
    assert records.teams["hours_per_day"].isna().to_list() == [True, False, False]
    assert list(repairs(reports["teams"])) == [2]
    assert "24" in repairs(reports["teams"], "zh")[2]
    assert written in repairs(reports["teams"])[2]


@pytest.mark.parametrize("area", ["联系社区", "包联社区", "挂联社区", "联系网格", "联系区域"])
@pytest.mark.parametrize("department", ["成员单位", "组成单位", "责任单位", "参与单位"])
def test_teams_are_read_under_the_headers_of_offices(area, department):
    text = f"组团编号,组团名称,组员数,{area},{department}\nT1,健康随访组,4,一号网格,社区卫生服务中心\n"
    found = load(teams=text)[0].teams.iloc[0]
    assert (found["home_area_id"], found["department"]) == ("G1", "社区卫生服务中心")
