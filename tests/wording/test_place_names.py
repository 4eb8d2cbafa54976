"""Names of areas in English: an office's own, else pinyin, else as they are."""

from analytics.wording.areas import brief_names, in_language, pinyin_note, place_name
from tests.scoring.small_world import assessed, days, given, records, scheme

ROWS = [
    {"area_id": "S", "name": "长安街道", "level": "street", "parent_id": ""},
    {"area_id": "C", "name": "兰汀社区", "level": "community", "parent_id": "S"},
    {"area_id": "1", "name": "兰汀社区第四网格", "level": "grid", "parent_id": "C", "x": 10},
    {"area_id": "2", "name": "桂帆网格", "level": "grid", "parent_id": "C", "x": 20, "英文名称": "Sail Grid"},
    {"area_id": "3", "name": "吕梁网格", "level": "grid", "parent_id": "C", "x": 30},
    {"area_id": "4", "name": "旅良网格", "level": "grid", "parent_id": "C", "x": 30},
    {"area_id": "5", "name": "Old Mill", "level": "grid", "parent_id": "C", "x": 30},
]


def test_every_name_in_english():
    run = assessed(records(areas=ROWS), scheme([given("x")]), days("2020-02-15"))
    told = [place_name("en", run, area_id) for area_id in ("S", "C", "1", "2", "3", "4", "5")]
    assert told == [
        *("Chang’an Subdistrict", "Lanting Community", "Grid 4, Lanting Community", "Sail Grid"),
        *("Lüliang Grid (3)", "Lüliang Grid (4)", "Old Mill"),
    ]
    assert place_name("zh", run, "2") == "桂帆网格"
    english = in_language("en", run)
    assert list(brief_names(english)[["1", "2", "5"]]) == ["Grid 4", "Sail", "Old Mill"]
    assert english.parents["C"] == "Lanting Community"
    assert in_language("zh", run) is run


def test_pinyin_is_said_where_there_is_any():
    run = assessed(records(areas=ROWS), scheme([given("x")]), days("2020-02-15"))
    assert pinyin_note("en", run) == "Place names without an official English form are in pinyin."
    assert pinyin_note("zh", run) == ""
    plain = assessed(
        records(areas=[{**ROWS[6], "parent_id": "", "level": "grid"}]), scheme([given("x")]), days("2020-02-15")
    )
    assert pinyin_note("en", plain) == ""
