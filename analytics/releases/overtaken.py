"""Whether a draft may still be published: what was published, or decided, since it was made is not in it."""

from __future__ import annotations

import numpy as np

from analytics.errors import ReleaseError
from analytics.scoring import Assessment
from analytics.scoring.assess import END_NOT_RECORDED, NO_OVERRIDE
from analytics.store.ledger import Ledger
from analytics.store.ledger_entries import ReleaseEntry
from analytics.words import phrase


def require_not_overtaken(
    ledger: Ledger, draft: ReleaseEntry, frozen: Assessment, now: Assessment, newest: ReleaseEntry | None
) -> None:
    """Raise :class:`ReleaseError` where the ``newest`` release of the scheme speaks of a later day than the ``draft``,
    or was made later, so that it knows more; or where people have decided otherwise since: ``now`` is what the draft
    (``frozen``) would show with their decisions of now."""
    if newest and newest.day > draft.day:
        raise ReleaseError.because("releases.older_day", day=draft.day, newest=newest.day)
    told = {"draft": draft.name, "day": draft.day}
    if newest and _made(ledger, newest) > _made(ledger, draft):
        name = phrase("page.release_number", year=newest.year, of_year=newest.number_of_year, number=newest.number)
        raise ReleaseError.because("releases.draft_overtaken", **told, release=name)
    if areas := _decided_otherwise(frozen, now):
        raise ReleaseError.because("releases.draft_decided", **told, areas=areas)


def _made(ledger: Ledger, entry: ReleaseEntry) -> int:
    """When the figures of a release or a draft were made, as the number of the ledger's entry: those of a draft that
    was published since, when it was kept. By the clock two may be made in one second."""
    entries = {
        one.subject: one.number for one in reversed(ledger.audit()) if one.action in ("draft", "publish", "rebuild")
    }
    kept = f"D{entry.draft:06}" if entry.draft is not None else entry.name
    return entries.get(kept) or entries[entry.name]


def _decided_otherwise(frozen: Assessment, now: Assessment) -> list[str]:
    """The names of the areas for which, on the day of the draft, another decision is in force than it shows."""
    then, left = frozen.override_left[-1], now.override_left[-1]
    recorded = then != END_NOT_RECORDED
    other = np.where(recorded, then != left, left == NO_OVERRIDE) | (frozen.shown[-1] != now.shown[-1])
    return [str(name) for name in frozen.areas["name"].to_numpy()[other]]
