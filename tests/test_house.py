"""The rules of the house, read from the source: who may import whom, who knows of a browser, where words live."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from analytics import words
from analytics.words import LANGUAGES

ROOT = Path(__file__).parents[1]
SOURCES = sorted([*(ROOT / "analytics").rglob("*.py"), *(ROOT / "pages").rglob("*.py"), ROOT / "dashboard.py"])

FLOORS = (
    {"analytics.words", "analytics.errors", "analytics.tiers", "analytics.disclosure", "analytics.access"},
    {"analytics.scheme"},
    {"analytics.loaders"},
    {"analytics.store"},
    {"analytics.scoring"},
    {"analytics.releases", "analytics.evidence", "analytics.response"},
    {"analytics.drawing"},
    {"analytics.briefing"},
    {"analytics.session", "analytics.benchmarks"},
    {"analytics.commands"},
    {"analytics.__main__"},
    {"pages", "dashboard"},
)
"""From the ground up: a module imports from its own floor or from below."""

CJK = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")


def module_of(file):
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def floor_of(module):
    for height, rooms in enumerate(FLOORS):
        if any(module == room or module.startswith(f"{room}.") for room in rooms):
            return height
    return None


def imports_of(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are absolute"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def test_imports_run_one_way():
    upward = [
        f"{module_of(file)} imports {name}"
        for file in SOURCES
        for name in imports_of(file)
        if floor_of(name) is not None and floor_of(module_of(file)) is not None
        if floor_of(name) > floor_of(module_of(file))
    ]
    assert upward == []


@pytest.mark.parametrize(
    ("library", "allowed"),
    [
        ("streamlit", r"pages\.|dashboard$|analytics\.session$|analytics\.benchmarks\.apps\."),
        ("streamlit_folium", r"pages\.parts\.area_map$|analytics\.benchmarks\.apps\.(ours|stock_folium)$"),
        ("folium", r"analytics\.drawing\.area_map$|analytics\.benchmarks\.apps\.stock_folium$"),
        ("plotly", r"analytics\.drawing\.|analytics\.benchmarks\.apps\.plotly_choropleth$"),
        ("pydeck", r"analytics\.benchmarks\.apps\.pydeck_geojson$"),
        ("playwright", r"analytics\.benchmarks\.workbench$"),
        ("typst", r"analytics\.briefing\.typst_process$"),
        ("pptx", r"analytics\.briefing\."),
        ("docx", r"analytics\.briefing\."),
        ("duckdb", r"analytics\.store\.engine$"),
        ("sqlalchemy", r"analytics\.store\.ledger"),
    ],
)
def test_a_library_is_known_in_its_room_alone(library, allowed):
    using = {module_of(file) for file in SOURCES for name in imports_of(file) if name.split(".")[0] == library}
    assert using
    assert {module for module in using if not re.match(allowed, module)} == set()


def test_no_page_lies_directly_in_pages():
    assert [file.name for file in (ROOT / "pages").glob("*.py")] == ["__init__.py"]


def test_pages_are_short_and_say_nothing_themselves():
    for file in [*(ROOT / "pages").rglob("*.py"), ROOT / "dashboard.py"]:
        source = file.read_text(encoding="utf-8")
        limit = 60 if file.name == "dashboard.py" else 120
        assert len(source.splitlines()) <= limit, file
        tree = ast.parse(source)
        docstrings = {
            ast.get_docstring(node, clean=False)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        }
        said = {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CJK.search(node.value)
        }
        # The language switch names each language in itself, whichever is chosen.
        assert said - docstrings - {"中文"} == set(), file


def test_every_word_is_there_in_both_languages_with_the_same_blanks():
    for file in (ROOT / "analytics" / "words").glob("*.yaml"):
        entries = re.findall(r"^(\w+):", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert len(entries) == len(set(entries)), file.name
        for entry, texts in yaml.safe_load(file.read_text(encoding="utf-8")).items():
            assert set(texts) == set(LANGUAGES), (file.name, entry)
            blanks = [set(re.findall(r"{(\w+)", texts[lang])) for lang in LANGUAGES]
            assert blanks[0] == blanks[1], (file.name, entry)


def test_every_word_that_the_code_asks_for_exists_and_every_word_that_exists_is_asked_for():
    sources = [*SOURCES, *(ROOT / "analytics").rglob("*.html"), *(ROOT / "analytics").rglob("*.js")]
    text = "\n".join(file.read_text(encoding="utf-8") for file in sources)
    known = words.keys()
    topics = {key.split(".")[0] for key in known}
    asked = set(re.findall(rf"""["']((?:{"|".join(topics)})\.[a-z_0-9]+)["']""", text))
    stems = set(re.findall(rf"""["']((?:{"|".join(topics)})\.[a-z_0-9]*)(?={{|["'] [~+])""", text))
    files = {name for name in asked if name.endswith((".html", ".css", ".js", ".py", ".yaml", ".sqlite", ".json"))}
    assert asked - known - files - stems == set()
    # pydantic names the faults of a scheme; categories and tables are named by the data.
    by_data = ("scheme.", "categories.", "tables.", "loading.")
    unasked = {key for key in known - asked if not key.startswith((*by_data, *stems))}
    assert unasked == set()


def test_ci_runs_the_command_of_the_readme_and_nothing_else():
    commands = [line for line in (ROOT / ".ci" / "run").read_text().splitlines() if line and not line.startswith("#")]
    assert commands[:2] == ["set -euo pipefail", 'cd "$(dirname "$0")/.."']
    assert len(commands) == 3
    assert commands[2] in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()


def test_the_source_is_clean_by_the_linter():
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, str(ROOT)], capture_output=True, text=True, check=False, cwd=ROOT
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_in_the_source_points_to_another_machine():
    hosts = re.compile(r"https?://(?!localhost|www\.w3\.org|www\.nationalarchives)[^\s\"'`)>]+")
    for file in [*SOURCES, *(ROOT / "analytics").rglob("*.js"), *(ROOT / "analytics").rglob("*.css"),
                 *(ROOT / "analytics").rglob("*.html"), ROOT / ".streamlit" / "config.toml"]:  # fmt: skip
        assert hosts.findall(file.read_text(encoding="utf-8")) == [], file
