"""The report of two pages: always two, last week first, what does not fit is counted, and notes after the signature."""

import dataclasses
import re
from datetime import date

import pytest

from analytics import tiers
from analytics.briefing import report as module
from analytics.briefing.composing import _moved, briefing_of
from analytics.briefing.content import TaskList, TaskRow
from analytics.briefing.looking import pages_of
from analytics.briefing.report import MOST_OVERDUE, MOST_ROWS, MOST_TASKS, report
from analytics.briefing.typesetting import typeset
from analytics.errors import BriefingError
from analytics.releases import verify
from analytics.releases.compare import side_by_side
from analytics.releases.publishing import entry_of, predecessor
from analytics.releases.publishing import report as report_of
from analytics.response.tasks import meeting_list
from analytics.store.ledger_entries import AssignmentEntry
from analytics.store.office_settings import LONGEST, OfficeSettings
from analytics.words import LANGUAGES, say
from tests.briefing.meetings import NUMBER, POST, bare, full

OFFICE = OfficeSettings(
    office_zh="东桥街道办事处", letterhead_zh="东桥街道五色研判专报", signature_zh="东桥街道综治办",
    report_to_zh="区委政法委", copy_to_zh="各社区",
)  # fmt: skip


@pytest.fixture
def handed(monkeypatch):
    """What the report hands to the typesetter, which is not run."""
    taken = {}

    def of(briefing, meeting=None):
        def take(template, data, form, pictures=None):
            taken.update(template=template, data=data, form=form, pictures=pictures or {})
            return b""

        with monkeypatch.context() as held:
            held.setattr(module, "typeset", take)
            report(briefing, meeting or bare(briefing.lang))
        return dict(taken)

    return of


def crowded(briefing):
    """The same with every area changed, long names, and data of many sources interrupted."""
    areas = tuple(
        dataclasses.replace(area, name=f"{area.name} {'Saint Catherine upon the Water' if area.rank % 2 else '河湾'}")
        for area in briefing.areas
    )
    ids = tuple(area.area_id for area in areas)
    move = dataclasses.replace(briefing.moves[0], area_ids=ids, names=ids, causes=("",) * len(ids))
    told = tuple(f"{briefing.finding}{number}" for number in range(12))
    return dataclasses.replace(
        briefing, areas=areas, moves=(move,), provisos=told,
        interrupted=(briefing.finding_label, briefing.finding * 3),
    )  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_has_two_pages_and_is_the_same_each_time(second, first, lang):
    for briefing in (second[lang], first[lang]):
        made = report(briefing, full(lang))
        assert made == report(briefing, full(lang))
        assert pages_of(made).pages == 2
        shapeless = dataclasses.replace(briefing, shapes=None, context=None, weekly=None)
        assert pages_of(report(shapeless, bare(lang))).pages == 2


MORE = ("more", "more_sentences", "more_tasks", "more_overdue", "more_points", "more_behind")


def says(held, name):
    """Whether the paper says that something is left out in the words of that name: it is another one without them."""
    made, silent = (
        typeset("report", {**held["data"], **dict.fromkeys(others, "")}, "pdf", pictures=held["pictures"])
        for others in ([one for one in MORE if one != name], MORE)
    )
    assert pages_of(made).pages == pages_of(silent).pages == 2
    return made != silent


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_does_not_fit_is_counted_and_nothing_is_said_where_all_of_it_does(second, handed, lang):
    few = handed(
        dataclasses.replace(second[lang], moves=second[lang].moves[:2]), full(lang, overdue=4, points=1, behind=2)
    )
    assert not any(says(few, name) for name in MORE)
    many = handed(listed(crowded(second[lang]), rows=60), full(lang, points=20, behind=40))
    assert all(says(many, name) for name in MORE)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "much",
    [
        {"posts": 9},
        {"overdue": 300},
        {"points": 30},
        {"lines": 6},
        {"behind": 60},
        {"posts": 8, "points": 12, "lines": 5},
    ],
)
def test_however_much_there_is_it_has_two_pages(second, lang, much):
    for briefing in (second[lang], listed(crowded(second[lang]), rows=60)):
        assert pages_of(report(briefing, full(lang, **much))).pages == 2


def test_what_is_said_of_areas_that_are_not_on_target_costs_no_row_of_the_list_of_the_last_meeting(second, handed):
    made = handed(listed(second["zh"], rows=6), full("zh", overdue=4, points=1, lines=2, behind=40))
    assert says(made, "more_behind")
    assert not says(made, "more_tasks")


def test_incidents_are_listed_by_number_only_where_numbers_may_be_told(second, handed):
    told = dataclasses.replace(second["zh"], office=OFFICE)
    open_one, kept = (str(handed(told, full("zh", numbered=numbered))["data"]) for numbered in (False, True))
    assert (NUMBER in open_one, NUMBER in kept) == (False, True)
    # What has numbers stays in the office, and what leaves it says where they are.
    data = [handed(told, full("zh", numbered=numbered))["data"] for numbered in (False, True)]
    assert [one["receivers"] for one in data] == [["报送：区委政法委", "抄送：各社区"], []]
    assert [one["internal"] for one in data] == ["内部资料", "内部资料　含业务编号，不得外传"]
    assert [one["due"]["said"] for one in data] == ["业务编号不随本件报送，逐件见“处置”页到期清单。", ""]


def test_the_table_of_what_falls_due_is_as_it_was_handed(second, handed):
    data = handed(second["zh"], full("zh", posts=2, overdue=100))["data"]["due"]
    assert data["head"] == ["责任岗位", "逾期", "当日", "24小时内", "三个工作日内", "无期限", "未办结"]
    assert data["rows"] == [[f"{POST}{at}", "12", "3", "3", "7", "0", "61"] for at in range(2)]
    assert (len(data["each"]), data["overdue"]) == (MOST_OVERDUE, 100)
    none = handed(second["zh"], full("zh", overdue=0))["data"]["due"]
    assert none["said"] == say("zh", "meeting.each_none")


def test_it_counts_all_that_changed_and_tries_no_more_rows_than_a_page_has(second, handed):
    told = crowded(second["zh"])
    data = handed(told)["data"]
    assert len(data["changes"]["rows"]) == MOST_ROWS < data["changes"]["total"] == len(told.areas)
    elevated = sum(area.tier in tiers.ELEVATED for area in told.areas)
    assert data["focus"]["total"] == max(elevated, len(told.focus))


def test_each_change_has_its_reason(second, handed):
    told = second["zh"]
    areas = {area.area_id: area for area in told.areas}
    rows = iter(handed(told)["data"]["changes"]["rows"])
    for move in told.moves:
        for area_id, cause in zip(move.area_ids, move.causes, strict=True):
            row = next(rows)
            assert (row["area"], row["before"], row["after"]) == (areas[area_id].name, move.before, move.after)
            assert row["why"] == areas[area_id].reasons.moved() or row["why"] == cause
            assert row["why"]
    assert not list(rows)


def test_a_change_by_a_person_tells_until_when(office):
    told = report_of(office.home, office.ledger, entry_of(office.ledger, 1), entry_of(office.ledger, 2))
    pair = side_by_side(told.before.assessment, told.after.assessment)
    at = pair.areas.index.get_loc(told.comparison.changes[0].area_id)
    left = pair.override_left.copy()
    left[-1, at] = 12
    decided = dataclasses.replace(pair, override_left=left)
    said = [_moved(lang, decided, pair.areas.index[at]) for lang in ("zh", "en")]
    assert said == ["人工调整，至11月12日", "manual override until 12 Nov"]
    assert "，至" not in _moved("zh", pair, pair.areas.index[at])


def test_the_office_stands_over_it_and_signs_it(second, handed):
    told = dataclasses.replace(second["zh"], office=OFFICE)
    data = handed(told)["data"]
    assert (data["letterhead"], data["issuer"]) == ("东桥街道五色研判专报", told.place)
    assert data["signed"] == ["东桥街道综治办", told.issued]
    assert data["receivers"] == ["报送：区委政法委", "抄送：各社区"]
    unsaid = handed(second["zh"])["data"]
    assert (unsaid["letterhead"], unsaid["issuer"]) == ("五色研判专报", second["zh"].place)
    assert unsaid["receivers"] == []
    assert data["period"] == second["zh"].period


def test_a_draft_is_marked_and_has_no_day_of_publishing(office, handed):
    data = handed(office.briefing("D1", "zh"))["data"]
    assert "草稿" in data["draft"]
    assert data["issued"] == ""
    assert handed(office.briefing(2, "zh"))["data"]["draft"] == ""


def test_seeds_and_digests_are_in_the_notes_alone(second, handed):
    told = second["zh"]
    data = handed(told)["data"]
    assert data["notes"]["sentences"][-len(told.small_print) :] == list(told.small_print)
    body = [*data["map"]["sentences"], *data["changes"]["sentences"], *data["week"]["done"]]
    body += [*data["week"]["behind"], *data["week"]["besides"]]
    assert not set(body) & set(told.small_print)


def test_texts_of_an_office_as_long_as_may_be_still_make_two_pages(second):
    names = [f"{name}_zh" for name in ("office", "letterhead", "signature", "report_to", "copy_to", "base_map")]
    told = dataclasses.replace(crowded(second["zh"]), office=OfficeSettings(**dict.fromkeys(names, "街" * LONGEST)))
    assert pages_of(report(told, bare("zh"))).pages == 2


def test_a_finding_longer_than_a_page_is_refused_and_nothing_is_left_out_in_silence(second):
    with pytest.raises(BriefingError):
        report(dataclasses.replace(second["zh"], finding=second["zh"].finding * 60), bare("zh"))


# The assignments of the meeting


def listed(briefing, *, rows=8, **changed):
    """The same with assignments: the first is late, the last two are new, and two before them are signed off."""
    kinds = {
        0: ("在办，逾期3天，两次逾期", True, False),
        rows - 2: ("在办", False, True),
        rows - 1: ("在办", False, True),
    }
    made = tuple(
        TaskRow(
            number=at + 1,
            content=f"核查出租屋消防通道并清理楼道堆物（第{at + 1}片）",
            post="平安办、消防救援站",
            due="11月5日（原10月30日）",
            state=kinds.get(at, ("待复核", False, False))[0],
            progress="已约谈物业，街办〔2026〕12号",
            late=kinds.get(at, ("", False, False))[1],
            new=kinds.get(at, ("", False, False))[2],
            closed=at % 4 == 3,
        )
        for at in range(rows)
    )
    tasks = TaskList("10月26日—11月1日应办6件：…", "交办情况取自台账，截至11月2日。", made)
    return dataclasses.replace(briefing, tasks=tasks, **changed)


def test_that_there_are_no_assignments_no_incidents_and_no_records_is_said(second, handed):
    data = handed(second["zh"])["data"]
    assert (data["tasks"]["summary"], data["tasks"]["rows"]) == ("台账中没有交办。", [])
    assert data["week"]["done"] == ["没有与本期区域一致的记录，应做、完成、到期和隐患无法统计。"]
    assert data["week"]["behind"] == data["week"]["besides"] == []
    assert data["due"]["none"] == "没有事件记录，到期情况无法统计。"
    assert data["points"]["none"] == "按本期和现有记录，没有需要会议决定的问题。"
    assert data["changes"]["caption"].startswith("表1")
    assert data["receivers"] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_assignments_come_first_and_headings_and_tables_are_numbered_on(second, handed, lang):
    data = handed(listed(second[lang]), full(lang))["data"]
    places = ("tasks", "week", "due", "map", "changes", "points")
    assert [data[place]["heading"][0] for place in places] == list({"zh": "一二三四五六", "en": "123456"}[lang])
    captions = [data["tasks"], data["due"], data["changes"]]
    assert [int(re.search(r"\d+", one["caption"])[0]) for one in captions] == [1, 2, 3]
    assert [row["new"] for row in data["tasks"]["rows"]] == [False] * 6 + [True] * 2
    assert data["notes"]["sentences"].count("交办情况取自台账，截至11月2日。") == 1


def test_a_list_without_a_row_has_no_table_that_would_be_counted(second, handed):
    data = handed(listed(second["zh"], rows=0), full("zh"))["data"]
    assert data["tasks"]["caption"] == ""
    assert [data["due"]["caption"][:2], data["changes"]["caption"][:2]] == ["表1", "表2"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("rows", [0, 1, 8, 16, 60])
def test_with_assignments_it_still_has_two_pages(second, lang, rows):
    for briefing in (second[lang], crowded(second[lang])):
        for meeting in (bare(lang), full(lang)):
            assert pages_of(report(listed(briefing, rows=rows), meeting)).pages == 2


def test_assignments_that_do_not_fit_are_counted(second, handed):
    held = handed(listed(crowded(second["zh"]), rows=60), full("zh"))
    assert (len(held["data"]["tasks"]["rows"]), held["data"]["tasks"]["total"]) == (MOST_TASKS, 60)
    made, silent = (
        typeset("report", {**held["data"], "more_tasks": more}, "pdf", pictures=held["pictures"])
        for more in (held["data"]["more_tasks"], "")
    )
    assert made != silent


def test_what_a_briefing_says_of_assignments_is_what_the_list_says(office):
    entry = entry_of(office.ledger, 2)
    told = report_of(office.home, office.ledger, predecessor(office.ledger, entry), entry)
    one = AssignmentEntry(
        number=3, source="signal", area_id=told.after.assessment.areas.index[0], content="增加巡查", post="网格长",
        working_days=2, assigned=date(2026, 10, 26), due=date(2026, 10, 28), who="甲", role="keeper", at="",
    )  # fmt: skip
    meeting = meeting_list([(one, ())], entry.day, date(2026, 11, 2))
    frozen = verify(office.home, office.ledger, entry.name)
    said = {lang: briefing_of(frozen, told, lang, entry, tasks=meeting).tasks for lang in LANGUAGES}
    name = told.after.assessment.areas["name"].iloc[0]
    assert said["zh"].rows == (
        TaskRow(
            3, f"增加巡查（{name}）", "网格长", "10月28日", "在办，逾期5天", "—", late=True, new=False, closed=False
        ),
    )
    assert said["zh"].summary == "10月26日—11月1日应办1件，截至11月2日：销号0件，待复核0件，在办0件，逾期1件。"
    assert said["en"].as_of.startswith("Assignments are those of the ledger as at 2 November 2026")
    assert "Community" in said["en"].rows[0].content
