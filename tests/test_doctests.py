"""The examples in docstrings are true, wherever in the source one stands."""

import doctest
from importlib import import_module

import pytest

from tests.test_house import ROOT, SOURCES, module_of

WITH_EXAMPLES = [module_of(file) for file in SOURCES if ">>> " in file.read_text(encoding="utf-8")]


def test_the_method_and_the_schemes_are_told_by_examples():
    for package in ("analytics.scoring", "analytics.scheme"):
        assert [module for module in WITH_EXAMPLES if module.startswith(f"{package}.")], package


@pytest.mark.parametrize("module", WITH_EXAMPLES)
def test_the_examples_of_a_module_are_true(module, monkeypatch):
    monkeypatch.chdir(ROOT)
    found = doctest.testmod(import_module(module))
    assert found.attempted
    assert found.failed == 0, "the report stands above"
