"""Processes of their own that freeze releases: some at once, and one that is killed at every step.

``publish HOME COUNT`` waits for the file ``go`` in HOME and freezes so many; ``die HOME`` tries every step and writes
what it found, one line a step, to its output.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from analytics.releases import verify
from analytics.store.ledger import Ledger
from tests.releases.frozen import frozen, run

STEPS = ("/releases/freeze.py", "/releases/issued.py", "/store/ledger.py", "/store/ledger_database.py")


def publish(home: Path, count: int) -> None:
    """Freeze ``count`` releases once there is a file ``go``; print their numbers."""
    assessment = run()
    ledger = Ledger.open(None, home)
    (home / f"ready-{os.getpid()}").touch()
    while not (home / "go").exists():
        time.sleep(0.005)
    for _ in range(count):
        made = frozen(home, ledger, assessment).manifest
        print(made.number, made.number_of_year, flush=True)


def die(home: Path) -> None:
    """Freeze in a process that is killed before its first line, before its second, and so on to the last one."""
    assessment = run()
    ledger = Ledger.open(None, home)
    known = 0
    for step in range(1, 2000):
        child = os.fork()
        if not child:
            _freeze_until(step, home, ledger, assessment)
        _, ended = os.waitpid(child, 0)
        found = _state(home, ledger)
        assert found in (known, known + 1), (step, known, found)
        print(step, found - known, flush=True)
        known = found
        if not os.WIFSIGNALED(ended):
            assert os.WEXITSTATUS(ended) == 0
            return
    raise AssertionError("it never ended")


def _freeze_until(step: int, home: Path, ledger: Ledger, assessment: object) -> None:
    seen = set()

    def trace(frame, what, _detail):
        if not frame.f_code.co_filename.endswith(STEPS):
            return None
        if what == "line" and (place := (frame.f_code.co_filename, frame.f_lineno)) not in seen:
            seen.add(place)
            if len(seen) == step:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)
    status = 1
    try:
        frozen(home, ledger, assessment)
        status = 0
    finally:
        os._exit(status)


def _state(home: Path, ledger: Ledger) -> int:
    """How many releases there are, all whole, in the ledger and on the disk."""
    entries = ledger.releases()
    assert ledger.verify_audit() == len(entries)
    assert [entry.number for entry in entries] == list(range(len(entries), 0, -1))
    for entry in entries[:1]:
        verify(home, ledger, entry.number)
    return len(entries)


if __name__ == "__main__":
    {"publish": lambda home, count: publish(home, int(count)), "die": die}[sys.argv[1]](
        Path(sys.argv[2]), *sys.argv[3:]
    )
