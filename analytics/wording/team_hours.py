"""What each team did and its hours, and how many hours the duties ask for, in words."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analytics.response.duty_load import UntoldHolidays
from analytics.response.workload import MINUTES_AN_HOUR
from analytics.wording.areas import short_name
from analytics.wording.numbers import NOTHING
from analytics.words import Language, say


def team_rows(lang: Language, teams: pd.DataFrame, communities: Mapping[str, str]) -> list[dict[str, object]]:
    """The teams, those that did most first: checks done, hours used of those there are, and the
    community (of those that are named by their ids) that each is tied to."""
    ranked = teams.sort_values(["used", "name"], ascending=[False, True], kind="stable")
    return [
        {
            "name": row["name"],
            "department": row["department"] if isinstance(row["department"], str) else NOTHING,
            "lead": row["lead"] if isinstance(row["lead"], str) else "",
            "home": row["home"] if row["home"] in communities else "",
            "community": short_name(communities[row["home"]]) if row["home"] in communities else NOTHING,
            "checks": f"{int(row['checks'])}",
            "hours": _hours(lang, row["used"], row["hours"]),
            "wide": min(100.0, 100 * row["used"] / row["hours"]) if row["used"] >= 0 and row["hours"] > 0 else 0.0,
            "beyond": bool(row["used"] > row["hours"]),
        }
        for _, row in ranked.iterrows()
    ]


def _hours(lang: Language, used: float, hours: float) -> str:
    told = [NOTHING if np.isnan(one) else f"{one:.0f}" for one in (used, hours)]
    return say(lang, "response.teams_sum", used=told[0], hours=told[1])


def load_lines(
    lang: Language, load: pd.DataFrame, teams: pd.DataFrame | None, holidays: UntoldHolidays | None
) -> list[str]:
    """What the duties ask for in a week, in hours: its change on four weeks ago, over the areas of which both are
    known, beside the hours that the teams have; of how many areas it is not known, and what is not in it
    for holidays that are not."""
    if load["now"].isna().all():
        return []
    hours = load / MINUTES_AN_HOUR
    said = say(lang, "response.load", hours=f"{hours['now'].sum():.0f}")
    both = hours.dropna()
    if len(both):
        by = round(float(both["now"].sum() - both["before"].sum()))
        way = "more" if by > 0 else "fewer" if by < 0 else "same"
        said += say(lang, f"response.load_{way}", by=abs(by))
    if teams is not None and teams["hours"].notna().any():
        left = round(float(teams["hours"].sum() - hours["now"].sum()))
        there = f"{teams['hours'].sum():.0f}"
        said += say(lang, "response.load_left" if left >= 0 else "response.load_short", there=there, by=abs(left))
    lines = [said + say(lang, "response.sentence_end").strip()]
    if untold := int(load["now"].isna().sum()):
        lines.append(say(lang, "response.load_untold", n=untold))
    return [*lines, *holiday_lines(lang, holidays)]


def holiday_lines(lang: Language, untold: UntoldHolidays | None) -> list[str]:
    """That what is due before holidays that are not known is not counted."""
    if untold is None:
        return []
    form = "load_holidays" if untold.until else "load_no_holidays"
    return [say(lang, f"response.{form}", until=untold.until)]
