"""Running text in a column of kinds: what somebody wrote into it now and then is folded before it is stored or shown.

Folded is what nobody knows, stands in a few rows, and reads like a sentence, once there are many of them: an office may
have a hundred kinds of its own, and a rare one is kept. What is folded may mean what it might have meant before: each
goes under a word that nobody knows either, and that would be guessed as the same code, so that it is asked about and
what hangs on it is in doubt as before.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from functools import cache

import pandas as pd

from analytics.loaders.coded import CLOSED_COLUMNS, CODED_COLUMNS, code_of, guessed_code
from analytics.loaders.columns import codes_of, column_label
from analytics.loaders.report import LoadReport, UnknownWord
from analytics.words import phrase

FEWER_ROWS = 3
"""A word in fewer rows is rare."""
MANY_WORDS = 10
"""So many of them in one column are somebody's text; a few are a kind that is new."""

FOLDED = {True: "Rare other", False: "零散其他"}
"""What folded words begin with, by whether they are in letters."""

_PATH = re.compile(r"[/>|_\-—–]")
_SENTENCE = re.compile(r"[，。；！？;!?]|[.,] ")
_CHINESE = re.compile("[一-鿿]")
_LONGEST_KIND = 12  # Chinese characters
_MOST_WORDS = 7  # of English


def is_folded(word: str) -> bool:
    """Whether a word stands for words that were folded."""
    return word.startswith(tuple(FOLDED.values()))


def fold(table: str, frame: pd.DataFrame, report: LoadReport) -> tuple[pd.DataFrame, LoadReport]:
    """The records and the report of a file without its rare texts, which the report tells how many they were."""
    for column in CODED_COLUMNS.get(table, ()):
        if column in CLOSED_COLUMNS or column not in frame or table == "areas":
            continue
        rare = [one for one in report.unknown if one.column == column and one.rows < FEWER_ROWS and _is_text(one.word)]
        into = {one.word: put for one in rare if (put := _put_under(table, column, one))}
        if len(into) >= MANY_WORDS:
            frame = frame.assign(**{column: frame[column].replace(into)})
            report = _told(report, column, into)
    return frame, report


def _is_text(word: str) -> bool:
    if is_folded(word):
        return False
    if _SENTENCE.search(word):
        return True
    if _CHINESE.search(word):
        return len(_CHINESE.findall(word)) > _LONGEST_KIND and not _PATH.search(word)
    return len(word.split()) >= _MOST_WORDS and not _PATH.search(word)


def _put_under(table: str, column: str, one: UnknownWord) -> str | None:
    """The word that it goes under; None where there is none that would be guessed alike."""
    return _word_for(table, column, one.guess, in_letters=one.word.isascii())


@cache
def _word_for(table: str, column: str, code: str | None, *, in_letters: bool) -> str | None:
    begin = FOLDED[in_letters]
    known = [word for word, of in codes_of(column).items() if of == code and word.isascii() == in_letters]
    for candidate in (begin,) if code is None else sorted(known, key=len, reverse=True):
        word = candidate if code is None else f"{begin} {candidate}" if in_letters else f"{begin}{candidate}"
        if code_of(column, word) is None and guessed_code(table, column, word) == code:
            return word
    return None


def _told(report: LoadReport, column: str, into: dict[str, str]) -> LoadReport:
    header = report.recognised.get(column)
    marked = report.marked
    if header in marked:
        marked = marked.assign(**{header: _without(marked[header], into)})
    rows = dict.fromkeys(into.values(), 0)
    guesses: dict[str, str | None] = {}
    kept = []
    for one in report.unknown:
        if one.column == column and one.word in into:
            rows[into[one.word]] += one.rows
            guesses[into[one.word]] = one.guess
        else:
            kept.append(one)
    made = [UnknownWord(column, word, n, guesses[word]) for word, n in rows.items()]
    note = phrase(
        "loading.rare_folded", column=column_label(column), n=len(into), rows=sum(rows.values()), words=sorted(rows)
    )
    unknown = sorted([*kept, *made], key=lambda one: (one.column, -one.rows, one.word))
    return replace(report, unknown=tuple(unknown), notes=(*report.notes, note), marked=marked)


def _without(cells: pd.Series, texts: Collection[str]) -> pd.Series:
    """The cells as the report shows them beside what was repaired: with none of the texts."""
    return cells.mask(cells.str.strip().isin(list(texts)))
