"""Words: what the values of coded columns mean, before any condition of a scheme is held against them.

Records keep the words that they came with. What a word means is said by the mappings of the office, which are commits
of the store, else by the table of codes. A word that neither knows counts neither way: whatever hangs on it is missing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from analytics.loaders.bands import Band, interval, settled, side
from analytics.loaders.coded import CLOSED_COLUMNS, CODED_COLUMNS, OTHER, code_of, guessed_code
from analytics.loaders.columns import full_key
from analytics.loaders.rare_words import is_folded
from analytics.scheme import Table, Where
from analytics.scheme.conditions import Compared
from analytics.scheme.tables import PART_OF
from analytics.store.conditions import meets

Doubt = Literal["word", "band", "status", "size", "untold"]
"""Why it is not known whether, or for how many, a row counts: nobody knows the word, the band lies on both sides of the
edge of what is asked for, nobody knows the status of an incident, which may be void, the group of people is there
and its number is not, or the record does not say (`MAY_BE_UNTOLD`)."""

MappedWords = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Table -> column -> key of a word (`full_key`) -> code, or `OTHER`."""


@dataclass(frozen=True)
class DoubtfulWord:
    """A ``word`` of a ``column`` of which it is not known whether it meets what is asked for, and why."""

    table: Table
    column: str
    word: str
    doubt: Doubt


@dataclass(frozen=True)
class Vocabulary:
    """What words mean: the office's own mappings, and the table of codes."""

    mapped: MappedWords = field(default_factory=dict)

    @cached_property
    def key(self) -> str:
        """The same for the same mappings; nothing where there are none."""
        found = sorted(
            (table, column, word, code)
            for table, columns in self.mapped.items()
            for column, words in columns.items()
            for word, code in words.items()
        )
        return repr(found) if found else ""

    def meaning(self, table: str, column: str, word: str) -> str | None:
        """The code of a word; the word itself where it means none of the codes; None where nobody knows it."""
        if column not in CODED_COLUMNS.get(table, ()):
            return word
        code = self.mapped.get(table, {}).get(column, {}).get(full_key(word)) or code_of(column, word)
        return word if code == OTHER else code

    def replaced(self, table: str, column: str, words: pd.Series) -> pd.Series:
        """The words as what they mean; one that nobody knows stays."""
        if column not in CODED_COLUMNS.get(table, ()):
            return words
        meant = {word: self.meaning(table, column, word) or word for word in words.dropna().unique()}
        changed = {word: found for word, found in meant.items() if found != word}
        return words.replace(changed) if changed else words

    def may_mean(self, table: str, column: str, word: str, wanted: Collection[str]) -> bool:
        """Whether a word that nobody knows may be one of the codes ``wanted``: any word of a closed list of codes, else
        one whose guess is among them. What was folded may have been a word of the office's own that is asked for."""
        if column in CLOSED_COLUMNS or guessed_code(table, column, word) in wanted:
            return True
        return is_folded(word) and any(code_of(column, one) is None for one in wanted)

    def judged(
        self, table: Table, column: str, values: pd.Series, wanted: object
    ) -> tuple[np.ndarray, dict[Doubt, np.ndarray]]:
        """Which values meet a condition, and which are in doubt; a missing one is neither."""
        doubts: dict[Doubt, np.ndarray] = {}
        if column not in CODED_COLUMNS[table] or isinstance(wanted, Compared):
            return meets(values, wanted), doubts
        asked = {str(value) for value in (wanted if isinstance(wanted, tuple | list) else (wanted,))}
        bands = [found for found in map(interval, sorted(asked)) if found] if column == "age_band" else []
        verdicts = values.map(
            lambda word: self._verdict(table, column, word, asked, bands), na_action="ignore"
        ).to_numpy(object)
        for doubt in ("word", "band"):
            if (found := verdicts == doubt).any():
                doubts[doubt] = found
        return verdicts == "meets", doubts

    def _verdict(self, table: Table, column: str, word: str, asked: Collection[str], bands: list[Band]) -> str:
        meant = self.meaning(table, column, word)
        if word in asked or meant in asked or PART_OF.get(column, {}).get(meant or "") in asked:
            return "meets"
        if meant is None:
            return "word" if self.may_mean(table, column, word, asked) else "fails"
        if (ages := interval(meant) if bands else None) is None:
            return "fails"
        return {"inside": "meets", "outside": "fails", "straddles": "band"}[side(ages, bands)]


PLAIN = Vocabulary()
"""The table of codes alone."""


def settled_where(where: Where, there: Iterable[str]) -> Where:
    """The condition with one of the ways to cut people by age that its list of bands stands for: the one that the bands
    ``there`` straddle least."""
    wanted = where.get("age_band")
    if not isinstance(wanted, tuple | list):
        return where
    asked = {str(value): interval(str(value)) for value in wanted}
    bands = [found for found in asked.values() if found]
    if len(bands) < 2:  # one has no alternative
        return where
    chosen = settled(bands, filter(None, map(interval, there)))
    return {**where, "age_band": tuple(said for said, band in asked.items() if band is None or band in chosen)}
