"""How fast a command starts, against importing the ledger alone: ``python -m analytics bench start``.

Each command's ``--help`` and ``import analytics.store.ledger`` run in processes of their own, in turns; the median of
the turns is told, and as a ratio: what a command adds to what nearly all of them need.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from statistics import median
from time import perf_counter

from analytics.words import Language, say

BARE = ("-c", "import analytics.store.ledger")
COMMANDS = (
    "load", "undo", "score", "selfcheck", "release", "releases", "compare", "bulletin", "verify", "brief", "nightly",
    "override", "audit", "ledger", "check-scheme", "save-scheme", "goal-seek", "capacity", "confidence", "evidence",
)  # fmt: skip
TURNS = 7


def bench_start(lang: Language, commands: Sequence[str] = COMMANDS, turns: int = TURNS) -> str:
    """The measured times as text."""
    bare, found = starts(commands, turns)
    lines = [say(lang, "bench.start", turns=turns, milliseconds=f"{bare * 1000:,.0f}")]
    for name, seconds in sorted(found.items(), key=lambda one: -one[1]):
        times = f"{seconds / bare:.2f}"
        lines.append(say(lang, "bench.start_row", milliseconds=f"{seconds * 1000:,.0f}", times=times, command=name))
    return "\n".join(lines)


def starts(commands: Sequence[str], turns: int) -> tuple[float, Mapping[str, float]]:
    """Median seconds of importing the ledger, and of the ``--help`` of each command."""
    ways = {"": BARE} | {name: ("-m", "analytics", name, "--help") for name in commands}
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(turns + 1):
        for name, arguments in ways.items():
            begun = perf_counter()
            subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
            if turn:  # the first one reads what the others find in memory
                seconds[name].append(perf_counter() - begun)
    found = {name: median(times) for name, times in seconds.items()}
    return found.pop(""), found
