from analytics.wording.numbers import score_text


def test_a_score_is_a_dash_where_there_is_none_or_too_little():
    assert (score_text(6.25), score_text(float("nan")), score_text(6.25, "unknown")) == ("6.2", "—", "—")
