"""The digest of a scheme: one for the same rules however they are written down, and another for any other.

A default that changes, changes what every file means that leaves the key out, and no digest tells. So all of them are
held in ``golden/defaults.json``; ``python -m tests.scheme.test_digest`` writes what is new there, and refuses to write
another value for what is there already as long as ``DIGEST_VERSION`` is the same.
"""

import json
import random
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from pydantic import BaseModel
from pydantic_core import PydanticUndefined, to_jsonable_python

from analytics.releases.issued import open_ledger
from analytics.releases.release import Release
from analytics.scheme import Scheme, pack_ids, scheme_named
from analytics.scheme.content import plain
from analytics.scheme.digest import DIGEST_VERSION, scheme_digest_version_1, short_digest
from analytics.scheme.reading import reference_ids, scheme_from
from analytics.store.current_schemes import current_scheme
from tests.scheme.edits import RICH, neighbours
from tests.upgrade.old_homes import NAMES, unpacked

DEFAULTS = Path(__file__).parent / "golden" / "defaults.json"

RICH_SCHEME = scheme_from(RICH.encode(), "rich.yaml")
ALL = {name: scheme_named(name) for name in (*pack_ids(), *reference_ids())} | {"rich": RICH_SCHEME}


def read(content: object) -> Scheme:
    """The scheme of plain values, as from a file."""
    return scheme_from(yaml.safe_dump(content, allow_unicode=True, sort_keys=False).encode(), "scheme.yaml")


def turned(value: object, draw: random.Random) -> object:
    """The same with the keys of every mapping in another order."""
    match value:
        case dict():
            keys = list(value)
            draw.shuffle(keys)
            return {key: turned(value[key], draw) for key in keys}
        case list():
            return [turned(item, draw) for item in value]
    return value


def test_a_digest_says_its_version():
    assert all(re.fullmatch(rf"{DIGEST_VERSION}:[0-9a-f]{{64}}", scheme.digest()) for scheme in ALL.values())
    assert len({scheme.digest() for scheme in ALL.values()}) == len(ALL)
    assert short_digest("2:0123456789abcdef") == short_digest("0123456789abcdef") == "01234567"


@pytest.mark.parametrize("name", ALL)
def test_the_order_of_keys_and_the_layout_of_the_file_do_not_count(name):
    scheme = ALL[name]
    written = scheme.model_dump(mode="json", by_alias=True, exclude_unset=True)
    for seed in range(5):
        other = turned(written, random.Random(seed))
        assert read(other).digest() == scheme.digest()
    one_line = json.dumps(written, ensure_ascii=False).encode()
    assert scheme_from(b"# a note\n" + one_line, "scheme.yaml").digest() == scheme.digest()


@pytest.mark.parametrize("name", ALL)
def test_a_default_that_is_written_down_does_not_count(name):
    scheme = ALL[name]
    everything = plain(scheme)
    assert read(everything).digest() == scheme.digest()
    without_none = scheme.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert read(without_none).digest() == scheme.digest()  # as releases keep it


def test_a_name_that_is_the_id_is_as_if_it_were_left_out_wherever_a_name_stands():
    content = RICH_SCHEME.model_dump(mode="json", by_alias=True, exclude_unset=True)

    def named(value: object, how: str) -> object:
        match value:
            case {"id": str(own)}:
                kept = {key: named(item, how) for key, item in value.items() if key != "name"}
                return kept | ({"name": {"en": own, "zh": own}} if how == "id" else {})
            case dict():
                return {key: named(item, how) for key, item in value.items()}
            case list():
                return [named(item, how) for item in value]
        return value

    assert read(named(content, "id")).digest() == read(named(content, "nothing")).digest() != RICH_SCHEME.digest()


def test_whole_numbers_are_whole_however_they_are_written_but_for_what_records_are_held_against():
    def with_numbers(weight: str, capacity: str) -> Scheme:
        text = RICH.replace("weight: 3\n", f"weight: {weight}\n", 1).replace(
            "capacity: 3.0", f"capacity: {capacity}", 1
        )
        return scheme_from(text.encode(), "rich.yaml")

    assert with_numbers("3.0", "3.0").digest() == RICH_SCHEME.digest()
    assert with_numbers("3.5", "3.0").digest() != RICH_SCHEME.digest()
    assert with_numbers("3", "3").digest() != RICH_SCHEME.digest()


@pytest.mark.parametrize("name", ["rich", "reference/cdc_community_levels", "epidemic"])
def test_every_other_rule_has_another_digest(name):
    scheme = ALL[name]
    sorted_content = json.dumps(plain(scheme), sort_keys=True)
    seen, touched = {scheme.digest(): sorted_content}, set()
    for path, other in neighbours(scheme):
        said = json.dumps(plain(other), sort_keys=True)
        assert (other.digest() == scheme.digest()) == (said == sorted_content), path
        assert seen.setdefault(other.digest(), said) == said, path
        touched.add(path[-1])
    assert len(touched) > 20


# What older programs wrote


@pytest.mark.parametrize("name", NAMES)
def test_the_first_version_is_what_the_old_program_wrote(name, tmp_path):
    old = unpacked(name, tmp_path)
    ledger = open_ledger(None, old.folder)
    told = {folder: manifest["scheme"].get("digest") for folder, manifest in old.manifests.items()}
    for folder, digest in told.items():
        release = Release.open(old.folder, folder)
        if digest:
            assert scheme_digest_version_1(release.scheme) == digest
        else:
            assert release.manifest.provenance.scheme in (release.scheme.digest(), f"1:{digest}")
    for version in ledger.scheme_versions():
        if ":" not in version.digest:
            scheme = scheme_from(version.yaml_text.encode(), "scheme.yaml")
            assert scheme_digest_version_1(scheme) == version.digest
            assert current_scheme(ledger, version.scheme_id).scheme == scheme


# Every default


def models(model: type[BaseModel], seen: dict[str, type[BaseModel]]) -> dict[str, type[BaseModel]]:
    """All models that a model is made of, by name."""
    if model.__name__ not in seen:
        seen[model.__name__] = model
        for field in model.model_fields.values():
            for found in _models_in(field.annotation):
                models(found, seen)
    assert seen[model.__name__] is model, "two models have one name"
    return seen


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    if hasattr(annotation, "__value__"):  # a name for a type
        yield from _models_in(annotation.__value__)
    for argument in get_args(annotation):
        yield from _models_in(argument)


def defaults() -> dict[str, object]:
    """What every key of a scheme file that may be left out means then, by model and key."""
    found = {}
    for name, model in sorted(models(Scheme, {}).items()):
        for field_name, field in model.model_fields.items():
            value = field.get_default(call_default_factory=True)
            # A part that is left out whole means its own defaults, which are here under their own keys.
            if isinstance(value, BaseModel):
                value = value.model_dump(by_alias=True, exclude_defaults=True)
            if value is not PydanticUndefined:
                found[f"{name}.{field.alias or field_name}"] = to_jsonable_python(value, by_alias=True)
    return found


def held() -> Mapping[str, Any]:
    return json.loads(DEFAULTS.read_text(encoding="utf-8"))


def changed(kept: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
    """What a file that leaves the key out does not mean any more. A part that is left out whole may have more keys than
    it had: each of them has its own default."""

    def still(was: object, is_now: object) -> object:
        return {key: is_now.get(key) for key in was} if isinstance(was, dict) and isinstance(is_now, dict) else is_now

    return [
        f"{key}: {kept[key]!r} → {now.get(key)!r}"
        for key in kept
        if key not in now or still(kept[key], now[key]) != kept[key]
    ]


def test_no_default_has_changed():
    kept, now = held(), defaults()
    assert kept["digest_version"] == DIGEST_VERSION, (
        "DIGEST_VERSION is another one: python -m tests.scheme.test_digest writes the defaults that belong to it"
    )
    assert not changed(kept["defaults"], now), (
        "a default changed, so files that leave the key out now mean something else: "
        "raise DIGEST_VERSION and write the step. " + "; ".join(changed(kept["defaults"], now))
    )
    assert now.keys() == kept["defaults"].keys(), (
        "a key was added: python -m tests.scheme.test_digest writes its default down"
    )


def test_the_defaults_of_every_part_are_looked_at():
    parts = {key.partition(".")[0] for key in defaults()}
    assert {"Scheme", "Dimension", "Indicator", "StabilityRule", "Per"} <= parts
    schema = Scheme.model_json_schema(by_alias=True)
    with_defaults = {
        f"{name}.{key}"
        for name, model in {"Scheme": schema, **schema["$defs"]}.items()
        for key, said in model.get("properties", {}).items()
        if "default" in said
    }
    assert with_defaults <= defaults().keys()


def write_down() -> None:
    """Write the defaults down; ends with a sentence where one changed under the same version."""
    kept, now = held() if DEFAULTS.exists() else {"digest_version": 0, "defaults": {}}, defaults()
    if kept["digest_version"] == DIGEST_VERSION and (gone := changed(kept["defaults"], now)):
        raise SystemExit(f"Raise DIGEST_VERSION first and write the step: {'; '.join(gone)}")
    content = {"digest_version": DIGEST_VERSION, "defaults": now}
    DEFAULTS.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_down()
