import re
from collections import Counter
from pathlib import Path
from string import Formatter

import pytest
import yaml

from analytics.loaders import TABLES
from analytics.loaders.columns import match_key
from analytics.words import LANGUAGES

ANALYTICS = Path(__file__).parents[2] / "analytics"
WORDS = yaml.safe_load((ANALYTICS / "words" / "loading.yaml").read_text("utf-8"))
COLUMNS = yaml.safe_load((ANALYTICS / "loaders" / "columns.yaml").read_text("utf-8"))
CODE = "\n".join(file.read_text("utf-8") for file in (ANALYTICS / "loaders").glob("*.py"))


@pytest.mark.parametrize("entry", WORDS)
def test_both_languages_need_the_same_values(entry):
    needed = [{name for _, name, _, _ in Formatter().parse(WORDS[entry][lang]) if name} for lang in LANGUAGES]
    assert needed[0] == needed[1]


def test_every_sentence_is_said_and_every_sentence_that_is_said_exists():
    said = set(re.findall(r'"loading\.(\w+)"', CODE))
    assert said <= set(WORDS)
    assert {entry for entry in WORDS if not entry.startswith(("kind_", "column_", "at_"))} <= said


@pytest.mark.parametrize("table", TABLES)
def test_no_header_means_two_columns_of_a_table(table):
    columns = COLUMNS["tables"][table]["columns"]
    keys = Counter(
        key for column, words in columns.items() for key in {match_key(str(word)) for word in (column, *words)}
    )
    assert [key for key, times in keys.items() if times > 1] == []


@pytest.mark.parametrize("column", COLUMNS["codes"])
def test_no_word_means_two_codes_of_a_column(column):
    codes = COLUMNS["codes"][column]
    keys = Counter(key for code, words in codes.items() for key in {match_key(str(word)) for word in (code, *words)})
    assert [key for key, times in keys.items() if times > 1] == []
