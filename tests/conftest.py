"""What all tests share: no test sees the settings of the person who runs it."""

import pytest


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch):
    monkeypatch.delenv("FIVE_COLOUR_DATA", raising=False)
