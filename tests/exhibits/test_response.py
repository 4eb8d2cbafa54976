"""What is taken along from the page on response: the map of tier and coverage, and tables that say who answers."""

import io
from dataclasses import replace

import openpyxl
import pytest

from analytics import tiers
from analytics.briefing.exhibit import exhibit_file, map_picture
from analytics.exhibits import response as making
from analytics.exhibits.captions import Caption
from analytics.words import LANGUAGES, say
from analytics.workspace import response, schemes
from tests.pages.visits import demo

CAPTION = Caption("示例街道", ("截至2026年10月31日24时",), "示意图")


@pytest.fixture(scope="module")
def view():
    ws, data = demo()
    chosen = schemes.scheme_for(ws, data, "epidemic")[0]
    return response.response(ws, data, chosen, None, data.days(chosen)[1])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_map_has_lines_over_what_is_not_on_target_and_says_how_many(view, lang):
    made = making.map_of(lang, lambda: CAPTION, view.told, view.context).make()
    # An area without a tier has lines of its own.
    rated = view.states[view.told.tier != tiers.UNKNOWN]
    behind, untold = int((rated == "behind").sum()), int((rated == "untold").sum())
    assert made.hint == say(lang, "response.exhibit_map_hint", behind=behind, untold=untold)
    picture = map_picture(made.map)
    assert picture.count('class="lines"') == behind + untold
    assert behind
    assert 'id="lines-red-rising"' in picture
    assert 'class="lines"' not in map_picture(replace(made.map, lines={}))
    assert exhibit_file(made, "png").startswith(b"\x89PNG")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_area_says_which_post_and_team_answer_in_a_workbook_too(view, lang):
    made = making.areas(lang, lambda: CAPTION, view.told).make()
    book = openpyxl.load_workbook(io.BytesIO(exhibit_file(made, "xlsx")))
    rows = list(book.active.values)
    head = next(at for at, row in enumerate(rows) if say(lang, "response.team") in row)
    at = rows[head].index(say(lang, "response.team"))
    told = [row[at] for row in rows[head + 1 :]]
    assert len(told) == len(made.table) == 52 * len(view.duties)
    assert set(told) <= {say(lang, "overview.names", names=list(names)) for names in view.tied.values()}
    assert say(lang, "response.no_team") not in told


def test_a_community_without_a_team_is_said_to_have_none(view):
    told = replace(view.told, teams=dict.fromkeys(view.states.index, ()))
    table = making.areas_table("zh", told)
    assert set(table[say("zh", "response.team")]) == {say("zh", "response.no_team")}
    unknown = making.areas_table("zh", replace(view.told, teams=None))
    assert set(unknown[say("zh", "response.team")]) == {"—"}
