from analytics.wording.numbers import score_text
from tests.releases.made_snapshots import usual_scheme


def test_a_score_is_a_dash_where_there_is_none_or_too_little():
    scheme = usual_scheme()
    assert [score_text(6.25, scheme), score_text(float("nan"), scheme), score_text(6.25, scheme, "unknown")] == [
        "6.2", "—", "—",
    ]  # fmt: skip
