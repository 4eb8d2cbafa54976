"""Whether the text of an action says by itself how often: then its frequency is not said a second time beside it."""

from __future__ import annotations

import re

_SAID = re.compile(
    r"每(?:个)?(?:半?[日天周旬月季年]|[0-9两一二三四五六七八九十]+个?(?:小时|[日天周旬月次]))"
    r"|隔[日天周]|逐[日周月]"
    r"|\b(?:hourly|daily|weekly|fortnightly|monthly|quarterly)\b"
    r"|\bevery (?:other )?(?:[\w.]+ )?(?:hours?|days?|weeks?|fortnights?|months?)\b"
    r"|\b(?:a|per) (?:day|week|month)\b",
    re.IGNORECASE,
)


def says_how_often(text: str) -> bool:
    """Whether a frequency stands in the text.

    >>> [says_how_often(text) for text in ("每日走访，领导包联", "隔日走访", "每两周上门", "联合整治", "走访每一户")]
    [True, True, True, False, False]
    >>> [says_how_often(text) for text in ("Visits every other day", "Patrol every 2 hours", "Joint enforcement")]
    [True, True, False]
    """
    return bool(_SAID.search(text))
