"""What all tests share: no test sees the settings, or touches the records, of the person who runs it."""

import sys

import pytest


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    """An empty store of the test's own, which the product finds by its setting."""
    for setting in ("DATA", "ROLE", "LEDGER", "SMALLEST_COUNT"):
        monkeypatch.delenv(f"FIVE_COLOUR_{setting}", raising=False)
    monkeypatch.setenv("FIVE_COLOUR_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def _own_main(monkeypatch):
    """AppTest leaves the page that it ran as ``__main__``, which every process that a later test starts would run."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
