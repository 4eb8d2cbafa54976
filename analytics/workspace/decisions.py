"""People's decisions on tiers: those in force, a new one, and taking one back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from analytics.errors import UserError
from analytics.scheme import Scheme
from analytics.scoring import scored_areas
from analytics.store.ledger_entries import OverrideEntry
from analytics.workspace.datasets import Dataset, require_own
from analytics.workspace.door import Workspace, door
from analytics.workspace.ledgers import ledger, own_ledger


@dataclass(frozen=True)
class Decision:
    """Show ``tier`` for an area from ``first`` to ``last``, both included, for this reason."""

    area_id: str
    tier: str
    reason: str
    first: date
    last: date


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
    if decision.area_id not in scored_areas(data.counts, scheme).index:
        raise UserError.because("cli.area_not_scored", scheme=scheme.id, area=decision.area_id)
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
