"""The sheet: what stands on it, that colours are true to the pixel, and what is refused."""

import dataclasses
import io
import re
import zlib

import numpy as np
import pytest
import shapely
from PIL import Image

from analytics import tiers
from analytics.briefing import sheet as of_sheet
from analytics.briefing.appearance import Appearance
from analytics.briefing.content import Move, Reasons
from analytics.briefing.map import MARGIN
from analytics.briefing.map_placing import placed
from analytics.briefing.sheet import sheet
from analytics.drawing.ground import ground_of
from analytics.errors import BriefingError
from analytics.file_kinds import SIZES, THEMES
from analytics.wording.tiers import mark_count
from analytics.words import LANGUAGES, say

PIXELS = {"1080p": (1920, 1080), "4k": (3840, 2160), "a4": (3508, 2480)}


def picture(content):
    return Image.open(io.BytesIO(content)).convert("RGB")


def rgb(colour):
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def texts_in(value):
    if isinstance(value, dict):
        return [text for part in value.values() for text in texts_in(part)]
    if isinstance(value, list | tuple):
        return [text for part in value for text in texts_in(part)]
    return [value] if isinstance(value, str) else []


@pytest.fixture
def laid(monkeypatch):
    """What the template was given, by running: the data of the last sheet."""
    given = {}

    def watched(template, data, form, ppi, pictures):
        given.update(data)
        return typeset(template, data, form, ppi, pictures)

    typeset = of_sheet.typeset
    monkeypatch.setattr(of_sheet, "typeset", watched)
    return given


def renamed(briefing, name):
    """The briefing with one name for every area."""
    return dataclasses.replace(
        briefing,
        areas=tuple(dataclasses.replace(area, name=name, brief=name) for area in briefing.areas),
        moves=tuple(dataclasses.replace(move, names=(name,) * len(move.names)) for move in briefing.moves),
    )


@pytest.mark.parametrize("size", SIZES)
def test_a_picture_has_exactly_its_pixels(second, size):
    assert picture(sheet(second["zh"], "png", size=size)).size == PIXELS[size]


@pytest.mark.parametrize("form", ["png", "pdf"])
def test_two_runs_are_equal(second, form):
    assert sheet(second["en"], form) == sheet(second["en"], form)


@pytest.mark.parametrize("theme", THEMES)
def test_every_area_has_the_colour_of_its_tier_where_nothing_is_written(second, laid, theme):
    briefing, appearance = second["zh"], Appearance(theme)
    pixels = np.array(picture(sheet(briefing, "png", appearance=appearance)))
    assert tuple(pixels[5, 5]) == rgb(appearance.colours["ground"])
    box = laid["parts"]["drawing"]
    by_id = {area.area_id: area for area in briefing.areas}
    shown = [by_id[area_id] for area_id in briefing.shapes.index]
    fitted = ground_of(briefing.shapes, briefing.context).fitted(box["width"], box["height"], MARGIN)
    pins = {at: area.rank for at, area in enumerate(shown) if area in briefing.focus}
    marks = {at: area.marks for at, area in enumerate(shown) if area.marks}
    written = placed(fitted, [a.brief for a in shown], [a.tier for a in shown], hatched=False, pins=pins, marks=marks)
    covered = shapely.union_all([piece.box for piece in written] + [road.buffer(4) for road in fitted.roads])
    wrong = []
    for shape, area in zip(fitted.areas, shown, strict=True):
        free = shapely.difference(shape.buffer(-4), covered)
        point = shapely.get_point(shapely.maximum_inscribed_circle(free), 0)
        x, y = int(box["x"] + point.x), int(box["y"] + point.y)
        found = {tuple(pixel) for pixel in pixels[y - 3 : y + 4, x - 3 : x + 4].reshape(-1, 3).tolist()}
        fill = rgb(appearance.looks[area.tier].fill)
        if fill not in found or (area.tier != tiers.UNKNOWN and len(found) > 1):  # only unknown has lines
            wrong.append((area.brief, area.tier, found))
    assert wrong == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_that_a_picture_must_carry_is_on_it(second, laid, lang):
    briefing = second[lang]
    sheet(briefing, "png")
    texts = texts_in({part: laid[part] for part in laid if part not in ("places", "colours", "tiers")})
    for text in (
        *(briefing.title, briefing.place, briefing.period, briefing.cut_off, briefing.finding, briefing.against),
        *(briefing.scheme, briefing.cuts, briefing.order, briefing.source, briefing.notice, briefing.base_map),
        *(mark_count(lang, mark, n) for mark, n in briefing.marks.items()),
        *(text for count in briefing.counts for text in (count.name, count.meaning)),
        *(text for card in briefing.cards for text in (card.label, card.value, card.said)),
        *(text for area in briefing.focus for text in (area.brief, area.name, area.score, *area.why)),
    ):
        assert text in texts, text
    assert say(lang, "sheet.code", code=briefing.code) in texts
    assert len(briefing.focus) == 5
    for area in briefing.focus:
        assert any(area.measure in text and area.cadence in text for text in texts)
    assert [(count["tier"], count["count"], count["before"]) for count in laid["counts"]] == [
        (count.tier, count.count, count.before) for count in briefing.counts
    ]
    assert [week["raised"] for week in laid["trend"]["weeks"]] == [week.raised for week in briefing.weeks]
    moved = [(item["before"], item["after"], item["name"]) for row in laid["changes"]["rows"] for item in row["items"]]
    assert sorted(moved) == sorted((move.before, move.after, name) for move in briefing.moves for name in move.names)
    causes = [item["cause"] for row in laid["changes"]["rows"] for item in row["items"]]
    assert sorted(causes) == sorted(cause for move in briefing.moves for cause in move.causes)
    assert any(causes)


def test_zeros_are_counts_too(second, laid):
    none = dataclasses.replace(
        second["zh"],
        counts=tuple(dataclasses.replace(count, count=0, before=0) for count in second["zh"].counts),
    )
    sheet(none, "png")
    assert [(count["tier"], count["count"]) for count in laid["counts"]] == [(tier, 0) for tier in tiers.SHOWN]


@pytest.mark.parametrize("size", ["1080p", "a4"])
def test_a_pdf_is_of_lines_and_of_text_that_can_be_selected(second, size):
    briefing = second["zh"]
    made = sheet(briefing, "pdf", size=size)
    streams = []
    for raw in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made, flags=re.DOTALL):
        try:
            streams.append(zlib.decompress(raw))
        except zlib.error:
            streams.append(raw)
    whole = made + b"".join(streams)
    assert not re.search(rb"/Subtype\s*/Image", whole)
    # What a viewer reads of a text is the code points in the fonts' maps.
    maps = [stream.decode("latin-1") for stream in streams if b"begincmap" in stream]
    pairs = re.findall(r"<[0-9a-fA-F]+>\s*<([0-9a-fA-F]+)>", "".join(maps))
    signs = "".join(bytes.fromhex(pair).decode("utf-16-be") for pair in pairs if len(pair) % 4 == 0)
    names = "".join(area.brief + area.name for area in briefing.areas if area.rank <= 5)
    for text in (briefing.title, briefing.finding, briefing.code, briefing.cut_off, briefing.base_map, names):
        assert set(text) - {" "} <= set(signs)


def test_hatched_is_another_picture_and_told_by_lines_in_grey(second):
    plain, hatched = (
        np.array(picture(sheet(second["zh"], "png", appearance=Appearance(hatched=on))).convert("L"), dtype=int)
        for on in (False, True)
    )
    assert (np.abs(plain - hatched) > 40).mean() > 0.02


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_first_release_says_so_and_shows_no_change(first, laid, lang):
    briefing = first[lang]
    sheet(briefing, "png")
    assert laid["changes"]["first"]
    assert laid["changes"]["against"] == say(lang, "briefing.against_none")
    assert laid["changes"]["rows"] == []
    assert set(laid["map"]["keys"]) == {"pin", *briefing.marks}
    assert not {"raised", "lowered"} & set(briefing.marks)


def test_a_draft_is_marked(office, laid):
    draft = office.briefing("D1", "zh")
    sheet(draft, "png")
    assert laid["draft"]
    assert laid["period"] == draft.period
    assert say("zh", "sheet.code", code="—") in texts_in(laid["foot"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_change_one_area_few_weeks_and_no_tier_at_all_are_laid_out(second, laid, lang):
    briefing = second[lang]
    sheet(dataclasses.replace(briefing, moves=(), weeks=briefing.weeks[-3:], weekly=None, context=None), "png")
    assert laid["changes"]["rows"] == []
    one = briefing.areas[0]
    alone = dataclasses.replace(briefing, areas=(one,), shapes=briefing.shapes.loc[[one.area_id]], moves=())
    sheet(alone, "png", size="a4")
    assert laid["focus"]["few"] == say(lang, "sheet.focus_few", n=1)
    unknown = tuple(
        dataclasses.replace(area, tier="unknown", score="—", reasons=Reasons(), marks=(), measure="", cadence="")
        for area in briefing.areas
    )
    sheet(dataclasses.replace(briefing, areas=unknown), "png")
    assert laid["focus"]["few"] == say(lang, "sheet.focus_none")


@pytest.mark.parametrize(
    ("lang", "name", "size"),
    [
        ("zh", "一个有四十个字的很长很长的网格名称" * 3, "1080p"),
        ("en", "Stratford-upon-Avon and Old Trafford North", "a4"),
        ("en", "W" * 40, "a4"),
    ],
)
def test_names_of_forty_characters_are_laid_out(second, lang, name, size):
    assert picture(sheet(renamed(second[lang], name[:40]), "png", size=size)).size == PIXELS[size]


def test_a_long_list_of_changes_is_shortened(second):
    briefing = second["en"]
    ids, names = zip(*((area.area_id, area.brief) for area in briefing.areas), strict=True)
    ways = (("green", "red", True), ("red", "green", False), ("unknown", "blue", None))
    third = len(ids) // 3
    moves = tuple(
        Move(*way, ids[at * third : (at + 1) * third], names[at * third : (at + 1) * third], ("",) * third)
        for at, way in enumerate(ways)
    )
    assert sheet(dataclasses.replace(briefing, moves=moves), "png", appearance=Appearance("dark"))


def test_a_title_that_does_not_fit_is_refused_with_its_place(second):
    for lang in LANGUAGES:
        title = second[lang].title * 8
        with pytest.raises(BriefingError) as refused:
            sheet(dataclasses.replace(second[lang], title=title), "png")
        said = refused.value.text(lang)
        assert title in said
        assert say(lang, "sheet.part_title") in said


def test_a_sign_that_the_font_lacks_and_a_release_without_shapes_are_refused(second):
    with pytest.raises(BriefingError, match="𰻝"):
        sheet(dataclasses.replace(second["zh"], place="𰻝街道"), "pdf")
    with pytest.raises(BriefingError) as refused:
        sheet(dataclasses.replace(second["zh"], shapes=None), "png")
    assert refused.value.text("zh") == say("zh", "briefing.no_shapes")
