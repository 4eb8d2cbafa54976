"""What words mean, a second time: a row meets a condition, does not, or may, by plain rules on the table of codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

import analytics.loaders as loaders

ANY_CODE = ("status", "outcome", "tenure", "origin", "age_band")
"""An unknown word of these may be any code; of the others, the one whose word it holds."""

YES, NO, WORD, BAND = "yes", "no", "word", "band"
_AGES = range(131)


@cache
def known_codes() -> Mapping[str, Mapping[str, str]]:
    """Column → word, in small letters → code."""
    text = (Path(loaders.__file__).parent / "columns.yaml").read_text(encoding="utf-8")
    listed = yaml.safe_load(text)["codes"]
    return {
        column: {str(word).lower(): str(code) for code, words in codes.items() for word in [code, *words]}
        for column, codes in listed.items()
    }


def ages_of(band: str) -> frozenset[int]:
    """The ages of "60-69" or "80+"; none for what is no band."""
    first, _, last = band.removesuffix("+").partition("-")
    if not first.isdigit() or (last and not last.isdigit()):
        return frozenset()
    return (
        frozenset(age for age in _AGES if int(first) <= age <= (int(last) if last else int(first)))
        if not band.endswith("+")
        else frozenset(age for age in _AGES if age >= int(first))
    )


def filter_ages(wanted: Sequence[str], there: Sequence[str]) -> frozenset[int]:
    """The ages that a list of bands asks for: of the largest parts of it without an overlap the one that the fewest of
    the bands ``there`` straddle, the first of several."""
    bands = [ages for ages in map(ages_of, wanted) if ages]
    apart = [
        chosen
        for size in range(1, len(bands) + 1)
        for chosen in combinations(range(len(bands)), size)
        if all(not bands[one] & bands[other] for one, other in combinations(chosen, 2))
    ]
    whole = sorted(one for one in apart if not any(set(one) < set(other) for other in apart))
    sums = [frozenset().union(*(bands[at] for at in one)) for one in whole]
    held = [ages_of(band) for band in set(there)]
    return min(sums, key=lambda ages: sum(bool(one & ages) and not one <= ages for one in held), default=frozenset())


def verdict(column: str, word: object, wanted: Sequence[object], ages: frozenset[int]) -> str:
    """Whether a cell meets a condition: yes, no, or in doubt and why. ``ages``: those that are asked for."""
    if not isinstance(word, str):
        return YES if not pd.isna(word) and word in wanted else NO
    if word in wanted:
        return YES
    if column == "age_band" and (own := ages_of(word)):
        return YES if own <= ages else BAND if own & ages else NO
    codes = known_codes().get(column, {} if column == "age_band" else None)
    if codes is None:
        return NO
    code = codes.get(word.lower())
    if code is not None:
        return YES if code in wanted or (code == "finding" and "done" in wanted) else NO
    if column in ANY_CODE:
        return WORD
    within = max((known for known in codes if len(known) > 1 and known in word.lower()), key=len, default=None)
    return WORD if within and codes[within] in wanted else NO


def verdicts(rows: pd.DataFrame, wheres: Sequence[Mapping[str, object]], everybody: pd.DataFrame) -> pd.Series:
    """For each row whether it meets all conditions; a no outweighs a doubt, and a word a band."""
    found = pd.Series(YES, index=rows.index)
    for where in wheres:
        for column, wanted in where.items():
            if hasattr(wanted, "op"):
                held = pd.Series(np.where(rows[column] >= wanted.value, YES, NO), index=rows.index)
            else:
                several = list(wanted) if isinstance(wanted, tuple | list) else [wanted]
                there = everybody[column].dropna().tolist() if column == "age_band" else ()
                ages = filter_ages(several, there) if column == "age_band" else frozenset()
                told = {word: verdict(column, word, several, ages) for word in rows[column].dropna().unique()}
                held = rows[column].astype(object).map(told).astype(object).fillna(NO)
            found = found.where(held == YES, held.where(found == YES, found.where(held != NO, NO)))
    return found


def status_of(rows: pd.DataFrame) -> pd.Series:
    """The code of each incident's status; ``unknown`` for a word that nobody knows, nothing for an empty cell."""
    codes = known_codes()["status"]
    words = rows["status"].astype(object)
    return words.map(lambda word: codes.get(word.lower(), "unknown"), na_action="ignore").astype(object).fillna("")
