"""What the next release would hold, told before it is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from analytics.errors import ReleaseError, UnconfirmedError
from analytics.releases.compare import side_by_side
from analytics.releases.publishing import newest, require_news
from analytics.releases.verify import verify
from analytics.scheme import Scheme
from analytics.scoring import Assessment, changes
from analytics.store.ledger import Ledger
from analytics.store.ledger_database import now
from analytics.store.ledger_entries import ReleaseEntry


@dataclass(frozen=True, eq=False)
class PlannedRelease:
    """A release that is not made yet: the ``numbers`` (year, number of the year, number of all) that it would get as
    the ledger stands, None for a draft; ``counts`` of areas by tier; the release ``before`` it, and who ``changed``
    tier since that one, as `scoring.changes`; both None where nothing was published before."""

    numbers: tuple[int, int, int] | None
    day: date
    scheme: Scheme
    counts: pd.Series
    before: ReleaseEntry | None
    changed: pd.DataFrame | None


def planned_release(home: Path, ledger: Ledger, run: Assessment, *, publish: bool) -> PlannedRelease:
    """What would be made of the last day of ``run``. Raises ``ReleaseError`` where that day is published already with
    the same records, scheme and tiers, and for a day before that of the newest release."""
    day, before = run.days[-1].date(), newest(ledger, run.scheme.id)
    if publish:
        if before and before.day > day:
            raise ReleaseError.because("releases.older_day", day=day, newest=before.day)
        try:
            require_news(home, ledger, run)
        except UnconfirmedError as error:
            raise ReleaseError.because("releases.already_published", **error.problems[0].params) from None
    elif before and before.day > day:
        before = None
    return PlannedRelease(
        numbers=_next_numbers(ledger) if publish else None,
        day=day,
        scheme=run.scheme,
        counts=run.counts().iloc[-1],
        before=before,
        changed=changes(side_by_side(verify(home, ledger, before.name).assessment(), run)) if before else None,
    )


def _next_numbers(ledger: Ledger) -> tuple[int, int, int]:
    year, made = int(now()[:4]), [entry for entry in ledger.releases() if entry.number is not None]
    of_year = [entry.number_of_year or 0 for entry in made if entry.year == year]
    return year, max(of_year, default=0) + 1, max((entry.number or 0 for entry in made), default=0) + 1
