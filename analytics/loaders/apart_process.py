"""The process in which files of others are read, which `apart` starts: one job after the other, from standard input to
standard output, each as a pickle.

It gets its memory back from no one: what a file takes beyond the limit ends in ``MemoryError`` here, or in the end of
this process, and never in that of the server.
"""

from __future__ import annotations

import os
import pickle
import sys
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import Any, BinaryIO

_BEAT_SECONDS = 0.5
"""How often the share done is told again while nothing new is known, so that who waits can be told to stop."""


class _Speaker:
    """Tells what is done, from this thread and from that of the beat."""

    def __init__(self, out: BinaryIO) -> None:
        self._out, self._lock = out, Lock()
        self.share = 0.0

    def tell(self, kind: str, value: object) -> None:
        """One message, whole."""
        message = pickle.dumps((kind, value), pickle.HIGHEST_PROTOCOL)
        with self._lock:
            self._out.write(message)
            self._out.flush()

    def progress(self, share: float) -> None:
        """The share done."""
        self.share = share
        self.tell("progress", share)

    def beat(self, done: Event) -> None:
        """Tell the share again until the job is done."""
        while not done.wait(_BEAT_SECONDS):
            self.tell("progress", self.share)


def serve(jobs: BinaryIO, out: BinaryIO) -> None:
    """Do jobs until there are no more; who asked is gone then."""
    with suppress(ImportError, AttributeError, OSError, ValueError):
        _be_the_first_to_go()
    while True:
        try:
            settings, megabytes, call, arguments, watched = pickle.load(jobs)
        except EOFError:
            return
        os.environ.update(settings)
        for name in [name for name in os.environ if name.startswith("FIVE_COLOUR_") and name not in settings]:
            del os.environ[name]
        speaker = _Speaker(out)
        limit_memory(megabytes * 2**20)
        kind, value = _done(speaker, call, arguments, watched=watched)
        limit_memory(None)
        speaker.tell(kind, value)


def _done(speaker: _Speaker, call: Any, arguments: tuple[object, ...], *, watched: bool) -> tuple[str, object]:
    done, further = Event(), {}
    if watched:
        further = {"progress": speaker.progress}
    beat = Thread(target=speaker.beat, args=(done,), daemon=True)
    beat.start()
    try:
        return "done", call(*arguments, **further)
    except MemoryError:
        return "memory", None
    except Exception as error:  # whatever it is: it is raised again where the job was asked for
        return "raised", error
    finally:
        done.set()
        beat.join()


def limit_memory(further: int | None) -> None:
    """Let this process take so many ``further`` bytes of addresses, or as many as it likes (None); where the system
    cannot tell how many it has, nothing is limited."""
    try:
        import resource

        pages = int(open("/proc/self/statm", encoding="ascii").read().split()[0])  # noqa: SIM115, PTH123
    except (ImportError, OSError):
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = hard if further is None else pages * resource.getpagesize() + further
    resource.setrlimit(resource.RLIMIT_AS, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _be_the_first_to_go() -> None:
    """Where the machine itself runs out of memory, the system ends this process before any other."""
    with open("/proc/self/oom_score_adj", "w", encoding="ascii") as score:  # noqa: PTH123
        score.write("1000")


if __name__ == "__main__":
    # What a library prints must not come between the messages.
    told = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    import analytics.loaders.guessing
    import analytics.loaders.load  # noqa: F401  # so that the first job does not wait for it

    told.write(pickle.dumps("ready"))
    told.flush()
    serve(sys.stdin.buffer, told)
