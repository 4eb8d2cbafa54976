"""The card on the closing of incidents: rates by channel, kind or area with their numbers and changes."""

from __future__ import annotations

from collections.abc import Mapping

from analytics.drawing.html import render
from analytics.response.closing import BY, Closing
from analytics.response.periods import PERIOD_KINDS, PeriodKind
from analytics.wording import closing as wording
from analytics.words import Language, say

ROWS_SHOWN = 8
"""The rest has room in the exhibit."""


def closing_card(
    lang: Language, found: Closing | None, names: Mapping[str, str], period: PeriodKind, link: str = "?closing="
) -> str:
    """The card of the ``period`` that is chosen; its buttons press ``link`` and what `closing.choice_in` reads.
    ``names`` of areas, by id."""
    periods = [
        {"text": say(lang, f"closing.period_{kind}"), "link": _link(link, kind, found), "chosen": kind == period}
        for kind in PERIOD_KINDS
    ]
    if found is None:
        return render(lang, "closing.html", found=None, periods=periods)
    return render(
        lang,
        "closing.html",
        found=found,
        hint=say(
            lang, "closing.hint", period=wording.period_name(lang, found.period), by=say(lang, f"closing.by_{found.by}")
        ),
        periods=periods,
        groups=[
            {"text": say(lang, f"closing.col_{by}"), "link": f"{link}{period}-{by}", "chosen": by == found.by}
            for by in BY
        ],
        column=say(lang, f"closing.col_{found.by}"),
        before=say(lang, f"closing.before_{found.period.kind}"),
        rows=[
            wording.row_texts(lang, row, wording.key_name(lang, found.by, row.key, names))
            for row in found.rows[:ROWS_SHOWN]
        ],
        more=max(len(found.rows) - ROWS_SHOWN, 0),
        total=wording.row_texts(lang, found.total, say(lang, "closing.all")),
        beside=[wording.rate_part(lang, found.total, rate) for rate in wording.BESIDE],
        open=wording.open_line(lang, found),
        ages=list(zip(wording.age_names(lang), found.total.now.open, strict=True)) if found.told else [],
        notes=wording.notes(lang, found),
    )


def _link(link: str, kind: PeriodKind, found: Closing | None) -> str:
    return f"{link}{kind}" if found is None or found.by == BY[0] else f"{link}{kind}-{found.by}"
