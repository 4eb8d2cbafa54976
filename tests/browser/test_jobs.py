"""The jobs of a leader, an analyst, a keeper and who goes to the meeting, each from the first page on, by clicks alone.

No address is typed after the first; what is read is held against the words of the product, whatever they come to be.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from analytics.file_kinds import IN_TWO_THEMES
from analytics.tiers import RANKED
from analytics.wording.tiers import marked
from analytics.words import say
from tests.browser.conftest import ROOT, serving
from tests.browser.test_dashboard import map_of, open_page, settle, state
from tests.browser.test_workbench import push

STREET = ROOT / "sample_data" / "demo_street"
FILES = ("areas.geojson", "residents.csv", "incidents.csv", "places.csv", "checks.csv", "teams.csv")
TAKEN = {
    "png": ("png", b"\x89PNG"),
    "pptx": ("pptx", b"PK"),
    "docx": ("docx", b"PK"),
    "pdf": ("pdf", b"%PDF"),
}
"""Kind of briefing -> the ending of its file, and how that begins."""

pytestmark = pytest.mark.parametrize("lang", ["zh", "en"])


@pytest.fixture(autouse=True)
def _patient() -> Iterator[None]:
    """What follows a press may be counted anew from all records."""
    expect.set_options(timeout=60_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def office() -> Iterator[str]:
    """A server of its own, in the home of this test: nobody has done anything there."""
    with serving(ROOT / "dashboard.py") as address:
        yield address


def start(page: Page, address: str, lang: str) -> None:
    """The first page, as somebody opens it who has the address of the product and no more."""
    open_page(page, f"{address}/?lang={lang}")


def go_to(page: Page, lang: str, title: str, address: str) -> None:
    """Press the name of a page in the row at the top."""
    page.get_by_role("link", name=say(lang, title), exact=True).click()
    arrived(page, address)


def arrived(page: Page, address: str) -> None:
    """Wait until a page is there."""
    expect(page).to_have_url(re.compile(rf"/{address}\?"))
    settle(page)


def ran(page: Page) -> None:
    """Wait until a page that has no map, and may have a presentation, is as the last press made it."""
    expect(page.locator('[data-test-script-state="notRunning"]')).to_have_count(1)


def press(page: Page, pressed: Locator, link: str) -> None:
    """Press, and wait until the address says what was pressed, in whatever order."""
    pressed.click()
    expect(page).to_have_url(re.compile(link))
    settle(page)


def pick(page: Page, box: str, option: re.Pattern[str] | str) -> None:
    """Choose from a list, which is found by its key."""
    page.locator(f'[class*="st-key-{box}"]').get_by_role("combobox").click()
    page.get_by_role("option", name=option).click()


def lines(place: Locator) -> list[str]:
    """What stands in each of several places, on one line."""
    return [" ".join(text.split()) for text in place.all_inner_texts()]


def tier_of(chip: Locator) -> str:
    """The tier that a chip stands for."""
    return next(tier for tier in RANKED if tier in chip.get_attribute("class").split())


def test_a_leader_sees_who_changed_and_why_and_finds_any_area(page: Page, dashboard: str, lang: str):
    start(page, dashboard, lang)
    headline, changes, first = page.locator(".headline"), page.locator(".change"), page.locator(".first")
    expect(headline).to_contain_text(say(lang, "overview.changes_title"))
    named = lines(headline.locator("a"))
    assert named
    moved = changes.filter(has=page.locator(".to", has_text="→")).locator(".area a")
    assert sorted(lines(moved)) == sorted(named)

    # A count card outlines its areas, and the title of the map says so.
    red = page.locator("#count-red")
    press(page, red, "tier=red")
    outlined = say(lang, "overview.map_outlined", tier=say(lang, "tiers.red"), n=int(red.get_attribute("data-count")))
    expect(page.locator(".st-key-map_card .head")).to_contain_text(outlined)
    assert len(state(map_of(page))["outlined"]) == int(red.get_attribute("data-count"))

    # The name of an area that changed leads to its page, which says why and what would make it milder.
    name, was, now = lines(moved)[0], *map(tier_of, changes.first.locator(".to .chip").all())
    moved.first.click()
    arrived(page, "area")
    expect(first.locator(".who b")).to_have_text(name)
    for said in ("area.final", "area.computed", "area.cause"):
        expect(first).to_contain_text(say(lang, said))
    expect(first.locator(".same")).to_contain_text("＝")
    by = RANKED.index(now) - RANKED.index(was)
    way = {"before": say(lang, f"bulletin.tier_{was}"), "after": say(lang, f"bulletin.tier_{now}"), "n": by}
    expect(first.locator(".wide dd").first).to_contain_text(say(lang, "area.raised", **way))
    grounds = page.locator(".st-key-area_grounds")
    expect(grounds).to_contain_text(say(lang, "smallest.title"))
    expect(grounds.locator(".ways .chip").first).to_be_visible()

    # The next one of the community, and back by the browser's own button: each view once.
    community = first.locator(".who span").inner_text()
    following = page.locator(".pair a").last
    neighbour = following.inner_text()
    press(page, following, "area=(?!DS-06-04)")
    expect(first.locator(".who span")).to_have_text(community)
    assert neighbour == say(lang, "area.next", name=first.locator(".who b").inner_text())
    page.go_back()
    expect(first.locator(".who b")).to_have_text(name)
    settle(page)
    page.go_back()
    arrived(page, "")
    expect(red).to_have_attribute("aria-pressed", "true")
    expect(headline).to_contain_text(say(lang, "overview.changes_title"))
    press(page, red, "/(?!.*tier=)")
    page.go_forward()  # what was gone back from is forgotten once something else was pressed
    settle(page)
    expect(red).to_have_attribute("aria-pressed", "false")

    # A week of this release, then the live calculation, and the way back.
    week = page.locator(".week").nth(-4)
    day = week.locator(".foot .long").inner_text()
    press(page, week, "week=")
    expect(headline).to_contain_text(say(lang, "overview.changes_title_week", day=day))
    expect(week).to_have_attribute("aria-current", "date")
    press(page, page.get_by_role("button", name=say(lang, "page.see_live")), "release=working")
    expect(headline).to_contain_text(say(lang, "overview.changes_title_live"))
    press(page, page.locator(".st-key-back_to button"), r"release=\d")
    expect(headline).to_contain_text(say(lang, "overview.changes_title"))
    expect(headline).not_to_contain_text(say(lang, "overview.changes_title_live"))

    # What it is held against: the week before, then the oldest release.
    span = page.locator(".changes .head .quiet").first
    since = lines(span)
    page.get_by_role("radio", name=say(lang, "page.baseline_release")).click()
    expect(page).to_have_url(re.compile(r"baseline=\d"))
    settle(page)
    page.locator('[class*="st-key-baseline"]').get_by_role("combobox").click()
    page.get_by_role("option").last.click()
    expect(page).to_have_url(re.compile("baseline=000001"))
    settle(page)
    assert lines(span) != since
    expect(page.locator(".week.baseline")).to_have_count(1)
    press(page, page.get_by_role("radio", name=say(lang, "page.baseline_week")), "baseline=week")

    # Any area by a part of its name, from the list of all.
    go_to(page, lang, "area.title", "area")
    rows = page.get_by_test_id("stDataFrame")
    expect(rows).to_be_visible()
    page.get_by_role("textbox", name=say(lang, "area.search")).fill(name)
    page.keyboard.press("Enter")
    expect(rows.locator("canvas tbody tr, table tbody tr")).to_have_count(1)
    place = rows.bounding_box()
    page.mouse.click(place["x"] + 120, place["y"] + 52)  # the name, in the first row
    expect(first.locator(".who b")).to_have_text(name)


def test_an_analyst_tries_weights_saves_a_version_and_adopts_what_was_previewed(page: Page, office: str, lang: str):
    start(page, office, lang)
    press(page, page.get_by_role("button", name=say(lang, "page.see_live")), "release=working")
    live = state(map_of(page))["tiers"]
    footer = page.locator(".foot-line")

    # The workbench begins with what the other pages show.
    go_to(page, lang, "workbench.workbench", "weights")
    said, changed = page.locator(".bstate"), page.locator(".bchanged tbody tr")
    expect(said).to_contain_text(say(lang, "versions.unchanged", version=1))
    assert state(map_of(page))["tiers"] == live
    basis = page.locator(".st-key-bench_map")
    expect(basis).to_contain_text(say(lang, "workbench.tiers_published"))

    # A weight is moved: who would change tier, from which to which.
    push(page, "cases", 12)
    expect(said).to_contain_text("57%")
    expect(changed.first).to_be_visible()
    settle(page)
    assert all(len(set(map(tier_of, row.locator(".to .chip").all()))) == 2 for row in changed.all())
    draft = state(map_of(page))["tiers"]
    assert sum(one != other for one, other in zip(live, draft, strict=True)) == changed.count()

    # By the records of the day alone, and back.
    alone = page.locator('[class*="st-key-bench_computed"] label').first
    alone.click()
    expect(basis).to_contain_text(say(lang, "workbench.tiers_computed"))
    settle(page)
    assert state(map_of(page))["tiers"] != draft
    alone.click()
    expect(basis).to_contain_text(say(lang, "workbench.tiers_published"))
    settle(page)
    assert state(map_of(page))["tiers"] == draft

    # What would lower one area: a proposal, and into the draft by a press.
    page.get_by_role("radio", name=say(lang, "workbench.panel_goal")).click()
    ways = page.locator(".way")
    expect(ways.first).to_be_visible()
    settle(page)
    before = said.inner_text()
    page.locator(".st-key-take_way_0 button").click()
    expect(said).not_to_have_text(before, use_inner_text=True)
    settle(page)
    previewed = state(map_of(page))["tiers"]
    names = [name.inner_text() for name in changed.locator(".named b").all()]

    # Saved with a reason; adopted once the changes are read, whose names the question says; a second press is none.
    reason = "例会讨论" if lang == "zh" else "As discussed"
    page.get_by_placeholder(say(lang, "versions.reason")).fill(reason)
    page.get_by_role("button", name=say(lang, "versions.save_this"), exact=True).click()
    expect(page.get_by_text(say(lang, "versions.saved", version=2))).to_be_visible()
    expect(said).to_contain_text(say(lang, "versions.saved_not_adopted", saved=2, version=1))
    page.locator(".st-key-adopt_saved button").dblclick()
    dialog = page.get_by_role("dialog")
    plan = dialog.locator(".plan")
    expect(plan).to_contain_text(say(lang, "versions.plan_adopt", version=2, used=1, reason=reason))
    assert names
    assert all(name in plan.inner_text() for name in names[:3])
    dialog.get_by_role("button", name=say(lang, "page.confirm"), exact=True).dblclick()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text(say(lang, "versions.adopted", version=2, n=len(names)))).to_be_visible()
    expect(said).to_contain_text(say(lang, "versions.unchanged", version=2))
    expect(page.locator(".st-key-adopt_saved")).to_have_count(0)
    settle(page)
    assert state(map_of(page))["tiers"] == previewed

    # The first page shows what was previewed.
    go_to(page, lang, "page.overview", "")
    expect(page.locator(".headline")).to_contain_text(say(lang, "overview.changes_title_live"))
    assert state(map_of(page))["tiers"] == previewed
    expect(footer).to_contain_text(re.compile("第 ?2 ?版|v2"))


def test_a_keeper_imports_publishes_overrides_and_signs(page: Page, office: str, lang: str):
    start(page, office, lang)
    dialog, confirm = page.get_by_role("dialog"), say(lang, "page.confirm")
    outcome = page.locator(".st-key-outcome")

    # Files in, the last of them out again and in once more.
    go_to(page, lang, "page.data", "data")
    box, loads = page.locator("input[type=file]"), page.locator(".st-key-data_history table.loads tbody tr")
    box.set_input_files([STREET / name for name in FILES])
    take_in = page.get_by_role("button", name=say(lang, "data.load", n=len(FILES)))
    expect(take_in).to_be_enabled()
    settle(page)
    take_in.click()
    expect(loads).to_have_count(len(FILES))
    settle(page)
    expect(page.get_by_role("radio", name=say(lang, "page.own_data"))).to_be_checked()
    page.get_by_role("button", name=say(lang, "data.undo"), exact=True).click()
    expect(dialog.locator(".plan")).to_contain_text("teams.csv")
    dialog.get_by_role("button", name=confirm, exact=True).dblclick()
    expect(dialog).to_have_count(0)
    expect(outcome).to_be_visible()
    expect(loads.filter(has_text=say(lang, "data.status_undone"))).to_have_count(1)
    settle(page)
    box.set_input_files(STREET / "teams.csv")
    take_in = page.get_by_role("button", name=say(lang, "data.load", n=1))
    expect(take_in).to_be_enabled()
    settle(page)
    take_in.click()
    expect(loads).to_have_count(len(FILES) + 1)
    settle(page)

    # Published once; the same again is refused in words; one press leads to the briefing.
    go_to(page, lang, "release_pages.releases", "releases")
    reason, publish = page.get_by_label(say(lang, "release_pages.reason")), say(lang, "release_pages.publish")
    reason.fill("例会" if lang == "zh" else "Weekly meeting")
    page.get_by_role("button", name=publish, exact=True).click()
    expect(dialog.locator(".plan")).to_contain_text(say(lang, "release_pages.plan_final"))
    dialog.get_by_role("button", name=confirm, exact=True).dblclick()
    expect(dialog).to_have_count(0)
    settle(page)
    release = say(lang, "page.release_number", year=2026, of_year=1, number=1)
    expect(outcome).to_contain_text(say(lang, "release_pages.made_published", release=release, code="#").split("#")[0])
    expect(reason).to_have_value("")
    reason.fill("又一次" if lang == "zh" else "Once more")
    page.get_by_role("button", name=publish, exact=True).click()
    expect(dialog).to_contain_text(say(lang, "releases.already_published", release=release))
    expect(dialog.get_by_role("button", name=confirm, exact=True)).to_have_count(0)
    dialog.get_by_role("button", name=say(lang, "page.close"), exact=True).last.click()
    expect(dialog).to_have_count(0)
    expect(page.locator(".st-key-release_list table tbody tr")).to_have_count(1)
    settle(page)

    # A milder tier than a floor rule demands: said by name, and asked about twice.
    milder = {name: say(lang, f"tiers.{name}") for name in ("red", "green")}
    page.get_by_role("button", name=say(lang, "release_pages.decide"), exact=True).click()
    dialog.get_by_text(marked(lang, "green"), exact=True).click()
    dialog.get_by_label(say(lang, "release_pages.reason")).fill("现场核实" if lang == "zh" else "Checked on site")
    dialog.get_by_role("button", name=say(lang, "release_pages.next")).click()
    plan = dialog.locator(".plan")
    expect(plan).to_contain_text(f"{milder['red']} → {milder['green']}")
    still = say(lang, "release_pages.plan_rules_hold", names=["#"]).split("#")[0]
    expect(plan).to_contain_text(still)
    dialog.get_by_role("button", name=confirm, exact=True).dblclick()
    sure = dialog.get_by_role("button", name=say(lang, "page.confirm_still"))
    expect(sure).to_be_disabled()
    dialog.get_by_text(say(lang, "page.read_and_sure")).click()
    expect(sure).to_be_enabled()
    sure.dblclick()
    expect(dialog).to_have_count(0)
    decided = page.locator(".st-key-release_decisions tbody tr")
    expect(decided).to_have_count(1)
    assert [tier_of(chip) for chip in decided.locator(".chip").all()] == ["red", "red", "green"]
    name = decided.locator("b a").inner_text()
    expect(outcome).to_contain_text(name)
    settle(page)

    # Seen on the first page, live, with its mark; then withdrawn.
    go_to(page, lang, "page.overview", "")
    if page.locator(".st-key-see_live").count():
        press(page, page.get_by_role("button", name=say(lang, "page.see_live")), "release=working")
    press(page, page.locator("#filter-override"), "moves=override")
    rows = page.locator(".change")
    expect(rows).to_have_count(1)
    assert tier_of(rows.locator(".to .chip").last) == "green"
    go_to(page, lang, "release_pages.releases", "releases")
    page.get_by_role("button", name=say(lang, "release_pages.withdraw"), exact=True).click()
    dialog.get_by_role("button", name=say(lang, "release_pages.next")).click()
    expect(plan).to_contain_text(f"{milder['green']} → {milder['red']}")
    dialog.get_by_role("button", name=confirm, exact=True).dblclick()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text(say(lang, "release_pages.decisions_none"))).to_be_visible()
    settle(page)

    # The name of the office is set, and stands under every page and in the bulletin.
    go_to(page, lang, "settings.settings", "settings")
    signed = "东桥街道办事处" if lang == "zh" else "Dongqiao Subdistrict Office"
    field = {"name": say(lang, "settings.office"), "language": say(lang, f"settings.in_{lang}")}
    page.get_by_label(say(lang, "settings.in_language", **field), exact=True).fill(signed)
    page.get_by_role("button", name=say(lang, "settings.save")).click()
    expect(page.get_by_text(say(lang, "settings.saved", names=[field["name"]]))).to_be_visible()
    expect(page.locator(".foot-line")).to_contain_text(signed)
    go_to(page, lang, "briefing.briefing", "briefing")
    page.get_by_role("radio", name=say(lang, "briefing.kind_docx"), exact=True).click()
    expect(page.locator(".st-key-brief_preview")).to_contain_text(signed)


def test_who_goes_to_the_meeting_looks_takes_along_presents_and_prints(page: Page, dashboard: str, lang: str):
    start(page, dashboard, lang)
    go_to(page, lang, "briefing.briefing", "briefing")
    preview = page.locator(".st-key-brief_preview")
    expect(preview.locator("img")).to_be_visible()

    # The scheme, and the release before the newest.
    scheme = page.locator('[class*="st-key-scheme"]').get_by_role("radio").last
    called = scheme.inner_text()
    press(page, scheme, "scheme=elders")
    page.locator('[class*="st-key-release"]').get_by_role("combobox").click()
    page.get_by_role("option").nth(1).click()
    expect(page).to_have_url(re.compile("release=000012"))
    settle(page)

    dark = say(lang, "briefing.theme_dark")
    # Each kind is shown before it is taken along; its name says what it is, of which release, and how it looks.
    for form, (ending, begins) in TAKEN.items():
        page.get_by_role("radio", name=say(lang, f"briefing.kind_{form}"), exact=True).click()
        expect(page.get_by_text(say(lang, f"briefing.about_{form}"))).to_be_visible()
        ran(page)
        said = [called, say(lang, f"briefing.kind_{form}")]
        if form == "png":
            light = preview.locator("img").get_attribute("src")
            page.get_by_role("radio", name=dark, exact=True).click()
            expect(preview.locator("img")).not_to_have_attribute("src", light)
            ran(page)
        said += [dark] if form in IN_TWO_THEMES else []  # chosen once
        expect(preview.locator("img, iframe, table").first).to_be_visible()
        with page.expect_download() as waiting:
            page.locator(".st-key-take button").click()
        name = waiting.value.suggested_filename
        assert name.endswith(f".{ending}")
        assert all(re.sub(r"[^\w.-]+", "-", one).strip("-.") in name for one in said), name
        assert waiting.value.path().read_bytes().startswith(begins)

    # The presentation opens beside, and Esc leads back to where one chooses.
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=say(lang, "briefing.present")).click()
    show = opened.value
    frame = show.frame_locator(".st-key-show iframe")
    expect(frame.locator("html[data-ready]")).to_have_count(1)
    expect(frame.locator("html[data-theme=dark]")).to_have_count(1)
    show.keyboard.press("Escape")
    expect(show.locator(".st-key-brief_preview")).to_be_visible()
    expect(show).to_have_url(re.compile("release=000012"))
    show.close()

    # Printed, the page is its preview; an area is one sheet, which its own button prints.
    page.emulate_media(media="print")
    for gone in ('[data-testid="stHeader"]', ".st-key-release", ".st-key-brief_choice"):
        expect(page.locator(gone)).to_be_hidden()
    expect(preview).to_be_visible()
    page.emulate_media(media="screen")
    go_to(page, lang, "page.overview", "")
    page.locator(".priority .rank a").first.click()
    arrived(page, "area")
    page.evaluate("() => { window.printed = 0; window.print = () => { window.printed += 1 } }")
    page.get_by_role("button", name=say(lang, "area.print")).click()
    assert page.evaluate("window.printed") == 1
