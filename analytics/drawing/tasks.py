"""The list of assignments as a quiet table of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analytics.drawing.html import render
from analytics.response.tasks import Assignment
from analytics.wording.tasks import history, task_rows
from analytics.words import Language


def task_table(lang: Language, assignments: Sequence[Assignment], areas: Mapping[str, str]) -> str:
    """One row an assignment; its state in words, dark and bold where it is late."""
    return render(lang, "tasks.html", rows=task_rows(lang, assignments, areas))


def task_history(lang: Language, one: Assignment) -> str:
    """Every step of one assignment."""
    return render(lang, "notes.html", notes=history(lang, one))
