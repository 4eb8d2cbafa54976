"""What the paper of a meeting says beside the release: what was due and done, what falls due, what is to be decided.

Tiers are those of the release; the rest is counted from the records of now and not part of what was frozen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from analytics.office import WEEK_DAYS
from analytics.response.deployment import Deployment
from analytics.response.hazards import Hazards
from analytics.response.tasks import MeetingList
from analytics.scoring import Assessment
from analytics.wording import meeting as wording
from analytics.wording.dates import day_near, short_day
from analytics.wording.due_list import COLUMNS, moment_text, post_rows
from analytics.wording.due_list import Told as DueTold
from analytics.wording.meeting import Point
from analytics.wording.response import Told
from analytics.words import Language, say


@dataclass(frozen=True)
class OverdueRow:
    """An incident that is overdue, in words; ``n``: of several that are alike and have no number."""

    number: str
    area: str
    kind: str
    days: str
    n: int


@dataclass(frozen=True)
class DueTable:
    """Incidents by the post that answers and by when they are due: ``title``, ``head`` and ``rows`` of a table, the
    last for all; ``attention`` says what came again; how many are ``overdue``; and ``each`` of them, None
    where numbers do not leave the office."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    attention: str
    overdue: int
    each: tuple[OverdueRow, ...] | None


@dataclass(frozen=True)
class Meeting:
    """What is told beside the release in one language. ``days``: first and last of the week that is told; ``week``:
    sentences on its work; ``behind``: one for each red and orange area that is not on target; ``due``: None where no
    incidents are known; ``points`` to decide; ``untold``: what could not
    be looked for; ``as_of``: by which records."""

    days: tuple[str, str]
    week: tuple[str, ...]
    due: DueTable | None
    points: tuple[Point, ...]
    untold: str
    as_of: str
    behind: tuple[str, ...] = ()

    @property
    def numbered(self) -> bool:
        """Whether it holds numbers of incidents."""
        return self.due is not None and self.due.each is not None


@dataclass(frozen=True, eq=False)
class MeetingFigures:
    """What is counted for a meeting: what was due and done (``work``, with the ``load`` sentences), what falls ``due``
    (None where no incidents are known), ``hazards`` (None where nobody tells of any) and the ``plan`` of teams (None
    where hours are not known)."""

    work: Told
    load: tuple[str, ...]
    due: DueTold | None
    hazards: Hazards | None
    plan: Deployment | None


def meeting_of(
    lang: Language, figures: MeetingFigures | None, run: Assessment, listed: MeetingList | None, today: date
) -> Meeting:
    """The paper's part of ``figures``, None where the records of now are not of the areas of the release; ``run`` is
    the last day of the release, ``listed`` the assignments of the meeting."""
    as_of, last = say(lang, "meeting.as_of", day=today), run.days[-1].date()
    days = (short_day(lang, last - timedelta(days=WEEK_DAYS - 1)), short_day(lang, last))
    if figures is None:
        points = wording.points(lang, None, None, None, listed, run)
        return Meeting(days, (say(lang, "meeting.no_records"),), None, tuple(points), "", as_of)
    points = wording.points(lang, figures.work, figures.hazards, figures.plan, listed, run)
    return Meeting(
        days=days,
        week=tuple(wording.week_lines(lang, figures.work, figures.hazards, figures.load)),
        behind=tuple(wording.behind_lines(lang, figures.work)),
        due=_due(lang, figures.due) if figures.due else None,
        points=tuple(points),
        untold="" if figures.plan else say(lang, "meeting.no_hours"),
        as_of=as_of,
    )


def _due(lang: Language, told: DueTold) -> DueTable:
    found = told.found
    until = day_near(lang, found.until, found.day)
    rows = post_rows(lang, told)
    return DueTable(
        title=say(lang, "meeting.due_caption", moment=moment_text(lang, found), until=until),
        head=tuple(say(lang, f"meeting.col_{name}") for name in ("post", *COLUMNS)),
        rows=tuple((str(row["post"]), *(f"{row[name]:,}" for name in COLUMNS)) for row in rows),
        attention=wording.attention(lang, found),
        overdue=found.sums()["overdue"],
        each=tuple(OverdueRow(**row) for row in wording.overdue_rows(lang, told)) if found.numbered else None,
    )
