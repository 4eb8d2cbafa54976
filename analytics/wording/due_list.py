"""The due list of a day in words: rows by post, what came again or was sent back, hazards, and, for those who may see
numbers, each incident and hazard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import cast

import pandas as pd

from analytics import tiers
from analytics.response.due_list import DUE, MARKS, REPEAT_DAYS, REPEATS, DueList
from analytics.response.hazards import OLD_DAYS, Hazards
from analytics.scoring import Assessment
from analytics.wording.areas import brief_names
from analytics.wording.closing import key_name
from analytics.wording.dates import day_near
from analytics.wording.numbers import NOTHING
from analytics.wording.response import post_of
from analytics.words import Language, say

COLUMNS = (*DUE, "undated", "open")


@dataclass(frozen=True, eq=False)
class Told:
    """The ``found`` list, the ``hazards`` beside it (None where nobody tells of any), and the last day of the ``run``
    whose tiers say which post answers."""

    run: Assessment
    found: DueList
    hazards: Hazards | None

    @cached_property
    def names(self) -> pd.Series:
        """As of :func:`brief_names`."""
        return brief_names(self.run)

    @cached_property
    def tier(self) -> dict[str, str]:
        """The tier of each area."""
        return dict(zip(self.run.areas.index, tiers.names(self.run.shown[-1]), strict=True))

    def post(self, lang: Language, area_id: str | None) -> str:
        """Who answers for an area, or that none is named, or that it is in none that is scored."""
        tier = self.tier.get(area_id) if area_id is not None else None
        if tier is None:
            return say(lang, "closing.no_area")
        return post_of(lang, self.run.scheme, tier) or say(lang, "response.no_post")

    def scored(self, area_id: str | None) -> str:
        """The id of an area that has a page of its own; nothing of another."""
        return area_id if area_id is not None and area_id in self.tier else ""

    def area(self, lang: Language, area_id: str | None) -> str:
        """What an area is called."""
        return say(lang, "closing.no_area") if area_id is None else str(self.names.get(area_id, area_id))


def moment_text(lang: Language, found: DueList) -> str:
    """As of when: 11月1日8:00, 8:00, 1 Nov."""
    at = found.moment
    return say(lang, "due_list.moment", day=day_near(lang, at.date(), found.day), time=f"{at.hour}:{at:%M}")


def column_name(lang: Language, found: DueList, name: str) -> str:
    """The head of one of `COLUMNS`."""
    return say(lang, f"due_list.{name}", until=day_near(lang, found.until, found.day))


def post_rows(lang: Language, told: Told) -> list[dict[str, object]]:
    """A row for each post: those of the scheme, hardest tier first, then areas without one, and those that are not
    scored, where there is anything; and at last all. Each with `COLUMNS` as numbers."""
    posts = {area: told.post(lang, area) for area in set(told.found.open["area_id"])}
    scheme, none = told.run.scheme, say(lang, "response.no_post")
    named = [post for tier in reversed(tiers.RANKED) if (post := post_of(lang, scheme, tier))]
    of_row = told.found.open["area_id"].map(lambda area: posts[area]).astype(object)
    rows: list[dict[str, object]] = []
    for post in dict.fromkeys([*named, none, say(lang, "closing.no_area")]):
        sums = told.found.sums(of_row == post)
        if post in named or sums["open"]:
            rows.append({"post": post, "total": False, **sums})
    return [*rows, {"post": say(lang, "closing.all"), "total": True, **told.found.sums()}]


def summary(lang: Language, told: Told) -> str:
    """All in one sentence."""
    if not told.found.told:
        return say(lang, "due_list.none_told")
    sums = told.found.sums()
    until = day_near(lang, told.found.until, told.found.day)
    return say(lang, "due_list.summary", moment=moment_text(lang, told.found), until=until, **sums)


def attention_rows(lang: Language, told: Told) -> list[dict[str, str]]:
    """What came again, was sent back, left somebody dissatisfied or was opened again, and hazards: a ``name``, a
    ``value`` (a dash where records do not tell) and what it is ``of``."""
    found = told.found
    sums, bad = found.sums(), int(found.dissatisfied["n"].sum())

    def row(name: str, value: int | None, of: str) -> dict[str, str]:
        return {"name": say(lang, f"due_list.{name}"), "value": NOTHING if value is None else f"{value:,}", "of": of}

    untold = say(lang, "due_list.of_untold")
    return [
        row(
            "repeated",
            sums["repeated"] if found.told else None,
            say(lang, "due_list.of_repeated", n=REPEATS, days=REPEAT_DAYS),
        ),
        row(
            "returned",
            sums["returned"] if found.returned_told else None,
            say(lang, "due_list.of_open") if found.returned_told else untold,
        ),
        row(
            "dissatisfied",
            bad if found.rated else None,
            say(lang, "due_list.of_rated", days=REPEAT_DAYS, n=found.rated) if found.rated else untold,
        ),
        row(
            "reopened",
            sums["reopened"] if found.reopened_told else None,
            say(lang, "due_list.of_reopened") if found.reopened_told else untold,
        ),
        row(
            "extended",
            sums["extended"] if found.extended_told else None,
            say(lang, "due_list.of_open") if found.extended_told else untold,
        ),
        hazards_row(lang, told.hazards),
    ]


def hazards_row(lang: Language, hazards: Hazards | None) -> dict[str, str]:
    """How many hazards are old, as a row of :func:`attention_rows`; None where nobody tells of any."""
    row = {"name": say(lang, "due_list.old_hazards", days=OLD_DAYS)}
    if hazards is None:
        return row | {"value": NOTHING, "of": say(lang, "due_list.of_no_findings")}
    counted = {"untold": hazards.untold, "late": hazards.late, "handed": hazards.handed_over}
    parts = [
        say(lang, f"due_list.hazards_{name}_unrecorded" if n is None else f"due_list.hazards_{name}", n=n)
        for name, n in counted.items()
    ]
    of = say(lang, "due_list.of_hazards", open=len(hazards.open), parts=parts, closed=hazards.closed, days=OLD_DAYS)
    return row | {"value": f"{hazards.old:,}", "of": of}


def notes(lang: Language, told: Told) -> list[str]:
    """What the figures are counted by, and what they leave out."""
    found = told.found
    said = [say(lang, "due_list.note_columns"), say(lang, "due_list.note_apart")]
    if found.unclosed:
        channels = [key_name(lang, "channel", channel, {}) for channel in found.unclosed]
        said.append(say(lang, "due_list.note_unclosed", channels=channels))
    if (found.day - found.begins).days < REPEAT_DAYS - 1:
        said.append(say(lang, "closing.note_begins", day=found.begins))
    if told.hazards:
        said.append(say(lang, "due_list.note_hazards"))
        if told.hazards.placeless:
            said.append(say(lang, "due_list.note_placeless", n=told.hazards.placeless))
    return said


# ---------------------------------------------------------------- for those who may see numbers


def incident_rows(lang: Language, told: Told) -> list[dict[str, str]]:
    """Each open incident that is overdue, due within the working days, or marked, by its due moment; then those that
    left somebody dissatisfied. None where numbers may not be told."""
    if not told.found.numbered:
        return []
    shown = told.found.open
    wanted = shown[["overdue", "within_days", *MARKS]].to_numpy(bool).any(axis=1)
    return [*_open_rows(lang, told, shown[wanted]), *_dissatisfied_rows(lang, told)]


def _open_rows(lang: Language, told: Told, rows: pd.DataFrame) -> Iterator[dict[str, str]]:
    today = told.found.moment.date()
    for row in rows.to_dict("records"):
        due = row["due"]
        marks = [say(lang, f"due_list.mark_{mark}") for mark in MARKS if row[mark]]
        if row["overdue"]:
            days = (today - due.date()).days
            marks = [say(lang, "tasks.overdue", n=days) if days else say(lang, "due_list.overdue_hours"), *marks]
        yield _incident(lang, told, row) | {
            "due": _due_text(lang, due, told.found.day),
            "state": say(lang, "due_list.separator").join(marks) or NOTHING,
            "overdue": "yes" if row["overdue"] else "",
        }


def _dissatisfied_rows(lang: Language, told: Told) -> Iterator[dict[str, str]]:
    for row in told.found.dissatisfied.to_dict("records"):
        yield _incident(lang, told, row) | {"due": NOTHING, "state": say(lang, "due_list.mark_dissatisfied"),
                                            "overdue": ""}  # fmt: skip


def _incident(lang: Language, told: Told, row: dict[str, object]) -> dict[str, str]:
    area_id = row["area_id"] if isinstance(row["area_id"], str) else None
    return {
        "number": number_text(lang, row["number"]),
        "area_id": told.scored(area_id),
        "area": told.area(lang, area_id),
        "kind": key_name(lang, "kind", row["kind"] if isinstance(row["kind"], str) else None, {}),
        "post": told.post(lang, area_id),
    }


def _due_text(lang: Language, due: pd.Timestamp, near: date) -> str:
    if due is pd.NaT:
        return NOTHING
    day = day_near(lang, due.date(), near)
    if due == due.normalize():
        return day
    return say(lang, "due_list.moment", day=day, time=f"{due.hour}:{due:%M}")


def hazard_rows(lang: Language, told: Told) -> list[dict[str, str]]:
    """Each open hazard, oldest first, with its deadline and how it stands. None where numbers may not be told."""
    if told.hazards is None or "check" not in told.hazards.open:
        return []
    return [
        _hazard(lang, told, row)
        | {
            "fix_by": NOTHING if row["fix_by"] is pd.NaT else day_near(lang, row["fix_by"].date(), told.found.day),
            "state": _hazard_state(lang, told.hazards, row, told.found.day),
            "pressing": "yes" if row["days"] > OLD_DAYS or row["late_days"] else "",
        }
        for row in told.hazards.open.to_dict("records")
    ]


def handed_rows(lang: Language, told: Told) -> list[dict[str, str]]:
    """Each hazard that was handed over, oldest first, with the department and the number. None where numbers may not be
    told."""
    if told.hazards is None or "number" not in told.hazards.handed:
        return []
    return [
        _hazard(lang, told, row)
        | {
            "department": number_text(lang, row["department"]),
            "handed_number": number_text(lang, row["number"]),
            "pressing": "",
        }
        for row in told.hazards.handed.to_dict("records")
    ]


def _hazard(lang: Language, told: Told, row: dict[str, object]) -> dict[str, str]:
    area_id = row["area_id"] if isinstance(row["area_id"], str) else None
    found = cast("pd.Timestamp", row["found"])
    return {
        "place": number_text(lang, row["place"]),
        "check": number_text(lang, row["check"]),
        "area_id": told.scored(area_id),
        "area": told.area(lang, area_id),
        "found": day_near(lang, found.date(), told.found.day),
        "days": f"{row['days']}",
        "post": told.post(lang, area_id),
    }


def _hazard_state(lang: Language, hazards: Hazards, row: dict[str, object], near: date) -> str:
    """How an open hazard stands, the most pressing first: past its deadline, found again, handed over by halves, and
    whether its party was told."""
    at, said = cast("pd.Timestamp", row["told"]), []
    if row["late_days"]:
        said.append(say(lang, "due_list.hazard_late", n=row["late_days"]))
    if row["again"]:
        said.append(say(lang, "due_list.hazard_again"))
    if row["half"]:
        said.append(say(lang, "due_list.hazard_half"))
    if at is not pd.NaT:
        said.append(say(lang, "due_list.hazard_told", day=day_near(lang, at.date(), near)))
    elif hazards.recorded["told_at"]:
        said.append(say(lang, "due_list.hazard_untold"))
    return say(lang, "due_list.separator").join(said) or NOTHING


def number_text(lang: Language, number: object) -> str:
    """A number that may be told, or that there is none."""
    return number if isinstance(number, str) else say(lang, "due_list.no_number")


def table_columns(lang: Language, names: Sequence[str]) -> dict[str, str]:
    """The heads of the columns of :func:`incident_rows`, :func:`hazard_rows` or :func:`handed_rows`."""
    return {name: say(lang, f"due_list.col_{name}") for name in names}
