"""Every entry of the audit trail can be said in words."""

import re
from pathlib import Path

from analytics.words import LANGUAGES, say

STORE = Path(__file__).parents[2] / "analytics" / "store"


def test_every_action_that_is_written_has_its_words():
    text = "\n".join(file.read_text(encoding="utf-8") for file in STORE.glob("*.py"))
    written = set(re.findall(r'Deed\([^,()]+(?:\([^()]*\))?, "(\w+)"', text))
    assert {"publish", "draft"} | written >= {"copy", "code", "settings", "override", "upgrade", "rebuild", "anchor"}
    for action in written:
        assert all(say(lang, f"release_pages.action_{action}") for lang in LANGUAGES)
