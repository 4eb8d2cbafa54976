"""Who did something, in words."""

from __future__ import annotations

from analytics.access import LOCAL
from analytics.words import Language, say


def by_whom(lang: Language, who: str, role: str) -> str:
    """A person with the role; whoever works on this machine alone has none, and no person at all is the program."""
    if not who:
        return say(lang, "release_pages.by_program")
    return who if role == LOCAL else say(lang, "release_pages.by", who=who, role=say(lang, f"access.role_{role}"))
