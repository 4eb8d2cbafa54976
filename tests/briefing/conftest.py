"""What a briefing says of the releases of the office."""

import pytest

from analytics.briefing import Briefing
from analytics.words import LANGUAGES, Language
from tests.office import office

__all__ = ["office"]


@pytest.fixture(scope="session")
def second(office) -> dict[Language, Briefing]:
    """The release that has one before it, in both languages."""
    return {lang: office.briefing(2, lang) for lang in LANGUAGES}


@pytest.fixture(scope="session")
def first(office) -> dict[Language, Briefing]:
    """The first release, in both languages."""
    return {lang: office.briefing(1, lang) for lang in LANGUAGES}
