"""What all tests share: no test sees the settings, or touches the records, of the person who runs it, nor fails because
the machine is slow."""

import functools
import sys

import pytest
from hypothesis import settings
from streamlit.components.v2 import manifest_scanner

settings.register_profile("however slow", settings.default, deadline=None)
settings.load_profile("however slow")


@pytest.fixture(scope="session", autouse=True)
def _installed_once():
    """AppTest looks through every installed package at each run, which takes longer than most pages do."""
    with pytest.MonkeyPatch.context() as patch:
        once = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", once)
        yield


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    """An empty store of the test's own, which the product finds by its setting."""
    for setting in ("DATA", "ROLE", "LEDGER", "TIME_ZONE", "WEEK_BEGINS"):
        monkeypatch.delenv(f"FIVE_COLOUR_{setting}", raising=False)
    monkeypatch.setenv("FIVE_COLOUR_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def _samples_without_releases(monkeypatch):
    """The samples start without the releases that they ship with: what a test makes there is number one."""
    monkeypatch.setattr("analytics.workspace.samples.SHIPPED", "none")


@pytest.fixture(autouse=True)
def _own_main(monkeypatch):
    """AppTest leaves the page that it ran as ``__main__``, which every process that a later test starts would run."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
