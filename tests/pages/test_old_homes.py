"""Every page on the homes of older programs, each opened by the program of today."""

import pytest

from tests.pages.test_pages import PAGES
from tests.pages.visits import html, visit
from tests.upgrade.old_homes import NAMES, unpacked


@pytest.fixture(autouse=True)
def old(home, tmp_path, name):
    unpacked(name, tmp_path / "old").folder.rename(home)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_on_an_old_home(page):
    app = visit(page, data="own")
    assert not app.error


@pytest.mark.parametrize("name", ["before-12"])
@pytest.mark.parametrize(("lang", "by"), [("zh", "程序"), ("en", "the program")])
def test_the_trail_says_what_the_program_did_itself(lang, by):
    assert f">{by}<" in html(visit("releases", lang, data="own"))
