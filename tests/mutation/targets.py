"""Which modules are mutated, and which tests are asked about each.

The tests stand in stages: those written for the module come first, since most faults end there in a few seconds; only
what they let pass is shown to the tests of the rooms around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path

MUTATED = (
    "analytics/scoring/*.py",
    "analytics/store/plan.py",
    "analytics/store/adding.py",
    "analytics/store/counts.py",
    "analytics/releases/compare.py",
    "analytics/releases/noise_floor.py",
    "analytics/disclosure.py",
    "analytics/scheme/measures/*.py",
)

OWN: Mapping[str, tuple[str, ...]] = {
    "analytics/scoring/area_counts.py": ("scoring/test_measures.py", "scoring/test_people.py"),
    "analytics/scoring/assess.py": (
        "scoring/test_tiers.py",
        "scoring/test_counterfactual.py",
        "scoring/test_stability_of_a_run.py",
    ),
    "analytics/scoring/combine.py": ("scoring/test_tiers.py", "scoring/test_relative.py"),
    "analytics/scoring/amounts.py": ("scoring/test_counterfactual.py",),
    "analytics/scoring/counterfactual.py": ("scoring/test_counterfactual.py",),
    "analytics/scoring/held_after.py": ("scoring/test_counterfactual.py",),
    "analytics/scoring/levers.py": ("scoring/test_counterfactual.py",),
    "analytics/scoring/decide.py": ("scoring/test_tiers.py", "scoring/test_published_rules.py"),
    "analytics/scoring/displayed_score.py": ("scoring/test_displayed_score.py", "test_doctests.py"),
    "analytics/scoring/goal_seek.py": ("scoring/test_goal_seek.py",),
    "analytics/scoring/influence.py": ("scoring/test_influence.py",),
    "analytics/scoring/judges.py": ("scoring/test_judges.py",),
    "analytics/scoring/measures.py": ("scoring/test_measures.py", "scoring/test_people.py"),
    "analytics/scoring/noise.py": ("scoring/test_noise.py",),
    "analytics/scoring/overrides.py": ("scoring/test_overrides.py",),
    "analytics/scoring/people.py": ("scoring/test_people.py",),
    "analytics/scoring/points.py": ("scoring/test_relative.py", "scoring/test_tiers.py"),
    "analytics/scoring/proposals.py": ("scoring/test_proposals.py",),
    "analytics/scoring/provenance.py": ("scoring/test_provenance.py",),
    "analytics/scoring/rate_support.py": ("scoring/test_rate_support.py", "releases/test_noise_floor.py"),
    "analytics/scoring/reasons.py": ("scoring/test_tiers.py", "scoring/test_overrides.py"),
    "analytics/scoring/law*.py": ("scoring/test_selfcheck.py",),
    "analytics/scoring/selfcheck.py": ("scoring/test_selfcheck.py",),
    "analytics/scoring/stability.py": ("scoring/test_stability.py", "scoring/test_stability_of_a_run.py"),
    "analytics/scoring/summary.py": ("scoring/test_tiers.py", "exhibits"),
    "analytics/scoring/weights.py": ("scoring/test_weights.py",),
    "analytics/scoring/what_if.py": ("scoring/test_what_if.py",),
    "analytics/store/plan.py": ("store/test_store.py",),
    "analytics/store/adding.py": ("store/test_store.py", "store/test_crash.py"),
    "analytics/store/counts.py": ("store/test_counts.py", "store/test_laws.py"),
    "analytics/releases/compare.py": ("releases/test_compare.py", "releases/test_causes.py"),
    "analytics/releases/noise_floor.py": ("releases/test_noise_floor.py",),
    "analytics/disclosure.py": ("test_disclosure.py",),
    "analytics/scheme/measures/*.py": (
        "scoring/test_measures.py",
        "scheme/test_measures.py",
        "wording/test_indicators.py",
    ),
}

AROUND: Mapping[str, tuple[str, ...]] = {
    "analytics/scoring/*": ("scoring", "response", "evidence", "releases/test_causes.py", "wording"),
    "analytics/store/*": ("store", "scoring/test_measures.py", "test_store_commands.py"),
    "analytics/releases/*": ("releases", "test_release_commands.py"),
    "analytics/disclosure.py": ("exhibits",),
    "analytics/scheme/*": ("scheme", "scoring", "wording", "exhibits", "releases/test_noise_floor.py"),
}


def modules(root: Path) -> Iterator[str]:
    """The paths of all modules that are mutated, in an order that never changes."""
    for pattern in MUTATED:
        yield from sorted(file.relative_to(root).as_posix() for file in root.glob(pattern))


def stages(module: str) -> tuple[tuple[str, ...], ...]:
    """The tests that are asked about a module, stage by stage, as paths from the root."""
    found = (_of(module, OWN), _of(module, AROUND))
    return tuple(tuple(f"tests/{name}" for name in stage) for stage in found if stage)


def _of(module: str, told: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return next((tests for pattern, tests in told.items() if fnmatch(module, pattern)), ())
