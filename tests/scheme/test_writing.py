"""Writing a scheme into its text: it says the scheme, and nothing else of the text is touched."""

import random
import re
import shutil
import subprocess

import pytest
import yaml

from analytics.errors import SchemeError
from analytics.scheme import pack_ids
from analytics.scheme.content import paired
from analytics.scheme.editing import recut, reweighted
from analytics.scheme.reading import PACKS, reference_ids, scheme_from
from analytics.scheme.writing import patch, yaml_with
from tests.long.sizes import many, seeds
from tests.scheme.edits import RICH, neighbours

TEXTS = {name: (PACKS / f"{name}.yaml").read_text(encoding="utf-8") for name in (*pack_ids(), *reference_ids())}
EPIDEMIC = TEXTS["epidemic"]


def read(text):
    return scheme_from(text.encode(), "x.yaml")


def written(text, scheme):
    """The new text, after the law was checked."""
    found = yaml_with(text, scheme)
    assert read(found).digest() == scheme.digest()
    return found


def changed_lines(old, new):
    return [line for line in patch(old, new, "a", "b").splitlines() if re.match(r"[+-](?![+-])", line)]


def comments_in(text):
    return set(re.findall(r"(?m)(?:^| )(#[^\n]*)", text))


@pytest.mark.parametrize("name", TEXTS)
def test_a_scheme_that_is_the_same_leaves_every_byte_and_a_new_version_changes_one_line(name):
    text = TEXTS[name]
    assert yaml_with(text, read(text)) == text
    assert changed_lines(text, written(text, read(text).model_copy(update={"version": 12}))) == [
        f"-version: {read(text).version}",
        "+version: 12",
    ]


def test_weights_and_cutoffs_change_their_own_characters_and_whole_numbers_are_written_whole():
    scheme = recut(
        reweighted(reweighted(read(EPIDEMIC), "", {"cases": 30.0}), "spread", {"fever_14d": 37.5}), {"red": 58.0}
    )
    assert changed_lines(EPIDEMIC, written(EPIDEMIC, scheme)) == [
        "-    weight: 45",
        "+    weight: 30",
        "-        weight: 50",
        "+        weight: 37.5",
        "-tiers: {blue: 9, yellow: 16, orange: 35, red: 55}",
        "+tiers: {blue: 9, yellow: 16, orange: 35, red: 58}",
    ]


def test_a_floor_goes_with_the_comment_above_it_and_no_other_comment_moves():
    scheme = read(EPIDEMIC)
    first, second = scheme.floors
    without = written(EPIDEMIC, scheme.model_copy(update={"floors": (second,)}))
    gone = changed_lines(EPIDEMIC, without)
    assert [line[0] for line in gone] == ["-"] * 5
    assert "先例（国家2020年2月）：14天内有新增即不是低风险" in gone[0]
    turned = written(EPIDEMIC, scheme.model_copy(update={"floors": (second, first)}))
    assert sorted(turned.splitlines()) == sorted(EPIDEMIC.splitlines())
    assert (
        turned.index("# 14天内聚集")
        < turned.index("at_least: orange")
        < turned.index("# 先例（国家2020年2月）：14天内")
    )
    none = written(EPIDEMIC, scheme.model_copy(update={"floors": ()}))
    assert "floors:" not in none
    assert "# 自定：已知权重不足六成不评级。Ours.\nmissing:" in none
    again = written(none, scheme)
    assert "  - at_least: yellow\n    when: {indicator: new_cases_14d, op: '>=', value: 1}\n" in again


def test_stability_is_changed_removed_and_added_in_its_place():
    scheme = read(EPIDEMIC)
    rule = scheme.stability.model_copy(update={"confirm_up_days": 7, "at_once_when_tiers_up": None})
    changed = written(EPIDEMIC, scheme.model_copy(update={"stability": rule}))
    assert (
        "stability: {confirm_up_days: 7, confirm_down_days: 14, minimum_stay_days: 21, one_step_down: true}" in changed
    )
    removed = written(EPIDEMIC, scheme.model_copy(update={"stability": None}))
    assert len(EPIDEMIC.splitlines()) - len(removed.splitlines()) == 5
    back = written(removed, scheme)
    assert back.index("missing:") < back.index("stability: {") < back.index("measures:")


@pytest.mark.parametrize("name", ["epidemic", "reference/cdc_community_levels", "rich"])
def test_every_change_is_read_back_as_it_was_meant_and_keeps_the_comments(name):
    text = RICH if name == "rich" else TEXTS[name]
    changed = list(neighbours(read(text)))
    for _, scheme in random.Random(seeds(1)[0]).sample(changed, min(many(45), len(changed))):
        new = written(text, scheme)
        shorter = len(new.splitlines()) < len(text.splitlines())
        assert shorter or comments_in(text) <= comments_in(new)


def layouts(text):
    """The same scheme as people and programs write it."""
    content = yaml.safe_load(text)
    shared = {"zh": "共", "en": "shared"}
    measure = {"cadence_days": 1, "minutes_per_check": 2, "text": shared}
    return {
        "block": yaml.safe_dump(content, allow_unicode=True, default_flow_style=False),
        "mixed": yaml.safe_dump(content, sort_keys=False, default_flow_style=None, indent=8),
        "flow": yaml.safe_dump(content, default_flow_style=True),
        "references": yaml.safe_dump(content | {"measures": {"red": measure, "blue": dict(measure)}}),
        "windows": "\ufeff" + text.replace("\n", "\r\n"),
        "document": f"%YAML 1.1\n---\n{text}...\n",
        "tagged": text.replace("id: ", "!!str id: ", 1),
        "unfinished": text.rstrip("\n"),
    }


@pytest.mark.parametrize("layout", layouts(RICH))
@pytest.mark.parametrize("name", ["epidemic", "reference/cdc_community_levels"])
def test_whatever_the_layout_the_text_becomes_the_other_scheme(layout, name):
    for text in (RICH, EPIDEMIC):
        old, new = layouts(text)[layout], read(TEXTS[name])
        written(old, new)
        found = written(old, read(old).model_copy(update={"version": 77}))
        if layout not in ("references", "tagged"):
            assert len(changed_lines(old.removeprefix("\ufeff"), found)) <= 4
        assert ("\r\n" in found) == (layout == "windows")


def test_a_reference_is_written_out_so_that_one_place_can_change_alone():
    text = EPIDEMIC.replace("weight: 50", "weight: &half 50", 1).replace("weight: 30\n", "weight: *half\n", 1)
    assert "&half" in text
    assert "*half" in text
    scheme = read(text)
    found = written(text, reweighted(scheme, "spread", {"fever_14d": 10.0}))
    assert [item.weight for item in read(found).dimensions[1].indicators] == [10, 50, 20]
    assert "# 窗口与病例同为14天" in found


def test_what_is_no_scheme_cannot_be_written_into():
    with pytest.raises(SchemeError):
        yaml_with("id: x", read(EPIDEMIC))


def test_an_edited_file_with_two_faults_names_both_lines():
    text = written(EPIDEMIC, read(EPIDEMIC).model_copy(update={"version": 2}))
    lines = text.splitlines()
    wrong = [lines.index("    weight: 25"), next(at for at, line in enumerate(lines) if line.startswith("tiers:"))]
    lines[wrong[0]], lines[wrong[1]] = "    weight: many", "tiers: {blue: 9, yellow: 16, orange: 35, red: 5}"
    with pytest.raises(SchemeError) as refused:
        read("\n".join(lines))
    said = [problem.text("en") for problem in refused.value.problems]
    assert [int(re.search(r"line (\d+)", sentence)[1]) for sentence in said] == [at + 1 for at in wrong]


def test_entries_are_known_again_by_id_name_or_condition():
    old = [{"id": "a", "name": 1}, {"id": "b", "name": 2}, {"id": "c", "name": 3}]
    new = [{"id": "b", "name": 9}, {"id": "z", "name": 3}, {"id": "y", "name": 8}]
    assert paired(old, new) == [(1, 0), (2, 1), (None, 2), (0, None)]
    assert paired([{"when": 1, "name": None}], [{"when": 1, "name": None, "tier": 2}]) == [(0, 0)]


def applied(told, old):
    """``old`` after a unified diff, by the letter of the format: lines end with the one character that ends them."""
    rows, lines = re.findall(r"[^\n]*\n|[^\n]+", told)[2:], re.findall(r"[^\n]*\n|[^\n]+", old)
    new, at, hunk = [], 0, 0
    for number, row in enumerate(rows):
        if row.startswith("@@"):
            first, count = (int(part or 1) for part in re.match(r"@@ -(\d+)(?:,(\d+))? ", row).groups())
            hunk = first - 1 if count else first
            new, at = new + lines[at:hunk], hunk
            continue
        if row.startswith("\\"):
            continue
        text = (
            row[1:].removesuffix("\n")
            if rows[number + 1 : number + 2] == [r"\ No newline at end of file" "\n"]
            else row[1:]
        )
        if row[0] in " -":
            assert lines[at] == text
            at += 1
        if row[0] in " +":
            new.append(text)
    return "".join(new + lines[at:])


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_patch_can_be_applied(tmp_path, end):
    old, new = EPIDEMIC.rstrip("\n") + end, TEXTS["rentals"].rstrip("\n")
    told = patch(old, new, "scheme.yaml", "scheme.yaml")
    assert applied(told, old) == new
    if shutil.which("patch"):  # and by the program that people will use, where it is there
        file = tmp_path / "scheme.yaml"
        file.write_bytes(old.encode())
        subprocess.run(["patch", "--binary", str(file)], input=told.encode(), check=True, capture_output=True)
        assert file.read_bytes() == new.encode()
    assert patch(old, old, "a", "b") == ""
