"""``python -m tests.long NAME --seed 7 --times 50``: laws, on many more drawn cases than in the suite."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter

from tests.long.runs import RUNS
from tests.long.sizes import SEED, TIMES

ROOT = Path(__file__).parents[2]


def main(arguments: list[str] | None = None) -> int:
    """Make the run, or list what there is; what pytest ends with is returned."""
    command = argparse.ArgumentParser(prog="python -m tests.long", description=__doc__)
    command.add_argument("names", nargs="*", choices=[[], *RUNS], metavar="NAME", help="which; none lists them")
    command.add_argument("--times", type=float, help="how many times the cases of the suite")
    command.add_argument("--seed", type=int, default=0, help="what the cases are drawn from")
    asked = command.parse_args(arguments)
    if not asked.names:
        print("\n".join(f"{name:<12}× {one.times:<5}{one.what}" for name, one in RUNS.items()))
    return max((run(name, asked.times or RUNS[name].times, asked.seed) for name in asked.names), default=0)


def run(name: str, times: float, seed: int) -> int:
    """One run in a process of its own, which tells what fails as pytest does, and then how long it took."""
    begun = perf_counter()
    code = tried(RUNS[name].tests, times, seed)
    print(f"{name}: {'passed' if not code else 'FAILED'}, × {times:g}, seed {seed}, {perf_counter() - begun:.0f} s")
    return code


def tried(tests: tuple[str, ...], times: float, seed: int) -> int:
    """Run these tests on so many times the cases of the suite."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--hypothesis-seed={seed}", *tests]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | {TIMES: str(times), SEED: str(seed)}, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
