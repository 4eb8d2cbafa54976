"""The list of assignments in words: its rows, what a step will do, and what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analytics.access import Actor
from analytics.response.tasks import Assignment, MeetingList
from analytics.store.assignments import WITHOUT_TEXT
from analytics.store.ledger_entries import SOURCES, AssignmentEntry, AssignmentStep, StepEntry
from analytics.wording.dates import day_near, short_day
from analytics.wording.numbers import NOTHING
from analytics.wording.people import by_whom
from analytics.words import Language, Phrase, phrase, say


def task_rows(lang: Language, assignments: Sequence[Assignment], areas: Mapping[str, str]) -> list[dict[str, object]]:
    """What a list says of each; ``areas``: what they are called, by id. ``late``: it is overdue, or was more than
    once."""
    return [
        {
            "number": one.entry.number,
            "source": say(lang, f"tasks.source_{one.entry.source}"),
            "content": content(lang, one.entry, areas),
            "post": one.entry.post,
            "assigned": day_near(lang, one.entry.assigned, one.day),
            "due": due_text(lang, one),
            "progress": one.evidence or one.progress or NOTHING,
            "state": state_text(lang, one),
            "hands": hands(lang, one) or NOTHING,
            "late": one.overdue or one.late_twice,
        }
        for one in assignments
    ]


def content(lang: Language, entry: AssignmentEntry, areas: Mapping[str, str]) -> str:
    """What is to be done, with the area where it is of one; an area that is gone by its code."""
    if entry.area_id is None:
        return entry.content
    return say(lang, "tasks.of_area", content=entry.content, area=areas.get(entry.area_id, entry.area_id))


def state_text(lang: Language, one: Assignment) -> str:
    """Where it stands, for how long it is overdue, and how often it was."""
    state = say(lang, f"tasks.state_{one.state}")
    late = [say(lang, "tasks.overdue", n=one.days_overdue)] if one.overdue else []
    if one.missed and not (one.overdue and one.missed == 1):
        times = {1: "once", 2: "twice"}.get(one.missed, "more")
        late.append(say(lang, f"tasks.missed_{times}", n=one.missed))
    said = late[0] if len(late) == 1 else say(lang, "tasks.late_with", first=late[0], second=late[1]) if late else ""
    return say(lang, "tasks.state_with", state=state, late=said) if said else state


def due_text(lang: Language, one: Assignment) -> str:
    """The due day in force, those before it, and the one that is asked for."""
    due = day_near(lang, one.due, one.day)
    if len(one.dues) > 1:
        earlier = [day_near(lang, day, one.day) for day in one.dues[:-1]]
        due = say(lang, "tasks.due_was", due=due, earlier=earlier)
    if one.asked_due:
        return say(lang, "tasks.due_asked", due=due, asked=day_near(lang, one.asked_due, one.day))
    return due


def hands(lang: Language, one: Assignment) -> str:
    """Who reported it as done, and who checked; nothing where nobody has yet."""
    steps = {step.step: step for step in one.steps}
    told = []
    if one.done:
        told.append(say(lang, "tasks.hand_done", by=_hand(lang, steps["report"])))
    if one.signed_off:
        told.append(say(lang, "tasks.hand_checked", by=_hand(lang, one.signed_off)))
    return say(lang, "tasks.separator").join(told)


def progress_on_paper(lang: Language, one: Assignment) -> str:
    """How it goes on, or that it is done; where it is signed off also by which post or role, and no person."""
    told = one.evidence or one.progress or NOTHING
    if one.signed_off is None:
        return told
    by = one.signed_off.post or say(lang, f"access.role_{one.signed_off.role}")
    return say(lang, "tasks.separator").join((told, say(lang, "tasks.hand_checked", by=by)))


def _hand(lang: Language, step: StepEntry) -> str:
    by = by_whom(lang, step.who, step.role)
    return say(lang, "tasks.by_post", post=step.post, by=by) if step.post else by


def history(lang: Language, one: Assignment) -> list[str]:
    """Every step, the oldest first: when, what, and by whom."""
    entry = one.entry
    due, by = day_near(lang, entry.due, one.day), by_whom(lang, entry.who, entry.role)
    first = say(lang, "tasks.history_assign", day=day_near(lang, entry.assigned, one.day), due=due, by=by)
    return [first, *(_step_line(lang, one, step) for step in one.steps)]


def _step_line(lang: Language, one: Assignment, step: StepEntry) -> str:
    what = say(lang, f"tasks.step_{step.step}")
    if step.due:
        what = say(lang, "tasks.history_due", step=what, due=day_near(lang, step.due, one.day))
    told = {"day": day_near(lang, step.day, one.day), "step": what, "by": _hand(lang, step)}
    if step.text:
        return say(lang, "tasks.history_text", **told, text=step.text)
    return say(lang, "tasks.history_step", **told)


def task_lines(lang: Language, assignments: Sequence[Assignment], areas: Mapping[str, str]) -> list[str]:
    """A line for each, for a shell."""
    return [say(lang, "tasks.line", **row) for row in task_rows(lang, assignments, areas)]


def named(lang: Language, entry: AssignmentEntry) -> str:
    """An assignment in a box to choose from."""
    return say(lang, "tasks.named", number=entry.number, content=entry.content)


def sources(lang: Language) -> dict[str, str]:
    """What an assignment may come from, the usual one first."""
    return {source: say(lang, f"tasks.source_{source}") for source in SOURCES}


def field(lang: Language, step: AssignmentStep) -> str:
    """What is asked for with a step; nothing where nothing is."""
    return "" if step in WITHOUT_TEXT else say(lang, f"tasks.field_{step}")


def assignment_plan(lang: Language, entry: AssignmentEntry, areas: Mapping[str, str]) -> tuple[str, ...]:
    """What will be entered."""
    source = say(lang, f"tasks.source_{entry.source}")
    return (
        say(lang, "tasks.plan_assign", number=entry.number, content=content(lang, entry, areas)),
        say(lang, "tasks.plan_due", post=entry.post, n=entry.working_days, due=entry.due, source=source),
        say(lang, "tasks.kept"),
    )


def step_plan(lang: Language, one: Assignment, step: StepEntry, actor: Actor) -> tuple[str, ...]:
    """What a step will do, and what it leaves as it is."""
    told = {
        "number": one.entry.number,
        "step": say(lang, f"tasks.step_{step.step}"),
        "content": one.entry.content,
        "due": one.due,
        "asked": step.due or one.asked_due,
        "evidence": one.evidence,
    }
    lines = [say(lang, "tasks.plan_step", **told)]
    if step.text:
        lines.append(say(lang, "tasks.plan_text", field=field(lang, step.step), text=step.text))
    if step.step != "progress":
        lines.append(say(lang, f"tasks.plan_{step.step}", **told))
    if step.post:
        lines.append(say(lang, "tasks.plan_hand", post=step.post, by=by_whom(lang, actor.name, actor.role)))
    return (*lines, say(lang, "tasks.kept"))


def assigned(entry: AssignmentEntry) -> Phrase:
    """That it was entered."""
    return phrase("tasks.done_assign", number=entry.number, due=entry.due)


def step_taken(number: int, step: AssignmentStep) -> Phrase:
    """That a step of an assignment was taken."""
    return phrase("tasks.done_step", number=number, step=phrase(f"tasks.did_{step}"))


def meeting_summary(lang: Language, listed: MeetingList) -> str:
    """How many came in for a meeting and where they stand, in numbers that add up; and how many are new."""
    span = {name: short_day(lang, getattr(listed, name)) for name in ("first", "last", "day")}
    counts = listed.counts
    said = [say(lang, f"tasks.paper_{'summary' if listed.before else 'none'}", **span, **counts)]
    if listed.new:
        said.append(say(lang, "tasks.paper_new", n=len(listed.new)))
    return ("" if lang == "zh" else " ").join(said)


def as_of_ledger(lang: Language, listed: MeetingList) -> str:
    """As of which day the list on a paper is."""
    return say(lang, "tasks.paper_as_of", day=listed.day)
