"""What the ledger hands out: one frozen value for each row of its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal, TypeVar, get_args


@dataclass(frozen=True)
class ReleaseEntry:
    """A release as the ledger knows it: ``number`` is 总第M期, over all schemes, ``number_of_year`` 第N期 of ``year``.

    A draft has ``draft`` instead, until it is published. ``digest`` is the manifest's; ``day`` the day it speaks of.
    ``withdrawn`` is when it was taken back, by whom, in which role and why; it can be read as before, but nothing is
    held against it any more. Where two people published it, ``drafted_role`` and ``approved_role`` are theirs.
    """

    number: int | None
    number_of_year: int | None
    year: int | None
    draft: int | None
    scheme_id: str
    day: date
    status: Literal["draft", "published"]
    digest: str
    author: str
    role: str
    reason: str
    at: str
    withdrawn: str | None = None
    withdrawn_by: str | None = None
    withdrawn_role: str | None = None
    withdrawn_reason: str | None = None
    drafted_role: str | None = None
    approved_role: str | None = None

    @property
    def name(self) -> str:
        """The name of its folder: 000012, or D000003 for a draft."""
        return f"{self.number:06}" if self.number else f"D{self.draft:06}"

    @property
    def stands(self) -> bool:
        """Whether it is published and was not withdrawn: what others are held against."""
        return self.number is not None and self.withdrawn is None


@dataclass(frozen=True)
class OverrideEntry:
    """A person's decision on an area's tier, from ``starts`` to ``expires``, both included."""

    number: int
    scheme_id: str
    area_id: str
    tier: str
    reason: str
    who: str
    role: str
    starts: date
    expires: date
    at: str
    withdrawn: str | None


@dataclass(frozen=True)
class SchemeVersion:
    """A scheme as it was saved; ``adopted`` is the number of the audit entry that last put it to use."""

    number: int
    scheme_id: str
    version: int
    digest: str
    yaml_text: str
    author: str
    role: str
    reason: str
    at: str
    adopted: int | None


@dataclass(frozen=True)
class CommitEntry:
    """A commit of the store as the ledger knows it: a load of a table (``subject``), what words of a column
    (``subject``) mean, the undoing of commit ``subject``, or what else was decided about records; ``digest`` is the
    commit's, ``at`` when it was made."""

    number: int
    digest: str
    kind: Literal["load", "words", "undo", "void", "area_change", "compact"]
    subject: str
    who: str
    role: str
    at: str


AssignmentSource = Literal["meeting", "area", "signal", "hazard"]
SOURCES: tuple[AssignmentSource, ...] = get_args(AssignmentSource)


@dataclass(frozen=True)
class AssignmentEntry:
    """What a post or a department was told to do (交办), from which source, on which day and until when: ``due`` is
    ``working_days`` after ``assigned``. ``area_id`` is None where it is of no one area."""

    number: int
    source: AssignmentSource
    area_id: str | None
    content: str
    post: str
    working_days: int
    assigned: date
    due: date
    who: str
    role: str
    at: str


AssignmentStep = Literal["progress", "report", "extend", "agree", "decline", "return", "sign_off"]
STEPS: tuple[AssignmentStep, ...] = get_args(AssignmentStep)


@dataclass(frozen=True)
class StepEntry:
    """One step of an assignment, on a day of the office: ``text`` is how it goes on (``progress``), the evidence that
    it is done (``report``), or why more time is asked for (``extend``, until ``due``), not given (``decline``), or it
    is not done yet (``return``); ``post`` is who checked, where that is said apart from the actor."""

    number: int
    assignment: int
    step: AssignmentStep
    day: date
    text: str
    due: date | None
    post: str
    who: str
    role: str
    at: str


ReleaseStep = Literal["check", "object", "answer", "approve"]
RELEASE_STEPS: tuple[ReleaseStep, ...] = get_args(ReleaseStep)


@dataclass(frozen=True)
class ReleaseStepEntry:
    """One step of a draft towards being published by two people: of ``draft`` as it was seen, by its ``digest``.
    ``community`` is the area that checked or objected, None for all of them; ``text`` what is objected or answered, and
    ``objection`` the number of the step that an answer is to."""

    number: int
    draft: int
    digest: str
    step: ReleaseStep
    community: str | None
    objection: int | None
    text: str
    who: str
    role: str
    at: str


Entry = TypeVar(
    "Entry", ReleaseEntry, OverrideEntry, SchemeVersion, CommitEntry, AssignmentEntry, StepEntry, ReleaseStepEntry
)

_DAYS = ("day", "starts", "expires", "assigned", "due")


def entry_from(kind: type[Entry], row: Mapping[str, Any]) -> Entry:
    """The value of a row. Raises ``ValueError`` for a day that is none."""
    told = {"number": row["key"], **row}
    days = {name: date.fromisoformat(told[name]) for name in _DAYS if told.get(name) is not None}
    return kind(**{field.name: (told | days)[field.name] for field in fields(kind)})
