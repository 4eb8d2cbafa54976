"""An office of three areas that publishes: what it publishes is made of a few rows that can be counted by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from analytics.loaders import Records
from analytics.releases import Intent, open_ledger
from analytics.releases.publishing import ComparisonReport, ReleaseInput, entry_of, release, report
from analytics.scheme import Scheme
from analytics.scoring import area_counts_for
from analytics.store import Counts
from analytics.store.ledger import Ledger
from analytics.store.ledger_entries import ReleaseEntry
from tests.releases.frozen import KEEPER
from tests.scoring.small_world import incident, indicator, records, scheme, three_areas

DAY = date(2020, 2, 20)
FEVERS = scheme([indicator()])
"""Ten points for each fever of seven days: two are blue, four yellow, six orange, eight red."""


def world(a: int = 5, b: int = 0, c: int = 2, last: str = "2020-02-19", old: int = 80, later: int = 0) -> Records:
    """So many fevers in each area on one day, ``later`` ones in C on the day after ``DAY``, and ``old`` people of 80
    years or more in A."""
    fevers = [incident(f"{area}{n}", area, last) for area, many in zip("ABC", (a, b, c), strict=True)
              for n in range(many)]  # fmt: skip
    fevers += [incident(f"later{n}", "C", f"{DAY + timedelta(days=1)}") for n in range(later)]
    people = [{"area_id": area, "count": many, "age_band": band, "as_of": "2020-01-01"}
              for area in "ABC" for band, many in (("80+", old if area == "A" else 90), ("18-59", 900))]  # fmt: skip
    # Somebody calls every day, so that no day is without records.
    every_day = [
        incident(day, "B", day, "noise") for day in pd.date_range("2020-01-01", "2020-03-01").strftime("%Y-%m-%d")
    ]
    return records(areas=three_areas(), incidents=[*fevers, *every_day], residents=people)


def material(of: Records, chosen: Scheme = FEVERS, day: date = DAY, first: date | None = None) -> ReleaseInput:
    """What a release of these records is made of."""
    return ReleaseInput(area_counts_for(Counts.of_records(of), chosen), chosen, first or day, day)


@dataclass(frozen=True)
class Office:
    """A home and its ledger."""

    home: Path

    @property
    def ledger(self) -> Ledger:
        """Opened anew, as by whoever comes next."""
        return open_ledger(None, self.home)

    def publish(self, of: ReleaseInput, *, publish: bool = True, confirmed: tuple[str, ...] = ()) -> ReleaseEntry:
        """Publish, or keep a draft."""
        intent = Intent("例会", publish=publish, confirmed=confirmed)
        made = release(self.home, self.ledger, KEEPER, of, intent)
        return entry_of(self.ledger, made.manifest.name)

    def report(self, before: int, after: int) -> ComparisonReport:
        """What two releases say together, found anew by the checker."""
        return report(self.home, self.ledger, entry_of(self.ledger, before), entry_of(self.ledger, after))

    def first_report(self, number: int) -> ComparisonReport:
        """What a release says with none before it."""
        return report(self.home, self.ledger, None, entry_of(self.ledger, number))

    def causes(self, before: int, after: int) -> dict[str, tuple[str, str, str, str]]:
        """From, to, cause and its words for each area that changed."""
        changes = self.report(before, after).comparison.changes
        return {one.area_id: (one.before, one.after, one.cause, one.detail.key) for one in changes}
