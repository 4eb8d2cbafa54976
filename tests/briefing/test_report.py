"""The report of two pages: always two, what does not fit is counted, and notes stand after the signature."""

import dataclasses

import pytest

from analytics import tiers
from analytics.briefing import report as module
from analytics.briefing.composing import _moved
from analytics.briefing.looking import pages_of
from analytics.briefing.report import MOST_ROWS, report
from analytics.briefing.typesetting import typeset
from analytics.errors import BriefingError
from analytics.releases.compare import side_by_side
from analytics.releases.publishing import entry_of
from analytics.releases.publishing import report as report_of
from analytics.store.office_settings import LONGEST, OfficeSettings
from analytics.words import LANGUAGES

OFFICE = OfficeSettings(
    office_zh="东桥街道办事处", letterhead_zh="东桥街道五色研判专报", signature_zh="东桥街道综治办",
    report_to_zh="区委政法委", copy_to_zh="各社区",
)  # fmt: skip


@pytest.fixture
def handed(monkeypatch):
    """What the report hands to the typesetter, which is not run."""
    taken = {}

    def of(briefing):
        def take(template, data, form, pictures=None):
            taken.update(template=template, data=data, form=form, pictures=pictures or {})
            return b""

        with monkeypatch.context() as held:
            held.setattr(module, "typeset", take)
            report(briefing)
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
    overall = dataclasses.replace(briefing.sections[0], sentences=(*briefing.sections[0].sentences, *told))
    return dataclasses.replace(
        briefing, areas=areas, moves=(move,), sections=(overall, *briefing.sections[1:]),
        interrupted=(briefing.finding_label, briefing.finding * 3),
    )  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_has_two_pages_and_is_the_same_each_time(second, first, lang):
    for briefing in (second[lang], first[lang]):
        made = report(briefing)
        assert made == report(briefing)
        assert pages_of(made).pages == 2
        bare = dataclasses.replace(briefing, shapes=None, context=None, weekly=None)
        assert pages_of(report(bare)).pages == 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_does_not_fit_is_counted_and_nothing_is_said_where_all_of_it_does(second, handed, lang):
    def says_that_some_are_left_out(briefing):
        held = handed(briefing)
        made, silent = (
            typeset("report", {**held["data"], "more": more, "more_sentences": more}, "pdf", pictures=held["pictures"])
            for more in (held["data"]["more"], "")
        )
        assert pages_of(made).pages == pages_of(silent).pages == 2
        return made != silent

    few = dataclasses.replace(second[lang], moves=second[lang].moves[:2])
    assert not says_that_some_are_left_out(few)
    assert says_that_some_are_left_out(crowded(second[lang]))


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
    body = [*data["overall"]["sentences"], *data["changes"]["sentences"], *data["focus"]["sentences"]]
    assert not set(body) & set(told.small_print)


def test_texts_of_an_office_as_long_as_may_be_still_make_two_pages(second):
    names = [f"{name}_zh" for name in ("office", "letterhead", "signature", "report_to", "copy_to", "base_map")]
    told = dataclasses.replace(crowded(second["zh"]), office=OfficeSettings(**dict.fromkeys(names, "街" * LONGEST)))
    assert pages_of(report(told)).pages == 2


def test_a_finding_longer_than_a_page_is_refused_and_nothing_is_left_out_in_silence(second):
    with pytest.raises(BriefingError):
        report(dataclasses.replace(second["zh"], finding=second["zh"].finding * 60))
