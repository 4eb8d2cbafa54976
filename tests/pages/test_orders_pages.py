"""The pages under an order: it stands over the first page, on the area's and on the response, and duties follow it."""

from datetime import date

import numpy as np
import pytest

from analytics import tiers
from analytics.__main__ import main
from analytics.scoring.reasons import shown_tier
from analytics.words import LANGUAGES, say
from analytics.workspace import datasets, open_workspace, published, response, runs, schemes
from tests.pages.visits import ROOT, WANG, html, visit

STREET = ROOT / "sample_data" / "demo_street"
DAY, BASIS = date(2026, 10, 31), "街办〔2026〕41号"
ROWS = (
    f"1,橙色,DS-05,{BASIS},2026-10-29,2026-11-03,每日两次巡查",
    "2,红色,DS-01,街办〔2026〕38号,2026-10-20,2026-10-26,现场值守",
)
LINK = {"data": "own", "scheme": "epidemic"}


@pytest.fixture
def ordered(home, tmp_path, capsys):
    """A home with one order in force for a community, one that ended five days ago, and a release."""
    (tmp_path / "orders.csv").write_text(
        "提级令编号,不低于等级,区域编码,依据,起始日期,截止日期,措施\n" + "\n".join(ROWS) + "\n", encoding="utf-8"
    )
    for table in ("areas.geojson", "residents.csv", "places.csv", "checks.csv", "teams.csv", "incidents.csv"):
        main(["load", "--as", table.partition(".")[0], str(STREET / table), "--confirm"])
    before = office()
    due = response.response(before[0], *before[2:], None, DAY).duties[0].week.due
    assert main(["load", "--as", "orders", str(tmp_path / "orders.csv")]) == 0
    capsys.readouterr()
    assert before[0].home == home
    return before[1], due, *office()


def office():
    ws = open_workspace(actor=WANG)
    data = datasets.find(ws, "own")[0]
    scheme = schemes.scheme_for(ws, data, "epidemic")[0]
    return ws, runs.assessed(ws, data, scheme, [DAY]), data, scheme


def test_the_same_is_shown_and_said_everywhere(ordered, capsys):
    without, due, ws, run, data, scheme = ordered
    inside = np.array(run.areas["parent_id"] == "DS-05")
    expected = np.where(inside, np.maximum(without.shown, tiers.RANK["orange"]), without.shown)
    np.testing.assert_array_equal(run.shown, expected)
    np.testing.assert_array_equal(run.published, without.published)
    area = next(area for area in run.areas.index[inside] if shown_tier(run, area).why == "order")

    for lang in LANGUAGES:
        label = say(lang, "order.label")
        told = {
            "zh": f"{BASIS}：",
            "en": f"{BASIS}: ",
        }[lang]
        ended = {"zh": "（云桥社区不低于红色）已于10月26日到期", "en": "at least red) ended on 26 Oct"}[lang]
        for page in ("overview", "area", "response"):
            shown = html(visit(page, lang, **LINK, release="working", date=str(DAY), area=area))
            assert label in shown, page
            assert told in shown, page
            assert {"zh": "不低于橙色，至11月3日", "en": "at least orange until 3 Nov"}[lang] in shown, page
            assert ended in shown, page
        first = html(visit("area", lang, **LINK, release="working", date=str(DAY), area=area))
        assert {"zh": f"按提级令（{BASIS}）至11月3日不低于橙色", "en": f"at least orange by order ({BASIS})"}[
            lang
        ] in first
        assert "每日两次巡查" in first

    # Duties follow what is shown while the order stands.
    view = response.response(ws, data, scheme, None, DAY)
    np.testing.assert_array_equal(view.run.shown, run.shown)
    asked = np.asarray(view.duties[0].week.due) - np.asarray(due)
    assert asked[run.areas["parent_id"] == "DS-05"].sum() > 0
    assert (asked[~run.areas["parent_id"].isin(["DS-05", "DS-01"])] == 0).all()

    entry = published.publish(ws, data, scheme, DAY, "例会", ("again", "clock"))
    frozen = published.run_of(ws, data, entry)[0]
    np.testing.assert_array_equal(frozen.shown[-1], run.shown[-1])
    capsys.readouterr()
    assert main(["score", "--scheme", "epidemic", "--date", str(DAY)]) == 0
    out, err = capsys.readouterr()
    assert BASIS in err
    rows = [line.split(",") for line in out.splitlines()[1:]]
    by_area = {row[0]: row[5] for row in rows}
    raised = run.without_order[-1] != -2
    assert {area for area, tier in by_area.items() if tier} == set(run.areas.index[raised])
    assert set(by_area.values()) == {"", "orange"}
