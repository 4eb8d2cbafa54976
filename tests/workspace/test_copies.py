"""What is taken along has to be logged, and is not offered where it cannot be."""

import pytest

from analytics.errors import LedgerError
from analytics.workspace import copies, ledgers
from tests.pages.visits import demo, made, said, visit


def test_a_copy_has_a_number_of_its_own_and_stands_in_the_trail():
    ws, data = demo()
    first, second = (copies.heading_of_copy(ws, data, "zh", "一页简报", "png") for _ in range(2))
    assert first != second
    assert all(one.startswith("内部资料") for one in (first, second))
    assert [entry.action for entry in ledgers.audit_trail(ws, data)][-2:] == ["copy", "copy"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_where_the_ledger_is_an_older_one_no_file_is_offered_and_it_is_said(lang):
    made(0)
    ws, data = demo()
    copies.require_logged(ws, data)
    older = (data.home / "ledger.sqlite").read_bytes()
    copies.heading_of_copy(ws, data, "zh", "一页简报", "png")
    (data.home / "ledger.sqlite").write_bytes(older)
    with pytest.raises(LedgerError) as refused:
        copies.require_logged(ws, data)
    app = visit("briefing", lang, data="demo_street")
    assert refused.value.text(lang) in said(app)
    assert not app.get("download_button")
    assert "foot-line" in "".join(part.value for part in app.html)
