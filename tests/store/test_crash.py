"""Processes that are killed at any moment leave the old state or the new one, and several at once lose nothing."""

import os
import random
import shutil
import time
from collections import Counter
from itertools import count

import pytest

from analytics.store import Store
from tests.long.sizes import many, seeds, whole
from tests.store import made, processes
from tests.store.processes import CONTEXT, CRASHED, ROWS, load_of


def run(target, *arguments):
    process = CONTEXT.Process(target=target, args=arguments)
    process.start()
    process.join(60)
    assert process.exitcode is not None, "the process has not ended"
    return process.exitcode


def together(target, *arguments_of_each):
    """Run one process for each, all starting at one moment."""
    barrier = CONTEXT.Barrier(len(arguments_of_each))
    started = [CONTEXT.Process(target=target, args=(of[0], barrier, *of[1:])) for of in arguments_of_each]
    for process in started:
        process.start()
    for process in started:
        process.join(60)
    assert [process.exitcode for process in started] == [0] * len(started)


def state(home):
    return Store.open(home).digest(), made.ids(Store.open(home))


def age(home):
    for file in home.rglob("*"):
        os.utime(file, (time.time() - 90_000,) * 2)


@pytest.mark.parametrize("work", [processes.add_one, processes.undo_two])
def test_a_crash_before_any_step_leaves_the_old_state_or_the_new_one(tmp_path, work):
    base = tmp_path / "base"
    for name in ("first", "second"):
        Store.open(base).add(load_of(name), made.ME)
    finished = shutil.copytree(base, tmp_path / "finished")
    work(finished)
    old, new = state(base), state(finished)
    assert old != new
    seen = []
    for step in count(1):
        home = shutil.copytree(base, tmp_path / f"step{step}")
        code = run(processes.crash_before, step, home, work)
        seen.append(state(home))
        assert seen[-1] in (old, new), step
        if code == 0:
            break
        assert code == CRASHED
        # Whoever comes next finds a store that works, and on a later day what was left behind goes.
        age(home)
        Store.open(home).add(load_of("later"), made.ME)
        named = {held.file for load in Store.open(home).loads() for held in load.files}
        assert {file.name for file in home.rglob("*.parquet")} == named, step
        assert not list(home.rglob("*.partial")), step
    assert seen.index(new) == seen.count(old)
    assert seen.count(old) >= 4


def test_a_crash_before_any_step_of_making_a_store_is_no_trouble_to_the_next(tmp_path):
    for step in count(1):
        home = tmp_path / f"step{step}"
        code = run(processes.crash_before, step, home, processes.open_only)
        Store.open(home).add(load_of("later"), made.ME)
        assert len(made.ids(Store.open(home))) == ROWS, step
        if code == 0:
            break
        assert code == CRASHED
    assert step > 8


def test_a_process_that_is_killed_at_random_moments_leaves_whole_loads(home):
    chance = random.Random(4 + seeds(1).start)
    finished = {}
    for round_ in range(many(6)):
        told, tell = CONTEXT.Pipe(duplex=False)
        process = CONTEXT.Process(target=processes.add_for_ever, args=(home, round_, tell))
        begun = time.monotonic()
        process.start()
        tell.close()
        told.poll(60)
        # From the first load on, at any moment of the next few: of longer ones where the machine is busy.
        time.sleep(chance.uniform(0.0, max(0.6, (time.monotonic() - begun) / 2)))
        process.kill()
        process.join()
        while told.poll():
            try:
                number, commit = told.recv()
            except EOFError:
                break
            finished[commit] = number
        store = Store.open(home)
        by_number = {load.number: load for load in store.loads()}
        assert finished.keys() <= by_number.keys()
        rows = Counter(made.ids(store).values())
        live = [load for load in store.loads() if load.status == "live"]
        # The newest live load has the id that all of them share.
        wanted = {load.source.removesuffix(".csv"): ROWS - 1 + (load is live[0]) for load in live}
        assert rows == wanted
    assert len(finished) > many(6) or not whole()


@pytest.mark.parametrize("number", [2, 4])
def test_processes_that_load_at_once_lose_nothing(home, number):
    names = [[f"p{process}f{file}" for file in range(4)] for process in range(number)]
    together(processes.add_some, *[(home, of) for of in names])
    store = Store.open(home)
    every = [name for of in names for name in of]
    assert [load.number for load in reversed(store.loads())] == list(range(1, len(every) + 1))
    rows = Counter(made.ids(store).values())
    newest = store.loads()[0].source.removesuffix(".csv")
    assert rows == {name: ROWS - 1 + (name == newest) for name in every}
    named = {held.file for load in store.loads() for held in load.files}
    assert {file.name for file in home.rglob("records/*/*")} == named


def test_processes_that_load_the_same_file_at_once_make_one_load(home):
    together(processes.add_some, *[(home, ["same"])] * 4)
    store = Store.open(home)
    assert len(store.loads()) == 1
    assert len(made.ids(store)) == ROWS
    assert len(list(home.rglob("records/*/*"))) == 1


def test_processes_that_start_at_once_get_one_key(home):
    told = CONTEXT.Queue()
    together(processes.say_hash, *[(home, told)] * 4)
    assert len({told.get(timeout=10) for _ in range(4)}) == 1
