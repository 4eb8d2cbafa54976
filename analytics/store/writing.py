"""Who is writing just now, so that a server that is asked to end lets them finish."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

_changed = Condition()
_writers = 0


@contextmanager
def writing() -> Iterator[None]:
    """While something is written that should not be broken off."""
    global _writers
    with _changed:
        _writers += 1
    try:
        yield
    finally:
        with _changed:
            _writers -= 1
            _changed.notify_all()


def wait_until_written(seconds: float) -> bool:
    """Wait until nobody is writing, at most so long; returns whether that is so."""
    with _changed:
        return _changed.wait_for(lambda: _writers == 0, seconds)
