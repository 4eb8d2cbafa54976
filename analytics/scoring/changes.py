"""What would take an area into a milder tier, as data: frozen with a release, and drawn by pages and papers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import TypeAdapter

StepKind = Literal["wait", "visit", "close", "fewer"]


@dataclass(frozen=True)
class Moved:
    """The indicator with this id going from one value to another, each in its own unit."""

    indicator: str
    before: float
    after: float


@dataclass(frozen=True)
class Step:
    """One thing to do, in whole numbers.

    ``kind``: ``wait`` for ``amount`` days without a new incident, while visits go on as before; ``visit``, so many more
    visits that meet what the indicator asks for, each at a place not reached yet; ``close`` so many open incidents;
    ``fewer``, so many incidents fewer in its window. ``before`` and ``after`` are what is counted: visited places or
    visits, incidents, days; ``of`` how many places there are to visit, None for all else. ``moved``: the indicator
    itself, and for ``wait`` those whose points fall by it, the one that makes up most of the score first.
    """

    kind: StepKind
    amount: int
    before: int
    after: int
    of: int | None
    moved: tuple[Moved, ...]


@dataclass(frozen=True)
class RemainingFloor:
    """A floor rule (its number in the scheme) that still holds once the change has come about; ``until`` the first day
    on which it would hold no more if no new incident came and nothing else were done, None where that is not within the
    days looked at."""

    floor: int
    until: date | None


@dataclass(frozen=True)
class SmallestChange:
    """One way into a milder tier: one step, or two where no single one is enough.

    With it the computed tier is ``tier`` and the score ``score``; ``enough`` says whether that is milder than today's.
    ``minutes``: the work of a team by the scheme's actions; None where the scheme gives no minutes for it. ``days``:
    how long it has to be waited for; ``ready``, the day by which the computed tier can be that. ``tied``: another way
    takes the same effort. ``floors``: those that hold then. ``published_on``: the first day on which the stability rule
    lets the published tier fall, to ``published``; None where there is no such rule, it is no harder than ``tier``
    already, or the change is not enough.
    """

    steps: tuple[Step, ...]
    tier: str
    score: float
    enough: bool
    minutes: float | None
    days: int
    ready: date
    tied: bool
    floors: tuple[RemainingFloor, ...]
    published_on: date | None
    published: str | None

    @property
    def units(self) -> int:
        """How many incidents and visits it takes."""
        return sum(step.amount for step in self.steps if step.kind != "wait")


@dataclass(frozen=True)
class KeptChanges:
    """What was found when a release was frozen, by area, for its last ``day``."""

    day: date
    by_area: Mapping[str, tuple[SmallestChange, ...]]


KEPT_CHANGES = TypeAdapter(KeptChanges)
"""Writes it as JSON, and reads it again."""
