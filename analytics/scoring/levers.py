"""What can be done in one area: incidents closed, or fewer; visits more. What each does to all that is counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analytics.scheme import Indicator, Scheme, Where
from analytics.scheme.conditions import Compared, Scalar
from analytics.scoring.amounts import Amounts, AreaAmounts, whole_numbers
from analytics.scoring.changes import StepKind

MOST_VISITS = 100
"""So many visits are tried where nothing else says how many there can be."""


@dataclass(frozen=True, eq=False)
class Lever:
    """Something that can be done up to ``most`` times. ``part`` and ``whole`` (most, indicators): what 1, 2, … of it
    add to the amounts."""

    kind: StepKind
    number: int
    most: int
    part: np.ndarray
    whole: np.ndarray
    overlaps: frozenset[int] = frozenset()
    visit: tuple[tuple[str, Scalar], ...] = ()

    def excludes(self, other: Lever) -> bool:
        """Whether both may be done with the same incidents, or by the same visits."""
        if self.kind == other.kind == "visit":
            return self.visit == other.visit
        return self.kind == other.kind and (other.number in self.overlaps or self.number in other.overlaps)


class LeverFinder:
    """Finds what can be done in the area at ``place`` of the counts, whose amounts are ``now`` (indicators,)."""

    def __init__(self, scheme: Scheme, amounts: AreaAmounts, place: int, now: Amounts) -> None:
        self._scheme, self._amounts, self._place, self._now = scheme, amounts, place, now

    def levers(self, usable: np.ndarray) -> list[Lever]:
        """What can be done about the indicators that are ``usable`` (indicators,) and that work can change."""
        found = [
            lever
            for number, item in enumerate(self._scheme.indicators)
            if usable[number] and item.actionable
            for lever in self._of(number, item)
            if lever.most > 0
        ]
        # The same visit may be asked for by several indicators: the one that takes most of them tells all.
        return [
            lever
            for lever in found
            if not any(lever.visit == other.visit != () and other.most > lever.most for other in found)
        ]

    def _of(self, number: int, item: Indicator) -> Iterator[Lever]:
        made_of = whole_numbers(item)
        if made_of is None:
            return
        high = item.harder_when == "high"
        if item.source == "incidents" and high:
            if made_of.part == "records":
                yield self._fewer(number, item, "fewer")
            if made_of.part in ("open_incidents", "overdue_incidents"):
                yield self._fewer(number, item, "close")
            if made_of.whole == "checks":
                yield self._visits(number, item)
        if item.source == "checks" and (
            (made_of.part == "covered_places" and not high)
            or (made_of.part == "quiet_days" and high)
            or (made_of.part == "records" and made_of.whole == "nothing" and not high)
        ):
            yield self._visits(number, item)

    def _fewer(self, number: int, item: Indicator, kind: StepKind) -> Lever:
        """So many incidents fewer, or closed: the least that this does to others that count some of the same."""
        most = int(self._now.part[number])
        done = np.arange(1, most + 1)
        part, whole = (np.zeros((most, len(self._scheme.indicators))) for _ in range(2))
        overlaps = set()
        for other, beside in enumerate(self._scheme.indicators):
            made_of = whole_numbers(beside)
            if made_of is None or beside.source != "incidents" or np.isnan(self._now.part[other]):
                continue
            if made_of.part == "quiet_days":
                if kind == "fewer" and most:
                    # The last one stays as long as any does.
                    quiet = self._amounts.quiet_without(item, beside)[self._place]
                    part[-1, other] = quiet - self._now.part[other]
                continue
            shared = most if other == number else self._amounts.overlap(item, beside)[self._place]
            if shared:
                overlaps.add(other)
            # Those that the other does not count go first.
            part[:, other] = -np.maximum(done - (most - shared), 0)
            if made_of.whole == "records" and kind == "fewer":
                among = self._amounts.overlap(item, beside, whole=True)[self._place]
                whole[:, other] = part[:, other] - np.minimum(done + part[:, other], among - shared)
        return Lever(kind, number, most, part, whole, frozenset(overlaps))

    def _visits(self, number: int, item: Indicator) -> Lever:
        """So many visits more, each at a place not reached yet, and what they do to all that asks for visits."""
        made_of = whole_numbers(item)
        assert made_of is not None
        visit = visit_for(item)
        most = {
            "covered_places": int(max(self._now.whole[number] - self._now.part[number], 0)),
            "quiet_days": int(self._now.part[number] > 0),
        }.get(made_of.part, MOST_VISITS)
        done = np.arange(1, most + 1)
        part, whole = (np.zeros((most, len(self._scheme.indicators))) for _ in range(2))
        for other, beside in enumerate(self._scheme.indicators):
            asked = whole_numbers(beside)
            if asked is None or np.isnan(self._now.part[other]):
                continue
            if asked.whole == "checks":
                whole[:, other] = done * _meets(visit, beside.of)
            elif beside.source == "checks" and asked.part == "records":
                part[:, other] = done * all(_meets(visit, where) for where in beside.spec.conditions(beside))
                whole[:, other] = done * (asked.whole == "records" and _meets(visit, beside.of))
            elif beside.source == "checks" and _meets(visit, beside.where):
                if asked.part == "quiet_days":
                    part[:, other] = -self._now.part[other]
                elif _same_coverage(item, beside):
                    part[:, other] = done
        return Lever("visit", number, most, part, whole, visit=tuple(sorted(visit.items())))


def visit_for(item: Indicator) -> dict[str, Scalar]:
    """The visit that an indicator asks for: the first of each of the codes that it takes."""
    usual: dict[str, Scalar] = {"kind": "visit", "outcome": "done"}
    for column, wanted in (item.where if item.source == "checks" else item.of).items():
        if not isinstance(wanted, Compared):
            usual[column] = wanted[0] if isinstance(wanted, tuple) else wanted
    return usual


def _meets(visit: dict[str, Scalar], where: Where) -> bool:
    """Whether a visit is one that ``where`` takes."""
    return all(
        not isinstance(wanted, Compared) and visit.get(column) in (wanted if isinstance(wanted, tuple) else (wanted,))
        for column, wanted in where.items()
    )


def _same_coverage(item: Indicator, other: Indicator) -> bool:
    """Whether both ask for the same visits at the same places: a place new to the one is new to the other."""
    return (item.where, item.of, item.window_days) == (other.where, other.of, other.window_days)
