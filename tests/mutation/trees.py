"""Copies of the tree in which mutants are run: a fault is written into a copy, never into the tree at work.

Each run is a fork of a process that has imported the libraries and nothing of ours, so that it begins with the tests
and not with seconds of imports; it imports ours from its copy.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sys
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from itertools import count
from pathlib import Path

from tests.mutation.mutants import Mutant

LEFT_OUT = (".*", "__pycache__", "screenshots", "browser", "static")
LIBRARIES = (
    "numpy", "pandas", "scipy.stats", "scipy.sparse.csgraph", "pyarrow.parquet", "duckdb", "geopandas", "shapely",
    "pydantic", "yaml", "sqlalchemy", "openpyxl", "python_calamine", "hypothesis", "hypothesis.strategies",
    "hypothesis.extra.numpy", "pytest", "plotly.graph_objects", "streamlit.components.v2.manifest_scanner",
)  # fmt: skip
MOST_MEMORY = 6 * 2**30
"""A fault may ask for any amount; it shall not take the machine with it."""

_SECONDS = count(1)

PASSED, BROKEN = 0, 99
"""What a run ends with: as pytest does where all passed, and where the run itself could not be made."""


def warm() -> None:
    """Import what every run needs."""
    for name in LIBRARIES:
        with suppress(ImportError):
            import_module(name)


def copied(root: Path, folder: Path) -> Path:
    """A copy of the tree, with the times of its files, so that what is compiled of them stays good."""
    shutil.copytree(root, folder, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)
    return folder


@dataclass
class Run:
    """One run of tests in a copy; ``mutant`` is None for the run without a fault."""

    tree: Path
    mutant: Mutant | None
    stages: tuple[tuple[str, ...], ...]
    limit: float
    process: int = 0
    begun: float = 0.0

    def start(self) -> None:
        """Begin the run in a process of its own."""
        if self.mutant:
            self._write(self.mutant.applied(self._file.read_bytes()))
        self.begun = time.monotonic()
        sys.stdout.flush()
        self.process = os.fork()
        if not self.process:
            try:
                code = self._tested()
            except BaseException:
                traceback.print_exc()
                code = BROKEN
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)  # the fork never goes on as the process that it came from

    def ended(self) -> str | None:
        """What became of it: "survived", "killed" and by what, or "killed" by time; None while it runs."""
        process, status = os.waitpid(self.process, os.WNOHANG)
        over = time.monotonic() - self.begun > self.limit
        if not process and not over:
            return None
        # Children of its own go with it.
        with suppress(ProcessLookupError):
            os.killpg(self.process, signal.SIGKILL)
        if not process:
            os.waitpid(self.process, 0)
        self._restore()
        if not process:
            return "killed by time"
        code = os.waitstatus_to_exitcode(status)
        if code == PASSED:
            return "survived"
        if failed := self.failures():
            return f"killed by {failed[0]}"
        if code < 0:
            return f"killed by signal {-code}"
        raise RuntimeError((self.tree / "run.log").read_text(encoding="utf-8", errors="replace")[-3000:])

    # In the fork

    def _tested(self) -> int:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
        os.chdir(self.tree)
        out = os.open(self.tree / "run.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        os.environ["PYTHONPATH"] = str(self.tree)
        os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(self.tree / ".hypothesis")
        sys.path[:] = [str(self.tree), *(path for path in sys.path if path and Path(path) != Path(self._origin()))]
        for name in [name for name in sys.modules if name.split(".")[0] in ("analytics", "pages", "tests")]:
            del sys.modules[name]
        return self._asked()

    def _asked(self) -> int:
        import pytest

        options = [
            "-x",
            "-p",
            "no:cacheprovider",
            "-W",
            "ignore::pytest.PytestAssertRewriteWarning",
            "--hypothesis-seed=0",
            "--tb=short",
        ]
        known: set[str] = set()
        for stage in self.stages:
            fresh = [name for name in stage if name not in known]
            known |= set(fresh)
            skipped = [f"--deselect={name}" for name in known - set(fresh)]
            code = pytest.main([*options, *skipped, *fresh])
            if code != PASSED:
                return int(code)
        return PASSED

    @staticmethod
    def _origin() -> str:
        return str(Path(__file__).parents[2])

    # Around the run

    @property
    def _file(self) -> Path:
        return self.tree / self.mutant.module

    def _write(self, source: bytes) -> None:
        kept = self.tree / "kept"
        shutil.copy2(self._file, kept)
        self._file.write_bytes(source)
        # What was compiled of a file is known by its time, in seconds, and its length: each fault has its own time.
        os.utime(self._file, (0, next(_SECONDS)))

    def _restore(self) -> None:
        if self.mutant:
            (self.tree / "kept").replace(self._file)

    def failures(self) -> list[str]:
        """The tests that failed, and the files that could not be imported."""
        lines = (self.tree / "run.log").read_text(encoding="utf-8", errors="replace").splitlines()
        return [line.split(" ", 1)[1].split(" - ", 1)[0] for line in lines if line.startswith(("FAILED ", "ERROR "))]
