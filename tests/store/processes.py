"""What the tests have other processes do to a store; each is started from a clean server process."""

import multiprocessing
import os
import signal
import sys
from itertools import count
from pathlib import Path

import pandas as pd

from analytics.access import LOCAL, Actor
from analytics.store import Store
from tests.store import made

ROWS = 40
"""Of every load that is made here."""

CRASHED = 9
_STEPS = {"open", "os.link", "os.rename", "os.remove", "os.mkdir"}

if hasattr(signal, "SIGCHLD"):
    # Whoever starts the tests may hold this signal back, and a fork server that inherits that is never told that one of
    # its children ended.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.store.processes"])


def load_of(name):
    """A load with ids of its own, and one id, "shared", that all of them have."""
    return made.incidents({"shared": name} | {f"{name}-{row}": name for row in range(1, ROWS)}, f"{name}.csv")


def add_some(home, together, names):
    """Wait for the others, then add a load for each name."""
    together.wait()
    store = Store.open(home)
    for name in names:
        store.add(load_of(name), Actor(name, LOCAL))


def add_for_ever(home, name, told):
    """Add one load after the other, undo every fifth, and tell what was finished."""
    store = Store.open(home)
    for number in count():
        added = store.add(load_of(f"r{name}n{number}"), made.ME)
        told.send((number, added.number))
        if number % 5 == 4:
            store.undo(added.number, made.ME)


def crash_before(step, home, work):
    """Do ``work`` in ``home``, and end without a farewell before the ``step``-th thing that is done to its files."""
    # A process that dies takes nothing with it that the system has been given: waiting for the disk proves nothing.
    os.fsync = lambda _: None
    done = 0

    def watch(event, arguments):
        nonlocal done
        if event in _STEPS and str(arguments[0]).startswith(str(home)):
            done += 1
            if done == step:
                os._exit(CRASHED)

    sys.addaudithook(watch)
    work(home)


def add_one(home):
    """A load that takes a row over from an earlier one."""
    Store.open(home).add(load_of("new"), made.ME)


def undo_two(home):
    """Undo load 2."""
    Store.open(home).undo(2, made.ME)


def open_only(home):
    """Open the store, and so make it."""
    Store.open(home)


def say_hash(home, together, told):
    """Wait for the others, open the store and tell how it hashes an id."""
    together.wait()
    told.put(Store.open(Path(home)).ids.of(pd.Series(["17"]))[0])
