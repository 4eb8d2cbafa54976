"""What undoing a load would do, told from the log as it would stand then."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.errors import StoreError
from analytics.store.commits import Load, Log, Undo


@dataclass(frozen=True)
class UndoOutcome:
    """What undoing a ``load`` would do: whether any of its rows ``counted``, and which loads come ``back`` that it had
    replaced; ``given_back``: how many ids it had taken over from loads that go on counting."""

    load: Load
    counted: bool
    back: tuple[Load, ...]
    given_back: int


def undoing(log: Log, number: int) -> UndoOutcome:
    """Raises :class:`StoreError` where there is no such load, or where it cannot be undone."""
    found = next((load for load in log.loads if load.number == number), None)
    if found is None:
        raise StoreError.because("store.no_such_load", number=number)
    if number in log.undone:
        raise StoreError.because("store.already_undone", number=number)
    if number in log.folded:
        raise StoreError.because("store.folded", number=number, compact=log.folded[number])
    undo = Undo(number=log.next, who="", role="", when=found.when, undoes=number)
    after = Log((*log.commits, undo), (*log.digests, ""))
    was, will = ({load.number: load for load in one.live(found.table)} for one in (log, after))
    counted = number in was
    return UndoOutcome(
        load=found,
        counted=counted,
        back=tuple(load for load in will.values() if load.number not in was),
        given_back=sum(found.takes_over.get(one, 0) for one in will if one in was) if counted else 0,
    )
