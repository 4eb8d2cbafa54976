"""The list of assignments to take along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd

from analytics.exhibits.exhibit import CaptionMaker, PendingExhibit, pending_table
from analytics.response.tasks import Assignment
from analytics.wording.tasks import task_rows
from analytics.words import Language, say

COLUMNS = ("content", "post", "assigned", "due", "state", "progress", "hands", "source")


def tasks(
    lang: Language, caption: CaptionMaker, assignments: Sequence[Assignment], areas: Mapping[str, str]
) -> PendingExhibit:
    """:func:`tasks_table`."""
    return pending_table(lang, "tasks.title", caption, partial(tasks_table, lang, assignments, areas))


def tasks_table(lang: Language, assignments: Sequence[Assignment], areas: Mapping[str, str]) -> pd.DataFrame:
    """All assignments by their numbers, as a list shows them."""
    rows = task_rows(lang, assignments, areas)
    index = pd.Index([row["number"] for row in rows], name=say(lang, "tasks.number"))
    columns = {say(lang, f"tasks.{name}"): [row[name] for row in rows] for name in COLUMNS}
    return pd.DataFrame(columns, index=index)
