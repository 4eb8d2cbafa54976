"""Files of others are read in a process of their own, with limits of time and memory: one that unpacks to more than the
machine has, or that a parser never finishes, ends in a sentence and takes no server with it.

The process is started with the first file and kept for the next; it is not forked, since a server has threads. What it
hands over comes from the program's own loaders. It ends with whoever started it.
"""

from __future__ import annotations

import atexit
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from signal import SIGABRT
from threading import BoundedSemaphore, Lock, Timer
from typing import IO, Any, Concatenate, ParamSpec, TypeVar, cast

from analytics.errors import LoadError
from analytics.loaders.files import Sheet, UploadedBytes, file_name, read_sheet
from analytics.loaders.guessing import Guess, guess
from analytics.loaders.ids import IdHash
from analytics.loaders.load import Known, Loaded, load_table
from analytics.loaders.rows import AS_IT_STANDS, Reading
from analytics.loaders.sheet import NOTHING_WANTED, Wanted

P = ParamSpec("P")
Result = TypeVar("Result")
Progress = Callable[[float], None]

MEMORY_SETTING, SECONDS_SETTING = "FIVE_COLOUR_LOAD_MEGABYTES", "FIVE_COLOUR_LOAD_SECONDS"
USUAL_SECONDS = 900
_LEAST_MEGABYTES = 1024
_AT_ONCE = 2
"""Files that are read at the same time; others wait."""
_SHARE = 3
"""One file may take this part of the machine's memory, if no setting says otherwise."""
_START_SECONDS = 120
_MOST_KEPT = 2**29
"""Bytes that a process may have taken and still be kept for the next file."""
_ROOT = Path(__file__).parents[2]


def limits_hold() -> bool:
    """Whether the limit of memory holds on this system; that of time holds on every one."""
    return sys.platform == "linux"


def memory_limit() -> int:
    """Megabytes that reading one file may take. Raises :class:`LoadError` for a setting that is no number."""
    usual = max(_LEAST_MEGABYTES, _memory_of_machine() // _SHARE)
    return _setting(MEMORY_SETTING, usual)


def time_limit() -> int:
    """Seconds that reading one file may take. Raises :class:`LoadError` for a setting that is no number."""
    return _setting(SECONDS_SETTING, USUAL_SECONDS)


def guess_apart(file: Path | UploadedBytes, table: str | None = None, sheet: str | None = None) -> Guess:
    """:func:`guess` in a process of its own; raises :class:`LoadError` where a limit was reached."""
    return apart(guess, _whole(file), table, sheet)


def read_sheet_apart(table: str, file: Path | UploadedBytes, wanted: Wanted = NOTHING_WANTED) -> Sheet:
    """:func:`read_sheet` in a process of its own; raises :class:`LoadError` where a limit was reached."""
    return _asked(read_sheet, (table, _whole(file), None, wanted), _name(file), None)


def load_table_apart(
    table: str,
    file: Path | UploadedBytes,
    today: date,
    ids: IdHash,
    known: Known,
    reading: Reading = AS_IT_STANDS,
    progress: Progress | None = None,
) -> Loaded:
    """:func:`load_table` in a process of its own; raises :class:`LoadError` also where a limit was reached. Whatever
    ``progress`` raises ends the load."""
    return _asked(load_table, (table, _whole(file), today, ids, known, reading), _name(file), progress)


def apart(
    call: Callable[Concatenate[Path | UploadedBytes, P], Result], file: Path | UploadedBytes, *args: P.args
) -> Result:
    """What ``call``, a function of a module, says of ``file``, found in a process of its own."""
    return cast(Result, _asked(call, (_whole(file), *args), _name(file), None))


def warm() -> None:
    """Start the process before there is a file, where none waits for one."""
    with _idle_lock:
        if not any(worker.is_mine() for worker in _idle):
            _idle.append(_Worker())


class _DiedError(Exception):
    """The process has ended in the middle of a job."""


class _Worker:
    """One process, and the two pipes to it."""

    def __init__(self) -> None:
        path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
        self._owner = os.getpid()
        self._late = self._ready = False
        self._process = subprocess.Popen(
            [sys.executable, "-m", "analytics.loaders.apart_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Each thread would else reserve addresses of its own, which count.
            env={**os.environ, "PYTHONPATH": path, "MALLOC_ARENA_MAX": "2"},
            start_new_session=True,
        )

    def is_mine(self) -> bool:
        """Whether this process started it, which is no fork of the one that did, and it is still there."""
        return self._owner == os.getpid() and self._process.poll() is None

    def takes_much(self) -> bool:
        """Whether it kept so much memory of what it has read that another should read the next file."""
        try:
            pages = int(Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[1])
        except (OSError, ValueError, IndexError):
            return False  # another system
        return pages * os.sysconf("SC_PAGE_SIZE") > _MOST_KEPT

    def end(self) -> None:
        """Kill it, unless it is another's."""
        if self._owner == os.getpid():
            self._process.kill()
            self._process.wait()
            for pipe in self._pipes():
                with suppress(OSError):  # what was not read any more
                    pipe.close()

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        """Where jobs are written to, and answers read from."""
        jobs, answers = self._process.stdin, self._process.stdout
        assert jobs is not None  # the process was started with both
        assert answers is not None
        return jobs, answers

    def do(self, job: tuple[object, ...], progress: Progress | None, seconds: int) -> tuple[str, Any]:
        """What became of a job; raises :class:`_DiedError`, and whatever ``progress`` raises."""
        jobs, answers = self._pipes()
        if not self._ready:
            with self._watched(_START_SECONDS):
                self._ready = bool(pickle.load(answers))
        with self._watched(seconds):
            pickle.dump(job, jobs, pickle.HIGHEST_PROTOCOL)
            jobs.flush()
            while True:
                kind, value = pickle.load(answers)
                if kind != "progress":
                    return kind, value
                if progress:
                    progress(value)

    @contextmanager
    def _watched(self, seconds: int) -> Iterator[None]:
        """Kill the process unless what happens inside has ended in time."""
        watchdog = Timer(seconds, self._expire)
        watchdog.daemon = True
        watchdog.start()
        try:
            yield
        except (EOFError, BrokenPipeError, pickle.UnpicklingError) as error:
            raise _DiedError from error
        finally:
            watchdog.cancel()

    def _expire(self) -> None:
        self._late = True
        self._process.kill()

    def why_it_died(self, name: str, seconds: int) -> LoadError:
        """The sentence for a process that is no more."""
        code = self._process.wait()
        if self._late:
            return LoadError.because("apart.too_slow", file=name, seconds=seconds, setting=SECONDS_SETTING)
        # Libraries that are not Python's end the process where they get no more memory.
        return _too_much_memory(name) if code in (-SIGABRT, -9) else LoadError.because("apart.broke", file=name)


_places = BoundedSemaphore(_AT_ONCE)
_idle: list[_Worker] = []
_idle_lock = Lock()


def _asked(call: Callable[..., Result], arguments: tuple[object, ...], name: str, progress: Progress | None) -> Result:
    seconds, megabytes = time_limit(), memory_limit()
    settings = {key: value for key, value in os.environ.items() if key.startswith("FIVE_COLOUR_")}
    with _places:
        worker = _taken()
        try:
            kind, value = worker.do((settings, megabytes, call, arguments, progress is not None), progress, seconds)
        except _DiedError:
            error = worker.why_it_died(name, seconds)
            worker.end()
            raise error from None
        except BaseException:  # whoever asked has gone, as when a browser is closed
            worker.end()
            raise
        if kind == "memory":
            worker.end()
            raise _too_much_memory(name)
        if worker.takes_much():
            worker.end()
        else:
            with _idle_lock:
                _idle.append(worker)
    if kind == "raised":
        raise value
    return cast(Result, value)


def _taken() -> _Worker:
    with _idle_lock:
        while _idle:
            worker = _idle.pop()
            if worker.is_mine():
                return worker
            worker.end()
    return _Worker()


def _too_much_memory(name: str) -> LoadError:
    return LoadError.because("apart.too_much_memory", file=name, megabytes=memory_limit(), setting=MEMORY_SETTING)


def _whole(file: Path | UploadedBytes) -> Path | UploadedBytes:
    """A path that means the same in another process."""
    return file if isinstance(file, tuple) else file.absolute()


def _name(file: Path | UploadedBytes) -> str:
    return file_name(file[0] if isinstance(file, tuple) else file.name)


def _setting(name: str, usual: int) -> int:
    written = os.environ.get(name, "").strip()
    if not written:
        return usual
    if not written.isdecimal() or int(written) < 1:
        raise LoadError.because("apart.no_number", setting=name, usual=usual)
    return int(written)


def _memory_of_machine() -> int:
    """Megabytes of memory, of the machine or of the container that this runs in; 0 where that cannot be told."""
    found = []
    try:
        found.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
        found.append(int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")))
    except (AttributeError, OSError, ValueError):
        pass  # another system, no container, or one without a limit
    return min(found, default=0) // 2**20


@atexit.register
def _end_all() -> None:
    with _idle_lock:
        for worker in _idle:
            worker.end()
        _idle.clear()
