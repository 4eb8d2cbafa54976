"""The slides, opened again as a reader would: what is on them, where they lead, and that figures are the briefing's."""

import io
import re
import time
import zipfile
from collections import Counter
from dataclasses import replace

import geopandas as gpd
import openpyxl
import pytest
import shapely
from lxml import etree
from pptx import Presentation
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.oxml.ns import qn

from analytics import PROGRAM, tiers
from analytics.briefing.appearance import Appearance
from analytics.briefing.content import Reasons
from analytics.briefing.paper import names_with_causes
from analytics.briefing.slides import MOST_AREA_SLIDES, areas_with_slide, slides
from analytics.briefing.slides_theme import ACCENT, EAST_ASIAN
from analytics.errors import BriefingError
from analytics.words import LANGUAGES

ACCENTS = {tier: MSO_THEME_COLOR.from_xml(accent) for tier, accent in ACCENT.items()}


@pytest.fixture(scope="module")
def made(second):
    return {lang: slides(second[lang]) for lang in LANGUAGES}


def opened(package):
    return Presentation(io.BytesIO(package))


def title_of(slide):
    return slide.shapes.title.text_frame.text


def freeforms(slide):
    return [shape for shape in slide.shapes if shape._element.find(f".//{qn('a:custGeom')}") is not None]


def areas_on(slide, briefing):
    names = {area.name for area in briefing.areas}
    return {shape.name: shape for shape in freeforms(slide) if shape.name in names}


def tables_with(deck, columns):
    """Tables of so many columns with the titles of their slides."""
    return [
        (title_of(slide), shape.table)
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_table and len(shape.table.columns) == columns
    ]


def whole_table(deck, briefing):
    heading = {"zh": "全部区域", "en": "All areas"}[briefing.lang]
    return [
        (slide, next(shape.table for shape in slide.shapes if shape.has_table))
        for slide in deck.slides
        if title_of(slide).startswith(heading)
    ]


def charts_of(deck):
    return [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]


def theme_of(part):
    return etree.fromstring(part.part_related_by(
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"
    ).blob)  # fmt: skip


def squares(briefing, number):
    """The briefing with so many square areas in place of its own, each with the texts of one of them."""
    side = 27
    shapes = [shapely.box(c * 0.01, 30 + r * 0.01, c * 0.01 + 0.01, 30.01 + r * 0.01)
              for r, c in (divmod(n, side) for n in range(number))]  # fmt: skip
    ids = [f"S{n:03}" for n in range(number)]
    areas = tuple(
        replace(briefing.areas[n % len(briefing.areas)], rank=n + 1, area_id=ids[n], name=f"E{n:08}", brief=f"E{n:08}")
        for n in range(number)
    )
    frame = gpd.GeoDataFrame({"parent_id": [None] * number}, geometry=shapes, index=ids, crs="EPSG:4326")
    return replace(briefing, areas=areas, shapes=frame, context=None, moves=())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_area_is_a_named_shape_with_its_tier_and_alternative_text(made, second, lang):
    briefing = second[lang]
    first = opened(made[lang]).slides[0]
    found = areas_on(first, briefing)
    assert len(found) == len(briefing.areas)
    assert len(freeforms(first)) == len(found) + len(set(briefing.context.kind))
    for area in briefing.areas:
        shape = found[area.name]
        if area.tier == tiers.UNKNOWN:
            assert shape._element.spPr.find(qn("a:pattFill")) is not None
        else:
            assert shape.fill.fore_color.theme_color == ACCENTS[area.tier]
        said = shape._element.nvSpPr.cNvPr.get("descr")
        assert area.name in said
        assert area.tier == tiers.UNKNOWN or area.score in said
        assert not any(why in said for why in area.why)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_area_leads_on_and_its_slide_leads_back(made, second, lang):
    briefing, deck = second[lang], opened(made[lang])
    first, own = deck.slides[0], {area.area_id for area in areas_with_slide(second[lang])}
    rows = {slide.slide_id: table for slide, table in whole_table(deck, briefing)}
    shapes, there = areas_on(first, briefing), {slide.slide_id for slide in deck.slides}
    for area in briefing.areas:
        target = shapes[area.name].click_action.target_slide
        assert target.slide_id in there
        if area.area_id in own:
            assert title_of(target).startswith(area.name)
            back = [shape.click_action.target_slide for shape in target.shapes if hasattr(shape, "click_action")]
            assert first.slide_id in [slide.slide_id for slide in back if slide is not None]
            assert area.reason in target.notes_slide.notes_text_frame.text
        else:
            alone = area.name.removesuffix(f", {area.parent}")  # in English the community has a column of its own
            assert alone in [row.cells[1].text for row in rows[target.slide_id].rows]


def test_red_orange_and_changed_areas_have_a_slide(second):
    briefing = second["zh"]
    changed = {area_id for move in briefing.moves for area_id in move.area_ids}
    assert [area.area_id for area in areas_with_slide(briefing)] == [
        area.area_id for area in briefing.areas if area.tier in ("red", "orange") or area.area_id in changed
    ]
    assert changed


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_table_holds_every_area_once_under_titles_that_count(made, second, lang):
    briefing = second[lang]
    pages = whole_table(opened(made[lang]), briefing)
    assert 2 <= len(pages) <= 4  # in English the tiers that are held take two lines
    rows = [[cell.text for cell in row.cells] for _, table in pages for row in list(table.rows)[1:]]
    # In English a name ends with its community, which has a column of its own.
    named = [row[1] if lang == "zh" else f"{row[1]}, {row[2]} Community" for row in rows]
    assert named == [area.name for area in briefing.areas]
    assert [row[0] for row in rows] == [str(area.rank) for area in briefing.areas]
    assert len({tuple(cell.text for cell in table.rows[0].cells) for _, table in pages}) == 1
    for number, (slide, table) in enumerate(pages, start=1):
        assert f"{number}/{len(pages)}" in title_of(slide)
        stated = [int(n) for n in re.findall(r"\d+", title_of(slide))][-2:]
        assert stated == [len(rows), len(table.rows) - 1]


def test_sixty_rows_take_two_or_three_slides(second):
    deck, briefing = opened(slides(squares(second["zh"], 60))), second["zh"]
    assert len(whole_table(deck, briefing)) in (2, 3)
    assert sum(len(table.rows) - 1 for _, table in whole_table(deck, briefing)) == 60


@pytest.mark.parametrize("lang", LANGUAGES)
def test_charts_and_their_workbooks_hold_the_counts_and_nothing_else(made, second, lang):
    briefing = second[lang]
    bars, columns = charts_of(opened(made[lang]))
    for series, count in zip(bars.plots[0].series, briefing.counts, strict=True):
        assert list(series.values) == [count.before, count.count]
    for series, tier in zip(columns.plots[0].series, ("red", "orange", "yellow"), strict=True):
        assert list(series.values) == [week.counts[tier] for week in briefing.weeks]
        assert series.format.fill.fore_color.theme_color == ACCENTS[tier]
    assert list(columns.plots[0].categories) == [week.label for week in briefing.weeks]
    book = openpyxl.load_workbook(io.BytesIO(columns.part.chart_workbook.xlsx_part.blob))
    assert [sheet.title for sheet in book] == ["Sheet1"]
    assert [[cell.value for cell in row[1:]] for row in book["Sheet1"].iter_rows(min_row=2)] == [
        [week.counts[tier] for tier in ("red", "orange", "yellow")] for week in briefing.weeks
    ]


def test_moves_are_listed_from_and_to(made, second):
    ((_, table),) = [found for found in tables_with(opened(made["zh"]), 6) if found[0].startswith("等级变动")]
    listed = [[cell.text for cell in row.cells] for row in list(table.rows)[1:]]
    assert [row[5] for row in listed] == [
        "、".join(names_with_causes(second["zh"], move)) for move in second["zh"].moves
    ]
    assert [int(row[4]) for row in listed] == [len(move.names) for move in second["zh"].moves]
    names = {count.tier: count.name for count in second["zh"].counts}
    for row, move in zip(listed, second["zh"].moves, strict=True):
        assert row[1].endswith(names[move.before])
        assert row[3].endswith(names[move.after])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_is_the_tiers_and_names_a_chinese_font(second, theme):
    appearance = Appearance(theme)
    deck = opened(slides(second["zh"], appearance=appearance))
    theme_xml = theme_of(deck.slide_master.part)
    for tier in reversed(tiers.RANKED):
        slot = theme_xml.find(f".//{qn(f'a:{ACCENT[tier]}')}")
        assert f"#{slot[0].get('val')}" == appearance.looks[tier].fill
    for kind in ("a:majorFont", "a:minorFont"):
        assert theme_xml.find(f".//{qn(kind)}/{qn('a:ea')}").get("typeface") == EAST_ASIAN
    for chart in charts_of(deck):
        assert chart._chartSpace.find(f"{qn('c:txPr')}//{qn('a:ea')}").get("typeface") == EAST_ASIAN


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_slide_has_a_title_notes_a_footer_and_no_shape_twice(made, second, lang):
    briefing = second[lang]
    deck = opened(made[lang])
    for number, slide in enumerate(deck.slides, start=1):
        assert title_of(slide)
        assert slide.notes_slide.notes_text_frame.text.strip()
        ids = Counter(slide._element.xpath(".//p:cNvPr/@id"))
        assert max(ids.values()) == 1, (number, ids.most_common(1))
        (footer,) = [shape for shape in slide.placeholders if shape.placeholder_format.type == 15]
        for text in (briefing.scheme, briefing.period, briefing.cut_off, briefing.code, briefing.source):
            assert text in footer.text_frame.text
        assert not slide._element.xpath(".//p:pic")
    assert briefing.base_map in deck.slides[0].placeholders[11].text_frame.text


def test_no_text_is_smaller_than_can_be_read_and_an_empty_cell_is_no_higher_than_its_row(made):
    for slide in opened(made["zh"]).slides:
        for shape in slide.shapes:
            if shape.has_table:
                sizes = [int(size) for size in shape._element.xpath(".//a:rPr/@sz | .//a:endParaRPr/@sz")]
                assert min(sizes) >= 1000
                paragraphs = shape._element.xpath(".//a:p[not(a:r)]")
                assert all(paragraph.find(qn("a:endParaRPr")).get("sz") for paragraph in paragraphs)


def test_counts_are_printed_with_zeros_and_unknown(second):
    briefing = second["zh"]
    counts = tuple(replace(count, count=0) if count.tier == "red" else count for count in briefing.counts)
    first = opened(slides(replace(briefing, counts=counts))).slides[0]
    (table,) = [shape.table for shape in first.shapes if shape.has_table]
    displayed_score = [int(row.cells[2].text) for row in list(table.rows)[1:]]
    assert displayed_score == [count.count for count in counts]
    assert displayed_score[0] == 0


def test_the_same_release_gives_the_same_bytes_and_says_nothing_of_the_machine(made, second):
    assert slides(second["zh"]) == made["zh"]
    with zipfile.ZipFile(io.BytesIO(made["zh"])) as package:
        assert package.testzip() is None
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in package.namelist() if name.endswith((".jpeg", ".png", ".bin", "app.xml"))]
        assert len(package.namelist()) == len(set(package.namelist()))
    core = opened(made["zh"]).core_properties
    assert (core.author, core.last_modified_by, core.keywords) == ("", "", PROGRAM)
    assert second["zh"].title in core.title
    assert core.created.date() == core.modified.date() == second["zh"].weeks[-1].day


def test_a_first_release_says_that_there_is_none_before(first):
    deck = opened(slides(first["zh"]))
    assert any("没有可比的上期" in shape.text_frame.text for shape in deck.slides[1].shapes if shape.has_text_frame)
    assert list(charts_of(deck)[0].plots[0].series[0].values) == [first["zh"].counts[0].count]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_last_slide_says_each_thing_once(made, second, lang):
    slide = opened(made[lang]).slides[-1]
    (table,) = (shape.table for shape in slide.shapes if shape.has_table)
    rows = dict([cell.text for cell in row.cells] for row in table.rows)
    assert not [label for label, text in rows.items() if text.startswith(label)]
    assert second[lang].digest[:8] in rows.values()
    assert any(text and second[lang].cuts.endswith(text) for text in rows.values())


def test_a_name_stands_beside_its_community_without_it(made, second):
    for title, table in tables_with(opened(made["en"]), 7):
        if "highest workload" in title:
            named = [table.cell(row, 1).text.splitlines() for row in range(1, len(table.rows))]
            assert [", ".join(lines) for lines in named] == [area.name for area in second["en"].focus]
            return
    pytest.fail("no table of priority areas")


def test_no_changes_say_so(second):
    slide = opened(slides(replace(second["en"], moves=()))).slides[1]
    assert "No area changed tier since the previous release." in [
        shape.text_frame.text for shape in slide.shapes if shape.has_text_frame
    ]


def test_without_shapes_there_is_a_table_and_a_sentence_and_no_line_on_the_map(second):
    briefing = replace(second["zh"], shapes=None, context=None)
    deck = opened(slides(briefing))
    assert not [shape for slide in deck.slides for shape in freeforms(slide)]
    assert any("没有边界" in shape.text_frame.text for shape in deck.slides[0].shapes if shape.has_text_frame)
    assert not any(briefing.base_map in etree.tostring(slide._element, encoding=str) for slide in deck.slides)


def test_an_area_without_a_shape_is_told_beside_the_map(second):
    briefing = second["zh"]
    shapes = briefing.shapes.copy()
    shapes.loc[shapes.index[0], "geometry"] = None
    first = opened(slides(replace(briefing, shapes=shapes))).slides[0]
    assert len(areas_on(first, briefing)) == len(briefing.areas) - 1
    assert any("1个区域没有边界" in shape.text_frame.text for shape in first.shapes if shape.has_text_frame)


def test_parts_and_holes_are_in_one_shape(second):
    briefing = squares(second["zh"], 4)
    island = shapely.box(0.002, 30.002, 0.004, 30.004)
    ring = shapely.box(0, 30, 0.01, 30.01).difference(island)
    shapes = briefing.shapes.copy()
    shapes.loc["S000", "geometry"] = shapely.union_all([ring, shapely.box(0.05, 30, 0.06, 30.01)])
    first = opened(slides(replace(briefing, shapes=shapes))).slides[0]
    assert len(areas_on(first, briefing)["E00000000"]._element.findall(f".//{qn('a:moveTo')}")) == 3


def test_one_area_that_is_unknown(second):
    briefing = squares(second["zh"], 1)
    area = replace(
        briefing.areas[0], tier="unknown", score="—", change="", reasons=Reasons(), marks=(), measure="", cadence=""
    )
    deck = opened(slides(replace(briefing, areas=(area,))))
    assert len(areas_on(deck.slides[0], replace(briefing, areas=(area,)))) == 1


def test_names_of_forty_signs_fit_and_a_name_that_cannot_is_refused(second):
    briefing = second["zh"]

    def named(name):
        return replace(briefing, areas=(replace(briefing.areas[0], name=name), *briefing.areas[1:]))

    assert any(title_of(slide).startswith("长" * 40) for slide in opened(slides(named("长" * 40))).slides)
    with pytest.raises(BriefingError, match="does not fit") as refused:
        slides(named("长" * 300))
    assert "长长" in refused.value.text("zh")


def test_hatched_tiers_keep_their_theme_colour(second):
    briefing = second["zh"]
    first = opened(slides(briefing, appearance=Appearance(hatched=True))).slides[0]
    shapes = areas_on(first, briefing)
    for area in briefing.areas:
        pattern = shapes[area.name]._element.spPr.find(qn("a:pattFill"))
        if area.tier != tiers.UNKNOWN:
            assert pattern.find(f"{qn('a:bgClr')}/{qn('a:schemeClr')}").get("val") == ACCENT[area.tier]


def test_a_city_of_seven_hundred_areas_is_light_and_takes_as_much_more_time_as_it_has_areas(second):
    taken, package = [], b""
    for number in (350, 700):
        briefing = squares(second["en"], number)
        began = time.process_time()
        package = slides(briefing)
        taken.append(time.process_time() - began)
    assert taken[1] < 4 * taken[0], taken
    assert len(package) < 3_000_000
    deck = opened(package)
    assert len(areas_on(deck.slides[0], briefing)) == 700
    assert len(areas_with_slide(briefing)) == MOST_AREA_SLIDES
    assert sum(len(table.rows) - 1 for _, table in whole_table(deck, briefing)) == 700
