"""The card of the due list: rows by post, what came again or was sent back, and numbers in a fold-out for those who may
see them."""

from __future__ import annotations

from analytics.drawing.html import render
from analytics.exhibits.due_list import HANDED_COLUMNS, HAZARD_COLUMNS, INCIDENT_COLUMNS
from analytics.wording import due_list as wording
from analytics.wording.due_list import Told
from analytics.words import Language, say

ROWS_SHOWN = 60
"""Of a list in a fold-out; the rest has room in the exhibit."""


def due_list_card(lang: Language, told: Told | None) -> str:
    """The card; None where no incidents are known by the day."""
    if told is None:
        return render(lang, "due_list.html", told=None)
    lists = [
        _list(lang, "incidents", INCIDENT_COLUMNS, wording.incident_rows(lang, told), "overdue"),
        _list(lang, "hazards", HAZARD_COLUMNS, wording.hazard_rows(lang, told), "pressing"),
        _list(lang, "handed", HANDED_COLUMNS, wording.handed_rows(lang, told), "pressing"),
    ]
    return render(
        lang,
        "due_list.html",
        told=told,
        hint=say(lang, "due_list.hint", moment=wording.moment_text(lang, told.found)),
        columns=wording.COLUMNS,
        heads=[wording.column_name(lang, told.found, name) for name in wording.COLUMNS],
        rows=wording.post_rows(lang, told),
        attention=wording.attention_rows(lang, told),
        lists=[one for one in lists if one["rows"]],
        notes=wording.notes(lang, told),
    )


def _list(
    lang: Language, name: str, columns: tuple[str, ...], rows: list[dict[str, str]], bold: str
) -> dict[str, object]:
    return {
        "title": say(lang, f"due_list.list_{name}", n=len(rows)),
        "heads": list(wording.table_columns(lang, columns).values()),
        "columns": columns,
        "rows": rows[:ROWS_SHOWN],
        "bold": bold,
        "more": max(len(rows) - ROWS_SHOWN, 0),
    }
