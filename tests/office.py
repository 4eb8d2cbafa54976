"""Releases of the demo street, frozen once for all tests of a folder, and what is said of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import geopandas as gpd
import pytest

from analytics.access import Actor
from analytics.briefing import Briefing, briefing_of
from analytics.loaders import load_records, sample_datasets
from analytics.releases import Intent, verify
from analytics.releases.publishing import ReleaseInput, entry_of, predecessor, release, report
from analytics.scheme import scheme_named
from analytics.scoring import area_counts_for, first_full_day
from analytics.store import Counts
from analytics.store.ledger import Ledger
from analytics.words import Language

SAMPLES = Path(__file__).parents[1] / "sample_data"
LAST = date(2026, 10, 31)


@dataclass(frozen=True)
class Office:
    """A home with two releases of the demo street under the epidemic scheme, a week apart, and a draft."""

    home: Path
    ledger: Ledger

    def briefing(self, number: int | str, lang: Language) -> Briefing:
        """What a release says: 1 is the first, 2 the one after it, "D1" a draft of the same day as 2."""
        entry = entry_of(self.ledger, number)
        told = report(self.home, self.ledger, predecessor(self.ledger, entry), entry)
        return briefing_of(verify(self.home, self.ledger, entry.name), told, lang, entry)


@pytest.fixture(scope="session")
def office(tmp_path_factory) -> Office:
    (info,) = (found for found in sample_datasets(SAMPLES) if found.id == "demo_street")
    home = tmp_path_factory.mktemp("office")
    records, _ = load_records({table: info.folder / file for table, file in info.files.items()}, LAST)
    counts, scheme, ledger = Counts.of_records(records, "5" * 64), scheme_named("epidemic"), Ledger.open(None, home)
    context = gpd.read_file(info.folder / info.context)
    for day, publish in ((LAST - timedelta(weeks=1), True), (LAST, True), (LAST, False)):
        material = ReleaseInput(
            area_counts_for(counts, scheme), scheme, first_full_day(counts, scheme), day, context,
            info.notice, info.source,
        )  # fmt: skip
        release(home, ledger, Actor("me", "local"), material, Intent("例会", publish))
    return Office(home, ledger)
