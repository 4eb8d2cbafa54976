"""The rules of the house, read from the source: who may import whom, who knows of a browser, where words live."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
import yaml
from scipy.sparse.csgraph import connected_components

import analytics
from analytics import tiers, words
from analytics.words import LANGUAGES

ROOT = Path(__file__).parents[1]
SOURCES = sorted([*(ROOT / "analytics").rglob("*.py"), *(ROOT / "pages").rglob("*.py"), ROOT / "dashboard.py"])

FLOORS = (
    {"analytics.words", "analytics.errors", "analytics.tiers", "analytics.disclosure", "analytics.access"}
    | {"analytics.file_kinds", "analytics.office", "analytics.marks", "analytics.hidden_signs"}
    | {"analytics.personal_text", "analytics.personal_numbers"},
    {"analytics.scheme"},
    {"analytics.loaders"},
    {"analytics.store"},
    {"analytics.scoring"},
    {"analytics.releases", "analytics.evidence", "analytics.response"},
    {"analytics.wording"},
    {"analytics.exhibits"},
    {"analytics.drawing"},
    {"analytics.briefing"},
    {"analytics.workspace", "analytics.benchmarks"},
    {"analytics.commands"},
    {"analytics.__main__", "analytics.serving"},
    {"pages", "dashboard"},
)
"""From the ground up: a module imports from its own floor or from below."""

HEAVY = """
import importlib, pkgutil, sys
import analytics.commands, analytics.exhibits, analytics.wording
for package in (analytics.commands, analytics.exhibits, analytics.wording):
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
heavy = {"docx", "docxtpl", "folium", "jinja2", "openpyxl", "plotly", "pptx", "streamlit", "typst"}
print(sorted(heavy & {name.split(".")[0] for name in sys.modules}))
"""
"""Imports all that the commands import when they start, and all words and exhibits, and tells what came along."""

CJK = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")


def module_of(file):
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def floor_of(module):
    for height, rooms in enumerate(FLOORS):
        if any(module == room or module.startswith(f"{room}.") for room in rooms):
            return height
    return None


def imports_of(file):
    """Every name that a file imports, wherever in it; what is there for type checkers alone is left out."""
    yield from _imported(ast.parse(file.read_text(encoding="utf-8")), file)


def _imported(tree, file):
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            continue
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are absolute"
            yield from (f"{node.module}.{name.name}" for name in node.names)
        yield from _imported(node, file)


def import_graph():
    """Module → the modules of this house that it imports."""
    files = {module_of(file): file for file in SOURCES}

    def module_in(name):
        while name and name not in files:
            name = name.rpartition(".")[0]
        return name

    found = {module: {module_in(name) for name in imports_of(file)} - {"", module} for module, file in files.items()}
    assert sum(map(len, found.values())) > len(found)
    return found


def circles_in(graph):
    """Groups of names each of which reaches each other one: the strongly connected components of more than one."""
    names = sorted({*graph, *(other for others in graph.values() for other in others)})
    place = {name: at for at, name in enumerate(names)}
    links = np.zeros((len(names), len(names)), dtype=bool)
    for name, others in graph.items():
        links[place[name], [place[other] for other in others]] = True
    _, group = connected_components(links, connection="strong")
    circles = [[name for name in names if group[place[name]] == number] for number in set(group)]
    return [circle for circle in circles if len(circle) > 1]


def test_imports_run_one_way():
    upward = [
        f"{module_of(file)} imports {name}"
        for file in SOURCES
        for name in imports_of(file)
        if floor_of(name) is not None and floor_of(module_of(file)) is not None
        if floor_of(name) > floor_of(module_of(file))
    ]
    assert upward == []


def test_every_module_is_on_a_floor():
    assert [module_of(file) for file in SOURCES if floor_of(module_of(file)) is None] == ["analytics"]


def test_no_modules_import_each_other_in_a_circle():
    assert circles_in(import_graph()) == []


def test_no_packages_import_each_other_in_a_circle():
    packages = {}
    for module, others in import_graph().items():
        package = package_of(module)
        packages.setdefault(package, set()).update({package_of(other) for other in others} - {package})
    assert circles_in(packages) == []


def package_of(module):
    """The room of a module: ``analytics.drawing``, ``pages.parts``."""
    return ".".join(module.split(".")[:2])


def test_a_circle_is_found():
    assert circles_in({"a": {"b"}, "b": {"c"}, "c": {"a", "d"}}) == [["a", "b", "c"]]


@pytest.mark.parametrize(
    ("library", "allowed"),
    [
        ("streamlit", r"pages\.|dashboard$|analytics\.benchmarks\.apps\."),
        ("streamlit_folium", r"pages\.parts\.area_map$|analytics\.benchmarks\.apps\.(ours|stock_folium)$"),
        ("folium", r"analytics\.drawing\.area_map$|analytics\.benchmarks\.apps\.stock_folium$"),
        ("plotly", r"analytics\.drawing\.|analytics\.benchmarks\.apps\.plotly_choropleth$"),
        ("jinja2", r"analytics\.drawing\.html$|analytics\.briefing\."),
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


def test_what_is_quick_to_start_imports_nothing_heavy():
    done = subprocess.run([sys.executable, "-c", HEAVY], capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr


def test_words_know_nothing_of_html():
    tag = re.compile(r"</?[a-zA-Z!]")
    for file in (ROOT / "analytics" / "wording").glob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        texts = [
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        assert [text for text in texts if tag.search(text)] == [], file


def test_one_module_lays_out_every_chart():
    """A chart sets what is its own: titles, ticks and ranges of axes, how bars stand; and nothing of what all share."""
    shared = re.compile(
        "template|font|margin|height|width|colorway|hovermode|hoverlabel|legend|.*bgcolor|linecolor|tickcolor|gridcolor"
        "|showgrid|zeroline|[xy]axis|layout|layout_.*|(font|margin|hoverlabel|legend|[xy]axis)_.*"
    )
    setters = {"update_layout", "update_xaxes", "update_yaxes", "Layout", "Figure"}
    charts = [
        file
        for file in (ROOT / "analytics" / "drawing").glob("*.py")
        if file.name != "plotly_layout.py" and any(name.startswith("plotly.") for name in imports_of(file))
    ]
    assert charts
    for file in charts:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        own = {
            name
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in setters
            for name in _names_set_in(node)
        }
        assert {name for name in own if shared.fullmatch(name)} == set(), file
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "layout"], file


def _names_set_in(call):
    """The keywords of a call, and the keys of every mapping that is written out in them."""
    for word in call.keywords:
        yield word.arg or ""
        for node in ast.walk(word.value):
            if isinstance(node, ast.Dict):
                yield from (key.value for key in node.keys if isinstance(key, ast.Constant))


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


def test_version_and_dependencies_of_the_project_stand_in_one_place():
    said = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    made_of = said["tool"]["setuptools"]["dynamic"]
    assert set(said["project"]["dynamic"]) == set(made_of)
    assert made_of["version"]["attr"] == "analytics.__version__"
    (file,) = made_of["dependencies"]["file"]
    assert (ROOT / file).is_file()
    command = [sys.executable, "-m", "analytics", "--version"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stdout.strip() == analytics.__version__


def test_the_colour_of_a_tier_stands_in_one_place():
    looks = [*tiers.LOOKS.values(), *tiers.DARK_LOOKS.values()]
    greys = {"#FFFFFF", "#14202B", *(look.text for look in looks if look.code == "u")}
    colours = {colour for look in looks for colour in (look.fill, look.on_fill, look.text)} - greys
    kinds = ("py", "js", "css", "html", "svg", "typ", "toml")
    files = [
        file for room in ("analytics", "pages", "static") for kind in kinds for file in (ROOT / room).rglob(f"*.{kind}")
    ]
    for file in [*files, ROOT / "dashboard.py", ROOT / ".streamlit" / "config.toml"]:
        if file != ROOT / "analytics" / "tiers.py":
            said = {colour.upper() for colour in re.findall(r"#[0-9a-fA-F]{6}\b", file.read_text(encoding="utf-8"))}
            assert said & colours == set(), file


def test_no_module_is_longer_than_can_be_read():
    files = [
        file
        for room in ("analytics", "pages", "tests", "sample_data")
        for kind in ("py", "js")
        for file in (ROOT / room).rglob(f"*.{kind}")
    ]
    for file in files:
        assert len(file.read_text(encoding="utf-8").splitlines()) <= 450, file


def test_nothing_in_the_source_points_to_another_machine():
    hosts = re.compile(r"https?://(?!localhost|www\.w3\.org|www\.nationalarchives)[^\s\"'`)>]+")
    for file in [*SOURCES, *(ROOT / "analytics").rglob("*.js"), *(ROOT / "analytics").rglob("*.css"),
                 *(ROOT / "analytics").rglob("*.html"), ROOT / ".streamlit" / "config.toml"]:  # fmt: skip
        assert hosts.findall(file.read_text(encoding="utf-8")) == [], file
