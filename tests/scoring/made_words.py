"""Records whose words are drawn: known ones, words that hold a known one, and words that nobody knows."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from analytics.loaders import Records
from analytics.loaders.coded import codes
from tests.scoring.small_world import records
from tests.wording.second_words import known_codes

# Characters that no word of the table of codes holds.
STRANGE = [sign for sign in "甪曱甴囧烎槑圐圙囍靐龘麤甡孖巭旮旯瓩浬呎" if not any(
    sign in word for words in known_codes().values() for word in words
)]  # fmt: skip
KNOWN = {
    "status": ["open", "closed", "void", "已办结", "办理中", "已撤单", "Closed - Duplicate"],
    "category": ["noise", "fever", "噪声", "发热", "fire_hazard"],
    "outcome": ["done", "finding", "nobody_home", "refused", "合格", "不合格"],
    "kind": ["visit", "patrol", "走访"],
    "tenure": ["own", "rent", "lodge", "租住"],
}
AREAS = "ABCD"
FIRST = pd.Timestamp("2020-01-01")


def strange_word(chance: np.random.Generator, column: str) -> str:
    """A word that nobody knows; of an open column it may hold the word of a code."""
    made = "".join(chance.choice(STRANGE, size=int(chance.integers(2, 5))))
    if column in ("category", "kind") and chance.random() < 0.6:
        held = str(chance.choice([word for word in KNOWN[column] if not word.isascii()]))
        return made[:1] + held + made[1:]
    return made


def words(chance: np.random.Generator, column: str, n: int, share: float) -> list[str]:
    """``n`` words of which some are unknown, a few of them again and again."""
    few = [strange_word(chance, column) for _ in range(int(chance.integers(1, 3)))]
    return [str(chance.choice(few if chance.random() < share else KNOWN[column])) for _ in range(n)]


def bands(chance: np.random.Generator) -> list[str]:
    """All ages, cut somewhere: by tens, by fives, at 60, 65 or anywhere."""
    cuts = sorted({0, *map(int, chance.choice(np.arange(5, 100, 5), size=int(chance.integers(1, 8)), replace=False))})
    return [f"{low}-{high - 1}" for low, high in pairwise(cuts)] + [f"{cuts[-1]}+"]


def drawn(chance: np.random.Generator, share: float = 0.15) -> Records:
    """Four areas with incidents, checks and residents of some weeks."""
    n = int(chance.integers(10, 60))
    day = [FIRST + pd.Timedelta(days=int(at)) for at in chance.integers(0, 40, n)]
    status = words(chance, "status", n, share)
    closed = [one + pd.Timedelta(days=int(chance.integers(0, 15))) if chance.random() < 0.4 else "" for one in day]
    incidents = [
        {"incident_id": at, "area_id": chance.choice(list(AREAS)), "occurred_at": f"{day[at]:%Y-%m-%d}",
         "category": word, "status": status[at],
         "due_at": f"{day[at] + pd.Timedelta(days=int(chance.integers(1, 9))):%Y-%m-%d}",
         "closed_at": f"{closed[at]:%Y-%m-%d}" if closed[at] else ""}
        for at, word in enumerate(words(chance, "category", n, share))
    ]  # fmt: skip
    checks = [
        {"check_id": at, "area_id": chance.choice(list(AREAS)), "kind": kind, "outcome": outcome,
         "checked_at": f"{FIRST + pd.Timedelta(days=int(chance.integers(0, 40))):%Y-%m-%d}"}
        for at, (kind, outcome) in enumerate(
            zip(words(chance, "kind", n, share / 3), words(chance, "outcome", n, share), strict=True)
        )
    ]  # fmt: skip
    residents = [
        {"area_id": area, "age_band": band,
         "count": "*" if chance.random() < share / 3 else int(chance.integers(100, 900)),
         "tenure": words(chance, "tenure", 1, share)[0]}
        for area in AREAS for band in bands(chance)
    ]  # fmt: skip
    areas = [{"area_id": area, "name": area, "population": int(chance.integers(500, 5000))} for area in AREAS]
    return records(areas=areas, incidents=incidents, checks=checks, residents=residents)


def codes_for(chance: np.random.Generator, table: str, column: str, *, void: bool = True) -> str:
    """A code that somebody might map a word to, or none of them."""
    if column == "age_band":
        return str(chance.choice(["60-69", "70-79", "80+", "65+", "0-17"]))
    allowed = [*codes(table, column), "other"]
    return str(chance.choice([code for code in allowed if void or code != "void"]))
