"""``redact``: a text of somebody is taken out of the ledger from a shell, and `audit verify` says how many were."""

import pytest

from analytics.__main__ import main
from analytics.store.ledger import Ledger
from tests.store.test_ledger import shown


@pytest.fixture(autouse=True)
def _no_ledger_of_the_machine(monkeypatch):
    monkeypatch.delenv("FIVE_COLOUR_LEDGER", raising=False)


@pytest.mark.parametrize(
    ("lang", "says"), [("zh", "其中1条删除过个人信息：第1条。"), ("en", "removed from 1 of them: 1.")]
)
def test_it_is_taken_out_and_the_trail_says_how_many(tmp_path, capsys, lang, says):
    shown(Ledger.open(None, tmp_path), reason="联合检查（王小明家）")
    told = ["--home", str(tmp_path), "--lang", lang]
    assert main(["redact", "1", "reason", "--why", "误填姓名", *told]) == 0
    assert main(["audit", "verify", *told]) == 0
    assert says in capsys.readouterr().out
    assert main(["audit", "list", *told]) == 0
    assert main(["redact", "1", "reason", "--why", "误填姓名", *told]) != 0
    assert "王小明" not in capsys.readouterr().out
