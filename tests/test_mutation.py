"""The mutation run: which faults it makes, and that what is listed as equivalent is still there. It is not run here."""

from pathlib import Path

import pytest

from tests.mutation.__main__ import draw
from tests.mutation.equivalent import reasons
from tests.mutation.mutants import mutants
from tests.mutation.targets import AROUND, OWN, modules, stages

ROOT = Path(__file__).parents[1]


def made_of(source):
    """What the lines of a module become."""
    return {mutant.becomes for mutant in mutants("module.py", source.encode())}


@pytest.mark.parametrize(
    ("line", "faults"),
    [
        ("x = a < b", {"x = a <= b", "x = a >= b"}),
        ("x = a not in b", {"x = a in b"}),
        ("x = a and b", {"x = a or b"}),
        ("x = a + 1", {"x = a - 1", "x = a + 2", "x = a + 0"}),
        ("x = -a", {"x = a"}),
        ("x = min(a, True)", {"x = max(a, True)", "x = min(a, False)"}),
        ("x[0] = y", {"pass", "x[1] = y"}),
        ("x += y", {"pass", "x -= y"}),
        ("f(x)", {"pass"}),
        ("x = a.sum(axis=0) if b else c", {"x = a.sum(axis=1) if b else c", "x = a.sum(axis=0) if not (b) else c"}),
        ("x = 'a word'", set()),
        ("assert a < b", set()),
        ("from a import b", set()),
        ("x = '更多' if a == b else y", {"x = '更多' if a != b else y", "x = '更多' if not (a == b) else y"}),
    ],
)
def test_a_line_becomes_each_of_its_faults(line, faults):
    assert made_of(line) == faults


def test_a_function_may_give_nothing_and_a_condition_hold_where_it_did_not():
    source = "def f(a):\n    if a:\n        return a\n    raise E\n"
    assert made_of(source) == {"if not (a):", "return None", "pass"}


def test_a_fault_is_one_edit_of_the_source():
    source = "x = '甲' < b\n".encode()
    first, second = mutants("module.py", source)
    assert [one.applied(source).decode() for one in (first, second)] == ["x = '甲' <= b\n", "x = '甲' >= b\n"]
    assert first.key == ("module.py", "", "x = '甲' < b", "x = '甲' <= b")


def test_the_same_seed_draws_the_same_faults():
    first, again, other = (draw(seed, 20) for seed in (1, 1, 2))
    assert first == again != other
    assert len(set(first)) == 20


def test_every_fault_that_is_listed_as_equivalent_can_still_be_made():
    every = {one.key for module in modules(ROOT) for one in mutants(module, (ROOT / module).read_bytes())}
    assert set(reasons()) - every == set()
    assert all(reason.endswith(".") for reason in reasons().values())


def test_every_module_that_is_mutated_has_tests_that_are_there():
    told = {pattern for named in (OWN, AROUND) for pattern in named}
    assert all(list(ROOT.glob(pattern)) for pattern in told)
    for module in modules(ROOT):
        for stage in stages(module):
            assert stage
            assert all((ROOT / test).exists() for test in stage)
