"""The tables of a building sweep: its lines, what is left, who goes where on which day, and whom to check again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from analytics.exhibits.exhibit import Exhibit, PendingExhibit
from analytics.response.sweep import REASONS, SweepState
from analytics.response.sweep_plan import SweepPlan
from analytics.wording import sweep as wording
from analytics.wording.dates import cut_off, short_day
from analytics.words import Language, say

_LINES = ("to_do", "called", "met", "recorded", "share", "left")


@dataclass(frozen=True, eq=False)
class SweepNames:
    """What areas, the communities that they lie in (by the area's id) and teams are called; ``source``: where the
    records come from."""

    areas: Mapping[str, str]
    communities: Mapping[str, str]
    teams: Mapping[str, str]
    source: str


def lines_exhibit(lang: Language, state: SweepState, names: SweepNames) -> PendingExhibit:
    """:func:`lines_table` with what stands beside it."""
    return _pending(lang, "sweep.file_lines", state, names, lambda: lines_table(lang, state, names))


def missing_exhibit(lang: Language, state: SweepState, names: SweepNames, *, records: bool) -> PendingExhibit:
    """:func:`missing_table` with what stands beside it."""
    return _pending(
        lang, "sweep.file_missing", state, names, lambda: missing_table(lang, state, names, records=records)
    )


def written_off_exhibit(lang: Language, state: SweepState, names: SweepNames, *, records: bool) -> PendingExhibit:
    """:func:`written_off_table` with what stands beside it."""
    return _pending(
        lang, "sweep.file_written_off", state, names, lambda: written_off_table(lang, state, names, records=records)
    )


def plan_exhibit(
    lang: Language, state: SweepState, plan: Callable[[], SweepPlan], names: SweepNames, *, records: bool
) -> PendingExhibit:
    """:func:`plan_table` of a plan that is made when it is asked for, with what stands beside it."""
    return _pending(lang, "sweep.file_plan", state, names, lambda: plan_table(lang, plan(), names, records=records))


def teams_exhibit(
    lang: Language, state: SweepState, plan: Callable[[], SweepPlan], names: SweepNames
) -> PendingExhibit:
    """:func:`teams_table` of a plan that is made when it is asked for, with what stands beside it."""
    return _pending(lang, "sweep.file_teams", state, names, lambda: teams_table(lang, state, plan(), names))


def sample_exhibit(lang: Language, state: SweepState, sample: pd.DataFrame, names: SweepNames) -> PendingExhibit:
    """:func:`sample_table` with what stands beside it."""
    return _pending(lang, "sweep.file_sample", state, names, lambda: sample_table(lang, sample, names))


def lines_table(lang: Language, state: SweepState, names: SweepNames) -> pd.DataFrame:
    """The lines of the whole sweep, and of each area below; none of them is a sum of lines."""
    rows = []
    whole = say(lang, "sweep.title")
    for area_id, called in [(None, whole), *((area, names.areas.get(area, area)) for area in state.campaign.areas)]:
        for row in wording.line_rows(lang, state.lines(area_id)):
            rows.append({"area": called, "line": row["line"], **{key: row[key] for key in _TABLE}})
    return _named(lang, pd.DataFrame(rows).set_index("area"), "area")


def missing_table(lang: Language, state: SweepState, names: SweepNames, *, records: bool) -> pd.DataFrame:
    """What is left by place and reason, for those who may see ``records``; for others by area and kind alone: how many
    did not agree in one area is nobody else's."""
    left = wording.left_by_place(state).reset_index()
    if not records:
        left = left.groupby(["area_id", "kind"], sort=False)[["left", *REASONS]].sum().reset_index()
    made = pd.DataFrame(
        {
            **({"place": left["place_id"]} if records else {}),
            "area": left["area_id"].map(names.areas).fillna(left["area_id"]),
            "kind": left["kind"].map(lambda kind: wording.kind_text(lang, kind)),
            "left": left["left"],
            **({f"reason_{reason}": left[reason] for reason in REASONS} if records else {}),
        }
    )
    return _named(lang, made.set_index("place" if records else "area"), "place" if records else "area")


def written_off_table(lang: Language, state: SweepState, names: SweepNames, *, records: bool) -> pd.DataFrame:
    """What left what is to do, by place and why, for those who may see ``records``; for others by area and kind."""
    off = wording.written_off_by_place(state).reset_index()
    if not records:
        keys = ["area_id", "kind", "why"]
        off = off.groupby(keys, sort=False)["number"].sum(min_count=1).reset_index()
    made = pd.DataFrame(
        {
            **({"place": off["place_id"]} if records else {}),
            "area": off["area_id"].map(names.areas).fillna(off["area_id"]),
            "kind": off["kind"].map(lambda kind: wording.kind_text(lang, kind)),
            "written_off": [wording.number_text(None if number != number else int(number)) for number in off["number"]],
            "reason": [say(lang, f"sweep.reason_{why}") for why in off["why"]],
        }
    )
    return _named(lang, made.set_index("place" if records else "area"), "place" if records else "area")


def plan_table(lang: Language, plan: SweepPlan, names: SweepNames, *, records: bool) -> pd.DataFrame:
    """How many calls a pair makes on a day: by place for those who may see ``records``, for others by area."""
    keys = ["day", "pair", "area_id", *(["place_id"] if records else []), "kind", "call"]
    tasks = plan.tasks.groupby(keys, sort=False)["calls"].sum().reset_index()
    made = pd.DataFrame(
        {
            "day": tasks["day"].map(lambda day: short_day(lang, day)),
            "pair": tasks["pair"].map(lambda pair: wording.pair_text(lang, pair, names.teams)),
            "area": tasks["area_id"].map(names.areas).fillna(tasks["area_id"]),
            **({"place": tasks["place_id"]} if records else {}),
            "kind": tasks["kind"].map(lambda kind: wording.kind_text(lang, kind)),
            "call": tasks["call"],
            "calls": tasks["calls"],
        }
    )
    return _named(lang, made.set_index("day"), "day")


def teams_table(lang: Language, state: SweepState, plan: SweepPlan, names: SweepNames) -> pd.DataFrame:
    """Which team is in which community, in how many pairs, with how many pair-hours, and the post that answers."""
    rows = team_rows(lang, state, plan, names)
    columns = ["community", "team", "pairs", "hours", "post"]
    return _named(lang, pd.DataFrame(rows, columns=columns).set_index("community"), "community")


def team_rows(lang: Language, state: SweepState, plan: SweepPlan, names: SweepNames) -> list[dict[str, str]]:
    """The same as rows of text, community by community."""
    held = plan.held.assign(community=plan.held["area_id"].map(names.communities).fillna(plan.held["area_id"]))
    order = list(dict.fromkeys(names.communities.get(area, area) for area in state.campaign.areas))
    held = held.sort_values("community", key=lambda column: column.map(order.index), kind="stable")
    by = held.groupby(["community", "team"], sort=False)
    return [
        {
            "community": community,
            "team": names.teams.get(team, team),
            "pairs": str(several["pair"].nunique()),
            "hours": wording.hours_text(float(several["hours"].sum())),
            "post": wording.post_text(lang, state.campaign, team),
        }
        for (community, team), several in by
    ]


def sample_table(lang: Language, sample: pd.DataFrame, names: SweepNames) -> pd.DataFrame:
    """The households to be looked at again, by building and number, and the team that does it."""
    made = pd.DataFrame(
        {
            "place": sample["place_id"],
            "area": sample["area_id"].map(names.areas).fillna(sample["area_id"]),
            "number": sample["number"],
            "check_team": sample["team_id"],
            "result": "",
        }
    )
    return _named(lang, made.set_index("place"), "place")


_TABLE = ("registered", "more_found", "written_off", *_LINES)


def _named(lang: Language, table: pd.DataFrame, index: str) -> pd.DataFrame:
    def word(column: str) -> str:
        return say(lang, f"sweep.{column}" if column.startswith("reason_") else f"sweep.col_{column}")

    return table.rename(columns=word).rename_axis(word(index))


def _pending(
    lang: Language, title: str, state: SweepState, names: SweepNames, make: Callable[[], pd.DataFrame]
) -> PendingExhibit:
    said = say(lang, title)

    def exhibit() -> Exhibit:
        about = (cut_off(lang, state.day), say(lang, "sweep.never_added"), names.source)
        hint = wording.head_text(lang, state)
        return Exhibit(lang, said, hint, tuple(line for line in about if line), make(), day=state.day)

    return PendingExhibit(said, exhibit)
