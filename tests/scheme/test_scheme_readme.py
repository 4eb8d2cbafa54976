"""What the README of schemes shows is read as it stands there, and it tells every key, value and measure."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
import yaml

from analytics.errors import SchemeError
from analytics.scheme import Scheme
from analytics.scheme.measures import MEASURES
from analytics.scheme.reading import scheme_from
from analytics.scheme.tables import CODES, WHERE_COLUMNS
from tests.scheme.test_digest import models

README = Path(__file__).parents[2] / "analytics" / "scheme" / "README.md"
TEXT = README.read_text(encoding="utf-8")
BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = BLOCK.findall(TEXT)
WHOLE, *PARTS = BLOCKS


def filled(part: str) -> bytes:
    """The whole file of the README with a part of one in its place: a list are indicators, of the first dimension."""
    content, said = yaml.safe_load(WHOLE), yaml.safe_load(part)
    if isinstance(said, list):
        content["dimensions"][0]["indicators"] += said
    else:
        content = {key: value for key, value in content.items() if key != "tiers" or "decide" not in said} | said
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False).encode()


def test_the_whole_file_is_a_scheme():
    assert scheme_from(WHOLE.encode(), "readme.yaml").id == "noise_and_falls"


@pytest.mark.parametrize("part", PARTS, ids=[part.splitlines()[0] for part in PARTS])
def test_an_example_is_a_part_of_a_scheme_that_says_something(part):
    assert scheme_from(filled(part), "readme.yaml").digest() != scheme_from(WHOLE.encode(), "readme.yaml").digest()


def test_an_example_that_is_wrong_is_refused():
    wrong = next(part for part in PARTS if "minimum_known_weight" in part).replace("0.75", "75")
    with pytest.raises(SchemeError, match="minimum_known_weight"):
        scheme_from(filled(wrong), "readme.yaml")


def keys_and_values() -> tuple[set[str], set[str]]:
    """Every key of a scheme file, and every value of a closed list, by the model."""
    keys, values = set(), set(MEASURES)
    for model in models(Scheme, {}).values():
        for name, field in model.model_fields.items():
            keys.add(field.alias or name)
            values |= set(_closed(field.annotation))
    return keys, values


def _closed(annotation: Any) -> Iterator[str]:
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    else:
        for argument in get_args(annotation):
            yield from _closed(argument)


def untold(text: str) -> list[str]:
    """What there is and no sentence of a README names, in backquotes."""
    named = set(re.findall(r"`([^`\n]+)`", BLOCK.sub("", text)))
    named |= {name.partition(":")[0] for name in named}
    keys, values = keys_and_values()
    columns = {column for columns in WHERE_COLUMNS.values() for column in columns}
    codes = {code for listed in CODES.values() for code in listed if isinstance(code, str)}
    return sorted((keys | values | columns | codes) - named)


def without_example(blocks: list[str]) -> list[str]:
    """The keys and measures that no block uses."""
    used, measures = set(), set()

    def look(value: object) -> None:
        match value:
            case dict():
                used.update(value)
                if isinstance(value.get("measure"), str):
                    measures.add(value["measure"])
                for inner in value.values():
                    look(inner)
            case list():
                for inner in value:
                    look(inner)

    for block in blocks:
        look(yaml.safe_load(block))
    return sorted((keys_and_values()[0] - used) | (MEASURES.keys() - measures))


def test_every_key_value_and_measure_is_told_and_every_key_and_measure_has_an_example():
    assert {"from", "not", "is", "cadence_days"} <= keys_and_values()[0]
    assert {"rank", ">=", "households", "geometric", "worst"} <= keys_and_values()[1]
    assert untold(TEXT) == []
    assert without_example(BLOCKS) == []


def test_what_a_readme_leaves_out_is_noticed():
    assert untold(TEXT.replace("`one_step_down`", "it").replace("`overdue`", "late")) == ["one_step_down", "overdue"]
    shortened = [block for block in BLOCKS if "measure: coverage" not in block and "stability:" not in block]
    assert {"coverage", "stability", "minimum_stay_days"} <= set(without_example(shortened))


def test_every_measure_has_a_heading_and_under_it_its_example():
    told = re.split(r"^### `(\w+)`$", TEXT, flags=re.MULTILINE)[1:]
    under = dict(zip(told[::2], told[1::2], strict=True))
    assert list(under) == list(MEASURES)
    for name, section in under.items():
        first = BLOCK.search(section)[1]
        assert {item["measure"] for item in yaml.safe_load(first)} == {name}
