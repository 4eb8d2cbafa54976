"""People's decisions on tiers: those in force, a new one, and taking one back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from analytics.errors import UserError
from analytics.releases.publishing import decided_by_people
from analytics.scheme import Scheme
from analytics.scoring import scored_areas
from analytics.scoring.overrides import Override, OverrideOutcome, override_outcome
from analytics.store.ledger_entries import OverrideEntry
from analytics.words import phrase
from analytics.workspace.datasets import Dataset, require_own
from analytics.workspace.door import Workspace, door
from analytics.workspace.ledgers import ledger, own_ledger
from analytics.workspace.runs import assessed


@dataclass(frozen=True)
class Decision:
    """Show ``tier`` for an area from ``first`` to ``last``, both included, for this reason."""

    area_id: str
    tier: str
    reason: str
    first: date
    last: date


@door("read")
def outcome_of(ws: Workspace, data: Dataset, scheme: Scheme, decision: Decision) -> OverrideOutcome:
    """What a decision would do. Raises ``UserError`` where the same is decided already, or the area is not scored."""
    _require_scored(data, scheme, decision.area_id)
    there = decided_by_people(ledger(ws, data), scheme.id)
    made = Override(decision.area_id, decision.tier, decision.reason, ws.actor.role, decision.first, decision.last)
    if any(replace(one, reason=made.reason, role=made.role) == made for one in there):
        name = scored_areas(data.counts, scheme)["name"][made.area_id]
        raise UserError.because("release_pages.decided_already", area=name, tier=phrase(f"tiers.{made.tier}"))
    return _outcome(ws, data, scheme, made, (*there, made))


@door("read")
def outcome_of_withdrawing(ws: Workspace, data: Dataset, scheme: Scheme, number: int) -> OverrideOutcome:
    """What the end of a decision would do. Raises ``UserError`` where there is none any more."""
    entries = ledger(ws, data).overrides(scheme.id)
    at = next((at for at, entry in enumerate(entries) if entry.number == number), None)
    if at is None:
        raise UserError.because("ledger.no_override", number=number)
    there = decided_by_people(ledger(ws, data), scheme.id)
    return _outcome(ws, data, scheme, there[at], (*there[:at], *there[at + 1 :]), ends=True)


def _outcome(
    ws: Workspace, data: Dataset, scheme: Scheme, changed: Override, decided: Sequence[Override], *, ends: bool = False
) -> OverrideOutcome:
    """On the last of the decision's days of which anything is known, else on the nearest that is."""
    first, newest = data.days(scheme)
    before = assessed(ws, data, scheme, [max(min(changed.last, newest), first)])
    scored = [one for one in decided if one.area_id in before.areas.index]
    return override_outcome(before, changed, scored, ends=ends)


def _require_scored(data: Dataset, scheme: Scheme, area_id: str) -> None:
    """Raise ``UserError`` for an area that the scheme does not score."""
    if area_id not in scored_areas(data.counts, scheme).index:
        raise UserError.because("cli.area_not_scored", scheme=scheme.id, area=area_id)


@door("read")
def overrides(ws: Workspace, data: Dataset, scheme_id: str, day: date) -> tuple[OverrideEntry, ...]:
    """The decisions in force on a day."""
    return ledger(ws, data).overrides(scheme_id, day)


@door("read")
def own_overrides(ws: Workspace) -> tuple[OverrideEntry, ...]:
    """All decisions of the office that were not withdrawn."""
    return own_ledger(ws).overrides()


@door("override")
def override(ws: Workspace, data: Dataset, scheme: Scheme, decision: Decision, confirmed: Collection[str] = ()) -> int:
    """Decide; returns the decision's number. Raises ``UserError`` for an area that the scheme does not score."""
    _require_scored(data, scheme, decision.area_id)
    entry = OverrideEntry(
        number=0,
        scheme_id=scheme.id,
        area_id=decision.area_id,
        tier=decision.tier,
        reason=decision.reason.strip(),
        who="",
        role="",
        starts=decision.first,
        expires=decision.last,
        at="",
        withdrawn=None,
    )
    return ledger(ws, data).override(ws.actor, entry, confirmed)


@door("override")
def own_override(ws: Workspace, scheme: Scheme, decision: Decision, confirmed: Collection[str] = ()) -> int:
    """Decide on an area of the office's own."""
    return override(ws, require_own(ws), scheme, decision, confirmed)


@door("override")
def withdraw_override(ws: Workspace, data: Dataset | None, number: int, confirmed: Collection[str] = ()) -> None:
    """End a decision before it expires, of some data or of the office's own."""
    (ledger(ws, data) if data else own_ledger(ws)).withdraw(ws.actor, number, confirmed)
