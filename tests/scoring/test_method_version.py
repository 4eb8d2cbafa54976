"""The method is the code that makes scores and tiers of records: when it makes others, ``METHOD_VERSION`` goes up.

What it makes of the samples is held in ``golden/scores.json``, by version. Whoever changes the method raises
``METHOD_VERSION`` and writes the scores of the new version beside the older ones:

    python -m tests.scoring.test_method_version

The same command writes them anew where a sample or a scheme that ships was changed, and refuses where neither was.
"""

import json
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.loaders import load_records, sample_datasets
from analytics.scheme import pack_ids, scheme_named
from analytics.scoring import area_counts_for, assess
from analytics.scoring.provenance import METHOD_VERSION
from analytics.store import Counts

SAMPLES = Path(__file__).parents[2] / "sample_data"
GOLDEN = Path(__file__).parent / "golden" / "scores.json"
LAST = {"demo_street": "2026-10-31", "trafford": "2024-06-30"}
CASES = [
    *(("demo_street", scheme, day) for scheme in pack_ids() for day in ("2026-08-15", "2026-10-10", "2026-10-31")),
    ("trafford", "elders", "2024-06-30"),
]
DIGITS = 6


@cache
def sample(name: str) -> tuple[Counts, str]:
    """The counts of a sample, and the digest of its files."""
    (info,) = (found for found in sample_datasets(SAMPLES) if found.id == name)
    files = {table: info.folder / file for table, file in info.files.items()}
    records, _ = load_records(files, pd.Timestamp(LAST[name]).date())
    digest = sha256(b"".join(file.read_bytes() for _, file in sorted(files.items()))).hexdigest()
    return Counts.of_records(records, digest), digest


def made(name: str, scheme_id: str, day: str) -> dict[str, str | int]:
    """What the method makes of a sample under a scheme on a day: the digest of every score and tier, and of what they
    were made."""
    (counts, digest), scheme = sample(name), scheme_named(scheme_id)
    run = assess(area_counts_for(counts, scheme), scheme, pd.DatetimeIndex([day]))
    held = sha256()
    for area, score, computed, published in zip(
        run.areas.index, run.score[0], run.computed[0], run.published[0], strict=True
    ):
        held.update(f"{area} {np.round(score, DIGITS) + 0.0:.{DIGITS}f} {computed} {published}\n".encode())
    return {"sample": digest, "scheme": scheme.digest(), "areas": len(run.areas), "scores": held.hexdigest()}


def golden() -> dict[str, dict[str, dict[str, str | int]]]:
    return json.loads(GOLDEN.read_text(encoding="utf-8")) if GOLDEN.exists() else {}


def fault(kept: dict[str, str | int], now: dict[str, str | int]) -> str | None:
    """What is to be done before the scores are what they were."""
    if (kept["sample"], kept["scheme"]) != (now["sample"], now["scheme"]):
        return "the sample or the scheme changed: python -m tests.scoring.test_method_version writes its scores anew"
    return None if kept == now else "scores changed and METHOD_VERSION did not"


@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_the_scores_of_the_samples_are_those_of_this_version_of_the_method(case):
    kept = golden().get(f"{METHOD_VERSION}")
    assert kept, "METHOD_VERSION is a new one: python -m tests.scoring.test_method_version writes its scores"
    assert " ".join(case) in kept, "a case is new: python -m tests.scoring.test_method_version writes its scores"
    said = fault(kept[" ".join(case)], made(*case))
    assert not said, said


def test_no_version_made_what_the_one_before_it_made():
    held = golden()
    assert all(held[one] != held[other] for one, other in pairwise(sorted(held, key=int)))


def test_one_other_score_is_another_digest_and_is_told():
    now = made(*CASES[0])
    assert fault(now, now) is None
    assert fault(now, now | {"scores": "other"}) == "scores changed and METHOD_VERSION did not"
    assert "writes its scores anew" in fault(now, now | {"scheme": "other", "scores": "other"})


def write_down() -> None:
    """Write the scores down; ends with a sentence where some changed, and nothing that they are made of."""
    kept = golden()
    then = kept.get(f"{METHOD_VERSION}", {})
    now = {" ".join(case): made(*case) for case in CASES}
    for case, found in now.items():
        if case in then and (said := fault(then[case], found)) and "METHOD_VERSION" in said:
            raise SystemExit(f"{case}: {said}. Raise it first, and say in its file what changed.")
    kept[f"{METHOD_VERSION}"] = now
    GOLDEN.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_down()
