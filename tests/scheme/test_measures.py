"""A measure is one object: a new one is a module, its words and a line, and what it forgets fails with its name."""

import ast
import inspect
import json
import os
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import get_args

import pytest

from analytics.scheme.measures import MEASURES, MeasureSpec, RegistrationError, register
from analytics.scheme.measures.spec import FORGOTTEN, CountsView, Documentation
from analytics.scheme.model import Indicator, Measure
from analytics.scoring import AreaCounts
from tests.test_house import SOURCES, module_of

ROOT = Path(__file__).parents[2]
COUNT, SHARE, COVERAGE = MEASURES["count"], MEASURES["share"], MEASURES["coverage"]


def test_a_scheme_may_name_what_is_registered_in_its_order():
    assert get_args(Measure) == tuple(MEASURES)
    assert Indicator.model_json_schema()["properties"]["measure"]["enum"] == list(MEASURES)


def test_scoring_has_all_that_measures_may_ask_of_the_records():
    asked = {name: part for name, part in vars(CountsView).items() if inspect.isfunction(part) and name[0] != "_"}
    assert asked
    for name, part in asked.items():
        takes = inspect.signature(getattr(AreaCounts, name)).parameters
        assert list(inspect.signature(part).parameters) == list(takes), name


def test_what_is_counted_one_by_one_changes_by_one_and_what_is_divided_by_as_little_as_you_like():
    steps = {name: spec.smallest_change for name, spec in MEASURES.items()}
    one_by_one = ("count", "open", "overdue", "days_since", "stock")
    assert steps == {name: 1 if name in one_by_one else None for name in MEASURES}


# A new measure

MODULE = '''\
"""The measure ``increase``: how many more records than in the window before."""

from analytics.scheme.measures.gaps import feed_gaps
from analytics.scheme.measures.spec import Documentation, MeasureSpec
from analytics.scheme.measures.units import WHOLE_NUMBER


def value(counts, indicator, days):
    window = indicator.window_days
    now, before = (counts.in_window(indicator.source, [indicator.where], window, on) for on in (days, days - window))
    return now - before, feed_gaps(counts, indicator, [indicator.where], window, days)


MEASURE = MeasureSpec(
    id="increase",
    sources={"incidents": ("window_days",)},
    value=value,
    events=None,
    denominator=None,
    sums_as="increase",
    smallest_change=1,
    made_of=None,
    groups=None,
    unit=WHOLE_NUMBER,
    documentation=Documentation(formula="records of two windows: later - earlier", unit="records", source="-"),
)
'''
WORDS = "measure_increase: {zh: 比上一时段多几件, en: more than in the time before}\n"
LINE = '        "increase",\n'

SCORED = """
import json

import numpy as np

from analytics.wording.indicators import value_text
from analytics.drawing.method import card
from analytics.errors import SchemeError
from analytics.scheme.reading import json_schema
from analytics.scoring import Gap, area_counts_for
from analytics.scoring.counterfactual import smallest_changes
from analytics.scoring.selfcheck import selfcheck
from analytics.store.counts import Counts
from tests.scoring.small_world import assessed, days, incident, indicator, records, scheme, three_areas

rise = {"measure": "increase", "actionable": True}
on = [("A", 14), ("A", 14), ("A", 15), ("B", 3), ("B", 15), ("C", 8)]
areas = [{**row, "level": "grid", "parent_id": "K"} for row in three_areas()]
areas.append({"area_id": "K", "name": "K", "level": "community", "parent_id": ""})
world = records(areas=areas, incidents=[incident(at, area, f"2020-02-{day:02d}") for at, (area, day) in enumerate(on)])
chosen = scheme([indicator(**rise)])
run = assessed(world, chosen, days("2020-02-15"))
silent = assessed(world, chosen, days("2020-03-02"))
try:
    scheme([indicator(**rise, **{"from": "checks"}, where=None)])
except SchemeError as error:
    refused = error.text("en")
item = chosen.indicators[0]
facts = area_counts_for(Counts.of_records(world), chosen)
laws = selfcheck(facts, chosen, run.days[0].date())
print(json.dumps({
    "values": run.values[0, :, 0].tolist(),
    "silent": silent.gaps[0, :, 0].tolist(),
    "points": run.points[0, :, 0].tolist(),
    "text": [value_text(lang, item, 3.0, Gap.NONE, small=False) for lang in ("zh", "en")],
    "card": [card("zh", run), card("en", run)],
    "in_schema": '"increase"' in json_schema(),
    "refused": refused,
    "changes": smallest_changes(run, "A"),
    "laws": [law.holds for law in laws],
    "groups_checked": laws[6].checked,
}))
"""


@pytest.fixture
def product(tmp_path):
    """A copy of the product, to which a measure can be added."""
    copytree(ROOT / "analytics", tmp_path / "analytics", ignore=ignore_patterns("__pycache__"))
    return tmp_path


def added(product, module=MODULE, words=WORDS, line=LINE):
    """Add a measure as its author would: a new file, and a line in two others."""
    measures = product / "analytics" / "scheme" / "measures"
    (measures / "increase.py").write_text(module, encoding="utf-8")
    with (product / "analytics" / "words" / "method.yaml").open("a", encoding="utf-8") as file:
        file.write(words)
    registration = measures / "__init__.py"
    text = registration.read_text(encoding="utf-8")
    assert text.count('        "given",\n') == 1
    registration.write_text(text.replace('        "given",\n', f'        "given",\n{line}'), encoding="utf-8")
    return product


def run_in(product, code):
    script = product / "script.py"
    script.write_text(code, encoding="utf-8")
    env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, script], capture_output=True, text=True, encoding="utf-8", check=False, cwd=product, env=env
    )


def test_a_new_measure_is_a_module_its_words_and_a_line(product):
    done = run_in(added(product), SCORED)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["values"] == [3, 0, -1]
    assert found["silent"] == [2, 2, 2]  # beyond the last report
    assert found["points"] == [30, 0, 0]
    assert found["text"] == ["3件", "3 incidents"]
    assert "比上一时段多几件" in found["card"][0]
    assert "more than in the time before" in found["card"][1]
    assert found["in_schema"]
    assert "increase cannot be taken from checks" in found["refused"]
    assert found["changes"] == []  # it does not say of which whole numbers it is made
    assert found["laws"] == [True] * 8
    assert found["groups_checked"] == 1


@pytest.mark.parametrize(
    ("forgotten", "said"),
    [
        ({"words": ""}, "measure 'increase': no words 'method.measure_increase'"),
        ({"module": MODULE.replace("    groups=None,\n", "")}, "measure 'increase': groups is not given"),
        ({"module": MODULE.partition("MEASURE =")[0]}, "measure 'increase': its module has no MEASURE with this id"),
        ({"line": '        "increase",\n' * 2}, "measure 'increase': registered twice"),
    ],
    ids=["words", "a part", "the object", "the line twice"],
)
def test_what_a_new_measure_forgets_fails_at_import(product, forgotten, said):
    done = run_in(added(product, **forgotten), "import analytics.scheme")
    assert done.returncode != 0
    assert done.stderr.splitlines()[-1].endswith(said)


# Registration


def faults(*specs):
    with pytest.raises(RegistrationError) as error:
        register(specs)
    return str(error.value).splitlines()


@pytest.mark.parametrize(
    "part",
    [part.name for part in fields(MeasureSpec) if part.default is FORGOTTEN and part.name != "id"],
)
def test_each_part_that_is_not_given_is_named(part):
    given = {name: getattr(COUNT, name) for name in (field.name for field in fields(COUNT)) if name != part}
    assert faults(MeasureSpec(**given)) == [f"measure 'count': {part} is not given"]


def test_the_parts_that_may_be_left_out_are_those_that_are_not_so_for_most():
    assert {part.name for part in fields(MeasureSpec) if part.default is not FORGOTTEN} == {
        *("of", "more_records", "needs_status", "needs_due_dates", "is_place_coverage", "ages"),
    }


@pytest.mark.parametrize(
    ("spec", "fault"),
    [
        (replace(COUNT, id="made_up", sums_as=None), "measure 'made_up': no words 'method.measure_made_up'"),
        (replace(COUNT, unit=replace(COUNT.unit, words=("figures.x",))), "measure 'count': no words 'figures.x'"),
        (replace(COUNT, unit=None), "measure 'count': unit is no Unit"),
        (replace(COUNT, value=None), "measure 'count': value is no function"),
        (replace(COUNT, events="in_window"), "measure 'count': events is no function"),
        (replace(COUNT, documentation=None), "measure 'count': documentation is no Documentation"),
        (
            replace(COUNT, documentation=Documentation(formula="x", unit="x")),
            "measure 'count': documentation.source says nothing",
        ),
        (replace(COUNT, sources={}, events=None), "measure 'count': sources names no table"),
        (
            replace(COUNT, sources={"visits": ("window_days",)}),
            "measure 'count': sources names a table 'visits', "
            "there are areas, residents, incidents, places, checks",
        ),
        (
            replace(COUNT, sources={"checks": ("window_days", "window")}),
            "measure 'count': sources names a setting 'window', "
            "there are where, window_days, per, given, days_since",
        ),
        (
            replace(COUNT, of="visits"),
            "measure 'count': of names a table 'visits', there are areas, residents, incidents, places, checks",
        ),
        (
            replace(COUNT, sources={"checks": ()}),
            "measure 'count': events are drawn again over window_days, which sources does not ask for",
        ),
        (
            replace(COUNT, denominator=MEASURES["rate"].denominator),
            "measure 'count': denominator and the setting per of sources go together",
        ),
        (
            replace(MEASURES["rate"], denominator=None, sums_as=None),
            "measure 'rate': denominator and the setting per of sources go together",
        ),
        (replace(COUNT, sums_as="sum"), "measure 'count': sums_as names a measure 'sum', there are count"),
        (replace(COUNT, smallest_change=0), "measure 'count': smallest_change is not above zero"),
        (replace(COUNT, made_of="records"), "measure 'count': made_of is no WholeNumbers"),
        (
            replace(SHARE, groups=None),
            "measure 'share': groups is None, but it counts people or places",
        ),
        (
            replace(COVERAGE, groups=None),
            "measure 'coverage': groups is None, but it counts people or places",
        ),
        (
            replace(COUNT, is_place_coverage=True),
            "measure 'count': is_place_coverage is of places that of does not select",
        ),
    ],
)  # fmt: skip
def test_each_part_that_is_wrong_is_named(spec, fault):
    assert faults(spec) == [fault]


def test_all_faults_of_all_measures_are_told_at_once():
    told = faults(COUNT, COUNT, replace(SHARE, groups=None, made_of="records"))
    assert [line.partition(":")[0] for line in told] == ["measure 'share'", "measure 'share'", "measure 'count'"]
    assert told[-1] == "measure 'count': registered twice"


# Nobody asks which measure an indicator has


def asks_which_measure(tree):
    """The lines that compare a measure, look something up by one, or list measures by their ids."""
    for node in ast.walk(tree):
        match node:
            case ast.Compare():
                found = any(is_a_measure(side, node) for side in (node.left, *node.comparators))
            case ast.Match():
                found = is_a_measure(node.subject, node)
            case ast.Subscript():
                found = is_a_measure(node.slice, node)
            case ast.Tuple() | ast.List() | ast.Set():
                found = are_ids(node.elts)
            case ast.Dict():
                found = are_ids(node.keys)
            case _:
                continue
        if found:
            yield node.lineno


def is_a_measure(node, beside):
    """``item.measure``; ``measure`` or ``content["measure"]``, which can be something else, beside an id of one."""
    match node:
        case ast.Attribute(attr="measure"):
            return True
        case ast.Name(id="measure") | ast.Subscript(slice=ast.Constant(value="measure")):
            return any(isinstance(part, ast.Constant) and part.value in MEASURES for part in ast.walk(beside))
    return False


def are_ids(nodes):
    return len(nodes) > 1 and all(isinstance(node, ast.Constant) and node.value in MEASURES for node in nodes)


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ('if item.measure == "coverage": pass', True),
        ('if measure in ("stock", "given"): pass', True),
        ("if item.measure in WHOLE_NUMBERS: pass", True),
        ('if content["measure"] != "rate": pass', True),
        ("match item.measure:\n    case _: pass", True),
        ("added = COUNTED[item.measure]", True),
        ('COUNTED = {"count": "count", "rate": "count"}', True),
        ('COUNTED = ("count", "rate")', True),
        ('if measure == "open": pass', True),
        ("if item.spec.events: pass", False),
        ("if measure is None: pass", False),
        ('settings = {"id": "x", "measure": "rate"}', False),
        ('COLUMNS = ("area_id", "count")', False),
    ],
)
def test_the_rule_sees_who_asks(line, asks):
    assert any(asks_which_measure(ast.parse(line))) == asks


def test_nobody_but_the_measures_asks_which_measure_an_indicator_has():
    asking = [
        f"{module_of(file)}:{line}"
        for file in SOURCES
        if not module_of(file).startswith("analytics.scheme.measures")
        for line in asks_which_measure(ast.parse(file.read_text(encoding="utf-8")))
    ]
    # The one place where an indicator's measure is looked up: its `spec`.
    assert [module.partition(":")[0] for module in asking] == ["analytics.scheme.model"]
