"""Whether what is missing was told: by sentences that name it, with the numbers that are known from the damage."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.loaders import column_label
from analytics.store.guard import MIX
from analytics.words import day as say_day
from analytics.words import is_there, say
from tests.store.damages import DAY, KEY

NAMED = 5
"""So many names at most have to be in a sentence, beside their number."""

Needles = tuple[str, ...]


@dataclass(frozen=True)
class Loss:
    """One thing that is gone or is another now: ``what``, and what a sentence that tells it holds, all at once."""

    what: str
    needles: Needles

    def told_by(self, sentences: Sequence[str]) -> bool:
        return any(all(_holds(sentence, needle) for needle in self.needles) for sentence in sentences)


def _holds(sentence: str, needle: str) -> bool:
    """As a word or number of its own: 12 is not told by 120."""
    sentence = re.sub(r"(?<=\d),(?=\d{3})", "", sentence)
    return re.search(rf"(?<![0-9A-Za-z]){re.escape(needle)}(?![0-9A-Za-z])", sentence) is not None


Words = Mapping[str, Mapping[str, str]]


def losses(table: str, before: pd.DataFrame, after: pd.DataFrame, words: Words) -> Iterator[Loss]:
    """What a file that takes the place of ``before`` lacks, exactly. ``words``: column -> code -> how it is written."""
    key = KEY[table]
    gone = list(before.loc[~before[key].isin(after[key]), key])
    if table == "areas":
        if gone:
            yield Loss("areas gone", (f"{len(gone)}", *(gone if len(gone) <= NAMED else ())))
    else:
        if gone:
            yield Loss("ids gone", (f"{len(gone)}", *gone[:NAMED]))
        yield from _groups_gone(table, before, after, words)
    both = before[before[key].isin(after[key])].set_index(key)
    now = after.drop_duplicates(key, keep="last").set_index(key).loc[both.index]
    for column in both:
        then, is_now = both[column].replace("", None), now[column].replace("", None)
        had, has = then.notna(), is_now.notna()
        if lost := int((had & ~has).sum()):
            yield Loss(f"{column}: emptied", (label(column), f"{lost}", f"{int(had.sum())}"))
        other = int((had & has & (then.astype(str) != is_now.astype(str))).sum())
        if other and column not in ("name", "level", "parent_id"):
            yield Loss(f"{column}: others", (label(column), f"{other}"))


def _groups_gone(table: str, before: pd.DataFrame, after: pd.DataFrame, words: Words) -> Iterator[Loss]:
    """Days, areas and words of which nothing is left."""
    day_before, day_after = (frame[DAY[table]].dt.date for frame in (before, after))
    if days := sorted({*day_before} - {*day_after}):
        rows = int(day_before.isin(days).sum())
        yield Loss("days gone", (f"{len(days)}", say_day("zh", days[0]), f"{rows}"))
    for column in ("area_id", *MIX[table]):
        had = before[column].dropna().astype(str)
        if lost := sorted({*had} - {*after[column].dropna().astype(str)}):
            names = [word_label(column, word, words) for word in lost] if len(lost) <= NAMED else []
            told = (label(column), f"{len(lost)}", *names, f"{int(had.isin(lost).sum())}")
            yield Loss(f"{column}: words gone", told)


def label(column: str) -> str:
    return column_label(column).text("zh")


def word_label(column: str, word: str, words: Words) -> str:
    """A code as people say it; one that is in no table as the file says it."""
    own = f"data.{column}_{word}"
    for key in (own, f"categories.{word}", f"method.code_{word}", f"templates.word_{column}_{word}"):
        if is_there(key) and (column == "category" or not key.startswith("categories")) and column != "area_id":
            return say("zh", key)
    return words.get(column, {}).get(word, word)


def milder(before: np.ndarray, after: np.ndarray, carried: np.ndarray) -> np.ndarray:
    """Where a published tier is milder than that of the undamaged records, and neither carried on nor unknown."""
    return (after < before) & (after >= 0) & (carried == 0)
