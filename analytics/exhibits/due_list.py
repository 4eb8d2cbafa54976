"""The due list to take along: by post, what came again or was sent back, and, for those who may see numbers, each
incident and each hazard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from analytics.exhibits.captions import Caption
from analytics.exhibits.exhibit import CaptionMaker, Exhibit, PendingExhibit, pending_table
from analytics.wording import due_list as wording
from analytics.wording.due_list import Told
from analytics.words import Language, say

INCIDENT_COLUMNS = ("number", "area", "kind", "due", "state", "post")
HAZARD_COLUMNS = ("place", "check", "area", "found", "days", "fix_by", "state", "post")
HANDED_COLUMNS = ("place", "check", "area", "found", "days", "department", "handed_number")


def due_list(lang: Language, caption: CaptionMaker, told: Told) -> tuple[PendingExhibit, ...]:
    """:func:`posts_table` and :func:`attention_table`; and where numbers may be told, :func:`incidents_table`,
    :func:`hazards_table` and :func:`handed_table`, as far as there is any."""
    tables = {"posts": posts_table} if told.found.told else {}  # of what is open nothing is known
    tables |= {"attention": attention_table}
    made = [_pending(lang, caption, told, name, make) for name, make in tables.items()]
    if wording.incident_rows(lang, told):
        made.append(_pending(lang, caption, told, "incidents", incidents_table))
    if wording.hazard_rows(lang, told):
        made.append(_pending(lang, caption, told, "hazards", hazards_table))
    if wording.handed_rows(lang, told):
        made.append(_pending(lang, caption, told, "handed", handed_table))
    return tuple(made)


def in_one(lang: Language, caption: CaptionMaker, told: Told) -> Exhibit:
    """Each incident where numbers may be told, else the rows by post."""
    if told.found.numbered:
        return _pending(lang, caption, told, "incidents", incidents_table).make()
    return _pending(lang, caption, told, "posts", posts_table).make()


def posts_table(lang: Language, told: Told) -> pd.DataFrame:
    """A row for each post and the total last."""
    rows = wording.post_rows(lang, told)
    index = pd.Index([row["post"] for row in rows], name=say(lang, "due_list.post"))
    columns = {
        wording.column_name(lang, told.found, name): [row[name] for row in rows] for name in wording.COLUMNS
    }  # fmt: skip
    return pd.DataFrame(columns, index=index)


def attention_table(lang: Language, told: Told) -> pd.DataFrame:
    """What came again, was sent back, left somebody dissatisfied, and hazards: a number and how it is counted."""
    rows = wording.attention_rows(lang, told)
    heads = wording.table_columns(lang, ("value", "of"))
    index = pd.Index([row["name"] for row in rows], name=say(lang, "due_list.col_item"))
    return pd.DataFrame({head: [row[name] for row in rows] for name, head in heads.items()}, index=index)


def incidents_table(lang: Language, told: Told) -> pd.DataFrame:
    """Each incident by its number."""
    return _each(lang, wording.incident_rows(lang, told), INCIDENT_COLUMNS)


def hazards_table(lang: Language, told: Told) -> pd.DataFrame:
    """Each open hazard by the numbers of its place and check."""
    return _each(lang, wording.hazard_rows(lang, told), HAZARD_COLUMNS)


def handed_table(lang: Language, told: Told) -> pd.DataFrame:
    """Each hazard that was handed over, by the same numbers, to which department and under which number."""
    return _each(lang, wording.handed_rows(lang, told), HANDED_COLUMNS)


def _each(lang: Language, rows: list[dict[str, str]], columns: tuple[str, ...]) -> pd.DataFrame:
    heads = wording.table_columns(lang, columns)
    index = pd.Index([row[columns[0]] for row in rows], name=heads[columns[0]])
    return pd.DataFrame({heads[name]: [row[name] for row in rows] for name in columns[1:]}, index=index)


def _pending(
    lang: Language, caption: CaptionMaker, told: Told, title: str, make: Callable[[Language, Told], pd.DataFrame]
) -> PendingExhibit:
    def with_notes() -> Caption:
        beside = caption()
        return replace(beside, lines=(*wording.notes(lang, told), *beside.lines))

    hint = wording.summary(lang, told)
    return pending_table(lang, f"due_list.title_{title}", with_notes, lambda: make(lang, told), hint=hint)
