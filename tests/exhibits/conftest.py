"""The releases that exhibits are made of, and what is said of the second one."""

import pytest

from analytics.releases.publishing import entry_of, predecessor, report
from tests.office import office

__all__ = ["office"]


@pytest.fixture(scope="session")
def told(office):
    """The report of the second release against the first."""
    entry = entry_of(office.ledger, 2)
    return report(office.home, office.ledger, predecessor(office.ledger, entry), entry)


@pytest.fixture(scope="session")
def pair(told):
    """The newest two days of the second release."""
    held = told.after.assessment
    return held.on(*held.days[-2:])
