from analytics.wording.numbers import score_text
from analytics.words import say
from tests.releases.made_snapshots import usual_scheme


def test_a_score_is_a_dash_where_there_is_none_or_too_little():
    scheme = usual_scheme()
    assert [score_text(6.25, scheme), score_text(float("nan"), scheme), score_text(6.25, scheme, "unknown")] == [
        "6.2", "—", "—",
    ]  # fmt: skip


def test_large_numbers_have_commas_and_a_year_or_a_seed_has_none():
    assert say("en", "papers.annex_note", n=12345).startswith("12,345 areas")
    assert say("zh", "papers.annex_note", n=12345).startswith("共12,345个")
    assert "2026" in say("en", "overview.names", names=[2026])
    assert "12345" in say("zh", "confidence.varied", parts=[], draws="200", seed=12345)


def test_an_english_list_whose_items_have_commas_cannot_be_misread():
    assert say("en", "bulletin.names", names=["Bibo", "Xuri", "Washe"]) == "Bibo, Xuri and Washe"
    assert say("en", "bulletin.names", names=["Bibo, Yingtang", "Xuri, Hechang"]) == "Bibo, Yingtang; Xuri, Hechang"
    assert say("zh", "bulletin.names", names=["碧波", "旭日"]) == "碧波、旭日"
