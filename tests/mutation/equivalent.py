"""The mutants that change nothing anybody could see, each with its reason, from ``mutation_equivalent.yaml``."""

from __future__ import annotations

from pathlib import Path

import yaml

LISTED = Path(__file__).parents[1] / "mutation_equivalent.yaml"


def reasons() -> dict[tuple[str, str, str, str], str]:
    """Key of a mutant (its module, function, line, and what the line becomes) → why no test can find it.

    Lines are known by what they say, not by their number, so that the list outlives what is written above them.
    """
    listed = yaml.safe_load(LISTED.read_text(encoding="utf-8")) if LISTED.exists() else []
    return {(one["file"], one["function"], one["from"], one["to"]): one["reason"] for one in listed}
