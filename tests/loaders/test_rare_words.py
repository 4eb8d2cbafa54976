"""Running text among kinds: folded when it is rare and much, still asked about, and never taken for less."""

import itertools

import pytest

from analytics.loaders.coded import CLOSED_COLUMNS, CODED_COLUMNS, code_of, codes, guessed_code
from analytics.loaders.rare_words import FEWER_ROWS, FOLDED, MANY_WORDS, _word_for, is_folded
from analytics.store.words import PLAIN, Vocabulary
from analytics.words import LANGUAGES
from tests.loaders.files_of_records import AREAS, INCIDENTS, load

SAID = [f"甲乙丙丁戊己庚辛，{sign}壬癸子丑" for sign in "天地玄黄宇宙洪荒日月盈昃"]
NOISY = [f"楼上{sign}家半夜噪声扰民，来电催办" for sign in "天地玄黄宇宙洪荒日月盈昃"]


def loaded(*words, repeat=("发热",) * 30):
    lines = [f'{at},G1,2020-02-{1 + at % 20:02},"{word}"' for at, word in enumerate((*words, *repeat))]
    return load(areas=AREAS, incidents=(INCIDENTS + "\n".join(lines)).encode())


def test_sentences_that_are_rare_and_many_are_folded_and_asked_about():
    records, reports = loaded(*SAID)
    found = records.incidents["category"].value_counts().to_dict()
    assert found == {"fever": 30, FOLDED[False]: len(SAID)}
    (asked,) = reports["incidents"].unknown
    assert (asked.word, asked.rows, asked.guess) == (FOLDED[False], len(SAID), None)
    (note,) = [note for note in reports["incidents"].notes if note.key == "loading.rare_folded"]
    for lang in LANGUAGES:
        assert str(len(SAID)) in note.text(lang)
        assert not any(word in note.text(lang) for word in SAID)
    assert not any(word in records.incidents.to_csv() for word in SAID)


def test_what_may_mean_a_code_goes_under_a_word_that_may_mean_it_too():
    records, reports = loaded(*NOISY, *SAID)
    found = records.incidents["category"].value_counts().to_dict()
    assert found.pop("fever") == 30
    (noise,) = [one for one in reports["incidents"].unknown if one.guess == "noise"]
    assert found == {FOLDED[False]: len(SAID), noise.word: len(NOISY)}
    assert PLAIN.may_mean("incidents", "category", noise.word, {"noise"})


def test_a_few_sentences_a_frequent_one_and_short_kinds_stay():
    few = SAID[: MANY_WORDS - 1]
    often = list(itertools.chain.from_iterable([word] * FEWER_ROWS for word in SAID))
    short = [f"甪{sign}曱" for sign in "天地玄黄宇宙洪荒日月盈昃"]
    for words in (few, often, short, [f"城市管理-市容环境-占道{one}甪曱甪曱甪" for one in "天地玄黄宇宙洪荒日月盈昃"]):
        records, reports = loaded(*words)
        assert set(words) <= set(records.incidents["category"])
        assert not any(is_folded(one.word) for one in reports["incidents"].unknown)


def test_words_of_a_closed_list_are_never_folded():
    lines = [f'{at},G1,2020-02-{1 + at % 20:02},发热,"{word}"' for at, word in enumerate(SAID)]
    text = INCIDENTS.strip() + ",status\n" + "\n".join(lines)
    records, reports = load(areas=AREAS, incidents=text.encode())
    assert set(records.incidents["status"]) == set(SAID)
    assert {one.word for one in reports["incidents"].unknown} == set(SAID)


@pytest.mark.parametrize("in_letters", [True, False])
def test_every_guess_has_a_word_that_nobody_knows_and_that_is_guessed_alike(in_letters):
    for table, columns in CODED_COLUMNS.items():
        for column in set(columns) - set(CLOSED_COLUMNS):
            if table == "areas":
                continue
            for code in (None, *codes(table, column)):
                word = _word_for(table, column, code, in_letters=in_letters)
                if word is not None:
                    assert code_of(column, word) is None
                    assert guessed_code(table, column, word) == code
            assert _word_for(table, column, None, in_letters=in_letters) == FOLDED[in_letters]


def test_what_a_scheme_asks_for_in_the_offices_own_words_is_in_doubt_where_something_was_folded():
    for word in FOLDED.values():
        assert PLAIN.may_mean("incidents", "category", word, {"甪曱", "noise"})
        assert not PLAIN.may_mean("incidents", "category", word, {"noise"})
        mapped = Vocabulary({"incidents": {"category": {}}})
        assert mapped.meaning("incidents", "category", word) is None
