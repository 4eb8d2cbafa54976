"""The list of assignments (交办销号) as of a day: where each stands, which due days were missed, and the lists of a
meeting.

A due day is missed once it is over and nothing was reported as done by then that still stands. An extension holds from
the day on which it was agreed to: the day that had passed by then stays missed, so that nothing that was late becomes
punctual.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import takewhile

from analytics.office import WEEK_DAYS, week_end
from analytics.store.assignments import State, due_days, state_of
from analytics.store.ledger_assignments import Held
from analytics.store.ledger_entries import AssignmentEntry, AssignmentStep, StepEntry

TWICE = 2


@dataclass(frozen=True)
class Assignment:
    """An assignment with the ``steps`` up to the ``day`` as of which it is told, which is not over yet."""

    entry: AssignmentEntry
    steps: tuple[StepEntry, ...]
    day: date

    @cached_property
    def state(self) -> State:
        """Open, extension asked for, awaiting a check, or signed off."""
        return state_of(self.steps)

    @cached_property
    def dues(self) -> tuple[date, ...]:
        """Every due day, the first one first; the last is the one in force."""
        return tuple(due for _, due in due_days(self.entry, self.steps))

    @property
    def due(self) -> date:
        """The due day in force."""
        return self.dues[-1]

    @property
    def asked_due(self) -> date | None:
        """The due day that is asked for, where an extension is."""
        return self._last("extend").due if self.state == "extension" else None

    @property
    def done(self) -> date | None:
        """When it was reported as done, where that was not sent back."""
        return self._last("report").day if self.state in ("awaiting", "signed_off") else None

    @property
    def signed_off(self) -> StepEntry | None:
        """How it was signed off."""
        return self._last("sign_off") if self.state == "signed_off" else None

    @property
    def progress(self) -> str:
        """What was last said of how it goes on; nothing where nothing was."""
        return next((one.text for one in reversed(self.steps) if one.step in ("progress", "return", "decline")), "")

    @property
    def evidence(self) -> str:
        """That it is done, as it was reported; nothing where it is not."""
        return self._last("report").text if self.done else ""

    @cached_property
    def missed(self) -> int:
        """How many of its due days were missed."""
        held = due_days(self.entry, self.steps)
        replaced = [since for since, _ in held[1:]] + [date.max]
        over = (due < min(self.day, until) for (_, due), until in zip(held, replaced, strict=True))
        return sum(gone and (self.done is None or self.done > due) for gone, (_, due) in zip(over, held, strict=True))

    @property
    def late_twice(self) -> bool:
        """Whether two due days were missed, as after an extension that was no help."""
        return self.missed >= TWICE

    @property
    def overdue(self) -> bool:
        """Whether it is neither reported as done nor within its due day."""
        return self.done is None and self.due < self.day

    @property
    def days_overdue(self) -> int:
        """For how many days it has been overdue; 0 where it is not."""
        return (self.day - self.due).days if self.overdue else 0

    def _last(self, step: AssignmentStep) -> StepEntry:
        return next(one for one in reversed(self.steps) if one.step == step)


@dataclass(frozen=True)
class MeetingList:
    """What a meeting goes through: of the week before, ``first`` to ``last``, all that came in or was not signed off
    before it (``before``), and what was assigned since (``new``). Either comes in the order of :func:`in_order`."""

    first: date
    last: date
    day: date
    before: tuple[Assignment, ...]
    new: tuple[Assignment, ...]

    @property
    def left(self) -> tuple[Assignment, ...]:
        """Of those before, what is not signed off."""
        return tuple(one for one in self.before if one.state != "signed_off")

    @property
    def closed(self) -> tuple[Assignment, ...]:
        """Of those before, what is."""
        return tuple(one for one in self.before if one.state == "signed_off")

    @property
    def counts(self) -> dict[str, int]:
        """Of those before: how many came in, and what adds up to them: ``signed_off``, ``awaiting``, ``in_work``,
        ``overdue``."""
        kinds = [_kind(one) for one in self.before]
        return {"came_in": len(kinds)} | {name: kinds.count(name) for name in _KINDS}


_KINDS = ("signed_off", "awaiting", "in_work", "overdue")


def _kind(one: Assignment) -> str:
    if one.state in ("signed_off", "awaiting"):
        return one.state
    return "overdue" if one.overdue else "in_work"


def as_of(held: Sequence[Held], day: date) -> tuple[Assignment, ...]:
    """The assignments that were entered up to a day, with what was done about them by then, by their numbers."""
    return tuple(
        Assignment(entry, tuple(takewhile(lambda step: step.day <= day, steps)), day)
        for entry, steps in held
        if entry.assigned <= day
    )


def in_order(assignments: Sequence[Assignment]) -> tuple[Assignment, ...]:
    """Those that are overdue first, then what is to be done or checked by its due day, what is signed off last."""
    return tuple(
        sorted(assignments, key=lambda one: (one.state == "signed_off", not one.overdue, one.due, one.entry.number))
    )


def meeting_list(held: Sequence[Held], cut_off: date, today: date) -> MeetingList:
    """The list of the meeting that follows a ``cut_off`` (the last day of what is told there), as it stands ``today``;
    later than the week of the meeting it stays as it was at the end of that week."""
    last = week_end(cut_off)
    day = min(today, last + timedelta(days=WEEK_DAYS))
    first = last - timedelta(days=WEEK_DAYS - 1)
    found = as_of(held, day)
    before = [
        one for one in found if one.entry.assigned <= last and not (one.signed_off and one.signed_off.day < first)
    ]
    new = [one for one in found if one.entry.assigned > last]
    return MeetingList(first, last, day, in_order(before), in_order(new))
