"""``python -m tests.mutation --seed 7 --draw 60``: draw mutants, run the tests on each, tell which of them survive."""

from __future__ import annotations

import argparse
import difflib
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.mutation import equivalent
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.targets import modules, stages
from tests.mutation.trees import Run, copied, warm

ROOT = Path(__file__).parents[2]
REST = 0.05


def main() -> None:
    """Read the command, run it, print the report."""
    command = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    command.add_argument("--seed", type=int, required=True, help="which mutants are drawn")
    command.add_argument("--draw", type=int, default=60, help="how many")
    command.add_argument("--only", default="", help="of modules whose path holds this text alone")
    command.add_argument("--numbers", default="", help="run these of the drawn alone: 3,17,20")
    command.add_argument("--at-once", type=int, default=2, help="how many run beside each other")
    command.add_argument("--limit", type=float, default=300, help="seconds after which a mutant counts as killed")
    command.add_argument("--stages", type=int, default=2, help="1: ask the tests that were written for a module alone")
    command.add_argument("--list", action="store_true", help="only tell what is drawn")
    asked = command.parse_args()
    drawn = list(enumerate(draw(asked.seed, asked.draw, asked.only), 1))
    if asked.numbers:
        drawn = [drawn[int(number) - 1] for number in asked.numbers.split(",")]
    if asked.list:
        for number, mutant in drawn:
            print(f"{number}. {told(mutant)}", *diff(mutant), sep="\n")
        return
    report(drawn, run(drawn, asked.at_once, asked.limit, asked.stages))


def draw(seed: int, number: int, only: str = "") -> list[Mutant]:
    """So many of all mutants, each as likely as any other."""
    every = [one for module in modules(ROOT) if only in module for one in mutants(module, (ROOT / module).read_bytes())]
    return random.Random(seed).sample(every, min(number, len(every)))


def run(drawn: Sequence[tuple[int, Mutant]], at_once: int, limit: float, most: int) -> dict[int, str]:
    """What became of each, by its number; those that are known to be equivalent are not run."""
    reasons = equivalent.reasons()
    found = {number: "equivalent" for number, mutant in drawn if mutant.key in reasons}
    asked = [(number, mutant) for number, mutant in drawn if number not in found]
    warm()
    with TemporaryDirectory(prefix="five-colour-mutation-") as folder:
        trees = [copied(ROOT, Path(folder).resolve() / str(number)) for number in range(at_once)]
        for number, mutant, became, seconds in _each(trees, asked, limit, most):
            print(f"{number}. {told(mutant)}: {became} ({seconds:.0f} s)", flush=True)
            found[number] = became
        _without_a_fault(trees[0], found, limit)
    return found


def _without_a_fault(tree: Path, found: dict[int, str], limit: float) -> None:
    """A test that fails as the code is has found no fault: what it seemed to kill counts as not killed."""
    killers = {number: became.removeprefix("killed by ") for number, became in found.items()}
    killers = {number: name for number, name in killers.items() if name.startswith("tests/")}
    one = Run(tree, None, (tuple(sorted(set(killers.values()))),), 10 * limit)
    one.start()
    while not one.ended():
        time.sleep(REST)
    failing = one.failures()
    for number, name in killers.items():
        if name in failing:
            print(f"{number}. {name} fails without a fault too")
            found[number] = "survived"


def _each(
    trees: Sequence[Path], asked: Sequence[tuple[int, Mutant]], limit: float, most: int
) -> Iterator[tuple[int, Mutant, str, float]]:
    free, waiting, running = list(trees), list(reversed(asked)), {}
    while waiting or running:
        while free and waiting:
            number, mutant = waiting.pop()
            one = Run(free.pop(), mutant, stages(mutant.module)[:most], limit)
            one.start()
            running[number] = one
        for number, one in list(running.items()):
            became = one.ended()
            if became:
                free.append(one.tree)
                del running[number]
                yield number, one.mutant, became, time.monotonic() - one.begun
        time.sleep(REST)


def report(drawn: Sequence[tuple[int, Mutant]], found: dict[int, str]) -> None:
    """The figures, and every mutant that no test has found."""
    killed = sum(became.startswith("killed") for became in found.values())
    alive = [(number, mutant) for number, mutant in drawn if found[number] == "survived"]
    for number, mutant in alive:
        print(f"\n{number}. {told(mutant)}", *diff(mutant), sep="\n")
    meant = killed + len(alive)
    same = len(drawn) - meant
    share = f"{killed / meant:.1%}" if meant else "-"
    print(f"\ndrawn {len(drawn)}, equivalent {same}, killed {killed}, survived {len(alive)}: {share} of what means")


def told(mutant: Mutant) -> str:
    """Where it is."""
    return f"{mutant.module}:{mutant.number} {mutant.function}"


def diff(mutant: Mutant) -> Iterator[str]:
    """What it changes."""
    source = (ROOT / mutant.module).read_bytes()
    before, after = (text.decode().splitlines() for text in (source, mutant.applied(source)))
    yield from list(difflib.unified_diff(before, after, lineterm="", n=1))[2:]


if __name__ == "__main__":
    main()
