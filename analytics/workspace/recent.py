"""What was made lately, so that it need not be made again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

Made = TypeVar("Made")
_ABSENT = object()


class Recent:
    """Values by key, at most ``most`` of them: what was longest not asked for makes way. Threads may share it; two that
    ask for the same at once may both make it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: dict[Hashable, object] = {}

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What is held under ``key``, else what ``make`` makes, which is held from now on."""
        found = self._held.pop(key, _ABSENT)  # that there is nothing to say is held as well
        if found is _ABSENT:
            found = make()
        self._held[key] = found  # at the end: the first is what was longest not asked for
        for old in list(self._held)[: -self._most]:  # a list, since other threads change it meanwhile
            self._held.pop(old, None)
        return cast("Made", found)

    def __contains__(self, key: Hashable) -> bool:
        """Whether something is held under ``key``."""
        return key in self._held
